"""How likely a plan makes each milestone, and the buffer that makes it as likely as is wanted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction
from itertools import pairwise

import numpy as np
import pytest

from planning import NOW, STORY, Value, bearings_of, footing_of
from shinro.analysis.backplan import Search, corner, effort, search_of
from shinro.analysis.backplan_chance import buffered, chances, noise
from shinro.analysis.footing import Footing
from shinro.analysis.planned import Draft, drafted
from shinro.analysis.plans import plan_of
from shinro.definitions.meaning import meanings
from shinro.findings.plans import Prefer

RNG = np.random.default_rng(3)
WAVES: dict[str, Sequence[Value]] = {
    "new_trials": [max(round(2 * float(wave)), 1) for wave in np.exp(RNG.normal(0, 0.4, 12))],
    "conversion": [Fraction(round(1000 * (0.2 + float(wave))), 1000) for wave in RNG.normal(0, 0.03, 12)],
    "churn": [Fraction(round(1000 * (0.05 + float(wave))), 1000) for wave in RNG.normal(0, 0.008, 12)],
}
PAST: dict[str, Sequence[Value]] = {**NOW, **WAVES}
WIDE = STORY.replace("at_most: 20 per month", "at_most: 40 per month")


def lively(text: str = WIDE) -> Footing:
    return footing_of(text, PAST)


def test_a_plan_that_exactly_meets_its_levels_is_reached_about_every_second_time() -> None:
    found = lively()
    draft = drafted(search_of(found), rounded=False)
    third = next(each for each in chances(draft, None, None, noise(found, found.horizon)) if each.milestone == "m3")
    assert 0.25 < third.planned < 0.75
    assert third.unchanged < third.planned / 2


def test_a_buffer_makes_each_milestone_as_likely_as_is_wanted() -> None:
    found = lively()
    around = noise(found, found.horizon)
    draft, buffer = buffered(search_of(found), 0.8, around)
    told = chances(draft, 0.8, buffer, around)
    assert all(each.planned >= min(0.79, (each.most or 1) - 0.02) for each in told)
    assert max(buffer.margins) > 0.05
    assert draft.solution.effort > drafted(search_of(found)).solution.effort


def test_a_buffer_that_would_cost_a_level_is_made_smaller(monkeypatch: pytest.MonkeyPatch) -> None:
    """A search that aims far beyond several levels may give one of them up: here one with more than half the buffer."""
    found = lively()
    around, search = noise(found, found.horizon), search_of(found)
    _, whole = buffered(search, 0.8, around)

    def giving_up(
        search: Search, margins: Sequence[float] = (), prefer: Prefer = Prefer.EFFORT, *, rounded: bool = True
    ) -> Draft:
        draft = drafted(search, margins, prefer, rounded=rounded)
        return replace(draft, missed=frozenset({0})) if rounded and sum(margins) > sum(whole.margins) / 2 else draft

    monkeypatch.setattr("shinro.analysis.backplan_chance.drafted", giving_up)
    draft, buffer = buffered(search, 0.8, around)
    assert not draft.missed
    assert 0.2 * sum(whole.margins) < sum(buffer.margins) <= 0.5 * sum(whole.margins)


def test_where_the_bounds_allow_no_more_the_plan_comes_near_the_most_and_wastes_nothing() -> None:
    """The most is what every driver at its bound brings: no plan within is likelier, and this one costs less."""
    found = lively(STORY)
    around = noise(found, found.horizon)
    search = search_of(found)
    draft, buffer = buffered(search, 0.999, around)
    told = chances(draft, 0.999, buffer, around)
    assert any((each.most or 1) < 0.98 for each in told)
    for each in told:
        assert each.most is not None
        assert each.most - 0.03 <= each.planned <= each.most
    assert draft.solution.effort < effort(search, corner(search)) * 0.9
    assert all(
        each.direction * (each.limit - level) >= 0
        for lever in draft.levers
        for each in [lever.lever]
        for level in lever.path
    )


def test_a_higher_wish_never_gets_a_less_likely_plan_nor_a_cheaper_one() -> None:
    found = lively()
    around, search = noise(found, found.horizon), search_of(found)
    made = [buffered(search, wanted, around) for wanted in (0.3, 0.6, 0.9)]
    likely = [[each.planned for each in chances(draft, None, None, around)] for draft, _ in made]
    efforts = [draft.solution.effort for draft, _ in made]
    assert efforts == sorted(efforts)
    assert all(after >= before - 0.02 for one in pairwise(likely) for before, after in zip(*one, strict=True))


def test_drivers_that_never_varied_are_not_told_as_short() -> None:
    around = noise(footing_of(WIDE, {**PAST, "arpa": [30_000] * 14}), 12)
    assert (around.silent, around.constant) == ((), ("arpa",))


def test_the_same_seed_gives_the_same_answer_and_another_one_nearly_the_same() -> None:
    found = lively()
    draft = drafted(search_of(found))
    once, again, other = (chances(draft, None, None, noise(found, found.horizon, seed=seed)) for seed in (1, 1, 2))
    assert once == again
    assert once[0].planned == pytest.approx(other[0].planned, abs=0.06)


def test_without_a_past_there_is_no_probability_and_short_ones_are_told() -> None:
    project = bearings_of(STORY, NOW).project
    plan = plan_of(project, meanings(project), footing_of())
    assert plan.chances == ()
    assert set(plan.silent) == {"new_trials", "conversion", "arpa", "churn"}
    assert set(noise(lively(), 12).silent) == {"arpa"}


def test_noise_keeps_shares_shares_and_counts_positive() -> None:
    found = lively()
    around = noise(found, found.horizon, paths=50)
    assert around.odds == {"conversion", "churn"}
    assert all(shift.shape == (found.horizon, 50) for shift in around.moved.values())
    assert replace(around, silent=()).silent == ()


def test_a_drivers_noise_is_its_own_beside_whatever_others_and_however_far_one_looks() -> None:
    found = lively()
    whole = noise(found, 12, paths=50)
    alone = noise(replace(found, rooms=tuple(room for room in found.rooms if room.metric == "churn")), 12, paths=50)
    assert np.array_equal(whole.moved["churn"], alone.moved["churn"])
    assert np.array_equal(noise(found, 5, paths=50).moved["churn"], whole.moved["churn"][:5])


def test_drivers_that_went_together_do_so_in_the_paths() -> None:
    """The noise of two drivers with one past, and of one with the opposite of it."""
    rng = np.random.default_rng(5)
    same = [Fraction(round(1000 * (0.2 + float(wave))), 1000) for wave in rng.normal(0, 0.03, 60)]
    values = {**PAST, "conversion": same, "churn": [Fraction(2, 5) - each for each in same]}
    moved = noise(footing_of(WIDE, {**values, "arpa": [each * 150_000 for each in same]}), 12).moved
    first = {name: shift.mean(axis=0) for name, shift in moved.items()}
    assert np.corrcoef(first["conversion"], first["arpa"])[0, 1] > 0.5
    assert np.corrcoef(first["conversion"], first["churn"])[0, 1] < -0.5
    assert abs(np.corrcoef(first["conversion"], first["new_trials"])[0, 1]) < 0.3


def test_a_driver_that_is_mostly_nothing_is_spread_around_its_mean() -> None:
    """By the middle one, which is 0, a path would be billions of times as much as is planned."""
    sparse = [1, 0, 0, 0, 0, 0, 2, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0]
    found = footing_of(WIDE, {**PAST, "new_trials": sparse})
    times = np.exp(noise(found, found.horizon).moved["new_trials"])
    assert (times >= 100).mean() < 0.01
    assert times.mean(axis=1) == pytest.approx(np.ones(found.horizon))


def test_a_share_that_is_mostly_nothing_falls_to_nothing_too() -> None:
    rare = [Fraction(0)] * 9 + [Fraction(1, 2), Fraction(0), Fraction(1, 4)]
    found = footing_of(WIDE, {**PAST, "conversion": rare})
    moved = noise(found, found.horizon).moved["conversion"]
    assert (np.median(moved, axis=1) < -3).all()
    assert moved.max() < 10
