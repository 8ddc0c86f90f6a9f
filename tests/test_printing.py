"""The normal form."""

from __future__ import annotations

from fractions import Fraction

import pytest

from shinro.definitions.expression import Number
from shinro.definitions.grammar import expression
from shinro.definitions.printing import name_text, number_text, text
from shinro.definitions.tokens import Source


@pytest.mark.parametrize(
    ("written", "printed"),
    [
        ("((a))+ (b*c)", "a + b * c"),
        ("(a+b)*c", "(a + b) * c"),
        ("a-(b-c)", "a - (b - c)"),
        ("(a-b)-c", "a - b - c"),
        ("a/(b*c)", "a / (b * c)"),
        ("-(a+b)", "-(a + b)"),
        ("- -a", "--a"),
        ("NOT(a AND b)", "not (a and b)"),
        ("(not a) and b", "not a and b"),
        ("not (a=1)", "not a = 1"),
        ("(a or b) and c", "(a or b) and c"),
        ("a or (b and c)", "a or b and c"),
        ("a and (b and c)", "a and (b and c)"),
        ("(a=b)=c", "(a = b) = c"),
        ("a NOT IN(1,2)", "a not in (1, 2)"),
        ("a in ((b = c), 2)", "a in ((b = c), 2)"),
        ("a in (1,200)", "a in (1, 200)"),
        ("a not between 1 and (b or c)", "a not between 1 and (b or c)"),
        ("a between 1 and 2", "a between 1 and 2"),
        ("a is  not null", "a is not null"),
        ("a+1 is null", "a + 1 is null"),
        ("LOWER( a )='x'", "lower(a) = 'x'"),
        ("least(a, b or c)", "least(a, b or c)"),
        ('a = "it\'s"', "a = 'it''s'"),
        ("a ＝ １，２００円", "a = 1200 JPY"),
        ("a = 5％", "a = 5%"),
        ("a=$1.5k", "a = 1500 USD"),
        ("a >= 2026年4月1日", "a >= 2026-04-01"),
        ("a = TRUE", "a = true"),
        ("`plain`.`and`", "plain.`and`"),
    ],
)
def test_a_tree_is_written_in_one_way(written: str, printed: str) -> None:
    assert text(expression(Source(written))) == printed
    assert text(expression(Source(printed))) == printed


@pytest.mark.parametrize(
    ("number", "printed"),
    [
        (Number(Fraction(-1, 20), "%"), "-5%"),
        (Number(Fraction(1, 50), "pt"), "2pt"),
        (Number(Fraction(2401, 2)), "1200.5"),
        (Number(Fraction(30), "EUR"), "30 EUR"),
    ],
)
def test_numbers_keep_their_unit(number: Number, printed: str) -> None:
    assert number_text(number) == printed


@pytest.mark.parametrize(
    ("name", "printed"),
    [("リード数", "リード数"), ("a b", "`a b`"), ("NULL", "`NULL`"), ("a`b", "`a``b`"), ("1a", "`1a`")],
)
def test_a_name_that_is_not_plain_stands_between_backquotes(name: str, printed: str) -> None:
    assert name_text(name) == printed
