"""sql: the text that measures a metric, in the words of an engine. Nothing is loaded."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

from shinro.definitions.columns import plans
from shinro.loads import Load, TablePlan
from shinro.periods import Grain, offsets
from shinro.problems import CannotGoOn, Place, problem
from shinro.queries.activity import Firsts, Gaps, Presence, Stretches
from shinro.queries.compile import sql as compiled
from shinro.queries.scans import Scan, Want, scans
from shinro.queries.schema import Schema
from shinro.run.gathering import Moment, day_of_data
from shinro.run.opening import Opened
from shinro.run.values import known_metric
from shinro.warehouse.asking import asking, joined
from shinro.warehouse.measure import last_of
from shinro.warehouse.reads import schema_of
from shinro.warehouse.recall import recall

SPAN = (date(2000, 1, 1), date(2040, 12, 31))  # the years whose changes of offset are spelt out
MOMENT = "moment in UTC"
ACTIVE = {
    Gaps: "number: days since 1900-01-01; gap: days since they were active before, longest of all for never\n"
    "-- active in the n days up to x: sum(many) where x - n < number and number <= x and number - gap <= x - n",
    Firsts: "number: days since 1900-01-01; new: active for the first time; first: the first time in that day, week or"
    " month; kept: active in the one before too\n-- active in a week: sum(first_week) of its days",
    Presence: "number: the period; kind 0: active for the first time, 1: in the period before too, 2: back again\n"
    "-- active in a period: sum(many)",
    Stretches: "number: days since 1900-01-01; change: how many begin and cease to be active (kind 0), to be or have"
    " been so in the window before (1), to be new (2)\n-- active on a day: sum(change) of kind 0 up to it",
}


def sql(
    opened: Opened, metric: str, grain: Grain, by: tuple[str, ...], dialect: str, moment: Moment | None = None
) -> tuple[str, ...]:
    """One statement for each scan that a metric needs. Raises CannotGoOn for what is not defined or not measured.

    What the last loads saw, on whatever day, decides types, days and joins, so that the text gives what `values` shows.
    Columns of tables that were not loaded, or not since their files changed, are taken by their role (times as moments
    in UTC without zone), and a comment names them.
    """
    project = opened.project
    known_metric(project, metric, opened.name)
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
    return tuple(_remarks(scan, made, loads, as_of) + compiled(scan, made, dialect) for scan in found)


def _recalled(opened: Opened, planned: Mapping[str, TablePlan]) -> Mapping[str, Load]:
    """The loads of last time, with what their joins saw, of tables whose files did not change since."""
    zone = opened.project.zone
    known = {name: recall(plan, opened.store, None, zone=zone) for name, plan in planned.items()}
    loads = {name: replace(load, table=name) for name, load in known.items() if load is not None}
    with asking(planned, loads, opened.project.calendar, opened.store) as asked:
        return joined(asked)


def _remarks(scan: Scan, made: Schema, loads: Mapping[str, Load], as_of: date | None) -> str:
    """Comments above a statement: the day it is as of, what of its rows is added up, what was taken for granted."""
    lines = [f"-- as of {as_of}\n"] if as_of else []
    lines += [f"-- {text}\n" for kind, text in ACTIVE.items() if isinstance(scan.growth, kind)]
    for table in dict.fromkeys(scan.reads):
        if table not in loads:
            kinds = (f"{name} {MOMENT if kind == 'moment' else kind}" for name, kind in made.types[table].items())
            lines.append(f"-- assumed of {table}: {', '.join(kinds)}\n")
    return "".join(lines)
