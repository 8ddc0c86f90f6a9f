"""Speaking: how every command opens a project, shows progress, and says what it found or why it stopped."""

import json
import os
import shutil
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
import typer

from shinro.problems import CannotGoOn, Problem
from shinro.reports.words import Words, language, words

if TYPE_CHECKING:
    from shinro.reports.readings import Telling
    from shinro.reports.report import Report
    from shinro.run.gathering import Gathered
    from shinro.run.opening import Opened

FAILED, BROKEN = 1, 2
WIDTH = 120  # where no terminal says its own
EARLIEST, LATEST = date(1900, 1, 1), date(2999, 12, 31)  # between them calendars and offsets are worked out
SKEW = timedelta(minutes=10)  # that the clocks of two computers may differ by


class Refused(click.ClickException):
    """A command that cannot be run as it was written, and the sentence that says why."""

    exit_code = BROKEN


def option(tell: Words, key: str, *flags: str) -> Any:  # noqa: ANN401 - typer's own type
    """A command's option: its flags, and its sentence from the catalog."""
    return typer.Option(*flags, help=tell.say(f"cli.{key}"), show_default=False)


@contextmanager
def open_told(path: Path, tell: Words, lang: str, *, as_json: bool) -> Iterator[tuple["Opened", Words]]:
    """The project and the words of its language; a stop on the way is told as problems."""
    from shinro.run.opening import open_project

    with problems_told(tell, as_json=as_json):
        opened = open_project(path)
        yield opened, spoken_in(lang, opened.project.languages)


@contextmanager
def problems_told(tell: Words, *, as_json: bool, code: int = FAILED) -> Iterator[None]:
    """A stop inside is told as problems, and ends the command with a code."""
    try:
        yield
    except CannotGoOn as stop:
        _stopped(stop.problems, tell, as_json=as_json)
        raise typer.Exit(code) from None


def _stopped(problems: Sequence[Problem], tell: Words, *, as_json: bool) -> None:
    from shinro.reports import problems as told

    if as_json:
        say_json({"problems": told.as_json(problems, tell), "failed": True})
    else:
        show(told.problems_report(problems, tell), error=True)


def spoken_in(lang: str, project: tuple[str, ...]) -> Words:
    """The words of `--lang`, the environment, or the project."""
    return words(language(lang or None, os.environ, project))


def moment(as_of: str, tell: Words) -> Any:  # noqa: ANN401 - imported only with the engine
    """Now, the day asked for, and the environment; an end where the day is none."""
    from shinro.run.gathering import Moment

    try:
        day = date.fromisoformat(as_of) if as_of else None
    except ValueError:
        raise Refused(tell.say("cli.bad_day", found=as_of)) from None
    if day and not EARLIEST <= day <= LATEST:
        raise Refused(tell.say("cli.far_day", found=as_of, first=EARLIEST, last=LATEST))
    return Moment(datetime.now(UTC), day, os.environ)


def not_ahead(looked: Any, zone: str, tell: Words) -> None:  # noqa: ANN401 - imported only with the engine
    """Ends where a day to come was asked for: a period that still runs is no result, and is never recorded as one."""
    if looked.as_of and looked.as_of > looked.today(zone):
        raise Refused(tell.say("cli.as_of_ahead", found=looked.as_of, today=looked.today(zone)))


def clock_is_right(opened: Any, looked: Any, tell: Words) -> None:  # noqa: ANN401 - imported only with the engine
    """Ends where this computer's clock is behind the newest entry of the record: dates are what promises rest on."""
    from shinro.record.book import read

    newest = max((each.written_at for each in read(opened.record)), default=None)
    if newest and looked.now < newest - SKEW:
        raise Refused(
            tell.say("cli.clock_behind", now=f"{looked.now:%Y-%m-%d %H:%M}", newest=f"{newest:%Y-%m-%d %H:%M}")
        )


@contextmanager
def progress(tell: Words, *, shown: bool) -> Iterator[Callable[[str, str], None]]:
    """One line on a terminal's error stream that says what is being done, gone when it is done."""
    if not shown or not sys.stderr.isatty():
        yield lambda _step, _name: None
        return
    from rich.console import Console

    with Console(stderr=True).status("") as line:
        yield lambda step, name: line.update(tell.say(f"progress.{step}", name=name).replace("[", "\\["))


def show(report: "Report", *, error: bool = False) -> None:
    """Prints a report as wide as the terminal."""
    from shinro.reports.terminal import render

    stream = sys.stderr if error else sys.stdout
    colour = stream.isatty() and "NO_COLOR" not in os.environ
    width = shutil.get_terminal_size((WIDTH, 0)).columns if stream.isatty() or "COLUMNS" in os.environ else WIDTH
    typer.echo(render(report, width, colour=colour).rstrip("\n"), err=error)


def answer(report: "Report", gathered: "Gathered", telling: "Telling") -> None:
    """Prints a report, and below it when a server was read whose tables are not read again now."""
    from shinro.reports.last_read import with_reads

    show(with_reads(report, gathered.loads.values(), telling))


def answer_json(value: Mapping[str, object], gathered: "Gathered") -> None:
    """The same as JSON."""
    from shinro.reports.last_read import read_json

    say_json({**value, **read_json(gathered.loads.values())})


def say_json(value: object) -> None:
    """Prints a value as JSON."""
    typer.echo(json.dumps(value, ensure_ascii=False, indent=2))


def error(text: str) -> None:
    """Prints a line on the error stream."""
    typer.echo(text, err=True)
