"""Typed: numbers that people type in, as lines of the sheet that a reported metric reads."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from shinro.definitions.expression import Number
from shinro.definitions.phrases import level
from shinro.definitions.tokens import Mistake
from shinro.periods import Calendar, Grain, day_named
from shinro.problems import Place
from shinro.units import decimal_text

Row = list[str]


@dataclass(frozen=True, slots=True)
class Sheet:
    """The sheet of a reported metric: the headers of its days and values, the metric's own period, how it is cut."""

    time: str
    value: str
    calendar: Calendar
    every: Grain
    delimiter: str = ","

    def same(self, one: date, other: date) -> bool:
        """Whether two days lie in one period."""
        return self.calendar.period(one, self.every) == self.calendar.period(other, self.every)


@dataclass(frozen=True, slots=True)
class Typed:
    """The sheet's text with the number in it; `before` is another number that stands there and was kept."""

    text: str
    before: str | None


@dataclass(frozen=True, slots=True)
class Figure:
    """A number as somebody typed it: of which metric and day, with its unit, and where it stands."""

    metric: str
    day: date
    number: Number
    place: Place
    period: str  # the day's period as it is written


def number(text: str, place: Place | None = None) -> Number:
    """`1,200`, `40%`, `120万円` as an exact number with its unit; raises Mistake where it is none."""
    return level(text, place or Place(text)).number


def typed(text: str, sheet: Sheet, day: date, value: Fraction, *, replaced: bool = False) -> Typed:
    """The text with the number of a period: behind the last line, or, where it may be `replaced`, in its line.

    A text without the sheet's headers gets them. Law: but for that line every character is as it was.
    """
    ending = "\r\n" if "\r\n" in text else "\n"
    top = _headers(text, sheet)
    if top is None:
        head = _line([sheet.time, sheet.value], sheet, ending)
        return Typed(f"{head}{_line([day.isoformat(), decimal_text(value)], sheet, ending)}", None)
    line, headers = top
    at, place = headers.index(sheet.time), headers.index(sheet.value)
    lines = text.splitlines(keepends=True)
    for n, row in _rows(lines, line + 1, sheet):
        found = day_named(row[at]) if len(row) > max(at, place) else None
        if found is None or not sheet.same(found, day):
            continue
        if replaced:
            row[place] = decimal_text(value)
            lines[n] = _line(row, sheet, ending)
        before = None if replaced or _is(row[place], value) else row[place].strip() or "–"
        return Typed("".join(lines), before)
    row = [""] * len(headers)
    row[at], row[place] = day.isoformat(), decimal_text(value)
    body = text if text.endswith(("\n", "\r")) else f"{text}{ending}"
    return Typed(body + _line(row, sheet, ending), None)


def _is(cell: str, value: Fraction) -> bool:
    """Whether a cell holds a number already."""
    with suppress(Mistake):
        return number(cell.strip()).value == value
    return False


def _headers(text: str, sheet: Sheet) -> tuple[int, Row] | None:
    for n, row in _rows(text.splitlines(keepends=True), 0, sheet):
        cells = [cell.strip().lstrip("\ufeff") for cell in row]
        if sheet.time in cells and sheet.value in cells:
            return n, cells
    return None


def _rows(lines: Sequence[str], start: int, sheet: Sheet) -> Iterator[tuple[int, Row]]:
    """Lines as rows, with their numbers; blank ones are passed over."""
    for n, line in enumerate(lines[start:], start):
        for row in csv.reader([line], delimiter=sheet.delimiter):
            if any(cell.strip() for cell in row):
                yield n, row


def _line(row: Sequence[str], sheet: Sheet, ending: str) -> str:
    target = io.StringIO()
    csv.writer(target, delimiter=sheet.delimiter, lineterminator=ending).writerow(row)
    return target.getvalue()


def of_wide(text: str, names: Mapping[str, str], file: str) -> Iterator[Figure]:
    """The numbers of a wide sheet, for the rows that are called as in `names` (what it is called -> the metric).

    Header cells are periods. Cells that are blank are passed over; raises Mistake for one that is no number. Places
    are the line of the row and the number of the cell in it.
    """
    delimiter = "\t" if text.count("\t") > text.count(",") else ","
    reader = csv.reader(io.StringIO(text.lstrip("\ufeff")), delimiter=delimiter)
    rows = [(reader.line_num, row) for row in reader if row]
    top = max(
        (row for _, row in rows), key=lambda row: sum(day_named(cell) is not None for cell in row[1:]), default=[]
    )
    periods = [(header.strip(), day_named(header)) for header in top[1:]]
    for line, row in rows:
        metric = names.get(row[0].strip())
        for column, ((header, day), cell) in enumerate(zip(periods, row[1:], strict=False), 2):
            if metric and day and cell.strip():
                place = Place(file, line, column)
                yield Figure(metric, day, number(cell.strip(), place), place, header)
