"""What each table must be loaded as: its columns and their roles, gathered from every place that reads them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

from shinro.definitions.alike import columns_alike, tables_alike
from shinro.definitions.ends import filters
from shinro.definitions.expression import Compare, In, Node, names, walk
from shinro.definitions.happened import happened
from shinro.definitions.metric import Metric
from shinro.definitions.project import Project, across
from shinro.definitions.roles import types
from shinro.definitions.sources import Source, Table
from shinro.definitions.tree import below, measured_from
from shinro.definitions.values import Name, Where
from shinro.loads import ColumnPlan, JoinPlan, Load, Priced, Role, SourcePlan, TablePlan
from shinro.problems import Place, Problem, problem

_VARIABLE = re.compile(r"\$\{([A-Za-z_][A-Za-z0-9_]*)\}")
REPORTED_TIME, REPORTED_VALUE = "date", "value"


@dataclass(frozen=True, slots=True)
class Use:
    """One place that reads a column of a table, and what it takes it for; `metric` where it stands in one.

    `cut`: numbers are cut by it there; `word`: it stands where a value does.
    """

    table: str
    column: str
    role: Role
    place: Place
    metric: str | None = None
    cut: bool = False
    word: bool = False


def plans(
    project: Project, folder: str, environ: Mapping[str, str]
) -> tuple[Mapping[str, TablePlan], tuple[Problem, ...]]:
    """Every table's plan by name (a reported metric's sheet by the metric's name), and what is wrong with the uses.

    None for a sheet with its periods across that is a database's table, nor for what the engine cannot tell apart.

    `folder` is the project's folder, put in front of relative paths; `environ` fills `${NAME}` in urls.
    """
    refused = {**across(project), **tables_alike(project)}
    problems = [*refused.values()]
    gathered = list(uses(project))
    found: dict[str, TablePlan] = {}
    for name, table in project.tables.items():
        source = project.source(table.from_.partition(".")[0])
        if source:
            plan = _source_plan(project, str(table.from_.partition(".")[0]), source, folder, environ, problems)
            used = [use for use in gathered if use.table == str(name)]
            columns = [_with_metrics(project, column, used) for column in _columns(table, used, problems)]
            found[str(name)] = _table_plan(project, str(name), table, plan, columns)
    for name, metric in project.metrics.items():
        source = project.source(metric.reported.partition(".")[0]) if metric.reported else None
        if source and metric.reported:
            plan = _source_plan(project, metric.reported.partition(".")[0], source, folder, environ, problems)
            found[str(name)] = _reported_plan(project, str(name), plan)
    for read, made in found.items():
        if alike := list(columns_alike(project, read, made.columns)):
            refused[read] = alike[0]
            problems.extend(alike)
    found = {name: plan for name, plan in found.items() if name not in refused}
    return MappingProxyType(found), tuple(dict.fromkeys(problems))


def disagreements(project: Project) -> tuple[Problem, ...]:
    """Columns that one place takes for a number, and another for a text or a time (code Q130).

    And names that are one to the engine (code S143).
    """
    problems: list[Problem] = [*tables_alike(project).values()]
    gathered = list(uses(project))
    for name, table in project.tables.items():
        columns = _columns(table, [use for use in gathered if use.table == str(name)], problems)
        problems.extend(columns_alike(project, str(name), columns))
    for name, metric in project.metrics.items():
        problems.extend(columns_alike(project, str(name), _reported_columns(metric)) if metric.reported else ())
    return tuple(problems)


def uses(project: Project) -> Iterator[Use]:
    """Every use of every column, in the order written."""
    for name, table in project.tables.items():
        yield from _table_uses(str(name), table)
        if table.where:
            yield from _where_uses(project, str(name), table.where)
        for other, column in table.joins.items():
            yield Use(str(name), str(column), Role.ANY, column.place)
            partner = project.table(str(other))
            if partner and partner.key:
                yield Use(str(other), str(partner.key), Role.ANY, partner.key.place)
    for name, metric in project.metrics.items():
        yield from uses_of(project, str(name), metric)


def uses_of(project: Project, name: str, metric: Metric) -> Iterator[Use]:
    """Every column that a metric reads itself, beside those that its table needs for all of its metrics."""
    if not metric.ways:
        return
    if metric.column:
        role = Role.ANY if metric.way == "count_distinct" else Role.NUMBER
        yield Use(metric.column.table, metric.column.column, role, metric.column.place, name)
    for table, where in filters(project, name, metric):
        yield from (replace(use, metric=name) for use in _where_uses(project, table, where))


def lacks(project: Project, metric: str, loads: Mapping[str, Load]) -> bool:
    """Whether a column that a metric reads itself is missing in its table as it was loaded."""
    found = project.metric(metric)
    used = uses_of(project, metric.partition(".")[0], found) if found else ()
    return any((load := loads.get(use.table)) and load.types and use.column not in load.types for use in used)


def _table_uses(name: str, table: Table) -> Iterator[Use]:
    for column in [table.key, table.entity, table.subscription]:
        if column:
            yield Use(name, str(column), Role.ANY, column.place)
    for column in table.dimensions:
        yield Use(name, str(column), Role.ANY, column.place, cut=True)
    for column in [table.time, *table.times.values(), table.starts, table.ends, table.trial_ends]:
        if column:
            yield Use(name, str(column), Role.TIME, column.place)
    for column in [table.amount, table.list_amount, table.quantity]:
        if column:
            yield Use(name, str(column), Role.NUMBER, column.place)
    for column in [table.every, table.every_count, table.status, table.currency]:
        if column:
            yield Use(name, str(column), Role.TEXT, column.place)


def _where_uses(project: Project, table: str, where: Where) -> Iterator[Use]:
    roles, words = types(where.node), _words(where.node)
    for name in names(where.node):
        place = where.text.place.shifted(name.at)
        owner, column = (name.name, name.part) if name.part else (table, name.name)
        word = any(name is each for each in words)
        yield Use(owner_of(project, table, owner), column, roles.get(name, Role.ANY), place, word=word)


def _words(node: Node) -> list[Node]:
    """What stands where a column's value does: behind a comparison, or among the choices of `in`."""
    found: list[Node] = []
    for each in walk(node):
        found += [each.right] if isinstance(each, Compare) else each.choices if isinstance(each, In) else []
    return found


def owner_of(project: Project, table: str, owner: str) -> str:
    """The table that `owner.column` names when it stands in a `where` of a table: itself, or one it joins."""
    fact = project.table(table)
    return owner if fact and (owner == table or Name(owner) in fact.joins) else table


def dimension_owner(project: Project, table: str, dimension: str) -> tuple[str, str] | None:
    """The table and column that a dimension is: the fact table's own, or a joined one's (`region`, `agents.region`)."""
    fact = project.table(table)
    if fact is None:
        return None
    owner, dot, column = dimension.partition(".")
    if dot:
        other = project.table(owner)
        known = other is not None and (owner == table or Name(owner) in fact.joins) and column in other.dimensions
        return (owner, column) if known else None
    if dimension in fact.dimensions:
        return (table, dimension)
    joined = [
        str(other) for other in fact.joins if (found := project.table(str(other))) and dimension in found.dimensions
    ]
    return (joined[0], dimension) if len(joined) == 1 else None


def _with_metrics(project: Project, column: ColumnPlan, used: list[Use]) -> ColumnPlan:
    """The column with the metrics that go without numbers where it is missing; none where its table needs it."""
    there = [use for use in used if use.column == column.name]
    readers = {use.metric for use in there if not use.cut}
    if None in readers:
        return column
    column = replace(column, cut=any(use.cut for use in there), word=all(use.word for use in there))
    made_of = {str(name): below([str(name)], measured_from(project)) for name in project.metrics}
    lost = [name for name, parts in made_of.items() if readers & {part.partition(".")[0] for part in parts}]
    return replace(column, metrics=tuple(lost))


def _columns(table: Table, used: list[Use], problems: list[Problem]) -> tuple[ColumnPlan, ...]:
    headers = {str(name): str(header) for header, name in table.rename.items()}
    found: dict[str, ColumnPlan] = {}
    for use in used:
        old = found.get(use.column)
        if old is None:
            found[use.column] = ColumnPlan(use.column, headers.get(use.column, use.column), use.role, use.place)
        elif Role.ANY in (old.role, use.role):
            if old.role is Role.ANY is not use.role:
                found[use.column] = replace(old, role=use.role, taken=use.place)
        elif old.role is not use.role:
            args = {"column": use.column, "role": use.role, "other": old.role, "first": str(old.place)}
            problems.append(Problem(use.place, "Q130", args))
    return tuple(found.values())


def _table_plan(
    project: Project, name: str, table: Table, source: SourcePlan, columns: Iterable[ColumnPlan]
) -> TablePlan:
    joins = [
        JoinPlan(str(other), str(column), str(partner.key), column.place)
        for other, column in table.joins.items()
        if (partner := project.table(str(other))) and partner.key
    ]
    return TablePlan(
        name,
        source,
        table.from_.partition(".")[2],
        tuple(_as_kept(table, column) for column in columns),
        table.place,
        key=_text(table.key),
        time=_text(table.time),
        times=table.dates,
        planned=_planned(table),
        happened=happened(project, name, table),
        joins=tuple(joins),
        starts=_text(table.starts),
        ends=_text(table.ends),
        amount=_text(table.amount),
        priced=_priced(project, name, table),
        wide=(str(table.time), str(table.amount)) if table.wide else None,
    )


def _as_kept(table: Table, column: ColumnPlan) -> ColumnPlan:
    """A column with what its table says of amounts; in a sheet that people keep by hand a payer may be a total."""
    if column.name in (table.amount, table.list_amount):
        return replace(column, scale=table.scale)
    return replace(column, payer=table.lists is not None and column.name == table.entity)


def _priced(project: Project, name: str, table: Table) -> Priced | None:
    read = any(metric.recurring == name for metric in project.metrics.values())
    if not (read and table.entity and table.amount):
        return None
    status, listed = _text(table.status), _text(table.list_amount)
    changes = str(table.time) if table.time and not (table.starts or table.lists) else None
    stream = _text(table.subscription)
    return Priced(str(table.entity), str(table.amount), table.starts is not None, status, listed, changes, stream)


def _planned(table: Table) -> tuple[str, ...]:
    """Ends, unless `times` names them too: then they are days on which something happened."""
    happened = table.times.values()
    return tuple(str(column) for column in (table.ends, table.trial_ends) if column and column not in happened)


def _text(text: str | None) -> str | None:
    return str(text) if text is not None else None


def _reported_plan(project: Project, name: str, source: SourcePlan) -> TablePlan:
    metric = project.metrics[Name(name)]
    columns = _reported_columns(metric)
    stem, place, time = str(metric.reported).partition(".")[2], metric.at("reported"), columns[0].name
    return TablePlan(name, source, stem, columns, place, time=time, times=(time,), row=_text(metric.row))


def _reported_columns(metric: Metric) -> tuple[ColumnPlan, ColumnPlan]:
    time = str(metric.time or REPORTED_TIME) if metric.row is None else REPORTED_TIME
    value = str(metric.value or REPORTED_VALUE) if metric.row is None else REPORTED_VALUE
    return (
        ColumnPlan(time, time, Role.TIME, metric.at("time")),
        ColumnPlan(value, value, Role.NUMBER, metric.at("row" if metric.row else "value")),
    )


def _source_plan(
    project: Project, name: str, source: Source, folder: str, environ: Mapping[str, str], problems: list[Problem]
) -> SourcePlan:
    return SourcePlan(
        name,
        source.type,
        source.place,
        path=_path(source.path, folder),
        url=_filled(name, source, environ, problems),
        files=source.files,
        encoding=str(source.encoding or "utf-8"),
        timezone=str(source.timezone or project.zone),
        dates=_text(source.dates),
        numbers=_text(source.numbers),
        late_by=source.late_by.duration.days if source.late_by else 0,
        schema=_text(source.schema),
        currency=str(project.currency or "JPY"),
        written=_text(source.path),
    )


def _path(path: str | None, folder: str) -> str | None:
    if path is None:
        return None
    rooted = path.startswith(("/", "\\")) or path[1:2] == ":"
    return str(path) if rooted else f"{folder}/{path}"


def _filled(name: str, source: Source, environ: Mapping[str, str], problems: list[Problem]) -> str | None:
    """The url with its variables filled in; None, and a problem, where one is not set."""
    if source.url is None:
        return None
    missing = [variable for variable in _VARIABLE.findall(source.url) if not environ.get(variable)]
    if missing:
        problems.append(problem("S132", source.url.place, source=name, variable=missing[0]))
        return None
    return _VARIABLE.sub(lambda found: environ[found[1]], source.url)
