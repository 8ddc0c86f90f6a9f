"""What a table had when it was read before, and that a part of it which is gone is told."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from checking import assert_said
from loading import TODAY, loading, plan
from shinro.loads import Former, Load, TablePlan
from shinro.warehouse.former import former, lost, whole
from shinro.warehouse.recall import recall, remarks


def asked(folder: Path, days: int) -> TablePlan:
    text = "".join(f"{day},2026-04-{day:02}\n" for day in range(1, days + 1))
    (folder / "leads.csv").write_text(f"id,at\n{text}", encoding="utf-8")
    return plan(folder, "id:text", "at:time", key="id", time="at")


def codes(folder: Path, days: int) -> list[tuple[str, str]]:
    _, problems = loading(asked(folder, days), folder)
    for each in problems:
        assert_said(each)
    return [(each.code, str(each.args.get("case", ""))) for each in problems]


def test_a_file_that_was_replaced_by_a_part_of_it_is_told_until_it_is_whole(tmp_path: Path) -> None:
    said = [codes(tmp_path, days) for days in (20, 10, 10, 12, 21, 20)]
    assert said == [[], [("L145", "back")], [("L145", "back")], [("L145", "back")], [], []]


def test_what_is_recalled_tells_it_too(tmp_path: Path) -> None:
    codes(tmp_path, 20)
    codes(tmp_path, 10)
    made = recall(asked(tmp_path, 10), tmp_path / ".shinro", TODAY)
    assert made is None or [each.code for each in remarks(made, asked(tmp_path, 10))] == ["L145"]


@pytest.mark.parametrize(
    ("rows", "newest", "told"),
    [(75, 20, True), (76, 20, False), (95, 19, True), (96, 19, False), (100, 19, False), (60, None, True)],
)
def test_a_quarter_of_the_rows_is_a_part_or_a_twentieth_where_the_newest_day_went_back(
    rows: int, newest: int | None, told: bool
) -> None:
    before = Former(100, date(2026, 4, 20))
    load = Load("leads", "crm", (), (), "", rows, newest=date(2026, 4, newest) if newest else None)
    assert bool(lost(load, before)) is told
    assert former({"whole": whole(load, before)}) == (before if told else Former(rows, load.newest))
