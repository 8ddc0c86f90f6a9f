"""Document -> slides as values: what stands on each, and where a long part goes on."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import accumulate

from shinro.reports.document import Bullets, Document, Grid, Para, Piece, Plot, Section, Statement
from shinro.reports.forms.slide_blocks import GAP, ROOM, Block, Charts, Lines, Sheet, paired, statement, texts
from shinro.reports.forms.slide_table import tables
from shinro.reports.words import Words

ROWS = 2  # of a table, at least, under its head at a slide's end


@dataclass(frozen=True, slots=True)
class Slide:
    """A slide: its title, its blocks from top to bottom, and what its speaker reads."""

    title: str
    blocks: tuple[Block, ...]
    notes: tuple[str, ...]


def slides(document: Document, said: Words) -> tuple[Slide, ...]:
    """The slides after the first. Law: the blocks of each fit it, and no text is lost between box and notes."""
    return tuple(slide for section in document.sections for slide in _section(section, said))


def _section(section: Section, said: Words) -> Iterator[Slide]:
    title = section.title
    if section.appendix:
        title = said.say("form.whole", name=said.say("form.appendix"), text=title)
    found = list(_pages(block for piece in paired(section.pieces) for block in _blocks(piece, said)))
    for n, page in enumerate(found or [[]], start=1):
        named = said.say("form.continued", title=title, n=n, of=len(found)) if len(found) > 1 else title
        told = [line for block in page for line in block.notes]
        yield Slide(named, tuple(page), (*told, *(section.evidence if n == 1 else ())))


def _blocks(piece: Piece | Charts, said: Words) -> Iterator[Block]:
    match piece:
        case Charts():
            yield piece
        case Para():
            yield from texts([piece], {"mark": "mark", "strong": "head"}.get(piece.tone, ""))
        case Bullets():
            yield from texts(piece.items, "bullets")
        case Statement():
            yield statement(piece, said)
        case Grid():
            yield from tables(piece)
        case Plot():
            yield Charts((piece,))


def _pages(blocks: Iterable[Block]) -> Iterator[list[Block]]:
    """Blocks over slides: tables and lists fill what is left, anything else goes on whole, a head with what follows."""
    page: list[Block] = []
    left, waiting = ROOM, list(blocks)
    while waiting:
        block = waiting.pop(0)
        if block.high + _with(block, waiting) <= left or (not page and _least(block) == block.high):
            page.append(block)
            left -= block.high + GAP
            continue
        first, rest = _split(block, left, ROWS if _has_note(block, waiting) else 0, force=not page)
        page += [first] if first else []
        waiting = [*([rest] if rest else []), *waiting]
        yield page
        page, left = [], ROOM
    if page:
        yield page


def _with(block: Block, waiting: list[Block]) -> float:
    """What must stand below a block on the same slide."""
    if _has_note(block, waiting):
        return GAP + waiting[0].high
    if isinstance(block, Lines) and block.look == "head" and waiting:
        return GAP + min(_least(waiting[0]), ROOM - GAP - block.high)
    return 0


def _has_note(block: Block, waiting: list[Block]) -> bool:
    """Whether a table's note follows it, which stands with its last rows."""
    after = waiting[0] if waiting else None
    is_note = isinstance(after, Lines) and not after.look and after.paragraphs[0][0].tone == "quiet"
    return isinstance(block, Sheet) and is_note


def _least(block: Block) -> float:
    """The height of what must stay together at a block's beginning."""
    if isinstance(block, Sheet):
        return sum(block.highs[: 1 + ROWS])
    if isinstance(block, Lines) and block.look == "bullets":
        return block.highs[0]
    return block.high


def _split(block: Block, room: float, kept: int, *, force: bool) -> tuple[Block | None, Block | None]:
    """As much of a block as there is room for, at least a row where it must begin here, and the rest.

    So many of its last rows are `kept` for the rest.
    """
    if isinstance(block, Charts) or (isinstance(block, Lines) and block.look != "bullets"):
        return (block, None) if force else (None, block)
    heads = 1 if isinstance(block, Sheet) else 0
    fit = sum(end <= room for end in accumulate(block.highs)) - heads
    count = len(block.highs) - heads
    fit = min(fit, count - kept)
    if fit < (min(ROWS, count) if heads else 1) and not force:
        return None, block
    return _cut(block, max(fit, 1))


def _cut(block: Lines | Sheet, fit: int) -> tuple[Block, Block | None]:
    if isinstance(block, Sheet):
        first: Block = replace(block, rows=block.rows[:fit], highs=block.highs[: fit + 1])
        head, *rows = block.highs
        rest: Block = replace(block, rows=block.rows[fit:], highs=(head, *rows[fit:]), notes=())
        return first, rest if block.rows[fit:] else None
    first = replace(block, paragraphs=block.paragraphs[:fit], highs=block.highs[:fit])
    rest = replace(block, paragraphs=block.paragraphs[fit:], highs=block.highs[fit:], notes=())
    return first, rest if block.paragraphs[fit:] else None
