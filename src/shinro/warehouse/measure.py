"""Measuring: what is wanted -> scans -> exact series. A scan is read once; the rest is arithmetic."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from fractions import Fraction
from functools import partial

from shinro.definitions.beginnings import without_numbers
from shinro.definitions.columns import dimension_owner, lacks
from shinro.definitions.ends import begins, comes_to
from shinro.definitions.meaning import fact_tables, is_read, meaning_of
from shinro.definitions.metric import PARTS, Metric
from shinro.definitions.periodic import not_within
from shinro.definitions.project import Project
from shinro.definitions.tree import below, measured_from, read_from
from shinro.loads import Load
from shinro.periods import Calendar, Grain, Period
from shinro.queries.growth import MAKERS, growth_of, span_scanned
from shinro.queries.scans import Measure, Scan, Want, at_own_grain, scans
from shinro.queries.terms import rates_of, terms_of, unknown_words
from shinro.series import Meaning, Nature, Point, Segment, Series
from shinro.warehouse.combine import accumulated, combined, lasts, made_of
from shinro.warehouse.exchange import exchanged, rate_of
from shinro.warehouse.frame import (
    Cells,
    Frame,
    Row,
    at_of,
    frame,
    parted,
    points,
    segments_of,
    span_frame,
    stock_points,
)
from shinro.warehouse.growth import Ground, growth_points, growth_read
from shinro.warehouse.recurring import Bridge, bridges, points_of
from shinro.warehouse.reported import Habit, reported_points

Reader = Callable[[Scan], Cells]
Ready = Callable[[tuple[Scan, ...]], None]
Sheet = Callable[[str], tuple[tuple[date, Fraction | None], ...]]
Measured = Mapping[Want, tuple[Series, ...]]


@dataclass
class Bench:
    """The work on one set of wants: what was scanned, and series as they are made."""

    project: Project
    meanings: Mapping[str, Meaning]
    loads: Mapping[str, Load]
    calendar: Calendar
    as_of: date
    sheet: Sheet
    found: dict[Want, tuple[Scan, Cells]] = field(default_factory=dict)
    made: dict[Want, dict[Segment, Series]] = field(default_factory=dict)
    empty: dict[Want, tuple[Point, ...]] = field(default_factory=dict)
    frames: dict[tuple[str, Grain, bool, Period | None], Frame] = field(default_factory=dict)
    bridges: dict[tuple[Want, Segment | None], Sequence[Bridge]] = field(default_factory=dict)
    grounds: dict[Want, Ground] = field(default_factory=dict)
    grown: dict[tuple[int, Segment | None], object] = field(default_factory=dict)


def measure(
    project: Project,
    meanings: Mapping[str, Meaning],
    loads: Mapping[str, Load],
    wants: Iterable[Want],
    as_of: date,
    read: Reader,
    sheet: Sheet,
    ready: Ready = lambda _: None,
) -> Measured:
    """The series of all that is wanted and can be measured; a want whose tables are not loaded is left out.

    `ready` is told of all scans before `read` answers each; `sheet` gives the typed-in rows of a reported metric. One
    scan serves all simple metrics of a table, time, grain and dimensions. Cost: the scans, then linear in the cells.
    """
    asked = tuple(dict.fromkeys(wants))
    bench = Bench(project, meanings, loads, project.calendar, as_of, sheet)
    planned = _planned(project, asked, loads, as_of)
    ready(planned)
    for scan in planned:
        names = tuple(dimension.name for dimension in scan.dimensions)
        found = read(scan)
        for one in scan.measures:
            bench.found[Want(one.metric, scan.grain, names, scan.span, scan.asked, scan.parted)] = (scan, found)
    made = {want: _series(bench, want) for want in asked}
    return {want: tuple(series.values()) for want, series in made.items() if series}


def _planned(project: Project, asked: tuple[Want, ...], loads: Mapping[str, Load], as_of: date) -> tuple[Scan, ...]:
    """The scans that measure all that is wanted and can be measured."""
    lacking = {metric for metric in {want.metric for want in asked} if why_not(project, metric, loads)}
    able = [want for want in asked if want.metric not in lacking and not uncut(project, want, loads)]
    return scans(project, able, {name: last_of(load, as_of) for name, load in loads.items()}, as_of)


def uncut(project: Project, want: Want, loads: Mapping[str, Load]) -> bool:
    """Whether a table that a metric is measured from turned out to lack a column that it should be cut by."""
    tables = fact_tables(project, want.metric) if want.dimensions else ()
    owners = [dimension_owner(project, table, name) for table in tables for name in want.dimensions]
    return any((load := loads.get(each[0])) and load.types and each[1] not in load.types for each in owners if each)


def last_of(load: Load, as_of: date) -> date | None:
    """The last day to count of a table; None where all of its rows are dated up to as-of anyway."""
    return None if load.latest and load.latest <= as_of else as_of


def why_not(project: Project, metric: str, loads: Mapping[str, Load]) -> str | None:
    """A catalog key that says why a metric has no numbers, its own reason first; None where it can be measured."""
    below_it = below([metric], measured_from(project)) - {metric}
    reasons = (_why_not(project, name, loads) for name in (metric, *sorted(below_it)))
    return next(filter(None, reasons), None)


def _why_not(project: Project, metric: str, loads: Mapping[str, Load]) -> str | None:
    found = project.metric(metric)
    if found is None or not found.ways:
        return "unmeasured.undefined"
    if not is_read(project, metric):
        return "unmeasured.unread"
    if metric in without_numbers(project):
        return "unmeasured.asked"
    if found.way in MAKERS and growth_of(project, metric, Grain.MONTH) is None:
        tables = [end.table for end in (begins(project, metric), comes_to(project, metric)) if end]
        told = tables and all(table.entity and (table.time or table.starts) for table in tables)
        return "unmeasured.asked" if told else "unmeasured.growth"
    if found.reported:
        return None if metric in loads else "unmeasured.no_data"
    if found.recurring and terms_of(project, found) is None:
        return "unmeasured.terms"
    if lacks(project, metric, loads):
        return "unmeasured.column"
    missing = [table for table in fact_tables(project, metric) if table not in loads]
    if missing or (found.recurring and any(rate not in loads for rate in rates_of(project, metric).values())):
        return "unmeasured.no_data"
    paid = loads.get(str(found.recurring or found.table))
    unknown = unknown_words(project, found, paid.values) if paid else None
    return f"unmeasured.{unknown.kind}" if unknown else None


def _series(bench: Bench, want: Want) -> dict[Segment, Series]:
    if want in bench.made:
        return bench.made[want]
    bench.made[want] = {}  # a circle ends here; the checks name it
    metric = bench.project.metric(want.metric)
    if metric is None or not metric.ways or why_not(bench.project, want.metric, bench.loads):
        return {}
    if uncut(bench.project, want, bench.loads):
        return {}
    if not want.span and not_within(bench.project, want.metric, want.grain) is not want.grain:
        return {}
    bench.made[want] = _of_way(bench, want, metric)
    return bench.made[want]


def _of_way(bench: Bench, want: Want, metric: Metric) -> dict[Segment, Series]:
    own = at_own_grain(bench.project, want)
    if own != want:
        made = {segment: _lasts(bench, own, want, series.points) for segment, series in _series(bench, own).items()}
        return {segment: _build(bench, want, segment, found) for segment, found in made.items() if found}
    if metric.ratio or metric.derived:
        inputs = {name: _series(bench, replace(want, metric=name)) for name in read_from(bench.project)[want.metric]}
        nothing = partial(_nothing, bench, want)
        return combined(metric, inputs, nothing, lambda segment, made: _build(bench, want, segment, made))
    if metric.cumulative:
        inner = _series(bench, replace(want, metric=str(metric.cumulative)))
        return {segment: _build(bench, want, segment, accumulated(series.points)) for segment, series in inner.items()}
    if metric.reported:
        return {} if want.dimensions or want.where else {(): _build(bench, want, (), _reported(bench, want))}
    if metric.recurring:
        return _parts(bench, want)
    if metric.way in MAKERS:
        return _grown(bench, want)
    return _simple(bench, want)


def _lasts(bench: Bench, own: Want, want: Want, points: tuple[Point, ...]) -> tuple[Point, ...]:
    return lasts(points, own.grain, want.grain, bench.calendar)


def _simple(bench: Bench, want: Want) -> dict[Segment, Series]:
    if want not in bench.found:
        return {}
    scan, found = bench.found[want]
    measure = _measure(scan, want.metric)
    make = _maker(bench, want)
    segments = sorted(segments_of(measure, at_of(scan, measure), found), key=str) if want.dimensions else [()]
    return {segment: _build(bench, want, segment, make(found.get(segment, {}))) for segment in segments}


def _parts(bench: Bench, want: Want) -> dict[Segment, Series]:
    """A part of a recurring metric, from the movements that all of its parts share."""
    name, _, part = want.metric.partition(".")
    base = replace(want, metric=name)
    if base not in bench.found or part not in PARTS:
        return {}
    _, found = bench.found[base]
    segments = sorted(found, key=str) if want.dimensions else [()]
    return {segment: _build(bench, want, segment, _part(bench, base, part, segment)) for segment in segments}


def _grown(bench: Bench, want: Want) -> dict[Segment, Series]:
    """A growth metric, or a part of one, from the rows that all of its parts share."""
    base = _base(bench, want)
    if base not in bench.found:
        return {}
    segments = sorted(bench.found[base][1], key=str) if want.dimensions else [()]
    points = partial(_growth, bench, want, base)
    return {segment: _build(bench, want, segment, points(segment)) for segment in segments}


def _base(bench: Bench, want: Want) -> Want:
    """What a growth metric is found under: its name, and the grain and span that it is scanned for."""
    growth = growth_of(bench.project, want.metric, want.grain, want.span)
    grain = (growth.grain if growth else None) or want.grain
    span = span_scanned(bench.project, want.metric, want.span)
    return replace(want, metric=want.metric.partition(".")[0], grain=grain, span=span)


def _growth(bench: Bench, want: Want, base: Want, segment: Segment | None) -> tuple[Point, ...]:
    scan, found = bench.found[base]
    if want not in bench.grounds:
        growth = growth_of(bench.project, want.metric, want.grain, want.span)
        scan = replace(scan, growth=growth, span=want.span)  # its rows are shared
        at = _frame(bench, scan, want)
        bench.grounds[want] = Ground(scan, at, want.grain, bench.calendar, bench.as_of, bench.loads)
    ground = bench.grounds[want]
    key = (id(found), segment)  # metrics that share rows share what is read of them
    if key not in bench.grown:
        rows = found.get(segment, {}) if segment is not None else {}
        bench.grown[key] = growth_read(ground.scan, rows.values())
    return growth_points(want.metric.partition(".")[2], ground, bench.grown[key])


def _part(bench: Bench, base: Want, part: str, segment: Segment | None) -> tuple[Point, ...]:
    scan, found = bench.found[base]
    rows = found.get(segment, {}) if segment is not None else {}
    if scan.terms and scan.terms.rates:
        return points_of(part, _frame(bench, scan, base), _exchanged(bench, base, segment, rows.values()))
    at = _frame(bench, scan, base)
    if (base, segment) not in bench.bridges:  # all parts are read from the same ones
        bench.bridges[base, segment] = bridges(at, rows, scan.terms.minor if scan.terms else 0)
    return points_of(part, at, bench.bridges[base, segment])


def _exchanged(bench: Bench, base: Want, segment: Segment | None, rows: Iterable[Row]) -> Sequence[Bridge]:
    """What moved of a recurring metric in several currencies, at the rates of reported metrics."""
    if (base, segment) not in bench.bridges:
        scan, _ = bench.found[base]
        own = bench.project.currency or "JPY"
        told = {code: bench.sheet(metric) for code, metric in rates_of(bench.project, base.metric).items()}
        assert scan.terms is not None  # noqa: S101 - a recurring metric's scan
        frame, rate = _frame(bench, scan, base), rate_of(own, told)
        bench.bridges[base, segment] = exchanged(frame, rows, scan.terms, rate, bench.as_of)
    return bench.bridges[base, segment]


def _measure(scan: Scan, metric: str) -> Measure:
    return next(one for one in scan.measures if one.metric == metric)


def _maker(bench: Bench, want: Want) -> Callable[[Mapping[int, Row]], tuple[Point, ...]]:
    """What makes points of a simple metric's rows by period."""
    scan, _ = bench.found[want]
    measure = _measure(scan, want.metric)
    at, column = _frame(bench, scan, want), at_of(scan, measure)
    if meaning_of(want.metric, bench.meanings).nature is Nature.STOCK:
        return partial(stock_points, at, column)
    return partial(points, at, measure, column)


def _nothing(bench: Bench, like: Want, metric: str) -> tuple[Point, ...]:
    """The points of a metric for a segment that has no rows: zeros where things are counted or summed."""
    want = replace(like, metric=metric)
    if want not in bench.empty:
        bench.empty[want] = ()  # a circle of earlier values ends here
        bench.empty[want] = _points_of_nothing(bench, want)
    return bench.empty[want]


def _points_of_nothing(bench: Bench, want: Want) -> tuple[Point, ...]:
    metric = bench.project.metric(want.metric)
    if metric is None or want.metric not in bench.meanings:
        return ()
    own = at_own_grain(bench.project, want)
    if own != want:
        return _lasts(bench, own, want, _nothing(bench, own, want.metric))
    if metric.ratio or metric.derived:
        names = read_from(bench.project)[want.metric]
        return made_of(metric, {name: _nothing(bench, want, name) for name in names})
    if metric.cumulative:
        return accumulated(_nothing(bench, want, str(metric.cumulative)))
    if metric.recurring:
        name, _, part = want.metric.partition(".")
        base = replace(want, metric=name)
        return _part(bench, base, part, None) if base in bench.found else ()
    if metric.way in MAKERS:
        base = _base(bench, want)
        return _growth(bench, want, base, None) if base in bench.found else ()
    return _maker(bench, want)({}) if want in bench.found else ()


def _frame(bench: Bench, scan: Scan, want: Want) -> Frame:
    load, by_month = bench.loads[scan.table], scan.terms is not None and scan.terms.lists == "month"
    if want.span and not want.parted:
        return span_frame(load, want.span, bench.as_of)
    key = (scan.table, want.grain, by_month, want.span)
    if key not in bench.frames:
        # what a list of a month says is paid from that month's first day, whatever day its rows have
        first = load.oldest.replace(day=1) if by_month and load.oldest else load.oldest
        whole = frame(replace(load, oldest=first), want.grain, bench.calendar, bench.as_of)
        bench.frames[key] = parted(whole, load, want.span, bench.as_of) if want.span else whole
    return bench.frames[key]


def _build(bench: Bench, want: Want, segment: Segment, made: tuple[Point, ...]) -> Series:
    meaning = meaning_of(want.metric, bench.meanings)
    return Series(meaning, want.grain, made, bench.as_of, bench.calendar.zone, segment)


def _reported(bench: Bench, want: Want) -> tuple[Point, ...]:
    rows = [(day, number) for day, number in bench.sheet(want.metric) if number is not None]
    flow = meaning_of(want.metric, bench.meanings).nature is Nature.FLOW
    metric, load = bench.project.metric(want.metric), bench.loads[want.metric]
    habit = Habit(metric.every if metric else None, load.late_by, flow)
    return reported_points(rows, habit, want.grain, bench.calendar, bench.as_of)
