"""The command line from outside: every command, its exit code, what it prints and what it never prints."""

from __future__ import annotations

import csv
import io
import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any

import pytest
from click import Command, Context, Group
from typer.main import get_command

from shinro.cli import main
from shinro.cli.application import _app
from shinro.demo.exports import exports
from shinro.reports.words import words
from stories import STORY, story

COMMANDS: Mapping[str, tuple[str, ...]] = {
    "check": ("check",),
    "check --data": ("check", "--data", "--as-of", "2026-05-11"),
    "sync": ("sync",),
    "status": ("status",),
    "status --all": ("status", "--all", "--grain", "week"),
    "values": ("values", "won", "win_rate"),
    "values --by": ("values", "won", "--by", "rep", "--grain", "quarter"),
    "sql": ("sql", "win_rate"),
    "sql postgres": ("sql", "open", "--dialect", "postgres", "--by", "rep"),
}
JAPANESE = ("はありません", "ください", "です", "ます")


@pytest.fixture(autouse=True)
def _plain(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("LANG", "LC_ALL", "LANGUAGE", "LC_MESSAGES", "SHINRO_DEBUG", "SHINRO_LANG", "COLUMNS"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return story(tmp_path_factory.mktemp("story")).folder


class Said:
    """What a command said and how it ended."""

    def __init__(self, code: int, out: str, err: str) -> None:
        self.code, self.out, self.err = code, out, err
        assert "Traceback" not in out + err


def run(capsys: pytest.CaptureFixture[str], *args: str) -> Said:
    with pytest.raises(SystemExit) as ended:
        main(args)
    out, err = capsys.readouterr()
    return Said(int(ended.value.code or 0), out, err)


def asked(folder: Path, name: str, *more: str) -> tuple[str, ...]:
    return (*COMMANDS[name], "-p", str(folder), *more)


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_does_its_work_and_ends_with_0(
    capsys: pytest.CaptureFixture[str], folder: Path, name: str
) -> None:
    said = run(capsys, *asked(folder, name))
    assert (said.code, said.err) == (0, "")
    assert said.out.strip()


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_gives_json(capsys: pytest.CaptureFixture[str], folder: Path, name: str) -> None:
    said = run(capsys, *asked(folder, name, "--json"))
    assert (said.code, said.err) == (0, "")
    assert isinstance(json.loads(said.out), dict)


@pytest.mark.parametrize("name", ["check", "sync", "status", "values"])
def test_every_command_speaks_the_language_that_is_asked_for(
    capsys: pytest.CaptureFixture[str], folder: Path, name: str
) -> None:
    english, japanese = (run(capsys, *asked(folder, name, "--lang", lang)) for lang in ("en", "ja"))
    assert english.code == japanese.code == 0
    assert english.out != japanese.out
    assert not any(word in english.out for word in JAPANESE)


def test_the_environment_comes_before_the_project_and_the_option_before_both(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, folder: Path
) -> None:
    wrong = ("values", "wonn", "-p", str(folder))
    monkeypatch.setenv("LANG", "ja_JP.UTF-8")
    assert "won" in run(capsys, *wrong).err
    said, told = run(capsys, *wrong), run(capsys, *wrong, "--lang", "en")
    assert said.err != told.err


def series(said: Said) -> dict[tuple[str, str], list[Any]]:
    return {
        (one["metric"], json.dumps(one.get("segment", {}), ensure_ascii=False)): [p["value"] for p in one["points"]]
        for one in json.loads(said.out)["series"]
    }


def test_values_are_the_same_in_json_csv_and_the_table(capsys: pytest.CaptureFixture[str], folder: Path) -> None:
    found = series(run(capsys, *asked(folder, "values", "--json")))
    (won,) = [values for (metric, _), values in found.items() if metric == "won"]
    assert [int(value) for value in won] == [0, 1, 1]
    said = run(capsys, *asked(folder, "values", "--csv"))
    rows = list(csv.DictReader(io.StringIO(said.out)))
    assert len(rows) == 6
    assert said.err == ""
    assert "50" in run(capsys, *asked(folder, "values")).out


@pytest.mark.parametrize(
    ("args", "code", "words"),
    [
        (("values", "wonn"), 1, ("wonn", "won")),
        (("values", "won", "--by", "office_"), 1, ("office_", "office")),
        (("sql", "winrate"), 1, ("winrate", "win_rate")),
        (("values", "won", "--as-of", "2026-13-01"), 2, ("2026-13-01", "2026-06-30")),
        (("status", "--as-of", "yesterday"), 2, ("yesterday",)),
        (("check", "--data", "--as-of", "2026/04/01"), 2, ("2026/04/01",)),
        (("values", "won", "--grain", "fortnight"), 2, ("fortnight", "month")),
        (("sql", "won", "--dialect", "oracle"), 2, ("oracle", "postgres")),
        (("statu",), 2, ("statu",)),
        (("values",), 2, ("METRICS",)),
        (("status", "--nothing"), 2, ("--nothing",)),
    ],
)
def test_what_cannot_be_done_is_said_on_the_error_stream_with_what_can(
    capsys: pytest.CaptureFixture[str], folder: Path, args: tuple[str, ...], code: int, words: tuple[str, ...]
) -> None:
    said = run(capsys, *args, "-p", str(folder), "--lang", "en")
    assert said.code == code
    assert said.out == ""
    assert all(word in said.err for word in words), said.err


def test_what_stops_a_command_is_json_too_where_json_is_asked_for(
    capsys: pytest.CaptureFixture[str], folder: Path
) -> None:
    said = run(capsys, "values", "wonn", "-p", str(folder), "--json")
    assert said.code == 1
    (problem,) = json.loads(said.out)["problems"]
    assert problem["code"] == "Q140"


@pytest.mark.parametrize("command", ["check", "sync", "status", "sql won", "values won", "check --data"])
def test_without_a_project_every_command_says_where_it_looked(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, command: str
) -> None:
    said = run(capsys, *command.split(), "-p", str(tmp_path), "--lang", "en")
    assert said.code == 1
    assert "S133" in said.out + said.err


def test_errors_end_check_with_1_and_a_table_that_is_not_there_ends_sync_with_1(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    made = story(tmp_path, STORY.replace("count: deals}", "count: dealz}"))
    said = run(capsys, "check", "-p", str(tmp_path), "--json")
    assert (said.code, json.loads(said.out)["failed"]) == (1, True)
    made.write("shinro.yaml", STORY)
    (tmp_path / "data" / "agents.csv").unlink()
    assert run(capsys, "sync", "-p", str(tmp_path)).code == 1


@pytest.mark.parametrize("lang", ["en", "ja"])
def test_a_sync_that_read_no_table_is_not_called_one(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, lang: str
) -> None:
    story(tmp_path)
    for path in (tmp_path / "data").iterdir():
        path.unlink()
    said = run(capsys, "sync", "-p", str(tmp_path), "--lang", lang)
    assert said.code == 1
    assert said.out.splitlines()[0] == {"en": "Nothing was synced", "ja": "同期できませんでした"}[lang]
    assert json.loads(run(capsys, "sync", "-p", str(tmp_path), "--json").out)["as_of"] is None


def test_a_page_explains_a_code_and_a_code_that_there_is_not_gets_a_near_one(
    capsys: pytest.CaptureFixture[str],
) -> None:
    english, japanese = (run(capsys, "check", "--explain", "n101", "--lang", lang) for lang in ("en", "ja"))
    assert "N101" in english.out
    assert english.out != japanese.out
    said = run(capsys, "check", "--explain", "N99")
    assert (said.code, said.out) == (2, "")
    assert "N" in said.err


def test_the_schema_is_json(capsys: pytest.CaptureFixture[str]) -> None:
    assert "$schema" in json.loads(run(capsys, "schema").out)


def test_help_is_in_both_languages(capsys: pytest.CaptureFixture[str]) -> None:
    english, japanese = (run(capsys, "values", "--help", "--lang", lang).out for lang in ("en", "ja"))
    assert english != japanese
    assert "--by" in english
    assert "--by" in japanese


@pytest.mark.parametrize("lang", ["ja", "en"])
def test_no_help_text_of_any_command_shows_a_key(lang: str) -> None:
    def helps(command: Command, name: str) -> Iterator[tuple[str, str]]:
        yield name, command.get_help(Context(command, info_name=name))
        for each in command.commands.values() if isinstance(command, Group) else ():
            yield from helps(each, f"{name} {each.name}")

    told = dict(helps(get_command(_app(words(lang))), "shinro"))
    assert {"shinro explain", "shinro tell story", "shinro add initiative"} <= told.keys()
    assert [name for name, text in told.items() if "cli." in text] == []


def program(
    *args: str, environ: Mapping[str, str] = MappingProxyType({}), stdout: int = subprocess.PIPE
) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "shinro.cli", *args],
        stdout=stdout,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, **environ},
    )


def test_a_reader_that_goes_away_breaks_nothing(folder: Path) -> None:
    process = program("values", "won", "open", "deals", "-p", str(folder), "--grain", "day", "--json")
    assert process.stdout is not None
    process.stdout.close()
    assert process.stderr is not None
    assert process.stderr.read() == ""
    process.stderr.close()
    assert process.wait() == 1


@pytest.mark.parametrize("environ", [{}, {"TERM": "dumb"}])
def test_no_colour_reaches_what_is_no_terminal(folder: Path, environ: dict[str, str]) -> None:
    out, err = program("status", "-p", str(folder), environ=environ).communicate()
    assert "\x1b" not in out + err


@pytest.mark.skipif(sys.platform == "win32", reason="a pseudo-terminal is Unix's")
@pytest.mark.parametrize(("environ", "coloured"), [({}, True), ({"NO_COLOR": "1"}, False)])
def test_colour_reaches_a_terminal_unless_it_is_refused(folder: Path, environ: dict[str, str], coloured: bool) -> None:
    import pty  # noqa: PLC0415 - Unix alone has it

    here, there = pty.openpty()
    process = program("status", "-p", str(folder), environ={"TERM": "xterm-256color", **environ}, stdout=there)
    os.close(there)
    said = b""
    while chunk := _chunk(here):
        said += chunk
    os.close(here)
    process.communicate()
    assert process.returncode == 0
    assert (b"\x1b[" in said) is coloured


def _chunk(terminal: int) -> bytes:
    try:
        return os.read(terminal, 65536)
    except OSError:
        return b""


def test_a_fault_of_our_own_is_one_line_and_ends_with_2(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, folder: Path
) -> None:
    def broken(*_args: object, **_named: object) -> None:
        raise ZeroDivisionError("what we did not foresee")

    monkeypatch.setattr("shinro.run.status.status", broken)
    said = run(capsys, *asked(folder, "status"))
    assert said.code == 2
    assert "ZeroDivisionError: what we did not foresee" in said.err
    monkeypatch.setenv("SHINRO_DEBUG", "1")
    with pytest.raises(ZeroDivisionError):
        main(asked(folder, "status"))


def test_the_demo_twice_keeps_what_was_changed_in_it(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr("shinro.run.demo.exports", lambda last, **_size: exports(last, size=0.1))
    target = tmp_path / "demo"
    first = run(capsys, "demo", str(target), "--lang", "en")
    assert (first.code, first.err) == (0, "")
    project = target / "shinro.yaml"
    changed = project.read_text("utf-8") + "# mine\n"
    project.write_text(changed, "utf-8")
    again = run(capsys, "demo", str(target), "--lang", "en")
    assert (again.code, again.out) == (0, first.out)
    assert project.read_text("utf-8") == changed
