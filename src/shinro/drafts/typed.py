"""Typed: numbers that people type in, as lines of the sheet that a reported metric reads."""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date, datetime
from fractions import Fraction

from shinro.definitions.expression import Number
from shinro.definitions.phrases import level
from shinro.definitions.tokens import Mistake
from shinro.periods import Calendar, Grain, day_named
from shinro.problems import CannotGoOn, Place, Problem
from shinro.units import CURRENCIES, decimal_text, narrow

Row = list[str]

_MINUSES = str.maketrans("▲△", "--")
_BRACKETS = re.compile(r"\s*\(.*\)\s*")
_BEFORE = re.compile(rf"^\s*(?P<money>[¥$€£]|{'|'.join(sorted(CURRENCIES))})(?P<space>\s*)(?P<sign>[-+])")


@dataclass(frozen=True, slots=True)
class _Row:
    """A row below the headers: the line that it starts on, counted from 0, the one behind it, and its cells."""

    start: int
    end: int
    cells: Row

    def padded(self, width: int) -> Row:
        return self.cells + [""] * (width - len(self.cells))


@dataclass(frozen=True, slots=True)
class Layout:
    """Where the table of a sheet lies: the rows above its first, its columns, and those of the days and the values."""

    skip: int
    width: int
    time: int
    value: int


@dataclass(frozen=True, slots=True)
class Sheet:
    """The sheet of a reported metric: the headers of its days and values, the metric's own period, how it is written.

    `table` is where its table lies; None where there is nothing in it yet.
    """

    time: str
    value: str
    calendar: Calendar
    every: Grain
    delimiter: str = ","
    table: Layout | None = None
    name: str = ""
    dates: str | None = None  # strftime format of the days in it, where one is stated
    group: str = ","
    point: str = "."

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
    """`1,200`, `40%`, `120万円` as an exact number with its unit; raises Mistake where it is none.

    A minus is written as a load reads it: `-5`, `−5`, `▲5`, `△5`, `¥-5` and `(5)` are one number.
    """
    try:
        return level(_signed(text), place or Place(text)).number
    except Mistake as mistake:
        told, hint = mistake.problem, mistake.problem.hint
        told = replace(told, args={"case": "typed", "text": text.strip()}) if told.code == "Q109" else told
        raise Mistake(replace(told, hint=hint and (text, hint[1]))) from None


def _signed(text: str) -> str:
    """A number with its minus in front as we write it, one character for one: `(¥5)` is `-¥5 `, `¥▲5` is `-¥5`."""
    plain = narrow(text).translate(_MINUSES)
    if _BRACKETS.fullmatch(plain):
        return plain.replace("(", "-").replace(")", " ")
    return _BEFORE.sub(r"\g<sign>\g<money>\g<space>", plain)


def typed(text: str, sheet: Sheet, day: date, value: Fraction, *, replaced: bool = False) -> Typed:
    """The text with the number of a period: behind the last line, or, where it may be `replaced`, in its line.

    A text with nothing in it gets the sheet's headers. Raises CannotGoOn where a row cannot be understood (L116, Q129),
    for it may be of the same period, and where that period has several (S136).

    Law: but for that line every character is as it was.
    """
    ending = _ending(text)
    body = text if text.endswith(("\n", "\r")) or not text else f"{text}{ending}"
    table = sheet.table
    if table is None:
        new = [[sheet.time, sheet.value], [day.isoformat(), _written(value, sheet)]]
        return Typed(body + "".join(_line(row, sheet, ending) for row in new), None)
    lines = list(io.StringIO(text, newline=""))
    there = [each for each in _rows(lines, sheet, table) if _is_of(_day(each, sheet, table), day, sheet)]
    if len(there) > 1:
        raise CannotGoOn([_several(there, sheet, table)])
    for each in there:
        row = each.padded(table.width)
        before = None if replaced or _is(row[table.value], value, sheet) else row[table.value].strip() or "–"
        if replaced:
            row[table.value] = _written(value, sheet)
            lines[each.start : each.end] = [_line(row, sheet, ending)]
        return Typed("".join(lines), before)
    row = [""] * table.width
    row[table.time], row[table.value] = day.isoformat(), _written(value, sheet)
    return Typed(body + _line(row, sheet, ending), None)


def _is_of(found: date | None, day: date, sheet: Sheet) -> bool:
    return found is not None and sheet.same(found, day)


def _several(rows: Sequence[_Row], sheet: Sheet, table: Layout) -> Problem:
    """A period with more than one row: to put a number in the place of one of them would leave the others."""
    values = tuple(row.padded(table.width)[table.value].strip() or "–" for row in rows)
    args = {"case": "several", "file": sheet.name, "values": values, "lines": tuple(row.start + 1 for row in rows)}
    return Problem(Place(sheet.name, rows[0].start + 1, 1), "S136", args)


def _ending(text: str) -> str:
    return "\r\n" if "\r\n" in text else "\r" if "\r" in text and "\n" not in text else "\n"


def _written(value: Fraction, sheet: Sheet) -> str:
    return decimal_text(value).replace(".", sheet.point)


def _is(cell: str, value: Fraction, sheet: Sheet) -> bool:
    """Whether a cell holds a number already."""
    with suppress(Mistake):
        return number(cell.strip().replace(sheet.group, "").replace(sheet.point, ".")).value == value
    return False


def _rows(lines: Sequence[str], sheet: Sheet, table: Layout) -> Iterator[_Row]:
    """The rows below the headers; blank ones are passed over. Raises CannotGoOn (L116) where quotes do not close."""
    reader, start = csv.reader(lines, delimiter=sheet.delimiter, strict=True), 0
    try:
        for n, cells in enumerate(reader, 1):
            if n > table.skip and any(cell.strip() for cell in cells):
                yield _Row(start, reader.line_num, cells)
            start = reader.line_num
    except csv.Error:
        args = {"case": "enter", "file": sheet.name, "row": start + 1}
        raise CannotGoOn([Problem(Place(sheet.name, start + 1, 1), "L116", args)]) from None


def _day(row: _Row, sheet: Sheet, table: Layout) -> date | None:
    """The day of a row; None where it has none. Raises CannotGoOn (Q129) for what is no day."""
    cell = row.padded(table.width)[table.time].strip()
    found = _day_of(cell, sheet)
    if cell and found is None:
        args = {"case": "cell", "text": cell, "file": sheet.name, "row": row.start + 1}
        raise CannotGoOn([Problem(Place(sheet.name, row.start + 1, 1), "Q129", args)])
    return found


def _day_of(cell: str, sheet: Sheet) -> date | None:
    """A day as the sheet states that it writes them, as people do, or with its time of day."""
    if sheet.dates:
        with suppress(ValueError):
            return datetime.strptime(cell, sheet.dates).date()  # noqa: DTZ007 - a local day, as it is written
    plain = unicodedata.normalize("NFKC", cell).strip()
    with suppress(ValueError):
        return day_named(plain) or datetime.fromisoformat(plain).date()
    return None


def _line(row: Sequence[str], sheet: Sheet, ending: str) -> str:
    target = io.StringIO()
    csv.writer(target, delimiter=sheet.delimiter, lineterminator=ending).writerow(row)
    return target.getvalue()
