"""Leanings: which way each driver moves each condition, told from exact derivatives at levels across its room."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from shinro.analysis.batch import Batch
from shinro.analysis.footing import Footing, better_of
from shinro.analysis.rooms import Room
from shinro.findings.plans import Origin

SPOTS = (0.15, 0.5, 0.85)
TINY = 1e-30
ENOUGH = 1e-9  # of the condition's value, a whole turn of the driver moves it by so much


Signs: TypeAlias = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Leanings:
    """The way that each driver is moved (+1, -1; 0 where it moves nothing), and what is not of one mind.

    `mixed` are the drivers that help one condition and hurt another; `helping` names, for each condition, those that
    help it when they move their way.
    """

    directions: Mapping[str, int]
    mixed: frozenset[str]
    helping: tuple[frozenset[str], ...]


def leanings(footing: Footing, batch: Batch) -> Leanings:
    """The leanings of a footing. Cost: one batch of three sets a driver, each with every driver within its room.

    What leaves an empty stock moves nothing: there a driver is looked at once more, the others at their ends.
    """
    rooms = [room for room in footing.rooms if not room.held]
    signs = _signs(footing, batch, rooms, _across(rooms))
    directions, mixed = _directions(rooms, signs)
    if footing.unfolding.counts and len(directions) < len(rooms):
        still = np.array([room.metric not in directions for room in rooms])
        signs = np.where(still[None, :], _signs(footing, batch, rooms, _at_ends(rooms, directions)), signs)
        directions, mixed = _directions(rooms, signs)
    helping = tuple(
        frozenset(room.metric for n, room in enumerate(rooms) if row[n] * directions.get(room.metric, 0) > 0)
        for row in signs
    )
    return Leanings(directions, frozenset(mixed), helping)


def _directions(rooms: list[Room], signs: Signs) -> tuple[dict[str, int], set[str]]:
    directions: dict[str, int] = {}
    mixed: set[str] = set()
    for n, room in enumerate(rooms):
        unsure = bool(np.isnan(signs[:, n]).any())
        up, down = unsure or bool((signs[:, n] > 0).any()), unsure or bool((signs[:, n] < 0).any())
        if up and down:
            mixed.add(room.metric)
            directions[room.metric] = _chosen(room)
        elif up or down:
            directions[room.metric] = 1 if up else -1
    return directions, mixed


def _chosen(room: Room) -> int:
    """The side that is bounded in writing; else the better one."""
    written = [origin is Origin.WRITTEN for origin in room.origins]
    if written.count(True) == 1:
        return 1 if written[1] else -1
    return better_of(room) or 1


def _across(rooms: list[Room]) -> Signs:
    """Levels across the rooms of all drivers (drivers, sets), three sets for each driver."""
    count = max(len(rooms), 1)
    found = [
        np.tile([_spot(room, SPOTS[(k + n) % len(SPOTS)]) for k in range(len(SPOTS))], count)
        for n, room in enumerate(rooms)
    ]
    return np.array(found).reshape(len(rooms), len(SPOTS) * count)


def _at_ends(rooms: list[Room], directions: Mapping[str, int]) -> Signs:
    """The same with every driver at the end that it is moved to, but the own one at its ends and between."""
    ends = [
        _spot(room, (directions[room.metric] + 1) / 2) if room.metric in directions else float(room.start)
        for room in rooms
    ]
    found = np.repeat(np.array(ends)[:, None], len(SPOTS) * len(rooms), axis=1)
    for n, room in enumerate(rooms):
        found[n, n * len(SPOTS) : (n + 1) * len(SPOTS)] = [_spot(room, share) for share in (0.0, 0.5, 1.0)]
    return found


def _signs(footing: Footing, batch: Batch, rooms: list[Room], at: Signs) -> Signs:
    """(conditions, drivers): +1 where more of the driver helps, -1 where it hurts, 0 for neither; nan for both."""
    sets = at.shape[1]
    levels = {
        name: np.full((footing.horizon, sets), float(level), dtype=complex) for name, level in footing.levels.items()
    }
    for n, room in enumerate(rooms):
        levels[room.metric] = levels[room.metric] * 0 + at[n][None, :]
        own = slice(n * len(SPOTS), (n + 1) * len(SPOTS))
        levels[room.metric][:, own] += 1j * TINY
    read = batch.run(levels, footing.horizon)
    sizes = np.concatenate([np.abs(levels[room.metric][0, n * len(SPOTS) : (n + 1) * len(SPOTS)].real)
                            for n, room in enumerate(rooms)]) if rooms else np.ones(sets)  # fmt: skip
    sizes = np.where(sizes == 0, 1.0, np.maximum(sizes, 1e-9))  # what stands at 0 moves by whole ones
    found = np.zeros((len(footing.aims), len(rooms)))
    for row, aim in enumerate(footing.aims):
        with np.errstate(invalid="ignore"):  # a rate of nothing is nan, and says nothing
            value = np.broadcast_to(aim.read(read, number=float), (sets,))
            slopes = np.imag(value) / TINY * aim.side * sizes / np.maximum(np.abs(value.real), 1e-9)
        for n, own in enumerate(slopes.reshape(-1, len(SPOTS))[: len(rooms)]):
            known = own[~np.isnan(own)]
            up, down = bool((known > ENOUGH).any()), bool((known < -ENOUGH).any())
            found[row, n] = np.nan if up and down else float(up) - float(down)
    return found


def _spot(room: Room, share: float) -> float:
    low = float(room.low if room.low is not None else room.start)
    high = float(room.high if room.high is not None else room.start)
    return low + (high - low) * share
