"""Followers: a flow that is believed to follow another one is drawn from its paths, where its own past agrees.

So many of the follower come, a lag later, to one of the leader. That is believed as far as it explains: where the
follower beside its leader is calmer than alone. Then half of the paths follow, the others go on as if nothing led.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from shinro.analysis.forecast import LEAST, Kind, paths
from shinro.analysis.forecast_models import Array
from shinro.analysis.forecast_share import counted, shares

CALMER = 0.9  # of the variance of changes: what follows is calmer beside its leader than alone by a tenth at least
HALF = 0.5  # added to counts, which may be 0


@dataclass(frozen=True, slots=True)
class Following:
    """What followed (`over`) and what it followed (`base`), period by period.

    `before`: what the leader brought in the last `lag` periods, whose followers are still to come, the oldest first.
    """

    leader: str
    over: Array
    base: Array
    before: Array

    @property
    def calm(self) -> float:
        """The variance of its changes beside its leader over that of its changes alone. Law: no unit matters."""
        whole = _is_whole(self.over) and _is_whole(self.base)
        over, base = (np.log(part + (HALF if whole else 0.0)) for part in (self.over, self.base))
        alone = float(np.diff(over).var())
        return float(np.diff(over - base).var()) / alone if alone else np.inf


def following(leader: str, pairs: Sequence[tuple[float, float]], before: Sequence[float]) -> Following | None:
    """What follows what, from pairs of it and of what led to it; None where that explains nothing."""
    if len(pairs) < LEAST:
        return None
    over, base = np.array(pairs, dtype=np.float64).T
    whole = _is_whole(over) and _is_whole(base)
    if min(over.min(), base.min()) < 0 or (not whole and not min(over.min(), base.min())):
        return None
    found = Following(leader, over, base, np.array(before, dtype=np.float64))
    return found if found.calm < CALMER else None


def followed(found: Following, leading: Array, rng: np.random.Generator) -> Array:
    """The paths (draws, steps) of what follows the paths of its leader.

    A part of a count is drawn as such, with the noise of counting; anything else is an amount to one of the leader.
    Cost: as one driver's.
    """
    draws, steps = leading.shape
    known = np.broadcast_to(found.before, (draws, found.before.size))
    base = np.concatenate([known, leading], axis=1)[:, :steps]
    if _is_whole(found.over) and _is_whole(found.base) and bool((found.over <= found.base).all()):
        return counted(base, shares(found.over, found.base, steps, rng, draws), rng)
    seen = found.base > 0
    return base * paths(found.over[seen] / found.base[seen], steps, Kind.AMOUNT, rng, draws)


def mixed(own: Array, following: Array) -> Array:
    """Every other path follows."""
    every = np.arange(len(own)) % 2 == 0
    return np.where(every[:, None], following, own)


def free(found: Mapping[str, Following], below: Mapping[str, Sequence[str]]) -> Iterator[tuple[str, Following]]:
    """Those whose leader does not itself depend on what follows; `below`: what each leader is made of."""
    for metric, each in found.items():
        if not set(below[each.leader]) & set(found):
            yield metric, each


def _is_whole(values: Array) -> bool:
    return bool((values == np.rint(values)).all())
