"""Who is active is what a slow walk over every window finds, on both engines; parts add up; order changes nothing.

`SHINRO_EXAMPLES=2000 pytest tests/laws/test_active.py` tries 2,000 worlds.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from fractions import Fraction
from functools import partial
from typing import Any

import ibis
from hypothesis import given
from hypothesis import strategies as st

import active_oracle
from active_oracle import PARTS, back
from measuring import Duck, Server, columns_of, exact_cells, measured, project_of
from oracle import Row, World
from shinro.periods import Grain
from shinro.queries.active_duck import day_by_day
from shinro.queries.compile import expression
from shinro.queries.reading import rows_of_scan
from shinro.queries.scans import Want
from shinro.series import Segment
from shinro.warehouse.measure import Measured
from subscribing import Remembering
from worlds import WORLDS, days, moments

TYPES = {
    "events": {"user": "text", "number": "integer", "at": "moment", "on": "date", "kind": "text", "plan": "text"},
    "users": {"id": "text", "country": "text", "level": "integer"},
}
PROJECT = """
timezone: {zone}
week_starts: {week}
fiscal_year_starts: {fiscal}
sources: {{app: {{type: files, path: "*.csv"}}}}
tables:
  users: {{from: app.users, key: id, dimensions: [country, level]}}
  events:
    {{from: app.events, time: {time}, entity: {entity}, dimensions: [kind, plan], joins: {{users: user}},
     where: {table}}}
metrics:
  one: {{active: events{one}}}
  two: {{active: events{two}}}
  other: {{active: events{other}}}
  rows: {{count: events{where}}}
  sticky: {{ratio: one / two}}
"""
WITHIN = (
    "",
    "1 day",
    "1 day",
    "2 days",
    "7 days",
    "1 week",
    "28 days",
    "1 month",
    "2 months",
    "1 quarter",
    "100 days",
    "1 year",
)
WHERES = ("", "", "kind = 'open'", "plan is not null", "users.country = 'JP'", "kind != 'open' or number > 0")
TABLE_WHERES = ("true", "true", "coalesce(number, 1) != 2")
LEAST = (1, 1, 1, 2, 3)
BY = ((), (), ("kind",), ("plan",), ("country",), ("kind", "level"))
NAMES = ("one", "two", "other")
DOTTED = ("", *(f".{part}" for part in PARTS[1:]))
DEFAULTS = {"zone": "Asia/Tokyo", "week": "monday", "fiscal": "april", "time": "at", "entity": "user", "table": "true"}


@dataclass(frozen=True)
class Asked:
    world: World
    grain: Grain
    by: tuple[str, ...]

    @property
    def wants(self) -> list[Want]:
        return [Want(f"{name}{part}", self.grain, self.by) for name in NAMES for part in DOTTED]


def ways() -> st.SearchStrategy[str]:
    def told(within: str, least: int, where: str) -> str:
        parts = {"within": within, "at_least": "" if least == 1 else str(least), "where": f'"{where}"' if where else ""}
        return "".join(f", {key}: {value}" for key, value in parts.items() if value)

    return st.builds(told, st.sampled_from(WITHIN), st.sampled_from(LEAST), st.sampled_from(WHERES))


def near() -> st.SearchStrategy[date]:
    """Days over a few months, so that windows meet, pass and return."""
    return st.integers(0, 130).map(lambda n: date(2026, 1, 25) + timedelta(days=n))


def at(day: date, hour: int) -> datetime:
    return datetime(day.year, day.month, day.day, hour)  # noqa: DTZ001 - UTC


def events() -> st.SearchStrategy[list[Row]]:
    columns = {
        "user": st.sampled_from(("a", "a", "a", "b", "", None, "東京")),
        "number": st.sampled_from((0, 0, 1, 2, None)),
        "at": st.none() | moments() | st.builds(at, near(), st.sampled_from((0, 4, 14, 15, 23))),
        "on": st.none() | days() | near() | near(),
        "kind": st.sampled_from(("open", "open", "close", None)),
        "plan": st.sampled_from(("pro", "free", None)),
    }
    rows: st.SearchStrategy[list[Row]] = st.lists(st.fixed_dictionaries(columns), max_size=16)
    return rows | rows.map(lambda found: found + found[:3])


@st.composite
def asked(draw: st.DrawFn) -> Asked:
    where = draw(st.sampled_from(WHERES))
    text = PROJECT.format(
        zone=draw(st.sampled_from(("Asia/Tokyo", "America/New_York", "Australia/Lord_Howe"))),
        week=draw(st.sampled_from(("monday", "sunday"))),
        fiscal=draw(st.sampled_from(("january", "april", "february"))),
        time=draw(st.sampled_from(("at", "on"))),
        entity=draw(st.sampled_from(("user", "user", "number"))),
        table=f'"{draw(st.sampled_from(TABLE_WHERES))}"',
        one=draw(ways()), two=draw(ways()), other=draw(ways()),
        where=f', where: "{where}"' if where else "",
    )  # fmt: skip
    as_of = draw(st.sampled_from((date(2026, 4, 1), date(2026, 4, 20), date(2026, 3, 31), date(2026, 5, 31))) | days())
    users: list[Row] = [{"id": "a", "country": "JP", "level": 1}, {"id": "b", "country": "US", "level": 1}]
    late, after = draw(st.sampled_from((0, 0, 3))), draw(st.sampled_from((0, 0, 40)))
    rows = {"events": draw(events()), "users": users}
    world = World(project_of(text), TYPES, rows, as_of, as_of + timedelta(days=after), late)
    return Asked(world, draw(st.sampled_from(Grain)), draw(st.sampled_from(BY)))


@WORLDS
@given(asked())
def test_who_is_active_is_what_a_slow_walk_over_every_window_finds(duck: Duck, server: Server, asked: Asked) -> None:
    reading = Remembering(asked.world, TYPES, duck)
    found = measured(asked.world, TYPES, reading, asked.wants)
    for want in asked.wants:
        assert columns_of(found, want) == active_oracle.values(asked.world, want.metric, want.grain, asked.by), want
    other = Remembering(asked.world, TYPES, server)
    for scan, its in reading.scans.items():
        assert exact_cells(other.read(scan)) == exact_cells(its)
    server.connection.rollback()


def columns(found: Measured, want: Want) -> dict[Segment, dict[date, Fraction]]:
    """Values by segment and a period's first day, without those that are unknown or undefined."""
    return {
        segment: {period.start: value for period, (value, _) in column.items() if value is not None}
        for segment, column in columns_of(found, want).items()
    }


def step_before(asked: Asked, name: str, period: date) -> date | None:
    """The first day of the period whose window is the one before; None where no period has that."""
    within = asked.world.metric(name).within
    if within is None:
        calendar = asked.world.calendar
        return calendar.step(calendar.period(period, asked.grain), asked.grain, -1).start
    return back(period, within.duration) if asked.grain is Grain.DAY else None


@WORLDS
@given(asked())
def test_parts_add_up_to_the_whole_and_to_the_window_before(duck: Duck, asked: Asked) -> None:
    found = measured(asked.world, TYPES, Remembering(asked.world, TYPES, duck), asked.wants)
    for name in NAMES:
        wants = [Want(f"{name}{part}", asked.grain, asked.by) for part in DOTTED]
        active, new, returning, resurrected, dormant = (columns(found, want) for want in wants)
        for segment, column in active.items():
            for period, value in column.items():
                parts = [each[segment][period] for each in (new, returning, resurrected)]
                assert sum(parts) == value
                assert min(*parts, dormant[segment][period]) >= 0
                before = step_before(asked, name, period)
                if before in column:
                    assert dormant[segment][period] == column[before] - returning[segment][period]


@WORLDS
@given(asked())
def test_nobody_is_active_without_a_row_and_one_row_is_enough(duck: Duck, asked: Asked) -> None:
    """A calendar's count is at most its rows; `at_least: 1` is what is meant where nothing is said."""
    found = plainly(duck, asked, {"one": ", at_least: 1", "other": ", at_least: 2"}, (*NAMES, "rows"))
    one, two, other, rows = (columns(found, Want(name, asked.grain, asked.by)) for name in (*NAMES, "rows"))
    assert one == two
    for segment, column in two.items():
        for period, value in column.items():
            assert value <= rows[segment][period]
            assert 2 * other.get(segment, {}).get(period, Fraction(0)) <= rows[segment][period]


def plainly(duck: Duck, asked: Asked, ways: dict[str, str], names: tuple[str, ...]) -> Measured:
    """The same rows under other definitions, at the asked grain and by day."""
    nothing = dict.fromkeys(("one", "two", "other", "where"), "")
    text = PROJECT.format_map(DEFAULTS | nothing | ways)
    world = replace(asked.world, project=project_of(text))
    wants = [Want(name, grain, asked.by) for name in names for grain in (asked.grain, Grain.DAY)]
    return measured(world, TYPES, Remembering(world, TYPES, duck), wants)


@WORLDS
@given(asked())
def test_a_window_of_a_day_is_the_mean_of_its_days(duck: Duck, asked: Asked) -> None:
    found = plainly(duck, asked, {"one": ", within: 1 day"}, ("one", "two"))
    daily = columns(found, Want("one", Grain.DAY, asked.by))
    assert daily == columns(found, Want("two", Grain.DAY, asked.by))
    for series in found.get(Want("one", asked.grain, asked.by), ()):
        for point in series.points:
            inside = [value for day, value in daily[series.segment].items() if day in point.period]
            over, base = sum(inside, Fraction(0)), len(inside)
            assert (point.value, point.over, point.base) == ((over / base, over, base) if inside else (None,) * 3)


@WORLDS
@given(asked(), st.randoms(use_true_random=False))
def test_rows_in_another_order_give_the_same_bytes(duck: Duck, asked: Asked, chance: random.Random) -> None:
    rows = list(asked.world.rows["events"])
    chance.shuffle(rows)
    raw = []
    for world in (asked.world, replace(asked.world, rows={**asked.world.rows, "events": rows})):
        reading = Remembering(world, TYPES, duck)
        measured(world, TYPES, reading, asked.wants)
        raw.append(repr(reading.raw))
    assert raw[0] == raw[1]


@WORLDS
@given(asked())
def test_rows_that_stand_twice_change_nothing_where_one_is_enough(duck: Duck, asked: Asked) -> None:
    wants = [want for want in asked.wants if asked.world.metric(want.metric).at_least is None]
    twice = replace(asked.world, rows={**asked.world.rows, "events": asked.world.rows["events"] * 2})
    once, again = (measured(each, TYPES, Remembering(each, TYPES, duck), wants) for each in (asked.world, twice))
    assert once == again


@WORLDS
@given(asked())
def test_the_form_that_is_fast_on_duckdb_finds_what_the_portable_one_finds(duck: Duck, asked: Asked) -> None:
    reading = Remembering(asked.world, TYPES, duck)
    measured(asked.world, TYPES, reading, asked.wants)
    for scan, raw in zip(reading.scans, reading.raw, strict=True):
        plain = expression(scan, reading.schema)
        assert duck.rows(_text(plain.order_by(list(plain.columns)))) == raw
        rows = partial(rows_of_scan, schema=reading.schema)
        for rolled, texts in ((True, True), (False, True), (False, False)):
            own = day_by_day(scan, rows, reading.schema.calendar, _text, rolled=rolled, texts=texts)
            assert own is None or duck.rows(own) == raw


def _text(expression: Any) -> str:
    return str(ibis.to_sql(expression, dialect="duckdb"))
