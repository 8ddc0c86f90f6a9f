"""Drafts of files whose amounts are in several currencies."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from drafting import drafted, keys, project_of, total, unasked, write
from outlining import survey
from shinro.drafts.currencies import company
from shinro.drafts.sighting import sighted
from shinro.surveys import Surveyed

DAYS = [f"2026-0{month}-0{day}" for month in (1, 2, 3, 4, 5) for day in (2, 5)]
MONEY = ["EUR" if n == 5 else "JPY" for n in range(len(DAYS))]


def deals() -> list[str]:
    return [f"d{n},{day},{day},{'won' if n % 2 else 'lost'},100,{MONEY[n]}" for n, day in enumerate(DAYS, 1) if n < 10]


@pytest.mark.parametrize(
    ("name", "header", "lines", "metric", "gone", "value"),
    [
        ("deals", "deal_id,opened_on,closed_on,stage,amount,currency", deals(), "won_amount", "deal_size", 400),
        (
            "visits",
            "id,day,amount,currency",
            [f"v{n},{day},100,{MONEY[n]}" for n, day in enumerate(DAYS)],
            "visits_amount",
            "",
            900,
        ),
        (
            "subscriptions",
            "id,customer_id,started_on,ended_on,monthly_amount,currency",
            [f"s{n},c{n},{day},{'2026-05-20' if n == 9 else ''},100,{MONEY[n]}" for n, day in enumerate(DAYS)],
            "new_mrr",
            "arpa",
            900,
        ),
    ],
)
def test_amounts_are_added_up_in_the_currency_of_most_rows(
    name: str, header: str, lines: Sequence[str], metric: str, gone: str, value: int, tmp_path: Path
) -> None:
    made = drafted(tmp_path / "story", write(tmp_path / f"data/{name}.csv", header, lines))
    assert ("one_currency" in keys(made, "guess"), "currency: JPY" in made.text) == (True, True)
    assert unasked(made) == []
    assert project_of(made).metric(gone) is None
    assert total(made, metric) == {metric: value}


def test_words_that_are_no_currency_are_left_alone(tmp_path: Path) -> None:
    lines = [f"v{n},{day},100,{'points' if n % 2 else 'JPY'}" for n, day in enumerate(DAYS)]
    made = drafted(tmp_path / "story", write(tmp_path / "data/visits.csv", "id,day,amount,currency", lines))
    assert "one_currency" not in keys(made, "guess")
    assert total(made, "visits_amount") == {"visits_amount": 1000}


@pytest.mark.parametrize(
    ("header", "code"),
    [
        ("金額（千円）", "JPY"),
        ("Amount ($K)", "USD"),
        ("amount (EUR)", "EUR"),
        ("amount in dollars", "USD"),
        ("金額", None),
        ("amount (heuro)", None),
    ],
)
def test_the_currency_is_the_one_that_amounts_are_written_in(header: str, code: str | None) -> None:
    files = sighted(
        Surveyed((survey("visits", f"id,date,{header}", *(f"v{n},{day},3" for n, day in enumerate(DAYS))),))
    )
    assert company(files) == code


def test_so_do_signs_in_the_cells(tmp_path: Path) -> None:
    lines = [f'v{n},{day},"¥300,000"' for n, day in enumerate(DAYS)]
    file = write(tmp_path / "data/visits.csv", "id,day,amount", lines)
    assert "currency: JPY" in drafted(tmp_path / "story", file).text
