"""Review -> plain values for JSON: keys are stable, sentences beside them in the reader's language."""

from __future__ import annotations

from shinro.definitions.meaning import meanings
from shinro.findings.reviews import Change, Driven, Miss, Review, Taken
from shinro.reports.as_json import action_json, status_json
from shinro.reports.effects_json import effects_json
from shinro.reports.forecasts import prospects_json
from shinro.reports.readings import Telling
from shinro.reports.report import Plain
from shinro.reports.review_misses import miss_lines, miss_title
from shinro.units import decimal_text


def review_json(found: Review, telling: Telling, taken: Taken | None = None) -> Plain:
    """A review, and what was decided in it where that is known."""
    told: Plain = {
        "review": found.name,
        "day": found.day.isoformat(),
        "cycle": found.grain.value,
        "last": found.last.day.isoformat() if found.last else None,
        "status": status_json(found.status, telling.project, telling.words, meanings(telling.project)),
        "prospects": prospects_json(found.prospects, telling),
        "effects": effects_json(found.effects, telling),
        "unjudged": list(found.unjudged),
        "actions": [action_json(each, found.day, telling) for each in found.actions],
        "changes": [_change(each) for each in found.changes],
        "misses": [_miss(each, telling) for each in found.misses],
    }
    return {**told, "taken": _taken(taken)} if taken else told


def _change(found: Change) -> Plain:
    return {
        "what": found.what.value,
        "subject": found.subject,
        "before": found.before,
        "after": found.after,
        "day": found.day.isoformat() if found.day else None,
    }


def _miss(miss: Miss, telling: Telling) -> Plain:
    return {
        "of": "kpi" if miss.is_kpi else "milestone",
        "subject": miss.subject,
        "says": [miss_title(miss, telling), *miss_lines(miss, telling)],
        "drivers": [_driver(each) for each in miss.drivers],
        "proposed": miss.proposed.value if miss.proposed else None,
        "cause": miss.cause.value if miss.cause else None,
    }


def _driver(found: Driven) -> Plain:
    return {
        "metric": found.metric,
        "first_day": found.period.start.isoformat(),
        "last_day": found.period.last.isoformat(),
        "value": decimal_text(found.value),
        "target": decimal_text(found.target),
        "state": found.state.value,
        "owners": list(found.owners),
    }


def _taken(taken: Taken) -> Plain:
    return {
        "decisions": [each.text for each in taken.decisions],
        "actions": [
            {
                "text": each.text,
                "owner": each.owner,
                "due": each.due.isoformat() if each.due else None,
                "kpi": each.kpi or None,
            }
            for each in taken.actions
        ],
        "settled": [
            {
                "entry": each.action.seq,
                "done": each.done.value,
                "due": each.due.isoformat() if each.due else None,
            }
            for each in taken.settled
        ],
        "causes": [
            {
                "of": "kpi" if each.miss.is_kpi else "milestone",
                "subject": each.miss.subject,
                "cause": each.cause.value,
                "note": each.note,
                "way": each.onward.way.value if each.onward else None,
            }
            for each in taken.reasons
        ],
    }
