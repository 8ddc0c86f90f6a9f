"""Surveys: what a look at a file saw, before anything is asked of it. Values alone."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Literal

Kind = Literal["text", "number", "date", "moment", "truth", "empty"]


@dataclass(frozen=True)
class Column:
    """One column of a file: its header, what its cells read as, and the cells of the sample, blank ones as None."""

    header: str
    kind: Kind
    cells: tuple[str | None, ...]
    unique: bool = False  # over the whole file: filled in every row, never twice the same
    low: date | None = None
    high: date | None = None
    formats: tuple[str, ...] = ()  # of dates whose order nobody can tell: the formats that read every cell
    unread: tuple[str, ...] = ()  # of texts among which days are: some that are none

    @cached_property
    def counts(self) -> Counter[str]:
        """The sampled values and how often each stands."""
        return Counter(cell for cell in self.cells if cell is not None)

    @property
    def values(self) -> tuple[str, ...]:
        """The distinct sampled values, the most frequent first."""
        return tuple(value for value, _ in self.counts.most_common())

    @property
    def filled(self) -> int:
        """Sampled cells that hold anything."""
        return self.counts.total()


@dataclass(frozen=True, slots=True)
class Survey:
    """One file as it came: where it lies, how it is written, its columns, rows in the whole file."""

    path: str
    stem: str  # the name without a date and an ending
    encoding: str
    rows: int
    columns: tuple[Column, ...]
    repeated: tuple[str, ...] = ()  # headers that stand twice: no column of theirs can be asked for
    sheet: str = ""  # of a workbook: the sheet that was looked at, and the others that people see
    others: tuple[str, ...] = ()
    stated: str = ""  # what a row above its headers says that amounts are in: 単位：千円

    @property
    def headers(self) -> tuple[str, ...]:
        """The headers that can be asked for, in order."""
        return tuple(column.header for column in self.columns)

    def column(self, header: str | None) -> Column | None:
        """A column by its header."""
        return next((column for column in self.columns if column.header == header), None)


@dataclass(frozen=True, slots=True)
class Link:
    """A column whose values are the keys of another file, as verified on all rows."""

    file: str  # paths of the two files
    column: str
    other: str
    key: str
    values: int  # distinct values of the column
    found: int  # of these, keys over there
    lost: tuple[str, ...] = ()  # samples of those that are not


@dataclass(frozen=True, slots=True)
class Surveyed:
    """All that was seen."""

    files: tuple[Survey, ...]
    links: tuple[Link, ...] = ()
    passed: tuple[tuple[str, str], ...] = ()  # files passed over: the same bytes as, or older than, another
