"""A plan, and what changes would do, as plain values for JSON: exact numbers as text, beside each how it reads."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction

from shinro.findings.plans import (
    Chance,
    Easing,
    Lever,
    Plan,
    PlannedCondition,
    PlannedLever,
    Rung,
    Shortfall,
    Untold,
    WhatIf,
    Worth,
)
from shinro.periods import Period
from shinro.reports.numbers import level
from shinro.reports.plan_notes import notes
from shinro.reports.plan_words import condition_text
from shinro.reports.plans import summary
from shinro.reports.readings import Telling
from shinro.reports.report import Plain
from shinro.series import Meaning
from shinro.units import decimal_text


def plan_json(plan: Plan, telling: Telling) -> Plain:
    """A plan. `levels` are per period of `grain`, from the first period of `periods` on."""
    return {
        "as_of": plan.as_of.isoformat(),
        "language": telling.lang,
        "grain": plan.grain.value,
        "says": summary(plan, telling).text,
        "feasible": plan.feasible,
        "exact": plan.exact,
        "prefer": plan.prefer.value,
        "effort": round(plan.effort, 4),
        "base": _span(plan.base),
        "periods": [_span(period) for period in plan.periods],
        "milestones": [{"titles": list(titles), **_span(period)} for period, titles in plan.knots],
        "drivers": [_planned(each, len(plan.periods), telling) for each in plan.levers],
        "conditions": [condition_json(each, telling) for each in plan.conditions],
        "out_of_reach": [_short(each, telling) for each in plan.shortfalls],
        "worth": [_worth(each, telling) for each in plan.worths],
        "easier": [_easing(plan, each, telling) for each in plan.easings],
        "steps": [[_rung(rung, telling) for rung in ladder] for ladder in plan.ladders],
        "assumptions": [
            {"from": one.from_, "to": one.to, "rate": decimal_text(one.rate), "lag": one.lag, "status": one.status}
            for one in plan.assumptions
        ],
        "chances": chances_json(plan.chances),
        "no_chance": untold_json(plan.untold, telling),
        "left_out": [{"condition": text, "why": telling.say(why)} for text, why in plan.unread],
        "notes": list(notes(plan, telling)),
    }


def what_if_json(found: WhatIf, telling: Telling) -> Plain:
    """What changes would do."""
    return {
        "as_of": found.as_of.isoformat(),
        "language": telling.lang,
        "grain": found.grain.value,
        "base": _span(found.base),
        "changes": [
            {"text": move.text, "metric": move.metric, "from": move.first.start.isoformat(),
             "before": _exact(move.before), "after": _exact(move.after),
             "passed": move.passed, "stopped": move.stopped}
            for move in found.moves
        ],
        "star": found.star,
        "outcomes": [
            {**_span(each.period), "before": _valued(each.before, each.meaning, telling),
             "after": _valued(each.after, each.meaning, telling)}
            for each in found.outcomes
        ],
        "conditions": [condition_json(each, telling) for each in found.conditions],
        "sensitivity": [
            {"driver": each.driver, "label": telling.label(each.driver), "step": decimal_text(each.step),
             "gain": decimal_text(each.gain), "share": _exact(each.share)}
            for each in found.sensitivities
        ],
        "chances": chances_json(found.chances),
        "no_chance": untold_json(found.untold, telling),
        "left_out": [{"condition": text, "why": telling.say(why)} for text, why in found.unread],
    }  # fmt: skip


def chances_json(chances: Iterable[Chance]) -> list[Plain]:
    """Probabilities, to three places."""
    return [
        {
            "milestone": each.milestone,
            "unchanged": round(each.unchanged, 3),
            "planned": round(each.planned, 3),
            "forecast": None if each.forecast is None else round(each.forecast, 3),
            "wanted": each.wanted,
            "margins": {of.metric: round(margin, 4) for of, margin in each.margins},
            "most": None if each.most is None else round(each.most, 4),
        }
        for each in chances
    ]


def untold_json(untold: Untold, telling: Telling) -> Plain:
    """Milestones of which no probability can be told, and why."""
    why = {metric: telling.say(key, metrics=telling.label(metric)) for metric, key in untold.why}
    return {"milestones": list(untold.milestones), "why": why}


def _span(period: Period) -> Plain:
    return {"first_day": period.start.isoformat(), "last_day": period.last.isoformat()}


def _exact(value: Fraction | None) -> str | None:
    return None if value is None else decimal_text(value)


def _valued(value: Fraction | None, meaning: Meaning, telling: Telling) -> Plain | None:
    return None if value is None else {"value": decimal_text(value), "shown": level(value, meaning, telling.lang)}


def _lever(lever: Lever, telling: Telling) -> Plain:
    return {
        "metric": lever.metric,
        "label": telling.label(lever.metric),
        "today": _valued(lever.start, lever.meaning, telling),
        "limit": _valued(lever.limit, lever.meaning, telling),
        "limit_is": lever.origin.value,
        "direction": lever.direction,
        "weight": decimal_text(lever.weight),
        "past_its_bound": lever.beyond,
    }


def _planned(each: PlannedLever, periods: int, telling: Telling) -> Plain:
    meaning = each.lever.meaning
    return {
        **_lever(each.lever, telling),
        "moved": each.moved,
        "at_milestones": [_valued(found, meaning, telling) for found in each.knots],
        "levels": [decimal_text(found) for found in each.steps[:periods]],
    }


def condition_json(each: PlannedCondition, telling: Telling) -> Plain:
    """A condition, as things are and as they would be."""
    return {
        "milestone": each.milestone,
        "text": each.text,
        "says": condition_text(each, telling),
        "metric": each.metric,
        "op": each.op,
        "level": _valued(each.level, each.meaning, telling),
        "read_in": _span(each.period),
        "unchanged": _valued(each.unchanged, each.meaning, telling),
        "planned": _valued(each.planned, each.meaning, telling),
        "holds": each.holds,
    }


def _short(short: Shortfall, telling: Telling) -> Plain:
    meaning = short.condition.meaning
    return {
        "milestone": short.condition.milestone,
        "text": short.condition.text,
        "best": _valued(short.best, meaning, telling),
        "given_up": _exact(short.given_up),
        "alone": [
            {"driver": one.lever.meaning.metric, "bound": _valued(one.lever.limit, one.lever.meaning, telling),
             "needed": _valued(one.needed, one.lever.meaning, telling)}
            for one in short.alone
        ],
        "first_period": _span(short.month) if short.month else None,
    }  # fmt: skip


def _worth(worth: Worth, telling: Telling) -> Plain:
    return {
        "driver": worth.lever.metric,
        "step": decimal_text(worth.step),
        "gains": [
            {"milestone": condition.milestone, "metric": condition.metric, "gain": decimal_text(gain),
             "shown": level(gain, condition.meaning, telling.lang)}
            for condition, gain in worth.gains
        ],
    }  # fmt: skip


def _easing(plan: Plan, easing: Easing, telling: Telling) -> Plain:
    lever, condition = easing.lever, easing.condition
    return {
        "condition": condition.text if condition else None,
        "milestone": condition.milestone if condition else None,
        "later": (easing.later or plan.grain).value if condition else None,
        "driver": lever.metric if lever else None,
        "limit": _valued(lever.limit, lever.meaning, telling) if lever else None,
        "effort": round(easing.effort, 4),
    }


def _rung(rung: Rung, telling: Telling) -> Plain:
    return {
        "metric": rung.metric,
        "needed": _valued(rung.needed, rung.meaning, telling),
        "rate": {"metric": rung.rate[0], "level": decimal_text(rung.rate[1])} if rung.rate else None,
        "most": _valued(rung.capacity, rung.meaning, telling),
    }
