"""docs/methods/effect.md: its example, run on its numbers; what is told is what stands there."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from shinro.reports.effects import effects_report
from shinro.reports.readings import Telling
from shinro.reports.report import Heading, Lines
from shinro.reports.words import words
from shinro.run.effects import effects
from shinro.run.opening import open_project
from stories import Story

PAGE = (Path(__file__).parent.parent / "docs" / "methods" / "effect.md").read_text("utf-8")
(TEXT,) = re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL)
NUMBERS, TOLD = re.findall(r"```text\n(.*?)```", PAGE, re.DOTALL)
FIRST = date(2025, 11, 3)


def test_the_example_is_told_as_it_stands_there(tmp_path: Path) -> None:
    made = Story(tmp_path, datetime(2026, 6, 20, 3, tzinfo=UTC))
    made.write("shinro.yaml", TEXT)
    lines = ["week,team,demos"]
    for team, *numbers in map(str.split, NUMBERS.splitlines()):
        lines += [f"{FIRST + timedelta(weeks=n)},{team},{number}" for n, number in enumerate(numbers)]
    made.write("data/demos.csv", "\n".join(lines) + "\n")
    opened = open_project(tmp_path)
    assert opened.problems == ()
    report = effects_report(effects(opened, made.moment()), Telling(words("en"), opened.project))
    told = [block.text for block in report.blocks if isinstance(block, Heading)][1:]
    told += [line.text for block in report.blocks if isinstance(block, Lines) for line in block.lines]
    assert "\n".join(told) + "\n" == TOLD
