"""Joint paths: drivers that moved together in the past do so in the paths, and each keeps its own distribution."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
from scipy.stats import rankdata

from shinro.analysis.forecast_models import Array
from shinro.analysis.forecast_past import Past

TOGETHER = 8  # periods that two pasts must share
RIDGE = 1e-6


class Stream(NamedTuple):
    """A metric's sample paths (draws, steps), with the parts of a ratio where it has any. NaN where undefined.

    `whole`: what others are computed from: of a flow without what its running period has brought, of a drawn ratio the
    rate itself, without the noise of counting and also where its base is 0. None: the value.
    """

    value: Array
    over: Array | None = None
    base: Array | None = None
    whole: Array | None = None


def together(drawn: Mapping[str, Stream], pasts: Mapping[str, Past], rng: np.random.Generator) -> dict[str, Stream]:
    """The same paths of each driver, in an order in which their levels go together as the pasts' changes did.

    Law: each driver's set of paths stays what it was. Source: Iman, Conover (1982), doi:10.1080/03610918208812265.
    """
    names = tuple(drawn)
    if len(names) < 2:  # noqa: PLR2004 - two go together
        return dict(drawn)
    matrix = correlation([pasts[name] for name in names])
    count = len(next(iter(drawn.values())).value)
    normal = rng.standard_normal((count, len(names))) @ np.linalg.cholesky(matrix).T
    return {name: _ordered(drawn[name], normal[:, n]) for n, name in enumerate(names)}


def _ordered(stream: Stream, wish: Array) -> Stream:
    """The paths with the highest level where the wish is highest."""
    level = np.nan_to_num(np.nanmean(np.nan_to_num(stream.value), axis=1))
    order = np.argsort(level, kind="stable")[(rankdata(wish, "ordinal") - 1).astype(int)]
    over, base, whole = (None if part is None else part[order] for part in stream[1:])
    return Stream(stream.value[order], over, base, whole)


def correlation(pasts: list[Past]) -> Array:
    """The correlation of the pasts' changes, shrunk as James and Stein would; a positive definite matrix with ones."""
    found = np.eye(len(pasts))
    changes = [_changes(past) for past in pasts]
    for i, left in enumerate(changes):
        for j in range(i):
            found[i, j] = found[j, i] = _pair(left, pasts[i].behind, changes[j], pasts[j].behind)
    least = float(np.linalg.eigvalsh(found)[0])
    return found if least > RIDGE else np.asarray((found + (RIDGE - least) * np.eye(len(pasts))) / (1 + RIDGE - least))


def _changes(past: Past) -> Array:
    x = np.sqrt(past.values) if past.values.min() >= 0 else past.values
    return np.diff(x)


def _pair(left: Array, late: int, right: Array, later: int) -> float:
    """The correlation over the periods that both know."""
    last = max(late, later)
    left, right = left[: left.size - (last - late)], right[: right.size - (last - later)]
    count = min(left.size, right.size)
    if count < TOGETHER:
        return 0.0
    left, right = left[-count:], right[-count:]
    if not left.std() or not right.std():
        return 0.0
    found = float(np.corrcoef(rankdata(left), rankdata(right))[0, 1])
    return found * max(0.0, 1 - 1 / (count * found**2)) if found else 0.0
