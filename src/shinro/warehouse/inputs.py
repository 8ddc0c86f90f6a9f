"""Inputs: what a table is read from, found and kept before anything is made of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from shinro.loads import TablePlan
from shinro.problems import CannotGoOn, problem
from shinro.warehouse import duck, postgres, sqlite
from shinro.warehouse.databases import Table, keep_rows
from shinro.warehouse.engine import Limits, scratch_folder
from shinro.warehouse.files import Found, files_of, with_logs
from shinro.warehouse.kept import Stamp, stamp
from shinro.warehouse.relations import Input, says
from shinro.warehouse.shapes import keep_shape
from shinro.warehouse.snapshots import keep_bytes


@dataclass(frozen=True, slots=True)
class Inputs:
    """What a table is read from, oldest first.

    `stamps` are the files as they were before they were read, `dated` the newest date in their names.
    """

    items: tuple[Input, ...]
    stamps: tuple[tuple[Path, Stamp], ...] = ()
    dated: date | None = None


def gather(plan: TablePlan, folder: Path, limits: Limits) -> Inputs:
    """The inputs of a table, their bytes kept in the snapshots. Raises CannotGoOn where there is nothing to read."""
    source = plan.source
    if source.type == "files":
        return _files(plan, folder, files_of(plan))
    if source.type == "duckdb":
        path = Path(source.path or "")
        before = ((path, stamp(path, "")),) if path.is_file() else ()
        rows = _rows(folder, lambda target, scratch: duck.read(plan, target, scratch, limits))
        return Inputs((rows,), before)
    if source.type == "sqlite":
        return _sqlite(plan, folder, limits)
    if source.type == "postgres":
        return Inputs((_rows(folder, lambda target, _: postgres.read(plan, target, limits)),))
    raise CannotGoOn([problem("L120", source.place, type=source.type)])


def _files(plan: TablePlan, folder: Path, found: Sequence[Found]) -> Inputs:
    items, stamps = [], []
    for file in found:
        try:
            stamps.append((file.path, stamp(file.path, "")))
            digest, copy = keep_bytes(file.path, folder, file.path.suffix.lower())
        except OSError as error:
            raise CannotGoOn([problem("L121", plan.source.place, file=file.name, says=says(error))]) from error
        items.append(Input(file.name, copy, digest, file.kind or "text", stem=plan.stem, sheet=file.sheet))
    return Inputs(tuple(items), tuple(stamps), max((file.dated for file in found if file.dated), default=None))


def _sqlite(plan: TablePlan, folder: Path, limits: Limits) -> Inputs:
    path = Path(plan.source.path or "")
    there = with_logs(path) if path.is_file() else []
    before = tuple((one, stamp(one, "")) for one in there)
    with scratch_folder(folder) as scratch:
        whole = scratch / "copy.sqlite"
        sqlite.copy(plan, whole, limits)
        digest, kept = keep_bytes(whole, folder, ".sqlite")
    return Inputs((Input(plan.stem, kept, digest, "sqlite", stem=plan.stem),), before)


def _rows(folder: Path, read: Callable[[Path, Path], tuple[Table, tuple[str, ...]]]) -> Input:
    with scratch_folder(folder) as scratch:
        target = scratch / "rows.csv"
        table, columns = read(target, scratch)
        digest, copy = keep_rows(target, folder)
    made = Input(table.full_name, copy, digest, "rows", table, columns)
    keep_shape(made)
    return made
