"""docs/methods/bottleneck.md: its example, run; the text is what comes out."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from shinro.cli import main

PAGE = (Path(__file__).parent.parent / "docs" / "methods" / "bottleneck.md").read_text("utf-8")
(PROJECT,) = re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL)
(SHEET,) = re.findall(r"```csv\n(.*?)```", PAGE, re.DOTALL)
(SHOWN,) = re.findall(r"```text\n(.*?)```", PAGE, re.DOTALL)


def test_the_example_is_what_comes_out(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "120")
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "weeks.csv").write_text(SHEET, encoding="utf-8")
    (tmp_path / "shinro.yaml").write_text(PROJECT, encoding="utf-8")
    with pytest.raises(SystemExit) as done:
        main(["explain", "-p", str(tmp_path), "--as-of", "2026-06-02", "--lang", "en"])
    assert done.value.code in (0, None)
    assert capsys.readouterr().out == SHOWN
