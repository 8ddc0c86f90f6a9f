"""Conditions on rows: our expressions as Ibis expressions, the same in every engine; nothing is divided."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from fractions import Fraction
from functools import reduce
from operator import add, and_, eq, ge, gt, le, lt, mul, ne, or_, sub
from typing import Any

import ibis

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
from shinro.queries.local_day import day_literal, days_from

Column = Any  # an Ibis value; its classes are not told apart here
Columns = Mapping[str, Column]

PLACES = 9
SPACES = " \u3000"
UPPER = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
COMPARISONS: Mapping[str, Callable[..., Any]] = {"=": eq, "!=": ne, "<": lt, "<=": le, ">": gt, ">=": ge}
ARITHMETIC: Mapping[str, Callable[..., Any]] = {"+": add, "-": sub, "*": mul}


@ibis.udf.scalar.builtin(name="trim")  # type: ignore[untyped-decorator]  # Ibis ships no types
def trimmed(text: str, characters: str) -> str:  # type: ignore[empty-body]  # the engine's own function
    """The text without the characters at its ends."""


def condition(node: Node, columns: Columns) -> Column:
    """A `where` over a row's columns, with SQL's three values. Joined tables' columns are named `table.column`."""
    match node:
        case And(parts):
            return reduce(and_, (condition(part, columns) for part in parts))
        case Or(parts):
            return reduce(or_, (condition(part, columns) for part in parts))
        case Not(of):
            return ~condition(of, columns)
        case Compare(op, left, right):
            return COMPARISONS[op](value(left, columns), value(right, columns))
        case In(of, choices, negated):
            found = value(of, columns).isin([value(choice, columns) for choice in choices])
            return ~found if negated else found
        case Between(of, low, high, negated):
            found = value(of, columns).between(value(low, columns), value(high, columns))
            return ~found if negated else found
        case IsNull(of, negated):
            return value(of, columns).notnull() if negated else value(of, columns).isnull()
        case _:
            return value(node, columns)


def value(node: Node, columns: Columns) -> Column:
    """A value of a row."""
    match node:
        case Name():
            return columns[node.path]
        case Number(number):
            return _number(number)
        case Text(text) | Truth(text):
            return ibis.literal(text)
        case Day(day):
            return day_literal(day)
        case Negative(of):
            return -value(of, columns)
        case Binary(op, left, right):
            return ARITHMETIC[op](value(left, columns), value(right, columns))
        case Call(function, args):
            return FUNCTIONS[function](*(value(arg, columns) for arg in args))
        case _:
            return _closed(condition(node, columns))


def _closed(truth: Column) -> Column:
    """A truth as an operand: the compiler writes `a IN (b) IS NULL` bare, and COALESCE of one brings parentheses."""
    return ibis.coalesce(truth)


def _number(number: Fraction) -> Column:
    """An exact literal: an integer, or a decimal with as many places as it needs (engines cut what does not fit)."""
    if number.denominator == 1:
        return ibis.literal(int(number))
    places = PLACES
    while (number * 10**places).denominator != 1 and places < 30:  # noqa: PLR2004 - DECIMAL(38) holds no more
        places += 1
    return ibis.literal(Decimal(number.numerator) / Decimal(number.denominator), type=f"decimal(38, {places})")


FUNCTIONS: Mapping[str, Callable[..., Any]] = {
    "abs": lambda x: x.abs(),
    "least": ibis.least,
    "greatest": ibis.greatest,
    "coalesce": ibis.coalesce,
    "lower": lambda x: x.translate(UPPER, UPPER.lower()),
    "upper": lambda x: x.translate(UPPER.lower(), UPPER),
    "trim": lambda x: trimmed(x, SPACES),
    "length": lambda x: x.length(),
    "contains": lambda x, part: _closed(x.contains(part)),
    "starts_with": lambda x, part: _closed(x.startswith(part)),
    "ends_with": lambda x, part: _closed(x.endswith(part)),
    "days_between": days_from,
}
