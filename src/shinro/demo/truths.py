"""What is planted in the made-up company, so that whoever looks for it can be judged."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from shinro.periods import add_months

MONTHS = 18
FELL_CHANNEL, FELL_BY = "exhibition", 0.45
HELPED_TEAM, HELPED_BY = "east", 1.45
PUSH_DAYS = 14


@dataclass(frozen=True, slots=True)
class Truths:
    """The days on which something happened, counted back from the last day of the data."""

    last: date

    @property
    def first(self) -> date:
        """The first day of the data: 18 months, the running one among them."""
        return add_months(self.last.replace(day=1), 1 - MONTHS)

    @property
    def starts(self) -> date:
        """The story's start: seven months before the running month."""
        return add_months(self.last.replace(day=1), -7)

    @property
    def fell(self) -> date:
        """From this first of a month on, leads of one channel answer less than half as often."""
        return add_months(self.last.replace(day=1), -2)

    @property
    def helped(self) -> date:
        """The new talk script of one team: more of its answers become meetings from here on."""
        return _monday(add_months(self.starts, 2))

    @property
    def idle(self) -> date:
        """The new mail subjects: nothing changes."""
        return _monday(add_months(self.starts, 3))

    @property
    def fair(self) -> date:
        """The exhibition: the mailing list jumps for a fortnight, and nothing else."""
        return _monday(add_months(self.starts, 5)) + timedelta(days=2)

    @property
    def push(self) -> date:
        """For a fortnight every call is made twice."""
        return _monday(add_months(self.starts, 4))

    @property
    def rush(self) -> tuple[date, date]:
        """The last month before the first milestone: a partner's list is met all at once, and never again."""
        due = add_months(self.starts, 3)
        return add_months(due, -1), due

    def as_json(self) -> dict[str, object]:
        """What is planted, in words and days."""
        begun, due = self.rush
        return {
            "last_day": self.last.isoformat(),
            "reply_rate_fell": {"channel": FELL_CHANNEL, "from": self.fell.isoformat(), "times": FELL_BY},
            "initiative_that_worked": {
                "name": "トークスクリプト改訂",
                "metric": "appointment_rate",
                "team": HELPED_TEAM,
                "from": self.helped.isoformat(),
                "times": HELPED_BY,
            },
            "initiative_that_did_not": {
                "name": "メール件名の変更",
                "metric": "reply_rate",
                "from": self.idle.isoformat(),
            },
            "vanity_only": {"name": "展示会出展", "metric": "list_total", "on": self.fair.isoformat()},
            "only_rises": "list_total",
            "looks_reached": {
                "milestone": "m3",
                "metric": "qualified_leads",
                "from": begun.isoformat(),
                "to": due.isoformat(),
            },
            "doubled_calls": {"from": self.push.isoformat(), "days": PUSH_DAYS, "misleads": "appointment_rate"},
        }


def _monday(day: date) -> date:
    return day + timedelta(days=-day.weekday() % 7)
