"""Capacities: bounds of what follows from the drivers, which a plan counts on no more of.

What a driver brings beyond a capacity is not counted; so every driver keeps helping or doing nothing, and the best
that can be reached stays at the corner. A bound that would help where it is kept (at most so many that leave) is no
capacity, and stays a condition of its own.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from fractions import Fraction

import numpy as np

from shinro.analysis.batch import Batch
from shinro.analysis.footing import Footing
from shinro.analysis.leanings import TINY, Leanings
from shinro.analysis.rooms import Room
from shinro.definitions.expression import Call, Name
from shinro.definitions.unfolding import LIMITS
from shinro.findings.plans import Origin
from shinro.series import Better

MOST, LEAST = LIMITS  # before the name of what they bound: `≤calls`


def capped(footing: Footing, but: Iterable[str] = ()) -> Footing:
    """The footing with its capacities in the equations, each a leaf of its own that stands at its bound.

    `but` those leaves. Law: where no capacity is reached, every value is what it was.
    """
    equations, rooms, left = dict(footing.unfolding.equations), [], []
    for room in footing.ceilings:
        word, pick, place = (LEAST, "greatest", 0) if room.meaning.better is Better.LOWER else (MOST, "least", 1)
        end, name = (room.low, room.high)[place], f"{word}{room.metric}"
        if end is None or room.origins[place] is not Origin.WRITTEN or name in but:
            left.append(room)
            continue
        equations[room.metric] = Call(pick, (equations[room.metric], Name(name)))
        rooms.append(replace(room, metric=name, start=end, low=end, high=end, origins=(Origin.WRITTEN,) * 2))
        if room.origins[1 - place] is Origin.WRITTEN:
            left.append(_without(room, place))
    leaves = (*footing.unfolding.leaves, *(room.metric for room in rooms))
    return replace(
        footing,
        unfolding=replace(footing.unfolding, equations=equations, leaves=leaves),
        rooms=(*footing.rooms, *rooms),
        ceilings=tuple(left),
    )


def _without(room: Room, place: int) -> Room:
    origins = (Origin.ASSUMED, room.origins[1]) if place == 0 else (room.origins[0], Origin.ASSUMED)
    return replace(room, origins=origins)


def is_capacity(metric: str) -> bool:
    """Whether a leaf stands for the bound of something that follows from the drivers."""
    return metric.startswith(LIMITS)


def with_capacities(footing: Footing, made: Batch, found: Leanings, ends: Mapping[str, Fraction]) -> Leanings:
    """Leanings of the capacities too, told where every driver is at its end: only what binds there matters."""
    names = [room.metric for room in footing.rooms if is_capacity(room.metric)]
    if not names:
        return found
    levels = {room.metric: ends.get(room.metric, room.start) for room in footing.rooms}
    sets = {name: np.full((footing.horizon, len(names)), float(level), complex) for name, level in levels.items()}
    for n, name in enumerate(names):
        sets[name][:, n] += 1j * TINY * max(abs(float(levels[name])), 1.0)
    read = made.run(sets, footing.horizon)
    directions, helping, mixed = dict(found.directions), list(found.helping), set(found.mixed)
    slopes = [np.broadcast_to(aim.read(read, number=float), (len(names),)).imag * aim.side for aim in footing.aims]
    for n, name in enumerate(names):
        side = -1 if name.startswith(LEAST) else 1
        own = [float(np.nan_to_num(row[n])) * side for row in slopes]
        if any(each < 0 for each in own):
            mixed.add(name)
        directions[name] = side if any(each > 0 for each in own) else 0
        helping = [helps | {name} if each > 0 else helps for helps, each in zip(helping, own, strict=True)]
    return Leanings(directions, frozenset(mixed), tuple(helping))
