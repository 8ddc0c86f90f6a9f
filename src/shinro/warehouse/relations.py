"""Relations: an input file as something that the engine can select from, with the headers that it has."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import duckdb

from shinro.definitions.alike import engine_name
from shinro.loads import Role, TablePlan
from shinro.problems import CannotGoOn, Disk, Problem, problem, refusal
from shinro.warehouse.books import page_of, refuse_books
from shinro.warehouse.casting import Writing
from shinro.warehouse.cells import SECONDS
from shinro.warehouse.databases import Table
from shinro.warehouse.engine import Limits, file_literal, literal, quoted
from shinro.warehouse.fingerprint import digest
from shinro.warehouse.reading import Reading, read_as
from shinro.warehouse.sheet import Sheet, lay_out, missing, position
from shinro.warehouse.sqlite import rows_of_table
from shinro.warehouse.text import readable
from shinro.warehouse.wide import lengthened, unpivoted

SHOWN = 160  # characters of what the engine says
TEXTS = frozenset({"VARCHAR", "text", "varchar", "bpchar", "name", "citext"})  # in which people write as they like
DEEPEST_SAMPLE = 1000  # JSON objects whose keys are the headers, unless one is missing


@dataclass(frozen=True, slots=True)
class Input:
    """One input of a table: the name that the user knows, its kept bytes and their hash, and what kind they are."""

    name: str
    kept: Path
    digest: str
    kind: str  # text, parquet, json, book, sqlite, rows
    table: Table | None = None  # of rows from a database, and which of its columns they hold
    columns: tuple[str, ...] = ()
    stem: str = ""  # of a book, or a SQLite database: what the table is called
    sheet: str | None = None  # of a book: the sheet that was named

    @property
    def shape(self) -> str:
        """What the bytes alone do not say, in one word."""
        if self.kind in ("book", "sqlite"):
            return digest(self.stem, self.sheet)
        ways = [_way(self.table, column) for column in self.columns] if self.table else []
        return digest(ways) if ways else ""


def _way(table: Table, column: str) -> tuple[str, ...]:
    """How a column of a database is read: by its role, and as it is stated to be written where its type is a text's."""
    role = table.columns[column]
    form = ("own form",) if role is Role.TEXT and table.types.get(column) not in TEXTS else ()
    return column, role.value, *form


@dataclass(frozen=True, slots=True)
class Prepared:
    """An input that the engine may open: `path` is its kept bytes, or a copy of them in UTF-8."""

    input: Input
    path: Path
    sheet: Sheet | None = None
    broken: bool = False
    first: int = 0  # the number of the row above the first: a sheet's own rows are counted from its top
    headers: tuple[str, ...] = ()  # all that a workbook's sheet has, where the text has those that are needed
    page: str = ""  # the workbook's sheet that is read, where it is looked over; and those that are not
    others: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Relation:
    """An input with its readings.

    `source` is SQL that stands behind FROM; `counted` is the same, and keeps account of the rows that are no rows.
    `blank` tells rows without any value, which are passed over; `skip` rows stand above the first, and `first` is the
    number that people know the row above it by.
    """

    input: Input
    source: str
    headers: tuple[str, ...]
    readings: tuple[Reading, ...]
    counted: str | None = None
    blank: str = "FALSE"
    skip: int = 0
    first: int = 0
    rows: tuple[tuple[int, int], ...] = ()  # where a row became several lines: the first line of each, and its number

    def row(self, number: int) -> int:
        """The number that people know a row by, from its number among the lines that are read."""
        at = bisect_right(self.rows, number, key=lambda line: line[0])
        return self.rows[at - 1][1] if at else number + self.first


def prepare(
    item: Input, plan: TablePlan, scratch: Path, limits: Limits | None = None, *, narrow: bool = False
) -> Prepared:
    """What must happen before the engine is closed: decoding, and finding the header row of a text file.

    `narrow`: of a wide sheet only the planned columns are wanted.
    """
    if item.kind in ("parquet", "json") and (plan.wide or plan.row):
        key, ending = "wide" if plan.wide else "row", Path(item.name).suffix
        raise CannotGoOn([problem("L105", plan.place, case="across", file=item.name, ending=ending, key=key)])
    if item.kind in ("parquet", "rows"):
        return Prepared(item, item.kept)
    if item.kind == "book":
        return _book(item, plan, scratch, limits or Limits(), narrow=narrow)
    if item.kind == "sqlite":
        rows = rows_of_table(item.kept, plan, scratch, limits or Limits())
        return Prepared(replace(item, table=rows.table, columns=rows.columns), rows.path, broken=True)
    if item.kind == "text":
        refuse_books(item.kept, item.name, plan)
    text = readable(item.kept, item.name, plan, scratch)
    if item.kind == "json":
        return Prepared(item, text.path, broken=text.broken)
    if plan.row is not None:
        return Prepared(item, *lengthened(text.path, item.name, plan, scratch), text.broken)
    if plan.wide is not None:
        return Prepared(item, *unpivoted(text.path, item.name, plan, scratch), text.broken)
    sheet = lay_out(text.path, Path(item.name).suffix, [column.header for column in plan.columns])
    if sheet is None:
        raise CannotGoOn([problem("L106", plan.place, file=item.name, table=plan.name)])
    return Prepared(item, text.path, sheet, text.broken)


def _book(item: Input, plan: TablePlan, scratch: Path, limits: Limits, *, narrow: bool) -> Prepared:
    whole = plan.row is not None or plan.wide is not None
    page = page_of(item.kept, item.name, item.sheet, plan, scratch, limits, narrow=narrow, whole=whole)
    if plan.wide is not None:
        return Prepared(item, *unpivoted(page.path, item.name, plan, scratch, from_top=True), broken=True)
    if whole:
        return Prepared(item, *lengthened(page.path, item.name, plan, scratch), broken=True)
    sheet = Sheet(",", 0, page.columns, page.stated)
    ready = Prepared(item, page.path, sheet, broken=True, first=page.first, headers=page.headers)
    return replace(ready, page=page.sheet, others=page.others)


def relate(engine: duckdb.DuckDBPyConnection, ready: Prepared, plan: TablePlan, writing: Writing) -> Relation:
    """The relation of a prepared input; raises CannotGoOn for a planned header that is missing, or a malformed file."""
    if ready.sheet is not None:
        return _text(ready, ready.sheet, plan, writing)
    if ready.input.table is not None:
        return _rows(ready, ready.input.table, plan, writing)
    with told(plan, ready.input.name):
        if ready.input.kind == "json":
            return _json(engine, ready, plan, writing)
        return _parquet(engine, ready, plan, writing)


@contextmanager
def told(plan: TablePlan, file: str) -> Iterator[None]:
    """What the engine cannot read in a file is a problem of the file; limits, and mistakes of our own, pass through."""
    try:
        yield
    except (duckdb.InterruptException, duckdb.OutOfMemoryException):
        raise
    except (duckdb.BinderException, duckdb.ParserException, duckdb.CatalogException):
        raise
    except duckdb.Error as error:
        raise CannotGoOn([problem("L117", plan.place, file=file, table=plan.name, says=says(error))]) from error


def says(error: Exception) -> Disk | str:
    """Why a file is refused, or the first line of what an error says, without the paths of this machine."""
    text = refusal(error)
    if isinstance(text, Disk):
        return text
    line = text.split("\n", 1)[0].split("Error: ", 1)[-1]
    return re.sub(r"""( in file|:)? ?["']?/[^"']*["']?""", "", line)[:SHOWN]


def _refuse(plan: TablePlan, headers: tuple[str, ...], file: str) -> None:
    if problems := missing(plan, headers, file):
        raise CannotGoOn(problems)


def _text(ready: Prepared, sheet: Sheet, plan: TablePlan, writing: Writing) -> Relation:
    _refuse(plan, sheet.headers, ready.input.name)
    columns = ", ".join(f"'c{n}': 'VARCHAR'" for n in range(len(sheet.headers)))
    options = (
        f"read_csv({file_literal(ready.path)}, auto_detect = false, header = false, skip = {sheet.skip},"
        f" delim = {literal(sheet.delimiter)}, quote = '\"', escape = '\"', comment = '', columns = {{{columns}}}"
    )
    places = [position(sheet.headers, column.header) for column in plan.columns]
    readings = tuple(
        read_as(column, n, f"c{place}", "VARCHAR", writing, broken=ready.broken)
        for n, (column, place) in enumerate(zip(plan.columns, places, strict=True))
    )
    return Relation(
        ready.input,
        f"{options}, ignore_errors = true)",
        ready.headers or sheet.headers,
        readings,
        f"{options}, store_rejects = true, rejects_limit = 0)",
        " AND ".join(f"c{n} IS NULL" for n in range(len(sheet.headers))),
        sheet.skip,
        ready.first,
        sheet.rows,
    )


def _rows(ready: Prepared, table: Table, plan: TablePlan, writing: Writing) -> Relation:
    """Rows from a database are text: of typed columns its forms are known, and what the source states is of its texts.

    SQLite has no types.
    """
    item = ready.input
    stated = replace(writing, dates=None if writing.dates == SECONDS else writing.dates)
    plain = Writing(writing.zone, currency=writing.currency)
    columns = ", ".join(f"'c{n}': 'VARCHAR'" for n in range(max(len(item.columns), 1)))
    options = (
        f"read_csv({file_literal(ready.path)}, auto_detect = false, header = false, delim = ',',"
        f" quote = '\"', escape = '\"', comment = '', columns = {{{columns}}}"
    )
    readings = []
    for n, column in enumerate(plan.columns):
        place = position(item.columns, column.header) or 0
        native = table.columns[item.columns[place]]
        asked = replace(column, role=native if column.role is Role.ANY else column.role)
        texts = item.kind == "sqlite" or table.types.get(item.columns[place]) in TEXTS
        readings.append(read_as(asked, n, f"c{place}", "VARCHAR", stated if texts else plain, broken=ready.broken))
    counted = f"{options}, store_rejects = true, rejects_limit = 0)"
    return Relation(item, f"{options}, ignore_errors = true)", tuple(table.columns), tuple(readings), counted)


def _parquet(engine: duckdb.DuckDBPyConnection, ready: Prepared, plan: TablePlan, writing: Writing) -> Relation:
    source = f"read_parquet({file_literal(ready.path)})"
    types = {str(row[0]): str(row[1]) for row in engine.execute(f"DESCRIBE FROM {source}").fetchall()}
    return _typed(ready, source, types, plan, writing)


def _typed(ready: Prepared, source: str, types: Mapping[str, str], plan: TablePlan, writing: Writing) -> Relation:
    headers = tuple(types)
    _refuse(plan, headers, ready.input.name)
    readings = []
    for n, column in enumerate(plan.columns):
        header = headers[position(headers, column.header) or 0]
        readings.append(read_as(column, n, quoted(header), types[header], writing, broken=ready.broken))
    return Relation(ready.input, source, headers, tuple(readings))


def _json(engine: duckdb.DuckDBPyConnection, ready: Prepared, plan: TablePlan, writing: Writing) -> Relation:
    objects = f"read_json_objects({file_literal(ready.path)}, format = 'auto')"
    headers = _keys(engine, f"(FROM {objects} LIMIT {DEEPEST_SAMPLE})")
    if missing(plan, headers, ready.input.name):
        headers = _keys(engine, objects)
    _refuse(plan, headers, ready.input.name)
    names = [headers[position(headers, column.header) or 0] for column in plan.columns]
    _refuse_alike(plan, names, ready.input.name)
    columns = ", ".join(f"{literal(name)}: 'JSON'" for name in dict.fromkeys(names)) or "'_': 'JSON'"
    numbers = {name for column, name in zip(plan.columns, names, strict=True) if column.role is Role.NUMBER}
    points = {name: writing.point if name in numbers else "." for name in names}
    fields = ", ".join(f"{_cell(name, point)} AS {quoted(name)}" for name, point in points.items()) or "1"
    source = f"(SELECT {fields} FROM read_json({file_literal(ready.path)}, format = 'auto', columns = {{{columns}}}))"
    return _typed(ready, source, dict.fromkeys(headers, "VARCHAR"), plan, writing)


def _cell(name: str, point: str) -> str:
    """A value of JSON as text: where numbers are read, one that was typed as such has the point of the source's."""
    text = f"{quoted(name)} ->> '$'"
    if point == ".":
        return text
    number = f"replace({text}, '.', {literal(point)})"
    return f"CASE json_type({quoted(name)}) WHEN 'DOUBLE' THEN {number} ELSE {text} END"


def _refuse_alike(plan: TablePlan, names: Sequence[str], file: str) -> None:
    """Raises CannotGoOn (L110) for two keys of JSON that are one name to the engine."""
    seen: dict[bytes, str] = {}
    for column, name in zip(plan.columns, names, strict=True):
        if (other := seen.setdefault(engine_name(name), name)) != name:
            args = {"case": "alike", "header": name, "other": other, "file": file, "table": plan.name}
            raise CannotGoOn([Problem(column.place, "L110", args)])


def _keys(engine: duckdb.DuckDBPyConnection, objects: str) -> tuple[str, ...]:
    rows = engine.execute(
        f"SELECT key FROM (SELECT unnest(json_keys(json)) AS key FROM {objects}) GROUP BY key ORDER BY key"
    ).fetchall()
    return tuple(str(row[0]) for row in rows)
