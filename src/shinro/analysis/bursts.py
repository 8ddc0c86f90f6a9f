"""Bursts: single periods so far out that no noise explains them: an exhibition, a press report, a fault."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from math import sqrt
from statistics import median

FAR = 6.0  # robust standard deviations that no noise explains
ENOUGH = 12  # points from which bursts are looked for
RARE = 0.1  # of the points at most are bursts; more are how the series is
MAD = 1.4826
STIFF = 0.5  # of its level: how far from a series that mostly repeats itself a burst is
NEAR = 2  # points on each side that a burst stands out from; at the end of a series as many more before it


def bursts(values: Sequence[float], length: int = 1) -> tuple[int, ...]:
    """The places of a series' bursts, also in its last two periods; `length` is a season's, in periods.

    A burst is far from all four points around it, which lie together; one that came a season before or after as well is
    the season's. That the last point is one cannot be told from a level that has just shifted: the caller says so.
    Where half of the moves are alike there is no noise to go by: far is then half of the level, on square roots (more
    than 2¼ times it, or less than a quarter), and nothing where that is 0.
    Law: none in a series that is times a number another. Cost: linear in the points.
    """
    if len(values) < ENOUGH:
        return ()
    x = [sqrt(value) for value in values] if min(values) >= 0 else list(values)
    moves = [later - first for first, later in pairwise(x)]
    middle = median(moves)
    far = FAR * MAD * median(abs(move - middle) for move in moves) or STIFF * max(median(x), 0)
    found = tuple(_found(x, far, length)) if far else ()
    return found if len(found) <= RARE * len(x) else ()


def _found(x: Sequence[float], far: float, length: int) -> Iterator[int]:
    for n in range(NEAR, len(x)):
        if abs(x[n] - x[n - 1]) <= far:
            continue
        around = [x[each] for each in around_of(n, len(x))]
        apart = min(abs(x[n] - each) for each in around)
        if apart > far and max(around) - min(around) < far and not _again(x, n, length, apart):
            yield n


def around_of(n: int, count: int) -> tuple[int, ...]:
    """The four places that a burst stands out from: two on each side, or those before it where the series ends."""
    after = range(n + 1, min(n + 1 + NEAR, count))
    before = range(max(n - 2 * NEAR + len(after), 0), n)
    return (*before, *after)


def _again(x: Sequence[float], n: int, length: int, apart: float) -> bool:
    """Whether the same place of another season stands as far out."""
    others = [x[each] for each in (n - length, n + length) if 0 <= each < len(x)] if length > 1 else []
    return any(abs(x[n] - each) < apart / 2 for each in others)
