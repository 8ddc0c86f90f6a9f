from __future__ import annotations

import subprocess
import sys
from datetime import date

import pytest

from checking import assert_said
from shinro.definitions.countries import COUNTRIES, regions
from shinro.definitions.project import read_project
from shinro.workdays import countries, days_off


def test_the_frozen_countries_are_those_of_the_calendar_of_the_world() -> None:
    assert countries().keys() == COUNTRIES
    assert {country: regions(country) for country in COUNTRIES} == dict(countries())


@pytest.mark.parametrize(
    ("holidays", "case", "near"),
    [
        ("JP-ZZ", "region_none", ""),
        ("jp-13", "region_none", ""),
        ("DE-ZZ", "region_far", ""),
        ("DE-", "region_far", ""),
        ("de-augsberg", "region_near", "DE-Augsburg"),
        ("US-CAL", "region_near", "US-CA"),
        ("de-by", None, None),
        ("AU-nsw western", None, None),
    ],
)
def test_a_region_that_nobody_knows_is_told_with_the_nearest(holidays: str, case: str | None, near: str | None) -> None:
    _, problems = read_project(f"holidays: {holidays}\n", "shinro.yaml")
    told = [(problem.code, str(problem.place), problem.args["case"], problem.args["near"]) for problem in problems]
    assert told == ([] if case is None else [("S141", "shinro.yaml:1:11", case, near)])
    for problem in problems:
        assert_said(problem)
    assert (days_off(holidays, date(2026, 1, 1), date(2026, 12, 31)) is None) == bool(case)


@pytest.mark.parametrize(
    ("country", "near"),
    [
        ("XX", ""),
        ("日本", ""),
        ("Japan", ""),
        ("jppn", "JPN"),
        ("JPN", None),
        ("JP", None),
        ("jp", None),
        ("DE-BY", None),
    ],
)
def test_a_country_that_nobody_knows_is_told_with_the_nearest(country: str, near: str | None) -> None:
    _, problems = read_project(f"holidays: {country}\n", "shinro.yaml")
    told = [(problem.code, str(problem.place), problem.args["near"]) for problem in problems]
    assert told == ([] if near is None else [("S141", "shinro.yaml:1:11", near)])


def test_a_project_is_read_without_the_calendar_of_the_world() -> None:
    script = "import sys, shinro.definitions.project; sys.exit('holidays' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", script], check=False).returncode == 0
