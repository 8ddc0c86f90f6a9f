"""The commands as one application, in the language asked for."""

import os
import sys
from collections.abc import Sequence

import typer

from shinro.cli import checking, drafting, explaining, looking, planning, recording, reviewing, telling
from shinro.cli.speaking import BROKEN, FAILED, error
from shinro.reports.words import LANGUAGES, Words, language, words

COMMANDS = (
    *drafting.COMMANDS,
    *checking.COMMANDS,
    *looking.COMMANDS,
    *explaining.COMMANDS,
    *planning.COMMANDS,
    *reviewing.COMMANDS,
    *recording.COMMANDS,
    *telling.COMMANDS,
)


def run(args: Sequence[str]) -> None:
    """Runs one command; ends by `SystemExit`."""
    asked = _peek(args)
    tell = words(language(asked, os.environ))
    if asked and asked not in LANGUAGES:
        error(tell.say("cli.bad_lang", found=asked, known=", ".join(LANGUAGES)))
        sys.exit(BROKEN)
    try:
        _app(tell)(args=list(args), prog_name="shinro")
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(FAILED)
    except Exception as broken:
        if os.environ.get("SHINRO_DEBUG"):
            raise
        error(tell.say("cli.broken", error=f"{type(broken).__name__}: {broken}"))
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
    for command in COMMANDS:
        command(app, tell)
    return app
