"""Document -> a tagged PDF, set by Typst in fonts of our own. What users wrote is data to it, never markup."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, time
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Literal

import noto_cjk_sans_jp_bold
import noto_cjk_sans_jp_regular
import typst
from rich.cells import cell_len

from shinro.reports.document import Bullets, Document, Grid, Para, Piece, Plot, Section, Statement
from shinro.reports.drawing import draw, tidied
from shinro.reports.forms import drawn
from shinro.reports.forms.cut import FOOT, clipped
from shinro.reports.inert import inert
from shinro.reports.report import Plain
from shinro.reports.words import Words, words

FAMILY = "Noto Sans CJK JP"
FONTS = (FAMILY, "DejaVu Sans Mono", "Libertinus Serif")
ANY_DAY = date(1980, 1, 1)
ACCESSIBLE: Literal["ua-1"] = "ua-1"
COLOURS = {
    "accent": "#2b6d8f", "goal": "#9a5b00", "good": "#176639", "calm": "#1f5f80", "still": "#545e67",
    "ink": "#1b2228", "muted": "#58636d", "line": "#e2e0db", "pale": "#aac5d2",
}  # fmt: skip
PROPERTY = re.compile(r"var\(--(\w+)\)")
LINE, CELL = 64, 20  # letters in a row of which a line, a table's column, holds no more
BROKEN = 8  # letters between two places where a longer word may break
KEY = 60  # columns of a line's name above its chart
WIDTH, LETTER = 481, 0.52  # points between a page's margins; of a column of text, in its size
WIDE = 12  # columns of a table from which it lies on its side
LONG = 600  # columns of a claim's texts from which it may break over pages
SIZES = ((6, 9.0, 6), (10, 8.0, 5), (16, 7.5, 4), (24, 6.0, 3))  # up to so many columns: points, and around a cell


def made(document: Document) -> bytes:
    """The PDF, as PDF/UA-1 where our fonts have all its letters, else with the same tags and no claim.

    Law: the same document, the same bytes; nothing of this machine is read but our own fonts.
    """
    inputs = {"document": json.dumps(_document(document), ensure_ascii=False)}
    stamp = datetime.combine(document.dated or ANY_DAY, time(), UTC)
    try:
        return _set(inputs, stamp, ACCESSIBLE)
    except typst.TypstError:  # a letter that no font has, an emoji say, shows as a box, which the standard refuses
        return _set(inputs, stamp, None)


def _set(inputs: dict[str, str], stamp: datetime, standards: Literal["ua-1"] | None) -> bytes:
    template = files("shinro.reports").joinpath("forms/document.typ").read_bytes()
    compiler = typst.Compiler(template, font_paths=_fonts(), ignore_system_fonts=True, sys_inputs=inputs)
    found = compiler.compile(format="pdf", timestamp=stamp, pdf_standards=standards)
    if not isinstance(found, bytes):
        raise TypeError(type(found))
    return found


@cache
def _fonts() -> typst.Fonts:
    """Our regular and bold, and what Typst carries for letters that they have not; none of the system's."""
    bundled = (noto_cjk_sans_jp_regular.FONT_PATH, noto_cjk_sans_jp_bold.FONT_PATH)
    folders = [Path(str(font)).parent for font in bundled]
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=True, font_paths=folders)


def _document(document: Document) -> Plain:
    said = words(document.lang)
    dated = document.dated or ANY_DAY
    return {
        "lang": document.lang,
        "fonts": FONTS,
        "title": inert(document.title),
        "subtitle": _line(document.subtitle),
        "company": _line(document.company),
        "day": _line(document.day),
        "dated": {"year": dated.year, "month": dated.month, "day": dated.day},
        "foot": _line(clipped(document.foot.replace("`", ""), FOOT)),
        "keywords": [inert(each) for each in document.keywords],
        "words": {"read_with": said.say("form.read_with"), "evidence": said.say("form.evidence")},
        "sections": [_section(section, said) for section in document.sections],
    }


def _section(section: Section, said: Words) -> Plain:
    title = said.say("form.whole", name=said.say("form.appendix"), text=section.title)
    return {
        "title": _line(title if section.appendix else section.title),
        "pieces": list(_pieces(section.pieces, said)) or [{"wide": False, **_piece(Para(""))}],
        "evidence": [_line(each) for each in section.evidence],
    }


def _pieces(pieces: Sequence[Piece], said: Words) -> Iterator[Plain]:
    """The pieces, plots that follow each other two by two."""
    rest = list(pieces)
    while rest:
        piece = rest.pop(0)
        if isinstance(piece, Plot):
            other = [rest.pop(0)] if rest and isinstance(rest[0], Plot) else []
            yield {"wide": False, **_row([piece, *(each for each in other if isinstance(each, Plot))], said)}
        else:
            yield {"wide": False, **_piece(piece)}


def _row(plots: Sequence[Plot], said: Words) -> Plain:
    """One plot over the whole width, or two side by side."""
    size = drawn.PAPER if len(plots) == 1 else drawn.HALF
    drawings = draw(drawn.spec(plot, said.lang, size) for plot in plots)
    return {"kind": "plots", "plots": [_plot(*each, said) for each in zip(plots, drawings, strict=True)]}


def _piece(piece: Para | Bullets | Statement | Grid) -> Plain:
    match piece:
        case Para():
            return {"kind": "para", **_para(piece)}
        case Bullets():
            return {"kind": "bullets", "items": [_para(item) for item in piece.items]}
        case Statement():
            return _statement(piece)
        case Grid():
            return _grid(piece)


def _para(para: Para) -> Plain:
    return {"text": _line(para.text), "tone": para.tone}


def _statement(claim: Statement) -> Plain:
    names = max((min(cell_len(inert(name)), CELL) for name, _ in claim.rests_on), default=0)
    texts = (claim.sentence, claim.badge, *claim.marks, *(each for pair in claim.rests_on for each in pair))
    return {
        "kind": "statement",
        "sentence": _line(claim.sentence),
        "badge": _line(claim.badge),
        "rests_on": [[broken(name, CELL), _line(text)] for name, text in claim.rests_on],
        "names": round(names * 4.5 + 4, 1),
        "marks": [_line(mark) for mark in claim.marks],
        "long": sum(map(cell_len, texts)) > LONG,
    }


def _grid(grid: Grid) -> Plain:
    count = len(grid.columns)
    size, inset = _size(grid)
    limit = max(5, CELL * 8 // max(count, 8))
    return {
        "kind": "grid",
        "title": _line(grid.title),
        "columns": [broken(title, limit) for title in grid.columns],
        "rows": [[{"text": broken(cell.text, limit), "tone": cell.tone} for cell in row] for row in grid.rows],
        "numbers": [_is_number(grid, n) for n in range(count)],
        "size": size,
        "inset": inset,
        "wide": count > WIDE,
        "note": _line(grid.note),
    }


def _size(grid: Grid) -> tuple[float, float]:
    """Points of a table's letters and around its cells: a little less where every text is on one line then."""
    count = len(grid.columns)
    size, inset = next(((size, inset) for most, size, inset in SIZES if count <= most), (5.0, 2))
    every = ((title, *(row[n].text for row in grid.rows)) for n, title in enumerate(grid.columns))
    columns = sum(max(cell_len(inert(text)) for text in texts) for texts in every)
    tries = (size, size - 0.5, size - 1, size - 1.5)
    return next((each for each in tries if columns * each * LETTER + 2 * inset * count <= WIDTH), size), inset


def _is_number(grid: Grid, n: int) -> bool:
    return n > 0 and any(row[n].number is not None for row in grid.rows)


def _plot(plot: Plot, drawing: str, said: Words) -> Plain:
    box, shapes = tidied(drawing)
    painted = PROPERTY.sub(lambda found: COLOURS[found[1]], shapes)
    return {
        "title": _line(plot.title),
        "says": inert(plot.says),
        "svg": f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{box}" font-family="{FAMILY}">{painted}</svg>',
        "keys": [_key(*key) for key in drawn.keys(plot, said)] if len(plot.lines) > 1 or plot.unfinished else [],
        "note": _line(plot.note),
    }


def _key(look: str, name: str) -> Sequence[str]:
    mark, _, colour = look.partition(" of-")
    return (mark, COLOURS[colour or ("pale" if mark == "pale" else "ink")], _line(clipped(name, KEY)))


def _line(text: str) -> str:
    return broken(text, LINE)


def broken(text: str, most: int) -> str:
    """A text whose words of more letters than a line holds may break; shorter ones are left whole, to be copied."""
    plain = inert(text)
    return re.sub(rf"[^\s\u2e80-\U0003fffd]{{{most},}}", _parts, plain)


def _parts(found: re.Match[str]) -> str:
    word = found.group()
    return "\u200b".join(word[n : n + BROKEN] for n in range(0, len(word), BROKEN))
