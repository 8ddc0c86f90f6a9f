"""Gathering: a project's tables loaded, the day we stand on, series measured; how every path with data begins."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from importlib import import_module
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from shinro.definitions.columns import plans
from shinro.definitions.meaning import fact_tables, meanings
from shinro.definitions.periodic import is_shorter, not_within
from shinro.definitions.project import Project
from shinro.loads import Load, Strange, TablePlan
from shinro.periods import Grain
from shinro.problems import Problem, Severity, problem
from shinro.queries.scans import Want
from shinro.queries.terms import unknown_words
from shinro.run.opening import Opened
from shinro.series import Meaning
from shinro.warehouse.asking import Asking, asking, joined
from shinro.warehouse.files import listed, passed_over
from shinro.warehouse.measure import Measured, measure, why_not
from shinro.warehouse.namesakes import namesakes
from shinro.warehouse.recall import is_held, recall, remarks

Progress = Callable[[str, str], None]
SHUT = {("L125", ""), ("L121", "busy"), ("L121", "locked")}  # problems, with their case, of a whole database


@dataclass(frozen=True, slots=True)
class Moment:
    """When we look: now (UTC), the day asked for, what is in the environment."""

    now: datetime
    as_of: date | None = None
    environ: Mapping[str, str] | None = None
    fresh: bool = False  # read databases again, which say nothing of their changes

    def today(self, zone: str) -> date:
        """Today in a time zone."""
        try:
            return self.now.astimezone(ZoneInfo(zone)).date()
        except (ZoneInfoNotFoundError, ValueError):
            return self.now.astimezone(UTC).date()


@dataclass(frozen=True, slots=True)
class Gathered:
    """Loaded tables and the day that numbers are as of."""

    opened: Opened
    plans: Mapping[str, TablePlan]
    loads: Mapping[str, Load]
    meanings: Mapping[str, Meaning]
    problems: tuple[Problem, ...]
    today: date
    as_of: date
    asked: Asking
    found: Mapping[str, tuple[Problem, ...]] = field(default_factory=dict)  # by table, of `problems`

    def measure(self, wants: Iterable[Want]) -> Measured:
        """The series of what is wanted. Scans that are not kept share one pass over their table where they can."""
        project, asked = self.opened.project, self.asked
        told = (asked.read, asked.sheet, asked.prepare)
        return measure(project, self.meanings, self.loads, wants, self.as_of, *told)

    def tables(self, metric: str) -> tuple[str, ...]:
        """The tables that a metric is measured from in the end; a reported one's sheet by its own name."""
        found = self.opened.project.metric(metric)
        return (metric,) if found and found.reported else fact_tables(self.opened.project, metric)

    def loads_of(self, metrics: Iterable[str]) -> tuple[Load, ...]:
        """The loads that metrics are measured from."""
        tables = dict.fromkeys(table for metric in metrics for table in self.tables(metric))
        return tuple(self.loads[table] for table in tables if table in self.loads)

    def problems_of(self, tables: Iterable[str]) -> tuple[Problem, ...]:
        """What is wrong with tables and with the sources that they are read from."""
        asked = set(tables)
        sources = {plan.source.name for name, plan in self.plans.items() if name in asked}
        theirs = {each for name in asked for each in self.found.get(name, ())}
        return tuple(each for each in self.problems if each in theirs or _is_of(each, asked, sources))

    def unmeasured(self, metrics: Iterable[str], grain: Grain | None = None) -> tuple[tuple[str, str], ...]:
        """Which metrics have no numbers, at a grain where one is named, and the catalog key that says why."""
        reasons = [(metric, self._why_not(metric, grain)) for metric in metrics]
        return tuple((metric, why) for metric, why in reasons if why)

    def _why_not(self, metric: str, grain: Grain | None) -> str | None:
        why = why_not(self.opened.project, metric, self.loads)
        return why or (_of_another(self.opened.project, metric, grain) if grain else None)

    @property
    def strange(self) -> Mapping[str, Strange]:
        """What keeps recurring metrics, and sums of amounts, from being measured, by metric."""
        metrics = {str(name): metric for name, metric in self.opened.project.metrics.items()}
        tables = {name: self.loads.get(str(metric.recurring or metric.table)) for name, metric in metrics.items()}
        found = {
            name: unknown_words(self.opened.project, metrics[name], load.values)
            for name, load in tables.items()
            if load is not None
        }
        return {name: strange for name, strange in found.items() if strange}


def _of_another(project: Project, metric: str, grain: Grain) -> str | None:
    if not_within(project, metric, grain) is grain:
        return None
    return "unmeasured.shorter" if is_shorter(project, metric, grain) else "unmeasured.longer"


def _is_of(found: Problem, tables: set[str], sources: set[str]) -> bool:
    table = found.args.get("table")
    return table in tables or (table is None and found.args.get("source") in sources)


def silent(_step: str, _name: str) -> None:
    """No progress is shown."""


@contextmanager
def gathering(opened: Opened, moment: Moment, progress: Progress = silent) -> Iterator[Gathered]:
    """All tables loaded where files changed, joins verified; the engine is closed at the end."""
    project = opened.project
    planned, problems = plans(project, str(opened.folder), moment.environ or {})
    today = moment.today(project.zone)
    loads, found = _loaded(opened, planned, today, progress, fresh=moment.fresh)
    planned = {name: _as_loaded(plan, loads.get(name)) for name, plan in planned.items()}
    every = tuple(dict.fromkeys((*problems, *(each for some in found.values() for each in some))))
    as_of = moment.as_of or day_of_data(project, loads, today)
    calendar = project.calendar
    with asking(planned, loads, calendar, opened.store, progress) as asked:
        loads = joined(asked)
        asked.loads = loads
        known = meanings(project)
        looked_on = moment.as_of or today
        yield Gathered(opened, planned, loads, known, every, looked_on, as_of, asked, found)


def _loaded(
    opened: Opened, planned: Mapping[str, TablePlan], today: date, progress: Progress, *, fresh: bool
) -> tuple[dict[str, Load], dict[str, tuple[Problem, ...]]]:
    """Loads, and what is wrong, by table. A database that cannot be opened is tried once, not again for each table."""
    loads: dict[str, Load] = {}
    problems: dict[str, tuple[Problem, ...]] = {}
    shut: dict[str, tuple[Problem, ...]] = {}
    for name, plan in planned.items():
        made, found = _load(opened, plan, today, progress, shut.get(plan.source.name), fresh=fresh)
        if made is not None:
            loads[name] = replace(made, table=name)
            found = (*found, *_passed_over(opened, plan, made, today), *_namesakes(plan, made, planned.values()))
        elif any((each.code, each.args.get("case", "")) in SHUT for each in found):
            shut[plan.source.name] = found
        problems[name] = found
    return loads, problems


def _passed_over(opened: Opened, plan: TablePlan, read: Load, today: date) -> tuple[Problem, ...]:
    """A file without a date that holds newer rows than the dated one that is read in its place (L103)."""
    other = passed_over(plan)
    made, _ = _load(opened, other, today, silent, None, fresh=False) if other else (None, ())
    if other is None or made is None or not (made.newest and read.known_until) or made.newest <= read.known_until:
        return ()
    args = {"table": plan.name, "file": made.files[0], "day": made.newest.isoformat(), "read": read.files[-1]}
    return (problem("L103", plan.place, Severity.WARNING, case="passed", **args),)


def _namesakes(plan: TablePlan, read: Load, every: Iterable[TablePlan]) -> tuple[Problem, ...]:
    """Files that are called as if they were the table's, in another form than is read (L103)."""
    names, stem = namesakes(plan, [other.stem for other in every if other.source.path == plan.source.path])
    if not names:
        return ()
    args = {"table": plan.name, "files": listed(names), "read": read.files[-1], "stem": stem}
    return (problem("L103", plan.place, Severity.WARNING, case="namesakes", **args),)


def _as_loaded(plan: TablePlan, load: Load | None) -> TablePlan:
    """The plan without the columns that the table turned out not to have."""
    if load is None:
        return plan
    return replace(plan, columns=tuple(column for column in plan.columns if column.name in load.types))


def _load(
    opened: Opened,
    plan: TablePlan,
    today: date,
    progress: Progress,
    shut: tuple[Problem, ...] | None,
    *,
    fresh: bool,
) -> tuple[Load | None, tuple[Problem, ...]]:
    """A table as it was loaded last time where nothing changed since, else loaded now; not with its source `shut`."""
    known = recall(plan, opened.store, today, zone=opened.project.zone, databases=not fresh)
    if known is not None:
        return known, remarks(known, plan)
    if shut is not None and (fresh or not is_held(plan, opened.store)):
        return None, shut
    # Not at the top: importing the engine costs more than a whole status from the cache.
    room = import_module("shinro.warehouse.load")
    loaded: tuple[Load | None, tuple[Problem, ...]] = room.load(
        plan, opened.store, today, progress, zone=opened.project.zone, fresh=fresh
    )
    return loaded


def day_of_data(project: Project, loads: Mapping[str, Load], today: date) -> date:
    """The earlier of today and the newest day that the data speaks of, be it in the names of its files alone."""
    newest = [_spoken_of(project, load, load.newest) for load in loads.values() if load.newest]
    newest += [load.named for load in loads.values() if load.newest and load.named]
    return min(today, max(newest)) if newest else today


def _spoken_of(project: Project, load: Load, day: date) -> date:
    """The newest day of a table; the day behind its period for a figure that was typed in: it speaks of all of it."""
    metric = project.metric(load.table)
    every = metric.every if metric and metric.reported else None
    return project.calendar.period(day, every).end if every else day
