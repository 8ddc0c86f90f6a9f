from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction

import pytest

from made_up import STORY, Daily, bearings_of, daily
from shinro.analysis.measured import Bearings
from shinro.analysis.milestones import milestone_readings
from shinro.analysis.targets import course_of
from shinro.definitions.project import read_project
from shinro.findings.readings import ConditionReading, MilestoneReading
from shinro.periods import Grain, Period
from shinro.series import Mark, Point, State

START = date(2026, 4, 1)
NUMBERS: dict[str, Daily | tuple[Daily, Daily]] = {
    "calls": daily(10),
    "leads": daily(5),
    "qualified_leads": daily(2),
    "reply_rate": (daily(2), daily(40)),
    "companies": lambda day: 3 if day < START else 3 + (day - START).days // 10,  # one more every 10 days
    "churn_rate": (lambda day: int(day.day == 3), lambda _: 1),  # one a month, on as many as it has days
}


def look(milestones: str, as_of: date, **numbers: Daily | tuple[Daily, Daily]) -> Bearings:
    return bearings_of(f"{STORY}milestones:\n{milestones}", as_of, NUMBERS | numbers)


def read(milestones: str, as_of: date, **numbers: Daily | tuple[Daily, Daily]) -> MilestoneReading:
    found = milestone_readings(look(milestones, as_of, **numbers))
    assert len(found) == 1
    return found[0]


def condition(
    text: str, as_of: date, by: str = "+3 months", **numbers: Daily | tuple[Daily, Daily]
) -> ConditionReading:
    return read(f'  - {{id: m3, by: {by}, reach: ["{text}"]}}\n', as_of, **numbers).conditions[0]


def test_a_stock_is_read_on_the_day_itself() -> None:
    """companies >= 12 by July 1; that day 12 stand open, and the day after it is complete."""
    found = condition("companies >= 12", date(2026, 7, 5))
    assert (found.value, found.state, found.holds) == (Fraction(12), State.REACHED, True)
    assert found.period == Period(date(2026, 7, 1), date(2026, 7, 2))
    assert condition("companies >= 13", date(2026, 7, 20)).state is State.MISSED


@pytest.mark.parametrize("unread", ['reach: ["companies >= 12", "leads >= per month"]', 'reech: ["companies >= 12"]'])
def test_what_is_not_read_whole_is_not_said_to_be_reached(unread: str) -> None:
    text = f"{STORY}milestones:\n  - {{id: m3, by: +3 months, {unread}}}\n"
    project, problems = read_project(text, "shinro.yaml")
    bearings = replace(
        look('  - {id: m3, by: +3 months, reach: ["companies >= 12"]}\n', date(2026, 7, 5)), project=project
    )
    assert len(problems) == 1
    assert milestone_readings(bearings)[0].state is State.UNKNOWN


def test_a_target_that_is_not_read_whole_sets_no_course() -> None:
    text = f"{STORY}targets: {{leads: {{per: wek, from: 10, to: 20, by: 2026-09-30}}}}\n"
    project, problems = read_project(text, "shinro.yaml")
    bearings = replace(
        look('  - {id: m3, by: +3 months, reach: ["companies >= 12"]}\n', date(2026, 7, 5)), project=project
    )
    assert len(problems) == 1
    assert course_of(bearings, "leads", Grain.WEEK) is None


def test_a_strict_level_is_read_strictly_after_its_day() -> None:
    assert condition("companies > 12", date(2026, 7, 20)).state is State.MISSED
    assert condition("companies < 13", date(2026, 7, 20)).state is State.REACHED
    assert condition("companies = 12", date(2026, 7, 20)).state is State.REACHED


def test_before_its_day_a_stock_is_read_today_against_the_path() -> None:
    """From 3 to 12 in 91 days; on May 31 the path stands near 9, the company too."""
    found = condition("companies >= 12", date(2026, 5, 31))
    assert found.value == 9
    assert found.expected == 3 + Fraction(9 * 60, 91)
    assert found.state is State.ON_COURSE
    assert found.holds is False
    assert found.progress == Fraction(6, 9)


def test_before_its_day_behind_and_ahead() -> None:
    assert condition("companies >= 24", date(2026, 5, 31)).state is State.BEHIND
    assert condition("companies >= 5", date(2026, 5, 31)).state is State.AHEAD


def test_a_flow_is_the_last_month_that_is_over_on_the_day() -> None:
    """leads >= 110 per month by July 1: June brought 5 on each of 22 weekdays."""
    found = condition("leads >= 110 per month", date(2026, 7, 10))
    assert (found.value, found.state) == (Fraction(110), State.REACHED)
    assert found.period == Period(date(2026, 6, 1), date(2026, 7, 1))
    by_the_last = condition("leads >= 110 per month", date(2026, 7, 10), by="2026-06-30")
    assert by_the_last.period == found.period


def test_a_flow_per_week_is_the_last_week() -> None:
    found = condition("leads >= 26 per week", date(2026, 7, 10))
    assert (found.value, found.state) == (Fraction(25), State.MISSED)
    assert found.period == Period(date(2026, 6, 22), date(2026, 6, 29))


def test_a_week_with_days_off_is_on_course_with_less_and_on_its_day_missed() -> None:
    """5 on each working day; Golden Week leaves the week of May 4 two of them, and on its day 25 are asked for."""

    def at_work(day: date) -> int:
        return 0 if date(2026, 5, 4) <= day <= date(2026, 5, 6) else daily(5)(day)

    before = condition("leads >= 25 per week", date(2026, 5, 12), by="2026-05-17", leads=at_work)
    assert (before.value, before.expected, before.state) == (Fraction(10), Fraction(10), State.ON_COURSE)
    assert before.holds is False
    assert condition("leads >= 25 per week", date(2026, 5, 12), by="2026-05-10", leads=at_work).state is State.MISSED
    at_most = condition("leads <= 25 per week", date(2026, 5, 12), by="2026-05-17", leads=at_work)
    assert (at_most.expected, at_most.state) == (Fraction(25), State.AHEAD)


def test_a_month_that_is_not_final_is_incomplete_not_missed() -> None:
    """On July 1, as of July 1, June is over; on June 30 it is not."""
    assert condition("leads >= 999 per month", date(2026, 6, 30), by="2026-06-30").state is State.INCOMPLETE
    assert condition("leads >= 999 per month", date(2026, 7, 1), by="2026-06-30").state is State.MISSED


def test_a_rate_is_its_last_month_or_pooled_over_several() -> None:
    """One of 30 in June; three of 91 from April to June."""
    assert condition("churn_rate <= 3%", date(2026, 7, 10)).value == Fraction(1, 30)
    pooled = condition("churn_rate <= 3.3% over 3 months", date(2026, 7, 10))
    assert (pooled.value, pooled.state) == (Fraction(3, 91), State.REACHED)
    assert pooled.period == Period(date(2026, 4, 1), date(2026, 7, 1))
    assert condition("churn_rate <= 3.3% over 1 quarter", date(2026, 7, 10)).value == Fraction(3, 91)
    assert condition("churn_rate <= 3%", date(2026, 7, 10)).state is State.MISSED


def test_a_rate_over_weeks_pools_weeks() -> None:
    found = condition("reply_rate >= 5% over 2 weeks", date(2026, 7, 10))
    assert (found.value, found.state) == (Fraction(1, 20), State.REACHED)
    assert found.period == Period(date(2026, 6, 15), date(2026, 6, 29))


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        ("replies >= 3 per month", date(2026, 6, 1), date(2026, 7, 1)),
        ("replies >= 3 since start", START, date(2026, 7, 2)),
    ],
)
def test_what_decides_and_is_not_known_is_named_once_its_day_has_come(text: str, start: date, end: date) -> None:
    assert condition(text, date(2026, 7, 10)).missing == Period(start, end)
    assert condition(text, date(2026, 5, 10)).missing is None


@pytest.mark.parametrize(
    ("text", "grain", "start", "end"),
    [
        ("reply_rate >= 5% over 2 weeks", Grain.WEEK, date(2026, 6, 15), date(2026, 6, 29)),
        ("companies >= 12", Grain.DAY, date(2026, 7, 1), date(2026, 7, 2)),
    ],
)
def test_of_a_rate_all_its_weeks_decide_and_of_a_stock_the_day(text: str, grain: Grain, start: date, end: date) -> None:
    bearings = look(f'  - {{id: m3, by: +3 months, reach: ["{text}"]}}\n', date(2026, 7, 10))
    found = milestone_readings(changed(bearings, text.split(maxsplit=1)[0], grain, start))[0].conditions[0]
    assert (found.state, found.missing) == (State.UNKNOWN, Period(start, end))


def test_undefined_at_its_day_is_unknown_with_its_days() -> None:
    """No leads at all: 0 of 0."""
    found = condition("churn_rate <= 3%", date(2026, 7, 10), churn_rate=(lambda _: 0, lambda _: 0))
    assert (found.value, found.state) == (None, State.UNKNOWN)
    assert found.period is not None


def test_what_was_never_measured_is_unknown_without_days() -> None:
    found = condition("replies >= 3 per month", date(2026, 7, 10))
    assert (found.value, found.period, found.state) == (None, None, State.UNKNOWN)
    assert found.holds is None


def test_a_flow_since_the_start_adds_its_days() -> None:
    """10 calls on each of the 21 weekdays of April up to the 29th, as of then."""
    found = condition("calls >= 1000 since start", date(2026, 4, 29))
    assert found.value == 210
    assert found.period == Period(START, date(2026, 4, 30))
    assert found.progress == Fraction(210, 1000)
    assert found.expected == Fraction(1000 * 20, 62)  # working days: Showa Day and Golden Week are off
    assert found.state is State.BEHIND


def test_distinct_counts_do_not_add_up_since_the_start() -> None:
    """A lead with two meetings is one lead: the days' sum would be too much, the span's own count is right."""
    text = '  - {id: m3, by: +3 months, reach: ["qualified_leads >= 20 since start"]}\n'
    bearings = look(text, date(2026, 4, 29))
    assert milestone_readings(bearings)[0].conditions[0].state is State.UNKNOWN
    span = Period(START, date(2026, 4, 30))
    totals = {("qualified_leads", span): (Point(span, Fraction(31), Mark.INCOMPLETE),)}
    counted = replace(bearings, measured=replace(bearings.measured, totals=totals))
    found = milestone_readings(counted)[0].conditions[0]
    assert (found.value, found.state) == (Fraction(31), State.AHEAD)


def test_data_that_ended_is_unknown_not_missed() -> None:
    bearings = look('  - {id: m3, by: +3 months, reach: ["leads >= 1 per month"]}\n', date(2026, 7, 10))
    found = milestone_readings(changed(bearings, "leads", Grain.MONTH, date(2026, 6, 1)))[0].conditions[0]
    assert (found.state, found.value, found.period) == (State.UNKNOWN, None, None)


def test_in_the_first_month_of_a_story_a_flow_is_incomplete_not_behind() -> None:
    """leads >= 200 per month: March, before the story, is the last month there is."""
    found = condition("leads >= 200 per month", date(2026, 4, 20))
    assert (found.state, found.expected) == (State.INCOMPLETE, None)


def test_what_holds_already_is_never_behind_its_path() -> None:
    """companies >= 2 holds from the baseline of 3 on, while the path to 60 is lost sight of."""
    text = (
        "  - {id: m1, by: +1 month, reach: [companies >= 2]}\n  - {id: m3, by: +3 months, reach: [companies >= 60]}\n"
    )
    easy, hard = (milestone.conditions[0] for milestone in milestone_readings(look(text, date(2026, 4, 20))))
    assert (easy.state, easy.progress, easy.expected) == (
        State.AHEAD,
        None,
        Fraction(2),
    )  # no more than it asks for itself
    assert hard.state is State.BEHIND


def test_a_milestone_is_as_good_as_its_worst_condition() -> None:
    text = '  - {id: m3, by: +3 months, reach: [companies >= 5, "leads >= 999 per month"]}\n'
    assert read(text, date(2026, 5, 31)).state is State.BEHIND
    after = read(text, date(2026, 7, 10))
    assert [each.state for each in after.conditions] == [State.REACHED, State.MISSED]
    assert (after.state, after.days_left, after.early) == (State.MISSED, -9, False)


def test_an_early_reach_is_shown() -> None:
    found = read("  - {id: m3, by: +3 months, reach: [companies >= 5]}\n", date(2026, 5, 31))
    assert (found.early, found.state, found.days_left) == (True, State.AHEAD, 31)


@pytest.mark.parametrize(
    "text", ["{id: fair, by: 2026-07-08, reach: [展示会出展]}", "{id: fair, by: 2026-07-08}", "{id: fair}"]
)
def test_an_event_has_nothing_to_read(text: str) -> None:
    found = read(f"  - {text}\n", date(2026, 5, 31))
    assert (found.state, found.conditions, found.early) == (State.UNKNOWN, (), False)


def test_a_condition_without_a_day_is_read_but_not_judged() -> None:
    found = read("  - {id: some day, reach: [companies >= 12]}\n", date(2026, 5, 31))
    assert (found.state, found.conditions[0].value) == (State.UNKNOWN, Fraction(9))
    assert read("  - {id: some day, reach: [companies >= 9]}\n", date(2026, 5, 31)).state is State.AHEAD


def test_since_start_needs_a_start_and_every_day_from_the_first_row_on() -> None:
    text = '  - {id: m3, by: 2026-07-01, reach: ["calls >= 100 since start"]}\n'
    no_start = f"{STORY}milestones:\n{text}".replace("story: {starts: 2026-04-01}\n", "")
    without = bearings_of(no_start, date(2026, 5, 1), NUMBERS)
    young = bearings_of(f"{STORY}milestones:\n{text}", date(2026, 5, 1), NUMBERS, first=date(2026, 4, 10))
    torn = changed(look(text, date(2026, 5, 1)), "calls", Grain.DAY, date(2026, 4, 20))
    for bearings in (without, torn):
        assert milestone_readings(bearings)[0].conditions[0].state is State.UNKNOWN
    found = milestone_readings(young)[0].conditions[0]
    assert (found.value, found.period) == (Fraction(160), Period(date(2026, 4, 10), date(2026, 5, 2)))


def changed(bearings: Bearings, metric: str, grain: Grain, since: date) -> Bearings:
    """The same, but unknown from a day on."""
    series = bearings.measured.series[metric, grain]
    points = tuple(
        point._replace(value=None, mark=Mark.UNKNOWN) if point.period.start >= since else point
        for point in series.points
    )
    kept = {**bearings.measured.series, (metric, grain): replace(series, points=points)}
    return replace(bearings, measured=replace(bearings.measured, series=kept))


def test_a_pooled_rate_needs_all_its_periods_and_their_parts() -> None:
    """Over 3 months: two months of data are not three; a rate without parts cannot be pooled."""
    text = '  - {id: m3, by: +3 months, reach: ["churn_rate <= 5% over 3 months"]}\n'
    young = bearings_of(f"{STORY}milestones:\n{text}", date(2026, 7, 10), NUMBERS, first=date(2026, 5, 1))
    whole = look(text, date(2026, 7, 10))
    series = whole.measured.series["churn_rate", Grain.MONTH]
    bare = replace(series, points=tuple(point._replace(over=None, base=None) for point in series.points))
    kept = {**whole.measured.series, ("churn_rate", Grain.MONTH): bare}
    without = replace(whole, measured=replace(whole.measured, series=kept))
    for bearings in (young, without):
        found = milestone_readings(bearings)[0].conditions[0]
        assert (found.state, found.period) == (State.UNKNOWN, None)


def test_what_is_made_of_rates_is_read_of_one_month_and_of_several_not_at_all() -> None:
    """worth = reply_rate / churn_rate, each of them with a base of its own in every month."""
    story = STORY.replace(
        "north_star:", '  worth: {ratio: reply_rate / churn_rate, unit: "x", better: higher}\nnorth_star:'
    )
    day, numbers = date(2026, 7, 10), NUMBERS | {"worth": (daily(2), daily(40))}

    def told(text: str) -> ConditionReading:
        goals = f'milestones: [{{id: m3, by: +3 months, reach: ["{text}"]}}]\n'
        return milestone_readings(bearings_of(story + goals, day, numbers))[0].conditions[0]

    assert (told("worth >= 1").value, told("worth >= 1").state) == (Fraction(1, 20), State.MISSED)
    assert (told("worth >= 1 over 3 months").value, told("worth >= 1 over 3 months").state) == (None, State.UNKNOWN)


def monthly(*won: int, of: int = 10) -> tuple[Daily, Daily]:
    """So many won of so many closed on the 5th of each month, from November 2025 on."""

    def top(day: date) -> int:
        n = day.year * 12 + day.month - (2025 * 12 + 11)
        return won[n] if day.day == 5 and 0 <= n < len(won) else 0

    return top, lambda day: of if day.day == 5 and day >= date(2025, 11, 1) else 0


POOLED = "reply_rate >= 70% over 3 months"
WON = (5, 5, 8, 8, 2)  # 50, 50, 80, 80, 20 %: 60 % from January to March


def test_a_rate_over_three_months_starts_from_the_three_months_before_the_start() -> None:
    """60 % from January to March; April brings 9 of 10, so 19 of 30 from February to April: a third of the way."""
    begun = condition(POOLED, date(2026, 4, 20), reply_rate=monthly(*WON))
    assert (begun.value, begun.progress, begun.state) == (Fraction(3, 5), Fraction(0), State.INCOMPLETE)
    later = condition(POOLED, date(2026, 5, 20), reply_rate=monthly(*WON, 9))
    assert (later.value, later.progress) == (Fraction(19, 30), Fraction(1, 3))
    assert later.expected == Fraction(3, 5) + Fraction(1, 10) * Fraction(29, 90)


def test_the_path_to_a_rate_over_three_months_starts_where_these_stand() -> None:
    """Whatever grain it is drawn at; a later level of one month does not change where it starts."""
    for more in ("", '  - {id: m9, by: +9 months, reach: ["reply_rate >= 90%"]}\n'):
        text = f'  - {{id: m3, by: +3 months, reach: ["{POOLED}"]}}\n{more}'
        for grain in (Grain.WEEK, Grain.MONTH):
            course = course_of(look(text, date(2026, 4, 20), reply_rate=monthly(*WON)), "reply_rate", grain)
            assert course is not None
            assert course.level(START) == Fraction(3, 5)
    single = '  - {id: m3, by: +3 months, reach: ["reply_rate >= 70%"]}\n'
    course = course_of(look(single, date(2026, 4, 20), reply_rate=monthly(*WON)), "reply_rate", Grain.MONTH)
    assert course is not None
    assert course.level(START) == Fraction(1, 5)


def test_a_level_that_its_own_start_meets_is_passed_by_and_the_next_one_led_to() -> None:
    """50 % over 3 months stands already, 30 % of one month does not: March brought 20 %."""
    text = '  - {id: m3, by: +3 months, reach: ["reply_rate >= 50% over 3 months"]}\n'
    text += '  - {id: m6, by: +6 months, reach: ["reply_rate >= 30%"]}\n'
    course = course_of(look(text, date(2026, 4, 20), reply_rate=monthly(*WON)), "reply_rate", Grain.MONTH)
    assert course is not None
    assert [knot.level for knot in course.knots][:2] == [Fraction(1, 5), Fraction(3, 10)]


def test_a_level_that_its_start_met_is_kept_whatever_a_later_one_allows() -> None:
    """8 leads in 10 stood before the start, 7 stand now: 75 % by m3 is broken, though m6 will do with 20 %."""
    text = '  - {id: m3, by: +3 months, reach: ["reply_rate >= 75%"]}\n'
    text += '  - {id: m6, by: +6 months, reach: ["reply_rate >= 20%"]}\n'
    bearings = look(text, date(2026, 5, 20), reply_rate=monthly(8, 8, 8, 8, 8, 7))
    found = [milestone.conditions[0] for milestone in milestone_readings(bearings)]
    assert [(each.state, each.expected) for each in found] == [
        (State.BEHIND, Fraction(3, 4)),
        (State.AHEAD, Fraction(1, 5)),
    ]


def test_a_level_met_over_three_months_is_kept_where_that_of_one_month_is_led_to() -> None:
    """60 % over 3 months stood at the start: it is asked for, not the way from March's 20 % to a month's 30 %."""
    text = '  - {id: m3, by: +3 months, reach: ["reply_rate >= 50% over 3 months"]}\n'
    text += '  - {id: m6, by: +6 months, reach: ["reply_rate >= 30%"]}\n'
    bearings = look(text, date(2026, 5, 20), reply_rate=monthly(*WON, 2, 2))
    assert milestone_readings(bearings)[0].conditions[0].expected == Fraction(1, 2)


def test_a_window_that_reaches_before_the_data_is_no_start() -> None:
    """From February on no three months are whole before May: the first ones are the start, and none of the way."""
    text = f'  - {{id: m3, by: +3 months, reach: ["{POOLED}"]}}\n'
    numbers = NUMBERS | {"reply_rate": monthly(*WON, 9, 9)}
    looks = {
        as_of: milestone_readings(bearings_of(f"{STORY}milestones:\n{text}", as_of, numbers, first=date(2026, 2, 1)))[
            0
        ].conditions[0]
        for as_of in (date(2026, 4, 20), date(2026, 5, 20), date(2026, 6, 20))
    }
    assert [each.value for each in looks.values()] == [None, Fraction(19, 30), Fraction(2, 3)]
    assert [each.progress for each in looks.values()] == [None, 0, Fraction(1, 2)]


@pytest.mark.parametrize(
    "text",
    ["leads >= 30 per week", "leads >= 300 per month", POOLED, "reply_rate >= 30%", "reply_rate >= 95% over 2 weeks"],
)
def test_right_at_the_start_none_of_the_way_is_covered(text: str) -> None:
    """Also from May 7, where the week before had a holiday, and would have been 31.25 leads without."""
    for shown in ("2026-04-01", "2026-05-07"):
        story = STORY.replace("starts: 2026-04-01", f"starts: {shown}")
        goal = f'milestones:\n  - {{id: m3, by: +3 months, reach: ["{text}"]}}\n'
        reply = (daily(2), daily(40)) if "weeks" in text else monthly(*WON)
        bearings = bearings_of(f"{story}{goal}", date.fromisoformat(shown), NUMBERS | {"reply_rate": reply})
        found = milestone_readings(bearings)[0].conditions[0]
        assert (found.holds, found.progress) == (False, Fraction(0))


def test_milestones_stand_in_the_order_of_their_days() -> None:
    text = "  - {id: late, by: +6 months}\n  - {id: open}\n  - {id: soon, on: 2026-05-01}\n"
    found = milestone_readings(look(text, START + timedelta(days=9)))
    assert [milestone.title for milestone in found] == ["soon", "late", "open"]


def reported(nps: str, as_of: date) -> ConditionReading:
    """nps: {reported: crm.nps, value: score, every: month}; it stands at the number of the month."""
    text = STORY.replace("metrics:\n", "metrics:\n  nps: {reported: crm.nps, value: score, every: month}\n")
    bearings = bearings_of(f"{text}milestones:\n  - {nps}\n", as_of, {"nps": lambda day: 20 + day.month})
    months = {key: series for key, series in bearings.measured.series.items() if key[1] is Grain.MONTH}
    return milestone_readings(replace(bearings, measured=replace(bearings.measured, series=months)))[0].conditions[0]


def test_a_reported_stock_is_read_from_the_last_month_that_is_over_on_the_day() -> None:
    """nps >= 25 on April 30 is April's 24; on April 29 March is the last month that is over."""
    found = reported("{id: m, on: 2026-04-30, reach: [nps >= 25]}", date(2026, 6, 1))
    assert (found.value, found.state, found.period) == (
        Fraction(24),
        State.MISSED,
        Period(date(2026, 4, 1), date(2026, 5, 1)),
    )
    assert reported("{id: m, on: 2026-04-30, reach: [nps >= 24]}", date(2026, 6, 1)).state is State.REACHED
    assert reported("{id: m, on: 2026-04-29, reach: [nps >= 24]}", date(2026, 6, 1)).value == 23


def test_before_its_day_a_reported_stock_is_its_last_month_against_the_path() -> None:
    """From March's 23 to 35 by August 31: at the end of May 25 is behind."""
    found = reported("{id: m, on: 2026-08-31, reach: [nps >= 35]}", date(2026, 6, 1))
    assert (found.value, found.expected, found.state) == (Fraction(25), 23 + Fraction(12 * 60, 152), State.BEHIND)
    assert found.progress == Fraction(2, 12)


def test_a_reported_flow_since_the_start_adds_the_months_that_are_over() -> None:
    """visits: {reported: crm.visits, every: month, nature: flow}: 21 a month from April on; June is not over."""
    text = STORY.replace(
        "metrics:\n", "metrics:\n  visits: {reported: crm.visits, value: n, every: month, nature: flow}\n"
    )
    text += """milestones: [{id: m3, by: 2026-06-30, reach: ["visits >= 126 since start"]}]"""
    bearings = bearings_of(text, date(2026, 6, 10), {"visits": lambda day: 21 if day.day == 1 else 0})
    months = {key: series for key, series in bearings.measured.series.items() if key[1] is Grain.MONTH}
    monthly = replace(bearings, measured=replace(bearings.measured, series=months))
    found = milestone_readings(monthly)[0].conditions[0]
    assert (found.value, found.period) == (Fraction(42), Period(START, date(2026, 6, 1)))
    assert found.progress == Fraction(1, 3)
    gap = milestone_readings(changed(monthly, "visits", Grain.MONTH, date(2026, 5, 1)))[0].conditions[0]
    assert (gap.value, gap.state) == (None, State.UNKNOWN)
    young = bearings_of(
        text, date(2026, 6, 10), {"visits": lambda _: 1}, first=date(2026, 5, 1)
    )  # not typed in is not 0
    assert milestone_readings(young)[0].conditions[0].state is State.UNKNOWN


def test_where_the_first_reading_is_the_start_of_the_path_nothing_is_over_yet() -> None:
    """From April on data: 50 % from April to June is known and misses 70 %, and it is what the path starts from."""
    text = f'  - {{id: m, by: 2026-08-31, reach: ["{POOLED}"]}}\n  - {{id: some day, reach: ["{POOLED}"]}}\n'
    numbers = NUMBERS | {"reply_rate": monthly(*WON, 5, 5, 5)}
    bearings = bearings_of(f"{STORY}milestones:\n{text}", date(2026, 7, 1), numbers, first=START)
    found = [milestone.conditions[0] for milestone in milestone_readings(bearings)]
    assert [(each.value, each.holds, each.expected) for each in found] == [(Fraction(1, 2), False, None)] * 2
    assert [each.state for each in found] == [State.INCOMPLETE, State.UNKNOWN]  # without a day there is no path


def test_a_rate_over_months_says_in_which_of_them_a_part_is_undefined() -> None:
    bearings = look(
        f'  - {{id: m, by: 2026-08-31, reach: ["{POOLED}"]}}\n', date(2026, 7, 1), reply_rate=monthly(*WON, 5, 5, 5)
    )
    whole = milestone_readings(bearings)[0].conditions[0]
    series = bearings.measured.series["reply_rate", Grain.MONTH]
    holed = tuple(
        point._replace(value=None, base=None) if point.period.start == date(2026, 5, 1) else point
        for point in series.points
    )
    known = {**bearings.measured.series, ("reply_rate", Grain.MONTH): replace(series, points=holed)}
    torn = replace(bearings, measured=replace(bearings.measured, series=known))
    found = milestone_readings(torn)[0].conditions[0]
    assert (whole.value, whole.gap) == (Fraction(1, 2), None)
    assert (found.value, found.state, found.gap) == (None, State.UNKNOWN, Period(date(2026, 5, 1), date(2026, 6, 1)))
