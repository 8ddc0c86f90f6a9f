"""Aozora Cloud, a made-up company: a year of inside sales as CRM exports, the same rows for the same seed and last day.

Planted truth: in the last eleven weeks, leads of the exhibition channel answer calls half as often.
"""

from __future__ import annotations

import csv
import io
import random
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from importlib.resources import files
from types import MappingProxyType

from shinro.periods import add_months

SEED = 20260401
LAST = date(2026, 6, 19)
FALL = 79  # days before the last
CHANNELS = ("web", "exhibition", "referral")
REPS = ("佐藤", "田中", "鈴木")
REACHED = {"web": 0.11, "exhibition": 0.10, "referral": 0.18}
MEETS = {"web": 0.32, "exhibition": 0.30, "referral": 0.42}


Contact = tuple[str, str, datetime, str, str, str]  # lead, rep, moment, channel, kind, outcome


@dataclass(frozen=True, slots=True)
class Lead:
    """One company that left its name."""

    number: int
    born: date
    channel: str
    rep: str

    @property
    def id(self) -> str:
        """Its key in the CRM."""
        return f"L{self.number:05d}"


@dataclass(frozen=True, slots=True)
class Span:
    """The days of the made-up year."""

    last: date

    @property
    def first(self) -> date:
        """The first day of the data."""
        return add_months(self.last.replace(day=1), -11)

    @property
    def fall(self) -> date:
        """From this day on the exhibition's leads answer half as often."""
        return self.last - timedelta(days=FALL)


def exports(last: date = LAST, seed: int = SEED) -> Mapping[str, str]:
    """File name -> text of the CRM's exports and of the project file, up to a last day. Cost: about 8,500 rows."""
    chance, span = random.Random(seed), Span(last)  # noqa: S311 - a made-up company, not a secret
    leads = list(_leads(chance, span))
    contacts = sorted(_contacts(chance, span, leads), key=lambda row: (row[2], row[1]))
    deals = list(_deals(chance, span, contacts))
    numbered = [(f"A{n:06d}", *row) for n, row in enumerate(contacts, 1)]
    return MappingProxyType({
        "shinro.yaml": _project(last),
        "data/leads.csv": _csv("lead_id,created_on,channel", ((lead.id, lead.born, lead.channel) for lead in leads)),
        "data/contacts.csv": _csv("activity_id,lead_id,occurred_at,rep,channel,kind,outcome", map(_contact, numbered)),
        "data/deals.csv": _csv("deal_id,lead_id,rep,opened_on,closed_on,stage,amount", deals),
    })  # fmt: skip


def _project(last: date) -> str:
    """The project file, its story begun five and a half months before the last day."""
    starts = add_months(last.replace(day=1), -5)
    days = {
        "starts": starts,
        "confirmed": starts + timedelta(days=4),
        "half": add_months(starts, 6),
        "end": add_months(starts, 12),
        "script": last - timedelta(days=39),
    }
    text = (files("shinro.demo") / "shinro.yaml").read_text("utf-8")
    for name, day in days.items():
        text = text.replace(f"<{name}>", day.isoformat())
    return text


def _leads(chance: random.Random, span: Span) -> Iterator[Lead]:
    number = 0
    for day in _working_days(span):
        growth = 1 + (day - span.first).days / 500
        for _ in range(_poisson(chance, 5 * growth)):
            number += 1
            channel = chance.choices(CHANNELS, (5, 3, 2))[0]
            yield Lead(number, day, channel, chance.choice(REPS))


def _working_days(span: Span) -> Iterator[date]:
    for n in range((span.last - span.first).days + 1):
        day = span.first + timedelta(days=n)
        if day.weekday() < 5:  # noqa: PLR2004 - Saturday
            yield day


def _poisson(chance: random.Random, mean: float) -> int:
    count, left = 0, chance.expovariate(1)
    while left < mean:
        count, left = count + 1, left + chance.expovariate(1)
    return count


def _contacts(chance: random.Random, span: Span, leads: Iterable[Lead]) -> Iterator[Contact]:
    """Calls until a lead answers or is given up; an answer may become a meeting about a week later."""
    for lead in leads:
        day = lead.born
        for _ in range(chance.randint(3, 7)):
            day = _next_working(day + timedelta(days=chance.randint(1, 4)))
            if day > span.last:
                break
            reached = chance.random() < _reached(lead, day, span)
            yield _row(chance, lead, day, "call", "reached" if reached else "none")
            if reached:
                yield from _meeting(chance, span, lead, day)
                break


def _reached(lead: Lead, day: date, span: Span) -> float:
    fallen = lead.channel == "exhibition" and day >= span.fall
    return REACHED[lead.channel] * (0.5 if fallen else 1)


def _meeting(chance: random.Random, span: Span, lead: Lead, day: date) -> Iterator[Contact]:
    held = _next_working(day + timedelta(days=chance.randint(3, 12)))
    if chance.random() < MEETS[lead.channel] and held <= span.last:
        yield _row(chance, lead, held, "meeting", "held" if chance.random() < 0.9 else "cancelled")  # noqa: PLR2004


def _row(chance: random.Random, lead: Lead, day: date, kind: str, outcome: str) -> Contact:
    moment = datetime.combine(day, time(9 + chance.randrange(9), chance.randrange(60)))
    return (lead.id, lead.rep, moment, lead.channel, kind, outcome)


def _contact(row: tuple[str, str, str, datetime, str, str, str]) -> tuple[object, ...]:
    number, lead, rep, moment, channel, kind, outcome = row
    return (number, lead, f"{moment:%Y-%m-%d %H:%M}", rep, channel, kind, outcome)


def _next_working(day: date) -> date:
    while day.weekday() >= 5:  # noqa: PLR2004 - Saturday
        day += timedelta(days=1)
    return day


def _deals(chance: random.Random, span: Span, contacts: Iterable[Contact]) -> Iterator[tuple[object, ...]]:
    """Every held meeting opens a deal; it closes weeks later, or is still open."""
    number = 0
    for lead, rep, moment, _, kind, outcome in contacts:
        if (kind, outcome) != ("meeting", "held"):
            continue
        number += 1
        closed = _next_working(moment.date() + timedelta(days=chance.randint(20, 75)))
        stage = "won" if chance.random() < 0.28 else "lost"  # noqa: PLR2004 - the planted win rate
        amount = chance.choice((240_000, 360_000, 600_000, 960_000))
        is_open = closed > span.last
        yield (
            f"D{number:04d}",
            lead,
            rep,
            moment.date(),
            "" if is_open else closed,
            "open" if is_open else stage,
            amount,
        )


def _csv(header: str, rows: Iterable[Iterable[object]]) -> str:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(header.split(","))
    writer.writerows(rows)
    return text.getvalue()
