"""What is read of a company today: metrics, milestones, months, the three answers, and all of it together."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from fractions import Fraction

from shinro.findings.actions import Action
from shinro.findings.explanations import Explanation
from shinro.findings.forecasts import KeptOdds
from shinro.periods import Grain, Period
from shinro.problems import Problem
from shinro.series import Meaning, Point, Segment, State


@dataclass(frozen=True, slots=True)
class Reading:
    """Where one metric is, whole or for one segment. `state` and `pace` None: nothing to compare with.

    `state` judges the last complete period (a stock: today's value) against its target; `pace` judges the running
    period of a flow against `due`, the share of its target that its elapsed working days should have brought.
    """

    meaning: Meaning
    grain: Grain
    now: Point | None  # the running period; for a stock today's value
    last: Point | None  # the last complete period
    before: Point | None  # the complete period before that; for a stock the last one that was over before today
    year_ago: Point | None  # the same a year earlier
    target: Fraction | None = None  # of the period of `last`
    target_now: Fraction | None = None  # of the running period
    due: Fraction | None = None
    state: State | None = None
    pace: State | None = None
    trend: tuple[Point, ...] = ()  # oldest first, at most 12 periods up to the newest that is complete
    interval: tuple[Fraction, Fraction] | None = None  # Wilson 95 %, where the base of a share is below 30
    segment: Segment = ()
    owners: tuple[str, ...] = ()
    department: str | None = None
    focus: bool = False
    known_until: date | None = None

    @property
    def metric(self) -> str:
        """The metric's name."""
        return self.meaning.metric


@dataclass(frozen=True, slots=True)
class ConditionReading:
    """One condition of a milestone: what it asks, what is read, over which days."""

    text: str
    metric: str
    meaning: Meaning
    op: str
    level: Fraction
    value: Fraction | None
    period: Period | None  # the days that the value was read over; a single day for a stock
    state: State
    progress: Fraction | None  # from the baseline to the level: 0 to 1 and beyond; None where they are equal or unknown
    expected: Fraction | None = None  # the path's level today
    holds: bool | None = None  # today; None where it cannot be told
    gap: Period | None = None  # of the periods that are added up, the first in which a part of the rate is undefined
    missing: Period | None = None  # of one whose day has come: what decides, where it is not known
    recorded: tuple[date, Fraction] | None = (
        None  # the record's last period end by its day, where that decides otherwise
    )


@dataclass(frozen=True, slots=True)
class MilestoneReading:
    """One milestone, with each of its conditions."""

    title: str
    due: date | None
    state: State
    conditions: tuple[ConditionReading, ...]
    days_left: int | None
    early: bool = False  # every condition holds before its day


@dataclass(frozen=True, slots=True)
class Goal:
    """A level that a milestone asks for, and the month that it is read in."""

    month: Period
    level: Fraction
    title: str


@dataclass(frozen=True, slots=True)
class Months:
    """A metric month by month: what was, and what was and is meant. `targets` reach on to the last goal's month."""

    meaning: Meaning
    points: tuple[Point, ...]  # oldest first; the running month is marked incomplete
    targets: tuple[tuple[Period, Fraction], ...] = ()
    goals: tuple[Goal, ...] = ()

    @property
    def metric(self) -> str:
        """The metric's name."""
        return self.meaning.metric


@dataclass(frozen=True, slots=True)
class Answer:
    """One of the three closing questions, answered from the project: a catalog key with its arguments."""

    question: int
    fine: bool
    key: str
    args: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Freshness:
    """How far a table is known."""

    table: str
    source: str
    rows: int
    rejected: int
    newest: date | None
    known_until: date | None
    files: tuple[str, ...]
    seconds: float
    read_at: datetime | None = None  # of a server's table that was not read again now


@dataclass(frozen=True, slots=True)
class Status:
    """Where we are."""

    company: str
    as_of: date
    star: Reading | None
    focus: tuple[Reading, ...]
    departments: tuple[tuple[str, tuple[Reading, ...]], ...]
    segments: tuple[Reading, ...]  # where a target is set by rep or channel
    others: tuple[Reading, ...]  # asked for with --all
    milestones: tuple[MilestoneReading, ...]
    answers: tuple[Answer, ...]
    problems: tuple[Problem, ...]
    freshness: tuple[Freshness, ...]
    unmeasured: tuple[tuple[str, str], ...] = ()  # metric, why: a catalog key
    why: Explanation | None = None  # the star stands where it does
    odds: KeptOdds | None = None  # of the milestones, as they were found last
    actions: tuple[Action, ...] = ()  # of the reviews, those that are open
