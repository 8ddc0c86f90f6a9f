"""Mending: a text file whose quotes are broken, copied without the lines that break it.

The engine finds such a line, but what it makes of those behind it cannot be trusted: a quote that stays open takes the
next one for its end. So the file is read once more, line by line, and every line that opens no whole row is left out.
"""

from __future__ import annotations

import csv
import re
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from shinro.warehouse.sheet import Sheet

LONGEST = 2_000_000  # characters of a row that goes over several lines


@dataclass(frozen=True, slots=True)
class Broken:
    """A line that was left out: the row that it would have been, counted from 1 below the headers."""

    row: int
    text: str


@dataclass(frozen=True, slots=True)
class _Forms:
    """What a line may look like, from a row's start or from inside a quoted cell: whole, or still open at its end.

    cell = '"' (any but '"' | '""')* '"' | any but quote at its start ; row = cell (delimiter cell)* end
    """

    whole: re.Pattern[str]
    opens: re.Pattern[str]
    closes: re.Pattern[str]
    stays: re.Pattern[str]


def _forms(delimiter: str) -> _Forms:
    cut = re.escape(delimiter)
    inside = r'(?:[^"]++|"")*+'
    cell = rf'(?:"{inside}"|[^"{cut}\r\n][^{cut}\r\n]*+)?+'
    more = rf"(?:{cut}{cell})*+"
    opens = rf'(?:{cell}{cut})*?"{inside}'
    return _Forms(
        re.compile(rf"{cell}{more}[\r\n]*"),
        re.compile(opens),
        re.compile(rf'{inside}"{more}[\r\n]*'),
        re.compile(rf'{inside}(?:"{cut}{opens})?'),
    )


def mend(path: Path, sheet: Sheet, target: Path) -> list[Broken]:
    """Writes the rows below the headers to `target`, without the lines that break them; those lines.

    Law: a file whose quotes are right loses nothing. Cost: linear; at most one row and what follows it in memory.
    """
    forms = _forms(sheet.delimiter)
    broken = []
    with (
        path.open(encoding="utf-8-sig", newline="") as source,
        target.open("w", encoding="utf-8", newline="") as copy,
    ):
        above = csv.reader(source, delimiter=sheet.delimiter)
        for _ in range(sheet.skip):
            next(above)
        for row, (text, whole) in enumerate(_rows(source, forms), start=1):
            if whole:
                copy.write(text)
            else:
                broken.append(Broken(row, text.strip()))
    return broken


def _rows(lines: Iterator[str], forms: _Forms) -> Iterator[tuple[str, bool]]:
    """Each row that is not blank, whole or not; one that is not is its first line, and reading goes on behind that."""
    waiting: deque[str] = deque()
    while (line := _next(waiting, lines)) is not None:
        if not line.strip():
            continue
        taken = _row(line, waiting, lines, forms)
        if taken is None:
            yield line, False
        else:
            yield "".join(taken), True


def _row(line: str, waiting: deque[str], lines: Iterator[str], forms: _Forms) -> list[str] | None:
    """The lines of the row that starts here; None where they never make one, all but the first then waiting again."""
    if forms.whole.fullmatch(line):
        return [line]
    taken, size = [line], len(line)
    goes_on = forms.opens.fullmatch(line) is not None
    while goes_on and size < LONGEST and (later := _next(waiting, lines)) is not None:
        taken.append(later)
        size += len(later)
        if forms.closes.fullmatch(later):
            return taken
        goes_on = forms.stays.fullmatch(later) is not None
    waiting.extendleft(reversed(taken[1:]))
    return None


def _next(waiting: deque[str], lines: Iterator[str]) -> str | None:
    return waiting.popleft() if waiting else next(lines, None)
