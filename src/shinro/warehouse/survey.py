"""Survey: a look at files as they come: headers, a sample of rows, what the cells read as, whose keys they hold.

It reads through the same steps as a load (decoding, header row, casting), so what it sees is what a load will read.
"""

from __future__ import annotations

import codecs
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

import duckdb

from shinro.definitions.alike import engine_name
from shinro.loads import ColumnPlan, Role, SourcePlan, TablePlan, is_total
from shinro.problems import CannotGoOn, Place, Problem, problem
from shinro.surveys import Column, Kind, Survey, Surveyed
from shinro.warehouse.casting import Writing
from shinro.warehouse.databases import absent
from shinro.warehouse.engine import Limits, engine, scratch_folder
from shinro.warehouse.files import ENDINGS, Found, in_order, stem_and_date, unreadable
from shinro.warehouse.links import Looked, links
from shinro.warehouse.mending import mend
from shinro.warehouse.reading import Reading
from shinro.warehouse.refusals import formats_that_read
from shinro.warehouse.relations import Input, Prepared, Relation, prepare, relate, says, told
from shinro.warehouse.seen import Seen
from shinro.warehouse.sheet import position
from shinro.warehouse.snapshots import hash_of
from shinro.warehouse.tables import first_pass, quotes_are_broken, rows_of, samples

SAMPLE = 5_000  # rows
ADDRESSES = ("postgresql:", "postgres:")  # what a server's address begins with, as a path
AT_ONCE = 40  # columns: more in one question cost memory beyond measure
HEAD = 4096  # bytes by which text is told from anything else
ADVISED = "L107"  # the problem that names the encoding which reads a file whole


Ready = tuple[Prepared, TablePlan]


class Cast(NamedTuple):
    """What a column gives when it is read in a role."""

    seen: Seen
    relation: Relation
    reading: Reading


def survey(
    paths: Sequence[Path], folder: Path, known: Sequence[str] = (), limits: Limits | None = None
) -> tuple[Surveyed, tuple[Problem, ...]]:
    """What the files hold, and what is wrong with those that cannot be read.

    Of files with the same bytes, and of one export under several dates, one is read. `known` are headers that tell
    where a table begins below title rows. Cost: a sample of each file, one scan for its number of rows and its keys,
    and one a likely pair of columns for the links.
    """
    problems: list[Problem] = []
    kept, passed = _without_twins([path for path in dict.fromkeys(paths) if _is_there(path, problems)])
    with ExitStack() as stack:
        scratch = stack.enter_context(scratch_folder(folder))
        ready = [one for n, path in enumerate(kept) if (one := _ready(path, known, scratch / str(n), problems))]
        limits = limits or Limits(seconds=300.0)
        connection = stack.enter_context(engine(scratch, [one.path for one, _ in ready], limits))
        looked = [seen for one in ready if (seen := _looked(connection, one, scratch, problems))]
        found = tuple(links(connection, looked))
    return Surveyed(tuple(one.survey for one in looked), found, passed), tuple(problems)


def _is_there(path: Path, problems: list[Problem]) -> bool:
    place = Place(path.name)
    if str(path).startswith(ADDRESSES) and not path.exists():
        problems.append(problem("L105", Place("postgresql"), case="server"))  # no more of it: it may hold a password
    elif path.is_dir():
        problems.append(problem("L121", place, case="folder", file=path.name))
    elif not path.is_file():
        problems.append(problem("L121", place, file=path.name, says=absent(path)))
    elif path.suffix.lower() not in ENDINGS:
        problems.append(unreadable(path, place))
    else:
        return True
    return False


def _without_twins(paths: Sequence[Path]) -> tuple[list[Path], tuple[tuple[str, str], ...]]:
    """One of each content, and the newest of each dated export; what was passed over, beside what stands for it."""
    by_content: dict[str, Path] = {}
    for path in sorted(paths, key=lambda path: len(path.name)):
        by_content.setdefault(hash_of(path), path)
    passed = [(path.name, twin.name) for path in paths if (twin := by_content[hash_of(path)]) != path]
    newest: dict[tuple[Path, str, str], Path] = {}
    for file in in_order(Found(path, stem_and_date(path.stem)[1]) for path in by_content.values()):
        key = (file.path.parent, stem_and_date(file.path.stem)[0], file.path.suffix)
        passed += [(newest[key].name, file.path.name)] if key in newest else []
        newest[key] = file.path
    return [path for path in paths if path in newest.values()], tuple(passed)


def _ready(path: Path, known: Sequence[str], scratch: Path, problems: list[Problem]) -> Ready | None:
    """A file decoded and its header row found, in UTF-8 or in the encoding that reads all of it."""
    place, kind = Place(path.name), ENDINGS[path.suffix.lower()]
    columns = tuple(ColumnPlan(header, header, Role.TEXT, place) for header in known)
    plan = TablePlan(path.stem, SourcePlan("files", "files", place, path=str(path)), path.stem, columns, place)
    scratch.mkdir()
    if kind == "text" and _is_binary(path):
        problems.append(problem("L117", place, case="binary", file=path.name))
        return None
    try:
        return _prepared(Input(path.name, path, "", kind), plan, scratch)
    except CannotGoOn as stop:
        problems.extend(stop.problems)
    except (OSError, UnicodeError) as error:
        problems.append(problem("L121", place, file=path.name, says=says(error)))
    return None


def _prepared(item: Input, plan: TablePlan, scratch: Path) -> Ready:
    try:
        return prepare(item, plan, scratch), plan
    except CannotGoOn as stop:
        advice = next((str(one.args["advice"]) for one in stop.problems if one.code == ADVISED), None)
        if advice is None:
            raise
    advised = replace(plan, source=replace(plan.source, encoding=advice))
    return prepare(item, advised, scratch), advised


def _is_binary(path: Path) -> bool:
    """Whether a file that calls itself text is something else: it has zero bytes, and no mark of UTF-16."""
    with path.open("rb") as file:
        head = file.read(HEAD)
    wide = head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    return not wide and (b"\0" in head or head.startswith((b"PK\x03\x04", b"%PDF-")))


def _looked(
    connection: duckdb.DuckDBPyConnection, ready: Ready, scratch: Path, problems: list[Problem]
) -> Looked | None:
    found, plan = None, ready[1]
    name = ready[0].input.name
    try:
        with told(plan, name):
            headers = _headers(connection, *ready)
            twice = _twice(headers)
            usable = [header for header in headers if header and header not in twice]
            if usable and all(header.isprintable() for header in usable):
                found = _seen(connection, _whole(connection, ready, scratch), usable, twice)
    except CannotGoOn as stop:
        problems.extend(stop.problems)
        return None
    except (duckdb.OutOfMemoryException, duckdb.InterruptException) as error:
        problems.append(problem("L121", Place(name), file=name, says=says(error)))
        return None
    if found is None or not found.survey.rows:
        case = "headers" if found is None else "rows"
        problems.append(problem("L117", Place(name), case=case, file=name))
        return None
    return found


def _whole(connection: duckdb.DuckDBPyConnection, ready: Ready, scratch: Path) -> Ready:
    """A text file without the lines whose quotes break those behind them, as a load reads it."""
    prepared, plan = ready
    if prepared.sheet is None:
        return ready
    passed = first_pass(connection, relate(connection, prepared, replace(plan, columns=()), Writing()))
    if not quotes_are_broken(passed):
        return ready
    target = scratch / f"{len(list(scratch.iterdir()))}.mended"
    mend(prepared.path, prepared.sheet, target)
    return replace(prepared, path=target, sheet=replace(prepared.sheet, skip=0)), plan


def _headers(connection: duckdb.DuckDBPyConnection, ready: Prepared, plan: TablePlan) -> tuple[str, ...]:
    if ready.sheet is not None:
        return ready.sheet.headers
    return relate(connection, ready, replace(plan, columns=()), Writing()).headers


def _twice(headers: Sequence[str]) -> tuple[str, ...]:
    """Headers that stand twice, and those that are one name to the engine with another before them."""
    first = {engine_name(header): header for header in reversed(headers)}
    again = (each for each in headers if position(headers, each) is None or first[engine_name(each)] != each)
    return tuple(dict.fromkeys(header for header in again if header))


def _seen(connection: duckdb.DuckDBPyConnection, ready: Ready, headers: Sequence[str], twice: Sequence[str]) -> Looked:
    prepared, plan = ready
    rows = rows_of(_read_as(connection, ready, headers, Role.TEXT))
    total = int(connection.execute(f"SELECT count(*) FROM {rows}").fetchall()[0][0])
    columns = [
        column
        for start in range(0, len(headers), AT_ONCE)
        for column in _columns(connection, ready, headers[start : start + AT_ONCE], total)
    ]
    path = Path(plan.source.path or "")
    encoding = plan.source.encoding if prepared.input.kind == "text" else "utf-8"
    stem = stem_and_date(path.stem)[0]
    seen = Survey(
        str(path),
        stem,
        encoding,
        total,
        tuple(columns),
        tuple(twice),
        sheet=prepared.page,
        others=prepared.others,
        stated=prepared.sheet.stated if prepared.sheet else "",
    )
    return Looked(seen, rows)


def _columns(
    connection: duckdb.DuckDBPyConnection, ready: Ready, headers: Sequence[str], total: int
) -> Iterator[Column]:
    """Some of a file's columns: their samples, what these read as, and over all rows whether they are unique."""
    rows = rows_of(_read_as(connection, ready, headers, Role.TEXT))
    names = [f"v{n}" for n in range(len(headers))]
    sample = connection.execute(f"SELECT {', '.join(names)} FROM {rows} LIMIT {SAMPLE}").fetchall()
    counts = ", ".join(f"count({name}), count(DISTINCT {name})" for name in names)
    whole = connection.execute(f"SELECT {counts} FROM {rows}").fetchall()[0]
    passes: dict[Role, Mapping[str, Cast]] = {}
    left = [header for n, header in enumerate(headers) if any(row[n] is not None for row in sample)]
    for role in (Role.NUMBER, Role.TIME, Role.TRUTH):
        passes[role] = _cast(connection, ready, left, role)
        left = [header for header in left if passes[role][header].seen.unread]
    for n, header in enumerate(headers):
        cells = tuple(None if row[n] is None else str(row[n]) for row in sample)
        unique = total > 0 and whole[2 * n] == whole[2 * n + 1] == total
        casts = {role: found[header] for role, found in passes.items() if header in found}
        found = _column(connection, header, cells, casts, unique=unique)
        mixed = found.kind == "text" and Role.TIME in casts and casts[Role.TIME].seen.read > 0
        yield replace(found, unread=_no_days(connection, ready, header)) if mixed else found


def _read_as(connection: duckdb.DuckDBPyConnection, ready: Ready, headers: Sequence[str], role: Role) -> Relation:
    prepared, plan = ready
    columns = tuple(ColumnPlan(header, header, role, plan.place) for header in headers)
    return replace(relate(connection, prepared, replace(plan, columns=columns), Writing()), counted=None)


def _cast(
    connection: duckdb.DuckDBPyConnection, ready: Ready, headers: Sequence[str], role: Role
) -> Mapping[str, Cast]:
    """What the casting of loads makes of the sample when each of these columns is read in one role."""
    if not headers:
        return {}
    relation = _read_as(connection, ready, headers, role)
    passed = first_pass(connection, replace(relation, source=f"(SELECT * FROM {relation.source} LIMIT {SAMPLE})"))
    read = zip(headers, passed.seen, relation.readings, strict=True)
    return {header: Cast(seen, passed.relation, reading) for header, seen, reading in read}


def _no_days(connection: duckdb.DuckDBPyConnection, ready: Ready, header: str) -> tuple[str, ...]:
    """Some cells of a column that are no days, while others are."""
    relation = _read_as(connection, ready, [header], Role.TIME)
    passed = first_pass(connection, replace(relation, source=f"(SELECT * FROM {relation.source} LIMIT {SAMPLE})"))
    return tuple(dict.fromkeys(reject.value for reject in samples(connection, passed)))


def _column(
    connection: duckdb.DuckDBPyConnection,
    header: str,
    cells: tuple[str | None, ...],
    casts: Mapping[Role, Cast],
    *,
    unique: bool,
) -> Column:
    kind = _kind(cells, {role: cast.seen for role, cast in casts.items()})
    if kind not in ("date", "moment"):
        return Column(header, kind, cells, unique)
    seen, relation, reading = casts[Role.TIME]
    formats = tuple(formats_that_read(connection, relation, reading)) if seen.unread else ()
    low, high = (moment.date() if moment else None for moment in (seen.low, seen.high))
    return Column(header, kind, cells, unique, low, high, formats)


def _kind(cells: Iterable[str | None], seen: Mapping[Role, Seen]) -> Kind:
    """The first of numbers, times and truths that all cells read as: what is behind it was not tried.

    Among days a cell may be what a row is called that sums up others: a load leaves that row out, and says so.
    """
    filled = [cell for cell in cells if cell is not None]
    if not filled:
        return "empty"
    if not seen[Role.NUMBER].unread:
        return "number"
    times = seen[Role.TIME]
    if times.unread <= (times.read and sum(map(is_total, filled))):
        return "moment" if times.clocks else "date"
    if times.ambiguous == times.unread:
        return "date"
    return "text" if seen[Role.TRUTH].unread else "truth"
