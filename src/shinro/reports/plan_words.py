"""Plans in words: levels, differences, conditions, periods, as a reader is told them."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction

from shinro.definitions.phrases import condition as read_condition
from shinro.definitions.tokens import Mistake
from shinro.findings.plans import Lever, Origin, Plan, PlannedCondition
from shinro.periods import Period
from shinro.reports.dates import period
from shinro.reports.milestones import OPS, over_text
from shinro.reports.numbers import grouped, level, number, signed
from shinro.reports.readings import Telling
from shinro.series import Meaning


def joined(names: Iterable[str], telling: Telling) -> str:
    """Names one after another, as the language does it."""
    return telling.say("list.comma").join(names)


def limit_text(lever: Lever, telling: Telling) -> str:
    """How far a driver may go."""
    text = level_text(lever.limit, lever.meaning, telling)
    assumed = lever.origin is Origin.ASSUMED and lever.direction
    return telling.say("back.limit_assumed", level=text) if assumed else text


def level_text(value: Fraction | None, meaning: Meaning, telling: Telling) -> str:
    """A level to be met, in the reader's language."""
    return level(value, meaning, telling.lang)


def value_text(value: Fraction | None, meaning: Meaning, telling: Telling) -> str:
    """A value, of a count no finer than it is steered by."""
    whole = (
        value is not None
        and value.denominator != 1
        and any(base.startswith("count:") for base, _ in meaning.unit.powers)
    )
    return level(value, meaning, telling.lang) if whole else number(value, meaning, telling.lang)


def step_text(value: Fraction, meaning: Meaning, telling: Telling) -> str:
    """A step of a driver: whole where it is."""
    counted = any(base.startswith("count:") for base, _ in meaning.unit.powers) and not meaning.currency
    return grouped(value, 0) if counted and value.denominator == 1 else value_text(value, meaning, telling)


def condition_text(each: PlannedCondition, telling: Telling) -> str:
    """A condition in the reader's words."""
    asked = f"{OPS.get(each.op, each.op)} {level_text(each.level, each.meaning, telling)}"
    try:
        over = over_text(read_condition(each.text).reading, telling)
    except Mistake:
        over = ""
    return f"{telling.label(each.metric)} {asked}{over}"


def difference(gain: Fraction, meaning: Meaning, telling: Telling) -> str:
    """A difference with its sign: points of a percentage, else the metric's own numbers."""
    if meaning.percent:
        return signed(gain * 100, "pt")
    sign = "" if gain < 0 else "+"
    return f"{sign}{value_text(gain, meaning, telling)}"


def period_text(span: Period, plan: Plan, telling: Telling) -> str:
    """A period of a plan by its name."""
    return period(span, plan.grain, telling.calendar, telling.words)
