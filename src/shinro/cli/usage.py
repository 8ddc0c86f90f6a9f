"""Usage: what is wrong with a command as it was typed, and the words around its help, in the language asked for.

The parser below says both in English. Its sentences are known again here; one that is not is told as it stands.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from difflib import get_close_matches
from typing import Any

import click
from typer.core import TyperCommand

from shinro.cli.speaking import Refused, error, say_json
from shinro.problems import Place, problem
from shinro.reports.words import Words

SHOWS_HELP = getattr(click.exceptions, "NoArgsIsHelpError", ())
QUOTED = r"""['"](?P<found>.*?)['"]"""
SENTENCES: Mapping[str, re.Pattern[str]] = {
    key: re.compile(pattern)
    for key, pattern in {
        "no_option": rf"No such option:? {QUOTED}",
        "no_command": rf"No such command {QUOTED}",
        "missing_command": r"Missing command",
        "needs_value": rf"Option {QUOTED} requires an argument",
        "no_value": rf"Option {QUOTED} does not take a value",
        "extra": r"Got unexpected extra arguments? \((?P<found>.*)\)",
        "choice": rf"{QUOTED} is not one of",
        "whole": rf"{QUOTED} is not a valid int",
    }.items()
}
NEGATIVE = re.compile(r"-(?:[¥￥$€£]|[A-Z]{3} )?[.．]?\d")
HELP = "Show this message and exit."


class TakesNumbers(TyperCommand):
    """A command with a number among its arguments: `-900000` is one, since no option begins with a digit."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """A number below zero gets a space in front, which no reader of numbers minds and no option has."""
        return super().parse_args(ctx, [f" {arg}" if NEGATIVE.match(arg) else arg for arg in args])


def refused(wrong: click.ClickException, tell: Words, *, as_json: bool) -> None:
    """Tells why a command cannot be run: on the error stream, or as a problem (Q172) where JSON was asked for."""
    if SHOWS_HELP and isinstance(wrong, SHOWS_HELP):
        wrong.show()
        return
    said = wrong.message if isinstance(wrong, Refused) else _said(wrong, tell)
    if as_json:
        _as_problem(said, wrong, tell)
    elif isinstance(wrong, Refused):
        error(said)
    else:
        if ctx := getattr(wrong, "ctx", None):
            error(f"{ctx.get_usage()}\n{tell.say('usage.try', command=ctx.command_path)}\n")
        error(tell.say("usage.error", says=said))


def _as_problem(said: str, wrong: click.ClickException, tell: Words) -> None:
    from shinro.reports.problems import as_json

    ctx = getattr(wrong, "ctx", None)
    command = ctx.command_path if ctx else "shinro"
    say_json({"problems": as_json([problem("Q172", Place(command), said=said, command=command)], tell), "failed": True})


def _said(wrong: click.ClickException, tell: Words) -> str:
    """The sentence of what was typed wrong, with what was probably meant."""
    if isinstance(wrong, click.MissingParameter) and wrong.param:
        return tell.say(f"usage.missing_{wrong.param.param_type_name}", found=_name(wrong.param, wrong.ctx))
    for key, pattern in SENTENCES.items():
        if isinstance(wrong, click.UsageError) and (found := pattern.match(wrong.message)):
            return _told(key, found.groupdict(), wrong, tell)
    return wrong.format_message()


def _told(key: str, fields: dict[str, str], wrong: click.UsageError, tell: Words) -> str:
    param = getattr(wrong, "param", None)
    known = ", ".join(map(str, getattr(getattr(param, "type", None), "choices", ())))
    said = tell.say(f"usage.{key}", **fields, option=_name(param, wrong.ctx) if param else "", known=known)
    near = get_close_matches(fields.get("found", ""), _possible(key, wrong), 1)
    return said + tell.say("usage.near", near=near[0]) if near else said


def _name(param: click.Parameter, ctx: click.Context | None) -> str:
    """A parameter as it is typed: its longest flag, or its name in the usage line."""
    return max(param.opts, key=len) if param.param_type_name == "option" else param.get_error_hint(ctx).strip("'")


def _possible(key: str, wrong: click.UsageError) -> Sequence[str]:
    """What could have been meant instead of an option or a command that there is none of."""
    ctx = wrong.ctx
    if key == "no_command" and ctx and isinstance(ctx.command, click.Group):
        return ctx.command.list_commands(ctx)
    if key == "no_option" and ctx:
        return [flag for each in ctx.command.get_params(ctx) for flag in each.opts]
    return ()


def in_words(command: click.Command, tell: Words) -> click.Command:
    """The same command, whose help has its headings in the reader's language."""
    spoken = type("Spoken", (click.Context,), {"formatter_class": _formatter(tell)})
    for each in _all(command):
        each.context_class = spoken
    return command


def _all(command: click.Command) -> Iterator[click.Command]:
    yield command
    if isinstance(command, click.Group):
        for each in command.commands.values():
            yield from _all(each)


def _formatter(tell: Words) -> type[click.HelpFormatter]:
    class Formatter(click.HelpFormatter):
        def write_usage(self, prog: str, args: str = "", prefix: str | None = None) -> None:
            super().write_usage(prog, args, prefix or f"{tell.say('usage.usage')} ")

        def write_heading(self, heading: str) -> None:
            key = f"usage.{heading.lower()}"
            super().write_heading(tell.say(key) if tell.knows(key) else heading)

        def write_dl(self, rows: Iterable[tuple[str, str]], *args: Any, **kwargs: Any) -> None:  # noqa: ANN401
            super().write_dl([(term, _row(text, tell)) for term, text in rows], *args, **kwargs)

    return Formatter


def _row(text: str, tell: Words) -> str:
    return tell.say("usage.help") if text == HELP else text.replace("[required]", tell.say("usage.required"))
