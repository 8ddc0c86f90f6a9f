"""sql: the text that measures a metric, in the words of an engine. Nothing is loaded."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path

from shinro.definitions.columns import plans
from shinro.loads import Load, TablePlan
from shinro.periods import Grain, offsets
from shinro.problems import CannotGoOn, Place, problem
from shinro.queries.compile import sql as compiled
from shinro.queries.scans import Want, scans
from shinro.run.filters import refuse_uncut
from shinro.run.gathering import Moment, day_of_data
from shinro.run.opening import Opened
from shinro.run.sql_remarks import remarks
from shinro.run.values import BY, known_metric
from shinro.warehouse.as_loaded import as_loaded
from shinro.warehouse.asking import asking, joined
from shinro.warehouse.engine import quoted
from shinro.warehouse.measure import last_of
from shinro.warehouse.reads import schema_of
from shinro.warehouse.recall import recall

SPAN = (date(2000, 1, 1), date(2040, 12, 31))  # the years whose changes of offset are spelt out


def sql(
    opened: Opened, metric: str, grain: Grain, by: tuple[str, ...], dialect: str, moment: Moment | None = None
) -> tuple[str, ...]:
    """One statement for each scan that a metric needs. Raises CannotGoOn for what is not defined or not measured.

    What the last loads saw, on whatever day, decides types, days and joins, so that the text gives what `values` shows.
    Columns of tables that were not loaded, or not since their files changed, are taken by their role (times as moments
    in UTC without zone), and a comment names them. For a server the text reads the loaded tables where they lie.
    """
    project = opened.project
    known_metric(project, metric, opened.name)
    for name in by:
        refuse_uncut(project, metric, name, BY)
    planned, _ = plans(project, str(opened.folder), (moment and moment.environ) or {})
    today = moment.today(project.zone) if moment else None
    loads = _recalled(opened, planned) if today else {}
    as_of = moment.as_of or day_of_data(project, loads, today) if moment and today and loads else None
    tables = {name: last_of(loads[name], as_of) if as_of and name in loads else None for name in planned}
    found = scans(project, [Want(metric, grain, by)], tables, as_of)
    if not found:
        raise CannotGoOn([problem("Q141", Place(opened.name), metric=metric)])
    made = schema_of(planned, loads, project.calendar)
    if any(table not in loads for scan in found for table in scan.reads):
        made = replace(made, offsets=offsets(project.zone, *SPAN))
    known = _over(dialect, planned, loads, opened.store)
    told = []
    for scan in found:
        over = {table: known[table] for table in dict.fromkeys(scan.reads) if table in known}
        told.append(remarks(scan, made, loads, as_of, over) + _statement(compiled(scan, made, dialect), over))
    return tuple(told)


def _recalled(opened: Opened, planned: Mapping[str, TablePlan]) -> Mapping[str, Load]:
    """The loads of last time, with what their joins saw, of tables whose files did not change since."""
    zone = opened.project.zone
    known = {name: recall(plan, opened.store, None, zone=zone) for name, plan in planned.items()}
    loads = {name: replace(load, table=name) for name, load in known.items() if load is not None}
    with asking(planned, loads, opened.project.calendar, opened.store) as asked:
        return joined(asked)


def _over(dialect: str, planned: Mapping[str, TablePlan], loads: Mapping[str, Load], store: Path) -> Mapping[str, str]:
    """What stands for the tables of a server in its own words; nothing in the words of another engine."""
    if dialect != "postgres":
        return {}
    texts = {name: as_loaded(planned[name], load, store) for name, load in loads.items()}
    return {name: text for name, text in texts.items() if text is not None}


def _statement(text: str, over: Mapping[str, str]) -> str:
    """A statement whose tables are first made what a load would keep; it may have tables of its own."""
    if not over:
        return text
    own = ",\n".join(f"{quoted(name)} AS (\n  {select}\n)" for name, select in over.items())
    return f"WITH {own}, {text.removeprefix('WITH ')}" if text.startswith("WITH ") else f"WITH {own}\n{text}"
