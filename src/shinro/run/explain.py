"""explain: why a metric moved or missed, from a project and its data."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from shinro.analysis.decompose import tree_of
from shinro.analysis.explain import Scene, explained, sought_by
from shinro.analysis.measured import Bearings, not_within
from shinro.analysis.readings import grain_of
from shinro.analysis.sought import measurable
from shinro.findings.explanations import Basis, Explanation
from shinro.periods import DAYS_OF, Grain, Period, day_named
from shinro.problems import CannotGoOn, Place, Problem
from shinro.queries.scans import Want
from shinro.run.gathering import Gathered
from shinro.run.status import judged_bearings
from shinro.run.values import known_dimensions, known_metric
from shinro.series import Mark, Point


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked for: no metric means the star, no basis the target where it can be split, else the period before.

    `first` and `last` name a day or a month each, and the periods that they lie in.
    """

    metric: str = ""
    basis: Basis | None = None
    first: str = ""
    last: str = ""
    by: tuple[str, ...] = ()
    grain: Grain | None = None


def explain(gathered: Gathered, asked: Asked) -> Explanation:
    """Why a metric stands where it does.

    Raises CannotGoOn for a metric or a dimension that the project does not have, for days that are none, and for a
    period that is not over. Cost: one pass over each table that the tree is measured from, then one a cut.
    """
    metric = asked.metric or _star(gathered)
    known_metric(gathered.opened.project, metric, gathered.opened.name)
    known_dimensions(gathered, metric, asked.by)
    bearings, _ = judged_bearings(gathered)
    return explained_from(gathered, bearings, replace(asked, metric=metric))


def explained_from(gathered: Gathered, bearings: Bearings, asked: Asked) -> Explanation:
    """Why a metric stands where it does, from bearings that are known."""
    scene = scene_of(gathered, bearings, asked.metric, asked.grain)
    after, before = _periods(scene, asked)
    if after is None:
        return Explanation(bearings.meaning(asked.metric), scene.grain, asked.basis or Basis.LAST, None, None, None)
    return explained(scene, asked.basis, after, before, steps=_between(scene, before, after))


def scene_of(gathered: Gathered, bearings: Bearings, metric: str, grain: Grain | None) -> Scene:
    """A metric's tree with its series, at the grain that all of them have."""
    project = bearings.project
    tree = tree_of(project, metric)
    natures = {name: meaning.nature for name, meaning in gathered.meanings.items() if measurable(project, name)}
    asked = grain or grain_of(project, metric)
    grains = (not_within(project, name, asked) for name, _ in sought_by(tree, metric, asked, natures))
    common = max(grains, key=lambda each: DAYS_OF[each.value], default=asked)
    wants = [Want(*each) for each in sought_by(tree, metric, common, natures)]
    return Scene(known(gathered, bearings, wants), tree, metric, common)


def known(gathered: Gathered, bearings: Bearings, wants: Iterable[Want]) -> Bearings:
    """The bearings with more series, of what is defined and can be measured."""
    project = bearings.project
    asked = [want for want in wants if want.metric in gathered.meanings and measurable(project, want.metric)]
    fresh = {(want.metric, want.grain): found[0] for want, found in gathered.measure(asked).items() if found}
    return replace(bearings, measured=replace(bearings.measured, series={**bearings.measured.series, **fresh}))


def _star(gathered: Gathered) -> str:
    star = gathered.opened.project.star
    if star is None:
        raise CannotGoOn([Problem(Place(gathered.opened.name), "Q158", {"case": "star"})])
    return str(star.metric)


def _periods(scene: Scene, asked: Asked) -> tuple[Period | None, Period | None]:
    """The period that is explained, and the one that it is held against where the basis says which."""
    calendar, last = scene.bearings.calendar, _last(scene)
    after = _named(scene, asked.last, "--to") if asked.last else last and last.period
    if after is None:
        return None, None
    if asked.first:
        return after, _named(scene, asked.first, "--from")
    if asked.basis is Basis.YEAR:
        return after, calendar.year_before(after, scene.grain)
    return after, None


def _last(scene: Scene) -> Point | None:
    """The last complete period of the metric."""
    points = scene.bearings.measured.complete(scene.metric, scene.grain)
    return points[-1] if points else None


def _named(scene: Scene, text: str, option: str) -> Period:
    """The period that a day or a month lies in. Raises CannotGoOn where it is none, or not over, or not known."""
    day = day_named(text)
    if day is None:
        raise CannotGoOn([Problem(Place(option), "Q158", {"case": "day", "found": text})])
    period = scene.bearings.calendar.period(day, scene.grain)
    point = scene.bearings.measured.at(scene.metric, period, scene.grain)
    if point is None or point.mark is not Mark.COMPLETE:
        last = _last(scene)
        args = {"found": text, "metric": scene.metric, "last": last.period.last.isoformat() if last else ""}
        raise CannotGoOn([Problem(Place(option), "Q158", args | {"case": "over" if last else "none"})])
    return period


def _between(scene: Scene, before: Period | None, after: Period) -> int:
    """How many periods one lies behind the other."""
    if before is None:
        return 1
    return sum(1 for _ in scene.bearings.calendar.periods(before.start, after.start, scene.grain)) - 1
