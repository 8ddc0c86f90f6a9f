"""How the drivers stand: each read as early as its lags say, held against what was meant, and was best, for then."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from fractions import Fraction

from made_up import STORY, Daily, bearings_of, daily
from shinro.analysis.bottleneck import Driver
from shinro.analysis.decompose import tree_of
from shinro.analysis.explain import explained
from shinro.analysis.scene import Scene
from shinro.analysis.standings import drivers_at
from shinro.findings.explanations import Lift, Rule
from shinro.periods import Grain

AS_OF = date(2026, 6, 22)
FELL = date(2026, 6, 15)
LAG = "influences: [{from: calls, to: replies, lag: 2 weeks}]\n"
TARGETS = "targets: {calls: 200 per week, reply_rate: 10%, qualified_leads: 25 per week}\n"


def weekly(first: date, before: int, after: int) -> Daily:
    return lambda day: (after if day >= first else before) if day.weekday() < 5 else 0


def scene(more: str, calls: Daily, replies: Daily) -> Scene:
    numbers: Mapping[str, Daily | tuple[Daily, Daily]] = {
        "calls": calls,
        "replies": replies,
        "reply_rate": (replies, calls),
        "qualified_leads": replies,
    }
    bearings = bearings_of(STORY + more, AS_OF, numbers)
    tree = tree_of(bearings.project, "qualified_leads", Grain.WEEK)
    return Scene(bearings, tree, "qualified_leads", Grain.WEEK)


def driver(of: Scene, metric: str) -> Driver:
    period = of.bearings.calendar.period(FELL, Grain.WEEK)
    return next(each for each in drivers_at(of, period) if each.metric == metric)


def worth(of: Scene) -> dict[Lift | None, tuple[str, Fraction | None, Fraction | None]]:
    found = explained(of, of.bearings.calendar.period(FELL, Grain.WEEK))
    rule = [each for each in found.bottlenecks if each.rule is Rule.WORTH_MOST]
    return {each.lift: (each.metric, each.level, each.amount) for each in rule}


def test_a_driver_that_is_read_earlier_is_lifted_as_one_that_is_not() -> None:
    """The answers halved; the calls behind them were made two weeks before."""
    plain, lagged = (scene(more, daily(40), weekly(FELL, 4, 2)) for more in (TARGETS, LAG + TARGETS))
    assert lagged.tree.lags
    assert worth(plain) == worth(lagged)
    assert set(worth(lagged)) == set(Lift)
    assert worth(lagged)[Lift.TARGET] == ("reply_rate", Fraction(1, 10), Fraction(10))


def test_the_target_is_that_of_the_period_in_which_the_driver_counts() -> None:
    """Calls of two weeks before, of which 100 were planned then and 300 are now."""
    steps = "targets: {calls: {steps: {2026-01-05: 100 per week, 2026-06-15: 300 per week}}, replies: 30 per week}\n"
    of = scene(LAG + steps, daily(40), daily(4))
    assert driver(of, "calls").target == 100
    assert driver(of, "reply_rate").target == Fraction(30, 100)


def test_the_best_quarter_of_a_rate_between_stages_keeps_the_time_between_them() -> None:
    """Calls double every eight weeks and are answered two weeks later: a tenth of them, in every quarter."""
    start = date(2025, 1, 6)

    def calls(day: date) -> int:
        return int(10 * 2 ** max((day - start).days // 56, 0)) if day.weekday() < 5 else 0

    def replies(day: date) -> int:
        return calls(day - timedelta(days=14)) // 10

    of = scene(LAG, calls, replies)
    assert driver(of, "reply_rate").value == driver(of, "reply_rate").best == Fraction(1, 10)
