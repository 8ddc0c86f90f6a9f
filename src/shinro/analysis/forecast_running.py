"""Running: what a period that is not over yet still brings, from what it would bring whole.

Its days bring independently of each other. So what the days left bring is cut from a whole period as a bridge is: the
doubt of the level shrinks as the days do, the noise of the days only with their square root.
"""

from __future__ import annotations

from collections.abc import Mapping
from collections.abc import Set as AbstractSet

import numpy as np

from shinro.analysis.forecast_made import Running
from shinro.analysis.forecast_models import Array
from shinro.definitions.expression import Node, names
from shinro.definitions.tree import degree

ROOTS = 2.0  # what comes one at a time has steps of variance 1 / 2 between the square roots of its periods
STIFF = 1e-9  # of what comes in a period: nothing comes in smaller pieces


def rest(whole: Array, left: float, rng: np.random.Generator, *, past: Array | None = None, count: bool) -> Array:
    """What is still to come, from draws (draws,) of what whole periods bring; `left` is the part of it to come.

    A count comes in ones, or clusters; an amount in pieces; what may be below 0 has noise of its own. How large these
    are is told by the past's steps, at most by how far the draws lie apart.
    Laws: all of it where all is left, none where nothing is; its mean is that part of the whole's; of a count 0 or
    more, and whole. Source: the bridges of the negative binomial, the gamma and the Brownian process.
    """
    defined = ~np.isnan(whole)
    if left <= 0 or left >= 1 or not defined.all():
        found = np.where(defined, whole if left >= 1 else 0.0, np.nan)
        if 0 < left < 1 and defined.any():
            found[defined] = rest(whole[defined], left, rng, past=past, count=count)
        return found
    mean, variance = float(whole.mean()), float(whole.var())
    if whole.min() < 0:
        steps = variance if past is None else min(variance, float(np.diff(past).var()) / 2)
        found = left * whole + np.sqrt(left * (1 - left) * steps) * rng.standard_normal(whole.shape)
        return np.rint(found) if count else np.asarray(found)
    if not mean:
        return np.zeros(whole.shape)
    piece = variance / mean
    if past is not None and past.min() >= 0:
        piece = min(piece, ROOTS * float(np.diff(np.sqrt(past)).var()))
    elif count:
        piece = 1.0  # beyond ones, what a formula scatters is its level
    beyond = max(piece - 1 if count else piece, STIFF * mean)
    part = rng.beta(left * mean / beyond, (1 - left) * mean / beyond, whole.shape)
    return np.asarray(rng.binomial(np.rint(whole).astype(np.int64), part), np.float64) if count else whole * part


def flows_of(node: Node, running: Mapping[str, Running]) -> frozenset[str]:
    """The flows that a formula reads and that are known so far."""
    return frozenset(name.path for name in names(node) if name.path in running and running[name.path].adds)


def proportional(node: Node, flows: AbstractSet[str]) -> bool:
    """Whether a formula brings half as much where these flows bring half: then what is left of it is made of theirs."""
    return degree(node, lambda name: int(name.path in flows)) == 1
