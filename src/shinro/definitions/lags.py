"""Lags: how many periods before a node each of its drivers is read, where stages take time.

Double the calls, and in the weeks until their meetings are held the appointment rate of the week falls, though nobody
works otherwise. An influence with a lag says how long it takes: from a driver to its node, or from what a rate counts
below to what it counts above (`{from: replies, to: meetings, lag: 2 weeks}`). Along the product each rate is then read
with its numerator as early as what it leads to, and its denominator earlier by the lag; so is what brings that one.

Units: periods of a grain. A lag that is no whole number of them (2 weeks, by month) is left out, and told.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from shinro.definitions.expression import Name, Node
from shinro.definitions.project import Project
from shinro.definitions.story import Influence
from shinro.definitions.tree import drivers
from shinro.periods import DAYS_OF, MONTHS_OF, Duration, Grain


@dataclass(frozen=True, slots=True)
class Lags:
    """By node, then by what is read: a driver, or what a rate counts below. `uneven` are influences left out."""

    by_node: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    uneven: tuple[Influence, ...] = ()


def lags_of(project: Project, formulas: Mapping[str, Node], rates: Mapping[str, tuple[str, str]], grain: Grain) -> Lags:
    """The lags of a tree at a grain, from the influences that are not refuted. Cost: linear in tree and influences."""
    stages: dict[tuple[str, str], int] = {}
    uneven = []
    for influence in project.influences:
        if influence.lag is None or influence.status == "refuted":
            continue
        periods = whole_periods(influence.lag.duration, grain)
        ends = str(influence.from_), str(influence.to)
        if periods is not None:
            stages[ends] = periods
        elif any(ends in _edges(node, formula, rates) for node, formula in formulas.items()):
            uneven.append(influence)
    found = {node: _of_node(node, drivers(formula), rates, stages) for node, formula in formulas.items()}
    return Lags({node: lags for node, lags in found.items() if lags}, tuple(uneven))


def whole_periods(lag: Duration, grain: Grain) -> int | None:
    """A length of time in periods of a grain; None where it is no whole number of them."""
    by_month = {each.value: months for each, months in MONTHS_OF.items()}
    if grain in MONTHS_OF:
        length, units = MONTHS_OF[grain], by_month.get(lag.unit)
    else:
        length, units = DAYS_OF[grain.value], None if lag.unit in by_month else DAYS_OF[lag.unit]
    whole = None if units is None else divmod(lag.amount * units, length)
    return whole[0] if whole and not whole[1] else None


def _edges(node: str, formula: Node, rates: Mapping[str, tuple[str, str]]) -> Iterator[tuple[str, str]]:
    """Where a lag would count: from driver to node, and within the rates among the drivers."""
    for driver in drivers(formula):
        yield driver, node
        if driver in rates:
            yield rates[driver][1], rates[driver][0]


def _of_node(
    node: str, read: Sequence[str], rates: Mapping[str, tuple[str, str]], stages: Mapping[tuple[str, str], int]
) -> dict[str, int]:
    """Lags of what a node reads: rates from the one that ends in the node back to the one that begins."""
    lags: dict[str, int] = {}
    back = {node: 0}
    waiting = [name for name in read if name in rates]
    while waiting:
        rate = next((name for name in waiting if rates[name][0] in back or (name, node) in stages), waiting[0])
        waiting.remove(rate)
        over, base = rates[rate]
        lags[rate] = stages.get((rate, node), back.get(over, 0))
        back.setdefault(base, lags[rate] + stages.get((base, over), 0))
    for name in read:
        if name not in rates:
            lags[name] = back[name] = stages.get((name, node), back.get(name, 0))
    lags.update(back)
    return {name: periods for name, periods in lags.items() if periods}


def rates(project: Project) -> dict[str, tuple[str, str]]:
    """Ratios of one metric by another: their numerator and denominator."""
    found = {}
    for name, metric in project.metrics.items():
        node = metric.ratio.node if metric.ratio else None
        left, right = getattr(node, "left", None), getattr(node, "right", None)
        if isinstance(left, Name) and isinstance(right, Name):
            found[str(name)] = (left.path, right.path)
    return found
