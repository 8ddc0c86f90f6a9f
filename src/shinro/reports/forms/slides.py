"""Document -> slides: real titles, native charts and tables, the evidence in the notes, the foot on every slide."""

from __future__ import annotations

from collections.abc import Iterable
from copy import deepcopy
from datetime import date, datetime, time
from io import BytesIO
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from pptx import Presentation
from pptx.dml.color import RGBColor
from pptx.enum.shapes import MSO_SHAPE
from pptx.enum.text import MSO_ANCHOR, PP_ALIGN
from pptx.opc.oxml import serialize_part_xml
from pptx.oxml import parse_xml
from pptx.oxml.ns import qn
from pptx.util import Pt
from rich.cells import cell_len

from shinro.reports.document import Document, Plot
from shinro.reports.forms import slide_chart, slide_text
from shinro.reports.forms.cut import FOOT, clipped
from shinro.reports.forms.slide_blocks import (
    BETWEEN,
    CAPTION,
    CHART,
    GAP,
    HIGH,
    LEADING,
    LEFT,
    LETTER,
    PAD,
    ROOM,
    SMALL,
    TOP,
    WIDE,
    WIDTH,
    Block,
    Charts,
    Lines,
    Run,
    Sheet,
    height,
)
from shinro.reports.forms.slide_layout import Slide, slides
from shinro.reports.forms.slide_text import DOUBT, DOUBT_TINT, EAST, LANGS, LATIN, RULE
from shinro.reports.inert import inert
from shinro.reports.words import Words, words

ANY_DAY = date(1980, 1, 1)
TITLE_SIZES = (26, 22, 18)
EPOCH = (1980, 1, 1, 0, 0, 0)
TITLE = (LEFT, 30.0, WIDTH, 66.0)
BODY_AT = (LEFT, TOP, WIDTH, ROOM)
FOOT_AT = (LEFT, 502.0, WIDTH - 70, 28.0)
NUMBER = (LEFT + WIDTH - 60, 502.0, 60.0, 28.0)
FIRST_TITLE, FIRST_WORDS = (LEFT + 20, 150.0, WIDTH - 40, 130.0), (LEFT + 20, 290.0, WIDTH - 40, 120.0)
OF_WHOM = 158  # columns of the company and the day below the title
KEPT = ("Title Slide", "Title Only")
PLACES = {
    "title": TITLE,
    "ftr": FOOT_AT,
    "sldNum": NUMBER,
    "ctrTitle": FIRST_TITLE,
    "subTitle": FIRST_WORDS,
    "body": BODY_AT,
}


def made(document: Document) -> bytes:
    """The presentation. Law: the same document, the same bytes."""
    said = words(document.lang)
    show = _blank(document)
    _first(show, document)
    for slide in slides(document, said):
        _slide(show, slide, document, said)
    target = BytesIO()
    show.save(target)
    return _stamped(target)


def _stamped(target: BytesIO) -> bytes:
    """The same file, each part of it of one day: zip writes the clock's."""
    again = BytesIO()
    with ZipFile(target) as before, ZipFile(again, "w", ZIP_DEFLATED) as after:
        for name in before.namelist():
            part = ZipInfo(name, EPOCH)
            part.compress_type = ZIP_DEFLATED
            after.writestr(part, before.read(name))
    return again.getvalue()


def _blank(document: Document) -> Any:  # noqa: ANN401 - python-pptx gives a function's class
    """An empty wide presentation with two layouts, our fonts, and a place for the foot on each."""
    show = Presentation()
    show.slide_width, show.slide_height = Pt(WIDE), Pt(HIGH)
    for layout in [each for each in show.slide_layouts if each.name not in KEPT]:
        show.slide_layouts.remove(layout)
    for page in (show.slide_master, *show.slide_layouts):
        for shape in list(page.placeholders):
            _place(shape)
    for level in show.slide_master.element.iter(qn("a:lvl1pPr")):
        level.set("algn", "l")
    _fonts(show.slide_master.part, document.lang)
    about, day = show.core_properties, datetime.combine(document.dated or ANY_DAY, time())
    about.title, about.subject, about.author = (
        inert(document.title)[:255],
        inert(document.subtitle)[:255],
        inert(document.company)[:255],
    )
    about.keywords, about.language = inert(", ".join(document.keywords))[:255], LANGS[document.lang]
    about.created = about.modified = day
    about.last_modified_by, about.revision = "shinro", 1
    return show


def _place(shape: Any) -> None:  # noqa: ANN401 - a placeholder of any kind
    kind = shape.element.find(f".//{qn('p:ph')}").get("type", "body")
    if kind == "dt":  # a date that changes has no place here
        shape.element.getparent().remove(shape.element)
    elif kind in PLACES:
        shape.left, shape.top, shape.width, shape.height = map(Pt, PLACES[kind])


def _fonts(master: Any, lang: str) -> None:  # noqa: ANN401 - a part
    """The theme's fonts: what a chart, a table and new text take."""
    theme = next(rel.target_part for rel in master.rels.values() if rel.reltype.endswith("/theme"))
    tree = parse_xml(theme.blob)
    for fonts in tree.iter(qn("a:majorFont"), qn("a:minorFont")):
        fonts.find(qn("a:latin")).set("typeface", LATIN[lang])
        fonts.find(qn("a:ea")).set("typeface", EAST)
        for each in fonts.findall(qn("a:font")):
            if each.get("script") == "Jpan":
                each.set("typeface", EAST)
    theme.blob = serialize_part_xml(tree)


def _first(show: Any, document: Document) -> None:  # noqa: ANN401 - the same
    page = show.slides.add_slide(show.slide_layouts.get_by_name("Title Slide"))
    _title(page, document.title, document.lang, FIRST_TITLE, (36, 30, 24, 18))
    below = next(shape for shape in page.placeholders if shape.placeholder_format.idx == 1)
    frame = below.text_frame
    slide_text.plain(frame)
    company = clipped(document.company, OF_WHOM - cell_len(document.day))
    texts = [(clipped(document.subtitle, 240), 18.0), (f"{company}  {document.day}", 14.0)]
    for n, (text, size) in enumerate(each for each in texts if each[0].strip()):
        paragraph = frame.paragraphs[0] if n == 0 else frame.add_paragraph()
        paragraph.alignment = PP_ALIGN.LEFT
        slide_text.write(paragraph, [Run(text, size, "quiet")], document.lang)
    _foot(page, document)
    _notes(page, [document.title, document.subtitle, document.company, document.day, document.foot])


def _title(page: Any, text: str, lang: str, place: tuple[float, float, float, float], sizes: Iterable[float]) -> None:  # noqa: ANN401 - the same
    """The title in the largest size that it fits in; one too long for any is cut, and whole in the notes."""
    _, _, wide, high = place
    every = list(sizes)
    whole = inert(text)
    size = next((each for each in every if height([Run(whole, each)], wide) <= high), every[-1])
    lines = int(high / (size * LEADING))
    frame = page.shapes.title.text_frame
    slide_text.plain(frame, MSO_ANCHOR.BOTTOM)
    shown = clipped(whole, int(lines * wide / (size * LETTER)))
    slide_text.write(frame.paragraphs[0], [Run(shown or " ", size, bold=True)], lang)


def _slide(show: Any, slide: Slide, document: Document, said: Words) -> None:  # noqa: ANN401 - the same
    page = show.slides.add_slide(show.slide_layouts.get_by_name("Title Only"))
    _title(page, slide.title, document.lang, TITLE, TITLE_SIZES)
    top = TOP
    for block in slide.blocks:
        _block(page, block, top, document.lang, said)
        top += block.high + GAP
    _foot(page, document)
    _notes(page, [slide.title, *slide.notes, document.foot])


def _block(page: Any, block: Block, top: float, lang: str, said: Words) -> None:  # noqa: ANN401 - the same
    match block:
        case Lines():
            _lines(page, block, top, lang)
        case Sheet():
            size = (len(block.rows) + 1, len(block.columns))
            frame = page.shapes.add_table(*size, Pt(LEFT), Pt(top), Pt(sum(block.widths)), Pt(block.high))
            slide_text.fill_table(frame.table, block, lang)
            _describe(frame, block.title or block.columns[0])
        case Charts():
            wide = WIDTH if len(block.plots) == 1 else (WIDTH - 20) / 2
            for n, plot in enumerate(block.plots):
                _chart(page, plot, (LEFT + n * (wide + 20), top, wide), lang, said)


def _lines(page: Any, block: Lines, top: float, lang: str) -> None:  # noqa: ANN401 - the same
    at = (Pt(LEFT), Pt(top), Pt(WIDTH), Pt(block.high))
    box = (
        page.shapes.add_shape(MSO_SHAPE.RECTANGLE, *at)
        if block.look in ("card", "mark")
        else page.shapes.add_textbox(*at)
    )
    slide_text.plain(box.text_frame, inside=PAD if block.look == "card" else PAD / 2 if block.look == "mark" else 0)
    if block.look in ("card", "mark"):
        box.element.remove(box.element.find(qn("p:style")))  # the theme's shadow and colours
        box.fill.solid()
        box.fill.fore_color.rgb = RGBColor.from_string("FFFFFF" if block.look == "card" else DOUBT_TINT)
        box.line.color.rgb = RGBColor.from_string(RULE if block.look == "card" else DOUBT)
        box.line.width = Pt(0.75)
    for n, runs in enumerate(block.paragraphs):
        paragraph = box.text_frame.paragraphs[0] if n == 0 else box.text_frame.add_paragraph()
        paragraph.alignment = PP_ALIGN.LEFT
        paragraph.space_after = Pt(BETWEEN)
        if block.look == "bullets":
            _bullet(paragraph)
        slide_text.write(paragraph, runs, lang)


def _bullet(paragraph: Any) -> None:  # noqa: ANN401 - the same
    """A paragraph as an item of a list."""
    looks = paragraph._p.get_or_add_pPr()  # noqa: SLF001 - python-pptx has no door to bullets
    looks.set("marL", "228600")
    looks.set("indent", "-228600")
    looks.append(parse_xml(f'<a:buFont xmlns:a="{slide_text.DRAWING}" typeface="Arial"/>'))
    looks.append(parse_xml(f'<a:buChar xmlns:a="{slide_text.DRAWING}" char="&#8226;"/>'))


def _chart(page: Any, plot: Plot, place: tuple[float, float, float], lang: str, said: Words) -> None:  # noqa: ANN401
    """A chart under its title, what is pale in it and its note below."""
    left, top, wide = place
    _words(page, Run(clipped(plot.title, int(wide / 14 / LETTER * 2)), 14, bold=True), (left, top, wide, CAPTION), lang)
    if plot.places and plot.lines:
        scale, _ = slide_chart.scale_of(plot, said)
        at = (Pt(left), Pt(top + CAPTION), Pt(wide), Pt(CHART))
        frame = page.shapes.add_chart(slide_chart.kind(plot), *at, slide_chart.data(plot, scale))
        slide_chart.dress(frame.chart, plot, said, wide)
        _describe(frame, f"{plot.title}: {plot.says}")
    places = ", ".join(plot.places[n] for n in plot.unfinished)
    notes = [said.say("form.aside", places=places)] if places else []
    notes += [plot.note] if plot.note else []
    if notes:
        most = int(wide / SMALL / LETTER * 2)
        _words(
            page,
            Run(clipped(" · ".join(notes), most), SMALL, "quiet"),
            (left, top + CAPTION + CHART + 4, wide, 40),
            lang,
        )


def _words(page: Any, run: Run, place: tuple[float, float, float, float], lang: str) -> None:  # noqa: ANN401 - the same
    box = page.shapes.add_textbox(*map(Pt, place))
    slide_text.plain(box.text_frame)
    slide_text.write(box.text_frame.paragraphs[0], [run], lang)


def _describe(frame: Any, text: str) -> None:  # noqa: ANN401 - the same
    """What a chart or a table shows, for who cannot see it."""
    frame.element.find(f".//{qn('p:cNvPr')}").set("descr", inert(text))


def _foot(page: Any, document: Document) -> None:  # noqa: ANN401 - the same
    """The foot and the slide's number, in the places that the layout has for them."""
    for shape in page.slide_layout.placeholders:
        kind = shape.element.find(f".//{qn('p:ph')}").get("type")
        if kind in ("ftr", "sldNum"):
            again = deepcopy(shape.element)
            again.find(f".//{qn('p:cNvPr')}").set("id", str(max(each.shape_id for each in page.shapes) + 1))
            page.shapes._spTree.append(again)  # noqa: SLF001 - python-pptx leaves feet out
    foot, number = (shape for shape in page.placeholders if shape.placeholder_format.idx in (11, 12))
    slide_text.plain(foot.text_frame)
    text = clipped(document.foot.replace("`", ""), FOOT)
    size = next((each for each in (9, 8, 7, 6) if height([Run(text, each)], FOOT_AT[2]) <= FOOT_AT[3]), 6)
    foot.text_frame.paragraphs[0].alignment = PP_ALIGN.LEFT
    slide_text.write(foot.text_frame.paragraphs[0], [Run(text, size, "quiet")], document.lang)
    slide_text.plain(number.text_frame)
    number.text_frame.paragraphs[0].alignment = PP_ALIGN.RIGHT
    for looks in number.element.iter(qn("a:rPr")):
        looks.set("sz", "900")


def _notes(page: Any, texts: Iterable[str]) -> None:  # noqa: ANN401 - the same
    """What the speaker reads: each text a paragraph."""
    said = [inert(text) for text in texts if text.strip()]
    page.notes_slide.notes_text_frame.text = "\n".join(said)
