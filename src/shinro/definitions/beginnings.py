"""Beginnings: a metric that is made of its own earlier values has numbers only where a first one is named."""

from __future__ import annotations

from functools import lru_cache
from itertools import pairwise

from shinro.definitions.expression import Call, Name, Node, children, walk
from shinro.definitions.functions import FUNCTIONS
from shinro.definitions.project import Project
from shinro.definitions.tree import KEPT, Edges, below, circles, drivers, is_previous, measured_from, read_from, reads


def unbegun(node: Node) -> Name | None:
    """A metric's own value of the period before, where nothing says what the first period has before it."""
    if isinstance(node, Call) and node.function == "coalesce":
        return None
    if isinstance(node, Name):
        return node if is_previous(node) else None
    return next(filter(None, map(unbegun, children(node))), None)


def by_its_name(metric: str, node: Node) -> Call | None:
    """Where a formula reads its own earlier values by the metric's name: only bare `previous` gives them.

    None where it reads its value of the same period too, which is a circle.
    """
    calls = (part for part in walk(node) if isinstance(part, Call) and FUNCTIONS[part.function].looks_back)
    own = (call for call in calls if isinstance(call.args[0], Name) and call.args[0].path == metric)
    return None if metric in drivers(node) else next(own, None)


def circles_in_time(project: Project) -> list[tuple[str, ...]]:
    """Metrics that come back to themselves by way of others' earlier values, each circle once."""
    now: Edges = measured_from(project)
    found = circles(read_from(project))
    return [circle for circle in found if any(b not in now.get(a, ()) for a, b in pairwise(circle))]


@lru_cache(maxsize=KEPT)
def without_numbers(project: Project) -> frozenset[str]:
    """The metrics whose numbers need themselves, now or earlier, with nothing to begin with, or are of no period."""
    formulas = {str(name): metric.ratio or metric.derived for name, metric in project.metrics.items()}
    inner = {name: reads(formula.node) for name, formula in formulas.items() if formula}
    graph = {**measured_from(project), **inner}
    round_again = {name for name, others in graph.items() if name in below(others, graph)}
    nothing = {name for name, formula in formulas.items() if formula and (unbegun(formula.node) or not inner[name])}
    return frozenset(round_again | nothing)
