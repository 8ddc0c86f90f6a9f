"""Amounts in thousands or the like: what a table says of them, how they are read, how a draft tells from the header."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import duckdb
import pytest

from shinro.drafts.words import UNIT, unit_of
from shinro.periods import Grain
from shinro.run.values import values
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
        ("Revenue (in millions)", "million", "Revenue"),
        ("Revenue (thousand yen)", "thousand", "Revenue"),
        ("金額（円）", None, "金額（円）"),
        ("金額（千代田支店）", None, "金額（千代田支店）"),
        ("Amount (m)", None, "Amount (m)"),
        ("売上", None, "売上"),
    ],
)
def test_a_header_says_what_its_amounts_are_in(header: str, unit: str | None, bare: str) -> None:
    assert (unit_of(header), UNIT.sub("", header)) == (unit, bare)
