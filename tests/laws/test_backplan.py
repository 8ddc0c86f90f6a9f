"""Laws of working back, on small trees with random levels, bounds and goals."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from fractions import Fraction
from itertools import product

import numpy as np
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from shinro.analysis.aims import Aim
from shinro.analysis.backplan import Search, effort, search_of
from shinro.analysis.backplan_reasons import shortfalls
from shinro.analysis.batch import batch
from shinro.analysis.footing import AFTER, Footing
from shinro.analysis.planned import Draft, drafted, held, reading, unchanged, values_of
from shinro.analysis.rooms import Room
from shinro.definitions.grammar import formula
from shinro.definitions.tokens import NOWHERE
from shinro.definitions.unfolding import Unfolding, unfold
from shinro.findings.plans import Origin, Prefer
from shinro.periods import Calendar, Grain
from shinro.series import Better, Meaning, Nature
from shinro.units import count
from strategies import SOME

TREES = {
    "product": {"star": "a * b * r"},
    "stock": {"star": "previous * (1 - c) + a * r"},
    "chain": {"m": "a * r", "star": "previous * (1 - c) + previous(m) * b"},
    "sum": {"m": "a * b", "star": "m + a * r"},
}
SHARES = ("r", "c")
AS_OF = date(2026, 1, 1)
CALENDAR = Calendar()
EVEN = (0.0, 0.5, 1.0)
FEW = settings(max_examples=max(SOME.max_examples // 10, 5))  # each is a search, or several


def numbers(low: int, high: int) -> st.SearchStrategy[Fraction]:
    return st.integers(low, high).map(Fraction)


@st.composite
def rooms(draw: st.DrawFn, name: str) -> Room:
    falls = name == "c"
    nature, better = (
        (Nature.RATIO, Better.LOWER if falls else Better.HIGHER) if name in SHARES else (Nature.FLOW, Better.HIGHER)
    )
    meaning = Meaning(
        name, nature, count(name) if name == "a" else Meaning(name, nature).unit, better, percent=name in SHARES
    )
    if name in SHARES:
        start = Fraction(draw(st.integers(5, 40)), 100)
        far = start / draw(st.integers(2, 5)) if falls else start + (1 - start) / draw(st.integers(2, 6))
    else:
        start = Fraction(draw(st.integers(2, 30)))
        far = start * Fraction(draw(st.integers(11, 40)), 10)
    low, high = (far, start) if falls else (start, far)
    weight = Fraction(draw(st.integers(1, 3)))
    return Room(name, meaning, start, low, high, (Origin.WRITTEN,) * 2, weight, whole=name == "a", share=name in SHARES)


@st.composite
def footings(draw: st.DrawFn, reach: tuple[int, int] = (20, 95)) -> Footing:
    """A tree with one or two goals, each so many hundredths of the way from where it is to the best there is."""
    equations = {name: formula(text, NOWHERE) for name, text in TREES[draw(st.sampled_from(sorted(TREES)))].items()}
    names = {part for node in equations.values() for part in "abrc" if part in _names(node)}
    unfolding = Unfolding(equations, tuple(sorted(names)))
    knots = tuple(sorted(draw(st.sets(st.integers(1, 7), min_size=1, max_size=2))))
    periods = [CALENDAR.period(AS_OF, Grain.MONTH)]
    for _ in range(knots[-1] + AFTER[Grain.MONTH]):
        periods.append(CALENDAR.step(periods[-1], Grain.MONTH))
    past = {name: (Fraction(draw(st.integers(1, 60))),) for name in unfolding.remembered}
    found = Footing(
        unfolding, Grain.MONTH, AS_OF, CALENDAR.step(periods[0], Grain.MONTH, -1), tuple(periods), knots, (),
        tuple(draw(rooms(name)) for name in unfolding.leaves), past,
    )  # fmt: skip
    aims = tuple(_aim(found, knot, Fraction(draw(st.integers(*reach)), 100)) for knot in knots)
    return replace(found, aims=aims)


def _names(node: object) -> set[str]:
    from shinro.definitions.tree import reads  # noqa: PLC0415

    return set(reads(node))  # type: ignore[arg-type]


def _aim(found: Footing, knot: int, share: Fraction) -> Aim:
    meaning = Meaning("star", Nature.FLOW, better=Better.HIGHER)
    aim = Aim(f"m{knot}", "star", "star", meaning, ">=", Fraction(0), knot)
    with_one = replace(found, aims=(aim,), knots=(knot,))
    search = search_of(with_one)
    top = values_of(with_one, drafted(replace_level(search, Fraction(10**9)), rounded=False).levers)
    best = reading(with_one, aim, top) or Fraction(0)
    now = reading(with_one, aim, unchanged(with_one)) or Fraction(0)
    return replace(aim, level=(now + (best - now) * share).limit_denominator(1000))


def replace_level(search: Search, level: Fraction) -> Search:
    aims = tuple(replace(aim, level=level) for aim in search.footing.aims)
    return replace(search, footing=replace(search.footing, aims=aims))


def grid(search: Search) -> Iterator[np.ndarray]:
    """Steps that never go back and never pass the bounds, on a coarse grid."""
    levers, knots = search.shape
    one = [each for each in product(EVEN, repeat=knots) if sum(each) <= 1]
    for found in product(one, repeat=levers):
        yield np.array(found)


def plain(found: Footing, prefer: Prefer = Prefer.EFFORT, *, rounded: bool = False) -> Draft:
    return drafted(search_of(found), prefer=prefer, rounded=rounded)


@FEW
@given(footings(), st.sampled_from(Prefer), st.booleans())
def test_a_plan_meets_every_condition_when_it_is_evaluated_exactly(
    found: Footing, prefer: Prefer, rounded: bool
) -> None:
    draft = plain(found, prefer, rounded=rounded)
    assert not draft.missed
    assert all(held(draft, number) for number in range(len(found.aims)))


@FEW
@given(footings((10, 180)), st.booleans())
def test_no_lever_is_outside_its_bounds_and_raising_never_falls(found: Footing, rounded: bool) -> None:
    for each in plain(found, rounded=rounded).levers:
        room = next(room for room in found.rooms if room.metric == each.lever.metric)
        assert room.low is not None
        assert room.high is not None
        assert all(room.low <= level <= room.high for level in each.path)
        side = each.lever.direction or 1
        assert all(side * (after - before) >= 0 for before, after in zip(each.path, each.path[1:], strict=False))


@FEW
@given(footings(), st.integers(11, 20))
def test_a_looser_bound_never_costs_more_effort(found: Footing, wider: int) -> None:
    before = plain(found).solution
    for n, room in enumerate(found.rooms):
        loose = _wider(room, Fraction(wider, 10))
        after = plain(replace(found, rooms=(*found.rooms[:n], loose, *found.rooms[n + 1 :]))).solution
        assert after.effort <= before.effort * (1 + 1e-4) + 1e-6


def _wider(room: Room, by: Fraction) -> Room:
    assert room.low is not None
    assert room.high is not None
    if room.metric == "c":
        return replace(room, low=room.low / by)
    return replace(room, high=min(room.high * by, Fraction(99, 100)) if room.share else room.high * by)


@FEW
@given(footings())
def test_no_plan_on_a_grid_takes_less_effort(found: Footing) -> None:
    search = search_of(found)
    least = plain(found).solution.effort
    every = np.array(list(grid(search)))
    fine = (search.margins(every).real >= 0).all(axis=0)
    assert all(least <= effort(search, steps) * (1 + 1e-4) + 1e-6 for steps in every[fine])


@FEW
@given(footings((101, 200)))
def test_the_best_of_an_infeasible_goal_is_reachable_and_no_better_one_is(found: Footing) -> None:
    draft = plain(found)
    assert draft.missed
    search = search_of(found)
    every = np.array(list(grid(search)))
    for short in shortfalls(draft, unchanged(found)):
        number = next(n for n in draft.missed if found.aims[n].milestone == short.condition.milestone)
        assert short.best == reading(found, found.aims[number], draft.values)
        assert short.best is not None
        top = float(np.max(search.margins(every)[number].real))
        assert top <= np.log(float(short.best) / float(found.aims[number].level)) + 1e-9


@FEW
@given(footings((101, 150)))
def test_a_bound_and_a_day_that_alone_would_do_do_and_one_day_earlier_does_not(found: Footing) -> None:
    draft = plain(found)
    for number, short in zip(sorted(draft.missed), shortfalls(draft, unchanged(found)), strict=True):
        for one in short.alone:
            if one.needed is not None:
                moved = tuple(
                    _to(room, one.needed) if room.metric == one.lever.metric else room for room in found.rooms
                )
                alone = replace(found, rooms=moved, aims=(found.aims[number],))
                assert not plain(alone).missed
        if short.month:
            index = found.periods.index(short.month)
            later, sooner = (replace(found.aims[number], index=n) for n in (index, index - 1))
            assert not plain(replace(found, aims=(later,))).missed
            assert plain(replace(found, aims=(sooner,))).missed


def _to(room: Room, level: Fraction) -> Room:
    return replace(room, low=level) if room.metric == "c" else replace(room, high=level)


@FEW
@given(footings())
def test_the_fewest_levers_are_no_more_than_those_of_least_effort(found: Footing) -> None:
    few, least = (plain(found, prefer) for prefer in (Prefer.LEVERS, Prefer.EFFORT))
    assume(not few.missed)
    assert len([each for each in few.levers if each.moved]) <= len([each for each in least.levers if each.moved])


@FEW
@given(footings(), st.data())
def test_batches_are_what_unfolding_is_exactly(found: Footing, data: st.DataObject) -> None:
    levels = {
        name: [Fraction(data.draw(st.integers(1, 99)), 100) for _ in range(found.horizon)]
        for name in found.unfolding.leaves
    }
    exact = unfold(found.unfolding, levels, found.past, found.horizon)["star"]
    arrays = {name: np.array([[float(level)] for level in path]) for name, path in levels.items()}
    read = batch(found.unfolding, found.past).run(arrays, found.horizon)
    for n in range(found.horizon):
        assert exact[n] is not None
        assert np.isclose(float(np.asarray(read("star", n)).ravel()[0]), float(exact[n] or 0), rtol=1e-9)
