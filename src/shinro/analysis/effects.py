"""Effects: each initiative judged by the series of its KPI, and all of them ranked by what they gave the star."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from statistics import fmean

from shinro.analysis.effect import LEAST_AFTER, LEAST_BEFORE, Case, Outcome, effect
from shinro.analysis.effect_control import ACCIDENT, Chosen, chosen
from shinro.analysis.effect_periods import Frame, Track, framed, pooled
from shinro.analysis.effect_sought import SoughtEffect, overlapping
from shinro.analysis.effect_sounding import Scene, Sounded, candidates, mean, own_points, rest, share
from shinro.analysis.effect_star import gained
from shinro.analysis.effect_verdict import against, direction, expected, verdict
from shinro.analysis.forecast_world import kind_of
from shinro.definitions.meaning import meaning_of
from shinro.definitions.people import Initiative
from shinro.findings.effects import Effect, Gain, Remark, Sight, Verdict
from shinro.periods import Grain
from shinro.series import SMALL, Mark, Nature, Point, Segment
from shinro.units import CURRENCIES

YEARS = {Grain.WEEK: 52, Grain.MONTH: 12, Grain.QUARTER: 4}  # periods in a season


def judged(sounded: Sounded, scene: Scene) -> Effect:
    """What one initiative did. Cost: a few passes over its series and its candidates for a control."""
    sought = sounded.sought
    blank = told_of(sought.initiative, scene, sought.grain)
    own = own_points(sounded)
    frame = framed(own, sought.initiative, sought.grain, scene.calendar) if own else None
    if frame is None:
        return _with(blank, "effect.unmeasured")
    line = scene.track(sought.metric, own, frame)
    blank = _counted(blank, line, own, frame)
    remarks = list(_of_time(sought, frame, blank.missing, scene))
    picked = chosen(line, tuple(candidates(sounded, frame, scene)), frame, YEARS.get(sought.grain))
    kind = kind_of(meaning_of(sought.metric, scene.meanings), line.values)
    found = effect(replace(picked.case if picked else _alone(line, frame, sought.grain), ends=kind.ends))
    if found is None:
        return replace(blank, remarks=(*remarks, _too_little(line, frame)))
    if found.beyond:
        return replace(blank, remarks=(*remarks, Remark("effect.above" if found.beyond > 0 else "effect.below")))
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


def _counted(blank: Effect, line: Track, own: Sequence[Point], frame: Frame) -> Effect:
    """With the periods that are judged, and how many have no number; the one that it starts in is neither.

    A flow's number of a period in which nobody works is known, and not judged.
    """
    before, after = (sum(value is not None for value in part) for part in _sides(line, frame))
    known = {point.period for point in own if point.mark is Mark.COMPLETE and point.value is not None}
    return replace(blank, before=before, after=after, missing=len({*frame.periods} - known - {frame.split}))


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


def _alone(line: Track, frame: Frame, grain: Grain) -> Case:
    return Case(line.values, frame.start, noise=line.noise, year=YEARS.get(grain))


def _of_time(sought: SoughtEffect, frame: Frame, missing: int, scene: Scene) -> Iterator[Remark]:
    """What must be said of the days alone."""
    names = overlapping(scene.project, sought.initiative)
    if names:
        yield Remark("effect.overlap", {"names": names})
    if frame.split:
        yield Remark("effect.split", {"period": frame.split})
    if missing:
        yield Remark("effect.missing", {"n": missing})
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
        yield Remark("effect.not_parallel" if rest(sounded) else "effect.weak")
    if picked is None and found.estimate.mean.excludes_zero and _rest_moved(sounded, frame, found, scene):
        yield Remark("effect.rest_moved")
    if not direction(sounded.sought.initiative, meaning.better):
        yield Remark("effect.no_direction")


def _rest_moved(sounded: Sounded, frame: Frame, found: Outcome, scene: Scene) -> bool:
    """Whether what was not touched moved the same way at the same time."""
    others = rest(sounded)
    if not others:
        return False
    line = scene.track(sounded.sought.metric, pooled([each.points for each in others]), frame)
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
    wanted = expected(change, estimate.without, blank.grain, accrues=line.adds) if change else None
    held = None if wanted is None else against(wanted, estimate)
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
    part = share(sounded, frame)
    if part is None or not sounded.sought.drivers or not project.star:
        return None
    known = {**sounded.others, **({sounded.sought.metric: sounded.whole} if sounded.whole else {})}
    means = {
        name: level
        for name in sounded.sought.drivers
        if name in known and (level := mean(known[name].points, frame)) is not None
    }
    star = meaning_of(str(project.star.metric), scene.meanings)
    return gained(project, star, sounded.sought.metric, found.estimate.mean, part, means)
