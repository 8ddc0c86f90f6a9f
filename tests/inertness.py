"""Whether a file does anything but show: what acts in it, and whether a text of a user's is in it as a text."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from io import BytesIO
from xml.etree import ElementTree as ET

from markdown_it import MarkdownIt
from pypdf import PdfReader
from pypdf.generic import DictionaryObject, IndirectObject

from parts_of_files import CHART, DRAWN, MAIN, cells, inside, outward, parts
from shinro.reports.forms.markdown import JOINER
from shinro.reports.inert import inert
from shinro.reports.rendering import Form

READER = MarkdownIt("commonmark").enable(["table", "strikethrough"])
BLOCKS = {"heading", "paragraph", "inline", "bullet_list", "list_item", "hr"}
BLOCKS |= {"table", "thead", "tbody", "tr", "th", "td"}
WITHIN = {"text", "text_special", "strong_open", "strong_close", "em_open", "em_close", "softbreak"}
PDF_ACTS = {"/JS", "/JavaScript", "/URI", "/Launch", "/OpenAction", "/AA", "/EmbeddedFile", "/AcroForm", "/Annots"}
SLIDE_ACTS = {"hlinkClick", "hlinkHover", "oleObj", "control", "audioFile", "videoFile", "snd", "timing"}
PARTS_THAT_ACT = re.compile(r"vba|macro|activex|ole|externallink|connection|querytable|hyperlink", re.IGNORECASE)
ELEMENTS = {
    *("html", "head", "meta", "title", "style", "body", "header", "main", "footer", "article", "section", "nav"),
    *("h1", "h2", "h3", "p", "span", "code", "div", "strong", "ul", "ol", "li", "a", "dl", "dt", "dd", "fieldset"),
    *("legend", "input", "label", "caption", "figure", "figcaption", "details", "summary", "table", "thead", "tbody"),
    *("tr", "th", "td", "svg", "g", "path", "line", "rect", "text", "tspan", "circle", "polyline", "desc"),
}


def acting(form: Form, file: bytes) -> list[str]:
    """What acts in a file, or could: empty where there is nothing."""
    return {"html": _page, "pdf": _paper, "pptx": _slides, "xlsx": _sheets, "md": _markdown}[form](file)


def read(form: Form, file: bytes) -> str:
    """All texts of a file, white space left out."""
    if form == "pdf":
        return squeezed("".join(page.extract_text() for page in PdfReader(BytesIO(file)).pages))
    if form == "html":
        return squeezed(_read_page(file).said)
    if form == "md":
        return squeezed(_read_markdown(file))
    found = parts(file)
    if form == "xlsx":
        sheets = sum(name.startswith("xl/worksheets/sheet") for name in found)
        written = (text for n in range(1, sheets + 1) for kind, text in cells(found, n).values() if kind == "s")
        return squeezed("\n".join(map(undone, written)))
    every = (part for name, part in found.items() if "/slides/" in name or "/notesSlides/" in name)
    return squeezed("\n".join("".join(each.itertext()) for part in every for each in part.iter(f"{DRAWN}p")))


def squeezed(text: str) -> str:
    """A text as it is shown, without white space, places to break, and backquotes, which set code apart."""
    return re.sub(r"[\s\u200b`]+", "", inert(text).replace(JOINER, ""))


def undone(text: str) -> str:
    """A shared text as Excel reads it: what looks like an escape is written as one."""
    return re.sub(r"_x([0-9A-Fa-f]{4})_", lambda found: chr(int(found[1], 16)), text)


class _Reading(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[str] = []
        self.said = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in ELEMENTS:
            self.found.append(tag)
        for name, value in attrs:
            if name.startswith("on") or name in ("src", "style", "srcdoc", "action", "formaction"):
                self.found.append(f"{tag} {name}")
            if name == "href" and not (value or "").startswith("#"):
                self.found.append(f"{tag} {name} {value}")

    def handle_data(self, data: str) -> None:
        self.said += data

    def handle_comment(self, data: str) -> None:
        self.found.append(f"comment {data}")


def _read_page(file: bytes) -> _Reading:
    reading = _Reading()
    reading.feed(file.decode())
    return reading


def _page(file: bytes) -> list[str]:
    return _read_page(file).found


def objects(reader: PdfReader) -> list[DictionaryObject]:
    """All dictionaries of a PDF."""
    last = max([*reader.xref_objStm, *(n for table in reader.xref.values() for n in table)])
    found = (reader.get_object(IndirectObject(n, 0, reader)) for n in range(1, last + 1))
    return [each for each in found if isinstance(each, DictionaryObject)]


def _paper(file: bytes) -> list[str]:
    return [name for each in objects(PdfReader(BytesIO(file))) for name in sorted(set(each) & PDF_ACTS)]


def _package(file: dict[str, ET.Element]) -> list[str]:
    return [*outward(file), *(name for name in file if PARTS_THAT_ACT.search(name))]


def _slides(file: bytes) -> list[str]:
    found = parts(file)
    tags = (each.tag.rpartition("}")[2] for part in found.values() for each in part.iter())
    books = (act for book in inside(file, ".xlsx") for act in _sheets(book))
    return [*_package(found), *(tag for tag in tags if tag in SLIDE_ACTS), *books]


def _sheets(file: bytes) -> list[str]:
    """Formulas and links in cells; formulas of charts that lead elsewhere than to cells of our own sheets."""
    found = parts(file)
    own = {each.get("name", "") for each in found["xl/workbook.xml"].iter(f"{MAIN}sheet")}
    cells_ = (
        each.tag for part in found.values() for each in part.iter() if each.tag in (f"{MAIN}f", f"{MAIN}hyperlink")
    )
    said = [each.text or "" for name, part in found.items() if "/charts/" in name for each in part.iter(f"{CHART}f")]
    return [*_package(found), *cells_, *(formula for formula in said if not _leads_to(formula, own))]


def _leads_to(formula: str, own: set[str]) -> bool:
    sheet, _, place = formula.rpartition("!")
    name = sheet[1:-1].replace("''", "'") if sheet.startswith("'") else sheet
    return name in own and re.fullmatch(r"\$[A-Z]+\$\d+(?::\$[A-Z]+\$\d+)?", place) is not None


def _markdown(file: bytes) -> list[str]:
    tokens = READER.parse(file.decode())
    blocks = {re.sub(r"_(?:open|close)$", "", each.type) for each in tokens} - BLOCKS
    within = {each.type for token in tokens for each in token.children or ()} - WITHIN
    linked = re.findall(r"https?://|\bwww\.|@\w|#\d", file.decode())
    return [*sorted(blocks), *sorted(within), *linked]


def _read_markdown(file: bytes) -> str:
    tokens = READER.parse(file.decode())
    return "\n".join("".join(each.content for each in token.children or ()) for token in tokens)
