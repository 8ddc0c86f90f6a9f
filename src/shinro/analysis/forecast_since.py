"""What a flow brings from the story's start on, along the paths: what is known of it, and what is still to come."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction

import numpy as np

from shinro.analysis.forecast_ground import Ground
from shinro.analysis.forecast_joint import Stream
from shinro.analysis.forecast_models import Array
from shinro.analysis.targets import judged
from shinro.analysis.totals import typed_by
from shinro.definitions.meaning import meaning_of
from shinro.periods import Calendar, Period
from shinro.series import Mark, Nature

ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Brought:
    """A sum since the start at the end of each period to come, and on a day; `missing` as what a condition reads."""

    values: Array  # (draws, steps)
    due: Array  # (draws,)
    missing: Period | None = None


def known_day(ground: Ground, metric: str) -> date:
    """The last day up to which a flow is counted as measured; the paths bring what comes behind it.

    That is as-of where the running period has brought something, else the last day before the first to be forecast.
    Amounts that are typed in are of whole periods.
    """
    before = ground.first.start - ONE_DAY
    if typed_by(ground.project, metric) or begun(ground, metric) is None:
        return before
    return min(ground.as_of, ground.first.last)


def begun(ground: Ground, metric: str) -> Fraction | None:
    """What the first period to be forecast has brought already, which its paths hold; None where it has not begun."""
    series = ground.series.get(metric)
    point = series.at(ground.first) if series else None
    if point is None or point.mark is not Mark.INCOMPLETE or point.base is not None:
        return None
    return point.value if meaning_of(metric, ground.meanings).nature is Nature.FLOW else None


def since_start(ground: Ground, metric: str, stream: Stream, due: date) -> Brought:
    """A flow's sum from the story's start, as analysis/totals.py reads it on a day.

    Law: nothing of the days before the start counts; what is not known is not 0.
    """
    starts, ahead = _starts(ground), ground.ahead(stream.value.shape[1])
    behind = known_day(ground, metric) + ONE_DAY
    so_far = ground.so_far.get(metric)
    if starts is not None and starts >= behind and _begins(ground, metric, starts):
        so_far = Fraction(0)
    if starts is None or so_far is None:
        nothing = np.full(stream.value.shape, np.nan)
        return Brought(nothing, nothing[:, 0], _unknown(ground, metric, behind))
    left = stream.value.copy()
    if behind > ground.first.start:
        left[:, 0] -= float(begun(ground, metric) or 0)
    every = typed_by(ground.project, metric)
    day = judged(ground.calendar, every, due) if every else Period(due, due + ONE_DAY)
    ends = [*(period.end for period in ahead), day.end]
    shares = np.array(
        [[_counted(ground.calendar, period, behind, Period(starts, end)) for period in ahead] for end in ends]
    )
    sums = float(so_far) + left @ shares.T
    return Brought(sums[:, :-1], sums[:, -1])


def _starts(ground: Ground) -> date | None:
    return ground.project.story.starts if ground.project.story else None


def _begins(ground: Ground, metric: str, starts: date) -> bool:
    """Whether a sum can begin on a day: of what is typed in, with a period."""
    every = typed_by(ground.project, metric)
    return every is None or ground.calendar.period(starts, every).start == starts


def _unknown(ground: Ground, metric: str, behind: date) -> Period | None:
    """The first period since the start that has no number; else all of the days up to the paths'."""
    starts = _starts(ground)
    if starts is None:
        return None
    series = ground.series.get(metric)
    known = {point.period for point in series.points if point.mark is not Mark.UNKNOWN} if series else set()
    over = ground.calendar.periods(starts, max(starts, ground.first.start - ONE_DAY), ground.grain)
    found = next((each for each in over if each not in known and each.end <= behind), None)
    return found or Period(starts, max(behind, starts + ONE_DAY))


def _counted(calendar: Calendar, period: Period, behind: date, span: Period) -> float:
    """How much of what a period is still to bring, from a day on, comes within a span."""
    left = Period(max(period.start, behind), period.end)
    return float(calendar.share(Period(max(left.start, span.start), min(left.end, span.end)), left))
