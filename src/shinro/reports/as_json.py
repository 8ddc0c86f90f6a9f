"""Status -> plain values for JSON: exact numbers as text (`0.05`, `1/3`), beside each how a reader would write it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from fractions import Fraction

from shinro.definitions.project import Project
from shinro.findings.actions import Action
from shinro.findings.readings import ConditionReading, Freshness, MilestoneReading, Reading, Status
from shinro.periods import Period
from shinro.reports import problems
from shinro.reports.answers import answer_text
from shinro.reports.explain_json import explain_json
from shinro.reports.numbers import level, number, rounded
from shinro.reports.readings import Telling
from shinro.reports.report import Plain
from shinro.reports.review_lines import action_line
from shinro.reports.status import chances_said
from shinro.reports.words import Words
from shinro.series import Meaning, Point
from shinro.units import decimal_text


def status_json(status: Status, project: Project, words: Words, meanings: Mapping[str, Meaning]) -> Plain:
    """Where we are. A value that is null is undefined, or unknown where its mark says so; `last_day` is counted."""
    telling = Telling(words, project)
    return {
        "company": status.company,
        "as_of": status.as_of.isoformat(),
        "language": words.lang,
        "star": reading_json(status.star, telling) if status.star else None,
        "why": explain_json(status.why, telling) if status.why else None,
        "focus": [reading_json(reading, telling) for reading in status.focus],
        "departments": [
            {
                "name": name,
                "label": telling.department(name),
                "readings": [reading_json(each, telling) for each in found],
            }
            for name, found in status.departments
        ],
        "segments": [reading_json(reading, telling) for reading in status.segments],
        "others": [reading_json(reading, telling) for reading in status.others],
        "milestones": [_milestone(milestone, telling) for milestone in status.milestones],
        "odds": dict(chances_said(status, telling)),
        "chances": _chances(status),
        "answers": [
            {
                "question": answer.question,
                "asks": telling.say(f"q{answer.question}.asks"),
                "fine": answer.fine,
                "key": answer.key,
                "says": answer_text(answer, meanings, telling),
            }
            for answer in status.answers
        ],
        "actions": [action_json(each, status.as_of, telling) for each in status.actions],
        "problems": problems.as_json(status.problems, words),
        "data": [_fresh(fresh) for fresh in status.freshness],
        "unmeasured": [{"metric": metric, "why": why} for metric, why in status.unmeasured],
    }


def _chances(status: Status) -> Plain | None:
    """The milestones' probabilities and their day; null where none were found of just this state."""
    if status.odds is None or status.odds.chances is None:
        return None
    return {"as_of": status.odds.as_of.isoformat(), "milestones": dict(status.odds.chances)}


def reading_json(reading: Reading, telling: Telling) -> Plain:
    """One reading, with what its numbers mean."""
    meaning = reading.meaning
    points = {"now": reading.now, "last": reading.last, "before": reading.before, "year_ago": reading.year_ago}
    levels = {"target": reading.target, "target_now": reading.target_now, "due": reading.due}
    return {
        "metric": reading.metric,
        "label": telling.label(reading.metric),
        "segment": dict(reading.segment),
        "grain": reading.grain.value,
        "unit": str(meaning.unit),
        "nature": meaning.nature.value,
        "better": meaning.better.value,
        **{name: point_json(point, meaning, telling.lang) if point else None for name, point in points.items()},
        **{name: _level(found, meaning, telling.lang) for name, found in levels.items()},
        "state": reading.state.value if reading.state else None,
        "pace": reading.pace.value if reading.pace else None,
        "interval": [_hundredth(bound) for bound in reading.interval] if reading.interval else None,
        "trend": [point_json(point, meaning, telling.lang) for point in reading.trend],
        "owners": list(reading.owners),
        "department": reading.department,
        "focus": reading.focus,
        "known_until": reading.known_until.isoformat() if reading.known_until else None,
    }


def action_json(action: Action, day: date, telling: Telling) -> Plain:
    """An action of a review, and how late it is."""
    return {
        "entry": action.seq,
        "text": action.text,
        "owner": action.owner,
        "due": action.due.isoformat() if action.due else None,
        "kpi": action.kpi or None,
        "done": action.done.value,
        "moved": [each.isoformat() for each in action.moved],
        "days_over": action.days_over(day),
        "says": action_line(action, day, telling),
    }


def point_json(point: Point, meaning: Meaning, lang: str) -> Plain:
    """One point: its days, its exact value and parts, how final it is."""
    return {
        "first_day": point.period.start.isoformat(),
        "last_day": point.period.last.isoformat(),
        "value": _exact(point.value),
        "shown": number(point.value, meaning, lang),
        "over": _exact(point.over),
        "base": _exact(point.base),
        "mark": point.mark.value,
    }


def _exact(value: Fraction | None) -> str | None:
    return None if value is None else decimal_text(value)


def _hundredth(value: Fraction) -> str:
    """A bound of an interval: a root, so no exact number; to four decimal places."""
    return decimal_text(rounded(value, 4))


def _level(value: Fraction | None, meaning: Meaning, lang: str) -> Plain | None:
    return None if value is None else {"value": decimal_text(value), "shown": level(value, meaning, lang)}


def _milestone(milestone: MilestoneReading, telling: Telling) -> Plain:
    return {
        "title": milestone.title,
        "due": milestone.due.isoformat() if milestone.due else None,
        "days_left": milestone.days_left,
        "state": milestone.state.value,
        "early": milestone.early,
        "conditions": [_condition(condition, telling) for condition in milestone.conditions],
    }


def _condition(condition: ConditionReading, telling: Telling) -> Plain:
    period, meaning, gap = condition.period, condition.meaning, condition.gap
    return {
        "text": condition.text,
        "metric": condition.metric,
        "op": condition.op,
        "level": _level(condition.level, meaning, telling.lang),
        "value": _exact(condition.value),
        "shown": number(condition.value, meaning, telling.lang) if period else telling.say("state.unknown"),
        "first_day": period.start.isoformat() if period else None,
        "last_day": period.last.isoformat() if period else None,
        "state": condition.state.value,
        "progress": _exact(condition.progress),
        "expected": _level(condition.expected, meaning, telling.lang),
        "holds": condition.holds,
        "undefined_in": _days(gap) if gap else None,
        **({"not_known_in": _days(condition.missing)} if condition.missing else {}),
        **({"recorded": _recorded(*condition.recorded)} if condition.recorded else {}),
    }


def _days(period: Period) -> Plain:
    return {"first_day": period.start.isoformat(), "last_day": period.last.isoformat()}


def _recorded(end: date, value: Fraction) -> Plain:
    """What the record read of a stock at the last period end by its day, where that decides otherwise."""
    return {"last_day": end.isoformat(), "value": _exact(value)}


def _fresh(fresh: Freshness) -> Plain:
    return {
        "table": fresh.table,
        "source": fresh.source,
        "rows": fresh.rows,
        "rejected": fresh.rejected,
        "newest": fresh.newest.isoformat() if fresh.newest else None,
        "known_until": fresh.known_until.isoformat() if fresh.known_until else None,
        "files": list(fresh.files),
        "seconds": round(fresh.seconds, 3),
        **({"read_at": fresh.read_at.isoformat()} if fresh.read_at else {}),
    }
