"""Files that people and commands change at the same time: nobody's change is lost."""

from __future__ import annotations

import sqlite3
import stat
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest

from checking import assert_said
from shinro.problems import CannotGoOn, Disk
from shinro.run import replacing
from shinro.run.add import add
from shinro.run.enter import enter
from shinro.run.opening import Opened, open_project
from shinro.run.replacing import LOCK, alone, put

TODAY = date(2026, 6, 1)
STORY = """
timezone: Asia/Tokyo
story: {starts: 2026-01-01}
sources: {numbers: {type: files, path: numbers/*.csv}}
metrics:
  nps: {reported: numbers.nps, value: score, every: month}
"""
WORKER = """
import sys
from datetime import date
from pathlib import Path
from shinro.drafts.changes import with_milestone
from shinro.run.add import add
from shinro.run.enter import enter
from shinro.run.opening import open_project
folder, n, today = Path(sys.argv[1]), int(sys.argv[2]), date(2026, 6, 1)
print(flush=True)  # is ready
sys.stdin.readline()
for each in range(4):
    enter(open_project(folder), "nps", str(n), f"{2023 + each}-{n:02}", today)
    change = lambda text, opened: with_milestone(text, opened.project, f"q{n}{each}", "+12 months", ["nps >= 50"])
    add(folder, change, today)
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "shinro.yaml").write_text(STORY, encoding="utf-8")
    return tmp_path


def test_what_commands_write_that_run_at_once_is_all_there(folder: Path) -> None:
    command, pipe = (sys.executable, "-c", WORKER, str(folder)), subprocess.PIPE
    workers = [subprocess.Popen((*command, str(n)), stdin=pipe, stdout=pipe) for n in (1, 2, 3)]
    for worker in workers:
        assert worker.stdout
        worker.stdout.readline()
    for worker in workers:
        assert worker.stdin
        worker.stdin.write(b"\n")
        worker.stdin.flush()
    for worker in workers:
        worker.communicate(timeout=120)
        assert worker.returncode == 0
    lines = (folder / "numbers/nps.csv").read_text(encoding="utf-8").splitlines()
    assert sorted(lines[1:]) == sorted(f"{2023 + each}-{n:02}-01,{n}" for n in (1, 2, 3) for each in range(4))
    made = {str(each.id) for each in open_project(folder).project.milestones}
    assert made == {f"q{n}{each}" for n in (1, 2, 3) for each in range(4)}


def test_what_an_editor_saves_in_between_stays(folder: Path) -> None:
    file, texts = folder / "shinro.yaml", iter(["# ours\n", ""])

    def change(text: str, _: Opened) -> str:
        file.write_text(next(texts) + file.read_text(encoding="utf-8"), encoding="utf-8")
        return f"{text}# theirs\n"

    add(folder, change, TODAY)
    assert file.read_text(encoding="utf-8") == f"# ours\n{STORY}# theirs\n"


def test_a_sheet_that_was_saved_in_between_is_read_again(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    sheet, bytes_of = folder / "numbers/nps.csv", replacing.bytes_of
    texts = iter(["date,score\n2026-01-01,30\n"])

    def saved(path: Path) -> bytes | None:
        for text in texts:
            sheet.write_text(text, encoding="utf-8")
        return bytes_of(path)

    monkeypatch.setattr(replacing, "bytes_of", saved)
    enter(open_project(folder), "nps", "40", "2026-02", TODAY)
    assert sheet.read_text(encoding="utf-8") == "date,score\n2026-01-01,30\n2026-02-01,40\n"


def test_a_file_keeps_its_rights_and_its_links(folder: Path, tmp_path: Path) -> None:
    real, link = tmp_path / "real.csv", folder / "link.csv"
    real.write_bytes(b"old")
    real.chmod(0o664)
    link.symlink_to(real)
    assert put(link, b"new", b"old")
    assert not put(link, b"newer", b"old")
    assert (link.is_symlink(), real.read_bytes(), stat.S_IMODE(real.stat().st_mode)) == (True, b"new", 0o664)
    assert put(folder / "first.csv", b"new", None)
    assert stat.S_IMODE((folder / "first.csv").stat().st_mode) == 0o644
    assert not [file for file in folder.iterdir() if file.name.startswith(".part")]


def test_who_waits_too_long_is_told_so(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(replacing, "WAIT", 0.01)
    opened = open_project(folder)
    with alone(opened.store), pytest.raises(CannotGoOn) as caught:
        enter(opened, "nps", "40", "2026-02", TODAY)
    (problem,) = caught.value.problems
    assert_said(problem)
    assert (problem.code, problem.args["case"]) == ("B815", "files")
    assert not (folder / "numbers").exists()
    enter(opened, "nps", "40", "2026-02", TODAY)  # the lock is gone with who held it


def test_a_lock_whose_process_died_holds_nobody(folder: Path) -> None:
    opened = open_project(folder)
    script = f"""
import os
from pathlib import Path
from shinro.run.replacing import alone
with alone(Path({str(opened.store)!r})):
    os._exit(9)
"""
    assert subprocess.run((sys.executable, "-c", script), check=False).returncode == 9
    assert (opened.store / LOCK).exists()
    enter(opened, "nps", "40", "2026-02", TODAY)


@pytest.mark.parametrize("way", ["file", "broken"])
def test_where_no_lock_can_be_taken_nothing_is_written(way: str, folder: Path) -> None:
    opened = open_project(folder)
    if way == "file":
        opened.store.write_bytes(b"")
    else:
        (opened.store / LOCK).mkdir(parents=True)
    with pytest.raises(CannotGoOn) as caught:
        enter(opened, "nps", "40", "2026-02", TODAY)
    assert [each.code for each in caught.value.problems] == ["S142"]
    assert not (folder / "numbers").exists()


def test_the_lock_is_a_transaction_that_writes_nothing(folder: Path) -> None:
    store = folder / ".shinro"
    with alone(store), pytest.raises(sqlite3.OperationalError):
        sqlite3.connect(store / LOCK, timeout=0).execute("BEGIN IMMEDIATE")
    assert (store / LOCK).read_bytes() == b""


def test_a_lock_that_the_disk_refuses_is_told_as_every_writing_is(tmp_path: Path) -> None:
    (tmp_path / LOCK).mkdir()
    with pytest.raises(CannotGoOn) as caught, alone(tmp_path):
        pass
    assert [(each.code, each.args["reason"]) for each in caught.value.problems] == [("S142", Disk.DENIED)]
