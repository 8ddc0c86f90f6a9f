"""What a plan rests on, each in a sentence."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from shinro.definitions.meaning import meaning_of, meanings
from shinro.findings.plans import Assumption, Origin, Plan
from shinro.reports.goalposts import moved_goalposts
from shinro.reports.numbers import grouped, money
from shinro.reports.plan_words import joined, level_text, period_text, value_text
from shinro.reports.readings import Telling

TENTH = Fraction(1, 10)  # of one thing: what is less is told for more of them


def notes(plan: Plan, telling: Telling) -> Iterator[str]:
    """What a plan rests on: where it starts, what it assumes, what it leaves out."""
    yield telling.say("back.base", base=period_text(plan.base, plan, telling))
    for last in sorted(set(plan.earlier.values()), reverse=True):
        late = joined((telling.label(driver) for driver, end in plan.earlier.items() if end == last), telling)
        yield telling.say("back.earlier", drivers=late, when=period_text(last, plan, telling))
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
        said = {"from": telling.label(each.from_), "to": telling.label(each.to)}
        lag = telling.words.plural(f"length.{plan.grain.value}", each.lag)
        status = telling.say(f"back.status.{each.status}")
        key, words = _rate_words(each, telling)
        yield telling.say(key, **said, **words, lag=lag, status=status)


def _rate_words(each: Assumption, telling: Telling) -> tuple[str, dict[str, str]]:
    """How much follows how much, for an amount at which it has digits: for one, for 1,000, for ¥100K."""
    from_, to = (meaning_of(metric, meanings(telling.project)).currency for metric in (each.from_, each.to))
    least = Fraction(100) if from_ and to else Fraction(1)
    amount = 1
    while (from_ or abs(each.rate) < TENTH) and abs(each.rate) * amount < least:
        amount *= 10
    followed = each.rate * amount
    rate = money(followed, to, telling.lang) if to else grouped(followed, 2)
    if from_:
        return "back.bridge_money", {"rate": rate, "amount": money(Fraction(amount), from_, telling.lang)}
    if amount > 1:
        return "back.bridge_many", {"rate": rate, "amount": grouped(Fraction(amount), 0)}
    return "back.bridge", {"rate": rate}


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
