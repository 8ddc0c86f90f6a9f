"""Actions and decisions as readers are told them: whose, until when, how late; and what a meeting decided."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from shinro.findings.actions import Action, Done
from shinro.findings.reviews import NextAction, Reason, Settled, Taken
from shinro.reports.dates import day
from shinro.reports.document import Bullets, Grid, Para, Piece, Section, Value
from shinro.reports.readings import Telling
from shinro.reports.review_lines import action_text, due_text
from shinro.reports.review_misses import miss_title


def actions_grid(actions: Iterable[Action], today: date, telling: Telling) -> Grid:
    """Actions of the last reviews, with how late they are."""
    titles = ("review.action", "status.owner", "review.due", "review.kpi", "status.state")
    rows = tuple(_action(each, today, telling) for each in actions)
    return Grid(telling.say("review.grid.actions"), tuple(map(telling.say, titles)), rows)


def _action(action: Action, today: date, telling: Telling) -> tuple[Value, ...]:
    over = action.days_over(today)
    told = telling.words.plural("review.days_over", over) if over else telling.say(f"review.done.{action.done.value}")
    return (
        Value(action_text(action, telling), tone="strong"),
        Value(action.owner),
        Value(due_text(action, telling)),
        Value(telling.label(action.kpi) if action.kpi else ""),
        Value(told, tone="bad" if over else ""),
    )


def taken_section(taken: Taken, telling: Telling) -> Section:
    """What was decided, and what everybody takes home."""
    pieces: list[Piece] = []
    if taken.reasons:
        pieces.append(Bullets(tuple(Para(_reason(each, telling)) for each in taken.reasons)))
    if taken.decisions:
        pieces.append(Bullets(tuple(Para(each.text, "strong") for each in taken.decisions)))
    if taken.settled:
        pieces.append(Bullets(tuple(Para(settled_text(each, telling)) for each in taken.settled)))
    if taken.actions:
        titles = ("review.action", "status.owner", "review.due", "review.kpi")
        rows = tuple(_next(each, telling) for each in taken.actions)
        pieces.append(Grid(telling.say("review.next_actions"), tuple(map(telling.say, titles)), rows))
    return Section(telling.say("review.taken"), tuple(pieces))


def _next(action: NextAction, telling: Telling) -> tuple[Value, ...]:
    return (
        Value(action.text, tone="strong"),
        Value(action.owner),
        Value(day(action.due, telling.lang) if action.due else ""),
        Value(telling.label(action.kpi) if action.kpi else ""),
    )


def settled_text(found: Settled, telling: Telling) -> str:
    """What became of an action."""
    text = action_text(found.action, telling)
    if found.done is Done.OPEN and found.due:
        return telling.say("review.settled.moved", text=text, day=day(found.due, telling.lang))
    return telling.say(f"review.settled.{found.done.value}", text=text)


def _reason(found: Reason, telling: Telling) -> str:
    told = {"miss": miss_title(found.miss, telling), "cause": telling.say(f"review.cause.{found.cause.value}")}
    said = [telling.say("review.reason", **told), found.note, _onward(found, telling)]
    return " ".join(filter(None, said))


def _onward(found: Reason, telling: Telling) -> str:
    onward = found.onward
    if onward is None:
        return ""
    when = day(onward.date, telling.lang) if onward.date else ""
    metric = telling.label(onward.metric) if onward.metric else ""
    said = {"day": when, "level": onward.condition, "metric": metric, "expect": onward.expect, "name": onward.name}
    return telling.say(f"review.onward.{onward.way.value}", **said)
