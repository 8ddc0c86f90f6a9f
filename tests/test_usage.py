"""A command that cannot be run as typed: told in the language asked for, once, and as JSON where that is read."""

from __future__ import annotations

import errno
import io
import json
import os
import sys
import tempfile
from pathlib import Path

import pytest

from shinro.cli import main

PROJECT = """
sources:
  crm: {type: files, path: data/*.csv}
tables:
  leads: {from: crm.leads, key: id, time: created_at}
metrics:
  leads: {count: leads}
  nps: {reported: crm.nps, value: score, every: month}
"""


@pytest.fixture(autouse=True)
def _plain(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("LANG", "LC_ALL", "LANGUAGE", "LC_MESSAGES", "SHINRO_DEBUG", "SHINRO_LANG", "COLUMNS"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "shinro.yaml").write_text(PROJECT, encoding="utf-8")
    return tmp_path


def run(capsys: pytest.CaptureFixture[str], *args: str) -> tuple[int, str, str]:
    with pytest.raises(SystemExit) as ended:
        main(args)
    out, err = capsys.readouterr()
    return int(ended.value.code or 0), out, err


@pytest.mark.parametrize(
    ("args", "english", "japanese"),
    [
        (
            ("sttus",),
            "No such command 'sttus'. Did you mean 'status'?",
            "'sttus' というコマンドはありません。'status' ",
        ),
        (("status", "--grian"), "No such option '--grian'. Did you mean '--grain'?", "'--grian' というオプションは"),
        (("values",), "Missing argument 'METRICS...'.", "引数 'METRICS...' がありません。"),
        (("status", "a", "b"), "Got unexpected extra arguments: a b", "余分な引数があります: a b"),
        (
            ("values", "x", "--grain"),
            "Option '--grain' requires an argument.",
            "オプション '--grain' には値が必要です。",
        ),
        (("status", "--all=x"), "Option '--all' does not take a value.", "オプション '--all' に値は付けられません。"),
        (("values", "x", "--grain", "fortnight"), "'fortnight' is not one of day, week", "次のどれか"),
        (("plan", "--ahead", "x"), "'--ahead': 'x' is not a whole number.", "'--ahead' の 'x' は整数ではありません。"),
    ],
)
def test_what_was_typed_wrong_is_told_in_the_language_asked_for(
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    args: tuple[str, ...],
    english: str,
    japanese: str,
) -> None:
    code, out, err = run(capsys, *args)
    assert (code, out) == (2, "")
    assert english in err
    assert err.count("Did you mean") <= 1
    monkeypatch.setenv("SHINRO_LANG", "ja")
    code, out, err = run(capsys, *args)
    assert (code, out) == (2, "")
    assert japanese in err
    assert not any(word in err for word in ("Usage", "Error", "Try "))


def test_the_headings_of_help_are_in_the_language_asked_for(capsys: pytest.CaptureFixture[str]) -> None:
    _, out, _ = run(capsys, "values", "--help", "--lang", "ja")
    assert all(word in out for word in ("使い方: shinro values", "引数:", "オプション:", "[必須]", "この説明を"))
    assert not any(word in out for word in ("Usage:", "Arguments:", "Options:", "required", "Show this"))


@pytest.mark.parametrize(
    "args",
    [
        ("status", "--as-of", "x"),
        ("status", "--as-of", "1800-01-01"),
        ("values", "leads", "--grain", "fortnight"),
        ("values",),
        ("status", "--lang", "fr"),
        ("explain", "--drivers", "--effects"),
        ("review", "--week", "--month"),
        ("add", "target"),
    ],
)
def test_json_is_json_whatever_was_typed(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, folder: Path, args: tuple[str, ...]
) -> None:
    monkeypatch.chdir(folder)
    code, out, err = run(capsys, *args, "--json")
    told = json.loads(out)
    assert (code, err, told["failed"]) == (2, "", True)
    assert [(each["code"], bool(each["says"])) for each in told["problems"]] == [("Q172", True)]


ADD = ("add", "target", "leads", "20", "--per", "week")


@pytest.mark.parametrize(
    ("args", "reason"),
    [
        *((ADD, reason) for reason in (errno.EACCES, errno.EROFS, errno.ENOSPC)),
        (("enter", "nps", "40", "--period", "2026-04"), errno.EROFS),
        (("demo", "new"), errno.EACCES),
        (("init", "--type", "b2b-saas", "-o", "new"), errno.ENOSPC),
    ],
)
def test_a_disk_that_refuses_is_no_mistake_of_shinro(
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    folder: Path,
    args: tuple[str, ...],
    reason: int,
) -> None:
    def refused(*_: object, **__: object) -> None:
        raise OSError(reason, os.strerror(reason), str(folder))

    monkeypatch.chdir(folder)
    monkeypatch.setattr(sys, "stdin", io.StringIO())
    monkeypatch.setattr(tempfile, "mkstemp", refused)
    monkeypatch.setattr(Path, "mkdir", refused)
    code, _, err = run(capsys, *args)
    assert code == 1
    assert " S142 The file was not written: " in " ".join(err.split())
    assert (folder / "shinro.yaml").read_text(encoding="utf-8") == PROJECT


def test_a_folder_below_a_file_is_named(capsys: pytest.CaptureFixture[str], folder: Path) -> None:
    code, _, err = run(capsys, "demo", str(folder / "shinro.yaml" / "demo"), "--lang", "ja")
    assert code == 1
    assert "S142" in err
    assert "Errno" not in err


@pytest.mark.parametrize("name", ["nope", "story/nope"])
def test_a_folder_that_is_not_there_is_named(capsys: pytest.CaptureFixture[str], folder: Path, name: str) -> None:
    code, out, err = run(capsys, "check", "-p", str(folder / name))
    assert code == 1
    assert f"`{folder / name}`" in out + err


def test_a_file_that_is_not_there_is_told_in_japanese(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    code, _, err = run(capsys, "init", "--from", "nosuch.csv", "--lang", "ja")
    assert code == 1
    assert "ファイルまたはフォルダがありません" in err
