"""Levels: how fast they ask to grow, and whether they can be read at all on so small a base."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from math import ceil

from shinro.checks.facts import Facts, Need
from shinro.checks.promises import Promise, name_of, promised, promises
from shinro.checks.rule import Rule, rule
from shinro.definitions.meaning import meaning_of
from shinro.definitions.paths import required_growth
from shinro.definitions.phrases import Over
from shinro.definitions.project import Project
from shinro.periods import Grain
from shinro.problems import Problem, Severity, problem
from shinro.series import Meaning, Nature, Series, windows
from shinro.units import Amount, decimal_text, minor_digits

BASES = {"churn_rate": "companies", "trial_to_paid": "trials"}  # a recurring metric's rates of companies
LEAST_MONTHS = 3
FURTHEST = 10_000  # periods: no plan reaches further, and no calendar has to


@rule("M406", Severity.WARNING, Need.SERIES)
def within_what_was_ever_done(facts: Facts) -> Iterator[Problem]:
    """The growth that a milestone asks for per period, beside the best that there was over as many periods."""
    for promise in promises(facts.project):
        series = _read_as(facts.project, promise, facts.series or {})
        if series and promise.day and not promise.since_start:
            yield from _beyond_the_best(facts.project, promise, series, promise.day)


def _beyond_the_best(project: Project, promise: Promise, series: Series, day: date) -> Iterator[Problem]:
    levels = _known(series)
    periods = _periods_left(project, series, day) if levels else 0
    needed = required_growth(levels[-1], promise.level, Fraction(periods)) if periods else None
    best = _best(levels, periods, rises=promise.rises) if periods else None
    if needed is None or best is None or promise.holds_at(levels[-1]):
        return
    if (promise.rises and needed > best) or (promise.falls and needed < best):
        yield problem(
            "M406",
            promise.place,
            text=promise.text,
            metric=promise.metric,
            milestone=promise.milestone,
            now=shown(levels[-1], series.meaning, series.grain),
            periods=periods,
            needed=f"{needed * 100:+.1f}%",
            best=f"{best * 100:+.1f}%",
        )


def _read_as(project: Project, promise: Promise, measured: Mapping[tuple[str, Grain], Series]) -> Series | None:
    """What a promise reads in each period: a rate's parts over the time up to its end, where it asks for several."""
    over = promise.condition.reading
    series = measured.get((promise.metric, over.grain if isinstance(over, Over) else promise.grain or Grain.MONTH))
    if series is None or not isinstance(over, Over):
        return series
    found = windows(series.complete, over.periods)
    cut = (point._replace(period=project.calendar.period(point.period.last, over.grain)) for point in found)
    return replace(series, points=tuple(cut))


def _known(series: Series) -> list[Fraction]:
    """The final values, the newest last, back to the last one that is undefined."""
    found: list[Fraction] = []
    for point in series.complete:
        found = [] if point.value is None else [*found, point.value]
    return found


def _periods_left(project: Project, series: Series, day: date) -> int:
    """Whole periods after the last final one that end by the day, at most 10,000."""
    calendar, period = project.calendar, series.complete[-1].period
    count = 0
    while count < FURTHEST and (period := calendar.step(period, series.grain)).last <= day:
        count += 1
    return count


def _best(levels: list[Fraction], periods: int, *, rises: bool) -> Decimal | None:
    """The best growth per period over stretches of so many periods, or of the whole where there are fewer."""
    length = min(periods, len(levels) - 1)
    stretches = zip(levels, levels[length:], strict=False)
    rates = [rate for start, end in stretches if (rate := required_growth(start, end, Fraction(length))) is not None]
    return (max if rises else min)(rates, default=None)


@rule("M412", Severity.WARNING)
def can_be_read(facts: Facts) -> Iterator[Problem]:
    """A rate's level leaves room for at least one case on the base that it will be read on."""
    for milestone in facts.project.milestones:
        every = promised(milestone)
        for promise in every:
            base = _base(facts, promise.metric)
            count = _count(facts, base, every) if base else None
            room = promise.level if promise.falls else 1 - promise.level
            if count and 0 < room < 1 and count * promise.months * room < 1:
                yield problem(
                    "M412",
                    promise.place,
                    case="none" if promise.falls else "all",
                    text=promise.text,
                    metric=promise.metric,
                    milestone=name_of(milestone),
                    base=base,
                    count=shown(count, Meaning("", Nature.STOCK)),
                    months=max(LEAST_MONTHS, ceil(1 / (count * room))),
                )


def _base(facts: Facts, metric: str) -> str | None:
    """The metric that counts what a rate is a share of; None where it is no share of things counted."""
    name, _, part = metric.partition(".")
    found, meaning = facts.project.metric(metric), meaning_of(metric, facts.meanings)
    if part:
        base = f"{name}.{BASES[part]}" if part in BASES else None
    else:
        base = str(found.conversion) if found and found.conversion else meaning.denominator
    unit = meaning_of(base or "", facts.meanings).unit.powers
    is_counted = meaning.percent and len(unit) == 1 and unit[0][0].startswith("count:")
    return base if is_counted else None


def _count(facts: Facts, base: str, every: list[Promise]) -> Fraction | None:
    """The base as promised at the same milestone, else as last measured: per month where it flows."""
    for promise in every:
        if promise.metric == base and not promise.since_start:
            return promise.monthly
    series = (facts.series or {}).get((base, Grain.MONTH))
    levels = _known(series) if series else []
    return levels[-1] if levels else None


def shown(value: Fraction, meaning: Meaning, grain: Grain = Grain.MONTH) -> Amount:
    """A level as one would write it in the project file, rounded: `33,333 JPY`, `12.5%`, `160 per month`."""
    if meaning.percent:
        return Amount(f"{_rounded(value * 100, 1)}%")
    per = grain.value if meaning.nature is Nature.FLOW else ""
    digits = minor_digits(meaning.currency) if meaning.currency else 2
    return Amount(_rounded(value, digits), meaning.currency or "", per)


def _rounded(value: Fraction, places: int) -> str:
    return f"{Decimal(decimal_text(round(value * 10**places) / Fraction(10**places))):,f}"


RULES: tuple[Rule, ...] = (within_what_was_ever_done, can_be_read)
