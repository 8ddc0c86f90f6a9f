"""What could not be read: its reason stands by the numbers that lack, once for a source, and no next step misleads."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import duckdb
import pytest

from checking import assert_said
from shinro.cli import main
from shinro.loads import TablePlan
from shinro.periods import Grain
from shinro.problems import CannotGoOn, problem
from shinro.run.gathering import Gathered
from shinro.run.values import values
from shinro.warehouse import sqlite
from shinro.warehouse.engine import Limits
from stories import DEALS, STORY, story

WON = ("won",)
IN_SQLITE = STORY.replace("crm: {type: files, path: data/*.csv}", "crm: {type: sqlite, path: data/app.db}")
ON_A_SERVER = STORY.replace("crm: {type: files, path: data/*.csv}", 'crm: {type: postgres, url: "${NOT_SET}"}')


def told(found: Gathered, *metrics: str) -> list[str]:
    return [each.code for each in values(found, metrics or WON, Grain.MONTH).problems]


def said(folder: Path, capsys: pytest.CaptureFixture[str], *args: str) -> str:
    with pytest.raises(SystemExit):
        main((*args, "-p", str(folder), "--lang", "en"))
    out, err = capsys.readouterr()
    return " ".join((out + err).split())


@pytest.mark.parametrize(
    ("rows", "code"),
    [
        (DEALS.replace("d2,Ann", "d2,中").encode("cp932"), "L107"),
        (DEALS.replace("2026-0", "May ").encode(), "L113"),
        (b"", "L106"),
    ],
)
def test_values_say_why_a_table_was_not_read(tmp_path: Path, rows: bytes, code: str) -> None:
    made = story(tmp_path)
    (tmp_path / "data" / "deals.csv").write_bytes(rows)
    with made.gathered() as found:
        assert "deals" not in found.loads
        assert code in told(found)


def test_values_say_nothing_of_a_table_that_they_do_not_read(tmp_path: Path) -> None:
    made = story(tmp_path)
    (tmp_path / "data" / "agents.csv").write_bytes("name,office\n中,西\n".encode("cp932"))
    with made.gathered() as found:
        assert [each.code for each in found.problems] == ["L107"]
        assert told(found) == []


def test_a_web_page_that_calls_itself_a_workbook_is_named_by_values(tmp_path: Path) -> None:
    made = story(tmp_path, STORY.replace("data/*.csv", "data/*"))
    (tmp_path / "data" / "deals.csv").unlink()
    (tmp_path / "data" / "deals.xlsx").write_text("<html><table></table></html>")
    with made.gathered() as found:
        assert told(found) == ["L132"]


def test_a_database_that_is_shut_is_tried_and_told_once_not_for_each_table(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tried: list[str] = []

    def copy(plan: TablePlan, _target: Path, _limits: Limits) -> None:
        tried.append(plan.name)
        raise CannotGoOn([problem("L121", plan.source.place, case="busy", file="app.db", says="database is locked")])

    monkeypatch.setattr(sqlite, "copy", copy)
    with story(tmp_path, IN_SQLITE).gathered() as found:
        assert [each.code for each in found.problems] == ["L121"]
        assert (told(found), told(found, "sellers"), tried) == (["L121"], ["L121"], ["deals"])


def test_a_database_that_is_not_there_is_told_once(tmp_path: Path) -> None:
    with story(tmp_path, IN_SQLITE).gathered() as found:
        assert [each.code for each in found.problems] == ["L121"]
        assert told(found) == ["L121"]


@pytest.mark.parametrize("kind", ["sqlite", "duckdb"])
def test_a_view_that_is_broken_takes_no_other_table_with_it(tmp_path: Path, kind: str) -> None:
    made = story(tmp_path, IN_SQLITE.replace("type: sqlite", f"type: {kind}"))
    path = str(tmp_path / "data" / "app.db")
    connection = sqlite3.connect(path) if kind == "sqlite" else duckdb.connect(path)
    for statement in (
        "CREATE TABLE gone (id text, rep text, owner text, opened date, closed date, stage text, amount int)",
        "CREATE VIEW deals AS SELECT * FROM gone",
        "CREATE TABLE agents (name text, office text)",
        "INSERT INTO agents VALUES ('Ann', 'East')",
        "DROP TABLE gone",
    ):
        connection.execute(statement)
    connection.commit()
    connection.close()
    with made.gathered() as found:
        assert set(found.loads) == {"agents"}
        assert [each.code for each in found.problems] == told(found) != []


def test_a_variable_that_is_not_set_is_named_by_values_and_once(tmp_path: Path) -> None:
    with story(tmp_path, ON_A_SERVER).gathered() as found:
        assert [each.code for each in found.problems] == ["S132", "L123"]
        assert told(found) == ["S132", "L123"]


def test_files_that_cannot_be_read_are_each_named(tmp_path: Path) -> None:
    """A file says nothing of its neighbour: only a database is shut for all of its tables."""
    made = story(tmp_path)
    for name in ("deals", "agents"):
        (tmp_path / "data" / f"{name}.csv").write_bytes("中,西\n".encode("cp932"))
    with made.gathered() as found:
        assert [each.code for each in found.problems] == ["L107", "L107"]


def test_tables_that_are_named_and_could_not_be_read_are_not_asked_for(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    story(tmp_path)
    for name in ("deals", "agents"):
        (tmp_path / "data" / f"{name}.csv").write_bytes(b"")
    synced, stands = said(tmp_path, capsys, "sync"), said(tmp_path, capsys, "status")
    assert "names no tables" not in synced
    assert "None of the project's tables could be read:" in synced
    assert "`shinro sync` reads what stands under `sources` and `tables`, and says why where it cannot" in stands


def test_a_project_without_tables_is_told_to_name_them(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "shinro.yaml").write_text("company: A\nlanguages: [en]\n")
    assert "names no tables" in said(tmp_path, capsys, "sync")


@pytest.mark.parametrize(("gone", "file", "by"), [("owner", "deals", "owner"), ("office", "agents", "office")])
def test_without_a_dimension_all_else_has_its_numbers(gone: str, file: str, by: str, tmp_path: Path) -> None:
    made = story(tmp_path)
    whole, table = made.values("won"), tmp_path / "data" / f"{file}.csv"
    rows = [line.split(",") for line in table.read_text("utf-8").splitlines()]
    at = rows[0].index(gone)
    table.write_text("".join(",".join([*row[:at], *row[at + 1 :]]) + "\n" for row in rows), "utf-8")
    assert made.values("won") == whole != {}
    assert made.values("won", by=(by,)) == {}
    with made.gathered() as found:
        (said_of,) = found.problems
    assert (said_of.code, said_of.args["case"], said_of.args["header"]) == ("L111", "cut", gone)
    assert_said(said_of)


@pytest.mark.parametrize("where", ["stage = won", "stage in (won, 'lost')"])
def test_a_word_without_its_quotes_is_told_as_one(where: str, tmp_path: Path) -> None:
    made = story(
        tmp_path, STORY.replace("closed, where: stage = 'won'}\n  closed", f'closed, where: "{where}"}}\n  closed')
    )
    with made.gathered() as found:
        (said_of,) = found.problems
    assert (said_of.code, said_of.args["case"], said_of.args["header"]) == ("L111", "word", "won")
    assert_said(said_of)
