"""Random worlds: small tables around the edges of calendars and clocks, and random definitions over them."""

from __future__ import annotations

import os
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

from measuring import project_of
from oracle import Row, World
from shinro.periods import MONTHS, WEEKDAYS, Grain
from shinro.queries.scans import Want

SLOW = [HealthCheck.too_slow, HealthCheck.data_too_large]
WORLDS = settings(max_examples=int(os.environ.get("SHINRO_EXAMPLES", "5")), suppress_health_check=SLOW)
FEWER = settings(max_examples=int(os.environ.get("SHINRO_EXAMPLES", "3")), suppress_health_check=SLOW)
ZONES = ("Asia/Tokyo", "America/New_York", "Australia/Lord_Howe", "Europe/London", "UTC")
TYPES = {
    "deals": {
        "id": "text", "opened": "moment", "closed": "date", "ended": "moment", "kind": "text", "rep": "text",
        "agent": "text", "amount": "number", "seats": "integer", "paid": "truth",
    },
    "calls": {"id": "text", "at": "moment", "kind": "text", "rep": "text", "seats": "integer"},
    "agents": {"name": "text", "office": "text", "level": "integer", "joined": "date"},
}  # fmt: skip
PROJECT = """
timezone: {zone}
week_starts: {week}
fiscal_year_starts: {fiscal}
sources: {{crm: {{type: files, path: "*.csv"}}}}
tables:
  agents: {{from: crm.agents, key: name, dimensions: [office, level, joined]}}
  deals:
    from: crm.deals
    key: id
    time: opened
    times: {{closed: closed}}
    starts: opened
    ends: {ends}
    ends_are: {ends_are}
    dimensions: [kind, rep]
    joins: {{agents: agent}}
    where: {table_where}
  calls: {{from: crm.calls, key: id, time: at, dimensions: [kind, rep]}}
metrics:
  opened: {{count: deals}}
  won: {{count: deals, at: closed, where: {where}}}
  some: {{count: deals, where: {other}}}
  companies: {{count_distinct: deals.seats, where: {where}}}
  names: {{count_distinct: deals.agent, where: {other}}}
  kinds: {{count_distinct: deals.kind}}
  value: {{sum: deals.amount, at: closed, where: {where}}}
  size: {{avg: deals.amount, where: {other}}}
  middle: {{median: deals.amount}}
  middle_seats: {{median: deals.seats, where: {where}}}
  least: {{min: deals.amount, where: {other}}}
  most: {{max: deals.seats}}
  open: {{stock: deals}}
  some_open: {{stock: deals, where: {where}}}
  calls: {{count: calls}}
  seats: {{sum: calls.seats}}
  win_rate: {{ratio: won / opened}}
  per_call: {{ratio: value / calls}}
  mixed: {{derived: "opened + 2 * won - coalesce(size, 1)"}}
  growth: {{derived: "opened - previous(opened) + coalesce(previous, 0)"}}
  late: {{derived: "won / previous(calls)"}}
  back: {{derived: "mean(opened, 3) + previous(won, 2)"}}
  monthly: {{ratio: "won / positive(opened - previous(opened, 2))", every: month}}
  per_month: {{derived: "monthly + mean(opened, 2)"}}
  per_size: {{derived: "win_rate * size"}}
  share_open: {{ratio: some_open / open}}
  ever: {{cumulative: opened}}
  ever_value: {{cumulative: value}}
"""
METRICS = tuple(str(name) for name in project_of(PROJECT.format(
    zone="UTC", week="monday", fiscal="january", ends="closed", ends_are="inclusive", table_where="paid",
    where="paid", other="paid",
)).metrics)  # fmt: skip
OF_CALLS = ("calls", "seats", "per_call", "late")
WHERES = (
    "kind = 'won'", "kind != 'won' or rep is null", "paid", "not paid", "amount > 0", "amount * 2 - seats < 10",
    "kind in ('won', '東京')", "kind not in ('won', ' ')", "agents.office = 'East'", "agents.level between 1 and 2",
    "agents.office is null", "closed >= 2026-04-01", "opened < 2026-04-01", "days_between(opened, closed) > 3",
    "closed between 2026-03-01 and 2026-04-05", "lower(kind) = 'won' and paid", "length(coalesce(rep, '')) = 0",
    "agents.joined < closed", "contains(kind, 'o')", "seats is not null",
)  # fmt: skip
DIMENSIONS = ((), ("kind",), ("rep",), ("office",), ("level",), ("kind", "rep"), ("rep", "office"), ("agents.joined",))
TEXTS = st.sampled_from(("won", "Won", "lost", "東京", " ", "a'b", '"', "%", "\\", "é"))
AGENTS = ("a", "b", "c", "ü")


@dataclass(frozen=True)
class Asked:
    defined: dict[str, str]
    rows: dict[str, list[Row]]
    as_of: date
    after: int  # days from as-of to the day of loading
    late_by: int
    grain: Grain
    by: tuple[str, ...]
    metrics: tuple[str, ...]

    @property
    def world(self) -> World:
        project = project_of(PROJECT.format_map(self.defined))
        return World(project, TYPES, self.rows, self.as_of, self.as_of + timedelta(days=self.after), self.late_by)

    @property
    def wants(self) -> list[Want]:
        return [Want(metric, self.grain, self.by) for metric in self.metrics]


def days() -> st.SearchStrategy[date]:
    """Days around edges: a fiscal year, a leap day, the epoch, changes of clocks."""
    edges = (date(2026, 4, 1), date(2026, 3, 29), date(2025, 10, 5), date(2024, 2, 29), date(2026, 1, 1))
    near = st.builds(lambda edge, n: edge + timedelta(days=n), st.sampled_from(edges), st.integers(-9, 9))
    return st.one_of(st.just(date(2026, 4, 1)), near, near)


def moments() -> st.SearchStrategy[datetime]:
    """Moments in UTC near the midnights and the changes of clocks of the zones."""
    hours = st.sampled_from((0, 4, 5, 7, 13, 14, 15, 23))
    fine = st.sampled_from((timedelta(0), timedelta(microseconds=-1), timedelta(minutes=30), timedelta(minutes=59)))
    return st.builds(lambda day, h, f: datetime(day.year, day.month, day.day, h) + f, days(), hours, fine)  # noqa: DTZ001 - UTC


def rows(table: str, **columns: st.SearchStrategy[object]) -> st.SearchStrategy[list[Row]]:
    assert set(columns) == set(TYPES[table])
    return st.lists(st.fixed_dictionaries(columns), max_size=14)


NUMBERS = st.none() | st.sampled_from((0, 1, 1, 2, -3, 7))
AMOUNTS = st.none() | st.sampled_from(("0", "0.1", "0.2", "-5.000000001", "1200000", "10", "10")).map(Decimal)
DEALS = rows(
    "deals", id=st.none() | TEXTS, opened=st.none() | moments(), closed=st.none() | days(),
    ended=st.none() | moments(), kind=st.none() | TEXTS, rep=st.none() | TEXTS,
    agent=st.none() | st.sampled_from((*AGENTS, "x")), amount=AMOUNTS, seats=NUMBERS, paid=st.none() | st.booleans(),
)  # fmt: skip
CALLS = rows("calls", id=TEXTS, at=st.none() | moments(), kind=st.none() | TEXTS, rep=st.none() | TEXTS, seats=NUMBERS)
OFFICES = st.none() | st.sampled_from(("East", "西"))


@st.composite
def agents(draw: st.DrawFn) -> list[Row]:
    names = draw(st.lists(st.sampled_from(AGENTS), unique=True))
    return [{"name": name, "office": draw(OFFICES), "level": draw(NUMBERS), "joined": draw(days())} for name in names]


@st.composite
def definitions(draw: st.DrawFn) -> dict[str, str]:
    wheres = st.sampled_from(WHERES).map(lambda text: f'"{text}"')
    return {
        "zone": draw(st.sampled_from(ZONES)),
        "week": draw(st.sampled_from(WEEKDAYS)),
        "fiscal": draw(st.sampled_from(MONTHS)),
        "ends": draw(st.sampled_from(("closed", "ended"))),
        "ends_are": draw(st.sampled_from(("inclusive", "exclusive"))),
        "table_where": draw(
            st.sampled_from(("true", '"not coalesce(paid, false) or seats > 0"', "\"kind != 'lost'\""))
        ),
        "where": draw(wheres),
        "other": draw(wheres),
    }


@st.composite
def asked(draw: st.DrawFn) -> Asked:
    by = draw(st.sampled_from(DIMENSIONS))
    usable = [name for name in METRICS if not set(by) - {"kind", "rep"} or name not in OF_CALLS]
    return Asked(
        draw(definitions()),
        {"deals": draw(DEALS), "calls": draw(CALLS), "agents": draw(agents())},
        draw(days()),
        draw(st.sampled_from((0, 0, 1, 40))),
        draw(st.sampled_from((0, 0, 1, 3))),
        draw(st.sampled_from(Grain)),
        by,
        tuple(draw(st.lists(st.sampled_from(usable), min_size=1, max_size=6, unique=True))),
    )
