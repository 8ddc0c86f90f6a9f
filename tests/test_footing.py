"""What a plan stands on: readings of conditions, levels of drivers, bridges, and what cannot be planned for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from fractions import Fraction

import numpy as np
import pytest

from planning import NOW, STORY, Value, bearings_of, footing_of
from shinro.analysis.aims import wanted_of
from shinro.analysis.backplan import search_of, solved, zeros
from shinro.analysis.batch import batch
from shinro.analysis.footing import Footing, footing, needed_for
from shinro.analysis.planned import drafted, reading, unchanged
from shinro.analysis.plans import plan_of
from shinro.definitions.grammar import formula
from shinro.definitions.meaning import meanings
from shinro.definitions.tokens import NOWHERE
from shinro.definitions.unfolding import Unfolding, unfold
from shinro.findings.plans import Prefer
from shinro.periods import Grain, Period
from shinro.reports.plan_notes import notes
from shinro.reports.plans import plan_report
from shinro.reports.plans_json import plan_json
from shinro.reports.readings import Telling
from shinro.reports.words import words
from shinro.series import Point

AS_OF = date(2026, 7, 1)
COMPANY = """\
currency: JPY
story: {starts: 2026-05-01}
sources: {crm: {type: files, path: "data/*.csv"}}
tables:
  leads: {from: crm.leads, key: lead_id, time: created_at, entity: lead_id}
  contacts: {from: crm.contacts, key: contact_id, time: at, entity: lead_id}
  subscriptions: {from: crm.subs, entity: company_id, starts: s, ends: e, amount: amount}
metrics:
  leads: {count: leads}
  calls: {count: contacts, where: kind = 'call'}
  replies: {count: contacts, where: outcome = 'reached'}
  qualified: {count_distinct: contacts.lead_id, where: outcome = 'held'}
  calls_per_lead: {ratio: calls / leads}
  reply_rate: {ratio: replies / calls}
  appointment_rate: {ratio: qualified / replies}
  revenue: {recurring: subscriptions}
north_star: {metric: qualified}
tree: {qualified: leads * calls_per_lead * reply_rate * appointment_rate}
influences: [{from: qualified, to: revenue.new_companies, lag: 2 months}]
kpis: {reply_rate: {owner: Sato}}
milestones:
  - id: half
    by: 2026-12-31
    reach: GOALS
planning: {bounds: {calls: {at_most: 3000 per month}, reply_rate: {at_most: 12%}}}
"""
MEASURED: dict[str, Sequence[Value]] = {
    "leads": [100, 110, 90, 100, 100, 100], "calls": [1000] * 6, "replies": [100] * 6,
    "qualified": [40, 50, 60, 50, 50, 50], "calls_per_lead": [10] * 6, "reply_rate": ["1/10"] * 6,
    "appointment_rate": ["1/2"] * 6, "revenue.new_companies": [8, 9, 8, 10, 12, 10],
    "revenue.churn_rate": ["1/50"] * 6, "revenue.arpa": [10_000] * 6, "revenue.companies": [80, 85, 90, 95, 100, 105],
    "revenue.reactivated_companies": [0] * 6, "revenue.mrr": [10**6] * 6, "revenue.mrr_churn_rate": ["1/50"] * 6,
}  # fmt: skip


def company(*goals: str) -> str:
    return COMPANY.replace("GOALS", str(list(goals)))


def found(*goals: str, grain: Grain = Grain.MONTH, text: str = COMPANY) -> Footing:
    bearings = bearings_of(text.replace("GOALS", str(list(goals))), MEASURED, AS_OF)
    wanted = tuple(wanted_of(bearings.project.milestones, bearings.starts, AS_OF))
    return footing(bearings, wanted, grain)


def read(standing: Footing) -> list[Fraction | None]:
    values = unchanged(standing)
    return [reading(standing, aim, values) for aim in standing.aims]


def test_a_flow_is_read_per_its_period_or_since_the_start() -> None:
    """Since the start: what the status reads up to the base (of people, each once), and what is to come."""
    goals = ["qualified >= 60 per month", "qualified >= 20 per week", "qualified >= 400 since start"]
    bearings = bearings_of(company(*goals), MEASURED, AS_OF)
    span = Period(date(2026, 5, 1), AS_OF)
    soundings = replace(bearings.measured, totals={("qualified", span): (Point(span, Fraction(90)),)})
    wanted = tuple(wanted_of(bearings.project.milestones, bearings.starts, AS_OF))
    standing = footing(replace(bearings, measured=soundings), wanted, Grain.MONTH)
    monthly, weekly, since = read(standing)
    assert (monthly, since) == (Fraction(50), Fraction(90 + 6 * 50))
    assert weekly == Fraction(50) * 7 * 12 / 365
    assert footing(bearings, wanted, Grain.MONTH).unread == (("half: qualified >= 400 since start", "plan.so_far"),)


def test_a_rate_over_months_is_pooled_by_what_it_is_of_where_the_tree_knows_it() -> None:
    goals = ("revenue.churn_rate <= 1% over 3 months", "reply_rate >= 11% over 3 months", "qualified >= 60 per month")
    standing = found(*goals)
    assert [aim.over for aim in standing.aims] == [3, 3, 1]
    assert [aim.weight for aim in standing.aims] == [None, ("calls", 0), None]
    assert [value and float(value) for value in read(standing)] == [0.02, 0.1, 50]
    assert search_of(standing).leanings.directions["reply_rate"] == 1


def test_churn_is_weighted_by_the_companies_that_were_there_before() -> None:
    standing = found("revenue.churn_rate <= 1% over 3 months", "revenue.companies >= 120", "revenue.mrr >= 120万円")
    assert standing.aims[0].weight == ("revenue.companies", 1)
    assert read(standing)[0] == Fraction(1, 50)


def test_an_influence_is_a_bridge_at_the_rate_of_half_a_year_and_is_told() -> None:
    standing = found("revenue.companies >= 130")
    (assumed,) = standing.assumptions
    assert (assumed.from_, assumed.to, assumed.lag, assumed.status) == (
        "qualified",
        "revenue.new_companies",
        2,
        "hypothesis",
    )
    assert assumed.rate == Fraction(8 + 10 + 12 + 10, 40 + 50 + 60 + 50)
    assert "calls" in standing.unfolding.leaves
    project = bearings_of(company("revenue.companies >= 130"), MEASURED, AS_OF).project
    plan = plan_of(project, meanings(project), standing)
    assert plan.feasible
    metrics = [rung.metric for ladder in plan.ladders for rung in ladder]
    assert metrics == ["revenue.new_companies", "qualified", "replies", "calls"]
    for lang in ("en", "ja"):
        telling = Telling(words(lang), project)
        assert any("0.2" in text for text in notes(plan, telling))
        assert plan_report(plan, telling).blocks
        assert plan_json(plan, telling)["steps"]


def test_a_loss_that_is_bounded_is_set_and_its_rate_follows() -> None:
    text = COMPANY.replace("reply_rate: {at_most: 12%}", "revenue.churned_companies: {at_most: 2 per month}")
    standing = found("revenue.churn_rate <= 3%", "revenue.arr >= 1200万円", text=text)
    assert "revenue.churned_companies" in standing.unfolding.leaves
    assert {"revenue.churn_rate", "revenue.arr"} <= set(standing.unfolding.equations)
    room = next(room for room in standing.rooms if room.metric == "revenue.churned_companies")
    assert (room.start, room.known) == (Fraction(2), False)


@pytest.mark.parametrize(
    ("goal", "why"),
    [("nobody >= 3", "plan.unknown"), ("qualified >= 10 per month", "plan.past")],
)
def test_what_cannot_be_planned_for_says_why(goal: str, why: str) -> None:
    text = COMPANY if why == "plan.unknown" else COMPANY.replace("2026-12-31", "2026-07-02")
    bearings = bearings_of(text.replace("GOALS", str([goal])), MEASURED, AS_OF)
    wanted = tuple(wanted_of(bearings.project.milestones, bearings.starts, AS_OF))
    assert [found for _, found in footing(bearings, wanted, Grain.MONTH).unread] == [why]


def test_a_day_too_far_away_and_a_start_that_is_not_told() -> None:
    assert found("leads >= 3 per month", text=COMPANY.replace("2026-12-31", "2090-12-31")).unread[0][1] == "plan.far"
    bare = COMPANY.replace("story: {starts: 2026-05-01}\n", "")
    assert found("leads >= 300 since start", text=bare).unread[0][1] == "plan.since"


def test_what_is_needed_of_the_data_is_named() -> None:
    bearings = bearings_of(company("revenue.companies >= 130"), MEASURED, AS_OF)
    needed = needed_for(bearings.project, bearings.meanings, ["revenue.companies"], Grain.MONTH)
    assert {"qualified", "revenue.new_companies", "revenue.companies", "revenue.churn_rate", "calls"} <= set(needed)
    assert not [name for name in needed if "→" in name]


def test_a_driver_that_helps_one_condition_and_hurts_another_goes_the_written_or_the_better_way() -> None:
    text = STORY.replace("m12, by: +12 months, reach: [paid", "m12, by: +12 months, reach: [trials <= 30, paid")
    standing = footing_of(text)
    search = search_of(standing)
    assert search.leanings.mixed == {"new_trials"}
    assert search.leanings.directions["new_trials"] == 1
    assert not search.exact
    both = search_of(footing_of(text.replace("{at_most: 20 per month}", "{at_least: 1, at_most: 20 per month}")))
    assert both.leanings.directions["new_trials"] == 1
    found_ = drafted(search)
    assert found_.solution.feasible or found_.missed


def test_levels_at_zero_move_evenly() -> None:
    values = {**NOW, "new_trials": [0], "conversion": [0]}
    search = search_of(footing_of(STORY, values))
    kinds = {lever.metric: scale.kind for lever, scale in zip(search.levers, search.scales, strict=True)}
    assert kinds == {"arpa": "ratio", "churn": "odds", "conversion": "even", "new_trials": "even"}
    assert not drafted(search).missed


def test_a_level_of_nothing_can_be_aimed_at() -> None:
    standing = footing_of(STORY.replace("paid >= 3]", "paid >= 0]"))
    assert float(search_of(standing).margins(np.zeros((1, 4, 3)))[1, 0].real) == pytest.approx(0.8155)


def test_a_value_that_is_undefined_is_not_read() -> None:
    standing = footing_of()
    empty = replace(standing, past={"trials": (Fraction(2),)})
    assert reading(empty, empty.aims[1], unchanged(empty)) is None
    assert np.isnan(
        batch(empty.unfolding, empty.past).run({name: np.ones((2, 1)) for name in empty.unfolding.leaves}, 2)("paid", 0)
    )


def test_without_levers_there_is_nothing_to_solve() -> None:
    held = footing_of()
    search = search_of(replace(held, rooms=tuple(replace(room, low=None, high=None) for room in held.rooms)))
    assert search.levers == ()
    assert solved(search, zeros(search), Prefer.LEVERS).effort == 0


@pytest.mark.parametrize(
    "text",
    ["least(a, b) + greatest(a, b)", "abs(a - b) - -b", "coalesce(positive(a - b), b) * 2", "mean(a, 3) / b",
     "cmgr(a, 2) + previous(b, 2)", "previous(a) - previous(b)"],
)  # fmt: skip
def test_every_function_is_computed_as_it_is_exactly(text: str) -> None:
    unfolding = Unfolding({"star": formula(text, NOWHERE)}, ("a", "b"))
    levels = {
        "a": [Fraction(4), Fraction(1), Fraction(9), Fraction(25)],
        "b": [Fraction(2), Fraction(3), Fraction(5), Fraction(7)],
    }
    past = {"a": (Fraction(1), Fraction(4)), "b": (Fraction(1), Fraction(2))}
    exact = unfold(unfolding, levels, past, 4)["star"]
    arrays = {name: np.array([[float(level)] for level in path]) for name, path in levels.items()}
    computed = batch(unfolding, past).run(arrays, 4)
    for n, value in enumerate(exact):
        got = float(np.asarray(computed("star", n)).ravel()[0])
        assert np.isnan(got) if value is None else got == pytest.approx(float(value))


def test_a_rate_pooled_over_more_months_than_are_ahead_reaches_back_into_what_is_known() -> None:
    standing = found("reply_rate >= 11% over 9 months", "appointment_rate >= 60% over 12 months")
    assert read(standing) == [Fraction(1, 10), Fraction(1, 2)]


def test_a_condition_that_no_rounding_saves_is_said_to_be_missed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shinro.analysis.planned.held", lambda _draft, _number: False)
    assert drafted(search_of(footing_of())).missed == frozenset(range(8))


def test_of_very_many_levers_no_sets_are_tried() -> None:
    names = [f"x{n}" for n in range(13)]
    standing = footing_of()
    wide = replace(
        standing,
        unfolding=Unfolding({"paid": formula(" + ".join(names), NOWHERE)}, tuple(names)),
        rooms=tuple(
            replace(room, metric=name, low=Fraction(1), high=Fraction(3), start=Fraction(1), share=False, whole=False)
            for name, room in zip(names, [standing.rooms[0]] * 13, strict=True)
        ),
        aims=(replace(standing.aims[1], level=Fraction(20)),),
    )
    search = search_of(wide)
    assert solved(search, zeros(search), Prefer.LEVERS).feasible


def test_a_level_to_be_exactly_is_come_up_to() -> None:
    standing = found("qualified = 60 per month")
    assert standing.aims[0].op == ">="
    assert not drafted(search_of(standing)).missed


@pytest.mark.parametrize("last", [[280, 1655, 290], [1655, 280, 290], [280, 290, 1655]])
def test_a_month_in_which_a_flow_stood_far_out_is_none_of_its_level(last: list[int]) -> None:
    calm = [280, 291, 277, 285, 290, 279, 286, 283, 288, 281, 287]
    found = footing_of(values={**NOW, "new_trials": [*calm, *last]})
    assert found.levels["new_trials"] == 285
    (odd,) = found.bursts["new_trials"]
    assert (date(2025, 10, 1), date(2025, 11, 1), date(2025, 12, 1))[last.index(1655)] == odd.start
