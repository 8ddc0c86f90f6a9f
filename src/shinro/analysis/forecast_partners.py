"""Partners: which count the money that moves a stock goes with, by what both are or by how they moved."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

import numpy as np

from shinro.analysis.forecast_formula import looks_back
from shinro.analysis.forecast_ground import Ground, formula_of, inputs, known_values
from shinro.analysis.forecast_models import Array
from shinro.analysis.forecast_paired import Paired, alike, in_average_ones
from shinro.definitions.expression import Binary, Name, Node
from shinro.definitions.meaning import meaning_of
from shinro.definitions.project import Project
from shinro.periods import Period
from shinro.series import Meaning

# Of recurring revenue: money -> those whose money it is.
WHOSE = {
    "new_mrr": "new_companies",
    "churned_mrr": "churned_companies",
    "reactivation": "reactivated_companies",
}

STANDING = ("mrr", "expansion")  # a stock, and the flow that comes of what stands


class Place(NamedTuple):
    """A flow that an identity adds to a stock or takes from it."""

    flow: str
    stock: str
    leaves: bool


def places(project: Project) -> dict[str, Place]:
    """Every flow that moves a stock, by its name; the first identity counts."""
    recurring = [f"{name}.companies" for name, metric in project.metrics.items() if metric.recurring]
    stocks = [*map(str, project.tree), *map(str, project.metrics), *recurring]
    found: dict[str, Place] = {}
    for stock in dict.fromkeys(stocks):
        node = formula_of(project, stock)
        for flow, leaves in _moved(node) if node and looks_back(node) else ():
            found.setdefault(flow, Place(flow, stock, leaves))
    return found


def of_what_stands(project: Project, moves: Mapping[str, Place], stock: str) -> str | None:
    """The flow into recurring revenue that those who pay already bring: it comes in proportion to what stands."""
    name, _, part = stock.partition(".")
    flow = f"{name}.{STANDING[1]}"
    found = project.metric(name)
    return flow if found and found.recurring and part == STANDING[0] and flow in moves else None


def _moved(node: Node) -> Iterator[tuple[str, bool]]:
    match node:
        case Binary(("+" | "-") as op, left, right):
            if isinstance(right, Name):
                yield right.path, op == "-"
            yield from _moved(left)


def partners(project: Project, metrics: Iterable[str], known: Mapping[str, Meaning]) -> tuple[str, ...]:
    """What has to be measured beside some metrics to see which counts their money goes with."""
    found = dict.fromkeys(metrics)
    first, every = len(found), places(project)
    for metric in [each for each in found if each in every]:
        for count in _counts(project, every[metric], every, known):
            found |= dict.fromkeys(inputs(project, [count.flow, count.stock]))
    return tuple(found)[first:]


def _counts(
    project: Project, money: Place, every: Mapping[str, Place], known: Mapping[str, Meaning]
) -> tuple[Place, ...]:
    """The counts that money may go with: one by definition, else those that come to stocks, or leave, as it does.

    What recurring revenue is of is known, so that its parts go with parts of it alone.
    """
    if not meaning_of(money.flow, known).currency:
        return ()
    like = [each for each in every.values() if each.leaves == money.leaves and each.stock != money.stock]
    counts = [each for each in like if _is_counted(meaning_of(each.flow, known))]
    same = [each for each in counts if _is_same(project, money.flow, each.flow)]
    return tuple(same[:1] or ([] if "." in money.flow else [each for each in counts if "." not in each.flow]))


def _is_counted(meaning: Meaning) -> bool:
    return any(base.startswith("count:") for base, _ in meaning.unit.powers)


def _is_same(project: Project, money: str, count: str) -> bool:
    """Whether money and a count are measures of the same events by definition: parts of revenue, or the same rows."""
    name, _, part = money.partition(".")
    if part:
        return part in WHOSE and count == f"{name}.{WHOSE[part]}"
    left, right = project.metric(money), project.metric(count)
    if "." in count or left is None or right is None or left.sum is None or right.count is None:
        return False
    return left.sum.table == str(right.count) and (left.at_, left.where) == (right.at_, right.where)


def pairings(ground: Ground, metrics: Iterable[str]) -> Iterator[tuple[str, Paired]]:
    """The flows of money among some metrics that go with a count.

    Law: what a flow goes with does not depend on what else is asked for.
    """
    every = places(ground.project)
    for metric in metrics:
        counts = _counts(ground.project, every[metric], every, ground.meanings) if metric in every else ()
        found = _found(ground, every[metric], counts) if counts else None
        if found:
            yield metric, found


def _found(ground: Ground, money: Place, counts: tuple[Place, ...]) -> Paired | None:
    pairs = {each.flow: pair for each in counts if (pair := _beside(ground, money, each)) is not None}
    if len(counts) == 1 and pairs and _is_same(ground.project, money.flow, counts[0].flow):
        return Paired(counts[0].flow, *pairs[counts[0].flow])
    found = [each for name, (over, base) in pairs.items() if (each := alike(over, {name: base}))]
    return min(found, key=lambda each: each.calm, default=None)


def _beside(ground: Ground, money: Place, count: Place) -> tuple[Array, Array] | None:
    """Money beside a count, period by period; of what leaves, in average ones of those that stood."""
    amounts, numbers = known_values(ground, money.flow), known_values(ground, count.flow)
    periods = sorted(amounts.keys() & numbers.keys())
    if not money.leaves:
        return _columns([(amounts[each], numbers[each]) for each in periods])
    worth, stood = known_values(ground, money.stock), known_values(ground, count.stock)

    def before(period: Period) -> Period:
        return ground.calendar.step(period, ground.grain, -1)

    known = [each for each in periods if before(each) in worth and before(each) in stood]
    left = np.array([(amounts[each], worth[before(each)], stood[before(each)], numbers[each]) for each in known])
    return (in_average_ones(*left.T[:3]), left.T[3]) if known else None


def _columns(pairs: list[tuple[float, float]]) -> tuple[Array, Array] | None:
    if not pairs:
        return None
    over, base = np.array(pairs, dtype=np.float64).T
    return over, base
