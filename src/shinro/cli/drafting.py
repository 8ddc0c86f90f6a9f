"""Drafting: the commands that write a project, or change one, for people who would rather not write YAML."""

from pathlib import Path
from typing import Annotated

import typer

from shinro.cli.speaking import moment, option, problems_told, progress, say_json, show
from shinro.reports.words import Words


def _init(app: typer.Typer, tell: Words) -> None:
    @app.command(help=tell.say("cli.init"))
    def init(
        files: Annotated[list[Path] | None, option(tell, "from", "--from")] = None,
        more: Annotated[list[Path] | None, typer.Argument(help=tell.say("cli.from"), show_default=False)] = None,
        out: Annotated[Path, option(tell, "out", "-o", "--out")] = Path(),
        lang: Annotated[str, option(tell, "lang", "--lang")] = "",
        as_json: Annotated[bool, option(tell, "json", "--json")] = False,
    ) -> None:
        from shinro.reports.drafted import drafted_json, drafted_report
        from shinro.run.init import init_from

        del lang
        with problems_told(tell, as_json=as_json):
            with progress(tell, shown=not as_json) as step:
                made = init_from([*(files or ()), *(more or ())], out, moment("", tell), tell.say, tell.lang, step)
            if as_json:
                say_json(drafted_json(str(made.file), made.text, made.notes, made.asks, tell))
            else:
                show(drafted_report(str(made.file), str(out), made.notes, made.asks, tell))


COMMANDS = (_init,)
