"""Stocks within a tree: opened by what flowed in and out of them since, not by how the flows changed.

Of MRR = companies * ARPA, with companies = previous + new - churned, a month's growth is told as the companies that
were won and lost in it. Each stock's formula is read as its opening level, which stays, plus the flows of all periods
in between, which were nothing at the beginning. Units and laws: those of `decompose`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import pairwise

from shinro.analysis.decompose import Found, Reader, Tree, decompose
from shinro.analysis.movement import flows_of
from shinro.analysis.spans import added
from shinro.definitions.expression import Binary, Name, Node
from shinro.findings.gaps import Decomposition, Kind, Leaf, Part, Way, Why

MARK = "\N{NULL}"  # stands in no name: a flow of a stock, apart from the same metric elsewhere in the tree
OPENING = "previous"


@dataclass(frozen=True, slots=True)
class Flow:
    """A term of a stock's formula: the metric, and its sign."""

    stock: str
    metric: str
    sign: int

    @property
    def name(self) -> str:
        """What stands for it in the tree."""
        return f"{self.stock}{MARK}{self.metric}"


def split(tree: Tree, root: str, readers: Sequence[Reader], *, chained: bool = False) -> Decomposition:
    """The change of a root between the first and the last of periods in order, end to end, or period by period.

    Cost: that of `decompose`, once or once a period.
    """
    if chained:
        return added([_ends(tree, root, pair) for pair in pairwise(readers)])
    return _ends(tree, root, readers)


def _ends(tree: Tree, root: str, readers: Sequence[Reader]) -> Decomposition:
    stocks = {name: flows for name in tree.formulas if (flows := _flows(tree, name))}
    formulas: dict[str, Node] = {name: _formula(name, flows) for name, flows in stocks.items()}
    whole = Tree({**tree.formulas, **formulas}, _plain(tree.lags, stocks), tree.rates)
    named = {flow.name: flow for flows in stocks.values() for flow in flows}
    first, last = (_reader(at, readers, named) for at in (0, len(readers) - 1))
    found = decompose(whole, root, first, last)
    if not any(MARK in leaf.name for leaf in found.leaves):
        return replace(found, steps=len(readers) - 1)
    leaves = tuple(_leaf(leaf) for leaf in found.leaves if not _is_opening(leaf))
    return replace(found, root=_part(found.root), leaves=leaves, way=Way.MOVEMENT, steps=len(readers) - 1)


def _flows(tree: Tree, stock: str) -> tuple[Flow, ...]:
    """A stock's flows; none where it is no stock, or one of its terms is more than a metric."""
    terms = flows_of(tree, stock) or []
    named = [Flow(stock, node.path, sign) for node, sign in terms if isinstance(node, Name)]
    return tuple(named) if len(named) == len(terms) else ()


def _formula(stock: str, flows: Sequence[Flow]) -> Node:
    made: Node = Name(f"{stock}{MARK}{OPENING}")
    for flow in flows:
        made = Binary("+" if flow.sign == 1 else "-", made, Name(flow.name))
    return made


def _plain(lags: Mapping[str, Mapping[str, int]], stocks: Mapping[str, object]) -> Mapping[str, Mapping[str, int]]:
    """Lags of all but stocks, whose flows are those of the span itself."""
    return {node: below for node, below in lags.items() if node not in stocks}


def _reader(at: int, readers: Sequence[Reader], flows: Mapping[str, Flow]) -> Reader:
    """What stands in the tree at one end: an opening level as at the first end, flows since then, metrics as read."""

    def read(name: str, back: int) -> Found:
        if name in flows:
            return _total(flows[name].metric, readers[1 : at + 1])
        stock, mark, _ = name.partition(MARK)
        return readers[0](stock, 0) if mark else readers[at](name, back)

    return read


def _total(metric: str, readers: Sequence[Reader]) -> Found:
    found = [read(metric, 0) for read in readers]
    known = [value for value in found if isinstance(value, Fraction)]
    return sum(known, Fraction(0)) if len(known) == len(found) else next(_unknown(found), Why.UNDEFINED)


def _unknown(found: Sequence[Found]) -> Iterator[Why]:
    return (value for value in found if isinstance(value, Why))


def _is_opening(found: Leaf | Part) -> bool:
    return found.name.partition(MARK)[2] == OPENING


def _leaf(leaf: Leaf) -> Leaf:
    _, mark, metric = leaf.name.partition(MARK)
    return replace(leaf, name=metric, before=None) if mark else leaf


def _part(root: Part) -> Part:
    """The tree with its flows called by their metrics. Trees are as deep as formulas nest: a few levels."""
    children = tuple(_part(child) for child in root.children if not _is_opening(child))
    _, mark, metric = root.name.partition(MARK)
    if not mark:
        return replace(root, children=children)
    return replace(root, name=metric, kind=Kind.METRIC, before=None, children=children)
