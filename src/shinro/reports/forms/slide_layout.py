"""Document -> slides as values: what stands on each, how high it is, where a long part goes on. Lengths in points."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate
from typing import TypeAlias

from rich.cells import cell_len

from shinro.reports.document import Bullets, Document, Grid, Para, Piece, Plot, Section, Statement, Tone, Value
from shinro.reports.forms.cut import chopped, clipped
from shinro.reports.inert import inert
from shinro.reports.words import Words

WIDE, HIGH, LEFT = 960.0, 540.0, 44.0
WIDTH = WIDE - 2 * LEFT
TOP, BOTTOM = 104.0, 488.0
ROOM = BOTTOM - TOP
GAP = 12.0
LETTER = 0.53  # of a column of text, in its size: half an em, and what a line loses at its end
DIGIT = 0.58  # the same in a table, where words are short and digits wide
LEADING = 1.3
TITLE_SIZES = (26, 22, 18)
BODY, CLAIM, SMALL = 16, 18, 12
PAD = 10.0  # within a card
CHART = 268.0
CAPTION = 46.0  # above a chart: its title, two lines at most
ROWS = 2  # of a table, at least, under its head at a slide's end
COLUMNS = 16  # of a table on one slide
TABLE_SIZES = ((5, 12), (8, 11), (12, 10), (COLUMNS, 9))
CELL_LINES = 6
MARGIN = 12.0  # beside a cell's text, both sides


@dataclass(frozen=True, slots=True)
class Run:
    """Words in one look."""

    text: str
    size: float
    tone: Tone = ""
    bold: bool = False


@dataclass(frozen=True, slots=True)
class Lines:
    """Paragraphs in one box. `card`: a claim, in a frame; `mark`: on a ground that says to read it."""

    paragraphs: tuple[tuple[Run, ...], ...]
    high: float
    look: str = ""  # card, mark, bullets
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Sheet:
    """A part of a table, its head repeated."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Value, ...], ...]
    numbers: tuple[bool, ...]
    widths: tuple[float, ...]
    highs: tuple[float, ...]  # of the head and of each row
    size: float
    notes: tuple[str, ...] = ()

    @property
    def high(self) -> float:
        """The height of all its rows."""
        return sum(self.highs)


@dataclass(frozen=True, slots=True)
class Charts:
    """One chart, or two side by side."""

    plots: tuple[Plot, ...]
    high: float = CAPTION + CHART + 44
    notes: tuple[str, ...] = ()


Block: TypeAlias = Lines | Sheet | Charts


@dataclass(frozen=True, slots=True)
class Slide:
    """A slide: its title, its blocks from top to bottom, and what its speaker reads."""

    title: str
    blocks: tuple[Block, ...]
    notes: tuple[str, ...]


def slides(document: Document, said: Words) -> tuple[Slide, ...]:
    """The slides after the first. Law: no block is higher than a slide's room, and together they fit it."""
    return tuple(slide for section in document.sections for slide in _section(section, said))


def _section(section: Section, said: Words) -> Iterator[Slide]:
    title = section.title
    if section.appendix:
        title = said.say("form.whole", name=said.say("form.appendix"), text=title)
    pages = list(_pages([block for piece in _paired(section.pieces) for block in _blocks(piece, said)]))
    for n, page in enumerate(pages or [[]], start=1):
        named = said.say("form.continued", title=title, n=n, of=len(pages)) if len(pages) > 1 else title
        told = [line for block in page for line in block.notes]
        yield Slide(named, tuple(page), (*told, *(section.evidence if n == 1 else ())))


def _paired(pieces: Sequence[Piece]) -> Iterator[Piece | Charts]:
    """Plots that follow each other, two by two."""
    rest = list(pieces)
    while rest:
        piece = rest.pop(0)
        if not isinstance(piece, Plot):
            yield piece
        elif rest and isinstance(rest[0], Plot):
            other = rest.pop(0)
            yield _charts(piece, *([other] if isinstance(other, Plot) else []))
        else:
            yield _charts(piece)


def _charts(*plots: Plot) -> Charts:
    return Charts(plots, notes=tuple(f"{plot.title}: {plot.says}" for plot in plots))


def _pages(blocks: Iterable[Block]) -> Iterator[list[Block]]:
    """Blocks over slides: a table fills what is left, anything else goes on whole."""
    page: list[Block] = []
    left = ROOM
    waiting = list(blocks)
    while waiting:
        block = waiting.pop(0)
        if isinstance(block, Sheet) and block.high > left:
            first, rest = _split(block, left if page else ROOM)
            if first is not None:
                page.append(first)
            if rest is not None:
                waiting.insert(0, rest)
            yield page
            page, left = [], ROOM
        elif block.high > left and page:
            waiting.insert(0, block)
            yield page
            page, left = [], ROOM
        else:
            page.append(block)
            left -= block.high + GAP
    if page:
        yield page


def _split(sheet: Sheet, room: float) -> tuple[Sheet | None, Sheet | None]:
    """As many rows as there is room for, and the rest."""
    ends = [sheet.highs[0] + each for each in accumulate(sheet.highs[1:])]
    fit = sum(end <= room for end in ends)
    if fit < min(ROWS, len(sheet.rows)) and room < ROOM:
        return None, sheet
    fit = max(fit, 1)
    first = replace(sheet, rows=sheet.rows[:fit], highs=sheet.highs[: fit + 1])
    rest = replace(sheet, rows=sheet.rows[fit:], highs=(sheet.highs[0], *sheet.highs[fit + 1 :]), notes=())
    return first, rest if rest.rows else None


def _blocks(piece: Piece | Charts, said: Words) -> Iterator[Block]:
    match piece:
        case Charts():
            yield piece
        case Para():
            yield from _texts([piece], "mark" if piece.tone == "mark" else "")
        case Bullets():
            yield from _texts(piece.items, "bullets")
        case Statement():
            yield _statement(piece, said)
        case Grid():
            yield from _grid(piece)
        case Plot():
            yield _charts(piece)


def _texts(paras: Iterable[Para], look: str) -> Iterator[Lines]:
    """Paragraphs in boxes that fit a slide each; one that is longer than a slide goes on in the next box."""
    parts = [part for para in paras for part in _pieces(para)]
    box: list[tuple[Run, ...]] = []
    high = 0.0
    for part in parts:
        more = height([part], WIDTH - 24) + 4
        if box and high + more > ROOM:
            yield Lines(tuple(box), high + (PAD if look == "mark" else 0), look)
            box, high = [], 0.0
        box.append((part,))
        high += more
    if box:
        yield Lines(tuple(box), high + (PAD if look == "mark" else 0), look)


def _pieces(para: Para) -> Iterator[Run]:
    size = SMALL + 1 if para.tone in ("quiet", "mark") else BODY
    most = int((ROOM - 40) / (size * LEADING)) * int((WIDTH - 24) / (size * LETTER))
    for text in chopped(inert(para.text), most):
        yield Run(text, size, para.tone, para.tone in ("strong", "good", "bad"))


def height(runs: Sequence[Run], width: float) -> float:
    """The height of a paragraph's runs, one after the other, in a box of so many points."""
    size = max((run.size for run in runs), default=BODY)
    wide = sum(cell_len(run.text) * run.size * LETTER for run in runs)
    return max(1, -(-round(wide) // round(width))) * size * LEADING


def _statement(claim: Statement, said: Words) -> Lines:
    """A claim's card: its sentence with its badge, what it rests on in one line, what it must be read with."""
    inner = WIDTH - 2 * PAD
    sentence = [Run(clipped(claim.sentence, 300), CLAIM, bold=True)]
    if claim.badge:
        sentence.append(Run(clipped(f"  [{claim.badge}]", 80), SMALL, "quiet", bold=True))
    rests = " · ".join(said.say("form.whole", name=name, text=text) for name, text in claim.rests_on)
    paragraphs = [tuple(sentence)]
    if rests:
        paragraphs.append((Run(clipped(rests, 480), SMALL, "quiet"),))
    paragraphs += [(Run(clipped(f"※ {mark}", 260), SMALL, "mark"),) for mark in claim.marks[:4]]
    high = sum(height(each, inner) + 3 for each in paragraphs) + 2 * PAD
    return Lines(tuple(paragraphs), high, "card", (claim.sentence, *_told(claim, said)))


def _told(claim: Statement, said: Words) -> Iterator[str]:
    for name, text in (*(("", claim.badge),) * bool(claim.badge), *claim.rests_on):
        yield said.say("form.whole", name=name, text=text) if name else text
    yield from claim.marks


def _grid(grid: Grid) -> Iterator[Block]:
    """The table under its title, cut by columns where there are more than a slide holds."""
    if grid.title:
        title = Run(clipped(grid.title, 200), 14, bold=True)
        yield Lines(((title,),), height([title], WIDTH))
    firsts = range(1, max(len(grid.columns), 2), COLUMNS - 1)
    for start in firsts:
        yield _sheet(grid, [0, *range(start, min(start + COLUMNS - 1, len(grid.columns)))])
    if grid.note:
        yield from _texts([Para(grid.note, "quiet")], "")


def _sheet(grid: Grid, at: Sequence[int]) -> Sheet:
    size = next(size for most, size in TABLE_SIZES if len(at) <= most)
    columns = tuple(grid.columns[n] for n in at)
    rows = [tuple(row[n] for n in at) for row in grid.rows]
    widths = _widths(columns, rows, size)
    shown = tuple(
        tuple(replace(cell, text=_cut(cell.text, width, size)) for cell, width in zip(row, widths, strict=True))
        for row in rows
    )
    heads = tuple(_cut(title, width, size) for title, width in zip(columns, widths, strict=True))
    highs = [_high(texts, widths, size) for texts in (heads, *([cell.text for cell in row] for row in shown))]
    lost = [
        before.text
        for row, after in zip(rows, shown, strict=True)
        for before, now in zip(row, after, strict=True)
        if now.text.endswith("…") and now.text != before.text
    ]
    numbers = tuple(n > 0 and any(row[n].number is not None for row in rows) for n in range(len(columns)))
    return Sheet(grid.title, heads, shown, numbers, widths, tuple(highs), size, tuple(lost))


def _widths(columns: Sequence[str], rows: Sequence[Sequence[Value]], size: float) -> tuple[float, ...]:
    """What each column needs, made smaller or larger in proportion until they fill the slide."""
    needs = [
        min(max(cell_len(inert(text)) for text in (title, *(row[n].text for row in rows))), 60) * size * DIGIT + MARGIN
        for n, title in enumerate(columns)
    ]
    whole = sum(needs)
    if whole <= WIDTH:
        more = min(WIDTH, whole * 1.5) / whole
        return tuple(need * more for need in needs)
    least = min(WIDTH / len(needs), 4 * size * DIGIT + MARGIN)
    spare = WIDTH - least * len(needs)
    over = sum(need - least for need in needs)
    return tuple(least + (need - least) * spare / over for need in needs)


def _cut(text: str, width: float, size: float) -> str:
    return clipped(text, max(2, int((width - MARGIN) / (size * DIGIT))) * CELL_LINES)


def _high(texts: Iterable[str], widths: Sequence[float], size: float) -> float:
    lines = max(
        max(1, -(-round(cell_len(text) * size * DIGIT) // round(width - MARGIN)))
        for text, width in zip(texts, widths, strict=True)
    )
    return lines * size * LEADING + 7
