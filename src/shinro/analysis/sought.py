"""Sought: the series that a look at where we are needs, so that measuring can plan its scans."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from shinro.analysis.measured import is_shared, read_by
from shinro.analysis.readings import grain_of
from shinro.analysis.targets import eras, metric_of
from shinro.analysis.totals import added_by, cuts_months
from shinro.definitions.meaning import meaning_of
from shinro.definitions.periodic import counts_once, not_within
from shinro.definitions.phrases import Condition, Over, Per, Since
from shinro.definitions.project import Project, ref
from shinro.definitions.story import Milestone
from shinro.definitions.tree import below, measured_from
from shinro.periods import Grain, Period
from shinro.series import Meaning, Nature


@dataclass(frozen=True, slots=True)
class Sought:
    """One series: a metric at a grain, whole or by a dimension; or, with `span`, its value over just those days.

    `parted` asks for a value of each of the grain's periods in them, the first and the last cut.
    """

    metric: str
    grain: Grain
    dimension: str | None = None
    span: Period | None = None
    parted: bool = False


def needed(
    project: Project,
    meanings: Mapping[str, Meaning],
    as_of: date,
    asked: Grain | None = None,
    *,
    everything: bool = False,
) -> tuple[Sought, ...]:
    """What a status reads, each once: metrics that are defined and can be measured now.

    Every series reaches from the first day of the data to as-of; a stock's days may begin where the story does.
    """
    found = [
        each for metric in shown(project, everything=everything) for each in _read(project, meanings, metric, asked)
    ]
    for milestone in project.milestones:
        for goal in milestone.reach:
            if goal.condition:
                found.extend(_judged(project, meanings, goal.condition, _day(project, milestone, as_of), as_of))
    found.extend(Sought(metric, Grain.MONTH) for metric in told(project))
    return tuple(dict.fromkeys(each for each in found if each.metric in meanings and measurable(project, each.metric)))


def shown(project: Project, *, everything: bool = False) -> tuple[str, ...]:
    """The metrics that a status shows: the star, its guardrail, KPIs, what departments own; on request all."""
    star = [project.star.metric] if project.star else []
    guardrail = [project.star.guardrail] if project.star and project.star.guardrail else []
    owned = [metric for department in project.departments.values() for metric in department.owns]
    others = list(project.metrics) if everything else []
    return tuple(dict.fromkeys(map(str, (*star, *guardrail, *project.kpis, *owned, *project.targets, *others))))


def told(project: Project) -> tuple[str, ...]:
    """The metrics that the past months are told by: each traction's headline, else the star."""
    headlines = [str(traction.headline) for traction in project.traction]
    return tuple(dict.fromkeys(headlines or ([str(project.star.metric)] if project.star else [])))


def measurable(project: Project, metric: str) -> bool:
    """Whether everything that a metric is measured from can be measured now."""
    found = [project.metric(name) for name in below([metric], measured_from(project))]
    return all(each is not None and len(each.ways) == 1 for each in found)


def _read(project: Project, meanings: Mapping[str, Meaning], metric: str, asked: Grain | None) -> Iterator[Sought]:
    grain = grain_of(project, metric, asked)
    yield Sought(metric, grain)
    meaning = meaning_of(metric, meanings)
    if meaning.nature is Nature.STOCK:
        yield Sought(metric, read_by(project, meaning))
    target = project.targets.get(ref(metric))
    if not target:
        return
    for dimension in target.each:
        yield Sought(metric, grain, str(dimension))
    for each, _ in eras(target):
        if (each.to or each.growth) and not each.from_:
            yield _start(project, meanings, metric, each.per or grain)


def _judged(
    project: Project, meanings: Mapping[str, Meaning], condition: Condition, day: date, as_of: date
) -> Iterator[Sought]:
    """What a condition is read from, and what the path to it starts from."""
    metric = metric_of(condition)
    meaning = meaning_of(metric, meanings)
    match condition.reading:
        case Since():
            yield from since_start(project, meaning, day, as_of)
        case Over() as over:
            yield Sought(metric, over.grain)
        case Per(grain):
            yield Sought(metric, grain)
        case _:
            yield _start(project, meanings, metric, Grain.MONTH)


def since_start(project: Project, meaning: Meaning, day: date, as_of: date) -> Iterator[Sought]:
    """What `totals.since` reads: what a flow brought from the story's start up to a day."""
    starts, by = project.story.starts if project.story else None, added_by(project, meaning)
    if by:
        yield Sought(meaning.metric, by)
    if starts is None or starts > day:
        return
    span = Period(starts, day + timedelta(days=1))
    if by is None:
        yield Sought(meaning.metric, Grain.DAY, span=span)
    elif by is not not_within(project, meaning.metric, Grain.DAY) and cuts_months(span, as_of):
        yield Sought(meaning.metric, by, span=span, parted=True)


def _start(project: Project, meanings: Mapping[str, Meaning], metric: str, per: Grain) -> Sought:
    """Where a path starts: a period of what accrues or counts everybody once, else what the metric is read by."""
    meaning = meaning_of(metric, meanings)
    whole = is_shared(project, meaning) or counts_once(project, metric)
    return Sought(metric, not_within(project, metric, per) if whole else read_by(project, meaning))


def _day(project: Project, milestone: Milestone, as_of: date) -> date:
    starts = project.story.starts if project.story else None
    due = milestone.day(starts)
    return min(due, as_of) if due else as_of
