"""Drafts of files whose amounts are in several currencies."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from drafting import drafted, keys, project_of, total, unasked, write

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
    ("header", "cell", "says"),
    [
        ("金額（千円）", "300", "currency: JPY"),
        ("amount", '"¥300,000"', "currency: JPY"),
        ("Amount ($K)", "300", "currency: USD"),
        ("amount (EUR)", "300", "currency: EUR"),
    ],
)
@pytest.mark.parametrize("language", ["en", "ja"])
def test_the_currency_is_the_one_that_amounts_are_written_in(
    header: str, cell: str, says: str, language: str, tmp_path: Path
) -> None:
    lines = [f"v{n},{day},{cell}" for n, day in enumerate(DAYS)]
    file = write(tmp_path / "data/visits.csv", f"id,day,{header}", lines)
    assert says in drafted(tmp_path / "story", file, language=language).text
