"""Drafts of what Stripe exports: whose days, which currency, what was given back."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest

from drafting import MOMENT, drafted, keys, project_of, total, unasked, write
from shinro.periods import Grain
from shinro.queries.scans import Want
from shinro.run.gathering import gathering
from shinro.run.opening import open_project

HEADERS = "id,Created (UTC),Amount,Amount Refunded,Currency,Status,Customer ID,Captured"


def charge(n: int, at: str, status: str = "Paid", currency: str = "usd", refunded: str = "0.00") -> str:
    return f"ch_{n},{at},100.00,{refunded},{currency},{status},cus_{n},true"


def by_month(folder: Path, metric: str) -> dict[date, Fraction | None]:
    want = Want(metric, Grain.MONTH)
    with gathering(open_project(folder), MOMENT) as gathered:
        series = gathered.measure([want])[want][0]
    return {point.period.start: point.value for point in series.points}


@pytest.mark.parametrize("header", ["Created (UTC)", "created_utc"])
def test_moments_in_utc_stay_so_when_the_zone_of_the_company_is_answered(header: str, tmp_path: Path) -> None:
    """The first two hours of April in UTC are March in Los Angeles."""
    lines = [charge(1, "2026-03-05 10:00"), charge(2, "2026-04-01 02:00"), charge(3, "2026-05-20 10:00")]
    file = write(tmp_path / "data/charges.csv", HEADERS.replace("Created (UTC)", header), lines)
    made = drafted(tmp_path / "story", file)
    text = made.text.replace("timezone: UTC  # ask", "timezone: America/Los_Angeles  # ask")
    assert text != made.text
    made.file.write_text(text, "utf-8")
    found = by_month(made.file.parent, "paying_customers")
    assert [found[date(2026, month, 1)] for month in (3, 4)] == [2, 0]


def test_amounts_of_several_currencies_are_added_up_in_one_and_customers_are_all_counted(tmp_path: Path) -> None:
    kinds = ["usd", "eur", "usd"]
    lines = [charge(n, f"2026-0{n}-05 10:00", currency=kinds[n - 3]) for n in (3, 4, 5)]
    made = drafted(tmp_path / "story", write(tmp_path / "data/charges.csv", HEADERS, lines), language="ja")
    assert "one_currency" in keys(made, "guess")
    assert "currency: USD" in made.text
    assert unasked(made) == []
    assert project_of(made).metric("amount_per_customer") is None
    assert total(made, "paid_amount", "payments") == {"paid_amount": 200, "payments": 3}


def test_amounts_that_are_all_converted_are_taken_so(tmp_path: Path) -> None:
    head = f"{HEADERS},Converted Amount,Converted Amount Refunded,Converted Currency"
    converted = {"usd": "90.00", "eur": "100.00"}
    rows = [(3, "usd"), (4, "eur"), (5, "usd")]
    lines = [f"{charge(n, f'2026-0{n}-05 10:00', currency=code)},{converted[code]},0,eur" for n, code in rows]
    made = drafted(tmp_path / "story", write(tmp_path / "data/charges.csv", head, lines))
    assert "one_currency" not in keys(made, "guess")
    assert "currency: EUR" in made.text
    assert total(made, "paid_amount") == {"paid_amount": 280}


def test_a_currency_that_comes_later_is_not_added_up(tmp_path: Path) -> None:
    lines = [charge(n, f"2026-0{n}-05 10:00") for n in (3, 4, 5)]
    file = write(tmp_path / "data/charges.csv", HEADERS, lines)
    made = drafted(tmp_path / "story", file)
    assert total(made, "charged_amount") == {"charged_amount": 300}
    write(file, HEADERS, [*lines, charge(6, "2026-05-06 10:00", currency="eur")])
    with gathering(open_project(made.file.parent), MOMENT) as gathered:
        assert dict(gathered.unmeasured(["charged_amount", "payments"])) == {"charged_amount": "unmeasured.foreign"}


def test_what_was_given_back_is_taken_off_and_was_paid_all_the_same(tmp_path: Path) -> None:
    lines = [
        charge(1, "2026-03-05 10:00", refunded="30.00"),
        charge(2, "2026-03-06 10:00", "Refunded", refunded="100.00"),
        charge(3, "2026-04-05 10:00", "Failed"),
        charge(4, "2026-05-05 10:00"),
    ]
    made = drafted(tmp_path / "story", write(tmp_path / "data/charges.csv", HEADERS, lines))
    assert "given_back" in keys(made, "guess")
    assert unasked(made) == []
    found = total(made, "charged_amount", "refunded_amount", "paid_amount", "payments", "attempts")
    assert list(found.values()) == [300, 130, 170, 3, 4]


def test_a_payment_given_back_was_made_where_no_column_says_how_much(tmp_path: Path) -> None:
    lines = [f"p{n},2026-0{n}-05,c{n},{'返金済' if n == 3 else '支払済'},100" for n in (3, 4, 5)]
    made = drafted(tmp_path / "story", write(tmp_path / "data/payments.csv", "id,paid_on,customer_id,状態,金額", lines))
    assert {"given_back_whole", "was_made"} <= keys(made, "guess")
    assert total(made, "payments", "paid_amount") == {"payments": 3, "paid_amount": 200}
