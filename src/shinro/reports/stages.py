"""A funnel's steps -> blocks: how many pass each, and the narrowest by each rule."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from shinro.findings.stages import Funnel, Narrowest, Step
from shinro.reports.numbers import UNDEFINED, grouped, percent
from shinro.reports.readings import Telling
from shinro.reports.report import Block, Cell, Column, Heading, Line, Lines, Plain, Table
from shinro.units import decimal_text


def stages_blocks(found: Funnel, funnel: str, telling: Telling) -> Iterator[Block]:
    """Every step with what came and what passed; below it the rules' answers, each by its rule."""
    yield Heading(telling.say("stages.title", metric=telling.label(funnel)))
    columns = tuple(replace(column, title=telling.say(column.title)) for column in _COLUMNS)
    yield Table(columns, tuple(_row(step) for step in found.steps))
    yield Lines(tuple(Line(text) for text in answers(found, telling)))


_COLUMNS = (
    Column("stages.step", main=True),
    Column("stages.came", "right"),
    Column("stages.passed", "right"),
    Column("stages.rate", "right", main=True),
)


def _row(step: Step) -> tuple[Cell, ...]:
    rate = UNDEFINED if step.rate is None else f"{percent(step.rate)}%"
    return Cell(_name(step), "strong"), Cell(grouped(step.came, 0)), Cell(grouped(step.passed, 0)), Cell(rate)


def _name(step: Step) -> str:
    return f"{step.start} → {step.end}"


def answers(found: Funnel, telling: Telling) -> Sequence[str]:
    """One line a rule that has something to go by, and what comes through all steps."""
    told = [_answer(each, telling) for each in found.answers if each.steps]
    return told if found.overall is None else [*told, telling.say("stages.overall", rate=f"{percent(found.overall)}%")]


def _answer(each: Narrowest, telling: Telling) -> str:
    steps = telling.say("list.comma").join(map(_name, each.steps))
    first = each.steps[0]
    lost = grouped(first.lost, 0)
    rate = "" if first.rate is None else f"{percent(first.rate)}%"
    return telling.say(f"stages.by.{each.rule.value.replace(' ', '_')}", steps=steps, lost=lost, rate=rate)


def stages_json(found: Funnel, telling: Telling) -> Plain:
    """Steps, exact, and the narrowest by each rule."""
    return {
        "overall": None if found.overall is None else decimal_text(found.overall),
        "steps": [
            {
                "start": step.start,
                "end": step.end,
                "came": decimal_text(step.came),
                "passed": decimal_text(step.passed),
                "rate": None if step.rate is None else decimal_text(step.rate),
            }
            for step in found.steps
        ],
        "narrowest": {each.rule.value: [_name(step) for step in each.steps] for each in found.answers},
        "says": list(answers(found, telling)),
    }
