"""The worked year: what the page shows is what the commands print; a small one runs every time.

The whole year takes 20 s of CPU, so that it is run where it is asked for, with `SHINRO_YEAR=1`; `SHINRO_WRITE=1` writes
the printed blocks anew.
"""

from __future__ import annotations

import os
import re
import shlex
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from shinro.checks.declared import MADE_UP
from shinro.cli import main, speaking
from shinro.demo import year as made_up
from shinro.entries import Kind
from shinro.problems import CannotGoOn
from shinro.record.book import read
from shinro.run import worked_year as run
from shinro.run.gathering import Moment
from shinro.run.opening import open_project
from shinro.run.publishing import book_of

ROOT = Path(__file__).parent.parent
PAGES = {"en": ROOT / "docs" / "worked-year.md", "ja": ROOT / "docs" / "worked-year.ja.md"}
BLOCK = re.compile(r"```console\n(\$ .*?)```\n", re.DOTALL)
NOW = datetime(2026, 6, 22, 1, tzinfo=UTC)
WHOLE = bool(os.environ.get("SHINRO_YEAR") or os.environ.get("SHINRO_WRITE"))
RANDOM = (
    (re.compile(r"shinro/record/[0-9a-f]{32}"), "shinro/record/…"),
    (re.compile(r"(?<=… )[A-Za-z0-9+/=]{60,}"), "…"),
    (re.compile(r"(?<![\w+/])[A-Za-z0-9+/]{43}="), "…"),
    (re.compile(r"\b(\d+):[A-Za-z0-9+/]{16}"), r"\1:…"),
)


class Then(datetime):
    """The morning after the last export."""

    @classmethod
    def now(cls, tz: object = None) -> Then:
        del tz
        return cls(2026, 6, 22, 1, tzinfo=UTC)


def commands(page: str) -> list[str]:
    return [block.split("\n", 1)[0] for block in BLOCK.findall(page)]


def test_both_pages_run_the_same_commands() -> None:
    english, japanese = (commands(page.read_text("utf-8")) for page in PAGES.values())
    assert len(english) > 5
    assert [each.replace("--lang ja", "--lang en").partition(" | ")[0] for each in japanese] == [
        each.partition(" | ")[0] for each in english
    ]


@pytest.mark.skipif(not WHOLE, reason="20 s of CPU: SHINRO_YEAR=1")
@pytest.mark.parametrize("lang", PAGES)
def test_the_page_shows_what_is_printed(
    lang: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(speaking, "datetime", Then)
    monkeypatch.setenv("SHINRO_CONFIG", str(tmp_path / "config"))
    monkeypatch.setenv("COLUMNS", "100")
    monkeypatch.chdir(tmp_path)
    text = PAGES[lang].read_text("utf-8")
    for block in BLOCK.findall(text):
        line, _, _ = block.partition("\n")
        shown = f"{line}\n{printed(line, capsys)}"
        if os.environ.get("SHINRO_WRITE"):
            text = text.replace(block, shown)
            PAGES[lang].write_text(text, "utf-8")
        assert PAGES[lang].read_text("utf-8").count(shown) == 1


def printed(line: str, capsys: pytest.CaptureFixture[str]) -> str:
    """What a command prints, what is random in it left out; `sed -i` is done here, and `| sed -n` cuts lines."""
    command, _, cut = line.removeprefix("$ ").partition(" | ")
    words = shlex.split(command)
    if words[0] == "sed":
        _edit(Path(words[3]), words[2])
        return ""
    if words[0] == "shinro":
        with pytest.raises(SystemExit):
            main(words[1:])
        found = capsys.readouterr()
        text = found.out + found.err
    else:
        text = Path(words[1]).read_text("utf-8")
    for pattern, instead in RANDOM:
        text = pattern.sub(instead, text)
    return "".join(f"{each}\n" for each in _cut(text, cut))


def _edit(file: Path, script: str) -> None:
    """What `sed -i` does with plain texts: `/a/d` takes lines out, `s/a/b/` puts one text for another."""
    lines = file.read_text("utf-8").splitlines()
    for step in script.split("; "):
        _, old, new, *_ = [*step.split("/"), ""]
        lines = [
            each.replace(old, new) if step[0] == "s" else each for each in lines if step[0] == "s" or old not in each
        ]
    file.write_text("\n".join(lines) + "\n", "utf-8")


def _cut(text: str, how: str) -> list[str]:
    """The lines that `sed -n '/A/,/B/p'` prints, without empty ones at the ends."""
    lines = [each.rstrip() for each in text.rstrip("\n").split("\n")]
    found = re.search(r"'/(.*)/,/(.*)/p'", how)
    if not found:
        return lines
    start = next(n for n, each in enumerate(lines) if re.search(found[1], each))
    end = next((n for n in range(start + 1, len(lines)) if re.search(found[2], lines[n])), len(lines) - 1)
    return lines[start : end + 1]


def test_a_small_year_is_published_reviewed_restated_once_and_says_that_it_is_made_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(made_up, "SIZE", 0.1)
    days = made_up.year(date(2026, 6, 19)).publishings
    monkeypatch.setattr(made_up.Year, "publishings", (days[0], days[4]))
    monkeypatch.setattr(made_up.Year, "wrong", days[4])
    monkeypatch.setattr(run, "HELD", (1,))
    moment = Moment(NOW, None, {"SHINRO_CONFIG": str(tmp_path / "config")})
    made = run.worked_year(tmp_path / "year", moment, lambda _step, _name: None, tmp_path)
    entries = read(book_of(made.opened))
    assert made.entries == len(entries)
    figures = [entry for entry in entries if entry.draft.figure]
    restated = [entry for entry in figures if entry.draft.kind is Kind.RESTATE]
    assert [entry.draft.subject for entry in restated] == ["win_rate"]
    assert [entry.draft.kind for entry in entries].count(Kind.REVIEW) == 1
    assert {entry.written_at.date() for entry in entries} <= {
        date(2025, 11, 3),
        date(2026, 2, 3),
        date(2026, 3, 3),
        date(2026, 3, 17),
        date(2026, 4, 3),
    }
    assert all(entry.draft.data[MADE_UP] and run.ACTOR in str(entry.draft.origin) for entry in figures)
    assert {entry.words["actor"] for entry in entries} == {run.ACTOR}
    project = open_project(tmp_path / "year").project
    assert [str(said.kpi) for said in project.traction[0].claims] == ["list_total"]
    again = run.worked_year(tmp_path / "year", moment, lambda _step, _name: None, tmp_path)
    assert again.entries == made.entries


def test_a_demo_without_a_year_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "shinro.yaml").write_text("company: A\n", "utf-8")
    with pytest.raises(CannotGoOn) as stop:
        run.worked_year(tmp_path, Moment(NOW), lambda _step, _name: None, tmp_path)
    assert [problem.code for problem in stop.value.problems] == ["S136"]
