"""Workbooks: which sheet, where its table begins, what its cells are, and which row a reject names."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import date, datetime, time
from decimal import Decimal
from pathlib import Path

import pytest

from books import CLOCK, DATE, PERCENT, SPAN, Book, Cell, Sheet, book, error, formula, styles_xml
from loading import at, loaded, plan, problem_of, rows
from shinro.problems import CannotGoOn
from shinro.warehouse import again
from shinro.warehouse.apart import read_apart
from shinro.warehouse.cells import cell_text, epoch_text
from shinro.warehouse.engine import Limits
from shinro.warehouse.fingerprint import FORMAT

HEADS: list[object] = ["id", "at", "amount"]
COLUMNS = ("id:text", "at:time", "amount:number")
APRIL = date(2026, 4, 1)


def read(folder: Path, *table: list[object], role: str, **settings: str) -> list[object]:
    """What one column of cells is read as; rejected ones are left out."""
    book(folder / "leads.xlsx", [["n", "x"], *([n, *row] for n, row in enumerate(table))])
    return [row[1] for row in rows(plan(folder, "n:number", f"x:{role}", **settings), folder)]


CELLS: list[tuple[object, str, object]] = [
    (Cell("<v>0.1</v>"), "number", Decimal("0.1")),
    (Cell("<v>0.30000000000000004</v>"), "number", Decimal("0.3")),
    (Cell("<v>1200000.5</v>"), "number", Decimal("1200000.5")),
    (Cell("<v>1E-3</v>"), "number", Decimal("0.001")),
    (Cell("<v>0.125</v>", style=PERCENT), "number", Decimal("0.125")),
    ("12.5%", "number", Decimal("0.125")),
    ("１２万円", "number", 120000),
    (formula("A1*2", "20"), "number", 20),
    ("00123", "text", "00123"),
    (Cell("<v>123.0</v>"), "text", "123"),
    (Cell("<v>1.5</v>"), "text", "1.5"),
    (Cell("<v>12345678901234567</v>"), "text", "12345678901234567"),
    (Cell("<v>12345678901234567</v>"), "number", 12345678901234567),
    (formula('"x"&"y"', "xy", "str"), "text", "xy"),
    (Cell("<is><r><t>展示</t></r><r><t>会</t></r></is>", "inlineStr"), "text", "展示会"),
    (True, "truth", True),
    (Cell("<v>1</v>"), "truth", True),
    ("はい", "truth", True),
    (True, "text", "true"),
    (APRIL, "time", APRIL),
    (APRIL, "text", "2026-04-01"),
    ("2026年4月1日", "time", APRIL),
    ("令和8年4月1日", "time", APRIL),
    (datetime(2026, 4, 1, 9, 5, 6, 250000), "time", at("2026-04-01 09:05:06.25")),  # noqa: DTZ001 - as in a sheet
    (datetime(2026, 4, 1, 23, 59, 59), "time", at("2026-04-01 23:59:59")),  # noqa: DTZ001 - as in a sheet
    (Cell("<v>2026-04-01T09:00:00</v>", "d"), "time", at("2026-04-01 09:00")),
    (Cell("<v>61</v>", style=DATE), "time", date(1900, 3, 1)),
    (time(9, 30), "text", "09:30:00"),
    (Cell("<v>1.5</v>", style=SPAN), "text", "36:00:00"),
    (Cell("<v>0.5</v>", style=CLOCK), "text", "12:00:00"),
]  # fmt: skip


def test_a_cell_is_read_by_what_it_is(tmp_path: Path) -> None:
    """One row, a column a cell."""
    names = [f"c{n}" for n in range(len(CELLS))]
    book(tmp_path / "leads.xlsx", [names, [cell for cell, _, _ in CELLS]])
    [found] = rows(
        plan(tmp_path, *(f"{name}:{role}" for name, (_, role, _) in zip(names, CELLS, strict=True))), tmp_path
    )
    assert list(found) == [expected for _, _, expected in CELLS]
    assert [isinstance(one, bool) for one in found] == [isinstance(expected, bool) for _, _, expected in CELLS]


def test_days_of_the_system_of_1904(tmp_path: Path) -> None:
    Book([Sheet("s", [["x"], [APRIL], [Cell("<v>0</v>", style=DATE)]])], from_1904=True).write(tmp_path / "leads.xlsx")
    assert rows(plan(tmp_path, "x:time"), tmp_path)[:1] == [(APRIL,)]


@pytest.mark.parametrize("code", ['yyyy"年"m"月"d"日"', "[$-411]ge.m.d;@", "m/d;@", "mmm-yy"])
def test_days_in_japanese_forms(tmp_path: Path, code: str) -> None:
    styles = styles_xml().replace("yyyy/m/d", code.replace('"', "&quot;"))
    book(tmp_path / "leads.xlsx", [["x"], [APRIL]], parts={"xl/styles.xml": styles})
    assert rows(plan(tmp_path, "x:time"), tmp_path) == [(APRIL,)]


def test_numbers_keep_their_value_where_a_comma_is_the_decimal_sign(tmp_path: Path) -> None:
    cells: list[list[object]] = [[Cell("<v>1.234</v>")], [Cell("<v>1234</v>")], ["1.234,5"]]
    found = read(tmp_path, *cells, role="number", numbers="1.234,56")
    assert found == [Decimal("1.234"), 1234, Decimal("1234.5")]


def test_the_table_begins_where_its_headers_stand(tmp_path: Path) -> None:
    above: list[list[object]] = [["売上レポート"], [], [None, None, "出力日", APRIL], []]
    table: list[list[object]] = [*above, [None, *HEADS, None, "メモ"], [], [None, "a", APRIL, 1, "aside", "x"], []]
    table.append([None, "b", APRIL, error("#N/A")])
    book(tmp_path / "leads.xlsx", table)
    made = loaded(plan(tmp_path, *COLUMNS), tmp_path)
    assert (made.rows, made.columns) == (1, ("id", "at", "amount", "メモ"))
    assert [(one.row, one.column, one.value, one.reason) for one in made.rejects] == [(9, "amount", "#N/A", "formula")]


def test_a_row_with_nothing_in_the_planned_columns_is_a_row_all_the_same(tmp_path: Path) -> None:
    book(tmp_path / "leads.xlsx", [["id", "memo"], ["a", "x"], [None, "y"], [None, None], ["b"]])
    assert rows(plan(tmp_path, "id:text"), tmp_path) == [("a",), (None,), ("b",)]


def test_headers_that_are_merged_over_two_rows(tmp_path: Path) -> None:
    table: list[list[object]] = [["id", "at", "金額", None], [None, None, "税抜", "amount"], ["a", APRIL, 1, 2]]
    Book([Sheet("s", table, merged=["A1:A2", "B1:B2", "C1:D1"])]).write(tmp_path / "leads.xlsx")
    assert rows(plan(tmp_path, *COLUMNS), tmp_path) == [("a", APRIL, 2)]


def of(*cells: object) -> list[list[object]]:
    return [HEADS, *([cell, APRIL, 1] for cell in cells)]


def test_the_sheet_of_a_file_is_the_one_of_its_name_or_the_first_with_the_headers(tmp_path: Path) -> None:
    past = Sheet("過去", of("old"), hidden=True)
    sheets = [Sheet("表紙", [["営業部"]]), past, Sheet("一覧", of("a")), Sheet("b", of("b"))]
    Book(sheets).write(tmp_path / "leads.xlsx")
    assert [row[0] for row in rows(plan(tmp_path, *COLUMNS), tmp_path)] == ["a"]
    Book([*sheets, Sheet("Leads", of("by name"))]).write(tmp_path / "leads.xlsx")
    assert [row[0] for row in rows(plan(tmp_path, *COLUMNS), tmp_path)] == ["by name"]


def test_a_sheet_of_a_book_is_named_by_the_table(tmp_path: Path) -> None:
    Book([Sheet("a", of("a")), Sheet("商談", of("deal")), Sheet("隠し", of("h"), hidden=True)]).write(
        tmp_path / "b.xlsx"
    )
    for stem, expected in (("商談", "deal"), ("隠し", "h"), ("b.商談", "deal"), ("b", "a")):
        assert [row[0] for row in rows(plan(tmp_path, *COLUMNS, stem=stem), tmp_path)] == [expected]
    Book([Sheet("x", of("x"))]).write(tmp_path / "other.xlsx")
    assert [row[0] for row in rows(plan(tmp_path, *COLUMNS, stem="b.商談"), tmp_path)] == ["deal"]
    assert problem_of(plan(tmp_path, *COLUMNS, stem="商談"), tmp_path).code == "L102"


def test_the_newest_book_and_a_union_of_books(tmp_path: Path) -> None:
    Book([Sheet("商談", of("a", "b"))]).write(tmp_path / "book_2026-05-01.xlsx")
    Book([Sheet("商談", of("b", "c"))]).write(tmp_path / "book_2026-05-08.xlsx")
    planned = plan(tmp_path, *COLUMNS, stem="商談", key="id")
    assert [row[0] for row in rows(planned, tmp_path)] == ["b", "c"]
    union = plan(tmp_path, *COLUMNS, stem="商談", key="id", files="union")
    assert sorted(str(row[0]) for row in rows(union, tmp_path)) == ["a", "b", "c"]


def test_two_tables_of_one_book_are_two_loads_of_one_snapshot(tmp_path: Path) -> None:
    Book([Sheet("a", of("a")), Sheet("b", of("b"))]).write(tmp_path / "book.xlsx")
    first, second = (loaded(plan(tmp_path, *COLUMNS, stem=stem), tmp_path) for stem in "ab")
    assert first.snapshot == second.snapshot
    assert first.fingerprint != second.fingerprint


def test_a_path_of_windows_and_a_long_name_are_no_trouble(tmp_path: Path) -> None:
    folder = tmp_path / ("長い名前 " * 8) / "a & b (1)"
    folder.mkdir(parents=True)
    book(folder / "leads.xlsx", of("a"))
    assert rows(plan(folder, *COLUMNS), tmp_path)[0][0] == "a"


def test_texts_of_values() -> None:
    values = [None, 0.1, -0.0, 1e22, 1e-7, float("inf"), 10**20, b"x", "a\r\nb\rc", date(2026, 4, 1)]
    expected = ["", "0.1", "0", "1" + "0" * 22, "0.0000001", "inf", "1" + "0" * 20, "\ufdd0", "a\nb\nc", "2026-04-01"]
    assert [cell_text(value) for value in values] == expected
    assert (epoch_text(1775001600), epoch_text(1775001600.5)) == ("2026-04-01 00:00:00Z", "2026-04-01 00:00:00.500000Z")
    assert [epoch_text(value) for value in ("x", True, None, 10**30)] == [None] * 4


def ask(module: str, **request: object) -> str:
    planned = plan(Path(), "x:text")
    try:
        return str(read_apart(module, planned, "file", Limits(seconds=1), request))
    except CannotGoOn as stop:
        return stop.problems[0].code


def test_a_process_that_ends_without_an_answer_is_a_damaged_file() -> None:
    assert ask("shinro.warehouse.workbook", path=None) == "L117"


def test_memory_is_looked_at_where_the_system_keeps_no_bound() -> None:
    program = (
        "import time; from shinro.warehouse import confined\n"
        "confined.threading.Thread(target=confined._watch, args=(200 << 20,), daemon=True).start()\n"
        "kept = [b'x' * (50 << 20) for n in range(9)]; time.sleep(9)"
    )
    done = subprocess.run([sys.executable, "-c", program], check=False, timeout=30)
    assert done.returncode == 77


def test_requests_are_json() -> None:
    request = json.dumps({"memory": 1 << 30, "seconds": 5, "path": "nowhere.xlsx"})
    done = subprocess.run(
        [sys.executable, "-m", "shinro.warehouse.workbook"], input=request, capture_output=True, text=True, check=False
    )
    assert (done.returncode == 0, "FileNotFoundError" in done.stderr) == (False, True)


@pytest.mark.parametrize("later", [0, 1, 3])
def test_a_later_format_of_loads_reads_an_old_snapshot_from_its_own_sheet(
    tmp_path: Path, later: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    Book([Sheet("Archive", [["id"], ["old"]]), Sheet("Leads", [["id"], ["a"]])]).write(tmp_path / "plan.xlsx")
    asked = plan(tmp_path, "id:text", stem="plan.Leads")
    made = loaded(asked, tmp_path)
    monkeypatch.setattr(again, "FORMAT", FORMAT + later)
    found = again.inputs_again(asked, tmp_path / ".shinro", made.snapshot, made.fingerprint)
    assert found is not None
    assert [item.sheet for item in found.items] == ["Leads"]
