"""A project that publishes: its record, written with a key of the tests."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime
from fractions import Fraction
from pathlib import Path

from recording import a_writer
from shinro.entries import Entry, histories
from shinro.findings.drift import Recheck
from shinro.record.book import read
from shinro.run.opening import open_project
from shinro.run.publishing import Offer, Published, book_of, offer, publish
from shinro.run.rechecking import recheck
from shinro.run.restating import asked_for, restate
from stories import DEALS, Story, story

STORY = """\
company: A
currency: JPY
timezone: Asia/Tokyo
languages: [en]
sources: {crm: {type: files, path: data/*.csv}}
tables:
  deals: {from: crm.deals, key: id, time: opened, times: {closed: closed}, dimensions: [rep, owner, stage]}
metrics:
  won: {count: deals, at: closed, where: stage = 'won'}
  closed: {count: deals, at: closed, where: stage != 'open'}
  win_rate: {ratio: won / closed}
  worth: {sum: deals.amount, at: closed, where: stage = 'won'}
north_star: {metric: won, outcomes: [worth]}
tree: {won: closed * win_rate}
influences: [{from: won, to: worth}]
kpis: {win_rate: {owner: Ann, cadence: monthly, focus: true}}
"""
GOALS = """\
story: {starts: 2026-04-01}
milestones: [{id: m3, by: 2026-06-30, reach: [won >= 3 per month]}]
targets: {won: {per: month, level: 2}}
"""
EDITED = DEALS.replace("d2,Ann,Bob,2026-04-01,2026-04-20,lost", "d2,Ann,Bob,2026-04-01,2026-04-20,won")
LATER = f"{DEALS}d5,Ann,Bob,2026-07-05,,open,7\n"
AS_OF = date(2026, 5, 11)


def a_project(folder: Path, text: str = STORY + GOALS, **files: str) -> Story:
    return story(folder, text, **files)


def offered(made: Story, as_of: date = AS_OF, *, since: date | None = None, weekly: bool = False) -> Offer:
    with made.gathered(as_of) as found:
        return offer(found, since, weekly=weekly)


def published(made: Story, as_of: date = AS_OF, now: datetime | None = None) -> Published:
    found = offered(made, as_of)
    return publish(open_project(made.folder), found, a_writer(), now or made.now)


def restated(made: Story, metric: str, period: str, reason: str = "d2 was won", as_of: date = AS_OF) -> Published:
    with made.gathered(as_of) as gathered:
        found = asked_for(gathered, metric, period)
    return restate(open_project(made.folder), found, reason, a_writer(), made.now)


def rechecked(made: Story, as_of: date = AS_OF, *metrics: str) -> Recheck:
    with made.gathered(as_of) as gathered:
        return recheck(gathered, entries(made), metrics)


def drifts(made: Story, as_of: date = AS_OF) -> dict[str, list[str]]:
    """Metric and month -> the drifts, of those that drifted."""
    found = rechecked(made, as_of).drifted
    return {_name(each.entry): [drift.value for drift in each.drifts] for each in found}


def entries(made: Story) -> tuple[Entry, ...]:
    return read(book_of(open_project(made.folder)))


def values(made: Story) -> Mapping[str, list[Fraction | None]]:
    """Metric and month -> every value that ever stood there, oldest first."""
    return {
        f"{metric} {period.start:%Y-%m}": [each.draft.figure.value for each in forms if each.draft.figure]
        for (metric, _, period, _), forms in histories(entries(made)).items()
    }


def _name(entry: Entry) -> str:
    assert entry.draft.period
    return f"{entry.draft.subject} {entry.draft.period.start:%Y-%m}"


def later(made: Story, now: datetime) -> Story:
    return replace(made, now=now)
