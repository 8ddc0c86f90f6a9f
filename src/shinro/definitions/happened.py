"""Happened: in which rows a day is one on which something happened, and no plan, by what metrics count on it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from shinro.definitions.expression import And, Compare, In, Name, Node, Text
from shinro.definitions.metric import Metric
from shinro.definitions.project import Project
from shinro.definitions.sources import Table
from shinro.loads import Happened


def happened(project: Project, name: str, table: Table) -> tuple[Happened, ...]:
    """For each of a table's `times`: the values that all metrics which count by it ask of the same columns.

    A deal that is open may carry the day on which it is hoped to close; metrics that count closings ask for the stages
    of those that did. A day that some metric takes from any row, or that none counts by, is not told apart.
    """
    columns = dict.fromkeys(str(column) for column in table.times.values() if column != table.time)
    found = ((column, _told(list(_asked(project, name, table, column)))) for column in columns)
    return tuple(Happened(column, told) for column, told in found if told)


def _asked(project: Project, name: str, table: Table, column: str) -> Iterator[Mapping[str, frozenset[str]]]:
    """What each metric that counts by a day asks of a row; nothing for an end that any row comes to."""
    for metric in project.metrics.values():
        if metric.table == name and not metric.stock and table.moment(metric.at_) == column:
            yield _values(metric)
        if metric.to and metric.to.table == name and metric.to.at_ and table.moment(metric.to.at_) == column:
            yield {}


def _values(metric: Metric) -> Mapping[str, frozenset[str]]:
    """The values that a metric's filter asks of columns of its own table: those that no row does without."""
    node = metric.where.node if metric.where else None
    parts = node.parts if isinstance(node, And) else (node,) if node else ()
    return {column: values for part in parts for column, values in _one(part)}


def _one(node: Node) -> Iterator[tuple[str, frozenset[str]]]:
    match node:
        case Compare("=", Name(column, None), Text(value)) | Compare("=", Text(value), Name(column, None)):
            yield column, frozenset({value})
        case In(Name(column, None), choices, False):
            texts = frozenset(choice.value for choice in choices if isinstance(choice, Text))
            if len(texts) == len(set(choices)):
                yield column, texts


def _told(asked: list[Mapping[str, frozenset[str]]]) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """The columns that all ask for, each with every value that any asks for."""
    common = set(asked[0]).intersection(*asked[1:]) if asked else set()
    return tuple(
        (column, tuple(sorted(frozenset().union(*(one[column] for one in asked))))) for column in sorted(common)
    )
