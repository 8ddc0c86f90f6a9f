"""The workbook: texts as texts, numbers as numbers that show as they are told, native charts, nothing that acts."""

from __future__ import annotations

import re
from fractions import Fraction
from xml.etree import ElementTree as ET

import pytest

from documents import NAMES, STRINGS, hostile, rendered, sample, texts
from inertness import acting, undone
from parts_of_files import CHART, MAIN, cells, parts
from shinro.reports.document import Value
from shinro.reports.forms.cells import EXACT, foot, numeral, sheet_names
from shinro.reports.inert import inert
from shinro.reports.rendering import render


@pytest.fixture(scope="module")
def book() -> dict[str, ET.Element]:
    return parts(rendered("ja", "xlsx"))


@pytest.fixture(scope="module")
def harmed() -> dict[str, ET.Element]:
    return parts(rendered("hostile", "xlsx"))


def names(file: dict[str, ET.Element]) -> list[str]:
    return [each.get("name", "") for each in file["xl/workbook.xml"].iter(f"{MAIN}sheet")]


def sheets(file: dict[str, ET.Element]) -> list[ET.Element]:
    return [file[f"xl/worksheets/sheet{n}.xml"] for n in range(1, len(names(file)) + 1)]


def test_there_is_a_sheet_a_section_behind_the_cover(book: dict[str, ET.Element]) -> None:
    assert names(book) == ["表紙", *(section.title for section in sample("ja").sections)]


def test_numbers_are_numbers_and_names_are_texts(book: dict[str, ET.Element]) -> None:
    found = cells(book, 5)
    row = next(place[1:] for place, (_, text) in found.items() if text == f"{NAMES}第10商事")
    assert [found[f"{column}{row}"] for column in "ABCD"] == [
        ("s", f"{NAMES}第10商事"),
        ("n", "12340"),
        ("n", "0.01"),
        ("n", "-20"),
    ]


def test_the_head_of_a_sheets_only_table_stays_in_sight_and_repeats_on_paper(book: dict[str, ET.Element]) -> None:
    panes = [sheet.find(f".//{MAIN}pane") for sheet in sheets(book)]
    assert all(pane is not None and pane.get("state") == "frozen" for pane in panes)
    found = cells(book, 5)
    head = next(int(place[1:]) for place, (_, text) in found.items() if text == "備考")
    assert panes[4] is not None
    assert panes[4].get("ySplit") == str(head)
    titles = {each.get("name"): each.text for each in book["xl/workbook.xml"].iter(f"{MAIN}definedName")}
    assert titles["_xlnm.Print_Titles"] == f"顧客の一覧!${head}:${head}"


def test_the_foot_is_below_every_sheet_in_sight_and_on_paper(book: dict[str, ET.Element]) -> None:
    printed = [sheet.findtext(f".//{MAIN}oddFooter") or "" for sheet in sheets(book)]
    assert all(text.startswith("&L&8 検証点 4f2a9c8e17d0b63c") and text.endswith("&R&8&P / &N") for text in printed)
    for n in range(1, len(printed) + 1):
        assert any("検証点 4f2a9c8e17d0b63c" in text for _, text in cells(book, n).values())


def test_charts_are_native_begin_at_zero_and_read_their_cells(book: dict[str, ET.Element]) -> None:
    charts = [part for name, part in sorted(book.items()) if re.fullmatch(r"xl/charts/chart\d+\.xml", name)]
    assert len(charts) == 4
    mixed = charts[0]
    assert [mixed.find(f".//{CHART}{kind}") is not None for kind in ("barChart", "lineChart")] == [True, True]
    lows = [float(low.get("val", "nan")) for each in charts for low in each.iter(f"{CHART}min")]
    assert lows == [0, 0, -50_000_000, 0]
    assert {f.text.partition("!")[0] for each in charts for f in each.iter(f"{CHART}f") if f.text} == {"有料契約社数"}
    drawn = ET.tostring(book["xl/drawings/drawing1.xml"], "unicode")
    assert "2025年6月の3社から2026年5月の12社まで" in drawn


def test_no_text_is_a_formula_a_link_or_a_number(harmed: dict[str, ET.Element]) -> None:
    assert acting("xlsx", rendered("hostile", "xlsx")) == []
    written = [
        text for n in range(1, len(names(harmed)) + 1) for kind, text in cells(harmed, n).values() if kind == "s"
    ]
    whole = "\n".join(undone(text) for text in written)
    assert [text for text in STRINGS if inert(text) not in whole] == []
    numbers = [
        text for n in range(1, len(names(harmed)) + 1) for kind, text in cells(harmed, n).values() if kind != "s"
    ]
    assert {round(float(text), 2) for text in numbers} <= {-3, 3.5, 333333.33}


@pytest.mark.parametrize("text", ["=cmd|' /C calc'!A0", "Sheet!A1", "=Sheet1!$A$1"])
def test_a_unit_that_looks_like_a_cells_place_is_no_formula(text: str) -> None:
    assert acting("xlsx", render(hostile([text], sections=1), "xlsx")) == []


def test_names_of_sheets_are_such_as_excel_takes_and_no_two_are_alike() -> None:
    found = list(sheet_names([*STRINGS, "A", "a", "history", "", "'x'", "髙" * 40, "😀" * 40]))
    assert len({name.casefold() for name in found}) == len(found)
    for name in found:
        assert 0 < len(name.encode("utf-16-le")) // 2 <= 31
        assert not re.search(r"[\[\]:*?/\\]|^'|'$|^history$", name, re.IGNORECASE)


@pytest.mark.parametrize("text", [*STRINGS, "&" * 300, "&P" * 200])
def test_a_foot_is_short_and_has_no_code_of_a_users(text: str) -> None:
    said = foot(text)
    assert len(said.encode("utf-16-le")) // 2 <= 255
    left = said.removeprefix("&L&8 ").removesuffix("&R&8&P / &N")
    assert "&" not in left.replace("&&", "")


@pytest.mark.parametrize(
    ("cell", "found"),
    [
        (Value("1,234円", Fraction(1234), "money"), (1234.0, '#,##0"円"')),
        (Value("¥1,234.50", Fraction(2469, 2), "money"), (1234.5, '"¥"#,##0.00')),
        (Value("5,270万円", Fraction(52_700_000), "money"), (52_700_000.0, "#,##0")),
        (Value("$1.2M", Fraction(1_200_000), "money"), (1_200_000.0, "#,##0")),
        (Value("18.2%", Fraction(182, 1000), "percent"), (0.182, "#,##0.0%")),
        (Value("+2.1pt", Fraction(21, 1000), "percent"), (2.1, '+#,##0.0"pt";-#,##0.0"pt";#,##0.0"pt"')),
        (Value("9 集計途中", Fraction(9), "count"), (9.0, '#,##0" 集計途中"')),
        (Value("3社→12社", Fraction(12), "count"), (12.0, "#,##0")),
        (Value('9 "x"&P', Fraction(9), "count"), (9.0, '#,##0" x&P"')),
        (Value("–"), None),
        (Value("1e15", Fraction(EXACT)), None),
    ],
)
def test_a_number_shows_as_it_is_told(cell: Value, found: tuple[float, str] | None) -> None:
    assert numeral(cell) == found


def test_every_text_of_a_document_is_in_it_somewhere() -> None:
    found = parts(rendered("en", "xlsx"))
    every = "".join("".join(part.itertext()) for part in found.values()) + "".join(
        value for part in found.values() for each in part.iter() for value in each.attrib.values()
    )
    numbers = {cell.text for cell in valued()}
    lost = [text for text in texts(sample("en")) if text.replace("`", "") not in every and text not in numbers]
    assert lost == []


def valued() -> list[Value]:
    """The cells of the sample that stand as numbers."""
    grids = [piece for section in sample("en").sections for piece in section.pieces if hasattr(piece, "rows")]
    return [cell for grid in grids for row in grid.rows for cell in row if numeral(cell) is not None]
