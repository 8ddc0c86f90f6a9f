"""Standings: how the drivers at the ends of a tree stand in a period, each read as early as its lags say."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction

from shinro.analysis.bottleneck import RECENT, Driver, Standing
from shinro.analysis.decompose import Found, Reader, Tree, decompose
from shinro.analysis.measured import is_shared
from shinro.analysis.scene import Scene
from shinro.definitions.periodic import counts_once
from shinro.findings.gaps import Kind, Part, Why
from shinro.periods import Grain, Period
from shinro.series import Better, Meaning, Point

QUARTERS = 4  # the best quarter is sought in a year: what was true of a younger company is no level to return to


def ends(tree: Tree, root: str) -> tuple[Part, ...]:
    """The places of the metrics at the ends of a tree, each once, left to right, without the root itself."""
    found = decompose(tree, root, lambda _, __: Why.MISSING, lambda _, __: Why.MISSING)
    places = [part for part in found.parts() if part.kind is Kind.METRIC and not part.children and part.name != root]
    return tuple({part.name: part for part in reversed(places)}[name] for name in dict.fromkeys(p.name for p in places))


def drivers_at(scene: Scene, period: Period) -> tuple[Driver, ...]:
    """The drivers as they stand in a period."""
    return tuple(_drivers(scene, period))


def _drivers(scene: Scene, period: Period) -> Iterator[Driver]:
    series = scene.bearings.measured.series
    for place in ends(scene.tree, scene.metric):
        if place.name not in scene.bearings.meanings:
            continue
        found = series.get((place.name, scene.grain))
        periods = [point.period for point in found.complete if point.period.start <= period.start] if found else []
        past = tuple(Point(each, _number(value_at(scene, place, each))) for each in periods[-RECENT:])
        value = past[-1].value if past and past[-1].period == period else None
        target, best = _target(scene, place, period), _best(scene, place, period)
        yield Driver(scene.bearings.meaning(place.name), value, past, target, best)


def _target(scene: Scene, place: Part, period: Period) -> Fraction | None:
    """What a driver was meant to read in its place."""
    base = None if place.base_back is None else _earlier(scene, period, place.base_back)
    return scene.target(place.name, _earlier(scene, period, place.back), base)


def _earlier(scene: Scene, period: Period, back: int) -> Period:
    return scene.bearings.calendar.step(period, scene.grain, -back) if back else period


def value_at(scene: Scene, place: Part, period: Period) -> Found:
    """A driver in its place: of a rate between stages that take time, its two parts each in a period of their own."""
    if place.base_back is None or place.name not in scene.tree.rates:
        return scene.actual(period)(place.name, place.back)
    sides = _parts(scene, place, period)
    if sides is None:
        return Why.MISSING
    return sides[0] / sides[1] if sides[1] else None


def _parts(scene: Scene, place: Part, period: Period) -> tuple[Fraction, Fraction] | None:
    """The two parts of a rate in its place; None where one of them is not known."""
    read, (over, base) = scene.actual(period), scene.tree.rates[place.name]
    above, below = read(over, place.back), read(base, place.base_back or 0)
    return (above, below) if isinstance(above, Fraction) and isinstance(below, Fraction) else None


def _number(found: Found) -> Fraction | None:
    return found if isinstance(found, Fraction) else None


def standing(scene: Scene, period: Period) -> Standing:
    """What the tree gives from its drivers as they stand, and with one of them at another level.

    A driver that is lifted stays so: lags do not count, each is taken as it counts in the explained period.
    """
    values = {place.name: value_at(scene, place, period) for place in ends(scene.tree, scene.metric)}
    tree, actual = replace(scene.tree, lags={}), scene.actual(period)

    def read(name: str, back: int) -> Found:
        if back:
            return actual(name, back)
        return values.get(name, Why.MISSING)

    def with_one(metric: str, level: Fraction) -> Fraction | None:
        return _given(tree, scene.metric, lambda name, back: level if name == metric and not back else read(name, back))

    return Standing(scene.bearings.meaning(scene.metric), _given(tree, scene.metric, read), with_one)


def _given(tree: Tree, root: str, read: Reader) -> Fraction | None:
    return decompose(tree, root, read, read).root.after


def _best(scene: Scene, place: Part, period: Period) -> Fraction | None:
    """The level of a driver's best quarter among its last four, for the period of its grain that it is read in.

    What accrues is shared over the quarter's working days; of what counts everybody once it is the mean of the
    quarter's periods of this grain, each in the quarter that it begins in. A rate between stages that take time is
    that of the sums of its parts over those periods, each part as early as in the tree.
    """
    meaning, then = scene.bearings.meaning(place.name), _earlier(scene, period, place.back)
    if place.base_back is not None and place.name in scene.tree.rates:
        levels = list(_rates(scene, place, period))
    elif counts_once(scene.bearings.project, place.name):
        levels = list(_means(scene, place.name, then))
    else:
        levels = list(_levels(scene, meaning, then))
    if not levels or meaning.better is Better.NONE:
        return None
    return min(levels) if meaning.better is Better.LOWER else max(levels)


def _levels(scene: Scene, meaning: Meaning, period: Period) -> Iterator[Fraction]:
    calendar, shared = scene.bearings.calendar, is_shared(scene.bearings.project, meaning)
    days = calendar.working_days(period.start, period.end)
    for point in _quarters(scene, meaning.metric, period):
        whole = calendar.working_days(point.period.start, point.period.end)
        if point.value is not None and (whole or not shared):
            yield point.value * days / whole if shared else point.value


def _means(scene: Scene, metric: str, period: Period) -> Iterator[Fraction]:
    series = scene.bearings.measured.series.get((metric, scene.grain))
    for quarter in _quarters(scene, metric, period):
        inside = [point for point in series.complete if point.period.start in quarter.period] if series else []
        values = [point.value for point in inside if point.value is not None]
        if values:
            yield sum(values, Fraction(0)) / len(values)


def _rates(scene: Scene, place: Part, period: Period) -> Iterator[Fraction]:
    series = scene.bearings.measured.series.get((place.name, scene.grain))
    for quarter in _quarters(scene, place.name, period):
        inside = [point.period for point in series.complete if point.period.start in quarter.period] if series else []
        sides = [side for each in inside if (side := _parts(scene, place, each))]
        below = sum((base for _, base in sides), Fraction(0))
        if below:
            yield sum((over for over, _ in sides), Fraction(0)) / below


def _quarters(scene: Scene, metric: str, period: Period) -> list[Point]:
    found = scene.bearings.measured.series.get((metric, Grain.QUARTER))
    return [each for each in found.complete if each.period.end <= period.end][-QUARTERS:] if found else []
