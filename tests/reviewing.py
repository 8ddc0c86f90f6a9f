"""A small company that meets every week: its project, its numbers, and reviews held in its folder."""

from __future__ import annotations

from atexit import register
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cache
from pathlib import Path
from shutil import copy2, copytree, rmtree
from tempfile import mkdtemp

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from shinro.analysis.measured import Bearings
from shinro.analysis.review_blanks import blanks
from shinro.analysis.review_words import Asked, Raw
from shinro.entries import Entry
from shinro.findings.reviews import Review, Taken
from shinro.periods import Grain
from shinro.problems import Place
from shinro.record.book import read
from shinro.record.keys import Writer
from shinro.reports.pasted import pasted
from shinro.reports.readings import Telling
from shinro.reports.review import review_document
from shinro.reports.review_form import form_text
from shinro.reports.words import words
from shinro.run.add import Changed
from shinro.run.gathering import Moment, gathering
from shinro.run.opening import open_project
from shinro.run.review import review_with
from shinro.run.reviewing import Kept, asked_of, change_project, keep, taken_from

MONDAY = date(2026, 1, 5)
FIRST, SECOND, THIRD = date(2026, 5, 4), date(2026, 5, 11), date(2026, 5, 18)  # Mondays
NOW = datetime(2026, 5, 20, 3, tzinfo=UTC)
STORY = """\
company: Aozora
languages: [en, ja]
story: {starts: 2026-01-01}
sources: {crm: {type: files, path: data/*.csv}}
tables:
  events: {from: crm.events, key: id, time: day}
metrics:
  calls: {label: {ja: コール数, en: Calls}, sum: events.n, where: kind = 'call'}
  replies: {label: {ja: 返信数, en: Replies}, sum: events.n, where: kind = 'reply'}
  meetings: {label: {ja: 商談数, en: Meetings}, sum: events.n, where: kind = 'meeting'}
  won: {label: {ja: 受注数, en: Won}, sum: events.n, where: kind = 'won'}
  reply_rate: {label: {ja: 返信率, en: Reply rate}, ratio: replies / calls}
  meeting_rate: {label: {ja: アポ獲得率, en: Meeting rate}, ratio: meetings / replies}
  win_rate: {label: {ja: 受注率, en: Win rate}, ratio: won / meetings}
north_star: {metric: meetings, guardrail: win_rate}
tree: {meetings: calls * reply_rate * meeting_rate}
departments:
  sales: {label: {ja: 営業, en: Sales}, owns: [calls, reply_rate]}
kpis:
  calls: {owner: Sato, cadence: weekly, focus: true}
  reply_rate: {owner: Suzuki, cadence: weekly, focus: true}
  win_rate: {owner: Tanaka, cadence: weekly}
targets:
  calls: 100 per week
  reply_rate: 20%
milestones:
  - id: m3
    by: +3 months
    reach: [meetings >= 60 per month]
"""
AHEAD = """\
  - id: m9
    by: +9 months
    reach: [meetings >= 100 per month]
initiatives:
  - {name: New script, on: 2026-03-02, moves: reply_rate, expect: +2pt in 1 month, owner: Suzuki}
"""


def events(reply: float = 0.15, calls: int = 100, weeks: int = 20, won: int = 2) -> str:
    """A row a week and a kind: so many calls, the share of them that is answered, half of which are meetings."""
    lines, n = ["id,day,kind,n"], 0
    for week in range(weeks):
        counts = {"call": calls, "reply": round(calls * reply), "meeting": round(calls * reply / 2), "won": won}
        for kind, count in counts.items():
            n += 1
            lines.append(f"{n},{MONDAY + timedelta(days=7 * week)},{kind},{count}")
    return "\n".join(lines) + "\n"


@dataclass(frozen=True)
class Office:
    """The company's folder, and who keeps its record."""

    folder: Path
    writer: Writer

    def text(self) -> str:
        return (self.folder / "shinro.yaml").read_text("utf-8")

    def review(self, day: date, grain: Grain = Grain.WEEK) -> Review:
        return self.meeting(day, grain).found

    def meeting(self, day: date, grain: Grain = Grain.WEEK) -> Meeting:
        with gathering(open_project(self.folder), Moment(NOW, day, {})) as gathered:
            bearings, found = review_with(gathered, grain)
            return Meeting(self, bearings, found, asked_of(gathered, found))

    def entries(self) -> tuple[Entry, ...]:
        return read(self.folder / ".shinro" / "record")


@dataclass(frozen=True)
class Meeting:
    """One review of the company, and what can be done with it."""

    office: Office
    bearings: Bearings
    found: Review
    asked: Asked

    def taken(self, answers: Mapping[str, str]) -> Taken:
        raws = {name: Raw(text, Place("review.md", 1, 1)) for name, text in answers.items()}
        return taken_from(self.found, raws, self.asked)

    def keep(self, answers: Mapping[str, str]) -> Kept:
        return keep(open_project(self.office.folder), self.found, self.taken(answers), self.office.writer, NOW)

    def change(self, answers: Mapping[str, str]) -> Changed | None:
        opened = open_project(self.office.folder)
        return change_project(self.bearings, opened, self.taken(answers), NOW.date())

    def telling(self, lang: str = "en") -> Telling:
        return Telling(words(lang), open_project(self.office.folder).project)

    def form(self, answers: Mapping[str, str], lang: str = "en") -> str:
        return form_text(self.found, blanks(self.found, answers), answers, self.telling(lang))

    def told(self, answers: Mapping[str, str] | None = None, lang: str = "en") -> str:
        taken = None if answers is None else self.taken(answers)
        return pasted(review_document(self.found, self.telling(lang), taken))


def office(folder: Path, text: str = STORY, rows: str = "") -> Office:
    """The company in a folder, its numbers measured already where that was done in another one."""
    copytree(_measured(text, rows or events()), folder, copy_function=copy2)
    return Office(folder, Writer("Ann", (Ed25519PrivateKey.generate(),)))


@cache
def _measured(text: str, rows: str) -> Path:
    folder = Path(mkdtemp()) / "aozora"
    rmtree_at_exit(folder.parent)
    (folder / "data").mkdir(parents=True)
    (folder / "shinro.yaml").write_text(text, "utf-8")
    (folder / "data" / "events.csv").write_text(rows, "utf-8")
    made = Office(folder, Writer("Ann", ()))
    for day in (FIRST, SECOND, THIRD):
        made.review(day)
    return folder


def rmtree_at_exit(folder: Path) -> None:
    register(rmtree, folder, ignore_errors=True)
