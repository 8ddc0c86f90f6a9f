"""Counts of days add up to what a scan of longer periods finds, whatever the rows and the definitions."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from hypothesis import given

from measuring import Duck, Reading, exact_cells, measured, project_of
from shinro.periods import Calendar, Grain
from shinro.queries.scans import Scan, Want, scans
from shinro.warehouse.coarser import asked_by_day, coarser, daily, sums_of
from shinro.warehouse.frame import Row, cells
from worlds import TYPES, WORLDS, Asked, asked

PROJECT = """
sources: {crm: {type: files, path: "*.csv"}}
tables: {calls: {from: crm.calls, time: at, entity: lead, dimensions: [rep]}}
metrics:
  calls: {count: calls}
  leads: {count_distinct: calls.lead}
  minutes: {sum: calls.minutes}
  costs: {sum: calls.cost}
"""
CALENDAR = Calendar("UTC")


def _coarser(scan: Scan, days: list[Row], calendar: Calendar = CALENDAR) -> list[Row] | None:
    return coarser(scan, sums_of(scan, cells(scan, days)), calendar)


@WORLDS
@given(asked())
def test_days_add_up_to_longer_periods(duck: Duck, asked: Asked) -> None:
    reading = Reading(asked.world, TYPES, duck)
    wants = [replace(want, grain=grain, span=None) for want in asked.wants for grain in Grain]
    measured(asked.world, TYPES, reading, wants)
    raw = dict(zip(reading.scans, reading.raw, strict=True))
    for scan in reading.scans:
        days = daily(scan, ("seats",))
        found = _coarser(scan, raw[days], asked.world.calendar) if days in raw else None
        if found is not None:
            assert exact_cells(cells(scan, found)) == exact_cells(reading.scans[scan]), scan


def _scan(metric: str, grain: Grain) -> Scan:
    return scans(project_of(PROJECT), [Want(metric, grain, ("rep",))], {"calls": None}, None)[0]


def _day(day: date) -> int:
    return (day - date(1900, 1, 1)).days


def test_a_year_is_made_of_its_days_and_nothing_and_something_is_something() -> None:
    rows: list[Row] = [
        (_day(date(2025, 12, 31)), "a", 7),
        (_day(date(2026, 1, 1)), "a", 1),
        (_day(date(2026, 7, 1)), "b", 5),
        (_day(date(2026, 12, 31)), "a", None),
        (_day(date(2027, 1, 1)), "a", None),
    ]
    year = _scan("calls", Grain.YEAR)
    there = [(2025 * 12, "a", 7), (2026 * 12, "a", 1), (2026 * 12, "b", 5)]
    assert _coarser(year, rows) == [*there, (2027 * 12, "a", None)]


def test_what_does_not_add_up_exactly_is_asked_of_the_engine() -> None:
    week, day = _scan("calls", Grain.WEEK), _scan("calls", Grain.DAY)
    whole = ("minutes",)
    assert daily(_scan("leads", Grain.WEEK), whole) is None
    assert daily(day, whole) is None
    assert daily(week, whole) == day
    assert daily(_scan("minutes", Grain.WEEK), whole) == _scan("minutes", Grain.DAY)
    assert daily(_scan("costs", Grain.WEEK), whole) is None
    assert asked_by_day([week], lambda _: whole) == frozenset()
    assert asked_by_day([week, day], lambda _: whole) == {day}
    assert _coarser(_scan("calls", Grain.YEAR), [(_day(date(9999, 12, 31)), "a", 1)]) is None
