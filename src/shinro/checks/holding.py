"""Holding: which number of a published path one told in a sentence stands for."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from fractions import Fraction
from typing import TYPE_CHECKING

from shinro.checks import tall
from shinro.checks.quantities import Quantity, Sort
from shinro.checks.rounding import fits
from shinro.checks.sentences import Sentence
from shinro.checks.windows import Window
from shinro.series import Nature
from shinro.units import days, months, points, times

if TYPE_CHECKING:  # a static check reads none, and its import would cost it
    from shinro.findings.claims import Step

DAYS = {"day": 1, "week": 7}
MONTHS = {"month": 1, "quarter": 3, "year": 12}
YEAR = 12
PERCENT = 100


class Role(Enum):
    """What a number told is, of a window."""

    FIRST = "first"
    LAST = "last"
    CHANGE = "change"
    GROWTH = "growth"  # the change as a share of where it was
    TIMES = "times"
    PART = "part"  # how many of how many
    AIM = "aim"  # a milestone's level
    INNER = "inner"  # the value of a period between
    LENGTH = "length"


@dataclass(frozen=True, slots=True)
class Held:
    """A number told, and what it stands for."""

    told: Quantity
    role: Role
    step: Step | None = None


@dataclass(frozen=True, slots=True)
class Truth:
    """One number that a claim may tell; `flatters` as in `rounding.fits`."""

    role: Role
    value: Fraction
    flatters: int = 0
    step: Step | None = None


def held(told: Quantity, found: Window, said: Sentence, aims: tuple[Fraction, ...]) -> Held | None:
    """What a number stands for; None where the path has no such number."""
    if told.currency and told.currency != (found.track.meaning.currency or told.currency):
        return None
    if told.sort is Sort.SPAN and _lasts(told, found, said):
        return Held(told, Role.LENGTH)
    fitting = [
        (truth.role is Role.INNER, abs(told.value * scale - truth.value), n, truth)
        for n, (scale, truth) in enumerate(truths(told, found, said, aims))
        if fits(_scaled(told, scale), truth.value, truth.flatters)
    ]
    if not fitting:
        return None
    truth = min(fitting, key=lambda each: each[:3])[-1]
    return Held(told, truth.role, truth.step)


def _scaled(told: Quantity, scale: int) -> Quantity:
    """A number in the unit of what it is compared with: three weeks are 21 days, 9 points of an index are 9."""
    if scale == 1:
        return told
    return Quantity(
        told.text, told.sort, told.value * scale, told.unit * scale, told.start, told.end, told.lean, told.of
    )


def truths(told: Quantity, found: Window, said: Sentence, aims: tuple[Fraction, ...]) -> Iterator[tuple[int, Truth]]:
    """What a number of its sort may be of this path, each with the scale that makes them one unit."""
    meaning = found.track.meaning
    match told.sort:
        case Sort.AMOUNT if not meaning.percent:
            yield from ((1, truth) for truth in _levels(found, said, aims))
        case Sort.AMOUNT:
            yield from ((1, truth) for truth in _parts(found))
        case Sort.PERCENT if meaning.percent:
            yield from ((1, truth) for truth in _levels(found, said, aims) if truth.role is not Role.CHANGE)
        case Sort.PERCENT:
            yield from ((1, truth) for truth in _growths(found, said, aims))
        case Sort.POINTS if meaning.percent:
            yield 1, Truth(Role.CHANGE, abs(change(found)), 1)
        case Sort.POINTS if meaning.unit == points():
            yield from ((PERCENT, truth) for truth in _levels(found, said, aims))
        case Sort.TIMES:
            yield from ((1, truth) for truth in _multiples(found, said, aims))
        case Sort.SPAN:
            unit = {days(): DAYS, months(): MONTHS}.get(meaning.unit, {})
            if told.of in unit:
                yield from ((unit[told.of], truth) for truth in _levels(found, said, aims))
        case _:
            return


def change(found: Window) -> Fraction:
    """Last less first."""
    return (found.last.value or Fraction(0)) - (found.first.value or Fraction(0))


def _levels(found: Window, said: Sentence, aims: tuple[Fraction, ...]) -> Iterator[Truth]:
    first, last, good = found.first.value or Fraction(0), found.last.value or Fraction(0), found.good
    yield Truth(Role.LAST, last, good, step=found.last)
    yield Truth(Role.FIRST, first, -good, step=found.first)
    yield Truth(Role.CHANGE, abs(last - first), 1)
    yield from (Truth(Role.AIM, aim) for aim in aims)
    if tall.A_MONTH.search(said.text):
        lengths = {len(found.path), len(found.path) - 1} - {0}
        yield from (Truth(Role.CHANGE, abs(last - first) / length, 1) for length in lengths)
    before = found.year_before()
    if before and before.value is not None and tall.A_YEAR_AGO.search(said.text):
        yield Truth(Role.INNER, before.value, -good, step=before)
    flow = found.track.meaning.nature is Nature.FLOW and all(step.value is not None for step in found.path)
    if flow and tall.SUMMED.search(said.text):
        yield Truth(Role.CHANGE, sum((step.value or Fraction(0) for step in found.path), Fraction(0)), 1)
    for step in found.track.complete:
        if step.value is not None and step not in (found.first, found.last):
            yield Truth(Role.INNER, step.value, step=step)


def _parts(found: Window) -> Iterator[Truth]:
    for step in (found.last, found.first):
        for part in (step.over, step.base):
            if part is not None:
                yield Truth(Role.PART, part, step=step)


def _growths(found: Window, said: Sentence, aims: tuple[Fraction, ...]) -> Iterator[Truth]:
    first, last = found.first.value or Fraction(0), found.last.value or Fraction(0)
    if first > 0:
        yield Truth(Role.GROWTH, abs(last - first) / first, 1)
        yield Truth(Role.GROWTH, last / first, 1 if last > first else -1)
        steps = len(found.path) - 1
        if last > 0 and steps and tall.A_MONTH.search(said.text):
            rate = Fraction((last / first) ** (1 / steps)).limit_denominator(10**6) - 1  # a statistic, told in per cent
            yield Truth(Role.GROWTH, abs(rate), 1)
    before = found.year_before()
    if before and before.value and tall.A_YEAR_AGO.search(said.text):
        yield Truth(Role.GROWTH, abs(last - before.value) / abs(before.value), 1)
    if tall.AIMED.search(said.text):
        yield from (Truth(Role.AIM, last / aim, found.good) for aim in aims if aim)


def _multiples(found: Window, said: Sentence, aims: tuple[Fraction, ...]) -> Iterator[Truth]:
    first, last = found.first.value or Fraction(0), found.last.value or Fraction(0)
    if found.track.meaning.unit == times():
        yield from _levels(found, said, aims)
    if first > 0:
        yield Truth(Role.TIMES, last / first, 1 if last > first else -1)
        if found.good < 0 < last:
            yield Truth(Role.TIMES, first / last, 1)
    if tall.AIMED.search(said.text):
        yield from (Truth(Role.AIM, last / aim, found.good) for aim in aims if aim)


def _lasts(told: Quantity, found: Window, said: Sentence) -> bool:
    """Whether a length of time is that of the window, of a row of periods that moved one way, or of a promise."""
    after = said.text[told.end : told.end + 12]
    if tall.EARLY.search(after) and tall.AIMED.search(said.text):
        return True
    if tall.A_ROW.search(said.text[told.start : told.end + 12]):
        return told.of in MONTHS and row(found) >= told.value * MONTHS[told.of]
    if told.of in MONTHS:
        return told.value * MONTHS[told.of] in found.lengths
    return told.of in DAYS and abs(told.value * DAYS[told.of] - found.days) <= max(DAYS[told.of], found.days // 20)


def row(found: Window) -> int:
    """How many periods up to the last moved the good way, one after another."""
    count, values = 0, [step.value or Fraction(0) for step in found.track.complete if step.period <= found.last.period]
    while count < len(values) - 1 and (values[-1 - count] - values[-2 - count]) * found.good > 0:
        count += 1
    return count
