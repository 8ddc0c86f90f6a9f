"""Probability: how likely the conditions of a milestone are to hold on its day, all of them on the same paths."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from shinro.analysis.compare import MEETS
from shinro.analysis.forecast_ground import Ground
from shinro.analysis.forecast_joint import Stream
from shinro.analysis.forecast_models import Array
from shinro.analysis.targets import MEAN_DAYS, metric_of
from shinro.definitions.meaning import meaning_of
from shinro.definitions.periodic import accrues, grows_with_length, not_within, reads_from
from shinro.definitions.phrases import Condition, Over, Per, Since
from shinro.definitions.story import Milestone
from shinro.findings.forecasts import ConditionOdds, How, MilestoneOdds
from shinro.periods import Grain, Period
from shinro.series import Nature, Point

LIKELY = 0.5
STILL_LIKELY = 0.45  # a spell is not over where so many paths, within their own noise, hold
ONE_DAY = timedelta(days=1)
Spell = tuple[date | None, date | None]
NEVER: Spell = (None, None)
Truths = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Read:
    """A condition along the paths: what it reads at the end of each period, known ones first, and on its day."""

    values: Array  # (draws, steps)
    due: Array  # (draws,)


def read(ground: Ground, condition: Condition, stream: Stream, due: date) -> Read:
    """What a condition reads along the paths, as analysis/milestones.py reads what is known."""
    metric, grain = metric_of(condition), ground.grain
    known = [point for point in ground.points(metric) if point.period < ground.first]
    draws, steps = stream.value.shape
    ahead = ground.ahead(steps)
    nature, adds = meaning_of(metric, ground.meanings).nature, accrues(ground.project, metric)
    match condition.reading:
        case Since():
            so_far = _since(known, ground.project.story.starts if ground.project.story else None)
            values = so_far + np.cumsum(stream.value, axis=1)
            return Read(values, _on(values, np.full(draws, so_far), ahead, due))
        case Over() as over:
            length = float(over.periods * MEAN_DAYS[over.grain] / MEAN_DAYS[grain])
            values, before = (_monthly(ground, metric) * each for each in _pooled(stream, known, length))
        case Per(asked):
            values, before = _per(stream, known, asked, grain, adds=adds)
        case _ if nature is Nature.STOCK:
            before = np.full(draws, float(known[-1].value) if known and known[-1].value is not None else np.nan)
            return Read(stream.value, _on(stream.value, before, ahead, due))
        case _:
            asked = Grain.MONTH if adds else not_within(ground.project, metric, Grain.MONTH)
            found = _per(stream, known, asked, grain, adds=adds)
            values, before = found if adds else (_monthly(ground, metric) * each for each in found)
    over_by = [n for n, period in enumerate(ahead) if period.end <= due + ONE_DAY]
    return Read(values, values[:, over_by[-1]] if over_by else before)


def _monthly(ground: Ground, metric: str) -> float:
    """What a rate of the paths' periods is multiplied by to be a month's: of churn, more than of a win rate."""
    if not grows_with_length(ground.project, metric):
        return 1.0
    return float(MEAN_DAYS[Grain.MONTH] / MEAN_DAYS[ground.grain])


def _since(known: Iterable[Point], starts: date | None) -> float:
    """What a flow has brought since the story's start, in periods that are over."""
    mine = [point for point in known if starts is None or point.period.end > starts]
    return sum(float(point.value) for point in mine if point.value is not None)


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


def _per(stream: Stream, known: list[Point], asked: Grain, grain: Grain, *, adds: bool) -> tuple[Array, Array]:
    """The value of a longer or shorter period than the paths': sums of theirs, or its part of one."""
    length = float(MEAN_DAYS[asked] / MEAN_DAYS[grain])
    if not adds:
        return _pooled(stream, known, max(length, 1.0))
    return _summed(stream.value, [_number(point.value) for point in known], length)


def _number(value: Fraction | None) -> float:
    return np.nan if value is None else float(value)


def _pooled(stream: Stream, known: list[Point], length: float) -> tuple[Array, Array]:
    """A rate's parts over so many periods, added and then divided; without parts the mean of its values."""
    if stream.over is None or stream.base is None:
        values, before = _summed(stream.value, [_number(point.value) for point in known], length)
        return values / length, before / length
    over, over_before = _summed(stream.over, [_number(point.over) for point in known], length)
    base, base_before = _summed(stream.base, [_number(point.base) for point in known], length)
    return _shared(over, base), _shared(over_before, base_before)


def _shared(over: Array, base: Array) -> Array:
    return np.asarray(np.divide(over, base, out=np.full(over.shape, np.nan), where=base > 0))


def _summed(values: Array, known: list[float], length: float) -> tuple[Array, Array]:
    """Sums over so many periods up to each, what is known before them; the oldest one may count in part."""
    draws = len(values)
    whole, part = int(length), length - int(length)
    past = np.array([np.nan] * (whole + 1) + known)[-(whole + 1) :]
    rows = np.column_stack([np.broadcast_to(past, (draws, past.size)), values])
    count = values.shape[1] + 1
    found = np.zeros((draws, count))
    for back in range(whole):
        found += rows[:, whole - back : whole - back + count]
    if part:
        found += part * rows[:, :count]
    return found[:, 1:], found[:, 0]


def odds(
    ground: Ground, milestone: Milestone, due: date, drawn: Mapping[str, Stream], hows: Mapping[str, How]
) -> MilestoneOdds:
    """How likely a milestone is to hold on its day.

    Laws: 0 to 1; all together is never likelier than one of them; a more demanding level is never likelier.
    """
    goals = [goal for goal in milestone.reach if goal.condition]
    reads = {}
    for goal in goals:
        told = goal.condition and reads_from(ground.project, goal.condition, ground.grain)
        stream = drawn.get(metric_of(goal.condition)) if goal.condition and told else None
        if goal.condition and stream is not None and due < ground.ahead(stream.value.shape[1])[-1].end:
            reads[str(goal.text)] = (goal.condition, read(ground, goal.condition, stream, due))
    held = {text: _held(condition, found.values) for text, (condition, found) in reads.items()}
    spells = {text: _spell(ground, found, due) for text, found in held.items()}
    kept = {text: _held(condition, found.due) for text, (condition, found) in reads.items()}
    conditions = tuple(
        ConditionOdds(
            text=str(goal.text),
            metric=metric_of(goal.condition),
            meaning=meaning_of(metric_of(goal.condition), ground.meanings),
            probability=float(kept[str(goal.text)].mean()) if str(goal.text) in kept else None,
            how=hows.get(metric_of(goal.condition)),
            reached=spells.get(str(goal.text), NEVER)[0],
            ends=spells.get(str(goal.text), NEVER)[1],
            median=_median(reads[str(goal.text)][1].due) if str(goal.text) in reads else None,
        )
        for goal in goals
        if goal.condition
    )
    whole = bool(goals) and len(kept) == len({str(goal.text) for goal in goals}) and len(goals) == len(milestone.reach)
    together = float(np.logical_and.reduce(list(kept.values())).mean()) if whole else None
    at = _spell(ground, np.logical_and.reduce(list(held.values())), due) if whole else NEVER
    return MilestoneOdds(milestone.title, due, together, conditions, *at)


def _held(condition: Condition, values: Array) -> Truths:
    """Where a condition holds, strictly as written; not where its value is undefined."""
    with np.errstate(invalid="ignore"):
        return np.asarray(MEETS[condition.op](values, float(condition.level.value)), dtype=np.bool_)


def _median(values: Array) -> float | None:
    known = values[~np.isnan(values)]
    return float(np.median(known)) if known.size else None


def _spell(ground: Ground, held: Truths, due: date) -> Spell:
    """From when it is more likely than not to hold, and by when no longer: the spell of the day, else the first one.

    The last day of the spell's first period, and that of the first one behind it, None where it lasts.
    """
    likely = held.mean(axis=0).tolist()
    spells: list[tuple[int, int]] = []  # the first period, and the first behind it
    for n, chance in enumerate(likely):
        if spells and spells[-1][1] == n and chance >= STILL_LIKELY:
            spells[-1] = (spells[-1][0], n + 1)
        elif chance >= LIKELY:
            spells.append((n, n + 1))
    if not spells:
        return NEVER
    ahead = ground.ahead(len(likely))
    over_by = sum(period.end <= due + ONE_DAY for period in ahead) - 1
    first, behind = next((each for each in spells if each[0] <= over_by < each[1]), spells[0])
    return ahead[first].last, ahead[behind].last if behind < len(ahead) else None
