"""Standing: where each driver is, from what was measured, and what is remembered of earlier periods.

Where a driver is: its last three complete months (thirteen weeks), pooled; a stock's is its last value. A period
in which a flow stood far out (analysis/bursts.py) is none of its level.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from shinro.analysis.bursts import bursts
from shinro.analysis.measured import Bearings
from shinro.analysis.seasons import after, factors
from shinro.analysis.targets import judged
from shinro.definitions.unfolding import Bridge, Unfolding
from shinro.periods import Grain, Period
from shinro.series import Nature, Point

RECENT = {Grain.DAY: 28, Grain.WEEK: 13, Grain.MONTH: 3, Grain.QUARTER: 1, Grain.YEAR: 1}
SEASON = {Grain.MONTH: 12, Grain.QUARTER: 4, Grain.WEEK: 52, Grain.DAY: 7}  # periods
FOLLOWED = {Grain.DAY: 180, Grain.WEEK: 26, Grain.MONTH: 6, Grain.QUARTER: 4, Grain.YEAR: 2}
Pairs = Sequence[tuple[Fraction, Fraction]]


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a company stands at the end of the last complete period.

    `rates`: how many follow one, by bridge; `past` the values known of each metric, the newest last. Where nothing is
    measured at all, what is remembered starts at 0 (`from_zero`): a scenario.
    """

    bearings: Bearings
    unfolding: Unfolding
    grain: Grain
    base: Period
    rates: Mapping[str, Fraction | None]
    past: Mapping[str, tuple[Fraction, ...]]
    from_zero: tuple[str, ...]

    @property
    def bursts(self) -> Mapping[str, tuple[Period, ...]]:
        """The periods that are left out of where a flow stands."""
        leaves = [leaf for leaf in self.unfolding.leaves if leaf not in self.rates]
        flows = [leaf for leaf in leaves if self.bearings.meaning(leaf).nature is Nature.FLOW]
        found = {leaf: bursts_of(_known(self.bearings, leaf, self.grain, self.base), self.grain) for leaf in flows}
        return {leaf: periods for leaf, periods in found.items() if periods}

    @property
    def earlier(self) -> Mapping[str, Period]:
        """The last period that is known of each driver whose numbers end before the base: a conversion takes time."""
        leaves = [leaf for leaf in self.unfolding.leaves if leaf not in self.rates]
        known = {leaf: points for leaf in leaves if (points := _known(self.bearings, leaf, self.grain, self.base))}
        return {leaf: points[-1].period for leaf, points in known.items() if points[-1].period != self.base}

    def season(self, leaf: str, periods: int) -> tuple[tuple[Fraction, ...], Fraction]:
        """A flow's factors in so many periods after the base, and the mean of those that its level was taken from."""
        if leaf in self.rates or self.bearings.meaning(leaf).nature is not Nature.FLOW:
            return (), Fraction(1)
        points = _known(self.bearings, leaf, self.grain, self.base)
        late = after(points, self.base, self.bearings.calendar, self.grain)
        found = factors(points, SEASON.get(self.grain, 1), periods + late) if late is not None else ()
        if not found:
            return (), Fraction(1)
        odd = bursts_of(points, self.grain)
        recent = [
            n for n in range(max(len(points) - RECENT[self.grain], 0), len(points)) if points[n].period not in odd
        ]
        mean = sum((found[n] for n in recent), Fraction(0)) / len(recent) if recent else found[len(points) - 1]
        return found[len(points) + (late or 0) :], mean

    @property
    def lost(self) -> set[str]:
        """What has to be remembered, and is not known."""
        return {name for name in self.unfolding.remembered if not self.past.get(name)}

    def start(self, leaf: str) -> Fraction | None:
        """Where a driver stands; None where nothing is known of it."""
        return _start(self.bearings, leaf, self.grain, self.base)


def standing_of(bearings: Bearings, unfolding: Unfolding, grain: Grain) -> Standing:
    """Where everything that an unfolding reads stands. Cost: linear in the series."""
    base = _base(bearings, unfolding, grain)
    pairs = {bridge.rate: _pairs(bearings, bridge, grain, base) for bridge in unfolding.bridges}
    past = {name: _past(bearings, name, grain, base) for name in unfolding.metrics}
    past |= {rate: tuple(later / first for first, later in found if first) for rate, found in pairs.items()}
    scenario = not any(bearings.measured.complete(name, grain) for name in unfolding.metrics)
    nothing = tuple(sorted(name for name in unfolding.remembered if not past.get(name))) if scenario else ()
    past |= dict.fromkeys(nothing, (Fraction(0),))
    rates = {rate: _followed(found, grain) for rate, found in pairs.items()}
    return Standing(bearings, unfolding, grain, base, rates, past, nothing)


def _base(bearings: Bearings, unfolding: Unfolding, grain: Grain) -> Period:
    """The last period that is complete for any of the metrics; by the calendar where nothing is measured."""
    last = [points[-1].period for name in unfolding.metrics if (points := bearings.measured.complete(name, grain))]
    return max(last, default=judged(bearings.calendar, grain, bearings.as_of))


def _start(bearings: Bearings, leaf: str, grain: Grain, base: Period) -> Fraction | None:
    """Where a driver stands; None where nothing is known of it."""
    points = _known(bearings, leaf, grain, base)
    nature = bearings.meaning(leaf).nature
    if not points:
        return None
    if nature is Nature.STOCK:
        return points[-1].value
    odd = bursts_of(points, grain) if nature is Nature.FLOW else ()
    recent = [point for point in points[-RECENT[grain] :] if point.period not in odd] or points[-1:]
    return _pooled(recent) if nature in (Nature.RATIO, Nature.WINDOWED) else _mean(recent)


def _known(bearings: Bearings, leaf: str, grain: Grain, base: Period) -> list[Point]:
    return [p for p in bearings.measured.complete(leaf, grain) if p.period.start <= base.start and p.value is not None]


def bursts_of(points: Sequence[Point], grain: Grain) -> tuple[Period, ...]:
    """The periods in which a metric stood far out, among those that its level is taken from."""
    values = [float(point.value) for point in points if point.value is not None]
    found = bursts(values, SEASON.get(grain, 1)) if len(values) == len(points) else ()
    return tuple(points[n].period for n in found if n >= len(points) - RECENT[grain])


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


def _followed(pairs: Pairs, grain: Grain) -> Fraction | None:
    """How many followed one, over half a year; None where nothing did that could be told."""
    recent = pairs[-FOLLOWED[grain] :]
    whole = sum((earlier for earlier, _ in recent), Fraction(0))
    return sum((later for _, later in recent), Fraction(0)) / whole if whole else None


def _past(bearings: Bearings, metric: str, grain: Grain, base: Period) -> tuple[Fraction, ...]:
    points = bearings.measured.complete(metric, grain)
    return tuple(p.value for p in points if p.period.start <= base.start and p.value is not None)
