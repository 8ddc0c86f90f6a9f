"""SQLite as a source: read as it is at one moment, without a trace beside it, and never by force."""

from __future__ import annotations

import os
import sqlite3
import sys
from contextlib import closing
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from loading import TODAY, at, loaded, plan, problem_of, rows
from shinro.loads import Role
from shinro.problems import Disk
from shinro.reports.problems import says
from shinro.reports.words import words
from shinro.warehouse.recall import recall
from shinro.warehouse.sqlite import role_of
from shinro.warehouse.sqlite_file import _address

LEADS = """
CREATE TABLE leads (id TEXT PRIMARY KEY, at TEXT, amount NUMERIC);
INSERT INTO leads VALUES ('a', '2026-04-01', 10), ('b', '2026-04-02', 0.1);
"""
COLUMNS = ("id:text", "at:time", "amount:number")
GOOD = [("a", date(2026, 4, 1), 10), ("b", date(2026, 4, 2), Decimal("0.1"))]


def database(folder: Path, *statements: str, name: str = "app.db") -> Path:
    path = folder / name
    with closing(sqlite3.connect(path)) as connection:
        for statement in statements or (LEADS,):
            connection.executescript(statement)
    return path


def read(path: Path, *columns: str, **settings: str) -> list[tuple[object, ...]]:
    return rows(plan(path.parent, *(columns or COLUMNS), type="sqlite", path=str(path), **settings), path.parent)


def test_what_stands_in_the_log_alone_is_read_and_kept(tmp_path: Path) -> None:
    path = tmp_path / "app.db"
    with closing(sqlite3.connect(path)) as app:
        app.execute("PRAGMA journal_mode = wal")
        app.executescript(LEADS)
        assert (tmp_path / "app.db-wal").stat().st_size > 0
        assert read(path) == GOOD
        [kept] = (tmp_path / ".shinro" / "snapshots").iterdir()
        with closing(sqlite3.connect(f"file:{kept}?immutable=1", uri=True)) as copy:
            assert copy.execute("SELECT count(*) FROM leads").fetchone() == (2,)
        app.execute("INSERT INTO leads VALUES ('c', '2026-04-03', 1)")
        app.commit()
        assert len(read(path)) == 3


def test_the_same_database_is_the_same_snapshot_and_is_recalled_until_it_changes(tmp_path: Path) -> None:
    path = database(tmp_path)
    planned = plan(tmp_path, *COLUMNS, key="id", type="sqlite", path=str(path))
    made = loaded(planned, tmp_path)
    os.utime(path, (1_700_000_000, 1_700_000_000))
    assert loaded(planned, tmp_path).snapshot == made.snapshot
    assert len(list((tmp_path / ".shinro" / "snapshots").iterdir())) == 1
    assert recall(planned, tmp_path / ".shinro", TODAY) is not None
    Path(f"{path}-wal").write_bytes(b"x")
    assert recall(planned, tmp_path / ".shinro", TODAY) is None


def test_nothing_is_left_beside_a_database_that_nobody_has_open(tmp_path: Path) -> None:
    path = database(tmp_path, "PRAGMA journal_mode = wal;", LEADS)
    before = path.read_bytes()
    assert read(path) == GOOD
    assert {one.name for one in tmp_path.iterdir()} == {"app.db", ".shinro"}
    assert path.read_bytes() == before


def test_a_database_that_another_program_holds_is_not_read_by_force(tmp_path: Path) -> None:
    path = database(tmp_path)
    with closing(sqlite3.connect(path, isolation_level=None)) as app:
        app.execute("BEGIN EXCLUSIVE")
        planned = plan(tmp_path, *COLUMNS, type="sqlite", path=str(path))
        problem = problem_of(planned, tmp_path)
    assert (problem.code, problem.args["says"]) == ("L121", "database is locked")
    assert says(problem, words("en")) == "app.db cannot be read while another program writes to it."


def test_what_is_no_file_is_answered(tmp_path: Path) -> None:
    folder = tmp_path / "folder.db"
    folder.mkdir()
    places = [folder, tmp_path / "nowhere.db"]
    if sys.platform != "win32":
        os.mkfifo(tmp_path / "pipe.db")
        os.mkfifo(tmp_path / "leads.xlsx")
        places += [tmp_path / "pipe.db", Path("/dev/zero")]
        assert problem_of(plan(tmp_path, *COLUMNS), tmp_path).code == "L102"
    for place in places:
        problem = problem_of(plan(tmp_path, *COLUMNS, type="sqlite", path=str(place)), tmp_path)
        assert problem.code == "L121"
        assert problem.args["says"] in (Disk.MISSING, Disk.FOLDER, Disk.ODD)


def test_seconds_are_times_where_the_source_says_so(tmp_path: Path) -> None:
    path = database(tmp_path, "CREATE TABLE leads (at, n); INSERT INTO leads VALUES (1775001600, 1775001600)")
    assert read(path, "at:time", "n:number", dates="%s") == [(at("2026-04-01"), 1775001600)]


def test_dates_and_numbers_in_texts_are_read_as_the_source_says(tmp_path: Path) -> None:
    values = "('01/04/2026', '1.234,5'), ('02/04/2026', 1.234)"
    path = database(tmp_path, f"CREATE TABLE leads (at, n); INSERT INTO leads VALUES {values}")
    found = read(path, "at:time", "n:number", dates="%d/%m/%Y", numbers="1.234,56")
    assert found == [(date(2026, 4, 1), Decimal("1234.5")), (date(2026, 4, 2), Decimal("1.234"))]


def test_views_are_read_and_names_may_be_anything(tmp_path: Path) -> None:
    path = database(tmp_path, LEADS, 'CREATE VIEW "売上 x" AS SELECT id, upper(id) AS "大 文字" FROM leads')
    assert read(path, "id:text", "u=大 文字:text", stem="売上 x") == [("a", "A"), ("b", "B")]


@pytest.mark.parametrize("name", ["a b.db", "50%.db", "a#b?c.db", "データ.db", "file.db", ":memory:"])
def test_a_name_is_a_name(tmp_path: Path, name: str) -> None:
    assert read(database(tmp_path, name=name)) == GOOD


def test_addresses_of_windows_shares() -> None:
    assert _address(Path("/a b/c?.db"), immutable=False).endswith("/a%20b/c%3F.db?mode=ro")
    assert _address(Path("/a.db"), immutable=True).endswith("?mode=ro&immutable=1")


@pytest.mark.parametrize(
    ("kind", "role"),
    [("INTEGER", Role.NUMBER), ("DECIMAL(9,2)", Role.NUMBER), ("DATETIME", Role.TIME), ("BOOLEAN", Role.TRUTH),
     ("VARCHAR(9)", Role.TEXT), ("", Role.TEXT)],
)  # fmt: skip
def test_a_declared_type_tells_what_a_column_is_for(kind: str, role: Role) -> None:
    assert role_of(kind) is role
