"""Laws of loading."""

from __future__ import annotations

import csv
import io
import random
import sqlite3
import tempfile
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from zoneinfo import ZoneInfo

import duckdb
from hypothesis import given, settings
from hypothesis import strategies as st

from books import book
from loading import column, loaded, plan, rows
from shinro.loads import Load
from shinro.warehouse.casting import Writing
from shinro.warehouse.mending import mend
from shinro.warehouse.reading import layers, read_as
from shinro.warehouse.seen import Seen, to_utc
from shinro.warehouse.sheet import Sheet

ZONES = ("Asia/Tokyo", "America/New_York", "Europe/Lisbon", "Australia/Lord_Howe", "Africa/Casablanca", "UTC")
walls = st.datetimes(datetime(1990, 1, 1), datetime(2030, 12, 30))  # noqa: DTZ001 - wall times have no zone
ENGINE = duckdb.connect()
ENGINE.execute("SET TimeZone = 'UTC'")
cells = st.text(st.sampled_from(list('a1é展 ,"\n')), max_size=6)


@settings(max_examples=60)
@given(st.lists(walls, min_size=1, max_size=20), st.sampled_from(ZONES))
def test_a_wall_time_becomes_utc_as_zoneinfo_says_with_the_first_of_two(times: list[datetime], zone: str) -> None:
    sql = to_utc("t", Seen(low=min(times), high=max(times)), zone)
    values = ", ".join(f"(TIMESTAMP '{one}')" for one in times)
    found = [row[0] for row in ENGINE.execute(f"SELECT {sql} FROM (VALUES {values}) AS _(t)").fetchall()]
    assert found == [one.replace(tzinfo=ZoneInfo(zone)).astimezone(UTC).replace(tzinfo=None) for one in times]


@given(st.lists(st.lists(cells, min_size=3, max_size=3), max_size=8), st.sampled_from(["\n", "\r\n"]))
def test_a_file_whose_quotes_are_right_loses_nothing_by_mending(table: list[list[str]], end: str) -> None:
    text = io.StringIO()
    csv.writer(text, lineterminator=end).writerows([["a", "b", "c"], *table])
    kept, broken = mended(text.getvalue())
    assert broken == 0
    rows_of = [row for row in csv.reader(io.StringIO(kept, newline="")) if row]
    assert rows_of == [row for row in table if row]


@given(st.text(st.sampled_from(list('a,"\n')), max_size=40))
def test_whatever_is_mended_is_whole(text: str) -> None:
    kept, _ = mended("a,b,c\n" + text)
    assert mended("a,b,c\n" + kept) == (kept, 0)
    assert not kept or stumbles("a,b,c\n" + kept) == 0


def stumbles(text: str) -> int:
    """How often the engine finds a quote where none may be."""
    with tempfile.TemporaryDirectory() as folder:
        path, engine = Path(folder, "text.csv"), ENGINE.cursor()
        path.write_bytes(text.encode())
        columns = "{'a': 'VARCHAR', 'b': 'VARCHAR', 'c': 'VARCHAR'}"
        form = "header = false, skip = 1, delim = ',', quote = '\"', escape = '\"', store_rejects = true"
        engine.execute(
            f"SELECT count(*), max(b) FROM read_csv('{path}', auto_detect = false, {form}, columns = {columns})"
        ).fetchall()
        found = engine.execute("SELECT count(*) FROM reject_errors WHERE error_type = 'UNQUOTED VALUE'").fetchall()
        engine.execute("DROP TABLE reject_errors; DROP TABLE reject_scans")
    return int(found[0][0])


def mended(text: str) -> tuple[str, int]:
    with tempfile.TemporaryDirectory() as folder:
        source, target = Path(folder, "source"), Path(folder, "target")
        source.write_bytes(text.encode())
        broken = mend(source, Sheet(",", 1, ("a", "b", "c")), target)
        return target.read_bytes().decode(), len(broken)


@given(
    st.decimals(-(10**15), 10**15, places=6, allow_nan=False), st.sampled_from(["{:f}", "¥{:,f}", "{:,f}円", "▲{:f}"])
)
def test_a_number_is_read_back_exactly_however_it_was_written(number: Decimal, form: str) -> None:
    text, sign = form.format(abs(number)), -1 if form.startswith("▲") else 1
    reading = read_as(column("x:number"), 0, "x", "VARCHAR", Writing())
    source = layers([reading], "(SELECT $1 AS x)")
    assert ENGINE.execute(f"SELECT v0 FROM {source}", [text]).fetchall() == [(sign * abs(number),)]


@settings(max_examples=5)
@given(st.randoms(use_true_random=False))
def test_shuffled_rows_give_the_same_load(chance: random.Random) -> None:
    lines = [
        f"{n % 17},2026-{n % 5 + 1:02}-{n % 27 + 1:02},{n % 7}{'x' if n == 3 else ''},{'ab'[n % 2]}" for n in range(40)
    ]
    with tempfile.TemporaryDirectory() as folder:
        straight, shuffled = Path(folder, "a"), Path(folder, "b")
        first = facts(straight, lines)
        chance.shuffle(lines)
        assert facts(shuffled, lines) == first


def facts(folder: Path, lines: list[str]) -> tuple[Load, list[tuple[object, ...]]]:
    folder.mkdir()
    (folder / "leads.csv").write_text("\n".join(["id,at,n,kind", *lines]), encoding="utf-8")
    asked = plan(folder, "id:text", "at:time", "n:number", "kind:text", key="id", time="at")
    made = loaded(asked, folder)
    alike = replace(made, snapshot=(), fingerprint="", seconds=0, rejects=())
    return alike, sorted(rows(asked, folder), key=str)


@settings(max_examples=6)
@given(
    st.lists(
        st.tuples(
            st.text(st.sampled_from("abç展"), min_size=1, max_size=4),
            st.none() | walls.map(lambda one: one.replace(microsecond=0)),
            st.none() | st.decimals(-(10**9), 10**9, places=3, allow_nan=False),
        ),
        min_size=1,
        max_size=12,
    ),
    st.sampled_from(ZONES),
)
def test_the_same_rows_are_the_same_table_whatever_holds_them(
    table: list[tuple[str, datetime | None, Decimal | None]], zone: str
) -> None:
    table = [*table, ("z", datetime(2026, 4, 1, 9, 30), None)]  # noqa: DTZ001 - midnights alone would be days
    with tempfile.TemporaryDirectory() as folder:
        found = []
        for write in (write_text, write_parquet, write_book, write_sqlite):
            place = Path(folder, write.__name__)
            place.mkdir()
            planned = plan(place, "id:text", "at:time", "n:number", timezone=zone, **write(place, table))
            found.append(rows(planned, place))
        assert found == [found[0]] * 4


Rows = list[tuple[str, datetime | None, Decimal | None]]


def write_text(folder: Path, table: Rows) -> dict[str, str]:
    with (folder / "leads.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([("id", "at", "n"), *table])
    return {}


def write_parquet(folder: Path, table: Rows) -> dict[str, str]:
    with duckdb.connect() as engine:
        engine.execute("CREATE TABLE t (id VARCHAR, at_ TIMESTAMP, n DECIMAL(18, 3))")
        engine.executemany("INSERT INTO t VALUES (?, ?, ?)", table)
        engine.execute(f"COPY (SELECT id, at_ AS \"at\", n FROM t) TO '{folder / 'leads.parquet'}' (FORMAT parquet)")
    return {}


def write_book(folder: Path, table: Rows) -> dict[str, str]:
    book(folder / "leads.xlsx", [["id", "at", "n"], *table])
    return {}


def write_sqlite(folder: Path, table: Rows) -> dict[str, str]:
    path = folder / "app.db"
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("CREATE TABLE leads (id TEXT, at TEXT, n NUMERIC)")
        for name, moment, number in table:
            values = (name, moment and str(moment), None if number is None else float(number))
            connection.execute("INSERT INTO leads VALUES (?, ?, ?)", values)
    return {"type": "sqlite", "path": str(path)}


def test_the_same_load_twice_is_the_same_to_the_byte(tmp_path: Path) -> None:
    lines = [f"{n},2026-04-{n % 30 + 1:02} 10:00,{n}.5" for n in range(5000)]
    tables = []
    for name in ("a", "b"):
        folder = tmp_path / name
        folder.mkdir()
        (folder / "leads.csv").write_text("\n".join(["id,at,n", *lines]), encoding="utf-8")
        loaded(plan(folder, "id:text", "at:time", "n:number"), folder)
        [table] = (folder / ".shinro" / "cache" / "tables").glob("*.parquet")
        tables.append(table.read_bytes())
    assert tables[0] == tables[1]
