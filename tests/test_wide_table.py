"""A sheet with a row a customer and a column a month, read as what each pays from that month on."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from books import book
from checking import assert_said
from shinro.definitions.project import read_project
from shinro.periods import Grain, is_half_named
from shinro.problems import Place, problem
from shinro.reports.problems import says
from shinro.reports.words import words
from shinro.run.values import values
from stories import Story

TEXT = """\
company: Sora
timezone: Asia/Tokyo
currency: JPY
sources: {sheet: {type: files, path: data/*}}
tables:
  payers:
    {from: sheet.mrr, wide: true, time: month, amount: paid, entity: customer, dimensions: [plan],
     rename: {顧客: customer}}
metrics:
  revenue: {recurring: payers}
"""
SHEET = """\
MRR管理表,,,,,
顧客,plan,2026-01,2026年2月,2026/3,2026-04
青空,pro,"10,000",10000,15000円,
海,basic,,３０００,,
,,,,,
"""


def mrr(folder: Path, by: tuple[str, ...] = ()) -> list[list[object]]:
    story = Story(folder, datetime(2026, 3, 31, tzinfo=UTC))
    story.write("shinro.yaml", TEXT)
    with story.gathered() as gathered:
        found = values(gathered, ("revenue.mrr", "revenue.churned_mrr", "revenue.companies"), Grain.MONTH, by)
        assert not found.problems
        return [[point.value for point in each.points] for each in found.series]


def test_each_cell_is_paid_until_the_next_an_empty_one_is_nothing_and_an_empty_month_is_not_there(
    tmp_path: Path,
) -> None:
    folder = tmp_path / "data"
    folder.mkdir()
    folder.joinpath("mrr.csv").write_text(SHEET, "utf-8")
    assert mrr(tmp_path) == [[10_000, 13_000, 15_000], [0, 0, 3_000], [1, 2, 1]]
    assert len(mrr(tmp_path, ("plan",))) == 6


def test_a_sheet_of_a_workbook_is_read_alike(tmp_path: Path) -> None:
    rows: list[list[object]] = [
        ["顧客", "plan", "2026-01", "2026-02", "2026-03"],
        ["青空", "pro", 100, 200, None],
        ["海", "pro", None, 5, 5],
    ]
    (tmp_path / "data").mkdir()
    book(tmp_path / "data" / "mrr.xlsx", rows)
    assert mrr(tmp_path)[0] == [100, 205, 5]


@pytest.mark.parametrize("key", ["time", "amount"])
def test_it_says_what_its_headers_and_cells_are_called(key: str) -> None:
    told = {"time": "time: month, ", "amount": "amount: paid, "}[key]
    _, problems = read_project(TEXT.replace(told, ""), "shinro.yaml")
    assert [(each.code, each.args["key"]) for each in problems] == [("S112", key)]


def test_a_sheet_without_months_is_told(tmp_path: Path) -> None:
    story = Story(tmp_path, datetime(2026, 3, 31, tzinfo=UTC))
    story.write("shinro.yaml", TEXT)
    story.write("data/mrr.csv", "顧客,plan,January\n青空,pro,100\n")
    with story.gathered() as gathered:
        assert [(each.code, each.args["case"]) for each in gathered.problems] == [("L113", "wide")]


def test_two_rows_of_one_customer_add_up(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    folder.mkdir()
    folder.joinpath("mrr.csv").write_text(
        "顧客,plan,2026-01,2026-02,2026-03\n青空,p,100,100,100\n青空,q,50,50,\n海,p,50,50,50\n", "utf-8"
    )
    assert mrr(tmp_path) == [[200, 200, 150], [0, 0, 0], [2, 2, 2]]


@pytest.mark.parametrize("name", ["合計", "Aプラン 小計", "総計（税抜）", "Grand Total", "7月計"])
def test_a_row_that_sums_up_others_is_nobodys_and_is_said(name: str, tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    text = f"顧客,plan,2026-01,2026-02,2026-03\n青空会計,pro,100,200,\n設計,pro,50,50,\n{name},,150,250,0\n"
    tmp_path.joinpath("data", "mrr.csv").write_text(text, "utf-8")
    assert mrr(tmp_path)[0][:2] == [150, 250]
    assert mrr(tmp_path)[2][:2] == [2, 2]
    story = Story(tmp_path, datetime(2026, 3, 31, tzinfo=UTC))
    with story.gathered() as gathered:
        load = gathered.loads["payers"]
        assert (load.rejected, [each.reason for each in load.rejects]) == (1, ["total"])
        assert str(load.newest) == "2026-02-01"


def test_a_month_without_a_year_is_refused_and_never_taken_for_what_the_customer_is(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    folder.mkdir()
    folder.joinpath("mrr.csv").write_text(SHEET.replace("2026年2月", "2月"), "utf-8")
    story = Story(tmp_path, datetime(2026, 3, 31, tzinfo=UTC))
    story.write("shinro.yaml", TEXT)
    with story.gathered() as gathered:
        found = [(each.code, each.args["case"], each.args["header"]) for each in gathered.problems]
    assert found == [("L113", "heads", ("2月",))]


@pytest.mark.parametrize(("kind", "row"), [("csv", 5), ("xlsx", 8)])
def test_a_row_is_called_by_its_number_in_the_sheet_and_shown_as_it_stands(kind: str, row: int, tmp_path: Path) -> None:
    heads: list[list[object]] = [["月額課金表"], [None], ["顧客", "plan", "2026-01", "2026-02"]]
    body: list[list[object]] = [
        ["青空", "pro", 1, 2],
        [None],
        ["海", "pro", 1, 2],
        ["山", "x", "abc", 5],
        ["合\u3000計", "", 3, 9],
    ]
    story = Story(tmp_path, datetime(2026, 3, 31, tzinfo=UTC))
    story.write("shinro.yaml", TEXT)
    (tmp_path / "data").mkdir()
    if kind == "xlsx":
        book(tmp_path / "data" / "mrr.xlsx", [*heads, *body])
    else:
        lines = [",".join(str(cell or "") for cell in cells) for cells in [*heads, *body]]
        (tmp_path / "data" / "mrr.csv").write_text("\n".join(lines), "utf-8")
    with story.gathered() as gathered:
        (load,) = gathered.loads.values()
    assert [(each.row, each.value) for each in load.rejects] == [(row - 1, "abc"), (row, "合\u3000計")]
    said = says(problem("D703", Place(""), samples=load.rejects, table="mrr", rejected=2, read=5), words("ja"))
    assert f":{row} 顧客 = '合\u3000計'" in said


ROW = "  nps: {reported: sheet.mrr, row: NPS, every: month}\n"
DATABASE = (TEXT + ROW).replace("files, path: data/*", "sqlite, path: data/app.db")


def test_a_sheet_that_is_a_database_is_told_as_what_is_so(tmp_path: Path) -> None:
    story = Story(tmp_path, datetime(2026, 3, 31, tzinfo=UTC))
    story.write("shinro.yaml", DATABASE)
    (tmp_path / "data").mkdir()
    with closing(sqlite3.connect(tmp_path / "data" / "app.db")) as made:
        made.execute('CREATE TABLE mrr (顧客 TEXT, plan TEXT, "2026-01" INTEGER)')
    expected = [("S131", key, "sqlite", line) for key, line in (("wide", 7), ("row", 11))]
    for found in (read_project(DATABASE, "shinro.yaml")[1], story.sync().problems):
        assert [(each.code, each.args["key"], each.args["type"], each.place.line) for each in found] == expected
    for each in found:
        assert_said(each)


def test_a_sheet_in_a_file_that_has_columns_of_its_own_is_told_so(tmp_path: Path) -> None:
    story = Story(tmp_path, datetime(2026, 3, 31, tzinfo=UTC))
    story.write("shinro.yaml", TEXT + ROW)
    story.write("data/mrr.json", '[{"顧客": "青空", "plan": "pro", "2026-01": 100}]')
    problems = story.sync().problems
    assert [(each.code, each.args["case"], each.args["key"]) for each in problems] == [
        ("L105", "across", "wide"),
        ("L105", "across", "row"),
    ]
    assert_said(problems[0])


@pytest.mark.parametrize(
    "header",
    [
        "202606",
        "2026年6月(見込)",
        "2026年6月 実績",
        "2026/6実績",
        "2026年6月★",
        "FY26-06",
        "令和8年6月（速報）",
        "2026-06*",
        "2026/6/1(月)",
        "2026-06-31",
    ],
)
def test_a_month_with_more_beside_it_is_told_and_not_passed_over(header: str) -> None:
    assert is_half_named(header)


@pytest.mark.parametrize(
    "header",
    ["2026-06", "2026-06-30", "202613", "1202606", "2026年度", "前月比", "2026-1Q", "2026", "R8.4", "Plan 2026-06"],
)
def test_what_is_a_month_or_is_none_is_not_told(header: str) -> None:
    assert not is_half_named(header)
