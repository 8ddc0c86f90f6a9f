"""Ladders: working back from a goal step by step, each step a whole number that is rounded up before the next.

Law: with every step's number in hand, the goal is reached; with one less at any step, that step's own is not.
Source: the worked funnel of an inside-sales KPI guide (decisense): revenue, deals, meetings, calls.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from fractions import Fraction
from math import ceil

from shinro.definitions.expression import Binary, Call, Name, Node, walk
from shinro.definitions.intervals import remaining
from shinro.definitions.project import Project
from shinro.definitions.tree import drivers, factors, is_previous
from shinro.definitions.unfolding import Unfolding, ratio_of
from shinro.findings.plans import Rung
from shinro.series import Meaning, Nature

MOST = 20  # rungs: no funnel is longer


def ladder(
    project: Project,
    unfolding: Unfolding,
    meanings: Mapping[str, Meaning],
    goal: tuple[str, Fraction],
    levels: Mapping[str, Fraction],
    capacities: Mapping[str, Fraction],
    *,
    means: bool = False,
) -> tuple[Rung, ...]:
    """From a goal down to what is done: at each step the one count that is left while all rates stand at `levels`.

    `means`: each is rounded up by itself, and the next is worked out from what it was before: a mean of many months.
    Nothing where the goal does not follow from a count by rates alone. Cost: linear in the steps.
    """
    metric, needed = goal
    rungs = [_rung(metric, needed, meanings, capacities, None)]
    seen = {metric}
    while len(rungs) < MOST and metric not in unfolding.leaves:
        last = rungs[-1].given if means else rungs[-1].needed
        step = _down(project, unfolding, meanings, metric, last or Fraction(0), levels)
        if step is None or step[0] in seen:
            break
        metric, left, rate = step
        seen.add(metric)
        rungs.append(_rung(metric, left, meanings, capacities, rate))
    return tuple(replace(rung, mean=means) for rung in rungs) if len(rungs) > 1 else ()


def _rung(
    metric: str,
    needed: Fraction,
    meanings: Mapping[str, Meaning],
    capacities: Mapping[str, Fraction],
    rate: tuple[str, Fraction] | None,
) -> Rung:
    meaning = meanings.get(metric, Meaning(metric, Nature.FLOW))
    whole = Fraction(ceil(needed)) if is_counted(meaning) else needed
    by = meanings.get(rate[0]) if rate else None
    return Rung(metric, meaning, whole, rate, capacities.get(metric), needed, by)


def is_counted(meaning: Meaning) -> bool:
    """Whether a metric counts whole things: people, calls, companies."""
    powers = meaning.unit.powers
    counts = len(powers) == 1 and powers[0][0].startswith("count:") and powers[0][1] == 1
    return counts and meaning.nature in (Nature.FLOW, Nature.STOCK)


def _down(
    project: Project,
    unfolding: Unfolding,
    meanings: Mapping[str, Meaning],
    metric: str,
    needed: Fraction,
    levels: Mapping[str, Fraction],
) -> tuple[str, Fraction, tuple[str, Fraction] | None] | None:
    """The next count, how many of it, and the rate between."""
    turned = _by_rate(project, unfolding, metric, levels)
    if turned:
        name, rate = turned
        level = levels[rate]
        return (name, needed / level, (rate, level)) if level > 0 else None
    node = unfolding.equations.get(metric)
    if node is None:
        return None
    node = _undated(node)
    if any(map(is_previous, walk(node))):
        return None
    counted = [name for name in drivers(node) if is_counted(meanings.get(name, Meaning(name, Nature.RATIO)))]
    if len(counted) != 1 or not set(drivers(node)) - {counted[0]} <= set(levels):
        return None
    left = remaining(node, counted[0], needed, levels)
    others = [name for name in drivers(node) if name != counted[0]]
    rate_of = (others[0], levels[others[0]]) if len(others) == 1 else None
    return None if left is None or left < 0 else (counted[0], left, rate_of)


def _by_rate(
    project: Project, unfolding: Unfolding, metric: str, levels: Mapping[str, Fraction]
) -> tuple[str, str] | None:
    """What a rate counts below, where the metric is what it counts above: calls, by the reply rate, for replies.

    Only rates that the tree multiplies with; so a product of rates is walked down in the order of its funnel.
    """
    for rate in _multiplied(unfolding):
        found = project.metric(rate)
        sides = ratio_of(found) if found and rate in levels else None
        if sides and sides[0] == metric:
            return sides[1], rate
    return None


def _multiplied(unfolding: Unfolding) -> Iterator[str]:
    for node in unfolding.equations.values():
        for factor, power in factors(node) or ():
            if isinstance(factor, Name) and power == 1:
                yield factor.path


def _undated(node: Node) -> Node:
    """A formula with what comes so many periods earlier taken as what is needed then."""
    if isinstance(node, Call) and node.function == "previous":
        return node.args[0]
    if isinstance(node, Binary):
        return Binary(node.op, _undated(node.left), _undated(node.right))
    return node
