"""Expressions -> text, in one normal form. Law: reading what was printed gives the same tree."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

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
from shinro.definitions.tokens import is_plain_name
from shinro.units import decimal_text

# How tightly a node binds, after the rules of the grammar; what is not named here needs no parentheses.
EITHER, BOTH, NEGATION, COMPARISON, SUM, PRODUCT, FACTOR, ATOM = range(8)
LEVELS: Mapping[type[Node], int] = {
    Or: EITHER,
    And: BOTH,
    Not: NEGATION,
    Compare: COMPARISON,
    In: COMPARISON,
    Between: COMPARISON,
    IsNull: COMPARISON,
    Negative: FACTOR,
}


def text(node: Node) -> str:
    """The node as one would write it, with no more parentheses than it needs."""
    match node:
        case And() | Or() | Not():
            return _connected(node)
        case Compare() | In() | Between() | IsNull():
            return _compared(node)
        case Binary() | Negative() | Call():
            return _computed(node)
        case _:
            return _leaf(node)


def _connected(node: And | Or | Not) -> str:
    match node:
        case Or(parts):
            return " or ".join(_within(part, BOTH) for part in parts)
        case And(parts):
            return " and ".join(_within(part, NEGATION) for part in parts)
        case _:
            return f"not {_within(node.of, NEGATION)}"


def _compared(node: Compare | In | Between | IsNull) -> str:
    match node:
        case Compare(op, left, right):
            return f"{_within(left, SUM)} {op} {_within(right, SUM)}"
        case In(of, choices, negated):
            return f"{_within(of, SUM)} {'not ' * negated}in ({_listed(choices, SUM)})"
        case Between(of, low, high, negated):
            return f"{_within(of, SUM)} {'not ' * negated}between {_within(low, SUM)} and {_within(high, SUM)}"
        case _:
            return f"{_within(node.of, SUM)} is {'not ' * node.negated}null"


def _computed(node: Binary | Negative | Call) -> str:
    match node:
        case Binary(op, left, right):
            return f"{_within(left, _level(node))} {op} {_within(right, _level(node) + 1)}"
        case Negative(of):
            return f"-{_within(of, FACTOR)}"
        case _:
            return f"{node.function}({_listed(node.args, EITHER)})"


def _leaf(node: Number | Text | Day | Truth | Name) -> str:
    match node:
        case Name(name, part):
            return name_text(name) if part is None else f"{name_text(name)}.{name_text(part)}"
        case Text(value):
            return "'{}'".format(value.replace("'", "''"))
        case Day(value):
            return value.isoformat()
        case Truth(value):
            return str(value).lower()
        case _:
            return number_text(node)


def number_text(number: Number) -> str:
    """A number with its unit: `1200.5`, `5%`, `2pt`, `1000000 JPY`. Law: it must be a finite decimal."""
    if number.unit in ("%", "pt"):
        return f"{decimal_text(number.value * 100)}{number.unit}"
    return f"{decimal_text(number.value)} {number.unit}".rstrip()


def name_text(name: str) -> str:
    """A name, between backquotes where it is not a plain one."""
    return name if is_plain_name(name) else "`{}`".format(name.replace("`", "``"))


def _within(node: Node, level: int) -> str:
    """The node where the grammar wants something that binds at least so tightly."""
    return text(node) if _level(node) >= level else f"({text(node)})"


def _listed(nodes: Iterable[Node], level: int) -> str:
    return ", ".join(_within(node, level) for node in nodes)


def _level(node: Node) -> int:
    if isinstance(node, Binary):
        return SUM if node.op in "+-" else PRODUCT
    return LEVELS.get(type(node), ATOM)
