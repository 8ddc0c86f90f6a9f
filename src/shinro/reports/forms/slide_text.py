"""Words on slides: runs in fonts that hold Japanese, in the language that they are in; tables and boxes of them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from pptx.dml.color import RGBColor
from pptx.enum.text import MSO_ANCHOR, PP_ALIGN
from pptx.oxml import parse_xml
from pptx.oxml.ns import qn
from pptx.util import Pt

from shinro.reports.forms.slide_blocks import LEADING, Run, Sheet
from shinro.reports.forms.slide_table import MARGIN
from shinro.reports.inert import inert

LATIN = {"ja": "Yu Gothic", "en": "Calibri"}
EAST = "Yu Gothic"
LANGS = {"ja": "ja-JP", "en": "en-US"}
INK, MUTED, RULE, DOUBT, DOUBT_TINT, HEAD = "1B2228", "58636D", "D4D7DA", "7A4F00", "FBF0D9", "ECEEF0"
TONES = {"": INK, "strong": INK, "quiet": MUTED, "good": "176639", "bad": "A92A1C", "mark": DOUBT}
DRAWING = "http://schemas.openxmlformats.org/drawingml/2006/main"
NO_STYLE = "{2D5ABB26-0587-4C30-8999-92F81FD0307C}"  # a table without a style or a grid


def write(paragraph: Any, runs: Sequence[Run], lang: str) -> None:  # noqa: ANN401 - python-pptx's own
    """Runs into a paragraph that is empty, its lines as far apart as they were measured, whatever the font."""
    size = max(each.size for each in runs)
    paragraph.line_spacing = Pt(size * LEADING)
    for each in (each for each in runs if each.text):
        run = paragraph.add_run()
        run.text = inert(each.text)
        run.font.size = Pt(each.size)
        run.font.bold = each.bold or each.tone == "strong"
        run.font.color.rgb = RGBColor.from_string(TONES[each.tone])
        speak(run, lang)
    end = parse_xml(f'<a:endParaRPr xmlns:a="{DRAWING}" lang="{LANGS[lang]}" sz="{round(size * 100)}"/>')
    paragraph._p.append(end)  # noqa: SLF001 - an empty paragraph is as high as this says


def speak(run: Any, lang: str) -> None:  # noqa: ANN401 - python-pptx's own
    """A run's fonts, Latin and East Asian, and its language."""
    run.font.name = LATIN[lang]
    looks = run.font._rPr  # noqa: SLF001 - python-pptx knows no East Asian font
    looks.set("lang", LANGS[lang])
    looks.set("altLang", "en-US" if lang == "ja" else "ja-JP")
    looks.find(qn("a:latin")).addnext(parse_xml(f'<a:ea xmlns:a="{DRAWING}" typeface="{EAST}"/>'))


def plain(frame: Any, anchor: MSO_ANCHOR = MSO_ANCHOR.TOP, inside: float = 0) -> None:  # noqa: ANN401 - the same
    """A frame of text that wraps, and keeps its size."""
    frame.word_wrap = True
    frame.vertical_anchor = anchor
    frame.margin_left = frame.margin_right = frame.margin_top = frame.margin_bottom = Pt(inside)


def fill_table(table: Any, sheet: Sheet, lang: str) -> None:  # noqa: ANN401 - the same
    """A table's cells: the head on a ground of its own, thin rules below the rows."""
    looks = table._tbl.tblPr  # noqa: SLF001 - python-pptx has no door to a table's style
    looks.find(qn("a:tableStyleId")).text = NO_STYLE
    for column, width in zip(table.columns, sheet.widths, strict=True):
        column.width = Pt(width)
    for row, high in zip(table.rows, sheet.highs, strict=True):
        row.height = Pt(high)
    for n, title in enumerate(sheet.columns):
        _cell(table.cell(0, n), Run(title, sheet.size, "quiet", bold=True), lang, right=sheet.numbers[n])
        table.cell(0, n).fill.solid()
        table.cell(0, n).fill.fore_color.rgb = RGBColor.from_string(HEAD)
    for at, row in enumerate(sheet.rows, start=1):
        for n, cell in enumerate(row):
            bold = cell.tone in ("strong", "good", "bad")
            _cell(table.cell(at, n), Run(cell.text, sheet.size, cell.tone, bold), lang, right=sheet.numbers[n])


def _cell(cell: Any, run: Run, lang: str, *, right: bool) -> None:  # noqa: ANN401 - the same
    cell.margin_left = cell.margin_right = Pt(MARGIN / 2)
    cell.margin_top = cell.margin_bottom = Pt(3)
    cell.vertical_anchor = MSO_ANCHOR.TOP
    paragraph = cell.text_frame.paragraphs[0]
    paragraph.alignment = PP_ALIGN.RIGHT if right else PP_ALIGN.LEFT
    write(paragraph, [run], lang)
    _rule(cell)


def _rule(cell: Any) -> None:  # noqa: ANN401 - the same
    """A thin line below a cell, before its fill."""
    looks = cell._tc.get_or_add_tcPr()  # noqa: SLF001 - python-pptx has no door to a cell's lines
    line = f'<a:lnB xmlns:a="{DRAWING}" w="6350"><a:solidFill><a:srgbClr val="{RULE}"/></a:solidFill></a:lnB>'
    looks.insert(0, parse_xml(line))
