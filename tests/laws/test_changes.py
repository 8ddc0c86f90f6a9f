"""Change events: each is the period until the next of its subscription, on both engines; the laws of periods hold.

`SHINRO_EXAMPLES=2000 pytest tests/laws/test_changes.py` tries 2,000 worlds.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction

import ibis
from hypothesis import assume, given
from hypothesis import strategies as st

import oracle
import recurring_oracle
from measuring import Duck, Server, columns_of, exact_cells, measured, project_of
from oracle import Row, World
from recurring_oracle import Ledger, bridge
from shinro.definitions.metric import PARTS
from shinro.periods import Grain, Period
from shinro.queries.compile import expression, sql
from shinro.queries.scans import Want
from shinro.series import Mark
from subscribing import Remembering
from worlds import WORLDS, days, moments

TYPES = {
    "subs": {
        "company": "text", "plan": "text", "at": "moment", "ends": "date", "amount": "number", "every": "text",
        "seats": "integer", "status": "text", "trial": "date", "line": "integer",
    }
}  # fmt: skip
PROJECT = """
currency: JPY
timezone: {zone}
week_starts: sunday
sources: {{billing: {{type: files, path: "*.csv"}}}}
tables:
  subs:
    {{from: billing.subs, entity: company, time: at, amount: amount, dimensions: [plan, line]{more}}}
metrics:
  revenue: {{recurring: subs{where}{options}}}
"""
MORE = st.sampled_from((
    "", "", ", subscription: line", ", status: status", ", status: status, subscription: line, trial_ends: trial",
    ", every: every, quantity: seats, status: status, ends: ends", ", tax_included: 10%, where: amount > 0",
    ", where: \"plan != 'pro' or amount > 20\", trial_ends: trial",
))  # fmt: skip
STATUSES = st.sampled_from(
    (
        "active",
        None,
        "start",
        "trialing",
        "trial_start",
        "past_due",
        "cancel",
        "解約済み",
        "paused",
        "upgrade",
        "Downgrade",
    )
)


OPTIONS = (
    "", "", ", options: {pauses: count, trials: count}", ", options: {past_due: 0}", ", options: {trials: count}",
    ", options: {proration: daily}", ", options: {proration: daily, trials: count}",
)  # fmt: skip


@dataclass(frozen=True)
class Asked:
    world: World
    grain: Grain
    by: tuple[str, ...]
    span: Period | None = None
    parted: bool = False

    @property
    def wants(self) -> dict[str, Want]:
        return {part: Want(f"revenue.{part}", self.grain, self.by, self.span, parted=self.parted) for part in PARTS}


@st.composite
def rows(draw: st.DrawFn) -> list[Row]:
    """Changes around edges, or within a few weeks; some at one instant."""
    near = st.integers(0, 40).map(lambda n: datetime(2026, 3, 10, 3) + timedelta(days=n))  # noqa: DTZ001 - UTC
    at = draw(st.sampled_from((moments(), near, st.just(datetime(2026, 3, 20, 15)) | near)))  # noqa: DTZ001 - UTC
    columns = {
        "company": st.sampled_from(("A", "A", "A", "B", "", None)),
        "plan": st.sampled_from(("basic", "pro", "東京", None)),
        "at": st.none() | at | at | at | at,
        "ends": st.none() | st.none() | days(),
        "amount": st.none() | st.sampled_from(("0", "0", "10", "20", "50", "99.99", "-30")).map(Decimal),
        "every": st.sampled_from(("month", "year", None)),
        "seats": st.sampled_from((None, 1, 3)),
        "status": STATUSES,
        "trial": st.none() | st.none() | days(),
        "line": st.sampled_from((None, 1, 2)),
    }
    return draw(st.lists(st.fixed_dictionaries(columns), max_size=12))


@st.composite
def asked(draw: st.DrawFn) -> Asked:
    text = PROJECT.format(
        zone=draw(st.sampled_from(("Asia/Tokyo", "America/New_York"))),
        more=draw(MORE),
        options=draw(st.sampled_from(OPTIONS)),
        where=draw(st.sampled_from(("", "", ", where: amount > 10", ", where: \"plan = 'basic'\""))),
    )
    as_of = draw(st.sampled_from((date(2026, 4, 1), date(2026, 4, 20), date(2026, 3, 31))))
    world = World(project_of(text), TYPES, {"subs": draw(rows())}, as_of, as_of)
    return Asked(world, draw(st.sampled_from(Grain)), draw(st.sampled_from(((), (), ("plan",), ("plan", "line")))))


@WORLDS
@given(asked())
def test_a_change_counts_until_the_next_as_a_slow_walk_over_the_days_finds(
    duck: Duck, server: Server, asked: Asked
) -> None:
    walks(duck, server, asked, asked.grain)


def walks(duck: Duck, server: Server, asked: Asked, grain: Grain) -> None:
    """Both engines find what a slow walk over the ends of a grain's periods finds."""
    reading = Remembering(asked.world, TYPES, duck)
    found = measured(asked.world, TYPES, reading, asked.wants.values())
    walked = bridge(Ledger(asked.world, asked.by), grain, asked.span, parted=asked.parted)
    for part, want in asked.wants.items():
        for segment, column in columns_of(found, want).items():
            for period, (value, mark) in column.items():
                assert mark is oracle.mark(asked.world, "subs", period)
                moves = walked.get(segment, {}).get(period) or dict.fromkeys(recurring_oracle.NAMES, Fraction(0))
                expected = None if mark is Mark.UNKNOWN else recurring_oracle.part(moves, part)
                assert value == expected, (part, segment, period)
        moving = {each for each, by in walked.items() if any(any(moves.values()) for moves in by.values())}
        assert not asked.by or moving <= columns_of(found, want).keys()
    other = Remembering(asked.world, TYPES, server)
    for scan, its in reading.scans.items():
        assert exact_cells(other.read(scan)) == exact_cells(its)
    server.connection.rollback()


@WORLDS
@given(asked())
def test_a_span_of_one_month_is_that_month(duck: Duck, asked: Asked) -> None:
    month = Period(date(2026, 3, 1), date(2026, 4, 1))
    world = replace(asked.world, as_of=date(2026, 4, 20), today=date(2026, 4, 20))
    plain, span = replace(asked, world=world, grain=Grain.MONTH), replace(asked, world=world, span=month)
    wants = [*plain.wants.values(), *span.wants.values()]
    found = measured(world, TYPES, Remembering(world, TYPES, duck), wants)
    for part, want in plain.wants.items():
        apart = columns_of(found, span.wants[part])
        for segment, column in columns_of(found, want).items():
            if segment in apart and month in column and column[month][1] is Mark.COMPLETE:
                assert apart[segment][month][0] == column[month][0], part


@WORLDS
@given(asked(), st.integers(-20, 40), st.integers(1, 50), st.booleans())
def test_a_span_knows_who_paid_at_the_ends_of_the_months_before_and_of_the_day_before_it(
    duck: Duck, server: Server, asked: Asked, start: int, length: int, parted: bool
) -> None:
    """And, where it is cut into months, at the ends of these."""
    first = date(2026, 3, 1) + timedelta(days=start)
    span = Period(first, min(first + timedelta(days=length), asked.world.as_of + timedelta(days=1)))
    oldest = oracle.days_of(asked.world, "subs").oldest
    assume(span.length > 0 and oldest and oldest < span.end)
    grain = Grain.MONTH if parted else Grain.DAY
    walks(duck, server, replace(asked, grain=grain, span=span, parted=parted), Grain.MONTH)


@WORLDS
@given(asked(), st.randoms(use_true_random=False))
def test_changes_in_another_order_give_the_same_bytes(duck: Duck, asked: Asked, chance: random.Random) -> None:
    shuffled = list(asked.world.rows["subs"])
    chance.shuffle(shuffled)
    raw = []
    for world in (asked.world, replace(asked.world, rows={"subs": shuffled})):
        reading = Remembering(world, TYPES, duck)
        measured(world, TYPES, reading, asked.wants.values())
        raw.append(repr(reading.raw))
    assert raw[0] == raw[1]


@WORLDS
@given(asked())
def test_the_form_that_is_fast_on_duckdb_finds_what_the_portable_one_finds(duck: Duck, asked: Asked) -> None:
    reading = Remembering(asked.world, TYPES, duck)
    measured(asked.world, TYPES, reading, asked.wants.values())
    short = replace(reading.schema, short=frozenset({"subs"}))
    for scan, raw in zip(reading.scans, reading.raw, strict=True):
        assert scan.terms is not None
        numbers = replace(scan, terms=replace(scan.terms, entity="seats"))  # sorted as they are, texts by a number
        for each in (scan, numbers):
            plain = expression(each, reading.schema)
            found = duck.rows(str(ibis.to_sql(plain.order_by(list(plain.columns)), dialect="duckdb")))
            assert found == (raw if each is scan else duck.rows(sql(each, reading.schema, "duckdb")))
            assert found == duck.rows(sql(each, short, "duckdb"))
