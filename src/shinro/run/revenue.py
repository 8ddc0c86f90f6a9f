"""revenue: what the companies that began to pay in one period pay in each later one, of recurring metrics."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date

from shinro.cohorts import Revenue
from shinro.definitions.expression import Node
from shinro.definitions.meaning import meaning_of
from shinro.definitions.project import Project
from shinro.periods import Grain
from shinro.problems import CannotGoOn, Place, Problem, problem
from shinro.queries.scans import Scan, Want, scans
from shinro.run.curve import LONGEST, Asked
from shinro.run.filters import filter_of
from shinro.run.gathering import Gathered
from shinro.warehouse.frame import frame
from shinro.warehouse.measure import last_of, why_not
from shinro.warehouse.revenue import paid_cohorts

LENGTHS = {Grain.DAY: 30, Grain.WEEK: 12, Grain.MONTH: 12, Grain.QUARTER: 8, Grain.YEAR: 5}  # later periods


@dataclass(frozen=True, slots=True)
class Revenues:
    """Cohorts as asked for, one set a metric, and what has no numbers."""

    revenues: tuple[Revenue, ...]
    as_of: date
    unmeasured: tuple[tuple[str, str], ...] = ()
    problems: tuple[Problem, ...] = ()  # of the tables that were read


def are_recurring(project: Project, metrics: tuple[str, ...]) -> bool:
    """Whether all of these are recurring metrics, or parts of one."""
    found = [project.metric(metric) for metric in metrics]
    return bool(found) and all(metric is not None and metric.recurring is not None for metric in found)


def revenues(gathered: Gathered, metrics: tuple[str, ...], asked: Asked) -> Revenues:
    """What cohorts pay. A table is read once for a metric, and kept like any other answer.

    Raises CannotGoOn for dimensions (a company may pay in several segments), for a number of periods that there is
    not, and for a filter that `values` refuses.
    """
    if asked.last is not None and not 1 <= asked.last <= LONGEST:
        raise CannotGoOn([problem("Q153", Place("--buckets"), case="length", found=asked.last, longest=LONGEST)])
    if asked.by:
        raise CannotGoOn([problem("Q153", Place("--by"), case="by", metric=metrics[0], by=", ".join(asked.by))])
    bases = tuple(dict.fromkeys(metric.partition(".")[0] for metric in metrics))
    parts = tuple(f"{base}.mrr" for base in bases)
    node = filter_of(gathered, parts, asked.where) if asked.where else None
    found = tuple(each for base in bases for each in _revenue(gathered, base, asked, node))
    tables = {table for part in parts for table in gathered.tables(part)}
    problems = gathered.problems_of(tables)
    return Revenues(found, gathered.as_of, gathered.unmeasured(parts), problems)


def _revenue(gathered: Gathered, base: str, asked: Asked, where: Node | None) -> Iterator[Revenue]:
    if why_not(gathered.opened.project, f"{base}.mrr", gathered.loads):
        return
    unit = asked.unit or Grain.MONTH
    scan = _scan(gathered, base, unit, where)
    assert scan.terms is not None  # noqa: S101 - a recurring metric's scan
    if scan.terms.rates:
        raise CannotGoOn([problem("Q153", Place("--curve"), case="rates", metric=base)])
    units = frame(gathered.loads[scan.table], unit, gathered.opened.project.calendar, gathered.as_of)
    rows = gathered.asked.read(scan).get((), {}).values()
    meaning, last = meaning_of(f"{base}.mrr", gathered.meanings), asked.last or LENGTHS[unit]
    cohorts = paid_cohorts(units, rows, scan.terms.minor, last)
    yield Revenue(base, unit, last, cohorts, gathered.as_of, str(meaning.currency), meaning.policy)


def _scan(gathered: Gathered, base: str, unit: Grain, where: Node | None) -> Scan:
    """The scan of the metric by cohort, in place of its movements."""
    lasts = {name: last_of(load, gathered.as_of) for name, load in gathered.loads.items()}
    want = Want(f"{base}.mrr", unit, (), None, where)
    (scan,) = scans(gathered.opened.project, [want], lasts, gathered.as_of)
    assert scan.terms is not None  # noqa: S101 - as above
    return replace(scan, terms=replace(scan.terms, cohorts=True))
