"""A document: what is told, in sections, the same value for HTML, PDF, slides, sheets and Markdown.

Texts are as a person reads them; whatever a user wrote in them is made inert by each renderer. Numbers stand as text
where they are read, and as exact values where a reader computes with them (sheets, native charts).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Literal, TypeAlias

Tone: TypeAlias = Literal["", "strong", "quiet", "good", "bad", "mark"]


@dataclass(frozen=True, slots=True)
class Para:
    """A paragraph. `mark`: something that must be read with what stands above it."""

    text: str
    tone: Tone = ""


@dataclass(frozen=True, slots=True)
class Bullets:
    """A list of short lines."""

    items: tuple[Para, ...]


@dataclass(frozen=True, slots=True)
class Statement:
    """A claim as it is told: its sentence first, then what it rests on, then what it must be read with."""

    sentence: str
    rests_on: tuple[tuple[str, str], ...]  # what and which: KPI, period, milestone, evidence
    marks: tuple[str, ...] = ()
    badge: str = ""  # promised and reached, unplanned, retrospective


@dataclass(frozen=True, slots=True)
class Value:
    """A cell: its text, and the number behind it where there is one. `form` tells a sheet how to show that number."""

    text: str
    number: Fraction | None = None
    form: Literal["", "count", "percent", "money", "decimal"] = ""
    tone: Tone = ""


@dataclass(frozen=True, slots=True)
class Grid:
    """A table with a title; a column at least, and as many cells in a row as there are columns."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Value, ...], ...]
    note: str = ""

    def __post_init__(self) -> None:
        if not self.columns or any(len(row) != len(self.columns) for row in self.rows):
            raise ValueError(len(self.columns))


@dataclass(frozen=True, slots=True)
class Line:
    """One line, or one row of bars, over the chart's places; None: nothing is known there."""

    name: str
    values: tuple[Fraction | None, ...]
    look: Literal["bars", "line", "target"] = "line"


@dataclass(frozen=True, slots=True)
class Plot:
    """A chart: places along the bottom, lines over them, all in one unit. Its scale starts at zero, always (R606)."""

    title: str
    says: str  # what it shows, for who cannot see it
    places: tuple[str, ...]
    lines: tuple[Line, ...]
    unit: str
    form: Literal["count", "percent", "money", "decimal"] = "count"
    unfinished: tuple[int, ...] = ()  # places whose period is incomplete: marked
    note: str = ""
    unpublished: tuple[int, ...] = ()  # places of which nothing was published; a value missing elsewhere is undefined


Piece: TypeAlias = Para | Bullets | Statement | Grid | Plot


@dataclass(frozen=True, slots=True)
class Section:
    """A title with what stands under it; one slide or more. `evidence` is what goes into a slide's notes."""

    title: str
    pieces: tuple[Piece, ...]
    evidence: tuple[str, ...] = ()
    appendix: bool = False


@dataclass(frozen=True, slots=True)
class Document:
    """All of it. `foot` stands on every page: the checkpoint and how to verify.

    `dated` is the day that files carry as that of their making (1980-01-01 where there is none): never the clock's.
    """

    lang: str
    title: str
    subtitle: str
    company: str
    day: str
    sections: tuple[Section, ...]
    foot: str
    keywords: tuple[str, ...] = ()
    dated: date | None = None
