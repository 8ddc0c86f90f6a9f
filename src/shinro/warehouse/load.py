"""Loading: from the files or tables that a plan names to one typed table, a snapshot of what was read, and a Load."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import duckdb

from shinro.loads import Load, TablePlan
from shinro.problems import CannotGoOn, Problem, problem
from shinro.units import statement
from shinro.warehouse.again import inputs_held
from shinro.warehouse.casting import Writing, grouping
from shinro.warehouse.cells import SECONDS
from shinro.warehouse.engine import Limits, engine, file_literal, scratch_folder
from shinro.warehouse.fingerprint import fingerprint, question
from shinro.warehouse.former import lost
from shinro.warehouse.inputs import Inputs, gather
from shinro.warehouse.kept import Kept, find, keep, stamp, table_name
from shinro.warehouse.mending import mend
from shinro.warehouse.recall import is_silent, noted, now, recall, remarks, remember
from shinro.warehouse.refusals import refuse
from shinro.warehouse.relations import Prepared, prepare, relate, says, told
from shinro.warehouse.seen import untouched
from shinro.warehouse.session import columns_of
from shinro.warehouse.sheet import position
from shinro.warehouse.snapshots import hash_of, move_whole, open_folder
from shinro.warehouse.tables import (
    SAMPLES,
    Passed,
    Ragged,
    first_pass,
    quotes_are_broken,
    samples,
    types_of,
    with_broken,
    write,
)
from shinro.warehouse.verify import facts_of

Progress = Callable[[str, str], None]  # a step (read, cast, verify) and the table's name


@dataclass(frozen=True, slots=True)
class Asked:
    """What a load is asked: the table, where to keep things, the day it is, the project's zone, its limits."""

    plan: TablePlan
    folder: Path
    today: date
    zone: str
    limits: Limits
    progress: Progress
    kept: Inputs | None = None  # what is read in place of what the source holds now
    fresh: bool = True  # a server is read again


def load(
    plan: TablePlan,
    folder: Path,
    today: date,
    progress: Progress | None = None,
    *,
    zone: str | None = None,
    limits: Limits | None = None,
    fresh: bool = True,
) -> tuple[Load | None, tuple[Problem, ...]]:
    """Loads one table into `folder` (`.shinro`); the load, or None, and what is wrong.

    `zone` is the project's time zone, for the local day of a moment; the source's where it is left out. A server that
    was read before is read again only where it is to be `fresh`; else the rows that it gave are asked anew.
    Law: the same inputs and plan give the same fingerprint and the same typed rows, in whatever state a crash left the
    folder. Cost: when nothing changed, a look at each file; else two scans of the input, streamed, within the limits.
    """
    zone, limits, progress = zone or plan.source.timezone, limits or Limits(), progress or _silent
    return _told(Asked(plan, folder, today, zone, limits, progress, fresh=fresh))


def load_again(
    plan: TablePlan, folder: Path, today: date, kept: Inputs, *, zone: str | None = None, limits: Limits | None = None
) -> tuple[Load | None, tuple[Problem, ...]]:
    """The same from snapshots that lie in `folder`, whatever the source holds now."""
    return _told(Asked(plan, folder, today, zone or plan.source.timezone, limits or Limits(), _silent, kept))


def _told(asked: Asked) -> tuple[Load | None, tuple[Problem, ...]]:
    plan = asked.plan
    try:
        loaded = _load(asked)
    except CannotGoOn as stop:
        return None, stop.problems
    except duckdb.InterruptException:
        return None, (problem("L118", plan.place, table=plan.name, seconds=int(asked.limits.seconds)),)
    except duckdb.OutOfMemoryException:
        return None, (problem("L119", plan.place, table=plan.name, memory=asked.limits.memory),)
    except (OSError, duckdb.IOException) as error:
        return None, (problem("L126", plan.place, table=plan.name, says=says(error)),)
    return loaded, remarks(loaded, plan)


def _silent(_step: str, _table: str) -> None:
    pass


def _load(asked: Asked) -> Load:
    began = time.perf_counter()
    plan, folder = asked.plan, asked.folder
    same = None if asked.kept else recall(plan, folder, asked.today, zone=asked.zone, databases=False)
    if same is not None:
        return same
    writing = writing_of(plan)
    open_folder(folder)
    asked.progress("read", plan.name)
    try:
        return _read(asked, plan, writing, began)
    except CannotGoOn as stop:
        rest = _without(plan, stop.problems)
        if rest is None:
            raise
        loaded = _read(replace(asked, plan=rest), plan, writing, began)
        if any(position(loaded.columns, each.header) is not None for each in plan.columns if each not in rest.columns):
            raise  # some of its files have the column
        return loaded


def _without(plan: TablePlan, problems: Sequence[Problem]) -> TablePlan | None:
    """The plan without the columns that are missing; None where more is wrong, or the table needs one."""
    apart = {column.place: column for column in plan.columns if column.metrics or column.cut}
    if not all(each.code in ("L109", "L111") and each.place in apart for each in problems):
        return None
    lost = [apart[each.place] for each in problems]
    return replace(plan, columns=tuple(column for column in plan.columns if column not in lost))


def _read(asked: Asked, known_as: TablePlan, writing: Writing, began: float) -> Load:
    """What the inputs hold, read or recalled by their bytes; remembered as that of a plan."""
    folder, read = asked.folder, datetime.now(UTC)
    last = noted(known_as, folder) if is_silent(known_as) and not asked.fresh else None
    held = inputs_held(asked.plan, folder, last) if last else None
    inputs = asked.kept or held or gather(asked.plan, folder, asked.limits)
    mark = fingerprint(asked.plan, [(item.kind, item.digest, item.shape) for item in inputs.items])
    loaded = _known(asked, inputs, mark) or _made(asked, inputs, mark, writing, began)
    if last and held:
        return replace(loaded, read_at=last.read_at, former=lost(loaded, last.had))
    kept = [(item.name, item.kept, item.shape) for item in inputs.items]
    had = remember(known_as, folder, mark, inputs.stamps, kept, read, loaded)
    return loaded if asked.kept else replace(loaded, former=had)


def _asks(asked: Asked, inputs: Inputs) -> str:
    return question(asked.plan, [item.name for item in inputs.items], asked.zone)


def _known(asked: Asked, inputs: Inputs, mark: str) -> Load | None:
    known = find(asked.folder, mark, _asks(asked, inputs))
    return now(known, asked.plan) if known is not None and known.day == asked.today.isoformat() else None


def _made(asked: Asked, inputs: Inputs, mark: str, writing: Writing, began: float) -> Load:
    with scratch_folder(asked.folder) as scratch:
        made = find(asked.folder, mark) or _make(asked, inputs, mark, writing, scratch)
        loaded = _facts(asked, inputs, made, scratch)
    loaded = replace(loaded, seconds=time.perf_counter() - began)
    keep(asked.folder, replace(made, load=loaded, question=_asks(asked, inputs), day=asked.today.isoformat()))
    return loaded


def writing_of(plan: TablePlan) -> Writing:
    """How the source writes; raises CannotGoOn where its settings say nothing that can be understood."""
    source = plan.source
    signs = grouping(source.numbers)
    if signs is None:
        raise CannotGoOn([problem("L114", source.place, numbers=source.numbers)])
    try:
        ZoneInfo(source.timezone)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise CannotGoOn([problem("L122", source.place, timezone=source.timezone)]) from error
    return Writing(source.timezone, source.dates, *signs, source.currency)


def _make(asked: Asked, inputs: Inputs, mark: str, writing: Writing, scratch: Path) -> Kept:
    ready = [prepare(item, asked.plan, scratch, asked.limits, narrow=True) for item in inputs.items]
    asked.progress("cast", asked.plan.name)
    with engine(scratch, [one.path for one in ready], asked.limits) as connection:
        _refuse_format(asked.plan, connection)
        passes = [_pass(asked, connection, one, writing, scratch) for one in ready]
        rejects = [reject for one in passes if one.rejected for reject in samples(connection, one)]
        refuse(asked.plan, connection, passes, rejects)
        load = Load(
            table=asked.plan.name,
            source=asked.plan.source.name,
            files=tuple(item.name for item in inputs.items),
            snapshot=tuple(item.digest for item in inputs.items),
            fingerprint=mark,
            rows=0,
            rejected=sum(one.rejected for one in passes),
            rejects=tuple(rejects[:SAMPLES]),
            columns=tuple(dict.fromkeys(header for one in passes for header in one.relation.headers)),
            stated=statement(one.sheet.stated for one in ready if one.sheet),
        )
        return _in_place(asked, passes, load) or _written(asked, connection, passes, load, scratch)


def _refuse_format(plan: TablePlan, connection: duckdb.DuckDBPyConnection) -> None:
    dates = plan.source.dates
    if dates is None or (plan.source.type == "sqlite" and dates == SECONDS):
        return
    wrong = problem("L130", plan.source.place, dates=dates)
    try:
        connection.execute("SELECT strftime(TIMESTAMP '2026-04-01', $1), try_strptime('', $1)", [dates]).fetchall()
    except duckdb.Error as error:
        raise CannotGoOn([wrong]) from error
    if "%" not in dates:
        raise CannotGoOn([wrong])


def _pass(
    asked: Asked, connection: duckdb.DuckDBPyConnection, ready: Prepared, writing: Writing, scratch: Path
) -> Passed:
    relation = relate(connection, ready, asked.plan, writing)
    with told(asked.plan, ready.input.name):
        passed = first_pass(connection, relation)
        if not quotes_are_broken(passed):
            return passed
        if ready.sheet is None:
            raise CannotGoOn([_broken_quotes(asked.plan, passed)])
        target = scratch / f"{ready.input.digest}.mended"
        broken = [Ragged(each.row, each.text, "quote") for each in mend(ready.path, ready.sheet, target)]
        mended = replace(ready, path=target, sheet=replace(ready.sheet, skip=0))
        passed = first_pass(connection, relate(connection, mended, asked.plan, writing))
        if quotes_are_broken(passed):
            raise CannotGoOn([_broken_quotes(asked.plan, passed)])
        return with_broken(passed, broken)


def _broken_quotes(plan: TablePlan, passed: Passed) -> Problem:
    row = next(each.row for each in passed.ragged if each.reason == "quote")
    return problem("L116", plan.place, file=passed.relation.input.name, table=plan.name, row=row)


def _in_place(asked: Asked, passes: Sequence[Passed], load: Load) -> Kept | None:
    """A typed file that already is what the table asks for is read where it lies: in the snapshots."""
    one = passes[0]
    same = all(untouched(reading, seen) for reading, seen in zip(one.relation.readings, one.seen, strict=True))
    if len(passes) > 1 or one.relation.input.kind != "parquet" or one.rejected or not same or not one.seen:
        return None
    path = one.relation.input.kept
    types = types_of(passes, asked.plan)
    columns = {reading.plan.name: reading.header for reading in one.relation.readings}
    table = path.relative_to(asked.folder).as_posix()
    return Kept(replace(load, rows=one.rows, types=types), "", table, columns, stamp(path, load.snapshot[0]))


def _written(
    asked: Asked, connection: duckdb.DuckDBPyConnection, passes: Sequence[Passed], load: Load, scratch: Path
) -> Kept:
    target = scratch / "typed.parquet"
    with told(asked.plan, ", ".join(load.files)):
        rows = write(connection, asked.plan, passes, target)
    table = table_name(load.fingerprint)
    move_whole(target, asked.folder / table)
    columns = {column.name: column.name for column in asked.plan.columns}
    made = replace(load, rows=rows, types=types_of(passes, asked.plan))
    return Kept(made, "", table, columns, stamp(asked.folder / table, hash_of(asked.folder / table)))


def _facts(asked: Asked, inputs: Inputs, made: Kept, scratch: Path) -> Load:
    asked.progress("verify", asked.plan.name)
    path = made.path(asked.folder)
    table = f"(SELECT {columns_of(made)} FROM read_parquet({file_literal(path)}))"
    load = replace(now(made, asked.plan), files=tuple(item.name for item in inputs.items))
    with engine(scratch, [path], asked.limits) as connection:
        return facts_of(
            lambda sql: connection.execute(sql).fetchall(),
            table,
            asked.plan,
            load,
            asked.today,
            asked.zone,
            inputs.dated,
        )
