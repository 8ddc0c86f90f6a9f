"""`plan --back`, `--goal`, `--what-if` and `--save` from outside."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from shinro.cli import main
from shinro.definitions.project import read_project

PAGE = (Path(__file__).parent.parent / "docs" / "methods" / "backplan.md").read_text("utf-8")
TEXT, ROWS = (re.findall(rf"```{kind}[^\n]*\n(.*?)```", PAGE, re.DOTALL)[0] for kind in ("yaml", "csv"))
AS_OF = ("--as-of", "2026-01-01")


@pytest.fixture(autouse=True)
def _plain(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("LANG", "LC_ALL", "LANGUAGE", "LC_MESSAGES", "SHINRO_DEBUG", "SHINRO_LANG", "COLUMNS"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "data").mkdir()
    (tmp_path / "shinro.yaml").write_text(TEXT, "utf-8")
    (tmp_path / "data" / "months.csv").write_text(ROWS, "utf-8")
    return tmp_path


def run(capsys: pytest.CaptureFixture[str], folder: Path, *args: str) -> tuple[int, str, str]:
    with pytest.raises(SystemExit) as ended:
        main(("plan", "-p", str(folder), *AS_OF, *args))
    out, err = capsys.readouterr()
    assert "Traceback" not in out + err
    return int(ended.value.code or 0), out, err


def test_working_back_is_told_and_given_as_json(capsys: pytest.CaptureFixture[str], folder: Path) -> None:
    code, out, err = run(capsys, folder, "--back", "--lang", "en")
    assert (code, err) == (0, "")
    assert "Every condition ahead is reached within the bounds. Effort 5.55" in out
    code, out, _ = run(capsys, folder, "--back", "--json")
    found = json.loads(out)
    assert (code, found["feasible"], found["effort"], found["written"]) == (0, True, 5.5529, None)
    assert found["drivers"][0].keys() >= {"metric", "today", "limit", "levels", "at_milestones"}


def test_one_goal_the_fewest_levers_and_japanese(capsys: pytest.CaptureFixture[str], folder: Path) -> None:
    code, out, _ = run(capsys, folder, "--goal", "paid >= 20", "--by", "+9 months", "--fewest", "--lang", "ja")
    assert code == 0
    assert "範囲の中で、先の条件をすべて満たせます" in out


def test_what_if(capsys: pytest.CaptureFixture[str], folder: Path) -> None:
    code, out, _ = run(
        capsys, folder, "--what-if", "conversion + 10pt from 2026-03", "--what-if", "arpa x2", "--lang", "en"
    )
    assert code == 0
    assert "Paying companies in Dec 2026: 3.4 → 5" in out
    code, out, _ = run(capsys, folder, "--what-if", "conversion + 10pt", "--json")
    assert [each["metric"] for each in json.loads(out)["changes"]] == ["conversion"]


def test_saving(capsys: pytest.CaptureFixture[str], folder: Path) -> None:
    code, out, _ = run(capsys, folder, "--save", "--lang", "en")
    assert code == 0
    assert "Written to" in out
    project, problems = read_project((folder / "shinro.yaml").read_text("utf-8"), "shinro.yaml")
    assert problems == ()
    assert {str(metric) for metric in project.targets} == {"new_trials", "conversion", "churn"}
    code, out, _ = run(capsys, folder, "--save", "--json")
    assert json.loads(out)["written"]["file"].endswith("shinro.yaml")


@pytest.mark.parametrize("sure", ["often", "0", "120%"])
def test_what_is_no_probability_is_refused(capsys: pytest.CaptureFixture[str], folder: Path, sure: str) -> None:
    code, _, err = run(capsys, folder, "--sure", sure, "--lang", "en")
    assert code == 2
    assert "no probability" in err


def test_a_goal_of_nothing_known_is_told(capsys: pytest.CaptureFixture[str], folder: Path) -> None:
    code, _, err = run(capsys, folder, "--goal", "payed >= 3")
    assert code == 1
    assert "Q140" in err
