"""Targets kept in a CSV beside the project: `date,level` and, where a target is by rep or channel, that column too."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping
from datetime import date
from fractions import Fraction
from itertools import zip_longest

from shinro.definitions.ends import never_cut_in_file
from shinro.definitions.formers import former
from shinro.definitions.phrases import level
from shinro.definitions.project import Project
from shinro.definitions.story import FileLevel
from shinro.definitions.tokens import Mistake
from shinro.problems import Place, Problem, problem
from shinro.run.opening import Opened

NEEDED = ("date", "level")


def target_files(opened: Opened) -> tuple[Mapping[str, tuple[FileLevel, ...]], tuple[Problem, ...]]:
    """The levels in every target file by its path as written, and what is wrong in them. Cost: linear in the rows."""
    found: dict[str, tuple[FileLevel, ...]] = {}
    problems: list[Problem] = []
    for path, place in _written(opened.project):
        if path in found:
            continue
        text = _text(opened, path)
        if text is None:
            problems.append(problem("L140", place, path=path))
            continue
        try:
            found[path] = tuple(_levels(text, path, problems))
        except csv.Error:
            problems.append(problem("L140", place, path=path))
    for metric, target in opened.project.targets.items():
        if target.file:
            rows = found.get(str(target.file), ())
            problems += never_cut_in_file(opened.project, str(metric), rows, target.file.place)
    return found, tuple(problems)


def _written(project: Project) -> Iterator[tuple[str, Place]]:
    """The files of all targets, and of those before them, which judge the past."""
    for target in project.targets.values():
        if target.file:
            yield str(target.file), target.file.place
        for each in target.before:
            if (meant := former(str(each.was))) and meant.file:
                yield str(meant.file), each.was.place


def _text(opened: Opened, path: str) -> str | None:
    file = (opened.folder / path).resolve()
    if not file.is_relative_to(opened.folder) or not file.is_file():
        return None
    try:
        return file.read_text("utf-8-sig")
    except (OSError, UnicodeDecodeError):
        return None


def _levels(text: str, path: str, problems: list[Problem]) -> Iterator[FileLevel]:
    rows = csv.reader(io.StringIO(text, newline=""))
    headers = [header.strip() for header in next(rows, [])]
    missing = [name for name in NEEDED if name not in headers]
    if missing:
        problems.append(problem("L141", Place(path, 1, 1), missing=", ".join(missing), found=", ".join(headers) or "-"))
        return
    for cells in rows:
        place = Place(path, rows.line_num, 1)
        row = {name: cell.strip() for name, cell in zip_longest(headers, cells[: len(headers)], fillvalue="")}
        if not any(row.values()):
            continue
        try:
            number = _number(row["level"], place)
            day = date.fromisoformat(row["date"])
        except Mistake as mistake:
            problems.append(mistake.problem)
            continue
        except ValueError:
            problems.append(problem("L142", place, found=row["date"]))
            continue
        segment = tuple((name, row[name]) for name in headers if name not in NEEDED and row[name])
        yield FileLevel(day, number, segment, place)


def _number(text: str, place: Place) -> Fraction:
    return level(text, place).number.value
