"""The local day as arithmetic, against zoneinfo, in both engines."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import ibis
import pytest

from measuring import Duck, Engine, Server
from oracle import local_day, period_of
from postgres import Postgres
from shinro.periods import Calendar, Grain, offsets
from shinro.queries.local_day import day_of, local, ordinal
from shinro.queries.reading import TYPES
from shinro.warehouse.frame import ordinal as of_start

ZONES = (
    "Asia/Tokyo", "America/New_York", "Australia/Lord_Howe", "Europe/London", "America/St_Johns", "Asia/Kathmandu",
    "Pacific/Apia", "UTC",
)  # fmt: skip
FIRST, LAST = date(2007, 1, 1), date(2026, 12, 31)


@pytest.fixture(scope="module", params=["duckdb", "postgres"])
def engine(request: pytest.FixtureRequest) -> Iterator[Engine]:
    if request.param == "duckdb":
        yield Duck()
        return
    server: Postgres = request.getfixturevalue("postgres")
    opened = Server(server.database({"TimeZone": "America/Caracas", "DateStyle": "SQL, DMY"}).url)
    yield opened
    opened.connection.close()


def moments(zone: str) -> list[datetime]:
    """Around every change of the zone's clock and around midnights, in UTC without zone."""
    changes = [moment for moment, _ in offsets(zone, FIRST, LAST) if moment]
    near = [change + timedelta(microseconds=n) for change in changes for n in (-1, 0, 1, 3_600_000_000)]
    midnights = [datetime(2026, month, 1, tzinfo=ZoneInfo(zone)).astimezone(UTC) for month in range(1, 13)]
    edges = [moment.replace(tzinfo=None) + timedelta(microseconds=n) for moment in midnights for n in (-1, 0)]
    return [*near, *edges, datetime(2024, 2, 29, 12)]  # noqa: DTZ001 - moments are UTC without zone


def found(engine: Engine, kind: str, values: list[date], column: object) -> list[object]:
    engine.create("t", {"n": "integer", "at": kind}, [{"n": n, "at": at} for n, at in enumerate(values)])
    table = ibis.table({"n": "int64", "at": TYPES[kind]}, name="t")
    assert callable(column)
    text = str(ibis.to_sql(table.select("n", x=column(table["at"])).order_by("n"), dialect=engine.dialect))
    assert "/" not in text
    return [row[1] for row in engine.rows(text)]


@pytest.mark.parametrize("zone", ZONES)
def test_a_moment_is_the_wall_time_that_zoneinfo_says(engine: Engine, zone: str) -> None:
    given = moments(zone)
    steps = offsets(zone, FIRST, LAST)
    walls = [moment.replace(tzinfo=UTC).astimezone(ZoneInfo(zone)).replace(tzinfo=None) for moment in given]
    assert found(engine, "moment", list(given), lambda at: local(at, steps)) == walls
    assert found(engine, "moment", list(given), lambda at: day_of(at, steps)) == [wall.date() for wall in walls]
    assert [local_day(moment, zone) for moment in given] == [wall.date() for wall in walls]


def test_a_day_without_a_time_is_its_own_in_every_zone(engine: Engine) -> None:
    days = [date(2026, 4, 1), date(1900, 1, 1)]
    assert found(engine, "date", list(days), lambda at: day_of(at, offsets("Asia/Tokyo", FIRST, LAST))) == days


@pytest.mark.parametrize("grain", Grain)
def test_a_day_has_the_number_of_its_periods_first_day(engine: Engine, grain: Grain) -> None:
    days = [
        date(1969, 12, 31),
        date(1970, 1, 1),
        date(2024, 2, 29),
        date(1899, 12, 20),
        date(2, 2, 1),
        date(9998, 12, 31),
    ]
    days += [date(2025, 12, 20) + timedelta(days=n) for n in range(0, 120, 3)]
    for calendar in (Calendar(), Calendar(week_starts=6, fiscal_starts=4), Calendar(week_starts=2, fiscal_starts=12)):
        expected = [of_start(calendar.period(day, grain).start, grain) for day in days]
        assert found(engine, "date", list(days), lambda at, its=calendar: ordinal(at, grain, its)) == expected
        assert [calendar.period(day, grain) for day in days[6:]] == [
            period_of(day, grain, calendar) for day in days[6:]
        ]
