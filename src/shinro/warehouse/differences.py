"""Differences: what changed in a table's rows between two loads of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from shinro.findings.drift import Rows
from shinro.loads import Load
from shinro.warehouse.engine import Limits, engine, file_literal, literal, quoted, scratch_folder
from shinro.warehouse.frame import label
from shinro.warehouse.kept import Kept, find
from shinro.warehouse.session import columns_of

SHOWN = 3
LONGEST = 80  # characters of a row
Ask = Callable[[str], Sequence[tuple[object, ...]]]


@dataclass(frozen=True, slots=True)
class Side:
    """A load, and the `.shinro` that holds its typed table."""

    load: Load
    folder: Path


def differences(before: Side, after: Side, key: str | None, day: str | None, until: date) -> Rows | None:
    """How rows differ by their key, or as wholes where there is none or it repeats; None where a table has gone.

    `day` is the column that dates a row: only rows up to `until` count. Law: the order of the rows does not matter.
    Cost: a join of both tables by the key.
    """
    old, new = (find(side.folder, side.load.fingerprint) for side in (before, after))
    if old is None or new is None:
        return None
    paths = sorted({old.path(before.folder), new.path(after.folder)})
    keyed = key and not before.load.repeated_keys and not after.load.repeated_keys
    with scratch_folder(after.folder) as scratch, engine(scratch, paths, Limits()) as connection:
        for name, kept, side in (("old", old, before), ("new", new, after)):
            connection.execute(_view(name, kept, kept.path(side.folder), day, until))
        columns = sorted(set(old.columns) & set(new.columns))
        return _rows(lambda sql: connection.execute(sql).fetchall(), after.load.table, columns, key if keyed else None)


def _view(name: str, kept: Kept, path: Path, day: str | None, until: date) -> str:
    rows = f"CREATE VIEW {name} AS SELECT {columns_of(kept)} FROM read_parquet({file_literal(path)})"
    return f"{rows} WHERE {_up_to(kept.columns[day], until)}" if day and day in kept.columns else rows


def _up_to(column: str, until: date) -> str:
    day = f"CAST({quoted(column)} AS DATE)"
    return f"({day} IS NULL OR {day} <= DATE {literal(until.isoformat())})"


def _rows(ask: Ask, table: str, columns: Sequence[str], key: str | None) -> Rows:
    before, after = (_count(ask, f"SELECT count(*) FROM {name}") for name in ("old", "new"))
    if key is None or key not in columns:
        listed = ", ".join(map(quoted, columns)) or "1"
        lost, new = (
            f"(SELECT {listed} FROM {one} EXCEPT ALL SELECT {listed} FROM {other})"
            for one, other in (("old", "new"), ("new", "old"))
        )
        gone, come = (_count(ask, f"SELECT count(*) FROM {rows}") for rows in (lost, new))
        some = ask(f"FROM ({lost} UNION ALL {new}) ORDER BY ALL LIMIT {SHOWN}")
        return Rows(
            table, before, after, come, gone, 0, keys=tuple(filter(None, (_told(columns, row) for row in some)))
        )
    name = quoted(key)
    joined = f"FROM old FULL JOIN new ON old.{name} = new.{name}"
    added = _count(ask, f"SELECT count(*) {joined} WHERE old.{name} IS NULL")
    removed = _count(ask, f"SELECT count(*) {joined} WHERE new.{name} IS NULL")
    others = [column for column in columns if column != key]
    differ = {column: f"old.{quoted(column)} IS DISTINCT FROM new.{quoted(column)}" for column in others}
    both = f"FROM old JOIN new ON old.{name} = new.{name}"
    any_of = " OR ".join(differ.values()) or "FALSE"
    changed = _count(ask, f"SELECT count(*) {both} WHERE {any_of}")
    by_column = [(column, _count(ask, f"SELECT count(*) {both} WHERE {test}")) for column, test in differ.items()]
    found = tuple(sorted((one for one in by_column if one[1]), key=lambda one: (-one[1], one[0])))
    missing = f"old.{name} IS NULL OR new.{name} IS NULL OR {any_of}"
    shown = f"SELECT CAST(coalesce(old.{name}, new.{name}) AS VARCHAR) AS key {joined} WHERE {missing} ORDER BY key"
    keys = tuple(str(row[0]) for row in ask(f"{shown} LIMIT {SHOWN}"))
    return Rows(table, before, after, added, removed, changed, found, keys)


def _told(columns: Sequence[str], row: Sequence[object]) -> str:
    """A row that no key names, by what stands in it: `date 2026-05-04 value 46`."""
    there = zip(columns, row, strict=False)
    cells = [f"{name} {label(value)}" for name, value in there if value is not None]
    return told if len(told := " ".join(cells)) <= LONGEST else told[: LONGEST - 1] + "…"


def _count(ask: Ask, sql: str) -> int:
    found = ask(sql)[0][0]
    return found if isinstance(found, int) else 0
