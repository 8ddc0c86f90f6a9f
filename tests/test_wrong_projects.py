"""Wrong project files: each is answered by a problem with its place and sentences, never by a crash."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from checking import assert_said
from shinro.cli import main
from shinro.definitions.project import read_project
from shinro.demo.exports import LAST, project
from shinro.demo.truths import Truths
from shinro.problems import CannotGoOn, Place, Problem
from shinro.run.check import check
from wrong_growth import GROWTH
from wrong_projects import WRONG

EVERY = {**WRONG, **GROWTH}
DEMO = project(Truths(LAST))
SIGNS = "\n\t :,-{}[]'\"#&*!|>%@`()=<>+/0１a万円、：　\\\0\u200b🚀"


def found(folder: Path, text: str) -> list[Problem]:
    (folder / "shinro.yaml").write_bytes(text.encode("utf-8", "surrogatepass"))
    return list(check(folder).problems)


@pytest.mark.parametrize("name", EVERY)
def test_a_wrong_file_is_answered_with_a_place_and_sentences(name: str, tmp_path: Path) -> None:
    text, code, line = EVERY[name]
    problems = found(tmp_path, text) if "\ud800" not in text else list(stopped(text))
    assert (code, line) in {(problem.code, problem.place.line) for problem in problems}
    for problem in problems:
        assert problem.place.path == "shinro.yaml"
        assert_said(problem)


def stopped(text: str) -> tuple[Problem, ...]:
    """Half a surrogate cannot be written to a file, only handed over."""
    with pytest.raises(CannotGoOn) as stop:
        read_project(text, "shinro.yaml")
    return stop.value.problems


@pytest.mark.parametrize("name", [*list(WRONG)[3::9], *GROWTH])
def test_the_command_line_says_it_and_fails(name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text, code, _ = EVERY[name]
    found(tmp_path, text)
    with pytest.raises(SystemExit) as left:
        main(["check", "-p", str(tmp_path), "--lang", "ja"])
    said = "".join(capsys.readouterr())
    assert left.value.code == 1
    assert code in said
    assert "Traceback" not in said


def test_there_are_many_of_them() -> None:
    assert (len(WRONG) >= 120, len(GROWTH) >= 60) == (True, True)


def test_a_file_that_is_not_text_is_answered_with_its_line(tmp_path: Path) -> None:
    (tmp_path / "shinro.yaml").write_bytes("company: a\ncurrency: 円\n".encode("cp932"))
    (problem,) = check(tmp_path).problems
    assert (problem.code, problem.place) == ("S134", Place("shinro.yaml", 2, 1))
    assert_said(problem)


def test_where_there_is_no_project_it_is_said(tmp_path: Path) -> None:
    (problem,) = check(tmp_path / "nowhere").problems
    assert (problem.code, problem.place) == ("S133", Place("shinro.yaml"))
    assert problem.args["folder"] == str(tmp_path / "nowhere")
    assert_said(problem)


def test_a_folder_by_the_name_of_the_file_is_said(tmp_path: Path) -> None:
    (tmp_path / "shinro.yaml").mkdir()
    (problem,) = check(tmp_path).problems
    assert problem.code in ("S133", "S135")
    assert_said(problem)


def test_an_included_file_that_includes_another_is_said(tmp_path: Path) -> None:
    (tmp_path / "more.yaml").write_text("include: [again.yaml]\ncurrency: JPY\n", encoding="utf-8")
    problems = found(tmp_path, "company: a\ncurrency: JPY\ninclude: [more.yaml]\n")
    told = {(problem.code, str(problem.place)) for problem in problems}
    assert {("S129", "more.yaml:1:1"), ("S105", "more.yaml:2:1")} <= told


def test_an_included_file_that_is_broken_is_said_with_its_own_path(tmp_path: Path) -> None:
    (tmp_path / "more.yaml").write_text("metrics:\n\tx: 1\n", encoding="utf-8")
    (problem,) = found(tmp_path, "company: a\ninclude: [more.yaml]\n")
    assert (problem.code, str(problem.place)) == ("S118", "more.yaml:2:1")


def edited(text: str, chance: random.Random) -> str:
    """One edit: a character or a line deleted, doubled, put elsewhere or replaced."""
    at = chance.randrange(len(text))
    lines = text.split("\n")
    line = chance.randrange(len(lines))
    match chance.randrange(6):
        case 0:
            return text[:at] + text[at + 1 :]
        case 1:
            return text[:at] + chance.choice(SIGNS) + text[at:]
        case 2:
            return text[:at] + chance.choice(SIGNS) + text[at + 1 :]
        case 3:
            return "\n".join(lines[:line] + lines[line + 1 :])
        case 4:
            return "\n".join([*lines[:line], lines[line], *lines[line:]])
        case _:
            return "\n".join([*lines[:line], lines[line][chance.randrange(8) :], *lines[line + 1 :]])


@pytest.mark.parametrize("seed", range(120))
def test_one_slip_of_the_hand_never_breaks_the_check(seed: int, tmp_path: Path) -> None:
    chance = random.Random(seed)  # noqa: S311 - slips, no secrets
    for problem in found(tmp_path, edited(DEMO, chance)):
        assert problem.place.path == "shinro.yaml"
        assert_said(problem)
