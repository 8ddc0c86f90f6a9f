"""Working back: the worked example of a young company, its infeasible variant, and what a plan promises."""

from __future__ import annotations

import re
from dataclasses import replace
from fractions import Fraction
from math import log
from time import process_time

import numpy as np
import pytest

from planning import NARROW, NOW, STORY, bearings_of, footing_of
from shinro.analysis.aims import wanted_of
from shinro.analysis.backplan import Limits, least_effort, search_of, solved, zeros
from shinro.analysis.footing import footing
from shinro.analysis.plans import plan_of
from shinro.definitions.meaning import meanings
from shinro.findings.plans import Origin, Plan, Prefer
from shinro.periods import Grain


def plan(text: str = STORY, prefer: Prefer = Prefer.EFFORT, *, rounded: bool = False) -> Plan:
    found = footing_of(text)
    project = bearings_of(text, NOW).project
    return plan_of(project, meanings(project), found, prefer, rounded=rounded)


def knots(found: Plan) -> dict[str, list[float]]:
    return {each.lever.metric: [round(float(level), 3) for level in each.knots] for each in found.levers}


def test_the_worked_example() -> None:
    """20 trials a month, 34.3 % of them pay, churn falls to 3 %, the price stays: an effort of 5.55."""
    found = plan()
    assert found.feasible
    assert found.exact
    assert knots(found) == {
        "new_trials": [20, 20, 20],
        "conversion": [0.343, 0.343, 0.343],
        "arpa": [30_000, 30_000, 30_000],
        "churn": [0.047, 0.045, 0.03],
    }
    assert round(found.effort, 2) == 5.55
    reads = {(each.milestone, each.metric): float(each.planned or 0) for each in found.conditions}
    assert reads["m3", "trials"] == pytest.approx(25.97, abs=0.01)
    assert reads["m3", "paid"] == pytest.approx(3.0, abs=1e-4)
    assert reads["m6", "paid"] == pytest.approx(18.3, abs=0.05)
    assert reads["m6", "mrr"] == pytest.approx(550_000, rel=0.001)
    assert reads["m12", "paid"] == pytest.approx(52.1, abs=0.1)
    assert reads["m12", "mrr"] == pytest.approx(1_560_000, rel=0.003)


def test_the_binding_condition_a_month_later_cuts_the_effort() -> None:
    later = [each for each in plan().easings if each.condition]
    assert next((each.condition.text, round(each.effort, 2)) for each in later if each.condition) == ("paid >= 3", 3.33)


def test_its_infeasible_variant_is_explained() -> None:
    """8 trials and 30 % at most: month 3 reaches 1.83 of 3; 25.1 trials or 52.9 % alone, or month 4, would do."""
    found = plan(NARROW)
    assert not found.feasible
    told = {(each.condition.milestone, each.condition.metric): each for each in found.shortfalls}
    third, year = told["m3", "paid"], told["m12", "mrr"]
    assert float(third.best or 0) == pytest.approx(1.83, abs=0.005)
    alone = {each.lever.metric: each.needed and round(float(each.needed), 3) for each in third.alone}
    assert alone == {"new_trials": pytest.approx(25.1, abs=0.05), "conversion": 0.529, "churn": None}
    assert third.month
    assert third.month.start.month == 4
    assert float(year.best or 0) == pytest.approx(829_000, rel=0.002)
    alone = {each.lever.metric: each.needed and float(each.needed) for each in year.alone}
    assert alone == {
        "new_trials": pytest.approx(9.8, abs=0.05),
        "conversion": pytest.approx(0.363, abs=0.001),
        "arpa": pytest.approx(48_300, rel=0.005),
        "churn": None,
    }
    assert year.month
    assert (year.month.start.year, year.month.start.month) == (2027, 3)


def test_every_random_start_finds_the_same_plan() -> None:
    search = search_of(footing_of())
    rng = np.random.default_rng(6)
    efforts = [least_effort(search, zeros(search), start=rng.uniform(0, 0.34, search.shape)).effort for _ in range(20)]
    assert all(effort == pytest.approx(5.5529, abs=1e-3) for effort in efforts)


def test_a_plan_takes_less_than_a_third_of_a_second() -> None:
    plan()
    start = process_time()
    plan()
    assert process_time() - start < 0.3 * 2  # twice, for a busy machine


@pytest.mark.parametrize("text", [STORY, NARROW])
@pytest.mark.parametrize("rounded", [True, False])
def test_no_lever_leaves_its_bounds_or_falls_back(text: str, rounded: bool) -> None:
    for each in plan(text, rounded=rounded).levers:
        lever, side = each.lever, each.lever.direction
        assert all(side * (lever.limit - level) >= 0 for level in each.path)
        assert all(side * (later - level) >= 0 for level, later in zip(each.path, each.path[1:], strict=False))


def test_rounded_levels_are_whole_things_and_tenths_of_a_point_and_still_reach_everything() -> None:
    found = plan(rounded=True)
    assert found.feasible
    paths = {each.lever.metric: each.path for each in found.levers}
    assert all(level.denominator == 1 for level in paths["new_trials"])
    assert all((level * 1000).denominator == 1 for level in paths["conversion"])


def test_the_fewest_levers_are_two() -> None:
    few = plan(prefer=Prefer.LEVERS)
    assert few.feasible
    assert len([each for each in few.levers if each.moved]) <= len([each for each in plan().levers if each.moved])
    assert few.effort >= plan().effort - 1e-6


def test_a_driver_without_bounds_may_double_and_it_is_said() -> None:
    found = plan(STORY.replace("    conversion: {at_most: 45%}\n", ""))
    lever = next(each.lever for each in found.levers if each.lever.metric == "conversion")
    assert (lever.origin, lever.limit) == (Origin.ASSUMED, Fraction(1, 3))


def test_a_driver_past_its_bound_is_counted_on_at_its_bound_alone() -> None:
    found = plan(STORY.replace("conversion: {at_most: 45%}", "conversion: {at_most: 15%}"))
    lever = next(each for each in found.levers if each.lever.metric == "conversion")
    assert lever.lever.beyond
    assert set(lever.path) == {Fraction(3, 20)}
    told = found.shortfalls[0].alone
    assert any(each.lever.metric == "conversion" and each.needed for each in told)


def test_a_driver_that_has_not_come_to_its_range_yet_is_brought_there_from_where_it_stands() -> None:
    ranged = STORY.replace("arpa: {at_most: 40000}", "arpa: {at_least: 33000, at_most: 40000}")
    ranged = ranged.replace("churn: {at_least: 1.5%}", "churn: {at_least: 1.5%, at_most: 4%}")
    for found in (plan(ranged), plan(ranged, Prefer.LEVERS), plan(ranged, rounded=True)):
        paths = {each.lever.metric: each for each in found.levers}
        assert found.feasible
        assert paths["arpa"].path[0] < 33_000
        assert paths["arpa"].knots[0] >= 33_000
        assert paths["churn"].knots[0] <= Fraction(4, 100)
        assert paths["arpa"].lever.floor == 33_000
        assert not paths["arpa"].lever.beyond


def test_a_driver_bounded_on_both_sides_of_where_it_stands_is_held() -> None:
    found = plan(STORY.replace("arpa: {at_most: 40000}", "arpa: {at_least: 30000, at_most: 30000}"))
    assert not next(each for each in found.levers if each.lever.metric == "arpa").moved


def test_a_wider_bound_never_costs_more() -> None:
    efforts = [plan(STORY.replace("at_most: 45%", f"at_most: {most}%")).effort for most in (36, 40, 45, 60)]
    assert efforts == sorted(efforts, reverse=True)


def test_one_more_step_is_worth_what_the_tree_makes_of_it() -> None:
    worth = next(each for each in plan().worths if each.lever.metric == "conversion")
    assert worth.step == Fraction(1, 100)
    gain = next(gain for condition, gain in worth.gains if condition.text == "paid >= 30")
    assert 0 < gain < 5


def test_a_condition_that_nothing_is_known_of_is_said_and_left_out() -> None:
    values = {name: each for name, each in NOW.items() if name != "arpa"}
    found = footing_of(STORY.replace("    arpa: {at_most: 40000}\n", ""), values)
    assert {why for _, why in found.unread} == {"plan.unmeasured"}
    assert all(aim.metric != "mrr" for aim in found.aims)


def test_a_range_alone_is_a_start_for_a_company_at_zero() -> None:
    values = {name: each for name, each in NOW.items() if name != "arpa"}
    found = footing_of(STORY.replace("arpa: {at_most: 40000}", "arpa: {at_least: 25000, at_most: 40000}"), values)
    room = next(room for room in found.rooms if room.metric == "arpa")
    assert (room.start, room.known) == (Fraction(25_000), False)


def test_a_company_without_data_gets_a_scenario_from_its_ranges() -> None:
    text = STORY
    for name, low in (("new_trials", 1), ("conversion", "10%"), ("arpa", 20_000), ("churn", None)):
        text = text.replace(f"{name}: {{at_most", f"{name}: {{at_least: {low}, at_most")
    text = text.replace("{at_least: 1.5%}", "{at_least: 1.5%, at_most: 8%}")
    found = footing_of(text, {})
    assert found.from_zero == ("paid", "trials")
    project = bearings_of(text, {}).project
    made = plan_of(project, meanings(project), found)
    assert all(not each.lever.known for each in made.levers)
    starts = {each.lever.metric: each.lever.start for each in made.levers}
    assert (starts["churn"], starts["conversion"]) == (Fraction(8, 100), Fraction(1, 10))
    assert made.conditions


def test_a_plan_counts_on_no_more_than_the_capacity_of_what_follows_from_the_levers() -> None:
    text = STORY.replace("    churn: {at_least: 1.5%}\n", "    churn: {at_least: 1.5%}\n    trials: {at_most: 20}\n")
    found = plan(text)
    assert found.exact
    assert found.feasible
    assert found.effort > plan().effort
    assert next(each.planned for each in found.conditions if each.metric == "trials") == 20


def test_a_bound_that_would_help_where_it_is_kept_is_a_condition_and_no_capacity() -> None:
    text = STORY.replace("tree:\n", "tree:\n  lost: previous(paid) * churn\n").replace(
        "  mrr: {reported",
        "  lost: {reported: sheet.l, value: value, every: month, nature: flow, unit: companies, better: lower}\n"
        "  mrr: {reported",
    )
    text = text.replace("churn <= 3%]", "lost <= 9 per month]").replace(
        "    churn: {", "    lost: {at_most: 1 per month}\n    churn: {"
    )
    search = search_of(footing_of(text))
    assert not search.exact
    assert [room.metric for room in search.footing.ceilings] == ["lost"]
    assert float(search.margins(solved(search, zeros(search)).steps[None]).min()) > -1e-6


def test_only_what_is_ahead_is_planned_for() -> None:
    bearings = bearings_of(STORY, NOW)
    wanted = tuple(wanted_of(bearings.project.milestones, bearings.starts, bearings.as_of))
    assert next(each.milestone for each in wanted) == "m3"
    later = replace(bearings.measured, as_of=bearings.project.milestones[0].day(bearings.starts) or bearings.as_of)
    left = tuple(wanted_of(bearings.project.milestones, bearings.starts, later.as_of))
    assert {each.milestone for each in left} == {"m6", "m12"}
    assert footing(bearings, (), Grain.MONTH).aims == ()
    assert Limits().allowed is None


FUNNEL = """\
currency: JPY
story: {starts: 2026-01-01}
sources: {sheet: {type: files, path: "data/*.csv"}, s: {type: files, path: "s/*.csv"}}
metrics:
  sales: {label: 売上, reported: sheet.sales, value: value, every: month, nature: flow, unit: money, better: higher}
  won: {label: 受注, reported: sheet.won, value: value, every: month, nature: flow, unit: deals, better: higher}
  price: {label: 単価, reported: sheet.price, value: value, every: month, nature: ratio, unit: money, better: higher}
  meetings: {label: 商談, reported: sheet.m, value: value, every: month, nature: flow, unit: meetings, better: higher}
  win_rate: {label: 受注率, reported: sheet.w, value: value, every: month, nature: ratio, unit: "%", better: higher}
  calls: {label: 架電, reported: sheet.calls, value: value, every: month, nature: flow, unit: calls, better: higher}
  meeting_rate: {label: 商談化率, reported: s.r, value: value, every: month, nature: ratio, unit: "%", better: higher}
  people: {label: 人数, reported: sheet.people, value: value, every: month, nature: stock, unit: people, better: higher}
  calls_each: {label: 1人あたり架電, reported: sheet.each, value: value, every: month, nature: ratio, unit: number}
north_star: {metric: sales}
tree:
  sales: won * price
  won: meetings * win_rate
  meetings: calls * meeting_rate
  calls: people * calls_each
milestones:
  - {id: year, by: +12 months, reach: ["sales >= 1億円 per month"]}
planning:
  bounds:
    people: {at_most: 12}
    price: {at_least: 2500000, at_most: 2500000}
    win_rate: {at_least: 20%, at_most: 20%}
    meeting_rate: {at_least: 7.3%, at_most: 7.3%}
    calls_each: {at_least: 400, at_most: 400}
"""
SOLD: dict[str, list[int | str]] = {
    "price": [2_500_000], "win_rate": ["1/5"], "meeting_rate": ["73/1000"], "people": [3], "calls_each": [400],
    "sales": [40_000_000], "won": [16], "meetings": [80], "calls": [1200],
}  # fmt: skip


def test_a_ladder_rounds_up_at_each_step_down_to_calls_and_people() -> None:
    """1億円 at 250 万円 a deal: 40 deals, 200 meetings at 20 %, 2,740 calls at 7.3 %, 7 people with 400 calls each."""
    project = bearings_of(FUNNEL, SOLD).project
    found = plan_of(project, meanings(project), footing_of(FUNNEL, SOLD))
    (ladder,) = found.ladders
    steps = [(rung.metric, int(rung.needed)) for rung in ladder]
    assert steps == [("sales", 10**8), ("won", 40), ("meetings", 200), ("calls", 2740), ("people", 7)]
    assert ladder[-1].capacity == 12
    people = next(each for each in found.levers if each.lever.metric == "people")
    assert people.knots[-1] == 7
    assert found.feasible


def test_too_few_people_are_told_beside_what_they_would_reach() -> None:
    text = FUNNEL.replace("people: {at_most: 12}", "people: {at_most: 5}")
    project = bearings_of(text, SOLD).project
    found = plan_of(project, meanings(project), footing_of(text, SOLD))
    (short,) = found.shortfalls
    assert short.best == 5 * 400 * Fraction(73, 1000) / 5 * 2_500_000
    needed = {each.lever.metric: each.needed for each in short.alone}
    assert needed["people"] == 7
    assert short.month is None


def sold(people: str, **other: str) -> Plan:
    """The plan of the funnel with another range of people."""
    text = FUNNEL.replace("people: {at_most: 12}", f"people: {people}")
    for name, bound in other.items():
        text = re.sub(rf"    {name}: {{at_least.*\n", f"    {name}: {bound}\n" if bound else "", text)
    project = bearings_of(text, SOLD).project
    return plan_of(project, meanings(project), footing_of(text, SOLD))


def people_of(found: Plan) -> tuple[Fraction, ...]:
    return next(each.path for each in found.levers if each.lever.metric == "people")


@pytest.mark.parametrize("bound", ["{at_most: 5}", "{at_most: 5.9}", "{at_least: 5.5, at_most: 8}"])
def test_people_are_whole_in_every_period_also_where_the_goal_is_missed(bound: str) -> None:
    path = people_of(sold(bound))
    assert {level.denominator for level in path} == {1}
    assert path[-1] == {"{at_most: 5}": 5, "{at_most: 5.9}": 5}.get(bound, 7)


def test_one_more_of_what_is_whole_is_a_whole_one() -> None:
    (worth,) = [each for each in sold("{at_most: 5}").worths if each.lever.metric == "people"]
    assert worth.step == 1


def test_rounding_up_people_leaves_no_more_than_is_asked_where_other_drivers_can_make_up() -> None:
    """Alone seven people are needed; with the rates free, four do, and the rates are found again for just four."""
    found = sold("{at_most: 7.5}", win_rate="", price="", meeting_rate="", calls_each="")
    (condition,) = found.conditions
    assert condition.planned is not None
    assert found.feasible
    assert condition.planned <= condition.level * Fraction(102, 100)
    assert {level.denominator for level in people_of(found)} == {1}


def test_one_less_would_not_do_and_the_effort_is_that_of_the_levels_shown() -> None:
    """Ten companies from none in six months: three a month, and none needs to be kept from leaving."""
    text = re.sub(r"milestones:(\n  -.*)+", "milestones:\n  - {id: m6, by: +6 months, reach: [paid >= 10]}", STORY)
    text = text.replace(
        "previous * (1 - churn) + previous(trials) * 0.5 * conversion", "previous + new_trials - trials"
    )
    text = text.replace("trials: previous * 0.5 + new_trials\n  ", "").replace("at_most: 20 per", "at_most: 6 per")
    text = text.replace("    arpa: {at", "    trials: {at_least: 0, at_most: 1}\n    arpa: {at").replace(
        "trials, value: value, every: month, nature: stock, unit: companies, better: higher}\n  paid",
        "trials, value: value, every: month, nature: flow, unit: companies, better: lower}\n  paid",
    )
    values = {**NOW, "new_trials": [1], "trials": [1]}
    project = bearings_of(text, values).project
    found = plan_of(project, meanings(project), footing_of(text, values))
    levels = {each.lever.metric: each.knots for each in found.levers}
    assert {name: set(levels[name]) for name in ("new_trials", "trials")} == {"new_trials": {3}, "trials": {1}}
    assert found.effort == pytest.approx((log(3) / log(6)) ** 2 * 2.3, abs=1e-9)


def test_a_ladder_never_asks_for_more_than_a_plan_has_that_reaches_the_goal() -> None:
    found = sold("{at_most: 7.5}", win_rate="", price="", meeting_rate="", calls_each="")
    (ladder,) = found.ladders
    assert all(rung.mean for rung in ladder)
    assert ladder[-1].needed == people_of(found)[-1]


@pytest.mark.parametrize(
    ("capacity", "best", "alone"),
    [
        ("sales: {at_most: 50000000}", 50_000_000, {"sales": 10**8}),
        ("calls: {at_most: 300 per month}", 10_950_000, {"calls": 2740, "meeting_rate": 0.667, "price": 22_832_000}),
        ("calls: {at_most: 2000 per month}", 73_000_000, {"calls": 2740, "meeting_rate": 0.1, "price": 3_424_700,
                                                          "win_rate": 0.274}),
    ],
)  # fmt: skip
def test_a_capacity_that_rules_a_goal_out_is_told_and_nothing_that_would_not_do(
    capacity: str, best: int, alone: dict[str, float]
) -> None:
    """300 calls a month, of 1,200 today: all that counts is 300, and no more people would bring more."""
    found = sold(f"{{at_most: 7}}\n    {capacity}")
    (short,) = found.shortfalls
    assert float(short.best or 0) == pytest.approx(best, rel=2e-6)
    told = {each.lever.meaning.metric: each.needed for each in short.alone if each.needed}
    assert {name: float(needed) for name, needed in told.items()} == pytest.approx(alone, rel=1e-3)
    text = FUNNEL.replace("people: {at_most: 12}", f"people: {{at_most: 7}}\n    {capacity}")
    for name, needed in told.items():
        number = f"{float(needed) * 100}%" if needed < 1 else f"{float(needed)}"
        wider = re.sub(rf"    {name}: {{.*", f"    {name}: {{at_most: {number}}}", text)
        project = bearings_of(wider, SOLD).project
        assert plan_of(project, meanings(project), footing_of(wider, SOLD)).feasible
    assert {each.lever.metric for each in found.levers} == {"people", "price", "win_rate", "meeting_rate", "calls_each"}
    told_of = {meaning.metric: (most, brought) for meaning, most, brought in found.held_back}
    assert ("calls" in told_of) == ("300" in capacity or ("2000" in capacity and people_of(found)[-1] * 400 > 2000))
    assert people_of(found)[-1] == (3 if "300" in capacity else 5 if "2000" in capacity else 4)


def test_what_stands_at_nothing_and_what_nothing_is_left_of_alone_would_do() -> None:
    text = re.sub(r"milestones:(\n  -.*)+", "milestones:\n  - {id: m6, by: +6 months, reach: [GOAL]}", STORY)
    values = {**NOW, "new_trials": [0]}
    free = text.replace("    new_trials: {at_most: 20 per month}\n", "")
    for goal, metric, needed in (("new_trials >= 3 per month", "new_trials", 3), ("churn <= 0%", "churn", 0)):
        asked = free.replace("GOAL", goal)
        project = bearings_of(asked, values).project
        (short,) = plan_of(project, meanings(project), footing_of(asked, values)).shortfalls
        assert {each.lever.metric: each.needed for each in short.alone} == {metric: needed}


SCORE = """\
currency: JPY
story: {starts: 2026-01-01}
sources: {sheet: {type: files, path: "data/*.csv"}}
metrics:
  nps: {label: NPS, reported: sheet.nps, value: value, every: month, unit: points, better: BETTER}
north_star: {metric: nps}
milestones:
  - {id: m3, by: +3 months, reach: [nps GOAL]}
"""


@pytest.mark.parametrize(
    ("better", "goal", "limit", "level"), [("higher", ">= 20", "-31/4", "-31/4"), ("lower", "<= -20", "-31", "-20")]
)
def test_what_stands_below_nothing_is_never_planned_to_be_worse_than_today(
    better: str, goal: str, limit: str, level: str
) -> None:
    """Half of -15.5 is up and twice of it is down; nobody said how far it can come, and that is told as assumed."""
    text = SCORE.replace("BETTER", better).replace("GOAL", goal)
    values = {"nps": [Fraction(-31, 2)]}
    project = bearings_of(text, values).project
    (each,) = plan_of(project, meanings(project), footing_of(text, values)).levers
    assert (each.path[-1], each.lever.limit, each.lever.beyond) == (Fraction(level), Fraction(limit), False)
    (room,) = footing_of(text, values).rooms
    assert (room.low, room.high, room.origins) == (Fraction(-31), Fraction(-31, 4), (Origin.ASSUMED, Origin.ASSUMED))
