"""A target beside what came of it: month by month, with the day that it was set and the targets before it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction

from shinro.definitions.formers import NO_TARGET
from shinro.definitions.project import ref
from shinro.findings.readings import Months, Reading
from shinro.periods import Grain, Period
from shinro.reports.cards import card
from shinro.reports.dates import day, period
from shinro.reports.numbers import level, number
from shinro.reports.parts import Grid, Track
from shinro.reports.plan_words import difference
from shinro.reports.readings import Telling
from shinro.series import Mark

FINEST = 10**6  # what a picture needs of a number
COLUMNS = ("story.month", "status.value", "status.target", "story.apart")


def track(found: Months, reading: Reading, telling: Telling) -> Track:
    """A metric with its target, from the first month that it has one. Cost: linear in months."""
    meant, known = dict(found.targets), _known(found)
    ends = {*known, *meant}
    cuts = list(telling.calendar.periods(min(ends).start, max(ends).start, Grain.MONTH))
    return Track(
        replace(card(reading, telling), spark=()),
        tuple(_says(found.metric, telling)),
        tuple(_fine(known.get(cut)) for cut in cuts),
        tuple(_fine(meant.get(cut)) for cut in cuts),
        Grid(tuple(map(telling.say, COLUMNS)), tuple(_rows(found, telling))),
    )


def _known(found: Months) -> dict[Period, Fraction]:
    return {
        point.period: point.value for point in found.points if point.mark is Mark.COMPLETE and point.value is not None
    }


def _fine(value: Fraction | None) -> Fraction | None:
    return None if value is None else value.limit_denominator(FINEST)


def _says(metric: str, telling: Telling) -> Iterator[str]:
    """The day that the plan is of, then each target before it with its last day."""
    target = telling.project.targets[ref(metric)]
    if target.declared:
        yield telling.say("story.declared", day=day(target.declared, telling.lang))
    for former in target.before:
        was = telling.say("story.no_former") if former.was == NO_TARGET else _bare(former.was)
        yield telling.say("story.former", until=day(former.until, telling.lang), was=was)


def _bare(was: str) -> str:
    """A target as it was written, without the braces around all of it."""
    return was[1:-1] if was.startswith("{") and was.endswith("}") else was


def _rows(found: Months, telling: Telling) -> Iterator[tuple[str, ...]]:
    known, meaning = _known(found), found.meaning
    for cut, target in found.targets:
        value = known.get(cut)
        apart = "" if value is None else difference(value - target, meaning, telling)
        shown = "" if value is None else number(value, meaning, telling.lang)
        name = period(cut, Grain.MONTH, telling.calendar, telling.words)
        yield name, shown, level(target, meaning, telling.lang), apart
