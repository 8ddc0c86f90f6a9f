"""Measured: what a look at where we are is taken from: the soundings, and what the project says of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from types import MappingProxyType

from shinro.definitions import periodic
from shinro.definitions.meaning import meaning_of
from shinro.definitions.project import Project
from shinro.definitions.story import FileLevel
from shinro.loads import Load
from shinro.periods import Calendar, Grain, Period
from shinro.series import Meaning, Nature, Point, Series


@dataclass(frozen=True, slots=True)
class Soundings:
    """All that was measured for one look: series by (metric or part, grain), by dimension where a target asks for it.

    `totals` are a metric's values over spans that no grain has, one or, where a span is parted, some in order;
    `known_until` the last day that a metric's source tells about, where that is before as-of; `unmeasured` says why a
    metric has no series (a catalog key).
    """

    as_of: date
    series: Mapping[tuple[str, Grain], Series]
    segments: Mapping[tuple[str, Grain, str], tuple[Series, ...]] = field(default_factory=dict)
    totals: Mapping[tuple[str, Period], tuple[Point, ...]] = field(default_factory=dict)
    loads: Mapping[str, Load] = field(default_factory=dict)
    known_until: Mapping[str, date] = field(default_factory=dict)
    unmeasured: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for name in ("series", "segments", "totals", "loads", "known_until", "unmeasured"):
            object.__setattr__(self, name, MappingProxyType(dict(getattr(self, name))))

    def complete(self, metric: str, grain: Grain) -> tuple[Point, ...]:
        """The final points of a metric at a grain, up to as-of; none where it was not measured."""
        series = self.series.get((metric, grain))
        return tuple(point for point in series.complete if point.period.start <= self.as_of) if series else ()

    def at(self, metric: str, period: Period, grain: Grain) -> Point | None:
        """The point of one period."""
        series = self.series.get((metric, grain))
        return series.at(period) if series else None


@dataclass(frozen=True, slots=True)
class Bearings:
    """What a look at where we are is taken from: the project with its meanings, what was measured, working days.

    `files` are the levels in the targets' CSV files, by path as written.
    """

    project: Project
    meanings: Mapping[str, Meaning]
    measured: Soundings
    calendar: Calendar
    files: Mapping[str, tuple[FileLevel, ...]] = field(default_factory=dict)

    @property
    def as_of(self) -> date:
        """The day of the look."""
        return self.measured.as_of

    @property
    def starts(self) -> date | None:
        """The day that the story starts."""
        return self.project.story.starts if self.project.story else None

    def meaning(self, metric: str) -> Meaning:
        """What a metric's numbers mean."""
        return meaning_of(metric, self.meanings)


def is_shared(project: Project, meaning: Meaning) -> bool:
    """Whether a metric's periods bring an amount each (calls), so that a target is shared over working days."""
    return meaning.nature in (Nature.FLOW, Nature.WINDOWED) and periodic.accrues(project, meaning.metric)


def read_by(project: Project, meaning: Meaning) -> Grain:
    """The period that a metric is read over as it stands: a day for a stock, a month for a rate.

    Never shorter than the one that its reported numbers come in: between two of them nothing is known.
    """
    return periodic.not_within(project, meaning.metric, Grain.DAY if meaning.nature is Nature.STOCK else Grain.MONTH)
