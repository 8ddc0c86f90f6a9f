"""Retention through the real path: published answers, edges of calendars and clocks, dating, marks, segments."""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction
from hashlib import md5
from typing import Any

import pytest

from measuring import project_of
from oracle import Row
from retaining import PROJECT, event, events, shown, triangle, world_of
from shinro.definitions.buckets import buckets_of, wrong_buckets
from shinro.definitions.meaning import meanings
from shinro.definitions.project import read_project
from shinro.periods import Grain
from shinro.series import Mark, Nature

# PostHog, posthog/hogql_queries/insights/test/test_retention_query_runner.py::test_day_interval: recurring, daily.
DAYS = [date(2020, 6, 10 + n) for n in range(11)]
A04 = [
    *(event("1", DAYS[n]) for n in (0, 1, 2, 5, 5, 6)),
    *(event("2", DAYS[n]) for n in (1, 2, 3, 6)),
    event("nobody", DAYS[10], kind="other"),  # the data goes on, so that later days are zeros
]
PUBLISHED = [
    [1, 1, 1, 0, 0, 1, 1, 0, 0, 0, 0],
    [2, 2, 1, 0, 1, 2, 0, 0, 0, 0],
    [2, 1, 0, 1, 2, 0, 0, 0, 0],
    [1, 0, 0, 1, 0, 0, 0, 0],
    [0, 0, 0, 0, 0, 0, 0],
    [1, 1, 0, 0, 0, 0],
    [2, 0, 0, 0, 0],
]


def test_a04_every_active_day_is_a_cohort() -> None:
    world = world_of(A04, DAYS[10], "after: 1 day, cohort: each, where: kind = 'open'")
    found = [list(each.kept) for each in triangle(world, Grain.DAY, 10)[()]]
    assert found[:7] == PUBLISHED
    assert [each[0] for each in found[7:]] == [0, 0, 0, 0]


def test_a04_the_metric_reads_one_bucket_of_it_dated_at_maturity() -> None:
    for after in (1, 2, 5):
        world = world_of(A04, DAYS[10], f"after: {after} days, cohort: each, where: kind = 'open'")
        found = shown(world, Grain.DAY)[()]
        for n, row in enumerate(row for row in PUBLISHED if after < len(row)):
            expected = Fraction(row[after], row[0]) if row[0] else None
            assert found[DAYS[n + after].isoformat()] == (
                expected,
                Mark.COMPLETE if n + after < 10 else Mark.INCOMPLETE,
            )


def test_a04_by_first_days_alone() -> None:
    """The first rows of the same matrix, each for those whose first day it is: 1 on day 0, 2 on day 1."""
    world = world_of(A04, DAYS[10], "after: 1 day, where: kind = 'open'")
    found = [list(each.kept) for each in triangle(world, Grain.DAY, 10)[()]]
    assert found[:3] == [[1, 1, 1, 0, 0, 1, 1, 0, 0, 0, 0], [1, 1, 1, 0, 0, 1, 0, 0, 0, 0], [0] * 9]


def fresh(text: str, as_of: date) -> list[Row]:
    """The rows, and one of nobody up to which the data goes on."""
    return [*events(text), event(None, as_of)]


def of(text: str, how: str, as_of: date, grain: Grain = Grain.WEEK, **world: Any) -> dict[str, Fraction | None]:
    """The metric by the first days of periods that are not unknown, of entities and their days."""
    found = shown(world_of(fresh(text, as_of), as_of, how, **world), grain).get((), {})
    return {day: value for day, (value, mark) in found.items() if mark is not Mark.UNKNOWN}


FOUR = """
A 2026-03-02 2026-03-09 2026-03-23
B 2026-03-03 2026-03-16
C 2026-03-10 2026-03-17 2026-03-24
D 2026-03-04
"""


def test_a_cohort_is_dated_when_its_bucket_ends() -> None:
    """A, B, D begin in the week of March 2nd, C a week later; the running week is that of the 30th."""
    found = shown(world_of(fresh(FOUR, date(2026, 3, 30)), date(2026, 3, 30), "after: 2 weeks"), Grain.WEEK)[()]
    assert found == {
        "2026-03-02": (None, Mark.COMPLETE),
        "2026-03-09": (None, Mark.COMPLETE),
        "2026-03-16": (Fraction(1, 3), Mark.COMPLETE),
        "2026-03-23": (Fraction(1), Mark.COMPLETE),
        "2026-03-30": (None, Mark.INCOMPLETE),
    }


def test_by_day_it_stands_on_the_last_day_of_the_bucket_and_nowhere_else() -> None:
    found = of(FOUR, "after: 2 weeks", date(2026, 3, 30), Grain.DAY)
    assert {day: value for day, value in found.items() if value is not None} == {
        "2026-03-22": Fraction(1, 3),
        "2026-03-29": Fraction(1),
    }


def test_by_month_the_cohorts_that_mature_in_it_are_pooled() -> None:
    assert of(FOUR, "after: 2 weeks", date(2026, 3, 30), Grain.MONTH) == {"2026-03-01": Fraction(2, 4)}
    assert of(FOUR, "after: 2 weeks", date(2026, 3, 30), Grain.QUARTER) == {"2026-01-01": Fraction(2, 4)}


def test_a_bucket_that_runs_is_marked_and_one_that_has_not_begun_does_not_count() -> None:
    """As of Wednesday the 18th A's and B's second week runs; C's has not begun."""
    world = world_of(events(FOUR), date(2026, 3, 18), "after: 2 weeks")
    assert shown(world, Grain.WEEK)[()]["2026-03-16"] == (Fraction(1, 3), Mark.INCOMPLETE)
    assert shown(world, Grain.MONTH)[()] == {"2026-03-01": (Fraction(1, 3), Mark.INCOMPLETE)}
    late = world_of(events(FOUR), date(2026, 3, 23), "after: 2 weeks", late_by=1)
    assert shown(late, Grain.WEEK)[()]["2026-03-16"] == (Fraction(1, 3), Mark.INCOMPLETE)
    assert shown(late, Grain.WEEK, "cohort")[()]["2026-03-16"] == (Fraction(3), Mark.INCOMPLETE)


def test_on_or_after_counts_a_later_return_too() -> None:
    as_of = date(2026, 3, 30)
    assert of(FOUR, "after: 1 week", as_of)["2026-03-09"] == Fraction(1, 3)
    assert of(FOUR, "after: 1 week, counted: on or after", as_of)["2026-03-09"] == Fraction(2, 3)
    assert of(FOUR, "after: 1 week, counted: on or after, cohort: each", as_of)["2026-03-16"] == Fraction(2, 2)


def test_a_bracket_is_dated_at_the_end_of_its_last_bucket_and_counts_everybody_once() -> None:
    """Weeks 1 to 3: A is active in two of them, B in one, D in none."""
    found = of(FOUR, "after: 1 week, until: 4 weeks", date(2026, 3, 30))
    assert {day: value for day, value in found.items() if value is not None} == {
        "2026-03-23": Fraction(2, 3),
        "2026-03-30": Fraction(1),
    }
    each = of(FOUR, "after: 1 week, until: 3 weeks, cohort: each", date(2026, 3, 30))
    assert [each[day] for day in ("2026-03-16", "2026-03-23")] == [Fraction(2, 3), Fraction(2, 2)]


def test_an_empty_name_and_0_are_somebody_and_null_is_nobody() -> None:
    rows = [event(who, date(2026, 3, 2 + 7 * n)) for who in ("", "0", None) for n in (0, 1)]
    assert shown(world_of(rows, date(2026, 3, 16), "after: 1 week"), Grain.WEEK, "cohort")[()]["2026-03-09"][0] == 2


def test_rows_that_stand_twice_change_nothing() -> None:
    rows = events(FOUR)
    one, two = (shown(world_of(each, date(2026, 3, 30), "after: 1 week"), Grain.WEEK) for each in (rows, rows * 2))
    assert one == two


def test_no_rows_have_no_periods_and_one_row_is_a_cohort_of_one_that_is_not_kept() -> None:
    assert shown(world_of([], date(2026, 3, 30), "after: 1 week"), Grain.WEEK) == {(): {}}
    nobody = world_of([event(None, date(2026, 3, 2)), event("A", date(2026, 3, 20), kind="x")], date(2026, 3, 20),
                      "after: 1 week, where: kind = 'open'")  # fmt: skip
    assert set(shown(nobody, Grain.WEEK)[()].values()) <= {(None, Mark.COMPLETE), (None, Mark.INCOMPLETE)}
    rows = [event("A", date(2026, 3, 2)), event(None, date(2026, 3, 20))]
    found = shown(world_of(rows, date(2026, 3, 20), "after: 1 week"), Grain.WEEK)[()]
    assert found["2026-03-09"] == (Fraction(0), Mark.COMPLETE)


def test_a_month_after_a_leap_day_is_march_and_a_year_is_twelve_months() -> None:
    rows = "A 2024-02-29 2024-03-31\nB 2024-02-01 2025-02-28\nC 2024-01-31 2024-02-29"
    assert of(rows, "after: 1 month", date(2024, 4, 2), Grain.MONTH)["2024-03-01"] == Fraction(1, 2)
    assert of(rows, "after: 1 month", date(2024, 4, 2), Grain.MONTH)["2024-02-01"] == 1
    assert of(rows, "after: 12 months", date(2025, 3, 2), Grain.MONTH)["2025-02-01"] == Fraction(1, 2)


def test_a_day_that_has_23_or_25_hours_is_one_day() -> None:
    """New York: March 8th, 2026 begins at 05:00 UTC and ends at 04:00; November 1st has an hour twice."""
    spring = [event("A", date(2026, 3, 8), 5), event("A", date(2026, 3, 9), 4), event("B", date(2026, 3, 9), 5)]
    found = shown(world_of(spring, date(2026, 3, 11), "after: 1 day", zone="America/New_York"), Grain.DAY)[()]
    assert found["2026-03-09"] == (Fraction(1), Mark.COMPLETE)
    autumn = [event("A", date(2026, 11, 1), 4), event("A", date(2026, 11, 2), 4), event("A", date(2026, 11, 2), 5)]
    found = shown(world_of(autumn, date(2026, 11, 4), "after: 1 day", zone="America/New_York"), Grain.DAY)[()]
    assert found["2026-11-02"] == (Fraction(1), Mark.COMPLETE)


def test_weeks_start_where_the_project_says() -> None:
    """March 1st and 7th, 2026 are a Sunday and the Saturday behind it."""
    rows = "A 2026-03-01 2026-03-07\nB 2026-03-07 2026-03-08"
    as_of = date(2026, 3, 15)
    assert of(rows, "after: 1 week", as_of, week="sunday")["2026-03-08"] == Fraction(1, 2)
    assert of(rows, "after: 1 week", as_of, week="monday")["2026-03-02"] == Fraction(1, 1)


def test_periods_behind_the_end_of_the_data_are_unknown_never_zero() -> None:
    """The data ends on the 24th: of the cohorts that mature later nothing is known, and none is a loss."""
    as_of = date(2026, 4, 30)
    found = shown(world_of(events(FOUR), as_of, "after: 2 weeks"), Grain.WEEK)[()]
    assert [mark for day, (_, mark) in found.items() if day > "2026-03-23"] == [Mark.UNKNOWN] * 5
    young = world_of([*events(FOUR), *events("E 2026-03-23")], as_of, "after: 3 weeks")
    assert shown(young, Grain.QUARTER, "cohort")[()] == {
        "2026-01-01": (3, Mark.INCOMPLETE),
        "2026-04-01": (None, Mark.UNKNOWN),
    }


def test_three_and_ten_years_of_days() -> None:
    """Everybody comes back after a day and after a year's days; a new one begins on the first of every year."""
    for years in (3, 10):
        first = [date(2016 + n, 1, 1) for n in range(years)]
        rows = [event(f"u{day}", day + timedelta(days=n)) for day in first for n in (0, 1, 365)]
        rows.append(event(None, date(2016 + years, 12, 31)))
        world = world_of(rows, date(2016 + years, 12, 31), "after: 365 days")
        found = shown(world, Grain.DAY, "kept")[()]
        assert sum(value or 0 for value, _ in found.values()) == years
        assert len(triangle(world, Grain.DAY, 365)[()]) == (date(2016 + years, 12, 31) - first[0]).days + 1
        assert [each.kept[365] for each in triangle(world, Grain.DAY, 365)[()] if each.size] == [1] * years


SEGMENTS = """
A/pro 2026-03-02
A/free 2026-03-10
B/free 2026-03-03 2026-03-11
"""


def test_by_a_dimension_a_cohort_belongs_to_its_first_row_and_is_kept_by_any() -> None:
    """A begins as pro and comes back as free: kept, of pro."""
    found = shown(world_of(events(SEGMENTS), date(2026, 3, 16), "after: 1 week"), Grain.WEEK, by=("plan",))
    assert {segment[0][1]: column["2026-03-09"][0] for segment, column in found.items()} == {"pro": 1, "free": 1}
    each = shown(world_of(events(SEGMENTS), date(2026, 3, 16), "after: 1 week, cohort: each"), Grain.WEEK, "cohort",
                 ("plan",))  # fmt: skip
    assert {segment[0][1]: [n for n, _ in column.values()] for segment, column in each.items()} == {
        "pro": [0, 1, 0],
        "free": [0, 1, 2],
    }


def test_of_two_rows_at_one_moment_the_hash_of_their_segments_decides_whatever_their_order() -> None:
    rows = [event("A", date(2026, 3, 2), plan=plan) for plan in ("x", "y")] + [event("A", date(2026, 3, 9))]
    first = min(("x", "y"), key=lambda plan: md5(plan.encode()).hexdigest())  # noqa: S324 - an order, no secret
    for each in (rows, rows[::-1]):
        found = shown(world_of(each, date(2026, 3, 16), "after: 1 week"), Grain.WEEK, by=("plan",))
        assert list(found) == [(("plan", first),)]


@pytest.mark.parametrize(
    "how",
    [
        "after: 1 quarter",
        "after: 36 hours",
        "after: 0 days",
        "after: 2 weeks, until: 2 weeks",
        "after: 2 weeks, until: 20 days",
        "after: 2 weeks, until: 4 weeks, counted: on or after",
    ],
)
def test_what_means_no_bucket_is_not_measured(how: str) -> None:
    assert shown(world_of(events(FOUR), date(2026, 3, 30), how), Grain.WEEK) == {}
    assert [problem.code for problem in wrong_buckets(project_of(PROJECT.format(zone="UTC", week="monday", how=how)))]


def test_the_meaning_says_how_far_ahead_and_what_of_what() -> None:
    project = project_of(PROJECT.format(zone="UTC", week="monday", how="after: 4 weeks, counted: on or after"))
    meaning = meanings(project)["kept"]
    assert (meaning.nature, meaning.percent, meaning.numerator, meaning.denominator) == (
        Nature.WINDOWED, True, "kept.kept", "kept.cohort",
    )  # fmt: skip
    assert meaning.window == "4 weeks on or after"


def test_a_retention_without_after_has_no_buckets_and_one_problem() -> None:
    project, problems = read_project("metrics:\n  kept: {retention: events}\n", "shinro.yaml")
    assert [problem.code for problem in problems] == ["S112"]
    metric = project.metric("kept")
    assert metric
    assert (buckets_of(metric), list(wrong_buckets(project))) == (None, [])


@pytest.mark.parametrize("key", ["until: 4 weeks", "counted: on", "cohort: each", "after: 1 week"])
def test_a_key_of_retention_on_another_metric_is_told(key: str) -> None:
    _, problems = read_project(f"metrics:\n  a: {{count: events, {key}}}\n", "shinro.yaml")
    assert [(problem.code, problem.args["key"]) for problem in problems] == [("S131", key.partition(":")[0])]
