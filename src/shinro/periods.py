"""Periods: days, weeks, months, quarters and fiscal years; a calendar; the offsets of a time zone."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import Enum
from fractions import Fraction
from functools import lru_cache
from zoneinfo import ZoneInfo

EPOCH = date(1970, 1, 1)
NAMED = re.compile(r"(\d{4}) ?[-/.年] ?(\d{1,2})(?: ?[-/.月] ?(\d{1,2}) ?日?| ?月[分度]?)?", re.ASCII)
WEEK = re.compile(r"(\d{4})-?W(\d{1,2})", re.ASCII | re.IGNORECASE)
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
MONTHS = (
    "january", "february", "march", "april", "may", "june",
    "july", "august", "september", "october", "november", "december",
)  # fmt: skip
# The names of the eras of Japan, their letters, and the first day of each. Source: the edict of 1926-12-25 (昭和),
# cabinet orders 昭和64年政令第1号 (平成) and 平成31年政令第143号 (令和), under 元号法 (昭和54年法律第43号).
ERAS = (
    ("令和", "R", date(2019, 5, 1)),
    ("平成", "H", date(1989, 1, 8)),
    ("昭和", "S", date(1926, 12, 25)),
)
ERA_YEAR = r" ?(0?[1-9]|[1-9][0-9]|元) ?"  # behind the name
OF_ERA = re.compile(rf"(令和|平成|昭和|[RH](?=[^-]*$)){ERA_YEAR}([-/.年] ?.*)")

_ERA = "(?:令和|平成|昭和|[rhs])"
_MONTH = (
    "jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?"
    "|nov(?:ember)?|dec(?:ember)?"
)
HALF = re.compile(
    rf"{_ERA} ?(?:\d{{1,2}}|元) ?[./年-] ?\d{{1,2}} ?月?[分度]?|\d{{1,2}}月[分度]?|'?\d{{2}}[/.-]\d{{1,2}}"
    rf"|(?:{_MONTH})[ .'-]*(?:\d{{2}}|\d{{4}})?|(?:19|20)\d{{2}}(?:0[1-9]|1[0-2])"
    rf"|fy ?'?(?:\d{{2}}|\d{{4}})[-/. ]\d{{1,2}}"
    rf"|(?:(?:19|20)\d{{2}}|{_ERA} ?(?:\d{{1,2}}|元)) ?[-/.年] ?\d{{1,2}}(?!\d).+",
    re.IGNORECASE,
)
_YEAR = rf"(?:(?:fy ?)?(?:19|20)\d{{2}}|fy ?\d{{2}}|{_ERA} ?(?:\d{{1,2}}|元)(?= ?年)) ?(?:年度?)?"
_PART = "第? ?[1-4一二三四] ?四半期|[1-4]q|q[1-4]|[上下]半?期|通期"
LONGER = re.compile(rf"(?:{_YEAR})?[ /-]*(?:{_PART})|{_YEAR}", re.IGNORECASE)


class Grain(Enum):
    """The length of a period; `year` is the fiscal year and `quarter` a quarter of it."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"


DAYS_OF = {"minute": 0, "hour": 0, "day": 1, "week": 7, "month": 30, "quarter": 91, "year": 365}
MONTHS_OF = {Grain.MONTH: 1, Grain.QUARTER: 3, Grain.YEAR: 12}


@dataclass(frozen=True, slots=True, order=True)
class Period:
    """Days from `start` up to and without `end`."""

    start: date
    end: date

    @property
    def last(self) -> date:
        """The last day in it."""
        return self.end - timedelta(days=1)

    @property
    def length(self) -> int:
        """Days in it."""
        return (self.end - self.start).days

    def __contains__(self, day: date) -> bool:
        return self.start <= day < self.end


@dataclass(frozen=True, slots=True)
class Calendar:
    """How a company cuts time: zone, first day of the week, first month of the fiscal year, days off."""

    zone: str = "UTC"
    week_starts: int = 0  # 0 is Monday, as in date.weekday()
    fiscal_starts: int = 1  # 1 is January
    days_off: frozenset[date] = frozenset()

    def period(self, day: date, grain: Grain) -> Period:
        """The period of a grain that a local day lies in."""
        if grain is Grain.DAY:
            return Period(day, day + timedelta(days=1))
        if grain is Grain.WEEK:
            start = day - timedelta(days=(day.weekday() - self.week_starts) % 7)
            return Period(start, start + timedelta(days=7))
        months = MONTHS_OF[grain]
        number = day.year * 12 + day.month - self.fiscal_starts
        first = number - number % months + self.fiscal_starts - 1
        return Period(_month(first), _month(first + months))

    def step(self, period: Period, grain: Grain, steps: int = 1) -> Period:
        """The period so many steps later (earlier where negative)."""
        if grain in MONTHS_OF:
            first = period.start.year * 12 + period.start.month - 1 + steps * MONTHS_OF[grain]
            return Period(_month(first), _month(first + MONTHS_OF[grain]))
        length = timedelta(days=period.length * steps)
        return Period(period.start + length, period.end + length)

    def year_before(self, period: Period, grain: Grain) -> Period:
        """The same period a year earlier: the same month; 52 weeks or 364 days, so that weekdays agree."""
        steps = {Grain.DAY: 364, Grain.WEEK: 52, Grain.MONTH: 12, Grain.QUARTER: 4, Grain.YEAR: 1}
        return self.step(period, grain, -steps[grain])

    def periods(self, first: date, last: date, grain: Grain) -> Iterator[Period]:
        """All periods from the one that `first` lies in to the one that `last` lies in; they tile the span."""
        period = self.period(first, grain)
        if grain in MONTHS_OF:
            while period.start <= last:
                yield period
                period = self.step(period, grain)
            return
        start, length = period.start, period.end - period.start
        while start <= last:
            yield Period(start, start := start + length)

    def is_working(self, day: date) -> bool:
        """Monday to Friday and not a day off."""
        return day.weekday() < 5 and day not in self.days_off  # noqa: PLR2004 - Saturday

    def working_days(self, first: date, end: date) -> int:
        """Working days from `first` up to and without `end`; 0 where the span is empty. Cost: linear in days."""
        return sum(self.is_working(first + timedelta(days=n)) for n in range((end - first).days))

    def share(self, part: Period, whole: Period) -> Fraction:
        """The share of days that lie in a part of them, by working days; by all where none is worked."""
        if part.end < part.start or part == whole:
            return Fraction(part == whole)
        if worked := self.working_days(whole.start, whole.end):
            return Fraction(self.working_days(part.start, part.end), worked)
        return Fraction(part.length, whole.length)

    def fiscal_year(self, day: date) -> int:
        """The calendar year in which the fiscal year of a day starts."""
        return self.period(day, Grain.YEAR).start.year

    def label(self, period: Period, grain: Grain) -> str:
        """A period's short name: a day or a week by its first day, `2026-04`, `FY2026 Q1`, `FY2026`."""
        start = period.start
        if grain is Grain.MONTH:
            return f"{start:%Y-%m}"
        if grain is Grain.QUARTER:
            year = self.fiscal_year(start)
            quarter = (start.year * 12 + start.month - year * 12 - self.fiscal_starts) // 3 + 1
            return f"FY{year} Q{quarter}"
        if grain is Grain.YEAR:
            return f"FY{start.year}"
        return start.isoformat()


def day_named(text: str) -> date | None:
    """The first day of a period as people write it: `2026-04`, `2026年4月分`, `2026/4`, `2026-04-30`, `2026-W19`.

    Also by the year of an era: `令和8年4月`, `R8.4`. None where the text names none, or lies before its era. Full-width
    digits are read.
    """
    plain, since = _western(unicodedata.normalize("NFKC", text).strip())
    month, week = NAMED.fullmatch(plain), WEEK.fullmatch(plain)
    with suppress(ValueError):
        if month:
            day = date(int(month[1]), int(month[2]), int(month[3] or 1))
            return day if day >= (since if month[3] else since.replace(day=1)) else None
        if week:
            return date.fromisocalendar(int(week[1]), int(week[2]), 1)
    return None


def grain_named(text: str) -> Grain | None:
    """The length of the period that a text names: a day, a week or a month. None where `day_named` reads none."""
    plain = unicodedata.normalize("NFKC", text).strip()
    if day_named(plain) is None:
        return None
    found = NAMED.fullmatch(_western(plain)[0])
    return Grain.WEEK if found is None else Grain.DAY if found[3] else Grain.MONTH


def _western(plain: str) -> tuple[str, date]:
    """A text with the year of an era as a year, and the day from which it can be meant: 令和8年4月 is 2026年4月."""
    found = OF_ERA.fullmatch(plain)
    if found is None:
        return plain, date.min
    since = next(first for name, letter, first in ERAS if found[1] in (name, letter))
    return f"{since.year - 1 + int(found[2].replace('元', '1'))}{found[3]}", since


def is_half_named(text: str) -> bool:
    """Whether a text is called as a month is, and cannot be read as one: `4月`, `202604`, `2026年4月(見込)`."""
    plain = unicodedata.normalize("NFKC", text).strip()
    return day_named(text) is None and not is_longer(text) and HALF.fullmatch(plain) is not None


def is_longer(text: str) -> bool:
    """Whether a text names a quarter, half a year or a year: `第1四半期`, `1Q`, `上期`, `2026年度`, `FY2026`."""
    return LONGER.fullmatch(unicodedata.normalize("NFKC", text).strip()) is not None


def names_month(text: str) -> bool:
    """Whether a text names a month, and no day of it."""
    return grain_named(text) is Grain.MONTH


def _month(number: int) -> date:
    return date(number // 12, number % 12 + 1, 1)


def add_months(day: date, months: int) -> date:
    """The same day so many months later, or that month's last day where it has no such day."""
    first = _month(day.year * 12 + day.month - 1 + months)
    last = _month(day.year * 12 + day.month + months) - timedelta(days=1)
    return min(first.replace(day=1) + timedelta(days=day.day - 1), last)


@dataclass(frozen=True, slots=True)
class Duration:
    """A length of time as people say it: `90 days`, `+3 months`; months and years keep the day of the month."""

    amount: int
    unit: str  # minute, hour, day, week, month, quarter, year

    def after(self, day: date) -> date:
        """The day so long after."""
        if self.unit in ("month", "quarter", "year"):
            return add_months(day, self.amount * MONTHS_OF[Grain(self.unit)])
        return day + timedelta(days=self.days)

    def before(self, day: date) -> date:
        """The day so long before: a month before March 31 is the last day of February."""
        if self.unit in ("month", "quarter", "year"):
            return add_months(day, -self.amount * MONTHS_OF[Grain(self.unit)])
        return day - timedelta(days=self.days)

    @property
    def days(self) -> int:
        """Length in days, months taken as 30 and years as 365; whole days only (an hour is 0)."""
        return self.amount * DAYS_OF[self.unit]

    @property
    def seconds(self) -> int:
        """Length in seconds of minutes, hours, days and weeks."""
        return self.amount * {"minute": 60, "hour": 3600}.get(self.unit, 0) or self.days * 86400

    def __str__(self) -> str:
        return f"{self.amount} {self.unit}{'' if abs(self.amount) == 1 else 's'}"


@lru_cache(maxsize=8)
def offsets(zone: str, first: date, last: date) -> tuple[tuple[datetime | None, int], ...]:
    """The offsets of a time zone over a span of days: (from this UTC moment on, seconds east), the first from None.

    Law: for every moment in the span, moment + the offset in force = its local wall time by zoneinfo.
    Cost: linear in the span's days, plus a bisection of 17 steps a transition. Source: the tz database, by zoneinfo.
    """
    place = ZoneInfo(zone)
    moment = datetime(first.year, first.month, first.day, tzinfo=UTC) - timedelta(days=1)
    end = datetime(last.year, last.month, last.day, tzinfo=UTC) + timedelta(days=2)
    found: list[tuple[datetime | None, int]] = [(None, _east(moment, place))]
    while moment < end:
        later = moment + timedelta(days=1)
        if _east(later, place) != found[-1][1]:
            change = _transition(moment, later, place)
            found.append((change.replace(tzinfo=None), _east(change, place)))
        moment = later
    return tuple(found)


def _east(moment: datetime, place: ZoneInfo) -> int:
    offset = moment.astimezone(place).utcoffset()
    return int(offset.total_seconds()) if offset is not None else 0


def _transition(before: datetime, after: datetime, place: ZoneInfo) -> datetime:
    """The first whole second at which the offset differs from the one at `before`."""
    old = _east(before, place)
    while after - before > timedelta(seconds=1):
        middle = before + timedelta(seconds=int((after - before).total_seconds()) // 2)
        if _east(middle, place) == old:
            before = middle
        else:
            after = middle
    return after
