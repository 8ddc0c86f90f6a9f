"""Effects -> plain values for JSON: estimates as numbers, beside each how a reader would write it; series to draw."""

from __future__ import annotations

from typing import TypeAlias

from shinro.definitions.periodic import accrues
from shinro.findings.effects import Control, Effect, Effects, Estimate, Expected, Interval, Sight
from shinro.periods import Period
from shinro.reports.effects import change, control_text, interval, remarks, sentence
from shinro.reports.readings import Telling
from shinro.series import Meaning
from shinro.units import decimal_text

Plain: TypeAlias = dict[str, object]
DIGITS = 9  # significant ones of an estimate


def effects_json(found: Effects, telling: Telling) -> Plain:
    """Initiatives by what they gave the star for their cost. A share is 0.04, not 4."""
    return {"as_of": found.as_of.isoformat(), "initiatives": [_effect(each, telling) for each in found.effects]}


def _effect(effect: Effect, telling: Telling) -> Plain:
    meaning = effect.meaning
    return {
        "initiative": effect.initiative,
        "verdict": effect.verdict.value,
        "weak": effect.weak,
        "metric": effect.metric,
        "label": telling.label(effect.metric) if effect.metric else None,
        "segment": [[name, value] for name, value in effect.segment],
        "grain": effect.grain.value,
        "starts": effect.first.isoformat() if effect.first else None,
        "window": _days(effect.window),
        "periods_before": effect.before,
        "periods_after": effect.after,
        "periods_missing": effect.missing,
        "effect": _estimate(effect.estimate, meaning, telling) if effect.estimate and meaning else None,
        "expected": _expected(effect.expected, meaning, telling) if effect.expected and meaning else None,
        "control": _control(effect.control, telling) if effect.control else None,
        "star": {
            "metric": effect.gain.metric,
            **_interval(effect.gain.mean),
            "shown": interval(effect.gain.mean, effect.gain.meaning, telling),
        }
        if effect.gain
        else None,
        "cost": decimal_text(effect.cost) if effect.cost is not None else None,
        "currency": effect.currency,
        "owner": effect.owner or None,
        "says": sentence(effect, telling),
        "remarks": [
            {"key": remark.key, "says": said}
            for remark, said in zip(effect.remarks, remarks(effect, telling), strict=True)
        ],
        "series": [_sight(each) for each in effect.sights],
    }


def _estimate(estimate: Estimate, meaning: Meaning, telling: Telling) -> Plain:
    return {
        "mean": _interval(estimate.mean),
        "total": _interval(estimate.total) if accrues(telling.project, meaning.metric) else None,
        "without": _number(estimate.without),
        "detectable": _number(estimate.detectable),
        "p": _number(estimate.chance),
        "shown": interval(estimate.mean, meaning, telling),
    }


def _expected(expected: Expected, meaning: Meaning, telling: Telling) -> Plain:
    return {
        "value": _number(expected.value),
        "placed": expected.placed.value if expected.placed else None,
        "shown": change(expected.value, meaning, telling),
    }


def _control(control: Control, telling: Telling) -> Plain:
    return {
        "metric": control.metric,
        "segment": [[name, value] for name, value in control.segment],
        "one_for_one": control.twin,
        "fit": _number(control.fit),
        "p_by_accident": _number(control.chance),
        "p_parallel": _number(control.parallel),
        "says": control_text(control, telling),
    }


def _sight(sight: Sight) -> Plain:
    return {
        "first_day": sight.period.start.isoformat(),
        "last_day": sight.period.last.isoformat(),
        "after": sight.after,
        "actual": _number(sight.actual),
        "without": _interval(sight.without) if sight.without else None,
    }


def _interval(found: Interval) -> Plain:
    return {"value": _number(found.value), "low": _number(found.low), "high": _number(found.high)}


def _number(value: float | None) -> float | None:
    """Rounded, so that the last digits of a machine's arithmetic make no other text."""
    return None if value is None else float(f"{value:.{DIGITS}g}") + 0.0


def _days(period: Period | None) -> Plain | None:
    return {"first_day": period.start.isoformat(), "last_day": period.last.isoformat()} if period else None
