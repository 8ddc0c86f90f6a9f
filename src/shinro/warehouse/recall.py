"""Recalling: the load of last time, where nothing that it was read from changed since; without any engine."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime
from pathlib import Path

from shinro.loads import ColumnPlan, Former, Load, TablePlan
from shinro.problems import CannotGoOn, Problem, Severity, problem
from shinro.warehouse.files import files_of, with_logs
from shinro.warehouse.fingerprint import digest, normal_form, question
from shinro.warehouse.former import former, lost, whole
from shinro.warehouse.kept import Kept, Stamp, find, read_note, write_note
from shinro.warehouse.sheet import absent


@dataclass(frozen=True, slots=True)
class Noted:
    """What a table was read from last time: its files as they were, its inputs, when (of a server), what it had."""

    fingerprint: str
    stamps: tuple[tuple[Path, Stamp], ...]
    names: tuple[str, ...]
    snapshots: tuple[str, ...]
    read_at: datetime | None
    shapes: tuple[str, ...]  # of a server's inputs
    had: Former | None


_PASSWORD = re.compile(r"(//[^:@/]*):.*(?=@)|()password=('[^']*'|\S+)")


def recall(
    plan: TablePlan, folder: Path, today: date | None, *, zone: str | None = None, databases: bool = True
) -> Load | None:
    """What `load` would give, when every file has the size and the time that it had; None where one must look.

    A server says nothing of its changes: what it gave last time is recalled only with `databases`, and with the time at
    which it was read. Without `today` a load of any day will do; which rows were still to come is then as of that day.
    Cost: a look at each file, and one small file read.
    """
    last = noted(plan, folder)
    if last is None or not _same(plan, last.stamps, databases=databases):
        return None
    if not all((folder / kept).is_file() for kept in last.snapshots):
        return None
    known = find(folder, last.fingerprint, question(plan, last.names, zone or plan.source.timezone))
    if known is None or (today and known.day != today.isoformat()):
        return None
    return replace(now(known, plan), read_at=last.read_at, former=lost(known.load, last.had))


def noted(plan: TablePlan, folder: Path) -> Noted | None:
    """What is remembered of a plan; None where nothing is that could be read."""
    note = read_note(_note(folder, plan))
    if note is None:
        return None
    try:
        stamps = tuple((Path(path), Stamp(**seen)) for path, seen in note["files"])
        names, snapshots = tuple(note["names"]), tuple(note["snapshots"])
        read_at = datetime.fromisoformat(note["read"]) if is_silent(plan) else None
        shapes = tuple(note["shapes"]) if is_silent(plan) else ()
        return Noted(note["fingerprint"], stamps, names, snapshots, read_at, shapes, former(note))
    except (KeyError, TypeError, ValueError):
        return None


def now(known: Kept, plan: TablePlan) -> Load:
    """A kept load as today's plan calls it: names and lateness decide nothing of the rows."""
    return replace(known.load, table=plan.name, source=plan.source.name, late_by=plan.source.late_by)


def is_silent(plan: TablePlan) -> bool:
    """Whether a source says nothing of its changes: a server; files tell by their size and time."""
    return plan.source.type == "postgres"


def is_held(plan: TablePlan, folder: Path) -> bool:
    """Whether a server's table was read before: what it gave is kept, and the server need not be asked."""
    return is_silent(plan) and noted(plan, folder) is not None


def _same(plan: TablePlan, stamps: Sequence[tuple[Path, Stamp]], *, databases: bool) -> bool:
    if is_silent(plan):
        return databases
    if plan.source.type == "duckdb":
        return all(stamp.holds(path) and not Path(f"{path}.wal").exists() for path, stamp in stamps)
    if plan.source.type == "sqlite":
        there = with_logs(Path(plan.source.path or ""))
        return there == [path for path, _ in stamps] and all(stamp.holds(path) for path, stamp in stamps)
    try:
        found = [file.path for file in files_of(plan)]
    except (CannotGoOn, OSError):
        return False
    return found == [path for path, _ in stamps] and all(stamp.holds(path) for path, stamp in stamps)


def remember(
    plan: TablePlan,
    folder: Path,
    fingerprint: str,
    stamps: Sequence[tuple[Path, Stamp]],
    kept: Sequence[tuple[str, Path, str]],
    began: datetime,
    load: Load,
) -> Former | None:
    """Keeps what was read for a plan, and what its files looked like before, or when a server was asked (UTC).

    `kept`: each input's name, snapshot and shape. What its table had before comes back, where it has lost a part of it.
    """
    before = former(read_note(_note(folder, plan)))
    body: dict[str, object] = {
        "fingerprint": fingerprint,
        "files": [(str(path), asdict(seen)) for path, seen in stamps],
        "names": [name for name, _, _ in kept],
        "snapshots": [path.relative_to(folder).as_posix() for _, path, _ in kept],
        "whole": whole(load, before),
    }
    if is_silent(plan):
        body |= {"read": began.isoformat(timespec="seconds"), "shapes": [shape for _, _, shape in kept]}
    write_note(_note(folder, plan), body)
    return lost(load, before)


def _note(folder: Path, plan: TablePlan) -> Path:
    source = plan.source
    server = _PASSWORD.sub(r"\1", source.url) if source.url else None
    where = [source.type, source.path, server, source.schema, plan.stem, source.files]
    return folder / "cache" / "last" / f"{digest(where, normal_form(plan))}.json"


def remarks(load: Load, plan: TablePlan) -> tuple[Problem, ...]:
    """What there is to say of a load that went through: columns that it lacks, and that it has no rows."""
    files = ", ".join(load.files)
    apart = [column for column in plan.columns if column.metrics or column.cut]
    lacking = [column for column in apart if column.name not in load.types]
    found = [_without(absent(plan, column, load.columns, files), column) for column in lacking]
    if load.former:
        found.append(problem("L145", plan.place, Severity.WARNING, **_lost(load, load.former)))
    if not load.rows:
        found.append(problem("L115", plan.place, Severity.WARNING, table=plan.name, files=files))
    return tuple(found)


def _lost(load: Load, had: Former) -> dict[str, object]:
    days = {"newest": load.newest and load.newest.isoformat(), "until": had.newest and had.newest.isoformat()}
    args = {"table": load.table, "files": ", ".join(load.files), "rows": load.rows, "before": had.rows}
    return {"case": "back", **args, **days} if load.newest and had.newest and load.newest < had.newest else args


def _without(missing: Problem, column: ColumnPlan) -> Problem:
    if not column.metrics:
        return replace(missing, args={**missing.args, "case": "cut"}, severity=Severity.WARNING)
    if column.word and missing.code == "L111":
        return replace(missing, args={**missing.args, "case": "word", "metrics": ", ".join(column.metrics)})
    return replace(missing, args={**missing.args, "case": "without", "metrics": ", ".join(column.metrics)})
