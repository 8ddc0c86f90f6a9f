"""Document -> a workbook: texts as texts, numbers as numbers, native charts. No text is a formula or a link."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from fractions import Fraction
from io import BytesIO
from typing import Any, TypeAlias

from rich.cells import cell_len
from xlsxwriter import Workbook

from shinro.reports.document import Bullets, Document, Grid, Para, Piece, Plot, Section, Statement, Value
from shinro.reports.forms import cells, drawn
from shinro.reports.forms.sheet_charts import HIGH, chart
from shinro.reports.inert import inert
from shinro.reports.words import Words, words

ANY_DAY = date(1980, 1, 1)
FONT = "Yu Gothic"
NARROW, WIDEST, PROSE = 9, 40, 96  # columns of text: of a sheet's column, and that prose runs over at least
ROW, TALLEST = 16, 400  # points of a row of one line; of the tallest row
LEAST = 6  # a sheet's columns at least
FROZEN = 12  # a table's head stays in sight where it stands above this row
SIDEWAYS = 6  # columns from which a table's first one stays in sight too
MUTED, DOUBT = "#58636D", "#7A4F00"
Look: TypeAlias = Mapping[str, object]
TONES: Mapping[str, Look] = {
    "": {},
    "strong": {"bold": True},
    "quiet": {"font_color": MUTED},
    "good": {"font_color": "#176639", "bold": True},
    "bad": {"font_color": "#A92A1C", "bold": True},
    "mark": {"font_color": DOUBT, "bg_color": "#FBF0D9"},
}
TITLE: Look = {"bold": True, "font_size": 14}
HEAD: Look = {"bold": True, "font_color": MUTED, "bottom": 1, "text_wrap": True, "valign": "bottom"}
BODY: Look = {"valign": "top", "text_wrap": True}


@dataclass(slots=True)
class Sheet:
    """A sheet that is written from top to bottom. `at` is the next free row; `widths` are its columns' widths."""

    book: Workbook
    formats: dict[tuple[tuple[str, object], ...], Any]
    name: str
    page: Any
    widths: list[float]
    said: Words
    at: int = 0
    heads: list[int] = field(default_factory=list)  # the row under the head of each table

    def format(self, look: Look) -> Any:  # noqa: ANN401 - xlsxwriter ships no types
        """The format of a look, made once a workbook."""
        key = tuple(sorted(look.items()))
        if key not in self.formats:
            self.formats[key] = self.book.add_format(dict(look))
        return self.formats[key]


def made(document: Document) -> bytes:
    """The workbook. Law: the same document, the same bytes."""
    target = BytesIO()
    book = Workbook(target, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    said, formats = words(document.lang), {}  # type: ignore[var-annotated]
    book.formats[0].set_font_name(FONT)
    book.formats[0].set_font_size(10)
    cover = said.say("form.cover")
    titles = [section.title for section in document.sections]
    names = [cover, *cells.sheet_names(titles, [cover])]
    every = [
        Sheet(book, formats, name, book.add_worksheet(name), list(_widths(section)), said)
        for name, section in zip(names, (None, *document.sections), strict=True)
    ]
    _cover(every[0], document, names[1:])
    for sheet, section in zip(every[1:], document.sections, strict=True):
        _section(sheet, section)
    for sheet in every:
        _finish(sheet, document)
    book.set_properties(_properties(document))
    book.close()
    return target.getvalue()


def _properties(document: Document) -> dict[str, object]:
    return {
        "title": cells.text(document.title),
        "subject": cells.text(document.subtitle),
        "author": "shinro",
        "company": cells.text(document.company),
        "keywords": cells.text(", ".join(document.keywords)),
        "created": datetime.combine(document.dated or ANY_DAY, time()),
    }


def _widths(section: Section | None) -> Iterator[float]:
    """The width of each column, so that the texts of every table in it fit; prose has at least `PROSE` in all."""
    found: list[float] = []
    for table in (_texts(piece) for piece in (section.pieces if section else ())):
        for row in table:
            found += [NARROW] * (len(row) - len(found))
            found = [max(old, min(new, WIDEST)) for old, new in zip(found, _sizes(row, found), strict=True)]
    found += [NARROW] * (LEAST - len(found))
    lacking = PROSE - sum(found)
    yield from found[:-1]
    yield found[-1]
    if lacking > 0:
        yield lacking


def _sizes(row: tuple[str, ...], widths: list[float]) -> list[float]:
    return [*(cell_len(inert(text)) * 1.1 + 2 for text in row), *widths[len(row) :]]


def _texts(piece: Piece) -> Iterator[tuple[str, ...]]:
    """The rows of texts that ask for columns of their own."""
    if isinstance(piece, Grid):
        yield piece.columns
        yield from (tuple(map(cells.widest, row)) for row in piece.rows)
    elif isinstance(piece, Plot):
        yield ("", *(f"{line.name} ({piece.unit})" for line in piece.lines))
        for n, place in enumerate(piece.places):
            yield (f"{place} *", *(cells.written(line.values[n], piece) for line in piece.lines))
    elif isinstance(piece, Statement):
        yield from ((name,) for name, _ in piece.rests_on)


def _cover(sheet: Sheet, document: Document, names: Iterable[str]) -> None:
    _say(sheet, document.company, {"font_color": MUTED, "bold": True})
    _say(sheet, document.title, {"bold": True, "font_size": 18})
    _say(sheet, document.day, {"font_color": MUTED})
    _say(sheet, document.subtitle, {})
    sheet.at += 1
    _say(sheet, sheet.said.say("form.contents"), HEAD)
    for name in names:
        _say(sheet, name, {})


def _section(sheet: Sheet, section: Section) -> None:
    _say(sheet, section.title, TITLE)
    for piece in section.pieces:
        _piece(sheet, piece)
    if section.evidence:
        sheet.at += 1
        _say(sheet, sheet.said.say("form.evidence"), HEAD)
        for line in section.evidence:
            _say(sheet, line, TONES["quiet"])


def _finish(sheet: Sheet, document: Document) -> None:
    """The foot in sight and on paper, the widths, what stays in sight, how it prints."""
    if document.foot:
        sheet.at += 1
        _say(sheet, document.foot.replace("`", ""), {"font_color": MUTED, "font_size": 8})
    for n, width in enumerate(sheet.widths):
        sheet.page.set_column(n, n, width, sheet.format({}))
    alone = sheet.heads[0] if len(sheet.heads) == 1 and sheet.heads[0] <= FROZEN else 0
    sheet.page.freeze_panes(alone or 1, 1 if alone and len(sheet.widths) > SIDEWAYS else 0)
    if alone:
        sheet.page.repeat_rows(alone - 1)
    sheet.page.set_landscape()
    sheet.page.set_paper(9)
    sheet.page.fit_to_pages(1, 0)
    sheet.page.set_footer(cells.foot(document.foot.replace("`", "")))
    sheet.page.hide_gridlines(2)


def _say(sheet: Sheet, words_: str, look: Look, first: int = 0) -> None:
    """A text over the sheet's whole width, from a column on, in a row as high as it needs."""
    if not words_:
        return
    size = look.get("font_size", 10)
    columns = sum(sheet.widths[first:]) * 10 / (size if isinstance(size, int) else 10)
    how = sheet.format({**look, **BODY, **_quoted(words_)})
    sheet.page.merge_range(sheet.at, first, sheet.at, len(sheet.widths) - 1, "", how)
    sheet.page.write_string(sheet.at, first, cells.text(words_), how)
    high = cells.lines(words_, columns) * ROW * (size if isinstance(size, int) else 10) / 10
    sheet.page.set_row(sheet.at, min(high, TALLEST))
    sheet.at += 1


def _quoted(words_: str) -> Look:
    """A text that looks like a formula stays a text when its cell is edited."""
    return {"quote_prefix": True} if words_.lstrip()[:1] in ("=", "+", "-", "@", "'") else {}


def _piece(sheet: Sheet, piece: Piece) -> None:
    sheet.at += 1
    match piece:
        case Para():
            _say(sheet, piece.text, TONES[piece.tone])
        case Bullets():
            for item in piece.items:
                _say(sheet, f"・{item.text}" if sheet.said.lang == "ja" else f"• {item.text}", TONES[item.tone])
        case Statement():
            _statement(sheet, piece)
        case Grid():
            _grid(sheet, piece)
        case Plot():
            _plot(sheet, piece)


def _statement(sheet: Sheet, claim: Statement) -> None:
    badge = f" [{claim.badge}]" if claim.badge else ""
    _say(sheet, claim.sentence + badge, {"bold": True, "font_size": 11})
    for name, text in claim.rests_on:
        sheet.page.write_string(
            sheet.at, 0, cells.text(name), sheet.format({**TONES["quiet"], **BODY, **_quoted(name)})
        )
        _say(sheet, text or " ", {}, first=1)
    for mark in claim.marks:
        _say(sheet, sheet.said.say("form.whole", name=sheet.said.say("form.read_with"), text=mark), TONES["mark"])


def _grid(sheet: Sheet, grid: Grid) -> None:
    _say(sheet, grid.title, {"bold": True, "font_size": 11})
    right = [n > 0 and any(row[n].number is not None for row in grid.rows) for n in range(len(grid.columns))]
    for n, title in enumerate(grid.columns):
        look = {
            **HEAD,
            **_quoted(title),
            **({"align": "right"} if right[n] else {"align": "left", "indent": 1} if n else {}),
        }
        sheet.page.write_string(sheet.at, n, cells.text(title), sheet.format(look))
    _tall(sheet, grid.columns)
    sheet.heads.append(sheet.at)
    for row in grid.rows:
        for n, cell in enumerate(row):
            _cell(sheet, n, cell, {"align": "right"} if right[n] else {"align": "left", "indent": 1} if n else {})
        _tall(sheet, [cell.text for cell in row])
    _say(sheet, grid.note, TONES["quiet"])


def _tall(sheet: Sheet, texts: Iterable[str]) -> None:
    """Makes the row as high as its cells need, and goes to the next."""
    high = max(cells.lines(text, width) for text, width in zip(texts, sheet.widths, strict=False))
    sheet.page.set_row(sheet.at, min(high * ROW, TALLEST))
    sheet.at += 1


def _cell(sheet: Sheet, n: int, cell: Value, look: Look) -> None:
    looks = {**BODY, **TONES[cell.tone], **look}
    number = cells.numeral(cell)
    if number is not None:
        sheet.page.write_number(sheet.at, n, number[0], sheet.format({**looks, "num_format": number[1]}))
    elif cell.text:
        sheet.page.write_string(sheet.at, n, cells.text(cell.text), sheet.format({**looks, **_quoted(cell.text)}))


def _plot(sheet: Sheet, plot: Plot) -> None:
    """The plot's numbers, with the chart of them at their right."""
    _say(sheet, plot.title, {"bold": True, "font_size": 11})
    _say(sheet, plot.says, TONES["quiet"])
    top = sheet.at
    for n, title in enumerate(drawn.columns(plot, sheet.said)):
        look = {**HEAD, **_quoted(title), **({"align": "right"} if n else {})}
        sheet.page.write_string(top, n, cells.text(title), sheet.format(look))
    _tall(sheet, drawn.columns(plot, sheet.said))
    for n, place in enumerate(plot.places):
        named = f"{place} *" if n in plot.unfinished else place
        sheet.page.write_string(top + 1 + n, 0, cells.text(named), sheet.format({**BODY, **_quoted(named)}))
    for n, line in enumerate(plot.lines, start=1):
        how = sheet.format({"num_format": cells.cell_format(plot, line.values), "valign": "top"})
        for at, value in enumerate(line.values, start=top + 1):
            _number(sheet, at, n, value, how)
    if plot.places and plot.lines:
        made_of = chart(sheet.book, plot, sheet.name, top)
        about = {"description": cells.text(plot.says), "object_position": 2, "x_offset": 12}
        sheet.page.insert_chart(top, len(plot.lines) + 1, made_of, about)
    sheet.at = top + 1 + max(len(plot.places), HIGH)
    unsure = ", ".join(plot.places[n] for n in plot.unfinished)
    _say(sheet, sheet.said.say("form.aside", places=unsure) if unsure else "", TONES["quiet"])
    _say(sheet, plot.note, TONES["quiet"])


def _number(sheet: Sheet, at: int, n: int, value: Fraction | None, how: Any) -> None:  # noqa: ANN401 - no types
    if value is not None:
        sheet.page.write_number(at, n, float(value), how)
