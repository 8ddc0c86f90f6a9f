"""Flattening: whether a curve of cohorts comes to rest, at what level and from which bucket on; or keeps falling.

The rule. Take the cohorts that are mature at a bucket, the end. Of those active in an earlier bucket, the start, so
many are lost by the end (more came back than left: none); 95 % Wilson bounds of that share, spread evenly over the
buckets between, are the loss a bucket. The curve

- flattens where the upper bound is within what a flat curve may lose (`LOSES`), at least three buckets lie between,
  the first of them loses no more, and neither one of them nor the last three together lose more for certain. The
  earliest such start counts; the level is the share that is active from there to the end.
- keeps falling where the last three buckets lose more, and the later half does for certain.
- is gone where nobody is active in its later half: of nobody there is no share that is lost.
- else there is not enough data to say.

The end is the last bucket that 30 entities have reached, bucket 4 or a later one. Where nothing is certain there, a
curve still flattens that does so up to an earlier end and loses no more behind it for certain.

Units: shares, 0 to 1; buckets in the curve's unit. Cost: quadratic in buckets, linear in cohorts.
Source: the bounds, Wilson (1927), doi:10.1080/01621459.1927.10502953; that a curve which comes to rest above zero is
what product/market fit looks like, B. Balfour, "The Never Ending Road to Product Market Fit" (2013). The limits, and
how they are held against bounds, are ours.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import Enum
from fractions import Fraction
from itertools import pairwise

from shinro.analysis.compare import interval, root
from shinro.cohorts import Curve
from shinro.periods import Grain
from shinro.series import SMALL

LOSES = {Grain.DAY: Fraction(1, 100), Grain.WEEK: Fraction(3, 100), Grain.MONTH: Fraction(5, 100)}
BUCKETS = 3  # between start and end, at least
NOTHING = (Fraction(0), Fraction(0))


class Shape(Enum):
    """What a curve does."""

    FLATTENS = "flattens"
    FALLS = "falls"
    GONE = "gone"  # nobody is left: `start` is the first bucket of which that holds to the end
    UNSURE = "unsure"  # the bounds lie on both sides of the limit
    FEW = "few"  # too few buckets or entities to look at all
    OPEN = "open"  # `on or after`: those who will be back are not back yet, so its end always falls


@dataclass(frozen=True, slots=True)
class Flattening:
    """What a curve does between two buckets, and the bounds of what it loses a bucket there.

    `level` is the share that stays, where it flattens. `size` counts the entities that were looked at.
    """

    shape: Shape
    limit: Fraction
    start: int = 0
    end: int = 0
    loses: tuple[Fraction, Fraction] = NOTHING
    level: Fraction | None = None
    size: int = 0


@dataclass(frozen=True, slots=True)
class Course:
    """The entities of the cohorts that are mature at a bucket, and how many of them are active up to it."""

    size: int
    kept: tuple[int, ...]
    limit: Fraction

    @property
    def end(self) -> int:
        """The last bucket."""
        return len(self.kept) - 1

    def loses(self, start: int, end: int) -> tuple[Fraction, Fraction]:
        """The bounds of the share that is lost a bucket between two; of nobody anything, as far as is known."""
        if not self.kept[start]:
            return Fraction(0), Fraction(1)
        lost = max(self.kept[start] - self.kept[end], 0)
        low, high = interval(Fraction(lost), Fraction(self.kept[start]))
        return 1 - root(1 - low, end - start), 1 - root(1 - high, end - start)

    def is_flat(self, start: int) -> bool:
        """Whether it rests from a bucket to the end."""
        first, end = self.kept[start] - self.kept[start + 1], self.end
        return (
            self.loses(start, end)[1] <= self.limit
            and first <= self.limit * self.kept[start]
            and self.loses(end - BUCKETS, end)[0] <= self.limit
            and all(self.loses(here, after)[0] <= self.limit for here, after in pairwise(range(start, end + 1)))
        )

    @property
    def later(self) -> int:
        """Where its later half starts."""
        return max(1, min(self.end // 2, self.end - BUCKETS))

    @property
    def gone(self) -> int | None:
        """The bucket from which nobody is active to the end, where that holds for the later half."""
        return next((n for n in range(1, self.later + 1) if not any(self.kept[n:])), None)

    @property
    def falls(self) -> bool:
        """Whether it loses more than a flat one for certain, over its later half and to its very end."""
        before, last = self.kept[self.end - BUCKETS], self.kept[self.end]
        still = before - last > before * (1 - (1 - self.limit) ** BUCKETS) or not last
        return still and self.loses(self.later, self.end)[0] > self.limit


def flattening(curve: Curve) -> Flattening:
    """What a curve does. Law: of a flat curve, bounds within the limit; of a falling one, bounds above it."""
    limit = LOSES[curve.unit]
    if curve.ever:
        return Flattening(Shape.OPEN, limit)
    judged = curve.last if curve.judged is None else curve.judged
    courses = [course for end in range(judged, BUCKETS, -1) if (course := _course(curve, end)).size >= SMALL]
    if not courses:
        return Flattening(Shape.FEW, limit)
    last, *shorter = courses
    if last.gone is not None:
        return replace(_told(Shape.GONE, last, last.gone), loses=NOTHING)
    if last.falls:
        return _told(Shape.FALLS, last, last.later)
    able = (course for course in shorter if last.loses(course.end, last.end)[0] <= limit)
    found = next(filter(None, map(_rest, (last, *able))), None)
    return found or _told(Shape.UNSURE, last, last.later)


def _course(curve: Curve, end: int) -> Course:
    mature = curve.mature(end)
    kept = tuple(sum(each.kept[bucket] for each in mature) for bucket in range(end + 1))
    return Course(kept[0], kept, LOSES[curve.unit])


def _rest(course: Course) -> Flattening | None:
    """The earliest start from which it is flat to its end."""
    for start in range(1, course.end - BUCKETS + 1):
        if course.is_flat(start):
            rest = course.kept[start:]
            return _told(Shape.FLATTENS, course, start, Fraction(sum(rest), course.size * len(rest)))
    return None


def _told(shape: Shape, course: Course, start: int, level: Fraction | None = None) -> Flattening:
    loses = course.loses(start, course.end)
    return Flattening(shape, course.limit, start, course.end, loses, level, course.size)
