from __future__ import annotations

from dataclasses import replace
from datetime import date
from fractions import Fraction

import pytest

from made_up import STORY, Daily, bearings_of, daily
from shinro.analysis.courses import Course, Knot
from shinro.analysis.measured import Bearings
from shinro.analysis.targets import course_of, segment_courses
from shinro.definitions.story import FileLevel
from shinro.periods import Calendar, Grain, Period

AS_OF = date(2026, 4, 22)
NUMBERS: dict[str, Daily | tuple[Daily, Daily]] = {
    "calls": daily(40), "leads": daily(5), "reply_rate": (daily(2), daily(40)), "companies": daily(3, 3),
}  # fmt: skip


def look(more: str, as_of: date = AS_OF) -> Bearings:
    return bearings_of(STORY + more, as_of, NUMBERS)


def course(more: str, metric: str, grain: Grain = Grain.WEEK) -> Course:
    found = course_of(look(more), metric, grain)
    assert found
    return found


def week(month: int, day: int) -> Period:
    return Calendar().period(date(2026, month, day), Grain.WEEK)


def month(number: int) -> Period:
    return Calendar().period(date(2026, number, 1), Grain.MONTH)


def test_a_level_alone_holds_from_the_story_on() -> None:
    """targets: {calls: 200 per week}"""
    calls = course("targets: {calls: 200 per week}", "calls")
    assert calls.target(week(4, 6)) == 200
    assert calls.target(week(3, 30)) is None  # it began before the story
    assert calls.target(week(12, 7)) == 200


def test_golden_week_asks_for_less() -> None:
    """targets: {calls: 4000 per month}; May 2026 has 18 working days, the week of May 4 two of them."""
    calls = course("targets: {calls: 4000 per month}", "calls")
    assert calls.target(month(5)) == 4000
    assert calls.target(week(5, 4)) == Fraction(4000, 18) * 2
    assert calls.target(week(5, 11)) == Fraction(4000, 18) * 5


def test_a_level_per_week_asks_a_short_week_for_less() -> None:
    """targets: {calls: 200 per week}: 40 a working day, and the week of May 4 has two of them."""
    calls = course("targets: {calls: 200 per week}", "calls")
    assert calls.target(week(5, 4)) == 80
    assert calls.due(week(5, 4), date(2026, 5, 6)) == 0
    assert calls.due(week(5, 4), date(2026, 5, 7)) == 40


def test_a_level_per_day_means_working_days() -> None:
    """targets: {calls: 10 per day}"""
    calls = course("targets: {calls: 10 per day}", "calls")
    assert calls.target(week(4, 6)) == 50
    assert calls.target(Period(date(2026, 4, 11), date(2026, 4, 12))) == 0


def test_a_week_in_which_the_company_is_shut_asks_for_nothing() -> None:
    shut = frozenset(date(2026, 4, day) for day in range(6, 11))
    calls = Course((Knot(date(2026, 4, 1), Fraction(70)),), Calendar(days_off=shut), per=Grain.WEEK)
    assert calls.target(week(4, 6)) == 0
    assert calls.target(week(4, 13)) == 70


def test_a_month_without_a_working_day_shares_its_level_over_all_days() -> None:
    """No level of a month is lost: the 30 days of April share it."""
    shut = frozenset(date(2026, 4, day) for day in range(1, 31))
    calls = Course((Knot(date(2026, 4, 1), Fraction(60)),), Calendar(days_off=shut), per=Grain.MONTH)
    assert calls.target(month(4)) == 60
    assert calls.target(week(4, 6)) == 14


def test_a_line_moves_by_day() -> None:
    """targets: {reply_rate: {from: 8%, to: 10%, by: 2026-04-11}}"""
    rate = course('targets: {reply_rate: {from: "8%", to: "10%", by: 2026-04-11}}', "reply_rate")
    assert rate.level(date(2026, 4, 1)) == Fraction(8, 100)
    assert rate.level(date(2026, 4, 6)) == Fraction(9, 100)
    assert rate.level(date(2026, 12, 1)) == Fraction(10, 100)
    assert rate.level(date(2026, 3, 31)) is None


def test_a_weeks_target_on_a_line_is_the_mean_of_its_working_days() -> None:
    """targets: {calls: {per: week, from: 200, to: 250, by: 2026-09-30}}"""
    calls = course("targets: {calls: {per: week, from: 200, to: 250, by: 2026-09-30}}", "calls")
    assert calls.level(date(2026, 9, 30)) == 250
    assert calls.target(week(4, 6)) == 200 + Fraction(50, 182) * 7
    assert calls.until == date(2026, 9, 30)


def test_a_line_without_a_start_begins_at_the_baseline() -> None:
    """40 calls a working day: the last complete week before April brought 200."""
    calls = course("targets: {calls: {per: week, to: 250, by: 2026-09-30}}", "calls")
    assert calls.level(date(2026, 4, 1)) == 200


def test_steps_stay_until_the_next_one() -> None:
    """targets: {reply_rate: {steps: {2026-04-01: 8%, 2026-07-01: 10%}}}"""
    rate = course('targets: {reply_rate: {steps: {2026-04-01: "8%", 2026-07-01: "10%"}}}', "reply_rate")
    assert rate.level(date(2026, 6, 30)) == Fraction(8, 100)
    assert rate.level(date(2026, 7, 1)) == Fraction(10, 100)
    assert rate.target(month(6)) == Fraction(8, 100)


def test_growth_is_a_constant_rate_a_period() -> None:
    """targets: {leads: {per: month, from: 100, growth: 10%}}"""
    leads = course('targets: {leads: {per: month, from: 100, growth: "10%"}}', "leads", Grain.MONTH)
    assert [leads.target(month(n)) for n in (4, 5, 6)] == [100, 110, 121]


def test_growth_to_a_level_meets_it_in_the_last_period() -> None:
    """targets: {leads: {per: month, from: 100, to: 400, by: 2026-06-30, shape: growth}}: it doubles each month."""
    text = "targets: {leads: {per: month, from: 100, to: 400, by: 2026-06-30, shape: growth}}"
    leads = course(text, "leads", Grain.MONTH)
    targets = [leads.target(month(n)) for n in (4, 5, 6, 7)]
    assert targets[0] == 100
    assert targets[1] == pytest.approx(200, abs=1e-25)
    assert targets[2:] == [400, 400]


def test_growth_ends_by_its_day() -> None:
    """targets: {leads: {per: month, from: 100, growth: 10%, by: 2026-05-31}}"""
    text = 'targets: {leads: {per: month, from: 100, growth: "10%", by: 2026-05-31}}'
    leads = course(text, "leads", Grain.MONTH)
    assert [leads.target(month(n)) for n in (4, 5, 6)] == [100, 110, 110]


def test_growth_within_one_period_is_a_step() -> None:
    """targets: {leads: {per: month, from: 100, to: 200, by: 2026-04-15, shape: growth}}"""
    leads = course("targets: {leads: {per: month, from: 100, to: 200, by: 2026-04-15, shape: growth}}", "leads")
    assert [leads.level(date(2026, 4, day)) for day in (1, 14, 15)] == [100, 100, 200]


def test_a_file_sets_levels_for_the_whole_and_for_segments() -> None:
    """targets: {calls: {per: week, file: calls.csv}}"""
    rows = (
        FileLevel(date(2026, 4, 1), Fraction(200)),
        FileLevel(date(2026, 7, 1), Fraction(240)),
        FileLevel(date(2026, 4, 1), Fraction(90), (("rep", "佐藤"),)),
    )
    text = STORY + "targets: {calls: {per: week, file: calls.csv}}"
    bearings = bearings_of(text, AS_OF, NUMBERS, files={"calls.csv": rows})
    whole = course_of(bearings, "calls", Grain.WEEK)
    assert whole
    assert [whole.target(week(4, 6)), whole.target(week(7, 6))] == [200, 240]
    assert segment_courses(bearings, "calls", Grain.WEEK)[("rep", "佐藤"),].target(week(4, 6)) == 90


def test_a_target_by_rep_adds_up_to_the_whole() -> None:
    """targets: {calls: {per: week, each: {rep: {佐藤: 120, 伊藤: 90}}}}"""
    bearings = look("targets: {calls: {per: week, each: {rep: {佐藤: 120, 伊藤: 90}}}}")
    whole = course_of(bearings, "calls", Grain.WEEK)
    assert whole
    assert whole.target(week(4, 6)) == 210
    found = segment_courses(bearings, "calls", Grain.WEEK)
    assert [each.target(week(4, 6)) for each in found.values()] == [120, 90]


def test_each_amount_means_its_own_period() -> None:
    """40 a month is 40 * 84 / 365 a week; 2 a working day are 10."""
    text = "targets: {calls: {per: week, level: 10, each: {rep: {佐藤: 40 per month, 伊藤: 2 per day, 鈴木: 9}}}}"
    found = segment_courses(look(text), "calls", Grain.WEEK)
    assert [each.target(week(4, 6)) for each in found.values()] == [Fraction(40 * 84, 365), 10, 9]
    whole = "targets: {calls: {each: {rep: {佐藤: 40 per week, 伊藤: 3650 per year}}}}"
    assert course(whole, "calls", Grain.MONTH).target(week(4, 6)) == 40 + 70


def test_a_line_between_two_periods_is_in_one() -> None:
    """targets: {calls: {from: 75 per week, to: 365 per month, by: 2026-09-30}}: it ends at 84 a week."""
    calls = course("targets: {calls: {from: 75 per week, to: 365 per month, by: 2026-09-30}}", "calls")
    assert [calls.level(date(2026, 4, 1)), calls.level(date(2026, 9, 30))] == [75, 84]
    steps = course("targets: {calls: {per: week, steps: {2026-04-01: 75, 2026-07-01: 365 per month}}}", "calls")
    assert [steps.level(date(2026, 4, 1)), steps.level(date(2026, 7, 1))] == [Fraction(75 * 365, 84), 365]


@pytest.mark.parametrize(
    "target",
    [
        "{to: 250}",
        "{growth: 5%, from: 1, to: 2}",
        "{from: 200, to: 250, by: 2026-03-01}",
        "{from: 200}",
        "{file: gone.csv}",
        "{per: week}",
    ],
)
def test_a_target_that_does_not_say_enough_is_none(target: str) -> None:
    assert course_of(look(f"targets: {{calls: {target}}}"), "calls", Grain.WEEK) is None


MILESTONES = """
milestones:
  - {id: m3, by: +3 months, reach: [companies >= 6, leads >= 160 per month, reply_rate >= 8%]}
  - {id: m6, by: +6 months, reach: [companies >= 12]}
"""


def test_the_path_runs_from_the_baseline_through_the_milestones() -> None:
    """Three companies stand at the start, six are asked for after 3 months, twelve after 6."""
    path = course(MILESTONES, "companies")
    assert path.level(date(2026, 4, 1)) == 3
    assert path.level(date(2026, 7, 1)) == 6
    assert path.level(date(2026, 8, 16)) == 9
    assert path.level(date(2027, 1, 1)) == 12


def test_the_month_that_a_milestone_is_judged_by_has_its_level() -> None:
    """leads >= 160 per month by July 1: June is what counts."""
    path = course(MILESTONES, "leads")
    assert path.target(month(6)) == 160
    assert path.level(date(2026, 4, 1)) == 5 * 22  # March 2026: 22 weekdays
    rate = course(MILESTONES, "reply_rate")
    assert rate.target(month(6)) == Fraction(8, 100)


def test_the_path_never_leads_down_to_what_is_met_already() -> None:
    """Three companies stand at the start: two by May say nothing, six by July do; one and two leave it at two."""
    some = "milestones: [{by: +1 month, reach: [companies >= 2]}, {by: +3 months, reach: [companies >= 6]}]"
    assert course(some, "companies").level(date(2026, 5, 1)) == 3 + Fraction(3 * 30, 91)
    every = "milestones: [{by: +1 month, reach: [companies >= 1]}, {by: +3 months, reach: [companies >= 2]}]"
    assert course(every, "companies").level(date(2026, 4, 1)) == 2
    assert course(every, "companies").level(date(2026, 9, 1)) == 2


def test_of_levels_that_are_met_already_the_path_keeps_the_hardest_still_to_come() -> None:
    """Three companies stand at the start: two are to stand until July, then one."""
    path = course(
        "milestones: [{by: +3 months, reach: [companies >= 2]}, {by: +6 months, reach: [companies >= 1]}]", "companies"
    )
    days = (date(2026, 4, 1), date(2026, 7, 1), date(2026, 7, 2), date(2026, 12, 1))
    assert [path.level(day) for day in days] == [2, 2, 1, 1]


def test_levels_per_week_and_per_month_are_one_path() -> None:
    """leads >= 35 per week by June 30 is 35 * 365 / 84 a month."""
    weekly, monthly = (
        "{by: 2026-06-30, reach: [leads >= 35 per week]}",
        "{by: 2026-09-30, reach: [leads >= 200 per month]}",
    )
    text = f"milestones: [{weekly}, {monthly}]"
    assert course(text, "leads").level(date(2026, 6, 30)) == Fraction(35 * 365, 84)


@pytest.mark.parametrize(
    "reach", ["leads >= 10 per week, leads >= 20 per month", "leads >= 20 per month, leads >= 10 per week"]
)
def test_the_harder_of_two_on_one_day_is_found_by_one_period(reach: str) -> None:
    """10 a week is more than 20 a month."""
    path = course(f"milestones: [{{by: 2026-06-30, reach: [{reach}]}}]", "leads")
    assert path.per is Grain.WEEK
    assert path.level(date(2026, 6, 30)) == 10


def test_a_written_target_comes_before_the_milestones() -> None:
    assert course(MILESTONES + "targets: {companies: 5}", "companies").level(date(2026, 8, 1)) == 5


def test_without_a_baseline_the_path_begins_at_the_first_milestone() -> None:
    bearings = bearings_of(STORY + MILESTONES, AS_OF, {})
    path = course_of(bearings, "companies", Grain.WEEK)
    assert path
    assert path.level(date(2026, 6, 30)) is None
    assert path.level(date(2026, 8, 16)) == 9


def test_a_line_from_nowhere_is_no_course() -> None:
    bearings = bearings_of(STORY + "targets: {calls: {to: 250, by: 2026-09-30}}", AS_OF, {})
    assert course_of(bearings, "calls", Grain.WEEK) is None


def test_no_target_and_no_milestone_is_no_course() -> None:
    assert segment_courses(look(""), "calls", Grain.WEEK) == {}
    assert course_of(look(""), "calls", Grain.WEEK) is None


def test_a_baseline_in_golden_week_stands_for_a_normal_week() -> None:
    """The story starts on May 11; 40 calls on each of the two working days before it are 200 a week."""
    holidays = {date(2026, 5, day) for day in (4, 5, 6)}
    calls: Daily = lambda day: 40 if day.weekday() < 5 and day not in holidays else 0  # noqa: E731 - a number a day
    text = STORY.replace("starts: 2026-04-01", "starts: 2026-05-11")
    weekly, by_day = ("{per: week, to: 250, by: 2026-09-30}", "{per: day, to: 50, by: 2026-09-30}")
    levels = []
    for target in (weekly, by_day):
        found = course_of(
            bearings_of(f"{text}targets: {{calls: {target}}}", AS_OF.replace(month=5), {"calls": calls}),
            "calls",
            Grain.WEEK,
        )
        assert found
        levels.append(found.level(date(2026, 5, 11)))
    assert levels == [200, 40]


def test_a_path_by_the_week_starts_from_a_month_where_numbers_come_by_the_month() -> None:
    """March 2026 has 22 weekdays of 40, and 21 working days: Vernal Equinox is a day off."""
    text = STORY.replace(
        "north_star:", "  spent: {reported: crm.spent, value: yen, every: month, nature: flow}\nnorth_star:"
    )
    more = "targets: {spent: {per: week, to: 400, by: 2026-09-30}}"
    bearings = bearings_of(text + more, AS_OF, {**NUMBERS, "spent": daily(40)})
    only_months = {key: each for key, each in bearings.measured.series.items() if key != ("spent", Grain.WEEK)}
    bearings = replace(bearings, measured=replace(bearings.measured, series=only_months))
    found = course_of(bearings, "spent", Grain.MONTH)
    assert found
    assert (found.per, found.level(date(2026, 4, 1))) == (Grain.WEEK, Fraction(40 * 22, 21) * 5)
