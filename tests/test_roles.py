"""What a `where` takes its columns for."""

from __future__ import annotations

import pytest

from shinro.definitions.grammar import expression, where
from shinro.definitions.roles import types
from shinro.definitions.tokens import Mistake, Source


def roles(text: str) -> dict[str, str]:
    return {column.path: role.value for column, role in types(where(text)).items()}


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("kind = 'call'", {"kind": "text"}),
        ("'call' = kind", {"kind": "text"}),
        ("amount >= 100万円", {"amount": "number"}),
        ("rate < 5%", {"rate": "number"}),
        ("closed >= 2026-04-01", {"closed": "time"}),
        ("paid = true", {"paid": "truth"}),
        ("paid", {"paid": "truth"}),
        ("paid and not 削除", {"paid": "truth", "削除": "truth"}),
        ("a is null", {"a": "any"}),
        ("a = b", {"a": "any", "b": "any"}),
        ("a < b", {"a": "any", "b": "any"}),
        ("a = b and b = c and c = 3", {"a": "number", "b": "number", "c": "number"}),
        ("c = 3 and b = c and b = a", {"c": "number", "b": "number", "a": "number"}),
        ("a = b and c = a and c = b", {"a": "any", "b": "any", "c": "any"}),
        ("(a = 3) = false or (a = 3) = b", {"a": "number", "b": "truth"}),
        ("a in (1, b)", {"a": "number", "b": "number"}),
        ("a between b and 2026-04-01", {"a": "time", "b": "time"}),
        ("a * b - -c > d", {"a": "number", "b": "number", "c": "number", "d": "number"}),
        ("lower(a) = b", {"a": "text", "b": "text"}),
        ("length(a) > b", {"a": "text", "b": "number"}),
        ("starts_with(a, b)", {"a": "text", "b": "text"}),
        ("days_between(a, b) <= 30", {"a": "time", "b": "time"}),
        ("abs(a) = 1", {"a": "number"}),
        ("coalesce(a, b, 'x') = c", {"a": "text", "b": "text", "c": "text"}),
        ("least(a, 3) = b", {"a": "number", "b": "number"}),
        ("deals.stage = 'won' and stage = 3", {"deals.stage": "text", "stage": "number"}),
    ],
)
def test_a_column_is_what_it_is_used_as(text: str, found: dict[str, str]) -> None:
    assert roles(text) == found


@pytest.mark.parametrize(
    ("text", "code", "column"),
    [
        ("kind = 'call' and kind = 3", "Q114", 25),
        ("'3' = 3", "Q114", 6),
        ("a in ('x', 3)", "Q114", 11),
        ("a = b and a = 'x' and b = true", "Q114", 26),
        ("length(3) = 1", "Q114", 7),
        ("contains(a, 2026-04-01)", "Q114", 12),
        ("'x'", "Q114", 0),
        ("lower(a)", "Q114", 0),
        ("not (a + 1)", "Q114", 7),
        ("a and 3", "Q114", 6),
        ("a + 'x' > 3", "Q114", 4),
        ("kind < 'x'", "Q127", 5),
        ("kind < other and kind = 'x'", "Q127", 5),
        ("a between 'x' and 'y'", "Q127", 2),
        ("greatest(a, 'x') = b", "Q127", 0),
        ("true > a", "Q127", 5),
        ("closed - opened > 3 and closed > 2026-04-01", "Q128", 33),
        ("2026-04-01 - opened > 3", "Q128", 0),
        ("-2026-04-01 = a", "Q128", 1),
        ("closed > 2026-04-01 and closed - opened > 3", "Q128", 24),
        ("a + 2026-04-01 = b", "Q128", 4),
    ],
)
def test_a_column_is_one_thing_only(text: str, code: str, column: int) -> None:
    with pytest.raises(Mistake) as caught:
        where(text)
    problem = caught.value.problem
    assert (problem.code, problem.hint) == (code, (text, column))


def test_many_columns_that_equal_each_other_exhaust_no_stack() -> None:
    text = " and ".join(f"c{n} = c{n + 1}" for n in range(260))
    assert set(roles(text).values()) == {"any"}


def test_types_of_a_tree_from_elsewhere_are_checked_too() -> None:
    with pytest.raises(Mistake):
        types(expression(Source("a + 1")))
