"""curve: the cohorts of retention metrics by bucket, and whether their curves flatten."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date

from shinro.cohorts import Curve
from shinro.definitions.buckets import buckets_of
from shinro.definitions.expression import Node
from shinro.definitions.meaning import meaning_of
from shinro.periods import Grain
from shinro.problems import CannotGoOn, Place, Problem, problem
from shinro.queries.retention import Retention
from shinro.queries.scans import Scan, Want, scans
from shinro.run.filters import filter_of
from shinro.run.gathering import Gathered
from shinro.run.values import known_dimensions, known_metric
from shinro.warehouse.frame import frame
from shinro.warehouse.growth import growth_read
from shinro.warehouse.measure import last_of, why_not
from shinro.warehouse.retention import cohorts_of

LENGTHS = {Grain.DAY: 30, Grain.WEEK: 12, Grain.MONTH: 12}  # buckets of a curve where none are asked for
LONGEST = 1000


@dataclass(frozen=True, slots=True)
class Curves:
    """Curves as asked for, one a metric and segment, and what has no numbers."""

    curves: tuple[Curve, ...]
    as_of: date
    unmeasured: tuple[tuple[str, str], ...] = ()
    problems: tuple[Problem, ...] = ()  # of the tables that were read


@dataclass(frozen=True, slots=True)
class Asked:
    """How curves are asked for: the unit and the number of their buckets, dimensions, a filter."""

    unit: Grain | None = None  # the metric's own
    last: int | None = None
    by: tuple[str, ...] = ()
    where: str = ""


def curves(gathered: Gathered, metrics: tuple[str, ...], asked: Asked) -> Curves:
    """The curves of retention metrics. A table is read once for a metric, and kept like any other answer.

    Raises CannotGoOn for what `values` refuses, for a metric that is no retention, and for buckets that there are not.
    """
    if asked.last is not None and not 1 <= asked.last <= LONGEST:
        raise CannotGoOn([problem("Q153", Place("--buckets"), case="length", found=asked.last, longest=LONGEST)])
    if asked.unit is not None and asked.unit not in LENGTHS:
        raise CannotGoOn([problem("Q153", Place("--grain"), case="unit", found=asked.unit.value)])
    for metric in metrics:
        _known(gathered, metric, asked)
    node = filter_of(gathered, metrics, asked.where) if asked.where else None
    reach = max(asked.last or 0, *(_judged(gathered, metric, asked) for metric in metrics))
    found = tuple(curve for metric in metrics for curve in _curves(gathered, metric, asked, node, reach))
    tables = {table for metric in metrics for table in gathered.tables(metric)}
    problems = gathered.problems_of(tables)
    return Curves(found, gathered.as_of, gathered.unmeasured(metrics), problems)


def _known(gathered: Gathered, metric: str, asked: Asked) -> None:
    project, name = gathered.opened.project, gathered.opened.name
    known_metric(project, metric, name)
    found = project.metric(metric)
    if found is None or not found.retention or "." in metric:
        known = [str(each) for each, one in project.metrics.items() if one.retention]
        case = "way" if known else "none"
        raise CannotGoOn([problem("Q153", Place(name), case=case, metric=metric, known=", ".join(known))])
    known_dimensions(gathered, metric, asked.by)


def _judged(gathered: Gathered, metric: str, asked: Asked) -> int:
    """The last bucket by which a curve is judged, however many are shown; of the metric's own unit all it looks at."""
    found = gathered.opened.project.metric(metric)
    buckets = buckets_of(found) if found else None
    if buckets is None:
        return 0
    unit = asked.unit or buckets.unit
    return max(LENGTHS[unit], buckets.last if unit is buckets.unit else 0)


def _curves(gathered: Gathered, metric: str, asked: Asked, where: Node | None, reach: int) -> Iterator[Curve]:
    if why_not(gathered.opened.project, metric, gathered.loads):
        return
    scan, judged = _scan(gathered, metric, asked, where, reach), _judged(gathered, metric, asked)
    assert isinstance(scan.growth, Retention)  # noqa: S101 - a retention metric's scan
    load, calendar = gathered.loads[scan.table], gathered.opened.project.calendar
    units = frame(load, scan.grain, calendar, gathered.as_of)
    cells = gathered.asked.read(scan)
    like = Curve(
        metric,
        scan.grain,
        asked.last or judged,
        (),
        gathered.as_of,
        ever=scan.growth.buckets.ever,
        each=scan.growth.buckets.each,
        population=meaning_of(metric, gathered.meanings).population,
        judged=judged,
    )
    for segment in sorted(cells, key=str) if scan.dimensions else [()]:
        rows = growth_read(scan, cells.get(segment, {}).values())
        yield replace(like, segment=segment, cohorts=cohorts_of(scan.growth, units, rows))


def _scan(gathered: Gathered, metric: str, asked: Asked, where: Node | None, reach: int) -> Scan:
    """The scan of the metric, all buckets that any curve asked for shows or is judged by in place of its own."""
    lasts = {name: last_of(load, gathered.as_of) for name, load in gathered.loads.items()}
    want = Want(metric, Grain.MONTH, asked.by, None, where)
    (scan,) = scans(gathered.opened.project, [want], lasts, gathered.as_of)
    how = scan.growth
    assert isinstance(how, Retention)  # noqa: S101 - as above
    unit = asked.unit or how.buckets.unit
    growth = replace(how, buckets=replace(how.buckets, unit=unit), looked=tuple(range(reach + 1)))
    return replace(scan, grain=unit, growth=growth)
