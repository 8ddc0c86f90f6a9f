"""Windows: the part of a published path that a claim speaks of, and the longer one that it should be seen in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from functools import cached_property
from typing import TYPE_CHECKING

from shinro.periods import Duration, Grain
from shinro.series import BAND, Better, Mark

if TYPE_CHECKING:  # a static check reads none, and its import would cost it
    from shinro.findings.claims import Step, Track

MONTH = Fraction(487, 16)  # days in a month of the Gregorian calendar's mean: 30.4375
SHORT = 6  # months: a claim over less is marked
FEW = 3  # points: fewer are no path


@dataclass(frozen=True)
class Window:
    """The steps of a path from a claim's first period to its last."""

    track: Track
    path: tuple[Step, ...]

    @property
    def first(self) -> Step:
        """Where the claim starts."""
        return self.path[0]

    @property
    def last(self) -> Step:
        """Where it ends."""
        return self.path[-1]

    @property
    def good(self) -> int:
        """1 where more is better (or nothing is said), -1 where less is."""
        return -1 if self.track.meaning.better is Better.LOWER else 1

    @cached_property
    def lengths(self) -> frozenset[int]:
        """How many months it may be said to last: by its days, by the steps, by the steps between its ends."""
        days = round((self.last.period.end - self.first.period.start).days / MONTH)
        each = {Grain.MONTH: 1, Grain.QUARTER: 3, Grain.YEAR: 12}.get(self.track.grain)
        between = round((self.last.period.start - self.first.period.start).days / MONTH)
        return frozenset({days, between, len(self.path) * each} if each else {days, between})

    @property
    def days(self) -> int:
        """Days from its first to its last."""
        return (self.last.period.end - self.first.period.start).days

    @property
    def later(self) -> tuple[Step, ...]:
        """The final periods after it."""
        return tuple(step for step in self.track.complete if step.period > self.last.period)

    @property
    def measured(self) -> tuple[Step, ...]:
        """The periods in it that have a final value."""
        return tuple(step for step in self.path if step.mark is Mark.COMPLETE and step.value is not None)

    def year_before(self) -> Step | None:
        """The step of the same period a year before its last."""
        day = Duration(1, "year").before(self.last.period.start)
        return next((step for step in self.track.steps if day in step.period), None)


def window(track: Track, starts: date, ends: date) -> Window | None:
    """The window from the period of one day to that of another; None where the path holds no value at an end."""
    path = [step for step in track.steps if step.period.end > starts and step.period.start <= ends]
    if not path or starts not in path[0].period or ends not in path[-1].period:
        return None
    if path[0].value is None or path[-1].value is None:
        return None
    return Window(track, tuple(path))


def declared(found: Window, length: Duration | None) -> tuple[Step, ...]:
    """The final steps from so long before a window's last up to it, as the company declared; all where it did not."""
    start = length.before(found.last.period.start) if length else date.min
    return tuple(step for step in found.track.complete if start <= step.period.start <= found.last.period.start)


def trough(found: Window, wide: tuple[Step, ...]) -> Step | None:
    """Where the declared window starts, if the claim starts later and lower and so gains more by over a twentieth."""
    if not wide or wide[0].period >= found.first.period:
        return None
    gain, whole = _gain(found.first, found.last, found.good), _gain(wide[0], found.last, found.good)
    return wide[0] if gain > 0 and gain > whole + BAND * abs(whole) else None


def peak(found: Window) -> Step | None:
    """The newest final step, if the claim ends before it and higher, by over a twentieth of what it gained."""
    newest = found.later[-1:]
    if not newest:
        return None
    gain, kept = _gain(found.first, found.last, found.good), _gain(found.first, newest[0], found.good)
    return newest[0] if gain > 0 and gain > kept + BAND * abs(gain) else None


def _gain(first: Step, last: Step, good: int) -> Fraction:
    return ((last.value or Fraction(0)) - (first.value or Fraction(0))) * good
