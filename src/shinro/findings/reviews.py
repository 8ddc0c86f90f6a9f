"""Reviews: what a meeting is prepared with, what was decided in it, and what the record still knows of the last one.

In the record a review is one entry (REVIEW: where we stood) and one a decision, next action, cause, or new status of an
action (DECISION). Each DECISION names its review and its blank (`data["review"]`, `data["blank"]`), so that the same
answers are written once.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import Enum
from fractions import Fraction

from shinro.findings.actions import Action, Done
from shinro.findings.effects import Effects
from shinro.findings.forecasts import MilestoneOdds, Prospects
from shinro.findings.readings import MilestoneReading, Reading, Status
from shinro.periods import Grain, Period
from shinro.problems import Place
from shinro.series import Meaning, State


class Cause(Enum):
    """Why something was missed."""

    EXECUTION = "execution"  # what was to be done was not: drivers below their targets
    HYPOTHESIS = "hypothesis"  # it was done, and the result did not come: drivers met, result not


class Way(Enum):
    """What follows from a miss."""

    DATE = "date"  # the same, later
    LEVEL = "level"  # another level
    LEVER = "lever"  # the same goal by another lever
    STAY = "stay"  # nothing changes


class What(Enum):
    """What changed since the last review."""

    FOCUS_ADDED = "focus_added"
    FOCUS_DROPPED = "focus_dropped"
    TARGET_SET = "target_set"
    TARGET_MOVED = "target_moved"
    TARGET_DROPPED = "target_dropped"
    MILESTONE_SET = "milestone_set"
    MILESTONE_MOVED = "milestone_moved"
    MILESTONE_DROPPED = "milestone_dropped"


@dataclass(frozen=True, slots=True)
class Change:
    """One change: of which metric or milestone, how it was written before and now; `day` where an entry dates it."""

    what: What
    subject: str
    before: str = ""
    after: str = ""
    day: date | None = None


@dataclass(frozen=True, slots=True)
class Driven:
    """A driver of what was missed, over the days that count for it: what it read, what was meant, how it stands."""

    metric: str
    meaning: Meaning
    period: Period
    value: Fraction
    target: Fraction
    state: State
    owners: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Miss:
    """A milestone that was missed, or a KPI in focus that was behind in two reviews running.

    `proposed` None: no driver has a target that could be read, so that nothing can be proposed. `cause` is what a
    review has said of it already.
    """

    subject: str  # the milestone's title, or the metric
    is_kpi: bool
    milestone: MilestoneReading | None = None
    reading: Reading | None = None
    drivers: tuple[Driven, ...] = ()
    proposed: Cause | None = None
    reviews: int = 0  # of a KPI: in how many reviews running it was behind, this one among them
    cause: Cause | None = None

    @property
    def below(self) -> tuple[Driven, ...]:
        """The drivers that stayed below their targets."""
        return tuple(each for each in self.drivers if each.state is State.BEHIND)


@dataclass(frozen=True, slots=True)
class Held:
    """A review that is in the record: when, over which cycle, and what it found, as its entry holds it."""

    seq: int
    day: date
    grain: Grain
    data: Mapping[str, object]
    words: Mapping[str, str] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """What its decisions call it."""
        return review_name(self.day, self.grain)


@dataclass(frozen=True, slots=True)
class Review:
    """What a meeting is prepared with."""

    status: Status
    grain: Grain  # a week or a month: how often this meeting is held
    prospects: Prospects
    effects: Effects
    unjudged: tuple[str, ...] = ()  # initiatives that are over, without an effect or a verdict
    guardrail: Reading | None = None  # what must not suffer while the star rises
    last: Held | None = None
    others: bool = False  # whether reviews of another cycle are in the record
    actions: tuple[Action, ...] = ()  # those open at the last review, and what became of them since
    changes: tuple[Change, ...] = ()
    misses: tuple[Miss, ...] = ()
    targets: Mapping[str, str] = field(default_factory=dict)  # metric -> its target as written

    @property
    def day(self) -> date:
        """The day that its numbers are as of."""
        return self.status.as_of

    @property
    def name(self) -> str:
        """What its decisions call it."""
        return review_name(self.day, self.grain)

    @property
    def asked(self) -> tuple[Miss, ...]:
        """The misses whose cause nobody has said yet."""
        return tuple(each for each in self.misses if each.cause is None)

    def odds(self, title: str) -> MilestoneOdds | None:
        """How likely a milestone is to hold."""
        return next((each for each in self.prospects.milestones if each.title == title), None)


def review_name(day: date, grain: Grain) -> str:
    """What a review's decisions call it: `2026-11-26 week`."""
    return f"{day.isoformat()} {grain.value}"


@dataclass(frozen=True, slots=True)
class Decision:
    """What was decided, in free words."""

    blank: str
    text: str


@dataclass(frozen=True, slots=True)
class NextAction:
    """What somebody will do: who, until when, for which KPI."""

    blank: str
    text: str
    owner: str = ""
    due: date | None = None
    kpi: str = ""


@dataclass(frozen=True, slots=True)
class Settled:
    """What became of an action of the last review; OPEN with a day: moved to it."""

    blank: str
    action: Action
    done: Done
    due: date | None = None


@dataclass(frozen=True, slots=True)
class Onward:
    """The way on from a miss, as it was answered: a day, a level, or an initiative; written only where `write` says so.

    `condition` is the level as a whole condition of a milestone, or a target's level. A lever moves `metric` by
    `expect`, and is called `name`.
    """

    way: Way
    date: date | None = None
    condition: str = ""
    metric: str = ""
    expect: str = ""
    name: str = ""
    write: bool = False
    place: Place | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class Reason:
    """Why something was missed, as the meeting said it, and how to go on."""

    blank: str
    miss: Miss
    cause: Cause
    note: str = ""
    onward: Onward | None = None


@dataclass(frozen=True, slots=True)
class Taken:
    """All that a meeting decided."""

    decisions: tuple[Decision, ...] = ()
    actions: tuple[NextAction, ...] = ()
    settled: tuple[Settled, ...] = ()
    reasons: tuple[Reason, ...] = ()

    @property
    def count(self) -> int:
        """How much that is."""
        return len(self.decisions) + len(self.actions) + len(self.settled) + len(self.reasons)
