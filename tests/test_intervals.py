from __future__ import annotations

from fractions import Fraction

import pytest

from shinro.definitions.grammar import formula
from shinro.definitions.intervals import ANYTHING, INFINITE, Edge, Interval, remaining, span


def edge(text: str) -> Edge:
    return {"-inf": -INFINITE, "inf": INFINITE}.get(text) or Fraction(text)


def interval(text: str) -> Interval:
    """`2..inf` as an interval."""
    low, high = text.split("..")
    return Interval(edge(low), edge(high))


@pytest.mark.parametrize(
    ("text", "a", "b", "found"),
    [
        ("a + b", "1..2", "10..20", "11..22"),
        ("a + b", "1..inf", "10..20", "11..inf"),
        ("a + b", "1..2", "-inf..20", "-inf..22"),
        ("a - b", "1..2", "10..20", "-19..-8"),
        ("a - b", "1..inf", "0..inf", "-inf..inf"),
        ("-a", "1..inf", "0..0", "-inf..-1"),
        ("a * b", "-1..2", "3..4", "-4..8"),
        ("a * b", "30..inf", "0..25", "0..inf"),
        ("a * b", "-inf..-1", "2..inf", "-inf..-2"),
        ("a / b", "1..2", "4..8", "1/8..1/2"),
        ("a / b", "1..2", "4..inf", "0..1/2"),
        ("a / b", "1..2", "0..4", "1/4..inf"),
        ("a / b", "1..2", "-4..0", "-inf..-1/4"),
        ("a / b", "1..2", "-1..1", "-inf..inf"),
        ("a / b", "1..2", "0..0", "-inf..inf"),
        ("a * 12 + b", "1..2", "0..0", "12..24"),
        ("abs(a)", "1..2", "0..0", "-inf..inf"),
        ("a + c", "1..2", "0..0", "-inf..inf"),
    ],
)
def test_what_a_formula_can_be(text: str, a: str, b: str, found: str) -> None:
    assert span(formula(text), {"a": interval(a), "b": interval(b)}) == interval(found)


def test_what_two_intervals_have_in_common() -> None:
    assert interval("1..3") & interval("2..inf") == interval("2..3")
    assert (interval("1..3") & interval("4..5")).is_empty
    assert not ANYTHING.is_empty
    assert Fraction(3) in interval("1..3")
    assert Fraction(4) not in interval("1..3")


@pytest.mark.parametrize(
    ("text", "whole", "level"),
    [
        ("x", 7, "7"),
        ("-x", 7, "-7"),
        ("a * x", 1_000_000, "100000/3"),
        ("x + a", 31, "1"),
        ("a + x", 31, "1"),
        ("x - a", 1, "31"),
        ("a - x", 1, "29"),
        ("x / a", 2, "60"),
        ("a / x", 2, "15"),
        ("a * (x - 1)", 60, "3"),
        ("a / x", 0, None),
        ("x / zero", 2, None),
        ("zero / x", 2, None),
        ("x * zero", 2, None),
        ("x * x", 4, None),
        ("abs(x)", 4, None),
        ("a * 2", 60, None),
        ("a", 30, None),
        ("x + a / zero", 2, None),
    ],
)
def test_the_one_level_that_is_left(text: str, whole: int, level: str | None) -> None:
    levels = {"a": Fraction(30), "zero": Fraction(0)}
    assert remaining(formula(text), "x", Fraction(whole), levels) == (level and Fraction(level))
