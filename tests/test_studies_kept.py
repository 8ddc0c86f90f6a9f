"""The file in which a story's statistics are kept: whatever stands in it, whatever the folder refuses."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from shinro.reports.parts import plain
from shinro.run.studies import NEWEST, _keep, _kept
from telling import gist

LANGS = ("en", "ja")
Told = dict[str, Any]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """What was kept, with everything that the page can show."""
    found = tmp_path / "studies" / "a.json"
    _keep(found, gist().studies)
    return found


def signed(file: Path, change: Callable[[Told], object]) -> None:
    """Changes what was kept, and its digest with it."""
    told = json.loads(file.read_text("utf-8"))["told"]
    change(told)
    text = json.dumps(told, sort_keys=True, ensure_ascii=False)
    digest = sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
    file.write_text(json.dumps({"digest": digest, "told": told}), "utf-8")


def test_what_was_kept_is_read_back(file: Path) -> None:
    assert _kept(file, LANGS) == gist().studies
    signed(file, lambda told: told.copy())
    assert _kept(file, LANGS) == gist().studies


@pytest.mark.parametrize(
    "text",
    [
        "", "{", "null", "[]", "1", "{}", '{"told": {}}', '{"digest": 1, "told": []}', '{"digest": [], "told": null}',
        "[" * 100_000, '{"told":' * 100_000, "1" * 5_000, "NaN", "\0",
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_made_anew(file: Path, text: str) -> None:
    file.write_text(text, "utf-8")
    assert _kept(file, LANGS) is None


def test_what_is_no_text_is_made_anew(file: Path) -> None:
    file.write_bytes(b"\xff\xfe" + file.read_bytes())
    assert _kept(file, LANGS) is None


def test_what_somebody_changed_is_made_anew(file: Path) -> None:
    file.write_text(file.read_text("utf-8").replace("250", "251"), "utf-8")
    assert _kept(file, LANGS) is None


@pytest.mark.parametrize(
    "change",
    [
        lambda told: told.pop("ja"),
        lambda told: told.update(fr=told["en"]),
        lambda told: told.update(fr=told.pop("en")),
        lambda told: told.update(en=None),
        lambda told: told.update(en=[]),
        lambda told: told["en"].update(leads={}),
        lambda told: told["en"].update(leads="text"),
        lambda told: told["en"].update(seen=[None]),
        lambda told: told["en"].update(odds=[{"title": 1}]),
        lambda told: told["en"].pop("fans"),
        lambda told: told["en"]["fans"][0].update(spec=[["a", "b"]]),
        lambda told: told["en"]["fans"][0].update(spec={"a": float("nan")}),
        lambda told: told["en"]["fans"][0].update(title="\ud800"),
        lambda told: told["en"]["fans"][0].update(rows=[[1]]),
        lambda told: told["en"]["fans"][0].update(keys=[["line", "a", "b"]]),
        lambda told: told["en"]["reasons"].update(falls=[fall("1/0")]),
        lambda told: told["en"]["reasons"].update(falls=[fall("1e999999999")]),
        lambda told: told["en"]["reasons"].update(falls=[fall(0.5)]),
    ],
)
def test_what_is_no_part_of_a_page_is_made_anew_even_under_its_right_digest(
    file: Path, change: Callable[[Told], object]
) -> None:
    signed(file, change)
    assert _kept(file, LANGS) is None


def fall(low: object) -> object:
    return {"name": "a", "amount": "1", "tone": "", "low": low, "high": "1", "whole": False}


def test_only_the_languages_asked_for_are_read(file: Path) -> None:
    assert _kept(file, ("en",)) is None
    assert _kept(file, ("ja", "en")) == gist().studies


def test_what_is_no_file_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.json")
    assert _kept(tmp_path / "pipe.json", LANGS) is None
    assert _kept(tmp_path, LANGS) is None
    assert _kept(tmp_path / "none.json", LANGS) is None


def test_a_file_is_old_or_new_and_whole_and_nothing_else_stays(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = file.read_bytes()

    def refused(*_: object) -> None:
        raise PermissionError

    monkeypatch.setattr(Path, "replace", refused)
    with pytest.raises(PermissionError):
        _keep(file, {})
    assert file.read_bytes() == before
    assert list(file.parent.iterdir()) == [file]


def test_the_four_newest_are_kept(file: Path) -> None:
    names = ["f", "b", "e", "d", "c"]
    for second, name in enumerate(names):
        _keep(file.with_name(f"{name}.json"), gist().studies)
        os.utime(file.with_name(f"{name}.json"), (second, second))
    os.utime(file, (9, 9))
    _keep(file.with_name("z.json"), gist().studies)
    assert {each.stem for each in file.parent.iterdir()} == {"z", "a", "c", "d"}
    assert NEWEST == 4


def test_what_is_no_number_of_a_page_is_not_kept(file: Path) -> None:
    told = plain(gist().studies["en"])
    assert isinstance(told, dict)
    with pytest.raises(ValueError, match="JSON compliant"):
        _keep(file, {"en": {**told, "fans": float("nan")}})  # type: ignore[dict-item]
    assert _kept(file, LANGS) == gist().studies
