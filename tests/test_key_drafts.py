"""Drafts of files in which an id stands on several rows."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from drafting import MOMENT, drafted, keys, project_of, write
from shinro.run.gathering import gathering
from shinro.run.opening import open_project

DEALS = [f"D{n:02},C{n % 7},2026-0{1 + n % 5}-{1 + n:02},{'受注' if n % 2 else '失注'},100" for n in range(24)]


def key_of(folder: Path, name: str, header: str, lines: Sequence[str]) -> tuple[str | None, bool]:
    made = drafted(folder / "story", write(folder / f"data/{name}.csv", header, lines))
    table = project_of(made).table(name)
    asked = "key_repeats" in keys(made, "ask")
    assert asked == ("repeat the" in made.text)
    return (str(table.key) if table and table.key else None), asked


@pytest.mark.parametrize(
    ("header", "lines", "key"),
    [
        ("案件ID,取引先,作成日,フェーズ,金額", [*DEALS, DEALS[3]], "案件ID"),
        ("番号,取引先,作成日,フェーズ,金額", [*DEALS, DEALS[3]], "番号"),
        ("顧客番号,取引先,作成日,フェーズ,金額", [*DEALS, DEALS[3]], None),
        ("案件ID,取引先,作成日,フェーズ,金額", [*DEALS, *DEALS[:9]], None),
        ("案件ID,取引先,作成日,フェーズ,金額", DEALS, "案件ID"),
    ],
)
def test_an_id_that_a_few_rows_have_twice_is_the_key_and_asked_about(
    header: str, lines: Sequence[str], key: str | None, tmp_path: Path
) -> None:
    assert key_of(tmp_path, "案件", header, lines) == (key, key is not None and len(lines) > len(DEALS))


def test_a_check_of_the_data_then_names_the_rows(tmp_path: Path) -> None:
    key_of(tmp_path, "案件", "案件ID,取引先,作成日,フェーズ,金額", [*DEALS, DEALS[3]])
    with gathering(open_project(tmp_path / "story"), MOMENT) as gathered:
        assert gathered.loads["案件"].rows == 25
        assert gathered.loads["案件"].repeated_keys == 1


def test_so_is_that_of_a_known_export(tmp_path: Path) -> None:
    lines = [
        f"{n},d{n},{'Closed Won' if n % 2 else 'Closed Lost'},2026-05-{n:02},2026-04-{n:02},9" for n in range(1, 21)
    ]
    header = "Record ID,Deal Name,Deal Stage,Close Date,Create Date,Amount"
    made = drafted(tmp_path / "story", write(tmp_path / "data/all.csv", header, [*lines, lines[0]]))
    assert ("key: deal_id" in made.text, keys(made, "ask") >= {"key_repeats"}) == (True, True)
