"""Amounts in thousands or the like: what a table says of them, how they are read, how a draft tells from the header."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import duckdb
import pytest

from books import book
from checking import assert_said
from judging import problems, with_loads
from shinro.checks.prices import RULES
from shinro.periods import Grain
from shinro.run.values import values
from shinro.units import SAID_IN, stated_in, statement, unit_of
from stories import Story

TEXT = """\
timezone: Asia/Tokyo
currency: JPY
sources: {crm: {type: files, path: data/*}}
tables:
  deals: {from: crm.deals, key: id, time: day, amount: amount, amounts_in: ten thousand}
metrics:
  sales: {sum: deals.amount}
  large: {sum: deals.amount, where: amount >= 500000}
"""


@pytest.mark.parametrize("kind", ["BIGINT", "DOUBLE", "DECIMAL(9, 2)", "VARCHAR", None])
def test_amounts_are_multiplied_as_they_are_read(kind: str | None, tmp_path: Path) -> None:
    story = Story(tmp_path, datetime(2026, 3, 31, tzinfo=UTC))
    story.write("shinro.yaml", TEXT)
    (tmp_path / "data").mkdir()
    if kind is None:
        story.write("data/deals.csv", "id,day,amount\n1,2026-01-05,36\n2,2026-01-06,120\n3,2026-01-31,\n")
    else:
        rows = "(VALUES (1, DATE '2026-01-05', 36), (2, DATE '2026-01-06', 120), (3, DATE '2026-01-31', NULL))"
        path = tmp_path / "data" / "deals.parquet"
        typed = f"SELECT id, day, CAST(amount AS {kind}) AS amount FROM {rows} AS t(id, day, amount)"
        with duckdb.connect() as engine:
            engine.execute(f"COPY ({typed}) TO '{path}' (FORMAT parquet)")
    with story.gathered() as gathered:
        found = values(gathered, ("sales", "large"), Grain.MONTH, ())
        assert not gathered.problems
        assert [each.points[0].value for each in found.series] == [1_560_000, 1_200_000]


def test_a_number_that_would_not_fit_is_left_out_and_said(tmp_path: Path) -> None:
    story = Story(tmp_path, datetime(2026, 3, 31, tzinfo=UTC))
    story.write("shinro.yaml", TEXT)
    story.write("data/deals.csv", f"id,day,amount\n1,2026-01-05,36\n2,2026-01-06,1{'0' * 26}\n3,2026-01-31,1\n")
    with story.gathered() as gathered:
        assert gathered.loads["deals"].rejected == 1


@pytest.mark.parametrize(
    ("header", "unit", "bare"),
    [
        ("金額（万円）", "ten thousand", "金額"),
        ("受注金額(千円)", "thousand", "受注金額"),
        ("売上（税抜・百万円）", "million", "売上"),
        ("売上(単位:億円)", "hundred million", "売上"),
        ("売上_百万円", "million", "売上"),
        ("Amount ($K)", "thousand", "Amount"),
        ("金額（千円・税抜）", "thousand", "金額"),
        ("Sales ($K, net)", "thousand", "Sales"),
        ("Revenue (in millions)", "million", "Revenue"),
        ("Revenue (thousand yen)", "thousand", "Revenue"),
        ("金額（円）", None, "金額（円）"),
        ("金額（千代田支店）", None, "金額（千代田支店）"),
        ("Amount (m)", None, "Amount (m)"),
        ("売上", None, "売上"),
    ],
)
def test_a_header_says_what_its_amounts_are_in(header: str, unit: str | None, bare: str) -> None:
    assert (unit_of(header), SAID_IN.sub("", header)) == (unit, bare)


@pytest.mark.parametrize(
    ("title", "unit"),
    [
        ("単位：千円", "thousand"), ("(単位:百万円)", "million"), ("売上管理表（単位：千円、税抜）", "thousand"),
        ("単位 億円", "hundred million"),
        ("売上管理表（千円）", "thousand"),
        ("月額課金表（千円・税抜）", "thousand"), ("（円、税込）", "major"), ("単位：円", "major"), ("（円）", "major"),
        ("Unit: JPY thousand", "thousand"),
        ("Sales (in millions of yen)", "million"), ("Unit: USD", "major"), ("単位：人", None), ("単位：千人", None),
        ("目標 5千円", None), ("売上管理表", None), ("2026年度", None), ("円グラフ", None),
    ],
)  # fmt: skip
def test_a_title_says_what_amounts_are_in(title: str, unit: str | None) -> None:
    assert stated_in(title) == unit
    assert statement(["売上", title, title]) == (title if unit else "")
    assert statement([title, "単位：十億円"]) == ("" if unit else "単位：十億円")


ROWS = "id,day,amount\n1,2026-01-05,36\n"
BY_HEADER = TEXT.replace("amount: amount", "amount: amount, rename: {金額（千円）: amount}")


@pytest.mark.parametrize(
    ("text", "sheet", "told"),
    [
        (TEXT, f"売上,,（単位：千円）\n{ROWS}", [("（単位：千円）", "thousand", "ten thousand")]),
        (TEXT, f"単位：円\n{ROWS}", [("単位：円", "major", "ten thousand")]),
        (
            TEXT.replace(", amounts_in: ten thousand", ""),
            f"単位：万円\n{ROWS}",
            [("単位：万円", "ten thousand", "major")],
        ),
        (TEXT.replace("ten thousand", "minor"), f"単位：円\n{ROWS}", []),
        (TEXT, f"売上,,（単位：万円）\n{ROWS}", []),
        (TEXT, ROWS, []),
        (TEXT, f"単位：千円,単位：百万円\n{ROWS}", []),
        (
            BY_HEADER,
            f"単位：万円\n{ROWS.replace('amount', '金額（千円）')}",
            [("金額（千円）", "thousand", "ten thousand")],
        ),
    ],
)
def test_a_sheet_in_another_unit_than_declared_is_told(
    text: str, sheet: str, told: list[tuple[str, str, str]], tmp_path: Path
) -> None:
    story = Story(tmp_path, datetime(2026, 3, 31, tzinfo=UTC))
    story.write("shinro.yaml", text)
    story.write("data/deals.csv", sheet)
    with story.gathered() as gathered:
        load = gathered.loads["deals"]
    found = problems(RULES, with_loads(text, {"deals": load}), "D713")
    assert [(each.args["said"], each.args["unit"], each.args["declared"]) for each in found] == told
    assert load.rows == 1


def test_a_workbook_and_a_wide_sheet_say_it_alike(tmp_path: Path) -> None:
    rows: list[list[object]] = [["売上管理表", "", "（単位：千円）"], ["id", "day", "amount"], [1, "2026-01-05", 36]]
    story = Story(tmp_path, datetime(2026, 3, 31, tzinfo=UTC))
    wide = "  payers: {from: crm.payers, wide: true, time: month, amount: paid, entity: 顧客}\nmetrics:"
    story.write("shinro.yaml", TEXT.replace("metrics:", wide) + "  revenue: {recurring: payers}\n")
    story.write("data/payers.csv", "単位：千円,,\n顧客,2026-01,2026-02\n青空,3,4\n")
    book(tmp_path / "data" / "deals.xlsx", rows)
    with story.gathered() as gathered:
        assert {name: load.stated for name, load in gathered.loads.items()} == {
            "deals": "（単位：千円）",
            "payers": "単位：千円",
        }


BOOKS = """\
timezone: Asia/Tokyo
currency: JPY
sources: {crm: {type: files, path: data/*}}
metrics:
  cash: {reported: crm.books, row: 現金, every: month, unit: money}
  people: {reported: crm.books, row: 人数, every: month}
  named: {reported: crm.books, row: 借入（百万円）, every: month, unit: money}
  long: {reported: crm.long, value: 残高, every: month, unit: money}
"""


@pytest.mark.parametrize(
    ("title", "told"),
    [
        ("（単位：千円）", [("cash", "1000"), ("named", "1000000"), ("long", "1000")]),
        ("単位：円", [("named", "1000000")]),
        ("決算", [("named", "1000000")]),
    ],
)
def test_money_that_is_reported_below_a_title_in_thousands_is_told(
    title: str, told: list[tuple[str, str]], tmp_path: Path
) -> None:
    story = Story(tmp_path, datetime(2026, 3, 31, tzinfo=UTC))
    story.write("shinro.yaml", BOOKS)
    story.write("data/books.csv", f"{title},,\n科目,令和8年1月,R8.2\n現金,3,4\n人数,5,6\n借入（百万円）,7,8\n")
    story.write("data/long.csv", f"{title},\ndate,残高\n2026-01-31,5\n")
    with story.gathered() as gathered:
        found = problems(RULES, with_loads(BOOKS, gathered.loads), "D713")
    assert [(each.args["metric"], each.args["times"]) for each in found] == told
    for each in found:
        assert_said(each)
