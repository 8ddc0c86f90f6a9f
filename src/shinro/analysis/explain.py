"""Explain: why a metric stands where it does, held against its target or its past: the split, the bottleneck, losses.

Everything here is read from series that were measured; see `sought_by` for which.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace

from shinro.analysis.bottleneck import bottlenecks, losses, with_people
from shinro.analysis.decompose import Reader, Tree, decompose
from shinro.analysis.movement import is_stock, movement
from shinro.analysis.planned_stocks import from_plan
from shinro.analysis.scene import Scene
from shinro.analysis.standings import drivers_at, ends, standing
from shinro.analysis.stocks import split
from shinro.analysis.times import times
from shinro.findings.explanations import Basis, Explanation
from shinro.findings.gaps import Decomposition, Kind, NotTimes, Times, Why
from shinro.periods import Grain, Period


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
        found = from_plan(scene.tree, scene.metric, scene.meant(after), scene.actual(after))
        if aim.basis or found.root.before is not None:
            told = _explanation(scene, Basis.TARGET, after, after, found)
            if aim.times:
                told = replace(told, times=_times(scene, [scene.meant(after), scene.actual(after)]))
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
    known = found if found.root.contribution is not None else None
    named = bottlenecks(known, drivers_at(scene, after), standing(scene, after), bearings.meanings)
    return Explanation(
        bearings.meaning(scene.metric),
        scene.grain,
        basis,
        after,
        held,
        known,
        bearings.meanings,
        tuple(with_people(each, bearings.project, after) for each in named),
        losses(found, bearings.project) if known else (),
        why=None if known else _lacking(found, basis),
    )


def _lacking(split: Decomposition, basis: Basis) -> str:
    """Why there is no gap: the target or a past that is missing, what is undefined, or a period that is not over."""
    if basis is Basis.TARGET and split.root.before is None:
        return "explain.no_basis"
    if split.root.after is None:
        return "explain.undefined" if split.root.why is Why.UNDEFINED else "explain.not_known"
    return "explain.undefined_before" if split.root.why is Why.UNDEFINED else "explain.no_basis"


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
    for place in ends(tree, metric):
        if place.name in known:
            yield place.name, Grain.QUARTER
