"""The value of an expression on one row, exactly, with SQL's logic of three values: the meaning that SQL must match.

A null spreads through arithmetic and comparisons; `false and null` is false, `true or null` is true; `least` and
`greatest` pass nulls over. Dividing by zero gives null. Texts are compared by their characters, not by a collation.
`previous`, `mean` and `cmgr` read earlier periods, and are null where one of those that they read is.
"""

from __future__ import annotations

import string
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction
from operator import add, contains, eq, ge, gt, le, lt, mul, ne, sub
from typing import TypeAlias

from shinro.definitions.expression import (
    And,
    Between,
    Binary,
    Call,
    Compare,
    In,
    IsNull,
    Name,
    Negative,
    Node,
    Not,
    Number,
    Or,
    walk,
)
from shinro.definitions.functions import FUNCTIONS
from shinro.definitions.roots import compound

Value: TypeAlias = Fraction | str | date | bool | None
Of: TypeAlias = Callable[[Node], Value]
Past: TypeAlias = Callable[[Name, int], Value]  # a metric so many periods before

PREVIOUS = "previous"  # alone in a formula: its own last value

_LOWER = str.maketrans(string.ascii_uppercase, string.ascii_lowercase)
_UPPER = str.maketrans(string.ascii_lowercase, string.ascii_uppercase)
_COMPARE: Mapping[str, Callable[..., bool]] = {"=": eq, "!=": ne, "<": lt, "<=": le, ">": gt, ">=": ge}
_COMPUTE: Mapping[str, Callable[..., Value]] = {
    "+": add,
    "-": sub,
    "*": mul,
    "/": lambda left, right: left / right if right else None,
}
# What a function gives where no argument is null.
_CALL: Mapping[str, Callable[..., Value]] = {
    "abs": abs,
    "positive": lambda number: number if number > 0 else None,
    "lower": lambda text: text.translate(_LOWER),
    "upper": lambda text: text.translate(_UPPER),
    "trim": lambda text: text.strip(" \u3000"),
    "length": lambda text: Fraction(len(text)),
    "contains": contains,
    "starts_with": str.startswith,
    "ends_with": str.endswith,
    "days_between": lambda first, last: Fraction((last - first).days),
}
# What one gives of those that are not null; null where all are.
_PICK: Mapping[str, Callable[..., Value]] = {"least": min, "greatest": max, "coalesce": lambda known: known[0]}


def undefined(_: Name, __: int) -> Value:
    """Before the first period there is nothing."""
    return None


def value(node: Node, row: Mapping[str, object], past: Past = undefined) -> Value:
    """The value on one row, columns by their path (`a`, `a.b`), moments given as local days.

    In a formula the row holds the metrics of one period, bare `previous` is looked up as `row["previous"]`, and
    `past` is asked for other metrics' earlier values.
    """

    def of(part: Node) -> Value:
        match part:
            case Name(path=path):
                return _exact(row[path])
            case Call(function, (Name() as name, *periods)) if FUNCTIONS[function].looks_back:
                return _looked_back(function, name, _whole(periods), of(name) if periods else None, past)
            case Negative() | Binary() | Call():
                return _computed(part, of)
            case And() | Or() | Not() | Compare() | In() | Between() | IsNull():
                return _truth(part, of)
            case _:
                return part.value

    return of(node)


def earlier(node: Node) -> tuple[tuple[str, int], ...]:
    """What a formula reads of earlier periods, and how many periods before; PREVIOUS is what it was itself."""
    found: dict[tuple[str, int], None] = {}
    for part in walk(node):
        match part:
            case Name(path="previous"):
                found[PREVIOUS, 1] = None
            case Call(function, (Name(path=path), *periods)) if FUNCTIONS[function].looks_back:
                last = _whole(periods)
                found |= dict.fromkeys((path, n) for n in (range(1, last) if function == "mean" else (last,)))
    return tuple(found)


def _whole(periods: Sequence[Node]) -> int:
    return int(periods[0].value) if periods and isinstance(periods[0], Number) else 1


def _looked_back(function: str, name: Name, periods: int, now: Value, past: Past) -> Value:
    if function == "previous":
        return past(name, periods)
    if function == "cmgr":
        first = past(name, periods)
        return compound(first, now, periods) if isinstance(first, Fraction) and isinstance(now, Fraction) else None
    values = [now, *(past(name, n) for n in range(1, periods))]
    known = [found for found in values if isinstance(found, Fraction)]
    return sum(known, Fraction(0)) / periods if len(known) == periods else None


def _exact(found: object) -> Value:
    """Integers and decimals of a row as fractions; the rest as it is."""
    if isinstance(found, int | Decimal) and not isinstance(found, bool):
        return Fraction(found)
    if found is None or isinstance(found, Fraction | str | date | bool):
        return found
    raise TypeError(found)


def _computed(node: Negative | Binary | Call, of: Of) -> Value:
    match node:
        case Negative(inner):
            return _known(sub, Fraction(0), of(inner))
        case Binary(op, left, right):
            return _known(_COMPUTE[op], of(left), of(right))
        case Call(function, args) if function in _PICK:
            known = [found for found in map(of, args) if found is not None]
            return _PICK[function](known) if known else None
        case _:
            return _known(_CALL[node.function], *map(of, node.args))


def _truth(node: And | Or | Not | Compare | In | Between | IsNull, of: Of) -> bool | None:
    match node:
        case And(parts):
            return _all(map(of, parts))
        case Or(parts):
            return _any(map(of, parts))
        case Not(inner):
            return _not(of(inner))
        case Compare(op, left, right):
            return _compared(op, of(left), of(right))
        case IsNull(inner, negated):
            return (of(inner) is None) is not negated
        case _:
            found = _inside(node, of)
            return _not(found) if node.negated else found


def _inside(node: In | Between, of: Of) -> bool | None:
    here = of(node.of)
    if isinstance(node, In):
        return _any([_compared("=", here, of(choice)) for choice in node.choices])
    return _all([_compared(">=", here, of(node.low)), _compared("<=", here, of(node.high))])


def _known(function: Callable[..., Value], *args: Value) -> Value:
    """The function's value; null where an argument is."""
    return None if None in args else function(*args)


def _compared(op: str, left: Value, right: Value) -> bool | None:
    return None if left is None or right is None else _COMPARE[op](left, right)


def _not(truth: Value) -> bool | None:
    return None if truth is None else not truth


def _all(truths: Iterable[Value]) -> bool | None:
    found = set(truths)
    return False if False in found else None if None in found else True


def _any(truths: Iterable[Value]) -> bool | None:
    return _not(_all(map(_not, truths)))
