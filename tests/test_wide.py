"""A row of a wide sheet as a reported metric."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from checking import assert_said
from loading import TODAY
from shinro.definitions.columns import plans
from shinro.definitions.project import read_project
from shinro.loads import Load
from shinro.periods import day_named
from shinro.problems import Problem
from shinro.warehouse.load import load
from shinro.warehouse.session import session

SHEET = '月次KPI,,,\n項目,2026-04,2026年5月,2026/6,備考\nNPS,31,,40,\n会員数,"1,200",１３００,1400円,増\n,,,,\n'


def loaded(folder: Path, text: str, row: str, encoding: str = "utf-8") -> tuple[Load | None, tuple[Problem, ...]]:
    folder.joinpath("kpis.csv").write_bytes(text.encode(encoding))
    yaml = "sources:\n  sheet: {type: files, path: '*.csv'" + (f", encoding: {encoding}" if encoding != "utf-8" else "")
    yaml += f"}}\nmetrics:\n  asked: {{reported: sheet.kpis, row: {row}, every: month}}\n"
    project, problems = read_project(yaml, "shinro.yaml")
    assert problems == ()
    planned, _ = plans(project, str(folder), {})
    return load(planned["asked"], folder / ".shinro", TODAY)


def values(folder: Path, found: Load | None) -> list[tuple[object, ...]]:
    assert found is not None
    with session({"asked": found}, folder / ".shinro") as opened:
        return opened.rows("SELECT date, value FROM asked ORDER BY date")


@pytest.mark.parametrize(
    ("row", "expected"),
    [("NPS", [(4, 31), (6, 40)]), ("会員数", [(4, 1200), (5, 1300), (6, 1400)]), ("ＮＰＳ", [(4, 31), (6, 40)])],
)
def test_a_row_is_read_as_days_and_values(row: str, expected: list[tuple[int, int]], tmp_path: Path) -> None:
    found, problems = loaded(tmp_path, SHEET, row)
    assert problems == ()
    assert values(tmp_path, found) == [(date(2026, month, 1), value) for month, value in expected]


def test_it_is_read_in_the_encoding_of_its_source(tmp_path: Path) -> None:
    found, problems = loaded(tmp_path, SHEET, "会員数", "cp932")
    assert problems == ()
    assert len(values(tmp_path, found)) == 3


def test_another_row_of_a_sheet_is_another_table(tmp_path: Path) -> None:
    first, _ = loaded(tmp_path, SHEET, "NPS")
    second, _ = loaded(tmp_path, SHEET, "会員数")
    assert first is not None
    assert second is not None
    assert first.fingerprint != second.fingerprint


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (SHEET.replace("NPS", "CSAT"), "L111"),
        (SHEET + "NPS,1,2,3\n", "L110"),
        ("項目,春,夏\nNPS,1,2\n", "L113"),
        ("NPS\n", "L113"),
    ],
)
def test_what_is_no_wide_sheet_is_said(text: str, code: str, tmp_path: Path) -> None:
    found, (problem,) = loaded(tmp_path, text, "NPS")
    assert found is None
    assert (problem.code, problem.args["case"]) == (code, "wide" if code == "L113" else "row")
    assert_said(problem)


@pytest.mark.parametrize("head", ["5月", "26/5", "May-26", "R8-5", "令和元年4月"])
def test_a_month_without_a_year_over_a_value_is_not_passed_over(head: str, tmp_path: Path) -> None:
    found, (problem,) = loaded(tmp_path, SHEET.replace("2026年5月", head), "会員数")
    assert found is None
    assert (problem.code, problem.args["case"], problem.args["header"]) == ("L113", "heads", (head,))
    assert_said(problem)
    assert values(tmp_path, loaded(tmp_path, SHEET.replace("2026年5月", head), "NPS")[0])[0] == (date(2026, 4, 1), 31)


def test_headers_of_eras_are_read_and_quarters_beside_them_are_no_months(tmp_path: Path) -> None:
    found, problems = loaded(tmp_path, "項目,令和8年4月,R8.5,2026年6月分,1Q,2026年度\nNPS,31,32,33,96,96\n", "NPS")
    assert problems == ()
    assert values(tmp_path, found) == [(date(2026, month, 1), 27 + month) for month in (4, 5, 6)]


def test_a_cell_that_is_no_number_is_rejected_and_counted(tmp_path: Path) -> None:
    found, problems = loaded(tmp_path, SHEET.replace("40", "たくさん").replace("31,,", "31,33,"), "NPS")
    assert found is not None
    assert (found.rows, found.rejected) == (2, 1)
    assert problems == ()


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2026-04", date(2026, 4, 1)), ("2026/4", date(2026, 4, 1)), ("2026年4月", date(2026, 4, 1)),
        ("２０２６年４月", date(2026, 4, 1)), ("2026-04-30", date(2026, 4, 30)), ("2026年4月30日", date(2026, 4, 30)),
        ("2026.4.3", date(2026, 4, 3)), (" 2026-W19 ", date(2026, 5, 4)), ("2026W1", date(2025, 12, 29)),
        ("2026-13", None), ("2026-02-30", None), ("2026-W60", None), ("April", None), ("備考", None), ("", None),
        ("2026", None), ("26-4", None), ("9999-12", date(9999, 12, 1)), ("R8-4", None), ("S50.4", None),
    ],
)  # fmt: skip
def test_a_period_is_read_as_people_write_it(text: str, day: date | None) -> None:
    assert day_named(text) == day
