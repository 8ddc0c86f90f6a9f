"""Text -> expression: how tightly things bind, and what is said of a text that is none."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import pytest

from shinro.definitions.expression import (
    And,
    Between,
    Binary,
    Call,
    Compare,
    Day,
    In,
    IsNull,
    Name,
    Negative,
    Node,
    Not,
    Number,
    Or,
    Text,
    Truth,
)
from shinro.definitions.grammar import expression, formula, where
from shinro.definitions.tokens import Mistake, Source
from shinro.problems import Place

A, B, C = Name("a"), Name("b"), Name("c")
ONE = Number(Fraction(1))


@pytest.mark.parametrize(
    ("text", "node"),
    [
        ("a", A),
        ("a.b", Name("a", "b")),
        ("`a b`.`in`", Name("a b", "in")),
        ("1", ONE),
        ("5%", Number(Fraction(1, 20), "%")),
        ("'x'", Text("x")),
        ("2026-04-01", Day(date(2026, 4, 1))),
        ("TRUE", Truth(value=True)),
        ("false", Truth(value=False)),
        ("--a", Negative(Negative(A))),
        ("-a * b", Binary("*", Negative(A), B)),
        ("a - b - c", Binary("-", Binary("-", A, B), C)),
        ("a - (b - c)", Binary("-", A, Binary("-", B, C))),
        ("a + b * c", Binary("+", A, Binary("*", B, C))),
        ("(a + b) ÷ c", Binary("/", Binary("+", A, B), C)),
        ("a + 1 ≧ b", Compare(">=", Binary("+", A, ONE), B)),
        ("a == 1", Compare("=", A, ONE)),
        ("a <> 1", Compare("!=", A, ONE)),
        ("a in (1, b)", In(A, (ONE, B))),
        ("a not in (1)", In(A, (ONE,), negated=True)),
        ("a between 1 and b + c", Between(A, ONE, Binary("+", B, C))),
        ("a not between b and c and a", And((Between(A, B, C, negated=True), A))),
        ("a is null", IsNull(A)),
        ("a IS NOT NULL", IsNull(A, negated=True)),
        ("not not a", Not(Not(A))),
        ("not a = 1", Not(Compare("=", A, ONE))),
        ("a or b and not c", Or((A, And((B, Not(C)))))),
        ("a and b and c", And((A, B, C))),
        ("a and (b and c)", And((A, And((B, C))))),
        ("(a = b) = c", Compare("=", Compare("=", A, B), C)),
        ("Least(a, b, 1)", Call("least", (A, B, ONE))),
        ("lower + 1", Binary("+", Name("lower"), ONE)),
        ("previous(a.b)", Call("previous", (Name("a", "b"),))),
        ("previous - a", Binary("-", Name("previous"), A)),
    ],
)
def test_a_text_says_a_tree(text: str, node: Node) -> None:
    assert expression(Source(text)) == node


def problem(text: str, reader: object = where) -> tuple[str, int, dict[str, object]]:
    with pytest.raises(Mistake) as caught:
        (formula if reader is formula else where)(text, Place("shinro.yaml", 2, 5))
    found = caught.value.problem
    assert found.hint is not None
    assert found.place == Place("shinro.yaml", 2, 5 + found.hint[1])
    return found.code, found.hint[1], dict(found.args)


@pytest.mark.parametrize(
    ("text", "code", "column", "args"),
    [
        ("", "Q122", 0, {}),
        ("a and", "Q122", 5, {}),
        ("a = ", "Q122", 4, {}),
        ("a = )", "Q120", 4, {"found": ")"}),
        ("and a", "Q120", 0, {"found": "and"}),
        ("a = +1", "Q120", 4, {"found": "+"}),
        ("a b", "Q123", 2, {"found": "b"}),
        ("a = 1)", "Q123", 5, {"found": ")"}),
        ("a = 'x' 'y'", "Q123", 8, {"found": "'y'"}),
        ("a = 30社", "Q115", 4, {"text": "30社"}),
        ("a = 1.5e3", "Q115", 4, {"text": "1.5e3"}),
        ("a in (30社)", "Q115", 6, {"text": "30社"}),
        ("(a = 1", "Q121", 6, {"expected": "`)`"}),
        ("(a = 1 b", "Q101", 7, {"expected": "`)`", "found": "b"}),
        ("a in 1", "Q101", 5, {"expected": "`(`", "found": "1"}),
        ("a in (1 2)", "Q101", 8, {"expected": "`,` `)`", "found": "2"}),
        ("a in (1", "Q121", 7, {"expected": "`,` `)`"}),
        ("a in ()", "Q120", 6, {"found": ")"}),
        ("a between 1 or 2", "Q101", 12, {"expected": "`and`", "found": "or"}),
        ("a is 1", "Q101", 5, {"expected": "`null`", "found": "1"}),
        ("a not b", "Q101", 6, {"expected": "`in` `between`", "found": "b"}),
        ("a. = 1", "Q124", 3, {"found": "="}),
        ("a.", "Q124", 2, {"found": "…"}),
        ("uper(a) = 'X'", "Q105", 0, {"function": "uper", "nearest": "upper"}),
        ("`abs`(a) = 1", "Q123", 5, {"found": "("}),
        ("length(a, b) = 1", "Q106", 0, {"function": "length", "wanted": "1", "given": 2}),
        ("length() = 1", "Q106", 0, {"function": "length", "wanted": "1", "given": 0}),
        ("least(a) = 1", "Q106", 0, {"function": "least", "wanted": "2-64", "given": 1}),
        ("a < b <= c", "Q108", 6, {"first": "<", "second": "<="}),
        ("a = null", "Q117", 4, {"negation": ""}),
        ("a != null", "Q117", 5, {"negation": "not "}),
        ("a > 2pt", "Q119", 4, {"found": "2pt"}),
        ("previous(a + b) = 1", "Q118", 11, {"function": "previous"}),
        ("mean(a + b, 3) = 1", "Q118", 7, {"function": "mean"}),
        ("mean(a, b) = 1", "Q118", 8, {"function": "mean", "case": "periods", "most": 120}),
        ("previous(a, 1.5) = 1", "Q118", 12, {"function": "previous", "case": "periods", "most": 120}),
        ("cmgr(a, 5%) = 1", "Q118", 8, {"function": "cmgr", "case": "periods", "most": 120}),
        ("cmgr(a, 0) = 1", "Q118", 8, {"function": "cmgr", "case": "periods", "most": 120}),
        ("mean(a, 121) = 1", "Q118", 8, {"function": "mean", "case": "periods", "most": 120}),
        ("a / b > 0.5", "Q125", 2, {}),
        ("previous(a) = 1", "Q126", 0, {"function": "previous"}),
        ("amount + 1", "Q114", 7, {"found": "123", "wanted": "true"}),
    ],
)
def test_a_where_that_is_none_is_refused_under_a_caret(
    text: str, code: str, column: int, args: dict[str, object]
) -> None:
    assert problem(text) == (code, column, args)


def test_an_unknown_function_far_from_all_is_answered_with_the_list() -> None:
    assert str(problem("foo(a) = 1")[2]["nearest"]).startswith("abs, least, greatest")


@pytest.mark.parametrize(
    ("text", "column", "found"),
    [
        ("leads > 3", 6, "leads > 3"),
        ("leads and calls", 6, "leads and calls"),
        ("leads + 'x'", 8, "'x'"),
        ("leads * lower(x)", 8, "lower(x)"),
        ("2026-04-01", 0, "2026-04-01"),
        ("true", 0, "true"),
    ],
)
def test_a_formula_is_arithmetic_alone(text: str, column: int, found: str) -> None:
    assert problem(text, formula) == ("Q113", column, {"found": found})


@pytest.mark.parametrize(
    "text", ["leads * 2 - -1", "previous + revenue.new - previous(x)", "least(a, coalesce(b, 30万円)) / abs(c)"]
)
def test_formulas_calculate(text: str) -> None:
    assert formula(text) == expression(Source(text))


@pytest.mark.parametrize("text", ["(" * 64 + "a" + ")" * 64, "a" + " + a" * 63, "-" * 63 + "a"])
def test_what_a_reader_can_still_follow_is_read(text: str) -> None:
    assert isinstance(formula(text), Name | Binary | Negative)


def from_far_below(frames: int, text: str) -> Node:
    return from_far_below(frames - 1, text) if frames else formula(text)


def test_the_deepest_nesting_leaves_room_on_the_stack_for_the_callers() -> None:
    assert from_far_below(250, "abs(" * 63 + "(a)" + ")" * 63) == formula("abs(" * 63 + "a" + ")" * 63)


@pytest.mark.parametrize(
    "text", ["(" * 65 + "a" + ")" * 65, "a" + " + a" * 64, "-" * 64 + "a", "abs(" * 900 + "a", "not " * 900 + "a"]
)
def test_deeper_nesting_is_refused_and_exhausts_no_stack(text: str) -> None:
    assert problem(text, formula)[0] == "Q107"
