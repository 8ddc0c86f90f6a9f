from __future__ import annotations

from dataclasses import replace
from datetime import date
from fractions import Fraction

import pytest

from made_up import STORY, Daily, bearings_of, daily
from shinro.analysis.questions import answers
from shinro.definitions.phrases import Per, Since
from shinro.findings.readings import Answer
from shinro.periods import Grain
from shinro.series import Mark, Point

AS_OF = date(2026, 4, 22)
RISING: Daily = lambda day: (day - date(2025, 1, 1)).days // 30  # noqa: E731 - a number a day
MILESTONES = """
milestones:
  - {id: m6, by: +6 months, reach: [qualified_leads >= 160 per month, leads >= 200 per month, reply_rate >= 10%]}
"""
TIED = "influences: [{from: leads, to: qualified_leads, lag: 2 weeks}]\n"
TOLD = "traction: [{audience: investors, headline: qualified_leads}]\n"
NO_STAR = STORY.replace("north_star: {metric: qualified_leads}\n", "").replace(
    "tree:\n  qualified_leads: calls * reply_rate\n", ""
)


def ask(text: str, number: int, star: Daily = RISING, first: date = date(2025, 1, 1)) -> Answer:
    bearings = bearings_of(text, AS_OF, {"qualified_leads": star, "leads": daily(5)}, first=first)
    return answers(bearings)[number - 1]


def test_factors_of_the_star_are_drivers() -> None:
    """Only reply_rate is in focus, and the tree says qualified_leads: calls * reply_rate."""
    found = ask(STORY.replace("weekly, focus: true}\n  calls", "weekly}\n  calls"), 1)
    assert (found.key, found.fine, found.args["metrics"]) == ("q1.drivers", True, ("reply_rate",))


def test_an_influence_is_believed_not_proved() -> None:
    found = ask(STORY + TIED, 1)
    assert (found.key, found.fine, found.args["believed"]) == ("q1.believed", True, ("leads",))


def test_a_kpi_that_is_tied_to_nothing_is_merely_measurable() -> None:
    found = ask(STORY, 1)
    assert (found.key, found.fine, found.args["metrics"]) == ("q1.loose", False, ("leads",))


def test_the_first_question_without_a_star_or_a_focus() -> None:
    assert ask(NO_STAR, 1).key == "q1.no_star"
    assert ask(STORY.replace(", focus: true", ""), 1).key == "q1.no_focus"


def test_the_star_is_no_driver_of_its_own() -> None:
    """kpis: {qualified_leads: {focus: true}}, and nothing else is in focus."""
    alone = STORY.replace(", focus: true", "") + "  qualified_leads: {owner: 田中, focus: true}\n"
    assert ask(alone, 1).key == "q1.no_focus"
    beside = STORY.replace("weekly, focus: true}\n  calls", "weekly}\n  calls")
    found = ask(beside + "  qualified_leads: {owner: 田中, focus: true}\n", 1)
    assert (found.key, found.args["metrics"]) == ("q1.drivers", ("reply_rate",))


def test_more_than_three_in_focus_is_too_many() -> None:
    more = STORY.replace("calls: {owner: 佐藤, cadence: weekly}", "calls: {owner: 佐藤, focus: true}")
    found = ask(more + "  companies: {owner: 鈴木, focus: true}\n", 1)
    assert (found.key, found.args["n"]) == ("q1.too_many", 4)


def test_levels_ahead_are_told_with_their_days() -> None:
    found = ask(STORY + MILESTONES, 2)
    assert (found.key, found.fine) == ("q2.levels", True)
    levels = found.args["levels"]
    assert isinstance(levels, tuple)
    assert ("qualified_leads", Fraction(160), date(2026, 10, 1), Per(Grain.MONTH)) in levels


@pytest.mark.parametrize(
    ("reach", "level"),
    [
        ("leads >= 10 per week, leads >= 20 per month", (Fraction(10), Per(Grain.WEEK))),
        ("leads >= 20 per month, leads >= 10 per week", (Fraction(10), Per(Grain.WEEK))),
        ("leads >= 300 since start, leads >= 20 per month", (Fraction(20), Per(Grain.MONTH))),
        ("leads >= 300 since start", (Fraction(300), Since())),
        ("leads <= 20 per month, leads <= 30 per month", (Fraction(20), Per(Grain.MONTH))),
    ],
)
def test_of_two_levels_on_one_day_the_harder_is_ahead_with_its_period(reach: str, level: object) -> None:
    found = ask(f"{STORY}milestones: [{{id: m3, by: +3 months, reach: [{reach}]}}]\n", 2)
    levels = found.args["levels"]
    assert isinstance(levels, tuple)
    assert [(each[1], each[3]) for each in levels] == [level]


def test_a_targets_level_ahead_has_its_period() -> None:
    """targets: {leads: {per: week, level: 40}}"""
    levels = ask(STORY + "targets: {leads: {per: week, level: 40}}\n", 2).args["levels"]
    assert levels == (("leads", Fraction(40), None, Per(Grain.WEEK)),)


def test_a_kpi_without_a_level_ahead_is_named() -> None:
    found = ask(STORY + "milestones: [{id: m6, by: +6 months, reach: [qualified_leads >= 160 per month]}]\n", 2)
    assert (found.key, found.fine, found.args["metrics"]) == ("q2.lacking", False, ("leads", "reply_rate"))


@pytest.mark.parametrize(
    ("target", "is_ahead"),
    [
        ("{per: week, from: 20, to: 60, by: 2026-09-30}", True),
        ("{per: week, from: 20, to: 60, by: 2026-04-20}", False),
        ("{per: week, level: 40}", True),
        ("{per: week, steps: {2026-04-01: 20, 2026-07-01: 40}}", True),
    ],
)
def test_a_target_is_a_level_ahead_while_its_day_is(target: str, is_ahead: bool) -> None:
    found = ask(f"{STORY}targets: {{leads: {target}}}\n", 2)
    lacking = found.args["metrics"]
    assert isinstance(lacking, tuple)
    assert ("leads" not in lacking) is is_ahead


def test_milestones_that_have_passed_say_nothing_of_what_is_ahead() -> None:
    found = ask(STORY + "milestones: [{id: m0, by: 2026-04-10, reach: [qualified_leads >= 9 per month]}]\n", 2)
    assert found.key == "q2.lacking"


def test_no_levels_and_nothing_to_set_them_for() -> None:
    assert ask(STORY, 2).key == "q2.no_levels"
    assert ask(NO_STAR.replace(", focus: true", ""), 2).key == "q2.nothing"


def test_a_year_that_rises_and_is_declared_is_one_story() -> None:
    found = ask(STORY + TOLD, 3)
    assert (found.key, found.fine, found.args["n"]) == ("q3.one_story", True, 11)
    first, last = found.args["first"], found.args["last"]
    assert isinstance(first, Point)
    assert isinstance(last, Point)
    assert (first.period.start, last.period.start) == (date(2025, 4, 1), date(2026, 3, 1))


def test_a_year_that_falls_is_told_so() -> None:
    falling: Daily = lambda day: 500 - (day - date(2025, 1, 1)).days  # noqa: E731 - a number a day
    assert ask(STORY + TOLD, 3, falling).key == "q3.falls"


def test_ends_that_say_otherwise_than_the_months_beside_them_are_no_story() -> None:
    """A last month of 0 after a year that rose, and one that leaps after a fall: neither is ticked or a fall."""
    sinks: Daily = lambda day: 0 if day >= date(2026, 3, 1) else 10 if day < date(2025, 7, 1) else 40  # noqa: E731
    leaps: Daily = lambda day: 40 if day >= date(2026, 3, 1) else 30 if day < date(2025, 7, 1) else 10  # noqa: E731
    for numbers in (sinks, leaps):
        found = ask(STORY + TOLD, 3, numbers)
        assert (found.key, found.fine) == ("q3.uneven", False)


def test_a_short_month_is_no_fall() -> None:
    bearings = bearings_of(STORY + TOLD, date(2026, 3, 3), {"qualified_leads": daily(5)}, first=date(2025, 3, 1))
    assert answers(bearings)[2].key == "q3.one_story"


def test_a_story_that_nobody_is_told_is_undeclared() -> None:
    assert ask(STORY, 3).key == "q3.undeclared"


def test_a_headline_apart_from_the_star_is_another_story() -> None:
    assert ask(STORY + "traction: [{audience: investors, headline: leads}]\n", 3).key == "q3.apart"


def test_two_months_are_no_course() -> None:
    found = ask(STORY + TOLD, 3, first=date(2026, 2, 1))
    assert (found.key, found.args["n"]) == ("q3.early", 2)
    assert ask(NO_STAR, 3).key == "q3.no_headline"


def test_data_that_ended_leaves_a_hole_in_the_story() -> None:
    bearings = bearings_of(STORY + TOLD, AS_OF, {"qualified_leads": RISING})
    key = ("qualified_leads", Grain.MONTH)
    series = bearings.measured.series[key]
    last = date(2026, 3, 1)
    points = tuple(
        point._replace(value=None, mark=Mark.UNKNOWN) if point.period.start == last else point
        for point in series.points
    )
    measured = replace(bearings.measured, series={key: replace(series, points=points)})
    assert answers(replace(bearings, measured=measured))[2].key == "q3.gaps"


@pytest.mark.parametrize(
    ("text", "first", "key"),
    [
        (STORY + TIED + MILESTONES + TOLD, date(2025, 1, 1), "q4.none"),
        (STORY + TIED + MILESTONES + TOLD, date(2026, 3, 1), "q4.numbers"),
        (STORY + MILESTONES + TOLD, date(2025, 1, 1), "q4.story"),
        (STORY + TOLD, date(2026, 3, 1), "q4.both"),
    ],
)
def test_is_it_numbers_that_we_lack_or_the_story(text: str, first: date, key: str) -> None:
    assert ask(text, 4, first=first).key == key
