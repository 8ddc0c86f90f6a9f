from __future__ import annotations

from dataclasses import replace
from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest

from checking import NOON, assert_said, check_folder, facts_of
from judging import BILLING, problems, with_readings, with_series
from shinro.checks.initiatives import RULES
from shinro.periods import Grain, Period
from shinro.run.gathering import Moment
from shinro.run.opening import open_project
from shinro.run.status import status
from shinro.series import Point, Series, State

HEAD = (
    BILLING.replace("2026-04-01", "2026-01-01")
    + "  calls: {count: leads, kind: activity}\n  reply_rate: {ratio: leads / calls}\n  views: {count: leads}\n"
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
    ("written", "case"),
    [
        ("{name: a, moves: leads, expect: +80}", "none"),
        ("{name: a, ends: 2026-07-08, moves: leads, expect: +80}", "ends"),
        ("{name: a, starts: 2026-07-08, moves: leads, expect: +80}", None),
        ("{name: a, on: 2026-07-08, moves: leads, expect: +80}", None),
        ("{name: a, moves: leads, expect: +80, verdict: kept}", None),
        ("{name: a}", None),
    ],
)
def test_an_initiative_has_a_day(written: str, case: str | None) -> None:
    found = problems(RULES, facts_of(f"{HEAD}initiatives: [{written}]\n"), "I504")
    assert [each.args["case"] for each in found] == [case] * bool(case)
    for each in found:
        assert_said(each)


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
    facts = with_readings(with_series(text, leads=values), date(2026, 3, 5))
    return [each.args["case"] for each in problems(RULES, facts, "I502")]


@pytest.mark.parametrize(
    ("kpi", "target", "said"),
    [
        ("{cadence: monthly}", "{leads: 10}", True),
        ("{}", "{leads: 10}", True),
        ("{}", "{leads: {level: 10, per: month}}", True),
        ("{}", "{leads: 33 per quarter}", True),
        ("{cadence: weekly}", "{leads: 10}", False),  # no series by week
        ("{cadence: monthly}", "{leads: 9}", False),
        ("{cadence: monthly}", "{leads: 9.4}", False),  # within 5 %: on course
        ("{cadence: monthly, better: lower}", "{leads: 10}", False),
        ("{cadence: monthly, better: lower}", "{leads: 8}", True),
        ("{cadence: monthly, better: none}", "{leads: 10}", False),
        ("{cadence: monthly}", "{}", False),
        ("{cadence: monthly}", "{leads: {steps: {2026-04-01: 10}}}", False),  # not yet
        ("{cadence: monthly}", "{leads: {level: 10, starts: 2026-02-02}}", False),
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
    assert problems(RULES, with_readings(with_series(text, reply_rate=["0.4"])), "I502") == []
    text = text.replace("moves: calls", "moves: views")
    other = problems(RULES, with_readings(with_series(text, reply_rate=["0.4"])), "I502")
    assert sorted(str(each.args["case"]) for each in other) == ["behind", "serves"]


def test_both_numbers_are_shown() -> None:
    text = f"{HEAD}kpis: {{reply_rate: {{cadence: monthly}}}}\ntargets: {{reply_rate: 50%}}\n"
    (found,) = problems(RULES, with_readings(with_series(text, reply_rate=["0.4"])), "I502")
    assert (str(found.args["now"]), str(found.args["level"])) == ("40%", "50%")


def test_a_stock_is_behind_by_todays_value() -> None:
    text = f"{HEAD}  open: {{stock: subscriptions, better: higher}}\nkpis: {{open: {{}}}}\ntargets: {{open: 10}}\n"
    facts = with_series(text, open=[12])
    today = Point(Period(date(2026, 2, 28), date(2026, 3, 1)), Fraction(8))
    daily = Series(facts.meanings["open"], Grain.DAY, (today,), today.period.start)
    facts = replace(facts, series={**(facts.series or {}), ("open", Grain.DAY): daily})
    (found,) = problems(RULES, with_readings(facts, today.period.start), "I502")
    assert (str(found.args["now"]), str(found.args["level"])) == ("8", "10")


GOLDEN_WEEK = """\
timezone: Asia/Tokyo
holidays: JP
story: {starts: 2026-04-01}
sources: {crm: {type: files, path: data/*.csv}}
tables: {calls: {from: crm.calls, key: id, time: at}}
metrics: {calls: {count: calls, kind: activity}}
kpis: {calls: {owner: 佐藤, cadence: weekly}}
targets: {calls: 25 per week}
"""


@pytest.mark.parametrize(("number", "said"), [(10, []), (9, [("9 per week", "10 per week")])])
def test_golden_week_asks_the_rule_for_what_it_asks_the_status_for(
    number: int, said: list[object], tmp_path: Path
) -> None:
    days = ["2026-04-20", "2026-05-11"]
    days += [f"2026-05-0{7 + n % 2}" for n in range(number)]  # two working days of five
    rows = "".join(f"{n},{day}\n" for n, day in enumerate(days))
    found = check_folder(tmp_path, GOLDEN_WEEK, {"data/calls.csv": f"id,at\n{rows}"})
    assert [(str(each.args["now"]), str(each.args["level"])) for each in found if each.code == "I502"] == said
    (read,) = status(open_project(tmp_path), Moment(NOON), everything=True).others
    assert read.state is (State.BEHIND if said else State.ON_COURSE)
