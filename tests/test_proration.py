"""An invoice for a part of an interval is worth what all of the interval would cost a month, where `daily` says so."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest

from measuring import Duck, Server, project_of
from oracle import World
from shinro.definitions.meaning import meanings
from shinro.definitions.policies import misruled
from shinro.queries.proration import LONGEST_DAYS, RECIPROCALS, WIDTH
from subscribing import PROJECT, TYPES, Values, parts, rows_of

DAILY = ", options: {proration: daily}"


def whole(text: str, options: str = DAILY, more: str = "", currency: str = "USD", ends: str = "exclusive") -> Values:
    """Every part of the whole, as of 2026-03-31."""
    written = PROJECT.format(currency=currency, ends_are=ends, more=more)
    written = written.replace("{recurring: subs}", f"{{recurring: subs{options}}}")
    day = date(2026, 3, 31)
    return parts(World(project_of(written), TYPES, {"subs": rows_of(text)}, day, day))[()]


UPGRADED = """
    company plan starts     ends       amount every
    A       old  2025-06-01 2025-07-01 100    month
    A       old  2025-06-16 2025-07-01 -50    month
    A       new  2025-06-16 2025-07-01 125    month
    A       new  2025-07-01 2025-08-01 250    month
"""


def test_an_upgrade_in_mid_period_is_worth_the_new_price_from_its_day() -> None:
    """The example of ChartMogul's page on line items: 125 charged and 50 credited for 15 of June's 30 days."""
    found = whole(UPGRADED)
    assert [found["mrr"][month] for month in ("2025-06-01", "2025-07-01")] == [250, 250]
    plain = whole(UPGRADED, options="")
    assert [plain["mrr"][month] for month in ("2025-06-01", "2025-07-01")] == [175, 250]


@pytest.mark.parametrize(
    ("starts", "ends", "amount", "every", "mrr"),
    [
        ("2025-12-22", "2026-02-01", "100", "month", 100),  # longer than its interval
        ("2026-01-01", "2026-02-01", "100", "month", 100),
        ("2026-01-02", "2026-02-01", "30", "month", 31),
        ("2026-01-31", "2026-02-01", "1", "month", 31),
        ("2026-01-15", "-", "100", "month", 100),  # open
        ("2026-01-31", "2026-02-28", "100", "month", 100),  # as long as February lets it be
        ("2026-01-28", "2026-02-27", "100", "month", Fraction(10333, 100)),  # rounded to the cent
        ("2026-01-05", "2026-02-05", "100", "-", 100),
        ("2026-01-20", "2026-02-05", "16", "-", 31),  # without `every`, of a month
        ("2026-01-10", "2026-04-20", "100", "year", Fraction(365, 12)),
        ("2025-11-01", "2026-02-01", "92", "半年", Fraction(184, 6)),
        ("2026-01-29", "2026-02-02", "4", "week", Fraction(7 * 52, 12)),
        ("2026-01-30", "2026-02-01", "2", "30days", Fraction(30 * 365, 360)),
        ("2025-12-01", "2026-03-01", "240", "2years", 10),  # longer than a year: as it stands
        ("2026-01-20", "2026-02-05", "-16", "month", -31),
        ("2026-01-31", "2026-02-05", "0.01", "month", Fraction(6, 100)),
    ],
)
def test_what_a_part_of_an_interval_is_worth(
    starts: str, ends: str, amount: str, every: str, mrr: Fraction | int
) -> None:
    text = f"company starts ends amount every\nA {starts} {ends} {amount} {every}"
    assert whole(text)["mrr"][f"{starts[:7]}-01"] == mrr


def test_the_end_is_a_day_that_is_paid_where_ends_are_inclusive() -> None:
    text = "company starts ends amount every\nA 2026-01-16 2026-01-31 16 month"
    assert whole(text, ends="inclusive")["mrr"]["2026-01-01"] == 31


def test_tax_is_taken_out_before_and_money_is_rounded_to_its_smallest_unit() -> None:
    text = "company starts ends amount every\nA 2026-01-22 2026-02-01 1100 month"
    assert whole(text, currency="JPY", more=", tax_included: 10%")["mrr"]["2026-01-01"] == 3100
    assert whole(text, currency="JPY", more=", amounts_in: minor")["mrr"]["2026-01-01"] == 3410
    third = "company starts ends amount every\nA 2026-01-29 2026-02-01 1 month"
    assert whole(third, currency="JPY")["mrr"]["2026-01-01"] == 10
    assert whole(third)["mrr"]["2026-01-01"] == Fraction(1033, 100)


CHANGED = """
    company starts     ends       amount every
    A       2026-01-16 2026-02-01 16     month
    A       2026-02-01 2026-03-01 31     month
    B       2026-01-20 2026-01-10 5      month
    B       2026-01-25 2026-01-25 5      month
"""


@pytest.mark.parametrize("dialect", ["duckdb", "postgres"])
def test_a_change_event_is_prorated_to_its_own_end_on_both_engines(dialect: str, server: Server) -> None:
    written = PROJECT.format(currency="USD", ends_are="exclusive", more="").replace("starts: starts", "time: starts")
    written = written.replace("{recurring: subs}", f"{{recurring: subs{DAILY}}}")
    day = date(2026, 3, 31)
    world = World(project_of(written), TYPES, {"subs": rows_of(CHANGED)}, day, day)
    found = parts(world, engine=server if dialect == "postgres" else Duck())[()]["mrr"]
    server.connection.rollback()
    assert [found["2026-01-01"], found["2026-02-01"]] == [31, 31]


def test_reciprocals_are_exact_to_their_places() -> None:
    for days in range(1, LONGEST_DAYS + 1):
        told = Fraction(Decimal(RECIPROCALS[(days - 1) * WIDTH : days * WIDTH]))
        assert 0 <= Fraction(1, 2 * days) - told < Fraction(1, 10**20)


def test_the_policy_travels_and_a_table_without_ends_has_nothing_to_prorate_by() -> None:
    text = PROJECT.format(currency="USD", ends_are="exclusive", more="")
    text = text.replace("{recurring: subs}", f"{{recurring: subs{DAILY}}}")
    assert "proration: daily" in str(meanings(project_of(text))["revenue.mrr"].policy)
    assert not list(misruled(project_of(text)))
    endless = project_of(text.replace("ends: ends, ends_are: exclusive, ", ""))
    assert [(each.code, each.args["case"]) for each in misruled(endless)] == [("Q155", "ends")]
    mixed = project_of(text + "  other: {recurring: subs}\n  part: {ratio: revenue.mrr / other.mrr}\n")
    (apart,) = misruled(mixed)
    assert (apart.code, apart.args["option"]) == ("Q156", "proration")
