"""Edges: a share that is none or all in some periods is so again, as often as it was, and between them what it was."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from shinro.analysis.forecast_models import TAILS, Array, ages

NONE, SOME, ALL = range(3)
USUAL = 2.0  # periods that the share's usual state counts for beside what followed the state that it is in
Inner = Callable[[Array, int], Array]


def edged(past: Array, steps: int, rng: np.random.Generator, draws: int, inner: Inner) -> Array:
    """Paths (draws, steps) of a share whose past (t,) was 0 or 1 in some periods; `inner` draws on what was between.

    Whether a period has none, some or all follows the period before it, as often as it did, the past discounted.
    Laws: a share that was 0 in every period stays 0, one that was 1 stays 1; within 0..1.
    """
    states = np.where(past <= 0, NONE, np.where(past >= 1, ALL, SOME))
    ends = _turns(states).cumsum(axis=1)
    drawn, now = np.empty((draws, steps), dtype=np.intp), np.full(draws, states[-1])
    for n, chance in enumerate(rng.random((steps, draws))):
        now = np.minimum((chance[:, None] >= ends[now]).sum(axis=1), ALL)
        drawn[:, n] = now
    between = past[states == SOME]
    values = inner(between, draws) if between.size else np.zeros((draws, steps))
    return np.where(drawn == NONE, 0.0, np.where(drawn == ALL, 1.0, values))


def _turns(states: np.typing.NDArray[np.int64]) -> Array:
    """How often each state was followed by each, (3, 3); rows add up to 1."""
    weights = ages(states.size)
    usual = np.bincount(states, weights, ALL + 1) / weights.sum()
    found = np.zeros((ALL + 1, ALL + 1))
    np.add.at(found, (states[:-1], states[1:]), weights[1:])
    return np.asarray((found + USUAL * usual) / (found.sum(axis=1) + USUAL)[:, None])


def still(logs: Array, steps: int, rng: np.random.Generator, draws: int, least: float) -> Array:
    """Too few values for a course of their own: about their mean as they lay, (draws, steps)."""
    spread = max(float(logs.std(ddof=1)), least) if logs.size > 1 else least
    level = logs.mean() + spread / np.sqrt(logs.size) * rng.standard_normal((draws, 1))
    return np.asarray(level + spread * rng.standard_t(TAILS, (draws, steps)))
