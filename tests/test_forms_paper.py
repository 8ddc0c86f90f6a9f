"""The PDF: tagged, in fonts of our own, its foot on every page, and nothing in it that acts."""

from __future__ import annotations

import re
from dataclasses import replace
from io import BytesIO

import pytest
from pypdf import PdfReader
from pypdf.generic import BooleanObject, DictionaryObject, StreamObject

from documents import NAMES, hostile, rendered, sample, texts
from inertness import acting, objects, read, squeezed
from shinro.reports.document import Para, Section
from shinro.reports.forms.paper import broken, made


@pytest.fixture(scope="module")
def paper() -> PdfReader:
    return PdfReader(BytesIO(rendered("ja", "pdf")))


@pytest.fixture(scope="module")
def harmed() -> bytes:
    return rendered("hostile", "pdf")


@pytest.fixture(scope="module")
def every(harmed: bytes) -> str:
    """All that is read in it, without white space."""
    return read("pdf", harmed)


def test_it_is_tagged_and_says_its_title_language_and_day(paper: PdfReader) -> None:
    root = paper.root_object
    marked = root["/MarkInfo"].get_object()
    assert isinstance(marked, DictionaryObject)
    assert marked["/Marked"] == BooleanObject(True)
    assert "/StructTreeRoot" in root
    assert str(root["/Lang"]) == "ja"
    about = root["/Metadata"].get_object()
    assert isinstance(about, StreamObject)
    assert b"<pdfuaid:part>1</pdfuaid:part>" in about.get_data()
    assert paper.metadata is not None
    assert paper.metadata.title == f"{NAMES} 成長の記録"
    assert str(paper.metadata["/CreationDate"]) == "D:20260617000000Z"


def test_charts_have_their_words_and_tables_their_heads_in_its_structure(paper: PdfReader) -> None:
    kinds, words = [], []
    for each in objects(paper):
        if each.get("/Type") == "/StructElem" or "/S" in each:
            kinds.append(str(each.get("/S")))
            words.append(str(each.get("/Alt", "")))
    assert {"/H1", "/H2", "/Table", "/TH", "/TD", "/L", "/LI", "/Figure"} <= set(kinds)
    assert any("2025年6月の3社から2026年5月の12社まで" in each for each in words)


def test_every_name_shows_in_fonts_that_are_in_it_and_bold_is_a_font_of_its_own(paper: PdfReader) -> None:
    every = "".join(page.extract_text() for page in paper.pages)
    assert f"{NAMES}渡邉商店" in every
    fonts = {str(each["/BaseFont"]) for each in objects(paper) if each.get("/Type") == "/Font"}
    assert {font.partition("+")[2].removesuffix("-Identity-H") for font in fonts if "NotoSansCJK" in font} == {
        "NotoSansCJKjp-Regular",
        "NotoSansCJKjp-Bold",
    }
    files = [each for each in objects(paper) if each.get("/Type") == "/FontDescriptor"]
    assert all({"/FontFile2", "/FontFile3"} & set(each) for each in files)


def test_the_foot_and_the_number_are_on_every_page_and_long_tables_repeat_their_head(paper: PdfReader) -> None:
    pages = [page.extract_text() for page in paper.pages]
    assert [("4f2a9c8e17d0b63c" in page, f"{n} / {len(pages)}" in page) for n, page in enumerate(pages, start=1)] == [
        (True, True)
    ] * len(pages)
    assert sum("前月比" in page for page in pages) == sum("商事" in page for page in pages) > 1


def test_nothing_in_it_acts_and_no_markup_of_users_is_read(harmed: bytes, every: str) -> None:
    assert acting("pdf", harmed) == []
    for said in (
        '#read("/etc/passwd")',
        "$x$ #let x = 1 *b* _i_ @ref <label> // no",
        "<script>window.ran = 1</script>",
    ):
        assert squeezed(said) in every
    assert "root:" not in every


def test_what_users_wrote_is_there_as_far_as_its_letters_are_in_the_fonts(every: str) -> None:
    plain = [each for each in set(texts(hostile())) if re.fullmatch(r"[ -~\t\r\n\u3040-\u9fff]+", each)]
    assert len(plain) > 50
    lost = [each for each in plain if squeezed(each)[:60] not in every]
    assert lost == []


@pytest.mark.parametrize(
    ("text", "parts"),
    [("a" * 20, 1), ("a" * 64, 8), ("髙" * 200, 1), ("a b " * 40, 1)],
)
def test_only_a_word_that_no_line_holds_may_break(text: str, parts: int) -> None:
    assert len(broken(text, 64).split("\u200b")) == parts


def test_what_the_evidence_is_called_stands_with_its_first_line() -> None:
    """Sections of other lengths, so that one of them would end a page between the two."""
    sections = [Section(f"Part {n}", (Para("Word. " * (20 + 17 * (n % 11))),), ("A line.",)) for n in range(60)]
    pages = PdfReader(BytesIO(made(replace(sample("en"), sections=tuple(sections), foot="Foot")))).pages
    assert len(pages) > 5
    told = [re.sub(r"\s*Foot.*", "", page.extract_text(), flags=re.DOTALL).rstrip() for page in pages]
    assert not [text for text in told if text.endswith("Evidence")]
