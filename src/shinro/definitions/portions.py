"""Portions: whether what a ratio has above is a part of what it has below: then it is a share, told in percent."""

from __future__ import annotations

from collections.abc import Iterator

from shinro.definitions.expression import And, Between, Binary, Compare, In, Name, Node, Number
from shinro.definitions.metric import AGGREGATES, PARTS, Metric
from shinro.definitions.project import Project
from shinro.series import Nature

PERIODS = ("retention", "conversion")  # of these, who went on is a part of who began


def is_portion(project: Project, over: Node, base: Node) -> bool:
    """Whether all that a formula has is a part of what another has, whenever either is dated.

    Rows or sums under a narrower filter, the entities of such rows, a later step of one funnel; of a sum all of it, or
    a part of one of its terms.
    """
    parts, wholes = list(_terms(project, over, frozenset())), list(_terms(project, base, frozenset()))
    return all(any(_is_part(project, part, whole) for whole in wholes) for part in parts)


def is_per_entity(project: Project, over: Node, base: Node) -> bool:
    """Whether rows are counted above and distinct things below: how many each has, which is no share."""
    ways = [[_way(project, name) for name in _terms(project, node, frozenset())] for node in (over, base)]
    return "count_distinct" not in ways[0] and ways[1] == ["count_distinct"]


def _way(project: Project, name: str) -> str | None:
    found = project.metric(name)
    return found.way if found and found.ways else None


def _terms(project: Project, node: Node, seen: frozenset[str]) -> Iterator[str]:
    """The metrics that a sum adds, those that it is derived from in the end; of a difference what it starts from.

    A name of nothing for all that is neither.
    """
    match node:
        case Binary("+", left, right):
            yield from _terms(project, left, seen)
            yield from _terms(project, right, seen)
        case Binary("-", left, _):
            yield from _terms(project, left, seen)
        case Name():
            found = project.metric(node.path)
            if found and found.derived and node.path not in seen and isinstance(found.derived.node, Name | Binary):
                yield from _terms(project, found.derived.node, seen | {node.path})
            else:
                yield node.path
        case _:
            yield ""


def _is_part(project: Project, part: str, whole: str) -> bool:
    over, base = project.metric(part), project.metric(whole)
    if over is None or base is None or not over.ways or not base.ways:
        return False
    name, _, of_part = part.partition(".")
    of, _, of_whole = whole.partition(".")
    if name == of and over.recurring is None:
        return _is_within(over, of_part, of_whole)
    if of_part != of_whole or not _same_rows(over, base):
        return False
    stands = of_part not in PARTS or PARTS[of_part][0] is Nature.STOCK  # who changes plans moves in one of them alone
    return stands and narrower(over, base)


def _is_within(metric: Metric, part: str, whole: str) -> bool:
    """Of one metric: a later step of a funnel, who went on of who began, who is new of who is active."""
    if metric.funnel:
        steps = list(map(str, metric.steps))
        return part in steps and whole in steps and steps.index(part) >= steps.index(whole)
    if any(getattr(metric, way) for way in PERIODS):
        return part in ("kept", "converted", "cohort") and whole == "cohort"
    return part == whole or (bool(metric.active) and not whole and part != "dormant")


def _same_rows(over: Metric, base: Metric) -> bool:
    """Whether two metrics count the same thing, but for their filters: rows, their sum, their entities, a part."""
    if over.count_distinct and base.count:
        return over.table == base.table
    if over.way != base.way:
        return False
    if over.way in ("count", "stock"):
        return over.table == base.table
    if over.way in ("count_distinct", AGGREGATES[0]):
        return str(over.column) == str(base.column)
    if over.active:
        return _as_often(over, base)
    return over.recurring is not None and str(over.recurring) == str(base.recurring)


def _as_often(over: Metric, base: Metric) -> bool:
    """Whether who is active by the one is active by the other: as many rows or more, in a window no longer."""
    times = [metric.at_least.level.number.value if metric.at_least else 1 for metric in (over, base)]
    if str(over.active) != str(base.active) or times[0] < times[1]:
        return False
    if over.within is None or base.within is None:
        return over.within is base.within
    return over.within.duration.days <= base.within.duration.days


def narrower(over: Metric, under: Metric) -> bool:
    """Whether every row that counts above counts below: each condition there follows from one here."""
    kept = _parts(over.where.node) if over.where else ()
    asked = _parts(under.where.node) if under.where else ()
    return all(any(_follows(condition, wanted) for condition in kept) for wanted in asked)


def _parts(node: Node) -> tuple[Node, ...]:
    return node.parts if isinstance(node, And) else (node,)


def _follows(condition: Node, wanted: Node) -> bool:
    if condition == wanted:
        return True
    if isinstance(condition, Between) and isinstance(wanted, Between):
        return _inside(condition, wanted)
    given, allowed = _choices(condition), _choices(wanted)
    return given is not None and allowed is not None and given[0] == allowed[0] and given[1] <= allowed[1]


def _inside(one: Between, other: Between) -> bool:
    """Whether a range of numbers lies in another."""
    ends = (one.low, one.high, other.low, other.high)
    low, high, lowest, highest = (end.value if isinstance(end, Number) else None for end in ends)
    if low is None or high is None or lowest is None or highest is None or one.negated or other.negated:
        return False
    return one.of == other.of and lowest <= low and high <= highest


def _choices(node: Node) -> tuple[Node, frozenset[Node]] | None:
    """`stage = 'won'` and `stage in ('won', 'lost')` as a column and the values that it may have."""
    if isinstance(node, In) and not node.negated:
        return node.of, frozenset(node.choices)
    if isinstance(node, Compare) and node.op == "=":
        return node.left, frozenset([node.right])
    return None
