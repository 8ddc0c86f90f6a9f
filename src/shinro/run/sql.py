"""sql: the text that measures a metric, in the words of an engine. Nothing is loaded and nothing is run."""

from __future__ import annotations

from datetime import date

from shinro.definitions.columns import plans
from shinro.periods import Grain, offsets
from shinro.problems import CannotGoOn, Place, problem
from shinro.queries.compile import schema
from shinro.queries.compile import sql as compiled
from shinro.queries.scans import Want, scans
from shinro.run.opening import Opened
from shinro.run.values import known_metric

SPAN = (date(2000, 1, 1), date(2040, 12, 31))  # the years whose changes of offset are spelt out


def sql(opened: Opened, metric: str, grain: Grain, by: tuple[str, ...], dialect: str) -> tuple[str, ...]:
    """One statement for each scan that a metric needs. Raises CannotGoOn for what is not defined or not measured.

    Columns whose type only a load can tell are taken by their role: times as moments in UTC without zone.
    """
    project = opened.project
    known_metric(project, metric, opened.name)
    planned, _ = plans(project, str(opened.folder), {})
    found = scans(project, [Want(metric, grain, by)], dict.fromkeys(planned), None)
    if not found:
        raise CannotGoOn([problem("Q141", Place(opened.name), metric=metric)])
    made = schema(planned, {}, project.calendar, offsets(project.zone, *SPAN))
    return tuple(compiled(scan, made, dialect) for scan in found)
