"""Texts: compiled statements, kept so that a later look compiles nothing and does not import the compiler.

A text is a note with its own hash, under the identity of all that it is compiled from: the scan, the columns and joins
of its tables, the offsets of the zone, the compiler's own code and the versions that it builds on. Anything else, a
broken note, a folder that cannot be written: it is compiled anew. Days (as-of, a span) are written into it afterwards.
"""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any

from shinro.queries.identity import compiler, identity
from shinro.queries.rollup import Rollup
from shinro.queries.scans import Scan
from shinro.queries.schema import Schema, narrowed
from shinro.queries.standin import dated, is_clear, of_any_columns, of_columns, stands_in, without_days
from shinro.warehouse.engine import quoted
from shinro.warehouse.kept import read_note, write_note

DIALECT = "duckdb"


@dataclass(frozen=True, slots=True)
class Texts:
    """The embedded engine's statements; kept below a folder (`.shinro`), where there is one."""

    folder: Path | None = None

    def scan(self, scan: Scan, tables: Schema) -> str:
        """The text of a scan. Law: what the compiler gives for it."""
        scan, tables, columns = of_any_columns(scan, narrowed(tables, scan.reads))
        return of_columns(self._of_days(scan, tables), columns, quoted)

    def _of_days(self, scan: Scan, tables: Schema) -> str:
        zone = tables.calendar.zone
        alike = stands_in(scan)
        told = _told("scan", *without_days(scan), tables)
        if alike and told and is_clear(alike, told, zone):
            text = dated(self._text(told, lambda: str(_compile().sql(alike, tables, DIALECT))), alike, scan, zone)
            if text is not None:
                return text
        return str(_compile().sql(scan, tables, DIALECT))

    def rollup(self, rollup: Rollup, tables: Schema) -> str:
        """The text of a roll-up's rows."""
        tables = narrowed(tables, [rollup.table])
        told = _told("roll-up", rollup, tables)
        return self._text(told, lambda: str(_compile().rollup_sql(rollup, tables, DIALECT, quoted)))

    def kinds(self, rollup: Rollup, tables: Schema) -> str:
        """The text of what a roll-up keeps its table's rows apart by."""
        tables = narrowed(tables, [rollup.table])
        told = _told("kinds", rollup, tables)
        return self._text(told, lambda: str(_compile().kinds_sql(rollup, tables, DIALECT)))

    def _text(self, told: str | None, compiled: Callable[[], str]) -> str:
        made_by = compiler()
        if self.folder is None or told is None or made_by is None:
            return compiled()
        name = hashlib.sha256(f"{made_by} {told}".encode()).hexdigest()
        path = self.folder / "cache" / "texts" / made_by[:16] / f"{name}.json"
        note = read_note(path)
        if note is not None and note.get("of") == name and isinstance(note.get("text"), str):
            return str(note["text"])
        text = compiled()
        with suppress(OSError):
            _sweep(path.parent)
            write_note(path, {"of": name, "text": text})
        return text


def _told(*values: object) -> str | None:
    try:
        return identity(DIALECT, *values)
    except TypeError:
        return None


def _compile() -> Any:  # noqa: ANN401 - a module
    # Not at the top: importing it costs more CPU than most questions to the engine.
    return import_module("shinro.queries.compile")


def _sweep(folder: Path) -> None:
    """Makes a compiler's folder; what others compiled goes."""
    if not folder.is_dir():
        folder.mkdir(parents=True, exist_ok=True)
        for other in folder.parent.iterdir():
            if other != folder:
                shutil.rmtree(other, ignore_errors=True)
