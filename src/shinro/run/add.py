"""add: a change to a project's text, written when the project can be read with it, and checked."""

from __future__ import annotations

import codecs
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from difflib import SequenceMatcher
from pathlib import Path

from shinro.checks.facts import Facts
from shinro.definitions.meaning import meanings
from shinro.definitions.project import read_project
from shinro.definitions.writing import NotThere
from shinro.problems import CannotGoOn, Place, Problem, Severity, problem
from shinro.run.check import judged
from shinro.run.opening import FILE, Opened, open_project
from shinro.run.replacing import alone, bytes_of, put

Change = Callable[[str, Opened], str]
REFUSED = ("S", "Q", "T201")  # what cannot be read, and names of nothing


@dataclass(frozen=True, slots=True)
class Changed:
    """A change that was written: where, the lines that are new, and the problems that it brought."""

    file: Path
    lines: tuple[str, ...]
    problems: tuple[Problem, ...]


def add(path: Path, change: Change, today: date) -> Changed:
    """Writes a change into the project's own file, at once or not at all, on top of what others wrote meanwhile.

    Raises CannotGoOn where the project cannot be read, or could not be any more: then nothing is written.
    """
    with alone(open_project(path).store):
        return _added(path, change, today)


def _added(path: Path, change: Change, today: date) -> Changed:
    """Again from the start where an editor wrote in between."""
    file = path / FILE if path.is_dir() else path
    raw, opened = bytes_of(file), open_project(path)
    text = opened.texts[opened.name]
    try:
        changed = change(text, opened)
    except NotThere as stop:
        raise CannotGoOn([problem("S113", Place(opened.name), path=str(stop))]) from None
    before = set(map(_what, _judged(opened, today)))
    after = _reread(opened, changed)
    new = [each for each in _judged(after, today) if _what(each) not in before]
    refused = [each for each in new if each.severity is Severity.ERROR and each.code.startswith(REFUSED)]
    if refused:
        raise CannotGoOn(refused)
    if not put(file, _as_before(changed, raw or b""), raw):
        return _added(path, change, today)
    return Changed(file, tuple(_new_lines(text, changed)), tuple(new))


def _new_lines(before: str, after: str) -> Iterator[str]:
    old, new = before.splitlines(), after.splitlines()
    for tag, _, _, start, end in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag != "equal":
            yield from new[start:end]


def _as_before(text: str, raw: bytes) -> bytes:
    """A text with the line ends, and the mark in front, that the file had."""
    mark = codecs.BOM_UTF8 if raw.startswith(codecs.BOM_UTF8) else b""
    return mark + (text.replace("\n", "\r\n") if b"\r\n" in raw else text).encode()


def _reread(opened: Opened, text: str) -> Opened:
    others: Mapping[str, str] = opened.texts
    project, problems = read_project(text, opened.name, others.get)
    return Opened(project, problems, opened.folder, opened.name, {**others, opened.name: text})


def _judged(opened: Opened, today: date) -> list[Problem]:
    return judged(opened, Facts(opened.project, meanings(opened.project), texts=opened.texts, today=today))


def _what(each: Problem) -> tuple[object, ...]:
    """A problem without its place, which a change may move."""
    return each.code, each.severity, tuple(sorted((key, str(value)) for key, value in each.args.items()))
