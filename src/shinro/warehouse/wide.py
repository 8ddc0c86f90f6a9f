"""Wide sheets: one row a number, one column a period; a row of it, or all of them, as the lines that a load reads.

The first column names the row, every other header is a period: `2026-04`, `2026/4`, `2026年4月`, `令和8年4月`,
`2026-04-30`. One that is called as a month is and cannot be read (`4月`) over a value is refused, never passed over.
"""

from __future__ import annotations

import csv
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from shinro.loads import TablePlan, is_total
from shinro.periods import day_named, is_half_named
from shinro.problems import CannotGoOn, Problem, problem
from shinro.warehouse.sheet import DELIMITERS, SEARCHED, Sheet, folded, stated_of

LONG = Sheet(",", 1, ("date", "value"))
ANY_DELIMITER = ",\t;|"
SHOWN = 12
HEADS = 3

Grid = list[list[str]]


def lengthened(path: Path, name: str, plan: TablePlan, scratch: Path) -> tuple[Path, Sheet]:
    """A copy of one row of a wide sheet, `date,value` a line; raises CannotGoOn where the row or the periods are not.

    Cost: the sheet in memory, once: people type these by hand.
    """
    _, rows = _grid(path, Path(name).suffix)
    at, top = max(enumerate(rows[:SEARCHED]), key=lambda row: _periods(row[1]), default=(0, []))
    if not _periods(top):
        raise CannotGoOn([problem("L113", plan.place, case="wide", file=name, header=", ".join(top[:SHOWN]))])
    row = _row(rows, name, plan)
    _refuse_half(top, [row], name, plan)
    target = scratch / f"{path.stem}.long.csv"
    with target.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(LONG.headers)
        for header, cell in zip(top[1:], row[1:], strict=False):
            day = day_named(header)
            if day and cell.strip():
                writer.writerow([day.isoformat(), cell.strip()])
    return target, replace(LONG, stated=_stated(rows[:at], top))


def unpivoted(path: Path, name: str, plan: TablePlan, scratch: Path, *, from_top: bool = False) -> tuple[Path, Sheet]:
    """A copy of a wide sheet with a line for each row and period; raises CannotGoOn where it has no periods.

    An empty cell is 0. A period in which no row has anything is not filled in yet, and is not there. A row that sums up
    others is one line, for the load to leave out and to say so. Its rows are counted below the headers, or `from_top`.
    """
    numbers, rows = _grid(path, Path(name).suffix)
    at, top = max(enumerate(rows[:SEARCHED]), key=lambda row: _periods(row[1]), default=(0, []))
    if plan.wide is None or not _periods(top):
        raise CannotGoOn([problem("L113", plan.place, case="wide", file=name, header=", ".join(top[:SHOWN]))])
    body = [[*row, *[""] * (len(top) - len(row))] for row in rows[at + 1 :]]
    payers = {folded(column.header) for column in plan.columns if column.payer}
    totals = [any(is_total(cell) for n, cell in enumerate(row[: len(top)]) if folded(top[n]) in payers) for row in body]
    own = [row for row, total in zip(body, totals, strict=True) if not total]
    _refuse_half(top, own, name, plan)
    days = {n: day for n, header in enumerate(top) if (day := day_named(header)) and any(row[n].strip() for row in own)}
    named = [n for n, header in enumerate(top) if header.strip() and day_named(header) is None]
    sheet = Sheet(",", 1, (*(top[n].strip() for n in named), *plan.wide), _stated(rows[:at], top))
    target = scratch / f"{path.stem}.unpivoted.csv"
    known: list[tuple[int, int]] = []
    line, above = 1, 0 if from_top else numbers[at]
    with target.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(sheet.headers)
        for number, row, total in zip(numbers[at + 1 :], body, totals, strict=True):
            who = [row[n].strip() for n in named]
            if any(who):
                shown = list(days.items())[: 1 if total else None]
                writer.writerows([*who, day.isoformat(), row[n].strip() or "0"] for n, day in shown)
                known.append((line, number - above))
                line += len(shown)
    return target, replace(sheet, rows=tuple(known))


def _grid(path: Path, ending: str) -> tuple[list[int], Grid]:
    """The rows that are not blank, each with its number, cut by the delimiter that shows most periods."""
    grids = [_read(path, delimiter) for delimiter in DELIMITERS.get(ending.lower(), ANY_DELIMITER)]
    return max(grids, key=lambda grid: max(map(_periods, grid[1][:SEARCHED]), default=0))


def _read(path: Path, delimiter: str) -> tuple[list[int], Grid]:
    numbers: list[int] = []
    rows: Grid = []
    with path.open(encoding="utf-8-sig", newline="") as file, suppress(csv.Error):
        for number, row in enumerate(csv.reader(file, delimiter=delimiter), start=1):
            if any(cell.strip() for cell in row):
                numbers.append(number)
                rows.append(row)
    return numbers, rows


def _stated(above: Grid, top: Sequence[str]) -> str:
    return stated_of([cell for row in above for cell in row], top)


def _refuse_half(top: Sequence[str], rows: Grid, name: str, plan: TablePlan) -> None:
    """Raises CannotGoOn (L113) where numbers stand below a month that names no year, or not as it is read here."""
    half = [n for n, header in enumerate(top) if n and is_half_named(header)]
    heads = tuple(top[n].strip() for n in half if any(n < len(row) and _has_digit(row[n]) for row in rows))
    if heads:
        raise CannotGoOn([problem("L113", plan.place, case="heads", file=name, header=heads[:HEADS])])


def _has_digit(cell: str) -> bool:
    return any(character.isdigit() for character in cell)


def _periods(row: Sequence[str]) -> int:
    return sum(day_named(cell) is not None for cell in row[1:])


def _row(rows: Grid, name: str, plan: TablePlan) -> list[str]:
    wanted = folded(plan.row or "")
    found = [row for row in rows if folded(row[0]) == wanted]
    if len(found) == 1:
        return found[0]
    args = {"case": "row", "header": plan.row, "file": name, "table": plan.name}
    if found:
        raise CannotGoOn([Problem(plan.place, "L110", args)])
    there = ", ".join([row[0].strip() for row in rows if row[0].strip()][:SHOWN])
    raise CannotGoOn([Problem(plan.place, "L111", {**args, "there": there})])
