"""docs/honest-telling.md and its Japanese twin: every sentence is told, or refused by the rule beside it."""

from __future__ import annotations

import csv
import re
from collections.abc import Mapping
from datetime import date, timedelta
from fractions import Fraction
from functools import cache
from io import StringIO
from pathlib import Path

import pytest

from checking import project_of
from claiming import said_of
from shinro.checks.telling import refusals
from shinro.checks.traction import RULES
from shinro.definitions.meaning import meaning_of, meanings
from shinro.definitions.project import Project
from shinro.findings.claims import Step, Track, Was
from shinro.periods import Grain, Period, day_named
from shinro.series import Mark

DOCS = Path(__file__).parent.parent / "docs"
PAGES = {"en": "honest-telling.md", "ja": "honest-telling.ja.md"}
SO_FAR = " so far"


@cache
def text(lang: str) -> str:
    return (DOCS / PAGES[lang]).read_text("utf-8")


def blocks(lang: str) -> list[str]:
    return re.findall(r"```(?:yaml|csv record)\n(.*?)```", text(lang), re.DOTALL)


def rows(lang: str) -> list[list[str]]:
    return [
        [cell.strip() for cell in line.strip("|").split("|")] for line in text(lang).splitlines() if line[:3] == "| `"
    ]


@cache
def story() -> tuple[Project, Mapping[str, Track]]:
    project_text, record = blocks("en")
    project = project_of(project_text)
    table = list(csv.DictReader(StringIO(record)))
    return project, {
        metric: Track(
            meaning_of(metric, meanings(project)),
            Grain.MONTH,
            tuple(step(project, n, row["month"], row[metric]) for n, row in enumerate(table)),
        )
        for metric in table[0]
        if metric != "month"
    }


def month(project: Project, name: str) -> Period:
    day = day_named(name.removesuffix(SO_FAR))
    assert day is not None
    return project.calendar.period(day, Grain.MONTH)


def step(project: Project, n: int, name: str, cell: str) -> Step:
    period = month(project, name)
    mark = Mark.INCOMPLETE if name.endswith(SO_FAR) else Mark.COMPLETE
    value, _, old = cell.partition(" was ")
    over, _, base = value.partition("/")
    published = period.end + timedelta(days=2)
    was = (Was(Fraction(old), n, published),) if old else ()
    if base:
        return Step(period, Fraction(value), n, mark, Fraction(over), Fraction(base), published)
    return Step(period, Fraction(value), n, mark, published=published, was=was)


def codes(kpi: str, starts: str, ends: str, says: str) -> set[str]:
    project, paths = story()
    (traction,) = project.traction
    days: tuple[date, date] = (month(project, starts).start, month(project, ends).last)
    said = said_of(says, kpi.strip("`"), *days, milestone="m6")
    return {problem.code for problem in refusals(said, traction, paths, project)}


def test_both_languages_show_the_same_company_and_the_same_rules() -> None:
    assert blocks("en") == blocks("ja")
    assert [(row[:3], row[4]) for row in rows("en")] == [(row[:3], row[4]) for row in rows("ja")]
    told = {rule.code for rule in RULES}
    for lang in PAGES:
        assert set(re.findall(r"^\| (R\d+) \|", text(lang), re.MULTILINE)) == told


@pytest.mark.parametrize("lang", sorted(PAGES))
def test_each_sentence_is_told_or_refused_as_the_page_says(lang: str) -> None:
    assert len(rows(lang)) >= 18
    for kpi, starts, ends, not_told, rule, told in rows(lang):
        if not_told != "–":
            assert rule in codes(kpi, starts, ends, not_told), not_told
        if told != "–":
            assert codes(kpi, starts, ends, told) == set(), told
