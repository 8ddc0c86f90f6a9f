"""The tutorial's commands, run in its order on the exports that it names."""

from __future__ import annotations

import io
import re
import shlex
import shutil
from pathlib import Path

import pytest

from drafting import EXPORTS
from shinro.cli import main

PAGE = (Path(__file__).parent.parent / "docs" / "tutorial.md").read_text("utf-8")
BLOCK = re.compile(r"(?:<!-- exit: (\d) -->\n)?```sh\n(.*?)```", re.DOTALL)


def commands() -> list[tuple[int, list[str]]]:
    return [(int(code or 0), shlex.split(line)) for code, block in BLOCK.findall(PAGE) for line in block.splitlines()]


def next_monday(exports: Path) -> None:
    for name in ("hubspot_contacts_en", "hubspot_deals_en"):
        shutil.copy(exports / f"{name}.csv", exports / f"{name}_2026-06-08.csv")


def test_every_command_of_the_tutorial_does_what_the_page_says(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("LANG", "LC_ALL", "LC_MESSAGES", "SHINRO_LANG", "TZ"):
        monkeypatch.delenv(name, raising=False)
    shutil.copytree(EXPORTS, tmp_path / "exports")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("sys.stdin", io.StringIO(""))
    for expected, (program, *args) in commands():
        assert program == "shinro"
        if args[0] == "status" and "2026-06-05" in args:
            next_monday(tmp_path / "exports")
        with pytest.raises(SystemExit) as ended:
            main(args)
        out, err = capsys.readouterr()
        assert int(ended.value.code or 0) == expected, (args, out, err)
        assert "L103" not in out + err
    assert {path.name for path in tmp_path.iterdir()} == {"exports", "story", "story.html", "typed"}


def test_the_tutorial_shows_every_command_that_writes_a_project() -> None:
    shown = {" ".join(args[:2]) for _, (_, *args) in commands()}
    assert {"add kpi", "add target", "add initiative", "add milestone", "enter leads"} <= shown
