"""Unfolding: the tree as equations that can be computed forward, period by period, exactly.

Leaves are the drivers that a plan may set; every other metric follows from its equation. A stock follows from its own
`previous`, recurring revenue's parts from what they are by definition, and an influence with a lag may be taken for an
equation of its own (`bridge`): an assumption, marked as one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from functools import partial
from typing import TypeGuard

from shinro.definitions.evaluate import value
from shinro.definitions.expression import Binary, Call, Name, Node, Number, walk
from shinro.definitions.functions import FUNCTIONS
from shinro.definitions.losses import of_recurring
from shinro.definitions.metric import Metric
from shinro.definitions.periodic import holds_by
from shinro.definitions.project import Project, ref
from shinro.definitions.story import Influence
from shinro.definitions.tree import drivers, reads
from shinro.periods import Grain
from shinro.series import Meaning, Nature

DAYS = {
    Grain.DAY: Fraction(1),
    Grain.WEEK: Fraction(7),
    Grain.MONTH: Fraction(365, 12),
    Grain.QUARTER: Fraction(365, 4),
    Grain.YEAR: Fraction(365),
}
Levels = Mapping[str, Sequence[Fraction]]
ARROW = "→"
LIMITS = ("≤", "≥")  # before the name of a leaf that stands for a bound of what is no leaf


@dataclass(frozen=True, slots=True)
class Bridge:
    """An influence taken for an equation: what it moves follows it after so many periods, at the rate of `rate`."""

    influence: Influence
    rate: str  # the name of the leaf that stands for how much follows one
    lag: int  # periods


@dataclass(frozen=True, slots=True)
class Unfolding:
    """Equations in an order in which they can be computed within a period, and the leaves that they start from.

    `counts` are never below 0: stocks of what is counted.
    """

    equations: Mapping[str, Node]
    leaves: tuple[str, ...]
    bridges: tuple[Bridge, ...] = field(default=())
    counts: frozenset[str] = frozenset()

    @property
    def metrics(self) -> tuple[str, ...]:
        """Everything that has a value in each period, the leaves first."""
        return (*self.leaves, *self.equations)

    @property
    def remembered(self) -> frozenset[str]:
        """The metrics whose earlier values are read: those that have to be known before the first period."""
        found = {metric for metric, node in self.equations.items() if _reads_itself(node)}
        back = (part.args[0] for node in self.equations.values() for part in walk(node) if _looks_back(part))
        return frozenset(found | {name.path for name in back if isinstance(name, Name)})


def unfolded(
    project: Project,
    meanings: Mapping[str, Meaning],
    wanted: Iterable[str],
    grain: Grain,
    direct: frozenset[str] = frozenset(),
) -> Unfolding:
    """The equations below what is wanted. Metrics that stand in a circle are leaves. Cost: linear in the formulas.

    What is `direct` is set as it is, where the rate that it follows from is not: calls, and calls a lead follow. An
    equation of a week's numbers holds by no longer grain: what it makes is a leaf there.
    """
    bridges = {to: bridge for to, bridge in _bridges(project, meanings, grain).items() if to not in direct}
    found: dict[str, Node] = {}
    waiting, seen = list(wanted), set[str]()
    while waiting:
        metric = waiting.pop()
        if metric in seen:
            continue
        seen.add(metric)
        node = _equation(project, metric, bridges, direct)
        if node is not None and holds_by(project, (metric, *reads(node)), grain):
            found[metric] = node
            waiting.extend(reads(node))
    found |= _numerators(project, meanings, found, seen, direct)
    ordered = _ordered(found)
    inside = dict.fromkeys(name for node in ordered.values() for name in reads(node))
    leaves = tuple(name for name in dict.fromkeys([*sorted(seen), *inside]) if name not in ordered)
    used = tuple(bridge for to, bridge in bridges.items() if to in ordered and bridge.rate in leaves)
    return Unfolding(ordered, leaves, used)


def unfold(
    unfolding: Unfolding, levels: Levels, past: Levels, periods: int
) -> Mapping[str, tuple[Fraction | None, ...]]:
    """Every metric's value in each period, exactly, from the leaves' levels.

    `past` holds earlier values, the newest last; before the oldest it is taken to have stood still. None where a value
    is undefined. Law: each equation holds in each period. Cost: the equations times the periods.
    """
    known: dict[str, list[Fraction | None]] = {name: list(levels[name][:periods]) for name in unfolding.leaves}
    known |= {name: [] for name in unfolding.equations}

    def before(name: str, period: int) -> Fraction | None:
        if period >= 0:
            return known[name][period] if period < len(known[name]) else None
        older = past.get(name, ())
        return older[max(len(older) + period, 0)] if older else None

    for n in range(periods):
        row: dict[str, object] = {name: known[name][n] for name in unfolding.leaves} | dict.fromkeys(
            unfolding.equations
        )
        for name, node in unfolding.equations.items():
            row["previous"] = before(name, n - 1)
            found = value(node, row, partial(_past, before, n))
            row[name] = found if isinstance(found, Fraction) else None
            if name in unfolding.counts and isinstance(found, Fraction):
                row[name] = found = max(found, Fraction(0))
            known[name].append(found if isinstance(found, Fraction) else None)
    return {name: tuple(values) for name, values in known.items()}


def _past(before: Callable[[str, int], Fraction | None], now: int, metric: Name, back: int) -> Fraction | None:
    return before(metric.path, now - back)


def in_periods(days: Fraction | int, grain: Grain) -> int:
    """So many days in whole periods, to the nearest."""
    return int(Fraction(days) / DAYS[grain] + Fraction(1, 2))


def _equation(project: Project, metric: str, bridges: Mapping[str, Bridge], direct: frozenset[str]) -> Node | None:
    written = project.tree.get(ref(metric))
    if written:
        return written.node
    found = project.metric(metric)
    if found is None:
        return None
    name, _, part = metric.partition(".")
    own = of_recurring(name, part, direct) if part and found.recurring else None if part else _own(found)
    if own is None and metric in bridges:
        bridge = bridges[metric]
        return Binary("*", _earlier(str(bridge.influence.from_), bridge.lag), Name(bridge.rate))
    return own


def _own(metric: Metric) -> Node | None:
    if metric.derived:
        return metric.derived.node
    if metric.cumulative:
        return Binary("+", Name("previous"), named(str(metric.cumulative)))
    return None


def _bridges(project: Project, meanings: Mapping[str, Meaning], grain: Grain) -> dict[str, Bridge]:
    """The influences of one flow on another that nobody has refuted: one a metric that is moved."""
    found: dict[str, Bridge] = {}
    for influence in project.influences:
        ends = (str(influence.from_), str(influence.to))
        flows = all(end in meanings and meanings[end].nature is Nature.FLOW for end in ends)
        if flows and influence.status != "refuted" and influence.expect != "lower" and ends[1] not in found:
            lag = in_periods(influence.lag.duration.days, grain) if influence.lag else 0
            found[ends[1]] = Bridge(influence, f"{ends[0]} {ARROW} {ends[1]}", lag)
    return found


def _earlier(metric: str, lag: int) -> Node:
    return Call("previous", (named(metric), Number(Fraction(lag)))) if lag else named(metric)


def named(metric: str) -> Name:
    """A metric's or a part's name as a node."""
    name, _, part = metric.partition(".")
    return Name(name, part or None)


def _numerators(
    project: Project,
    meanings: Mapping[str, Meaning],
    found: Mapping[str, Node],
    seen: set[str],
    direct: frozenset[str],
) -> dict[str, Node]:
    """What a rate among the leaves counts above, where what it counts below is known: the rate times that.

    Where what it counts above is set directly, the rate follows from it.
    """
    every = {str(name): sides for name, metric in project.metrics.items() if (sides := ratio_of(metric))}
    added: dict[str, Node] = {}
    turned = set[str]()
    grown = True
    while grown:
        grown = False
        for rate, (over, base) in every.items():
            equations = {**found, **added}
            is_leaf = rate in seen and rate not in equations
            is_new = over in meanings and over not in equations and over not in turned
            if not is_leaf or not is_new or base not in {*seen, *added} or _rests_on(base, over, equations):
                continue
            if over in direct and rate not in direct:
                turned.add(over)
                added[rate] = Binary("/", named(over), named(base))
            else:
                added[over] = Binary("*", named(base), named(rate))
            grown = True
    return added


def ratio_of(metric: Metric) -> tuple[str, str] | None:
    """What a plain ratio counts above and below."""
    node = metric.ratio.node if metric.ratio else None
    if isinstance(node, Binary) and isinstance(node.left, Name) and isinstance(node.right, Name):
        return node.left.path, node.right.path
    return None


def _rests_on(metric: str, other: str, equations: Mapping[str, Node]) -> bool:
    waiting, seen = [metric], set[str]()
    while waiting:
        name = waiting.pop()
        if name == other:
            return True
        if name in equations and name not in seen:
            seen.add(name)
            waiting.extend(drivers(equations[name]))
    return False


def _ordered(equations: Mapping[str, Node]) -> dict[str, Node]:
    """Each behind those that it reads in the same period; what stands in a circle is left out."""
    order: dict[str, Node] = {}
    left = dict(equations)
    while left:
        ready = [name for name, node in left.items() if not any(driver in left for driver in drivers(node))]
        if not ready:
            left.pop(next(iter(left)))
            continue
        for name in ready:
            order[name] = left.pop(name)
    return order


def _looks_back(node: Node) -> TypeGuard[Call]:
    return isinstance(node, Call) and FUNCTIONS[node.function].looks_back


def _reads_itself(node: Node) -> bool:
    called = {id(part.args[0]) for part in walk(node) if _looks_back(part)}
    return any(isinstance(part, Name) and part.path == "previous" and id(part) not in called for part in walk(node))
