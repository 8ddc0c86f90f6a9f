"""What is kept of a load: snapshots, typed tables, notes; and that nothing that is not whole is trusted."""

from __future__ import annotations

import contextlib
import hashlib
import json
import multiprocessing
import os
import sqlite3
import time
from dataclasses import replace
from datetime import date
from pathlib import Path

import duckdb
import pytest

from loading import TODAY, fingerprint_of, loaded, loading, plan, rows
from shinro.loads import Load, TablePlan
from shinro.problems import CannotGoOn
from shinro.warehouse import snapshots
from shinro.warehouse.load import load
from shinro.warehouse.recall import recall
from shinro.warehouse.session import session

TEXT = "id,at,amount\na,2026-05-01 09:00,10\nb,2026-05-02 10:00,x\nc,2026-05-03 11:00,0.5\n"


def asked(folder: Path, text: str | None = TEXT) -> TablePlan:
    if text is not None:
        (folder / "leads.csv").write_text(text, encoding="utf-8")
    return plan(folder, "id:text", "at:time", "amount:number", key="id", time="at")


def settled(path: Path) -> None:
    """The file looks as if it had been written a while ago."""
    long_ago = time.time_ns() - 60 * 10**9
    os.utime(path, ns=(long_ago, long_ago))


def kept_table(folder: Path) -> Path:
    [table] = (folder / ".shinro" / "cache" / "tables").glob("*.parquet")
    return table


def test_a_snapshot_holds_the_bytes_under_their_hash(tmp_path: Path) -> None:
    made = loaded(asked(tmp_path), tmp_path)
    digest = hashlib.sha256(TEXT.encode()).hexdigest()
    assert made.snapshot == (digest,)
    assert (tmp_path / ".shinro" / "snapshots" / f"{digest}.csv").read_text(encoding="utf-8") == TEXT
    assert (tmp_path / ".shinro" / ".gitignore").read_text(encoding="utf-8") == "*\n"


def test_the_snapshots_of_all_versions_stay(tmp_path: Path) -> None:
    first = loaded(asked(tmp_path), tmp_path)
    second = loaded(asked(tmp_path, TEXT + "d,2026-05-04 09:00,1\n"), tmp_path)
    assert first.fingerprint != second.fingerprint
    assert len(list((tmp_path / ".shinro" / "snapshots").iterdir())) == 2


def test_no_scratch_is_left(tmp_path: Path) -> None:
    loaded(asked(tmp_path), tmp_path)
    assert list((tmp_path / ".shinro" / "tmp").iterdir()) == []


def test_an_unchanged_file_is_not_read_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made = asked(tmp_path)
    settled(tmp_path / "leads.csv")
    first = loaded(made, tmp_path)
    monkeypatch.setattr(snapshots, "hash_of", pytest.fail)
    monkeypatch.setattr("shinro.warehouse.load.open_folder", pytest.fail)
    assert loaded(made, tmp_path) == first
    assert recall(made, tmp_path / ".shinro", TODAY) == first


@pytest.mark.parametrize("kind", ["file", "copies", "sqlite", "duckdb"])
def test_tables_of_the_same_bytes_are_each_recalled(tmp_path: Path, kind: str) -> None:
    twins = list(TWINS[kind](tmp_path))
    for path in tmp_path.iterdir():
        settled(path)
    first = [loaded(one, tmp_path) for one in twins]
    assert len({one.fingerprint for one in first}) == 1
    assert [recall(one, tmp_path / ".shinro", TODAY) for one in twins] == first
    assert first[0].newest != first[1].newest


def two_times(made: TablePlan) -> tuple[TablePlan, TablePlan]:
    return made, replace(made, name="again", time="seen", times=("seen",))


def of_a_file(folder: Path) -> tuple[TablePlan, ...]:
    (folder / "leads.csv").write_text(SEEN, encoding="utf-8")
    return two_times(plan(folder, "id:text", "at:time", "seen:time", key="id", time="at"))


def of_copies(folder: Path) -> tuple[TablePlan, ...]:
    made, again = of_a_file(folder)
    (folder / "leads_2026-05-12.csv").write_text(SEEN, encoding="utf-8")
    (folder / "leads.csv").rename(folder / "more_2026-05-10.csv")
    return made, replace(again, stem="more")


def of_sqlite(folder: Path) -> tuple[TablePlan, ...]:
    with contextlib.closing(sqlite3.connect(folder / "app.db")) as connection:
        connection.executescript(
            "CREATE TABLE leads (id, at, seen); INSERT INTO leads VALUES ('a', '2026-05-01', '2026-05-03')"
        )
    made = plan(
        folder, "id:text", "at:time", "seen:time", key="id", time="at", type="sqlite", path=str(folder / "app.db")
    )
    return two_times(made)


def of_duckdb(folder: Path) -> tuple[TablePlan, ...]:
    with duckdb.connect(folder / "app.duckdb") as connection:
        for name in ("leads", "more"):
            connection.execute(
                f"CREATE TABLE {name} AS SELECT 'a' AS id, DATE '2026-05-01' AS at, DATE '2026-05-03' AS seen"
            )
    made, again = two_times(
        plan(
            folder,
            "id:text",
            "at:time",
            "seen:time",
            key="id",
            time="at",
            type="duckdb",
            path=str(folder / "app.duckdb"),
        )
    )
    return made, replace(again, stem="more")


SEEN = "id,at,seen\na,2026-05-01,2026-05-03\n"
TWINS = {"file": of_a_file, "copies": of_copies, "sqlite": of_sqlite, "duckdb": of_duckdb}


def test_a_change_that_keeps_size_and_time_is_seen_when_it_was_too_fresh_to_tell(tmp_path: Path) -> None:
    made = asked(tmp_path)
    before = (tmp_path / "leads.csv").stat()
    loaded(made, tmp_path)
    (tmp_path / "leads.csv").write_text(TEXT.replace("a,", "z,"), encoding="utf-8")
    os.utime(tmp_path / "leads.csv", ns=(before.st_mtime_ns, before.st_mtime_ns))
    assert recall(made, tmp_path / ".shinro", TODAY) is None
    assert rows(made, tmp_path)[0][0] == "z"


def test_a_touched_file_is_hashed_and_found_to_be_the_same(tmp_path: Path) -> None:
    made = asked(tmp_path)
    first = loaded(made, tmp_path)
    table = kept_table(tmp_path).stat().st_mtime_ns
    settled(tmp_path / "leads.csv")
    assert loaded(made, tmp_path) == first
    assert kept_table(tmp_path).stat().st_mtime_ns == table


def test_another_day_asks_the_same_rows_anew(tmp_path: Path) -> None:
    made = asked(tmp_path)
    first, later = loaded(made, tmp_path, date(2026, 5, 1)), loaded(made, tmp_path, date(2026, 5, 9))
    assert (first.newest, first.future) == (date(2026, 5, 1), 1)
    assert (later.newest, later.future) == (date(2026, 5, 3), 0)
    assert first.fingerprint == later.fingerprint


def test_the_fingerprint_is_of_what_is_read_and_asked_alone(tmp_path: Path) -> None:
    made = asked(tmp_path)
    first = loaded(made, tmp_path).fingerprint
    (tmp_path / "leads.csv").rename(tmp_path / "leads_2026-05-11.csv")
    assert loaded(plan(tmp_path, "amount:number", "at:time", "id:text", key="id"), tmp_path).fingerprint == first
    others = [
        plan(tmp_path, "id:text", "at:time", "amount:number", key="id", timezone="Asia/Tokyo"),
        plan(tmp_path, "id:text", "at:time", "amount:text", key="id"),
        plan(tmp_path, "key=id:text", "at:time", "amount:number", key="key"),
        plan(tmp_path, "id:text", "at:time", key="id"),
    ]
    assert len({first, *(loaded(other, tmp_path).fingerprint for other in others)}) == 5


def spoilt(path: Path, how: str) -> None:
    whole = path.read_bytes()
    if how == "gone":
        path.unlink()
    elif how == "empty":
        path.write_bytes(b"")
    elif how == "half":
        path.write_bytes(whole[: len(whole) // 2])
    else:
        at = len(whole) // 2
        path.write_bytes(whole[:at] + bytes([whole[at] ^ 0x55]) + whole[at + 1 :])


@pytest.mark.parametrize("how", ["gone", "empty", "half", "changed"])
@pytest.mark.parametrize("what", ["snapshots/*", "cache/tables/*.parquet", "cache/tables/*.json", "cache/last/*"])
def test_what_is_not_whole_is_made_again(tmp_path: Path, what: str, how: str) -> None:
    made = asked(tmp_path)
    first = loaded(made, tmp_path)
    for path in list((tmp_path / ".shinro").glob(what)):
        spoilt(path, how)
    again = loaded(made, tmp_path)
    assert {**facts(again), "seconds": 0} == {**facts(first), "seconds": 0}
    assert [row[0] for row in rows(made, tmp_path)] == ["a", "c"]
    [snapshot] = (tmp_path / ".shinro" / "snapshots").iterdir()
    assert snapshot.read_text(encoding="utf-8") == TEXT


def facts(made: Load) -> dict[str, object]:
    return {name: getattr(made, name) for name in made.__slots__}


@pytest.mark.parametrize("step", range(12))
def test_a_crash_at_any_step_costs_at_most_a_recompute(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: int
) -> None:
    made = asked(tmp_path)
    steps = {"left": step}

    def crash(*args: object) -> None:
        if steps["left"] == 0:
            raise KeyboardInterrupt
        steps["left"] -= 1
        fsync(*args)  # type: ignore[arg-type]  # a descriptor

    fsync = os.fsync
    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", crash)
        try:
            load(made, tmp_path / ".shinro", TODAY)
        except KeyboardInterrupt:
            assert not list((tmp_path / ".shinro").rglob(".part-*"))
    assert [row[0] for row in rows(made, tmp_path)] == ["a", "c"]
    assert loaded(made, tmp_path).rejected == 1


def test_two_at_once_both_come_through(tmp_path: Path) -> None:
    made = asked(tmp_path)
    with multiprocessing.get_context("spawn").Pool(2) as pool:
        found = pool.starmap(fingerprint_of, [(made, tmp_path)] * 4)
    assert set(found) == {loaded(made, tmp_path).fingerprint}


def test_a_session_refuses_a_table_that_has_gone(tmp_path: Path) -> None:
    made = loaded(asked(tmp_path), tmp_path)
    kept_table(tmp_path).unlink()
    with pytest.raises(CannotGoOn) as stop, session({"leads": made}, tmp_path / ".shinro"):
        pass
    assert [one.code for one in stop.value.problems] == ["L127"]


def test_a_note_names_no_secret(tmp_path: Path) -> None:
    made = asked(tmp_path)
    loaded(made, tmp_path)
    [note] = (tmp_path / ".shinro" / "cache" / "last").iterdir()
    assert set(json.loads(json.loads(note.read_text(encoding="utf-8"))["body"])) == {
        "fingerprint", "files", "names", "snapshots", "whole",
    }  # fmt: skip


def test_a_folder_that_cannot_be_written_is_a_problem(tmp_path: Path) -> None:
    made = asked(tmp_path)
    (tmp_path / ".shinro").write_text("a file", encoding="utf-8")
    _, problems = loading(made, tmp_path)
    assert [one.code for one in problems] == ["L126"]
