"""Worth: whether a metric is work done, money earned, a running total, or the value that somebody got."""

from __future__ import annotations

from collections.abc import Mapping

from shinro.checks import words
from shinro.definitions.expression import Binary, Negative, walk
from shinro.definitions.metric import Metric
from shinro.definitions.project import Project
from shinro.definitions.tree import below, drivers, measured_from
from shinro.series import Meaning, Nature

MIDDLES = ("avg", "median", "min", "max")
THRESHOLDS = ("conversion", "retention", "funnel", "active", "recurring")


def is_work(project: Project, metric: str) -> bool:
    """Whether a metric counts work: declared an activity, or a plain count that is called so; sums of such too."""
    leaves = summed(project, metric)
    return bool(leaves) and all(_is_work(project, leaf) for leaf in leaves)


def _is_work(project: Project, leaf: str) -> bool:
    found = project.metric(leaf)
    if found is None or not found.ways:
        return False
    return found.kind == "activity" or (_counts_plainly(project, found) and _any(project, leaf, words.is_workload))


def is_money(project: Project, meanings: Mapping[str, Meaning], metric: str) -> bool:
    """Whether a metric is money earned in a period, or a running total of it; recurring revenue at a date is not."""
    found, meaning = project.metric(metric), meanings.get(metric)
    if found is None or meaning is None or found.way in MIDDLES:
        return False
    named = found.way in ("sum", "reported", "cumulative") and _any(project, metric, words.is_revenue)
    money = len(meaning.unit.kind.powers) == 1 and meaning.unit.currency is not None
    return (meaning.nature is Nature.FLOW or found.cumulative is not None) and (named or money)


def is_cumulative(project: Project, metric: str) -> bool:
    """Whether a metric can never fall, by how it is built or called: accumulated, or a stock that nothing leaves."""
    found = project.metric(metric)
    leaves = summed(project, metric)
    accumulated = found is not None and found.cumulative is not None
    return accumulated or (bool(leaves) and all(_only_grows(project, leaf) for leaf in leaves))


def _only_grows(project: Project, leaf: str) -> bool:
    found = project.metric(leaf)
    if found is None or not found.ways:
        return False
    table = project.table(found.stock)
    if table:
        return table.ends is None
    return found.way in ("count", "sum", "reported") and _any(project, leaf, words.is_cumulative)


def is_middle(project: Project, metric: str) -> bool:
    """Whether a metric is a mean, a median or an extreme of its rows: a size, which counts nobody."""
    found = project.metric(metric)
    return found is not None and found.way in MIDDLES


def has_predicate(project: Project, metric: str) -> bool:
    """Whether a metric, or something that it is measured from, keeps only rows that pass a test.

    A `where`, a distinct count, a time that only some rows have, a threshold or a conversion is a test. What is typed
    in cannot be judged and passes.
    """
    return any(_tests(project, name) for name in below([metric], measured_from(project)))


def _tests(project: Project, name: str) -> bool:
    found = project.metric(name)
    if found is None or not found.ways:
        return False
    table = project.table(found.table)
    kept = found.where or found.at_ or found.at_least or (table and table.where)
    return bool(kept or found.count_distinct or found.reported or found.way in THRESHOLDS)


def summed(project: Project, metric: str) -> tuple[str, ...]:
    """The metrics that a metric is the plain sum or running total of, in the end; itself where it is neither."""
    graph = {str(name): _terms(project, str(name)) for name in project.metrics}
    return tuple(sorted(name for name in below([metric], graph) if not graph.get(name)))


def _terms(project: Project, metric: str) -> tuple[str, ...]:
    found = project.metric(metric)
    if found and found.cumulative:
        return (str(found.cumulative),)
    if found is None or found.derived is None:
        return ()
    signs = [part for part in walk(found.derived.node) if isinstance(part, Binary | Negative)]
    if any(isinstance(sign, Negative) or sign.op != "+" for sign in signs):
        return ()
    return drivers(found.derived.node)


def _counts_plainly(project: Project, found: Metric) -> bool:
    if found.count_distinct:
        table = project.table(found.count_distinct.table)
        return table is not None and found.count_distinct.column == table.key != table.entity
    return found.way in ("count", "sum", "reported") and found.unit != "%"


def _any(project: Project, metric: str, judge: words.Judge) -> bool:
    return any(judge(name) for name in words.called(project, metric))
