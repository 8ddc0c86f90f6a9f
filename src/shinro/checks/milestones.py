"""Milestones: states with a date, a KPI and a level, in the right direction and in a sensible order."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from shinro.checks.facts import Facts
from shinro.checks.promises import Promise, dated, due, name_of, promised, promises
from shinro.checks.rule import Rule, rule
from shinro.definitions.metric import PARTS
from shinro.definitions.project import Project
from shinro.definitions.story import Milestone
from shinro.definitions.values import Goal
from shinro.periods import add_months
from shinro.problems import Place, Problem, Severity, problem
from shinro.series import Better

MOST_CONDITIONS = 5
LEAST_DAYS = 28
SOON, WITHIN = 3, 12  # months after the story's start
FURTHEST = 50  # years after the story's start, or from now on

EVENTS = re.compile(
    r"展示会|出展|リリース|ローンチ|発表|登壇|参加|開催|開始|実施|セミナー|ウェビナー|イベント|採用|入社|増員|公開|締結"
    r"|提携|資金調達|受賞|掲載|取材|キックオフ|移転|設立|開発|納品|リニューアル|申請|取得|オープン|刷新|完成"
    r"|\b(?:launch|releas|ship|attend|exhibit|expo\b|conference|trade ?show|booth|webinar|seminar|event|hir(?:e|ing)\b"
    r"|recruit|rais(?:e|ing)\b|fund|seed round|series [a-d]\b|sign(?!.?up)|announc|publish|present|host|kick-?off"
    r"|open|move to|finish|build|develop|deploy|migrat|go(?:es)?.?live|roll ?out|redesign|rebrand|partner"
    r"|demo day|mvp\b|v\d)",
    re.IGNORECASE,
)


@rule("M401", Severity.ERROR)
def all_there(facts: Facts) -> Iterator[Problem]:
    """A milestone says by when, which KPI, and how far."""
    for milestone in facts.project.milestones:
        if _is_event(milestone):
            continue
        yield from _undated(facts.project, milestone)
        yield from _misdated(facts, milestone)
        if not milestone.reach:
            yield problem("M401", milestone.place, milestone=name_of(milestone), case="reach")
        for goal in milestone.reach:
            if goal.condition is None and not _says_event(facts.project, goal):
                yield problem("M401", goal.place, milestone=name_of(milestone), case="level", text=str(goal.text))
    yield from _twice(facts.project)


def _undated(project: Project, milestone: Milestone) -> Iterator[Problem]:
    unread = milestone.by is None is milestone.on and bool({"by", "on"} & set(milestone.places))
    if due(project, milestone) is None and not unread:
        case = "starts" if milestone.by else "by"
        yield problem("M401", milestone.at("by"), milestone=name_of(milestone), case=case)


def _misdated(facts: Facts, milestone: Milestone) -> Iterator[Problem]:
    """Two days at once, or one on which nobody will ever look."""
    day, starts = due(facts.project, milestone), facts.project.story.starts if facts.project.story else None
    since = starts or facts.looked_on
    at = milestone.at("by" if milestone.by else "on")
    if milestone.by and milestone.on:
        yield problem("M401", milestone.at("on"), milestone=name_of(milestone), case="both")
    elif day and starts and day < starts:
        yield problem("M401", at, milestone=name_of(milestone), case="past", day=day, starts=starts)
    elif day and since and day.year > since.year + FURTHEST:
        yield problem("M401", at, milestone=name_of(milestone), case="far", day=day, years=FURTHEST)


def _twice(project: Project) -> Iterator[Problem]:
    seen: dict[str, Milestone] = {}
    for milestone in project.milestones:
        first = seen.setdefault(milestone.id, milestone) if milestone.id else milestone
        if first is not milestone:
            place = str(first.at("id"))
            yield problem("M401", milestone.at("id"), milestone=name_of(milestone), case="twice", first=place)


@rule("M402", Severity.ERROR)
def states_not_events(facts: Facts) -> Iterator[Problem]:
    """A milestone is a state of KPIs; an event is an initiative that moves one."""
    for milestone in facts.project.milestones:
        if _is_event(milestone):
            yield problem("M402", milestone.at("name"), event=name_of(milestone), milestone=name_of(milestone))
        for goal in milestone.reach:
            if goal.condition is None and _says_event(facts.project, goal):
                yield problem("M402", goal.place, event=str(goal.text), milestone=name_of(milestone))


def _is_event(milestone: Milestone) -> bool:
    """Nothing to reach, but a name or a day of its own."""
    if milestone.reach or "reach" in milestone.places:
        return False
    return bool(milestone.name or milestone.on or EVENTS.search(milestone.title))


def _says_event(project: Project, goal: Goal) -> bool:
    """Words of an event, or words that speak of no metric."""
    return bool(EVENTS.search(goal.text)) or not _speaks_of_a_metric(project, goal.text)


def _speaks_of_a_metric(project: Project, text: str) -> bool:
    words = [str(name) for name in project.metrics]
    for metric in project.metrics.values():
        words += metric.label.texts.values() if metric.label else ()
        words += PARTS if metric.recurring else ()
    return any(word.lower() in text.lower() for word in words if word)


@rule("M403", Severity.ERROR)
def right_direction(facts: Facts) -> Iterator[Problem]:
    """At least where more is better, at most where less is."""
    for milestone in facts.project.milestones:
        for promise in promised(milestone):
            meaning = facts.meanings.get(promise.metric)
            better = meaning.better if meaning else Better.NONE
            if (better is Better.LOWER and promise.rises) or (better is Better.HIGHER and promise.falls):
                turned = promise.condition.op.translate({ord("<"): ">", ord(">"): "<"})
                case = better.value
                yield problem("M403", promise.place, metric=promise.metric, text=promise.text, case=case, op=turned)


@rule("M405", Severity.WARNING)
def later_not_weaker(facts: Facts) -> Iterator[Problem]:
    """What was promised once is not taken back by a later milestone; what is replaced, in sight, binds no more."""
    best: dict[tuple[object, ...], Promise] = {}
    replaced = {str(each.replaces) for each in facts.project.milestones if each.replaces}
    for promise in promises(facts.project):
        if promise.milestone in replaced:
            continue
        kind = (promise.metric, promise.rises, promise.falls, promise.since_start, promise.grain is None)
        before = best.setdefault(kind, promise)
        if _weaker(promise, before):
            yield problem("M405", promise.place, text=promise.text, earlier=before.text, milestone=before.milestone)
        else:
            best[kind] = promise


def _weaker(promise: Promise, before: Promise) -> bool:
    now, then = promise.monthly, before.monthly
    return (promise.rises and now < then) or (promise.falls and now > then)


@rule("M407", Severity.WARNING)
def within_a_year(facts: Facts) -> Iterator[Problem]:
    """At least one milestone within 12 months of the start, and one from 3 months on."""
    project = facts.project
    if not project.milestones:
        if project.story or project.north_star or project.kpis:
            yield problem("M407", project.at("milestones"), case="none")
        return
    if project.story:
        starts = project.story.starts
        first, last = add_months(starts, SOON), add_months(starts, WITHIN)
        days = [day for day, _ in dated(project) if day <= last]
        if not any(first <= day for day in days):
            case = "early" if days else "late"
            yield problem("M407", project.at("milestones"), case=case, starts=starts.isoformat())


@rule("M408", Severity.WARNING)
def few_and_apart(facts: Facts) -> Iterator[Problem]:
    """Conditions that people can keep in mind, milestones with time to act between them."""
    for milestone in facts.project.milestones:
        count = len(milestone.reach)
        if count > MOST_CONDITIONS:
            place = milestone.reach[MOST_CONDITIONS].place
            yield problem("M408", place, milestone=name_of(milestone), case="many", count=count)
    for (day, before), (next_day, milestone) in pairwise(dated(facts.project)):
        days = (next_day - day).days
        if days < LEAST_DAYS:
            name, earlier = name_of(milestone), name_of(before)
            yield problem("M408", milestone.at("by"), milestone=name, case="close", count=days, before=earlier)


@rule("M413", Severity.WARNING)
def told_is_promised(facts: Facts) -> Iterator[Problem]:
    """The star, the headline and what supports it each have a level on the way, and in the year's picture."""
    every = promises(facts.project)
    if not every:
        return
    picture = {promise.metric for promise in every if promise.day == every[-1].day}
    somewhere = {promise.metric for promise in every}
    for metric, place in _told(facts.project):
        if metric not in picture:
            case = "picture" if metric in somewhere else "nowhere"
            yield problem("M413", place, metric=metric, case=case, last=every[-1].milestone)


def _told(project: Project) -> Iterator[tuple[str, Place]]:
    seen: set[str] = set()
    told = [(str(project.star.metric), project.star.at("metric"))] if project.star else []
    for traction in project.traction:
        told += [(str(ref), ref.place) for ref in (traction.headline, *traction.supports)]
    for metric, place in told:
        if metric not in seen:
            seen.add(metric)
            yield metric, place


RULES: tuple[Rule, ...] = (
    all_there,
    states_not_events,
    right_direction,
    later_not_weaker,
    within_a_year,
    few_and_apart,
    told_is_promised,
)
