"""Forecasts: what may come of a metric, and how likely the milestones are to hold.

Floats throughout: these are statistics of sampled paths, and no sum is made of them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import Enum

from shinro.periods import Grain, Period
from shinro.series import Meaning, Point

MOST = 60  # periods ahead at most: beyond, nothing honest can be said
LEVELS = (0.025, 0.1, 0.25, 0.5, 0.75, 0.9, 0.975)  # the quantiles that a fan tells


class How(Enum):
    """What a forecast was made from."""

    OWN = "own"  # the metric's own past
    TREE = "tree"  # its drivers, through the tree
    SCENARIO = "scenario"  # ranges that the company gives, no past


@dataclass(frozen=True, slots=True)
class Remark:
    """Something that was seen in a past and handled: a catalog key with its arguments."""

    metric: str
    key: str
    args: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Step:
    """One period to come: the quantiles at `LEVELS`, in the metric's unit."""

    period: Period
    quantiles: tuple[float, ...]

    @property
    def median(self) -> float:
        """What is as likely to be passed as not."""
        return self.quantiles[len(self.quantiles) // 2]


@dataclass(frozen=True, slots=True)
class Backtest:
    """The same forecast made at earlier dates of the same past, beside what came.

    `inside` of `tried` values fell within the 80 % interval; `error` and `naive` are mean absolute errors, in the
    metric's unit, of the median and of saying that the last value stays.
    """

    tried: int
    inside: int
    error: float
    naive: float

    @property
    def gain(self) -> float | None:
        """The share of the naive forecast's error that is saved; negative where it is worse; None where that is 0."""
        return 1 - self.error / self.naive if self.naive else None


@dataclass(frozen=True, slots=True)
class Forecast:
    """What may come of one metric."""

    meaning: Meaning
    grain: Grain
    as_of: date
    how: How
    past: tuple[Point, ...]
    steps: tuple[Step, ...]
    drivers: tuple[str, ...] = ()
    remarks: tuple[Remark, ...] = ()
    backtest: Backtest | None = None

    @property
    def metric(self) -> str:
        """The metric's name."""
        return self.meaning.metric


@dataclass(frozen=True, slots=True)
class ConditionOdds:
    """How likely one condition is to hold on its milestone's day. `probability` None: nothing can be said.

    `missing`: what it reads on the day that is over, and has no number.
    """

    text: str
    metric: str
    meaning: Meaning
    probability: float | None
    how: How | None = None
    reached: date | None = None  # the first day from which it is more likely than not to hold
    ends: date | None = None  # and the day by which it no longer is; None where that lasts as far as was looked
    median: float | None = None  # what it will read on the day, as likely passed as not
    missing: Period | None = None


@dataclass(frozen=True, slots=True)
class Once:
    """What would have been said as of an earlier day, of all conditions and of each in their order."""

    as_of: date
    probability: float | None
    conditions: tuple[float | None, ...]


@dataclass(frozen=True, slots=True)
class MilestoneOdds:
    """How likely all conditions of a milestone are to hold on its day, jointly; and as of earlier days."""

    title: str
    due: date
    probability: float | None
    conditions: tuple[ConditionOdds, ...]
    reached: date | None = None
    ends: date | None = None
    earlier: tuple[tuple[date, float | None], ...] = ()  # as of these days, oldest last
    trend: tuple[Once, ...] = ()  # week by week up to a week ago, oldest first

    @property
    def weakest(self) -> ConditionOdds | None:
        """The condition that most likely fails."""
        known = [each for each in self.conditions if each.probability is not None]
        return min(known, key=lambda each: each.probability or 0.0) if known else None


@dataclass(frozen=True, slots=True)
class Prospects:
    """The milestones to come, and what was seen in the pasts that they rest on."""

    as_of: date
    milestones: tuple[MilestoneOdds, ...]
    remarks: tuple[Remark, ...] = ()
    unmeasured: tuple[tuple[str, str], ...] = ()  # metric, why: a catalog key

    @property
    def untold(self) -> tuple[tuple[str, str], ...]:
        """All metrics that leave a milestone without a probability, and why: those with gaps among them."""
        conditions = (each for milestone in self.milestones for each in milestone.conditions)
        gaps = dict.fromkeys((each.metric, "forecast.gap") for each in conditions if each.missing)
        return (*self.unmeasured, *gaps)


@dataclass(frozen=True, slots=True)
class KeptOdds:
    """The milestones' probabilities as they were found last, by title; None where they were of another state."""

    as_of: date
    chances: Mapping[str, float | None] | None
