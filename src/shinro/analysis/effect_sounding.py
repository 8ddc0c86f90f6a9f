"""What was measured for an effect: the part of the KPI that the initiative touches, the rest of it, other metrics."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction

from shinro.analysis.effect_control import Candidate
from shinro.analysis.effect_periods import Frame, Track, pooled, track
from shinro.analysis.effect_sought import SoughtEffect
from shinro.analysis.measured import is_shared
from shinro.definitions.meaning import meaning_of
from shinro.definitions.project import Project
from shinro.periods import Calendar
from shinro.series import Meaning, Nature, Point, Series


@dataclass(frozen=True, slots=True)
class Sounded:
    """What was measured for one effect: the KPI by the dimensions of the part that is touched, and whole metrics."""

    sought: SoughtEffect
    whole: Series | None
    segments: tuple[Series, ...] = ()
    others: Mapping[str, Series] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Scene:
    """What effects are judged against: the project, what its metrics mean, its working days."""

    project: Project
    meanings: Mapping[str, Meaning]
    calendar: Calendar

    def track(self, metric: str, points: Sequence[Point], frame: Frame) -> Track:
        """A metric's numbers on a frame."""
        meaning = meaning_of(metric, self.meanings)
        return track(points, frame, meaning.nature, self.calendar, accrues=is_shared(self.project, meaning))


def own_points(sounded: Sounded) -> tuple[Point, ...]:
    """The points of the part that the initiative touches, or of the whole."""
    if not sounded.sought.dimensions:
        return sounded.whole.points if sounded.whole else ()
    return pooled([series.points for series in sounded.segments if _touches(sounded, series)])


def _touches(sounded: Sounded, series: Series) -> bool:
    wanted = sounded.sought.initiative.in_
    named = {str(name): {str(value) for value in values} for name, values in wanted.items()}
    return all(value in named.get(dimension, ()) for dimension, value in series.segment)


def rest(sounded: Sounded) -> tuple[Series, ...]:
    """The segments that it does not touch."""
    return tuple(series for series in sounded.segments if not _touches(sounded, series))


def candidates(sounded: Sounded, frame: Frame, scene: Scene) -> Iterator[Candidate]:
    """The rest of the dimension first, then the metrics that were not touched."""
    metric, others = sounded.sought.metric, rest(sounded)
    if others:
        segment = tuple(pair for series in others for pair in series.segment)
        line = scene.track(metric, pooled([each.points for each in others]), frame)
        yield Candidate(metric, segment, line, twin=True)
    for name in sounded.sought.controls:
        if name in sounded.others:
            yield Candidate(name, (), scene.track(name, sounded.others[name].points, frame))


def share(sounded: Sounded, frame: Frame) -> Fraction | None:
    """How much an effect on the part is on the whole: all of an amount, of a rate as much as the part has of the base.

    None where that is not known.
    """
    if not sounded.sought.dimensions:
        return Fraction(1)
    if sounded.whole is None:
        return None
    if sounded.whole.meaning.nature is not Nature.RATIO:
        return Fraction(1) if sounded.whole.meaning.nature is Nature.FLOW else None
    part, whole = (_base(points, frame) for points in (own_points(sounded), sounded.whole.points))
    return part / whole if part is not None and whole else None


def _base(points: Sequence[Point], frame: Frame) -> Fraction | None:
    found = [point.base for point in points if point.period in frame.after and point.base is not None]
    return sum(found, Fraction(0)) if found else None


def mean(points: Sequence[Point], frame: Frame) -> Fraction | None:
    """A metric's mean over the periods after the start; of a ratio its parts pooled."""
    found = [point for point in points if point.period in frame.after and point.value is not None]
    base = sum((point.base for point in found if point.base is not None), Fraction(0))
    if base:
        return sum((point.over for point in found if point.over is not None), Fraction(0)) / base
    return sum((point.value for point in found if point.value is not None), Fraction(0)) / len(found) if found else None
