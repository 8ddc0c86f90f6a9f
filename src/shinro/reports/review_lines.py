"""Actions in one line each: what, whose, until when, for which KPI, how late."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import date

from shinro.findings.actions import Action
from shinro.reports.dates import day
from shinro.reports.inert import inert
from shinro.reports.readings import Telling


def overdue_text(actions: Iterable[Action], today: date, telling: Telling) -> str:
    """How many are overdue, by owner, those with the most first; nothing where none is."""
    nobody = telling.say("review.nobody")
    counts = Counter(inert(each.owner) or nobody for each in actions if each.days_over(today))
    told = [telling.words.plural("review.overdue_of", n, owner=owner) for owner, n in counts.most_common()]
    return telling.say("review.overdue", owners=telling.say("list.comma").join(told)) if told else ""


def action_text(action: Action, telling: Telling) -> str:
    """What was to be done; that it was erased where it was."""
    return action.text or telling.say("review.erased")


def due_text(action: Action, telling: Telling) -> str:
    """The day that it is due, and how often that was moved."""
    due = day(action.due, telling.lang) if action.due else ""
    if not action.moved:
        return due
    return telling.words.plural("review.moved", len(action.moved), day=due, first=day(action.moved[0], telling.lang))


def action_line(action: Action, today: date, telling: Telling) -> str:
    """An action in one line: what, whose, until when, for which KPI, how late."""
    over = action.days_over(today)
    parts = (
        action.owner,
        telling.say("review.until", day=due_text(action, telling)) if action.due else "",
        telling.label(action.kpi) if action.kpi else "",
        telling.words.plural("review.days_over", over) if over else "",
    )
    inside = telling.say("list.comma").join(filter(None, parts))
    return (
        telling.say("review.action_line", text=action_text(action, telling), inside=inside) if inside else action.text
    )
