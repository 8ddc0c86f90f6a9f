"""Grid -> tables on slides: as wide as their texts, cut by columns and by lines where there is no room for more."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from shinro.reports.document import Grid, Para, Value
from shinro.reports.forms.cut import clipped
from shinro.reports.forms.slide_blocks import GAP, HEAD, LEADING, ROOM, WIDTH, Block, Sheet, head, texts
from shinro.reports.forms.slide_blocks import columns as taken
from shinro.reports.inert import inert

COLUMNS = 16  # of a table on one slide
SIZES = ((5, 12), (8, 11), (12, 10), (COLUMNS, 9))  # up to so many columns: points
SMALLEST = 9
NEED, DIGIT = 0.64, 0.58  # of a column of text, in its size: a short word alone may be wide; a line of them
LINES = 6  # of a cell
WIDEST = 60  # columns of a cell's text that ask for room
MARGIN, AROUND = 12.0, 7.0  # beside a cell's text, both sides; above and below it
STRETCH = 1.5  # times as wide as its texts a table may be


def tables(grid: Grid) -> Iterator[Block]:
    """The table under its title, cut by columns where there are more than a slide holds, the first one repeated."""
    if grid.title:
        yield head(grid.title)
    notes = list(texts([Para(grid.note, "quiet")])) if grid.note else []
    room = ROOM - sum(note.high + GAP for note in notes) - (HEAD * LEADING + GAP if grid.title else 0)
    for start in range(1, max(len(grid.columns), 2), COLUMNS - 1):
        yield _sheet(grid, [0, *range(start, min(start + COLUMNS - 1, len(grid.columns)))], room)
    yield from notes


def _sheet(grid: Grid, at: Sequence[int], room: float) -> Sheet:
    """Some of a table's columns, a little smaller where it then stands on one slide with its note."""
    size = next(size for most, size in SIZES if len(at) <= most)
    every = [_sized(grid, at, less) for less in range(size, max(SMALLEST, size - 2) - 1, -1)]
    return next((each for each in every if each.high <= room), every[0])


def _sized(grid: Grid, at: Sequence[int], size: float) -> Sheet:
    columns = tuple(grid.columns[n] for n in at)
    rows = [tuple(row[n] for n in at) for row in grid.rows]
    widths = _widths(columns, rows, size)
    whole = [columns, *(tuple(cell.text for cell in row) for row in rows)]
    cut = [tuple(_cut(text, width, size) for text, width in zip(row, widths, strict=True)) for row in whole]
    shown = (
        tuple(replace(cell, text=text) for cell, text in zip(row, now, strict=True))
        for row, now in zip(rows, cut[1:], strict=True)
    )
    lost = (
        text
        for row, now in zip(whole, cut, strict=True)
        for text, seen in zip(row, now, strict=True)
        if inert(text) != seen
    )
    numbers = tuple(n > 0 and any(row[n].number is not None for row in rows) for n in range(len(columns)))
    highs = tuple(_high(row, widths, size) for row in cut)
    return Sheet(grid.title, cut[0], tuple(shown), numbers, widths, highs, size, tuple(lost))


def _widths(columns: Sequence[str], rows: Sequence[Sequence[Value]], size: float) -> tuple[float, ...]:
    """What each column needs, or more; where that is too much, the widest ones are made narrower, all alike."""
    every = ((title, *(row[n].text for row in rows)) for n, title in enumerate(columns))
    needs = [min(max(taken(inert(text)) for text in texts_), WIDEST) * size * NEED + MARGIN for texts_ in every]
    if sum(needs) <= WIDTH:
        more = min(WIDTH, sum(needs) * STRETCH) / sum(needs)
        return tuple(need * more for need in needs)
    left, given = WIDTH, dict[int, float]()
    for rest, n in zip(range(len(needs), 0, -1), sorted(range(len(needs)), key=needs.__getitem__), strict=True):
        given[n] = min(needs[n], left / rest)
        left -= given[n]
    return tuple(given[n] for n in range(len(needs)))


def _cut(text: str, width: float, size: float) -> str:
    return clipped(text, max(2, int((width - MARGIN) / (size * DIGIT))) * LINES)


def _high(texts_: Iterable[str], widths: Sequence[float], size: float) -> float:
    lines = max(
        max(1, -(-round(taken(text) * size * DIGIT) // round(width - MARGIN)))
        for text, width in zip(texts_, widths, strict=True)
    )
    return lines * size * LEADING + AROUND
