"""What takes statistics to tell, told, written and read back."""

from __future__ import annotations

import json
from dataclasses import replace
from fractions import Fraction
from importlib import import_module
from pathlib import Path
from shutil import rmtree
from types import ModuleType

import pytest

from shinro.cli import main
from shinro.reports.parts import Fall, Grid, Passage, Story, Studies, plain
from shinro.reports.passages import passages
from shinro.reports.report import Cell, Column, Heading, Line, Lines, Table
from shinro.reports.restored import restored
from shinro.reports.story import story
from shinro.reports.words import words
from telling import gist

TABLE = Table((Column("a"), Column("b")), ((Cell("1"), Cell("2")),))


@pytest.mark.parametrize("lang", ["ja", "en"])
def test_what_was_written_is_read_back_as_it_was(lang: str) -> None:
    found = gist().studies[lang]
    assert restored(Studies, json.loads(json.dumps(plain(found)))) == found
    whole = story(gist(), words(lang))
    assert plain(restored(Story, json.loads(json.dumps(plain(whole))))) == plain(whole)


@pytest.mark.parametrize(
    "value", [None, [], {}, {"reasons": 1, "leads": [], "seen": []}, {"reasons": None, "leads": 1, "seen": []}]
)
def test_what_was_made_of_no_part_is_refused(value: object) -> None:
    with pytest.raises((TypeError, ValueError, KeyError)):
        restored(Studies, value)


@pytest.mark.parametrize(
    "text", ["1e999999999", "1/0", "0.5", "", "1/", "/2", " 1", "１/２", "1_0/3", "1" * 41, "nan", "1/-2", 1, None]
)
def test_a_number_that_no_bar_could_have_is_refused_at_once(text: object) -> None:
    bar = plain(Fall("a", "1", "", Fraction(0), Fraction(1, 3)))
    assert isinstance(bar, dict)
    assert restored(Fall, bar).high == Fraction(1, 3)
    with pytest.raises((TypeError, ValueError)):
        restored(Fall, {**bar, "high": text})


def test_blocks_become_passages_and_what_stands_below_a_table_stays_below_it() -> None:
    blocks = (Heading("t"), Lines((Line("x"),)), TABLE, Lines((Line("y"),)), TABLE, Heading("empty"))
    grid = Grid(("a", "b"), (("1", "2"),))
    assert passages(blocks) == (Passage("t", ("x",), grid, ("y",)), Passage("", (), grid))


def test_effects_are_drawn_after_the_metrics_and_their_verdict_stands_on_the_card() -> None:
    found = story(gist(), words("ja"))
    first = len(found.charts) + len(found.fans)
    assert [chart.title for chart in found.drawn[first:]] == [each.chart.title for each in found.seen if each.chart]
    assert {effort.name: effort.effect for effort in found.efforts}[found.seen[0].name] == found.seen[0].verdict
    assert story(replace(gist(), studies={}), words("ja")).seen == ()


@pytest.mark.parametrize("lang", ["ja", "en"])
def test_a_fan_shows_what_was_what_may_come_and_what_is_asked_for(lang: str) -> None:
    found = story(gist(), words(lang))
    (fan,) = found.fans
    assert fan in found.drawn
    assert [key for key, _ in fan.keys] == ["line", "target", "band", "goal"]
    assert [row[2] for row in fan.rows if row[2]] == ["250"] * 6
    assert fan.title.split(":")[0] in fan.says


def test_a_milestone_to_come_says_how_likely_it_is() -> None:
    found = story(gist(), words("en"))
    assert {stage.title: stage.odds.says for stage in found.stages if stage.odds}["m3"].endswith("50%")
    assert all(len(stage.odds.aims) == len(stage.aims) for stage in found.stages if stage.odds)


PROJECT = """
company: 青空クラウド
timezone: Asia/Tokyo
sources: {crm: {type: files, path: data/*.csv, timezone: Asia/Tokyo}}
tables: {leads: {from: crm.leads, key: id, time: at, dimensions: [channel]}}
metrics: {leads: {count: leads}, web: {count: leads, where: channel = 'web'}}
north_star: {metric: leads, outcomes: [web]}
initiatives: [{name: 展示会, starts: 2026-03-02, moves: leads}]
story: {starts: 2026-01-01}
milestones: [{id: year, by: +12 months, reach: [leads >= 70 per month]}]
"""


def test_what_was_studied_is_kept_until_something_changes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "data").mkdir()
    rows = "".join(f"{n},2026-0{1 + n % 5}-{1 + n % 28:02d},{'web' if n % 3 else 'fair'}\n" for n in range(300))
    (tmp_path / "data" / "leads.csv").write_text("id,at,channel\n" + rows, encoding="utf-8")
    (tmp_path / "shinro.yaml").write_text(PROJECT, encoding="utf-8")
    made: list[str] = []

    def counted(name: str) -> ModuleType:
        made.append(name)
        return import_module(name)

    monkeypatch.setattr("shinro.run.studies.import_module", counted)

    def tell() -> int:
        with pytest.raises(SystemExit) as done:
            main(["tell", "story", "-p", str(tmp_path), "-o", str(tmp_path / "s.html")])
        assert done.value.code in (0, None)
        return len(made)

    assert tell() == tell() == 1
    with pytest.raises(SystemExit):
        main(["status", "-p", str(tmp_path), "--lang", "en"])
    assert "Likely to hold on its day: " in capsys.readouterr().out
    kept = tmp_path / ".shinro" / "studies"
    (file,) = kept.glob("*.json")
    file.write_text("{", encoding="utf-8")
    assert tell() == 2
    (tmp_path / "shinro.yaml").write_text(PROJECT.replace("展示会", "展示会出展"), encoding="utf-8")
    assert tell() == 3
    assert len(list(kept.glob("*.json"))) == 2
    for name in ("studies", "charts"):  # a file where a folder should be: nothing can be kept, the story is told
        rmtree(tmp_path / ".shinro" / name)
        (tmp_path / ".shinro" / name).write_text("", encoding="utf-8")
    assert tell() == 4
