"""explain: why a metric moved or missed, from a project and its data."""

from __future__ import annotations

from dataclasses import dataclass, replace

from shinro.analysis.explain import Aim, Scene, explained
from shinro.analysis.measured import Bearings
from shinro.findings.explanations import Basis, Explanation
from shinro.periods import Grain, Period, day_named
from shinro.problems import CannotGoOn, Place, Problem
from shinro.run.gathering import Gathered
from shinro.run.scenes import scene_of
from shinro.run.status import judged_bearings
from shinro.run.values import known_dimensions, known_metric
from shinro.series import Mark


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
    chained: bool = False
    times: bool = False


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
    return explained(scene, after, Aim(asked.basis, before, asked.chained, asked.times))


def _star(gathered: Gathered) -> str:
    star = gathered.opened.project.star
    if star is None:
        raise CannotGoOn([Problem(Place(gathered.opened.name), "Q158", {"case": "star"})])
    return str(star.metric)


def _periods(scene: Scene, asked: Asked) -> tuple[Period | None, Period | None]:
    """The period that is explained, and the one that it is held against where the basis says which."""
    calendar, last = scene.bearings.calendar, scene.last
    after = _named(scene, asked.last, "--to") if asked.last else last and last.period
    if after is None:
        return None, None
    if asked.first:
        before = _named(scene, asked.first, "--from")
        if before >= after:
            raise CannotGoOn([Problem(Place("--from"), "Q158", {"case": "order", "found": asked.first})])
        return after, before
    if asked.basis is Basis.YEAR:
        return after, calendar.year_before(after, scene.grain)
    return after, None


def _named(scene: Scene, text: str, option: str) -> Period:
    """The period that a day or a month lies in. Raises CannotGoOn where it is none, or not over, or not known."""
    day = day_named(text)
    if day is None:
        raise CannotGoOn([Problem(Place(option), "Q158", {"case": "day", "found": text})])
    period = scene.bearings.calendar.period(day, scene.grain)
    point = scene.bearings.measured.at(scene.metric, period, scene.grain)
    if point is None or point.mark is not Mark.COMPLETE:
        last = scene.last
        args = {"found": text, "metric": scene.metric, "last": last.period.last.isoformat() if last else ""}
        raise CannotGoOn([Problem(Place(option), "Q158", args | {"case": "over" if last else "none"})])
    return period
