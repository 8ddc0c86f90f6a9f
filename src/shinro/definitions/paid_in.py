"""Paid in: the currency that an amount is told in: the company's, or the one that a filter keeps or a unit names."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from shinro.definitions.evaluate import value
from shinro.definitions.expression import And, Compare, In, Name, Node, Text, names
from shinro.definitions.metric import AGGREGATES, Metric
from shinro.definitions.project import Project
from shinro.definitions.sources import Table
from shinro.units import CURRENCIES, CURRENCY_SIGNS

COMPANYS = "JPY"  # where the project names none


def paid_in(project: Project, metric: Metric) -> str:
    """The code of the currency that a recurring metric's money is in.

    It is the company's, unless the table has no rates and the filters keep one other currency (`currency = 'EUR'`).
    """
    own = str(project.currency or COMPANYS)
    table = project.table(metric.recurring)
    if table is None or table.currency is None or table.rates:
        return own
    kept = [found for part in _filters(project, metric) if (found := _choices(part, str(table.currency)))]
    codes = {code_of(word) for words in kept for word in words}
    only = codes.pop() if len(codes) == 1 else None
    return only or own


def adds(project: Project, metric: Metric) -> Table | None:
    """The table whose amounts, of a currency that a column tells, a metric adds up as they stand; None of any other."""
    table = project.table(metric.table) if metric.way in AGGREGATES else None
    summed = metric.column.column if metric.column else ""
    return table if table and table.currency and summed == table.amount else None


def stated_in(project: Project, metric: Metric) -> str:
    """The code of the currency that such a sum is in: the one that its unit names, else the company's."""
    return code_of(str(metric.unit or "")) or str(project.currency or COMPANYS)


def left(project: Project, metric: Metric, words: Iterable[str]) -> tuple[str, ...]:
    """Of the words in the currency's column, those that no filter on it alone leaves out."""
    table = project.table(metric.recurring or metric.table)
    column = str(table.currency) if table and table.currency else ""
    alone = [node for node in _filters(project, metric) if {_column(name) for name in names(node)} == {column}]
    return tuple(word for word in words if all(_holds(node, column, word) for node in alone))


def code_of(word: str) -> str | None:
    """The currency that a word names by its code or its sign; None where it names none that is known."""
    plain = word.strip()
    code = CURRENCY_SIGNS.get(plain, plain.upper())
    return code if code in CURRENCIES else None


def _filters(project: Project, metric: Metric) -> Iterator[Node]:
    """What the table and the metric ask of a row, each condition that must hold on its own."""
    table = project.table(metric.recurring or metric.table)
    for where in (table.where if table else None, metric.where):
        if where:
            yield from _all_of(where.node)


def _all_of(node: Node) -> Iterator[Node]:
    if isinstance(node, And):
        for part in node.parts:
            yield from _all_of(part)
    else:
        yield node


def _choices(node: Node, column: str) -> tuple[str, ...]:
    """What a column may be, where that is all that a condition says: `currency = 'EUR'`, `currency in (...)`."""
    match node:
        case Compare("=", Name() as name, Text(word)) | Compare("=", Text(word), Name() as name):
            words: tuple[str, ...] = (word,)
        case In(Name() as name, choices, False) if all(isinstance(each, Text) for each in choices):
            words = tuple(each.value for each in choices if isinstance(each, Text))
        case _:
            return ()
    return words if _column(name) == column else ()


def _column(name: Name) -> str:
    return name.part or name.name


def _holds(node: Node, column: str, word: str) -> bool:
    return value(node, {column: word, **{name.path: word for name in names(node)}}) is True
