"""Planning: `plan`, what is likely to come, and whether the milestones will hold."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from shinro.cli.speaking import BROKEN, FAILED, answer, answer_json, moment, open_told, option, problems_told, progress
from shinro.periods import Grain
from shinro.problems import CannotGoOn
from shinro.reports.words import Words

if TYPE_CHECKING:
    from shinro.cli.wishes import Wish
    from shinro.run.gathering import Gathered
    from shinro.run.opening import Opened


def _plan(app: typer.Typer, tell: Words) -> None:
    @app.command(help=tell.say("cli.plan"))
    def plan(
        project: Annotated[Path, option(tell, "project", "--project", "-p")] = Path(),
        forecast: Annotated[str | None, option(tell, "forecast", "--forecast")] = None,
        grain: Annotated[Grain | None, option(tell, "grain", "--grain")] = None,
        ahead: Annotated[int | None, option(tell, "ahead", "--ahead")] = None,
        back: Annotated[bool, option(tell, "back", "--back")] = False,
        goal: Annotated[str | None, option(tell, "goal", "--goal")] = None,
        by: Annotated[str | None, option(tell, "goal_by", "--by")] = None,
        fewest: Annotated[bool, option(tell, "fewest", "--fewest")] = False,
        sure: Annotated[str | None, option(tell, "sure", "--sure")] = None,
        what_if: Annotated[list[str] | None, option(tell, "what_if", "--what-if")] = None,
        save: Annotated[bool, option(tell, "save", "--save")] = False,
        as_of: Annotated[str, option(tell, "as_of", "--as-of")] = "",
        lang: Annotated[str, option(tell, "lang", "--lang")] = "",
        as_json: Annotated[bool, option(tell, "json", "--json")] = False,
    ) -> None:
        from shinro.cli.wishes import Wish, clashes

        texts = {"--forecast": forecast, "--goal": goal, "--by": by, "--sure": sure}
        blank = tuple(name for name, text in texts.items() if text is not None and not text.strip())
        wish = Wish(
            forecast or "",
            grain,
            ahead,
            back,
            goal or "",
            by or "",
            fewest,
            sure or "",
            tuple(what_if or ()),
            save,
            blank,
        )
        with open_told(project, tell, lang, as_json=as_json) as (opened, spoken):
            with problems_told(spoken, as_json=as_json, code=BROKEN):
                if wrong := tuple(clashes(wish)):
                    raise CannotGoOn(wrong)
            _answered(opened, spoken, wish, as_of, as_json=as_json)


def _answered(opened: "Opened", tell: Words, wish: "Wish", as_of: str, *, as_json: bool) -> None:
    from shinro.cli.working_back import worked_back
    from shinro.run.gathering import gathering

    looked = moment(as_of, tell)
    with progress(tell, shown=not as_json) as step, gathering(opened, looked, step) as gathered:
        if wish.is_worked_back:
            worked_back(gathered, tell, wish, looked.today(opened.project.zone), as_json=as_json)
        elif wish.forecast:
            _forecast(gathered, tell, wish.forecast, wish.grain, wish.ahead, as_json=as_json)
        else:
            _prospects(gathered, tell, wish.grain, as_json=as_json)


def _forecast(
    gathered: "Gathered", tell: Words, metric: str, grain: Grain | None, ahead: int | None, *, as_json: bool
) -> None:
    from shinro.reports.forecasts import forecast_json, forecast_report
    from shinro.reports.readings import Telling
    from shinro.run.forecasts import forecasts

    telling = Telling(tell, gathered.opened.project)
    found, why = forecasts(gathered, metric, grain, ahead)
    if as_json:
        answer_json(forecast_json(found, why, telling), gathered)
    else:
        answer(forecast_report(found, why, telling), gathered, telling)
    if found is None:
        raise typer.Exit(FAILED)


def _prospects(gathered: "Gathered", tell: Words, grain: Grain | None, *, as_json: bool) -> None:
    from shinro.reports.forecasts import prospects_json, prospects_report
    from shinro.reports.readings import Telling
    from shinro.run.forecasts import prospects
    from shinro.run.odds import keep_odds

    telling = Telling(tell, gathered.opened.project)
    found = prospects(gathered, grain)
    if grain is None:
        keep_odds(gathered, found)
    if as_json:
        answer_json(prospects_json(found, telling), gathered)
    else:
        answer(prospects_report(found, telling), gathered, telling)


COMMANDS = (_plan,)
