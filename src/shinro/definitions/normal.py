"""The normal form of a definition: all that a metric's numbers depend on, line by line.

The same meaning has the same form.

What is only shown (labels, descriptions, dimensions), where files lie, and the order of keys are no part of it. It is
no SQL, so that a new compiler changes nothing.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import MISSING, Field, fields
from enum import Enum
from types import MappingProxyType

from shinro.definitions.columns import owner_of, uses_of
from shinro.definitions.ends import begins, comes_to
from shinro.definitions.expression import names
from shinro.definitions.meaning import fact_tables
from shinro.definitions.metric import HARMLESS, Metric
from shinro.definitions.policies import policy_text
from shinro.definitions.printing import number_text, text
from shinro.definitions.project import Project
from shinro.definitions.shapes import Block
from shinro.definitions.sources import Table
from shinro.definitions.tree import read_from
from shinro.definitions.values import Amount, Formula, Span, Where
from shinro.periods import Grain

Form = Mapping[str, str]  # what -> how it is said, in order of the keys
FORMAT = "1"  # raise it when the same definitions come to have another form

APART = frozenset({"dimensions", "rename", "joins", "times"})  # a table's keys that are told by what is read of them
# Where a source is, and how late it comes: neither changes a number that is final. Its zone is told as it is in force.
PLACE_OF = frozenset({"path", "url", "late_by", "timezone"})
OWN = frozenset({"place", "places", "lost"})  # of every block
WIDE_KEYS = frozenset({"time", "amount"})  # of a wide sheet: what its headers and cells are called
SIMPLE = ("from_", "key", "where", "wide", "amounts_in")
BY_WAY: Mapping[str, tuple[str, ...]] = {
    "stock": ("starts", "ends", "ends_are"),
    **dict.fromkeys(("active", "retention", "funnel", "conversion"), ("entity",)),
}


def normal_form(project: Project, metric: str, grain: Grain = Grain.MONTH) -> Form:
    """The normal form of a metric, or a part of one, read at a grain.

    Law: it follows from the meaning alone: comments, order, labels and other metrics change nothing.
    Cost: linear in the definitions that it is measured from.
    """
    found = {"format": FORMAT}
    metrics = metrics_of(project, metric)
    ways = {made.way for name in metrics if (made := project.metric(name)) and made.ways}
    found |= _cut(project, grain, ways)
    for name in metrics:
        found |= {f"metric {name} {key}": said for key, said in _metric(project, name)}
    for name in tables_of(project, metric):
        if table := project.table(name):
            found |= {f"table {name} {key}": said for key, said in _table(project, name, table, metrics)}
    for name in _sources(project, metric):
        if source := project.source(name):
            found[f"source {name} timezone"] = str(source.timezone or project.zone)
            found |= {f"source {name} {key}": said for key, said in _block(source, PLACE_OF)}
    return MappingProxyType(dict(sorted(found.items())))


def digest_of(form: Form) -> str:
    """The sha256 of a normal form, in hex."""
    return hashlib.sha256("\n".join(f"{key}: {said}" for key, said in form.items()).encode()).hexdigest()


def changed(before: Form, after: Form) -> tuple[tuple[str, str | None, str | None], ...]:
    """What two forms say differently: key, what was said, what is; None where it is not said."""
    keys = sorted({*before, *after} - {"format"})
    return tuple((key, before.get(key), after.get(key)) for key in keys if before.get(key) != after.get(key))


def metrics_of(project: Project, metric: str) -> tuple[str, ...]:
    """The metrics that one is measured from, itself first, each once, parts by their metric."""
    seen: dict[str, None] = {}
    waiting = [metric.partition(".")[0]]
    while waiting:
        name = waiting.pop()
        if name in seen or project.metric(name) is None:
            continue
        seen[name] = None
        inner = [*read_from(project).get(name, ()), *_rates(project, name)]
        waiting.extend(sorted((other.partition(".")[0] for other in inner), reverse=True))
    return tuple(seen)


def tables_of(project: Project, metric: str) -> tuple[str, ...]:
    """Every table whose rows a metric reads, joined ones too; a reported metric's sheet by the metric's name."""
    found: list[str] = []
    for name in metrics_of(project, metric):
        made = project.metric(name)
        found += [name] if made and made.reported else fact_tables(project, name)
        found += [owner for owner, _ in _read(project, name)]
    return tuple(dict.fromkeys(found))


def _rates(project: Project, name: str) -> list[str]:
    found = project.metric(name)
    table = project.table(str(found.recurring)) if found and found.recurring else None
    return [str(rate) for rate in table.rates.values()] if table and table.currency else []


def _read(project: Project, name: str) -> Iterator[tuple[str, str]]:
    """Table and column of everything that a metric and its tables' own filters read."""
    made = project.metric(name)
    if made is None or not made.ways:
        return
    for use in uses_of(project, name, made):
        yield use.table, use.column
    for table in fact_tables(project, name):
        found = project.table(table)
        if found and found.where:
            for read in names(found.where.node):
                owner = owner_of(project, table, read.name) if read.part else table
                yield owner, read.part or read.name


def _cut(project: Project, grain: Grain, ways: set[str]) -> dict[str, str]:
    """How the company cuts time and counts money, as far as a metric at a grain depends on it."""
    weekly = grain is Grain.WEEK or bool(ways & {"active", "retention", "funnel", "conversion"})
    fiscal = grain in (Grain.QUARTER, Grain.YEAR)
    found = {"project timezone": project.zone, "project currency": str(project.currency or "JPY")}
    found |= {"project week_starts": project.week_starts} if weekly else {}
    return found | ({"project fiscal_year_starts": project.fiscal_year_starts} if fiscal else {})


def _metric(project: Project, name: str) -> Iterator[tuple[str, str]]:
    metric = project.metric(name)
    if metric is None or not metric.ways:
        return
    yield from _block(metric, HARMLESS | {"at_", "options", "steps", "to"})
    for n, (step, where) in enumerate(metric.steps.items(), 1):
        yield f"step {n}", f"{step}: {text(where.node)}"
    if metric.recurring:
        yield "options", policy_text(metric)
    yield from _moments(project, name, metric)


def _moments(project: Project, name: str, metric: Metric) -> Iterator[tuple[str, str]]:
    """The columns that date its rows, whatever they are called among a table's times."""
    table = project.table(metric.table)
    if table:
        yield "moment", str((table.starts if metric.stock else table.moment(metric.at_)) or "-")
    start = begins(project, name) if metric.conversion or metric.events else None
    if start:
        yield "moment", str(start.moment or "-")
    end = comes_to(project, name) if metric.to else None
    if end:
        yield "to", f"{end.name} {end.moment or '-'}" + (f" where {text(end.filter.node)}" if end.filter else "")


def _table(project: Project, name: str, table: Table, metrics: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    reading = [made for each in metrics if (made := project.metric(each)) and name in fact_tables(project, each)]
    ways = {made.way for made in reading if made.ways}
    keys = {*SIMPLE, *(key for way in ways for key in BY_WAY.get(way, ()))}
    for key, said in _block(table, APART):
        if "recurring" in ways or key in {each.rstrip("_") for each in keys} or (table.wide and key in WIDE_KEYS):
            yield key, said
    columns = {column for each in metrics for owner, column in _read(project, each) if owner == name}
    columns |= {str(value) for key in keys if isinstance(value := getattr(table, key), str)}
    headers = {str(column): str(header) for header, column in table.rename.items()}
    for column in sorted(columns & set(headers)):
        yield f"column {column}", headers[column]
    read = {owner for each in metrics for owner, _ in _read(project, each)}
    for other, column in table.joins.items():
        if str(other) in read:
            yield f"join {other}", str(column)


def _sources(project: Project, metric: str) -> tuple[str, ...]:
    found: list[str] = []
    for name in tables_of(project, metric):
        table, made = project.table(name), project.metric(name)
        if table:
            found.append(str(table.from_).partition(".")[0])
        if made and made.reported:
            found.append(str(made.reported).partition(".")[0])
    return tuple(dict.fromkeys(found))


def _block(block: Block, without: frozenset[str]) -> Iterator[tuple[str, str]]:
    """A block's keys that are not at their default, in text."""
    for each in fields(block):
        if each.name in OWN or each.name in without:
            continue
        value = getattr(block, each.name)
        if value is not None and value != _default(each):
            yield each.name.rstrip("_"), _said(value)


def _default(each: Field[object]) -> object:
    if each.default is not MISSING:
        return each.default
    return each.default_factory() if each.default_factory is not MISSING else None


def _said(value: object) -> str:
    match value:
        case Where() | Formula():
            return text(value.node)
        case Span():
            return str(value.duration)
        case Amount():
            return number_text(value.level.number) + (f" per {value.level.per.value}" if value.level.per else "")
        case Enum():
            return str(value.value)
        case Mapping():
            return ", ".join(
                f"{key}: {_said(each)}" for key, each in sorted(value.items(), key=lambda one: str(one[0]))
            )
        case _:
            return str(value)
