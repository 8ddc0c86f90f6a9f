"""The star's selection: every KPI in use with its place in the story; candidates for the star, by four questions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import Enum
from fractions import Fraction

from shinro.loads import Load


class Sort(Enum):
    """What a KPI in use is for."""

    STAR = "star"
    OUTCOME = "outcome"  # the growth that the star is believed to lead to: read, never steered by
    DRIVER = "driver"
    DEPARTMENT = "department"
    GUARDRAIL = "guardrail"
    WATCH = "watch"
    DROP = "drop"


@dataclass(frozen=True, slots=True)
class Reason:
    """Why: a catalog key under `inventory.because.`, with its arguments; `top` is a metric."""

    key: str
    args: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Listed:
    """One row of a list of KPIs as somebody keeps it; empty where the list has no such column."""

    name: str
    row: int  # 1 is the first below the header
    owner: str = ""
    department: str = ""
    formula: str = ""
    decides: str = ""


@dataclass(frozen=True, slots=True)
class Item:
    """One KPI in use. `metric` None: the project does not define it; `listed` None: no list was given."""

    name: str
    sort: Sort
    reasons: tuple[Reason, ...]
    metric: str | None = None
    listed: Listed | None = None
    owners: tuple[str, ...] = ()
    department: str | None = None


@dataclass(frozen=True, slots=True)
class Inventory:
    """Every KPI in use, in the order of `Sort`; `missing`: KPIs of the project that the list does not have."""

    items: tuple[Item, ...]
    missing: tuple[str, ...] = ()
    with_data: bool = False
    file: str = ""
    loads: tuple[Load, ...] = ()  # that it was judged on

    def of(self, sort: Sort) -> tuple[Item, ...]:
        """The items of one sort, as they came."""
        return tuple(item for item in self.items if item.sort is sort)


class Question(Enum):
    """What a North Star must be: the four questions of the second article."""

    GROWTH = "growth"
    MEASURABLE = "measurable"
    SHARED = "shared"
    ACTIONABLE = "actionable"


class Answer(Enum):
    """How one test of a question came out. `ASK`: only people, or more data, can say."""

    YES = "yes"
    NO = "no"
    ASK = "ask"


@dataclass(frozen=True, slots=True)
class Trial:
    """One test of a question: a catalog key under `candidates.test.`, its answer and its arguments."""

    question: Question
    key: str
    answer: Answer
    args: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A metric that may become the star, with every test. `barred`: why it can be none, whatever its score."""

    metric: str
    trials: tuple[Trial, ...]
    is_star: bool = False
    barred: tuple[str, ...] = ()

    def of(self, question: Question) -> tuple[Trial, ...]:
        """The tests of one question."""
        return tuple(trial for trial in self.trials if trial.question is question)

    def score(self, question: Question) -> tuple[int, int]:
        """How many of a question's tests are passed, of how many that could be answered."""
        answered = [trial for trial in self.of(question) if trial.answer is not Answer.ASK]
        return sum(trial.answer is Answer.YES for trial in answered), len(answered)

    @property
    def total(self) -> tuple[int, int]:
        """All four questions together."""
        scores = [self.score(question) for question in Question]
        return sum(passed for passed, _ in scores), sum(asked for _, asked in scores)

    @property
    def share(self) -> Fraction:
        """How much of what could be answered is passed; 0 where nothing could."""
        passed, asked = self.total
        return Fraction(passed, asked) if asked else Fraction(0)


@dataclass(frozen=True, slots=True)
class Candidates:
    """Candidates, the best first."""

    found: tuple[Candidate, ...]
    as_of: date
    unmeasured: tuple[tuple[str, str], ...] = ()  # metric, why: a catalog key
    loads: tuple[Load, ...] = ()  # that they were judged on

    @property
    def first(self) -> tuple[Candidate, ...]:
        """Those that are not barred and pass the largest share of their tests; several where they come out alike."""
        free = [each for each in self.found if not each.barred]
        most = max((each.share for each in free), default=Fraction(0))
        return tuple(each for each in free if each.share == most)
