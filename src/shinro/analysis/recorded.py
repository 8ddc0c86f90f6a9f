"""Conditions as the record reads them: of every final published period, in the order of time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from itertools import pairwise

from shinro.analysis.targets import metric_of
from shinro.analysis.tracks import Tracks
from shinro.definitions.phrases import Condition, Over, Per, Since
from shinro.findings.claims import Step, Track
from shinro.periods import Grain, Period

SHORTEST = (Grain.MONTH, Grain.WEEK, Grain.DAY, Grain.QUARTER, Grain.YEAR)  # where a condition names no period


@dataclass(frozen=True, slots=True)
class Read:
    """What a condition reads in every final published period of a grain, oldest first."""

    grain: Grain
    held: tuple[tuple[Period, Fraction | None], ...] = ()


def read_condition(asked: Condition, tracks: Tracks, starts: date | None) -> Read:
    """What a condition reads by the record; `starts` is the story's first day."""
    metric = metric_of(asked)
    match asked.reading:
        case Per(grain):
            return _values(tracks.get((metric, grain)), grain)
        case Over() as over:
            return _pooled(tracks.get((metric, over.grain)), over.grain, over.periods)
        case Since():
            return _since(tracks.get((metric, Grain.MONTH)), starts)
    grain = next((each for each in SHORTEST if (metric, each) in tracks), Grain.MONTH)
    return _values(tracks.get((metric, grain)), grain)


def _values(track: Track | None, grain: Grain) -> Read:
    return Read(grain, tuple((step.period, step.value) for step in track.final) if track else ())


def _pooled(track: Track | None, grain: Grain, periods: int) -> Read:
    """A rate's parts over so many periods up to each, where all of them were published."""
    steps = track.final if track else ()
    runs = [steps[n + 1 - periods : n + 1] for n in range(periods - 1, len(steps))]
    return Read(grain, tuple((run[-1].period, _rate(run)) for run in runs if unbroken(run)))


def _rate(run: Sequence[Step]) -> Fraction | None:
    over = sum((step.over for step in run if step.over is not None), Fraction(0))
    base = sum((step.base for step in run if step.base is not None), Fraction(0))
    whole = all(step.over is not None and step.base is not None for step in run)
    return over / base if whole and base else None


def _since(track: Track | None, starts: date | None) -> Read:
    """What a flow added up to since the story's start, where every month since then was published."""
    steps = [step for step in track.final if starts and step.period.start >= starts] if track else []
    if not steps or steps[0].period.start != starts:
        return Read(Grain.MONTH)
    runs = [steps[: n + 1] for n in range(len(steps))]
    return Read(Grain.MONTH, tuple((run[-1].period, _sum(run)) for run in runs if unbroken(run)))


def _sum(run: Sequence[Step]) -> Fraction | None:
    values = [step.value for step in run if step.value is not None]
    return sum(values, Fraction(0)) if len(values) == len(run) else None


def unbroken(run: Sequence[Step]) -> bool:
    """Whether each period begins where the one before ended."""
    return all(before.period.end == after.period.start for before, after in pairwise(run))
