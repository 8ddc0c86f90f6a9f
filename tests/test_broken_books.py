"""Broken workbooks and databases: each is answered by a problem or by counted rows, in little time and memory."""

from __future__ import annotations

import re
import sys
import time
from pathlib import Path

import pytest

from broken_books import BOOKS
from broken_databases import DATABASES
from loading import codes, loading, plan
from shinro.reports.words import LANGUAGES, words
from shinro.warehouse.engine import Limits

if sys.platform != "win32":
    import resource

COLUMNS = ("id:text", "at:time", "amount:number", "paid:truth")
SLOWEST = 10.0  # seconds
LARGEST = 1 << 20  # KB of the largest process that was started


def answer(folder: Path, limits: Limits | None = None, **asked: str) -> str:
    """The counts and codes that a load answers with; all is said in both languages, without the folder's name."""
    made, problems = loading(plan(folder, *COLUMNS, key="id", time="at", **asked), folder, limits=limits)
    assert all(one.place.line for one in problems)
    for one in problems:
        for key in (f"{one.code}.{one.args.get('case')}.says", f"{one.code}.says", f"{one.code}.next"):
            said = [words(lang).say(key, **one.args) for lang in LANGUAGES if words(lang).knows(key)]
            assert len(said) != 1
            assert not [text for text in said if re.search(r"{\w+}", text)]
            assert str(folder) not in "".join(said)
    counts = [f"{made.rows}/{made.rejected}"] if made else []
    return " ".join([*counts, *codes(problems)])


def largest() -> int:
    """KB of the largest process that this one has started."""
    return resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss if sys.platform == "linux" else 0


@pytest.mark.parametrize("case", BOOKS)
def test_a_broken_workbook_is_answered(tmp_path: Path, case: str) -> None:
    write, expected, *name = BOOKS[case]
    write(tmp_path / (name[0] if name else "leads.xlsx"))
    began = time.perf_counter()
    assert answer(tmp_path) == expected
    assert time.perf_counter() - began < SLOWEST
    assert largest() < LARGEST


@pytest.mark.parametrize("case", DATABASES)
def test_a_broken_database_is_answered(tmp_path: Path, case: str) -> None:
    make, expected = DATABASES[case]
    path = tmp_path / "app.db"
    make(path)
    began = time.perf_counter()
    found = answer(tmp_path, Limits(seconds=3), type="sqlite", path=str(path))
    assert found == expected or (found and found in expected.split())
    assert time.perf_counter() - began < SLOWEST
    assert largest() < LARGEST
