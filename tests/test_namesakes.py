"""Files that are called as if they were a table's, in another form than is read."""

from __future__ import annotations

from pathlib import Path

import pytest

from checking import assert_said
from loading import plan
from shinro.problems import Severity
from shinro.warehouse.namesakes import namesakes
from stories import story


def alike(folder: Path, stem: str, *stems: str) -> list[str]:
    return list(namesakes(plan(folder, stem=stem), stems)[0])


@pytest.mark.parametrize(
    "name",
    [
        "取引_2026年11月23日", "20261123_取引", "2026-11-23_取引", "取引_2026-11-23 (1)",
        "取引_2026-11-23_修正", "取引(最新)", "取引（新）", "取引_2026-13-01",
        "取引 - コピー", "取引のコピー", "取引_v2", "取引_final",
        "取引 copy 2", "取引202611", "旧_取引", "取引_修正版",
        "Copy of 取引", "取引_2026年度",
    ],
)  # fmt: skip
def test_a_day_or_a_version_in_another_form_makes_a_namesake(name: str, tmp_path: Path) -> None:
    for each in ("取引", "取引_2026-05-11", name):
        (tmp_path / f"{each}.csv").write_text("id\n1\n", encoding="utf-8")
    assert alike(tmp_path, "取引", "取引") == [f"{name}.csv"]
    assert alike(tmp_path, "取引", "取引", name) == []  # another table's own
    assert alike(tmp_path, "ない", "取引") == []


@pytest.mark.parametrize(
    "name",
    [
        "取引先",
        "取引履歴",
        "~$取引",
        "取引_2026-05-11",
        "取引.bak",
        "取引_old.md",
        "新規取引",
        "月次取引",
        "news取引",
        "2026-11-23",
    ],
)
def test_other_names_are_other_things(name: str, tmp_path: Path) -> None:
    for each in ("取引.csv", name if name.endswith(("bak", "md")) else f"{name}.csv"):
        (tmp_path / each).write_text("id\n1\n", encoding="utf-8")
    assert alike(tmp_path, "取引", "取引") == []


def test_names_of_months_and_of_years_stay_apart(tmp_path: Path) -> None:
    for each in ("月次", "年次", "Leads", "leads", "20261116_商談", "20261123_商談"):
        (tmp_path / f"{each}.csv").write_text("id\n1\n", encoding="utf-8")
    assert alike(tmp_path, "月次") == []
    assert alike(tmp_path, "leads") == ["Leads.csv"]
    assert alike(tmp_path, "20261116_商談") == ["20261123_商談.csv"]


def test_a_sheet_goes_by_the_name_of_its_workbook(tmp_path: Path) -> None:
    for each in ("plan.xlsx", "plan (1).xlsx"):
        (tmp_path / each).write_bytes(b"")
    assert namesakes(plan(tmp_path, stem="plan.Leads"), ["plan.Leads"]) == (("plan (1).xlsx",), "plan")
    assert alike(tmp_path, "Leads") == []


def test_a_file_that_is_not_read_is_said(tmp_path: Path) -> None:
    with story(tmp_path).gathered() as found:
        assert not [each for each in found.problems if each.code == "L103"]
    (tmp_path / "data" / "deals_2026年5月18日.csv").write_text("id\n1\n", encoding="utf-8")
    with story(tmp_path).gathered() as found:
        (said,) = (each for each in found.problems if each.code == "L103")
        assert found.loads["deals"].files == ("deals.csv",)
    assert said.severity is Severity.WARNING
    args = {key: said.args[key] for key in ("table", "files", "read", "stem")}
    assert args == {"table": "deals", "files": "deals_2026年5月18日.csv", "read": "deals.csv", "stem": "deals"}
    assert_said(said)
