"""Survey: a look at files as they come: headers, a sample of rows, what the cells read as, whose keys they hold.

It reads through the same steps as a load (decoding, header row, casting), so what it sees is what a load will read.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from datetime import date
from itertools import permutations
from pathlib import Path

import duckdb

from shinro.loads import ColumnPlan, Role, SourcePlan, TablePlan
from shinro.problems import CannotGoOn, Place, Problem, problem
from shinro.surveys import Column, Kind, Link, Survey, Surveyed
from shinro.warehouse.casting import Writing
from shinro.warehouse.engine import Limits, engine, scratch_folder
from shinro.warehouse.files import ENDINGS, stem_and_date
from shinro.warehouse.refusals import formats_that_read
from shinro.warehouse.relations import Input, Prepared, Relation, prepare, relate, told
from shinro.warehouse.seen import Seen
from shinro.warehouse.sheet import position
from shinro.warehouse.tables import Passed, first_pass, rows_of
from shinro.warehouse.text import canonical

SAMPLE = 5_000  # rows
WIDEST = 300  # columns that are looked at
FEW_KEYS = 2  # a column of one value finds partners by chance
ENOUGH = 0.8  # of a column's values are keys over there


@dataclass(frozen=True, slots=True)
class Looked:
    """A file within the engine: its survey, and SQL behind FROM with its columns as texts, `v0`, `v1`, ..."""

    survey: Survey
    rows: str


def survey(
    paths: Sequence[Path], folder: Path, known: Sequence[str] = (), limits: Limits | None = None
) -> tuple[Surveyed, tuple[Problem, ...]]:
    """What the files hold, and what is wrong with those that cannot be read; a file named twice is read once.

    `known` are headers that tell where a table begins below title rows. Cost: a sample of each file, one scan for its
    number of rows and keys, and one a likely pair of columns for the links.
    """
    problems: list[Problem] = []
    with ExitStack() as stack:
        scratch = stack.enter_context(scratch_folder(folder))
        ready = [one for path in dict.fromkeys(paths) if (one := _ready(path, known, scratch, problems))]
        files = [one.path for one, _ in ready]
        connection = stack.enter_context(engine(scratch, files, limits or Limits(seconds=300.0)))
        looked = [one for each, plan in ready if (one := _looked(connection, each, plan, problems))]
        links = tuple(_links(connection, looked))
    return Surveyed(tuple(one.survey for one in looked), links), tuple(problems)


def _ready(
    path: Path, known: Sequence[str], scratch: Path, problems: list[Problem]
) -> tuple[Prepared, TablePlan] | None:
    """A file decoded and its header row found, in the first encoding that reads all of it."""
    place = Place(path.name)
    kind = ENDINGS.get(path.suffix.lower())
    if kind is None or not path.is_file():
        code = "L151" if path.exists() and path.is_file() else "L150"
        problems.append(problem(code, place, file=path.name, ending=path.suffix or "–"))
        return None
    columns = tuple(ColumnPlan(header, header, Role.TEXT, place) for header in known)
    plan = TablePlan(path.stem, SourcePlan("files", "files", place, path=str(path)), path.stem, columns, place)
    folder = scratch / str(len(list(scratch.iterdir())))
    folder.mkdir()
    for encoding in ("utf-8", "cp932", "utf-16"):
        tried = replace(plan, source=replace(plan.source, encoding=encoding))
        try:
            return prepare(Input(path.name, path, "", kind), tried, folder), tried
        except (CannotGoOn, OSError, UnicodeError) as error:
            stop = error
    found = stop.problems if isinstance(stop, CannotGoOn) else ()
    problems.append(next((one for one in found if one.code != "L107"), problem("L152", place, file=path.name)))
    return None


def _looked(
    connection: duckdb.DuckDBPyConnection, ready: Prepared, plan: TablePlan, problems: list[Problem]
) -> Looked | None:
    name = ready.input.name
    try:
        with told(plan, name):
            headers = _headers(connection, ready, plan)
            usable = [header for header in headers if header and position(headers, header) is not None][:WIDEST]
            if not usable or _is_no_table(ready, headers):
                problems.append(problem("L153", Place(name), file=name))
                return None
            return _seen(connection, ready, plan, usable, _twice(headers))
    except CannotGoOn as stop:
        problems.extend(stop.problems)
        return None


def _is_no_table(ready: Prepared, headers: Sequence[str]) -> bool:
    """Whether what stands in the header row cannot be headers: bytes of something else."""
    return ready.broken and any(not header.isprintable() for header in headers)


def _headers(connection: duckdb.DuckDBPyConnection, ready: Prepared, plan: TablePlan) -> tuple[str, ...]:
    if ready.sheet is not None:
        return ready.sheet.headers
    return relate(connection, ready, replace(plan, columns=()), Writing()).headers


def _twice(headers: Sequence[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(header for header in headers if header and position(headers, header) is None))


def _seen(
    connection: duckdb.DuckDBPyConnection,
    ready: Prepared,
    plan: TablePlan,
    headers: Sequence[str],
    twice: Sequence[str],
) -> Looked:
    texts = _read_as(connection, ready, plan, headers, Role.TEXT)
    rows = rows_of(texts)
    names = [f"v{n}" for n in range(len(headers))]
    sample = connection.execute(f"SELECT {', '.join(names)} FROM {rows} LIMIT {SAMPLE}").fetchall()
    whole = connection.execute(
        f"SELECT count(*), {', '.join(f'count({name}), count(DISTINCT {name})' for name in names)} FROM {rows}"
    ).fetchall()[0]
    kinds = _kinds(connection, ready, plan, headers)
    columns = []
    for n, header in enumerate(headers):
        kind, seen, formats = kinds[n]
        cells = tuple(None if row[n] is None else str(row[n]) for row in sample)
        unique = whole[0] > 0 and whole[1 + 2 * n] == whole[2 + 2 * n] == whole[0]
        low, high = (moment.date() if moment else None for moment in (seen.low, seen.high))
        columns.append(Column(header, kind, cells, unique, low, high, formats))
    path = Path(plan.source.path or "")
    encoding = "utf-8" if ready.input.kind != "text" else canonical(plan.source.encoding) or "utf-8"
    stem = stem_and_date(path.stem)[0]
    return Looked(Survey(str(path), stem, encoding, int(whole[0]), tuple(columns), tuple(twice)), rows)


def _read_as(
    connection: duckdb.DuckDBPyConnection, ready: Prepared, plan: TablePlan, headers: Sequence[str], role: Role
) -> Relation:
    columns = tuple(ColumnPlan(header, header, role, plan.place) for header in headers)
    relation = relate(connection, ready, replace(plan, columns=columns), Writing())
    return replace(relation, counted=None)


def _kinds(
    connection: duckdb.DuckDBPyConnection, ready: Prepared, plan: TablePlan, headers: Sequence[str]
) -> list[tuple[Kind, Seen, tuple[str, ...]]]:
    """What the cells of each column read as, by the casting of loads."""
    passes = {}
    for role in (Role.NUMBER, Role.TIME, Role.TRUTH):
        relation = _read_as(connection, ready, plan, headers, role)
        sampled = replace(relation, source=f"(SELECT * FROM {relation.source} LIMIT {SAMPLE})")
        passes[role] = first_pass(connection, sampled)
    texts = first_pass(connection, _read_as(connection, ready, plan, headers, Role.TEXT))
    return [_kind(connection, passes, texts, n) for n in range(len(headers))]


def _kind(
    connection: duckdb.DuckDBPyConnection, passes: dict[Role, Passed], texts: Passed, n: int
) -> tuple[Kind, Seen, tuple[str, ...]]:
    number, times, truth = (passes[role] for role in (Role.NUMBER, Role.TIME, Role.TRUTH))
    reading = times.relation.readings[n]
    filled = f"count(*) FILTER ({reading.present})"
    present = connection.execute(f"SELECT {filled} FROM {rows_of(times.relation)}").fetchall()[0][0]
    del texts
    seen = times.seen[n]
    if not present:
        return "empty", seen, ()
    if not number.seen[n].unread:
        return "number", seen, ()
    if not seen.unread:
        return ("moment" if seen.clocks else "date"), seen, ()
    if seen.ambiguous and seen.ambiguous == seen.unread:
        return "date", seen, tuple(formats_that_read(connection, times.relation, reading))
    return ("text" if truth.seen[n].unread else "truth"), Seen(), ()


def _links(connection: duckdb.DuckDBPyConnection, looked: Sequence[Looked]) -> list[Link]:
    found = []
    for here, there in permutations(looked, 2):
        for k, key in enumerate(there.survey.columns):
            if not key.unique or key.kind not in ("text", "number"):
                continue
            for c, column in enumerate(here.survey.columns):
                if _may_hold(here.survey, column, key):
                    found += _link(connection, (here, c), (there, k))
    return found


def _may_hold(survey: Survey, column: Column, key: Column) -> bool:
    """Whether it is worth a look on all rows: the sample shares values; plain numbers do so by chance, so names count."""
    if column.kind != key.kind or column.unique and survey.rows > SAMPLE:
        return False
    if column.kind == "number" and not _alike(column.header, key.header):
        return False
    values = set(column.counts)
    return len(values) >= FEW_KEYS and len(values & set(key.counts)) * 2 >= min(len(values), len(key.counts))


def _alike(one: str, other: str) -> bool:
    """Whether two headers speak of the same: one holds the other."""
    a, b = ("".join(filter(str.isalnum, header.lower())) for header in (one, other))
    return a in b or b in a


def _link(connection: duckdb.DuckDBPyConnection, here: tuple[Looked, int], there: tuple[Looked, int]) -> list[Link]:
    (mine, c), (other, k) = here, there
    keys = f"(SELECT v{k} FROM {other.rows})"
    values = f"(SELECT DISTINCT v{c} AS value FROM {mine.rows} WHERE v{c} IS NOT NULL)"
    row = connection.execute(
        f"SELECT count(*), count(*) FILTER (value IN {keys}),"
        f" min(value) FILTER (value NOT IN {keys}), max(value) FILTER (value NOT IN {keys}) FROM {values}"
    ).fetchall()[0]
    total, found = int(row[0]), int(row[1])
    if total < FEW_KEYS or found < ENOUGH * total:
        return []
    lost = tuple(dict.fromkeys(str(value) for value in row[2:] if value is not None))
    names = (mine.survey.columns[c].header, other.survey.columns[k].header)
    return [Link(mine.survey.path, names[0], other.survey.path, names[1], total, found, lost)]


def newest(dates: Sequence[date | None]) -> date | None:
    """The newest of some days."""
    return max(filter(None, dates), default=None)
