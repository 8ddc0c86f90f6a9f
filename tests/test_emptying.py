"""Stocks of what is counted are never below 0, what is money may be: exactly, in batches, in plans and what-ifs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from planning import Value, bearings_of, footing_of
from shinro.analysis.backplan import search_of
from shinro.analysis.batch import batch
from shinro.analysis.footing import Footing, footing
from shinro.analysis.planned import unchanged
from shinro.analysis.plans import plan_of
from shinro.analysis.whatif import what_if
from shinro.definitions.emptying import emptied
from shinro.definitions.supposing import supposed
from shinro.definitions.unfolding import unfold
from shinro.findings.plans import Plan
from shinro.periods import Grain
from shinro.problems import Place
from shinro.reports.plans import plan_report
from shinro.reports.readings import Telling
from shinro.reports.words import words
from strategies import SOME
from test_plan_reports import said as said_of

CONTRACTS = """\
currency: JPY
story: {starts: 2026-01-01}
sources: {sheet: {type: files, path: "data/*.csv"}}
metrics:
  begun: {reported: sheet.begun, value: value, every: month, nature: flow, unit: contracts, better: higher}
  ended: {reported: sheet.ended, value: value, every: month, nature: flow, unit: contracts, better: lower}
  active: {reported: sheet.active, value: value, every: month, nature: stock, unit: contracts, better: higher}
  price: {reported: sheet.price, value: value, every: month, nature: ratio, unit: money, better: higher}
  mrr: {reported: sheet.mrr, value: value, every: month, nature: stock, unit: money, better: higher}
  earned: {reported: sheet.earned, value: value, every: month, nature: flow, unit: money, better: higher}
  spent: {reported: sheet.spent, value: value, every: month, nature: flow, unit: money, better: lower}
  cash: {reported: sheet.cash, value: value, every: month, nature: stock, unit: money, better: higher}
north_star: {metric: active}
tree:
  active: previous + begun - ended
  mrr: active * price
  cash: previous + earned - spent
milestones:
  - {id: m3, by: +3 months, reach: [GOAL]}
"""
PAST: Mapping[str, Sequence[Value]] = {
    "begun": [8, 8, 8], "ended": [19, 19, 19], "active": [26, 15, 4], "price": [40], "mrr": [160],
    "earned": [100], "spent": [300], "cash": [50],
}  # fmt: skip


def ground(goal: str, past: Mapping[str, Sequence[Value]] = PAST) -> Footing:
    return footing_of(CONTRACTS.replace("GOAL", goal), past)


def course(goal: str, metric: str, past: Mapping[str, Sequence[Value]] = PAST) -> list[float | None]:
    """What a metric comes to while nothing changes."""
    return [None if value is None else float(value) for value in unchanged(ground(goal, past))[metric]]


def plan(goal: str) -> Plan:
    bearings = bearings_of(CONTRACTS.replace("GOAL", goal), PAST)
    return plan_of(bearings.project, bearings.meanings, ground(goal))


def test_no_more_leaves_than_stands() -> None:
    """As on the paths of a forecast: four of four leave, eight come; then all eight leave, and eight come again."""
    found = ground("mrr >= 1000")
    assert course("mrr >= 1000", "active") == [8, 8, 8]
    read = batch(found.unfolding, found.past).run(
        {name: np.array(path, dtype=np.float64)[:, None] for name, path in found.steady(3).items()}, 3
    )
    assert [float(read("active", n)[0]) for n in range(3)] == [8, 8, 8]


def test_money_may_be_below_nothing() -> None:
    assert course("cash >= 0", "cash") == [-150, -350, -550]


def test_a_stock_that_was_below_nothing_is_taken_as_it_is() -> None:
    assert course("active >= 5", "active", {**PAST, "active": [-3]})[0] == -14


def test_a_sum_over_time_of_a_net_flow_is_told_apart() -> None:
    text = CONTRACTS.replace(
        "active: previous + begun - ended", "active: previous + net\n  net: begun - ended"
    ).replace(
        "  price:", "  net: {reported: sheet.net, value: value, every: month, nature: flow, unit: contracts}\n  price:"
    )
    found = unchanged(footing_of(text.replace("GOAL", "active >= 5"), PAST))
    assert [float(value or 0) for value in found["active"]] == [8, 8, 8]
    assert [float(value or 0) for value in found["net"]] == [-11, -11, -11]


@pytest.mark.parametrize("lang", ["en", "ja"])
def test_more_of_what_pays_is_never_a_loss_and_the_plan_comes_to_the_best_in_whole_things(lang: str) -> None:
    """Below 0 a lower price would have brought more. Contracts come whole: the plan may be one short of the best."""
    goal = "mrr >= 100000"
    found = plan(goal)
    (condition,), (short,) = found.conditions, found.shortfalls
    price = next(each for each in found.levers if each.lever.metric == "price")
    assert price.knots[-1] == 80
    assert condition.unchanged == 320
    assert short.best is not None
    assert short.best - 80 <= (condition.planned or 0) < short.best
    said = said_of(plan_report(found, Telling(words(lang), bearings_of(CONTRACTS.replace("GOAL", goal), PAST).project)))
    assert {"en": "in whole things", "ja": "整数で動かす"}[lang] in said


def test_what_leaves_is_still_a_driver_where_enough_come() -> None:
    """Where all leave that stand, one less matters only when more have come."""
    search = search_of(ground("mrr >= 100000"))
    assert {lever.metric: lever.direction for lever in search.levers} == {"begun": 1, "ended": -1, "price": 1}


def test_a_change_of_a_stock_does_not_take_it_below_nothing() -> None:
    bearings = bearings_of(CONTRACTS.replace("GOAL", "active >= 5"), PAST)
    made = footing(bearings, (), Grain.MONTH, ["active"], None, 3)
    found = what_if(made, supposed("active - 100", Place("--what-if")), bearings.meanings, "active")
    assert [each.after for each in found.outcomes] == [0, 8, 8]
    more = what_if(made, supposed("begun + 1", Place("--what-if")), bearings.meanings, "active")
    assert [each.after for each in more.outcomes] == [9, 9, 9]


@SOME
@given(
    st.lists(st.tuples(st.integers(0, 9), st.integers(0, 30)), min_size=1, max_size=6),
    st.integers(0, 40),
)
def test_a_stock_of_what_is_counted_is_never_below_nothing_and_else_what_it_was(
    flows: list[tuple[int, int]], stands: int
) -> None:
    bearings = bearings_of(CONTRACTS.replace("GOAL", "active >= 5"), PAST)
    free = footing(bearings, (), Grain.MONTH, ["active"], None, 3).unfolding
    past = {"active": (Fraction(stands),)}
    held = emptied(free, bearings.meanings, past)
    come, gone = ([Fraction(each[n]) for each in flows] for n in (0, 1))
    found = unfold(held, {"begun": come, "ended": gone}, past, len(flows))["active"]
    level = Fraction(stands)
    for n in range(len(flows)):
        level = level + come[n] - min(gone[n], level)
        assert found[n] == level >= 0
