"""What `after`, `until`, `counted` and `cohort` say, without any data."""

from __future__ import annotations

import pytest

from shinro.definitions.buckets import Buckets, buckets_of
from shinro.definitions.project import read_project
from shinro.definitions.values import Name
from shinro.periods import Grain


def read(keys: str, way: str = "retention: events") -> Buckets | None:
    project, _ = read_project(f"metrics: {{m: {{{way}{keys}}}}}\n", "shinro.yaml")
    return buckets_of(project.metrics[Name("m")])


@pytest.mark.parametrize(
    ("keys", "buckets", "last", "normal"),
    [
        (", after: 7 days", Buckets(Grain.DAY, 7, 8), 7, "day 7 up to 8 first"),
        (", after: 1 month, until: 4 months", Buckets(Grain.MONTH, 1, 4), 3, "month 1 up to 4 first"),
        (
            ", after: 4 weeks, counted: on or after, cohort: each",
            Buckets(Grain.WEEK, 4, 5, ever=True, each=True),
            4,
            "week 4 on or after each",
        ),
    ],
)
def test_which_buckets_are_looked_at(keys: str, buckets: Buckets, last: int, normal: str) -> None:
    assert read(keys) == buckets
    assert (buckets.last, buckets.normal) == (last, normal)


@pytest.mark.parametrize(
    ("keys", "way"),
    [("", "retention: events"), (", after: 7 days", "active: events"), (", after: 36 hours", "retention: events")],
)
def test_without_a_meaning_there_are_none(keys: str, way: str) -> None:
    assert read(keys, way) is None
