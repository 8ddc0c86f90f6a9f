"""Several currencies: a bridge in the company's own that closes with a line for the rates, on both engines."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from measuring import Duck, Engine, Server, columns_of, loads_of, project_of
from oracle import Row, World
from shinro.definitions.meaning import meanings
from shinro.definitions.metric import PARTS
from shinro.periods import Grain
from shinro.problems import CannotGoOn
from shinro.queries.scans import Want
from shinro.run.curve import Asked
from shinro.run.revenue import revenues
from shinro.run.values import values
from shinro.series import Segment
from shinro.warehouse.exchange import rate_of
from shinro.warehouse.measure import measure
from stories import Story
from subscribing import Remembering, Values
from worlds import WORLDS

TYPES = {
    "subs": {"company": "text", "plan": "text", "starts": "date", "ends": "date", "amount": "number", "money": "text"}
}
PROJECT = """
currency: {own}
timezone: UTC
sources: {{billing: {{type: files, path: "*.csv"}}, fx: {{type: files, path: "*.csv"}}}}
tables:
  subs:
    {{from: billing.subs, entity: company, starts: starts, ends: ends, amount: amount, currency: money,
     dimensions: [plan], rates: {{EUR: eur, JPY: jpy}}{more}}}
metrics:
  eur: {{reported: fx.eur, value: rate, every: month}}
  jpy: {{reported: fx.jpy, value: rate, every: month}}
  revenue: {{recurring: subs}}
"""
RATES = {
    "eur": ((date(2026, 1, 31), "1.1"), (date(2026, 2, 28), "1.2"), (date(2026, 3, 31), "1")),
    "jpy": ((date(2026, 1, 1), "0.007"), (date(2026, 3, 2), "0.006")),
}
AS_OF = date(2026, 4, 20)


def world_of(rows: list[Row], own: str = "USD", more: str = "") -> World:
    return World(project_of(PROJECT.format(own=own, more=more)), TYPES, {"subs": rows}, AS_OF, AS_OF)


def row(company: str, plan: str, starts: date, ends: date | None, amount: str, money: str | None) -> Row:
    cells = (company, plan, starts, ends, Decimal(amount), money)
    return dict(zip(TYPES["subs"], cells, strict=True))


def parts(world: World, engine: Engine, by: tuple[str, ...] = ()) -> dict[Segment, Values]:
    """Every part in every month."""
    loads = {"subs": replace(loads_of(world, TYPES)["subs"], newest=AS_OF, known_until=AS_OF)}
    loads |= {name: replace(loads["subs"], table=name) for name in RATES}
    wants = {part: Want(f"revenue.{part}", Grain.MONTH, by) for part in PARTS}
    reading = Remembering(world, TYPES, engine)
    found = measure(
        world.project, meanings(world.project), loads, wants.values(), AS_OF, reading.read,
        lambda metric: tuple((day, Fraction(rate)) for day, rate in RATES[metric]),
    )  # fmt: skip
    made: dict[Segment, Values] = {}
    for part, want in wants.items():
        for segment, column in columns_of(found, want).items():
            made.setdefault(segment, {})[part] = {str(at.start)[:7]: value for at, (value, _) in column.items()}
    return made


ROWS = [
    row("A", "pro", date(2026, 1, 5), date(2026, 3, 9), "100", "usd"),
    row("B", "pro", date(2026, 1, 5), date(2026, 2, 9), "100", "EUR"),
    row("B", "pro", date(2026, 2, 9), None, "150", "€"),
]


def test_what_moves_is_at_the_rate_of_the_end_and_the_rest_is_a_line_of_its_own(duck: Duck) -> None:
    found = parts(world_of(ROWS), duck)[()]
    lines = ("mrr", "new_mrr", "expansion", "churned_mrr", "fx", "companies")
    months = ("2026-01", "2026-02", "2026-03", "2026-04")
    assert [[found[line][month] for month in months] for line in lines] == [
        [210, 280, 150, 150],
        [210, 0, 0, 0],
        [0, 60, 0, 0],
        [0, 0, 100, 0],
        [0, 10, -30, 0],
        [2, 2, 1, 1],
    ]
    assert [found["nrr"]["2026-02"], found["grr"]["2026-03"]] == [Fraction(280, 220), Fraction(150, 250)]


@pytest.mark.parametrize(("more", "amount"), [("", "1000"), (", amounts_in: minor", "1000")])
def test_the_smallest_unit_is_that_of_the_amounts_own_currency(duck: Duck, more: str, amount: str) -> None:
    rows = [
        row("A", "pro", date(2026, 1, 5), None, amount, "JPY"),
        row("B", "pro", date(2026, 1, 5), None, amount, None),
    ]
    found = parts(world_of(rows, more=more), duck)[()]
    assert found["mrr"]["2026-01"] == 7 + (10 if more else 1000)


def test_a_period_before_the_first_rate_has_companies_and_no_money(duck: Duck) -> None:
    rows = [row("B", "pro", date(2025, 12, 5), None, "100", "EUR")]
    found = parts(world_of(rows), duck)[()]
    assert [found["mrr"]["2025-12"], found["companies"]["2025-12"], found["mrr"]["2026-02"]] == [None, 1, 120]
    assert found["nrr"]["2026-01"] is None


def test_a_rate_holds_until_the_next() -> None:
    rate = rate_of("USD", {"EUR": [(date(2026, 2, 1), Fraction(2)), (date(2026, 1, 1), Fraction(1)), (AS_OF, None)]})
    asked = [("EUR", date(2025, 12, 31)), ("EUR", date(2026, 1, 31)), ("EUR", AS_OF), ("USD", AS_OF), ("GBP", AS_OF)]
    assert [rate(*each) for each in asked] == [None, 1, 2, 1, None]


def some_rows() -> st.SearchStrategy[list[Row]]:
    day = st.integers(0, 90).map(lambda n: date(2026, 1, 31) + timedelta(days=n))
    return st.lists(
        st.builds(
            row, st.sampled_from("ABC"), st.sampled_from(("pro", "basic")), day, st.none() | day,
            st.sampled_from(("0", "10", "25", "0.01")), st.sampled_from(("USD", "EUR", "eur", "JPY", None, "")),
        ),
        max_size=9,
    )  # fmt: skip


@WORLDS
@given(some_rows(), st.sampled_from(((), ("plan",))))
def test_the_bridge_closes_in_every_segment_and_engines_agree(
    duck: Duck, server: Server, rows: list[Row], by: tuple[str, ...]
) -> None:
    world = world_of(rows)
    found = parts(world, duck, by)
    assert parts(world, server, by) == found
    server.connection.rollback()
    for each in found.values():
        before = Fraction(0)
        for month, mrr in each["mrr"].items():
            at = {part: column[month] or Fraction(0) for part, column in each.items()}
            gained = at["new_mrr"] + at["expansion"] + at["reactivation"] + at["moved_in"] + at["fx"]
            before += gained - at["contraction"] - at["churned_mrr"] - at["moved_out"]
            assert before == mrr
    whole = parts(world, duck)[()] if by else {}
    for month, mrr in whole.get("mrr", {}).items():
        assert sum((each["mrr"][month] or Fraction(0) for each in found.values()), Fraction(0)) == (mrr or 0)


@WORLDS
@given(some_rows())
def test_what_is_paid_is_each_currency_at_its_rate(duck: Duck, rows: list[Row]) -> None:
    found = parts(world_of(rows), duck)[()]
    told = {code.upper(): [(day, Fraction(rate)) for day, rate in RATES[code]] for code in RATES}
    rate = rate_of("USD", told)
    for month, mrr in found["mrr"].items():
        first = date.fromisoformat(f"{month}-01")
        last = min((first + timedelta(days=32)).replace(day=1) - timedelta(days=1), AS_OF)
        there = [each for each in rows if str(each["starts"]) <= str(last) and not str(each["ends"]) <= str(last)]
        worth = [(str(each["money"] or "usd").upper(), Fraction(str(each["amount"]))) for each in there]
        assert mrr == sum((amount * (rate(code, last) or 0) for code, amount in worth), Fraction(0))


def test_rates_come_from_a_sheet(tmp_path: Path) -> None:
    story = Story(tmp_path, datetime(2026, 3, 31, tzinfo=UTC))
    story.write(
        "shinro.yaml",
        "company: Sora\ncurrency: USD\ntimezone: UTC\n"
        "sources: {b: {type: files, path: data/*.csv}}\n"
        "tables:\n  subs:\n"
        "    {from: b.subs, entity: who, starts: starts, amount: amount, currency: money, rates: {EUR: eur}}\n"
        "metrics:\n  eur: {reported: b.rates, value: rate, every: month}\n  revenue: {recurring: subs}\n",
    )
    story.write("data/subs.csv", "who,starts,amount,money\nA,2026-01-05,100,EUR\nB,2026-02-05,50,USD\n")
    story.write("data/rates.csv", "date,rate\n2026-01-31,1.1\n2026-02-28,1.25\n2026-03-31,1.25\n")
    with story.gathered() as gathered:
        found = values(gathered, ("revenue.mrr", "revenue.fx"), Grain.MONTH)
        assert [[point.value for point in each.points][:2] for each in found.series] == [[110, 175], [0, 15]]
        with pytest.raises(CannotGoOn) as caught:
            revenues(gathered, ("revenue",), Asked())
    assert [(each.code, each.args["case"]) for each in caught.value.problems] == [("Q153", "rates")]
