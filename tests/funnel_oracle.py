"""A slow, obviously right walk over attempts: every start, step by step, and the best one of each entity."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from fractions import Fraction
from functools import cached_property
from hashlib import md5
from zoneinfo import ZoneInfo

import oracle
from oracle import DAY, Column, World, local_day, segment_of
from shinro.definitions.evaluate import value
from shinro.definitions.expression import Node
from shinro.definitions.metric import Metric
from shinro.definitions.sources import Table
from shinro.periods import Duration, Grain, Period, add_months
from shinro.series import Mark, Segment

Instant = datetime | date
MONTHS = {"month": 1, "quarter": 3, "year": 12}


@dataclass(frozen=True)
class Event:
    """One row as it is followed: whose, when, which steps it is of, whether it ends attempts, its segment."""

    who: object
    at: Instant
    day: date
    steps: frozenset[int]
    ends: bool
    segment: Segment


@dataclass(frozen=True)
class Attempt:
    """One start, and when each later step that it reaches was completed."""

    start: Event
    done: tuple[Instant, ...]
    since: Instant  # when it began, also where the ends are told apart by their days alone

    @property
    def took(self) -> timedelta:
        return _since(self.done[-1] if self.done else self.start.at, self.start.at)


@dataclass(frozen=True)
class Walk:
    """All attempts of a funnel or conversion."""

    world: World
    name: str
    by: tuple[str, ...] = ()

    @cached_property
    def metric(self) -> Metric:
        return self.world.metric(self.name)

    @cached_property
    def within(self) -> Duration | None:
        return self.metric.within.duration if self.metric.within else None

    @cached_property
    def steps(self) -> tuple[str, ...]:
        return tuple(map(str, self.metric.steps)) if self.metric.funnel else ("cohort", "converted")

    @cached_property
    def table(self) -> str:
        return str(self.metric.funnel) if self.metric.funnel else self.end(str(self.metric.conversion))[0]

    @cached_property
    def other(self) -> str:
        """The table that a conversion comes to."""
        to = self.metric.to
        return self.table if to is None else str(to.table) if to.table else self.end(str(to.metric))[0]

    def end(self, name: str) -> tuple[str, str, list[Node]]:
        """A metric's or a table's rows: which table, the column that dates them, the filters."""
        named = self.world.project.metric(name)
        counts = named if named and named.table and name != self.name else None
        table = str(counts.table) if counts else name
        found = self.world.table(table)
        column = found.moment(counts.at_ if counts else None)
        wheres = [each.node for each in (found.where, counts.where if counts else None) if each]
        return table, str(column), wheres

    @cached_property
    def events(self) -> list[Event]:
        return [event for event in self._all() if event.who is not None and event.day <= self.world.as_of]

    def _all(self) -> Iterable[Event]:
        asked = [self.world.asked] if self.world.asked else []
        own = [self.metric.where.node] if self.metric.where else []
        if self.metric.funnel:
            table = self.world.table(self.table)
            shared = [*([table.where.node] if table.where else []), *own, *asked]
            steps = [where.node for where in self.metric.steps.values()]
            ends = self.metric.excludes.node if self.metric.excludes else None
            yield from self._rows(self.table, str(table.time), [[*shared, step] for step in steps], ends, shared)
            return
        table_name, column, wheres = self.end(str(self.metric.conversion))
        first = [*wheres, *own, *asked]
        to = self.metric.to
        assert to is not None
        if to.table:
            other = self.world.table(str(to.table))
            moment = str(other.moment(to.at_) if to.at_ else other.time)
            end = (str(to.table), moment, [other.where.node] if other.where else [])
        else:
            end = self.end(str(to.metric))
        yield from self._rows(table_name, column, [first], None, [])
        for event in self._rows(end[0], end[1], [end[2]], None, []):
            yield Event(event.who, event.at, event.day, frozenset({1}) if event.steps else frozenset(), False, ())

    def _rows(
        self, table: str, column: str, steps: list[list[Node]], ends: Node | None, shared: list[Node]
    ) -> Iterable[Event]:
        found: Table = self.world.table(table)
        for row, line in zip(self.world.rows[table], self.world.lines[table], strict=True):
            at, day = row[column], line[column]
            if not isinstance(at, date) or not isinstance(day, date):
                continue
            mine = frozenset(n for n, wheres in enumerate(steps) if all(value(each, line) is True for each in wheres))
            ending = ends is not None and all(value(each, line) is True for each in [*shared, ends])
            segment = segment_of(self.world, table, self.by, line) if table == self.table else ()
            yield Event(row[str(found.entity)], at, day, mine, ending, segment)

    @cached_property
    def in_days(self) -> bool:
        return any(not isinstance(event.at, datetime) for event in self._all())

    def at(self, event: Event) -> Instant:
        return event.day if self.in_days else event.at

    @cached_property
    def attempts(self) -> list[Attempt]:
        found = []
        for who in dict.fromkeys(self.key(event.who) for event in self.events):
            mine = [event for event in self.events if self.key(event.who) == who]
            moments = sorted({(self.at(event), step) for event in mine for step in event.steps})
            days = {self.at(event): event.day for event in mine}
            ends = sorted(self.at(event) for event in mine if event.ends)
            found += [
                self.attempt(event, moments, days, ends)
                for event in mine
                if 0 in event.steps and self.is_over(self.at(event), event.day)
            ]
        return found

    def key(self, who: object) -> object:
        """Names are compared as texts where they are of two kinds."""
        return str(who) if self.metric.conversion and self.table != self.other else who

    def attempt(
        self, start: Event, moments: list[tuple[Instant, int]], days: dict[Instant, date], ends: list[Instant]
    ) -> Attempt:
        at = self.at(start)
        done: list[Instant] = []
        here = (at, 0)
        for step in range(1, len(self.steps)):
            later = [each for each in moments if each > here]
            if self.metric.strict:
                later = [each for each in later if each[1] != step - 1][:1]
            next_one = next((each for each in later if each[1] == step), None)
            if next_one is None or not self.is_within(at, start.day, next_one[0], days[next_one[0]]):
                break
            if any(at <= end < next_one[0] for end in ends):
                break
            done.append(next_one[0])
            here = next_one
        return Attempt(Event(start.who, at, start.day, start.steps, start.ends, start.segment), tuple(done), start.at)

    def is_within(self, at: Instant, day: date, then: Instant, then_day: date) -> bool:
        if self.within is None:
            return True
        if self.within.unit in MONTHS:
            return then_day <= add_months(day, self.within.amount * MONTHS[self.within.unit])
        if self.in_days:
            return _since(then, at).days <= self.within.seconds // 86400
        return _since(then, at) <= timedelta(seconds=self.within.seconds)

    @property
    def known(self) -> date:
        return self.world.as_of - self.world.late_by * DAY

    def is_over(self, at: Instant, day: date, known: date | None = None) -> bool:
        """Whether the window of an attempt has passed by a day, as-of where none is told."""
        known = known or self.known
        if self.within is None:
            return True
        if self.within.unit in MONTHS:
            return add_months(day, self.within.amount * MONTHS[self.within.unit]) < known
        if self.in_days:
            return day + self.within.seconds // 86400 * DAY < known
        assert isinstance(at, datetime)
        last = local_day(at + timedelta(seconds=self.within.seconds), self.world.calendar.zone)
        assert last is not None
        return last < known

    def mark(self, period: Period) -> Mark:
        marks = [oracle.mark(self.world, self.table, period), oracle.mark(self.world, self.other, period)]
        if self.within is None:
            return max(marks, key=oracle.WORST.index)
        zone = ZoneInfo(self.world.calendar.zone)
        end = datetime.combine(period.end, time(), zone).astimezone(UTC).replace(tzinfo=None)
        over = end + timedelta(seconds=self.within.seconds) if self.within.unit not in MONTHS else None
        ends = [found for table in (self.table, self.other) if (found := oracle.known_to(self.world, table))]
        day = min([self.known, *(each + DAY for each in ends)])
        known = datetime.combine(day, time(), zone).astimezone(UTC).replace(tzinfo=None)
        passed = over <= known if over else self.within.after(period.end) <= day
        passed = passed and self.is_over(end - timedelta(microseconds=1), period.last, day)
        return max([*marks, Mark.COMPLETE if passed else Mark.INCOMPLETE], key=oracle.WORST.index)

    def best(self, period: Period) -> dict[Segment, list[Attempt]]:
        """Of each entity the attempt that comes furthest, then the fastest, then the first; by its first segment."""
        found: dict[Segment, list[Attempt]] = {}
        inside = [each for each in self.attempts if each.start.day in period]
        for who in dict.fromkeys(self.key(each.start.who) for each in inside):
            mine = [each for each in inside if self.key(each.start.who) == who]
            best = min(mine, key=lambda each: (-len(each.done), each.took, each.start.at))
            first = min(mine, key=lambda each: (each.since, _hashes(each.start.segment)))
            found.setdefault(first.start.segment, []).append(best)
        return found

    def columns(self, part: str, grain: Grain) -> dict[Segment, Column]:
        """A part in every period, by segment."""
        cuts = oracle.periods(self.world, self.table, grain)
        bests = {cut: self.best(cut) for cut in cuts}
        segments = {segment for found in bests.values() for segment in found} if self.by else {()}
        return {
            segment: {cut: self.point(part, bests[cut].get(segment, []), self.mark(cut)) for cut in cuts}
            for segment in segments
        }

    def point(self, part: str, best: list[Attempt], mark: Mark) -> oracle.Found:
        return (None if mark is Mark.UNKNOWN else self.value(part, best), mark)

    def value(self, part: str, best: list[Attempt]) -> Fraction | None:
        counts = [Fraction(sum(len(each.done) >= n for each in best)) for n in range(len(self.steps))]
        if not part:
            return counts[-1] / counts[0] if counts[0] else None
        if part in self.steps:
            return counts[self.steps.index(part)]
        name, _, what = part.rpartition("_") if part != "days" else ("converted", "", "days")
        step = self.steps.index(name.removesuffix("_mean"))
        if what == "rate":
            return counts[step] / counts[step - 1] if counts[step - 1] else None
        times = sorted(_days(each, step) for each in best if len(each.done) >= step)
        if not times:
            return None
        half = len(times) // 2
        if name.endswith("_mean"):
            return sum(times, Fraction(0)) / len(times)
        return times[half] if len(times) % 2 else (times[half - 1] + times[half]) / 2


def _since(then: Instant, at: Instant) -> timedelta:
    return then - at  # type: ignore[operator]  # two days or two moments


def _days(attempt: Attempt, step: int) -> Fraction:
    before = attempt.done[step - 2] if step > 1 else attempt.start.at
    return Fraction(_since(attempt.done[step - 1], before) // timedelta(microseconds=1), 86_400_000_000)


def _hashes(segment: Segment) -> tuple[tuple[str, ...], tuple[bool, ...]]:
    texts = [text for _, text in segment]
    hashes = tuple("" if text is None else md5(text.encode()).hexdigest() for text in texts)  # noqa: S324 - an order
    return hashes, tuple(text is None for text in texts)
