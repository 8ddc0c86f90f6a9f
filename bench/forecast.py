"""Scores the forecasts with a harness kept elsewhere: `python bench/forecast.py HARNESS [calibrate|joint|speed] ...`.

HARNESS is a folder with calibrate.py, candidates.py and joint.py and their data; nothing of it is kept here.
"""

from __future__ import annotations

import os
from functools import lru_cache

os.environ.setdefault("OMP_NUM_THREADS", "1")
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import zlib

import numpy as np

from shinro.analysis.forecast import Kind, paths
from shinro.analysis.forecast_models import Array

DRAWS = 1000
FURTHEST = 26


@lru_cache(maxsize=4)
def _drawn(past: bytes, season: int, steps: int) -> Array:
    rng = np.random.default_rng(zlib.crc32(past))
    found = paths(np.frombuffer(past), steps, Kind.AMOUNT, rng, DRAWS, season)
    return np.sort(found, axis=0)


def prob(history: Array, horizon: int, threshold: float, direction: str, season: int = 1) -> float:
    """The probability that the value so many steps ahead is at least, or at most, the threshold."""
    steps = FURTHEST if horizon > FURTHEST // 2 else FURTHEST // 2
    found = _drawn(np.asarray(history, float).tobytes(), season, steps)[:, horizon - 1]
    below = (np.searchsorted(found, threshold) + 0.5) / (len(found) + 1)
    return float(1 - below if direction == ">=" else below)
