"""The record from outside: log, verify, export, erase and keys as commands, in both languages."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import zipfile
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from recording import NOW, a_key, a_report, a_restatement, stopped
from shinro.cli import main
from shinro.problems import CannotGoOn
from shinro.record.book import head, read, write
from shinro.record.keys import Writer, keep, key_files, pem
from shinro.run.opening import Opened, open_project
from shinro.run.publishing import book_of
from shinro.run.recording import backup, keyring, restore, rotate, writer_of
from stories import STORY, story

JA = ("--lang", "ja")


@pytest.fixture(autouse=True)
def _plain(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in ("LANG", "LC_ALL", "LANGUAGE", "LC_MESSAGES", "SHINRO_DEBUG", "SHINRO_LANG", "COLUMNS"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("SHINRO_CONFIG", str(tmp_path / "config"))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A project with two values in its record, one of them restated."""
    place = story(tmp_path / "project", f"company: 青空\n{STORY}").folder
    opened = open_project(place)
    draft = a_report("won", 8, 3, segment=(("rep", "佐藤"),), texts={"note": "速報"})
    (entry,) = write(book_of(opened), [draft], a_writer(opened), NOW).entries
    write(book_of(opened), [a_restatement(draft, entry.seq, 4), a_report("gone", 9, None)], a_writer(opened), NOW)
    return place


def a_writer(opened: Opened) -> Writer:
    return writer_of(opened, os.environ, Path.home(), "田中")


def run(capsys: pytest.CaptureFixture[str], folder: Path, *args: str) -> tuple[int, str, str]:
    with pytest.raises(SystemExit) as ended:
        main(("record", *args, "-p", str(folder)))
    out, err = capsys.readouterr()
    assert "Traceback" not in out + err
    return int(ended.value.code or 0), out, err


def flat(text: str) -> str:
    return " ".join(text.split())


def test_log_shows_every_entry_with_what_replaced_it(capsys: pytest.CaptureFixture[str], folder: Path) -> None:
    code, out, err = run(capsys, folder, "log")
    assert (code, err) == (0, "")
    for word in (
        "4 entries",
        "won (rep=佐藤)",
        "2026-08",
        "速報",
        "replaced by 2",
        "instead of 1",
        "written late",
        "gone",
    ):
        assert word in out
    assert "訂正" in run(capsys, folder, "log", *JA)[1]
    assert "2 older entries" in run(capsys, folder, "log", "-n", "2")[1]


def test_log_as_json_is_exact_and_the_checkpoint_alone_can_be_mailed(
    capsys: pytest.CaptureFixture[str], folder: Path
) -> None:
    found = json.loads(run(capsys, folder, "log", "--json")[1])
    assert [entry["value"] for entry in found["entries"]] == [None, "3", "4", None]
    assert found["entries"][1]["texts"] == {"note": "速報", "segment.rep": "佐藤"}
    newest = head(book_of(open_project(folder)))
    assert newest
    assert run(capsys, folder, "log", "--checkpoint")[1] == newest.text == found["checkpoint"]["text"]


def test_where_nothing_is_recorded_every_command_says_so(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    place = story(tmp_path / "empty").folder
    for command in ("log", "verify", "export"):
        code, _, err = run(capsys, place, command)
        assert (code, "B820" in err) == (1, True)
    assert "No key yet" in run(capsys, place, "keys", "show")[1]
    book_of(open_project(place)).mkdir(parents=True)
    (book_of(open_project(place)) / "book.sqlite").touch()
    code, _, err = run(capsys, place, "verify")
    assert (code, "B820" in err) == (1, True)


def test_verify_ends_with_1_where_a_held_checkpoint_fails(
    capsys: pytest.CaptureFixture[str], folder: Path, tmp_path: Path
) -> None:
    held = tmp_path / "mail.txt"
    held.write_text(run(capsys, folder, "log", "--checkpoint")[1], encoding="utf-8")
    code, out, _ = run(capsys, folder, "verify", "--held", str(held))
    assert (code, "is borne out" in flat(out), "not that what was entered was true" in flat(out)) == (0, True, True)
    assert "proves little" in flat(run(capsys, folder, "verify")[1])
    (book_of(open_project(folder)) / "book.sqlite").unlink()
    opened = open_project(folder)
    write(book_of(opened), [a_report("won", 8, 5)], replace(a_writer(opened), anew=True), NOW)
    code, out, _ = run(capsys, folder, "verify", "--held", str(held))
    assert (code, "B807" in out, "another log" in flat(out)) == (1, True, True)
    assert "別のログ" in flat(run(capsys, folder, "verify", "--held", str(held), *JA)[1])
    told = json.loads(run(capsys, folder, "verify", "--held", str(held), "--json")[1])
    assert (told["failed"], told["held"][0]["holds"], told["problems"][0]["code"]) == (True, False, "B807")
    code, _, err = run(capsys, folder, "verify", "--held", str(tmp_path / "none.txt"))
    assert (code, "B808 The file of the held checkpoint cannot be read: No such file or directory." in flat(err)) == (
        1,
        True,
    )


def test_verify_does_not_say_that_nothing_was_altered_where_the_guards_were(
    capsys: pytest.CaptureFixture[str], folder: Path
) -> None:
    assert "Nothing was found altered." in run(capsys, folder, "verify")[1]
    with closing(sqlite3.connect(book_of(open_project(folder)) / "book.sqlite")) as db, db:
        db.execute("DROP TRIGGER entries_refuse_update")
    code, out, _ = run(capsys, folder, "verify")
    assert (code, "B818" in out, "Nothing was found altered" in out) == (0, True, False)
    assert "the guards of the file were changed" in flat(out)
    assert "ファイルの守りは変えられています" in run(capsys, folder, "verify", *JA)[1]


def test_export_writes_the_bundle_and_spares_files_of_others(
    capsys: pytest.CaptureFixture[str], folder: Path, tmp_path: Path
) -> None:
    target = tmp_path / "record.zip"
    for more in ((), ("--texts",), ("won",), ("--json",)):
        code, out, _ = run(capsys, folder, "export", *more, "-o", str(target))
        assert (code, bool(out)) == (0, True)
    with zipfile.ZipFile(target) as archive:
        assert "shinro-record/verify.py" in archive.namelist()
    code, _, err = run(capsys, folder, "export", "wonn", "-o", str(tmp_path / "empty.zip"))
    assert (code, "B831" in err, (tmp_path / "empty.zip").exists()) == (1, True, False)
    target.write_bytes(b"mine")
    code, _, err = run(capsys, folder, "export", "-o", str(target))
    assert (code, "B821" in err, target.read_bytes()) == (1, True, b"mine")
    assert run(capsys, folder, "export", "-o", str(target), "--force")[0] == 0
    code, _, err = run(capsys, folder, "export", "-o", str(target / "under.zip"))
    assert (code, "B814" in err) == (1, True)


def test_erase_takes_a_name_away_and_the_log_stays_valid(capsys: pytest.CaptureFixture[str], folder: Path) -> None:
    code, out, _ = run(capsys, folder, "erase", "--containing", "佐藤", "--yes")
    assert (code, "2 texts were erased" in out) == (0, True)
    assert run(capsys, folder, "erase", "--containing", "佐藤", "--yes")[0] == 1
    digest = read(book_of(open_project(folder)))[1].hashes["note"]
    assert json.loads(run(capsys, folder, "erase", digest[:12], "--yes", "--json")[1]) == {"erased": [digest]}
    out = run(capsys, folder, "log")[1]
    assert ("(erased)" in out, "佐藤" in out) == (True, False)
    code, out, _ = run(capsys, folder, "verify")
    assert (code, "3 texts were erased" in out) == (0, True)


def test_keys_are_shown_copied_rotated_and_brought_back(
    capsys: pytest.CaptureFixture[str], folder: Path, tmp_path: Path
) -> None:
    copy = tmp_path / "key.pem"
    assert "signs" in run(capsys, folder, "keys", "show")[1]
    assert run(capsys, folder, "keys", "backup", str(copy))[0] == 0
    assert copy.stat().st_mode & 0o777 == 0o600
    assert run(capsys, folder, "keys", "backup", str(copy))[0] == 1
    assert run(capsys, folder, "keys", "rotate")[0] == 0
    assert len(json.loads(run(capsys, folder, "keys", "show", "--json")[1])["keys"]) == 2
    (tmp_path / "config").rename(tmp_path / "gone")
    opened = open_project(folder)
    with pytest.raises(CannotGoOn) as stop:
        write(book_of(opened), [a_report("x", 1)], a_writer(opened), NOW)
    assert stopped(stop) == "B811"
    assert "is not here" in run(capsys, folder, "keys", "show")[1]
    newest = max((tmp_path / "gone" / "keys").iterdir())
    assert run(capsys, folder, "keys", "restore", str(newest))[0] == 0
    write(book_of(opened), [a_report("x", 1)], a_writer(opened), NOW)
    assert run(capsys, folder, "keys", "rotate", "--lost")[0] == 0
    code, out, _ = run(capsys, folder, "verify")
    assert (code, "B816" in out) == (0, True)


def test_a_rotation_that_was_cut_off_goes_on_with_the_key_that_it_made(folder: Path, tmp_path: Path) -> None:
    opened, config = open_project(folder), tmp_path / "config"
    keep(config, "青空", a_key(7))
    write(book_of(opened), [a_report("x", 1)], a_writer(opened), NOW)
    rotate(opened, os.environ, Path.home(), datetime.now(UTC))
    ring = keyring(opened, os.environ, Path.home())
    assert (len(ring.keys), ring.in_force) == (2, ring.keys[0][1])
    assert len(key_files(config, "青空")) == 2


def test_a_key_that_is_there_is_not_taken_in_twice_and_none_is_no_backup(folder: Path, tmp_path: Path) -> None:
    opened = open_project(folder)
    (tmp_path / "copy.pem").write_bytes(pem(a_writer(opened).keys[0]))
    assert restore(opened, os.environ, Path.home(), tmp_path / "copy.pem") == key_files(tmp_path / "config", "青空")[0]
    (tmp_path / "config").rename(tmp_path / "gone")
    with pytest.raises(CannotGoOn) as stop:
        backup(opened, os.environ, Path.home(), tmp_path / "other.pem")
    assert stopped(stop) == "B811"


def test_keys_do_not_lie_in_the_project(folder: Path) -> None:
    opened = open_project(folder)
    with pytest.raises(CannotGoOn) as stop:
        writer_of(opened, {"SHINRO_CONFIG": str(folder / "config")}, Path.home())
    assert stopped(stop) == "B810"
    assert not (folder / "config").exists()


@pytest.mark.parametrize("place", ["../elsewhere", ".", "/elsewhere"])
def test_the_record_can_be_kept_in_another_folder_of_the_project_and_nowhere_else(place: str, tmp_path: Path) -> None:
    kept = story(tmp_path / "kept", f"record: books/record\n{STORY}").folder
    assert book_of(open_project(kept)) == kept / "books" / "record"
    out = open_project(story(tmp_path / "out", f"record: {place}\n{STORY}").folder)
    with pytest.raises(CannotGoOn) as stop:
        book_of(out)
    assert stopped(stop) == "B822"
    assert stop.value.problems[0].place.line == 1


def test_a_record_of_another_company_is_not_taken_over(
    capsys: pytest.CaptureFixture[str], folder: Path, tmp_path: Path
) -> None:
    other = story(tmp_path / "other", f"company: 赤土\n{STORY}").folder
    shutil.copytree(book_of(open_project(folder)), book_of(open_project(other)))
    before = read(book_of(open_project(other)))
    for args in (("publish", "--yes"), ("publish", "--dry-run"), ("keys", "rotate")):
        code, _, err = run(capsys, other, *args)
        assert (code, "B823" in err, "--renamed" in flat(err)) == (1, True, True)
    with pytest.raises(CannotGoOn) as stop:
        write(book_of(open_project(other)), [a_report("x", 1)], a_writer(open_project(other)), NOW)
    assert (stopped(stop), read(book_of(open_project(other)))) == ("B823", before)
    assert run(capsys, other, "keys", "rotate", "--renamed")[0] == 0
    write(book_of(open_project(other)), [a_report("x", 1)], a_writer(open_project(other)), NOW)
    assert run(capsys, other, "verify")[0] == 0
    assert "赤土" not in str([each.draft.data for each in read(book_of(open_project(other)))])


@pytest.mark.parametrize("how", ["deleted", "emptied", "moved"])
def test_a_record_that_is_gone_is_not_begun_again_in_silence(
    how: str, capsys: pytest.CaptureFixture[str], folder: Path, tmp_path: Path
) -> None:
    book = book_of(open_project(folder)) / "book.sqlite"
    first = read(book.parent)[0].draft.subject
    if how == "emptied":
        book.write_bytes(b"")
    else:
        shutil.rmtree(book.parent)
    place = folder.rename(tmp_path / "elsewhere") if how == "moved" else folder
    opened = open_project(place)
    with pytest.raises(CannotGoOn) as stop:
        write(book_of(opened), [a_report("won", 8, 5)], a_writer(opened), NOW)
    assert stopped(stop) == "B824"
    assert read(book_of(opened)) == ()
    write(book_of(opened), [a_report("won", 8, 5)], replace(a_writer(opened), anew=True), NOW)
    assert read(book_of(opened))[0].draft.data["after"] == first
    write(book_of(opened), [a_report("won", 7, 5)], a_writer(opened), NOW)
    assert run(capsys, place, "verify")[0] == 0


@pytest.mark.usefixtures("folder")
def test_another_project_of_the_company_begins_its_own_record(tmp_path: Path) -> None:
    opened = open_project(story(tmp_path / "second", f"company: 青空\n{STORY}").folder)
    write(book_of(opened), [a_report("won", 8, 5)], a_writer(opened), NOW)
    assert "after" not in read(book_of(opened))[0].draft.data


def test_keys_do_not_rotate_on_a_clock_behind_the_record(
    capsys: pytest.CaptureFixture[str], folder: Path, tmp_path: Path
) -> None:
    opened = open_project(folder)
    write(book_of(opened), [a_report("x", 1)], a_writer(opened), datetime.now(UTC) + timedelta(hours=1))
    code, _, err = run(capsys, folder, "keys", "rotate")
    assert (code, "clock" in err, len(key_files(tmp_path / "config", "青空"))) == (2, True, 1)


def test_keys_that_are_away_are_not_promised_by_the_first_publishing(
    capsys: pytest.CaptureFixture[str], folder: Path, tmp_path: Path
) -> None:
    (tmp_path / "config").rename(tmp_path / "gone")
    out = flat(run(capsys, folder, "keys", "show")[1])
    for word in ("the record is begun", "keys restore", "--lost"):
        assert word in out
    assert "first publishing" not in out
    assert "記録は始まっている" in flat(run(capsys, folder, "keys", "show", *JA)[1])


def test_a_day_to_come_is_nothing_to_publish_since(capsys: pytest.CaptureFixture[str], folder: Path) -> None:
    code, out, err = run(capsys, folder, "publish", "--since", "9000-01-01")
    assert (code, out, "still to come" in flat(err)) == (2, "", True)
    assert "まだ来ていない日" in flat(run(capsys, folder, "publish", "--since", "9000-01-01", *JA)[2])


@pytest.mark.parametrize("where", [".shinro/record", ".shinro"])
def test_a_file_where_the_records_folder_goes_is_no_lack_of_room(where: str, tmp_path: Path) -> None:
    opened = open_project(story(tmp_path / "new", f"company: 青空\n{STORY}").folder)
    (opened.folder / where).parent.mkdir(exist_ok=True)
    (opened.folder / where).write_text("x")
    with pytest.raises(CannotGoOn) as stop:
        write(book_of(opened), [a_report("won", 8, 5)], a_writer(opened), NOW)
    assert (stopped(stop), stop.value.problems[0].args["case"]) == ("B814", "file")


def test_a_place_that_no_file_can_come_to_is_told_and_no_device_is_read_to_its_end(
    capsys: pytest.CaptureFixture[str], folder: Path, tmp_path: Path
) -> None:
    endless = tmp_path / "record.zip"
    endless.symlink_to("/dev/zero")
    for place in (endless, tmp_path, tmp_path / "missing" / "record.zip"):
        code, out, err = run(capsys, folder, "export", "-o", str(place))
        assert (code, "B814" in err, "The record is as it was" in flat(err), out) == (1, True, True, "")
    assert not (tmp_path / "missing").exists()
    code, _, err = run(capsys, folder, "verify", "--held", str(endless))
    assert (code, "B808" in err) == (1, True)
