"""Actions: what a review gave somebody to do, as far as the record knows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import Enum


class Done(Enum):
    """What became of an action."""

    OPEN = "open"
    DONE = "done"
    DROPPED = "dropped"


@dataclass(frozen=True, slots=True)
class Action:
    """A next action: what, whose, until when, for which KPI. Texts are empty where they were erased."""

    seq: int  # the entry that it was taken in
    taken: date  # the day of its review
    text: str
    owner: str = ""
    due: date | None = None
    kpi: str = ""
    done: Done = Done.OPEN
    moved: tuple[date, ...] = ()  # the days it was due before, the first one first

    @property
    def is_open(self) -> bool:
        """Whether it is still to be done."""
        return self.done is Done.OPEN

    def days_over(self, day: date) -> int:
        """By how many days it is overdue; 0 where it is not, or has no day."""
        return max((day - self.due).days, 0) if self.due and self.is_open else 0
