"""Batches: the equations computed forward for many sets of levels at once, in floats, fast enough to search with.

Arrays have the shape (sets,), one a period. They may be complex: a step of 1e-30 i in a level gives derivatives that
are right to the last digit. Law: what is computed here is what `unfold` computes exactly, to rounding.
Source: Squire & Trapp (1998), Using Complex Variables to Estimate Derivatives, doi:10.1137/S003614459631241X.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from shinro.definitions.expression import Binary, Call, Name, Negative, Node, Number
from shinro.definitions.unfolding import Unfolding

Array: TypeAlias = NDArray[Any]
Read: TypeAlias = Callable[[str, int], Any]  # a metric's array in a period, negative before the first
Step: TypeAlias = Callable[[Read, str, int], Any]  # -> its value; the node's own name, the period


@dataclass(frozen=True, slots=True)
class Batch:
    """Equations made ready to be computed."""

    leaves: tuple[str, ...]
    steps: tuple[tuple[str, Step], ...]
    past: Mapping[str, tuple[float, ...]]
    counts: frozenset[str] = frozenset()  # never below 0

    def run(self, levels: Mapping[str, Array], periods: int) -> Read:
        """Every metric in each period, from the leaves' levels of the shape (periods, sets)."""
        known: dict[str, list[Any]] = {name: list(levels[name][:periods]) for name in self.leaves}
        known |= {name: [] for name, _ in self.steps}

        def read(name: str, period: int) -> Any:  # noqa: ANN401 - an array or a number
            if period >= 0:
                return known[name][period]
            older = self.past.get(name, ())
            return older[max(len(older) + period, 0)] if older else np.nan

        with np.errstate(all="ignore"):  # what is undefined is nan, and read as such
            for period in range(periods):
                for name, step in self.steps:
                    found = step(read, name, period)
                    known[name].append(np.where(np.real(found) < 0, 0.0, found) if name in self.counts else found)
        return read


def batch(unfolding: Unfolding, past: Mapping[str, Sequence[Fraction]]) -> Batch:
    """The equations of an unfolding, compiled once."""
    steps = tuple((name, compiled(node)) for name, node in unfolding.equations.items())
    known = {name: tuple(map(float, values)) for name, values in past.items()}
    return Batch(unfolding.leaves, steps, known, unfolding.counts)


def compiled(node: Node) -> Step:
    """A formula as a function of what it reads. Dividing by 0 gives nan, as does a root of what is below 0."""
    match node:
        case Number(number):
            constant = float(number)
            return lambda _read, _own, _n: constant
        case Name(path="previous"):
            return lambda read, own, n: read(own, n - 1)
        case Name(path=path):
            return lambda read, _own, n: read(path, n)
        case Negative(of):
            inner = compiled(of)
            return lambda read, own, n: -inner(read, own, n)
        case Binary(op, left, right):
            return _binary(op, compiled(left), compiled(right))
        case Call(function, args):
            return _call(function, args)
    raise TypeError(node)


def _binary(op: str, left: Step, right: Step) -> Step:
    match op:
        case "+":
            return lambda read, own, n: left(read, own, n) + right(read, own, n)
        case "-":
            return lambda read, own, n: left(read, own, n) - right(read, own, n)
        case "*":
            return lambda read, own, n: left(read, own, n) * right(read, own, n)
        case _:
            return lambda read, own, n: _over(left(read, own, n), right(read, own, n))


def _over(over: Any, base: Any) -> Any:  # noqa: ANN401 - arrays or numbers
    base = np.asarray(base)
    return np.asarray(over) / np.where(base == 0, np.nan, base)


def _call(function: str, args: tuple[Node, ...]) -> Step:
    if function in ("previous", "mean", "cmgr") and isinstance(args[0], Name):
        path = args[0].path
        back = int(args[1].value) if len(args) > 1 and isinstance(args[1], Number) else 1
        match function:
            case "previous":
                return lambda read, _own, n: read(path, n - back)
            case "mean":
                return lambda read, _own, n: sum(read(path, n - k) for k in range(back)) / back
            case _:
                return lambda read, _own, n: _over(read(path, n), read(path, n - back)) ** (1 / back) - 1
    inner = [compiled(arg) for arg in args]
    pick = _PICKS[function]
    return lambda read, own, n: pick([np.asarray(step(read, own, n)) for step in inner])


def _least(values: list[Array]) -> Array:
    found = values[0]
    for value in values[1:]:
        found = np.where(value.real < found.real, value, found)
    return found


def _greatest(values: list[Array]) -> Array:
    return -_least([-value for value in values])


def _known(values: list[Array]) -> Array:
    found = values[0]
    for value in values[1:]:
        found = np.where(np.isnan(found), value, found)
    return found


_PICKS: Mapping[str, Callable[[list[Array]], Array]] = {
    "least": _least,
    "greatest": _greatest,
    "coalesce": _known,
    "abs": lambda values: np.where(values[0].real < 0, -values[0], values[0]),
    "positive": lambda values: np.where(values[0].real > 0, values[0], np.nan),
}
