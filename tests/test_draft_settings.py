"""How a company cuts time, as drafts say it and ask."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from drafting import drafted, project_of, write
from shinro.definitions.project import read_project
from shinro.drafts.interview import TYPES, Setting, starting_point
from shinro.reports.words import words

YEARS = [("ja", "april"), ("en", "january")]


@pytest.mark.parametrize(("language", "month"), YEARS)
def test_a_draft_asks_when_the_fiscal_year_starts(language: str, month: str, tmp_path: Path) -> None:
    file = write(tmp_path / "data/visits.csv", "id,day", [f"v{n},2026-0{n}-05" for n in range(1, 6)])
    made = drafted(tmp_path / "story", file, language=language)
    assert project_of(made).fiscal_year_starts == month
    assert words(language).say("drafts.ask.fiscal_year") in made.asks


@pytest.mark.parametrize(("language", "month"), YEARS)
@pytest.mark.parametrize("kind", TYPES)
def test_so_does_a_starting_point(kind: str, language: str, month: str) -> None:
    text = starting_point(kind, Setting((language,), "UTC", date(2026, 1, 1)), words(language).say)
    project, problems = read_project(text, "shinro.yaml")
    assert (project.fiscal_year_starts, problems) == (month, ())
