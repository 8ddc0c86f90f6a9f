"""Formulas path by path: what an identity gives on every path, from what it reads now and in earlier periods."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from shinro.analysis.forecast_models import Array
from shinro.analysis.forecast_share import counted
from shinro.definitions.expression import Binary, Call, Name, Negative, Node, Number, walk
from shinro.definitions.functions import FUNCTIONS
from shinro.definitions.tree import is_previous

Of = Callable[[str], Array]
Back = Callable[[str, int], Array]


def nothing(name: str, _: int) -> Array:
    """Where no earlier period is known."""
    raise KeyError(name)


@dataclass(frozen=True, slots=True)
class Row:
    """What a formula reads: metrics now, and so many periods before; bare `previous` is asked for by that name."""

    of: Of
    back: Back = nothing


def computed(node: Node, row: Row) -> Array:
    """A formula's value, path by path, as definitions/evaluate.py has it of exact numbers; NaN where that is null."""
    match node:
        case Number(number):
            return np.asarray(float(number))
        case Name() as name:
            return row.back(name.path, 1) if is_previous(name) else row.of(name.path)
        case Negative(inner):
            return np.asarray(-computed(inner, row))
        case Binary(op, left, right):
            return _applied(op, computed(left, row), computed(right, row))
        case Call(function, (Name() as name, *periods)) if FUNCTIONS[function].looks_back:
            return _looked_back(function, name.path, periods, row)
        case Call(function, args):
            return _called(function, [computed(each, row) for each in args])
    raise ValueError(node)


def _looked_back(function: str, metric: str, periods: Sequence[Node], row: Row) -> Array:
    count = int(periods[0].value) if periods and isinstance(periods[0], Number) else 1
    if function == "previous":
        return row.back(metric, count)
    now = row.of(metric)
    if function == "mean":
        return np.asarray(sum((row.back(metric, n) for n in range(1, count)), now) / count)
    first = row.back(metric, count)
    positive = (first > 0) & (now > 0)
    grown = np.divide(now, first, out=np.full(np.broadcast_shapes(now.shape, first.shape), np.nan), where=positive)
    return np.asarray(grown ** (1 / count) - 1)


def _called(function: str, args: Sequence[Array]) -> Array:
    match function:
        case "least" | "greatest":
            pick = np.fmin if function == "least" else np.fmax
            found = args[0]
            for each in args[1:]:
                found = pick(found, each)
            return np.asarray(found)
        case "coalesce":
            found = args[0]
            for each in args[1:]:
                found = np.where(np.isnan(found), each, found)
            return np.asarray(found)
        case "positive":
            return np.where(args[0] > 0, args[0], np.nan)
    return np.abs(args[0])


def _applied(op: str, left: Array, right: Array) -> Array:
    match op:
        case "+":
            return np.asarray(left + right)
        case "-":
            return np.asarray(left - right)
        case "*":
            return np.asarray(left * right)
    shape = np.broadcast_shapes(left.shape, right.shape)
    return np.asarray(np.divide(left, right, out=np.full(shape, np.nan), where=right != 0))


@dataclass(frozen=True, slots=True)
class Counting:
    """How a count is drawn from a formula: which names are counts, and which stand for a share without its noise."""

    counts: frozenset[str]
    still: Callable[[str], bool]
    rng: np.random.Generator


def whole_value(node: Node, row: Row, how: Counting) -> Array:
    """A formula of counts as whole numbers: of a count times a share so many are drawn, any other part by chance.

    Where a share's own paths have the noise of counting already, only the part below one is left to chance.
    Law: its mean is the formula's value.
    """
    if isinstance(node, Binary) and node.op in "+-":
        return _applied(node.op, whole_value(node.left, row, how), whole_value(node.right, row, how))
    parts = list(_multiplied(node))
    counts = [part for part in parts if _is_count(part, how.counts)]
    rates = [part for part in parts if part not in counts]
    if len(counts) == 1 and rates:
        rate = np.asarray(np.prod(np.broadcast_arrays(*(computed(part, row) for part in rates)), axis=0))
        read = {name.path for part in rates for name in walk(part) if isinstance(name, Name)}
        if bool(((rate >= 0) & (rate <= 1)).all()) and all(map(how.still, read)):
            base = computed(counts[0], row)
            return counted(base, np.broadcast_to(rate, base.shape), how.rng)
    return by_chance(computed(node, row), how.rng)


def by_chance(values: Array, rng: np.random.Generator) -> Array:
    """Whole numbers: what is left above one is one more so often. Law: the mean stays."""
    low = np.floor(values)
    left = values - low
    return np.asarray(np.where(left > 0, low + (rng.random(values.shape) < left), values))


def _multiplied(node: Node) -> Iterator[Node]:
    if isinstance(node, Binary) and node.op == "*":
        yield from _multiplied(node.left)
        yield from _multiplied(node.right)
    else:
        yield node


def _is_count(node: Node, counts: frozenset[str]) -> bool:
    if isinstance(node, Call) and node.function == "previous":
        return _is_count(node.args[0], counts)
    return isinstance(node, Name) and node.path in counts


def can_be_drawn(node: Node) -> bool:
    """Whether a formula is made of what paths can be put through: numbers, names, + - * / and formulas' functions."""
    return all(_can_be(part) for part in walk(node))


def _can_be(node: Node) -> bool:
    if isinstance(node, Call):
        return node.function in FUNCTIONS and FUNCTIONS[node.function].formula
    return isinstance(node, Number | Name | Negative | Binary)


def looks_back(node: Node) -> bool:
    """Whether a formula reads its own value of the period before by the bare word."""
    return any(isinstance(part, Name) and is_previous(part) for part in walk(node))


def looked_back_at(node: Node) -> Iterator[str]:
    """The metrics whose earlier values a formula reads by their names."""
    for part in walk(node):
        match part:
            case Call(function, (Name() as name, *_)) if FUNCTIONS[function].looks_back:
                yield name.path


def leavers(node: Node) -> Iterator[str]:
    """The flows that a stock's identity takes from `previous`: `previous + a - b` gives b."""
    match node:
        case Binary("-", left, Name() as name):
            yield name.path
            yield from leavers(left)
        case Binary("+", left, _):
            yield from leavers(left)
