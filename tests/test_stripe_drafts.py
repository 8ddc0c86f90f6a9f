"""Drafts of what Stripe exports: whose days, which currency, what was given back."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest

from drafting import MOMENT, drafted, write
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
