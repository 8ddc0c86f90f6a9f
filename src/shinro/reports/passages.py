"""A report's blocks -> the passages of a page: titles, lines and tables as texts alone."""

from __future__ import annotations

from collections.abc import Iterable

from shinro.reports.parts import Grid, Passage
from shinro.reports.report import Block, Heading, Lines, Table


def passages(blocks: Iterable[Block]) -> tuple[Passage, ...]:
    """A passage a heading, and one more for each further table under it. What has nothing in it is left out."""
    found: list[Passage] = [Passage("")]
    for block in blocks:
        last = found[-1]
        match block:
            case Heading(text=title):
                found.append(Passage(title))
            case Lines(lines=lines):
                said = tuple(line.text for line in lines)
                found[-1] = Passage(last.title, (*last.lines, *said), last.grid, last.after)
                if last.grid:
                    found[-1] = Passage(last.title, last.lines, last.grid, (*last.after, *said))
            case Table() as table if last.grid is None:
                found[-1] = Passage(last.title, last.lines, grid(table))
            case Table() as table:
                found.append(Passage("", (), grid(table)))
    return tuple(each for each in found if each.lines or each.grid)


def grid(table: Table) -> Grid:
    """A table's texts; a row's place in a tree is told by its indent."""
    columns = tuple(column.title for column in table.columns)
    return Grid(columns, tuple(tuple(cell.text for cell in row) for row in table.rows))
