"""Buckets: what `after`, `until`, `counted` and `cohort` of a retention metric say, and what of it means nothing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from shinro.definitions.metric import Metric
from shinro.definitions.project import Project
from shinro.definitions.values import Span
from shinro.periods import Grain
from shinro.problems import Problem

UNITS = {"day": Grain.DAY, "week": Grain.WEEK, "month": Grain.MONTH}


@dataclass(frozen=True, slots=True)
class Buckets:
    """Which periods after a cohort's own are looked at; the cohort's own is bucket 0.

    `after` and `end` count units: the buckets are `after` up to and without `end`.
    """

    unit: Grain
    after: int
    end: int
    ever: bool = False  # `on or after`: in this bucket or in any later one
    each: bool = False  # every period in which an entity is active is a cohort, not its first alone

    @property
    def last(self) -> int:
        """The bucket at whose end a cohort is mature."""
        return self.end - 1

    @property
    def normal(self) -> str:
        """The same meaning, the same text."""
        kept = "on or after" if self.ever else f"up to {self.end}"
        return f"{self.unit.value} {self.after} {kept} {'each' if self.each else 'first'}"


def buckets_of(metric: Metric) -> Buckets | None:
    """The buckets of a retention metric; None where they are not told, or told so that they mean nothing."""
    if metric.retention is None or metric.after is None or any(_wrong("", metric)):
        return None
    after = metric.after.duration.amount
    end = metric.until.duration.amount if metric.until else after + 1
    return Buckets(
        UNITS[metric.after.duration.unit], after, end, metric.counted == "on or after", metric.cohort == "each"
    )


def wrong_buckets(project: Project) -> Iterator[Problem]:
    """What of the project's retention metrics has no meaning (Q152)."""
    for name, metric in project.metrics.items():
        if metric.retention:
            yield from _wrong(str(name), metric)


def _wrong(name: str, metric: Metric) -> Iterator[Problem]:
    after, until = metric.after, metric.until
    if after is None:
        return
    if after.duration.unit not in UNITS:
        yield _told("unit", name, after)
    elif after.duration.amount < 1:
        yield _told("own", name, after)
    if until and metric.counted == "on or after":
        yield _told("open", name, until)
    elif until and until.duration.unit != after.duration.unit:
        yield _told("units", name, until, after=str(after.text), unit=after.duration.unit)
    elif until and until.duration.amount <= after.duration.amount:
        yield _told("order", name, until, after=str(after.text))


def _told(case: str, name: str, span: Span, **args: object) -> Problem:
    return Problem(span.place, "Q152", {"case": case, "metric": name, "text": str(span.text)} | args)
