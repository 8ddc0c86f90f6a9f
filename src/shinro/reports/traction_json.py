"""Tale -> plain values for JSON: exact numbers as text, each claim with its sentence and its entries."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

from shinro.findings.claims import Claim, Cohorts, Concentration, Pledge, Promise, Step, Tale, Track
from shinro.findings.forecasts import MilestoneOdds
from shinro.periods import Period
from shinro.reports.claim_sentences import claim_text
from shinro.reports.problems import as_json
from shinro.reports.readings import Telling
from shinro.reports.report import Plain
from shinro.reports.traction_front import low_text
from shinro.units import decimal_text


def tale_json(tale: Tale, telling: Telling) -> Plain:
    """All that is told. `last_day` is counted; a value that is null is undefined, or not known."""
    words = telling.words
    return {
        "company": tale.company,
        "audience": tale.audience,
        "language": telling.lang,
        "as_of": tale.as_of.isoformat(),
        "period": _days(tale.period),
        "cadence": tale.grain.value,
        "headline": _track(tale.headline, telling) if tale.headline else None,
        "supports": [_track(each, telling) for each in tale.supports],
        "claims": [_claim(each, telling) for each in tale.claims],
        "refused": [
            {"text": each.text, "metric": each.metric, "problems": as_json(each.problems, words)}
            for each in tale.refused
        ],
        "milestones": [_promise(each) for each in tale.promises],
        "unrecorded": list(tale.unrecorded),
        "lowlights": [{"key": each.key, "metric": each.metric, "says": low_text(each, telling)} for each in tale.lows],
        "cohorts": [_cohorts(each) for each in tale.cohorts],
        "cash": [_track(each, telling) for each in tale.cash],
        "concentration": _concentration(tale.concentration) if tale.concentration else None,
        "next": [_odds(each) for each in tale.odds],
        "words": tale.words,
        "asks": list(tale.asks),
        "told": [_track(each, telling) for each in tale.told],
        "last_told": {"day": tale.last_told.day.isoformat(), "seq": tale.last_told.seq} if tale.last_told else None,
        "dropped": [each.metric for each in tale.dropped],
        "problems": as_json(tale.problems, words),
        "checkpoint": tale.checkpoint.text if tale.checkpoint else None,
        "published": tale.published,
    }


def _days(period: Period) -> Plain:
    return {"first_day": period.start.isoformat(), "last_day": period.last.isoformat()}


def _exact(value: Fraction | None) -> str | None:
    return None if value is None else decimal_text(value)


def _day(when: date | None) -> str | None:
    return when.isoformat() if when else None


def _step(step: Step) -> Plain:
    return {
        **_days(step.period),
        "value": _exact(step.value),
        "over": _exact(step.over),
        "base": _exact(step.base),
        "mark": step.mark.value,
        "seq": step.seq,
        "published": _day(step.published),
        "late": step.late,
        "was": [
            {"value": _exact(was.value), "seq": was.seq, "published": was.published.isoformat(), "reason": was.reason}
            for was in step.was
        ],
    }


def _track(track: Track, telling: Telling) -> Plain:
    return {
        "metric": track.metric,
        "label": telling.label(track.metric),
        "unit": str(track.meaning.unit),
        "steps": [_step(each) for each in track.steps],
    }


def _claim(claim: Claim, telling: Telling) -> Plain:
    return {
        "says": claim_text(claim, telling),
        "metric": claim.track.metric,
        "shape": claim.shape.value,
        "first": _step(claim.first),
        "last": _step(claim.last),
        "months": claim.months,
        "change": _exact(claim.change),
        "factor": _exact(claim.factor),
        "pledge": _pledge(claim.pledge),
        "strength": f"{float(claim.strength):.3f}",
        "interval": [f"{float(bound):.4f}" for bound in claim.interval] if claim.interval else None,
        "marks": as_json(claim.marks, telling.words),
        "beside": [_claim(each, telling) for each in claim.beside],
        "written": claim.written or None,
    }


def _pledge(pledge: Pledge) -> Plain:
    return {
        "kept": pledge.kept.value,
        "milestone": pledge.title,
        "condition": pledge.text,
        "due": _day(pledge.due),
        "declared": _day(pledge.declared),
        "reached": _day(pledge.reached),
        "held_until": _day(pledge.ended.last if pledge.ended else None),
        "breaks": pledge.breaks,
        "held_earlier": pledge.earlier,
        "on_its_day_by_the_data": _exact(pledge.on_day),
        "as_first_published": pledge.first.value if pledge.first else None,
        "seq": pledge.seq,
    }


def _promise(promise: Promise) -> Plain:
    return {
        "title": promise.title,
        "due": promise.due.isoformat(),
        "declared": _day(promise.declared),
        "kept": promise.kept.value,
        "ahead": promise.ahead,
        "conditions": [_pledge(each) for each in promise.conditions],
        "dropped": [_pledge(each) for each in promise.dropped],
        "moved": [
            {
                "due": each.due.isoformat(),
                "declared": each.declared.isoformat(),
                "moved": each.moved.isoformat(),
                "kept": each.kept.value,
                "conditions": list(each.texts),
                "seq": each.seq,
            }
            for each in promise.moved
        ],
        "given_up": _day(promise.given_up),
        "cause": promise.cause or None,
    }


def _cohorts(found: Cohorts) -> Plain:
    rows = [
        {**_days(period), "size": _exact(size), "shares": [_exact(each) for each in shares]}
        for period, size, shares in found.rows
    ]
    return {"metric": found.meaning.metric, "grain": found.grain.value, "rows": rows}


def _concentration(found: Concentration) -> Plain:
    return {
        "metric": found.meaning.metric,
        **_days(found.period),
        "customers": found.customers,
        "top": _exact(found.top),
        "shares": [{"name": name or None, "share": _exact(share)} for name, share in found.shares],
    }


def _odds(found: MilestoneOdds) -> Plain:
    return {
        "title": found.title,
        "due": found.due.isoformat(),
        "probability": found.probability,
        "conditions": [{"text": each.text, "probability": each.probability} for each in found.conditions],
    }
