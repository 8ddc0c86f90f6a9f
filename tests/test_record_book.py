"""The book: what is written is read again, at once or not at all, and never twice."""

from __future__ import annotations

import resource
import signal
import sqlite3
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest

from recording import NOW, a_book, a_key, a_report, a_restatement, a_writer, stopped
from shinro.entries import Draft, Entry, Json, Kind
from shinro.problems import CannotGoOn
from shinro.record.book import checkpoints, head, key_in_force, read, rotate, write
from shinro.record.content import entry_of, written
from shinro.record.shelf import FILE
from shinro.record.verify import verify


def test_what_is_written_is_read_again_after_the_entry_that_names_the_key(tmp_path: Path) -> None:
    store, drafts = tmp_path / "record", [a_report("leads", 1), a_report("won", 1, segment=(("rep", "佐藤"),))]
    receipt = write(store, drafts, a_writer(), NOW)
    first, *rest = read(store)
    assert first.draft.kind is Kind.KEY
    assert [entry.draft for entry in rest] == drafts
    assert receipt.entries == tuple(rest)
    assert head(store) == receipt.checkpoint
    assert receipt.checkpoint.size == 3
    assert receipt.checkpoint.text.startswith(f"shinro/record/{receipt.checkpoint.origin[-32:]}\n3\n")


def test_where_there_is_no_book_nothing_is_read(tmp_path: Path) -> None:
    assert read(tmp_path) == ()
    assert head(tmp_path) is None
    assert list(tmp_path.iterdir()) == []


def test_an_entry_is_canonical_json_with_exact_numbers_and_no_words(tmp_path: Path) -> None:
    third = a_report("率", 2, Fraction(1, 3), segment=(("担当", "佐藤"), ("channel", None)), texts={"note": "内緒"})
    write(tmp_path, [third, replace(third, subject="none", figure=None)], a_writer(), NOW)
    with closing(sqlite3.connect(tmp_path / FILE)) as db:
        contents = [content for (content,) in db.execute("SELECT content FROM entries")]
    assert b'"value":"1/3"' in contents[1]
    assert '"subject":"率"'.encode() in contents[1]
    assert not any(word.encode() in b"".join(contents) for word in ("佐藤", "内緒", "田中"))
    for content, entry in zip(contents, read(tmp_path), strict=True):
        assert written(entry) == content
        assert written(entry_of(content, {})) == content


@pytest.mark.parametrize("content", [b"", b"{}", b"[]", b'{"v":2}', b'{"v":1,"seq":0}', b"[" * 100000, b"\xff"])
def test_what_is_no_entry_is_not_read_as_one(content: bytes) -> None:
    with pytest.raises(ValueError, match=r".*"):
        entry_of(content, {})


@pytest.mark.parametrize("data", [{"x": 0.1}, {"x": [1, {"y": 2.0}]}, {"x": 2**60}, {"x": "\ud800"}])
def test_what_has_no_one_form_is_not_written(data: dict[str, Json], tmp_path: Path) -> None:
    with pytest.raises(CannotGoOn) as stop:
        write(tmp_path, [Draft(kind=Kind.REVIEW, subject="x", data=data)], a_writer(), NOW)
    assert stopped(stop) == "B819"
    assert read(tmp_path) == ()


def test_publishing_again_writes_nothing(tmp_path: Path) -> None:
    drafts = [a_report("leads", 1), Draft(kind=Kind.REVIEW, subject="2026-10-02", data={"a": [1]}, texts={"t": "x"})]
    first = write(tmp_path, drafts, a_writer(), NOW)
    again = write(tmp_path, drafts, a_writer(), NOW)
    assert (again.entries, again.checkpoint) == (read(tmp_path)[1:], first.checkpoint)
    other = replace(drafts[0], origin=None)
    assert write(tmp_path, [other, other], a_writer(), NOW).checkpoint == first.checkpoint


def test_what_is_told_again_is_another_telling(tmp_path: Path) -> None:
    told = Draft(kind=Kind.TOLD, subject="investors")
    assert [entry.seq for entry in write(tmp_path, [told, told], a_writer(), NOW).entries] == [1, 2]


def test_another_value_for_a_period_is_refused_and_a_restatement_is_written_once(tmp_path: Path) -> None:
    draft = a_report("leads", 1, 12)
    (entry,) = write(tmp_path, [draft], a_writer(), NOW).entries
    with pytest.raises(CannotGoOn) as stop:
        write(tmp_path, [a_report("won", 1), a_report("leads", 1, 13)], a_writer(), NOW)
    assert stopped(stop) == "B812"
    assert len(read(tmp_path)) == 2
    mended = a_restatement(draft, entry.seq, 13)
    (second,) = write(tmp_path, [mended], a_writer(), NOW).entries
    assert write(tmp_path, [mended], a_writer(), NOW).entries == read(tmp_path)[2:]
    for wrong in (a_restatement(draft, entry.seq, 14), a_restatement(draft, 99, 14), a_restatement(draft, -1, 14)):
        with pytest.raises(CannotGoOn) as stop:
            write(tmp_path, [wrong], a_writer(), NOW)
        assert stopped(stop) == "B813"
    back = write(tmp_path, [a_restatement(draft, second.seq, 12)], a_writer(), NOW).entries
    assert [each.draft.figure for each in back] == [draft.figure]
    assert write(tmp_path, [draft], a_writer(), NOW).entries[0].seq == back[0].seq


def test_a_draft_can_depend_on_what_stands_when_nobody_else_writes(tmp_path: Path) -> None:
    def one_more(entries: tuple[Entry, ...]) -> list[Draft]:
        return [Draft(kind=Kind.TARGET, subject=f"t{len(entries)}")]

    assert [write(tmp_path, one_more, a_writer(), NOW).entries[0].seq for _ in range(3)] == [1, 2, 3]
    assert [entry.draft.subject for entry in read(tmp_path)[1:]] == ["t1", "t2", "t3"]


def test_writers_at_once_wait_for_each_other_and_make_one_line_of_heads(tmp_path: Path) -> None:
    def publish(who: int) -> int:
        for month in range(1, 5):
            write(tmp_path, [a_report("leads", month), a_report(f"m{who}", month)], a_writer(), NOW)
        return who

    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(publish, range(4))) == [0, 1, 2, 3]
    found = read(tmp_path)
    assert [entry.seq for entry in found] == list(range(1 + 4 + 16))
    assert len({(entry.draft.subject, entry.draft.period) for entry in found}) == len(found)
    assert verify(tmp_path, [each.text for each in checkpoints(tmp_path)]).problems == ()


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE entries SET content = x'00' WHERE seq = 1",
        "DELETE FROM entries WHERE seq = 1",
        "INSERT OR REPLACE INTO entries VALUES (1, x'00')",
        "INSERT INTO entries VALUES (7, x'00')",
        "UPDATE nodes SET hash = x'00'",
        "DELETE FROM nodes",
        "UPDATE checkpoints SET note = ''",
        "DELETE FROM checkpoints",
    ],
)
def test_the_file_itself_refuses_changes(statement: str, tmp_path: Path) -> None:
    store = a_book(tmp_path, (2,))
    with closing(sqlite3.connect(store / FILE)) as db:
        db.execute("PRAGMA recursive_triggers = ON")
        with pytest.raises(sqlite3.IntegrityError):
            db.execute(statement)


def test_a_file_that_is_no_book_is_left_as_it_is(tmp_path: Path) -> None:
    (tmp_path / FILE).write_bytes(b"not a database, but long enough to be one" * 40)
    before = (tmp_path / FILE).read_bytes()
    for attempt in (lambda: read(tmp_path), lambda: write(tmp_path, [a_report("x", 1)], a_writer(), NOW)):
        with pytest.raises(CannotGoOn) as stop:
            attempt()
        assert stopped(stop) == "B801"
    (tmp_path / FILE).unlink()
    with closing(sqlite3.connect(tmp_path / FILE)) as db:
        db.execute("CREATE TABLE theirs (x)")
    with pytest.raises(CannotGoOn) as stop:
        write(tmp_path, [a_report("x", 1)], a_writer(), NOW)
    assert stopped(stop) == "B801"
    assert before


def test_a_damaged_page_is_told(tmp_path: Path) -> None:
    store = a_book(tmp_path, (12, 12))
    content = bytearray((store / FILE).read_bytes())
    content[4096 : 4096 + 2000] = bytes(2000)
    (store / FILE).write_bytes(content)
    with pytest.raises(CannotGoOn) as stop:
        verify(store)
    assert stopped(stop) == "B801"


def test_an_entry_that_cannot_be_read_stops_reading_with_its_number(tmp_path: Path) -> None:
    store = a_book(tmp_path, (2,))
    with closing(sqlite3.connect(store / FILE)) as db, db:
        db.execute("DROP TRIGGER entries_refuse_update")
        db.execute("UPDATE entries SET content = x'7b7d' WHERE seq = 1")
    with pytest.raises(CannotGoOn) as stop:
        read(store)
    assert stopped(stop) == "B802"
    assert stop.value.problems[0].args["seq"] == 1


def test_nothing_is_signed_on_top_of_a_book_that_denies_its_head(tmp_path: Path) -> None:
    store = a_book(tmp_path, (3,))
    with closing(sqlite3.connect(store / FILE)) as db, db:
        db.execute("DROP TRIGGER nodes_refuse_update")
        db.execute("UPDATE nodes SET hash = zeroblob(32) WHERE level = 2")
    with pytest.raises(CannotGoOn) as stop:
        write(store, [a_report("x", 1)], a_writer(), NOW)
    assert stopped(stop) == "B805"


def test_a_log_goes_on_only_under_its_key(tmp_path: Path) -> None:
    store = a_book(tmp_path, (1,))
    with pytest.raises(CannotGoOn) as stop:
        write(store, [a_report("x", 1)], a_writer(2), NOW)
    assert stopped(stop) == "B811"
    write(store, [a_report("x", 1)], a_writer(2, 1), NOW)
    rotate(store, a_writer(2, 1), a_key(3), NOW)
    with pytest.raises(CannotGoOn) as stop:
        write(store, [a_report("y", 1)], a_writer(1), NOW)
    assert stopped(stop) == "B811"
    with pytest.raises(ValueError, match="key"):
        key_in_force(())


def test_a_writer_that_is_not_done_in_time_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = a_book(tmp_path, (1,))
    monkeypatch.setattr("shinro.record.shelf.WAIT", 0.05)
    with closing(sqlite3.connect(store / FILE, isolation_level=None)) as db:
        db.execute("BEGIN IMMEDIATE")
        with pytest.raises(CannotGoOn) as stop:
            write(store, [a_report("x", 1)], a_writer(), NOW)
    assert stopped(stop) == "B815"


def test_a_full_disk_leaves_the_book_as_it_was(tmp_path: Path) -> None:
    store = a_book(tmp_path, (3,))
    before, room = read(store), (store / FILE).stat().st_size
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    for limit in (100, 4096, room, room + 4096):
        resource.setrlimit(resource.RLIMIT_FSIZE, (limit, hard))
        try:
            with pytest.raises(CannotGoOn) as stop:
                write(store, [a_report(f"x{n}", 1) for n in range(60)], a_writer(), NOW)
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
        assert stopped(stop) == "B814"
        assert read(store) == before
    assert verify(store).problems == ()
    assert len(write(store, [a_report("x", 1)], a_writer(), NOW).entries) == 1


def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(CannotGoOn) as stop:
        write(tmp_path / "file" / "record", [a_report("x", 1)], a_writer(), NOW)
    assert stopped(stop) == "B814"


KILLED = """
import os, signal, sys
from pathlib import Path
sys.path[:0] = sys.argv[3:]
from recording import NOW, a_report, a_writer
from shinro.record.book import write
store, start = Path(sys.argv[1]), int(sys.argv[2])
for n in range(start, start + 1000):
    write(store, [a_report(f"m{n}", month, n) for month in (1, 2, 3)], a_writer(), NOW)
    os.write(1, f"{n}\\n".encode())
"""


def test_a_writer_that_is_killed_loses_nothing_that_it_acknowledged(tmp_path: Path) -> None:
    acknowledged: list[int] = []
    for _ in range(3):
        start = max(acknowledged, default=-1) + 1
        paths = [str(Path(__file__).parent), *sys.path]
        with subprocess.Popen(
            [sys.executable, "-c", KILLED, tmp_path, str(start), *paths], stdout=subprocess.PIPE
        ) as it:
            assert it.stdout
            acknowledged += [int(it.stdout.readline()) for _ in range(3)]
            it.kill()
            acknowledged += [int(line) for line in it.stdout.read().split(b"\n") if line]
        found = [entry.draft.subject for entry in read(tmp_path)[1:]]
        assert {f"m{n}" for n in acknowledged} <= set(found)
        assert all(found.count(name) == 3 for name in found)
        assert verify(tmp_path).problems == ()


AT_ONCE = """
import sys
from pathlib import Path
sys.path[:0] = sys.argv[3:]
from recording import NOW, a_report, a_writer
from shinro.record.book import write
for n in range(12):
    drafts = [a_report("leads", n % 12 + 1), a_report(f"m{sys.argv[2]}", n % 12 + 1)]
    print(write(Path(sys.argv[1]), drafts, a_writer(), NOW).checkpoint.text.encode().hex(), flush=True)
"""


def test_processes_that_publish_at_once_hold_one_line_of_checkpoints(tmp_path: Path) -> None:
    paths = [str(Path(__file__).parent), *sys.path]
    commands = [[sys.executable, "-c", AT_ONCE, str(tmp_path), str(who), *paths] for who in range(2)]
    running = [subprocess.Popen(command, stdout=subprocess.PIPE) for command in commands]
    said = [each.communicate()[0] for each in running]
    assert [each.returncode for each in running] == [0, 0]
    held = [bytes.fromhex(line.decode()).decode() for out in said for line in out.split()]
    assert len(held) == 24
    assert verify(tmp_path, held).problems == ()
    assert len(read(tmp_path)) == 1 + 12 + 24
