"""Checking a text: what the rules find in a project file, with the files beside it where a rule needs data."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import UTC, date, datetime
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from shinro.checks.facts import Facts
from shinro.definitions.meaning import meanings
from shinro.definitions.project import Project, read_project
from shinro.entries import Draft, Kind
from shinro.periods import Grain
from shinro.problems import CannotGoOn, Problem
from shinro.record.book import write
from shinro.record.keys import Writer
from shinro.reports.problems import next_move, says
from shinro.reports.words import LANGUAGES, words
from shinro.run.check import judged
from shinro.run.check_data import check_data
from shinro.run.gathering import Moment
from shinro.run.opening import Opened

TODAY = date(2026, 5, 11)  # a Monday
RECORD = "record.json"
NOON = datetime(2026, 5, 11, 12, tzinfo=UTC)


def project_of(text: str) -> Project:
    """The project of a text in which nothing is wrong."""
    project, problems = read_project(text, "shinro.yaml")
    assert problems == ()
    return project


def facts_of(text: str) -> Facts:
    """What static rules judge."""
    project = project_of(text)
    return Facts(project, meanings(project), today=TODAY)


def check_text(text: str, files: Mapping[str, str] | None = None) -> list[Problem]:
    """The problems of a project file that includes files, without data. One that cannot be read has its problems."""
    try:
        project, problems = read_project(text, "shinro.yaml", (files or {}).get)
    except CannotGoOn as stop:
        return list(stop.problems)
    opened = Opened(project, problems, Path(), "shinro.yaml", {})
    return judged(opened, Facts(project, meanings(project), today=TODAY))


def check_folder(folder: Path, text: str, files: Mapping[str, str]) -> list[Problem]:
    """The problems of a project with data: its file and the files beside it, written to a folder.

    A file `record.json` is what its record holds.
    """
    for name, content in {"shinro.yaml": text, **files}.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(content, encoding="utf-8")
    if RECORD in files:
        write_record(folder, files[RECORD])
    return list(check_data(folder, Moment(NOON)).problems)


def write_record(folder: Path, text: str) -> None:
    """Drafts as JSON, written into the record of a project's folder."""
    drafts = [
        Draft(
            kind=Kind(each["kind"]),
            subject=each["subject"],
            grain=Grain(each["grain"]) if "grain" in each else None,
            data=each.get("data", {}),
            texts=each.get("texts", {}),
        )
        for each in json.loads(text)
    ]
    write(folder / ".shinro" / "record", drafts, Writer("Ann", (Ed25519PrivateKey.generate(),)), NOON)


def found(text: str, code: str) -> list[tuple[int, str]]:
    """Line and case of each problem of a code in a text that is a test's docstring."""
    problems = [problem for problem in check_text(text) if problem.code == code]
    for problem in problems:
        assert_said(problem)
    return sorted((problem.place.line, str(problem.args.get("case", ""))) for problem in problems)


def assert_said(problem: Problem) -> None:
    """Both languages have the problem's sentences, its own where it has a case, with a value for each field."""
    for lang in LANGUAGES:
        for sentence in (says(problem, words(lang)), next_move(problem, words(lang))):
            assert sentence
            assert not re.search(r"\{\w+\}|^[A-Z]\d+\.|\bsign\.", sentence), (lang, sentence)
