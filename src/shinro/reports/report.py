"""A report: blocks of headings, lines and tables, the same for the terminal, for JSON and for a page."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

from shinro.problems import Severity
from shinro.series import State

Align: TypeAlias = Literal["left", "right"]
Plain: TypeAlias = dict[str, object]  # what JSON holds
Tone: TypeAlias = State | Severity | Literal["strong", "quiet"] | None


@dataclass(frozen=True, slots=True)
class Cell:
    """A text in a table, and how it is to be felt."""

    text: str
    tone: Tone = None


@dataclass(frozen=True, slots=True)
class Column:
    """A column's title. Where there is no room for a table, `main` columns lead a row, `bare` ones need no title."""

    title: str
    align: Align = "left"
    main: bool = False
    bare: bool = False


@dataclass(frozen=True, slots=True)
class Heading:
    """A title; level 1 is the report's own."""

    text: str
    level: int = 2


@dataclass(frozen=True, slots=True)
class Line:
    """One line of words, or of a source text (`verbatim`: never wrapped)."""

    text: str
    tone: Tone = None
    indent: int = 0
    verbatim: bool = False


@dataclass(frozen=True, slots=True)
class Lines:
    """Lines that belong together."""

    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of as many cells as there are columns."""

    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]

    def __post_init__(self) -> None:
        if any(len(row) != len(self.columns) for row in self.rows):
            raise ValueError(len(self.columns))


Block: TypeAlias = Heading | Lines | Table


@dataclass(frozen=True, slots=True)
class Report:
    """Blocks in the order of reading, in one language."""

    lang: str
    blocks: tuple[Block, ...]


def lines(*texts: str | Line) -> Lines:
    """Lines from their texts."""
    return Lines(tuple(text if isinstance(text, Line) else Line(text) for text in texts))
