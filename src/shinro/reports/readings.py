"""Readings -> rows: value, target, what it was before, the pace of the running period, the trend."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from shinro.definitions.metric import Metric
from shinro.definitions.project import Project
from shinro.definitions.unfolding import ARROW
from shinro.definitions.values import Name
from shinro.findings.readings import Reading
from shinro.periods import Calendar, Period
from shinro.reports.dates import short_period, span
from shinro.reports.numbers import UNDEFINED, change, level, number, percent
from shinro.reports.report import Block, Cell, Column, Line, Lines, Table
from shinro.reports.sparkline import sparkline
from shinro.reports.states import SHAPES, state
from shinro.reports.words import Words
from shinro.series import Mark, Nature, Point, State

COLUMNS = (
    Column("status.metric", main=True),
    Column("status.state", main=True),
    Column("status.value", "right"),
    Column("status.target", "right"),
    Column("status.period"),
    Column("status.before", "right"),
    Column("status.year_ago", "right"),
    Column("status.pace", bare=True),
    Column("status.trend", bare=True),
    Column("status.owner"),
)


@dataclass(frozen=True, slots=True)
class Telling:
    """Whom we tell, and of what: the words, the project's labels, its calendar for the names of periods."""

    words: Words
    project: Project

    @property
    def lang(self) -> str:
        """The language told in."""
        return self.words.lang

    @property
    def calendar(self) -> Calendar:
        """The project's calendar."""
        return self.project.calendar

    def say(self, key: str, /, **args: object) -> str:
        """A sentence of the catalogs."""
        return self.words.say(key, **args)

    def sentences(self, told: Iterable[str]) -> str:
        """Sentences one after the other: a space between them, none in Japanese."""
        return ("" if self.lang == "ja" else " ").join(told)

    def label(self, metric: str) -> str:
        """What a metric is called; a part by its metric's name and its own: MRR alone says what it is, new does not.

        The rate at which one follows another is called by both.
        """
        between = f" {ARROW} "
        if between in metric:
            return between.join(map(self.label, metric.split(between)))
        name, _, part = metric.partition(".")
        key = f"part.{part}"
        found = self.project.metric(name)
        if part and found and found.funnel:
            return self._step(name, part, tuple(map(str, found.steps)))
        if not part or not self.words.knows(key):
            return self.project.label(metric, self.lang)
        called = "" if found is None or self._is_plain(found) else self.project.label(name, self.lang)
        return " ".join(filter(None, (called, self.say(key))))

    def _is_plain(self, metric: Metric) -> bool:
        """Whether a metric's parts say by their own names what they are: without a label, the only recurring one."""
        recurring = [each for each in self.project.metrics.values() if each.recurring]
        return metric.label is None and recurring == [metric]

    def _step(self, funnel: str, part: str, steps: tuple[str, ...]) -> str:
        """What a part of a funnel is called: a step by its name, a rate and a time by the two steps between."""
        args = {"funnel": self.project.label(funnel, self.lang), "step": part}
        ends = {"_rate": "rate", "_mean_days": "mean", "_days": "days"}
        for end, what in ends.items():
            step = part.removesuffix(end)
            if part not in steps and part.endswith(end) and step in steps[1:]:
                args |= {"step": step, "before": steps[steps.index(step) - 1]}
                return self.say(f"part.of_funnel.{what}", **args)
        return self.say("part.of_funnel.step", **args)

    def department(self, name: str) -> str:
        """What a department is called."""
        found = self.project.departments.get(Name(name))
        return found.label.in_(self.lang) if found and found.label else name

    def labels(self, metrics: Iterable[str]) -> str:
        """What several are called, as one list."""
        return self.say("list.comma").join(map(self.label, metrics))


def readings_blocks(readings: Iterable[Reading], telling: Telling) -> Iterator[Block]:
    """A table, one row a reading, without columns that no row fills; below it what a small base means for a share."""
    found = tuple(readings)
    columns = tuple(replace(column, title=telling.say(column.title)) for column in COLUMNS)
    yield without_blanks(Table(columns, tuple(_row(reading, telling) for reading in found)))
    notes = tuple(Line(note, "quiet", indent=2) for reading in found if (note := small_text(reading, telling)))
    if notes:
        yield Lines(notes)


def without_blanks(table: Table) -> Table:
    """The table without columns that are empty in every row."""
    kept = [n for n in range(len(table.columns)) if any(row[n].text for row in table.rows)]
    return Table(tuple(table.columns[n] for n in kept), tuple(tuple(row[n] for n in kept) for row in table.rows))


def _row(reading: Reading, telling: Telling) -> tuple[Cell, ...]:
    last = subject(reading)
    return (
        Cell(name_text(reading, telling), "strong"),
        Cell(state(reading.state, telling.words), reading.state),
        Cell(value_text(reading, telling), None if last else "quiet"),
        Cell("" if reading.target is None else level(reading.target, reading.meaning, telling.lang)),
        Cell(period_text(reading, telling), "quiet"),
        Cell(past_text(reading, reading.before, telling), "quiet"),
        Cell(past_text(reading, reading.year_ago, telling), "quiet"),
        Cell(pace_text(reading, telling), reading.pace),
        Cell(sparkline([point.final for point in reading.trend])),
        Cell("" if reading.segment else telling.say("list.comma").join(reading.owners)),
    )


def name_text(reading: Reading, telling: Telling) -> str:
    """What a reading is called: its metric, the segment, and whether it is the guardrail."""
    segment = " ".join(value or telling.say("status.no_value") for _, value in reading.segment)
    name = " ".join(filter(None, (telling.label(reading.metric), segment)))
    star = telling.project.star
    return telling.say("status.guardrail", metric=name) if star and str(star.guardrail) == reading.metric else name


def subject(reading: Reading) -> Point | None:
    """What a reading's state judges: the last complete period, of a stock today; None where it is not known."""
    point = reading.now if reading.meaning.nature is Nature.STOCK else reading.last
    return None if point is None or point.mark is Mark.UNKNOWN else point


def value_text(reading: Reading, telling: Telling) -> str:
    """The value, an asterisk where its base is small; `–` undefined, a word where unknown."""
    point = subject(reading)
    if point is None:
        return "" if reading.state is State.INCOMPLETE else telling.say("state.unknown")
    return number(point.value, reading.meaning, telling.lang) + ("*" if reading.interval else "")


def small_text(reading: Reading, telling: Telling) -> str:
    """What a base below 30 means for a share; nothing where it is larger."""
    point = subject(reading)
    if reading.interval is None or point is None or point.base is None:
        return ""
    low, high = map(percent, reading.interval)
    return telling.say("status.small", metric=name_text(reading, telling), n=int(point.base), low=low, high=high)


def period_text(reading: Reading, telling: Telling) -> str:
    """The period that the value is of; of a stock today, or what it was reported for."""
    if reading.meaning.nature is Nature.STOCK:
        return _stood_text(reading.now.period, reading, telling) if reading.now else ""
    return short_period(reading.last.period, reading.grain, telling.calendar, telling.words) if reading.last else ""


def _stood_text(days: Period, reading: Reading, telling: Telling) -> str:
    """Today; of what is reported the period told by, which the value before is of as well, and where within it."""
    if days.length == 1:
        return telling.say("period.today")
    whole = telling.calendar.period(days.last, reading.grain)
    name = short_period(whole, reading.grain, telling.calendar, telling.words)
    if days.end == whole.end:
        return name
    return telling.say("period.within", whole=name, part=span(days, telling.lang))


def past_text(reading: Reading, past: Point | None, telling: Telling) -> str:
    """A value of the past, and how far the value that is told has moved from it."""
    if past is None:
        return ""
    text = number(past.value, reading.meaning, telling.lang)
    point = subject(reading)
    moved = change(point.value if point else None, past.value, reading.meaning)
    return text if moved == UNDEFINED else f"{text} {moved}"


def pace_text(reading: Reading, telling: Telling) -> str:
    """`今週 212/250（今日までに200）▲`: the running period's value, its target, and what is due of it by today."""
    now = reading.now
    if reading.meaning.nature is Nature.STOCK or now is None or now.mark is Mark.COMPLETE:
        return ""
    running = telling.say(f"now.{reading.grain.value}")
    if now.mark is Mark.UNKNOWN:
        return f"{running} {telling.say('state.unknown')}"
    value = number(now.value, reading.meaning, telling.lang)
    if reading.target_now is None or reading.due is None:
        return f"{running} {value} {SHAPES[State.INCOMPLETE]}"
    target, due = (level(each, reading.meaning, telling.lang) for each in (reading.target_now, reading.due))
    shape = SHAPES[reading.pace] if reading.pace else ""
    return telling.say("status.paced", running=running, value=value, target=target, due=due, state=shape).rstrip()
