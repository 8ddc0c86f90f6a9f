"""The README's fifteen lines are an example that runs, and what it prints is what stands there.

To write the printed blocks anew: `SHINRO_WRITE=1 pytest tests/test_readme.py`.
"""

import os
import re
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from shinro.definitions.meaning import meanings
from shinro.reports.status import status_report
from shinro.reports.terminal import render
from shinro.reports.words import words
from shinro.run.gathering import Moment
from shinro.run.opening import open_project
from shinro.run.status import status

ROOT = Path(__file__).parent.parent
FIRST = ROOT / "examples" / "first"
PAGES = {"en": ROOT / "README.md", "ja": ROOT / "README.ja.md"}
BLOCK = re.compile(r"(<!-- status: begin.*?-->\n```text\n)(.*?)(```\n<!-- status: end -->)", re.DOTALL)


def printed(lang: str) -> str:
    opened = open_project(FIRST)
    moment = Moment(datetime(2026, 6, 19, tzinfo=UTC), date(2026, 6, 19), {})
    found = status(opened, moment)
    report = status_report(found, opened.project, words(lang), meanings(opened.project))
    return render(report, 100)


@pytest.mark.parametrize("lang", PAGES)
def test_the_story_is_the_example(lang: str) -> None:
    story = (FIRST / "shinro.yaml").read_text("utf-8")
    assert f"```yaml\n{story}```" in PAGES[lang].read_text("utf-8")
    assert len(story.splitlines()) == 15


@pytest.mark.parametrize("lang", PAGES)
def test_the_page_shows_what_is_printed(lang: str) -> None:
    page = PAGES[lang].read_text("utf-8")
    if os.environ.get("SHINRO_WRITE"):
        PAGES[lang].write_text(BLOCK.sub(lambda found: found[1] + printed(lang) + found[3], page), "utf-8")
    found = BLOCK.search(PAGES[lang].read_text("utf-8"))
    assert found is not None
    assert found[2] == printed(lang)
