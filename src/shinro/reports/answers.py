"""Answers -> lines: the three questions that close the first article, and its last one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from fractions import Fraction

from shinro.definitions.phrases import Reading
from shinro.findings.readings import Answer
from shinro.periods import Grain
from shinro.reports.dates import day, period
from shinro.reports.milestones import over_text
from shinro.reports.numbers import number
from shinro.reports.readings import Telling
from shinro.reports.report import Line
from shinro.reports.states import SHAPES
from shinro.series import Meaning, Point, State


def answer_lines(answers: Iterable[Answer], meanings: Mapping[str, Meaning], telling: Telling) -> Iterator[Line]:
    """Each question, and below it what the project answers, with the next move where the answer is not fine."""
    for answer in answers:
        tone = State.REACHED if answer.fine else State.BEHIND
        yield Line(telling.say(f"q{answer.question}.asks"), "strong")
        shape = SHAPES[State.REACHED] if answer.fine else "!"
        yield Line(f"{shape} {answer_text(answer, meanings, telling)}", tone, indent=2)


def answer_text(answer: Answer, meanings: Mapping[str, Meaning], telling: Telling) -> str:
    """What the project answers."""
    metric = str(answer.args.get("metric", ""))
    args = {name: _text(name, value, metric, meanings, telling) for name, value in answer.args.items()}
    return telling.say(answer.key, **args)


def _text(name: str, value: object, metric: str, meanings: Mapping[str, Meaning], telling: Telling) -> object:
    if name in ("metric", "star"):
        return telling.label(str(value))
    if name == "levels" and isinstance(value, tuple):
        return telling.say("list.comma").join(_level(each, meanings, telling) for each in value)
    if isinstance(value, Point):
        when = period(value.period, Grain.MONTH, telling.calendar, telling.words)
        return f"{number(value.value, meanings[metric], telling.lang)} ({when})"
    return telling.labels(map(str, value)) if isinstance(value, tuple) else value


def _level(found: tuple[str, Fraction, date | None, Reading], meanings: Mapping[str, Meaning], telling: Telling) -> str:
    metric, level, when, reading = found
    written = number(level, meanings[metric], telling.lang) + over_text(reading, telling)
    if when is None:
        return f"{telling.label(metric)} {written}"
    return telling.say("level.by", metric=telling.label(metric), level=written, day=day(when, telling.lang))
