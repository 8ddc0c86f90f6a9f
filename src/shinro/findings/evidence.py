"""Evidence: whether one metric leads another, by how long, how sure; never that it causes it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import Enum


class Verdict(Enum):
    """The only words in which evidence is told, as of a driver beside an outcome."""

    LEADS = "leads"
    FOLLOWS = "follows"
    MOVES_WITH = "moves with"
    NO_SIGN = "no sign"
    CANNOT_TELL = "cannot tell"


class Because(Enum):
    """Why nothing can be told."""

    SHORT = "short"  # too few weeks for the test to be run, or for its silence to mean anything
    STILL = "still"  # one of the two (nearly) never changes
    SAME = "same"  # one of the two is the other, times a number


class Role(Enum):
    """Why a pair was looked at."""

    INFLUENCE = "influence"  # the project says that the one moves the other
    KPI = "kpi"  # the company steers by it, or shows it outside
    CANDIDATE = "candidate"  # measured, and nobody has said a word of it


@dataclass(frozen=True, slots=True)
class Evidence:
    """What two weekly series say of one another. Floats: these are statistics, and no sum is made of them."""

    verdict: Verdict
    weeks: int  # in which both are known
    lag: int | None = None  # weeks by which the earlier of the two is ahead
    sign: int | None = None  # 1: they move the same way; -1: opposite ways
    p: float | None = None  # of the direction that is told: the larger one of the two tests that must both speak
    q: float | None = None  # p, corrected for everything that was tried
    back: float | None = None  # p of the other direction
    gain: float | None = None  # share of the squared error of forecasts that knowing the driver saves, out of sample
    power: float | None = None  # share of true drivers that would show in so many weeks, as measured
    because: Because | None = None


@dataclass(frozen=True, slots=True)
class Pair:
    """A candidate driver beside an outcome: why it was looked at, what was expected, what is seen."""

    driver: str
    outcome: str
    role: Role
    evidence: Evidence
    expect: int | None = None  # the sign that the project expects
    lag: int | None = None  # weeks that the project expects

    @property
    def against(self) -> bool:
        """Whether the evidence speaks against what is believed: the wrong way round in time, or in sign."""
        seen = self.evidence
        if seen.verdict is Verdict.FOLLOWS:
            return True
        return seen.verdict is Verdict.LEADS and None not in (self.expect, seen.sign) and self.expect != seen.sign


@dataclass(frozen=True, slots=True)
class Drivers:
    """All pairs that were looked at on a day, and those that arithmetic ties already."""

    as_of: date
    pairs: tuple[Pair, ...]
    arithmetic: tuple[tuple[str, str], ...] = ()  # driver, outcome: parts of one another by definition, not tested
    unmeasured: tuple[tuple[str, str], ...] = ()  # metric, why: a catalog key

    def of(self, driver: str, outcome: str) -> Pair | None:
        """The pair of a driver and an outcome, if it was looked at."""
        return next((pair for pair in self.pairs if (pair.driver, pair.outcome) == (driver, outcome)), None)

    @property
    def outcomes(self) -> tuple[str, ...]:
        """The outcomes, each once, in order."""
        return tuple(dict.fromkeys(pair.outcome for pair in self.pairs))


def leading(pairs: Iterable[Pair]) -> tuple[Pair, ...]:
    """The pairs whose driver leads."""
    return tuple(pair for pair in pairs if pair.evidence.verdict is Verdict.LEADS)
