"""Probability: how likely the conditions of a milestone are to hold on its day, all of them on the same paths."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray

from shinro.analysis.compare import MEETS
from shinro.analysis.forecast_ground import Ground
from shinro.analysis.forecast_joint import Stream
from shinro.analysis.forecast_models import Array
from shinro.analysis.forecast_read import Read, read
from shinro.analysis.measured import read_by
from shinro.analysis.targets import metric_of
from shinro.analysis.totals import adds_up
from shinro.definitions.meaning import meaning_of
from shinro.definitions.periodic import accrues, reads_from
from shinro.definitions.phrases import Condition, Over, Per, Since
from shinro.definitions.story import Milestone
from shinro.findings.forecasts import ConditionOdds, How, MilestoneOdds
from shinro.periods import DAYS_OF

LIKELY = 0.5
STILL_LIKELY = 0.45  # a spell is not over where so many paths, within their own noise, hold
ONE_DAY = timedelta(days=1)
Spell = tuple[date | None, date | None]
NEVER: Spell = (None, None)
Truths = NDArray[np.bool_]


def odds(
    ground: Ground, milestone: Milestone, due: date, drawn: Mapping[str, Stream], hows: Mapping[str, How]
) -> MilestoneOdds:
    """How likely a milestone is to hold on its day.

    Laws: 0 to 1; all together is never likelier than one of them; a more demanding level is never likelier.
    """
    goals = [goal for goal in milestone.reach if goal.condition]
    found = {str(goal.text): _read(ground, goal.condition, due, drawn) for goal in goals if goal.condition}
    told = {str(goal.text): goal.condition for goal in goals if goal.condition}
    reads = {text: each for text, each in found.items() if each and not each.missing}
    held = {text: _held(told[text], each.values) for text, each in reads.items()}
    spells = {text: _spell(ground, each, due) for text, each in held.items()}
    kept = {text: _held(told[text], each.due) for text, each in reads.items()}
    conditions = tuple(
        ConditionOdds(
            text=str(goal.text),
            metric=metric_of(goal.condition),
            meaning=meaning_of(metric_of(goal.condition), ground.meanings),
            probability=float(kept[str(goal.text)].mean()) if str(goal.text) in kept else None,
            how=hows.get(metric_of(goal.condition)),
            reached=spells.get(str(goal.text), NEVER)[0],
            ends=spells.get(str(goal.text), NEVER)[1],
            median=_median(reads[str(goal.text)].due) if str(goal.text) in reads else None,
            missing=each.missing if (each := found[str(goal.text)]) else None,
        )
        for goal in goals
        if goal.condition
    )
    whole = bool(goals) and len(kept) == len({str(goal.text) for goal in goals}) and len(goals) == len(milestone.reach)
    together = float(np.logical_and.reduce(list(kept.values())).mean()) if whole else None
    at = _spell(ground, np.logical_and.reduce(list(held.values())), due) if whole else NEVER
    return MilestoneOdds(milestone.title, due, together, conditions, *at)


def _read(ground: Ground, condition: Condition, due: date, drawn: Mapping[str, Stream]) -> Read | None:
    """What a condition reads; None where its paths cannot tell, or end before its day, or its sum has no first one."""
    told = reads_from(ground.project, condition, ground.grain) and not sums_amiss(ground, condition)
    stream = drawn.get(metric_of(condition)) if told else None
    begins = not isinstance(condition.reading, Since) or (ground.project.story and ground.project.story.starts)
    if stream is None or not begins or due >= ground.ahead(stream.value.shape[1])[-1].end:
        return None
    return read(ground, condition, stream, due)


def sums_amiss(ground: Ground, condition: Condition) -> bool:
    """Whether a condition adds up periods of what does not add up: distinct counts, which overlap, and products."""
    metric = metric_of(condition)
    if metric not in ground.meanings or not accrues(ground.project, metric) or adds_up(ground.project, metric):
        return False
    match condition.reading:
        case Since():
            return True
        case Per(grain) | Over(grain=grain):
            return DAYS_OF[grain.value] > DAYS_OF[ground.grain.value]
    grain = read_by(ground.project, meaning_of(metric, ground.meanings))
    return DAYS_OF[grain.value] > DAYS_OF[ground.grain.value]


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
