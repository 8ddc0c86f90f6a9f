"""Cohorts: those who began in the same period, how many of them are active in each later one, and their curve."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction

from shinro.periods import Grain, Period
from shinro.series import Segment


@dataclass(frozen=True, slots=True)
class Cohort:
    """All who began in a period. `kept` counts those active so many periods later, bucket 0 being their own period.

    The first `complete` buckets are over; those behind them run, or are not known to their end. Buckets that have not
    begun are not there; nor are `unknown` more, which have, and lie behind the known days.
    """

    period: Period
    kept: tuple[int, ...]
    complete: int
    unknown: int = 0

    @property
    def size(self) -> int:
        """How many began."""
        return self.kept[0]

    def up_to(self, last: int) -> Cohort:
        """The same without the buckets after the last."""
        kept = self.kept[: last + 1]
        unknown = min(self.unknown, max(last + 1 - len(self.kept), 0))
        return replace(self, kept=kept, complete=min(self.complete, last + 1), unknown=unknown)

    def rate(self, bucket: int) -> Fraction | None:
        """The share that is kept; None where nobody began, or the bucket is not there."""
        return Fraction(self.kept[bucket], self.size) if self.size and bucket < len(self.kept) else None


@dataclass(frozen=True, slots=True)
class Pooled:
    """One bucket over all cohorts that are mature at it."""

    bucket: int
    cohorts: int
    size: int
    kept: int

    @property
    def rate(self) -> Fraction | None:
        """The share that is kept; None where no cohort is mature."""
        return Fraction(self.kept, self.size) if self.size else None


@dataclass(frozen=True, slots=True)
class Curve:
    """A metric's cohorts in order of time, of one segment (empty for the whole), by buckets 0 to `last`.

    `judged`: the last bucket by which it is said what the curve does, however many are shown; None: `last`. Cohorts may
    have more buckets than are shown.
    """

    metric: str
    unit: Grain
    last: int
    cohorts: tuple[Cohort, ...]
    as_of: date
    segment: Segment = ()
    ever: bool = False  # counted in a bucket or in any later one
    each: bool = False  # every active period is a cohort
    population: str | None = None
    judged: int | None = None

    @property
    def shown(self) -> tuple[Cohort, ...]:
        """The cohorts with the buckets that are shown."""
        return tuple(each.up_to(self.last) for each in self.cohorts)

    def mature(self, bucket: int) -> tuple[Cohort, ...]:
        """The cohorts for which a bucket is complete."""
        return tuple(each for each in self.cohorts if each.complete > bucket)

    @property
    def pooled(self) -> tuple[Pooled, ...]:
        """Every bucket over the cohorts that are mature at it. Law: kept is at most size, and all of it in bucket 0."""
        return tuple(self._pooled(bucket) for bucket in range(self.last + 1))

    def _pooled(self, bucket: int) -> Pooled:
        mature = self.mature(bucket)
        size = sum(each.size for each in mature)
        return Pooled(bucket, len(mature), size, sum(each.kept[bucket] for each in mature))


@dataclass(frozen=True, slots=True)
class Paid:
    """All companies that first paid in a period: what they pay at the end of it, and of each later one, and how many.

    Law: no company that first paid in another period is ever in it. The first `complete` periods are over.
    """

    period: Period
    amounts: tuple[Fraction, ...]  # MRR
    companies: tuple[int, ...]
    complete: int

    def rate(self, later: int) -> Fraction | None:
        """What part of their first MRR is paid so many periods later; None where nothing was, or it is not there."""
        return self.amounts[later] / self.amounts[0] if self.amounts[0] and later < len(self.amounts) else None


@dataclass(frozen=True, slots=True)
class Revenue:
    """A recurring metric's cohorts in order of time, by the number of periods since they first paid, 0 to `last`."""

    metric: str
    unit: Grain
    last: int
    cohorts: tuple[Paid, ...]
    as_of: date
    currency: str
    policy: str | None = None

    def pooled(self, later: int) -> tuple[Fraction, Fraction, int]:
        """Of all cohorts that are so far: what they pay then, what they paid at first, how many cohorts they are."""
        mature = [each for each in self.cohorts if each.complete > later]
        return (
            sum((each.amounts[later] for each in mature), Fraction(0)),
            sum((each.amounts[0] for each in mature), Fraction(0)),
            len(mature),
        )
