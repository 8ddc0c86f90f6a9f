"""Controls: twins that were parallel, metrics that moved along, and those that only seem to."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

import numpy as np
import pytest

from shinro.analysis.effect_control import Candidate, chosen, moves_with, scaled
from shinro.analysis.effect_periods import Frame, Track
from shinro.periods import Period

WEEKS, START = 60, 50
FIRST = date(2025, 1, 6)
PERIODS = tuple(Period(FIRST + timedelta(weeks=n), FIRST + timedelta(weeks=n + 1)) for n in range(WEEKS))
FRAME = Frame(PERIODS, START, None, PERIODS[-1].end, over=True)


def line(values: Iterable[float | None], *, adds: bool = False) -> Track:
    return Track(tuple(None if value is None else float(value) for value in values), (1.0,) * WEEKS, adds)


def world(seed: int = 1) -> tuple[Track, Track, Track]:
    """A series, one that wanders with it, one that wanders alone."""
    chance = np.random.default_rng(seed)
    walk = np.cumsum(chance.normal(0, 2, WEEKS))
    own, with_it = walk + chance.normal(0, 1, WEEKS), 3 * walk + 40 + chance.normal(0, 1, WEEKS)
    return line(own), line(with_it), line(np.cumsum(chance.normal(0, 2, WEEKS)))


def test_the_metric_that_moved_along_is_picked() -> None:
    own, with_it, alone = world()
    found = chosen(own, [Candidate("alone", (), alone), Candidate("with", (), with_it)], FRAME, 52)
    assert found is not None
    assert found.control.metric == "with"
    assert found.control.fit > 0.8
    assert found.control.chance < 0.001
    assert found.control.parallel > 0.05
    assert found.case.controls == (with_it.values,)


def test_nothing_is_picked_of_what_wanders_alone() -> None:
    own, _, alone = world()
    assert chosen(own, [Candidate("alone", (), alone)], FRAME, 52) is None


def test_a_shared_trend_is_no_moving_along() -> None:
    chance = np.random.default_rng(4)
    trends = [line(3 * np.arange(WEEKS) + chance.normal(0, 4, WEEKS)) for _ in range(2)]
    assert chosen(trends[0], [Candidate("trend", (), trends[1])], FRAME, 52) is None


def test_one_that_broke_away_before_the_start_is_not_parallel() -> None:
    own, with_it, _ = world()
    broken = line([(value or 0) + (90 if 41 <= at < START else 0) for at, value in enumerate(with_it.values)])
    assert chosen(own, [Candidate("broken", (), broken)], FRAME, 52) is None
    twin = line([(value or 0) + (90 if 41 <= at < START else 0) for at, value in enumerate(own.values)])
    assert chosen(own, [Candidate("own", (("team", "west"),), twin, twin=True)], FRAME, 52) is None


def test_a_twin_goes_before_a_metric_even_where_neither_moved() -> None:
    chance = np.random.default_rng(5)
    own, twin = (line(100 + chance.normal(0, 3, WEEKS)) for _ in range(2))
    _, with_it, _ = world()
    both = [Candidate("with", (), with_it), Candidate("own", (("team", "west"),), twin, twin=True)]
    found = chosen(own, both, FRAME, 52)
    assert found is not None
    assert found.control.twin
    assert found.case.twin == twin.values


def test_amounts_of_a_twin_are_in_proportion() -> None:
    chance = np.random.default_rng(6)
    own, twin = line(100 + chance.normal(0, 3, WEEKS), adds=True), line(300 + chance.normal(0, 3, WEEKS), adds=True)
    found = chosen(own, [Candidate("own", (), twin, twin=True)], FRAME, 52)
    assert found is not None
    before = [value for value in found.case.twin[:START] if value is not None]
    assert sum(before) == pytest.approx(sum(value for value in own.values[:START] if value is not None))
    assert scaled([1.0, 2.0], [0.0, 0.0], 2) == (0.0, 0.0)
    assert scaled([1.0, None, 3.0], [2.0, 9.0, None], 2) == (1.0, 4.5, None)


def test_a_candidate_with_a_gap_after_the_start_is_passed_over() -> None:
    own, with_it, _ = world()
    gap = line([None if at == 55 else value for at, value in enumerate(with_it.values)])
    assert chosen(own, [Candidate("gap", (), gap)], FRAME, 52) is None


def test_what_stands_still_or_is_short_moves_with_nothing() -> None:
    own, with_it, _ = world()
    ones = (1.0,) * WEEKS
    assert moves_with(own.values, (5.0,) * WEEKS, ones) is None
    assert moves_with((5.0,) * WEEKS, own.values, ones) is None
    assert moves_with(own.values[:12], with_it.values[:12], ones[:12]) is None
