"""Tables: the rows of a table's inputs, read, cast, counted, and written as one typed file."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import duckdb

from shinro.loads import Reject, TablePlan
from shinro.warehouse.cells import FAULT
from shinro.warehouse.engine import file_literal, quoted
from shinro.warehouse.reading import layers, named
from shinro.warehouse.relations import Relation
from shinro.warehouse.seen import Seen, kept_as, seen_sql
from shinro.warehouse.text import BROKEN

SAMPLES = 5
SHOWN = 80  # characters of a rejected value
RANK = quoted("shinro rank")
NUMBER = quoted("shinro number")  # a column of the file may be called `number`
RAGGED = {
    "MISSING COLUMNS": "too few columns",
    "TOO MANY COLUMNS": "too many columns",
    "INVALID ENCODING": "encoding",
    "LINE SIZE OVER MAXIMUM": "too long",
}


@dataclass(frozen=True, slots=True)
class Ragged:
    """A row that is no row: its place among the rows below the headers, its text, and why."""

    row: int
    text: str
    reason: str


@dataclass(frozen=True, slots=True)
class Passed:
    """What a first pass over one input saw."""

    relation: Relation
    rows: int
    unread: int
    seen: tuple[Seen, ...]
    ragged: tuple[Ragged, ...] = ()

    @property
    def rejected(self) -> int:
        """Rows that are left out."""
        return self.unread + len(self.ragged)


def first_pass(engine: duckdb.DuckDBPyConnection, relation: Relation) -> Passed:
    """Counts what can be read, column by column. Cost: one scan, nothing kept in memory but broken rows."""
    sums = [part for reading in relation.readings for part in seen_sql(reading)]
    select = ", ".join(["count(*)", f"count(*) FILTER ({_bad(relation)})", *sums])
    row = engine.execute(f"SELECT {select} FROM {rows_of(relation, relation.counted)}").fetchall()[0]
    width = len(Seen.__slots__)
    seen = tuple(Seen(*row[at : at + width]) for at in range(2, len(row), width))
    return Passed(relation, row[0], row[1], seen, _ragged(engine, relation) if relation.counted else ())


def rows_of(relation: Relation, source: str | None = None, *more: str) -> str:
    """An input's rows in all layers of their readings."""
    return layers(relation.readings, source or relation.source, relation.blank, *more)


def _bad(relation: Relation) -> str:
    return " OR ".join(reading.unread for reading in relation.readings if not reading.certain) or "FALSE"


def _ragged(engine: duckdb.DuckDBPyConnection, relation: Relation) -> tuple[Ragged, ...]:
    rows = engine.execute(
        "SELECT line, min_by(error_type, byte_position), any_value(csv_line) FROM reject_errors"
        " WHERE trim(csv_line, E' \\t\\r\\n') <> '' GROUP BY line ORDER BY line"
    ).fetchall()
    engine.execute("DROP TABLE reject_errors; DROP TABLE reject_scans")
    return tuple(
        Ragged(int(line) - relation.skip, str(text).strip("\r\n"), RAGGED.get(kind, "quote"))
        for line, kind, text in rows
    )


def quotes_are_broken(passed: Passed) -> bool:
    """Whether the engine stumbled over a quote, so that the rows behind it cannot be trusted."""
    return any(row.reason == "quote" for row in passed.ragged)


def with_broken(passed: Passed, broken: Sequence[Ragged]) -> Passed:
    """What was seen of a mended file, and the lines that were left out of it, counted as in the file itself."""
    others = [replace(row, row=_counted(row.row, broken)) for row in passed.ragged]
    return replace(passed, ragged=tuple(sorted([*others, *broken], key=lambda row: row.row)))


def samples(engine: duckdb.DuckDBPyConnection, passed: Passed) -> list[Reject]:
    """The first rows that were left out, in the order of the file."""
    relation, name = passed.relation, passed.relation.input.name
    found = [
        Reject(name, row.row, _column_at(relation, row.reason), shown(row.text), row.reason)
        for row in passed.ragged[:SAMPLES]
    ]
    if passed.unread:
        found += [
            Reject(name, _counted(row, passed.ragged), column, shown(value), why)
            for row, column, value, why in _unread_cells(engine, relation)
        ]
    first = sorted(found, key=lambda reject: reject.row)[:SAMPLES]
    return [replace(reject, row=relation.row(reject.row)) for reject in first]


def _column_at(relation: Relation, reason: str) -> str:
    return relation.headers[-1] if reason == "too few columns" and relation.headers else ""


def _counted(row: int, ragged: Sequence[Ragged]) -> int:
    """A row's number among all rows, from its number among those that are rows."""
    for broken in ragged:
        if broken.row > row:
            break
        row += 1
    return row


def shown(value: str) -> str:
    """A cell or a row, cut to what fits a line of a message."""
    text = value.replace(BROKEN, "\ufffd").removeprefix(FAULT).replace("\n", "⏎").replace("\r", "")
    return text if len(text) <= SHOWN else text[: SHOWN - 1] + "…"


def _unread_cells(engine: duckdb.DuckDBPyConnection, relation: Relation) -> list[tuple[int, str, str, str]]:
    numbered = f"(SELECT row_number() OVER () AS {NUMBER}, * FROM {relation.source})"
    flags = ", ".join(reading.unread for reading in relation.readings)
    texts = ", ".join(f"CAST({reading.cell} AS VARCHAR)" for reading in relation.readings)
    whys = ", ".join(reading.reason for reading in relation.readings)
    rows = engine.execute(
        f"SELECT {NUMBER}, [{flags}], [{texts}], [{whys}] FROM {rows_of(relation, numbered, NUMBER)}"
        f" WHERE {_bad(relation)} ORDER BY {NUMBER} LIMIT {SAMPLES}"
    ).fetchall()
    return [
        (number, relation.readings[at].plan.header, texts[at], whys[at])
        for number, flags, texts, whys in rows
        for at in [flags.index(True)]
    ]


def together(passes: Sequence[Passed]) -> tuple[Seen, ...]:
    """What was seen of each column over all inputs, so that all are kept as one type."""
    first, *others = [one.seen for one in passes]
    for seen in others:
        first = tuple(a + b for a, b in zip(first, seen, strict=True))
    return first


def write(engine: duckdb.DuckDBPyConnection, plan: TablePlan, passes: Sequence[Passed], target: Path) -> int:
    """Writes the table's rows, those of a key from the newest input that has it; their number.

    Cost: one scan an input; for a union also one hash of its keys.
    """
    seen = together(passes)
    selects = [_select(one, seen, plan, rank) for rank, one in enumerate(passes)]
    rows = " UNION ALL ".join(selects)
    if len(passes) > 1 and plan.key is not None:
        key = quoted(plan.key)
        last = f"(SELECT *, max({RANK}) OVER (PARTITION BY {key}) AS {quoted('shinro last')} FROM ({rows}))"
        rows = f"FROM {last} WHERE {key} IS NULL OR {RANK} = {quoted('shinro last')}"
    names = ", ".join(quoted(column.name) for column in plan.columns) or RANK
    form = "FORMAT parquet, COMPRESSION zstd, COMPRESSION_LEVEL 1"
    engine.execute(f"COPY (SELECT {names} FROM ({rows})) TO {file_literal(target)} ({form})")
    count = engine.execute(f"SELECT count(*) FROM read_parquet({file_literal(target)})").fetchall()[0][0]
    return int(count)


def _select(one: Passed, seen: Sequence[Seen], plan: TablePlan, rank: int) -> str:
    columns = [
        named(kept_as(each, seen[each.n], plan.source.timezone)[0], each.plan.name) for each in one.relation.readings
    ]
    where = f" WHERE NOT ({_bad(one.relation)})" if one.unread else ""
    return f"SELECT {', '.join([*columns, f'{rank} AS {RANK}'])} FROM {rows_of(one.relation)}{where}"


def types_of(passes: Sequence[Passed], plan: TablePlan) -> dict[str, str]:
    """What each column is kept as: number, date, moment, text or truth."""
    seen, readings = together(passes), passes[0].relation.readings
    return {each.plan.name: kept_as(each, seen[each.n], plan.source.timezone)[1] for each in readings}
