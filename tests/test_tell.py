"""`shinro tell story` from a folder of files to a page."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from shinro.cli import main
from shinro.run import tell

LEADS = "lead_id,created_at,done_at\n" + "".join(f"L{n},2026-0{4 + n % 3}-{1 + n % 28:02d},\n" for n in range(60))
PROJECT = """
company: 青空クラウド
timezone: Asia/Tokyo
languages: [ja, en]
story: {starts: 2026-04-01, picture: 月30件}
sources: {crm: {type: files, path: data/*.csv}}
tables: {leads: {from: crm.leads, key: lead_id, time: created_at, starts: created_at, ends: done_at}}
metrics:
  leads: {label: {ja: リード数, en: Leads}, count: leads}
  open_leads: {stock: leads}
  later: {reported: crm.later, value: v, every: month}
north_star: {metric: leads, outcomes: [open_leads, later]}
influences: [{from: leads, to: open_leads}, {from: leads, to: later}]
kpis: {leads: {owner: 田中, focus: true}}
milestones: [{id: m3, by: +3 months, reach: [leads >= 30 per month]}]
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "shinro.yaml").write_text(PROJECT, encoding="utf-8")
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "leads.csv").write_text(LEADS, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    for name in ("SHINRO_LANG", "LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)
    return tmp_path


def run(*args: str) -> int:
    with pytest.raises(SystemExit) as done:
        main(["tell", "story", *args])
    return int(done.value.code or 0)


def test_a_page_is_written_and_the_next_step_is_said(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run() == 0
    text = (folder / "story.html").read_text(encoding="utf-8")
    assert text.startswith('<!doctype html>\n<html lang="ja"')
    assert "青空クラウドの成長ストーリー" in text
    assert "青空クラウド: the growth story" in text
    said = capsys.readouterr().out
    assert "story.html" in said
    assert "次の一歩" in said


def test_a_second_page_draws_nothing_and_is_the_same(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert run() == 0
    first = (folder / "story.html").read_bytes()
    monkeypatch.setattr(tell, "draw", None)
    assert run("-o", "again.html") == 0
    assert (folder / "again.html").read_bytes() == first


def test_drawings_of_another_day_replace_those_of_today(folder: Path) -> None:
    assert run() == 0
    before = {path.name for path in (folder / ".shinro" / "charts").iterdir()}
    assert run("--as-of", "2026-05-31") == 0
    after = {path.name for path in (folder / ".shinro" / "charts").iterdir()}
    assert len(before) == len(after) == 4
    assert before.isdisjoint(after)


def test_the_language_asked_for_comes_first(folder: Path) -> None:
    assert run("--lang", "en") == 0
    text = (folder / "story.html").read_text(encoding="utf-8")
    assert '<html lang="en"' in text
    assert re.findall(r'<article lang="(\w+)"', text) == ["en", "ja"]


def test_a_file_of_somebody_else_is_left_alone_unless_forced(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "story.html").write_text("<title>mine</title>", encoding="utf-8")
    assert run() == 2
    assert (folder / "story.html").read_text(encoding="utf-8") == "<title>mine</title>"
    assert "--force" in capsys.readouterr().err
    assert run("--force") == 0
    assert run() == 0


@pytest.mark.parametrize("place", ["nowhere/story.html", "data"])
def test_a_place_that_cannot_be_written_is_named(folder: Path, capsys: pytest.CaptureFixture[str], place: str) -> None:
    assert run("-o", place) == 1
    assert f"{place} S142" in capsys.readouterr().err
    assert [path.name for path in folder.rglob(".*story*")] == []


def test_the_tree_knows_metrics_that_no_status_shows(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("--json", "--lang", "en") == 0
    told = json.loads(capsys.readouterr().out)
    tops = [branch["card"] for branch in told["trees"]]
    assert [(card["metric"], card["value"]) for card in tops] == [
        ("leads", "5"), ("open_leads", "60"), ("later", "unknown"),
    ]  # fmt: skip
    assert not (folder / "story.html").exists()


def test_the_story_is_told_in_json_too(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("--json", "--lang", "en") == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["lang"], told["picture"], told["star"]["label"]) == ("en", "月30件", "Leads")
    assert not (folder / "story.html").exists()


def test_a_broken_drawing_in_the_cache_is_drawn_again(folder: Path) -> None:
    assert run() == 0
    page = (folder / "story.html").read_bytes()
    for path in (folder / ".shinro" / "charts").iterdir():
        path.write_text("<svg", encoding="utf-8")
    assert run() == 0
    assert (folder / "story.html").read_bytes() == page
