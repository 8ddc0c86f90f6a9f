"""explain: why a metric moved or missed, from a project and its data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction

from shinro.analysis.decompose import tree_of
from shinro.analysis.explain import Aim, explained
from shinro.analysis.measured import Bearings
from shinro.analysis.readings import grain_of
from shinro.analysis.scene import Scene
from shinro.analysis.stages import funnel
from shinro.definitions.ends import cut_from
from shinro.definitions.project import ref
from shinro.findings.effects import Verdict
from shinro.findings.explanations import Basis, Bottleneck, Explanation
from shinro.findings.gaps import Kind
from shinro.findings.segments import Against, SegmentFindings
from shinro.findings.stages import Funnel
from shinro.periods import DAYS_OF, Grain, Period, add_months, day_named, names_month
from shinro.problems import CannotGoOn, Place, Problem
from shinro.queries.scans import Want
from shinro.run.effects import effects_of
from shinro.run.gathering import Gathered
from shinro.run.scenes import common_grain, scene_of
from shinro.run.segments import segments_of
from shinro.run.status import judged_bearings
from shinro.run.values import known_dimensions, known_metric
from shinro.series import Mark


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked for: no metric means the star, no basis the target where it can be split, else the period before.

    `first` and `last` name a day or a month each, and the periods that they lie in; where months alone are named and no
    grain is, whole months are meant.
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

    Raises CannotGoOn for a metric or a dimension that the project does not have, for days that are none, for a period
    that is not over, and for a grain that the numbers of its tree do not tell.
    Cost: one pass over each table that the tree is measured from, then one a cut.
    """
    metric = asked.metric or _star(gathered)
    known_metric(gathered.opened.project, metric, gathered.opened.name)
    known_dimensions(gathered, metric, asked.by)
    if asked.by and not cut_from(gathered.opened.project, metric):
        raise CannotGoOn([Problem(Place("--by"), "Q158", {"case": "cut", "metric": metric})])
    _refuse_grain(gathered, metric, asked.grain)
    bearings, _ = judged_bearings(gathered)
    found = with_where(gathered, explained_from(gathered, bearings, replace(asked, metric=metric)), asked.by)
    return replace(found, stages=_stages(gathered, found))


def _refuse_grain(gathered: Gathered, metric: str, asked: Grain | None) -> None:
    """Raises CannotGoOn where a metric and its tree are known by another grain than the one asked for."""
    known = common_grain(gathered, tree_of(gathered.opened.project, metric), metric, asked)
    if asked and known is not asked:
        args = {"case": "grain", "metric": metric, "asked": asked.value, "known": known.value}
        raise CannotGoOn([Problem(Place("--grain"), "Q158", args)])


def _stages(gathered: Gathered, found: Explanation) -> Funnel | None:
    """The steps of a funnel in the explained period, for the funnel itself and for each of its parts."""
    name = found.metric.partition(".")[0]
    metric = gathered.opened.project.metric(name)
    if metric is None or metric.funnel is None or found.period is None:
        return None
    wants = {str(step): Want(f"{name}.{step}", found.grain) for step in metric.steps}
    measured = gathered.measure(wants.values())
    points = {step: series[0].at(found.period) for step, want in wants.items() if (series := measured.get(want))}
    counts = [(step, point.value) for step, point in points.items() if point and point.value is not None]
    return funnel(counts) if len(counts) == len(wants) else None


def with_where(gathered: Gathered, found: Explanation, by: tuple[str, ...] = ()) -> Explanation:
    """An explanation with where its main cause broke, what its initiatives did, and the metric cut as asked for."""
    if found.beside:
        found = replace(found, beside=with_where(gathered, found.beside))
    if found.period is None or found.gap is None:
        return found
    alone = ref(found.metric) not in gathered.opened.project.tree  # a ratio's segments tell more than its two parts
    cut = _cut(gathered, found, found.metric, found.gap.root.before, by) if by or alone else None
    doing = {name for each in found.bottlenecks for name in (one.name for one in each.doing)}
    asked = tuple(each for each in gathered.opened.project.initiatives if str(each.name) in doing)
    seen = {each.initiative: each.verdict for each in effects_of(gathered, asked).effects} if asked else {}
    cuts: dict[str, SegmentFindings | None] = {}
    for each in found.bottlenecks:
        if not alone and each.metric not in cuts and each.kind is Kind.METRIC:
            cuts[each.metric] = _where(gathered, found, each.metric)
    told = tuple(_seen(replace(each, segments=cuts.get(each.metric)), seen) for each in found.bottlenecks)
    return replace(found, bottlenecks=told, segments=cut)


def _seen(found: Bottleneck, seen: Mapping[str, Verdict]) -> Bottleneck:
    return replace(found, doing=tuple(replace(each, verdict=seen.get(each.name)) for each in found.doing))


def _where(gathered: Gathered, found: Explanation, metric: str) -> SegmentFindings | None:
    """The segments that a driver's change lies in; a flow that was not planned is held against nothing."""
    part = found.gap.part(metric) if found.gap else None
    if part is None or part.before is None:
        return None
    if part.base_back is not None and part.base_back != part.back:
        return None  # its two parts lie in different periods
    asked = _earlier(gathered, found, part.back)
    if asked.period and part.over > 1:
        first = gathered.opened.project.calendar.step(asked.period, found.grain, 1 - part.over)
        asked = replace(asked, period=Period(first.start, asked.period.end))
    return _cut(gathered, asked, metric, part.before, ())


def _earlier(gathered: Gathered, found: Explanation, back: int) -> Explanation:
    """The same question, so many periods earlier: where a driver counts that is read with a lag."""
    step, grain = gathered.opened.project.calendar.step, found.grain
    earlier = [period and step(period, grain, -back) for period in (found.period, found.against)]
    return replace(found, period=earlier[0], against=earlier[1])


def _cut(
    gathered: Gathered, found: Explanation, metric: str, meant: Fraction | None, by: tuple[str, ...]
) -> SegmentFindings | None:
    """A metric by segment, against the same basis; against a target each segment keeps its standing in the year."""
    if found.period is None or found.against is None:
        return None
    if found.basis is Basis.TARGET:
        return segments_of(gathered, metric, found.grain, None, found.period, by, Against.TARGET, meant)
    against = Against.YEAR if found.basis is Basis.YEAR else Against.LAST
    return segments_of(gathered, metric, found.grain, found.against, found.period, by, against)


def explained_from(gathered: Gathered, bearings: Bearings, asked: Asked) -> Explanation:
    """Why a metric stands where it does, from bearings that are known."""
    scene = scene_of(gathered, bearings, asked.metric, asked.grain or _by_months(gathered, asked))
    after, before = _periods(scene, asked)
    if after is None:
        return Explanation(bearings.meaning(asked.metric), scene.grain, asked.basis or Basis.LAST, None, None, None)
    return explained(scene, after, Aim(asked.basis, before, asked.chained, asked.times))


def _by_months(gathered: Gathered, asked: Asked) -> Grain | None:
    """Months, where months alone are named of what is watched more often."""
    named = [text for text in (asked.first, asked.last) if text]
    own = grain_of(gathered.opened.project, asked.metric)
    if not named or not all(map(names_month, named)) or DAYS_OF[own.value] > DAYS_OF[Grain.MONTH.value]:
        return None
    return Grain.MONTH


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
    """The period that a day lies in; of a month that holds several, its first for `--from`, its last for `--to`.

    Raises CannotGoOn where the text names neither, or the period is not over, or not known.
    """
    day = day_named(text)
    if day is None:
        raise CannotGoOn([Problem(Place(option), "Q158", {"case": "day", "found": text})])
    period = _inside(scene, day, first=option == "--from") if names_month(text) else None
    period = period or scene.bearings.calendar.period(day, scene.grain)
    point = scene.bearings.measured.at(scene.metric, period, scene.grain)
    if point is None or point.mark is not Mark.COMPLETE:
        raise CannotGoOn([Problem(Place(option), "Q158", _unknown(scene, period) | {"found": text})])
    return period


def _inside(scene: Scene, month: date, *, first: bool) -> Period | None:
    """The first or the last of the complete periods that lie in a month; None where none does."""
    end = add_months(month, 1)
    points = scene.bearings.measured.complete(scene.metric, scene.grain)
    found = [point.period for point in points if month <= point.period.start and point.period.end <= end]
    return found[0 if first else -1] if found else None


def _unknown(scene: Scene, period: Period) -> dict[str, object]:
    """Why a period cannot be explained: nothing is complete yet, it is not over, or it lies before the data."""
    points = scene.bearings.measured.complete(scene.metric, scene.grain)
    args: dict[str, object] = {"metric": scene.metric}
    if not points:
        return args | {"case": "none"}
    if period.start < points[0].period.start:
        return args | {"case": "early", "first": points[0].period.start.isoformat()}
    return args | {"case": "over", "last": points[-1].period.last.isoformat()}
