"""Projects drafted in the tests: from files, by a moment that does not move, in words or by bare keys."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from datetime import UTC, date, datetime
from fractions import Fraction
from pathlib import Path

from shinro.definitions.project import Project, read_project
from shinro.periods import Grain
from shinro.problems import Problem, Severity
from shinro.queries.scans import Want
from shinro.reports.words import words
from shinro.run.gathering import Moment, gathering
from shinro.run.init import Drafted, init_from
from shinro.run.opening import open_project

EXPORTS = Path(__file__).parent / "exports"
TODAY = date(2026, 6, 1)
MOMENT = Moment(datetime(2026, 6, 1, 3, tzinfo=UTC), None, {})


def drafted(folder: Path, *files: Path, language: str = "en") -> Drafted:
    """A project drafted into a folder."""
    return init_from(files, folder, MOMENT, words(language).say, language)


def project_of(made: Drafted) -> Project:
    """What was written, read again: without a problem of structure."""
    project, problems = read_project(made.text, "shinro.yaml")
    assert problems == ()
    return project


def errors(made: Drafted) -> list[Problem]:
    """What a check finds wrong, whoever can answer it."""
    return [each for each in made.problems if each.severity is Severity.ERROR]


def unasked(made: Drafted) -> list[Problem]:
    """Errors on lines that ask nothing."""
    lines = made.text.splitlines()
    return [each for each in errors(made) if "# ask:" not in lines[each.place.line - 1]]


def keys(made: Drafted, how: str) -> set[str]:
    """The notes of a kind, by their keys."""
    return {note.key for note in made.notes if note.how == how}


def total(made: Drafted, *metrics: str) -> dict[str, Fraction]:
    """The sum of each metric over all months."""
    opened = open_project(made.file.parent)
    wants = [Want(metric, Grain.MONTH) for metric in metrics]
    with gathering(opened, MOMENT) as gathered:
        measured = gathered.measure(wants)
    points = {want.metric: measured[want][0].points for want in wants}
    return {name: sum((point.value or Fraction(0) for point in found), Fraction(0)) for name, found in points.items()}


def rows(file: Path, encoding: str = "utf-8-sig") -> list[dict[str, str]]:
    """A CSV's rows as they stand."""
    with file.open(encoding=encoding, newline="") as source:
        return list(csv.DictReader(source))


def write(file: Path, header: str, lines: Iterable[str]) -> Path:
    """A small CSV."""
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text("\n".join([header, *lines]) + "\n", encoding="utf-8")
    return file
