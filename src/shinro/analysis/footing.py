"""Footing: what a plan stands on: the equations below its goals, where each driver is, how far it may be moved."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from fractions import Fraction

from shinro.analysis.aims import Aim, Wanted, aimed
from shinro.analysis.measured import Bearings, is_shared
from shinro.analysis.rooms import Room, inwards, room_of, without_season
from shinro.analysis.standing import RECENT, Standing, standing_of
from shinro.definitions.emptying import emptied
from shinro.definitions.losses import settled
from shinro.definitions.metric import PARTS
from shinro.definitions.project import Project
from shinro.definitions.unfolding import LIMITS, Bridge, Unfolding, unfolded
from shinro.findings.plans import Assumption, Origin, brought
from shinro.periods import Grain, Period
from shinro.series import Better, Meaning, Nature

SOONEST = {Grain.DAY: 90, Grain.WEEK: 13, Grain.MONTH: 3, Grain.QUARTER: 1, Grain.YEAR: 1}  # periods to a bound
AFTER = {Grain.DAY: 365, Grain.WEEK: 156, Grain.MONTH: 36, Grain.QUARTER: 12, Grain.YEAR: 3}  # periods: three years
BOUNDLESS = Fraction(10**30)


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
    bursts: Mapping[str, tuple[Period, ...]] = field(default_factory=dict)  # periods left out of where a leaf stands
    earlier: Mapping[str, Period] = field(default_factory=dict)  # where the numbers of a leaf end before the base
    seasons: Mapping[str, tuple[Fraction, ...]] = field(default_factory=dict)  # factors of levels, period by period

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
        """Every leaf where it stands, in each period; bounds of what is no leaf hold nothing back."""
        beyond = dict(zip(LIMITS, (BOUNDLESS, -BOUNDLESS), strict=True))
        count = periods or len(self.periods)
        return self.carried({room.metric: [beyond.get(room.metric[0], room.start)] * count for room in self.rooms})

    def carried(self, levels: Mapping[str, Sequence[Fraction]]) -> dict[str, list[Fraction]]:
        """What levels bring in each period: with the season of those that have one."""
        return {
            name: list(brought(path, self.seasons[name], self.tops.get(name))) if name in self.seasons else list(path)
            for name, path in levels.items()
        }

    @property
    def tops(self) -> Mapping[str, Fraction]:
        """The written bounds from above of what has a season: no month brings more, whatever the season."""
        written = [room for room in self.rooms if room.origins[1] is Origin.WRITTEN and room.metric in self.seasons]
        return {room.metric: room.high for room in written if room.high is not None}


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
    standing = standing_of(bearings, unfolding, grain)
    rooms = _rooms(standing)
    lost = {name for name, room in rooms.items() if room is None} | standing.lost
    aims, unread = aimed(bearings, wanted, grain, standing.base, unfolding, lost)
    known = replace(unfolding, equations=settled(unfolding.equations, standing.past, RECENT[grain]))
    last = max([aim.index for aim in aims] + [least - 1])
    periods = _ahead(standing, last + 1 + AFTER[grain])
    seasons = {leaf: standing.season(leaf, len(periods)) for leaf, room in rooms.items() if room}
    return Footing(
        emptied(known, bearings.meanings, standing.past),
        grain,
        bearings.as_of,
        standing.base,
        periods,
        _knots(periods, sorted({aim.index for aim in aims}) or [last], bearings.as_of, grain),
        aims,
        tuple(
            without_season(room, seasons[leaf][1]) if room else Room(leaf, bearings.meaning(leaf), Fraction(0))
            for leaf, room in rooms.items()
        ),
        standing.past,
        tuple(_ceilings(bearings, unfolding, grain)),
        tuple(_assumed(bridge, standing.rates[bridge.rate] or Fraction(0)) for bridge in unfolding.bridges),
        unread,
        standing.from_zero,
        standing.bursts,
        standing.earlier,
        {leaf: found for leaf, (found, _) in seasons.items() if found},
    )


def _rooms(standing: Standing) -> dict[str, Room | None]:
    """The room of each leaf; None where nothing is known to start from."""
    return {leaf: _room(standing, leaf) for leaf in standing.unfolding.leaves}


def _ahead(standing: Standing, count: int) -> tuple[Period, ...]:
    """So many periods after the base."""
    periods = [standing.base]
    for _ in range(count):
        periods.append(standing.bearings.calendar.step(periods[-1], standing.grain))
    return tuple(periods[1:])


def _over(periods: Sequence[Period], day: date) -> int:
    return sum(period.end <= day for period in periods)


def _knots(periods: Sequence[Period], aimed_at: Sequence[int], as_of: date, grain: Grain) -> tuple[int, ...]:
    """The periods that conditions are read in; before a far one another: drivers need no longer than a quarter."""
    soon = _over(periods, as_of) + SOONEST[grain] - 1
    return (soon, *aimed_at) if aimed_at[0] > soon else tuple(aimed_at)


def _room(standing: Standing, leaf: str) -> Room | None:
    project, meaning = standing.bearings.project, standing.bearings.meaning(leaf)
    if leaf in standing.rates:
        rate = standing.rates[leaf]
        return Room(leaf, Meaning(leaf, Nature.RATIO), rate) if rate is not None else None
    found = room_of(project, meaning, standing.start(leaf), standing.grain, is_share=_is_share(project, meaning))
    if found is None:
        return None
    whole = is_shared(project, meaning) or meaning.nature is Nature.STOCK
    counted = any(base.startswith("count:") and power == 1 for base, power in meaning.unit.powers)
    found = replace(found, whole=whole and counted and len(meaning.unit.powers) == 1)
    return inwards(found) if found.whole else found


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
