"""Funnels and conversions are what a slow walk over every attempt finds, on both engines.

`SHINRO_EXAMPLES=2000 pytest tests/laws/test_funnel.py` tries 2,000 worlds.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from fractions import Fraction

import ibis
import pytest
from hypothesis import given
from hypothesis import strategies as st

from funnel_oracle import Walk
from measuring import Duck, Server, columns_of, exact_cells, measured, project_of
from oracle import Row, World
from shinro.periods import Grain
from shinro.queries.compile import expression
from shinro.queries.scans import Want
from shinro.series import Mark
from subscribing import Remembering
from worlds import WORLDS

TYPES = {
    "events": {"who": "text", "at": "moment", "event": "text", "size": "integer", "plan": "text", "done": "moment"},
    "visits": {"who": "text", "on": "date", "event": "text", "plan": "text"},
    "buys": {"buyer": "integer", "at": "moment", "paid": "date", "kind": "text"},
}
PROJECT = """
timezone: {zone}
week_starts: sunday
sources:
  app: {{type: files, path: "*.csv", late_by: {late} days}}
tables:
  events:
    {{from: app.events, time: at, times: {{done: done}}, entity: who, dimensions: [plan, size], where: {table_where}}}
  visits: {{from: app.visits, time: on, entity: who, dimensions: [plan]}}
  buys: {{from: app.buys, time: at, times: {{paid: paid}}, entity: buyer, dimensions: [kind]}}
metrics:
  firsts: {{count: events, where: {first}}}
  seconds: {{count: events, where: {second}}}
  thirds: {{count_distinct: events.who, at: done, where: {third}}}
  paid: {{count: buys, at: paid, where: kind = 'a'}}
  seen: {{count: visits}}
  funnel:
    {{funnel: events, steps: {{one: {first}, two: {second}, three: {third}}}{within}{strict}{excludes}{where}}}
  pair: {{funnel: events, steps: {{one: {first}, two: {second}}}{within}{where}}}
  by_day: {{funnel: visits, steps: {{one: {first_seen}, two: {second_seen}}}{within}{strict}}}
  same: {{conversion: firsts, to: seconds{must}{where}}}
  later: {{conversion: firsts, to: thirds{must}}}
  onward: {{conversion: events, to: {{table: events, at: done}}{must}{where}}}
  bought: {{conversion: firsts, to: buys{must}{where}}}
  paying: {{conversion: seconds, to: paid{must}}}
  visited: {{conversion: seen, to: {{table: buys, at: paid}}{must}}}
"""
METRICS = ("funnel", "pair", "by_day", "same", "later", "onward", "bought", "paying", "visited")
EXCLUSIVE = ("event = 'a'", "event = 'b'", "event = 'c'")
STEPS = (*EXCLUSIVE, "event in ('b', 'c')", "size > 0", "event = 'a' and size > 0", "event != 'b'", "true")
WITHINS = ("", "3 hours", "90 minutes", "1 day", "2 days", "1 week", "1 month", "1 quarter", "36 hours", "0 days")
AS_OF = date(2026, 4, 1)
SEEN = ("event = 'a'", "event = 'b'", "event != 'a'", "true")


@dataclass(frozen=True)
class Asked:
    world: World
    metric: str
    grain: Grain
    by: tuple[str, ...]

    @property
    def wants(self) -> dict[str, Want]:
        parts = ("", *self.world.metric(self.metric).parts)
        return {
            part: Want(f"{self.metric}.{part}" if part else self.metric, self.grain, self.by, None, self.world.asked)
            for part in parts
        }


WHO = st.sampled_from(("u", "u", "u", "v", "", "0", None))
NUMBERS: dict[object, int] = {"u": 0, "v": -(2**63), "": 2**63 - 1, "0": 7}
NUMBERED = {**TYPES, "events": {**TYPES["events"], "who": "integer"}}
EDGES = (datetime(2026, 3, 8), datetime(2026, 3, 28, 23), datetime(2026, 1, 30, 20), datetime(2024, 2, 28, 12))  # noqa: DTZ001 - UTC
FINE = st.sampled_from((timedelta(0), timedelta(0), timedelta(microseconds=1), timedelta(minutes=30)))


def near(edge: datetime) -> st.SearchStrategy[datetime]:
    return st.builds(
        lambda hours, fine: edge + timedelta(hours=hours) + fine, st.integers(0, 60) | st.integers(0, 6), FINE
    )


def days_near(edge: datetime) -> st.SearchStrategy[date]:
    return st.integers(0, 5).map(lambda n: (edge + timedelta(days=n)).date())


def rows_near(edge: datetime) -> st.SearchStrategy[dict[str, list[Row]]]:
    event = st.sampled_from(("a", "a", "b", "b", "c", "x", None))
    plan = st.sampled_from(("basic", "pro", "東京", "", None))
    events = st.fixed_dictionaries({
        "who": WHO, "at": near(edge) | near(edge) | near(edge) | st.none(), "event": event,
        "size": st.sampled_from((None, 0, 1, 2)), "plan": plan, "done": near(edge) | st.none(),
    })  # fmt: skip
    visits = st.fixed_dictionaries({"who": WHO, "on": days_near(edge) | st.none(), "event": event, "plan": plan})
    buys = st.fixed_dictionaries({
        "buyer": st.sampled_from((0, 0, 1, None)), "at": near(edge), "paid": days_near(edge) | st.none(),
        "kind": st.sampled_from(("a", "b")),
    })  # fmt: skip
    return st.fixed_dictionaries({
        "events": st.lists(events, max_size=14), "visits": st.lists(visits, max_size=8),
        "buys": st.lists(buys, max_size=6),
    })  # fmt: skip


@st.composite
def worlds(draw: st.DrawFn) -> World:
    any_steps = st.lists(st.sampled_from(STEPS), min_size=3, max_size=3)
    first, second, third = (f'"{text}"' for text in draw(st.permutations(EXCLUSIVE) | any_steps))
    seen = st.sampled_from(SEEN).map(lambda text: f'"{text}"')
    within = draw(st.sampled_from(WITHINS))
    late = draw(st.sampled_from((0, 0, 1)))
    project = project_of(PROJECT.format(
        zone=draw(st.sampled_from(("Asia/Tokyo", "America/New_York", "Europe/London"))), late=late,
        table_where=draw(st.sampled_from(("true", '"coalesce(size, 1) < 2"'))),
        first=first, second=second, third=third, first_seen=draw(seen), second_seen=draw(seen),
        within=f", within: {within}" if within else "", must=f", within: {within or '5 days'}",
        strict=draw(st.sampled_from(("", "", ", strict: yes"))),
        excludes=draw(st.sampled_from(("", ", excludes: event = 'x'", ", excludes: size = 2"))),
        where=draw(st.sampled_from(("", ", where: size is not null"))),
    ))  # fmt: skip
    edge = draw(st.sampled_from(EDGES))
    as_of = (edge + timedelta(days=draw(st.sampled_from((1, 2, 3, 4, 6, 9, 40, 120))))).date()
    rows = draw(rows_near(edge))
    if draw(st.booleans()):
        return World(project, TYPES, rows, as_of, as_of, late)
    rows["events"] = [{**row, "who": NUMBERS.get(row["who"])} for row in rows["events"]]
    return World(project, NUMBERED, rows, as_of, as_of, late)


@st.composite
def asked(draw: st.DrawFn) -> Asked:
    metric = draw(st.sampled_from((*METRICS, *("funnel",) * 5)))
    by: tuple[str, ...] = draw(st.sampled_from(((), (), ("plan",))))
    if by and metric not in ("by_day", "visited"):
        by = draw(st.sampled_from((by, ("plan", "size"), ("size",))))
    return Asked(draw(worlds()), metric, draw(st.sampled_from((Grain.DAY, Grain.WEEK, Grain.MONTH, Grain.YEAR))), by)


@WORLDS
@given(asked())
def test_every_part_is_what_a_walk_over_every_attempt_finds(duck: Duck, server: Server, asked: Asked) -> None:
    agrees(duck, server, asked)


def agrees(duck: Duck, server: Server, asked: Asked) -> None:
    """Both engines find what a slow walk finds."""
    types = NUMBERED if asked.world.columns is NUMBERED else TYPES
    reading = Remembering(asked.world, types, duck)
    found = measured(asked.world, types, reading, asked.wants.values())
    walk = Walk(asked.world, asked.metric, asked.by)
    for part, want in asked.wants.items():
        assert columns_of(found, want) == walk.columns(part, asked.grain), part
    other = Remembering(asked.world, types, server)
    for scan, its in reading.scans.items():
        assert exact_cells(other.read(scan)) == exact_cells(its)
    server.connection.rollback()


@pytest.mark.parametrize("types", [TYPES, NUMBERED], ids=["texts", "numbers"])
def test_a_row_that_ends_attempts_prevents_no_step_of_its_own_instant(
    duck: Duck, server: Server, types: dict[str, dict[str, str]]
) -> None:
    """Of a, x and b at one instant b is reached and a later c is not; x with a alone prevents all, x with b only c."""
    steps = {"first": "event = 'a'", "second": "event = 'b'", "third": "event = 'c'"}
    more = {"within": ", within: 1 day", "must": ", within: 1 day", "excludes": ", excludes: event = 'x'"}
    plain = {"first_seen": "true", "second_seen": "true", "strict": "", "where": "", "table_where": "true"}
    text = PROJECT.format(zone="Asia/Tokyo", late=0, **{n: f'"{each}"' for n, each in steps.items()}, **more, **plain)
    blank = {"size": 1, "plan": None, "done": None}
    paths = {"u": ("axb", "c"), "v": ("ax", "b", "c"), "w": ("a", "xb", "c"), "y": ("axbc",), "z": ("a", "b", "xc")}
    rows: list[Row] = [
        {"who": who if types is TYPES else n, "at": datetime(2026, 3, 8, hour), "event": event, **blank}  # noqa: DTZ001
        for n, (who, path) in enumerate(paths.items())
        for hour, events in enumerate(path)
        for event in events
    ]
    world = World(project_of(text), types, {"events": rows, "visits": [], "buys": []}, AS_OF, AS_OF)
    asked = Asked(world, "funnel", Grain.YEAR, ())
    agrees(duck, server, asked)
    reached = [Walk(world, "funnel").columns(step, Grain.YEAR)[()] for step in ("one", "two", "three")]
    assert [value for column in reached for value, _ in column.values()] == [5, 4, 2]


@WORLDS
@given(asked())
def test_steps_never_grow_and_segments_add_up(duck: Duck, asked: Asked) -> None:
    wholes = replace(asked, by=())
    wants = [*asked.wants.values(), *wholes.wants.values()]
    found = measured(asked.world, TYPES, Remembering(asked.world, TYPES, duck), wants)
    steps = Walk(asked.world, asked.metric).steps
    for segment in columns_of(found, asked.wants[steps[0]]):
        columns = [columns_of(found, asked.wants[step])[segment] for step in steps]
        for period, (first, _) in columns[0].items():
            counts = [column[period][0] for column in columns]
            assert first is None or counts == sorted(counts, key=lambda each: each or 0, reverse=True)
    for want in (*asked.wants.values(), *wholes.wants.values()):
        for series in found.get(want, ()):
            for point in series.points:
                assert point.base is None or "days" in want.metric or 0 <= (point.over or 0) <= point.base
    for step in steps:
        whole = columns_of(found, wholes.wants[step])[()]
        apart = columns_of(found, asked.wants[step]).values()
        for period, (value, mark) in whole.items():
            if mark is not Mark.UNKNOWN:
                assert sum((column[period][0] or 0 for column in apart), Fraction(0)) == value


@WORLDS
@given(worlds(), st.sampled_from((Grain.DAY, Grain.MONTH)))
def test_a_conversion_is_a_funnel_of_two_steps(duck: Duck, world: World, grain: Grain) -> None:
    if world.metric("pair").within is None:
        return
    pairs = (("", ""), ("one", "cohort"), ("two", "converted"), ("two_days", "days"))
    names = [(f"pair.{one}".rstrip("."), f"same.{other}".rstrip(".")) for one, other in pairs]
    wants = [Want(name, grain) for both in names for name in both]
    found = measured(world, TYPES, Remembering(world, TYPES, duck), wants)
    if world.metric("pair").where is None:
        for one, other in names:
            assert columns_of(found, Want(one, grain)) == columns_of(found, Want(other, grain))


@WORLDS
@given(asked(), st.randoms(use_true_random=False))
def test_rows_in_another_order_and_rows_that_repeat_give_the_same_bytes(
    duck: Duck, asked: Asked, chance: random.Random
) -> None:
    rows = {table: [*rows, *rows[:3]] for table, rows in asked.world.rows.items()}
    for each in rows.values():
        chance.shuffle(each)
    raw = []
    for world in (asked.world, replace(asked.world, rows=rows)):
        reading = Remembering(world, TYPES, duck)
        measured(world, TYPES, reading, asked.wants.values())
        raw.append(repr(reading.raw))
    assert raw[0] == raw[1]


@WORLDS
@given(asked())
def test_the_form_that_is_fast_on_duckdb_finds_what_the_portable_one_finds(duck: Duck, asked: Asked) -> None:
    reading = Remembering(asked.world, TYPES, duck)
    measured(asked.world, TYPES, reading, asked.wants.values())
    for scan, raw in zip(reading.scans, reading.raw, strict=True):
        plain = expression(scan, reading.schema)
        assert duck.rows(str(ibis.to_sql(plain.order_by(list(plain.columns)), dialect="duckdb"))) == raw
