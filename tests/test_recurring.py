"""Recurring revenue against answers that others published, and against those that follow from their rule."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import pytest

from shinro.periods import Grain
from subscribing import moved, parts, rows_of, whole, world_of

CENT = Fraction(1, 100)


def test_a_yearly_customer_expands_contracts_churns_at_the_end_of_the_paid_year_and_returns() -> None:
    """ChartMogul's help, "Syncalytics": four Gold a year, two Silver a month, Gold not renewed, three Gold a month."""
    found = whole(
        """
        company plan   starts     ends       amount every seats
        sync    gold   2025-01-10 2026-01-10 500    year  4
        sync    silver 2025-03-05 2025-06-20 30     month 2
        sync    gold   2026-04-01 -          50     month 3
        """,
        date(2026, 5, 1),
    )
    gold = Fraction(2000, 12)
    assert round(gold, 2) == Fraction("166.67")
    months = {month: moved(found, month) for month in found["mrr"]}
    assert {month: moves for month, moves in months.items() if moves} == {
        "2025-01-01": {"new_mrr": gold},
        "2025-03-01": {"expansion": 60},
        "2025-06-01": {"contraction": 60},
        "2026-01-01": {"churned_mrr": gold},
        "2026-04-01": {"reactivation": 150},
    }
    assert [found["companies"][month] for month in ("2025-12-01", "2026-01-01", "2026-04-01")] == [1, 0, 1]
    assert [found["reactivated_companies"]["2026-04-01"], found["new_companies"]["2026-04-01"]] == [1, 0]


def test_churn_of_customers_leaves_out_those_who_came_back_and_those_who_joined_and_left_inside_the_period() -> None:
    """ChartMogul and Baremetrics: of 100, 12 leave; one of them is back, one had joined in the period: 10 %."""
    stays = [f"c{n} 2026-01-05 - 10" for n in range(89)]
    leaves = [f"g{n} 2026-01-05 2026-02-10 10" for n in range(10)]
    back = ["b 2026-01-05 2026-02-10 10", "b 2026-02-20 - 10"]
    inside = ["n 2026-02-03 2026-02-15 10"]
    text = "\n".join(["company starts ends amount", *stays, *leaves, *back, *inside])
    found = whole(text, date(2026, 3, 5))
    assert found["companies"]["2026-01-01"] == 100
    assert found["churn_rate"]["2026-02-01"] == Fraction(10, 100)


@pytest.mark.parametrize(
    ("amount", "every", "mrr"),
    [
        ("90", "3-months", 30),  # ChartMogul's developer hub
        ("120000", "12ヶ月", 10_000),
        ("90", "四半期", 30),
        ("120", "Annual", 10),
        ("120", "１２か月", 10),
        ("1", "year", Fraction(1, 12)),
        ("2400", "2years", 100),
        ("30", "week", 130),
        ("12", "day", 365),
        ("50", "-", 50),
    ],
)
def test_an_amount_is_brought_to_a_month(amount: str, every: str, mrr: Fraction | int) -> None:
    found = whole(f"company starts amount every\nA 2026-01-01 {amount} {every}", date(2026, 1, 31))
    assert found["mrr"]["2026-01-01"] == mrr
    assert found["arr"]["2026-01-01"] == mrr * 12


def test_what_is_on_trial_or_over_is_no_revenue() -> None:
    """rameerez/profitable: 50 active, 30 on trial, 20 cancelled are 50."""
    found = whole(
        """
        company starts     ends       amount status   trial
        A       2026-01-01 -          50     active   -
        B       2026-01-01 -          30     trialing 2026-02-14
        C       2026-01-01 -          20     canceled -
        """,
        date(2026, 1, 31),
    )
    assert [found[part]["2026-01-01"] for part in ("mrr", "companies", "trials")] == [50, 1, 1]


@pytest.mark.parametrize(
    ("status", "ends", "january", "march"),
    [
        ("active", "-", 50, 50),
        ("past_due", "-", 50, 50),
        ("Past-Due", "-", 50, 50),
        ("有効", "-", 50, 50),
        ("-", "-", 50, 50),
        ("canceled", "2026-03-10", 50, 0),  # it was paid until then
        ("cancel_at_period_end", "2026-03-10", 50, 0),
        ("解約済み", "2026-03-10", 50, 0),
        ("ended", "-", 0, 0),
        ("trialing", "-", 0, 0),
        ("paused", "-", 0, 0),
        ("unpaid", "-", 0, 0),
        ("incomplete", "-", 0, 0),
        ("incomplete_expired", "-", 0, 0),
    ],
)
def test_each_status_counts_as_its_policy_says(status: str, ends: str, january: int, march: int) -> None:
    text = f"company starts ends amount status\nA 2026-01-01 {ends} 50 {status}\nB 2026-03-31 - 1 active"
    found = whole(text, date(2026, 3, 31))
    assert [found["mrr"]["2026-01-01"], found["mrr"]["2026-03-01"]] == [january, march + 1]


def test_net_revenue_retention_is_of_those_who_paid_at_the_start() -> None:
    """metrickittools: 100k + 15k - 5k - 8k is 102 %; new customers are not in it."""
    found = whole(
        """
        company starts     ends       amount
        stays   2026-01-01 -          70000
        grows   2026-01-01 2026-02-09 12000
        grows   2026-02-09 -          27000
        shrinks 2026-01-01 2026-02-09 10000
        shrinks 2026-02-09 -          5000
        leaves  2026-01-01 2026-02-11 8000
        joins   2026-02-20 -          40000
        """,
        date(2026, 2, 28),
    )
    assert found["mrr"]["2026-01-01"] == 100_000
    assert found["nrr"]["2026-02-01"] == Fraction(102, 100)
    assert found["grr"]["2026-02-01"] == Fraction(87, 100)
    assert found["quick_ratio"]["2026-02-01"] == Fraction(55, 13)
    assert found["mrr_churn_rate"]["2026-02-01"] == Fraction(13, 100)


def test_expansion_can_outweigh_what_is_lost() -> None:
    """ChurnZero: an opening of 27,000 that expands to 35,000 and loses 5,000 is at 111 %."""
    found = whole(
        """
        company starts     ends       amount
        grows   2026-01-01 2026-02-09 22000
        grows   2026-02-09 -          30000
        leaves  2026-01-01 2026-02-09 5000
        """,
        date(2026, 2, 28),
    )
    assert found["nrr"]["2026-02-01"] == Fraction(30_000, 27_000)
    assert round(Fraction(30_000, 27_000), 2) == Fraction("1.11")


@pytest.mark.parametrize(
    ("amount", "seats", "every", "yen"),
    [
        ("11000", "1", "month", 10_000),
        ("1000", "1", "month", 910),  # 90.9 yen of tax are 90
        ("333", "3", "month", 909),  # of the invoice, not of a seat
        ("132000", "1", "year", 10_000),
        ("100", "1", "year", Fraction(91, 12)),
        ("-1000", "1", "month", -910),
    ],
)
def test_tax_is_taken_from_the_invoice_and_rounded_down(amount: str, seats: str, every: str, yen: Fraction) -> None:
    text = f"company starts amount seats every\nA 2026-01-01 {amount} {seats} {every}"
    found = whole(text, date(2026, 1, 31), currency="JPY", more=", tax_included: 10%")
    assert found["mrr"]["2026-01-01"] == yen


@pytest.mark.parametrize("rate", ["10%", "8%", "5.5%", "7.25%"])
def test_tax_is_exact_wherever_it_falls_on_a_whole_unit(rate: str) -> None:
    share = Fraction(rate.removesuffix("%")) / 100
    amounts = (1, 10, 11, 27, 54, 110, 211, 429, 10**12 - 1, 11 * 10**11, 27 * 10**11)
    text = "\n".join(["company plan starts amount", *(f"A {amount} 2026-01-01 {amount}" for amount in amounts)])
    found = parts(world_of(rows_of(text), date(2026, 1, 31), "JPY", more=f", tax_included: {rate}"), by=("plan",))
    assert {int(str(segment[0][1])): values["mrr"]["2026-01-01"] for segment, values in found.items()} == {
        amount: amount - int(amount * share / (1 + share)) for amount in amounts
    }


@pytest.mark.parametrize("ends_are", ["exclusive", "inclusive"])
def test_periods_that_follow_each_other_are_no_churn(ends_are: str) -> None:
    last = "2026-01-31" if ends_are == "inclusive" else "2026-02-01"
    text = f"company starts ends amount\nA 2026-01-01 {last} 50\nA 2026-02-01 - 75"
    found = parts(world_of(rows_of(text), date(2026, 2, 5), ends_are=ends_are), Grain.DAY)[()]
    assert sum(value or 0 for value in found["churned_companies"].values()) == 0
    assert sum(value or 0 for value in found["reactivation"].values()) == 0
    assert found["expansion"]["2026-02-01"] == 25


def test_a_day_taken_for_the_other_kind_of_end_is_a_churn_and_a_return() -> None:
    text = "company starts ends amount\nA 2026-01-01 2026-01-31 50\nA 2026-02-01 - 50"
    found = parts(world_of(rows_of(text), date(2026, 2, 5)), Grain.DAY)[()]
    assert [found["churned_mrr"]["2026-01-31"], found["reactivation"]["2026-02-01"]] == [50, 50]


def test_trials_start_end_and_turn_into_payment() -> None:
    found = whole(
        """
        company starts     ends       amount status   trial
        pays    2026-01-20 -          50     active   2026-02-03
        leaves  2026-01-20 2026-02-03 50     canceled 2026-02-03
        early   2026-01-20 2026-01-25 50     canceled 2026-02-03
        tries   2026-02-10 -          50     trialing 2026-03-10
        """,
        date(2026, 2, 28),
    )
    assert [found["trials"][month] for month in ("2026-01-01", "2026-02-01")] == [2, 1]
    assert [found["trials_started"][month] for month in ("2026-01-01", "2026-02-01")] == [3, 1]
    assert [found["trial_to_paid"][month] for month in ("2026-01-01", "2026-02-01")] == [0, Fraction(1, 2)]
    assert [found["mrr"][month] for month in ("2026-01-01", "2026-02-01")] == [0, 50]


def test_a_change_of_plan_moves_between_segments_which_add_up() -> None:
    """From 50 to 75: 50 move, 25 are expansion in the plan that they went to."""
    text = """
        company plan  starts     ends       amount
        A       basic 2026-01-01 2026-02-10 50
        A       pro   2026-02-10 -          75
        B       basic 2026-01-01 -          50
    """
    found = parts(world_of(rows_of(text), date(2026, 2, 28)), by=("plan",))
    basic, pro = (found[("plan", plan),] for plan in ("basic", "pro"))
    moves = ("expansion", "contraction", "moved_in", "moved_out", "companies_moved_in", "companies_moved_out")
    assert [basic[part]["2026-02-01"] for part in moves] == [0, 0, 0, 50, 0, 1]
    assert [pro[part]["2026-02-01"] for part in moves] == [25, 0, 50, 0, 1, 0]
    assert [basic["mrr"]["2026-02-01"], pro["mrr"]["2026-02-01"]] == [50, 75]
    assert [basic["churned_companies"]["2026-02-01"], pro["new_companies"]["2026-02-01"]] == [0, 0]
