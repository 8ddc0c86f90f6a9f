"""Recurring revenue closes in every period and segment, and is what a slow walk over the days finds, on both engines.

`SHINRO_EXAMPLES=2000 pytest tests/laws/test_recurring.py` tries 2,000 worlds.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

import oracle
import recurring_oracle
from measuring import Duck, Server, columns_of, exact_cells, measured, project_of
from oracle import Row, World
from recurring_oracle import Ledger, bridge
from shinro.definitions.metric import PARTS
from shinro.periods import Grain
from shinro.queries.scans import Want
from shinro.series import Mark
from subscribing import Remembering
from worlds import WORLDS, days, moments

TYPES = {
    "subs": {
        "company": "text", "plan": "text", "starts": "moment", "ends": "date", "amount": "number", "every": "text",
        "seats": "integer", "status": "text", "trial": "date",
    }
}  # fmt: skip
PROJECT = """
currency: {currency}
timezone: {zone}
week_starts: sunday
fiscal_year_starts: {fiscal}
sources: {{billing: {{type: files, path: "*.csv"}}}}
tables:
  subs:
    {{from: billing.subs, entity: company, starts: starts, ends: ends, ends_are: {ends_are}, amount: amount,
     every: every, quantity: seats, status: status, trial_ends: trial, dimensions: [plan, status]{tax}}}
metrics:
  revenue: {{recurring: subs{where}{options}}}
"""
MONEY = ("new_mrr", "expansion", "contraction", "churned_mrr", "reactivation")
STATUSES = st.sampled_from((
    "active", "active", "active", None, "past_due", "trialing", "canceled", "解約済み", "paused", "Unpaid",
    "incomplete",
))  # fmt: skip
EVERY = st.sampled_from(
    ("month", "month", None, "", "Monthly", "3 months", "四半期", "year", "１２ヶ月", "2 years", "week", "fortnight")
)
AMOUNTS = st.sampled_from((None, "0", "1", "100", "1000", "99.99", "0.005", "-30", "120000")).map(
    lambda text: None if text is None else Decimal(text)
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

    @property
    def wants(self) -> dict[str, Want]:
        return {part: Want(f"revenue.{part}", self.grain, self.by) for part in PARTS}


def subscriptions() -> st.SearchStrategy[list[Row]]:
    columns = {
        "company": st.sampled_from(("A", "A", "B", "", None, "東京")),
        "plan": st.sampled_from(("basic", "pro", "東京", None)),
        "starts": st.none() | moments() | moments() | moments(),
        "ends": st.none() | days(),
        "amount": AMOUNTS,
        "every": EVERY,
        "seats": st.sampled_from((None, 1, 1, 0, 3)),
        "status": STATUSES,
        "trial": st.none() | st.none() | days(),
    }
    return st.lists(st.fixed_dictionaries(columns), max_size=12)


def near() -> st.SearchStrategy[list[Row]]:
    """Subscriptions within a few weeks, so that they meet."""
    day = st.integers(0, 40).map(lambda n: date(2026, 3, 10) + timedelta(days=n))
    at = day.map(lambda found: datetime(found.year, found.month, found.day, 3))  # noqa: DTZ001 - UTC
    columns = {
        "company": st.sampled_from(("A", "A", "B")),
        "plan": st.sampled_from(("basic", "pro", "top")),
        "starts": at,
        "ends": st.none() | day,
        "amount": st.sampled_from((10, 20, 50)).map(Decimal),
        "every": st.just("month"),
        "seats": st.just(1),
        "status": st.just("active"),
        "trial": st.none() | st.none() | st.none() | day,
    }
    return st.lists(st.fixed_dictionaries(columns), max_size=10)


@st.composite
def asked(draw: st.DrawFn) -> Asked:
    text = PROJECT.format(
        currency=draw(st.sampled_from(("JPY", "USD"))),
        zone=draw(st.sampled_from(("Asia/Tokyo", "America/New_York"))),
        fiscal=draw(st.sampled_from(("january", "april"))),
        ends_are=draw(st.sampled_from(("inclusive", "exclusive"))),
        tax=draw(st.sampled_from(("", "", ", tax_included: 10%", ", tax_included: 8%"))),
        options=draw(st.sampled_from(OPTIONS)),
        where=draw(st.sampled_from(("", "", ", where: amount > 0", ", where: \"plan = 'basic' and amount > 0\""))),
    )
    as_of = draw(st.sampled_from((date(2026, 4, 1), date(2026, 4, 20), date(2026, 3, 31))))
    world = World(project_of(text), TYPES, {"subs": draw(subscriptions() | near())}, as_of, as_of)
    return Asked(world, draw(st.sampled_from(Grain)), draw(st.sampled_from(((), ("plan",), ("plan", "status")))))


@WORLDS
@given(asked())
def test_movements_are_what_a_slow_walk_over_the_days_finds(duck: Duck, server: Server, asked: Asked) -> None:
    reading = Remembering(asked.world, TYPES, duck)
    found = measured(asked.world, TYPES, reading, asked.wants.values())
    walked = bridge(Ledger(asked.world, asked.by), asked.grain)
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
def test_what_was_open_and_what_moved_is_what_is_left_in_every_period_and_segment(duck: Duck, asked: Asked) -> None:
    found = measured(asked.world, TYPES, Remembering(asked.world, TYPES, duck), asked.wants.values())
    columns = {part: columns_of(found, want) for part, want in asked.wants.items()}
    for segment, mrr in columns["mrr"].items():
        money, companies = Fraction(0), Fraction(0)
        for period, (closing, mark) in mrr.items():
            if mark is Mark.UNKNOWN:
                break
            at = {part: by[segment][period][0] or Fraction(0) for part, by in columns.items()}
            money += at["new_mrr"] + at["expansion"] + at["reactivation"] + at["moved_in"]
            money -= at["contraction"] + at["churned_mrr"] + at["moved_out"]
            companies += at["new_companies"] + at["reactivated_companies"] + at["companies_moved_in"]
            companies -= at["churned_companies"] + at["companies_moved_out"]
            assert (money, companies) == (closing, at["companies"])


@WORLDS
@given(asked())
def test_segments_add_up_to_the_whole_and_what_moves_between_them_cancels(duck: Duck, asked: Asked) -> None:
    apart = replace(asked, by=("plan",))
    whole = replace(asked, by=())
    wants = [*apart.wants.values(), *whole.wants.values()]
    found = measured(asked.world, TYPES, Remembering(asked.world, TYPES, duck), wants)
    for part in (*MONEY, "mrr", "arr"):
        total = columns_of(found, whole.wants[part])[()]
        segments = columns_of(found, apart.wants[part]).values()
        for period, (value, mark) in total.items():
            if mark is not Mark.UNKNOWN:
                assert sum((column[period][0] or 0 for column in segments), Fraction(0)) == value, part
    there, here = (columns_of(found, apart.wants[part]).values() for part in ("moved_in", "moved_out"))
    for period in {period for column in there for period in column}:
        assert sum((each[period][0] or 0) for each in there) == sum((each[period][0] or 0) for each in here)


@WORLDS
@given(asked())
def test_gross_retention_is_at_most_all_and_net_retention_is_of_those_who_were_there(duck: Duck, asked: Asked) -> None:
    """Amounts above zero alone: a credit is no customer."""
    rows = [row for row in asked.world.rows["subs"] if not isinstance(row["amount"], Decimal) or row["amount"] >= 0]
    world = replace(asked.world, rows={"subs": rows})
    found = measured(world, TYPES, Remembering(world, TYPES, duck), asked.wants.values())
    grr, nrr = (columns_of(found, asked.wants[part]) for part in ("grr", "nrr"))
    for segment, column in grr.items():
        for period, (gross, _) in column.items():
            net = nrr[segment][period][0]
            assert gross is None or (net is not None and 0 <= gross <= 1 and gross <= net)
    if not asked.by and () in nrr:
        ledger = Ledger(world)
        for period, (net, _) in nrr[()].items():
            first, last = period.start - timedelta(days=1), min(period.last, world.as_of)
            there = [each for each in ledger.companies if ledger.paid(each, first) > 0]
            opened = sum((ledger.paid(each, first) for each in there), Fraction(0))
            left = sum((ledger.paid(each, last) for each in there), Fraction(0))
            assert net is None or net == left / opened


@WORLDS
@given(asked(), st.randoms(use_true_random=False))
def test_rows_in_another_order_give_the_same_bytes(duck: Duck, asked: Asked, chance: random.Random) -> None:
    rows = list(asked.world.rows["subs"])
    chance.shuffle(rows)
    raw = []
    for world in (asked.world, replace(asked.world, rows={"subs": rows})):
        reading = Remembering(world, TYPES, duck)
        measured(world, TYPES, reading, asked.wants.values())
        raw.append(repr(reading.raw))
    assert raw[0] == raw[1]
