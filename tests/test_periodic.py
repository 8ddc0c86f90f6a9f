"""Whether periods bring an amount each, or count everybody once: what a target says for another period than is read."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import pytest

from made_up import bearings_of, project_of
from shinro.analysis.aims import aimed, wanted_of
from shinro.analysis.bottleneck import Driver
from shinro.analysis.decompose import tree_of
from shinro.analysis.measured import Bearings
from shinro.analysis.milestones import milestone_readings
from shinro.analysis.readings import grain_of, read_metric
from shinro.analysis.scene import Scene
from shinro.analysis.standings import drivers_at
from shinro.analysis.targets import course_of
from shinro.definitions.meaning import meanings
from shinro.definitions.periodic import accrues, common, counts_once, is_of_its_length, not_within, together
from shinro.definitions.refusals import refusals
from shinro.definitions.unfolding import unfolded
from shinro.periods import Grain, Period
from shinro.series import State

AS_OF = date(2026, 7, 5)
PROJECT = """
company: T
timezone: Asia/Tokyo
story: {starts: 2026-01-01}
sources: {app: {type: files, path: data/*.csv}}
tables:
  events: {from: app.events, entity: user, time: at}
  other: {from: app.other, entity: user, time: at}
metrics:
  visitors: {count_distinct: events.user}
  size: {avg: events.size}
  funnel: {funnel: events, steps: {visit: "e = 'visit'", buy: "e = 'buy'"}, within: 7 days}
  buyers: {derived: funnel.buy}
  twice: {derived: 2 * funnel.buy - funnel.visit}
  rated: {derived: funnel.visit * funnel.buy_rate}
  squared: {derived: funnel.visit * funnel.buy}
  uneven: {derived: funnel.visit + funnel.buy_rate}
  earlier: {derived: funnel.visit - previous(funnel.visit)}
  won: {conversion: events, to: {table: other, at: at}, within: 7 days}
  kept: {retention: events, after: 1 week}
  again: {retention: events, after: 1 week, cohort: each}
  active: {active: events}
  often: {active: events, at_least: 3}
  rolling: {active: events, within: 7 days}
  both: {derived: active + rolling}
"""


def bearings(more: str = "") -> Bearings:
    """Two buyers and 40 visits a weekday; 9 active on every day, all of them others: 63 of a week."""
    numbers = {
        "buyers": lambda day: 2 if day.weekday() < 5 else 0,
        "funnel.visit": lambda day: 40 if day.weekday() < 5 else 0,
        "active": lambda _: 9,
    }
    return bearings_of(PROJECT + more, AS_OF, numbers)


@pytest.mark.parametrize("metric", ["visitors", "funnel.visit", "funnel.buy", "buyers", "twice", "rated", "won.cohort",
                                    "won.converted", "kept.cohort", "kept.kept", "active.new"])  # fmt: skip
def test_who_begins_in_a_period_accrues(metric: str) -> None:
    project = project_of(PROJECT)
    assert (accrues(project, metric), counts_once(project, metric)) == (True, False)


@pytest.mark.parametrize("metric", ["active", "active.returning", "active.dormant", "often", "often.new", "both",
                                    "again.cohort", "again.kept"])  # fmt: skip
def test_who_is_there_counts_once_a_period(metric: str) -> None:
    project = project_of(PROJECT)
    assert (accrues(project, metric), counts_once(project, metric)) == (False, True)


@pytest.mark.parametrize("metric", ["size", "funnel", "funnel.buy_rate", "funnel.buy_days", "squared", "uneven",
                                    "earlier", "won", "won.days", "kept", "rolling", "rolling.new"])  # fmt: skip
def test_other_numbers_are_read_as_they_stand(metric: str) -> None:
    project = project_of(PROJECT)
    assert (accrues(project, metric), counts_once(project, metric)) == (False, False)


LENGTHS = PROJECT.replace(
    "metrics:\n",
    """\
  subs: {from: app.subs, entity: user, starts: at, ends: until, amount: paid}
  staff: {from: app.staff, key: name}
metrics:
  calls: {count: other}
  people: {stock: staff}
  earned: {recurring: subs}
  arr: {derived: earned.mrr * 12}
  rate: {ratio: calls / funnel.visit}
  index: {derived: 100 * calls / funnel.visit}
  smooth: {derived: "mean(rate, 3)"}
  standing: {derived: previous + calls - funnel.buy}
  turnover: {ratio: calls / people}
  stayed: {derived: 1 - turnover}
  covered: {ratio: people / calls}
  a_user: {ratio: calls / active}
  growth: {derived: calls / previous(calls) - 1}
  monthly: {derived: "cmgr(calls, 3)"}
  longest: {max: events.size}
""",
)


@pytest.mark.parametrize("metric", ["earned.churn_rate", "earned.mrr_churn_rate", "earned.nrr", "earned.grr",
                                    "turnover", "stayed", "covered", "active", "active.resurrected", "both", "again",
                                    "a_user", "growth", "monthly", "earlier", "squared", "longest"])  # fmt: skip
def test_numbers_that_are_of_the_length_of_their_period(metric: str) -> None:
    assert is_of_its_length(project_of(LENGTHS), metric)


@pytest.mark.parametrize("metric", ["calls", "people", "earned.mrr", "earned.new_mrr", "earned.arpa", "arr", "rate",
                                    "earned.quick_ratio", "earned.trial_to_paid", "index", "smooth", "standing", "size",
                                    "kept", "funnel", "funnel.visit", "funnel.buy_rate", "won.days", "active.new",
                                    "rolling", "nobody"])  # fmt: skip
def test_numbers_that_a_week_tells_of_a_month(metric: str) -> None:
    assert not is_of_its_length(project_of(LENGTHS), metric)


def test_a_months_target_of_who_begins_is_a_part_of_it_a_week() -> None:
    """44 a month for 10 a week, by working days; the running week has no pace, since its young are not counted yet."""
    found = read_metric(bearings("targets: {buyers: {per: month, steps: {2026-01-01: 44}}}\n"), "buyers", Grain.WEEK)
    assert (found.target, found.state, found.due, found.pace) == (Fraction(10), State.ON_COURSE, None, None)


def test_a_target_of_who_is_there_is_read_over_its_own_period() -> None:
    """60 a week for those active in a week, whatever its KPI's cadence; of a month nothing is said."""
    text = "kpis: {active: {owner: X, cadence: monthly}}\ntargets: {active: {per: week, steps: {2026-01-01: 60}}}\n"
    look = bearings(text)
    assert grain_of(look.project, "active") is Grain.WEEK
    found = read_metric(look, "active")
    assert (found.grain, found.target, found.state) == (Grain.WEEK, Fraction(60), State.ON_COURSE)
    assert read_metric(look, "active", Grain.MONTH).target is None
    assert course_of(look, "active", Grain.MONTH) is None


def test_a_path_of_who_is_there_leads_through_the_levels_of_its_period() -> None:
    """Before the story 63 a week and 279 a month: each path from its own."""
    text = """milestones:
  - {id: m, by: 2026-12-31, reach: [active >= 90 per week, active >= 400 per month]}
"""
    look = bearings(text)
    weeks, months = course_of(look, "active", Grain.WEEK), course_of(look, "active", Grain.MONTH)
    assert weeks is not None
    assert months is not None
    assert (weeks.knots[0].level, weeks.knots[-1].level) == (Fraction(63), Fraction(90))
    assert (months.knots[0].level, months.knots[-1].level) == (Fraction(279), Fraction(400))
    assert course_of(look, "active", Grain.QUARTER) is None
    a_week, a_month = milestone_readings(look)[0].conditions
    assert (a_week.value, a_week.progress) == (Fraction(63), Fraction(0))
    assert (a_month.value, a_month.progress) == (Fraction(270), Fraction(-9, 121))


def test_the_best_quarter_is_told_for_one_period() -> None:
    """Visits are shared over working days; of who is there the weeks of a quarter have a mean."""
    look = bearings("tree: {buyers: funnel.visit * active}\n")
    week = Period(date(2026, 6, 22), date(2026, 6, 29))
    scene = Scene(look, tree_of(look.project, "buyers", Grain.WEEK), "buyers", Grain.WEEK)
    found: dict[str, Driver] = {each.metric: each for each in drivers_at(scene, week)}
    assert found["funnel.visit"].best == 200
    assert found["active"].best == 63


def test_a_plan_by_the_week_tells_nothing_of_who_is_there_in_a_month() -> None:
    text = """milestones:
  - id: m
    by: 2026-12-31
    reach: [active >= 400 per month, active >= 90 per week, buyers >= 60 per month, rolling >= 9 over 3 weeks]
"""
    look = bearings(text)
    wanted = list(wanted_of(look.project.milestones, look.starts, AS_OF))
    base = Period(date(2026, 6, 22), date(2026, 6, 29))
    tree = unfolded(look.project, look.meanings, ["active", "buyers", "rolling"], Grain.WEEK)
    aims, unread = aimed(look, wanted, Grain.WEEK, base, tree, ())
    assert [why for _, why in unread] == ["plan.once", "plan.unpooled"]
    assert [(aim.metric, aim.factor) for aim in aims] == [("active", 1), ("buyers", Fraction(365, 84))]


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ("targets: {buyers: 40}", "Q139"),
        ("targets: {active: 40}", "Q139"),
        ("targets: {rolling: 40}", None),
        ("milestones: [{id: m, by: 2026-12-31, reach: [buyers >= 40 per month, active >= 9 per week]}]", None),
        ("milestones: [{id: m, by: 2026-12-31, reach: [rolling >= 40 per month]}]", "Q137"),
    ],
)
def test_a_level_says_the_period_that_it_means(more: str, code: str | None) -> None:
    project = project_of(f"{PROJECT}{more}\n")
    assert [each.code for each in refusals(project, meanings(project))] == ([code] if code else [])


TYPED = """
company: T
timezone: Asia/Tokyo
sources: {sheet: {type: files, path: data/*.csv}}
metrics:
  orders: {reported: sheet.orders, value: n, every: week, nature: flow}
  cost: {reported: sheet.cost, value: n, every: month, nature: flow}
  refund_rate: {reported: sheet.refunds, value: n, every: week, nature: ratio, unit: "%"}
  margin: {reported: sheet.margin, value: n, every: month, nature: ratio, unit: "%"}
  refunds: {derived: orders * refund_rate}
  left: {derived: orders * refund_rate, every: week}
  mixed: {derived: cost * refund_rate}
"""


@pytest.mark.parametrize(
    ("metric", "asked", "read"),
    [
        ("refund_rate", Grain.MONTH, Grain.WEEK),
        ("refund_rate", Grain.DAY, Grain.WEEK),
        ("refunds", Grain.MONTH, Grain.WEEK),
        ("left", Grain.MONTH, Grain.MONTH),  # it says so itself, and shows its last week
        ("margin", Grain.QUARTER, Grain.MONTH),
        ("margin", Grain.WEEK, Grain.MONTH),
        ("orders", Grain.MONTH, Grain.MONTH),
        ("mixed", Grain.WEEK, Grain.MONTH),
    ],
)
def test_a_rate_that_is_typed_in_is_of_its_own_period_alone(metric: str, asked: Grain, read: Grain) -> None:
    assert not_within(project_of(TYPED), metric, asked) is read


def test_what_stands_with_a_typed_in_rate_is_read_by_its_period() -> None:
    project = project_of(TYPED)
    assert common(project, ["orders", "refund_rate"], Grain.MONTH) is Grain.WEEK
    assert common(project, ["cost", "orders"], Grain.WEEK) is Grain.MONTH


def test_a_week_of_a_rate_is_no_months_in_status_and_milestones() -> None:
    milestone = "milestones: [{id: m, by: 2026-09-30, reach: [refund_rate <= 3%]}]\n"
    look = bearings_of(f"story: {{starts: 2026-01-01}}\n{TYPED}{milestone}", AS_OF, {"refund_rate": lambda _: 2})
    assert grain_of(look.project, "refund_rate") is Grain.WEEK
    (found,) = milestone_readings(look)[0].conditions
    assert found.period == Period(date(2026, 6, 22), date(2026, 6, 29))


def test_a_formula_that_says_its_period_holds_in_that_one_and_is_no_equation_of_a_longer_one() -> None:
    """Sellers times their orders a week are a week's orders: by the month the orders are a leaf of their own."""
    more = """  sellers: {reported: sheet.sellers, value: n, every: week, nature: stock}
  each: {ratio: orders / sellers, every: week}
tree: {orders: sellers * each}
"""
    project = project_of(TYPED + more)
    known = meanings(project)
    assert together(project, ["orders", "sellers", "each"], Grain.MONTH) is Grain.WEEK
    assert together(project, ["cost", "each"], Grain.MONTH) is Grain.MONTH
    assert unfolded(project, known, ["orders"], Grain.WEEK).leaves == ("each", "sellers")
    assert unfolded(project, known, ["orders"], Grain.MONTH).leaves == ("orders",)
