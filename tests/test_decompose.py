"""Decompose: known splits, each with where its numbers come from."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from shinro.analysis.decompose import Reader, Tree, decompose, reader
from shinro.definitions.grammar import formula
from shinro.findings.gaps import Decomposition, Kind, Off, Why

Numbers = Mapping[str, str | None]


def split(tree: dict[str, str], root: str, before: Numbers, after: Numbers, *, unroll: int = 0) -> Decomposition:
    """The change of the root, numbers as texts."""
    formulas = {name: formula(text) for name, text in tree.items()}
    return decompose(Tree(formulas), root, read(before), read(after), unroll=unroll)


def read(numbers: Numbers) -> Reader:
    """Numbers by name; a name with `@2` after it is read two periods back."""
    found = {name: Fraction(n) if n else None for name, n in numbers.items()}
    earlier = {(name.split("@")[0], int(name.split("@")[1])): n for name, n in found.items() if "@" in name}
    return reader(found, earlier)


def brought(found: Decomposition) -> dict[str, str]:
    """Contributions by leaf."""
    return {leaf.name: str(leaf.contribution) for leaf in found.leaves}


def test_calls_replies_appointments() -> None:
    """Two drivers that offset one another and one that did not move: 100 -> 55."""
    found = split(
        {"meetings": "calls * reply_rate * appointment_rate"},
        "meetings",
        {"calls": "1000", "reply_rate": "1/5", "appointment_rate": "1/2"},
        {"calls": "1000", "reply_rate": "1/10", "appointment_rate": "11/20"},
    )
    assert brought(found) == {"calls": "0", "reply_rate": "-105/2", "appointment_rate": "15/2"}
    assert found.change == -45


def test_a_plan_that_does_not_add_up_is_a_line_of_its_own() -> None:
    """The plan says 35; what it says of the drivers gives 30."""
    found = split(
        {"meetings": "calls * reply_rate * appointment_rate"},
        "meetings",
        {"meetings": "35", "calls": "1000", "reply_rate": "1/10", "appointment_rate": "3/10"},
        {"calls": "900", "reply_rate": "1/10", "appointment_rate": "1/4"},
    )
    assert brought(found) == {"calls": "-11/4", "reply_rate": "0", "appointment_rate": "-19/4"}
    (line,) = found.off
    assert line == Off("meetings", stated=Fraction(35), computed=Fraction(30), contribution=Fraction(-5), after=False)
    assert found.change == Fraction("-12.5")


def test_a_missing_leaf_stops_at_its_nearest_known_ancestor() -> None:
    found = split(
        {"deals": "from_leads + from_partners", "from_leads": "leads * win_rate"},
        "deals",
        {"from_leads": "20", "leads": "100", "from_partners": "10"},
        {"leads": "120", "win_rate": "1/4", "from_partners": "12"},
    )
    assert brought(found) == {"from_leads": "10", "from_partners": "2"}
    assert [leaf.why for leaf in found.leaves] == [Why.BELOW, None]
    assert [(each.name, each.why, each.after, each.stopped_at) for each in found.missing] == [
        ("win_rate", Why.MISSING, False, "from_leads")
    ]
    below = {part.name: (part.contribution, part.why) for part in found.parts()}
    assert (below["leads"], below["win_rate"]) == ((None, Why.ABOVE), (None, Why.MISSING))


def test_a_stock_moves_by_its_flows() -> None:
    found = split(
        {"companies": "previous + new - churned"},
        "companies",
        {"companies": "12", "companies@1": "10", "new": "3", "churned": "1"},
        {"companies": "13", "companies@1": "12", "new": "2", "churned": "1"},
    )
    assert [(leaf.name, leaf.kind, str(leaf.contribution)) for leaf in found.leaves] == [
        ("companies", Kind.PREVIOUS, "2"),
        ("new", Kind.METRIC, "-1"),
        ("churned", Kind.METRIC, "0"),
    ]
