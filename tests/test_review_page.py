"""docs/review.md shows what its own example gives: the first review, its answers, and the one a week later.

To write the printed blocks anew: `SHINRO_WRITE=1 pytest tests/test_review_page.py`.
"""

from __future__ import annotations

import os
import re
from datetime import date
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from reviewing import Office
from shinro.record.keys import Writer

DOCS = Path(__file__).parent.parent / "docs"
PAGES = {"en": DOCS / "review.md", "ja": DOCS / "review.ja.md"}
FIRST, SECOND = date(2026, 5, 4), date(2026, 5, 11)


def code(page: str, kind: str) -> str:
    return str(re.findall(rf"```{kind}[^\n]*\n(.*?)```", page, re.DOTALL)[0])


def printed(page: str, folder: Path, lang: str) -> dict[str, str]:
    """What the example gives."""
    (folder / "data").mkdir()
    (folder / "shinro.yaml").write_text(code(page, "yaml"), "utf-8")
    (folder / "data" / "weeks.csv").write_text(code(page, "csv"), "utf-8")
    company = Office(folder, Writer("Ann", (Ed25519PrivateKey.generate(),)))
    first = company.meeting(FIRST)
    lines = re.findall(r"^([a-z0-9.]+): (.+)$", page, re.MULTILINE)
    answers = {name: text for name, text in lines if re.match(r"[da]\d|miss\.", name)}
    assert len(answers) == 6
    first.change(answers)
    first.keep(answers)
    return {"first": first.told(lang=lang), "second": company.meeting(SECOND).told(lang=lang)}


@pytest.mark.parametrize("lang", PAGES)
def test_the_page_shows_what_is_printed(lang: str, tmp_path: Path) -> None:
    page = PAGES[lang].read_text("utf-8")
    found = printed(page, tmp_path, lang)
    for name, text in found.items():
        block = re.compile(rf"(<!-- {name}: begin.*?-->\n```text\n)(.*?)(```\n<!-- {name}: end -->)", re.DOTALL)
        if os.environ.get("SHINRO_WRITE"):
            page = block.sub(lambda shown: shown[1] + text + shown[3], page)  # noqa: B023
            PAGES[lang].write_text(page, "utf-8")
        assert [shown[1] for shown in block.findall(page)] == [text]


def test_both_pages_show_the_same_example() -> None:
    english, japanese = (path.read_text("utf-8") for path in PAGES.values())
    assert [code(english, kind) for kind in ("yaml", "csv")] == [code(japanese, kind) for kind in ("yaml", "csv")]
