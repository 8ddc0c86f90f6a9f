"""Intervals: what a formula can be while its parts lie within limits; and the one level that is left when all else is.

Law: for levels within their intervals, the formula's value lies within the formula's interval.
Source: Moore, Interval Analysis (1966). A part that stands twice makes the interval wider than need be, never narrower.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from itertools import product
from typing import TypeAlias

from shinro.definitions.evaluate import value
from shinro.definitions.expression import Binary, Name, Negative, Node, Number, names

Edge: TypeAlias = Fraction | float  # a float is only ever -inf or inf
INFINITE = math.inf


@dataclass(frozen=True, slots=True)
class Interval:
    """From `low` to `high`, both included where they are finite; empty where low is above high."""

    low: Edge = -INFINITE
    high: Edge = INFINITE

    def __contains__(self, number: Fraction) -> bool:
        return self.low <= number <= self.high

    def __and__(self, other: Interval) -> Interval:
        return Interval(max(self.low, other.low), min(self.high, other.high))

    def __add__(self, other: Interval) -> Interval:
        return Interval(_sum(self.low, other.low), _sum(self.high, other.high))

    def __neg__(self) -> Interval:
        return Interval(-self.high, -self.low)

    def __mul__(self, other: Interval) -> Interval:
        edges = [_product(a, b) for a, b in product((self.low, self.high), (other.low, other.high))]
        return Interval(min(edges), max(edges))

    def __truediv__(self, other: Interval) -> Interval:
        return self * other.inverse

    @property
    def is_empty(self) -> bool:
        """Whether no number lies in it."""
        return self.low > self.high

    @property
    def inverse(self) -> Interval:
        """1 / x over it: everything where 0 lies inside."""
        if self.low < 0 < self.high or self.low == self.high == 0:
            return ANYTHING
        return Interval(
            _over(self.high) if self.high else -INFINITE,
            _over(self.low) if self.low else INFINITE,
        )


ANYTHING = Interval()


def span(node: Node, known: Mapping[str, Interval]) -> Interval:
    """What a formula can be; a name that is not known, and a function, can be anything."""
    match node:
        case Number(number):
            return Interval(number, number)
        case Name(path=path):
            return known.get(path, ANYTHING)
        case Negative(of):
            return -span(of, known)
        case Binary(op, left, right):
            return _computed(op, span(left, known), span(right, known))
        case _:
            return ANYTHING


def remaining(node: Node, unknown: str, whole: Fraction, levels: Mapping[str, Fraction]) -> Fraction | None:
    """The level of one name at which a formula is `whole` while the others stand at `levels`.

    None where there is no such level, or not only one: the name stands twice, in a function, or where 0 hides it.
    """
    if isinstance(node, Name):
        return whole if node.path == unknown else None
    if isinstance(node, Negative):
        return remaining(node.of, unknown, -whole, levels)
    if not isinstance(node, Binary):
        return None
    inside = [any(name.path == unknown for name in names(side)) for side in (node.left, node.right)]
    if inside.count(True) != 1:
        return None
    hidden, plain = (node.left, node.right) if inside[0] else (node.right, node.left)
    other = value(plain, levels)
    if not isinstance(other, Fraction):
        return None
    needed = _undone(node.op, whole, other, first=inside[0])
    return None if needed is None else remaining(hidden, unknown, needed, levels)


def _undone(op: str, whole: Fraction, other: Fraction, *, first: bool) -> Fraction | None:
    """The operand that gives the whole together with the other one."""
    match op:
        case "+":
            return whole - other
        case "-":
            return whole + other if first else other - whole
        case "*":
            return whole / other if other else None
        case _:
            found = whole * other if first else other / whole if whole else None
            return found if other else None


def _computed(op: str, left: Interval, right: Interval) -> Interval:
    match op:
        case "+":
            return left + right
        case "-":
            return left + -right
        case "*":
            return left * right
        case _:
            return left / right


def _sum(a: Edge, b: Edge) -> Edge:
    """Never of two opposite infinities: low edges are never inf, high ones never -inf."""
    if isinstance(a, float):
        return a
    return b if isinstance(b, float) else a + b


def _product(a: Edge, b: Edge) -> Edge:
    if a == 0 or b == 0:
        return Fraction(0)
    if isinstance(a, float) or isinstance(b, float):
        return INFINITE if (a > 0) == (b > 0) else -INFINITE
    return a * b


def _over(edge: Edge) -> Edge:
    return Fraction(0) if isinstance(edge, float) else 1 / edge
