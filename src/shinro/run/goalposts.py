"""plan --save: a plan's levels written into the project file as targets, the ones before kept in sight."""

from __future__ import annotations

from datetime import date

from shinro.definitions import phrases
from shinro.definitions.phrases import Per
from shinro.definitions.project import Project, ref
from shinro.drafts.goalposts import Goalpost, with_goalposts, without_goalposts
from shinro.findings.plans import Plan, PlannedLever
from shinro.periods import Grain
from shinro.problems import CannotGoOn, Place, Problem
from shinro.run.add import Changed, add
from shinro.run.gathering import Gathered


def save(gathered: Gathered, plan: Plan, today: date) -> Changed:
    """Writes the targets of every driver that the plan moves, from today on and dated so; at once or not at all.

    The targets that a plan before wrote for drivers that this one lets be are ended. Law: no day before today is judged
    by another target than before, however often plans are saved and of whatever day they are.

    Raises CannotGoOn where all periods of the plan have passed (Q171), and where the file could not be read any more
    with its targets: then nothing is written.
    """
    opened = gathered.opened
    if plan.periods and plan.periods[-1].end <= today:
        args = {"case": "passed", "last": plan.periods[-1].last, "today": today}
        raise CannotGoOn([Problem(Place("--save"), "Q171", args)])
    posts = {each.lever.metric: _post(plan, each) for each in plan.levers if _is_saved(each)}

    def changed(text: str, project: Project) -> str:
        text = with_goalposts(text, project, posts, today)
        return without_goalposts(text, project, abandoned(project, plan), today)

    return add(opened.folder / opened.name, lambda text, fresh: changed(text, fresh.project), today)


def abandoned(project: Project, plan: Plan) -> tuple[str, ...]:
    """The drivers that a plan lets be, with a target that a plan before wrote."""
    let_be = (each.lever.metric for each in plan.levers if not _is_saved(each))
    targets = ((metric, project.targets.get(ref(metric))) for metric in let_be)
    return tuple(metric for metric, target in targets if target and target.planned and not target.is_blank)


def _is_saved(each: PlannedLever) -> bool:
    return each.lever.beyond or bool(each.lever.direction and each.moved)


def _post(plan: Plan, each: PlannedLever) -> Goalpost:
    steps = {period.start: level for period, level in zip(plan.periods, each.steps, strict=False)}
    return Goalpost(each.lever.meaning, steps, plan.grain, planned=True, per=asked_per(plan))


def asked_per(plan: Plan) -> Grain:
    """The period that a plan's targets are said for, so that where they are met its conditions are.

    A week, where all conditions are of one, or of a day; else a month: its level is whole, and a quarter's is three of
    them, while a level a week asks for less in a month with holidays.
    """
    readings = (phrases.condition(each.text).reading for each in plan.conditions)
    said = {each.grain if isinstance(each, Per) else Grain.MONTH for each in readings}
    return Grain.WEEK if said and said <= {Grain.DAY, Grain.WEEK} else Grain.MONTH
