"""Planning: `plan`, what is likely to come, and whether the milestones will hold."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from shinro.cli.speaking import FAILED, moment, open_told, option, progress, say_json, show
from shinro.periods import Grain
from shinro.reports.words import Words

if TYPE_CHECKING:
    from shinro.run.gathering import Gathered


def _plan(app: typer.Typer, tell: Words) -> None:
    @app.command(help=tell.say("cli.plan"))
    def plan(
        project: Annotated[Path, option(tell, "project", "--project", "-p")] = Path(),
        forecast: Annotated[str, option(tell, "forecast", "--forecast")] = "",
        grain: Annotated[Grain | None, option(tell, "grain", "--grain")] = None,
        ahead: Annotated[int | None, option(tell, "ahead", "--ahead")] = None,
        back: Annotated[bool, option(tell, "back", "--back")] = False,
        goal: Annotated[str, option(tell, "goal", "--goal")] = "",
        by: Annotated[str, option(tell, "goal_by", "--by")] = "",
        fewest: Annotated[bool, option(tell, "fewest", "--fewest")] = False,
        sure: Annotated[str, option(tell, "sure", "--sure")] = "",
        what_if: Annotated[list[str] | None, option(tell, "what_if", "--what-if")] = None,
        save: Annotated[bool, option(tell, "save", "--save")] = False,
        as_of: Annotated[str, option(tell, "as_of", "--as-of")] = "",
        lang: Annotated[str, option(tell, "lang", "--lang")] = "",
        as_json: Annotated[bool, option(tell, "json", "--json")] = False,
    ) -> None:
        from shinro.cli.working_back import Wish, answered

        wish = Wish(back, goal, by, fewest, sure, tuple(what_if or ()), save)
        if wish.is_any:
            answered(project, tell, lang, as_of, grain, wish, as_json=as_json)
            return
        from shinro.run.gathering import gathering

        with (
            open_told(project, tell, lang, as_json=as_json) as (opened, spoken),
            progress(spoken, shown=not as_json) as step,
            gathering(opened, moment(as_of, spoken), step) as gathered,
        ):
            if forecast:
                _forecast(gathered, spoken, forecast, grain, ahead, as_json=as_json)
            else:
                _prospects(gathered, spoken, grain, as_json=as_json)


def _forecast(
    gathered: "Gathered", tell: Words, metric: str, grain: Grain | None, ahead: int | None, *, as_json: bool
) -> None:
    from shinro.reports.forecasts import forecast_json, forecast_report
    from shinro.reports.readings import Telling
    from shinro.run.forecasts import forecasts

    telling = Telling(tell, gathered.opened.project)
    found, why = forecasts(gathered, metric, grain, ahead)
    if as_json:
        say_json(forecast_json(found, why, telling))
    else:
        show(forecast_report(found, why, telling))
    if found is None:
        raise typer.Exit(FAILED)


def _prospects(gathered: "Gathered", tell: Words, grain: Grain | None, *, as_json: bool) -> None:
    from shinro.reports.forecasts import prospects_json, prospects_report
    from shinro.reports.readings import Telling
    from shinro.run.forecasts import prospects

    telling = Telling(tell, gathered.opened.project)
    found = prospects(gathered, grain)
    if as_json:
        say_json(prospects_json(found, telling))
    else:
        show(prospects_report(found, telling))


COMMANDS = (_plan,)
