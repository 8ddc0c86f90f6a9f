"""Answers: what scans found, kept by definition and fingerprint, so that nothing is measured twice.

An answer is a JSON file named by the hash of all that it depends on; a missing or broken one costs a recompute.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from fractions import Fraction
from pathlib import Path
from typing import Any

from shinro.loads import Joined, Load
from shinro.periods import Calendar
from shinro.queries.scans import Measure, Scan, cut
from shinro.series import Segment
from shinro.units import decimal_text
from shinro.warehouse.fingerprint import digest
from shinro.warehouse.frame import Cells
from shinro.warehouse.kept import read_note, write_note

FORMAT = 1  # raise it when the same scan comes to give other numbers


def key_of(scan: Scan, loads: Mapping[str, Load], calendar: Calendar) -> str:
    """The hash of a scan without its measures: tables' contents, cut, dimensions, span."""
    tables = {name: loads[name].fingerprint for name in (scan.table, *scan.joins)}
    return digest(FORMAT, scan.normal, tables, cut(calendar))


def _path(folder: Path, key: str) -> Path:
    return folder / "cache" / "answers" / f"{key}.json"


def known_cells(folder: Path, key: str, measures: Iterable[Measure]) -> tuple[Cells, ...] | None:
    """What is kept for every one of the measures, or None where one is missing."""
    note = read_note(_path(folder, key)) or {}
    found = [note.get(measure.normal) for measure in measures]
    if any(one is None for one in found):
        return None
    return tuple(_unpacked(one) for one in found if one is not None)


def keep_cells(folder: Path, key: str, measures: Iterable[Measure], found: Iterable[Cells]) -> None:
    """Keeps the cells of measures beside those of the same scan that are kept already."""
    path = _path(folder, key)
    path.parent.mkdir(parents=True, exist_ok=True)
    old = read_note(path) or {}
    fresh = {measure.normal: _packed(cells) for measure, cells in zip(measures, found, strict=True)}
    write_note(path, {**old, **fresh})


def _packed(cells: Cells) -> list[Any]:
    return [
        [[list(part) for part in segment], [[n, _text(over), _text(base)] for n, (over, base) in numbers.items()]]
        for segment, numbers in cells.items()
    ]


def _unpacked(packed: list[Any]) -> Cells:
    cells: dict[Segment, dict[int, tuple[Fraction | None, Fraction | None]]] = {}
    for segment, numbers in packed:
        cells[tuple((name, part) for name, part in segment)] = {
            n: (_number(over), _number(base)) for n, over, base in numbers
        }
    return cells


def _text(number: Fraction | None) -> int | str | None:
    if number is None:
        return None
    return number.numerator if number.denominator == 1 else decimal_text(number)


def _number(text: int | str | None) -> Fraction | None:
    return None if text is None else Fraction(text)


def known_joins(folder: Path, key: str) -> tuple[Joined, ...] | None:
    """What verifying a table's joins saw, if it is kept."""
    note = read_note(_path(folder, key))
    if note is None:
        return None
    return tuple(
        Joined(table, nulls, orphans, tuple(samples), repeated)
        for table, nulls, orphans, samples, repeated in note.get("joined", [])
    )


def keep_joins(folder: Path, key: str, joined: Iterable[Joined]) -> None:
    """Keeps what verifying joins saw."""
    path = _path(folder, key)
    path.parent.mkdir(parents=True, exist_ok=True)
    rows = [[one.table, one.nulls, one.orphans, list(one.samples), one.repeated] for one in joined]
    write_note(path, {"joined": rows})
