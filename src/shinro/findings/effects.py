"""What initiatives did to their KPIs: the counterfactual, the effect with its interval, the control, the verdict.

Statistics are floats here, in the metric's own unit (a share is 0.04, not 4): they are estimates, nothing adds up from
them. Intervals are of 95 %.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import Enum
from fractions import Fraction

from shinro.periods import Grain, Period
from shinro.series import Meaning, Segment


class Verdict(Enum):
    """What can be said of an initiative, in the order in which they are ranked."""

    WORKED = "worked"
    NO_EFFECT = "no effect seen"
    OPPOSITE = "went the other way"
    CANNOT_TELL = "cannot tell"


class Placed(Enum):
    """How much was expected against the interval of what was seen, in the direction that was expected."""

    INSIDE = "inside"
    MORE = "more"  # was expected than was seen: of a fall, a deeper one
    LESS = "less"  # was expected than was seen


@dataclass(frozen=True, slots=True)
class Remark:
    """Something that must be said with an effect: a catalog key with its arguments."""

    key: str
    args: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Interval:
    """A number with its 95 % interval."""

    value: float
    low: float
    high: float

    @property
    def excludes_zero(self) -> bool:
        """Whether nothing at all lies outside of it."""
        return self.low > 0 or self.high < 0

    def within(self, low: float, high: float) -> Interval:
        """As far as it lies between two edges."""
        value, first, last = (min(max(each, low), high) for each in (self.value, self.low, self.high))
        return Interval(value, first, last)

    def times(self, factor: float) -> Interval:
        """The same, in another measure."""
        low, high = sorted((self.low * factor, self.high * factor))
        return Interval(self.value * factor, low, high)


@dataclass(frozen=True, slots=True)
class Estimate:
    """The effect on a series: on the mean of a period after the start, and over all of them."""

    mean: Interval
    total: Interval
    without: float  # the mean of a period as it would have been
    detectable: float  # the smallest mean effect that would be seen four times in five
    chance: float  # p, two-sided: how often as much is seen where nothing happened


@dataclass(frozen=True, slots=True)
class Control:
    """A series that the initiative did not touch and that moved with the KPI before the start."""

    metric: str
    segment: Segment  # the rest of a dimension, as the segments that it is pooled of; empty for a whole metric
    fit: float  # the share of the variance before the start that it explains, 0 to 1
    chance: float  # p that it moves with the KPI by accident
    parallel: float  # p of a break between the two before the start: small where they were not parallel
    twin: bool = False  # the same metric where the initiative did not reach: taken to move one for one


@dataclass(frozen=True, slots=True)
class Sight:
    """One period: what was, what would have been, with its interval; no counterfactual before the start."""

    period: Period
    actual: float | None
    without: Interval | None
    after: bool


@dataclass(frozen=True, slots=True)
class Expected:
    """What the team expected, as a mean effect a period of the window, and where it lies."""

    value: float
    placed: Placed | None  # None where nothing was estimated


@dataclass(frozen=True, slots=True)
class Gain:
    """An effect passed up the tree: how much more of the star a period brought."""

    metric: str
    meaning: Meaning
    mean: Interval


@dataclass(frozen=True, slots=True)
class Effect:
    """What one initiative did. `estimate` None: nothing can be estimated, and `remarks` say why."""

    initiative: str
    verdict: Verdict
    remarks: tuple[Remark, ...] = ()
    metric: str | None = None
    meaning: Meaning | None = None
    grain: Grain = Grain.WEEK
    segment: Segment = ()  # what it touches; empty: the whole metric
    first: date | None = None
    window: Period | None = None  # the whole periods after the start that were judged
    before: int = 0  # periods before the start that have a number
    after: int = 0
    missing: int = 0  # periods between the first and the last of them without a number
    estimate: Estimate | None = None
    control: Control | None = None  # None: the result is weak
    expected: Expected | None = None
    gain: Gain | None = None
    cost: Fraction | None = None
    currency: str | None = None
    owner: str = ""
    sights: tuple[Sight, ...] = ()

    @property
    def weak(self) -> bool:
        """Whether it stands on the KPI's own past alone."""
        return self.estimate is not None and self.control is None


@dataclass(frozen=True, slots=True)
class Effects:
    """Initiatives by what they gave the star for their cost, best first; those that cannot be told last."""

    as_of: date
    effects: tuple[Effect, ...]
