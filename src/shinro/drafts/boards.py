"""Boards: sheets of numbers that somebody typed in, a row a week or month, whose rows are nothing to count."""

from __future__ import annotations

from shinro.drafts import words
from shinro.drafts.parts import Note, Part
from shinro.drafts.sighting import Sighted
from shinro.loads import is_total
from shinro.periods import day_named
from shinro.surveys import Column

FEWEST = 3  # periods
WEEK = 7
DATE = len("2026-04-30")
FEW_REPEAT = 10  # one row in so many may be of the same period and kind as another


def board(file: Sighted) -> Part | None:
    """What is asked of a board; None where a file is none: whose rows have an id or an owner, or come on any day."""
    numbers = [column for column in file.survey.columns if column.kind == "number"]
    day = file.column("created")
    if day is None or not numbers or {"key", "entity", "stage"} & file.roles.keys():
        return None
    if any(words.ID.search(column.header) for column in numbers):
        return None
    every = _every(day)
    if every is None or not _is_one_each(file, day):
        return None
    names = tuple(column.header for column in numbers)
    note = Note("ask", "board", {"table": file.table, "columns": names, "time": day.header, "every": every})
    return Part("operations", {}, (), notes=(note,), work=True)


def _every(day: Column) -> str | None:
    """`week` where every day is the same one of weeks, `month` where each is the first; None of any other days."""
    days = [day_named(cell[:DATE]) for cell in day.counts if not is_total(cell)]
    known = [each for each in days if each]
    if len(known) < max(FEWEST, len(days)):
        return None
    if all(each.day == 1 for each in known):
        return "month"
    return "week" if all((each - known[0]).days % WEEK == 0 for each in known) else None


def _is_one_each(file: Sighted, day: Column) -> bool:
    """Whether nearly every row is the only one of its period and its texts."""
    texts = [column for column in file.survey.columns if column.kind == "text"]
    rows = [row for row in zip(day.cells, *(column.cells for column in texts), strict=True) if row[0]]
    return (len(rows) - len(set(rows))) * FEW_REPEAT <= len(rows)
