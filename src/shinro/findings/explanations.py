"""Explanations: why a number moved or missed, which driver is the bottleneck, whose it is and what is done about it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from fractions import Fraction

from shinro.findings.effects import Verdict
from shinro.findings.gaps import Decomposition, Kind, Leaf, NotTimes, Times
from shinro.findings.segments import SegmentFindings
from shinro.findings.stages import Funnel
from shinro.periods import Grain, Period
from shinro.series import Meaning


class Basis(Enum):
    """What a number is held against."""

    TARGET = "target"
    LAST = "last"  # the period before
    YEAR = "year"  # the same period a year earlier
    GIVEN = "given"  # a period that was asked for


class Rule(Enum):
    """By which rule a driver is called the bottleneck; they need not agree, so each answer names its own."""

    COSTS_MOST = "costs_most"  # the largest part of the gap, in the direction that is bad
    LOWEST = "lowest"  # the worst against its own past
    WORTH_MOST = "worth_most"  # the most to be gained for the star


class Lift(Enum):
    """To which level a driver is thought to return."""

    TARGET = "target"
    BEST_QUARTER = "best_quarter"
    TENTH = "tenth"  # 10 % better than it is


@dataclass(frozen=True, slots=True)
class Doing:
    """An initiative on a driver, and what can be said of it."""

    name: str
    verdict: Verdict | None = None  # None: nobody has looked yet


@dataclass(frozen=True, slots=True)
class Bottleneck:
    """A driver that one rule names, with whose it is.

    `amount`: its part of the gap, or what its return to `level` would bring, in the unit of the explained metric.
    `rank` of `of`: how many of its own complete periods, this one among them, were no better than this one.
    """

    rule: Rule
    metric: str
    meaning: Meaning
    value: Fraction | None
    amount: Fraction | None = None
    lift: Lift | None = None
    level: Fraction | None = None
    rank: int | None = None
    of: int | None = None
    owners: tuple[str, ...] = ()
    department: str | None = None
    doing: tuple[Doing, ...] = ()
    segments: SegmentFindings | None = None  # of the driver, where it was cut
    kind: Kind = Kind.METRIC
    back: int = 0  # of what a metric was before: how many periods


@dataclass(frozen=True, slots=True)
class Loss:
    """What the drivers of one department brought to the gap. `department` None: drivers that nobody owns.

    Law: the losses, and what of the gap no driver holds, add up to the gap, exactly.
    """

    department: str | None
    amount: Fraction
    drivers: tuple[Leaf, ...]


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why a metric stands where it does, held against a basis. `gap` None: `why` says what is missing for one."""

    meaning: Meaning
    grain: Grain
    basis: Basis
    period: Period | None
    against: Period | None  # the period that it is held against; of a target its own
    gap: Decomposition | None
    meanings: Mapping[str, Meaning] = field(default_factory=dict)
    bottlenecks: tuple[Bottleneck, ...] = ()
    losses: tuple[Loss, ...] = ()
    segments: SegmentFindings | None = None
    why: str | None = None  # a catalog key
    stages: Funnel | None = None  # of a funnel's metrics: its steps, and the narrowest of them
    times: Times | NotTimes | None = None  # asked for: the change as a product
    beside: Explanation | None = None  # against the period before, where the target could not be split

    @property
    def metric(self) -> str:
        """The metric's name."""
        return self.meaning.metric
