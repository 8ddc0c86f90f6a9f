"""The slides: real titles, native charts, Japanese fonts, evidence in the notes, nothing that overflows or acts."""

from __future__ import annotations

from dataclasses import replace
from io import BytesIO
from typing import Any
from zipfile import ZipFile

import pytest
from pptx import Presentation
from pptx.util import Pt

from documents import STRINGS, hostile, rendered, sample, texts
from inertness import acting, read, squeezed
from parts_of_files import CHART, DRAWN, SHOW, cells, inside, parts
from shinro.reports.document import Document, Grid, Para, Section, Value
from shinro.reports.forms.slide_blocks import BOTTOM, GAP, LEADING, LETTER, ROOM, Lines, Run, Sheet, columns, height
from shinro.reports.forms.slide_layout import slides
from shinro.reports.forms.slides import made
from shinro.reports.words import words


@pytest.fixture(scope="module")
def file() -> bytes:
    return rendered("ja", "pptx")


@pytest.fixture(scope="module")
def show(file: bytes) -> Any:
    return Presentation(BytesIO(file))


@pytest.fixture(scope="module")
def harm() -> bytes:
    return rendered("hostile", "pptx")


def test_every_slide_has_a_title_a_foot_and_its_number(show: Any) -> None:
    for slide in show.slides:
        assert slide.shapes.title is not None
        assert slide.shapes.title.text_frame.text.strip()
        kinds = [each.get("type") for each in slide.element.iter(f"{SHOW}ph")]
        assert {"ftr", "sldNum"} <= set(kinds)
        foot = next(shape for shape in slide.placeholders if shape.placeholder_format.idx == 11)
        assert "検証点 4f2a9c8e17d0b63c" in foot.text_frame.text
        own = [shape.shape_id for shape in slide.shapes]
        assert len(set(own)) == len(own)


def test_long_sections_go_on_with_numbers_in_their_titles(show: Any) -> None:
    titles = [slide.shapes.title.text_frame.text for slide in show.slides]
    assert titles[:3] == ["髙﨑𠮷①㈱ 成長の記録", "言えること", "有料契約社数（1/2）"]
    assert sum(title.startswith("顧客の一覧（") for title in titles) == 5


def test_charts_are_native_begin_at_zero_and_mark_what_is_not_final(file: bytes, show: Any) -> None:
    charts = [shape.chart for slide in show.slides for shape in slide.shapes if shape.has_chart]
    assert len(charts) == 4
    assert [chart.value_axis.minimum_scale for chart in charts] == [0, 0, -5000, 0]
    assert charts[0].value_axis.axis_title.text_frame.text == "社"
    assert charts[2].value_axis.axis_title.text_frame.text == "万円"
    paid, target = [series for plot in charts[0].plots for series in plot.series]
    assert list(paid.values) == [3, 3, 4, 5, 5, 6, 8, None, 9, 10, 12, 12, 5]
    assert target.format.line.dash_style is not None
    assert list(charts[0].plots[0].categories)[-1] == "2026年6月*"
    assert paid.points[12].format.fill.fore_color.rgb != paid.format.fill.fore_color.rgb
    looks = parts(file)
    blanks = [each.get("val") for part in looks.values() for each in part.iter(f"{CHART}dispBlanksAs")]
    assert blanks == ["gap"] * 4


def test_the_numbers_behind_a_chart_are_those_it_shows(file: bytes) -> None:
    books = inside(file, ".xlsx")
    assert len(books) == 4
    found = cells(parts(books[0]), 1)
    assert [found[place][1] for place in ("A2", "B1", "C1", "B2", "B14", "C14")] == [
        "2025年6月", "実績", "目標", "3", "5", "14",
    ]  # fmt: skip
    assert "B9" not in found


def test_charts_and_tables_have_their_words(show: Any) -> None:
    frames = [shape for slide in show.slides for shape in slide.shapes if shape.has_chart or shape.has_table]
    said = [shape.element.find(f".//{SHOW}cNvPr").get("descr") for shape in frames]
    assert all(said)
    assert "有料契約社数: 2025年6月の3社から2026年5月の12社まで。2026年1月は不明。" in said


def test_every_run_has_a_japanese_font_and_its_language(file: bytes) -> None:
    looks = parts(file)
    runs = [
        each for name, part in looks.items() if name.startswith("ppt/slides/slide") for each in part.iter(f"{DRAWN}r")
    ]
    assert len(runs) > 400
    for run in runs:
        how = run.find(f"{DRAWN}rPr")
        assert how is not None
        assert [how.find(f"{DRAWN}{kind}").get("typeface") for kind in ("latin", "ea")] == ["Yu Gothic"] * 2  # type: ignore[union-attr]
        assert how.get("lang") == "ja-JP"
    theme = looks["ppt/theme/theme1.xml"]
    assert {each.get("typeface") for each in theme.iter(f"{DRAWN}ea")} == {"Yu Gothic"}


def test_the_evidence_is_in_the_notes(show: Any) -> None:
    notes = show.slides[1].notes_slide.notes_text_frame.text
    for line in (
        "記録 12, 40, 88, 214件目。",
        "節目：半年後:有料10社",
        "計画になかった改善。",
        "検証点 4f2a9c8e17d0b63c",
    ):
        assert line in notes


@pytest.mark.parametrize("document", [sample("ja"), sample("en"), hostile()], ids=["ja", "en", "hostile"])
def test_what_is_on_a_slide_fits_on_it(document: Document) -> None:
    for slide in slides(document, words(document.lang)):
        assert sum(block.high for block in slide.blocks) + GAP * (len(slide.blocks) - 1) <= ROOM + GAP
        assert slide.blocks


@pytest.mark.parametrize("which", ["file", "harm"])
def test_no_shape_stands_outside_its_slide(which: str, request: pytest.FixtureRequest) -> None:
    show = Presentation(BytesIO(request.getfixturevalue(which)))
    for slide in show.slides:
        for shape in slide.shapes:
            assert shape.left >= 0
            assert shape.left + shape.width <= show.slide_width
            assert shape.top + shape.height <= show.slide_height
        tables = [shape for shape in slide.shapes if shape.has_table]
        assert all(shape.top + shape.height <= Pt(BOTTOM + GAP) for shape in tables)


def test_nothing_in_it_acts_and_what_users_wrote_is_there_as_text(harm: bytes) -> None:
    assert acting("pptx", harm) == []
    said = read("pptx", harm)
    assert [text for text in STRINGS if squeezed(text)[:400] not in said] == []


def test_every_part_of_the_file_is_of_one_day(file: bytes) -> None:
    with ZipFile(BytesIO(file)) as found:
        assert {each.date_time for each in found.infolist()} == {(1980, 1, 1, 0, 0, 0)}
    core = parts(file)["docProps/core.xml"]
    assert {each.text for each in core if each.tag.endswith(("created", "modified"))} == {"2026-06-17T00:00:00Z"}


def test_long_texts_are_whole_in_boxes_or_notes() -> None:
    document = sample("en")
    found = parts(rendered("en", "pptx"))
    said = "".join("".join(part.itertext()) for part in found.values()) + "".join(
        value for part in found.values() for each in part.iter() for value in each.attrib.values()
    )
    said = squeezed(said)
    lost = [text for text in texts(document) if squeezed(text.replace("`", "")) not in said]
    assert lost == []


def test_a_paragraph_longer_than_a_slide_goes_on_on_the_next() -> None:
    document = replace(sample("ja"), sections=(Section("長い", (Para("あ" * 4000),)),))
    found = slides(document, words("ja"))
    blocks = [block for slide in found for block in slide.blocks if isinstance(block, Lines)]
    assert len(found) > 2
    assert "".join(run.text for block in blocks for runs in block.paragraphs for run in runs) == "あ" * 4000


def test_a_companys_long_name_leaves_the_day_on_the_first_slide() -> None:
    document = replace(sample("ja"), company="株式会社" * 60, sections=())
    first = Presentation(BytesIO(made(document))).slides[0]
    below = next(shape for shape in first.placeholders if shape.placeholder_format.idx == 1).text_frame.text
    assert below.endswith(f"…  {document.day}")


def test_a_long_word_that_no_line_has_room_for_takes_the_next() -> None:
    """A checkpoint's lines: a word of 45 letters and one of 44 beside it do not share a line of 90."""
    wide = 90 * 16 * LETTER
    assert height([Run("a" * 45, 16)], wide) == 16 * LEADING
    assert height([Run(f"{'a' * 45} {'b' * 44}", 16)], wide) == 2 * 16 * LEADING
    assert height([Run("c" * 180, 16)], wide) == 3 * 16 * LEADING
    assert height([Run("あ" * 45, 16)], wide) == 16 * LEADING
    assert height([Run("あ" * 46, 16)], wide) == 2 * 16 * LEADING


def test_a_date_in_japanese_has_room_where_digits_meet_letters() -> None:
    assert columns("2026年11月27日") == 14 + 5 * 0.5


def test_a_tables_note_stands_with_its_last_rows() -> None:
    """A table that fills its slide, so that its note has no room there."""
    for n in range(8, 24):
        rows = tuple((Value(f"row {each}"), Value("text")) for each in range(n))
        grid = Grid("Cohorts", ("Month", "Value"), rows, "A note. " * 40)
        found = slides(replace(sample("en"), sections=(Section("Cohorts", (grid,)),)), words("en"))
        last = found[-1].blocks
        assert isinstance(last[-2], Sheet)
        assert len(last[-2].rows) >= 2
        assert sum(len(b.rows) for slide in found for b in slide.blocks if isinstance(b, Sheet)) == n
