from __future__ import annotations

from fractions import Fraction

import pytest

from shinro.units import (
    NUMBER,
    Unit,
    count,
    days,
    decimal_text,
    minor_digits,
    money,
    narrow,
    plain_number,
    score,
    sheet_text,
)


def test_units_multiply_and_divide() -> None:
    """yen per company, times companies, is yen"""
    arpa = money("JPY") / count("companies")
    assert arpa * count("companies") == money("JPY")
    assert count("won") / count("won") == NUMBER
    assert money("JPY") * money("JPY") == Unit((("money:JPY", 2),))


@pytest.mark.parametrize(
    ("unit", "text"),
    [
        (NUMBER, "1"),
        (count("leads"), "leads"),
        (money("JPY") / count("companies"), "JPY/companies"),
        (NUMBER / days(), "1/day"),
        (money("JPY") * money("JPY") / days() / days(), "JPY^2/day^2"),
        (count("a") * count("b"), "a·b"),
    ],
)
def test_a_unit_is_read_as_it_is_said(unit: Unit, text: str) -> None:
    assert str(unit) == text


@pytest.mark.parametrize(
    ("unit", "currency"),
    [
        (money("JPY"), "JPY"),
        (money("JPY") / count("companies"), "JPY"),
        (money("JPY") * money("JPY"), None),
        (NUMBER / money("JPY"), None),
        (money("JPY") * money("USD"), None),
        (count("leads"), None),
    ],
)
def test_only_plain_money_has_a_currency(unit: Unit, currency: str | None) -> None:
    assert unit.currency == currency


def test_nouns_are_of_one_kind_and_money_and_scores_are_not() -> None:
    assert count("leads").kind == count("calls").kind
    assert (count("leads") / count("calls")).kind == NUMBER
    assert len({money("JPY").kind, money("USD").kind, score("nps").kind, count("x").kind, days().kind}) == 5


@pytest.mark.parametrize(("currency", "places"), [("JPY", 0), ("USD", 2), ("KWD", 3), ("XXX", 2)])
def test_the_places_of_a_currency(currency: str, places: int) -> None:
    assert minor_digits(currency) == places


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("1200", Fraction(1200)),
        ("1,200.5", Fraction(2401, 2)),
        ("１，２００", Fraction(1200)),
        (" +5 ", Fraction(5)),
        ("-.5", Fraction(-1, 2)),
        ("－３", Fraction(-3)),
        ("1,000,000", Fraction(10**6)),
        ("007", Fraction(7)),
        ("1,20", None),
        ("12,000,00", None),
        ("", None),
        ("+", None),
        ("-.", None),
        ("1e3", None),
        ("NaN", None),
        ("1_000", None),
        ("1.2.3", None),
        ("10%", None),
    ],
)
def test_a_plain_number_is_exact_or_none(text: str, number: Fraction | None) -> None:
    assert plain_number(text) == number


def test_full_width_signs_become_narrow_one_for_one() -> None:
    text = "リード＞＝１００％（＋２）≧３"
    assert narrow(text) == "リード>=100%(+2)≥3"
    assert len(narrow(text)) == len(text)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (Fraction(5), "5"),
        (Fraction(1, 20), "0.05"),
        (Fraction(-1, 8), "-0.125"),
        (Fraction(1, 5), "0.2"),
        (Fraction(123, 100), "1.23"),
        (Fraction(1, 3), "1/3"),
        (Fraction(-7, 6), "-7/6"),
        (Fraction(0), "0"),
    ],
)
def test_a_number_is_written_exactly(value: Fraction, text: str) -> None:
    assert decimal_text(value) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (Fraction(1, 20), "0.05"),
        (Fraction(12345678901234567890), "12345678901234567890"),
        (Fraction(1, 3), "0.333333333333333"),
        (Fraction(-7, 6), "-1.16666666666667"),
        (Fraction(10**20, 3), "33333333333333300000"),
        (Fraction(1, 3 * 10**9), "0.000000000333333333333333"),
    ],
)
def test_in_a_sheet_a_number_is_never_a_fraction_that_reads_as_a_date(value: Fraction, text: str) -> None:
    assert sheet_text(value) == text
