"""Planning: `plan`, what is likely to come, and whether the milestones will hold."""

from pathlib import Path
from typing import Annotated

import typer

from shinro.cli.speaking import error, moment, open_told, option, progress
from shinro.periods import Grain
from shinro.reports.words import Words


def _plan(app: typer.Typer, tell: Words) -> None:
    @app.command(help=tell.say("cli.plan"))
    def plan(
        project: Annotated[Path, option(tell, "project", "--project", "-p")] = Path(),
        forecast: Annotated[str, option(tell, "forecast", "--forecast")] = "",
        grain: Annotated[Grain | None, option(tell, "grain", "--grain")] = None,
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
            gathering(opened, moment(as_of, spoken), step),
        ):
            del forecast, grain
            error(spoken.say("forecast.none"))


COMMANDS = (_plan,)
