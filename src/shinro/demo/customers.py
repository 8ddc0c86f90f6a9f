"""Customers: a held meeting opens a deal, a won deal a subscription, some end; and a mailing list that only grows."""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from shinro.demo.people import PLAN_SHARES, PLANS
from shinro.demo.selling import Contact, Days
from shinro.demo.truths import Truths
from shinro.periods import add_months

WON = 0.24
CHURN = 0.028  # of a month's customers
FAIR = 1_400  # names that the exhibition brings to the mailing list


@dataclass(frozen=True, slots=True)
class Deal:
    """One deal, open while it has no closing day."""

    id: str
    lead: str
    rep: str
    opened: date
    proposed: date | None
    closed: date | None
    stage: str
    plan: str
    seats: int

    @property
    def amount(self) -> int:
        """Yen a month."""
        return PLANS[self.plan] * self.seats

    @property
    def row(self) -> tuple[object, ...]:
        """As the CRM exports it."""
        days = (self.opened, self.proposed or "", self.closed or "")
        return (self.id, self.lead, self.rep, *days, self.stage, self.plan, self.amount)


def deals(chance: random.Random, days: Days, met: Iterable[Contact]) -> Iterator[Deal]:
    """A deal for every held meeting: proposed in a week or two, closed three to ten weeks after the meeting."""
    last = days.days[-1]
    for number, (lead, moment, _, rep, _, _) in enumerate(met, 1):
        opened = moment.date()
        proposed = days.after(opened + timedelta(days=chance.randrange(4, 15)))
        closed = days.after(opened + timedelta(days=chance.randrange(21, 70)))
        stage = "open" if closed is None or closed > last else "won" if chance.random() < WON else "lost"
        plan = chance.choices(tuple(PLANS), PLAN_SHARES)[0]
        closing = closed if stage != "open" else None
        yield Deal(f"D{number:05d}", lead, rep, opened, proposed, closing, stage, plan, chance.choice((1, 1, 2, 3, 5)))


def subscriptions(chance: random.Random, last: date, won: Iterable[Deal]) -> Iterator[tuple[object, ...]]:
    """A subscription for every won deal, one to three weeks later; it ends at the end of one of its months, or not."""
    for number, deal in enumerate(won, 1):
        assert deal.closed is not None  # noqa: S101 - a won deal is closed
        starts = deal.closed + timedelta(days=chance.randrange(7, 22))
        months = 0
        while chance.random() >= CHURN and add_months(starts, months + 1) <= last:
            months += 1
        ends = add_months(starts, months + 1)
        if starts <= last:
            yield (f"S{number:05d}", deal.lead, deal.plan, deal.amount, starts, "" if ends > last else ends)


def registrations(chance: random.Random, days: Days, truths: Truths, size: float) -> Iterator[tuple[object, ...]]:
    """The mailing list: names come every day and never go; the exhibition brings a heap of them."""
    number = 0
    for day in days.days:
        at_fair = 0 <= (day - truths.fair).days < 10  # noqa: PLR2004 - the fortnight in which its cards are typed in
        for _ in range(round(size * (chance.randrange(8, 20) + (FAIR / 8 if at_fair else 0)))):
            number += 1
            yield (f"M{number:06d}", day, "exhibition" if at_fair and chance.random() < 0.9 else "web")  # noqa: PLR2004 - nearly all
