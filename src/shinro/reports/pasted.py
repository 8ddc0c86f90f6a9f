"""Document -> a plain text to paste into a chat: short lines, no tables, nothing that calls anybody.

What a user wrote cannot notify (`@channel`, `<!here>`), nor open a tag; a row of a table is one line.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from shinro.reports.document import Bullets, Document, Grid, Para, Piece, Plot, Section, Statement
from shinro.reports.inert import inert

CALLS = re.compile(r"@(?=\S)|<(?=[!@#/A-Za-z])")
WIDE = {"@": "＠", "<": "＜"}
MARK = {"ja": ("■ ", "・", "／"), "en": ("* ", "- ", " / ")}


def pasted(document: Document) -> str:
    """The document as lines of text, sections apart by a blank line."""
    top = "\n".join(filter(None, (text(document.title), text(document.subtitle))))
    parts = [top, *(_section(each, document.lang) for each in document.sections)]
    return "\n\n".join([*filter(None, parts), text(document.foot)]) + "\n"


def text(words: str) -> str:
    """A text that shows as it is and calls nobody."""
    return CALLS.sub(lambda found: WIDE[found[0]], inert(words))


def _section(section: Section, lang: str) -> str:
    head, _, _ = MARK.get(lang, MARK["en"])
    lines = [f"{head}{text(section.title)}", *(line for piece in section.pieces for line in _piece(piece, lang))]
    return "\n".join(lines)


def _piece(piece: Piece, lang: str) -> Iterator[str]:
    _, bullet, _ = MARK.get(lang, MARK["en"])
    match piece:
        case Para():
            yield text(piece.text)
        case Bullets():
            yield from (f"{bullet}{text(each.text)}" for each in piece.items)
        case Grid():
            yield from _rows(piece, lang)
        case Statement():
            yield f"{bullet}{text(piece.sentence)}"
        case Plot():
            yield f"{bullet}{text(piece.says)}"


def _rows(grid: Grid, lang: str) -> Iterator[str]:
    """A row in a line: its first cell, then each filled cell behind its column's title; a state needs none."""
    _, bullet, between = MARK.get(lang, MARK["en"])
    for row in grid.rows:
        first, *rest = row
        told = [
            text(cell.text) if cell.text[:1] in "▲●▼✓✗…?" else f"{text(title)} {text(cell.text)}"
            for title, cell in zip(grid.columns[1:], rest, strict=True)
            if cell.text
        ]
        yield f"{bullet}{between.join([text(first.text), *told])}"
    if grid.note:
        yield text(grid.note)
