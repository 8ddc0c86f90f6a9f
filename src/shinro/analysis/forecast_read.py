"""What a condition reads along the paths, by the same days and periods as the status reads what is known."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from shinro.analysis.forecast_ground import Ground
from shinro.analysis.forecast_joint import Stream
from shinro.analysis.forecast_models import Array
from shinro.analysis.forecast_since import since_start
from shinro.analysis.measured import read_by
from shinro.analysis.targets import MEAN_DAYS, judged, metric_of
from shinro.definitions.meaning import meaning_of
from shinro.definitions.periodic import accrues, comes_by, grows_with_length
from shinro.definitions.phrases import Condition, Over, Per, Since
from shinro.periods import Grain, Period
from shinro.series import Mark, Nature, Point

ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Read:
    """A condition along the paths: what it reads at the end of each period to come, and on its day.

    `missing`: what it reads on its day that is over, and has no number: then nothing can be said of the day.
    """

    values: Array  # (draws, steps)
    due: Array  # (draws,)
    missing: Period | None = None


@dataclass(frozen=True, slots=True)
class _Piece:
    """One period of those that a condition is read by, on every path, with the parts of a rate where it has any."""

    value: Array
    over: Array | None = None
    base: Array | None = None
    missing: Period | None = None


def read(ground: Ground, condition: Condition, stream: Stream, due: date) -> Read:
    """What a condition reads along the paths, as analysis/milestones.py reads what is known."""
    metric = metric_of(condition)
    series = ground.series.get(metric)
    known = {point.period: point for point in series.points} if series else {}
    paths = _Paths(ground, metric, stream, ground.ahead(stream.value.shape[1]), known)
    match condition.reading:
        case Since():
            found = since_start(ground, metric, stream, due)
            return Read(found.values, found.due, found.missing)
        case Over(grain=grain, periods=periods):
            return _by(paths, grain, due, periods)
        case Per(grain):
            return _by(paths, grain, due)
    grain = read_by(ground.project, meaning_of(metric, ground.meanings))
    if grain is not Grain.DAY:
        return _by(paths, grain, due)
    on_day = paths.standing(due)
    return Read(stream.value, on_day.value, on_day.missing)


def _by(paths: _Paths, grain: Grain, due: date, periods: int = 1) -> Read:
    """The last period of a grain that is over, or so many as one, at the end of each of the paths' and on a day."""
    calendar = paths.ground.calendar
    ends = [judged(calendar, grain, day) for day in (*(period.last for period in paths.ahead), due)]
    wanted = {calendar.step(end, grain, -n) for end in ends for n in range(periods)}
    known = {period: paths.piece(period, grain) for period in wanted}
    runs = {end: [known[calendar.step(end, grain, -n)] for n in range(periods)] for end in set(ends)}
    found = {end: run[0] if periods == 1 else _as_one([(piece, 1.0) for piece in run]) for end, run in runs.items()}
    return Read(
        np.column_stack([found[end].value for end in ends[:-1]]), found[ends[-1]].value, found[ends[-1]].missing
    )


@dataclass(frozen=True, slots=True)
class _Paths:
    """A metric as far as it is known, and its paths behind that."""

    ground: Ground
    metric: str
    stream: Stream
    ahead: tuple[Period, ...]
    known: Mapping[Period, Point]

    def piece(self, period: Period, grain: Grain) -> _Piece:
        """One period of a grain: its own number where it is known, else made of the paths' periods."""
        own = self.ground.judged.get((self.metric, grain))
        point = own.at(period) if own else None
        if point is not None and point.final is not None:
            return self._told(point)
        nature = meaning_of(self.metric, self.ground.meanings).nature
        return self.standing(period.last) if nature is Nature.STOCK else self._made(period, grain)

    def standing(self, day: date) -> _Piece:
        """What stands on a day, on the line between two periods' ends."""
        before = self._one(self.ground.calendar.step(self.ground.first, self.ground.grain, -1))
        if day < self.ahead[0].start - ONE_DAY:
            return self._one(self.ground.calendar.period(day, self.ground.grain))
        value = _on(self.stream.value, before.value, self.ahead, day)
        return _Piece(value, missing=before.missing if np.isnan(value).all() else None)

    def _made(self, period: Period, grain: Grain) -> _Piece:
        """A period from the paths' own: longer ones pooled, of a shorter one its part of the one that it ends in."""
        ground, calendar = self.ground, self.ground.calendar
        ratio = float(MEAN_DAYS[grain] / MEAN_DAYS[ground.grain])
        last = calendar.period(period.last, ground.grain)
        within = calendar.periods(period.start, period.last, ground.grain) if ratio > 1 else [last]
        shares = {each: self._share(each, period) if ratio > 1 else 1.0 for each in within}
        pieces = [(self._one(each), share) for each, share in shares.items() if share]
        if not accrues(ground.project, self.metric):
            times = ratio if grows_with_length(ground.project, self.metric) else 1.0
            return _as_one(pieces, times)
        value = np.sum([piece.value * share for piece, share in pieces], axis=0)
        return _Piece(value * min(ratio, 1.0), missing=_missing(pieces))

    def _share(self, each: Period, period: Period) -> float:
        """How much of one of the paths' periods counts for a longer one: what is typed in where it ends."""
        if comes_by(self.ground.project, self.metric) is self.ground.grain:
            return float(each.last in period)
        part = Period(max(each.start, period.start), min(each.end, period.end))
        return float(self.ground.calendar.share(part, each))

    def _one(self, period: Period) -> _Piece:
        """One of the paths' own periods, by its date: drawn, or known; missing where it is over without a number.

        One that is over and not final yet is drawn like the first to come. Nothing had happened before a table's first.
        """
        if period >= self.ground.first:
            return self._drawn(self.ahead.index(period))
        point = self.known.get(period)
        if point and point.mark is Mark.INCOMPLETE:
            return self._drawn(0)
        if point and point.mark is Mark.COMPLETE and (point.value is not None or point.base is not None):
            return self._told(point)
        if self.known and period < min(self.known) and self._is_counted():
            return _Piece(np.zeros(len(self.stream.value)))
        return _Piece(np.full(len(self.stream.value), np.nan), missing=period)

    def _is_counted(self) -> bool:
        """Whether a metric counts rows, and is not typed in."""
        return accrues(self.ground.project, self.metric) and comes_by(self.ground.project, self.metric) is Grain.DAY

    def _drawn(self, n: int) -> _Piece:
        value, over, base, _ = self.stream
        if over is None or base is None:
            return _Piece(value[:, n])
        return _Piece(value[:, n], over[:, n], base[:, n])

    def _told(self, point: Point) -> _Piece:
        value, over, base = (None if each is None else float(each) for each in (point.value, point.over, point.base))
        whole = np.full(len(self.stream.value), np.nan if value is None else value)
        if over is None or base is None:
            return _Piece(whole)
        return _Piece(whole, np.full(whole.shape, over), np.full(whole.shape, base))


def _missing(pieces: Iterable[tuple[_Piece, float]]) -> Period | None:
    return next((piece.missing for piece, _ in pieces if piece.missing), None)


def _as_one(pieces: Sequence[tuple[_Piece, float]], times: float = 1.0) -> _Piece:
    """A rate's parts, each as far as it counts, added and then divided; without parts the mean of its values."""
    weights, missing = np.array([share for _, share in pieces]), _missing(pieces)
    over = [piece.over for piece, _ in pieces if piece.over is not None]
    base = [piece.base for piece, _ in pieces if piece.base is not None]
    if len(over) < len(pieces) or len(base) < len(pieces):
        mean = weights @ np.array([piece.value for piece, _ in pieces]) / weights.sum()
        return _Piece(np.asarray(mean * times), missing=missing)
    whole, under = weights @ np.array(over), weights @ np.array(base) / times
    value = np.divide(whole, under, out=np.full(whole.shape, np.nan), where=under > 0)
    return _Piece(np.asarray(value), whole, under, missing)


def _on(values: Array, before: Array, ahead: tuple[Period, ...], day: date) -> Array:
    """What stands on a day, on the line between two periods' ends."""
    ends = [(period.last - ahead[0].start).days for period in ahead]
    at = np.array([-1, *ends], dtype=np.float64)
    rows = np.column_stack([before, values])
    place = float(np.clip((day - ahead[0].start).days, -1, ends[-1]))
    right = int(np.searchsorted(at, place))
    if at[right] == place:
        return np.asarray(rows[:, right])
    share = (place - at[right - 1]) / (at[right] - at[right - 1])
    return np.asarray(rows[:, right - 1] + share * (rows[:, right] - rows[:, right - 1]))
