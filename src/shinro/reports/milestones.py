"""Milestones -> blocks: each by its day, with every condition as it reads today or read on its day."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from shinro.definitions.phrases import Over, Per, Reading, Since, condition
from shinro.definitions.tokens import Mistake
from shinro.findings.readings import ConditionReading, MilestoneReading
from shinro.reports.dates import day, span
from shinro.reports.numbers import UNDEFINED, covered, level, number
from shinro.reports.readings import Telling, without_blanks
from shinro.reports.report import Block, Cell, Column, Line, Table, lines
from shinro.reports.states import state
from shinro.series import State

COLUMNS = (
    Column("milestone.condition", main=True),
    Column("status.state", main=True),
    Column("milestone.value", "right"),
    Column("milestone.expected", "right"),
    Column("milestone.progress", "right"),
    Column("status.period", bare=True),
)
OPS = {">=": "≥", "<=": "≤"}


def milestone_blocks(
    milestones: Iterable[MilestoneReading], telling: Telling, odds: Mapping[str, str] | None = None
) -> Iterator[Block]:
    """A line and a table for each milestone, with how likely it is to hold, where that is known."""
    for milestone in milestones:
        said = (odds or {}).get(milestone.title, "")
        yield lines(Line(" · ".join(filter(None, (_title(milestone, telling), said))), milestone.state))
        if milestone.conditions:
            yield _table(milestone, telling)
            yield from _unknown(milestone, telling)
            yield from _recorded(milestone, telling)
        else:
            yield lines(Line(telling.say("milestone.no_conditions"), indent=2))


def _unknown(milestone: MilestoneReading, telling: Telling) -> Iterator[Block]:
    """Why it cannot be told whether a condition holds, and what to do."""
    for each in milestone.conditions:
        why = why_unknown(each, telling)
        if why:
            told = telling.say("milestone.why", condition=condition_text(each, telling), why=why)
            yield lines(Line(told, "quiet", indent=2))


def why_unknown(reading: ConditionReading, telling: Telling) -> str:
    """Why a condition is unknown: what decides is not known, or is undefined, or a part of it is; else nothing."""
    if reading.gap:
        return telling.say("milestone.gap", period=span(reading.gap, telling.lang))
    if reading.missing:
        return telling.say("milestone.missing", period=span(reading.missing, telling.lang))
    if reading.period and reading.value is None and reading.state is State.UNKNOWN:
        return telling.say("milestone.undefined", period=span(reading.period, telling.lang))
    return ""


def _recorded(milestone: MilestoneReading, telling: Telling) -> Iterator[Block]:
    """What the record read at the last period end before, where that says another thing than the day itself."""
    for each in milestone.conditions:
        if each.recorded and milestone.due:
            end, value = each.recorded
            then = {"day": day(milestone.due, telling.lang), "end": day(end, telling.lang)}
            told = {"condition": condition_text(each, telling), "value": number(value, each.meaning, telling.lang)}
            key = "milestone.recorded_unmet" if each.holds else "milestone.recorded_met"
            yield lines(Line(telling.say(key, **then, **told), "quiet", indent=2))


def _title(milestone: MilestoneReading, telling: Telling) -> str:
    when = when_text(milestone, telling)
    name = milestone_name(milestone.title, telling)
    early = telling.say("milestone.early") if milestone.early else ""
    return " ".join(filter(None, (state(milestone.state, telling.words), name, when, early)))


def milestone_name(title: str, telling: Telling) -> str:
    """What a milestone is called."""
    labels = (each.label for each in telling.project.milestones if each.title == title and each.label)
    label = next(labels, None)
    return label.in_(telling.lang) if label else title


def when_text(milestone: MilestoneReading, telling: Telling) -> str:
    """Its day, and how far away that is."""
    if milestone.due is None:
        return telling.say("milestone.no_day")
    left = milestone.days_left or 0
    key = "milestone.left" if left > 0 else "milestone.today" if left == 0 else "milestone.past"
    return telling.words.plural(key, abs(left), day=day(milestone.due, telling.lang))


def _table(milestone: MilestoneReading, telling: Telling) -> Table:
    columns = tuple(replace(column, title=telling.say(column.title)) for column in COLUMNS)
    return without_blanks(Table(columns, tuple(_row(reading, telling) for reading in milestone.conditions)))


def _row(reading: ConditionReading, telling: Telling) -> tuple[Cell, ...]:
    expected = "" if reading.expected is None else level(reading.expected, reading.meaning, telling.lang)
    progress = "" if reading.value is None else UNDEFINED
    if reading.progress is not None:
        progress = covered(reading.progress)
    return (
        Cell(condition_text(reading, telling), "strong"),
        Cell(state(reading.state, telling.words), reading.state),
        Cell(condition_value(reading, telling)),
        Cell(expected),
        Cell(progress),
        Cell(span(reading.period, telling.lang) if reading.period else "", "quiet"),
    )


def condition_value(reading: ConditionReading, telling: Telling) -> str:
    """The value that a condition was read at; a word where nothing is known."""
    if reading.period is None and reading.state is State.UNKNOWN:
        return telling.say("state.unknown")
    return number(reading.value, reading.meaning, telling.lang)


def condition_text(reading: ConditionReading, telling: Telling) -> str:
    """A condition in the reader's words: `解約率 ≤ 5.0%（3か月通算）`."""
    asked = level(reading.level, reading.meaning, telling.lang)
    return f"{telling.label(reading.metric)} {OPS.get(reading.op, reading.op)} {asked}{_written(reading.text, telling)}"


def _written(text: str, telling: Telling) -> str:
    try:
        return over_text(condition(text).reading, telling)
    except Mistake:
        return ""


def over_text(reading: Reading, telling: Telling) -> str:
    """What a level is read over, to stand behind it: ` per month`; nothing where it is read as it stands."""
    match reading:
        case Per(grain):
            return telling.say(f"reading.per_{grain.value}")
        case Over(length):
            return telling.say("reading.over", length=telling.words.plural(f"length.{length.unit}", length.amount))
        case Since():
            return telling.say("reading.since")
    return ""
