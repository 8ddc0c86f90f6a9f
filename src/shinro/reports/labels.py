"""Labels: where what is written at the points of a chart stands, so that no two stand on top of each other."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from rich.cells import cell_len

WIDE = 7.0  # pixels of one column of a bold text of 11
HIGH, POINT = 12.0, 8.0  # of a text, of a point
AWAY = 12.0  # from a point to the middle of a text above or below it
FAR = range(16, 80, 4)  # where others are nearer


class Spot(NamedTuple):
    """A point in pixels from the left and the top of a chart, and what is written at it."""

    x: float
    y: float
    text: str


class Box(NamedTuple):
    """What is covered, in pixels."""

    left: float
    top: float
    right: float
    bottom: float

    def over(self, other: Box) -> float:
        """The area that two cover both."""
        wide = min(self.right, other.right) - max(self.left, other.left)
        high = min(self.bottom, other.bottom) - max(self.top, other.top)
        return max(wide, 0.0) * max(high, 0.0)


def placed(spots: Sequence[Spot], inside: Box) -> tuple[tuple[float, float], ...]:
    """How far from its point each text stands, right and down, in the order of the points; `inside` holds all texts.

    Above it, else below, beside or farther above and below: the first place that covers no other text or point, else
    the one that covers the least. The upper ones come first. Cost: points squared.
    """
    points = [_box(each.x, each.y, POINT, POINT) for each in spots]
    taken: list[Box] = []
    found: dict[int, tuple[float, float]] = {}
    for n in sorted(range(len(spots)), key=lambda n: (spots[n].y, spots[n].x)):
        others = [*taken, *(point for m, point in enumerate(points) if m != n)]
        places = [_within(spots[n], away, inside) for away in _places(spots[n])]
        away, box = min(places, key=lambda place: _covered(place[1], others, inside))
        found[n] = away
        taken.append(box)
    return tuple(found[n] for n in range(len(spots)))


def _places(spot: Spot) -> Iterator[tuple[float, float]]:
    beside = _width(spot) / 2 + POINT
    yield from ((0.0, -AWAY), (0.0, AWAY), (-beside, 0.0), (beside, 0.0))
    yield from ((0.0, side * far) for far in FAR for side in (-1, 1))


def _within(spot: Spot, away: tuple[float, float], inside: Box) -> tuple[tuple[float, float], Box]:
    """A place moved sideways until the text is whole, and what it covers there."""
    half = _width(spot) / 2
    middle = max(min(spot.x + away[0], inside.right - half), inside.left + half)
    right, down = round(middle - spot.x, 2), away[1]
    return (right, down), _box(middle, spot.y + down, 2 * half, HIGH)


def _covered(box: Box, others: Sequence[Box], inside: Box) -> float:
    """The area of other texts and points that a text covers, and of its own that is cut off."""
    cut = (box.right - box.left) * HIGH - box.over(inside)
    return round(sum(map(box.over, others), cut), 3)


def _width(spot: Spot) -> float:
    return cell_len(spot.text) * WIDE


def _box(x: float, y: float, wide: float, high: float) -> Box:
    return Box(x - wide / 2, y - high / 2, x + wide / 2, y + high / 2)
