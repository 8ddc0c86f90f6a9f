"""Lags: a funnel whose meetings are held two weeks after the reply; the calls double, and nobody works otherwise."""

from __future__ import annotations

from fractions import Fraction

import pytest

from shinro.analysis.decompose import Found, Reader, decompose, tree_of
from shinro.definitions.lags import Lags, lags_of, whole_periods
from shinro.definitions.project import Project, read_project
from shinro.findings.gaps import Decomposition, Why
from shinro.periods import Duration, Grain

FUNNEL = """
metrics:
  calls: {count: t}
  replies: {count: t}
  meetings: {count: t}
  reply_rate: {ratio: replies / calls}
  appointment_rate: {ratio: meetings / replies}
tree:
  meetings: calls * reply_rate * appointment_rate
"""
LAG = "influences:\n  - {from: replies, to: meetings, lag: 2 weeks}\n"
DOUBLED = 20  # the week in which calls double


def project(text: str) -> Project:
    return read_project(text, "shinro.yaml")[0]


def calls(week: int) -> int:
    return 400 if week < DOUBLED else 800


def measured(metric: str, week: int) -> Fraction | None:
    """Every tenth call is answered in its week; half of the answers lead to a meeting two weeks later."""
    counts = {
        "calls": Fraction(calls(week)),
        "replies": Fraction(calls(week), 10),
        "meetings": Fraction(calls(week - 2), 20),
    }
    rates = {"reply_rate": ("replies", "calls"), "appointment_rate": ("meetings", "replies")}
    return counts[rates[metric][0]] / counts[rates[metric][1]] if metric in rates else counts[metric]


def week(number: int) -> Reader:
    return lambda metric, back: measured(metric, number - back)


def split(text: str, before: int, after: int, grain: Grain = Grain.WEEK) -> Decomposition:
    return decompose(tree_of(project(text), "meetings", grain), "meetings", week(before), week(after))


def brought(found: Decomposition) -> dict[str, Fraction]:
    return {leaf.name: leaf.contribution for leaf in found.leaves}


def test_without_the_lag_doubled_calls_blame_the_appointment_rate() -> None:
    """The week after: twice the calls, as many meetings as before."""
    found = split(FUNNEL, DOUBLED - 1, DOUBLED)
    assert found.change == 0
    assert brought(found) == {"calls": 15, "reply_rate": 0, "appointment_rate": -15}


@pytest.mark.parametrize("after", range(DOUBLED, DOUBLED + 5))
def test_with_the_lag_the_rates_bring_nothing_in_any_week(after: int) -> None:
    found = split(FUNNEL + LAG, DOUBLED - 1, after)
    rise = 20 if after >= DOUBLED + 2 else 0
    assert found.change == rise
    assert brought(found) == {"calls": rise, "reply_rate": 0, "appointment_rate": 0}
    assert found.off == ()


def test_a_rate_between_stages_is_read_from_two_weeks() -> None:
    found = split(FUNNEL + LAG, DOUBLED - 1, DOUBLED)
    parts = {part.name: (part.back, part.base_back) for part in found.root.children}
    assert parts == {"calls": (2, None), "reply_rate": (2, None), "appointment_rate": (0, 2)}
    assert {part.name: part.after for part in found.root.children} == {
        "calls": 400,
        "reply_rate": Fraction(1, 10),
        "appointment_rate": Fraction(1, 2),
    }


def test_lags_add_up_along_the_stages() -> None:
    text = FUNNEL + LAG + "  - {from: calls, to: replies, lag: 1 week}\n"
    tree = tree_of(project(text), "meetings", Grain.WEEK)
    assert tree.lags == {"meetings": {"calls": 3, "reply_rate": 2, "replies": 2}}


def test_a_driver_is_read_earlier_by_the_lag_of_its_own_influence() -> None:
    text = """
metrics: {a: {count: t}, b: {count: t}, c: {count: t}}
tree: {c: a + b}
influences: [{from: a, to: c, lag: 1 month}, {from: b, to: c, lag: 1 month, status: refuted}]
"""
    assert tree_of(project(text), "c", Grain.MONTH).lags == {"c": {"a": 1}}


def test_a_lag_that_is_no_whole_number_of_periods_is_told() -> None:
    found = project(FUNNEL + LAG)
    tree = tree_of(found, "meetings")
    by_month = lags_of(found, tree.formulas, tree.rates, Grain.MONTH)
    assert by_month == Lags({}, found.influences)
    assert lags_of(found, tree.formulas, tree.rates, Grain.DAY).by_node["meetings"]["calls"] == 14


def test_a_lag_elsewhere_is_not() -> None:
    found = project(FUNNEL + "influences: [{from: meetings, to: calls, lag: 2 weeks}, {from: calls, to: replies}]")
    tree = tree_of(found, "meetings")
    assert lags_of(found, tree.formulas, tree.rates, Grain.MONTH) == Lags()


def test_where_the_parts_of_a_rate_are_not_known_it_is_read_itself() -> None:
    """Of a plan: 2 weeks ago's replies were never planned, the rate was."""

    def planned(metric: str, _: int) -> Found:
        known = {"calls": Fraction(600), "reply_rate": Fraction(1, 10), "appointment_rate": Fraction(1, 2)}
        return known.get(metric, Why.MISSING)

    tree = tree_of(project(FUNNEL + LAG), "meetings", Grain.WEEK)
    found = decompose(tree, "meetings", planned, week(DOUBLED))
    assert brought(found) == {"calls": -10, "reply_rate": 0, "appointment_rate": 0}


@pytest.mark.parametrize(
    ("lag", "grain", "periods"),
    [
        (Duration(2, "week"), Grain.WEEK, 2),
        (Duration(14, "day"), Grain.WEEK, 2),
        (Duration(10, "day"), Grain.WEEK, None),
        (Duration(1, "month"), Grain.WEEK, None),
        (Duration(1, "month"), Grain.QUARTER, None),
        (Duration(1, "quarter"), Grain.MONTH, 3),
        (Duration(2, "year"), Grain.QUARTER, 8),
        (Duration(30, "day"), Grain.MONTH, None),
        (Duration(0, "day"), Grain.DAY, 0),
    ],
)
def test_whole_periods(lag: Duration, grain: Grain, periods: int | None) -> None:
    assert whole_periods(lag, grain) == periods
