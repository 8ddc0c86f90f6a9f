"""A database that is given where a file is read is told as a source of its own."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import duckdb
import pytest

from checking import assert_said
from drafting import drafted
from shinro.problems import CannotGoOn


def sqlite_at(path: Path) -> None:
    with closing(sqlite3.connect(path)) as made:
        made.execute("CREATE TABLE users (id, at)")


def duckdb_at(path: Path) -> None:
    with duckdb.connect(str(path)) as made:
        made.execute("CREATE TABLE users (id INTEGER)")


@pytest.mark.parametrize("address", ["postgresql://ann:se/cret@db.example/co?password=cret", "postgres://db/co"])
def test_a_server_is_named_as_a_source_without_its_password(tmp_path: Path, address: str) -> None:
    with pytest.raises(CannotGoOn) as caught:
        drafted(tmp_path / "out", Path(address))
    (found,) = caught.value.problems
    assert_said(found)
    assert (found.code, found.args) == ("L105", {"case": "server"})
    assert "cret" not in str(found)


@pytest.mark.parametrize(
    ("make", "code", "case", "kind"),
    [
        (sqlite_at, "L105", "database", "sqlite"),
        (duckdb_at, "L105", "database", "duckdb"),
        (Path.touch, "L105", None, None),
        (Path.mkdir, "L121", "folder", None),
    ],
)
@pytest.mark.parametrize("name", ["app.db", "app"])
def test_a_database_is_named_as_a_source(
    make: Callable[[Path], None], code: str, case: str | None, kind: str | None, name: str, tmp_path: Path
) -> None:
    make(tmp_path / name)
    with pytest.raises(CannotGoOn) as caught:
        drafted(tmp_path / "out", tmp_path / name)
    (found,) = caught.value.problems
    assert_said(found)
    assert (found.code, found.args.get("case"), found.args.get("type")) == (code, case, kind)
