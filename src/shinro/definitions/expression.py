"""Expressions: what a formula or a `where` says, as a tree of frozen values.

Every node knows `at`, the offset (from 0) of its own sign in the text that it was read from: the operator of an
operation, the first character of a leaf or a call. Two trees are equal when they say the same, wherever they stood.
Numbers in a tree are never negative: `-5` is a `Negative` of 5.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from typing import TypeAlias


@dataclass(frozen=True, slots=True)
class Number:
    """An exact number. Unit: "" plain, "%" (5% has value 1/20), "pt" (2pt has value 2/100), or a currency code."""

    value: Fraction
    unit: str = ""
    at: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Text:
    """A text between quotes."""

    value: str
    at: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Day:
    """A day, `2026-04-01`."""

    value: date
    at: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Truth:
    """`true` or `false`."""

    value: bool
    at: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Name:
    """`a` or `a.b`: a metric and its part in a formula, a column (of a joined table) in a `where`."""

    name: str
    part: str | None = None
    at: int = field(default=0, compare=False)

    @property
    def path(self) -> str:
        """The name as one word: `a` or `a.b`."""
        return self.name if self.part is None else f"{self.name}.{self.part}"


@dataclass(frozen=True, slots=True)
class Negative:
    """`-of`."""

    of: Node
    at: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Binary:
    """`left op right`; op is one of + - * /."""

    op: str
    left: Node
    right: Node
    at: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Compare:
    """`left op right`; op is one of = != < <= > >=."""

    op: str
    left: Node
    right: Node
    at: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class In:
    """`of in (choices)`; never without a choice."""

    of: Node
    choices: tuple[Node, ...]
    negated: bool = False
    at: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Between:
    """`of between low and high`, both ends included."""

    of: Node
    low: Node
    high: Node
    negated: bool = False
    at: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class IsNull:
    """`of is null`: the only place where null is named."""

    of: Node
    negated: bool = False
    at: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class And:
    """All of two or more parts."""

    parts: tuple[Node, ...]
    at: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Or:
    """Any of two or more parts."""

    parts: tuple[Node, ...]
    at: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Not:
    """`not of`."""

    of: Node
    at: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Call:
    """`function(args)`; the function's name is in small letters."""

    function: str
    args: tuple[Node, ...]
    at: int = field(default=0, compare=False)


Node: TypeAlias = (
    Number | Text | Day | Truth | Name | Negative | Binary | Compare | In | Between | IsNull | And | Or | Not | Call
)


def children(node: Node) -> tuple[Node, ...]:
    """The nodes directly below, from left to right."""
    match node:
        case Negative(of) | Not(of) | IsNull(of):
            return (of,)
        case Binary(_, left, right) | Compare(_, left, right):
            return (left, right)
        case In(of, choices):
            return (of, *choices)
        case Between(of, low, high):
            return (of, low, high)
        case And(parts) | Or(parts) | Call(_, parts):
            return parts
        case _:
            return ()


def walk(node: Node) -> Iterator[Node]:
    """The node and every node below it, from left to right."""
    waiting = [node]
    while waiting:
        node = waiting.pop()
        yield node
        waiting.extend(reversed(children(node)))


def names(node: Node) -> list[Name]:
    """Every name that a tree reads, in order, as often as it stands there."""
    return [found for found in walk(node) if isinstance(found, Name)]


def height(node: Node) -> int:
    """Levels of nodes, 1 for a leaf."""
    levels, level = 0, [node]
    while level:
        levels, level = levels + 1, [child for parent in level for child in children(parent)]
    return levels
