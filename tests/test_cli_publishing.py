"""record publish, restate and check as commands: what they print, write, ask, and end with."""

from __future__ import annotations

import json
import sys
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
import typer

from publishing import EDITED, GOALS, LATER, STORY, a_project, entries, published
from recording import a_writer
from shinro.cli import main, speaking
from shinro.cli.speaking import BROKEN
from shinro.reports.words import LANGUAGES, words
from shinro.run import publishing as publishing_path
from shinro.run.commits import commit_of
from shinro.run.gathering import Gathered
from shinro.run.publishing import Offer, offer


class Then(datetime):
    """A morning in May."""

    @classmethod
    def now(cls, tz: object = None) -> Then:
        del tz
        return cls(2026, 5, 12, 3, tzinfo=UTC)


class Summer(Then):
    """A morning two months later."""

    @classmethod
    def now(cls, tz: object = None) -> Summer:
        del tz
        return cls(2026, 7, 6, 3, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _on_a_day(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(speaking, "datetime", Then)
    monkeypatch.setenv("SHINRO_CONFIG", str(tmp_path / "config"))
    monkeypatch.setenv("COLUMNS", "120")


def shinro(*args: str | Path) -> int:
    with pytest.raises(SystemExit) as stop:
        main([str(arg) for arg in args])
    return int(stop.value.code or 0)


def test_publish_shows_writes_and_ends_with_the_checkpoint(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    made, where = a_project(tmp_path / "p"), ("-p", tmp_path / "p", "--lang", "en")
    assert shinro("record", "publish", *where, "--dry-run") == 0
    assert "3 new values:" in capsys.readouterr().out
    assert entries(made) == ()
    assert shinro("record", "publish", *where, "--by", "Mai") == 0
    told = capsys.readouterr().out
    assert "Milestone m3: by 2026-06-30: won >= 3 per month" in told
    assert "Written: 5 (entries 1–5)" in told
    assert "Give this checkpoint to somebody" in told
    assert {entry.words["actor"] for entry in entries(made)} == {"Mai"}
    assert {entry.written_at for entry in entries(made)} == {datetime(2026, 5, 12, 3, tzinfo=UTC)}
    assert shinro("record", "publish", *where, "--json") == 0
    again = json.loads(capsys.readouterr().out)
    assert (again["new"], again["standing"], again["failed"]) == ([], 3, False)


def test_who_was_slower_than_another_publisher_is_told_and_begins_no_record(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The other one writes after the offer was shown, and both had found no record."""
    made, where = a_project(tmp_path / "p"), ("-p", tmp_path / "p", "--lang", "en")

    def overtaken(gathered: Gathered, since: date | None = None, *, weekly: bool = False) -> Offer:
        found = offer(gathered, since, weekly=weekly)
        published(made)
        return found

    monkeypatch.setattr(publishing_path, "offer", overtaken)
    monkeypatch.setattr(publishing_path, "head", lambda _: None)
    monkeypatch.setattr("shinro.run.recording.writer_of", lambda *_: a_writer())
    assert shinro("record", "publish", *where) == 0
    told = capsys.readouterr().out
    assert "Of these 5 entries another publishing wrote 5 meanwhile: nothing is written twice." in told
    assert "A new record begins" not in told
    assert "Written:" not in told


def test_restating_and_checking(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    made, where = a_project(tmp_path / "p"), ("-p", tmp_path / "p", "--lang", "en")
    shinro("record", "publish", *where)
    made.write("data/deals.csv", EDITED)
    assert shinro("record", "check", *where) == 1
    assert shinro("record", "restate", "won", *where, "--period", "2026-04", "--because", "d2 was won") == 0
    assert shinro("record", "restate", *where, "--all-drifted", "--because", "the same", "--json") == 0
    restated = json.loads(capsys.readouterr().out.partition("\n{\n")[2].join(("{\n", "")))
    assert [each["subject"] for each in restated["restated"]] == ["win_rate", "worth"]
    assert shinro("record", "check", *where, "--json", "-m", "won") == 0
    assert json.loads(capsys.readouterr().out)["restated"] == 1
    assert shinro("record", "restate", *where, "--all-drifted", "--because", "again") == 0
    assert "Nothing to restate" in capsys.readouterr().out


def test_what_is_asked_wrongly(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    a_project(tmp_path / "p", STORY + GOALS + "kpi: {}\n")
    where = ("-p", tmp_path / "p", "--lang", "en")
    assert shinro("record", "publish", *where) == 1
    told = capsys.readouterr().out
    assert "S111" in told
    assert "5 new entries wait." in told
    assert shinro("record", "publish", *where, "--since", "soon") == 2
    assert shinro("record", "restate", "won", *where, "--because", "why") == 2
    assert shinro("record", "restate", "won", *where, "--because", " ", "--period", "2026-04") == 2
    assert shinro("record", "restate", "won", *where, "--because", "why", "--period", "2026-04") == 1
    assert "B831" in capsys.readouterr().err


def test_a_period_in_the_middle_of_the_record_is_not_left_out(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    made, where = a_project(tmp_path / "p"), ("record", "publish", "-p", tmp_path / "p", "--yes")
    assert shinro(*where) == 0
    before = entries(made)
    made.write("data/deals.csv", LATER)
    monkeypatch.setattr(speaking, "datetime", Summer)
    for lang, says in (("en", "in the record yet, from 2026-05-01 on: won,"), ("ja", "記録に穴は残せません")):
        assert shinro(*where, "--as-of", "2026-07-05", "--since", "2026-06-01", "--lang", lang) == BROKEN
        assert says in capsys.readouterr().err
    assert entries(made) == before


def test_a_terminal_is_asked_and_may_say_no(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys.stdin, "isatty", lambda: True, raising=False)
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True, raising=False)
    asked: list[str] = []

    def no(text: str) -> bool:
        asked.append(text)
        return False

    monkeypatch.setattr(typer, "confirm", no)
    made = a_project(tmp_path / "p")
    assert shinro("record", "publish", "-p", made.folder, "--lang", "en") == 0
    assert asked == ["Write 5 entries? They cannot be taken back, only restated."]
    assert entries(made) == ()


@pytest.mark.parametrize("lang", LANGUAGES)
def test_help_is_said_in_both_languages(lang: str, capsys: pytest.CaptureFixture[str]) -> None:
    for verb in ("publish", "restate", "check"):
        assert shinro("record", verb, "--lang", lang, "--help") == 0
        assert words(lang).say(f"cli.record_{verb}")[:20] in capsys.readouterr().out


def test_the_commit_is_read_from_gits_own_files(tmp_path: Path) -> None:
    sha, other = "a" * 40, "b" * 40
    git, inner = tmp_path / ".git", tmp_path / "deep" / "er"
    inner.mkdir(parents=True)
    assert commit_of(inner) is None
    git.mkdir()
    (git / "HEAD").write_text("ref: refs/heads/main\n")
    assert commit_of(inner) is None
    (git / "packed-refs").write_text(f"# pack-refs\n{sha} refs/heads/main\n")
    assert commit_of(inner) == sha
    (git / "refs" / "heads").mkdir(parents=True)
    (git / "refs" / "heads" / "main").write_text(f"{other}\n")
    assert commit_of(inner) == other
    (git / "HEAD").write_text(f"{sha}\n")
    assert commit_of(inner) == sha
    (inner / ".git").write_text("gitdir: ../../.git\n")
    assert commit_of(inner) == sha
    (git / "HEAD").write_text("nothing of the kind\n")
    assert commit_of(inner) is None


def test_a_running_period_is_never_published_by_looking_from_a_day_to_come(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    made, where = a_project(tmp_path / "p"), ("-p", tmp_path / "p", "--lang", "en")
    assert shinro("record", "publish", *where, "--as-of", "2026-06-01") == BROKEN
    assert "2026-06-01 is still to come (today is 2026-05-12)" in capsys.readouterr().err
    assert shinro("record", "publish", *where, "--as-of", "2026-05-12", "--yes") == 0
    assert len(entries(made)) > 0
    args = ("won", "--period", "2026-04", "--because", "x")
    assert shinro("record", "restate", *args, *where, "--as-of", "2026-06-01") == BROKEN


def test_checking_a_metric_that_is_not_published_says_so(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    _, where = a_project(tmp_path / "p"), ("-p", tmp_path / "p", "--lang", "en")
    shinro("record", "publish", *where)
    assert shinro("record", "check", "-m", "wonn", *where) == BROKEN
    assert "Nothing is published of wonn" in capsys.readouterr().err


def test_a_clock_behind_the_record_writes_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    made, where = a_project(tmp_path / "p"), ("-p", tmp_path / "p", "--lang", "en")
    shinro("record", "publish", *where)
    before = entries(made)

    class Back(Then):
        @classmethod
        def now(cls, tz: object = None) -> Back:
            del tz
            return cls(2026, 1, 12, 3, tzinfo=UTC)

    monkeypatch.setattr(speaking, "datetime", Back)
    (tmp_path / "p" / "shinro.yaml").write_text((STORY + GOALS).replace("m3", "m4"), encoding="utf-8")
    assert shinro("record", "publish", *where, "--yes") == BROKEN
    assert "clock says 2026-01-12 03:00 (UTC)" in capsys.readouterr().err
    assert entries(made) == before
