"""A slow, obviously right measurer: typed rows, a project's definitions and a calendar -> values, in plain Python.

Rows are dicts: null, numbers, texts, truths, days, and moments as naive UTC. Every value is worked out by walking over
all rows again; local days come from zoneinfo, periods from walking day by day. It shares with what it judges only the
definitions as they are read, the value of an expression on one row, and the words for periods and marks.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from functools import cached_property
from itertools import pairwise
from zoneinfo import ZoneInfo

from shinro.definitions.evaluate import value
from shinro.definitions.expression import Binary, Call, Name, Node, Truth, children, names
from shinro.definitions.metric import Metric
from shinro.definitions.project import Project
from shinro.definitions.sources import Table
from shinro.periods import Calendar, Grain, Period
from shinro.series import Mark, Segment

Row = Mapping[str, object]
Found = tuple[Fraction | None, Mark]
Column = dict[Period, Found]
DAY = timedelta(days=1)
WORST = (Mark.COMPLETE, Mark.INCOMPLETE, Mark.UNKNOWN)


@dataclass(frozen=True)
class World:
    """All there is to know: definitions, rows by table, the day we stand on, and the day that rows were loaded."""

    project: Project = field(repr=False)
    columns: Mapping[str, Iterable[str]] = field(repr=False)  # by table
    rows: Mapping[str, list[Row]]
    as_of: date
    today: date
    late_by: int = 0
    asked: Node | None = None

    @cached_property
    def calendar(self) -> Calendar:
        return self.project.calendar

    @cached_property
    def lines(self) -> Mapping[str, list[dict[str, object]]]:
        """Every table's rows as conditions read them: local days, joined columns as `table.column`."""
        return {table: [_line(self, table, row) for row in rows] for table, rows in self.rows.items()}

    def table(self, name: str) -> Table:
        found = self.project.table(name)
        assert found is not None
        return found

    def metric(self, name: str) -> Metric:
        found = self.project.metric(name)
        assert found is not None
        return found


def _line(world: World, table: str, row: Row) -> dict[str, object]:
    found = _local(world, row)
    found |= {f"{table}.{column}": each for column, each in found.items()}
    for other, column in world.table(table).joins.items():
        key = str(world.table(str(other)).key)
        partners = [one for one in world.rows[str(other)] if row[column] is not None and one[key] == row[column]]
        partner = _local(world, partners[0]) if partners else dict.fromkeys(world.columns[str(other)])
        found |= {f"{other}.{name}": each for name, each in partner.items()}
    return found


def _local(world: World, row: Row) -> dict[str, object]:
    zone = world.calendar.zone
    return {name: local_day(each, zone) if isinstance(each, date) else each for name, each in row.items()}


def local_day(found: object, zone: str) -> date | None:
    """The local day of a moment in UTC without zone; a day is its own."""
    if isinstance(found, datetime):
        return found.replace(tzinfo=UTC).astimezone(ZoneInfo(zone)).date()
    return found if isinstance(found, date) else None


def starts(day: date, grain: Grain, calendar: Calendar) -> bool:
    """Whether a period starts on a day."""
    months_in = (day.month - calendar.fiscal_starts) % 12
    return {
        Grain.DAY: True,
        Grain.WEEK: day.weekday() == calendar.week_starts,
        Grain.MONTH: day.day == 1,
        Grain.QUARTER: day.day == 1 and months_in % 3 == 0,
        Grain.YEAR: day.day == 1 and months_in == 0,
    }[grain]


def period_of(day: date, grain: Grain, calendar: Calendar) -> Period:
    """The period around a day."""
    first, after = day, day + DAY
    while not starts(first, grain, calendar):
        first -= DAY
    while not starts(after, grain, calendar):
        after += DAY
    return Period(first, after)


@dataclass(frozen=True)
class Days:
    """What the days of a table's rows tell: the first, the last up to today, the longest silence, rows after today."""

    oldest: date | None
    newest: date | None
    latest: date | None
    longest_gap: int
    future: int


def days_of(world: World, table: str) -> Days:
    """All local days that the times of a table name; what is planned, or far ahead of its time, tells no newest day."""
    found = world.table(table)
    dated = [{name: day for name in found.dates if isinstance(day := line[name], date)} for line in world.lines[table]]
    days = sorted({day for row in dated for day in row.values()})
    late = sum(1 for row in dated if any(day > world.today for day in row.values()))
    first = found.time or found.starts
    past = sorted({day for row in dated for name, day in row.items() if name == first and day <= world.today})
    if past:
        reach = past[-1] + min(_longest(past), 31) * DAY
        sure = [name for name in (found.time, *found.times.values(), found.starts) if name]
        more = {row[name] for row in dated for name in sure if name in row}
        past = sorted({*past, *(day for day in more if day <= min(reach, world.today))})
    return Days(days[0] if days else None, past[-1] if past else None, days[-1] if days else None, _longest(past), late)


def _longest(days: list[date]) -> int:
    return max(((later - before).days for before, later in pairwise(days)), default=0)


def known_to(world: World, table: str) -> date | None:
    """The last day that a table's rows speak of."""
    days = days_of(world, table)
    return days.newest + max(world.late_by, min(days.longest_gap - 1, 31), 0) * DAY if days.newest else None


def mark(world: World, table: str, period: Period) -> Mark:
    """Unknown after the data ended, complete when as-of is past the end and the lateness, else incomplete."""
    known = known_to(world, table)
    if known is None or period.start > known:
        return Mark.UNKNOWN
    over = world.as_of >= period.end + world.late_by * DAY
    return Mark.COMPLETE if over and period.last <= known else Mark.INCOMPLETE


def periods(world: World, table: str, grain: Grain) -> list[Period]:
    """The periods of a table, from its first day to as-of."""
    first = days_of(world, table).oldest
    if first is None or first > world.as_of:
        return []
    found = [period_of(first, grain, world.calendar)]
    while found[-1].end <= world.as_of:
        found.append(period_of(found[-1].end, grain, world.calendar))
    return found


def values(world: World, metric: str, grain: Grain, by: tuple[str, ...] = ()) -> dict[Segment, Column]:
    """A metric's value and mark in each period, whole or for every segment that it has a value for."""
    found = world.metric(metric)
    if found.cumulative:
        inner = values(world, str(found.cumulative), grain, by)
        return {segment: _running(column) for segment, column in inner.items()}
    if (found.ratio or found.derived) and found.every and found.every is not grain:
        inner = values(world, metric, found.every, by)
        made = {segment: _longer(world, column, found.every, grain) for segment, column in inner.items()}
        return {segment: column for segment, column in made.items() if column}
    if found.ratio or found.derived:
        return _made(world, found, grain, by) if _comes_within(world, found, grain) else {}
    table = str(found.table)
    rows = [line for line in world.lines[table] if counts(world, found, line)]
    cuts = periods(world, table, grain)
    segments = {segment_of(world, table, by, line) for line in rows if has_value(world, found, line)} if by else {()}
    columns = {segment: {cut: simple(world, found, rows, cut, by, segment) for cut in cuts} for segment in segments}
    if found.stock and by:
        return {segment: column for segment, column in columns.items() if any(each for each, _ in column.values())}
    return columns


def _longer(world: World, column: Column, every: Grain, grain: Grain) -> Column:
    """The last of the short periods that end in a long one; none where it is asked for by shorter ones."""
    if list(Grain).index(every) > list(Grain).index(grain):
        return {}
    made: Column = {}
    for period, (each, how) in column.items():
        long = period_of(period.last, grain, world.calendar)
        more = period_of(period.end, every, world.calendar).last in long
        made[long] = (each, Mark.INCOMPLETE if more and how is Mark.COMPLETE else how)
    return made


def counts(world: World, metric: Metric, line: Row) -> bool:
    """Whether a row passes the table's filter, the metric's and the one asked for; unknown is no."""
    wheres = [where.node for where in (world.table(str(metric.table)).where, metric.where) if where]
    return all(value(where, line) is True for where in [*wheres, *([world.asked] if world.asked else [])])


def has_value(world: World, metric: Metric, line: Row) -> bool:
    """Whether a row that counts gives its segment a value by as-of."""
    day = line[moment(world, metric)]
    known = metric.column is None or line[metric.column.column] is not None
    return isinstance(day, date) and day <= world.as_of and known


def moment(world: World, metric: Metric) -> str:
    """The column that dates a row."""
    table = world.table(str(metric.table))
    return str(table.starts) if metric.stock else str(table.moment(metric.at_))


def segment_of(world: World, table: str, by: Iterable[str], line: Row) -> Segment:
    """A row's segment; a dimension of a joined table is its partner's."""
    return tuple((name, _label(line[_path(world, table, name)])) for name in by)


def _path(world: World, table: str, name: str) -> str:
    if "." in name or name in world.table(table).dimensions:
        return name
    return next(f"{other}.{name}" for other in world.table(table).joins if name in world.table(str(other)).dimensions)


def _label(found: object) -> str | None:
    return None if found is None else str(found)


def simple(
    world: World, metric: Metric, rows: list[dict[str, object]], period: Period, by: tuple[str, ...], segment: Segment
) -> Found:
    """A simple metric in one period, from its rows."""
    table = str(metric.table)
    how = mark(world, table, period)
    if how is Mark.UNKNOWN:
        return None, how
    mine = [line for line in rows if segment_of(world, table, by, line) == segment]
    if metric.stock:
        day = min(period.last, world.as_of)
        return Fraction(sum(1 for line in mine if is_open(world.table(table), line, day))), how
    at = moment(world, metric)
    mine = [line for line in mine if isinstance(on := line[at], date) and on in period and on <= world.as_of]
    return aggregate(metric, mine), how


def is_open(table: Table, line: Row, day: date) -> bool:
    """Whether a row is open at the end of a day."""
    start, end = line[str(table.starts)], line[str(table.ends)] if table.ends else None
    if not isinstance(start, date) or start > day:
        return False
    if not isinstance(end, date):
        return True
    return end >= day and end >= start if table.ends_are == "inclusive" else end > day


def aggregate(metric: Metric, rows: list[dict[str, object]]) -> Fraction | None:
    """One number of some rows."""
    if metric.count:
        return Fraction(len(rows))
    assert metric.column is not None
    found = [line[metric.column.column] for line in rows if line[metric.column.column] is not None]
    if metric.count_distinct:
        return Fraction(len(set(found)))
    numbers = sorted(Fraction(number) for number in found if isinstance(number, int | Decimal))
    if metric.sum:
        return sum(numbers, Fraction(0))
    if not numbers:
        return None
    half = len(numbers) // 2
    return {
        "avg": sum(numbers, Fraction(0)) / len(numbers),
        "median": numbers[half] if len(numbers) % 2 else (numbers[half - 1] + numbers[half]) / 2,
        "min": numbers[0],
        "max": numbers[-1],
    }[metric.way]


def _running(column: Column) -> Column:
    total, lost = Fraction(0), False
    made: Column = {}
    for period, (each, how) in column.items():
        total, lost = total + (each or 0), lost or how is Mark.UNKNOWN
        made[period] = (None, Mark.UNKNOWN) if lost else (total, how)
    return made


def _comes_within(world: World, metric: Metric, grain: Grain) -> bool:
    """Whether nothing that a metric is made of comes in longer periods: between two of its numbers nothing is known."""
    formula = metric.ratio or metric.derived
    if formula is None:
        return metric.cumulative is None or _comes_within(world, world.metric(str(metric.cumulative)), grain)
    order = list(Grain).index
    if metric.every and order(metric.every) > order(grain):
        return False
    read = {name.path for name in names(formula.node)} - {"previous"}
    return all(_comes_within(world, world.metric(name), grain) for name in read)


def _made(world: World, metric: Metric, grain: Grain, by: tuple[str, ...]) -> dict[Segment, Column]:
    formula = metric.ratio or metric.derived
    assert formula is not None
    read = dict.fromkeys(name.path for name in names(formula.node) if name.path != "previous")
    inputs = {name: values(world, name, grain, by) for name in read}
    segments = {segment for found in inputs.values() for segment in found}
    made = {}
    for segment in segments:
        columns = {name: inputs[name].get(segment) or nothing(world, name, grain) for name in read}
        made[segment] = _points(formula.node, columns, divided=metric.ratio is not None)
    return made


def nothing(world: World, metric: str, grain: Grain) -> Column:
    """A metric for a segment that has no rows at all: zeros for what is counted, else undefined."""
    return values(replace(world, asked=Truth(False)), metric, grain).get((), {})


def direct(node: Node) -> list[str]:
    """The metrics that a formula reads in the period itself."""
    if isinstance(node, Name):
        return [] if node.path == "previous" else [node.path]
    if isinstance(node, Call) and node.function == "previous":
        return []
    return [name for child in children(node) for name in direct(child)]


def _points(node: Node, columns: Mapping[str, Column], *, divided: bool) -> Column:
    made: Column = {}
    cuts = sorted({period for column in columns.values() for period in column})
    for n, period in enumerate(cuts):
        here = {name: column.get(period, (None, Mark.UNKNOWN)) for name, column in columns.items()}
        marks = [here[name][1] for name in direct(node) or here]
        how = max(marks, key=WORST.index)
        row: dict[str, object] = {name: each for name, (each, _) in here.items()}
        row["previous"] = made[cuts[n - 1]][0] if n else None
        so_far = {
            name: [column.get(cut, (None, Mark.UNKNOWN))[1] for cut in cuts[:n]] for name, column in columns.items()
        }
        if _lacks(node, row, so_far | {"previous": [made[cut][1] for cut in cuts[:n]]}):
            how = Mark.UNKNOWN
        past = [{name: column.get(cut, (None,))[0] for name, column in columns.items()} for cut in cuts[:n]]
        made[period] = (None if how is Mark.UNKNOWN else _value(node, row, past, divided=divided), how)
    return made


def _lacks(node: Node, row: Row, so_far: Mapping[str, list[Mark]]) -> bool:
    """Whether a formula reads an earlier period that is unknown, and behind one that is not."""
    read = [("previous", 1) for name in names(node) if name.path == "previous"]
    value(node, row, lambda name, periods: read.append((name.path, periods)))
    columns = [
        so_far[name][: len(so_far[name]) - periods + 1] for name, periods in read if periods <= len(so_far[name])
    ]
    return any(column[-1] is Mark.UNKNOWN and set(column) != {Mark.UNKNOWN} for column in columns)


def _value(node: Node, row: Row, before: list[dict[str, Fraction | None]], *, divided: bool) -> Fraction | None:
    def past(name: Name, periods: int) -> Fraction | None:
        return before[-periods][name.path] if periods <= len(before) else None

    if divided:
        assert isinstance(node, Binary)
        over, base = value(node.left, row, past), value(node.right, row, past)
        if not isinstance(over, Fraction) or not isinstance(base, Fraction):
            return None
        return over / base if base else None
    found = value(node, row, past)
    return found if isinstance(found, Fraction) else None
