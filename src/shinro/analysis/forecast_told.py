"""Forecasts told: the quantiles of a metric's paths, what they were made from, and a backtest on its own past."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

import numpy as np

from shinro.analysis.forecast import LEAST
from shinro.analysis.forecast_ground import Ground, formula_of
from shinro.analysis.forecast_joint import Stream
from shinro.analysis.forecast_made import World
from shinro.analysis.forecast_past import oddities
from shinro.analysis.forecast_tree import leaves, streams
from shinro.analysis.forecast_world import world
from shinro.definitions.meaning import meaning_of
from shinro.findings.forecasts import LEVELS, Backtest, Forecast, How, Remark, Step
from shinro.series import Nature

TRIES = 8  # earlier dates that a backtest is made at
FAR = 3  # periods ahead that it looks
FEWER = 500  # paths of each
LOW, HIGH = 0.1, 0.9


def how(made: World, metric: str) -> How | None:
    """What a metric's forecast is made from; None where there is nothing."""
    below = leaves(made, [metric])
    if any(leaf in made.ranges for leaf in below):
        return How.SCENARIO
    alone = below == (metric,) or metric in made.follows
    return How.OWN if alone and metric in made.pasts else How.TREE


def missing(made: World, metrics: Sequence[str]) -> tuple[str, ...]:
    """The drivers that neither have a past of 8 periods nor a range."""
    return tuple(leaf for leaf in leaves(made, metrics) if leaf not in made.pasts and leaf not in made.ranges)


def forecast(ground: Ground, metric: str, steps: int) -> Forecast | None:
    """What may come of a metric; None where it cannot be told. Cost: the paths, and a few hundred a backtest's date."""
    made = world(ground, [metric], steps)
    drawn = streams(made, [metric]).get(metric)
    found = how(made, metric)
    if drawn is None or found is None:
        return None
    below = leaves(made, [metric])
    return Forecast(
        meaning=meaning_of(metric, ground.meanings),
        grain=ground.grain,
        as_of=ground.as_of,
        how=found,
        past=ground.points(metric),
        steps=fan(ground, drawn),
        drivers=tuple(leaf for leaf in below if leaf != metric),
        remarks=remarks(ground, made, [metric]),
        backtest=None if found is How.SCENARIO else backtest(ground, metric),
    )


def fan(ground: Ground, drawn: Stream) -> tuple[Step, ...]:
    """The quantiles of each period to come; of a rate where its base is not 0."""
    ahead = ground.ahead(drawn.value.shape[1])
    found = []
    for period, values in zip(ahead, drawn.value.T, strict=True):
        known = values[~np.isnan(values)]
        if known.size:
            found.append(Step(period, tuple(float(each) for each in np.quantile(known, LEVELS))))
    return tuple(found)


def remarks(ground: Ground, made: World, metrics: Sequence[str]) -> tuple[Remark, ...]:
    """What was met in the pasts that a forecast rests on, and what it lacks."""
    return tuple(_remarks(ground, made, metrics))


def _remarks(ground: Ground, made: World, metrics: Sequence[str]) -> Iterator[Remark]:
    below = leaves(made, metrics)
    pasts = {metric: found for metric, found in made.pasts.items() if metric in below}
    for metric, word, args in oddities(pasts):
        yield Remark(metric, f"forecast.{word}", args)
    for metric in below:
        if metric in made.working:
            yield Remark(metric, "forecast.working")
        if metric in made.follows:
            yield Remark(metric, "forecast.follows", {"leader": made.follows[metric].leader})
        if metric in made.paired:
            yield Remark(metric, "forecast.paired", {"count": made.paired[metric].count})
        if metric in made.ranges:
            low, high = made.ranges[metric]
            yield Remark(metric, "forecast.scenario", {"low": low, "high": high})
        if metric in made.running:
            yield Remark(metric, "forecast.running")
        alone = (
            meaning_of(metric, ground.meanings).nature is Nature.STOCK and formula_of(ground.project, metric) is None
        )
        if alone and metric in made.pasts:
            yield Remark(metric, "forecast.alone")


def backtest(ground: Ground, metric: str) -> Backtest | None:
    """The forecast as it would have been made at earlier dates, against what came; None where none can be made.

    Only as of the ends of periods that have a number.
    """
    actual = {point.period: float(point.value) for point in ground.points(metric) if point.value is not None}
    periods = sorted(actual)
    inside, errors, naive = [], [], []
    for back in range(1, TRIES + 1):
        earlier = cut(ground, back)
        last = ground.calendar.step(ground.first, ground.grain, -back - 1)
        if len([each for each in periods if each <= last]) < LEAST:
            break
        if last not in actual:
            continue
        drawn = streams(world(earlier, [metric], FAR, FEWER), [metric]).get(metric)
        if drawn is None:
            break
        for n, period in enumerate(earlier.ahead(FAR)):
            values = drawn.value[:, n][~np.isnan(drawn.value[:, n])]
            if period in actual and values.size:
                low, middle, high = np.quantile(values, [LOW, 0.5, HIGH])
                inside.append(low <= actual[period] <= high)
                errors.append(abs(actual[period] - middle))
                naive.append(abs(actual[period] - actual[last]))
    if not inside:
        return None
    return Backtest(len(inside), int(sum(inside)), float(np.mean(errors)), float(np.mean(naive)))


def cut(ground: Ground, back: int) -> Ground:
    """The ground as it was so many periods ago: what was final then, and nothing of a running period."""
    end = ground.calendar.step(ground.first, ground.grain, -back)
    series = {
        metric: replace(found, points=tuple(point for point in found.points if point.period < end))
        for metric, found in ground.series.items()
    }
    return replace(ground, series=series, as_of=ground.calendar.step(end, ground.grain, -1).last)


def hows(made: World, metrics: Sequence[str]) -> Mapping[str, How]:
    """What each metric's forecast is made from."""
    return {metric: found for metric in metrics if (found := how(made, metric))}
