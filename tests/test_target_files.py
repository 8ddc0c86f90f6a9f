"""Targets in a CSV beside the project."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest

from shinro.definitions.story import FileLevel
from shinro.problems import Problem
from shinro.run.opening import open_project
from shinro.run.target_files import target_files

STORY = """
tables: {leads: {from: crm.leads, time: at, dimensions: [rep]}}
sources: {crm: {type: files, path: "*.csv"}}
metrics: {leads: {count: leads}, calls: {count: leads}}
targets: {leads: {file: plan/targets.csv}, calls: {file: plan/targets.csv}}
"""


def read(folder: Path, text: str | bytes) -> tuple[tuple[FileLevel, ...] | None, list[Problem]]:
    (folder / "plan").mkdir()
    data = text if isinstance(text, bytes) else text.encode()
    (folder / "plan" / "targets.csv").write_bytes(data)
    (folder / "shinro.yaml").write_text(STORY, "utf-8")
    found, problems = target_files(open_project(folder))
    return found.get("plan/targets.csv"), list(problems)


def test_levels_for_the_whole_and_for_a_segment(tmp_path: Path) -> None:
    found, problems = read(tmp_path, "date,level,rep\n2026-04-01,200,\n2026-05-01,12.5,佐藤\n2026-06-01,30%,\n")
    assert problems == []
    assert found == (
        FileLevel(date(2026, 4, 1), Fraction(200)),
        FileLevel(date(2026, 5, 1), Fraction(25, 2), (("rep", "佐藤"),)),
        FileLevel(date(2026, 6, 1), Fraction(3, 10)),
    )


def test_levels_by_segment_of_a_number_for_the_whole_are_told_at_their_first_row(tmp_path: Path) -> None:
    story = STORY.replace("calls: {count: leads}", "calls: {reported: crm.calls, value: n, every: week, nature: flow}")
    (tmp_path / "plan").mkdir()
    (tmp_path / "plan" / "targets.csv").write_text("date,level,rep\n2026-04-01,200,\n2026-05-01,12,佐藤\n", "utf-8")
    (tmp_path / "shinro.yaml").write_text(story, "utf-8")
    _, (problem,) = target_files(open_project(tmp_path))
    assert (problem.code, problem.args["metric"], problem.args["dimension"]) == ("Q133", "calls", "rep")
    assert (problem.place.path, problem.place.line) == ("plan/targets.csv", 3)


@pytest.mark.parametrize(
    "text",
    [
        "\ufeffdate,level\n2026-04-01,1200000\n",  # as Excel writes UTF-8
        "date,level\r\n2026-04-01,1200000\r\n",
        " date , level \n 2026-04-01 , 1200000 \n",
        'date,level\n2026-04-01,"1,200,000"\n',
        "level,date\n120万,2026-04-01\n",
        "date,level\n\n2026-04-01,1200000\n,\n",  # empty rows
        "date,level\n2026-04-01,1200000,extra,more\n",
    ],
)
def test_what_spreadsheets_write_is_read(tmp_path: Path, text: str) -> None:
    assert read(tmp_path, text) == ((FileLevel(date(2026, 4, 1), Fraction(1_200_000)),), [])


def test_a_row_that_cannot_be_read_is_told_with_its_line_and_the_others_hold(tmp_path: Path) -> None:
    rows = ["2026-04-01,1", "2026/04/02,2", ",3", "2026-04-04,many", "2026-04-05", "2026-04-06,6"]
    found, problems = read(tmp_path, "\n".join(["date,level", *rows, ""]))
    assert found is not None
    assert [one.level for one in found] == [1, 6]
    assert [(one.code, one.place.line, one.place.path) for one in problems] == [
        ("L142", 3, "plan/targets.csv"), ("L142", 4, "plan/targets.csv"), (problems[2].code, 5, "plan/targets.csv"),
        (problems[3].code, 6, "plan/targets.csv"),
    ]  # fmt: skip
    assert problems[0].args["found"] == "2026/04/02"


@pytest.mark.parametrize(
    ("text", "missing"), [("", "date, level"), ("day,level\n", "date"), ("date;level\n2026-04-01;1\n", "date, level")]
)
def test_a_file_without_the_columns_is_told_what_it_has(tmp_path: Path, text: str, missing: str) -> None:
    found, problems = read(tmp_path, text)
    assert found == ()
    assert [(one.code, one.args["missing"]) for one in problems] == [("L141", missing)]


@pytest.mark.parametrize(
    "data", ["date,level\n2026-04-01,１万円\n".encode("cp932"), b"\xff\xfe", b'date,level\n"' + b"x" * 200_000]
)
def test_a_file_that_is_no_table_in_utf_8_is_told_once(tmp_path: Path, data: bytes) -> None:
    found, problems = read(tmp_path, data)
    assert found is None
    assert {(one.code, one.args["path"]) for one in problems} == {("L140", "plan/targets.csv")}


@pytest.mark.parametrize("path", ["nothing.csv", "../outside.csv", ".", "/etc/hostname"])
def test_a_file_that_is_not_in_the_project_is_not_read(tmp_path: Path, path: str) -> None:
    (tmp_path / "outside.csv").write_text("date,level\n2026-04-01,1\n", "utf-8")
    inside = tmp_path / "project"
    inside.mkdir()
    (inside / "shinro.yaml").write_text(STORY.replace("plan/targets.csv", path, 1), "utf-8")
    found, problems = target_files(open_project(inside))
    assert path not in found
    assert problems[0].code == "L140"
    assert problems[0].place.line == 5
