"""Misses as readers are told them: what was missed, what its drivers say, which cause they propose."""

from __future__ import annotations

from collections.abc import Iterator

from shinro.findings.readings import MilestoneReading
from shinro.findings.reviews import Driven, Miss
from shinro.reports.dates import day, span
from shinro.reports.milestones import condition_text, condition_value, milestone_name
from shinro.reports.numbers import level, number
from shinro.reports.readings import Telling
from shinro.reports.states import state
from shinro.series import State


def miss_title(miss: Miss, telling: Telling) -> str:
    """What was missed, in one line."""
    if miss.milestone:
        when = day(miss.milestone.due, telling.lang) if miss.milestone.due else telling.say("milestone.no_day")
        return telling.say("review.miss.milestone", name=milestone_name(miss.subject, telling), when=when)
    return telling.words.plural("review.miss.kpi", miss.reviews, metric=telling.label(miss.subject))


def miss_lines(miss: Miss, telling: Telling) -> Iterator[str]:
    """Its conditions, its drivers against their targets, the cause that they propose; or the one that is known."""
    if miss.cause:
        yield telling.say("review.cause.said", cause=telling.say(f"review.cause.{miss.cause.value}"))
        return
    if miss.milestone:
        yield from _missed(miss.milestone, telling)
    shown = miss.below or miss.drivers
    yield from (_driver(each, telling) for each in shown)
    if miss.proposed:
        names = telling.labels(each.metric for each in shown)
        yield telling.say(f"review.proposed.{miss.proposed.value}", drivers=names)
    else:
        yield telling.say("review.proposed.none")


def _driver(found: Driven, telling: Telling) -> str:
    said = {
        "metric": telling.label(found.metric),
        "value": number(found.value, found.meaning, telling.lang),
        "target": level(found.target, found.meaning, telling.lang),
        "state": state(found.state, telling.words),
        "days": span(found.period, telling.lang),
        "owner": telling.say("list.comma").join(found.owners) or telling.say("review.nobody"),
    }
    return telling.say("review.driver", **said)


def _missed(milestone: MilestoneReading, telling: Telling) -> Iterator[str]:
    """The conditions of a milestone that did not hold, each with what was read."""
    for each in milestone.conditions:
        if each.state is State.MISSED:
            said = {"condition": condition_text(each, telling), "value": condition_value(each, telling)}
            yield telling.say("review.condition", **said)
