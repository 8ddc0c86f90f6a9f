"""Checking: the story's mistakes, the KPIs in use, and the candidates for the star."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from shinro.cli.speaking import FAILED, Refused, moment, open_told, option, progress, say_json, show, spoken_in
from shinro.reports.words import Words


def _check(app: typer.Typer, tell: Words) -> None:
    @app.command(help=tell.say("cli.check"))
    def check(
        listed: Annotated[Path | None, typer.Argument(help=tell.say("cli.listed"), show_default=False)] = None,
        project: Annotated[Path, option(tell, "project", "--project", "-p")] = Path(),
        data: Annotated[bool, option(tell, "data", "--data")] = False,
        inventory: Annotated[bool, option(tell, "inventory", "--inventory")] = False,
        north_star: Annotated[bool, option(tell, "north_star", "--north-star")] = False,
        candidate: Annotated[list[str] | None, option(tell, "candidate", "--candidate")] = None,
        explain: Annotated[str, option(tell, "explain", "--explain")] = "",
        as_of: Annotated[str, option(tell, "as_of", "--as-of")] = "",
        lang: Annotated[str, option(tell, "lang", "--lang")] = "",
        as_json: Annotated[bool, option(tell, "json", "--json")] = False,
    ) -> None:
        if explain:
            _explain(explain, tell)
            return
        clash = _clash(inventory=inventory, north_star=north_star, listed=listed is not None, named=bool(candidate))
        if clash:
            raise Refused(tell.say(f"cli.{clash.pop('case', 'clash')}", **clash))
        if inventory:
            _inventory(project, listed, as_of, lang, tell, data=data, as_json=as_json)
        elif north_star:
            _north_star(project, candidate or [], as_of, lang, tell, as_json=as_json)
        else:
            _mistakes(project, as_of, lang, tell, data=data, as_json=as_json)


def _clash(*, inventory: bool, north_star: bool, listed: bool, named: bool) -> dict[str, str]:
    """Two options that do not go together, or one that needs another; nothing where all do."""
    if inventory and north_star:
        return {"one": "--inventory", "other": "--north-star"}
    if listed and not inventory:
        return {"one": "FILE", "other": "--inventory", "case": "needs_other"}
    if named and not north_star:
        return {"one": "--candidate", "other": "--north-star", "case": "needs_other"}
    return {}


def _mistakes(project: Path, as_of: str, lang: str, tell: Words, *, data: bool, as_json: bool) -> None:
    from shinro.reports import problems as told
    from shinro.run import check as run

    if data:
        from shinro.run.check_data import check_data

        with progress(tell, shown=not as_json) as step:
            checked = check_data(project, moment(as_of, tell), step)
    else:
        checked = run.check(project, datetime.now(UTC).date())
    spoken = spoken_in(lang, checked.project.languages if checked.project else ())
    found = {"problems": told.as_json(checked.problems, spoken), "failed": checked.failed}
    report = told.problems_report(checked.problems, spoken)
    if checked.project and checked.loads:  # a check without data does not wait for what these import
        from shinro.reports.last_read import read_json, with_reads
        from shinro.reports.readings import Telling

        found |= read_json(checked.loads)
        report = with_reads(report, checked.loads, Telling(spoken, checked.project))
    if as_json:
        say_json(found)
    else:
        show(report)
    if checked.failed:
        raise typer.Exit(FAILED)


def _inventory(
    project: Path, listed: Path | None, as_of: str, lang: str, tell: Words, *, data: bool, as_json: bool
) -> None:
    from shinro.reports.inventory import inventory_json, inventory_report
    from shinro.reports.last_read import read_json, with_reads
    from shinro.reports.readings import Telling
    from shinro.run.inventory import taken_stock

    with (
        open_told(project, tell, lang, as_json=as_json) as (opened, spoken),
        progress(spoken, shown=not as_json) as step,
    ):
        found = taken_stock(opened, moment(as_of, spoken), listed, step, data=data)
        telling = Telling(spoken, opened.project)
        if as_json:
            say_json({**inventory_json(found, telling), **read_json(found.loads)})
        else:
            show(with_reads(inventory_report(found, telling), found.loads, telling))


def _north_star(project: Path, named: list[str], as_of: str, lang: str, tell: Words, *, as_json: bool) -> None:
    from shinro.reports.inventory import candidates_json, candidates_report
    from shinro.reports.last_read import read_json, with_reads
    from shinro.reports.readings import Telling
    from shinro.run.inventory import tried

    with (
        open_told(project, tell, lang, as_json=as_json) as (opened, spoken),
        progress(spoken, shown=not as_json) as step,
    ):
        found = tried(opened, moment(as_of, spoken), named, step)
        telling = Telling(spoken, opened.project)
        if as_json:
            say_json({**candidates_json(found, telling), **read_json(found.loads)})
        else:
            show(with_reads(candidates_report(found, telling), found.loads, telling))


def _explain(code: str, tell: Words) -> None:
    from difflib import get_close_matches

    from shinro.checks.pages import codes, page

    if code.upper() not in codes():
        near = get_close_matches(code.upper(), codes(), 1, cutoff=0.3)
        raise Refused(tell.say("cli.no_page", code=code, near=near[0] if near else "N101"))
    typer.echo(page(code.upper(), tell.lang).rstrip())


COMMANDS = (_check,)
