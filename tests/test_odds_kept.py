"""The milestones' probabilities, kept by `plan` and by a story, and shown by a status that works none out."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import Any, cast

import pytest

from shinro.findings.forecasts import KeptOdds, MilestoneOdds, Prospects
from shinro.reports.as_json import status_json
from shinro.reports.report import Lines
from shinro.reports.status import status_report
from shinro.reports.words import words
from shinro.run.gathering import Gathered
from shinro.run.odds import NEWEST, keep_odds, kept_odds
from telling import gist

DAY = date(2026, 5, 18)
FOUND = Prospects(DAY, (MilestoneOdds("m3", DAY, 0.25, ()), MilestoneOdds("m6", DAY, None, ())))


class Opened:
    """What is read of a project that was opened."""

    def __init__(self, store: Path, text: str = "") -> None:
        self.store, self.texts = store, {"shinro.yaml": text}


class Stood:
    """What is read of gathered tables."""

    def __init__(self, store: Path, text: str = "", as_of: date = DAY) -> None:
        self.opened, self.loads, self.as_of = Opened(store, text), {}, as_of  # type: ignore[var-annotated]


def at(store: Path, text: str = "", as_of: date = DAY) -> Gathered:
    return cast("Gathered", Stood(store, text, as_of))


@pytest.fixture
def file(tmp_path: Path) -> Path:
    keep_odds(at(tmp_path), FOUND)
    (found,) = (tmp_path / "odds").iterdir()
    return found


def test_what_was_kept_is_read_back_for_just_this_state(tmp_path: Path) -> None:
    assert kept_odds(at(tmp_path)) is None
    keep_odds(at(tmp_path), FOUND)
    assert kept_odds(at(tmp_path)) == KeptOdds(DAY, {"m3": 0.25, "m6": None})
    assert kept_odds(at(tmp_path, "company: A")) == KeptOdds(DAY, None)
    assert kept_odds(at(tmp_path, as_of=date(2026, 5, 19))) == KeptOdds(DAY, None)


@pytest.mark.parametrize("text", ["", "{", "null", "[]", "{}", '{"told": {}}', "[" * 100_000, "NaN", "\0"])
def test_what_cannot_be_read_is_none(tmp_path: Path, file: Path, text: str) -> None:
    file.write_text(text, "utf-8")
    assert kept_odds(at(tmp_path)) is None


@pytest.mark.parametrize(
    "change",
    [
        lambda told: told.update(as_of="yesterday"),
        lambda told: told.update(odds={"m3": "high"}),
        lambda told: told.update(odds={"m3": 2}),
        lambda told: told.update(odds=[1]),
        lambda told: told.pop("odds"),
    ],
)
def test_what_is_no_probability_is_none_even_under_its_right_digest(
    tmp_path: Path, file: Path, change: Callable[[dict[str, Any]], object]
) -> None:
    told = json.loads(file.read_text("utf-8"))["told"]
    change(told)
    digest = sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()
    file.write_text(json.dumps({"digest": digest, "told": told}), "utf-8")
    assert kept_odds(at(tmp_path)) is None


def test_what_somebody_changed_or_is_no_file_is_none(tmp_path: Path, file: Path) -> None:
    file.write_text(file.read_text("utf-8").replace("0.25", "0.95"), "utf-8")
    assert kept_odds(at(tmp_path)) is None
    file.unlink()
    os.mkfifo(file)
    assert kept_odds(at(tmp_path)) is None


def test_the_newest_are_kept_and_a_folder_that_refuses_stops_nothing(tmp_path: Path) -> None:
    for n in range(NEWEST + 2):
        keep_odds(at(tmp_path, f"# {n}"), FOUND)
    assert len(list((tmp_path / "odds").iterdir())) == NEWEST
    (tmp_path / "there").mkdir()
    (tmp_path / "there" / "odds").write_text("")
    keep_odds(at(tmp_path / "there"), FOUND)
    assert kept_odds(at(tmp_path / "there")) is None


def said(odds: KeptOdds | None) -> tuple[str, Any]:
    found = gist()
    status = replace(found.status, odds=odds)
    report = status_report(status, found.project, words("en"), found.meanings)
    texts = [line.text for block in report.blocks if isinstance(block, Lines) for line in block.lines]
    return "\n".join(texts), status_json(status, found.project, words("en"), found.meanings)


def test_a_status_shows_them_with_their_day_or_says_how_to_get_them() -> None:
    text, plain = said(KeptOdds(DAY, {"m3": 0.25}))
    assert re.search("m3 by .* left\\) · Likely to hold on its day: 25%", text)
    assert "as of May 18, 2026; by condition: `shinro plan`" in text
    assert plain["chances"] == {"as_of": "2026-05-18", "milestones": {"m3": 0.25}}
    text, plain = said(None)
    assert "How likely they are to hold: `shinro plan`." in text
    assert (plain["chances"], plain["odds"]) == (None, {})
    text, plain = said(KeptOdds(DAY, None))
    assert "What it said as of May 18, 2026 was before" in text
    assert plain["chances"] is None
