"""Fixed: dimensions that a ratio's own definition decides, so that its segments only repeat what was written."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from shinro.definitions.columns import dimension_owner, owner_of
from shinro.definitions.ends import begins, comes_to
from shinro.definitions.expression import And, Binary, Name, Node, names, walk
from shinro.definitions.project import Project
from shinro.definitions.values import Where


@dataclass(frozen=True, slots=True)
class Part:
    """What is counted above or below: the rows of a table, and all that is asked of them."""

    table: str
    conditions: frozenset[Node]


def fixed(project: Project, metric: str, dimensions: Iterable[str]) -> tuple[str, ...]:
    """Those of the dimensions on which a share's parts ask different things: won over closed by stage is 0 or 1.

    A condition that all parts share decides nothing, and of what is no ratio a cut tells what it is made of.
    """
    parts = list(_parts(project, metric))
    return tuple(each for each in dimensions if len({_asked(project, part, each) for part in parts}) > 1)


def _parts(project: Project, metric: str) -> Iterator[Part]:
    """The parts of a ratio, of a formula that divides, and of a conversion whose ends are rows of one table."""
    found = project.metric(metric)
    if found is None or not found.ways:
        return
    if found.ratio or (found.derived and _divides(found.derived.node)):
        yield from _below(project, metric, frozenset())
    elif found.conversion:
        name = metric.partition(".")[0]
        start, end = begins(project, name), comes_to(project, name)
        if start and end and start.name == end.name:
            yield from (_part(each.name, each.filter) for each in (start, end))


def _divides(node: Node) -> bool:
    return any(isinstance(each, Binary) and each.op == "/" for each in walk(node))


def _below(project: Project, metric: str, seen: frozenset[str]) -> Iterator[Part]:
    """Every metric of rows that a formula is made of in the end."""
    found = project.metric(metric)
    if found is None or not found.ways or metric in seen:
        return
    table = found.table or found.events
    if table:
        yield _part(table, found.where)
    elif formula := found.ratio or found.derived:
        for name in names(formula.node):
            yield from _below(project, name.path, seen | {metric})


def _part(table: str, where: Where | None) -> Part:
    return Part(table, frozenset(_conditions(where.node)) if where else frozenset())


def _conditions(node: Node) -> Iterator[Node]:
    if isinstance(node, And):
        for part in node.parts:
            yield from _conditions(part)
    else:
        yield node


def _asked(project: Project, part: Part, dimension: str) -> frozenset[Node]:
    """What a part asks of a dimension's column."""
    owner = dimension_owner(project, part.table, dimension)
    return frozenset(
        node for node in part.conditions if any(_column(project, part.table, name) == owner for name in names(node))
    )


def _column(project: Project, table: str, name: Name) -> tuple[str, str]:
    return (owner_of(project, table, name.name), name.part) if name.part else (table, name.name)
