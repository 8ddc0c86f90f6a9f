"""Asking: questions in the terminal, or answered by a pipe: one line an answer, an empty one for what is proposed."""

import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

import typer

from shinro.cli.speaking import Refused
from shinro.reports.words import Words

if TYPE_CHECKING:
    from shinro.drafts.interview import Question

YES = ("y", "yes", "はい", "ok", "true")
NO = ("n", "no", "いいえ", "false")


def said(question: "Question", tell: Words, choices: Sequence[str] = ()) -> str:
    """The answer to a question, its default for an empty line or where nobody answers any more."""
    title(tell.say(f"interview.{question.key}", **question.args))
    for n, choice in enumerate(choices, 1):
        typer.echo(f"  {n}. {choice}: {tell.say(f'interview.type.{choice}')}")
    answer = _line(question.default, yes=question.kind == "yes")
    if question.kind == "yes":
        return "yes" if answer.lower() in YES else "no" if answer.lower() in NO else ""
    if choices and answer not in choices:
        number = int(answer) if answer.isdigit() else 0
        return choices[number - 1] if 0 < number <= len(choices) else question.default
    return answer


def _line(default: str, *, yes: bool = False) -> str:
    shown = "y/n" if yes else default
    try:
        found = input(f"  [{shown}] > " if shown else "  > ").strip()
    except EOFError:
        typer.echo("")
        return default
    if not is_asked():
        typer.echo(found)
    return found or default


def given(key: str, value: str, tell: Words, default: str = "", *, needed: bool = True) -> str:
    """An option's value; where it is missing, asked for in a terminal, else its default, else the command ends."""
    if value:
        return value
    if is_asked():
        title(tell.say(f"add.{key}"))
        answer = _line(default)
        if answer or not needed:
            return answer
    if default or not needed:
        return default
    raise Refused(tell.say("add.missing", what=tell.say(f"add.{key}")))


def is_asked() -> bool:
    """Whether somebody sits there who can answer."""
    return sys.stdin.isatty()


def title(text: str) -> None:
    """A line of its own."""
    typer.echo(text)
