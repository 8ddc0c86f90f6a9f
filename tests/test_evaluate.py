"""Values on one row, with null as SQL has it."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest

from shinro.definitions.evaluate import value
from shinro.definitions.expression import Name
from shinro.definitions.grammar import expression, formula
from shinro.definitions.tokens import Source

ROW = {
    "one": 1, "half": Decimal("0.5"), "third": Fraction(1, 3), "zero": 0, "none": None, "yes": True, "no": False,
    "text": "　Ab É ", "day": date(2026, 4, 1), "deals.stage": "won",
}  # fmt: skip


def result(text: str) -> object:
    return value(expression(Source(text)), ROW)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("one + half", Fraction(3, 2)),
        ("one - third * 2", Fraction(1, 3)),
        ("-half / 2", Fraction(-1, 4)),
        ("one / third", Fraction(3)),
        ("one / zero", None),
        ("one / none", None),
        ("none * 0", None),
        ("-none", None),
        ("5%", Fraction(1, 20)),
        ("100万円", Fraction(10**6)),
        ("deals.stage", "won"),
        ("abs(-half)", Fraction(1, 2)),
        ("abs(none)", None),
        ("least(one, none, half)", Fraction(1, 2)),
        ("greatest(day, 2026-05-01)", date(2026, 5, 1)),
        ("greatest(none, none)", None),
        ("coalesce(none, text, 'x')", "　Ab É "),
        ("coalesce(none, none)", None),
        ("lower(text)", "　ab É "),
        ("upper('aé')", "Aé"),
        ("trim(text)", "Ab É"),
        ("length(text)", Fraction(6)),
        ("length('')", Fraction(0)),
        ("length(none)", None),
        ("days_between(day, 2026-04-30)", Fraction(29)),
        ("days_between(2026-04-30, day)", Fraction(-29)),
        ("days_between(none, day)", None),
    ],
)
def test_values_are_exact(text: str, found: object) -> None:
    assert result(text) == found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("true", True),
        ("yes and none", None),
        ("no and none", False),
        ("yes or none", True),
        ("no or none", None),
        ("not none", None),
        ("not no", True),
        ("none = none", None),
        ("one != none", None),
        ("one = 1", True),
        ("one > half", True),
        ("one < half", False),
        ("one >= 1", True),
        ("one <= zero", False),
        ("'a' != 'A'", True),
        ("day >= 2026-04-01", True),
        ("none is null", True),
        ("one is null", False),
        ("none is not null", False),
        ("one is not null", True),
        ("one in (half, 1)", True),
        ("one in (half, none)", None),
        ("one in (1, none)", True),
        ("one not in (half, none)", None),
        ("one not in (half)", True),
        ("none in (1)", None),
        ("half between 0 and one", True),
        ("half between none and 0", False),
        ("half between none and 1", None),
        ("half not between 1 and none", True),
        ("half not between 0 and 1", False),
        ("contains(text, 'b')", True),
        ("contains(text, '')", True),
        ("starts_with(text, 'A')", False),
        ("ends_with('won', 'on')", True),
        ("contains(none, 'b')", None),
    ],
)
def test_truth_has_three_values(text: str, found: object) -> None:
    assert result(text) is found


def test_previous_is_the_row_s_own_or_another_s() -> None:
    node = formula("previous + new - previous(lost)")
    row = {"previous": 100, "new": 7}
    assert value(node, row, lambda name, n: Fraction(3) if (name.path, n) == ("lost", 1) else None) == 104
    assert value(node, row) is None


EARLIER = {1: Fraction(8), 2: None, 3: Fraction(1)}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("previous(a, 3)", 1), ("previous(a)", 8), ("previous(a, 2)", None), ("previous(a, 4)", None),
        ("mean(a, 1)", 64), ("mean(a, 2)", 36), ("mean(a, 3)", None), ("mean(b, 1)", None),
        ("cmgr(a, 3)", 3), ("cmgr(a, 1)", 7), ("cmgr(a, 2)", None), ("cmgr(b, 3)", None),
        ("positive(a)", 64), ("positive(-a)", None), ("positive(a - 64)", None), ("positive(b)", None),
    ],
)  # fmt: skip
def test_earlier_values_and_what_is_above_zero(text: str, expected: int | None) -> None:
    row = {"a": 64, "b": None}
    assert value(formula(text), row, lambda _, periods: EARLIER.get(periods)) == expected


def test_a_float_is_no_value() -> None:
    with pytest.raises(TypeError):
        value(Name("x"), {"x": 0.1})
