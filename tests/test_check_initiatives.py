from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from checking import facts_of
from judging import BILLING, problems, with_series
from shinro.checks.initiatives import RULES

HEAD = (
    BILLING + "  calls: {count: leads, kind: activity}\n  reply_rate: {ratio: leads / calls}\n  views: {count: leads}\n"
)


@pytest.mark.parametrize(
    ("written", "case"),
    [
        ("{name: 展示会出展, on: 2026-07-08}", "both"),
        ("{name: 展示会出展, moves: leads}", "expect"),
        ("{name: 展示会出展, expect: +80}", "moves"),
        ("{name: 展示会出展, moves: leads, expect: +80}", None),
    ],
)
def test_an_initiative_names_what_it_moves_and_by_how_much(written: str, case: str | None) -> None:
    found = problems(RULES, facts_of(f"{HEAD}initiatives: [{written}]\n"), "I501")
    assert [each.args["case"] for each in found] == [case] * bool(case)


@pytest.mark.parametrize(
    ("moved", "serves"),
    [
        ("leads", True),  # a KPI
        ("calls", True),  # drives one
        ("reply_rate", True),  # the star
        ("revenue.churn_rate", True),  # an outcome
        ("revenue.mrr", True),  # promised
        ("views", False),
        ("nowhere", True),  # another rule says that it is not defined
    ],
)
def test_what_is_moved_matters(moved: str, serves: bool) -> None:
    text = HEAD + (
        "north_star: {metric: reply_rate, outcomes: revenue.churn_rate}\n"
        "kpis: {leads: {}}\n"
        "milestones: [{by: +6 months, reach: revenue.mrr >= 1}]\n"
        f"initiatives: [{{name: a, moves: {moved}, expect: +1}}]\n"
    )
    found = problems(RULES, facts_of(text), "I502")
    assert [each.args["case"] for each in found] == ([] if serves else ["serves"])


def behind(kpi: str, target: str, initiatives: str = "[]", values: tuple[int | None, ...] = (8, 9)) -> list[object]:
    text = f"{HEAD}kpis: {{leads: {kpi}}}\ntargets: {target}\ninitiatives: {initiatives}\n"
    facts = replace(with_series(text, leads=values), as_of=date(2026, 3, 5))
    return [each.args["case"] for each in problems(RULES, facts, "I502")]


@pytest.mark.parametrize(
    ("kpi", "target", "said"),
    [
        ("{cadence: monthly}", "{leads: 10}", True),
        ("{}", "{leads: 10}", True),
        ("{cadence: weekly}", "{leads: {level: 10, per: month}}", True),
        ("{cadence: weekly}", "{leads: 10 per month}", True),
        ("{cadence: weekly}", "{leads: 10}", False),  # no series by week
        ("{cadence: monthly}", "{leads: 9}", False),
        ("{cadence: monthly}", "{leads: 9.4}", False),  # within 5 %: on course
        ("{cadence: monthly, better: lower}", "{leads: 10}", False),
        ("{cadence: monthly, better: lower}", "{leads: 8}", True),
        ("{cadence: monthly, better: none}", "{leads: 10}", False),
        ("{cadence: monthly}", "{}", False),
        ("{cadence: monthly}", "{leads: {steps: {2026-04-01: 10}}}", False),  # not yet
    ],
)
def test_a_kpi_behind_its_target_has_an_initiative(kpi: str, target: str, said: bool) -> None:
    assert behind(kpi, target) == ["behind"] * said


@pytest.mark.parametrize("values", [(), (9, None)])
def test_what_is_not_known_is_not_behind(values: tuple[int | None, ...]) -> None:
    assert behind("{cadence: monthly}", "{leads: 10}", values=values) == []


@pytest.mark.parametrize(
    ("initiative", "counts"),
    [
        ("{name: a, moves: leads, expect: +2}", True),
        ("{name: a, starts: 2026-05-01, moves: leads, expect: +2}", True),
        ("{name: a, starts: 2026-01-01, ends: 2026-03-05, moves: leads, expect: +2}", True),
        ("{name: a, starts: 2026-01-01, ends: 2026-03-04, moves: leads, expect: +2}", False),
        ("{name: a, on: 2026-02-10, moves: leads, expect: +2}", False),
        ("{name: a, on: 2026-02-10, moves: leads, expect: +2 in 1 month}", True),
        ("{name: a, on: 2026-01-10, moves: leads, expect: +2 in 1 month}", False),
        ("{name: a, expect: +2}", False),
    ],
)
def test_an_initiative_counts_until_its_time_is_over(initiative: str, counts: bool) -> None:
    assert behind("{cadence: monthly}", "{leads: 10}", f"[{initiative}]") == ([] if counts else ["behind"])


def test_an_initiative_on_a_driver_counts() -> None:
    text = (
        f"{HEAD}kpis: {{reply_rate: {{cadence: monthly}}}}\ntargets: {{reply_rate: 50%}}\n"
        "initiatives: [{name: a, moves: calls, expect: +2}]\n"
    )
    assert problems(RULES, with_series(text, reply_rate=["0.4"]), "I502") == []
    other = problems(RULES, with_series(text.replace("moves: calls", "moves: views"), reply_rate=["0.4"]), "I502")
    assert sorted(str(each.args["case"]) for each in other) == ["behind", "serves"]


def test_both_numbers_are_shown() -> None:
    text = f"{HEAD}kpis: {{reply_rate: {{cadence: monthly}}}}\ntargets: {{reply_rate: 50%}}\n"
    (found,) = problems(RULES, with_series(text, reply_rate=["0.4"]), "I502")
    assert (found.args["now"], found.args["level"]) == ("40%", "50%")
