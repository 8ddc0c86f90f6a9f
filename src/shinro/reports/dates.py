"""Days and periods as readers write them."""

from __future__ import annotations

from datetime import date

from shinro.periods import Calendar, Grain, Period
from shinro.reports.words import Words

MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def day(when: date, lang: str) -> str:
    """`2026年4月6日`, `Apr 6, 2026`."""
    if lang == "ja":
        return f"{when.year}年{when.month}月{when.day}日"
    return f"{MONTHS[when.month - 1]} {when.day}, {when.year}"


def short_day(when: date, lang: str) -> str:
    """`4/6`, `Apr 6`: where the year is plain."""
    return f"{when.month}/{when.day}" if lang == "ja" else f"{MONTHS[when.month - 1]} {when.day}"


def period(span: Period, grain: Grain, calendar: Calendar, words: Words) -> str:
    """A period's name: a week by its first day, a quarter and a year by the fiscal year that they lie in."""
    start = span.start
    if grain is Grain.DAY:
        return day(start, words.lang)
    if grain is Grain.WEEK:
        return words.say("period.week", day=day(start, words.lang))
    if grain is Grain.MONTH:
        return _month(start, words.lang)
    year = calendar.fiscal_year(start)
    quarter = (start.year * 12 + start.month - year * 12 - calendar.fiscal_starts) // 3 + 1
    return words.say(f"period.{grain.value}", year=year, quarter=quarter)


def short_period(span: Period, grain: Grain, calendar: Calendar, words: Words) -> str:
    """A period's name without its year where that is plain: `4/6週`, `wk Apr 6`."""
    if grain is Grain.DAY:
        return short_day(span.start, words.lang)
    if grain is Grain.WEEK:
        return words.say("period.short_week", day=short_day(span.start, words.lang))
    return period(span, grain, calendar, words)


def _months(first: date, last: date, lang: str) -> str:
    start, end = _month(first, lang), _month(last, lang)
    if start == end:
        return end
    if first.year != last.year:
        return f"{start}〜{end}" if lang == "ja" else f"{start} – {end}"
    return f"{start}〜{last.month}月" if lang == "ja" else f"{MONTHS[first.month - 1]} – {end}"


def _month(when: date, lang: str) -> str:
    return f"{when.year}年{when.month}月" if lang == "ja" else f"{MONTHS[when.month - 1]} {when.year}"


def span(days: Period, lang: str) -> str:
    """`2026年4月1日〜6月3日`, `Apr 1 – Jun 3, 2026`; whole months as months, a single day by itself."""
    first, last = days.start, days.last
    if first.day == days.end.day == 1:
        return _months(first, last, lang)
    if first == last:
        return day(first, lang)
    if lang == "ja":
        end = f"{last.month}月{last.day}日" if first.year == last.year else day(last, lang)
        return f"{day(first, lang)}〜{end}"
    start = short_day(first, lang) if first.year == last.year else day(first, lang)
    return f"{start} – {day(last, lang)}"
