"""Funnels and conversions as they are planned: who is followed, through which steps, within how long."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from shinro.definitions.ends import End, begins, comes_to
from shinro.definitions.expression import And, Compare, In, Name, Node, Text, Truth, names
from shinro.definitions.metric import Metric
from shinro.definitions.printing import text
from shinro.definitions.project import Project
from shinro.periods import Duration, Grain, Period

CALENDAR = ("month", "quarter", "year")  # windows that end with a day of the calendar
DAY = 86_400  # seconds
ENDS = "out"  # the name of the condition that ends an attempt
ANY = "some"  # of one that every row of a step meets: an engine skips most of the other rows by it
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
ALWAYS = Truth(value=True)


@dataclass(frozen=True, slots=True)
class Later:
    """The rows that a conversion comes to, where they are not its first rows: another table, or another time."""

    table: str
    moment: str
    entity: str
    where: Node | None
    joins: tuple[tuple[str, str], ...]  # other tables that the filter reads, and by which column

    @property
    def normal(self) -> str:
        """The same rows, the same text."""
        by = ", ".join(f"{table} by {column}" for table, column in self.joins)
        return f"{self.table} at {self.moment} of {self.entity} where {text(self.where or ALWAYS)} joins ({by})"


@dataclass(frozen=True, slots=True)
class Attempts:
    """Who goes through which steps. An attempt begins with a row of the first step.

    A conversion is a funnel of two steps: its first rows are those that its scan counts, and its second ones those of
    `later`, or the same table's rows at the same time that `conditions` tells.
    """

    entity: str
    conditions: tuple[tuple[str, Node], ...]  # a step's by `step0`.., and `out`
    steps: tuple[str, ...]
    within: Duration | None = None  # from the first step; None: for ever
    strict: bool = False
    late: int = 0  # days by which rows may come late
    later: Later | None = None
    grain: Grain | None = None
    own: bool = True  # the parts are named after the steps, as a funnel's are
    daily: bool = False  # moments are compared
    by_first: bool = True

    @property
    def tables(self) -> tuple[str, ...]:
        """Other tables that it reads rows of."""
        return (self.later.table, *(table for table, _ in self.later.joins)) if self.later else ()

    @property
    def normal(self) -> str:
        """Its normal form."""
        steps = "; ".join(f"{name}: {text(node)}" for name, node in self.conditions)
        later = f" then {self.later.normal}" if self.later else ""
        within = f"{self.within} late {self.late}" if self.within else "ever"
        how = "strictly " if self.strict else ""
        return f"{self.entity} {how}through {', '.join(self.steps)} ({steps}){later} within {within}"

    @property
    def together(self) -> bool:
        """Whether it is a conversion whose rows of both ends are read as one."""
        return not self.own and self.later is None

    @property
    def followed(self) -> tuple[tuple[str, ...], ...]:
        """Conditions by their names (`is0`: as its scan counts): of each group, a row that is followed meets one."""
        names = tuple(name for name, _ in self.conditions)
        if not self.own:
            return (("is0", *names),)
        return ("is0",), (ANY,) if ANY in names else names

    @property
    def seconds(self) -> int | None:
        """The window as exact seconds; None where it has no end, or ends with a day of the calendar."""
        return self.within.seconds if self.within and self.within.unit not in CALENDAR else None

    def known_before(self, as_of: date) -> date:
        """The first day whose rows may not all be there."""
        return as_of - timedelta(days=self.late)

    def is_over(self, period: Period, as_of: date, zone: str) -> bool:
        """Whether the windows of all attempts that can begin in a period have passed by as-of."""
        if self.within is None:
            return True
        known = self.known_before(as_of)
        if self.seconds is None:
            return max(self.within.after(period.end), self.within.after(period.last) + timedelta(days=1)) <= known
        return midnight(period.end, zone, fold=1) + self.seconds * 1_000_000 <= midnight(known, zone)


@lru_cache(4096)
def midnight(day: date, zone: str, fold: int = 0) -> int:
    """The moment at which a local day begins, in microseconds since 1970 in UTC."""
    local = datetime(day.year, day.month, day.day, tzinfo=ZoneInfo(zone), fold=fold)
    return (local.astimezone(UTC) - EPOCH) // timedelta(microseconds=1)


def funnel_of(project: Project, name: str, metric: Metric, _grain: Grain) -> Attempts | None:
    """A funnel's attempts; None where its table does not say who and when, or there are no two steps."""
    start = begins(project, name)
    if start is None or start.entity is None or start.moment is None or len(metric.steps) < 2:  # noqa: PLR2004 - from, to
        return None
    conditions = [(f"step{n}", where.node) for n, where in enumerate(metric.steps.values())]
    conditions += [(ENDS, metric.excludes.node)] if metric.excludes else []
    some = _any_of([node for _, node in conditions])
    conditions += [(ANY, some)] if some else []
    steps = tuple(map(str, metric.steps))
    return Attempts(start.entity, tuple(conditions), steps, _within(metric), metric.strict, _late(project, start))


def conversion_of(project: Project, name: str, metric: Metric, _grain: Grain) -> Attempts | None:
    """A conversion's attempts; None where either end does not say who and when."""
    start, end = begins(project, name), comes_to(project, name)
    return between(project, start, end, _within(metric)) if start and end else None


def between(project: Project, start: End, end: End, within: Duration | None) -> Attempts | None:
    """The attempts that begin with some rows and come to others; None where either does not say who and when."""
    if not (start.entity and start.moment and end.entity and end.moment):
        return None
    late = max(_late(project, start), _late(project, end))
    steps, where = ("cohort", "converted"), _all(end.wheres)
    if (start.name, start.moment) == (end.name, end.moment):
        conditions = (("step1", where or ALWAYS),)
        return Attempts(start.entity, conditions, steps, within, late=late, own=False)
    joins = _joins(end, where)
    later = Later(end.name, end.moment, end.entity, where, joins)
    return Attempts(start.entity, (), steps, within, late=late, later=later, own=False)


def _within(metric: Metric) -> Duration | None:
    return metric.within.duration if metric.within else None


def _late(project: Project, end: End) -> int:
    owner = end.table.from_.partition(".")[0]
    source = next((one for name, one in project.sources.items() if str(name) == owner), None)
    return source.late_by.duration.days if source and source.late_by else 0


def _all(wheres: tuple[Node, ...]) -> Node | None:
    return And(wheres) if len(wheres) > 1 else wheres[0] if wheres else None


def _joins(end: End, where: Node | None) -> tuple[tuple[str, str], ...]:
    read = {name.name for name in (names(where) if where else ()) if name.part}
    columns: Mapping[str, str] = {str(other): str(column) for other, column in end.table.joins.items()}
    return tuple((table, columns[table]) for table in sorted(read - {end.name}) if table in columns)


def are_exclusive(growth: Attempts, first: Node | None) -> bool:
    """Whether no row can be of two steps, nor of a step and end attempts: a column must be another text in each.

    `first` tells the rows of the first step where the growth has no condition of its own for it.
    """
    nodes = [node for name, node in growth.conditions if name != ANY]
    if not growth.own:
        nodes.append(first or ALWAYS)
    told = [_texts(node) for node in nodes]
    return all(
        any(one[column].isdisjoint(other[column]) for column in one.keys() & other.keys())
        for n, one in enumerate(told)
        for other in told[:n]
    )


def _any_of(nodes: list[Node]) -> Node | None:
    """What a column may be in a row that meets any of some conditions; None where no column tells it."""
    told = [_texts(node) for node in nodes]
    for column in told[0]:
        if all(column in each for each in told):
            name, _, part = column.partition(".")
            texts = sorted({text for each in told for text in each[column]})
            return In(Name(name, part or None), tuple(map(Text, texts)))
    return None


def _texts(node: Node) -> Mapping[str, frozenset[str]]:
    """The texts that a condition allows a column to be, by column."""
    match node:
        case Compare("=", Name() as name, Text() as found):
            return {name.path: frozenset([found.value])}
        case In(Name() as name, choices, False) if all(isinstance(choice, Text) for choice in choices):
            return {name.path: frozenset(choice.value for choice in choices if isinstance(choice, Text))}
        case And(parts):
            return {column: texts for part in parts for column, texts in _texts(part).items()}
        case _:
            return {}
