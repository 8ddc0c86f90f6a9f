"""Effects: each initiative judged by the series of its KPI, and all of them ranked by what they gave the star."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from statistics import fmean

from shinro.analysis.compare import SMALL
from shinro.analysis.effect import LEAST_AFTER, LEAST_BEFORE, Case, Outcome, effect
from shinro.analysis.effect_control import ACCIDENT, Candidate, Chosen, chosen
from shinro.analysis.effect_periods import Frame, Track, framed, pooled, track
from shinro.analysis.effect_sought import SoughtEffect, overlapping
from shinro.analysis.effect_star import gained
from shinro.analysis.effect_verdict import against, direction, expected, verdict
from shinro.analysis.measured import accrues
from shinro.definitions.meaning import meaning_of
from shinro.definitions.people import Initiative
from shinro.definitions.project import Project
from shinro.findings.effects import Effect, Gain, Remark, Sight, Verdict
from shinro.periods import Calendar, Grain
from shinro.series import Meaning, Nature, Point, Segment, Series
from shinro.units import CURRENCIES

YEARS = {Grain.WEEK: 52, Grain.MONTH: 12, Grain.QUARTER: 4}  # periods in a season


@dataclass(frozen=True, slots=True)
class Sounded:
    """What was measured for one effect: the KPI by the dimensions of the part that is touched, and whole metrics."""

    sought: SoughtEffect
    whole: Series | None
    segments: tuple[Series, ...] = ()
    others: Mapping[str, Series] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Scene:
    """What effects are judged against: the project, what its metrics mean, its working days."""

    project: Project
    meanings: Mapping[str, Meaning]
    calendar: Calendar

    def track(self, metric: str, points: Sequence[Point], frame: Frame) -> Track:
        """A metric's numbers on a frame."""
        meaning = meaning_of(metric, self.meanings)
        return track(points, frame, meaning.nature, self.calendar, accrues=accrues(self.project, meaning))


def judged(sounded: Sounded, scene: Scene) -> Effect:
    """What one initiative did. Cost: a few passes over its series and its candidates for a control."""
    sought = sounded.sought
    blank = told_of(sought.initiative, scene, sought.grain)
    own = _own(sounded)
    frame = framed(own, sought.initiative, sought.grain, scene.calendar) if own else None
    if frame is None:
        return _with(blank, "effect.unmeasured")
    blank = replace(blank, before=frame.start - bool(frame.split), after=len(frame.after))
    remarks = list(_of_time(sought, frame, scene))
    line = scene.track(sought.metric, own, frame)
    picked = chosen(line, tuple(_candidates(sounded, frame, scene)), frame, YEARS.get(sought.grain))
    found = effect(picked.case if picked else _alone(line, frame, sought.grain))
    if found is None:
        return replace(blank, remarks=(*remarks, _too_little(line, frame)))
    remarks += _of_numbers(sounded, own, frame, found, picked, scene)
    return _concluded(replace(blank, remarks=tuple(remarks)), sounded, frame, line, found, picked, scene)


def told_of(initiative: Initiative, scene: Scene, grain: Grain = Grain.WEEK) -> Effect:
    """An initiative of which nothing is known yet."""
    project, cost = scene.project, initiative.cost
    metric = str(initiative.moves) if initiative.moves else None
    unit = cost.level.number.unit if cost else ""
    currency = unit if unit in CURRENCIES else project.currency
    return Effect(
        initiative=str(initiative.name),
        verdict=Verdict.CANNOT_TELL,
        metric=metric,
        meaning=meaning_of(metric, scene.meanings) if metric else None,
        grain=grain,
        segment=_segment(initiative),
        first=initiative.first,
        cost=cost.level.number.value if cost else None,
        currency=str(currency) if cost and currency else None,
        owner=str(initiative.owner or ""),
    )


def unsaid(initiative: Initiative, scene: Scene) -> Effect:
    """An initiative that does not say what it moves, or since when."""
    return _with(told_of(initiative, scene), "effect.no_start" if initiative.moves else "effect.no_moves")


def ranked(effects: Iterable[Effect]) -> tuple[Effect, ...]:
    """Best first: those that worked by what they gave the star for their cost, those that cannot be told last."""
    return tuple(sorted(effects, key=_rank))


def _rank(effect: Effect) -> tuple[int, bool, bool, float]:
    """Gains for a cost before gains alone, and these before none."""
    gain, cost = effect.gain.mean.value if effect.gain else 0.0, float(effect.cost or 0)
    order = list(Verdict).index(effect.verdict)
    return order, effect.gain is None, not cost, -(gain / cost if cost else gain)


def _with(effect: Effect, key: str, **args: object) -> Effect:
    return replace(effect, remarks=(*effect.remarks, Remark(key, args)))


def _segment(initiative: Initiative) -> Segment:
    return tuple((str(name), str(value)) for name, values in initiative.in_.items() for value in values)


def _own(sounded: Sounded) -> tuple[Point, ...]:
    """The points of the part that the initiative touches, or of the whole."""
    if not sounded.sought.dimensions:
        return sounded.whole.points if sounded.whole else ()
    return pooled([series.points for series in sounded.segments if _touches(sounded, series)])


def _touches(sounded: Sounded, series: Series) -> bool:
    wanted = sounded.sought.initiative.in_
    named = {str(name): {str(value) for value in values} for name, values in wanted.items()}
    return all(value in named.get(dimension, ()) for dimension, value in series.segment)


def _rest(sounded: Sounded) -> tuple[Series, ...]:
    return tuple(series for series in sounded.segments if not _touches(sounded, series))


def _candidates(sounded: Sounded, frame: Frame, scene: Scene) -> Iterator[Candidate]:
    """The rest of the dimension first, then the metrics that were not touched."""
    metric, rest = sounded.sought.metric, _rest(sounded)
    if rest:
        segment = tuple(pair for series in rest for pair in series.segment)
        yield Candidate(metric, segment, scene.track(metric, pooled([each.points for each in rest]), frame), twin=True)
    for name in sounded.sought.controls:
        if name in sounded.others:
            yield Candidate(name, (), scene.track(name, sounded.others[name].points, frame))


def _alone(line: Track, frame: Frame, grain: Grain) -> Case:
    return Case(line.values, frame.start, noise=line.noise, year=YEARS.get(grain))


def _of_time(sought: SoughtEffect, frame: Frame, scene: Scene) -> Iterator[Remark]:
    """What must be said of the days alone."""
    names = overlapping(scene.project, sought.initiative)
    if names:
        yield Remark("effect.overlap", {"names": names})
    if frame.split:
        yield Remark("effect.split", {"period": frame.split})
    if not frame.over and len(frame.after) >= LEAST_AFTER:
        yield Remark("effect.running", {"n": len(frame.after), "until": frame.until})


def _too_little(line: Track, frame: Frame) -> Remark:
    """Why nothing could be estimated."""
    before, after = ([value for value in part if value is not None] for part in _sides(line, frame))
    if len(after) < LEAST_AFTER:
        return Remark("effect.early" if not frame.over else "effect.few_after", {"n": len(after), "least": LEAST_AFTER})
    if len(before) < LEAST_BEFORE:
        return Remark("effect.short", {"n": len(before), "least": LEAST_BEFORE})
    return Remark("effect.flat", {"n": len(before)})


def _sides(line: Track, frame: Frame) -> tuple[tuple[float | None, ...], tuple[float | None, ...]]:
    return line.values[: frame.start], line.values[frame.start :]


def _of_numbers(
    sounded: Sounded, own: Sequence[Point], frame: Frame, found: Outcome, picked: Chosen | None, scene: Scene
) -> Iterator[Remark]:
    """What must be said of the numbers: a small base, no control, the rest that moved as well, no way that is good."""
    bases = [float(point.base) for point in own if point.period in frame.after and point.base]
    meaning = meaning_of(sounded.sought.metric, scene.meanings)
    if meaning.nature is Nature.RATIO and bases and fmean(bases) < SMALL:
        yield Remark("effect.small", {"n": round(fmean(bases))})
    if picked is None:
        yield Remark("effect.not_parallel" if _rest(sounded) else "effect.weak")
    if picked is None and found.estimate.mean.excludes_zero and _rest_moved(sounded, frame, found, scene):
        yield Remark("effect.rest_moved")
    if not direction(sounded.sought.initiative, meaning.better):
        yield Remark("effect.no_direction")


def _rest_moved(sounded: Sounded, frame: Frame, found: Outcome, scene: Scene) -> bool:
    """Whether what was not touched moved the same way at the same time."""
    rest = _rest(sounded)
    if not rest:
        return False
    line = scene.track(sounded.sought.metric, pooled([each.points for each in rest]), frame)
    other = effect(_alone(line, frame, sounded.sought.grain), by_period=False)
    same = other is not None and other.estimate.mean.value * found.estimate.mean.value > 0
    return same and other is not None and other.estimate.chance < ACCIDENT


def _concluded(
    blank: Effect,
    sounded: Sounded,
    frame: Frame,
    line: Track,
    found: Outcome,
    picked: Chosen | None,
    scene: Scene,
) -> Effect:
    initiative, estimate = sounded.sought.initiative, found.estimate
    meaning = meaning_of(sounded.sought.metric, scene.meanings)
    change = initiative.expect.change if initiative.expect else None
    held = against(expected(change, meaning, estimate.without, sounded.sought.grain), estimate) if change else None
    said = {remark.key for remark in blank.remarks}
    gain = _gain(sounded, frame, found, scene)
    way_up = () if gain or not scene.project.star else (Remark("effect.no_way_up"),)
    return replace(
        blank,
        verdict=verdict(estimate, direction(initiative, meaning.better), held, said, over=frame.over),
        remarks=(*blank.remarks, *way_up),
        window=replace(frame.after[0], end=frame.after[-1].end),
        estimate=estimate,
        control=picked.control if picked else None,
        expected=held,
        gain=gain,
        sights=tuple(_sights(frame, line, found)),
    )


def _sights(frame: Frame, line: Track, found: Outcome) -> Iterator[Sight]:
    for at, period in enumerate(frame.periods):
        without = found.without[at - frame.start] if at >= frame.start else None
        yield Sight(period, line.values[at], without, at >= frame.start)


def _gain(sounded: Sounded, frame: Frame, found: Outcome, scene: Scene) -> Gain | None:
    project = scene.project
    share = _share(sounded, frame)
    if share is None or not sounded.sought.drivers or not project.star:
        return None
    known = {**sounded.others, **({sounded.sought.metric: sounded.whole} if sounded.whole else {})}
    means = {
        name: mean
        for name in sounded.sought.drivers
        if name in known and (mean := _mean(known[name].points, frame)) is not None
    }
    star = meaning_of(str(project.star.metric), scene.meanings)
    return gained(project, star, sounded.sought.metric, found.estimate.mean, share, means)


def _share(sounded: Sounded, frame: Frame) -> Fraction | None:
    """How much an effect on the part is on the whole: all of an amount, of a rate as much as the part has of the base.

    None where that is not known.
    """
    if not sounded.sought.dimensions:
        return Fraction(1)
    if sounded.whole is None:
        return None
    if sounded.whole.meaning.nature is not Nature.RATIO:
        return Fraction(1) if sounded.whole.meaning.nature is Nature.FLOW else None
    part, whole = (_base(points, frame) for points in (_own(sounded), sounded.whole.points))
    return part / whole if part is not None and whole else None


def _base(points: Sequence[Point], frame: Frame) -> Fraction | None:
    found = [point.base for point in points if point.period in frame.after and point.base is not None]
    return sum(found, Fraction(0)) if found else None


def _mean(points: Sequence[Point], frame: Frame) -> Fraction | None:
    """A metric's mean over the periods after the start; of a ratio its parts pooled."""
    found = [point for point in points if point.period in frame.after and point.value is not None]
    base = sum((point.base for point in found if point.base is not None), Fraction(0))
    if base:
        return sum((point.over for point in found if point.over is not None), Fraction(0)) / base
    return sum((point.value for point in found if point.value is not None), Fraction(0)) / len(found) if found else None
