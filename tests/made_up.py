"""A made-up company for tests of analysis and reports: a story, and series that are built from daily numbers."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import date, timedelta
from fractions import Fraction

from shinro.analysis.measured import Bearings, Soundings
from shinro.definitions.meaning import meanings
from shinro.definitions.project import Project, read_project
from shinro.definitions.story import FileLevel
from shinro.periods import Calendar, Grain, Period
from shinro.series import Mark, Meaning, Nature, Point, Segment, Series
from shinro.workdays import with_holidays

Daily = Callable[[date], int]
FIRST = date(2025, 1, 1)

STORY = """
company: 青空クラウド
currency: JPY
timezone: Asia/Tokyo
fiscal_year_starts: april
holidays: JP
story: {starts: 2026-04-01}
sources:
  crm: {type: files, path: data/*.csv}
tables:
  leads: {from: crm.leads, key: lead_id, time: created_at, entity: lead_id, dimensions: [channel]}
  contacts: {from: crm.activities, key: activity_id, time: occurred_at, entity: lead_id, dimensions: [rep]}
  customers: {from: crm.customers, starts: started_on, ends: ended_on}
metrics:
  leads: {label: {ja: リード数, en: Leads}, count: leads}
  calls: {label: {ja: コール数, en: Calls}, count: contacts, where: kind = 'call', kind: activity}
  replies: {label: {ja: 返信数, en: Replies}, count: contacts, where: outcome = 'reached'}
  qualified_leads:
    label: {ja: 商談化リード数, en: Qualified leads}
    count_distinct: contacts.lead_id
    where: kind = 'meeting'
  reply_rate: {label: {ja: 返信率, en: Reply rate}, ratio: replies / calls, unit: "%"}
  companies: {label: {ja: 有料社数, en: Paying companies}, stock: customers, better: higher}
  churn_rate: {label: {ja: 解約率, en: Churn rate}, ratio: replies / leads, unit: "%", better: lower}
north_star: {metric: qualified_leads}
tree:
  qualified_leads: calls * reply_rate
departments:
  marketing: {label: マーケティング, owns: [leads]}
  inside_sales: {label: インサイドセールス, owns: [calls, reply_rate]}
kpis:
  leads: {owner: 田中, cadence: weekly, focus: true}
  calls: {owner: 佐藤, cadence: weekly}
  reply_rate: {owner: 佐藤, cadence: weekly, focus: true}
"""


def project_of(text: str) -> Project:
    """The project of a text that is right."""
    project, problems = read_project(text, "shinro.yaml")
    assert not problems, problems
    return project


def daily(working: int, otherwise: int = 0) -> Daily:
    """So many on Mondays to Fridays, so many on other days."""
    return lambda day: working if day.weekday() < 5 else otherwise


def points(
    cuts: Iterator[Period], nature: Nature, as_of: date, late: int, over: Daily, base: Daily | None
) -> Iterator[Point]:
    """Flows add up, stocks are read on the last day known, ratios divide; a period is complete past its end."""
    for period in cuts:
        days = [period.start + timedelta(days=n) for n in range(period.length)]
        known = [day for day in days if day <= as_of]
        mark = Mark.COMPLETE if as_of >= period.end + timedelta(days=late) else Mark.INCOMPLETE
        if nature is Nature.STOCK:
            on_the_day = Mark.COMPLETE if as_of >= period.last else mark
            yield Point(period, Fraction(over(known[-1])), on_the_day)
        elif base is None:
            yield Point(period, Fraction(sum(map(over, known))), mark)
        else:
            top, bottom = sum(map(over, known)), sum(map(base, known))
            value = Fraction(top, bottom) if bottom else None
            yield Point(period, value, mark, Fraction(top), Fraction(bottom))


def series(
    meaning: Meaning,
    grain: Grain,
    as_of: date,
    over: Daily,
    base: Daily | None = None,
    *,
    first: date = FIRST,
    late: int = 0,
    segment: Segment = (),
    calendar: Calendar = Calendar(fiscal_starts=4),  # noqa: B008 - a frozen value
) -> Series:
    """A series from daily numbers."""
    cuts = calendar.periods(first, as_of, grain)
    return Series(meaning, grain, tuple(points(cuts, meaning.nature, as_of, late, over, base)), as_of, segment=segment)


def bearings_of(
    text: str,
    as_of: date,
    numbers: Mapping[str, Daily | tuple[Daily, Daily]],
    *,
    segments: Mapping[tuple[str, str, str], Daily] | None = None,
    files: Mapping[str, tuple[FileLevel, ...]] | None = None,
    first: date = FIRST,
) -> Bearings:
    """The bearings of a story whose metrics have these daily numbers (a ratio's two parts), at every grain."""
    project = project_of(text)
    known = meanings(project)
    calendar = with_holidays(project.calendar, project.holidays, FIRST, date(2027, 12, 31))
    measured = {
        (metric, grain): series(known[metric], grain, as_of, *_parts(given), first=first, calendar=calendar)
        for metric, given in numbers.items()
        for grain in Grain
    }
    by: dict[tuple[str, Grain, str], tuple[Series, ...]] = {}
    for (metric, dimension, value), over in (segments or {}).items():
        for grain in Grain:
            one = series(known[metric], grain, as_of, over, segment=((dimension, value),), calendar=calendar)
            by[metric, grain, dimension] = (*by.get((metric, grain, dimension), ()), one)
    return Bearings(project, known, Soundings(as_of, measured, by), calendar, files or {})


def _parts(given: Daily | tuple[Daily, Daily]) -> tuple[Daily, Daily | None]:
    return given if isinstance(given, tuple) else (given, None)
