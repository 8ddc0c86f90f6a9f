"""Initiatives as readers are told them: when, for which KPI, how far it should move, and where that KPI stands."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date

from shinro.definitions.people import Initiative
from shinro.definitions.phrases import Change
from shinro.definitions.values import Amount
from shinro.findings.readings import Reading
from shinro.reports.cards import badge
from shinro.reports.dates import day
from shinro.reports.numbers import level, money, signed
from shinro.reports.parts import Effort, Seen
from shinro.reports.readings import Telling
from shinro.series import Meaning
from shinro.units import CURRENCIES, decimal_text


def efforts(readings: Mapping[str, Reading], as_of: date, seen: Iterable[Seen], telling: Telling) -> tuple[Effort, ...]:
    """All initiatives in the order of their first days, with what was seen of their effects."""
    effects = {each.name: each.verdict for each in seen}
    found = sorted(telling.project.initiatives, key=lambda each: each.first or date.max)
    return tuple(_effort(each, readings, as_of, effects.get(str(each.name), ""), telling) for each in found)


def under_way(reading: Reading, as_of: date, telling: Telling) -> list[str]:
    """The initiatives that should move a metric and are not over, each with what is expected of it."""
    every = telling.project.initiatives
    mine = [each for each in every if str(each.moves) == reading.metric and phase(each, as_of) != "ended"]
    return [_named(each, reading, telling) for each in mine]


def phase(initiative: Initiative, as_of: date) -> str:
    """`planned`, `running` or `ended` on a day."""
    last = initiative.ends or initiative.on
    if initiative.first and as_of < initiative.first:
        return "planned"
    return "ended" if last and last < as_of else "running"


def _named(initiative: Initiative, reading: Reading, telling: Telling) -> str:
    expect = expected_text(initiative, reading.meaning, telling)
    return telling.say("story.expecting", name=initiative.name, expect=expect) if expect else str(initiative.name)


def _effort(
    initiative: Initiative, readings: Mapping[str, Reading], as_of: date, effect: str, telling: Telling
) -> Effort:
    metric = str(initiative.moves) if initiative.moves else ""
    reading = readings.get(metric)
    return Effort(
        name=str(initiative.name),
        when=_when(initiative, telling),
        phase=telling.say(f"story.{phase(initiative, as_of)}"),
        moves=telling.label(metric) if metric else "",
        expect=expected_text(initiative, reading.meaning if reading else None, telling),
        owner=str(initiative.owner or ""),
        cost=_cost(initiative.cost, telling) if initiative.cost else "",
        effect=effect,
        verdict=str(initiative.verdict or ""),
        badge=badge(reading.state, telling) if reading and reading.state else None,
    )


def _when(initiative: Initiative, telling: Telling) -> str:
    first, last = initiative.first, initiative.ends
    if first is None:
        return ""
    if last:
        return telling.say("story.span", first=day(first, telling.lang), last=day(last, telling.lang))
    return day(first, telling.lang) if initiative.on else telling.say("story.from", day=day(first, telling.lang))


def expected_text(initiative: Initiative, meaning: Meaning | None, telling: Telling) -> str:
    """How far it should move its KPI, and in what time; nothing where nobody says."""
    if initiative.expect is None:
        return ""
    change = initiative.expect.change
    text = _change(change, meaning, telling.lang)
    if change.within is None:
        return text
    length = telling.words.plural(f"length.{change.within.unit}", change.within.amount)
    return telling.say("story.within", change=text, length=length)


def _change(change: Change, meaning: Meaning | None, lang: str) -> str:
    value = change.value.value
    match change.kind:
        case "points":
            return signed(value * 100, "pt")
        case "relative":
            return signed(value * 100, "%")
        case "times":
            return f"×{decimal_text(value)}"
    sign = "" if value < 0 else "+"
    return f"{sign}{level(value, meaning, lang) if meaning else decimal_text(value)}"


def _cost(cost: Amount, telling: Telling) -> str:
    number = cost.level.number
    currency = number.unit if number.unit in CURRENCIES else telling.project.currency
    return money(number.value, str(currency), telling.lang) if currency else str(cost.text)
