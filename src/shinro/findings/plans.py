"""What working back and "what if" found: levers and levels, conditions through the tree, why a goal is out of reach.

Levels and values are exact; efforts and probabilities are floats, since nothing adds up from them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import Enum
from fractions import Fraction
from math import ceil, floor

from shinro.periods import Grain, Period
from shinro.series import Meaning


class Origin(Enum):
    """Where a limit of a lever comes from."""

    WRITTEN = "written"  # `planning: bounds` says so
    NATURAL = "natural"  # a share ends at 0 and 1, a count at 0
    ASSUMED = "assumed"  # nothing is said: at most twice, at least half


class Prefer(Enum):
    """Which plan is wanted of all that reach the milestones."""

    EFFORT = "effort"  # the least effort, by weights
    LEVERS = "levers"  # the fewest levers


@dataclass(frozen=True, slots=True)
class Lever:
    """A driver: where it stands, how far it may be moved and which way. `direction` 0: it is held where it is.

    Units: the metric's own, per period of the plan where it flows.
    """

    metric: str
    meaning: Meaning
    start: Fraction
    limit: Fraction  # the farthest that it may be moved to
    direction: int
    weight: Fraction = Fraction(1)
    origin: Origin = Origin.WRITTEN
    whole: bool = False
    beyond: bool = False  # it stands past its bound already: the plan counts on the bound alone
    known: bool = True  # False: nothing is measured of it, and it starts where its range does
    floor: Fraction | None = None  # the near end of its range, where it stands outside: to be reached by the first knot


def brought(path: Sequence[Fraction], season: Sequence[Fraction], top: Fraction | None) -> tuple[Fraction, ...]:
    """What levels bring with a season, where it takes none of them over the top."""
    pairs = zip(path, season, strict=False)
    return tuple(level * by if top is None else min(level * by, max(top, level)) for level, by in pairs)


@dataclass(frozen=True, slots=True)
class PlannedLever:
    """A lever and its level in every period of the plan; `knots` are the levels at the milestones.

    `season`: what each level is multiplied by in its period; () for a driver without a season.
    """

    lever: Lever
    path: tuple[Fraction, ...]
    knots: tuple[Fraction, ...]
    season: tuple[Fraction, ...] = ()
    top: Fraction | None = None  # its written bound from above, which no season passes

    @property
    def brought(self) -> tuple[Fraction, ...]:
        """What the levels bring in each period, with the season."""
        return brought(self.path, self.season, self.top) if self.season else self.path

    @property
    def steps(self) -> tuple[Fraction, ...]:
        """What is to be brought in each period, in whole things where it counts them."""
        if not (self.season and self.lever.whole):
            return self.brought
        return tuple(Fraction(ceil(each) if self.lever.direction >= 0 else floor(each)) for each in self.brought)

    @property
    def moved(self) -> bool:
        """Whether the plan moves it at all."""
        return any(level != self.lever.start for level in self.path)


@dataclass(frozen=True, slots=True)
class PlannedCondition:
    """A condition of a milestone: what it would read if nothing changed, and what with the plan, through the tree.

    Units: as the condition is read (per its own period, pooled over its own time).
    """

    milestone: str
    text: str
    meaning: Meaning
    op: str
    level: Fraction
    period: Period  # the period of the plan in which it is read
    unchanged: Fraction | None
    planned: Fraction | None
    holds: bool

    @property
    def metric(self) -> str:
        """The metric's name."""
        return self.meaning.metric


@dataclass(frozen=True, slots=True)
class Alone:
    """One bound that, moved alone, would do; `needed` None: no level of this driver alone would."""

    lever: Lever
    needed: Fraction | None


@dataclass(frozen=True, slots=True)
class Shortfall:
    """A condition that nothing within the bounds reaches: the best there is, and what alone would do."""

    condition: PlannedCondition
    best: Fraction | None
    alone: tuple[Alone, ...]
    month: Period | None  # the first period in which the bounds allow it; None: not within three years of the day
    given_up: Fraction | None  # of the level, where the best is settled for: 2/5 is 40 %
    late: int = 0  # periods that `month` is later
    ahead: int = 1  # periods that there are

    @property
    def least(self) -> Alone | Period | None:
        """What is given up least of: one bound, the day, or (None) the level itself; each as a share of itself."""
        options: list[tuple[Fraction, int, Alone | Period | None]] = [
            (abs(each.needed - each.lever.limit) / abs(each.lever.limit), n, each)
            for n, each in enumerate(self.alone)
            if each.needed is not None and each.lever.limit
        ]
        if self.month:
            options.append((Fraction(self.late, self.ahead), len(options), self.month))
        if self.given_up is not None:
            options.append((self.given_up, len(options), None))
        return min(options, default=(Fraction(0), 0, None))[2]


@dataclass(frozen=True, slots=True)
class Worth:
    """What one more step of a driver, from now on, is worth at a milestone."""

    lever: Lever
    step: Fraction  # a point of a share, else a tenth of where it stands; in the direction that helps
    gains: tuple[tuple[PlannedCondition, Fraction], ...]


@dataclass(frozen=True, slots=True)
class Easing:
    """What a plan would cost if one binding condition were due one period later, or one bound a little wider.

    `later`: by how much, where that is not one of the plan's own periods (a quarter, in a plan of months).
    """

    condition: PlannedCondition | None
    lever: Lever | None
    effort: float
    later: Grain | None = None


@dataclass(frozen=True, slots=True)
class Rung:
    """One step of working back from a goal: how many are needed, rounded up; `rate` is what led here."""

    metric: str
    meaning: Meaning
    needed: Fraction
    rate: tuple[str, Fraction] | None = None
    capacity: Fraction | None = None  # the most that `planning` allows
    given: Fraction | None = None  # before rounding up
    rate_meaning: Meaning | None = None
    mean: bool = False  # worked out from what was before rounding: the plan does with less than one rounds up to


@dataclass(frozen=True, slots=True)
class Chance:
    """The probability that all conditions of a milestone hold: as things are, and with the plan."""

    milestone: str
    unchanged: float
    planned: float
    wanted: float | None = None
    margins: tuple[tuple[Meaning, float], ...] = ()  # how far beyond each condition's level the plan aims, a share
    most: float | None = None  # the most that the bounds allow; None: nobody knows
    forecast: float | None = None  # with the trends and seasons of the drivers, as `shinro plan` tells it


@dataclass(frozen=True, slots=True)
class Untold:
    """Milestones of which no probability can be told, and why: a metric and a catalog key, as `shinro plan` has it."""

    milestones: tuple[str, ...] = ()
    why: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Assumption:
    """An influence that the plan takes for an equation: this many of `to` follow one of `from_`, so much later."""

    from_: str
    to: str
    rate: Fraction
    lag: int
    status: str


@dataclass(frozen=True, slots=True)
class Plan:
    """Driver levels that lead to the milestones, or the best that the bounds allow and why that is not enough."""

    as_of: date
    grain: Grain
    base: Period  # the last complete period
    periods: tuple[Period, ...]
    knots: tuple[tuple[Period, tuple[str, ...]], ...]  # the periods that milestones are read in
    levers: tuple[PlannedLever, ...]
    conditions: tuple[PlannedCondition, ...]
    effort: float
    prefer: Prefer = Prefer.EFFORT
    shortfalls: tuple[Shortfall, ...] = ()
    worths: tuple[Worth, ...] = ()
    easings: tuple[Easing, ...] = ()
    ladders: tuple[tuple[Rung, ...], ...] = ()
    assumptions: tuple[Assumption, ...] = ()
    chances: tuple[Chance, ...] = ()
    untold: Untold = Untold()
    unread: tuple[tuple[str, str], ...] = ()  # conditions that no plan can be made for, and a catalog key that says why
    silent: tuple[str, ...] = ()  # drivers of whose noise nothing is known
    constant: tuple[str, ...] = ()  # drivers that never varied
    held_back: tuple[tuple[Meaning, Fraction, Fraction], ...] = ()  # what drivers bring beyond a bound: it, and that
    from_zero: tuple[str, ...] = ()  # a scenario of a company without data: these start at 0, drivers in their ranges
    bursts: Mapping[str, tuple[Period, ...]] = field(default_factory=dict)  # periods left out of where a driver stands
    earlier: Mapping[str, Period] = field(default_factory=dict)  # where the numbers of a driver end before the base
    exact: bool = True  # every driver moves every condition one way: what cannot be reached surely cannot

    @property
    def feasible(self) -> bool:
        """Whether every condition that could be read holds with the plan."""
        return not self.shortfalls and all(condition.holds for condition in self.conditions)


@dataclass(frozen=True, slots=True)
class Move:
    """One change that is tried: of which metric, from when on."""

    text: str
    metric: str
    first: Period
    before: Fraction | None
    after: Fraction | None
    meaning: Meaning | None = None
    passed: bool = False  # the day that it was to begin on is over: it begins with the first period to come
    stopped: bool = False  # it goes no farther than a share or a count can


@dataclass(frozen=True, slots=True)
class Outcome:
    """A metric in a period, before and after the changes."""

    meaning: Meaning
    period: Period
    before: Fraction | None
    after: Fraction | None


@dataclass(frozen=True, slots=True)
class Sensitivity:
    """What the star, at the end, gains if one driver were a tenth better than it is, from now on."""

    driver: str
    meaning: Meaning
    step: Fraction  # +1/10, or -1/10 where less is better
    gain: Fraction
    share: Fraction | None  # of the star's level


@dataclass(frozen=True, slots=True)
class WhatIf:
    """What changes would do to the star and to the milestones."""

    as_of: date
    grain: Grain
    base: Period
    moves: tuple[Move, ...]
    star: str | None
    outcomes: tuple[Outcome, ...]  # the star's, period by period
    conditions: tuple[PlannedCondition, ...]
    sensitivities: tuple[Sensitivity, ...]
    chances: tuple[Chance, ...] = ()
    untold: Untold = Untold()
    assumptions: tuple[Assumption, ...] = ()
    unread: tuple[tuple[str, str], ...] = ()
