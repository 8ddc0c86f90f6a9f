"""Scans: which passes over which tables measure what is wanted. No engine and no compiler is needed to plan.

One scan serves every simple metric that shares a table, a time, a grain and dimensions. A median, and distinct counts
over different columns, have scans of their own.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date

from shinro.definitions.columns import dimension_owner
from shinro.definitions.ends import End, begins
from shinro.definitions.expression import And, Node, names
from shinro.definitions.meaning import fact
from shinro.definitions.metric import Metric
from shinro.definitions.periodic import not_within
from shinro.definitions.printing import text
from shinro.definitions.project import Project
from shinro.definitions.sources import Table
from shinro.definitions.tree import read_from
from shinro.periods import Calendar, Grain, Period
from shinro.problems import CannotGoOn, Problem
from shinro.queries.funnel import Attempts
from shinro.queries.growth import MAKERS, Growth, growth_of, span_scanned
from shinro.queries.terms import Terms, terms_of

# Plain measures that a distinct count may stand beside. At 10M rows a scan of both and two of one each cost, in CPU
# seconds: with 30 of them 7 and 3, with 4 of them 1.8 and 3.2.
FEW = 4


@dataclass(frozen=True, slots=True)
class Want:
    """A metric at a grain, whole or by dimensions; with `span` its one value over just those days.

    It is `parted` into the periods of the grain where that is asked: one value each, the first and the last cut by the
    span. `where` narrows the rows of everything that the metric is measured from.
    """

    metric: str
    grain: Grain
    dimensions: tuple[str, ...] = ()
    span: Period | None = None
    where: Node | None = None
    parted: bool = False


@dataclass(frozen=True, slots=True)
class Measure:
    """One simple metric within a scan."""

    metric: str
    way: str
    column: str | None = None
    where: Node | None = None

    @property
    def normal(self) -> str:
        """The definition's normal form: the same meaning, the same text."""
        return f"{self.way}({self.column or ''}) where {text(self.where) if self.where else 'true'}"


@dataclass(frozen=True, slots=True)
class Dimension:
    """A dimension as asked for, and the column that it is."""

    name: str
    table: str
    column: str


@dataclass(frozen=True, slots=True)
class Scan:
    """One pass over one table. `moment` dates a row; for a stock `moment` is its start and `ends` its end."""

    table: str
    moment: str
    grain: Grain
    measures: tuple[Measure, ...]
    dimensions: tuple[Dimension, ...] = ()
    ends: str | None = None
    ends_inclusive: bool = False
    last: date | None = None  # rows after this local day are left out
    span: Period | None = None  # one period of these days alone, or the periods of the grain in them
    asked: Node | None = None  # the filter that was asked for; it is part of every measure's `where`
    terms: Terms | None = None  # of a recurring metric, whose movements are one measure
    growth: Growth | None = None  # of a metric that follows entities; its rows have a form of their own
    parted: bool = False  # the span has a period of the grain each, not one

    @property
    def many(self) -> bool:
        """Whether one period may have several rows."""
        return self.growth is not None or bool(self.terms and (self.terms.cohorts or self.terms.rates))

    @property
    def reads(self) -> tuple[str, ...]:
        """Every table that it reads rows of, its own first."""
        return (self.table, *self.joins, *(self.growth.tables if self.growth else ()))

    @property
    def joins(self) -> tuple[str, ...]:
        """Other tables whose columns it reads, in order."""
        read = [dimension.table for dimension in self.dimensions]
        read += [name.name for one in self.measures if one.where for name in names(one.where) if name.part]
        read += [name.name for _, node in self.conditions for name in names(node) if name.part]
        return tuple(dict.fromkeys(table for table in read if table != self.table))

    @property
    def conditions(self) -> tuple[tuple[str, Node], ...]:
        """Conditions on a row beside those of the measures, by the names that its form knows."""
        kept = (("kept", self.terms.kept),) if self.terms and self.terms.kept else ()
        return kept + (self.growth.conditions if self.growth else ())

    @property
    def normal(self) -> str:
        """What is scanned and how it is cut, without the measures."""
        by = ", ".join(f"{one.table}.{one.column}" for one in self.dimensions)
        until = self.last.isoformat() if self.last else "-"
        ends = f"{self.ends} {'incl' if self.ends_inclusive else 'excl'}" if self.ends else "-"
        ends += f" {self.terms.normal}" if self.terms else ""
        ends += f" {self.growth.normal}" if self.growth else ""
        asked = f" where {text(self.asked)}" if self.asked else ""
        per = f"{self.span.start} to {self.span.last}" if self.span else self.grain.value
        per += f" by {self.grain.value}" if self.parted else ""
        return f"{self.table} at {self.moment} ends {ends} per {per} by ({by}) until {until}{asked}"


def simple_wants(project: Project, wants: Iterable[Want]) -> tuple[Want, ...]:
    """The simple metrics that wants are computed from in the end, each once. Cost: linear in the definitions."""
    graph = read_from(project)
    found: dict[Want, None] = {}
    seen: set[Want] = set()
    waiting = list(wants)[::-1]
    while waiting:
        want = waiting.pop()
        if want in seen:
            continue
        seen.add(want)
        if fact(project, want.metric):
            found[want] = None
        elif _follows(project, want.metric):
            found[replace(want, metric=want.metric.partition(".")[0])] = None
            continue  # where it starts and ends is not measured for its own sake
        own = at_own_grain(project, want)
        waiting.extend(replace(own, metric=name) for name in reversed(graph.get(want.metric, ())))
    return tuple(found)


def at_own_grain(project: Project, want: Want) -> Want:
    """A ratio or formula that says its own grain (`every: month`) is made at that one, whatever is asked for.

    Or at the longer one that its numbers come in.
    """
    metric = project.metric(want.metric)
    if metric is None or not (metric.ratio or metric.derived) or metric.every is None or want.span:
        return want
    return replace(want, grain=not_within(project, want.metric, metric.every))


def _follows(project: Project, name: str) -> bool:
    """Whether it follows entities, or is a part of a metric that does: all parts are measured at once."""
    found = project.metric(name)
    return bool(found and found.ways and (found.way == "recurring" or found.way in MAKERS))


def scans(
    project: Project, wants: Iterable[Want], tables: Mapping[str, date | None], as_of: date | None
) -> tuple[Scan, ...]:
    """The fewest scans that measure all that is wanted of `tables`: each with the last day to count, None for all rows.

    A stock is always cut at `as_of`: what closes later is still open.
    """
    grouped: dict[tuple[str, object], Scan] = {}
    for want in simple_wants(project, wants):
        scan = _scan(project, want, as_of)
        if scan is None or any(table not in tables for table in scan.reads):
            continue
        if scan.ends is None and scan.terms is None and not isinstance(scan.growth, Attempts):
            scan = replace(scan, last=tables[scan.table])
        key = (scan.normal, _apart(scan.measures[0]))
        known = grouped.get(key)
        if known is None:
            grouped[key] = scan
        elif scan.measures[0] not in known.measures:
            grouped[key] = replace(known, measures=(*known.measures, scan.measures[0]))
    return _merged(grouped)


def _apart(measure: Measure) -> str | None:
    """What keeps a measure from sharing a scan: a median, a recurring metric, a distinct count's column."""
    if measure.way in ("median", "recurring", *MAKERS):
        return f"{measure.way} {measure.normal}"
    return f"distinct {measure.column}" if measure.way == "count_distinct" else None


def _merged(grouped: dict[tuple[str, object], Scan]) -> tuple[Scan, ...]:
    """Distinct counts ride along with the plain counts of the same scan, one column of them a scan."""
    merged: dict[str, Scan] = {}
    rest: list[Scan] = []
    for (normal, apart), scan in sorted(grouped.items(), key=lambda item: str(item[0][1] or "")):
        mixable = apart is None or str(apart).startswith("distinct")
        base = merged.get(normal)
        if not mixable or (base and not _has_room(base)):
            rest.append(scan)
        else:
            merged[normal] = replace(base, measures=(*base.measures, *scan.measures)) if base else scan
    return (*merged.values(), *rest)


def _has_room(base: Scan) -> bool:
    """Whether a distinct count may ride along: every measure beside it is kept for each entity, and hashed with it."""
    return len(base.measures) <= FEW and all(one.way != "count_distinct" for one in base.measures)


def _scan(project: Project, want: Want, as_of: date | None) -> Scan | None:
    metric = want.metric
    if _follows(project, metric):
        return _following(project, metric, want, as_of)
    found, source = project.metric(metric), fact(project, metric)
    table = project.table(source.table) if source else None
    if not found or not source or not table:
        return None
    moment = source.moment if not found.stock else table.starts
    if moment is None:
        return None
    where = _where(table, found, want)
    way = "count" if found.stock else found.way
    measure = Measure(metric, way, found.column.column if found.column else None, where)
    return Scan(
        source.table,
        moment,
        want.grain,
        (measure,),
        tuple(_dimension(project, metric, source.table, name) for name in want.dimensions),
        str(table.ends) if found.stock and table.ends else None,
        table.ends_are == "inclusive",
        as_of,
        None if found.stock else want.span,
        want.where,
        parted=want.parted and not found.stock,
    )


def _where(table: Table | None, metric: Metric, want: Want) -> Node | None:
    """What the table, the metric and the question ask of a row."""
    parts = [where.node for where in (table.where if table else None, metric.where) if where] + (
        [want.where] if want.where else []
    )
    return _all(parts)


def _all(parts: list[Node]) -> Node | None:
    return And(tuple(parts)) if len(parts) > 1 else parts[0] if parts else None


def _following(project: Project, name: str, want: Want, as_of: date | None) -> Scan | None:
    metric = project.metric(name)
    source = followed(project, name)
    if not metric or not source or not source.moment:
        return None
    table = source.table
    terms = terms_of(project, metric) if metric.recurring else None
    growth = growth_of(project, name, want.grain, want.span)
    if terms is None and growth is None:
        return None
    filters = [
        *(() if terms and (terms.events or terms.lists) else source.wheres),
        *(where.node for where in (metric.where,) if where),
        *([want.where] if want.where else []),
    ]
    return Scan(
        source.name,
        source.moment,
        (growth.grain if growth else None) or want.grain,
        (Measure(name, metric.way, None, _all(filters)),),
        tuple(_dimension(project, name, source.name, each) for each in want.dimensions),
        str(table.ends) if terms and table.ends else None,
        table.ends_are == "inclusive",
        as_of,
        span_scanned(project, name, want.span),
        want.where,
        terms,
        growth,
        want.parted,
    )


def followed(project: Project, name: str) -> End | None:
    """The rows that a growth or recurring metric begins with: its table's, or those of the metric it starts from."""
    metric = project.metric(name)
    if metric is None or not metric.recurring:
        return begins(project, name)
    table = project.table(metric.recurring)
    moment = (table.starts or table.time) if table else None
    return End(str(metric.recurring), table, str(moment) if moment else None) if table else None


def _dimension(project: Project, metric: str, table: str, name: str) -> Dimension:
    owner = dimension_owner(project, table, name)
    if owner is None:
        found = project.tables.get(next(iter(n for n in project.tables if str(n) == table)))
        known = dimensions(project, table)
        place = found.at("dimensions") if found else project.place
        args = {"metric": metric, "dimension": name, "known": ", ".join(known), "table": table}
        raise CannotGoOn([Problem(place, "Q133", args if known else {**args, "case": "none"})])
    return Dimension(name, *owner)


def dimensions(project: Project, table: str) -> tuple[str, ...]:
    """Every dimension that a table can be cut by: its own and those of the tables that it joins."""
    fact_table = project.table(table)
    if fact_table is None:
        return ()
    own = [str(name) for name in fact_table.dimensions]
    for other in fact_table.joins:
        joined = project.table(str(other))
        own += [f"{other}.{name}" if name in own else str(name) for name in (joined.dimensions if joined else ())]
    return tuple(own)


def cut(calendar: Calendar) -> str:
    """What of a calendar a scan depends on."""
    return f"{calendar.zone} {calendar.week_starts} {calendar.fiscal_starts}"
