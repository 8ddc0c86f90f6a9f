"""Selling: leads come in, are called for weeks, answer or not, meet or not."""

from __future__ import annotations

import random
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from shinro.demo.people import CHANNEL_SHARES, CHANNELS, REPS, TEAMS, company_name
from shinro.demo.truths import FELL_BY, FELL_CHANNEL, HELPED_BY, HELPED_TEAM, PUSH_DAYS, Truths

REACHED = {"web": 0.034, "exhibition": 0.036, "referral": 0.062, "partner": 0.044}
MEETS = {"web": 0.30, "exhibition": 0.28, "referral": 0.42, "partner": 0.33}
HELD = 0.88
CALLS = 14  # at most, over about two months
RUSH = 26  # meetings of the partner's list
Contact = tuple[str, datetime, str, str, str, str]  # lead, moment, channel, rep, kind, outcome


@dataclass(frozen=True, slots=True)
class Lead:
    """A company that left its name."""

    id: str
    company: str
    born: date
    channel: str
    rep: str


@dataclass(frozen=True, slots=True)
class Days:
    """The working days of the made-up company, in order."""

    days: tuple[date, ...]

    def after(self, day: date) -> date | None:
        """The first working day not before a day; None after the last."""
        at = bisect_left(self.days, day)
        return self.days[at] if at < len(self.days) else None


def leads(chance: random.Random, days: Days, size: float) -> Iterator[Lead]:
    """Leads of every working day, slowly more of them; the exhibition brings no more than other days."""
    number, first = 0, days.days[0]
    for day in days.days:
        mean = 58 * size * (1 + (day - first).days / 900)
        for _ in range(_poisson(chance, mean)):
            number += 1
            channel = chance.choices(CHANNELS, CHANNEL_SHARES)[0]
            yield Lead(f"L{number:06d}", company_name(chance), day, channel, chance.choice(REPS))


def _poisson(chance: random.Random, mean: float) -> int:
    return max(0, round(chance.gauss(mean, mean**0.5))) if mean > 12 else _small(chance, mean)  # noqa: PLR2004 - many


def _small(chance: random.Random, mean: float) -> int:
    count, left = 0, chance.expovariate(1)
    while left < mean:
        count, left = count + 1, left + chance.expovariate(1)
    return count


def contacts(chance: random.Random, days: Days, truths: Truths, found: list[Lead]) -> Iterator[Contact]:
    """Calls until a lead answers or is given up; an answer may become a meeting one to three weeks later."""
    for lead in found:
        day: date | None = lead.born
        for _ in range(chance.randrange(6, CALLS)):
            day = days.after(day + timedelta(days=chance.randrange(1, 7))) if day else None
            if day is None:
                break
            if _called(chance, truths, lead, day):
                yield _contact(chance, lead, day, "call", "reached")
                yield from _meeting(chance, days, truths, lead, day)
                break
            yield _contact(chance, lead, day, "call", "none")
            if _pushed(truths, day):
                yield _contact(chance, lead, day, "call", "none")


def _called(chance: random.Random, truths: Truths, lead: Lead, day: date) -> bool:
    share = REACHED[lead.channel]
    if lead.channel == FELL_CHANNEL and day >= truths.fell:
        share *= FELL_BY
    if _pushed(truths, day):
        share *= 2
    return chance.random() < share


def _pushed(truths: Truths, day: date) -> bool:
    return 0 <= (day - truths.push).days < PUSH_DAYS


def _meeting(chance: random.Random, days: Days, truths: Truths, lead: Lead, day: date) -> Iterator[Contact]:
    share = MEETS[lead.channel]
    if TEAMS[lead.rep] == HELPED_TEAM and day >= truths.helped:
        share *= HELPED_BY
    if chance.random() >= share:
        return
    held = days.after(day + timedelta(days=chance.randrange(7, 22)))
    if held:
        yield _contact(chance, lead, held, "meeting", "held" if chance.random() < HELD else "cancelled")


def rush(chance: random.Random, days: Days, truths: Truths, found: list[Lead], size: float) -> Iterator[Contact]:
    """The meetings of the partner's list, all in the last fortnight before the first milestone."""
    _, due = truths.rush
    partners = [lead for lead in found if lead.channel == "partner" and lead.born < due - timedelta(days=30)]
    fortnight = [day for day in days.days if due - timedelta(days=14) <= day < due]
    for lead in chance.sample(partners, min(len(partners), round(RUSH * size))):
        yield _contact(chance, lead, chance.choice(fortnight), "meeting", "held")


def _contact(chance: random.Random, lead: Lead, day: date, kind: str, outcome: str) -> Contact:
    moment = datetime(day.year, day.month, day.day, 9 + chance.randrange(9), chance.randrange(60))  # noqa: DTZ001 - as a CRM exports it
    return (lead.id, moment, lead.channel, lead.rep, kind, outcome)
