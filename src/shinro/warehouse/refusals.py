"""Refusals: a table of which so much cannot be read that the rest would mislead."""

from __future__ import annotations

from collections.abc import Sequence

import duckdb

from shinro.loads import ColumnPlan, Reject, TablePlan
from shinro.periods import is_longer
from shinro.problems import CannotGoOn, Place, Problem, problem
from shinro.warehouse.engine import literal
from shinro.warehouse.reading import Reading
from shinro.warehouse.relations import Relation
from shinro.warehouse.tables import Passed, rows_of, shown

DAYS = (
    "%d/%m/%Y", "%m/%d/%Y", "%d.%m.%Y", "%m.%d.%Y", "%d-%m-%Y", "%m-%d-%Y", "%y/%m/%d", "%d/%m/%y", "%m/%d/%y",
    "%y-%m-%d", "%y.%m.%d", "%d.%m.%y", "%d %b %Y", "%d-%b-%Y", "%b %d, %Y", "%d %B %Y", "%B %d, %Y",
)  # fmt: skip
CLOCKS = ("", " %H:%M", " %H:%M:%S", " %I:%M %p", " %I:%M:%S %p", ", %I:%M %p")


def refuse(
    plan: TablePlan, engine: duckdb.DuckDBPyConnection, passes: Sequence[Passed], rejects: Sequence[Reject]
) -> None:
    """Raises CannotGoOn for dates in an order that nobody can tell, and where more than half of the rows are lost."""
    for one in passes:
        if problems := _dates(engine, one):
            raise CannotGoOn(problems)
    rejected = sum(one.rejected for one in passes)
    rows = sum(one.rows - one.unread for one in passes)
    if rejected > rows:
        raise CannotGoOn([_half(plan, rejected, rejected + rows, _of_most(rejects))])


def _of_most(rejects: Sequence[Reject]) -> Reject:
    """The first that was left out for the reason that most were."""
    reasons = [each.reason for each in rejects]
    return max(rejects, key=lambda each: reasons.count(each.reason))


def _half(plan: TablePlan, rejected: int, rows: int, sample: Reject) -> Problem:
    place = next((_taken(column) for column in plan.columns if column.header == sample.column), plan.place)
    return problem(
        "L112",
        place,
        case=sample.reason,
        table=plan.name,
        rejected=rejected,
        rows=rows,
        sample=sample,
        column=sample.column,
        value=sample.value,
        currency=plan.source.currency,
    )


def _taken(column: ColumnPlan) -> Place:
    """Where a column is taken for what its cells are not."""
    return column.taken or column.place


def _dates(engine: duckdb.DuckDBPyConnection, passed: Passed) -> list[Problem]:
    """Columns none of whose times can be read: they are written in an order of their own, which must be stated."""
    unread = [
        reading
        for reading, seen in zip(passed.relation.readings, passed.seen, strict=True)
        if reading.kind == "time" and reading.text and seen.unread > seen.read == 0
    ]
    return [_in_an_order(engine, passed.relation, reading) for reading in unread]


def _in_an_order(engine: duckdb.DuckDBPyConnection, relation: Relation, reading: Reading) -> Problem:
    """The refusal of a column: either its order cannot be told, or its form is not known."""
    seen = f"{reading.cell}, {reading.ambiguous}"
    rows = engine.execute(f"SELECT {seen} FROM {rows_of(relation)} WHERE {reading.present} LIMIT 1").fetchall()
    value, ambiguous = rows[0]
    formats = formats_that_read(engine, relation, reading) or ["%Y-%m-%d"]
    lines = " / ".join(f'`dates: "{one}"`' for one in formats)
    args = {"file": relation.input.name, "header": reading.plan.header, "value": shown(str(value)), "lines": lines}
    if is_longer(str(value)):
        args["case"] = "longer"
    elif not ambiguous:
        args["case"] = "unread"
    return Problem(_taken(reading.plan), "L113", args)


def formats_that_read(engine: duckdb.DuckDBPyConnection, relation: Relation, reading: Reading) -> list[str]:
    """The formats that read every value of a column."""
    formats = [day + clock for clock in CLOCKS for day in DAYS]
    text = f"trim({reading.cell})"
    counts = ", ".join(f"count(*) FILTER (try_strptime({text}, {literal(one)}) IS NULL)" for one in formats)
    failed = engine.execute(f"SELECT {counts} FROM {rows_of(relation)} WHERE {reading.present}").fetchall()[0]
    return [one for one, bad in zip(formats, failed, strict=True) if not bad]
