"""Report -> text for a terminal of a given width; colour only where asked for, and never alone in saying something."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from rich.cells import cell_len, chop_cells

from shinro.problems import Severity
from shinro.reports.inert import inert
from shinro.reports.report import Block, Cell, Column, Heading, Line, Lines, Report, Table, Tone
from shinro.series import State

GAP = "  "
DOT = " · "
# Codes of ECMA-48 (SGR): a dozen are all that we paint with.
BOLD, DIM, RED, GREEN, YELLOW, CYAN = "1", "2", "31", "32", "33", "36"
STYLES: dict[Tone, str] = {
    State.AHEAD: GREEN,
    State.ON_COURSE: CYAN,
    State.BEHIND: RED,
    State.REACHED: f"{BOLD};{GREEN}",
    State.MISSED: f"{BOLD};{RED}",
    State.INCOMPLETE: DIM,
    State.UNKNOWN: YELLOW,
    Severity.ERROR: RED,
    Severity.WARNING: YELLOW,
    Severity.INFO: CYAN,
    "strong": BOLD,
    "quiet": DIM,
}


def render(report: Report, width: int, *, colour: bool = False) -> str:
    """The report as text, a newline at its end. No line but a source text is wider than `width` columns.

    East Asian characters count two columns. A table that is too wide becomes a few lines a row. What users wrote is
    inert: escapes and control characters are taken out.
    """
    found: list[str] = []
    for block in report.blocks:
        if isinstance(block, Heading) and found:
            found.append("")
        found.extend(_block(block, max(width, 20), colour=colour))
    return "".join(f"{line}\n" for line in found)


def _block(block: Block, width: int, *, colour: bool) -> Iterator[str]:
    match block:
        case Heading(text, level):
            yield from _heading(inert(text), level, width, colour=colour)
        case Lines(found):
            for line in found:
                yield from _line(line, width, colour=colour)
        case Table():
            yield from _table(block, width, colour=colour)


def _heading(text: str, level: int, width: int, *, colour: bool) -> Iterator[str]:
    for line in wrapped(text, width):
        yield _painted(line, "strong", colour=colour)
    if level == 1:
        yield "═" * min(width, cell_len(text))


def _line(line: Line, width: int, *, colour: bool) -> Iterator[str]:
    indent = " " * line.indent
    if line.verbatim:
        yield indent + _painted(inert(line.text).rstrip(), line.tone, colour=colour)
        return
    for part in wrapped(inert(line.text), width - line.indent):
        yield indent + _painted(part, line.tone, colour=colour)


def _table(table: Table, width: int, *, colour: bool) -> Iterator[str]:
    rows = [tuple(Cell(inert(cell.text), cell.tone) for cell in row) for row in table.rows]
    titles = [inert(column.title) for column in table.columns]
    widths = [max(map(cell_len, (title, *(row[n].text for row in rows)))) for n, title in enumerate(titles)]
    if sum(widths) + len(GAP) * (len(widths) - 1) > width:
        for row in rows:
            yield from _card(table.columns, titles, row, width, colour=colour)
        return
    yield _aligned(table.columns, [Cell(title, "quiet") for title in titles], widths, colour=colour)
    for row in rows:
        yield _aligned(table.columns, row, widths, colour=colour)


def _aligned(columns: Iterable[Column], row: Iterable[Cell], widths: Iterable[int], *, colour: bool) -> str:
    return GAP.join(
        _padded(cell, column, width, colour=colour) for column, cell, width in zip(columns, row, widths, strict=True)
    ).rstrip()


def _padded(cell: Cell, column: Column, width: int, *, colour: bool) -> str:
    blank = " " * (width - cell_len(cell.text))
    text = _painted(cell.text, cell.tone, colour=colour)
    return blank + text if column.align == "right" else text + blank


def _card(
    columns: tuple[Column, ...], titles: list[str], row: tuple[Cell, ...], width: int, *, colour: bool
) -> Iterator[str]:
    """A row where there is no room: what is main, then the other cells with their titles."""
    main = [cell for column, cell in zip(columns, row, strict=True) if column.main and cell.text]
    lead = GAP.join(cell.text for cell in main)
    if cell_len(lead) <= width:
        yield GAP.join(_painted(cell.text, cell.tone, colour=colour) for cell in main)
    else:
        yield from wrapped(lead, width)
    rest = [
        cell.text if column.bare else f"{title} {cell.text}"
        for title, column, cell in zip(titles, columns, row, strict=True)
        if not column.main and cell.text
    ]
    for line in _packed(rest, width - len(GAP)):
        yield f"{GAP}{line}"


def _packed(parts: Iterable[str], width: int) -> Iterator[str]:
    """Parts on as few lines as hold them, none torn unless it is wider than a line."""
    line = ""
    for part in parts:
        longer = f"{line}{DOT}{part}" if line else part
        if line and cell_len(longer) > width:
            yield from wrapped(line, width)
            line = part
        else:
            line = longer
    yield from wrapped(line, width)


def wrapped(text: str, width: int) -> Iterator[str]:
    """A text cut into lines of at most so many columns: between words, and anywhere within a word that is wider.

    Japanese is cut anywhere, but no line begins with a mark that closes.
    """
    line = ""
    for piece in PIECES.findall(text):
        if cell_len(line) + cell_len(piece.rstrip()) <= width:
            line += piece
            continue
        if line.strip():
            yield line.rstrip()
        *full, line = chop_cells(piece.lstrip(), width) or [""]
        yield from full
    if line.strip():
        yield line.rstrip()


# A Latin word, or one wide character, with the marks that may not start a line and the blanks after it.
OPENING = r"[（「『【〈《(\[]"
CLOSING = r"[、。，．・：；！？）」』】〉》ー〜…％%)\],.:;!?]"
PIECES = re.compile(rf"\s*{OPENING}*(?:[^\s\u2e80-\uffef]+|[\u2e80-\uffef]){CLOSING}*\s*|\s+")


def _painted(text: str, tone: Tone, *, colour: bool) -> str:
    style = STYLES.get(tone) if colour else None
    return f"\x1b[{style}m{text}\x1b[0m" if style and text else text
