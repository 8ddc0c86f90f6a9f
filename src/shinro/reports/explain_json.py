"""Explanation -> plain values for JSON: exact numbers as text, beside each how a reader would write it."""

from __future__ import annotations

from fractions import Fraction

from shinro.findings.explanations import Bottleneck, Explanation
from shinro.findings.gaps import Leaf, Missing, NotTimes, Off, Part, Times
from shinro.periods import Period
from shinro.reports.explain import bottleneck_text, headline, missing_text, off_text
from shinro.reports.numbers import gap
from shinro.reports.readings import Telling
from shinro.reports.report import Plain
from shinro.reports.segments_json import segments_json
from shinro.reports.stages import stages_json
from shinro.units import decimal_text


def explain_json(found: Explanation, telling: Telling) -> Plain:
    """Why. Contributions are in the metric's unit; those of the leaves and of `off` add up to `gap`, exactly."""
    split = found.gap
    return {
        "metric": found.metric,
        "label": telling.label(found.metric),
        "grain": found.grain.value,
        "against": found.basis.value,
        "period": _days(found.period),
        "held_against": _days(found.against),
        "says": headline(found, telling),
        "gap": _exact(split.change) if split else None,
        "way": split.way.value if split else None,
        "times": _times(found.times),
        "tree": _part(split.root) if split else None,
        "leaves": [_leaf(each, found, telling) for each in split.leaves] if split else [],
        "off": [_off(each, found, telling) for each in split.off] if split else [],
        "missing": [_missing(each, found, telling) for each in split.missing] if split else [],
        "bottlenecks": [_bottleneck(each, found, telling) for each in found.bottlenecks],
        "departments": [
            {
                "department": loss.department,
                "label": telling.department(loss.department) if loss.department else None,
                "amount": decimal_text(loss.amount),
                "drivers": [
                    {
                        "name": leaf.name,
                        "kind": leaf.kind.value,
                        "periods_back": leaf.back,
                        "amount": decimal_text(leaf.contribution),
                    }
                    for leaf in loss.drivers
                ],
            }
            for loss in found.losses
        ],
        "stages": stages_json(found.stages, telling) if found.stages else None,
        "segments": segments_json(found.segments, telling) if found.segments else None,
        "beside": explain_json(found.beside, telling) if found.beside else None,
    }


def _days(period: Period | None) -> Plain | None:
    return {"first_day": period.start.isoformat(), "last_day": period.last.isoformat()} if period else None


def _exact(value: Fraction | None) -> str | None:
    return None if value is None else decimal_text(value)


def _times(found: Times | NotTimes | None) -> Plain | None:
    if found is None:
        return None
    if isinstance(found, NotTimes):
        return {"total": None, "name": found.name, "why": found.why.value}
    factors = [
        {"name": each.name, "kind": each.kind.value, "periods_back": each.back, "times": str(each.times)}
        for each in found.factors
    ]
    return {"total": decimal_text(found.total), "factors": factors}


def _part(part: Part) -> Plain:
    return {
        "name": part.name,
        "kind": part.kind.value,
        "before": _exact(part.before),
        "after": _exact(part.after),
        "contribution": _exact(part.contribution),
        "periods_back": part.back,
        "over_periods": part.over,
        "why": part.why.value if part.why else None,
        "parts": [_part(each) for each in part.children],
    }


def _leaf(leaf: Leaf, found: Explanation, telling: Telling) -> Plain:
    return {
        "name": leaf.name,
        "kind": leaf.kind.value,
        "periods_back": leaf.back,
        "before": _exact(leaf.before),
        "after": _exact(leaf.after),
        "contribution": decimal_text(leaf.contribution),
        "shown": gap(leaf.contribution, found.meaning, telling.lang),
        "places": leaf.places,
        "why": leaf.why.value if leaf.why else None,
    }


def _off(off: Off, found: Explanation, telling: Telling) -> Plain:
    return {
        "name": off.name,
        "stated": _exact(off.stated),
        "computed": _exact(off.computed),
        "over_periods": off.over,
        "contribution": decimal_text(off.contribution),
        "side": "after" if off.after else "before",
        "says": off_text(off, found, telling),
    }


def _missing(missing: Missing, found: Explanation, telling: Telling) -> Plain:
    return {
        "name": missing.name,
        "why": missing.why.value,
        "side": "after" if missing.after else "before",
        "stopped_at": missing.stopped_at,
        "says": missing_text(missing, found, telling),
    }


def _bottleneck(each: Bottleneck, found: Explanation, telling: Telling) -> Plain:
    return {
        "rule": each.rule.value,
        "lift": each.lift.value if each.lift else None,
        "metric": each.metric,
        "kind": each.kind.value,
        "periods_back": each.back,
        "value": _exact(each.value),
        "amount": _exact(each.amount),
        "level": _exact(each.level),
        "rank": each.rank,
        "of": each.of,
        "owners": list(each.owners),
        "department": each.department,
        "initiatives": [
            {"name": one.name, "verdict": one.verdict.value if one.verdict else None} for one in each.doing
        ],
        "segments": segments_json(each.segments, telling) if each.segments else None,
        "says": bottleneck_text(each, found, telling),
    }
