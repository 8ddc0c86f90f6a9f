"""Wide: the numbers of a sheet with one row a metric and one column a period, and what of it is not taken."""

from __future__ import annotations

import csv
import io
from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from shinro.drafts.typed import Figure, number
from shinro.loads import is_total
from shinro.periods import day_named
from shinro.problems import Place

Numbered = tuple[int, list[str]]  # a row's line, and its cells


@dataclass(frozen=True, slots=True)
class Left:
    """A row or a column with numbers that are not taken: its name, its line (0 of a column), and why.

    `why`: total (it sums up others), measured (a metric that is not typed in), unknown (no metric), column.
    """

    name: str
    line: int
    why: str


@dataclass(frozen=True, slots=True)
class Head:
    """A header over numbers that seems to be a period and cannot be read as one."""

    name: str
    place: Place


@dataclass(frozen=True, slots=True)
class Wide:
    """What a wide sheet holds: the numbers, what is left out, and the headers that hide numbers."""

    figures: tuple[Figure, ...]
    left: tuple[Left, ...]
    unread: tuple[Head, ...]


def of_wide(text: str, names: Mapping[str, str], others: Container[str], file: str) -> Wide:
    """The numbers of a wide sheet, for the rows that are called as in `names` (what it is called -> the metric).

    Header cells are periods; `others` is what metrics are called that are not typed in. Cells that are blank are passed
    over; raises Mistake for one that is no number. Places are the line of the row and the number of the cell in it.

    Law: a cell with a digit in a row below the headers is a figure, or in what is left out, or below an unread header.
    """
    delimiter = "\t" if text.count("\t") > text.count(",") else ","
    reader = csv.reader(io.StringIO(text.lstrip("\ufeff")), delimiter=delimiter)
    rows = [(reader.line_num, row) for row in reader if row]
    at = max(range(len(rows)), key=lambda n: len(_periods(rows[n][1])), default=0)
    top, top_line = (rows[at][1], rows[at][0]) if rows else ([], 0)
    periods = _periods(top)
    mine = [(line, row, metric) for line, row in rows if (metric := names.get(row[0].strip()))]
    figures = tuple(
        Figure(metric, periods[n], number(row[n].strip(), place), place, top[n].strip())
        for line, row, metric in mine
        for n in range(1, len(row))
        if n in periods and row[n].strip()
        for place in (Place(file, line, n + 1),)
    )
    filled = sorted({n for _, row, _ in mine for n in range(1, len(row)) if n not in periods and _has_digit(row[n])})
    heads = [(n, top[n].strip() if n < len(top) else "") for n in filled]
    unread = tuple(Head(name, Place(file, top_line, n + 1)) for n, name in heads if _may_be_a_period(name))
    columns = [Left(name, 0, "column") for _, name in heads if not _may_be_a_period(name)]
    return Wide(figures, (*_rows_left(rows[at + 1 :], names, others), *columns), unread)


def _periods(row: Sequence[str]) -> dict[int, date]:
    """The days that cells behind the first name, by their position."""
    return {n: day for n, cell in enumerate(row) if n and (day := day_named(cell))}


def _may_be_a_period(header: str) -> bool:
    """Whether a header that is read as no period may be one: with a digit, or not there at all."""
    return not header or (_has_digit(header) and not is_total(header))


def _rows_left(rows: Sequence[Numbered], names: Mapping[str, str], others: Container[str]) -> Iterator[Left]:
    for line, row in rows:
        name = row[0].strip()
        if name not in names and any(_has_digit(cell) for cell in row[1:]):
            why = "total" if is_total(name) else "measured" if name in others else "unknown"
            yield Left(name, line, why)


def _has_digit(cell: str) -> bool:
    return any(character.isdigit() for character in cell)
