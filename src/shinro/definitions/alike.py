"""Names that would be taken for others: the engine does not tell `A` from `a`, so of two only one may be read (S143).

Other letters of other cases (`É`, `é`) are two names to it. A dot stands between a table and its column (S122).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from shinro.definitions.project import Project
from shinro.definitions.values import Name
from shinro.loads import ColumnPlan
from shinro.problems import Problem


def engine_name(name: str) -> bytes:
    """A name as the engine compares it."""
    return name.encode().lower()


def tables_alike(project: Project) -> Mapping[str, Problem]:
    """What is wrong, by the second name of two tables, or reported metrics, whose rows would be kept under one name."""
    seen: dict[bytes, Name] = {}
    found: dict[str, Problem] = {}
    reported = (name for name, metric in project.metrics.items() if metric.reported)
    for name in (*project.tables, *reported):
        other = seen.setdefault(engine_name(str(name)), name)
        if other is not name:
            case = {"case": "same"} if str(other) == str(name) else {}
            args = {"found": str(name), "other": str(other), "first": str(other.place)}
            found[str(name)] = Problem(name.place, "S143", {**case, **args})
    return found


def columns_alike(project: Project, table: str, columns: Iterable[ColumnPlan]) -> Iterator[Problem]:
    """What is wrong with two columns that a table, or a reported metric's sheet, is asked for under one name.

    And with a table's column that is named as one of another table would be.
    """
    kind = "columns" if project.table(table) else "sheet"
    seen: dict[bytes, ColumnPlan] = {}
    for column in columns:
        if "." in column.name and project.table(table):
            other = column.name.partition(".")[0]
            case = "joined" if project.table(other) else "column"
            args = {"case": case, "table": table, "found": column.name, "plain": column.name.replace(".", "_")}
            yield Problem(column.place, "S122", {**args, "header": column.header, "other": other})
        first = seen.setdefault(engine_name(column.name), column)
        if first is not column:
            args = {"case": kind, "table": table, "found": column.name, "other": first.name}
            yield Problem(column.place, "S143", {**args, "header": column.header, "first": str(first.place)})
