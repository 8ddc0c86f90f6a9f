"""Emptying: stocks of what is counted hold no fewer than none: what leaves in a period is at most what stood before it.

So the paths of a forecast have it (analysis/forecast_rolled). Money may be below 0 (a balance, what is owed), and stays
free.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from fractions import Fraction

from shinro.definitions.expression import Binary, Call, Name, Node, Number, walk
from shinro.definitions.tree import is_previous
from shinro.definitions.unfolding import Unfolding
from shinro.series import Meaning, Nature

PREVIOUS, ZERO = Name("previous"), Number(Fraction(0))


def emptied(unfolding: Unfolding, meanings: Mapping[str, Meaning], past: Mapping[str, Sequence[Fraction]]) -> Unfolding:
    """The equations with their stocks of what is counted never below 0; those that were are taken as they are.

    Law: where no more leaves than stands, every value is what it was. Cost: linear in the formulas.
    """
    equations = unfolding.equations
    counts = frozenset(
        metric
        for metric, node in equations.items()
        if _is_counted(meanings.get(metric))
        and any(isinstance(part, Name) and is_previous(part) for part in walk(node))
        and min(past.get(metric, ()), default=Fraction(0)) >= 0
    )
    held = {metric: _held(_told_apart(equations[metric], equations), equations) for metric in counts}
    return replace(unfolding, equations={**equations, **held}, counts=counts)


def _is_counted(meaning: Meaning | None) -> bool:
    """Whether a metric is a stock of things: of companies, contracts, people."""
    powers = meaning.unit.powers if meaning and meaning.nature is Nature.STOCK else ()
    return len(powers) == 1 and powers[0][0].startswith("count:") and powers[0][1] == 1


def _told_apart(node: Node, equations: Mapping[str, Node]) -> Node:
    """A sum over time of a net flow, what comes told apart from what leaves."""
    match node:
        case Binary("+", Name() as before, Name(path=path)) if is_previous(before) and path in equations:
            return _added(equations[path]) if isinstance(equations[path], Binary) else node
    return node


def _added(node: Node) -> Node:
    match node:
        case Binary(("+" | "-") as op, left, right):
            return Binary(op, _added(left), right)
    return Binary("+", PREVIOUS, node)


def _held(node: Node, equations: Mapping[str, Node]) -> Node:
    """A stock's identity, each flow that it takes from `previous` no more than that."""
    match node:
        case Binary("-", left, Name(path=path) as gone):
            least: Node = Call("least", (gone, PREVIOUS))  # which passes nulls over
            least = Binary("+", least, Binary("*", gone, ZERO)) if path in equations else least
            return Binary("-", _held(left, equations), least)
        case Binary("+", left, right):
            return Binary("+", _held(left, equations), right)
    return node
