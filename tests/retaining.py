"""Events that a test writes down, and what a retention metric and its curve make of them by the real path."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime, timedelta
from fractions import Fraction

from measuring import Duck, Engine, Types, loads_of, measured, project_of
from oracle import Row, World
from shinro.cohorts import Cohort
from shinro.periods import Grain
from shinro.queries.retention import Retention
from shinro.queries.scans import Scan, Want, scans
from shinro.series import Mark, Segment
from shinro.warehouse.frame import frame
from shinro.warehouse.retention import cohorts_of
from subscribing import Remembering

TYPES: Types = {"events": {"who": "text", "at": "moment", "kind": "text", "plan": "text", "level": "integer"}}
PROJECT = """
timezone: {zone}
week_starts: {week}
sources: {{app: {{type: files, path: "*.csv"}}}}
tables:
  events: {{from: app.events, time: at, entity: who, dimensions: [plan, level]}}
metrics:
  kept: {{retention: events, {how}}}
"""
Shown = dict[str, tuple[Fraction | None, Mark]]


def events(text: str, kind: str = "open") -> list[Row]:
    """`A 2026-04-01 2026-04-03`: an entity, and its days at noon UTC; `A/plan` gives its rows a plan."""
    made = []
    for line in text.strip().splitlines():
        who, *days = line.split()
        name, _, plan = who.partition("/")
        made += [event(name, date.fromisoformat(day), kind=kind, plan=plan or None) for day in days]
    return made


def event(who: str | None, day: date, hour: int = 12, **others: object) -> Row:
    """One row, at an hour of a day in UTC."""
    at = datetime(day.year, day.month, day.day) + timedelta(hours=hour)  # noqa: DTZ001 - UTC
    return {"kind": "open", "plan": None, "level": None} | others | {"who": who, "at": at}


def world_of(
    rows: list[Row], as_of: date, how: str, zone: str = "UTC", week: str = "monday", late_by: int = 0
) -> World:
    """A world in which these events are all there is."""
    project = project_of(PROJECT.format(zone=zone, week=week, how=how))
    return World(project, TYPES, {"events": rows}, as_of, as_of, late_by)


def shown(world: World, grain: Grain, part: str = "", by: tuple[str, ...] = ()) -> dict[Segment, Shown]:
    """The metric, or a part of it, by segment and period's first day."""
    want = Want(f"kept.{part}" if part else "kept", grain, by)
    found = measured(world, TYPES, Remembering(world, TYPES, Duck()), [want])
    return {
        one.segment: {at.period.start.isoformat(): (at.value, at.mark) for at in one.points}
        for one in found.get(want, ())
    }


def scan_of(world: World, unit: Grain, last: int, by: tuple[str, ...] = ()) -> Scan:
    """The scan of the metric's curve by another unit, up to a bucket."""
    (scan,) = scans(world.project, [Want("kept", unit, by)], {"events": world.as_of}, world.as_of)
    assert isinstance(scan.growth, Retention)
    buckets = replace(scan.growth.buckets, unit=unit)
    return replace(scan, grain=unit, growth=replace(scan.growth, buckets=buckets, looked=tuple(range(last + 1))))


def triangle(
    world: World, unit: Grain, last: int, by: tuple[str, ...] = (), engine: Engine | None = None
) -> dict[Segment, tuple[Cohort, ...]]:
    """The metric's cohorts by bucket, by segment."""
    scan, load = scan_of(world, unit, last, by), loads_of(world, TYPES)["events"]
    assert isinstance(scan.growth, Retention)
    units = frame(load, unit, world.calendar, world.as_of)
    found = Remembering(world, TYPES, engine or Duck()).read(scan)
    return {
        segment: cohorts_of(scan.growth, units, [(row[0], *row[1 + len(by) :]) for row in rows.values()])
        for segment, rows in found.items()
    }


def rates(cohorts: Iterable[Cohort]) -> dict[str, list[int]]:
    """How many are kept, by cohort."""
    return {each.period.start.isoformat(): list(each.kept) for each in cohorts}
