"""Segments of a gap: what each brought to it, and where it broke."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from fractions import Fraction

from shinro.periods import Grain, Period
from shinro.series import SMALL, Meaning, Segment


class Presence(Enum):
    """Whether a segment has rows before, after, or both; a segment of a ratio without a denominator has none."""

    BOTH = "both"
    ENTERED = "entered"
    LEFT = "left"


class Against(Enum):
    """What stands before: the period before, the same period a year ago, or the target."""

    LAST = "last"
    YEAR = "year"
    TARGET = "target"


@dataclass(frozen=True, slots=True)
class Side:
    """A metric of one segment in one period. A ratio has its parts; `value` None: undefined (0/0)."""

    value: Fraction | None
    over: Fraction | None = None
    base: Fraction | None = None

    @property
    def is_ratio(self) -> bool:
        """Whether it has parts, even if they are null."""
        return self.over is not None or self.base is not None

    @property
    def small(self) -> bool:
        """Whether a rate stands on fewer than 30."""
        return self.base is not None and self.base < SMALL


@dataclass(frozen=True, slots=True)
class SegmentLine:
    """What a segment brought to the gap. Of a ratio `change` is `mix` + `rate`; of an amount both are None.

    `lines` are its segments by the next dimension; they and `overlap` add up to `change`, exactly.
    """

    segment: Segment
    before: Side | None  # None: no rows
    after: Side | None
    change: Fraction
    mix: Fraction | None = None
    rate: Fraction | None = None
    presence: Presence = Presence.BOTH
    lines: tuple[SegmentLine, ...] = ()
    overlap: Fraction = Fraction(0)
    moved: Fraction | None = None  # of the change: what came in from elsewhere less what went there, of who stays

    @property
    def overlap_moved(self) -> Fraction | None:
        """What its lines' `moved` lack to its own, where several of them count one company; None without lines."""
        return _rest(self.moved, self.lines)

    @property
    def small(self) -> bool:
        """Whether one of its rates stands on fewer than 30."""
        return any(cell is not None and cell.small for cell in (self.before, self.after))


def _rest(moved: Fraction | None, lines: Sequence[SegmentLine]) -> Fraction | None:
    told = [line.moved for line in lines if line.moved is not None]
    return None if moved is None or not told else moved - sum(told)


@dataclass(frozen=True, slots=True)
class Reversal:
    """Simpson's paradox: every segment with a rate on both sides moved one way, the whole the other."""

    dimension: str
    rising: bool  # the segments' rates; the whole fell
    segments: int


@dataclass(frozen=True, slots=True)
class Split:
    """A gap cut by dimensions, the first outermost. Law: the lines' changes and `overlap` add up to `gap`, exactly."""

    dimensions: tuple[str, ...]
    before: Side
    after: Side
    gap: Fraction
    lines: tuple[SegmentLine, ...]  # the largest change first
    overlap: Fraction = Fraction(0)  # what counts in several segments, and who moved between them
    reversal: Reversal | None = None

    @property
    def overlap_moved(self) -> Fraction | None:
        """What the lines' `moved` lack to 0, where several of them count one company."""
        return _rest(Fraction(0), self.lines)

    @property
    def mix(self) -> Fraction:
        """What the shares of the segments brought."""
        return sum((line.mix or Fraction(0) for line in self.lines), Fraction(0))

    @property
    def rate(self) -> Fraction:
        """What the rates within the segments brought."""
        return sum((line.rate or Fraction(0) for line in self.lines), Fraction(0))


@dataclass(frozen=True, slots=True)
class Break:
    """A combination of dimension values that moved otherwise than expected; an empty one is the whole: everywhere.

    `change` is what it brought to the whole: observed less expected, of a ratio in the whole's rate.
    """

    segment: Segment
    observed: Side
    expected: Side
    change: Fraction
    score: float  # log-likelihood ratio in the noise's own unit, less the price of its dimensions
    share: Fraction | None = None  # of the whole's difference from what was expected; None where that is about 0
    since: Period | None = None  # from when on it has stood on its new level, where periods lie between


@dataclass(frozen=True, slots=True)
class Breaks:
    """Where a metric broke: combinations that together explain its change, the first found first."""

    against: Against
    breaks: tuple[Break, ...]
    others: tuple[Break, ...]  # the next best answers to the first question
    observed: Side  # the whole
    expected: Side
    leaves: int  # cells of all the dimensions
    weighed: int  # combinations
    before: Period | None = None  # what was expected from; None: the findings' own
    after: Period | None = None  # what was looked at: longer than the findings' own where that told nothing
    way: int = 0  # the way that what is sought moved: up (1) or down (-1); 0: either

    @property
    def agrees(self) -> bool:
        """Whether the whole moved the way that is sought, from what was expected of it."""
        return ((self.observed.value or 0) - (self.expected.value or 0)) * self.way > 0


@dataclass(frozen=True, slots=True)
class SegmentFindings:
    """A metric's gap by segment: split by each dimension, nested by all, and where it broke."""

    meaning: Meaning
    before: Period
    after: Period
    against: Against
    dimensions: tuple[str, ...]
    grain: Grain = Grain.MONTH
    splits: tuple[Split, ...] = ()  # one a dimension, the one whose segments differ most first
    nested: Split | None = None  # by all dimensions, where there are two or more
    breaks: Breaks | None = None
    cells: int = 0  # of all dimensions at once
    unsplit: str | None = None  # a catalog key that says why it is not cut
    by_definition: tuple[str, ...] = ()  # dimensions asked for that the metric's own definition decides: nothing broke
