"""Working back: `plan --back`, `--goal`, `--what-if` and `--save`, behind the verb `plan`."""

import sys
from typing import TYPE_CHECKING

import typer

from shinro.cli.speaking import answer, answer_json, error
from shinro.cli.wishes import Wish, sure
from shinro.periods import Grain
from shinro.reports.words import Words

if TYPE_CHECKING:
    from datetime import date

    from shinro.findings.plans import Plan
    from shinro.reports.readings import Telling
    from shinro.run.add import Changed
    from shinro.run.backplans import Asked
    from shinro.run.gathering import Gathered


def worked_back(gathered: "Gathered", tell: Words, wish: Wish, today: "date", *, as_json: bool) -> None:
    """Answers a wish: a plan worked back, or what changes would do; saved where that was asked for."""
    from shinro.findings.plans import Prefer
    from shinro.reports.readings import Telling
    from shinro.run.backplans import Asked

    prefer = Prefer.LEVERS if wish.fewest else Prefer.EFFORT
    asked = Asked(wish.goal, wish.by, wish.grain or Grain.MONTH, prefer, sure(wish.sure) if wish.sure else None)
    telling = Telling(tell, gathered.opened.project)
    if wish.supposed:
        _suppose(gathered, wish, asked, telling, as_json=as_json)
    elif as_json:
        _back_as_json(gathered, wish, asked, telling, today)
    else:
        _back(gathered, wish, asked, telling, today)


def _suppose(gathered: "Gathered", wish: Wish, asked: "Asked", telling: "Telling", *, as_json: bool) -> None:
    from shinro.reports.plans_json import what_if_json
    from shinro.reports.whatif import what_if_report
    from shinro.run.whatifs import suppose

    found = suppose(gathered, wish.supposed, asked)
    if as_json:
        answer_json(what_if_json(found, telling), gathered)
    else:
        answer(what_if_report(found, telling), gathered, telling)


def _back_as_json(gathered: "Gathered", wish: Wish, asked: "Asked", telling: "Telling", today: "date") -> None:
    from shinro.reports.plans_json import plan_json
    from shinro.run.backplans import back
    from shinro.run.goalposts import save

    plan = back(gathered, asked)
    written = None
    if wish.save:
        changed = save(gathered, plan, today)
        written = {
            "file": str(changed.file),
            "lines": list(changed.lines),
            "from": today.isoformat(),
            "falls_short": not plan.feasible,
        }
    answer_json({**plan_json(plan, telling), "written": written}, gathered)


def _back(gathered: "Gathered", wish: Wish, asked: "Asked", telling: "Telling", today: "date") -> None:
    from shinro.reports.plans import plan_report
    from shinro.run.backplans import back
    from shinro.run.goalposts import save

    plan = back(gathered, asked)
    answer(plan_report(plan, telling), gathered, telling)
    if wish.save and _is_wanted(plan, telling):
        typer.echo("\n" + _saved(save(gathered, plan, today), today, telling))


def _is_wanted(plan: "Plan", telling: "Telling") -> bool:
    """Whether a plan is to be saved: one that falls short is warned of, and asked for where somebody can answer."""
    if plan.feasible or not plan.levers:
        return True
    error("\n" + telling.say("back.falls_short"))
    if not _can_answer():
        return True
    if typer.confirm(telling.say("back.save_anyway"), default=False):
        return True
    error(telling.say("back.not_saved"))
    return False


def _can_answer() -> bool:
    return sys.stdin.isatty() and sys.stdout.isatty()


def _saved(changed: "Changed", today: "date", telling: "Telling") -> str:
    """What became of the project file."""
    from shinro.reports.dates import day

    if not changed.lines:
        return telling.say("back.nothing_saved", file=changed.file)
    said = telling.say("back.saved", file=changed.file, day=day(today, telling.lang))
    return "\n".join([said, *changed.lines])
