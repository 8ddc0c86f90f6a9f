"""Explaining: why a number moved or missed."""

from enum import Enum
from pathlib import Path
from typing import Annotated

import typer

from shinro.cli.speaking import moment, open_told, option, progress, say_json, show
from shinro.periods import Grain
from shinro.reports.words import Words


class Against(Enum):
    """What a number can be held against by name; `--from` names a period of its own."""

    TARGET = "target"
    LAST = "last"
    YEAR = "year"


def _explain(app: typer.Typer, tell: Words) -> None:
    @app.command(help=tell.say("cli.explain_gap"))
    def explain(
        metric: Annotated[str, typer.Argument(help=tell.say("cli.explained"), show_default=False)] = "",
        project: Annotated[Path, option(tell, "project", "--project", "-p")] = Path(),
        against: Annotated[Against | None, option(tell, "against", "--against")] = None,
        first: Annotated[str, option(tell, "since", "--from")] = "",
        last: Annotated[str, option(tell, "to", "--to")] = "",
        by: Annotated[list[str] | None, option(tell, "by", "--by")] = None,
        grain: Annotated[Grain | None, option(tell, "grain", "--grain")] = None,
        chained: Annotated[bool, option(tell, "chained", "--chained")] = False,
        times: Annotated[bool, option(tell, "times", "--times")] = False,
        as_of: Annotated[str, option(tell, "as_of", "--as-of")] = "",
        lang: Annotated[str, option(tell, "lang", "--lang")] = "",
        as_json: Annotated[bool, option(tell, "json", "--json")] = False,
    ) -> None:
        from shinro.findings.explanations import Basis
        from shinro.reports.explain import explain_report
        from shinro.reports.explain_json import explain_json
        from shinro.reports.readings import Telling
        from shinro.run.explain import Asked
        from shinro.run.explain import explain as run
        from shinro.run.gathering import gathering

        with (
            open_told(project, tell, lang, as_json=as_json) as (opened, spoken),
            progress(spoken, shown=not as_json) as step,
            gathering(opened, moment(as_of, spoken), step) as gathered,
        ):
            basis = Basis.GIVEN if first else Basis(against.value) if against else None
            found = run(gathered, Asked(metric, basis, first, last, tuple(by or ()), grain, chained, times))
            telling = Telling(spoken, opened.project)
            if as_json:
                say_json(explain_json(found, telling))
            else:
                show(explain_report(found, telling))


COMMANDS = (_explain,)
