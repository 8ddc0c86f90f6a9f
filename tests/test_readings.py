from __future__ import annotations

from dataclasses import replace
from datetime import date
from fractions import Fraction

import pytest

from made_up import STORY, Daily, bearings_of, daily, project_of
from shinro.analysis.measured import Bearings
from shinro.analysis.readings import grain_of, read_metric, read_segments
from shinro.periods import Grain, Period
from shinro.reports.readings import Telling, past_text, period_text
from shinro.reports.words import words
from shinro.series import Mark, Segment, State

AS_OF = date(2026, 4, 22)  # a Wednesday
TARGETS = """
targets:
  calls: {per: week, level: 250, each: {rep: {佐藤: 125, 伊藤: 125}}}
  reply_rate: 8%
  companies: 4
  churn_rate: 5%
"""
NUMBERS: dict[str, Daily | tuple[Daily, Daily]] = {
    "calls": daily(50),
    "reply_rate": (daily(1), daily(5)),
    "companies": daily(3, 3),
    "churn_rate": (lambda _: 8, lambda _: 100),
    "leads": daily(5),
}


def look(as_of: date = AS_OF, text: str = STORY + TARGETS) -> Bearings:
    return bearings_of(text, as_of, NUMBERS, segments={("calls", "rep", "佐藤"): daily(30)})


def test_a_flow_reads_its_last_complete_week() -> None:
    calls = read_metric(look(), "calls")
    assert calls.last
    assert calls.before
    assert calls.year_ago
    assert (calls.last.period.start, calls.last.value) == (date(2026, 4, 13), Fraction(250))
    assert calls.before.period.start == date(2026, 4, 6)
    assert calls.year_ago.period == Period(date(2025, 4, 14), date(2025, 4, 21))
    assert (calls.target, calls.state) == (Fraction(250), State.ON_COURSE)


def test_the_running_week_is_judged_by_its_pace() -> None:
    """150 by Wednesday is what three of five days should bring of 250."""
    calls = read_metric(look(), "calls")
    assert calls.now
    assert (calls.now.value, calls.now.mark) == (Fraction(150), Mark.INCOMPLETE)
    assert (calls.target_now, calls.due, calls.pace) == (Fraction(250), Fraction(150), State.ON_COURSE)


def test_golden_week_is_no_fall() -> None:
    """As of Thursday May 7, the first working day of a week that has two: 50 a working day."""
    calls = read_metric(look(date(2026, 5, 7)), "calls")
    assert (calls.target_now, calls.due) == (Fraction(100), Fraction(50))


def test_the_same_every_working_day_is_on_course_in_golden_week() -> None:
    """50 on each of the two working days of the week of May 4; none on its holidays."""
    holidays = {date(2026, 5, day) for day in (4, 5, 6)}
    calls: Daily = lambda day: 50 if day.weekday() < 5 and day not in holidays else 0  # noqa: E731 - a number a day
    found = read_metric(bearings_of(STORY + TARGETS, date(2026, 5, 11), {"calls": calls}), "calls")
    assert found.last
    assert (found.last.value, found.target, found.state) == (Fraction(100), Fraction(100), State.ON_COURSE)


def test_the_pace_counts_days_only_as_far_as_the_source_tells() -> None:
    bearings = look()
    known = {"calls": date(2026, 4, 20)}
    calls = read_metric(replace(bearings, measured=replace(bearings.measured, known_until=known)), "calls")
    assert (calls.due, calls.known_until) == (Fraction(50), date(2026, 4, 20))


def test_a_rate_has_no_pace() -> None:
    rate = read_metric(look(), "reply_rate")
    assert (rate.target, rate.state, rate.due, rate.pace) == (Fraction(2, 25), State.AHEAD, None, None)


def test_a_small_base_has_its_interval() -> None:
    """5 of 25 in the week."""
    rate = read_metric(look(), "reply_rate")
    assert rate.interval
    low, high = rate.interval
    assert low < Fraction(1, 5) < high
    assert read_metric(look(), "churn_rate").interval is None


def test_more_churn_than_meant_is_behind() -> None:
    assert read_metric(look(date(2026, 5, 10)), "churn_rate").state is State.BEHIND


def test_a_stock_is_read_today() -> None:
    companies = read_metric(look(), "companies")
    assert companies.now
    assert companies.now.period == Period(AS_OF, date(2026, 4, 23))
    assert (companies.target, companies.state, companies.pace) == (Fraction(4), State.BEHIND, None)
    assert len(companies.trend) == 12


def test_there_is_no_target_before_the_story() -> None:
    """As of April 3 the last complete week began in March."""
    calls = read_metric(look(date(2026, 4, 3)), "calls")
    assert (calls.target, calls.target_now, calls.due, calls.state) == (None, None, None, None)


def test_a_metric_that_was_not_measured_is_unknown() -> None:
    found = read_metric(look(), "qualified_leads")
    assert (found.last, found.now, found.state) == (None, None, State.UNKNOWN)


def test_data_that_ended_is_unknown() -> None:
    """The last two weeks before as-of are not known."""
    bearings = look()
    key = ("calls", Grain.WEEK)
    series = bearings.measured.series[key]
    points = tuple(
        point._replace(value=None, mark=Mark.UNKNOWN) if point.period.start >= date(2026, 4, 13) else point
        for point in series.points
    )
    measured = replace(bearings.measured, series={**bearings.measured.series, key: replace(series, points=points)})
    calls = read_metric(replace(bearings, measured=measured), "calls")
    assert calls.last
    assert calls.last.period.start == date(2026, 4, 6)
    assert (calls.state, calls.pace) == (State.UNKNOWN, State.UNKNOWN)


def test_before_the_first_week_is_over_it_is_incomplete() -> None:
    bearings = bearings_of(STORY + TARGETS, AS_OF, NUMBERS, first=date(2026, 4, 20))
    calls = read_metric(bearings, "calls")
    assert (calls.last, calls.state, calls.pace) == (None, State.INCOMPLETE, State.ON_COURSE)


def test_an_undefined_value_has_no_state() -> None:
    bearings = bearings_of(STORY + TARGETS, AS_OF, {"reply_rate": (daily(0), daily(0))})
    rate = read_metric(bearings, "reply_rate")
    assert rate.last
    assert (rate.last.value, rate.state, rate.interval) == (None, None, None)


def test_targets_by_rep_read_each_rep() -> None:
    sato_is: Segment = (("rep", "佐藤"),)
    sato, ito = read_segments(look(), "calls")
    assert (sato.segment, sato.target, sato.state) == (sato_is, Fraction(125), State.AHEAD)
    assert (sato.now and sato.now.value, sato.due) == (Fraction(90), Fraction(75))
    assert (ito.segment, ito.last, ito.state) == ((("rep", "伊藤"),), None, State.UNKNOWN)


def test_a_reading_knows_who_answers_for_it() -> None:
    calls = read_metric(look(), "calls")
    assert (calls.owners, calls.department, calls.focus) == (("佐藤",), "inside_sales", False)


@pytest.mark.parametrize(
    ("metric", "asked", "grain"),
    [
        ("calls", None, Grain.WEEK),
        ("calls", Grain.QUARTER, Grain.QUARTER),
        ("qualified_leads", None, Grain.WEEK),
        ("companies", None, Grain.MONTH),
        ("nps", Grain.WEEK, Grain.MONTH),
        ("nps_per_lead", Grain.DAY, Grain.MONTH),
    ],
)
def test_the_grain_is_as_asked_but_never_finer_than_what_is_reported(
    metric: str, asked: Grain | None, grain: Grain
) -> None:
    """The star is read by week, a KPI at its cadence, the rest by month."""
    more = "  nps: {reported: crm.nps, value: score, every: month}\n  nps_per_lead: {ratio: nps / (leads + nps)}\n"
    project = project_of(STORY.replace("north_star:", f"{more}north_star:"))
    assert grain_of(project, metric, asked) is grain


def test_a_reported_stock_is_the_last_month_that_is_over() -> None:
    """nps: {reported: crm.nps, value: score, every: month}; as of April 22 it is March's, held against March's end."""
    text = STORY.replace(
        "metrics:\n", "metrics:\n  nps: {reported: crm.nps, value: score, every: month, better: higher}\n"
    )
    steps = "targets: {nps: {steps: {2026-01-01: 20, 2026-04-10: 90}}}"
    bearings = bearings_of(text + steps, AS_OF, {"nps": lambda day: 20 + day.month})
    months = {key: series for key, series in bearings.measured.series.items() if key[1] is Grain.MONTH}
    nps = read_metric(replace(bearings, measured=replace(bearings.measured, series=months)), "nps")
    assert nps.now
    assert (nps.now.period, nps.now.value) == (Period(date(2026, 3, 1), date(2026, 4, 1)), Fraction(23))
    assert (nps.target, nps.target_now, nps.state) == (Fraction(20), Fraction(90), State.AHEAD)


@pytest.mark.parametrize(
    ("as_of", "grain", "en", "ja", "before"),
    [
        (date(2026, 7, 1), Grain.QUARTER, "FY2026 Q1", "2026年度 第1四半期", "23 +13.0%"),
        (date(2026, 6, 1), Grain.QUARTER, "FY2026 Q1 (May 2026)", "2026年度 第1四半期（2026年5月）", "23 +8.7%"),
        (date(2026, 4, 22), Grain.YEAR, "FY2025", "2025年度", "23 ±0.0%"),
        (date(2026, 7, 1), Grain.MONTH, "Jun 2026", "2026年6月", "25 +4.0%"),
    ],
)
def test_a_reported_stock_is_called_by_the_period_that_its_previous_is_of(
    as_of: date, grain: Grain, en: str, ja: str, before: str
) -> None:
    """Every month's nps is 20 and the number of the month; the fiscal year begins in April."""
    nps = "metrics:\n  nps: {reported: crm.nps, value: score, every: month, better: higher}\n"
    text = STORY.replace("metrics:\n", nps)
    bearings = bearings_of(text, as_of, {"nps": lambda day: 20 + day.month})
    found = read_metric(bearings, "nps", grain)
    said = {lang: period_text(found, Telling(words(lang), bearings.project)) for lang in ("en", "ja")}
    assert said == {"en": en, "ja": ja}
    assert past_text(found, found.before, Telling(words("en"), bearings.project)) == before


def test_a_stock_today_is_compared_with_the_end_of_the_period_before_and_with_the_same_day_a_year_ago() -> None:
    """One more every day: 112 on April 22, 90 at the end of March, 364 days earlier 364 fewer."""
    first = date(2026, 1, 1)
    bearings = bearings_of(STORY + TARGETS, AS_OF, {"companies": lambda day: 1 + (day - first).days})
    found = read_metric(bearings, "companies")
    assert found.now
    assert found.before
    assert found.year_ago
    assert (found.now.value, found.before.value, found.year_ago.value) == (
        Fraction(112),
        Fraction(90),
        Fraction(112 - 364),
    )
    assert found.before.period == Period(date(2026, 3, 1), date(2026, 4, 1))
    told = past_text(found, found.before, Telling(words("en"), bearings.project))
    assert told == "90 +24.4%"


def test_a_stock_after_a_month_that_is_not_known_has_no_period_before() -> None:
    """February was never reported: March is no step from January, for a stock as for a flow."""
    text = STORY.replace("metrics:\n", "metrics:\n  nps: {reported: crm.nps, value: score, every: month}\n")
    bearings = bearings_of(text, AS_OF, {"nps": lambda day: 20 + day.month})
    series = bearings.measured.series["nps", Grain.MONTH]
    february = Period(date(2026, 2, 1), date(2026, 3, 1))
    gap = [each._replace(mark=Mark.UNKNOWN) if each.period == february else each for each in series.points]
    for points, before in ((series.points, february), (tuple(gap), None)):
        months = {("nps", Grain.MONTH): replace(series, points=points)}
        found = read_metric(replace(bearings, measured=replace(bearings.measured, series=months)), "nps")
        assert found.now
        assert found.now.value == Fraction(23)
        assert (found.before.period if found.before else None) == before


def test_on_the_last_day_of_a_month_a_stock_is_compared_with_the_month_before() -> None:
    """April 30 is over, and so is April: what stands before it is March's end."""
    bearings = bearings_of(STORY + TARGETS, date(2026, 4, 30), {"companies": lambda day: day.month})
    found = read_metric(bearings, "companies")
    assert found.before
    assert found.before.value == 3


def test_a_metric_that_says_no_direction_is_judged_as_what_is_promised_of_it_is() -> None:
    """A stock of rows says none; a milestone that asks for 4 or more of it does, two that differ do not."""
    text = """
company: T
timezone: Asia/Tokyo
story: {starts: 2026-01-01}
sources: {crm: {type: files, path: data/*.csv}}
tables: {contracts: {from: crm.contracts, key: id, starts: since, ends: until}}
metrics: {contracts: {stock: contracts}}
targets: {contracts: 8}
"""
    up = "milestones: [{id: m, by: 2026-12-31, reach: [contracts >= 8]}]\n"
    numbers: dict[str, Daily | tuple[Daily, Daily]] = {"contracts": daily(3, 3)}
    found = [
        read_metric(bearings_of(text + more, AS_OF, numbers), "contracts").state
        for more in ("", up, up.replace(">=", "<="))
    ]
    assert found == [State.UNKNOWN, State.BEHIND, State.AHEAD]
