"""Values: what a filter or a target names stands in some row; a value that no row has counts nothing, silently."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches

from shinro.checks.facts import Facts, Need
from shinro.checks.rule import Rule, rule
from shinro.definitions.columns import dimension_owner, owner_of
from shinro.definitions.ends import cut_from, filters
from shinro.definitions.expression import Compare, In, Name, Node, Not, Text, children
from shinro.definitions.people import Initiative
from shinro.definitions.project import Project
from shinro.definitions.story import FileLevel, Target
from shinro.definitions.values import Where
from shinro.problems import Place, Problem, Severity

SHOWN = 8
Values = Mapping[tuple[str, str], tuple[str, ...]]  # (table, column) -> every value that its rows have
Files = Mapping[str, tuple[FileLevel, ...]]  # path as written -> rows


@dataclass(frozen=True, slots=True)
class Told:
    """One value that the project names, where it stands, and what it stands beside."""

    value: str
    place: Place
    among: tuple[str, ...] = ()  # other values of which any may be meant


@rule("D708", Severity.WARNING, Need.LOADS)
def values_are_there(facts: Facts) -> Iterator[Problem]:
    """A value in a `where`, or with levels in a target, stands in some row of a column whose values are all known."""
    known = {
        (load.table, column): values
        for load in (facts.loads or {}).values()
        for column, values in load.values.items()
        if values
    }
    for table, where in _filters(facts.project):
        for name, told in _compared(where.node, where.text.place):
            owner, column = (name.name, name.part) if name.part else (table, name.name)
            key = (owner_of(facts.project, table, owner), column)
            yield from _absent(told, key, known.get(key, ()))
    yield from _segments(facts, known)


def _filters(project: Project) -> Iterator[tuple[str, Where]]:
    for name, table in project.tables.items():
        if table.where:
            yield str(name), table.where
    for name, metric in project.metrics.items():
        yield from filters(project, str(name), metric)


def _compared(node: Node, place: Place) -> Iterator[tuple[Name, Told]]:
    """Each text that a column must equal; what a column must not be may well be absent."""
    match node:
        case Compare("=", Name() as name, Text() as text) | Compare("=", Text() as text, Name() as name):
            yield name, Told(text.value, place.shifted(text.at))
        case In(Name() as name, choices, False):
            texts = [choice for choice in choices if isinstance(choice, Text)]
            for text in texts:
                yield name, Told(text.value, place.shifted(text.at), tuple(other.value for other in texts))
        case Not():
            return
        case _:
            for inner in children(node):
                yield from _compared(inner, place)


def _absent(told: Told, key: tuple[str, str], values: tuple[str, ...]) -> Iterator[Problem]:
    """A value that no row has; of several, one may be kept in stock unless it looks like a slip of the pen."""
    if not values or told.value in values:
        return
    near = _nearest(told.value, [value for value in values if value not in told.among])
    if near or not set(told.among) & set(values):
        yield _absence(told, key, values, near)


def _nearest(value: str, values: list[str]) -> str | None:
    same = [each for each in values if each.strip().casefold() == value.strip().casefold()]
    return next(iter(same or get_close_matches(value, values, 1)), None)


def _absence(told: Told, key: tuple[str, str], values: tuple[str, ...], near: str | None) -> Problem:
    shown = ", ".join(values[:SHOWN]) + (", …" if len(values) > SHOWN else "")
    case = "near" if near else "far"
    args = {"case": case, "value": told.value, "table": key[0], "column": key[1], "near": near or "", "values": shown}
    return Problem(told.place, "D708", args, Severity.WARNING)


def _segments(facts: Facts, known: Values) -> Iterator[Problem]:
    """The values of a dimension that a target has levels for, or that an initiative touches."""
    project = facts.project
    named = [(str(metric), _levelled(target, facts.files)) for metric, target in project.targets.items()]
    named += [(str(each.moves), _touched(each)) for each in project.initiatives if each.moves]
    for metric, every in named:
        tables = cut_from(project, metric)
        for dimension, told in every:
            owners = [dimension_owner(project, table, dimension) for table in tables]
            keys = [owner for owner in owners if owner and owner in known]
            values = tuple(dict.fromkeys(value for key in keys for value in known[key]))
            if keys:
                yield from _absent(told, keys[0], values)


def _levelled(target: Target, files: Files) -> Iterator[tuple[str, Told]]:
    """Each dimension and value that a target has a level for; in a file where it first stands."""
    for dimension, levels in target.each.items():
        yield from ((str(dimension), Told(value, amount.place)) for value, amount in levels.items())
    first: dict[tuple[str, str], Place] = {}
    for row in files.get(str(target.file), ()) if target.file else ():
        for by, value in row.segment:
            first.setdefault((by, str(value)), row.place or target.place)
    yield from ((by, Told(value, place)) for (by, value), place in first.items())


def _touched(initiative: Initiative) -> Iterator[tuple[str, Told]]:
    """Each dimension and value that an initiative says it touches."""
    for dimension, values in initiative.in_.items():
        yield from ((str(dimension), Told(str(value), value.place)) for value in values)


RULES: tuple[Rule, ...] = (values_are_there,)
