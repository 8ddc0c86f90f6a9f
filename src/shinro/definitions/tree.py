"""The tree: what is explained by what, beside what is measured from what; and what reaches the star."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache
from types import MappingProxyType

from shinro.definitions.expression import Binary, Name, Negative, Node, Number, names, walk
from shinro.definitions.metric import Metric
from shinro.definitions.project import Project, ref
from shinro.definitions.values import Formula

Edges = Mapping[str, tuple[str, ...]]
KEPT = 8  # projects whose graphs are kept


def drivers(node: Node) -> tuple[str, ...]:
    """The metrics that a formula reads, each once, in order; `previous` and `previous(x)` are no drivers."""
    past = {id(inner) for call in walk(node) if is_previous(call) for inner in walk(call)}
    return tuple(dict.fromkeys(name.path for name in names(node) if id(name) not in past))


def is_previous(node: Node) -> bool:
    """Whether a node is `previous` or `previous(x)`."""
    word = node.path if isinstance(node, Name) else getattr(node, "function", None)
    return word == "previous"


def degree(node: Node, of: Callable[[Name], int | None]) -> int | None:
    """How much more often amounts are multiplied in a formula than divided by; `of` tells it of a name.

    None where it cannot be told, or is not the same for all terms of a sum.
    """
    match node:
        case Number():
            return 0
        case Name() if not is_previous(node):
            return of(node)
        case Negative(inner):
            return degree(inner, of)
        case Binary(op, left, right):
            one, other = degree(left, of), degree(right, of)
            if one is None or other is None:
                return None
            if op in "+-":
                return one if one == other else None
            return one + other if op == "*" else one - other
    return None


def reads(node: Node) -> tuple[str, ...]:
    """The metrics that a formula reads, in the period itself or, within `previous(x)`, in the one before."""
    return tuple(dict.fromkeys(name.path for name in names(node) if name.path != "previous"))


@lru_cache(maxsize=KEPT)
def measured_from(project: Project) -> Edges:
    """Metric -> the metrics that it is computed from (a ratio's parts, a formula's names, what is accumulated)."""
    return MappingProxyType({str(name): _inputs(metric, project) for name, metric in project.metrics.items()})


def _inputs(metric: Metric, project: Project) -> tuple[str, ...]:
    formula = metric.ratio or metric.derived
    if formula:
        return drivers(formula.node)
    if metric.cumulative:
        return (str(metric.cumulative),)
    ends = [str(metric.to.metric)] if metric.to and metric.to.metric else []
    starts = [str(metric.conversion)] if metric.conversion else []
    return tuple(name for name in (*starts, *ends) if project.metric(name))


@lru_cache(maxsize=KEPT)
def read_from(project: Project) -> Edges:
    """Metric -> the metrics whose series it needs: what it is measured from, and others' earlier values.

    Unlike `measured_from` it may go round in a circle, since an earlier value is another number.
    """
    found = dict(measured_from(project))
    for name, metric in project.metrics.items():
        formula = metric.ratio or metric.derived
        if formula:
            found[str(name)] = tuple(other for other in reads(formula.node) if other != str(name))
    return MappingProxyType(found)


@lru_cache(maxsize=KEPT)
def identities(project: Project) -> Mapping[str, Formula]:
    """Node of the tree -> its formula: the written one, else a ratio's or derived metric's own.

    Inside a written identity a ratio is a leaf: a change of it is its own, not that of its parts.
    """
    written = {str(node): formula for node, formula in project.tree.items()}
    leaves = {name for formula in written.values() for name in drivers(formula.node)}
    own = {str(name): metric.ratio or metric.derived for name, metric in project.metrics.items()}
    apart = {name: formula for name, formula in own.items() if formula and name not in leaves}
    return MappingProxyType(apart | written)


@lru_cache(maxsize=KEPT)
def explained_by(project: Project) -> Edges:
    """Metric -> the drivers in its identity."""
    return MappingProxyType({node: drivers(formula.node) for node, formula in identities(project).items()})


@lru_cache(maxsize=KEPT)
def influenced_by(project: Project) -> Edges:
    """Metric -> the metrics that are believed to move it."""
    found: dict[str, tuple[str, ...]] = {}
    for influence in project.influences:
        found[str(influence.to)] = (*found.get(str(influence.to), ()), str(influence.from_))
    return MappingProxyType(found)


def below(tops: Iterable[str], *graphs: Edges) -> frozenset[str]:
    """Everything that can be reached downwards from the tops, the tops too. Cost: linear in the edges."""
    seen: set[str] = set()
    waiting = list(tops)
    while waiting:
        node = waiting.pop()
        if node in seen:
            continue
        seen.add(node)
        waiting.extend(child for graph in graphs for child in graph.get(node, ()))
    return frozenset(seen)


@lru_cache(maxsize=KEPT)
def tied(project: Project) -> frozenset[str]:
    """Every metric tied to the star: below it, above it, or meeting it at an outcome that both drive.

    What a tied metric is measured from is tied with it: a rate in the tree ties its numerator and denominator.
    """
    if not project.star:
        return frozenset()
    star = str(project.star.metric)
    graphs = (explained_by(project), influenced_by(project))
    outcomes = [str(outcome) for outcome in project.star.outcomes]
    above = {node for node in {*graphs[0], *graphs[1]} if star in below([node], *graphs)}
    reached = above | {outcome for outcome in outcomes if outcome not in below([star], *graphs)}
    guardrail = {str(project.star.guardrail)} if project.star.guardrail else set()
    return below(below([star, *reached], *graphs) | above | guardrail, measured_from(project))


def circles(graph: Edges) -> list[tuple[str, ...]]:
    """Circles in a graph, each once, from its first member in order. Cost: linear in the edges."""
    found: list[tuple[str, ...]] = []
    state: dict[str, int] = {}  # 1 on the path, 2 done
    for root in graph:
        path: list[str] = []
        waiting: list[tuple[str, bool]] = [(root, False)]
        while waiting:
            node, leaving = waiting.pop()
            if leaving:
                state[path.pop()] = 2
            elif state.get(node) == 1:
                found.append((*path[path.index(node) :], node))
            elif node not in state:
                state[node] = 1
                path.append(node)
                waiting.append((node, True))
                waiting.extend((child, False) for child in reversed(graph.get(node, ())))
    return found


def factors(node: Node) -> list[tuple[Node, int]] | None:
    """A product's factors with their powers (1 or -1), left to right; None where the node is a sum."""
    if isinstance(node, Binary) and node.op in "*/":
        left, right = factors(node.left), factors(node.right)
        if left is None or right is None:
            return None
        return left + [(factor, power if node.op == "*" else -power) for factor, power in right]
    if isinstance(node, Binary | Negative):
        return None
    return [(node, 1)]


def telescopes(project: Project, metric: str) -> bool:
    """Whether an identity of rates cancels to the metric itself, so that it holds by definition and proves nothing.

    Law: for `a * (b/a) * (c/b)` as c, True whatever the data.
    """
    formula = project.tree.get(ref(metric))
    parts = factors(formula.node) if formula else None
    if not parts:
        return False
    left = _cancelled(project, parts)
    return left == Counter({metric: 1}) or left == _cancelled(project, [(_name(metric), 1)])


def _name(metric: str) -> Name:
    name, _, part = metric.partition(".")
    return Name(name, part or None)


def _cancelled(project: Project, parts: list[tuple[Node, int]]) -> Counter[str]:
    """Powers of metrics after ratios are opened once and equal ones cancelled."""
    powers: Counter[str] = Counter()
    for node, power in parts:
        if isinstance(node, Number):
            powers[f"number {node.value}"] += power
            continue
        name = node.path if isinstance(node, Name) else repr(node)
        metric = project.metric(name)
        opened = factors(metric.ratio.node) if metric and metric.ratio else None
        for inner, inner_power in opened or [(node, 1)]:
            powers[inner.path if isinstance(inner, Name) else repr(inner)] += power * inner_power
    return Counter({name: power for name, power in powers.items() if power})
