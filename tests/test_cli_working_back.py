"""`plan --back`, `--goal`, `--what-if` and `--save` from outside."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import date, datetime, tzinfo
from pathlib import Path

import pytest

from shinro.cli import main
from shinro.definitions.project import read_project
from shinro.definitions.story import Target

PAGE = (Path(__file__).parent.parent / "docs" / "methods" / "backplan.md").read_text("utf-8")
TEXT, ROWS = (re.findall(rf"```{kind}[^\n]*\n(.*?)```", PAGE, re.DOTALL)[0] for kind in ("yaml", "csv"))
AS_OF = ("--as-of", "2026-01-01")


@pytest.fixture(autouse=True)
def _plain(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("LANG", "LC_ALL", "LANGUAGE", "LC_MESSAGES", "SHINRO_DEBUG", "SHINRO_LANG", "COLUMNS"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr("shinro.cli.speaking.datetime", Clock)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "data").mkdir()
    (tmp_path / "shinro.yaml").write_text(TEXT, "utf-8")
    (tmp_path / "data" / "months.csv").write_text(ROWS, "utf-8")
    return tmp_path


class Clock(datetime):
    """A day of the example's year, whatever day it is."""

    @classmethod
    def now(cls, tz: tzinfo | None = None) -> Clock:
        return cls(2026, 3, 10, 12, tzinfo=tz)


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


def targets(folder: Path) -> Mapping[str, Target]:
    project, problems = read_project((folder / "shinro.yaml").read_text("utf-8"), "shinro.yaml")
    assert problems == ()
    return {str(metric): target for metric, target in project.targets.items()}


def test_saving_is_dated_by_the_real_day_and_writes_nothing_of_the_past(
    capsys: pytest.CaptureFixture[str], folder: Path
) -> None:
    code, out, _ = run(capsys, folder, "--save", "--lang", "en")
    assert (code, "to hold from Mar 10, 2026 on" in out) == (0, True)
    for target in targets(folder).values():
        assert (target.declared, target.planned, min(target.steps)) == (date(2026, 3, 10), True, date(2026, 3, 10))
    text = (folder / "shinro.yaml").read_text("utf-8")
    code, out, _ = run(capsys, folder, "--save", "--lang", "en")
    assert (folder / "shinro.yaml").read_text("utf-8") == text
    assert "Nothing to write" in out


def test_a_plan_of_which_all_has_passed_is_not_saved(capsys: pytest.CaptureFixture[str], folder: Path) -> None:
    before = (folder / "shinro.yaml").read_bytes()
    args = ("--goal", "paid >= 1", "--by", "2026-02-28", "--save")
    code, _, err = run(capsys, folder, *args, "--lang", "en")
    assert (code, "nothing left to save" in err) == (1, True)
    assert (folder / "shinro.yaml").read_bytes() == before


def test_a_driver_that_a_later_plan_lets_be_keeps_no_target_of_an_earlier_one(
    capsys: pytest.CaptureFixture[str], folder: Path
) -> None:
    run(capsys, folder, "--goal", "mrr >= 400000", "--save")
    before = targets(folder)
    run(capsys, folder, "--goal", "mrr >= 1", "--save")
    after = targets(folder)
    left = [metric for metric, target in after.items() if target.is_blank]
    assert left
    for metric in left:
        assert not before[metric].is_blank
        assert after[metric].before[-1].until == date(2026, 3, 10)


def test_a_plan_that_falls_short_says_so_before_it_is_saved(
    capsys: pytest.CaptureFixture[str], folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    args = ("--goal", "paid >= 9999", "--save")
    code, out, err = run(capsys, folder, *args, "--lang", "en")
    assert (code, "does not reach every condition" in err, "Written to" in out) == (0, True, True)
    code, out, _ = run(capsys, folder, *args, "--json")
    assert json.loads(out)["written"]["falls_short"]
    before = (folder / "shinro.yaml").read_bytes()
    monkeypatch.setattr("shinro.cli.working_back._can_answer", lambda: True)
    monkeypatch.setattr("typer.confirm", lambda *_, **__: False)
    code, out, err = run(capsys, folder, "--goal", "paid >= 8888", "--save", "--lang", "en")
    assert (code, "Nothing was written" in err) == (0, True)
    assert (folder / "shinro.yaml").read_bytes() == before


@pytest.mark.parametrize("sure", ["often", "0", "120%"])
def test_what_is_no_probability_is_refused(capsys: pytest.CaptureFixture[str], folder: Path, sure: str) -> None:
    code, _, err = run(capsys, folder, "--sure", sure, "--lang", "en")
    assert code == 2
    assert "no probability" in err
    code, out, _ = run(capsys, folder, "--sure", sure, "--json")
    assert (code, json.loads(out)["problems"][0]["code"]) == (2, "Q171")


@pytest.mark.parametrize(
    "args",
    [
        ("--forecast", "paid", "--save"), ("--forecast", "paid", "--back"), ("--what-if", "arpa x2", "--save"),
        ("--what-if", "arpa x2", "--fewest"), ("--by", "2026-09-30"), ("--back", "--by", "2026-09-30"),
        ("--goal", ""), ("--forecast", " "), ("--sure", ""), ("--goal", "paid >= 20", "--by", ""),
        ("--ahead", "3"), ("--forecast", "paid", "--ahead", "0"), ("--forecast", "paid", "--ahead", "61"),
    ],
)  # fmt: skip
def test_options_that_say_nothing_together_are_refused(
    capsys: pytest.CaptureFixture[str], folder: Path, args: tuple[str, ...]
) -> None:
    code, out, _ = run(capsys, folder, *args, "--json")
    assert (code, [each["code"] for each in json.loads(out)["problems"]]) == (2, ["Q171"])


def test_what_cannot_be_meant_is_refused(capsys: pytest.CaptureFixture[str], folder: Path) -> None:
    wrong = {
        ("--goal", "churn <= 5"): "Q143",
        ("--goal", "paid >= 50%"): "Q143",
        ("--goal", "mrr >= $500"): "Q143",
        ("--goal", "paid = 20"): "Q171",
        ("--goal", "paid >= 20", "--by", "2025-06-30"): "Q171",
        ("--goal", "paid >= 20", "--by", "soon"): "Q129",
        ("--what-if", "paid + 2pt"): "Q143",
        ("--what-if", "conversion + 2"): "Q143",
        ("--what-if", "arpa to $5"): "Q143",
        ("--what-if", "arpa x2 from 2035-01"): "Q171",
        ("--what-if", "arpa x2 from soon"): "Q129",
    }
    for args, code in wrong.items():
        failed, out, _ = run(capsys, folder, *args, "--json")
        assert (args, failed, [each["code"] for each in json.loads(out)["problems"]]) == (args, 1, [code])


def test_a_change_that_cannot_be_made_as_written_says_so(capsys: pytest.CaptureFixture[str], folder: Path) -> None:
    _, out, _ = run(capsys, folder, "--what-if", "conversion + ２００ｐｔ from 2020-01", "--lang", "en")
    assert "that day has passed, so it is supposed from Jan 2026 on" in out
    assert "it can go no farther than 100.0%" in out
    _, out, _ = run(capsys, folder, "--what-if", "conversion + 2pt from 2026-03", "--lang", "en")
    assert "it can go" not in out
    assert "has passed" not in out


def test_a_day_in_japanese_and_wide(capsys: pytest.CaptureFixture[str], folder: Path) -> None:
    code, out, _ = run(capsys, folder, "--goal", "paid ≧ ２０", "--by", "９か月後", "--json")
    assert (code, json.loads(out)["milestones"][-1]["last_day"]) == (0, "2026-09-30")


def test_day_by_day_a_far_milestone_is_refused_before_anything_is_drawn(
    capsys: pytest.CaptureFixture[str], folder: Path
) -> None:
    code, _, err = run(capsys, folder, "--grain", "day", "--lang", "en")
    assert (code, "more than 60 periods away" in err) == (1, True)


def test_a_goal_of_nothing_known_is_told(capsys: pytest.CaptureFixture[str], folder: Path) -> None:
    code, _, err = run(capsys, folder, "--goal", "payed >= 3")
    assert code == 1
    assert "Q140" in err
