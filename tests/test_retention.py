"""Retention through the real path: published answers, edges of calendars and clocks, dating, marks, segments."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

from retaining import event, shown, triangle, world_of
from shinro.periods import Grain
from shinro.series import Mark

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
