"""Looking: the commands that read a project and say what they find."""

from collections.abc import Callable, Iterable, Sequence
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from shinro.cli.speaking import (
    FAILED,
    error,
    moment,
    open_told,
    option,
    problems_told,
    progress,
    say_json,
    show,
)
from shinro.periods import Grain
from shinro.problems import Problem
from shinro.reports.words import Words

if TYPE_CHECKING:
    from shinro.reports.readings import Telling
    from shinro.run.values import Values


class Dialect(Enum):
    """The engines whose SQL can be shown."""

    DUCKDB = "duckdb"
    POSTGRES = "postgres"


def _sync(app: typer.Typer, tell: Words) -> None:
    @app.command(help=tell.say("cli.sync"))
    def sync(
        project: Annotated[Path, option(tell, "project", "--project", "-p")] = Path(),
        lang: Annotated[str, option(tell, "lang", "--lang")] = "",
        as_json: Annotated[bool, option(tell, "json", "--json")] = False,
    ) -> None:
        from shinro.reports import sync as told
        from shinro.run.sync import sync as run

        with (
            open_told(project, tell, lang, as_json=as_json) as (opened, spoken),
            progress(spoken, shown=not as_json) as step,
        ):
            synced = run(opened, moment("", spoken), step)
            if as_json:
                args = (synced.loads, synced.problems, synced.as_of, synced.measured, synced.scans, spoken)
                say_json(told.sync_json(*args))
            else:
                scans = len(synced.scans)
                show(told.sync_report(synced.loads, synced.problems, synced.as_of, synced.measured, scans, spoken))
            if synced.failed:
                raise typer.Exit(FAILED)


def _status(app: typer.Typer, tell: Words) -> None:
    @app.command(help=tell.say("cli.status"))
    def status(
        project: Annotated[Path, option(tell, "project", "--project", "-p")] = Path(),
        as_of: Annotated[str, option(tell, "as_of", "--as-of")] = "",
        grain: Annotated[Grain | None, option(tell, "grain", "--grain")] = None,
        everything: Annotated[bool, option(tell, "all", "--all")] = False,
        lang: Annotated[str, option(tell, "lang", "--lang")] = "",
        as_json: Annotated[bool, option(tell, "json", "--json")] = False,
    ) -> None:
        from shinro.definitions.meaning import meanings
        from shinro.reports.as_json import status_json
        from shinro.reports.status import status_report
        from shinro.run.status import status as run

        with (
            open_told(project, tell, lang, as_json=as_json) as (opened, spoken),
            progress(spoken, shown=not as_json) as step,
        ):
            found = run(opened, moment(as_of, spoken), grain, step, everything=everything)
            if as_json:
                say_json(status_json(found, opened.project, spoken, meanings(opened.project)))
            else:
                show(status_report(found, opened.project, spoken, meanings(opened.project)))


def _values(app: typer.Typer, tell: Words) -> None:
    @app.command(help=tell.say("cli.values"))
    def values(
        metrics: Annotated[list[str], typer.Argument(help=tell.say("cli.metrics"), show_default=False)],
        project: Annotated[Path, option(tell, "project", "--project", "-p")] = Path(),
        grain: Annotated[Grain | None, option(tell, "grain", "--grain")] = None,
        by: Annotated[list[str] | None, option(tell, "by", "--by")] = None,
        curve: Annotated[bool, option(tell, "curve", "--curve")] = False,
        buckets: Annotated[int | None, option(tell, "buckets", "--buckets")] = None,
        where: Annotated[str, option(tell, "where", "--where")] = "",
        as_of: Annotated[str, option(tell, "as_of", "--as-of")] = "",
        lang: Annotated[str, option(tell, "lang", "--lang")] = "",
        as_csv: Annotated[bool, option(tell, "csv", "--csv")] = False,
        as_json: Annotated[bool, option(tell, "json", "--json")] = False,
    ) -> None:
        from shinro.reports import values as told
        from shinro.reports.last_read import read_json, read_texts, with_reads
        from shinro.reports.readings import Telling
        from shinro.run.gathering import gathering
        from shinro.run.values import beside, bridged
        from shinro.run.values import values as run

        quiet = as_json or as_csv
        with (
            open_told(project, tell, lang, as_json=as_json) as (opened, spoken),
            progress(spoken, shown=not quiet) as step,
        ):
            if curve or buckets is not None:
                from shinro.cli.curving import curves_told
                from shinro.run.curve import Asked

                asked = Asked(grain, buckets, tuple(by or ()), where)
                curves_told(
                    opened, spoken, tuple(metrics), asked, moment(as_of, spoken), step, as_csv=as_csv, as_json=as_json
                )
                return
            with gathering(opened, moment(as_of, spoken), step) as gathered:
                asked_for = bridged(opened.project, metrics)
                asked_for = asked_for if quiet or by else beside(opened.project, asked_for)
                found = run(gathered, asked_for, grain or Grain.MONTH, tuple(by or ()), where)
                telling, loads = Telling(spoken, opened.project), gathered.loads_of(asked_for)
            if as_csv:
                typer.echo(told.values_csv(found.series, found.overlaps), nl=False)
                told_aside(read_texts(loads, telling))
            elif as_json:
                say_json({**_values_json(found, telling), **read_json(loads)})
            else:
                show(with_reads(told.values_report(found.series, telling, found.overlaps), loads, telling))
            if not as_json:
                missing(found.unmeasured, found.problems, spoken)
            if found.unmeasured:
                raise typer.Exit(FAILED)


def _values_json(found: "Values", telling: "Telling") -> dict[str, object]:
    from shinro.reports.problems import as_json
    from shinro.reports.values import values_json

    return {
        "as_of": found.as_of.isoformat(),
        "series": values_json(found.series, telling),
        "overlaps": values_json(found.overlaps, telling),
        "unmeasured": {metric: telling.say(why, metrics=metric) for metric, why in found.unmeasured},
        "problems": as_json(found.problems, telling.words),
    }


def told_aside(texts: Iterable[str]) -> None:
    """Lines on the error stream, beside data that go to another program."""
    for text in texts:
        error(text)


def missing(unmeasured: Iterable[tuple[str, str]], problems: Sequence[Problem], tell: Words) -> None:
    """What has no numbers and why, and what is wrong with the tables that were read."""
    from shinro.reports.problems import problems_report

    for metric, why in unmeasured:
        error(tell.say("cli.unmeasured", metric=metric, why=tell.say(why, metrics=metric)))
    if problems:
        show(problems_report(problems, tell), error=True)


def _sql(app: typer.Typer, tell: Words) -> None:
    @app.command(help=tell.say("cli.sql"))
    def sql(
        metric: Annotated[str, typer.Argument(help=tell.say("cli.metric"), show_default=False)],
        project: Annotated[Path, option(tell, "project", "--project", "-p")] = Path(),
        dialect: Annotated[Dialect, option(tell, "dialect", "--dialect")] = Dialect.DUCKDB,
        grain: Annotated[Grain, option(tell, "grain", "--grain")] = Grain.MONTH,
        by: Annotated[list[str] | None, option(tell, "by", "--by")] = None,
        lang: Annotated[str, option(tell, "lang", "--lang")] = "",
        as_json: Annotated[bool, option(tell, "json", "--json")] = False,
    ) -> None:
        from shinro.run.sql import sql as run

        with open_told(project, tell, lang, as_json=as_json) as (opened, spoken):
            found = run(opened, metric, grain, tuple(by or ()), dialect.value, moment("", spoken))
            if as_json:
                say_json({"metric": metric, "dialect": dialect.value, "sql": list(found)})
            else:
                typer.echo(";\n\n".join(found) + ";")


def _schema(app: typer.Typer, tell: Words) -> None:
    @app.command(help=tell.say("cli.schema"))
    def schema(lang: Annotated[str, option(tell, "lang", "--lang")] = "") -> None:
        from shinro.definitions.schema import schema as made

        del lang
        say_json(made())


def _demo(app: typer.Typer, tell: Words) -> None:
    @app.command(help=tell.say("cli.demo"))
    def demo(
        folder: Annotated[Path | None, typer.Argument(help=tell.say("cli.folder"), show_default=False)] = None,
        year: Annotated[bool, option(tell, "demo_year", "--year")] = False,
        lang: Annotated[str, option(tell, "lang", "--lang")] = "",
    ) -> None:
        from shinro.definitions.meaning import meanings
        from shinro.reports.status import status_report
        from shinro.run.demo import demo as run

        del lang
        folder = folder or Path("shinro-year" if year else "shinro-demo")
        with problems_told(tell, as_json=False), progress(tell, shown=True) as step:
            if year:
                _worked_year(folder, tell, step)
                return
            shown = run(folder, moment("", tell), step, tell.lang)
            show(status_report(shown.status, shown.opened.project, tell, meanings(shown.opened.project)))
            typer.echo("")
            if shown.page:
                typer.echo(tell.say("cli.demo_page", path=shown.page))
            typer.echo(tell.say("cli.demo_next", folder=folder))


def _worked_year(folder: Path, tell: Words, step: Callable[[str, str], None]) -> None:
    from shinro.run.worked_year import worked_year

    shown = worked_year(folder, moment("", tell), step, Path.home(), tell.lang)
    typer.echo(tell.say("year.done", folder=folder, publishings=shown.publishings, entries=shown.entries))
    typer.echo(tell.say("year.next", folder=folder))


COMMANDS = (_sync, _status, _values, _sql, _schema, _demo)
