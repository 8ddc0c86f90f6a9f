"""Drift: a published number recomputed, and what has come between it and what the same question answers today."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import Enum

from shinro.entries import Entry, Figure
from shinro.problems import Problem


class Drift(Enum):
    """Why a published number is not found again."""

    DEFINITION = "definition"  # its normal form is another
    DATA = "data"  # the same question to what its sources hold now has another answer
    CODE = "code"  # the same definition and the same input give another value: another shinro, or another engine
    GONE = "input gone"  # a snapshot that it was measured from is missing, or its bytes were changed
    UNREADABLE = "unreadable"  # the snapshots are there, and cannot be read any more


@dataclass(frozen=True, slots=True)
class Rows:
    """How a table's rows up to the as-of of then differ now. `columns`: in how many rows each was changed."""

    table: str
    before: int
    after: int
    added: int
    removed: int
    changed: int
    columns: tuple[tuple[str, int], ...] = ()  # most changed first
    keys: tuple[str, ...] = ()  # the first of the rows that differ, by what stands in them where no key names them


@dataclass(frozen=True, slots=True)
class Rechecked:
    """One published period: `again` from its own snapshots with the definition as it is now, `then` with that of then.

    `now` is what the sources give today; None where they give no final value of the period.
    """

    entry: Entry
    drifts: tuple[Drift, ...]
    again: Figure | None = None
    then: Figure | None = None
    now: Figure | None = None
    definition: tuple[tuple[str, str | None, str | None], ...] = ()  # what its normal form said, and says
    tables: tuple[Rows, ...] = ()
    problems: tuple[Problem, ...] = ()  # why it cannot be read

    @property
    def found(self) -> bool:
        """Whether the published value is found again, to the byte, from its snapshots and its own definition."""
        own = self.then if Drift.DEFINITION in self.drifts else self.again
        return own is not None and own == self.entry.draft.figure


@dataclass(frozen=True, slots=True)
class Recheck:
    """Every published period that was asked about, recomputed."""

    every: tuple[Rechecked, ...]
    as_of: date
    restated: int = 0  # how many of them stand in place of an older value

    @property
    def drifted(self) -> tuple[Rechecked, ...]:
        """Those that are not found again."""
        return tuple(each for each in self.every if each.drifts)
