"""Which files make a table, and which of them is the newest."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from loading import loaded, plan, problem_of, rows
from shinro.reports.problems import says
from shinro.reports.words import words
from shinro.warehouse.files import stem_and_date

HEAD = "id,stage,at\n"


def put(folder: Path, name: str, *lines: str) -> None:
    (folder / name).parent.mkdir(parents=True, exist_ok=True)
    (folder / name).write_text(HEAD + "".join(f"{line}\n" for line in lines), encoding="utf-8")


@pytest.mark.parametrize(
    ("name", "stem", "day"),
    [
        ("leads", "leads", None),
        ("leads_2026-05-11", "leads", date(2026, 5, 11)),
        ("leads-20260511", "leads", date(2026, 5, 11)),
        ("leads_20260511", "leads", date(2026, 5, 11)),
        ("leads 2026.05.11", "leads", date(2026, 5, 11)),
        ("leads2026_05_11", "leads", date(2026, 5, 11)),
        ("leads_2026-13-11", "leads_2026-13-11", None),
        ("leads_2026", "leads_2026", None),
        ("leads_2026-0511", "leads_2026-0511", None),
        ("20260511", "", date(2026, 5, 11)),
        ("商談_2026-05-11", "商談", date(2026, 5, 11)),
    ],
)
def test_a_name_is_a_stem_and_maybe_a_date(name: str, stem: str, day: date | None) -> None:
    assert stem_and_date(name) == (stem, day)


def test_the_newest_file_is_read_by_the_date_in_its_name(tmp_path: Path) -> None:
    put(tmp_path, "leads_2026-05-11.csv", "1,won,2026-05-01")
    put(tmp_path, "leads_20260504.csv", "1,open,2026-05-01")
    put(tmp_path, "leads_contacts.csv", "9,open,2026-05-01")
    made = loaded(plan(tmp_path, "id:text", "stage:text", "at:time", time="at"), tmp_path)
    assert made.files == ("leads_2026-05-11.csv",)
    assert made.values["stage"] == ("won",)
    assert (made.newest, made.known_until) == (date(2026, 5, 1), date(2026, 5, 11))


def test_a_date_in_a_name_is_not_known_before_its_day(tmp_path: Path) -> None:
    put(tmp_path, "leads_2026-06-30.csv", "1,won,2026-05-01")
    made = loaded(plan(tmp_path, "id:text", "at:time", time="at"), tmp_path, today=date(2026, 5, 15))
    assert made.known_until == date(2026, 5, 15)


@pytest.mark.parametrize(
    "names",
    [
        ("leads_2026-05-11.csv", "leads-20260511.csv"),
        ("leads.csv", "leads.tsv"),
        ("leads.csv", "leads.json"),
        ("leads_2026-05-11.csv", "leads_2026-05-11.json", "leads.csv"),
        ("leads.csv", "archive/leads_2026-05-11.csv"),
    ],
)
def test_two_files_that_may_both_be_the_newest_are_refused(tmp_path: Path, names: tuple[str, ...]) -> None:
    for name in names:
        put(tmp_path, name, "1,won,2026-05-01")
    problem = problem_of(plan(tmp_path, "id:text", path=str(tmp_path / "**" / "*")), tmp_path)
    assert problem.code == "L103"
    assert all(Path(name).name in str(problem.args["files"]) for name in names[:2])


def test_an_export_with_a_day_in_its_name_is_newer_than_the_one_without(tmp_path: Path) -> None:
    put(tmp_path, "leads.csv", "1,open,2026-05-01")
    asked = plan(tmp_path, "id:text", "stage:text", "at:time", time="at")
    assert loaded(asked, tmp_path).values["stage"] == ("open",)
    put(tmp_path, "leads_2026-05-11.csv", "1,won,2026-05-01")
    made = loaded(asked, tmp_path)
    assert (made.files, made.values["stage"]) == (("leads_2026-05-11.csv",), ("won",))
    assert made.known_until == date(2026, 5, 11)


def test_in_a_union_the_newest_file_wins_a_key(tmp_path: Path) -> None:
    put(tmp_path, "leads_2026-05-04.csv", "1,open,2026-05-01", "2,open,2026-05-02", ",lost,2026-05-02")
    put(tmp_path, "leads_2026-05-11.csv", "1,won,2026-05-01", "3,open,2026-05-08", "3,open,2026-05-09")
    asked = plan(tmp_path, "id:text", "stage:text", key="id", files="union")
    assert sorted(rows(asked, tmp_path), key=str) == [
        ("1", "won"), ("2", "open"), ("3", "open"), ("3", "open"), (None, "lost"),
    ]  # fmt: skip
    made = loaded(asked, tmp_path)
    assert (made.files, len(made.snapshot)) == (("leads_2026-05-04.csv", "leads_2026-05-11.csv"), 2)
    assert (made.repeated_keys, made.key_samples, made.null_keys) == (1, ("3",), 1)


def test_a_union_of_files_that_are_written_differently(tmp_path: Path) -> None:
    (tmp_path / "leads_2026-05-04.csv").write_text("id;at;n\n1;2026-05-01;1,000\n", encoding="utf-8")
    (tmp_path / "leads_2026-05-11.tsv").write_bytes(
        b"\xff\xfe" + "n\tid\tat\n0.5\t2\t2026-05-02 10:00\n".encode("utf-16-le")
    )
    made = rows(plan(tmp_path, "id:text", "at:time", "n:number", key="id", files="union"), tmp_path)
    assert [tuple(map(str, row)) for row in sorted(made, key=str)] == [
        ("1", "2026-05-01 00:00:00", "1000.000000000"),
        ("2", "2026-05-02 10:00:00", "0.500000000"),
    ]


def test_a_union_without_a_key_is_refused(tmp_path: Path) -> None:
    put(tmp_path, "leads_2026-05-04.csv", "1,open,2026-05-01")
    put(tmp_path, "leads_2026-05-11.csv", "1,won,2026-05-01")
    problem = problem_of(plan(tmp_path, "id:text", files="union"), tmp_path)
    assert (problem.code, str(problem.place)) == ("L104", "shinro.yaml:9:3")


def test_nothing_found_names_what_there_is(tmp_path: Path) -> None:
    put(tmp_path, "deals_2026-05-04.csv", "1,open,2026-05-01")
    put(tmp_path, "contacts.csv", "1,open,2026-05-01")
    problem = problem_of(plan(tmp_path, "id:text"), tmp_path)
    assert (problem.code, problem.args["stem"], problem.args["there"]) == ("L102", "leads", "contacts, deals")


@pytest.mark.parametrize(("lang", "there"), [("en", "There is: nothing."), ("ja", "あるもの: なし")])
def test_an_empty_folder_is_told_in_words_and_by_the_path_that_the_project_writes(
    tmp_path: Path, lang: str, there: str
) -> None:
    told = says(problem_of(plan(tmp_path, "id:text"), tmp_path), words(lang))
    assert told.endswith(there)
    assert "data/*" in told
    assert str(tmp_path) not in told


def test_a_path_may_be_a_file_a_folder_or_a_pattern_with_any_signs_before_it(tmp_path: Path) -> None:
    folder = tmp_path / "it's [new] {v} *1"
    put(folder, "deep/leads.csv", "1,won,2026-05-01")
    for path in ("deep/leads.csv", "deep", "deep/*.csv", "**/*.csv", "*/lea??.csv"):
        assert loaded(plan(folder, "id:text", path=str(folder / path)), folder).rows == 1


def test_names_are_compared_as_people_see_them(tmp_path: Path) -> None:
    put(tmp_path, "カ\u3099ス_2026-05-11.csv", "1,won,2026-05-01")
    assert loaded(plan(tmp_path, "id:text", stem="ガス"), tmp_path).rows == 1


def test_no_path_at_all(tmp_path: Path) -> None:
    made = plan(tmp_path, "id:text", path="")
    assert problem_of(made, tmp_path).code in ("L101", "L102")
