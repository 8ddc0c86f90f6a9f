"""The command line: words in, a path run, a report out. No thought of its own."""

import gc
import json
import os
import shutil
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from shinro.periods import Grain
from shinro.problems import CannotGoOn, Problem
from shinro.reports.words import Words, language, words

if TYPE_CHECKING:
    from shinro.reports.report import Report
    from shinro.run.opening import Opened

FAILED, BROKEN = 1, 2
COLLECT = (100_000, 50, 100)  # a short process with many small frozen values: looking for circles costs a fifth of it
WIDTH = 120  # where no terminal says its own


class Dialect(Enum):
    """The engines whose SQL can be shown."""

    DUCKDB = "duckdb"
    POSTGRES = "postgres"


def main(argv: Sequence[str] | None = None) -> None:
    """Runs one command. Exit 0: done; 1: problems that are errors; 2: the command, or shinro itself, is at fault."""
    gc.set_threshold(*COLLECT)
    args = list(sys.argv[1:] if argv is None else argv)
    tell = words(language(_peek(args), os.environ))
    try:
        _app(tell)(args=args, prog_name="shinro")
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(FAILED)
    except Exception as error:
        if os.environ.get("SHINRO_DEBUG"):
            raise
        _error(tell.say("cli.broken", error=f"{type(error).__name__}: {error}"))
        sys.exit(BROKEN)


def _peek(args: Sequence[str]) -> str | None:
    """The language asked for, before anything else is read: help texts need it."""
    for n, arg in enumerate(args):
        if arg == "--lang" and n + 1 < len(args):
            return args[n + 1]
        if arg.startswith("--lang="):
            return arg.partition("=")[2]
    return None


def _app(tell: Words) -> typer.Typer:
    app = typer.Typer(
        help=tell.say("cli.help"), no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False,
        rich_markup_mode=None,
    )  # fmt: skip
    for command in (_check, _sync, _status, _values, _sql, _schema, _demo):
        command(app, tell)
    return app


def _option(tell: Words, key: str, *flags: str) -> Any:  # noqa: ANN401 - typer's own type
    return typer.Option(*flags, help=tell.say(f"cli.{key}"), show_default=False)


def _check(app: typer.Typer, tell: Words) -> None:
    @app.command(help=tell.say("cli.check"))
    def check(
        project: Annotated[Path, _option(tell, "project", "--project", "-p")] = Path(),
        data: Annotated[bool, _option(tell, "data", "--data")] = False,
        explain: Annotated[str, _option(tell, "explain", "--explain")] = "",
        as_of: Annotated[str, _option(tell, "as_of", "--as-of")] = "",
        lang: Annotated[str, _option(tell, "lang", "--lang")] = "",
        as_json: Annotated[bool, _option(tell, "json", "--json")] = False,
    ) -> None:
        from shinro.reports import problems as told
        from shinro.run import check as run

        if explain:
            _explain(explain, tell)
            return
        if data:
            from shinro.run.check_data import check_data

            with _progress(tell, shown=not as_json) as step:
                checked = check_data(project, _moment(as_of, tell), step)
        else:
            checked = run.check(project, datetime.now(UTC).date())
        spoken = _spoken(lang, checked.project.languages if checked.project else ())
        if as_json:
            _json({"problems": told.as_json(checked.problems, spoken), "failed": checked.failed})
        else:
            _show(told.problems_report(checked.problems, spoken))
        if checked.failed:
            raise typer.Exit(FAILED)


def _explain(code: str, tell: Words) -> None:
    from difflib import get_close_matches

    from shinro.checks.pages import codes, page

    if code.upper() not in codes():
        near = get_close_matches(code.upper(), codes(), 1, cutoff=0.3)
        _error(tell.say("cli.no_page", code=code, near=near[0] if near else "N101"))
        raise typer.Exit(BROKEN)
    typer.echo(page(code.upper(), tell.lang).rstrip())


def _sync(app: typer.Typer, tell: Words) -> None:
    @app.command(help=tell.say("cli.sync"))
    def sync(
        project: Annotated[Path, _option(tell, "project", "--project", "-p")] = Path(),
        lang: Annotated[str, _option(tell, "lang", "--lang")] = "",
        as_json: Annotated[bool, _option(tell, "json", "--json")] = False,
    ) -> None:
        from shinro.reports import sync as told
        from shinro.run.sync import sync as run

        with (
            _open(project, tell, lang, as_json=as_json) as (opened, spoken),
            _progress(spoken, shown=not as_json) as step,
        ):
            synced = run(opened, _moment("", spoken), step)
            if as_json:
                args = (synced.loads, synced.problems, synced.as_of, synced.measured, synced.scans, spoken)
                _json(told.sync_json(*args))
            else:
                scans = len(synced.scans)
                _show(told.sync_report(synced.loads, synced.problems, synced.as_of, synced.measured, scans, spoken))
            if synced.failed:
                raise typer.Exit(FAILED)


def _status(app: typer.Typer, tell: Words) -> None:
    @app.command(help=tell.say("cli.status"))
    def status(
        project: Annotated[Path, _option(tell, "project", "--project", "-p")] = Path(),
        as_of: Annotated[str, _option(tell, "as_of", "--as-of")] = "",
        grain: Annotated[Grain | None, _option(tell, "grain", "--grain")] = None,
        everything: Annotated[bool, _option(tell, "all", "--all")] = False,
        lang: Annotated[str, _option(tell, "lang", "--lang")] = "",
        as_json: Annotated[bool, _option(tell, "json", "--json")] = False,
    ) -> None:
        from shinro.definitions.meaning import meanings
        from shinro.reports.as_json import status_json
        from shinro.reports.status import status_report
        from shinro.run.status import status as run

        with (
            _open(project, tell, lang, as_json=as_json) as (opened, spoken),
            _progress(spoken, shown=not as_json) as step,
        ):
            found = run(opened, _moment(as_of, spoken), grain, step, everything=everything)
            if as_json:
                _json(status_json(found, opened.project, spoken, meanings(opened.project)))
            else:
                _show(status_report(found, opened.project, spoken, meanings(opened.project)))


def _values(app: typer.Typer, tell: Words) -> None:
    @app.command(help=tell.say("cli.values"))
    def values(
        metrics: Annotated[list[str], typer.Argument(help=tell.say("cli.metrics"), show_default=False)],
        project: Annotated[Path, _option(tell, "project", "--project", "-p")] = Path(),
        grain: Annotated[Grain, _option(tell, "grain", "--grain")] = Grain.MONTH,
        by: Annotated[list[str] | None, _option(tell, "by", "--by")] = None,
        where: Annotated[str, _option(tell, "where", "--where")] = "",
        as_of: Annotated[str, _option(tell, "as_of", "--as-of")] = "",
        lang: Annotated[str, _option(tell, "lang", "--lang")] = "",
        as_csv: Annotated[bool, _option(tell, "csv", "--csv")] = False,
        as_json: Annotated[bool, _option(tell, "json", "--json")] = False,
    ) -> None:
        from shinro.reports import values as told
        from shinro.reports.readings import Telling
        from shinro.run.gathering import gathering
        from shinro.run.values import values as run

        quiet = as_json or as_csv
        with (
            _open(project, tell, lang, as_json=as_json) as (opened, spoken),
            _progress(spoken, shown=not quiet) as step,
        ):
            with gathering(opened, _moment(as_of, spoken), step) as gathered:
                found = run(gathered, tuple(metrics), grain, tuple(by or ()), where)
            if as_csv:
                typer.echo(told.values_csv(found.series), nl=False)
            elif as_json:
                _json(
                    {
                        "as_of": found.as_of.isoformat(),
                        "series": told.values_json(found.series, Telling(spoken, opened.project)),
                    }
                )
            else:
                _show(told.values_report(found.series, Telling(spoken, opened.project)))
                _unmeasured(found.unmeasured, spoken)


def _unmeasured(metrics: Sequence[tuple[str, str]], tell: Words) -> None:
    for metric, why in metrics:
        typer.echo(tell.say("cli.unmeasured", metric=metric, why=tell.say(why)))


def _sql(app: typer.Typer, tell: Words) -> None:
    @app.command(help=tell.say("cli.sql"))
    def sql(
        metric: Annotated[str, typer.Argument(help=tell.say("cli.metric"), show_default=False)],
        project: Annotated[Path, _option(tell, "project", "--project", "-p")] = Path(),
        dialect: Annotated[Dialect, _option(tell, "dialect", "--dialect")] = Dialect.DUCKDB,
        grain: Annotated[Grain, _option(tell, "grain", "--grain")] = Grain.MONTH,
        by: Annotated[list[str] | None, _option(tell, "by", "--by")] = None,
        lang: Annotated[str, _option(tell, "lang", "--lang")] = "",
        as_json: Annotated[bool, _option(tell, "json", "--json")] = False,
    ) -> None:
        from shinro.run.sql import sql as run

        with _open(project, tell, lang, as_json=as_json) as (opened, _):
            found = run(opened, metric, grain, tuple(by or ()), dialect.value)
            if as_json:
                _json({"metric": metric, "dialect": dialect.value, "sql": list(found)})
            else:
                typer.echo(";\n\n".join(found) + ";")


def _schema(app: typer.Typer, tell: Words) -> None:
    @app.command(help=tell.say("cli.schema"))
    def schema() -> None:
        from shinro.definitions.schema import schema as made

        _json(made())


def _demo(app: typer.Typer, tell: Words) -> None:
    @app.command(help=tell.say("cli.demo"))
    def demo(
        folder: Annotated[Path, typer.Argument(help=tell.say("cli.folder"), show_default=False)] = Path("shinro-demo"),
        lang: Annotated[str, _option(tell, "lang", "--lang")] = "",
    ) -> None:
        from shinro.definitions.meaning import meanings
        from shinro.reports.status import status_report
        from shinro.run.demo import demo as run

        del lang
        with _problems(tell, as_json=False), _progress(tell, shown=True) as step:
            shown = run(folder, _moment("", tell), step)
            _show(status_report(shown.status, shown.opened.project, tell, meanings(shown.opened.project)))
            typer.echo("")
            typer.echo(tell.say("cli.demo_next", folder=folder))


@contextmanager
def _open(path: Path, tell: Words, lang: str, *, as_json: bool) -> Iterator[tuple["Opened", Words]]:
    """The project and the words of its language; a stop on the way is told as problems."""
    from shinro.run.opening import open_project

    with _problems(tell, as_json=as_json):
        opened = open_project(path)
        yield opened, _spoken(lang, opened.project.languages)


@contextmanager
def _problems(tell: Words, *, as_json: bool) -> Iterator[None]:
    try:
        yield
    except CannotGoOn as stop:
        _stopped(stop.problems, tell, as_json=as_json)
        raise typer.Exit(FAILED) from None


def _stopped(problems: Sequence[Problem], tell: Words, *, as_json: bool) -> None:
    from shinro.reports import problems as told

    if as_json:
        _json({"problems": told.as_json(problems, tell), "failed": True})
    else:
        _show(told.problems_report(problems, tell), error=True)


def _spoken(lang: str, project: tuple[str, ...]) -> Words:
    return words(language(lang or None, os.environ, project))


def _moment(as_of: str, tell: Words) -> Any:  # noqa: ANN401 - imported only with the engine
    from shinro.run.gathering import Moment

    try:
        day = date.fromisoformat(as_of) if as_of else None
    except ValueError:
        _error(tell.say("cli.bad_day", found=as_of))
        raise typer.Exit(BROKEN) from None
    return Moment(datetime.now(UTC), day, os.environ)


@contextmanager
def _progress(tell: Words, *, shown: bool) -> Iterator[Callable[[str, str], None]]:
    """One line on a terminal's error stream that says what is being done, gone when it is done."""
    if not shown or not sys.stderr.isatty():
        yield lambda _step, _name: None
        return
    from rich.console import Console

    with Console(stderr=True).status("") as line:
        yield lambda step, name: line.update(tell.say(f"progress.{step}", name=name).replace("[", "\\["))


def _show(report: "Report", *, error: bool = False) -> None:
    from shinro.reports.terminal import render

    stream = sys.stderr if error else sys.stdout
    colour = stream.isatty() and "NO_COLOR" not in os.environ
    width = shutil.get_terminal_size((WIDTH, 0)).columns if stream.isatty() or "COLUMNS" in os.environ else WIDTH
    typer.echo(render(report, width, colour=colour).rstrip("\n"), err=error)


def _json(value: object) -> None:
    typer.echo(json.dumps(value, ensure_ascii=False, indent=2))


def _error(text: str) -> None:
    typer.echo(text, err=True)


if __name__ == "__main__":
    main()
