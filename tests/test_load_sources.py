"""The same rows from texts, Parquet, JSON, workbooks, DuckDB, SQLite, PostgreSQL; what hostile sessions cannot do."""

from __future__ import annotations

import csv
import json
import re
import sqlite3
import subprocess
import sys
from collections.abc import Sequence
from contextlib import closing
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from urllib.parse import quote

import duckdb
import psycopg
import pytest

from books import Cell, book
from checking import assert_said
from loading import at, codes, loaded, loading, plan, problem_of, rows
from postgres import Postgres
from shinro.loads import SourcePlan, TablePlan
from shinro.reports.problems import says
from shinro.reports.words import words
from shinro.warehouse.recall import recall

COLUMNS = ("id:text", "on:time", "at:time", "amount:number", "seats:number", "paid:truth", "plan:text")
TYPED = """
CREATE TABLE leads (id VARCHAR, "on" DATE, "at" TIMESTAMP, amount DECIMAL(18, 2),
seats INTEGER, paid BOOLEAN, plan VARCHAR);
INSERT INTO leads VALUES
('a1', '2026-04-01', '2026-04-01 09:05:06.25', 1200000.50, 3, true, 'pro'),
('a2', '2026-04-02', '2026-04-02 00:00:00', -0.10, NULL, false, '展示会, "x"'),
('a3', NULL, NULL, NULL, 12, NULL, NULL)
"""
ROWS = [
    ("a1", date(2026, 4, 1), at("2026-04-01 00:05:06.25"), Decimal("1200000.50"), 3, True, "pro"),
    ("a2", date(2026, 4, 2), at("2026-04-01 15:00"), Decimal("-0.1"), None, False, '展示会, "x"'),
    ("a3", None, None, None, 12, None, None),
]
TEXTS = [
    ["id", "on", "at", "amount", "seats", "paid", "plan"],
    ["a1", "2026-04-01", "2026-04-01 09:05:06.25", "1200000.50", "3", "true", "pro"],
    ["a2", "2026-04-02", "2026-04-02 00:00:00", "-0.10", "", "false", '展示会, "x"'],
    ["a3", "", "", "", "12", "", ""],
]


def from_duckdb(folder: Path, *statements: str) -> Path:
    path = folder / "crm.duckdb"
    with duckdb.connect(str(path)) as connection:
        for statement in statements:
            connection.execute(statement)
    return path


def asked(folder: Path, columns: Sequence[str] = COLUMNS, **source: str | None) -> TablePlan:
    made = plan(folder, *columns, key="id", timezone="Asia/Tokyo")
    settings: SourcePlan = replace(made.source, **source)  # type: ignore[arg-type]  # texts alone
    return replace(made, source=settings)


def write_csv(folder: Path) -> TablePlan:
    with (folder / "leads.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(TEXTS)
    return asked(folder)


def write_tsv(folder: Path) -> TablePlan:
    with (folder / "leads.tsv").open("w", encoding="cp932", newline="") as file:
        csv.writer(file, delimiter="\t").writerows(TEXTS)
    return asked(folder, encoding="cp932")


def write_json(folder: Path) -> TablePlan:
    records = [dict(zip(TEXTS[0], row, strict=True)) for row in TEXTS[1:]]
    typed = [{**records[0], "amount": 1200000.5, "seats": 3, "paid": True}, records[1], {"id": "a3", "seats": 12}]
    (folder / "leads.json").write_text(json.dumps(typed, ensure_ascii=False), encoding="utf-8")
    return asked(folder)


def write_lines(folder: Path) -> TablePlan:
    records = [dict(zip(TEXTS[0], row, strict=True)) for row in TEXTS[1:]]
    (folder / "leads.jsonl").write_text("".join(json.dumps(row) + "\n" for row in records), encoding="utf-8")
    return asked(folder)


def write_parquet(folder: Path) -> TablePlan:
    with duckdb.connect() as connection:
        connection.execute(TYPED)
        connection.execute(f"COPY leads TO '{folder / 'leads.parquet'}' (FORMAT parquet)")
    return asked(folder)


def write_floats(folder: Path) -> TablePlan:
    with duckdb.connect() as connection:
        connection.execute(TYPED)
        connection.execute("ALTER TABLE leads ALTER amount TYPE DOUBLE; ALTER TABLE leads ALTER seats TYPE DOUBLE")
        connection.execute(f"COPY leads TO '{folder / 'leads.parquet'}' (FORMAT parquet)")
    return asked(folder)


def write_zoned(folder: Path) -> TablePlan:
    with duckdb.connect() as connection:
        connection.execute(TYPED)
        connection.execute("SET TimeZone = 'Asia/Tokyo'")
        connection.execute('ALTER TABLE leads ALTER "at" TYPE TIMESTAMPTZ')
        connection.execute(f"COPY leads TO '{folder / 'leads.parquet'}' (FORMAT parquet)")
    return asked(folder)


def write_duckdb(folder: Path) -> TablePlan:
    return asked(folder, type="duckdb", path=str(from_duckdb(folder, TYPED)))


def write_book(folder: Path) -> TablePlan:
    moments = [datetime(2026, 4, 1, 9, 5, 6, 250000), datetime(2026, 4, 2)]  # noqa: DTZ001 - as in the sheet
    records: list[list[object]] = [
        ["a1", date(2026, 4, 1), moments[0], Cell("<v>1200000.5</v>"), 3, True, "pro"],
        ["a2", date(2026, 4, 2), moments[1], Cell("<v>-0.1</v>"), None, False, '展示会, "x"'],
        ["a3", None, None, None, Cell("<v>12.0</v>"), None, None],
    ]
    book(folder / "leads.xlsx", [["売上"], [], TEXTS[0], *records])
    return asked(folder)


def write_sqlite(folder: Path) -> TablePlan:
    path = folder / "app.db"
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript(TYPED)
    return asked(folder, type="sqlite", path=str(path))


WRITERS = (
    write_csv, write_tsv, write_json, write_lines, write_parquet, write_floats, write_zoned, write_duckdb, write_book,
    write_sqlite,
)  # fmt: skip


@pytest.mark.parametrize("write", WRITERS)
def test_the_same_rows_whatever_holds_them(tmp_path: Path, write: object) -> None:
    assert callable(write)
    assert rows(write(tmp_path), tmp_path) == ROWS


HOSTILE = {
    "TimeZone": "Pacific/Chatham",
    "DateStyle": "SQL, DMY",
    "IntervalStyle": "iso_8601",
    "extra_float_digits": "-15",
    "bytea_output": "escape",
    "search_path": "trap",
}


@pytest.fixture(scope="module")
def hostile(postgres: Postgres) -> Postgres:
    database = postgres.database(HOSTILE)
    database.run(
        TYPED.replace("TABLE leads", "TABLE public.leads").replace("INTO leads", "INTO public.leads"),
        "CREATE SCHEMA trap; CREATE TABLE trap.leads (id text)",
        "CREATE SCHEMA 売上",
        'CREATE TABLE 売上."Lead s" (id bigint, amount double precision, at timestamptz, raw jsonb)',
        "INSERT INTO 売上.\"Lead s\" VALUES (2, 0.1, '2026-04-01 09:00+09', '{\"a\": 1}')",
        'INSERT INTO 売上."Lead s" VALUES (1, 1e20)',
        "CREATE TABLE public.odd (id int, amount float8, at timestamp); "
        "INSERT INTO public.odd VALUES (1, 1, now()), (2, 2, now()), (3, 'NaN', now()), (4, 1, 'infinity')",
    )
    database.run(f"ALTER DATABASE {database.dbname} SET client_encoding TO 'EUC_JP'")
    return database


def test_postgresql_gives_the_same_rows_under_hostile_settings(tmp_path: Path, hostile: Postgres) -> None:
    assert rows(asked(tmp_path, type="postgres", url=hostile.url), tmp_path) == ROWS


def test_postgresql_schemas_and_names_are_quoted(tmp_path: Path, hostile: Postgres) -> None:
    made = asked(tmp_path, ("id:any", "amount:number", "at:time", "raw:text"), type="postgres", url=hostile.url)
    expected = [(1, Decimal(10) ** 20, None, None), (2, Decimal("0.1"), at("2026-04-01"), '{"a": 1}')]
    assert rows(replace(made, stem="売上.Lead s"), tmp_path) == expected
    assert rows(replace(made, stem="Lead s", source=replace(made.source, schema="売上")), tmp_path) == expected


def test_what_is_no_number_in_postgresql_is_rejected(tmp_path: Path, hostile: Postgres) -> None:
    made = replace(asked(tmp_path, ("id:number", "amount:number", "at:time")), stem="odd")
    made = replace(made, source=replace(made.source, type="postgres", url=hostile.url))
    load = loaded(made, tmp_path)
    assert (load.rows, load.rejected, load.files) == (2, 2, ("public.odd",))
    assert [(one.row, one.column, one.value) for one in load.rejects] == [(3, "amount", "NaN"), (4, "at", "infinity")]


def test_postgresql_rows_are_kept_as_they_were_read(tmp_path: Path, hostile: Postgres) -> None:
    made = asked(tmp_path, type="postgres", url=hostile.url)
    load = loaded(made, tmp_path)
    kept = tmp_path / ".shinro" / "snapshots" / f"{load.snapshot[0]}.csv"
    assert (
        kept.read_text(encoding="utf-8").splitlines()[0].startswith("a1,2026-04-01,2026-04-01 09:05:06.25,1200000.50")
    )
    assert loaded(made, tmp_path) == load
    assert load.columns == ("id", "on", "at", "amount", "seats", "paid", "plan")
    known = recall(made, tmp_path / ".shinro", date(2026, 5, 15))
    assert known is not None
    assert known.read_at is not None
    assert replace(known, read_at=None) == load


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"url": None}, "L123"),
        ({"url": "postgresql://u:secret@[::1"}, "L124"),
        ({"url": "host=127.0.0.1 pass word=secret"}, "L124"),
        ({"url": "postgresql://u:secret@127.0.0.1:1/x"}, "L125"),
        ({"url": "postgresql://u:secret@127.0.0.1:1/x?connect_timeout=zz"}, "L124"),
    ],
)
def test_servers_that_cannot_be_reached(tmp_path: Path, change: dict[str, str | None], code: str) -> None:
    problem = problem_of(asked(tmp_path, COLUMNS, **{"type": "postgres", **change}), tmp_path)
    assert (problem.code, str(problem.place)) == (code, "shinro.yaml:3:5")
    assert "secret" not in repr(problem)


def test_a_wrong_password_is_never_shown(tmp_path: Path, postgres: Postgres) -> None:
    url = postgres.url.replace(postgres.password, quote("se/cr:et@x", safe=""))
    problem = problem_of(asked(tmp_path, type="postgres", url=url), tmp_path)
    assert problem.code == "L125"
    assert "cr:et" not in repr(problem)
    assert "se%2Fcr" not in repr(problem)


def test_a_table_that_is_not_there_names_the_nearest(tmp_path: Path, hostile: Postgres) -> None:
    made = replace(asked(tmp_path, type="postgres", url=hostile.url), stem="lead")
    problem = problem_of(made, tmp_path)
    assert (problem.code, problem.args["there"]) == ("L128", "leads")
    made = replace(asked(tmp_path, type="duckdb", path=str(from_duckdb(tmp_path, TYPED))), stem="leeds")
    problem = problem_of(made, tmp_path)
    assert (problem.code, problem.args["there"]) == ("L128", "leads")


def test_a_view_cannot_write(tmp_path: Path, postgres: Postgres) -> None:
    database = postgres.database()
    database.run(
        "CREATE TABLE log (n int)",
        "CREATE FUNCTION spy() RETURNS int LANGUAGE plpgsql AS "
        "$$ BEGIN INSERT INTO public.log VALUES (1); RETURN 1; END $$",
        "CREATE VIEW leads AS SELECT spy() AS id",
    )
    problem = problem_of(asked(tmp_path, ("id:number",), type="postgres", url=database.url), tmp_path)
    assert problem.code == "L129"
    with psycopg.connect(database.url) as connection:
        assert connection.execute("SELECT count(*) FROM log").fetchone() == (0,)


def test_what_a_server_refuses_is_told_as_what_it_is(
    tmp_path: Path, postgres: Postgres, monkeypatch: pytest.MonkeyPatch
) -> None:
    database = postgres.database()
    database.run(
        "CREATE TABLE leads (id text)",
        "CREATE VIEW halves AS SELECT (1 / (length(id) - 1))::text AS id FROM leads",
        "INSERT INTO leads VALUES ('a')",
        "DROP ROLE IF EXISTS nobody_much",
        "CREATE ROLE nobody_much LOGIN PASSWORD 'x'",
    )
    made = asked(tmp_path, ("id:text",), type="postgres", url=database.url)
    other = replace(database, user="nobody_much", password="x").url  # noqa: S106
    refused = problem_of(replace(made, source=replace(made.source, url=other)), tmp_path)
    failed = problem_of(replace(made, stem="halves"), tmp_path)
    monkeypatch.setattr("shinro.warehouse.postgres.WAIT", 1)
    with psycopg.connect(database.url) as connection:
        connection.execute("LOCK TABLE leads IN ACCESS EXCLUSIVE MODE")
        locked = problem_of(made, tmp_path)
    database.run("DROP ROLE nobody_much")
    told = [(each.code, each.args.get("case")) for each in (refused, failed, locked)]
    assert told == [("L129", None), ("L129", "failed"), ("L129", "locked")]
    for each in (refused, failed, locked):
        assert_said(each)


@pytest.mark.parametrize("wait", ["abc", "1.5", "-1"])
def test_a_wait_that_is_no_number_is_told_without_asking_the_server(
    tmp_path: Path, postgres: Postgres, wait: str
) -> None:
    url = f"{postgres.url}?connect_timeout={wait}"
    problem = problem_of(asked(tmp_path, type="postgres", url=url), tmp_path)
    assert (problem.code, problem.args) == ("L124", {"case": "wait", "source": "crm"})
    assert_said(problem)
    assert "is not 0 or more whole seconds" in says(problem, words("en"))
    assert "0 以上の整数の秒数" in says(problem, words("ja"))


@pytest.mark.parametrize(
    ("kind", "made", "sorted_by"),
    [
        ("int", (10, 9, 2), ["2", "9", "10"]),
        ("date", ("2026-01-02", "2025-12-31"), ["2025-12-31", "2026-01-02"]),
        ("text", ("b", "10", "9"), ["10", "9", "b"]),
        ("json", ("[2]", "[10]"), ["[10]", "[2]"]),
    ],
)
def test_rows_of_a_server_are_counted_in_the_order_of_their_key(
    tmp_path: Path, postgres: Postgres, kind: str, made: tuple[object, ...], sorted_by: list[str]
) -> None:
    database = postgres.database()
    values = ", ".join(f"('{each}')" for each in made)
    database.run(f"CREATE TABLE leads (id {kind})", f"INSERT INTO leads VALUES {values}")
    loaded(asked(tmp_path, ("id:text",), type="postgres", url=database.url), tmp_path)
    (kept,) = (tmp_path / ".shinro" / "snapshots").glob("*.csv")
    assert kept.read_text("utf-8").split() == sorted_by


def test_a_view_in_a_duckdb_file_reaches_no_other_file(tmp_path: Path) -> None:
    secret = tmp_path / "secret.csv"
    secret.write_text("id\nx\n", encoding="utf-8")
    path = from_duckdb(tmp_path, f"CREATE VIEW leads AS FROM read_csv('{secret}')")
    problem = problem_of(asked(tmp_path, ("id:text",), type="duckdb", path=str(path)), tmp_path)
    assert problem.code == "L121"


def test_a_duckdb_file_is_left_as_it_was(tmp_path: Path) -> None:
    path = from_duckdb(tmp_path, TYPED)
    before = path.read_bytes()
    made = asked(tmp_path, type="duckdb", path=str(path))
    assert loaded(made, tmp_path).files == ("main.leads",)
    assert path.read_bytes() == before


@pytest.mark.skipif(sys.platform == "win32", reason="the system words it in its own way there")
def test_who_holds_a_duckdb_file_is_told_without_a_folder(tmp_path: Path) -> None:
    path = from_duckdb(tmp_path, TYPED)
    hold = f"import duckdb; held = duckdb.connect({str(path)!r}); print(1, flush=True); input()"
    with subprocess.Popen([sys.executable, "-c", hold], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as other:
        assert other.stdout is not None
        other.stdout.readline()
        problem = problem_of(asked(tmp_path, type="duckdb", path=str(path)), tmp_path)
        other.communicate(b"\n")
    told = says(problem, words("en"))
    assert re.fullmatch(
        rf"crm\.duckdb cannot be read while another program writes to it: [^/]*PID {other.pid}\)?\.", told
    )


@pytest.mark.parametrize("content", [b"", b"not a database", None])
def test_a_duckdb_file_that_is_none(tmp_path: Path, content: bytes | None) -> None:
    path = tmp_path / "crm.duckdb"
    if content is not None:
        path.write_bytes(content)
    _, problems = loading(asked(tmp_path, type="duckdb", path=str(path)), tmp_path)
    assert codes(problems) in (["L121"], ["L128"])


def test_typed_files_that_fit_are_read_where_they_lie(tmp_path: Path) -> None:
    made = asked(tmp_path, timezone="UTC")
    write_parquet(tmp_path)
    load = loaded(made, tmp_path)
    assert not list((tmp_path / ".shinro" / "cache" / "tables").glob("*.parquet"))
    assert load.types["at"] == "moment"
    assert rows(made, tmp_path)[0][2] == at("2026-04-01 09:05:06.25")


def test_any_keeps_the_type_that_is_there(tmp_path: Path) -> None:
    from_any = ("id:any", "on:any", "at:any", "amount:any", "seats:any", "paid:any")
    write_parquet(tmp_path)
    made = loaded(asked(tmp_path, from_any), tmp_path)
    assert list(made.types.values()) == ["text", "date", "moment", "number", "number", "truth"]
    assert loaded(asked(tmp_path, ("id:text", "seats:text")), tmp_path).types["seats"] == "text"
