"""Pooling: whether the periods of a metric make one number, their parts added and then divided."""

from __future__ import annotations

from collections.abc import Mapping

from shinro.definitions.expression import Binary, Call, Name, Negative, Node, Number, names
from shinro.definitions.meaning import meanings
from shinro.definitions.metric import AGGREGATES
from shinro.definitions.printing import text
from shinro.definitions.project import Project
from shinro.definitions.tree import is_previous
from shinro.definitions.windows import window
from shinro.periods import Duration
from shinro.series import Meaning, Nature
from shinro.units import days

A_DAY = Duration(1, "day")


def pools(project: Project, metric: str) -> bool:
    """Whether the parts of a metric's periods can be added: else no number of several periods is one of it."""
    return has_parts(project, metric) and not rates_within(project, metric)


def has_parts(project: Project, metric: str) -> bool:
    """Whether every period of a metric has something that is divided by something, both known."""
    found, meaning = project.metric(metric), meanings(project).get(metric)
    if found is None or meaning is None or meaning.nature in (Nature.FLOW, Nature.STOCK):
        return False
    if found.derived or found.reported:
        return False
    if found.active:
        return "." not in metric and window(found) == A_DAY
    return meaning.nature is Nature.RATIO or meaning.percent or metric.endswith("_mean_days")


def rates_within(project: Project, metric: str) -> tuple[str, ...]:
    """What a ratio divides, or divides by, though it is a rate itself: its periods have bases of their own."""
    found = project.metric(metric)
    if found is None or found.ratio is None or not isinstance(found.ratio.node, Binary):
        return ()
    known = meanings(project)
    halves = (found.ratio.node.left, found.ratio.node.right)
    return tuple(_rate_of(project, known, half) for half in halves if names(half) and not _adds(project, known, half))


def _rate_of(project: Project, known: Mapping[str, Meaning], node: Node) -> str:
    """The rate that makes one of a part: the first that is named, else the part as written."""
    named = (name.path for name in names(node) if not _adds(project, known, name))
    return next(named, text(node))


def _adds(project: Project, known: Mapping[str, Meaning], node: Node) -> bool:
    return _adding(project, known, node, frozenset()) > 0


def _adding(project: Project, known: Mapping[str, Meaning], node: Node, seen: frozenset[str]) -> int:
    """How many factors of a formula add up over periods, less those that it is divided by; 0 of a rate or a number."""
    match node:
        case Name():
            return 1 if is_previous(node) else _adding_of(project, known, node.path, seen)
        case Negative(of):
            return _adding(project, known, of, seen)
        case Binary(op, left, right):
            one, other = _adding(project, known, left, seen), _adding(project, known, right, seen)
            return one + other if op == "*" else one - other if op == "/" else min(one, other)
        case Call("cmgr"):
            return 0
        case Call(_, args):
            return min(_adding(project, known, each, seen) for each in args if not isinstance(each, Number))
    return 0


def _adding_of(project: Project, known: Mapping[str, Meaning], metric: str, seen: frozenset[str]) -> int:
    found, meaning = project.metric(metric), known.get(metric)
    if found is None or meaning is None or not found.ways or metric in seen:
        return 1
    if found.derived:
        return _adding(project, known, found.derived.node, seen | {metric})
    is_mean = found.way in AGGREGATES[1:] or (meaning.nature is Nature.WINDOWED and meaning.unit == days())
    return int(not (is_mean or meaning.percent or meaning.nature is Nature.RATIO))
