"""Quantities: the numbers, lengths of time and dates of a sentence, in Japanese and in English."""

from __future__ import annotations

from fractions import Fraction

import pytest

from shinro.checks.dated import dates
from shinro.checks.numerals import narrowed
from shinro.checks.quantities import Lean, Quantity, Sort, quantities
from shinro.checks.rounding import fits


def told(text: str) -> list[tuple[str, str]]:
    return [(each.sort.value, str(each.value)) for each in quantities(text)]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1,200社", 1200),
        ("１２社", 12),
        ("十二社", 12),
        ("二十四社", 24),
        ("百二十社", 120),
        ("100万円", 1_000_000),
        ("1億2,000万円", 120_000_000),
        ("2.7百万円", 2_700_000),
        ("3千人", 3000),
        ("¥1.2M", 1_200_000),
        ("¥1.2m", 1_200_000),
        ("5.2K", 5200),
        ("5.2k users", 5200),
        ("JPY 12 million", 12_000_000),
        ("2.99 million yen", 2_990_000),
        ("three hundred companies", 300),
        ("a thousand companies", 1000),
        ("forty-one customers", 41),
        ("one customer", 1),
        ("解約ゼロ", 0),
        ("MRR300万円", 3_000_000),
    ],
)
def test_an_amount_is_read_as_people_write_it(text: str, value: int) -> None:
    assert told(text) == [("amount", str(value))]


@pytest.mark.parametrize(
    ("text", "sort", "value"),
    [
        ("27.5%", "percent", "11/40"),
        ("２７．５％", "percent", "11/40"),
        ("27.5 percent", "percent", "11/40"),
        ("27.5パーセント", "percent", "11/40"),
        ("3割", "percent", "3/10"),
        ("9.3ポイント", "points", "93/1000"),
        ("9.3pt", "points", "93/1000"),
        ("9.3% points", "points", "93/1000"),
        ("50 bps", "points", "1/200"),
        ("4.0倍", "times", "4"),
        ("4x", "times", "4"),
        ("4-fold", "times", "4"),
        ("four times as many", "times", "4"),
        ("doubled", "times", "2"),
        ("倍増", "times", "2"),
        ("ほぼ倍に", "times", "2"),
        ("quadrupled", "times", "4"),
        ("halved", "times", "1/2"),
        ("半減", "times", "1/2"),
        ("3分の2", "times", "2/3"),
        ("by a factor of three", "times", "3"),
        ("6か月", "span", "6"),
        ("６ヶ月間", "span", "6"),
        ("six months", "span", "6"),
        ("半年", "span", "6"),
        ("two straight quarters", "span", "2"),
        ("90 days", "span", "90"),
        ("1年", "span", "1"),
    ],
)
def test_shares_points_multiples_and_lengths_are_told_apart(text: str, sort: str, value: str) -> None:
    assert told(text) == [(sort, value)]


@pytest.mark.parametrize(
    "text",
    [
        "B2B",
        "Q3",
        "第3四半期",
        "業界1位",
        "1社あたり",
        "#1",
        "数倍",
        "2026年4月",
        "April 2026",
        "one of them",
        "in 2026",
        "3つの柱",
    ],
)
def test_what_is_no_number_of_a_claim_is_left_out(text: str) -> None:
    assert told(text) == []


@pytest.mark.parametrize(
    ("text", "lean"),
    [
        ("約12社", Lean.ABOUT),
        ("about 12", Lean.ABOUT),
        ("12社ほど", Lean.ABOUT),
        ("over 12", Lean.OVER),
        ("12社超", Lean.OVER),
        ("12+", Lean.OVER),
        ("12社を突破", Lean.OVER),
        ("nearly 12", Lean.NEARLY),
        ("12社近く", Lean.NEARLY),
        ("under 12", Lean.UNDER),
        ("12社未満", Lean.UNDER),
        ("-> 12", Lean.EXACT),
    ],
)
def test_how_a_number_leans(text: str, lean: Lean) -> None:
    assert [each.lean for each in quantities(text)] == [lean]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("2026年4月", [(2026, 4)]),
        ("2026-04-30", [(2026, 4)]),
        ("Oct '26", [(2026, 10)]),
        ("October 3, 2026", [(2026, 10)]),
        ("in May", [(None, 5)]),
        ("we may grow", []),
        ("6か月", []),
        ("4/1〜9/30", [(None, 4), (None, 9)]),
        ("2026年度", [(2026, None)]),
        ("Q3 2026", [(2026, None)]),
        ("2026-13", [(2026, None)]),
    ],
)
def test_the_months_and_years_that_are_named(text: str, found: list[tuple[int | None, int | None]]) -> None:
    assert [(each.year, each.month) for each in dates(narrowed(text))] == found


def number(text: str) -> Quantity:
    (found,) = quantities(text)
    return found


@pytest.mark.parametrize(
    ("text", "truth", "flatters", "holds"),
    [
        ("300万円", 2_998_000, 1, True),
        ("300万円", 2_988_000, 1, False),  # 299
        ("¥3M", 2_988_000, 1, True),
        ("¥3M", 2_700_000, 1, False),  # half of the digit, but a ninth in one's favour
        ("¥2M", 2_400_000, 1, True),  # cut off
        ("¥2M", 1_000_001, -1, False),  # as far as another number
        ("約300万円", 2_800_000, 1, True),
        ("約300万円", 2_400_000, 1, False),
        ("約300万円", 3_200_000, 1, True),
        ("nearly 70", 66, 1, True),
        ("nearly 70", 71, 1, False),
        ("over 60", 66, 1, True),
        ("over 60", 59, 1, False),
        ("under 4%", Fraction(3, 100), -1, True),
        ("under 3%", Fraction(31, 1000), -1, False),
        ("more than halved", Fraction(4, 10), -1, True),
        ("4x", Fraction(39, 10), 1, True),
        ("4x", Fraction(36, 10), 1, False),
        ("3%", Fraction(34, 1000), -1, True),  # a share is told by the point
        ("12社", 12, 1, True),
        ("12社", 11, 1, False),
    ],
)
def test_rounding_may_not_flatter(text: str, truth: Fraction | int, flatters: int, holds: bool) -> None:
    assert fits(number(text), Fraction(truth), flatters) is holds


def test_a_number_and_its_greater_part_are_one() -> None:
    found = number("約1億2,000万円")
    assert (found.text, found.unit) == ("1億2,000万円", Fraction(10_000))
    assert (found.lean, found.sort) == (Lean.ABOUT, Sort.AMOUNT)
