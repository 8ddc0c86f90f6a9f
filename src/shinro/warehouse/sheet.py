"""Sheets: where the table starts in a text file: its delimiter, and the row that holds its headers."""

from __future__ import annotations

import csv
import difflib
import unicodedata
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from io import StringIO
from pathlib import Path

from shinro.loads import ColumnPlan, TablePlan
from shinro.problems import Problem, problem
from shinro.units import statement
from shinro.warehouse.text import BROKEN

SEARCHED = 60  # rows from the top in which the headers are looked for
HEAD = 1 << 20  # characters
DELIMITERS = {".tsv": "\t,;|", ".tab": "\t,;|"}
ANY_DELIMITER = ",\t;|"
SHOWN = 12


@dataclass(frozen=True, slots=True)
class Sheet:
    """How a text file is laid out.

    `skip` rows stand above the first, headers and blank ones among them; headers are as written, trimmed. `stated` is
    what a row above them, or one of them, says that amounts are in. Where a row became several lines, `rows` has the
    first line of each and the number that people know the row by.
    """

    delimiter: str
    skip: int
    headers: tuple[str, ...]
    stated: str = ""
    rows: tuple[tuple[int, int], ...] = ()


def folded(header: str) -> str:
    """A header as it is compared: NFKC, without space around it."""
    return unicodedata.normalize("NFKC", header).strip()


def lay_out(path: Path, ending: str, needed: Sequence[str]) -> Sheet | None:
    """The layout of a text file, by its head."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        return laid_out(file.read(HEAD), ending, needed)


def laid_out(head: str, ending: str, needed: Sequence[str]) -> Sheet | None:
    """The layout of a text: the delimiter and the row with most of the needed headers; None for no row at all.

    Ties go to the delimiter of the ending, then to the upper row.
    """
    wanted = {folded(header) for header in needed}
    best: tuple[tuple[int, int], Sheet] | None = None
    for delimiter in DELIMITERS.get(ending.lower(), ANY_DELIMITER):
        for skip, row in _rows(head, delimiter):
            headers = tuple(cell.strip() for cell in row)
            score = (len(wanted & {folded(header) for header in headers}), min(len(headers), 2))
            if best is None or score > best[0]:
                best = (score, Sheet(delimiter, skip, headers))
    return _with_statement(best[1], head) if best else None


def _with_statement(sheet: Sheet, head: str) -> Sheet:
    above = [cell for number, row in _rows(head, sheet.delimiter) if number < sheet.skip for cell in row]
    return replace(sheet, stated=stated_of(above, sheet.headers))


def stated_of(above: Iterable[str], headers: Iterable[str]) -> str:
    """What the cells above a table's headers say that amounts are in; a header too that says nothing else."""
    return statement([*above, *(header for header in headers if folded(header).strip("(").startswith("単位"))])


def _rows(head: str, delimiter: str) -> list[tuple[int, list[str]]]:
    """The first rows that are not blank, each with the number of rows up to its end, blank ones among them."""
    rows: list[tuple[int, list[str]]] = []
    with suppress(csv.Error):
        for number, row in enumerate(csv.reader(StringIO(head, newline=""), delimiter=delimiter), start=1):
            if any(cell.strip() for cell in row):
                rows.append((number, row))
            if len(rows) == SEARCHED:
                break
    return rows


def position(headers: Sequence[str], header: str) -> int | None:
    """Where a header stands: exact, else the same when folded; None for nowhere, or for two places."""
    exact = [n for n, other in enumerate(headers) if other == header.strip()]
    alike = exact or [n for n, other in enumerate(headers) if folded(other) == folded(header)]
    return alike[0] if len(alike) == 1 else None


def missing(plan: TablePlan, headers: Sequence[str], file: str) -> list[Problem]:
    """A problem for every planned column whose header is not there, or is there twice."""
    return [absent(plan, column, headers, file) for column in plan.columns if position(headers, column.header) is None]


def absent(plan: TablePlan, column: ColumnPlan, headers: Sequence[str], file: str) -> Problem:
    """The problem of a planned column that the headers do not have, or have twice."""
    known = [header.replace(BROKEN, "\ufffd") for header in headers if header]
    if any(folded(header) == folded(column.header) for header in known):
        return problem("L110", column.place, header=column.header, file=file, table=plan.name)
    lower = {folded(header).lower(): header for header in known}
    near = difflib.get_close_matches(folded(column.header).lower(), lower, n=1, cutoff=0.7)
    shown = ", ".join(known[:SHOWN]) + (", …" if len(known) > SHOWN else "")
    if near:
        return problem(
            "L109", column.place, header=column.header, file=file, table=plan.name, near=lower[near[0]], there=shown
        )
    return problem("L111", column.place, header=column.header, file=file, table=plan.name, there=shown)
