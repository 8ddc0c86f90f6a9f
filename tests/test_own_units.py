"""Cells that say their own unit, in a column that says another: 30万円 below 金額（千円）."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from judging import problems, with_loads
from shinro.checks.data import RULES
from shinro.periods import Grain
from shinro.reports.words import words
from shinro.run.values import values
from stories import Story

TEXT = """\
timezone: Asia/Tokyo
currency: JPY
sources: {crm: {type: files, path: data/*}}
tables:
  deals: {from: crm.deals, key: id, time: day, amount: amount, amounts_in: thousand}
metrics:
  sales: {sum: deals.amount}
"""


def told(tmp_path: Path, *cells: str) -> Story:
    story = Story(tmp_path, datetime(2026, 3, 31, tzinfo=UTC))
    story.write("shinro.yaml", TEXT)
    rows = [f'{n},2026-01-0{n},"{cell}"\n' for n, cell in enumerate(cells, 1)]
    story.write("data/deals.csv", "".join(["id,day,amount\n", *rows]))
    return story


@pytest.mark.parametrize("cell", ["30万円", "300千円", "300,000円", "３０万", "¥30万", "+300000円"])
def test_a_cell_that_says_its_own_unit_is_in_that(cell: str, tmp_path: Path) -> None:
    with told(tmp_path, "120", cell, "1,500").gathered() as gathered:
        (series,) = values(gathered, ("sales",), Grain.MONTH, ()).series
        assert series.points[0].value == 1_620_000 + 300_000


def test_brackets_and_minus_go_with_an_own_unit(tmp_path: Path) -> None:
    with told(tmp_path, "1", "(2千円)", "▲3,000円").gathered() as gathered:
        (series,) = values(gathered, ("sales",), Grain.MONTH, ()).series
        assert series.points[0].value == -4000


def test_signs_before_all_cells_are_how_the_column_is_shown(tmp_path: Path) -> None:
    with told(tmp_path, "¥300", "¥1,500", "0", "").gathered() as gathered:
        (series,) = values(gathered, ("sales",), Grain.MONTH, ()).series
        assert series.points[0].value == 1_800_000


def test_of_a_sign_before_some_cells_alone_nobody_can_tell_the_unit(tmp_path: Path) -> None:
    with told(tmp_path, "300", "1,500", "¥300,000").gathered() as gathered:
        assert [(each.value, each.reason) for each in gathered.loads["deals"].rejects] == [("¥300,000", "unit")]
        assert len(problems(RULES, with_loads(TEXT, gathered.loads), "D703")) == 1
    assert words("en").say("reject.unit") != words("ja").say("reject.unit")
