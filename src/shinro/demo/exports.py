"""Aozora Cloud, a made-up company: 18 months of inside sales that feed subscriptions, as its systems would export them.

The same rows for the same seed, last day and size. What is planted in them stands in `truths.json`.
"""

from __future__ import annotations

import csv
import io
import json
import random
from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from importlib.resources import files
from types import MappingProxyType

from shinro.demo.customers import deals, registrations, subscriptions
from shinro.demo.people import TEAMS
from shinro.demo.selling import Days, contacts, leads, rush
from shinro.demo.truths import Truths
from shinro.periods import Calendar, add_months
from shinro.workdays import days_off

SEED = 20260401
LAST = date(2026, 6, 19)
HELD = ("meeting", "held")


def exports(last: date = LAST, seed: int = SEED, size: float = 1.0) -> Mapping[str, str]:
    """File name -> text: CSV exports, the project file, the planted truths.

    `size` 1 is about 300,000 rows; a smaller one makes fewer of the same. Cost: linear, about 3 s of CPU at size 1.
    """
    chance, truths = random.Random(seed), Truths(last)  # noqa: S311 - a made-up company, not a secret
    days = working_days(truths)
    born = list(leads(chance, days, size))
    called = [*contacts(chance, days, truths, born), *rush(chance, days, truths, born, size)]
    called.sort(key=lambda row: (row[1], row[0]))
    met = [row for row in called if row[4:] == HELD]
    sold = list(deals(chance, days, met))
    paying = subscriptions(chance, last, sorted((deal for deal in sold if deal.stage == "won"), key=lambda d: d.id))
    listed = registrations(chance, days, truths, size)
    return MappingProxyType(
        {
            "data/leads.csv": table(
                "lead_id,company,created_on,channel", ((one.id, one.company, one.born, one.channel) for one in born)
            ),
            "data/contacts.csv": table(
                "activity_id,lead_id,occurred_at,channel,rep,kind,outcome",
                ((f"A{n:07d}", a, f"{m:%Y-%m-%d %H:%M}", *rest) for n, (a, m, *rest) in enumerate(called, 1)),
            ),
            "data/reps.csv": table("rep,team", TEAMS.items()),
            "data/deals.csv": table(
                "deal_id,lead_id,rep,opened_on,proposed_on,closed_on,stage,plan,amount",
                (deal.row for deal in sold),
            ),
            "data/subscriptions.csv": table("subscription_id,company_id,plan,amount,started_on,ended_on", paying),
            "data/registrations.csv": table("member_id,registered_on,channel", listed),
            "truths.json": json.dumps(truths.as_json(), ensure_ascii=False, indent=2) + "\n",
            "shinro.yaml": project(truths),
        }
    )


def working_days(truths: Truths) -> Days:
    """Weekdays that are no public holiday in Japan."""
    calendar = Calendar(days_off=days_off("JP", truths.first, truths.last) or frozenset())
    all_days = (truths.first + timedelta(days=n) for n in range((truths.last - truths.first).days + 1))
    return Days(tuple(day for day in all_days if calendar.is_working(day)))


def project(truths: Truths) -> str:
    """The project file, its days filled in."""
    days = {
        "starts": truths.starts,
        "confirmed": truths.starts + timedelta(days=4),
        "half": add_months(truths.starts, 6),
        "end": add_months(truths.starts, 12),
        "helped": truths.helped,
        "idle": truths.idle,
        "fair": truths.fair,
    }
    text = (files("shinro.demo") / "shinro.yaml").read_text("utf-8")
    for name, day in days.items():
        text = text.replace(f"<{name}>", day.isoformat())
    return text


def table(header: str, rows: Iterable[Iterable[object]]) -> str:
    """Rows as CSV."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(header.split(","))
    writer.writerows(rows)
    return text.getvalue()
