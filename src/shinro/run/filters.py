"""Filters: a `where` given with a question, read and held against what the tables are loaded with."""

from __future__ import annotations

from itertools import product

from shinro.definitions.columns import owner_of
from shinro.definitions.ends import cut_from, never_cut_by
from shinro.definitions.expression import Name, Node, names
from shinro.definitions.grammar import where as parsed
from shinro.definitions.project import Project
from shinro.definitions.roles import types
from shinro.definitions.tokens import Mistake
from shinro.loads import Role
from shinro.problems import CannotGoOn, Place, Problem
from shinro.run.gathering import Gathered

PLACE = Place("--where", 1, 1)
ROLES = {"text": Role.TEXT, "number": Role.NUMBER, "date": Role.TIME, "moment": Role.TIME, "truth": Role.TRUTH}


def filter_of(gathered: Gathered, metrics: tuple[str, ...], where: str) -> Node:
    """The condition, over columns that every table of the metrics has. Raises CannotGoOn with a caret for any other."""
    try:
        node = parsed(where, PLACE)
    except Mistake as mistake:
        raise CannotGoOn([mistake.problem]) from None
    for metric, name in product(metrics, names(node)):
        refuse_uncut(gathered.opened.project, metric, name.path, PLACE.shifted(name.at))
    tables = dict.fromkeys(table for metric in metrics for table in cut_from(gathered.opened.project, metric))
    for table, name in product(tables, names(node)):
        found = _misfit(gathered, table, name, types(node).get(name, Role.ANY))
        if found:
            code, args = found
            raise CannotGoOn([Problem(PLACE.shifted(name.at), code, args, hint=(where, name.at))])
    return node


def refuse_uncut(project: Project, metric: str, dimension: str, place: Place) -> None:
    """Raises CannotGoOn (code Q133) where a part of a metric is reported as one number, which nothing cuts."""
    if found := tuple(never_cut_by(project, metric, dimension, place)):
        raise CannotGoOn(found)


def _misfit(gathered: Gathered, table: str, name: Name, role: Role) -> tuple[str, dict[str, object]] | None:
    """What is wrong with a column: it is not there, or it is another kind of value."""
    owner, column = (name.name, str(name.part)) if name.part else (table, name.name)
    plan = gathered.plans.get(owner_of(gathered.opened.project, table, owner))
    known = [one.name for one in plan.columns] if plan else []
    if plan is None or column not in known:
        known += _joined(gathered.opened.project, table)
        return "Q142", {"column": name.path, "table": table, "known": ", ".join(known) or "-"}
    load = gathered.loads.get(plan.name)
    kind = ROLES.get(load.types.get(column, "")) if load else None
    if kind is None or role in (kind, Role.ANY):
        return None
    first = next(one.place for one in plan.columns if one.name == column)
    return "Q130", {"column": name.path, "role": role, "other": kind, "first": str(first)}


def _joined(project: Project, table: str) -> list[str]:
    """The dimensions of the tables that a table joins, as a `where` names them."""
    fact = project.table(table)
    partners = [(str(name), project.table(str(name))) for name in (fact.joins if fact else ())]
    return [f"{name}.{dimension}" for name, partner in partners if partner for dimension in partner.dimensions]
