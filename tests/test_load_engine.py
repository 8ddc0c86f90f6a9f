"""The engine reaches what it was given and nothing else; its limits hold."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from loading import codes, loaded, loading, plan
from shinro.warehouse.engine import Limits, engine, scratch_folder
from shinro.warehouse.session import Session, session

ESCAPES = [
    "SELECT * FROM read_csv('{secret}')",
    "SELECT * FROM read_text('{secret}')",
    "SELECT * FROM read_blob('{secret}')",
    "SELECT * FROM '{secret}'",
    "SELECT * FROM read_json('{secret}')",
    "SELECT * FROM read_parquet('{table}/../../../secret.csv')",
    "SELECT * FROM glob('{folder}/*')",
    "SELECT * FROM read_text('/proc/self/environ')",
    "SELECT getenv('HOME')",
    "COPY (SELECT 1) TO '{folder}/out.csv'",
    "COPY leads TO '{table}'",
    "COPY leads FROM '{secret}'",
    "EXPORT DATABASE '{folder}/out'",
    "IMPORT DATABASE '{folder}/out'",
    "ATTACH '{folder}/other.duckdb'",
    "ATTACH 'postgresql://127.0.0.1/x' AS x (TYPE postgres)",
    "INSTALL httpfs",
    "LOAD httpfs",
    "LOAD '{secret}'",
    "FORCE INSTALL spatial FROM community",
    "SELECT * FROM read_csv('http://127.0.0.1:9/x.csv')",
    "SELECT * FROM read_csv('s3://bucket/x.csv')",
    "SELECT * FROM read_csv('/dev/stdin')",
    "SET enable_external_access = true",
    "SET lock_configuration = false",
    "RESET enable_external_access",
    "SET allowed_directories = ['/']",
    "SET temp_directory = '{folder}'",
    "SET memory_limit = '100GB'",
    "SET threads = 64",
    "SET extension_directory = '{folder}'",
    "SET TimeZone = 'Asia/Tokyo'",
    "SET log_query_path = '{folder}/log'",
    "PRAGMA enable_profiling = 'json'; PRAGMA profiling_output = '{folder}/profile'",
    "CREATE SECRET s (TYPE s3)",
    "DROP TABLE leads",
]


@pytest.fixture
def opened(tmp_path: Path) -> Iterator[Session]:
    (tmp_path / "leads.csv").write_text("id,n\na,1\n", encoding="utf-8")
    (tmp_path / "secret.csv").write_text("password\nhunter2\n", encoding="utf-8")
    made = loaded(plan(tmp_path, "id:text", "n:number"), tmp_path)
    with session({"leads": made}, tmp_path / ".shinro") as one:
        yield one


@pytest.mark.parametrize("escape", ESCAPES)
def test_nothing_gets_out(tmp_path: Path, opened: Session, escape: str) -> None:
    [table] = (tmp_path / ".shinro" / "cache" / "tables").glob("*.parquet")
    before = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    with pytest.raises(duckdb.Error):
        opened.rows(escape.format(secret=tmp_path / "secret.csv", folder=tmp_path, table=table))
    assert {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()} == before
    assert opened.rows("FROM leads") == [("a", 1)]


def test_a_folder_of_another_scratch_is_out_of_reach(tmp_path: Path) -> None:
    with scratch_folder(tmp_path) as mine, scratch_folder(tmp_path) as other:
        (other / "x.csv").write_text("a\n1\n", encoding="utf-8")
        with engine(mine, (), Limits()) as connection, pytest.raises(duckdb.PermissionException):
            connection.execute(f"FROM read_csv('{other / 'x.csv'}')").fetchall()


def test_what_takes_too_long_is_stopped(tmp_path: Path) -> None:
    lines = "".join(f"{n},2026年4月{n % 30 + 1}日 9時5分\n" for n in range(200_000))
    (tmp_path / "leads.csv").write_text("id,at\n" + lines, encoding="utf-8")
    _, problems = loading(plan(tmp_path, "id:text", "at:time", key="id"), tmp_path, limits=Limits(seconds=0.05))
    assert codes(problems) == ["L118"]


def test_what_takes_too_much_memory_is_stopped(tmp_path: Path) -> None:
    lines = "".join(f"{n},{'x' * 200}\n" for n in range(100_000))
    (tmp_path / "leads.csv").write_text("id,note\n" + lines, encoding="utf-8")
    asked = plan(tmp_path, "id:text", "note:text", key="id")
    _, problems = loading(asked, tmp_path, limits=Limits(memory="10MB", threads=1))
    assert codes(problems) == ["L119"]
    assert loading(asked, tmp_path)[1] == []


def test_a_stale_scratch_is_swept(tmp_path: Path) -> None:
    with scratch_folder(tmp_path) as left:
        (left / "x").write_text("x", encoding="utf-8")
        os.utime(left, (0, 0))
        with scratch_folder(tmp_path):
            assert not left.exists()
