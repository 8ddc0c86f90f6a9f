"""Laws of how likely a plan is: the chance never rises with the level asked for, however sparse the drivers are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction

from hypothesis import example, given, settings
from hypothesis import strategies as st

from planning import footing_of
from shinro.analysis.backplan import search_of
from shinro.analysis.backplan_chance import Noise, chances_of, noise
from shinro.analysis.batch import batch
from shinro.analysis.footing import Footing
from shinro.analysis.planned import drafted
from strategies import SOME

DEALS = """\
currency: JPY
story: {starts: 2026-01-01}
sources: {sheet: {type: files, path: "data/*.csv"}}
metrics:
  closed: {reported: sheet.closed, value: value, every: month, nature: flow, unit: deals, better: higher}
  rate: {reported: sheet.rate, value: value, every: month, nature: ratio, unit: "%", better: higher}
  won: {reported: sheet.won, value: value, every: month, nature: flow, unit: deals, better: higher}
tree: {won: closed * rate}
milestones:
  - {id: m6, by: +6 months, reach: [won >= 3 per month]}
"""
FEW = settings(max_examples=max(SOME.max_examples // 10, 5))
SPARSE = [0, 0, 0, 0, 1, 0, 0, 0, 0, 3, 0, 4]
RARE = [Fraction(0)] * 9 + [Fraction(1, 2), Fraction(0), Fraction(1, 4)]

counts = st.lists(st.sampled_from([0, 0, 0, 0, 0, 1, 2, 9]), min_size=9, max_size=24)
shares = st.lists(st.sampled_from([0, 0, 0, 10, 25, 50, 100]).map(lambda n: Fraction(n, 100)), min_size=9, max_size=24)


def chances(footing: Footing, levels: Sequence[Fraction], around: Noise) -> list[tuple[float, float]]:
    """How likely each level is, as drivers are and with all of them moved, by one and the same course."""
    search = search_of(footing)
    draft = drafted(search)
    moved = {each.lever.metric: each.brought for each in draft.levers}
    found = []
    for level in levels:
        asked = replace(footing, aims=tuple(replace(aim, level=level) for aim in footing.aims))
        made = batch(footing.unfolding, footing.past)
        (chance,) = chances_of(asked, (made, footing.steady(footing.horizon)), (made, moved), around)
        found.append((chance.unchanged, chance.planned))
    return found


@FEW
@example(SPARSE, RARE, [Fraction(1), Fraction(3)])
@given(counts, shares, st.lists(st.fractions(0, 40, max_denominator=4), min_size=2, max_size=6))
def test_the_chance_never_rises_with_the_level_asked_for(
    closed: list[int], rate: list[Fraction], levels: list[Fraction]
) -> None:
    footing = footing_of(DEALS, {"closed": closed, "rate": rate})
    around = noise(footing, footing.horizon, paths=300)
    if around.moved:
        for course in zip(*chances(footing, sorted(levels), around), strict=True):
            assert list(course) == sorted(course, reverse=True)


@FEW
@example(SPARSE, RARE)
@given(counts, shares)
def test_a_goal_a_hundred_times_above_everything_is_not_likely(closed: list[int], rate: list[Fraction]) -> None:
    footing = footing_of(DEALS, {"closed": closed, "rate": rate})
    around = noise(footing, footing.horizon, paths=1000)
    if around.moved:
        ((unchanged, planned),) = chances(footing, [Fraction(100 * max(*closed, 1))], around)
        assert max(unchanged, planned) < 0.01
