"""Working back: `plan --back`, `--goal`, `--what-if` and `--save`, behind the verb `plan`."""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from shinro.cli.speaking import BROKEN, error, moment, open_told, progress, say_json, show
from shinro.periods import Grain
from shinro.reports.words import Words

if TYPE_CHECKING:
    from datetime import date

    from shinro.reports.readings import Telling
    from shinro.run.backplans import Asked
    from shinro.run.gathering import Gathered


@dataclass(frozen=True, slots=True)
class Wish:
    """What `plan` was asked beside the milestones' probabilities."""

    back: bool = False
    goal: str = ""
    by: str = ""
    fewest: bool = False
    sure: str = ""
    supposed: tuple[str, ...] = ()
    save: bool = False

    @property
    def is_any(self) -> bool:
        """Whether anything was asked."""
        return bool(self.back or self.goal or self.supposed or self.save or self.sure or self.fewest)


def answered(
    project: Path, tell: Words, lang: str, as_of: str, grain: Grain | None, wish: Wish, *, as_json: bool
) -> None:
    """Answers a wish: a plan worked back, or what changes would do; saved where that was asked for."""
    from shinro.findings.plans import Prefer
    from shinro.reports.readings import Telling
    from shinro.run.backplans import Asked
    from shinro.run.gathering import gathering

    prefer = Prefer.LEVERS if wish.fewest else Prefer.EFFORT
    asked = Asked(wish.goal, wish.by, grain or Grain.MONTH, prefer, _sure(wish.sure, tell))
    looked = moment(as_of, tell)
    with (
        open_told(project, tell, lang, as_json=as_json) as (opened, spoken),
        progress(spoken, shown=not as_json) as step,
        gathering(opened, looked, step) as gathered,
    ):
        telling = Telling(spoken, opened.project)
        if wish.supposed:
            _suppose(gathered, wish, asked, telling, as_json=as_json)
        else:
            _back(gathered, wish, asked, telling, looked.today(opened.project.zone), as_json=as_json)


def _suppose(gathered: "Gathered", wish: Wish, asked: "Asked", telling: "Telling", *, as_json: bool) -> None:
    from shinro.reports.plans_json import what_if_json
    from shinro.reports.whatif import what_if_report
    from shinro.run.whatifs import suppose

    found = suppose(gathered, wish.supposed, asked)
    if as_json:
        say_json(what_if_json(found, telling))
    else:
        show(what_if_report(found, telling))


def _back(
    gathered: "Gathered", wish: Wish, asked: "Asked", telling: "Telling", today: "date", *, as_json: bool
) -> None:
    from shinro.reports.plans import plan_report
    from shinro.reports.plans_json import plan_json
    from shinro.run.backplans import back

    plan = back(gathered, asked)
    changed = None
    if wish.save:
        from shinro.run.goalposts import save

        changed = save(gathered, plan, today)
    if as_json:
        written = {"file": str(changed.file), "lines": list(changed.lines)} if changed else None
        say_json({**plan_json(plan, telling), "written": written})
        return
    show(plan_report(plan, telling))
    if changed:
        typer.echo("\n" + telling.say("back.saved", file=changed.file))
        typer.echo("\n".join(changed.lines))


def _sure(text: str, tell: Words) -> float | None:
    """A probability as written, `80%` or `0.8`; an end where it is none."""
    from shinro.definitions.phrases import level
    from shinro.definitions.tokens import Mistake

    if not text:
        return None
    try:
        found = float(level(text).number.value)
    except Mistake:
        found = 0.0
    if not 0 < found < 1:
        error(tell.say("cli.bad_sure", found=text))
        raise typer.Exit(BROKEN)
    return found
