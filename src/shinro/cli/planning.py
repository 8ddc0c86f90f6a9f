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
        as_of: Annotated[str, option(tell, "as_of", "--as-of")] = "",
        lang: Annotated[str, option(tell, "lang", "--lang")] = "",
        as_json: Annotated[bool, option(tell, "json", "--json")] = False,
    ) -> None:
        from shinro.run.gathering import gathering

        with (
            open_told(project, tell, lang, as_json=as_json) as (opened, spoken),
            progress(spoken, shown=not as_json) as step,
            gathering(opened, moment(as_of, spoken), step),
        ):
            del forecast, grain
            error(spoken.say("forecast.none"))


COMMANDS = (_plan,)
