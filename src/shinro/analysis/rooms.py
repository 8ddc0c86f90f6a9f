"""Rooms: how far each driver may be moved, by `planning: bounds`, by nature, else by what is assumed."""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction
from math import ceil, floor

from shinro.definitions.project import Project, ref
from shinro.definitions.unfolding import DAYS
from shinro.definitions.values import Amount
from shinro.findings.plans import Origin
from shinro.periods import Grain
from shinro.series import Better, Meaning, Nature

ONE, HALF = Fraction(1), Fraction(1, 2)


@dataclass(frozen=True, slots=True)
class Room:
    """Where a driver stands and between what it may be moved; None: no end on that side. Nothing said: it is held.

    Units: the metric's own, per period of the plan where it flows.
    """

    metric: str
    meaning: Meaning
    start: Fraction
    low: Fraction | None = None
    high: Fraction | None = None
    origins: tuple[Origin, Origin] = (Origin.NATURAL, Origin.NATURAL)
    weight: Fraction = ONE
    whole: bool = False
    share: bool = False
    known: bool = True  # False: nothing is measured, and it starts where its bounds do

    @property
    def held(self) -> bool:
        """Whether it cannot be moved at all."""
        return self.low is None and self.high is None


def room_of(project: Project, meaning: Meaning, start: Fraction | None, grain: Grain, *, is_share: bool) -> Room | None:
    """The room of a driver. None where it is neither measured nor given a range to start in.

    On a side without a bound a driver may come to twice where it stands, or to half of it; a share to twice or half
    its odds; below 0 up to half and down to twice.
    Law: what is assumed gives way to what is written, never the other way round, and has what is today within.
    """
    bound = project.planning.bounds.get(ref(meaning.metric)) if project.planning else None
    low = _level(bound.at_least, meaning, grain) if bound and bound.at_least else None
    high = _level(bound.at_most, meaning, grain) if bound and bound.at_most else None
    known = start is not None
    if start is None:  # a range alone: it starts at its worse end
        start = high if meaning.better is Better.LOWER else low
    if start is None:
        return None
    origins = tuple(Origin.ASSUMED if given is None else Origin.WRITTEN for given in (low, high))
    low = lowered(start, is_share=is_share) if low is None else low
    high = raised(start, is_share=is_share) if high is None else high
    if origins[0] is Origin.ASSUMED:
        low = min(low, high)
    if origins[1] is Origin.ASSUMED:
        high = max(low, high)
    high = min(high, ONE) if is_share else high
    low = max(low, Fraction(0)) if start >= 0 and origins[0] is Origin.ASSUMED else low
    return Room(meaning.metric, meaning, start, low, high, (origins[0], origins[1]), _weight(project, meaning.metric),
                share=is_share, known=known)  # fmt: skip


def inwards(room: Room) -> Room:
    """A room whose ends are whole things, where there is one within; else as it is (half a deal a week is a mean)."""
    low = None if room.low is None else Fraction(ceil(room.low))
    high = None if room.high is None else Fraction(floor(room.high))
    if low is not None and room.origins[0] is Origin.ASSUMED:
        low = min(low, Fraction(floor(room.start)))
    if high is not None and room.origins[1] is Origin.ASSUMED:
        high = max(high, Fraction(ceil(room.start)))
    empty = high is not None and (high < ONE or (low is not None and low > high))
    return room if empty and room.high else replace(room, low=low, high=high)


def without_season(room: Room, mean: Fraction) -> Room:
    """A room whose level is freed of the season of the periods that it was taken from; what is assumed follows it."""
    if mean == 1:
        return room
    low = None if room.low is None else room.low / mean if room.origins[0] is Origin.ASSUMED else room.low
    high = None if room.high is None else room.high / mean if room.origins[1] is Origin.ASSUMED else room.high
    if low is not None and room.origins[0] is Origin.ASSUMED and high is not None:
        low = min(low, high)
    if high is not None and room.origins[1] is Origin.ASSUMED and low is not None:
        high = max(low, high)
    found = replace(room, start=room.start / mean, low=low, high=high)
    return inwards(found) if found.whole else found


def raised(level: Fraction, *, is_share: bool) -> Fraction:
    """Twice as much, below 0 half; of a share, twice its odds. Law: `lowered` undoes it."""
    return 2 * level / (ONE + level) if is_share and 0 <= level < 1 else level * (2 if level > 0 else HALF)


def lowered(level: Fraction, *, is_share: bool) -> Fraction:
    """Half as much, below 0 twice; of a share, half its odds."""
    return level / (2 - level) if is_share and 0 <= level < 1 else level * (HALF if level > 0 else 2)


def _level(amount: Amount, meaning: Meaning, grain: Grain) -> Fraction:
    """A bound per period of the plan; one that does not say per what means a month."""
    found = amount.level.number.value
    if meaning.nature is not Nature.FLOW:
        return found
    per = amount.level.per or Grain.MONTH
    return found if per is grain else found * DAYS[grain] / DAYS[per]


def _weight(project: Project, metric: str) -> Fraction:
    found = project.planning.weights.get(ref(metric)) if project.planning else None
    return found.level.number.value if found else ONE
