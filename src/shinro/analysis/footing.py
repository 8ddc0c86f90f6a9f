"""Footing: what a plan stands on: the equations below its goals, where each driver is, how far it may be moved.

Where a driver is: its last three complete months (thirteen weeks), pooled; a stock's is its last value.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction

from shinro.analysis.aims import Aim, Wanted, aimed
from shinro.analysis.measured import Bearings, accrues
from shinro.analysis.rooms import Room, room_of
from shinro.analysis.targets import judged
from shinro.definitions.metric import PARTS
from shinro.definitions.project import Project
from shinro.definitions.unfolding import Bridge, Unfolding, unfolded
from shinro.findings.plans import Assumption
from shinro.periods import Grain, Period
from shinro.series import Better, Meaning, Nature, Point

RECENT = {Grain.DAY: 28, Grain.WEEK: 13, Grain.MONTH: 3, Grain.QUARTER: 1, Grain.YEAR: 1}
FOLLOWED = {Grain.DAY: 180, Grain.WEEK: 26, Grain.MONTH: 6, Grain.QUARTER: 4, Grain.YEAR: 2}
SOONEST = {Grain.DAY: 90, Grain.WEEK: 13, Grain.MONTH: 3, Grain.QUARTER: 1, Grain.YEAR: 1}  # periods to a bound
AFTER = {Grain.DAY: 365, Grain.WEEK: 156, Grain.MONTH: 36, Grain.QUARTER: 12, Grain.YEAR: 3}  # periods: three years


@dataclass(frozen=True, slots=True)
class Footing:
    """A plan's question. `periods` reach three years past the last knot, so that a later day can be looked for.

    `levels` hold where each leaf stands; `past` what is read of earlier periods, the newest last; `ceilings` the bounds
    of what is no leaf. `knots` are the periods, by their number from 0, that milestones are read in.
    """

    unfolding: Unfolding
    grain: Grain
    as_of: date
    base: Period
    periods: tuple[Period, ...]
    knots: tuple[int, ...]
    aims: tuple[Aim, ...]
    rooms: tuple[Room, ...]
    past: Mapping[str, tuple[Fraction, ...]]
    ceilings: tuple[Room, ...] = ()
    assumptions: tuple[Assumption, ...] = ()
    unread: tuple[tuple[str, str], ...] = ()
    from_zero: tuple[str, ...] = ()  # nothing is measured at all: a scenario, in which these start at 0

    @property
    def begun(self) -> float:
        """Periods over on the day of the look, and the share of the running one: drivers can move from then on."""
        over = _over(self.periods, self.as_of)
        running = self.periods[over] if over < len(self.periods) else self.periods[-1]
        return over + max((self.as_of - running.start).days, 0) / running.length

    @property
    def horizon(self) -> int:
        """Periods up to the last knot and the last condition."""
        return max([*self.knots, *(aim.index for aim in self.aims)], default=-1) + 1

    @property
    def levels(self) -> Mapping[str, Fraction]:
        """Where each leaf stands."""
        return {room.metric: room.start for room in self.rooms}

    def steady(self, periods: int | None = None) -> dict[str, list[Fraction]]:
        """Every leaf where it stands, in each period."""
        return {room.metric: [room.start] * (periods or len(self.periods)) for room in self.rooms}


def wanted_metrics(wanted: Iterable[Wanted]) -> tuple[str, ...]:
    """The metrics that conditions are about."""
    return tuple(dict.fromkeys(each.metric for each in wanted))


def direct(project: Project) -> frozenset[str]:
    """What `planning` bounds is set as it is."""
    return frozenset(map(str, project.planning.bounds)) if project.planning else frozenset()


def needed_for(
    project: Project,
    meanings: Mapping[str, Meaning],
    metrics: Iterable[str],
    grain: Grain,
    directly: frozenset[str] | None = None,
) -> tuple[str, ...]:
    """The metrics whose series a footing reads."""
    found = unfolded(project, meanings, metrics, grain, direct(project) if directly is None else directly)
    ends = [end for bridge in found.bridges for end in (str(bridge.influence.from_), str(bridge.influence.to))]
    rates = {bridge.rate for bridge in found.bridges}
    bases = [f"{name.partition('.')[0]}.companies" for name in found.leaves if name.endswith(".churn_rate")]
    return tuple(name for name in dict.fromkeys([*found.metrics, *ends, *bases]) if name not in rates)


def footing(
    bearings: Bearings,
    wanted: Sequence[Wanted],
    grain: Grain,
    extra: Iterable[str] = (),
    directly: frozenset[str] | None = None,
    least: int = 1,
) -> Footing:
    """What a plan for some conditions stands on.

    `extra`: metrics that are to be computed beside; `directly`: those that are set as they are (None: what `planning`
    bounds); `least`: periods.
    Conditions that cannot be planned for are left out, and said. Cost: linear in the series that are read.
    """
    asked = dict.fromkeys([*wanted_metrics(wanted), *extra])
    set_so = direct(bearings.project) if directly is None else directly
    unfolding = unfolded(bearings.project, bearings.meanings, asked, grain, set_so)
    base = _base(bearings, unfolding, grain)
    pairs = {bridge.rate: _pairs(bearings, bridge, grain, base) for bridge in unfolding.bridges}
    rates = {rate: _followed(found, grain) for rate, found in pairs.items()}
    starts = {leaf: rates[leaf] if leaf in rates else _start(bearings, leaf, grain, base) for leaf in unfolding.leaves}
    rooms = [_room(bearings, leaf, start, grain, held=leaf in rates) for leaf, start in starts.items()]
    unknown = {leaf for leaf, room in zip(starts, rooms, strict=True) if room is None}
    past = {name: _past(bearings, name, grain, base) for name in unfolding.metrics}
    past |= {rate: tuple(later / first for first, later in found if first) for rate, found in pairs.items()}
    scenario = not any(bearings.measured.complete(name, grain) for name in unfolding.metrics)
    nothing = tuple(sorted(name for name in unfolding.remembered if not past.get(name)))
    past |= dict.fromkeys(nothing if scenario else (), (Fraction(0),))
    lost = unknown | {name for name in unfolding.remembered if not past.get(name)}
    aims, unread = aimed(bearings, wanted, grain, base, unfolding, lost)
    last = max([aim.index for aim in aims] + [least - 1])
    periods = [base]
    for _ in range(last + 1 + AFTER[grain]):
        periods.append(bearings.calendar.step(periods[-1], grain))
    filled = tuple(
        room or Room(leaf, bearings.meaning(leaf), Fraction(0)) for leaf, room in zip(starts, rooms, strict=True)
    )
    return Footing(
        unfolding,
        grain,
        bearings.as_of,
        base,
        tuple(periods[1:]),
        _knots(tuple(periods[1:]), sorted({aim.index for aim in aims}) or [last], bearings.as_of, grain),
        aims,
        filled,
        past,
        tuple(_ceilings(bearings, unfolding, grain)),
        tuple(_assumed(bridge, rates[bridge.rate] or Fraction(0)) for bridge in unfolding.bridges),
        unread,
        nothing if scenario else (),
    )


def _over(periods: Sequence[Period], day: date) -> int:
    return sum(period.end <= day for period in periods)


def _knots(periods: Sequence[Period], aimed_at: Sequence[int], as_of: date, grain: Grain) -> tuple[int, ...]:
    """The periods that conditions are read in; before a far one another: drivers need no longer than a quarter."""
    soon = _over(periods, as_of) + SOONEST[grain] - 1
    return (soon, *aimed_at) if aimed_at[0] > soon else tuple(aimed_at)


def _base(bearings: Bearings, unfolding: Unfolding, grain: Grain) -> Period:
    """The last period that is complete for any of the metrics; by the calendar where nothing is measured."""
    last = [points[-1].period for name in unfolding.metrics if (points := bearings.measured.complete(name, grain))]
    return max(last, default=judged(bearings.calendar, grain, bearings.as_of))


def _start(bearings: Bearings, leaf: str, grain: Grain, base: Period) -> Fraction | None:
    """Where a driver stands; None where nothing is known of it."""
    points = [
        p for p in bearings.measured.complete(leaf, grain) if p.period.start <= base.start and p.value is not None
    ]
    nature = bearings.meaning(leaf).nature
    if not points:
        return None
    if nature is Nature.STOCK:
        return points[-1].value
    recent = points[-RECENT[grain] :]
    return _pooled(recent) if nature in (Nature.RATIO, Nature.WINDOWED) else _mean(recent)


def _mean(points: Sequence[Point]) -> Fraction:
    return sum((point.value for point in points if point.value is not None), Fraction(0)) / len(points)


def _pooled(points: Sequence[Point]) -> Fraction:
    """Parts added, then divided; the mean where there are none."""
    over = [point.over for point in points if point.over is not None]
    base = [point.base for point in points if point.base is not None]
    whole = sum(base, Fraction(0))
    return sum(over, Fraction(0)) / whole if whole and len(over) == len(base) == len(points) else _mean(points)


def _pairs(bearings: Bearings, bridge: Bridge, grain: Grain, base: Period) -> list[tuple[Fraction, Fraction]]:
    """What moves and what is moved, so many periods later, the newest last."""
    of = {p.period: p.value for p in bearings.measured.complete(str(bridge.influence.from_), grain)}
    found: list[tuple[Fraction, Fraction]] = []
    for point in bearings.measured.complete(str(bridge.influence.to), grain):
        earlier = of.get(bearings.calendar.step(point.period, grain, -bridge.lag))
        if point.value is not None and earlier is not None and point.period.start <= base.start:
            found.append((earlier, point.value))
    return found


def _followed(pairs: Sequence[tuple[Fraction, Fraction]], grain: Grain) -> Fraction | None:
    """How many followed one, over half a year; None where nothing did that could be told."""
    recent = pairs[-FOLLOWED[grain] :]
    whole = sum((earlier for earlier, _ in recent), Fraction(0))
    return sum((later for _, later in recent), Fraction(0)) / whole if whole else None


def _past(bearings: Bearings, metric: str, grain: Grain, base: Period) -> tuple[Fraction, ...]:
    points = bearings.measured.complete(metric, grain)
    return tuple(p.value for p in points if p.period.start <= base.start and p.value is not None)


def _room(bearings: Bearings, leaf: str, start: Fraction | None, grain: Grain, *, held: bool) -> Room | None:
    meaning = bearings.meaning(leaf)
    if held:
        return Room(leaf, Meaning(leaf, Nature.RATIO), start) if start is not None else None
    found = room_of(bearings.project, meaning, start, grain, is_share=_is_share(bearings.project, meaning))
    if found is None:
        return None
    whole = accrues(bearings.project, meaning) or meaning.nature is Nature.STOCK
    counted = any(base.startswith("count:") and power == 1 for base, power in meaning.unit.powers)
    return replace(found, whole=whole and counted and len(meaning.unit.powers) == 1)


def _is_share(project: Project, meaning: Meaning) -> bool:
    name, _, part = meaning.metric.partition(".")
    found = project.metric(name)
    if part and found and found.recurring:
        return part in PARTS and PARTS[part][1] == "share" and part != "nrr"
    return meaning.percent and not (found and found.derived)


def _ceilings(bearings: Bearings, unfolding: Unfolding, grain: Grain) -> Iterator[Room]:
    """The bounds of what follows from the leaves: a capacity."""
    for metric in unfolding.equations:
        if metric in direct(bearings.project):
            room = room_of(bearings.project, bearings.meaning(metric), Fraction(0), grain, is_share=False)
            if room:
                yield room


def _assumed(bridge: Bridge, rate: Fraction) -> Assumption:
    influence = bridge.influence
    return Assumption(str(influence.from_), str(influence.to), rate, bridge.lag, influence.status)


def better_of(room: Room) -> int:
    """+1 where more is better, -1 where less is, 0 where nobody says."""
    return {Better.HIGHER: 1, Better.LOWER: -1, Better.NONE: 0}[room.meaning.better]
