"""Drafts of files in which an id stands on several rows."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from drafting import MOMENT, drafted, write
from outlining import story, survey
from shinro.run.gathering import gathering
from shinro.run.opening import open_project

DEALS = [f"D{n:02},C{n % 7},2026-0{1 + n % 5}-{1 + n:02},{'受注' if n % 2 else '失注'},100" for n in range(24)]


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
    header: str, lines: Sequence[str], key: str | None
) -> None:
    _, text, project, said = story(survey("案件", header, *lines))
    table = project.table("案件")
    assert table
    assert (str(table.key) if table.key else None) == key
    asked = key is not None and len(lines) > len(DEALS)
    assert ("key_repeats" in said, "# ask: drafts.ask.key_repeats" in text) == (asked, asked)


def test_a_check_of_the_data_then_names_the_rows(tmp_path: Path) -> None:
    file = write(tmp_path / "data/案件.csv", "案件ID,取引先,作成日,フェーズ,金額", [*DEALS, DEALS[3]])
    made = drafted(tmp_path / "story", file)
    with gathering(open_project(made.file.parent), MOMENT) as gathered:
        assert (gathered.loads["案件"].rows, gathered.loads["案件"].repeated_keys) == (25, 1)


def test_so_is_that_of_a_known_export() -> None:
    lines = [
        f"{n},d{n},{'Closed Won' if n % 2 else 'Closed Lost'},2026-05-{n:02},2026-04-{n:02},9" for n in range(1, 21)
    ]
    header = "Record ID,Deal Name,Deal Stage,Closedate,Createdate,Amount"
    _, text, _, said = story(survey("all", header, *lines, lines[0]))
    assert ("key: deal_id" in text, "key_repeats" in said) == (True, True)
