"""docs/methods/evidence.md: its example runs, its words and numbers are the code's, its shares what simulations say."""

from __future__ import annotations

import doctest
import re
from pathlib import Path

import pytest
from bench.evidence import KINDS, shares

from shinro.analysis.evidence import LEVEL, LONGEST, POWER
from shinro.analysis.evidence_controls import HARMONICS
from shinro.findings.evidence import Verdict

PATH = Path(__file__).parent.parent / "docs" / "methods" / "evidence.md"
PAGE = PATH.read_text("utf-8")
ROWS = re.findall(r"^\| ([\w ]+) \| (\d+) \|(.+)\|$", PAGE, re.MULTILINE)


def test_the_example_runs_as_the_page_says() -> None:
    examples = doctest.DocTestParser().get_doctest(PAGE, {}, "evidence", str(PATH), 0)
    assert len(examples.examples) == 10
    assert doctest.DocTestRunner().run(examples).failed == 0


def test_the_words_are_those_of_the_findings() -> None:
    told = re.findall(r"^\| ([a-z ]+) \| ", PAGE.split("## Words")[1].split("##")[0], re.MULTILINE)
    assert told == ["word", *(word.value for word in Verdict)]


def test_the_rule_states_the_numbers_of_the_code() -> None:
    assert f"at most {LONGEST}" in PAGE
    assert f"above {LEVEL:.0%}" in PAGE.replace(" %", "%")
    assert ", ".join(map(str, HARMONICS[:-1])) + f" or {HARMONICS[-1]} waves" in PAGE


def test_no_word_says_that_a_metric_causes() -> None:
    assert not re.search(r"\bcauses\b", PAGE)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row[0]}-{row[1]}")
def test_every_share_that_is_shown_is_of_a_kind_that_is_simulated(row: tuple[str, str, str]) -> None:
    kind, _, cells = row
    assert kind in KINDS
    assert sum(float(cell) for cell in cells.split("|")) == pytest.approx(1, abs=0.004)


def test_the_power_in_the_code_is_what_was_measured() -> None:
    measured = {int(weeks): float(cells.split("|")[0]) for kind, weeks, cells in ROWS if kind == "driver"}
    assert {26, 52, 104} <= set(measured)
    for weeks, share in POWER:
        if weeks in measured:
            assert share == pytest.approx(measured[weeks], abs=0.07)


@pytest.mark.parametrize(
    ("kind", "least", "most"), [("driver", 0.75, 1), ("follows", 0, 0.03), ("season", 0, 0.1), ("trend", 0, 0.08)]
)
def test_thirty_simulations_are_near_the_shares(kind: str, least: float, most: float) -> None:
    assert least <= shares(kind, 104, 4, 30)[Verdict.LEADS] / 30 <= most
