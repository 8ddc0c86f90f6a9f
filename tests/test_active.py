"""Who is active, on rows that are written down: the traps, and the edges of calendars, clocks and data."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from fractions import Fraction

import pytest

import oracle
from measuring import Duck, Reading, loads_of, measured, project_of
from oracle import Row, World
from shinro.periods import Grain, Period
from shinro.queries.activity import Firsts, Gaps, Presence, Stretches
from shinro.queries.growth import growth_of
from shinro.queries.scans import Want, scans
from shinro.series import Mark
from shinro.warehouse.measure import why_not

TYPES = {"events": {"user": "text", "at": "moment", "plan": "text", "kind": "text"}}
PROJECT = """
timezone: {zone}
fiscal_year_starts: april
sources: {{app: {{type: files, path: "*.csv"}}}}
tables: {{events: {{from: app.events, time: at, entity: user, dimensions: [plan, kind]}}}}
metrics:
  dau: {{active: events, within: 1 day}}
  wau: {{active: events, within: 7 days}}
  mau: {{active: events, within: 28 days}}
  monthly: {{active: events, within: 1 month}}
  yearly: {{active: events, within: 1 year}}
  calendar: {{active: events}}
  twice: {{active: events, within: 7 days, at_least: 2}}
  often: {{active: events, within: 1 month, at_least: 6}}
  regular: {{active: events, at_least: 2}}
  opened: {{active: events, within: 7 days, where: kind = 'open'}}
  stickiness: {{ratio: dau / mau}}
"""
DAY = timedelta(days=1)
Points = dict[str, Fraction | None]


def rows_of(text: str) -> list[Row]:
    """Lines of a user, a moment in UTC (or a day, at noon), and perhaps a plan and a kind; `-` is nothing."""
    return [_row(*line.split()) for line in text.strip().splitlines()]


def _row(user: str, at: str, plan: str = "-", kind: str = "-") -> Row:
    when = datetime.fromisoformat(at if "T" in at else f"{at}T12:00")
    named: dict[str, object] = {"user": user, "plan": plan, "kind": kind}
    return {name: None if found == "-" else "" if found == "''" else found for name, found in named.items()} | {
        "at": when
    }


def world_of(rows: list[Row], as_of: str, zone: str = "UTC", late_by: int = 0, today: str | None = None) -> World:
    day, now = date.fromisoformat(as_of), date.fromisoformat(today or as_of)
    return World(project_of(PROJECT.format(zone=zone)), TYPES, {"events": rows}, day, now, late_by)


def found(world: World, *wants: Want) -> list[Points]:
    """The values of each want, by the first day of a period."""
    made = measured(world, TYPES, Reading(world, TYPES, Duck()), wants)
    return [{point.period.start.isoformat(): point.value for point in made[want][0].points} for want in wants]


def values(text: str, as_of: str, metric: str, grain: Grain, zone: str = "UTC") -> Points:
    (points,) = found(world_of(rows_of(text), as_of, zone), Want(metric, grain))
    return points


def test_who_is_there_on_several_days_of_a_window_counts_once() -> None:
    """Peers add up the distinct counts of days: 2, 5, 10. The truth is 2, 3, 6."""
    text = "a 2026-04-01\nb 2026-04-01\na 2026-04-02\nb 2026-04-02\nc 2026-04-02\n"
    text += "".join(f"{user} 2026-04-03\n" for user in "bcdef")
    assert list(values(text, "2026-04-03", "dau", Grain.DAY).values()) == [2, 3, 5]
    assert list(values(text, "2026-04-03", "wau", Grain.DAY).values()) == [2, 3, 6]


def test_28_days_are_no_month() -> None:
    """On March 31 the 28 days begin with March 4; a month's window begins with March 1, as the calendar's month."""
    text = "a 2026-03-01\nb 2026-03-04\nc 2026-03-31\nd 2026-02-28\n"
    for metric, march in (("mau", 2), ("monthly", 3), ("calendar", 3)):
        assert values(text, "2026-03-31", metric, Grain.MONTH)["2026-03-01"] == march


@pytest.mark.parametrize(
    ("day", "first"),
    [
        ("2024-02-29", "2024-01-30"),
        ("2024-03-29", "2024-03-01"),
        ("2024-03-30", "2024-03-01"),
        ("2024-03-31", "2024-03-01"),
        ("2025-03-31", "2025-03-01"),
        ("2024-04-30", "2024-03-31"),
        ("2024-12-31", "2024-12-01"),
    ],
)
@pytest.mark.parametrize("metric", ["monthly", "often"])
def test_a_month_back_keeps_the_day_or_is_the_last_of_its_month(day: str, first: str, metric: str) -> None:
    """The window is what lies after that day: its first day is in it and the day before is not."""
    rows = 6 if metric == "often" else 1
    before = date.fromisoformat(first) - DAY
    text = f"a {before}\nb {first}\nc {day}\n" * rows
    assert values(text, day, metric, Grain.DAY)[day] == 2


def test_a_month_of_daily_actives_is_the_mean_of_its_days() -> None:
    """From the first day that the data know: April has 29 days from the 2nd on, May three up to as-of."""
    text = "a 2026-04-02\nb 2026-04-02\na 2026-04-30\na 2026-05-01\nb 2026-05-03\n"
    world = world_of(rows_of(text), "2026-05-03")
    (series,) = measured(world, TYPES, Reading(world, TYPES, Duck()), [Want("dau", Grain.MONTH)]).values()
    assert [(str(point.over), str(point.base)) for point in series[0].points] == [("3", "29"), ("2", "3")]
    assert [point.value for point in series[0].points] == [Fraction(3, 29), Fraction(2, 3)]
    assert [point.mark for point in series[0].points] == [Mark.COMPLETE, Mark.INCOMPLETE]


def test_stickiness_is_daily_over_monthly_actives() -> None:
    text = "".join(f"a {date(2026, 4, 1) + DAY * n}\n" for n in range(30)) + "b 2026-04-30\n"
    assert values(text, "2026-04-30", "stickiness", Grain.MONTH) == {"2026-04-01": Fraction(31, 30) / 2}


def test_new_returning_resurrected_and_dormant() -> None:
    """By calendar months: a stays, b pauses in May and is back in June, c leaves, d comes in June."""
    text = "a 2026-04-01\na 2026-05-01\na 2026-06-01\nb 2026-04-02\nb 2026-06-02\nc 2026-04-03\nd 2026-06-04\n"
    parts = {
        part: list(values(text, "2026-06-30", f"calendar.{part}", Grain.MONTH).values())
        for part in ("new", "returning", "resurrected", "dormant")
    }
    assert parts == {"new": [3, 0, 1], "returning": [0, 1, 1], "resurrected": [0, 0, 1], "dormant": [0, 2, 0]}


def test_with_several_rows_who_had_too_few_before_is_new() -> None:
    """One row in April makes nobody regular: in May `a` is new. With 7 days, on the day of the second row."""
    text = "a 2026-04-20\na 2026-05-08\na 2026-05-09\na 2026-05-21\na 2026-05-22"
    assert values(text, "2026-05-31", "regular.new", Grain.MONTH) == {"2026-04-01": 0, "2026-05-01": 1}
    new, again, gone = (
        values(text, "2026-05-31", f"twice.{part}", Grain.DAY) for part in ("new", "resurrected", "dormant")
    )
    assert [day for day, number in new.items() if number] == [f"2026-05-{n:02}" for n in range(9, 15)]
    assert [day for day, number in again.items() if number] == [f"2026-05-{n}" for n in range(22, 28)]
    assert [day for day, number in gone.items() if number] == [
        *(f"2026-05-{n}" for n in range(16, 22)),
        *(f"2026-05-{n}" for n in range(29, 32)),
    ]


def test_nobody_is_no_entity_and_the_empty_text_and_zero_are() -> None:
    assert values("- 2026-04-01\n'' 2026-04-01\n0 2026-04-01\n00 2026-04-01\n", "2026-04-01", "dau", Grain.DAY) == {
        "2026-04-01": 3
    }


def test_rows_of_one_instant_count_once_and_are_so_many_rows() -> None:
    text = "a 2026-04-01T09:00\na 2026-04-01T09:00\nb 2026-04-01T09:00"
    assert values(text, "2026-04-01", "wau", Grain.DAY) == {"2026-04-01": 2}
    assert values(text, "2026-04-01", "twice", Grain.DAY) == {"2026-04-01": 1}


@pytest.mark.parametrize(
    ("zone", "moment", "day"),
    [
        ("Asia/Tokyo", "2026-04-01T15:00", "2026-04-02"),
        ("Asia/Tokyo", "2026-04-01T14:59:59.999999", "2026-04-01"),
        ("America/New_York", "2026-03-08T04:59:59", "2026-03-07"),
        ("America/New_York", "2026-03-09T03:59:59", "2026-03-08"),
        ("America/New_York", "2026-03-09T04:00", "2026-03-09"),
        ("America/New_York", "2026-11-02T04:59:59", "2026-11-01"),
    ],
)
def test_a_day_is_one_of_the_company(zone: str, moment: str, day: str) -> None:
    """Days of 23 and 25 hours are days like others."""
    points = values(f"a {moment}\n", "2026-11-30", "dau", Grain.DAY, zone)
    assert [at for at, number in points.items() if number] == [day]


def test_a_table_without_rows_has_no_periods_and_one_row_has_all_its_own() -> None:
    nothing = world_of([], "2026-04-30")
    made = measured(nothing, TYPES, Reading(nothing, TYPES, Duck()), [Want("mau", Grain.MONTH)])
    assert [series.points for each in made.values() for series in each] == [()]
    assert values("a 2026-04-30", "2026-04-30", "mau", Grain.WEEK) == {"2026-04-27": 1}


def test_after_the_data_end_it_is_unknown_and_the_running_period_is_marked() -> None:
    text = "a 2026-04-01\na 2026-04-02\nb 2026-04-14\n"
    world = world_of(rows_of(text), "2026-05-20")
    made = measured(world, TYPES, Reading(world, TYPES, Duck()), [Want("wau", Grain.WEEK), Want("dau", Grain.MONTH)])
    weekly, daily = (each[0].points for each in made.values())
    marks = [Mark.COMPLETE, Mark.COMPLETE, Mark.COMPLETE, Mark.INCOMPLETE, *[Mark.UNKNOWN] * 4]
    assert [point.mark for point in weekly] == marks
    assert [point.value for point in weekly] == [1, 0, 1, 0, None, None, None, None]
    assert [(point.value, point.base) for point in daily] == [(Fraction(3, 25), 25), (None, None)]


@pytest.mark.parametrize(("metric", "again"), [("calendar", [1, 1]), ("monthly", [1, 0])])
def test_before_1900_there_are_no_periods_and_yet_somebody_was_there(metric: str, again: list[int]) -> None:
    text = "a 1850-03-01\nb 1899-12-31\na 1900-01-01\nb 1900-02-01\n"
    assert values(text, "1900-02-28", metric, Grain.MONTH) == {"1900-01-01": 1, "1900-02-01": 1}
    assert list(values(text, "1900-02-28", f"{metric}.new", Grain.MONTH).values()) == [0, 0]
    assert list(values(text, "1900-02-28", f"{metric}.resurrected", Grain.MONTH).values()) == again
    assert list(values(text, "1900-02-28", f"{metric}.dormant", Grain.MONTH).values()) == [1, 1]
    assert values(text, "1899-12-31", metric, Grain.MONTH) == {}


def test_three_years_of_one_who_is_there_once_a_year() -> None:
    text = "a 2023-04-01\na 2024-03-31\na 2025-04-01\n"
    yearly = values(text, "2026-03-31", "yearly", Grain.DAY)
    away = [day for day, number in yearly.items() if number == 0]
    assert away == ["2025-03-31"]
    assert list(values(text, "2026-03-31", "calendar.resurrected", Grain.YEAR).values()) == [0, 0, 1]


@pytest.mark.parametrize("metric", ["wau", "twice", "regular", "calendar", "yearly"])
def test_who_is_in_two_segments_counts_in_both(metric: str) -> None:
    text = "a 2026-04-06 pro\na 2026-04-07 free\nb 2026-04-07 pro\n"
    world = world_of(rows_of(text * 2), "2026-04-08")
    want = Want(metric, Grain.WEEK, ("plan",))
    made = measured(world, TYPES, Reading(world, TYPES, Duck()), [want, Want(metric, Grain.WEEK)])
    by_plan = {series.segment[0][1]: series.points[-1].value for series in made[want]}
    assert by_plan == {"pro": 2, "free": 1}
    assert made[Want(metric, Grain.WEEK)][0].points[-1].value == 2


def test_windows_over_the_same_rows_share_a_scan_whatever_is_asked_for() -> None:
    world = world_of([], "2026-04-30")
    names = ("dau", "wau", "mau", "monthly", "mau.new")
    wants = [Want(name, grain) for name in names for grain in (Grain.DAY, Grain.WEEK, Grain.MONTH)]
    (shared,) = scans(world.project, wants, {"events": None}, world.as_of)
    for want in wants:
        (alone,) = scans(world.project, [want], {"events": None}, world.as_of)
        assert alone.normal == shared.normal
    assert len(scans(world.project, [*wants, Want("opened", Grain.DAY)], {"events": None}, world.as_of)) == 2


def test_which_form_measures_what() -> None:
    project = world_of([], "2026-04-30").project
    forms = {
        ("mau", Grain.YEAR): Gaps,
        ("calendar", Grain.MONTH): Firsts,
        ("calendar", Grain.QUARTER): Presence,
        ("regular", Grain.DAY): Presence,
        ("yearly", Grain.WEEK): Stretches,
        ("twice", Grain.WEEK): Stretches,
    }
    assert {key: type(growth_of(project, *key)) for key in forms} == forms


def test_a_span_is_one_window_of_its_own() -> None:
    """Who was there in those days; who was in as many days before them; a rolling window at their end."""
    text = "a 2026-04-01\nb 2026-04-04\na 2026-04-11\nc 2026-04-15\nb 2026-04-20\nd 2026-04-21"
    span = Period(date(2026, 4, 11), date(2026, 4, 21))
    names = (
        "calendar",
        "calendar.returning",
        "calendar.new",
        "calendar.dormant",
        "wau",
        "regular",
        "dau",
        "yearly.new",
    )
    world = world_of(rows_of(text), "2026-04-30")
    made = found(world, *(Want(name, Grain.DAY, span=span) for name in names))
    assert [list(points.values()) for points in made] == [[3], [2], [1], [0], [2], [0], [Fraction(3, 10)], [3]]


def test_without_an_entity_it_is_not_measured_and_says_so() -> None:
    project = project_of(PROJECT.format(zone="UTC").replace(", entity: user", ""))
    world = world_of([], "2026-04-30")
    assert why_not(project, "mau", loads_of(world, TYPES)) == "unmeasured.growth"
    assert oracle.days_of(world, "events").oldest is None
