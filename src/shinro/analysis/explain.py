"""Explain: why a metric stands where it does, held against its target or its past: the split, the bottleneck, losses.

Everything here is read from series that were measured; see `sought_by` for which.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from shinro.analysis.bottleneck import Driver, bottlenecks, losses
from shinro.analysis.decompose import Found, Reader, Tree, decompose
from shinro.analysis.measured import Bearings, accrues
from shinro.analysis.movement import is_stock, movement
from shinro.analysis.stocks import split
from shinro.analysis.targets import course_of
from shinro.analysis.times import times
from shinro.findings.explanations import Basis, Explanation
from shinro.findings.gaps import Decomposition, Kind, NotTimes, Part, Times, Why
from shinro.periods import Grain, Period
from shinro.series import Better, Mark, Point

QUARTERS = 4  # the best quarter is sought in a year: what was true of a younger company is no level to return to


@dataclass(frozen=True, slots=True)
class Scene:
    """What is explained, and by what: the tree, and all that was measured of it."""

    bearings: Bearings
    tree: Tree
    metric: str
    grain: Grain

    @property
    def last(self) -> Point | None:
        """The last complete period of the metric."""
        points = self.bearings.measured.complete(self.metric, self.grain)
        return points[-1] if points else None

    def point(self, metric: str, period: Period, back: int = 0) -> Point | None:
        """A metric's point so many periods before a period."""
        then = self.bearings.calendar.step(period, self.grain, -back) if back else period
        return self.bearings.measured.at(metric, then, self.grain)

    def actual(self, period: Period) -> Reader:
        """What was, as decomposing reads it. A period that is running, or not known to its end, is missing."""

        def read(metric: str, back: int) -> Found:
            point = self.point(metric, period, back)
            return Why.MISSING if point is None or point.mark is not Mark.COMPLETE else point.value

        return read

    def meant(self, period: Period) -> Reader:
        """What was meant: each metric's course; a ratio without one from the courses of its two parts."""

        def read(metric: str, back: int) -> Found:
            then = self.bearings.calendar.step(period, self.grain, -back) if back else period
            found = self.target(metric, then)
            return Why.MISSING if found is None else found

        return read

    def target(self, metric: str, period: Period) -> Fraction | None:
        """What a metric was meant to read in a period; None where nobody said."""
        if metric not in self.bearings.meanings:
            return None
        course = course_of(self.bearings, metric, self.grain)
        said = course.target(period) if course else None
        parts = self.tree.rates.get(metric)
        if said is not None or parts is None:
            return said
        over, base = (self.target(part, period) for part in parts)
        return over / base if over is not None and base else None


@dataclass(frozen=True, slots=True)
class Aim:
    """What a metric is held against. `before`: the period that it is held against, for a target None.

    `chained` adds the splits of all periods in between, `times` tells the change as a product too.
    """

    basis: Basis | None = None
    before: Period | None = None
    chained: bool = False
    times: bool = False


def explained(scene: Scene, after: Period, aim: Aim = Aim()) -> Explanation:
    """Why the metric stands where it does in a period; asked for no basis, its target where it has one.

    Beside a target that cannot be split stands what moved since the period before.
    """
    if aim.basis in (None, Basis.TARGET):
        found = decompose(scene.tree, scene.metric, scene.meant(after), scene.actual(after))
        if aim.basis or found.root.before is not None:
            told = _explanation(scene, Basis.TARGET, after, after, found)
            whole = found.root.opened or not found.root.children
            return told if whole or aim.basis else replace(told, beside=_moved(scene, after, Aim(Basis.LAST)))
    return _moved(scene, after, replace(aim, basis=aim.basis or Basis.LAST))


def _moved(scene: Scene, after: Period, aim: Aim) -> Explanation:
    """How far the metric moved since another period, and why."""
    calendar, grain = scene.bearings.calendar, scene.grain
    held = aim.before or calendar.step(after, grain, -1)
    readers = [scene.actual(period) for period in calendar.periods(held.start, after.start, grain)]
    whole = None if aim.chained else movement(scene.tree, scene.metric, readers)
    found = whole or split(scene.tree, scene.metric, readers, chained=aim.chained)
    told = _explanation(scene, aim.basis or Basis.LAST, after, held, found)
    return replace(told, times=_times(scene, readers)) if aim.times else told


def _times(scene: Scene, readers: Sequence[Reader]) -> Times | NotTimes:
    """The change as a product; a stock, whose flows may be nothing, is one of its drivers."""
    formulas = {name: node for name, node in scene.tree.formulas.items() if not is_stock(scene.tree, name)}
    return times(replace(scene.tree, formulas=formulas), scene.metric, readers[0], readers[-1])


def _explanation(scene: Scene, basis: Basis, after: Period, held: Period, found: Decomposition) -> Explanation:
    bearings = scene.bearings
    meaning = bearings.meaning(scene.metric)
    known = found.root.contribution is not None
    drivers = tuple(_drivers(scene, after))
    leaves = _only_leaves(scene, scene.actual(after))
    now = _computed(scene, leaves)
    return Explanation(
        meaning,
        scene.grain,
        basis,
        after,
        held,
        found if known else None,
        bearings.meanings,
        bottlenecks(
            found if known else None,
            drivers,
            meaning.better,
            now,
            lambda metric, level: _computed(scene, _lifted(leaves, metric, level)),
            bearings.project,
        ),
        losses(found, bearings.project) if known else (),
        why=None if known else _lacking(found),
    )


def _lacking(split: Decomposition) -> str:
    """Why there is no gap: the target or a past that is missing, what is undefined, or a period that is not over."""
    if split.root.after is None:
        return "explain.undefined" if _is(split.root, Why.UNDEFINED) else "explain.not_known"
    return "explain.undefined_before" if _is(split.root, Why.UNDEFINED) else "explain.no_basis"


def _is(part: Part, why: Why) -> bool:
    return part.why is why


def _drivers(scene: Scene, period: Period) -> Iterator[Driver]:
    """The leaves of the tree as they stand in a period."""
    series = scene.bearings.measured.series
    for metric in drivers_of(scene.tree, scene.metric):
        if metric not in scene.bearings.meanings:
            continue
        found = series.get((metric, scene.grain))
        past = tuple(point for point in found.complete if point.period.start <= period.start) if found else ()
        value = past[-1].value if past and past[-1].period == period else None
        meaning = scene.bearings.meaning(metric)
        yield Driver(meaning, value, past, scene.target(metric, period), _best(scene, metric, period))


def drivers_of(tree: Tree, root: str) -> tuple[str, ...]:
    """The metrics at the ends of a tree, left to right, without the root itself."""
    found = decompose(tree, root, lambda _, __: Why.MISSING, lambda _, __: Why.MISSING)
    ends = (part.name for part in found.parts() if part.kind is Kind.METRIC and not part.children)
    return tuple(dict.fromkeys(name for name in ends if name != root))


def _best(scene: Scene, metric: str, period: Period) -> Fraction | None:
    """The level of a driver's best quarter among its last four, for one period of its grain.

    What accrues is shared over the quarter's working days.
    """
    found = scene.bearings.measured.series.get((metric, Grain.QUARTER))
    meaning, calendar = scene.bearings.meaning(metric), scene.bearings.calendar
    points = [each for each in found.complete if each.period.end <= period.end][-QUARTERS:] if found else []
    days = calendar.working_days(period.start, period.end)
    levels = []
    for point in points:
        whole = calendar.working_days(point.period.start, point.period.end)
        if point.value is not None and (whole or not accrues(scene.bearings.project, meaning)):
            levels.append(point.value * days / whole if accrues(scene.bearings.project, meaning) else point.value)
    if not levels or meaning.better is Better.NONE:
        return None
    return min(levels) if meaning.better is Better.LOWER else max(levels)


def _only_leaves(scene: Scene, read: Reader) -> Reader:
    """A reader that knows nothing of what has a formula, so that it is computed anew; earlier periods as they were."""
    nodes = frozenset(scene.tree.formulas)
    return lambda metric, back: Why.MISSING if metric in nodes and not back else read(metric, back)


def _lifted(read: Reader, metric: str, level: Fraction) -> Reader:
    return lambda name, back: level if name == metric else read(name, back)


def _computed(scene: Scene, read: Reader) -> Fraction | None:
    """What the tree gives; lags are left out, since a driver that is lifted stays so."""
    return decompose(replace(scene.tree, lags={}), scene.metric, read, read).root.after


def sought_by(tree: Tree, metric: str, grain: Grain, known: Collection[str]) -> Iterator[tuple[str, Grain]]:
    """The series that explaining reads: everything in the tree and its rates' parts at a grain, drivers by quarter.

    Of metrics that are `known` alone.
    """
    found = decompose(tree, metric, lambda _, __: Why.MISSING, lambda _, __: Why.MISSING)
    metrics = dict.fromkeys(part.name for part in found.parts() if part.kind is not Kind.FORMULA)
    parts = (each for name in metrics for each in tree.rates.get(name, ()))
    for name in dict.fromkeys((*metrics, *parts)):
        if name in known:
            yield name, grain
    for name in drivers_of(tree, metric):
        if name in known:
            yield name, Grain.QUARTER
