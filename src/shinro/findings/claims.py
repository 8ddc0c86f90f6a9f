"""Traction: what can be said of the path walked, each claim with what it rests on; what must not be said, and why."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import Enum
from fractions import Fraction

from shinro.entries import Checkpoint
from shinro.findings.forecasts import MilestoneOdds
from shinro.periods import Grain, Period
from shinro.problems import Problem
from shinro.series import Mark, Meaning, Segment


class Shape(Enum):
    """What kind of sentence a claim is."""

    TIMES = "times"  # N times in N months: counts and money
    POINTS = "points"  # from x % to y %: rates that rose, or that fell where lower is better
    SCORE = "score"  # from x to y where times and points mean nothing (a score, days)
    FROM_ZERO = "from zero"  # next to nothing at first, so no multiple


class Kept(Enum):
    """How a claim or a condition stands to what was promised."""

    ON_TIME = "on time"
    EARLY = "early"
    LATE = "late"
    MISSED = "missed"
    AHEAD_OF_US = "to come"
    WAITING = "waiting"  # its day has passed, and what it reads then is not final yet
    HOLDING = "holding"  # it holds already, and its day is still to come
    MOVED = "moved"  # reached as it stands now; as it was declared first it was not
    UNKNOWN = "unknown"  # its day has passed, and the record does not hold what it read then
    UNPLANNED = "unplanned"  # no declared milestone speaks of it
    UNDATED = "undated"  # it holds from the first reading in the record on: since when is not shown
    RETROSPECTIVE = "retrospective"  # declared after it was reached, or after its day


@dataclass(frozen=True, slots=True)
class Step:
    """One published period of a metric. `seq` is the entry that holds it now; `was` what stood there before."""

    period: Period
    value: Fraction | None
    seq: int
    mark: Mark = Mark.COMPLETE
    over: Fraction | None = None
    base: Fraction | None = None
    published: date | None = None  # the day of that entry
    late: bool = False  # written after the next period had ended too
    definition: str = ""  # the hash of the normal form that it was measured by
    was: tuple[Was, ...] = ()  # older values, oldest first


@dataclass(frozen=True, slots=True)
class Was:
    """A value that stood in a period before it was restated, when it was published, and why it changed."""

    value: Fraction | None
    seq: int
    published: date
    reason: str = ""
    over: Fraction | None = None
    base: Fraction | None = None
    definition: str = ""


@dataclass(frozen=True, slots=True)
class Track:
    """A metric's published path, every period of it, oldest first, at the declared cadence."""

    meaning: Meaning
    grain: Grain
    steps: tuple[Step, ...]
    segment: Segment = ()

    @property
    def metric(self) -> str:
        """The metric's name."""
        return self.meaning.metric

    @property
    def final(self) -> tuple[Step, ...]:
        """The periods that are final, those whose value is undefined among them."""
        return tuple(step for step in self.steps if step.mark is Mark.COMPLETE)

    @property
    def complete(self) -> tuple[Step, ...]:
        """The periods that are final and have a value."""
        return tuple(step for step in self.final if step.value is not None)


@dataclass(frozen=True, slots=True)
class Pledge:
    """What a claim or a level has to do with a declared milestone; `title` None: unplanned."""

    kept: Kept
    title: str | None = None
    text: str = ""  # the condition as it was declared
    due: date | None = None
    declared: date | None = None
    reached: date | None = None  # the last day of the period from which on it held
    seq: int | None = None  # the entry that declared it
    metric: str | None = None
    grain: Grain | None = None  # of the periods that it was read in
    ended: Period | None = None  # the last period in which it held, where it does no more in the last published one
    first: Kept | None = None  # how it was kept by the figures first published, where that is worse
    breaks: bool = False  # whether a period in which it did not hold, or none that is known, lies between
    earlier: int = 0  # periods before `reached` in which it held too
    unseen: bool = False  # whether no known reading lies between the last of these and the run that `reached` begins
    ahead: bool = False  # its day is still to come: where it is missed, it was so as it was promised before
    on_day: Fraction | None = None  # what the data read on its very day, where the period end before it said otherwise


@dataclass(frozen=True, slots=True)
class Claim:
    """One sentence of traction: from where to where, over which published periods, with everything that it rests on.

    `factor` is last over first (TIMES), `change` last less first. `interval` is Wilson's for the last value, where its
    base is below 30. `marks` are the rules that it must be read with (R602, R605, R611, R612, R613 ...).
    """

    shape: Shape
    track: Track
    first: Step
    last: Step
    months: int
    change: Fraction
    factor: Fraction | None
    pledge: Pledge
    strength: Fraction  # 0 to 1: what it is ranked by
    interval: tuple[Fraction, Fraction] | None = None
    marks: tuple[Problem, ...] = ()
    beside: tuple[Claim, ...] = ()  # what it must not stand without (NRR with GRR; LTV with churn)
    written: str = ""  # the company's own sentence, where it wrote one

    @property
    def meaning(self) -> Meaning:
        """What its numbers mean."""
        return self.track.meaning


@dataclass(frozen=True, slots=True)
class Refused:
    """A claim that the company wrote and that is not told, with the rules that refuse it."""

    text: str
    metric: str
    problems: tuple[Problem, ...]


@dataclass(frozen=True, slots=True)
class Former:
    """A milestone as it was declared before it was moved, and what became of that."""

    due: date
    declared: date
    moved: date  # the day on which it was replaced
    kept: Kept
    texts: tuple[str, ...]  # its conditions as declared
    seq: int
    title: str = ""  # what it was called then


@dataclass(frozen=True, slots=True)
class Promise:
    """A milestone as it was declared, and what became of it, condition by condition; `moved` are its earlier forms."""

    title: str
    due: date
    declared: date | None
    kept: Kept
    conditions: tuple[Pledge, ...]
    moved: tuple[Former, ...] = ()  # oldest first
    cause: str = ""  # of a miss: `execution` or `hypothesis`, as a review said it
    seq: int | None = None  # the entry that declared it as it stands
    given_up: date | None = None  # the day on which it was taken out of the project; it stays a promise
    ahead: bool = False  # its day is still to come, whatever became of what it promised before
    restated: tuple[Pledge, ...] = ()  # conditions, of its earlier forms too, that are better for a restated figure
    dropped: tuple[Pledge, ...] = ()  # unmet, of earlier forms, of metrics that it promises nothing of now


@dataclass(frozen=True, slots=True)
class Low:
    """A lowlight: a metric that fell or is behind, or a milestone that was missed or late. `key` is its sentence."""

    key: str
    metric: str | None
    track: Track | None = None
    promise: Promise | None = None
    args: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Cohorts:
    """A triangle of cohorts, whole: a row a cohort with its size, a share a period since; None where not yet due."""

    meaning: Meaning
    grain: Grain
    rows: tuple[tuple[Period, Fraction, tuple[Fraction | None, ...]], ...]


@dataclass(frozen=True, slots=True)
class Concentration:
    """How much of the money comes from the largest customers. `names` are shown only where the company allows it."""

    meaning: Meaning
    customers: int
    shares: tuple[tuple[str, Fraction], ...]  # the largest, biggest first; names are empty where they are hidden
    period: Period
    named: bool = False

    @property
    def top(self) -> Fraction:
        """The share of those together."""
        return sum((share for _, share in self.shares), Fraction(0))


@dataclass(frozen=True, slots=True)
class Told:
    """What was told to this audience the last time."""

    day: date
    seq: int
    metrics: tuple[str, ...]
    period: Period | None = None  # the days that were told of


@dataclass(frozen=True, slots=True)
class Tale:
    """All of a traction report, as values."""

    company: str
    audience: str
    as_of: date
    period: Period
    grain: Grain
    headline: Track | None
    supports: tuple[Track, ...]
    claims: tuple[Claim, ...]  # strongest first
    refused: tuple[Refused, ...]
    promises: tuple[Promise, ...]
    lows: tuple[Low, ...]
    cohorts: tuple[Cohorts, ...] = ()
    cash: tuple[Track, ...] = ()  # cash, burn, runway, as far as they are metrics of the project
    concentration: Concentration | None = None
    words: str = ""  # the founder's own
    asks: tuple[str, ...] = ()
    odds: tuple[MilestoneOdds, ...] = ()
    last_told: Told | None = None
    told_others: tuple[str, ...] = ()  # other audiences that were told before
    dropped: tuple[Track, ...] = ()  # told last time, not this time
    told: tuple[Track, ...] = ()  # every metric whose numbers are told, in the order of `headline`, `supports`, others
    unrecorded: tuple[str, ...] = ()  # milestones of the project that the record does not hold
    published: bool = False  # that it is told goes into the record
    problems: tuple[Problem, ...] = ()  # rules on the report as a whole
    checkpoint: Checkpoint | None = None
