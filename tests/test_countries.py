from __future__ import annotations

import subprocess
import sys

import pytest

from shinro.definitions.countries import COUNTRIES
from shinro.definitions.project import read_project
from shinro.workdays import countries


def test_the_frozen_countries_are_those_of_the_calendar_of_the_world() -> None:
    assert countries().keys() == COUNTRIES


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
