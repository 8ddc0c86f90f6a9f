from __future__ import annotations

import pytest

from shinro.definitions.grammar import formula
from shinro.definitions.printing import text
from shinro.definitions.project import Project, read_project
from shinro.definitions.tree import (
    below,
    circles,
    drivers,
    explained_by,
    factors,
    identities,
    influenced_by,
    is_previous,
    measured_from,
    read_from,
    reads,
    telescopes,
    tied,
)

STORY = """
metrics:
  leads: {count: leads}
  calls: {count: contacts}
  replies: {count: contacts}
  meetings: {count: contacts}
  won: {count: deals}
  idle: {count: others}
  calls_per_lead: {ratio: calls / leads}
  reply_rate: {ratio: replies / calls}
  appointment_rate: {ratio: meetings / replies}
  win_rate: {ratio: won / meetings}
  all_leads: {cumulative: leads}
  lead_to_won: {conversion: leads, to: won, within: 30 days}
  done_rate: {conversion: onboarding, to: {table: onboarding, at: done}, within: 30 days}
  revenue: {recurring: subs}
  half: {derived: won * 0.5}
north_star:
  metric: meetings
  guardrail: win_rate
  outcomes: [revenue.mrr]
tree:
  meetings: leads * calls_per_lead * reply_rate * appointment_rate
  revenue.mrr: revenue.companies * revenue.arpa
  revenue.companies: previous + revenue.new_companies - previous(revenue.churned_companies)
influences:
  - {from: meetings, to: won}
  - {from: done_rate, to: revenue.arpa}
  - {from: reply_rate, to: won}
"""


@pytest.fixture(scope="module")
def project() -> Project:
    return of(STORY)


def of(story: str) -> Project:
    found, problems = read_project(story, "shinro.yaml")
    assert problems == ()
    return found


@pytest.mark.parametrize(
    ("written", "names"),
    [
        ("a * b / a", ("a", "b")),
        ("previous + a - b.c", ("a", "b.c")),
        ("previous(a) + b", ("b",)),
        ("previous(a) + a", ("a",)),
        ("3 * 5%", ()),
    ],
)
def test_the_drivers_of_a_formula_are_its_metrics_of_this_period(written: str, names: tuple[str, ...]) -> None:
    assert drivers(formula(written)) == names


@pytest.mark.parametrize(("written", "names"), [("previous + a", ("a",)), ("previous(a) + b", ("a", "b")), ("1", ())])
def test_a_formula_reads_the_metrics_of_earlier_periods_as_well(written: str, names: tuple[str, ...]) -> None:
    assert reads(formula(written)) == names


def test_previous_is_a_word_or_a_call() -> None:
    assert [is_previous(formula(written)) for written in ("previous", "previous(a)", "a", "3")] == [
        True,
        True,
        False,
        False,
    ]


def test_what_is_measured_from_what(project: Project) -> None:
    edges = measured_from(project)
    assert edges["reply_rate"] == ("replies", "calls")
    assert edges["all_leads"] == ("leads",)
    assert edges["lead_to_won"] == ("leads", "won")
    assert edges["done_rate"] == edges["leads"] == edges["revenue"] == ()
    assert edges["half"] == ("won",)


def test_what_is_read_from_what_may_go_round() -> None:
    story = "metrics:\n  a: {derived: previous(b) + 1 + previous}\n  b: {derived: a * 2}\n  c: {count: t}\n"
    edges = read_from(of(story))
    assert (edges["a"], edges["b"], edges["c"]) == (("b",), ("a",), ())
    assert measured_from(of(story))["a"] == ()


def test_what_is_explained_by_what_and_believed_to_move_what(project: Project) -> None:
    assert explained_by(project)["revenue.companies"] == ("revenue.new_companies",)
    assert influenced_by(project)["won"] == ("meetings", "reply_rate")
    assert "meetings" in identities(project)


def test_below_is_everything_downwards_once(project: Project) -> None:
    graph = {"a": ("b", "c"), "b": ("c", "a"), "c": ()}
    assert below(["a"], graph) == {"a", "b", "c"}
    assert below(["c"], graph) == {"c"}
    assert below([], explained_by(project)) == frozenset()


def test_tied_is_what_reaches_the_star_or_meets_it_at_an_outcome(project: Project) -> None:
    found = tied(project)
    assert {"meetings", "leads", "calls", "replies", "reply_rate", "won", "win_rate", "done_rate"} <= found
    assert {"revenue.mrr", "revenue.arpa", "revenue.new_companies"} <= found
    assert "idle" not in found


def test_without_one_star_nothing_is_tied() -> None:
    assert tied(of("metrics:\n  a: {count: t}\n")) == frozenset()
    assert "idle" not in tied(of(STORY.replace("  guardrail: win_rate\n", "")))


@pytest.mark.parametrize(
    ("graph", "found"),
    [
        ({"a": ("b",), "b": ()}, []),
        ({"a": ("a",)}, [("a", "a")]),
        ({"a": ("b",), "b": ("c",), "c": ("a",)}, [("a", "b", "c", "a")]),
        ({"a": ("b", "c"), "b": ("d",), "c": ("d",), "d": ()}, []),
        ({"x": ("a",), "a": ("b",), "b": ("a",)}, [("a", "b", "a")]),
        ({"a": ("a", "b"), "b": ("b",)}, [("a", "a"), ("b", "b")]),
    ],
)
def test_circles_are_found_once(graph: dict[str, tuple[str, ...]], found: list[tuple[str, ...]]) -> None:
    assert circles(graph) == found


@pytest.mark.parametrize(
    ("written", "parts"),
    [
        ("a * b / c", [("a", 1), ("b", 1), ("c", -1)]),
        ("a / (b / c)", [("a", 1), ("b", -1), ("c", 1)]),
        ("2 * a", [("2", 1), ("a", 1)]),
        ("previous(a) * b", [("previous(a)", 1), ("b", 1)]),
        ("a + b", None),
        ("a * (b + c)", None),
        ("(a - b) * c", None),
        ("-a * b", None),
    ],
)
def test_the_factors_of_a_product(written: str, parts: list[tuple[str, int]] | None) -> None:
    found = factors(formula(written))
    printed = None if found is None else [(text(node), power) for node, power in found]
    assert printed == parts


@pytest.mark.parametrize(
    ("tree", "holds"),
    [
        ("meetings: leads * calls_per_lead * reply_rate * appointment_rate", True),
        ("meetings: calls * reply_rate * appointment_rate", True),
        ("win_rate: won / meetings", True),
        ("meetings: leads * reply_rate", False),
        ("meetings: 2 * calls * reply_rate * appointment_rate * 0.5", False),
        ("meetings: previous(calls) * reply_rate * appointment_rate", False),
        ("meetings: leads + calls", False),
        ("revenue.mrr: revenue.companies * revenue.arpa", False),
        ("won: won", True),
    ],
)
def test_an_identity_of_rates_that_cancels_proves_nothing(tree: str, holds: bool) -> None:
    story = STORY.partition("tree:")[0] + f"tree:\n  {tree}\n"
    assert telescopes(of(story), tree.partition(":")[0]) is holds


def test_a_metric_without_an_identity_does_not_telescope(project: Project) -> None:
    assert not telescopes(project, "idle")
