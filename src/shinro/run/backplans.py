"""plan --back: driver levels that lead to the milestones, or to one goal; and why they do not reach them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

from shinro.analysis.aims import Wanted, wanted_of
from shinro.analysis.footing import Footing, footing, needed_for, wanted_metrics
from shinro.analysis.measured import Bearings, Soundings
from shinro.analysis.plans import plan_of
from shinro.analysis.sought import measurable, since_start
from shinro.checks.bounds import without_room
from shinro.definitions import phrases
from shinro.definitions.literals import misfit
from shinro.definitions.nodes import Text
from shinro.definitions.story import Milestone
from shinro.definitions.tokens import Mistake
from shinro.definitions.values import Goal
from shinro.findings.forecasts import Prospects
from shinro.findings.plans import Chance, Plan, PlannedCondition, Prefer, Untold
from shinro.periods import Duration, Grain
from shinro.problems import CannotGoOn, Place, Problem, Severity, problem
from shinro.queries.scans import Want
from shinro.run.forecasts import prospects
from shinro.run.gathering import Gathered
from shinro.run.status import calendar_of, soundings_of, want_of
from shinro.run.target_files import target_files
from shinro.run.values import known_metric

GOAL = "goal"
SIDES = ("<", "<=", ">=", ">")  # a goal is come up to, or down to


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked of a plan: all milestones, or one goal by a day; the least effort, or the fewest levers."""

    goal: str = ""
    by: str = ""
    grain: Grain = Grain.MONTH
    prefer: Prefer = Prefer.EFFORT
    sure: float | None = None  # the probability that each milestone is to be reached with


def back(gathered: Gathered, asked: Asked = Asked(), known: Prospects | None = None) -> Plan:
    """The plan of gathered tables; `known`: what a forecast said of its milestones already.

    Raises CannotGoOn for a goal that cannot be read. Cost: the scans that the cache does not have, and a search.
    """
    wanted = wanted_in(gathered, asked)
    bearings, found = footed(gathered, wanted, asked.grain)
    plan = plan_of(bearings.project, bearings.meanings, found, asked.prefer, asked.sure)
    chances, untold = beside(gathered, asked, plan.conditions, plan.chances, known)
    silent = tuple(driver for driver in plan.silent if driver not in dict(untold.why))
    return replace(plan, chances=chances, untold=untold, silent=silent)


def beside(
    gathered: Gathered,
    asked: Asked,
    conditions: Iterable[PlannedCondition],
    chances: tuple[Chance, ...],
    known: Prospects | None = None,
) -> tuple[tuple[Chance, ...], Untold]:
    """Probabilities with what `shinro plan` says of the same milestones, or of the goal as if it were one.

    Law: where it can tell none, there is none here either, for the same reason.
    Cost: a forecast of the metrics that the conditions read; nothing where there are no conditions.
    """
    milestones = tuple(dict.fromkeys(each.milestone for each in conditions))
    if not milestones:
        return (), Untold()
    project = gathered.opened.project
    if asked.goal:
        (wanted,) = wanted_in(gathered, asked)
        goal = Goal(wanted.condition, Text(wanted.text, Place("--goal")))
        milestone = Milestone(place=Place("--goal"), id=Text(GOAL, Place("--goal")), on=wanted.due, reach=(goal,))
        gathered = replace(gathered, opened=replace(gathered.opened, project=replace(project, milestones=(milestone,))))
    ahead = known or prospects(gathered, back=False)
    told = {each.title or each.due.isoformat(): each.probability for each in ahead.milestones}
    untold = tuple(each for each in milestones if told.get(each) is None)
    found = tuple(replace(each, forecast=told[each.milestone]) for each in chances if each.milestone not in untold)
    return found, Untold(untold, ahead.untold if untold else ())


def wanted_in(gathered: Gathered, asked: Asked) -> tuple[Wanted, ...]:
    """The conditions that a plan is asked for: the goal, else those of the milestones ahead."""
    project = gathered.opened.project
    starts = project.story.starts if project.story else None
    if not asked.goal:
        return tuple(wanted_of(project.milestones, starts, gathered.as_of))
    try:
        condition = phrases.condition(asked.goal, Place("--goal"))
    except Mistake as mistake:
        raise CannotGoOn([mistake.problem]) from None
    day = _day_of(asked.by, gathered.as_of) or _last(gathered, starts)
    if day is None:
        raise CannotGoOn([problem("Q171", Place("--goal"), case="day")])
    if day <= gathered.as_of:
        raise CannotGoOn([Problem(Place("--by"), "Q171", {"case": "over", "day": day, "as_of": gathered.as_of})])
    wanted = Wanted(GOAL, asked.goal, condition, day)
    known_metric(project, wanted.metric, "--goal")
    wrong = [*misfit(gathered.meanings.get(wanted.metric), condition.level, Place("--goal"))]
    if condition.op not in SIDES:
        wrong.append(Problem(Place("--goal"), "Q171", {"case": "equals", "text": asked.goal}))
    if wrong:
        raise CannotGoOn(wrong)
    return (wanted,)


def _day_of(text: str, as_of: date) -> date | None:
    """A day, or one so long after as-of; None where none is written. Raises CannotGoOn where it is neither (Q129)."""
    if not text:
        return None
    try:
        due = phrases.due(text, Place("--by"))
        return due.after(as_of) if isinstance(due, Duration) else due
    except (Mistake, OverflowError):
        raise CannotGoOn([problem("Q129", Place("--by"), case="goal", text=text)]) from None


def _last(gathered: Gathered, starts: date | None) -> date | None:
    """The day of the last milestone ahead: a goal without a day is one for the whole story."""
    days = [each.due for each in wanted_of(gathered.opened.project.milestones, starts, gathered.as_of)]
    return max(days, default=None)


def footed(
    gathered: Gathered,
    wanted: tuple[Wanted, ...],
    grain: Grain,
    extra: Iterable[str] = (),
    directly: frozenset[str] | None = None,
    least: int = 1,
) -> tuple[Bearings, Footing]:
    """The bearings that a plan reads, and what it stands on.

    Raises CannotGoOn where bounds are written that leave nothing (code M414): no plan could keep them.
    """
    project = gathered.opened.project
    refused = impossible(gathered)
    if refused:
        raise CannotGoOn(refused)
    metrics = (*wanted_metrics(wanted), *extra)
    needed = needed_for(project, gathered.meanings, metrics, grain, directly)
    bearings = bearings_for(gathered, needed, grain)
    found = footing(bearings, wanted, grain, extra, directly, least)
    flows = dict.fromkeys(each.metric for each in wanted if isinstance(each.condition.reading, phrases.Since))
    if not flows:
        return bearings, found
    bearings = _with_sums(gathered, bearings, flows, found.base.last)
    return bearings, footing(bearings, wanted, grain, extra, directly, least)


def _with_sums(gathered: Gathered, bearings: Bearings, flows: Iterable[str], day: date) -> Bearings:
    """Bearings with what `totals.since` reads: what flows brought from the story's start up to a day."""
    project = bearings.project
    known = [metric for metric in flows if metric in bearings.meanings and measurable(project, metric)]
    asked = tuple(
        each for metric in known for each in since_start(project, bearings.meaning(metric), day, gathered.as_of)
    )
    found = soundings_of(gathered, asked, gathered.measure(dict.fromkeys(map(want_of, asked))))
    series = {**found.series, **bearings.measured.series}
    return replace(bearings, measured=replace(bearings.measured, series=series, totals=found.totals))


def impossible(gathered: Gathered) -> list[Problem]:
    """The written bounds that no plan could keep."""
    found = without_room(gathered.opened.project, gathered.meanings)
    return [each for each in found if each.severity is Severity.ERROR]


def bearings_for(gathered: Gathered, metrics: Iterable[str], grain: Grain) -> Bearings:
    """Bearings with the series of some metrics at one grain."""
    wants = {Want(metric, grain): metric for metric in metrics if metric in gathered.meanings}
    measured = gathered.measure(wants)
    series = {(metric, grain): measured[want][0] for want, metric in wants.items() if measured.get(want)}
    files, _ = target_files(gathered.opened)
    soundings = Soundings(gathered.as_of, series, loads=gathered.loads)
    return Bearings(gathered.opened.project, gathered.meanings, soundings, calendar_of(gathered), files)
