"""A worked year of the made-up company: its exports as they were on a day, and what is wrong in one of them.

CRM exports are current state. What had not happened yet is not in them; an open deal has no stage of later.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction

from shinro.demo.exports import LAST, SEED, exports, table
from shinro.demo.truths import Truths
from shinro.periods import add_months

SIZE = 0.2  # of the company of `shinro demo`: its targets and milestones are as much smaller
TWICE = 6  # won deals that were typed in twice before one of the publishings
LEVELS = re.compile(
    r"(?P<before>(?:qualified_leads|revenue\.companies|revenue\.mrr) >= |(?<=[ {])(?:from|to): |: (?=\d+ per week)"
    r"|at_most: (?=\d+ per month)|expect: \+(?=\d+ in))(?P<number>\d+(?:,\d{3})*)(?P<unit>万円)?(?![%\d])"
)
SAID = """\
    words: {ja: 商談の質を落とさずに、数を伸ばしてきました。, en: "More meetings, and none less worth holding."}
    asks: [{ja: 製造業の企業のご紹介, en: Introductions to manufacturers}]
    cohorts: [revenue]
"""
CLAIMED = """\
    claims:
      - {says: {ja: メルマガ登録者数が2倍に, en: The mailing list doubled}, kpi: list_total, starts: <from>, ends: <to>}
"""


@dataclass(frozen=True, slots=True)
class Year:
    """The whole of its files, and the days on which something was done with its record."""

    files: Mapping[str, str]
    last: date

    @property
    def told(self) -> Mapping[str, str]:
        """The files as they are in the end: with a claim that is not told."""
        end = self.last.replace(day=1)
        days = {"<from>": add_months(end, -12).isoformat(), "<to>": (end - timedelta(days=1)).isoformat()}
        claimed = re.sub("<from>|<to>", lambda found: days[found[0]], CLAIMED)
        return {**self.files, "shinro.yaml": self.files["shinro.yaml"] + claimed}

    @property
    def truths(self) -> Truths:
        """What is planted in it."""
        return Truths(self.last)

    @property
    def publishings(self) -> tuple[date, ...]:
        """The first when the story starts, then one on the first working day from the third of every month on."""
        starts = self.truths.starts
        months = [add_months(starts, n) for n in range(1, 8)]
        return (
            _working(starts),
            *(day for month in months if (day := _working(month + timedelta(days=2))) <= self.last),
        )

    @property
    def wrong(self) -> date:
        """The publishing whose export holds deals twice."""
        return self.publishings[4]

    @property
    def mended(self) -> date:
        """Two weeks later the CRM has been tidied."""
        return self.wrong + timedelta(days=14)

    def on(self, day: date) -> Mapping[str, str]:
        """The files as they were exported on a morning: all that had happened before that day."""
        found = {name: _cut(name, text, day) for name, text in self.files.items()}
        if day == self.wrong:
            found["data/deals.csv"] = _twice(found["data/deals.csv"], self.doubled)
        return found

    @property
    def doubled(self) -> date:
        """The first day of the month whose deals are counted twice in that export."""
        return add_months(self.wrong.replace(day=1), -1)


def _cut(name: str, text: str, day: date) -> str:
    """A file without what had not happened yet. No cell of the company's files holds a comma."""
    if name not in BORN:
        return text
    header, *rows = text.splitlines()
    names = header.split(",")
    born, until = names.index(BORN[name]), day.isoformat()
    kept = [row for row in rows if row.split(",", born + 1)[born] < until]
    later = [names.index(column) for column in LATER.get(name, ())]
    return "\n".join([header, *([_as_of(row, names, later, until) for row in kept] if later else kept)]) + "\n"


BORN = {
    "data/leads.csv": "created_on",
    "data/contacts.csv": "occurred_at",
    "data/deals.csv": "opened_on",
    "data/subscriptions.csv": "started_on",
    "data/registrations.csv": "registered_on",
}
LATER = {"data/deals.csv": ("proposed_on", "closed_on"), "data/subscriptions.csv": ("ended_on",)}


def _as_of(row: str, names: Sequence[str], later: Sequence[int], until: str) -> str:
    """A row as it stood on a morning: what came later is empty, and a deal that closed later is open."""
    cells = row.split(",")
    for at in later:
        if cells[at] >= until:
            cells[at] = ""
            if names[at] == "closed_on":
                cells[names.index("stage")] = "open"
    return ",".join(cells)


def _twice(text: str, month: date) -> str:
    """The deals of an export, the newest that were won in a month typed in twice."""
    header, *rows = csv.reader(io.StringIO(text))
    stage, closed = header.index("stage"), header.index("closed_on")
    won = sorted((row[closed], row) for row in rows if row[stage] == "won" and row[closed][:7] == f"{month:%Y-%m}")
    return table(",".join(header), [*rows, *([f"{row[0]}b", *row[1:]] for _, row in won[-TWICE:])])


def _working(day: date) -> date:
    """A weekday, that day or the next one."""
    return day + timedelta(days=max(7 - day.weekday(), 0) % 7 if day.weekday() >= 5 else 0)  # noqa: PLR2004 - Saturday


def year(last: date = LAST, seed: int = SEED) -> Year:
    """The company with a year behind it. Cost: linear, about a second of CPU."""
    files = dict(exports(last, seed, SIZE))
    files["shinro.yaml"] = _scaled(files["shinro.yaml"]).rstrip("\n") + "\n" + SAID
    return Year(files, last)


def _scaled(text: str) -> str:
    """The project, its targets and milestones as large as its data; the audience opened, so that more can be said."""
    opened = re.sub(
        r"  - \{audience: investors, (.*)\}\n",
        lambda found: (
            "  - audience: investors\n" + "".join(f"    {part}\n" for part in re.split(r", (?=\w+: )", found[1]))
        ),
        text,
    )
    return LEVELS.sub(_smaller, opened)


def _smaller(found: re.Match[str]) -> str:
    number = Fraction(found["number"].replace(",", "")) * Fraction(str(SIZE))
    return f"{found['before']}{round(number)}{found['unit'] or ''}"
