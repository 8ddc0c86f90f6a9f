"""What a plan rests on, each in a sentence."""

from __future__ import annotations

from collections.abc import Iterator

from shinro.findings.plans import Origin, Plan
from shinro.reports.goalposts import moved_goalposts
from shinro.reports.numbers import grouped
from shinro.reports.plan_words import joined, level_text, period_text, value_text
from shinro.reports.readings import Telling


def notes(plan: Plan, telling: Telling) -> Iterator[str]:
    """What a plan rests on: where it starts, what it assumes, what it leaves out."""
    yield telling.say("back.base", base=period_text(plan.base, plan, telling))
    for driver, periods in plan.bursts.items():
        when = joined((period_text(each, plan, telling) for each in periods), telling)
        yield telling.say("back.burst", driver=telling.label(driver), when=when)
    yield from _scenario(plan, telling)
    yield from _bridges(plan, telling)
    yield from _bounds(plan, telling)
    if plan.chances and plan.silent:
        yield telling.say("back.silent", drivers=joined(map(telling.label, plan.silent), telling))
    for meaning, most, brought in plan.held_back:
        said = {"value": level_text(brought, meaning, telling), "limit": level_text(most, meaning, telling)}
        yield telling.say("back.held_back", metric=telling.label(meaning.metric), **said)
    seasonal = [telling.label(each.lever.metric) for each in plan.levers if each.season]
    if seasonal:
        yield telling.say("back.seasonal", drivers=joined(seasonal, telling))
    if plan.chances and plan.constant:
        yield telling.say("back.constant", drivers=joined(map(telling.label, plan.constant), telling))
    if not plan.exact:
        yield telling.say("back.inexact")
    yield from moved_goalposts(telling)
    for text, why in plan.unread:
        yield telling.say("back.unread", condition=text, why=telling.say(why))


def _scenario(plan: Plan, telling: Telling) -> Iterator[str]:
    ranges = [telling.label(each.lever.metric) for each in plan.levers if not each.lever.known]
    if ranges and plan.conditions:
        yield telling.say("back.scenario", drivers=joined(ranges, telling))
    if plan.from_zero and plan.conditions:
        yield telling.say("back.zero", metrics=joined(map(telling.label, plan.from_zero), telling))


def _bridges(plan: Plan, telling: Telling) -> Iterator[str]:
    for each in (one for one in plan.assumptions if one.rate):
        said = {"from": telling.label(each.from_), "to": telling.label(each.to), "rate": grouped(each.rate, 2)}
        lag = telling.words.plural(f"length.{plan.grain.value}", each.lag)
        yield telling.say("back.bridge", **said, lag=lag, status=telling.say(f"back.status.{each.status}"))


def _bounds(plan: Plan, telling: Telling) -> Iterator[str]:
    free = [each.lever for each in plan.levers if each.lever.direction and each.lever.origin is Origin.ASSUMED]
    if free:
        yield telling.say("back.assumed", drivers=joined((telling.label(lever.metric) for lever in free), telling))
    below = [telling.label(lever.metric) for lever in free if lever.start < 0]
    if below:
        yield telling.say("back.assumed_below", drivers=joined(below, telling))
    for lever in (each.lever for each in plan.levers):
        start, driver = value_text(lever.start, lever.meaning, telling), telling.label(lever.metric)
        if lever.beyond:
            limit = level_text(lever.limit, lever.meaning, telling)
            yield telling.say("back.beyond", driver=driver, start=start, limit=limit)
        if lever.floor is not None:
            floor = level_text(lever.floor, lever.meaning, telling)
            yield telling.say("back.outside", driver=driver, start=start, limit=floor)
