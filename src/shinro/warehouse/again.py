"""Again: the inputs of a load of long ago, from the snapshots that it was read from; and texts kept beside them."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator, Sequence
from datetime import date
from itertools import product
from pathlib import Path

from shinro.loads import TablePlan
from shinro.warehouse.databases import chosen
from shinro.warehouse.files import ENDINGS
from shinro.warehouse.fingerprint import FORMAT, fingerprint
from shinro.warehouse.inputs import Inputs
from shinro.warehouse.recall import Noted
from shinro.warehouse.relations import Input
from shinro.warehouse.shapes import shaped
from shinro.warehouse.snapshots import is_whole, open_folder, snapshot_path, whole_file


def keep_text(folder: Path, digest: str, ending: str, text: bytes) -> None:
    """Keeps bytes among the snapshots, by their sha256. Cost: nothing where they are kept and whole."""
    target = snapshot_path(folder, digest, ending)
    if not is_whole(target, digest):
        open_folder(folder)
        with whole_file(target) as file:
            file.write(text)


def kept_text(folder: Path, digest: str, ending: str) -> bytes | None:
    """Bytes that were kept; None where they have gone or were changed."""
    target = snapshot_path(folder, digest, ending)
    return target.read_bytes() if is_whole(target, digest) else None


def inputs_again(
    plan: TablePlan, folder: Path, snapshots: Sequence[str], mark: str, dated: date | None = None
) -> Inputs | None:
    """What a load was read from, oldest first; None where a snapshot has gone, or its bytes are not those of its name.

    `mark` is the fingerprint that the load had, in this format or an earlier one: it tells between several ways to read
    the same bytes. `dated` is the newest date in the files' names. Cost: a hash of every snapshot.
    """
    found = [list(_readings(plan, folder, digest)) for digest in snapshots]
    if not all(found):
        return None
    ways = [Inputs(items, (), dated) for items in product(*found)]
    return next((way for way in ways if mark in _marks(plan, way)), ways[0])


def inputs_held(plan: TablePlan, folder: Path, last: Noted) -> Inputs | None:
    """What a server gave last time; None where it has gone. Raises CannotGoOn where a column is missing, as then."""
    held = zip(last.snapshots, last.names, last.shapes, strict=True)
    found = [_held(plan, folder, Path(kept).stem, name, shape) for kept, name, shape in held]
    items = tuple(item for item in found if item)
    if len(items) != len(found):
        return None
    for item in items:
        if item.table:
            chosen(plan, item.table)
    return Inputs(items)


def _held(plan: TablePlan, folder: Path, digest: str, name: str, shape: str) -> Input | None:
    """The first reading of that name and shape: one shape may be noted twice, under the name that notes had before."""
    readings = _readings(plan, folder, digest)
    return next((item for item in readings if (item.name, item.shape) == (name, shape)), None)


def _marks(plan: TablePlan, inputs: Inputs) -> Iterator[str]:
    read = [(item.kind, item.digest, item.shape) for item in inputs.items]
    return (fingerprint(plan, read, form) for form in range(FORMAT, 0, -1))


def _readings(plan: TablePlan, folder: Path, digest: str) -> Iterator[Input]:
    """The ways to read a snapshot as a source of its plan's type."""
    if plan.source.type == "files":
        for ending, kind in ENDINGS.items():
            path = snapshot_path(folder, digest, ending)
            if is_whole(path, digest):
                sheets = [None, plan.stem.rpartition(".")[2]] if kind == "book" else [None]
                yield from (
                    Input(f"{plan.stem}{ending}", path, digest, kind, stem=plan.stem, sheet=sheet) for sheet in sheets
                )
    elif plan.source.type == "sqlite":
        path = snapshot_path(folder, digest, ".sqlite")
        if is_whole(path, digest):
            yield Input(plan.stem, path, digest, "sqlite", stem=plan.stem)
    else:
        path = snapshot_path(folder, digest, ".csv")
        if is_whole(path, digest):
            yield from shaped(digest, path)


def lend(inputs: Inputs, folder: Path) -> Inputs:
    """The same inputs in another folder's snapshots: links where the disk has them, else copies."""
    (folder / "snapshots").mkdir(parents=True, exist_ok=True)
    return Inputs(tuple(_lent(item, folder) for item in inputs.items), inputs.stamps, inputs.dated)


def _lent(item: Input, folder: Path) -> Input:
    target = folder / "snapshots" / item.kept.name
    if not target.exists():
        try:
            os.link(item.kept, target)
        except OSError:
            shutil.copyfile(item.kept, target)
    return Input(item.name, target, item.digest, item.kind, item.table, item.columns, item.stem, item.sheet)
