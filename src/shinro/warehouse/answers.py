"""Answers: what scans found, kept by definition and fingerprint, so that nothing is measured twice.

An answer is a JSON file named by the hash of all that it depends on; a missing or broken one costs a recompute.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from pathlib import Path

from shinro.loads import Joined, Load, TablePlan
from shinro.periods import Calendar
from shinro.queries.scans import Scan, cut
from shinro.warehouse.fingerprint import digest
from shinro.warehouse.frame import Row
from shinro.warehouse.kept import read_note, write_note
from shinro.warehouse.snapshots import whole_file

FORMAT = 1  # raise it when the same scan comes to give other numbers


def key_of(scan: Scan, plan: TablePlan, loads: Mapping[str, Load], calendar: Calendar) -> str:
    """The hash of a scan with its measures: tables' contents, how they are joined, cut, dimensions, span."""
    tables = {name: loads[name].fingerprint for name in (scan.table, *scan.joins)}
    joins = [[join.table, join.column, join.key] for join in plan.joins if join.table in scan.joins]
    measures = [measure.normal for measure in scan.measures]
    return digest(FORMAT, scan.normal, measures, tables, joins, cut(calendar))


def _path(folder: Path, key: str) -> Path:
    return folder / "cache" / "answers" / f"{key}.json"


def known_rows(folder: Path, key: str) -> list[Row] | None:
    """The rows that a scan gave, or None where they are not kept whole."""
    try:
        digest, _, text = _path(folder, key).read_bytes().partition(b"\n")
    except OSError:
        return None
    if hashlib.sha256(text).hexdigest().encode() != digest:
        return None
    return [tuple(row) for row in json.loads(text)]


def keep_rows(folder: Path, key: str, rows: list[Row]) -> None:
    """Keeps the rows of a scan, decimals as text, exactly: a line with their hash, then JSON."""
    path = _path(folder, key)
    path.parent.mkdir(parents=True, exist_ok=True)
    text = json.dumps(rows, ensure_ascii=False, default=str, separators=(",", ":")).encode()
    with whole_file(path) as file:
        file.write(hashlib.sha256(text).hexdigest().encode() + b"\n" + text)


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
