from __future__ import annotations

from fractions import Fraction

import pytest

from shinro.reports.numbers import change, covered, grouped, level, number, rounded, signed
from shinro.series import Meaning, Nature
from shinro.units import count, days, money, months, points, score, times

SHARE = Meaning("rate", Nature.RATIO, percent=True)
COUNT = Meaning("calls", Nature.FLOW, count("calls"))
YEN = Meaning("mrr", Nature.STOCK, money("JPY"), currency="JPY")
DOLLARS = Meaning("mrr", Nature.STOCK, money("USD"), currency="USD")
RATIO = Meaning("calls_per_lead", Nature.RATIO)


@pytest.mark.parametrize(
    ("value", "ja", "en"),
    [
        (52_700_000, "5,270万円", "¥52.7M"),
        (120_000_000, "1.2億円", "¥120M"),
        (123_456_789, "1.23億円", "¥123M"),
        (1_000_000, "100万円", "¥1M"),
        (300_000, "30万円", "¥300K"),
        (125_000, "12.5万円", "¥125K"),
        (9_999, "9,999円", "¥9,999"),
        (10_000, "1万円", "¥10K"),
        (33_333, "3.33万円", "¥33.3K"),
        (0, "0円", "¥0"),
        (-52_700_000, "-5,270万円", "-¥52.7M"),
        (99_999_999, "1億円", "¥100M"),
        (999_960_000, "10億円", "¥1B"),
        (96_000_000, "9,600万円", "¥96M"),
        (1_500_000_000_000, "1.5兆円", "¥1,500B"),
    ],
)
def test_yen(value: int, ja: str, en: str) -> None:
    assert number(Fraction(value), YEN, "ja") == ja
    assert number(Fraction(value), YEN, "en") == en


@pytest.mark.parametrize(
    ("value", "ja", "en"),
    [
        ("1200000", "120万ドル", "$1.2M"),
        ("33.333", "33.33ドル", "$33.33"),
        ("950", "950ドル", "$950"),
        ("-0.001", "0ドル", "$0"),
        ("-0.5", "-0.50ドル", "-$0.50"),
    ],
)
def test_dollars(value: str, ja: str, en: str) -> None:
    assert number(Fraction(value), DOLLARS, "ja") == ja
    assert number(Fraction(value), DOLLARS, "en") == en


MONTHS = Meaning("payback", Nature.RATIO, months())
POINTS = Meaning("nps", Nature.RATIO, points())
TIMES = Meaning("burn_multiple", Nature.RATIO, times())


@pytest.mark.parametrize(
    ("value", "meaning", "ja", "en"),
    [
        ("12.34", MONTHS, "12.3か月", "12.3 months"),
        ("6", MONTHS, "6.0か月", "6.0 months"),
        ("33.333", POINTS, "33.3", "33.3"),
        ("1.394", TIMES, "1.39倍", "1.39x"),
        ("-12.5", POINTS, "-12.5", "-12.5"),
    ],
)
def test_months_and_points(value: str, meaning: Meaning, ja: str, en: str) -> None:
    assert [number(Fraction(value), meaning, lang) for lang in ("ja", "en")] == [ja, en]


def test_an_index_moves_in_points() -> None:
    assert change(Fraction(10), Fraction(-10), POINTS) == "+20.0pt"


def test_a_currency_without_a_sign_is_named() -> None:
    francs = Meaning("mrr", Nature.STOCK, money("CHF"), currency="CHF")
    assert number(Fraction(1200), francs, "en") == "CHF 1,200"
    assert number(Fraction(1200), francs, "ja") == "1,200 CHF"


@pytest.mark.parametrize(
    ("value", "text"),
    [("0.123", "12.3%"), ("0.6315", "63.2%"), ("0.08", "8.0%"), ("0.0035", "0.35%"), ("0", "0.0%"), ("1", "100.0%"),
     ("-0.0004", "-0.04%"), ("-0.000001", "0.00%")],
)  # fmt: skip
def test_shares_are_percentages(value: str, text: str) -> None:
    assert number(Fraction(value), SHARE, "en") == text


@pytest.mark.parametrize(
    ("value", "meaning", "text"),
    [
        (Fraction(4238), COUNT, "4,238"),
        (Fraction(-12), COUNT, "-12"),
        (Fraction(4), RATIO, "4.00"),
        (Fraction(25, 2), RATIO, "12.5"),
        (Fraction(1001, 2), RATIO, "501"),
        (Fraction(7, 3), Meaning("nps", Nature.STOCK, score("nps")), "2.33"),
    ],
)
def test_counts_and_ratios(value: Fraction, meaning: Meaning, text: str) -> None:
    assert number(value, meaning, "ja") == text


def test_days_say_so() -> None:
    lead_time = Meaning("lead_time", Nature.FLOW, days())
    assert number(Fraction(25, 2), lead_time, "ja") == "12.5日"
    assert number(Fraction(3), lead_time, "en") == "3 days"


@pytest.mark.parametrize("meaning", [SHARE, COUNT, YEN, RATIO])
def test_undefined_is_a_dash_and_never_zero(meaning: Meaning) -> None:
    assert number(None, meaning, "ja") == level(None, meaning, "ja") == "–"


@pytest.mark.parametrize(("value", "text"), [("35.5", "36"), ("3.27", "3.3"), ("200", "200"), ("9.96", "10.0")])
def test_a_level_of_a_count_is_no_finer_than_it_can_be_met(value: str, text: str) -> None:
    assert level(Fraction(value), COUNT, "en") == text


def test_a_level_of_a_share_stays_a_share() -> None:
    assert level(Fraction("0.0825"), SHARE, "en") == "8.3%"


@pytest.mark.parametrize(
    ("after", "before", "meaning", "text"),
    [
        ("0.121", "0.1", SHARE, "+2.1pt"),
        ("0.097", "0.1", SHARE, "-0.3pt"),
        ("0.1", "0.1", SHARE, "±0.0pt"),
        ("123", "100", COUNT, "+23.0%"),
        ("50", "-100", COUNT, "+150.0%"),
        ("99.99", "100", COUNT, "±0.0%"),
    ],
)
def test_changes_are_points_of_a_share_and_shares_of_the_rest(
    after: str, before: str, meaning: Meaning, text: str
) -> None:
    assert change(Fraction(after), Fraction(before), meaning) == text


def test_a_change_from_nothing_is_undefined() -> None:
    assert change(Fraction(5), Fraction(0), COUNT) == "–"
    assert change(None, Fraction(1), COUNT) == change(Fraction(1), None, SHARE) == "–"


def test_halves_go_away_from_zero() -> None:
    assert [grouped(Fraction(n, 2), 0) for n in (-3, -1, 1, 3, 5)] == ["-2", "-1", "1", "2", "3"]
    assert grouped(Fraction(-1, 4), 0) == "0"
    assert rounded(Fraction("2.675"), 2) == Fraction("2.68")
    assert signed(Fraction(-1, 100), "pt") == "±0.0pt"


@pytest.mark.parametrize(
    ("progress", "text"),
    [
        (Fraction(1, 5), "20%"),
        (Fraction(-1), "-100%"),
        (Fraction(-37), "< -100%"),
        (Fraction(10), "1,000%"),
        (Fraction(11), "> 1,000%"),
    ],
)
def test_the_way_covered_is_told_as_far_as_it_says_something(progress: Fraction, text: str) -> None:
    assert covered(progress) == text
