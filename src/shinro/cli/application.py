"""The commands as one application, in the language asked for."""

import os
import sys
from collections.abc import Sequence

import click
import typer
from typer.main import get_command

from shinro.cli import checking, drafting, explaining, looking, planning, recording, reviewing, telling
from shinro.cli.speaking import BROKEN, FAILED, Refused, error
from shinro.cli.usage import in_words, refused
from shinro.problems import Disk, refusal
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
    try:
        code = _done(args, asked, tell)
    except click.ClickException as wrong:
        refused(wrong, tell, as_json="--json" in args)
        sys.exit(wrong.exit_code)
    except click.Abort:
        error(tell.say("cli.aborted"))
        sys.exit(FAILED)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(FAILED)
    except Exception as broken:
        if os.environ.get("SHINRO_DEBUG"):
            raise
        if of_disk := _of_disk(broken, tell):
            refused(of_disk, tell, as_json="--json" in args)
            sys.exit(of_disk.exit_code)
        error(tell.say("cli.broken", error=f"{type(broken).__name__}: {broken}"))
        sys.exit(BROKEN)
    sys.exit(code)


def _of_disk(broken: Exception, tell: Words) -> Refused | None:
    """What the machine does not allow, or has no room for, is no mistake of ours."""
    why = refusal(broken) if isinstance(broken, OSError) else ""
    if why not in (Disk.DENIED, Disk.READ_ONLY, Disk.FULL):
        return None
    place = getattr(broken, "filename", None) or tell.say("cli.some_file")
    return Refused(tell.say("cli.disk", path=place, reason=tell.say(f"disk.{why.value}")))


def _done(args: Sequence[str], asked: str | None, tell: Words) -> int:
    if asked and asked not in LANGUAGES:
        raise Refused(tell.say("cli.bad_lang", found=asked, known=", ".join(LANGUAGES)))
    code = in_words(get_command(_app(tell)), tell).main(list(args), prog_name="shinro", standalone_mode=False)
    return code if isinstance(code, int) else 0


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
