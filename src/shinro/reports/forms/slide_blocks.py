"""Pieces -> the blocks of slides, and how high each is. Lengths in points; texts are measured by their columns."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from math import ceil
from typing import TypeAlias

from rich.cells import cell_len

from shinro.reports.document import Para, Piece, Plot, Statement, Tone, Value
from shinro.reports.forms.cut import chopped, clipped
from shinro.reports.inert import inert
from shinro.reports.words import Words

WIDE, HIGH, LEFT = 960.0, 540.0, 44.0
WIDTH = WIDE - 2 * LEFT
TOP, BOTTOM = 104.0, 488.0
ROOM = BOTTOM - TOP
GAP = 12.0
LETTER = 0.53  # of a column of text, in its size: half an em, and what a line loses at its end
BOLD = 1.1  # times as wide
LEADING = 1.3
BODY, CLAIM, HEAD, SMALL = 16, 18, 14, 12
UNIT = re.compile(r"[\u0021-\u02ff]+ *|.", re.DOTALL)  # a word with its blanks, or a letter that a line may begin with
MEETING = re.compile(r"(?<=[0-9A-Za-z])(?=[\u3040-\u9fff])|(?<=[\u3040-\u9fff])(?=[0-9A-Za-z])")
ASIDE = 0.5  # columns of that room
KEYLIKE, WIDER = 24, 1.2  # letters of a word that is a key or a path: many capitals, which are wider
ROUNDING = 0.01  # points
SPARE = 1.3  # of the columns of a paragraph that fills a slide: for words that do not fill their lines
PAD = 10.0  # within a card
BETWEEN = 4.0  # after a paragraph
CHART = 268.0
CAPTION = 46.0  # above a chart: its title, two lines at most
TITLE = 200  # columns of a title within a slide
SENTENCE, BADGE, RESTS, MARK, MARKS = 300, 80, 480, 260, 4  # columns of a claim's parts; how many marks


@dataclass(frozen=True, slots=True)
class Run:
    """Words in one look."""

    text: str
    size: float
    tone: Tone = ""
    bold: bool = False


@dataclass(frozen=True, slots=True)
class Lines:
    """Paragraphs in one box, each with its height. A claim's `card` stays in one piece, a `head` with what follows."""

    paragraphs: tuple[tuple[Run, ...], ...]
    highs: tuple[float, ...]
    look: str = ""  # card, mark, bullets, head
    notes: tuple[str, ...] = ()

    @property
    def high(self) -> float:
        """The height of its box."""
        return sum(self.highs) + {"card": 2 * PAD, "mark": PAD}.get(self.look, 0)


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


def paired(pieces: Sequence[Piece]) -> Iterator[Piece | Charts]:
    """Plots that follow each other, two by two."""
    rest = list(pieces)
    while rest:
        piece = rest.pop(0)
        if isinstance(piece, Plot):
            other = [rest.pop(0)] if rest and isinstance(rest[0], Plot) else []
            yield _charts(piece, *(each for each in other if isinstance(each, Plot)))
        else:
            yield piece


def _charts(*plots: Plot) -> Charts:
    told = (text for plot in plots for text in (f"{plot.title}: {plot.says}", plot.note))
    return Charts(plots, notes=tuple(filter(None, told)))


def texts(paras: Iterable[Para], look: str = "") -> Iterator[Lines]:
    """Paragraphs in a box; one that is longer than a slide in boxes that fit one."""
    parts = [(part,) for para in paras for part in _parts(para)]
    highs = tuple(height(part, WIDTH - 24) + BETWEEN for part in parts)
    if look == "bullets":
        yield Lines(tuple(parts), highs, look)
    else:
        yield from (Lines((part,), (high,), look) for part, high in zip(parts, highs, strict=True))


def _parts(para: Para) -> Iterator[Run]:
    size = SMALL + 1 if para.tone in ("quiet", "mark") else BODY
    bold = para.tone in ("strong", "good", "bad")
    letter = size * LETTER * (BOLD if bold else 1) * SPARE
    most = int((ROOM - 40) / (size * LEADING)) * int((WIDTH - 24) / letter)
    for text in chopped(inert(para.text), most):
        yield Run(text, size, para.tone, bold)


def head(text: str) -> Lines:
    """A title within a slide, that stands with what follows."""
    title = Run(clipped(text, TITLE), HEAD, bold=True)
    return Lines(((title,),), (height([title], WIDTH),), "head", (text,) if cell_len(text) > TITLE else ())


def height(runs: Sequence[Run], width: float) -> float:
    """The height of a paragraph's runs, one after the other, in a box of so many points."""
    size = max((run.size for run in runs), default=BODY)
    return _count(runs, width) * size * LEADING


def _count(runs: Sequence[Run], width: float) -> int:
    """The lines that runs take: a word stays whole, but for one that no line holds."""
    lines, at = 1, 0.0
    for run in runs:
        letter = run.size * LETTER * (BOLD if run.bold else 1)
        for word in UNIT.findall(run.text):
            wide = columns(word) * letter * (WIDER if len(word) > KEYLIKE else 1)
            if at and at + wide > width + ROUNDING:
                lines, at = lines + 1, 0.0
            more = ceil(wide / width) - 1 if wide > width + ROUNDING else 0
            lines, at = lines + more, at + wide - more * width
    return lines


def columns(text: str) -> float:
    """How many columns a text takes, with the room that some programs leave where a digit meets a wide letter."""
    return cell_len(text) + ASIDE * len(MEETING.findall(text))


def statement(claim: Statement, said: Words) -> Lines:
    """A claim's card: its sentence with its badge, what it rests on in one line, what it must be read with."""
    sentence = [Run(clipped(claim.sentence, SENTENCE), CLAIM, bold=True)]
    if claim.badge:
        sentence.append(Run(clipped(f"  [{claim.badge}]", BADGE), SMALL, "quiet", bold=True))
    rests = " · ".join(said.say("form.whole", name=name, text=text) for name, text in claim.rests_on)
    paragraphs = [tuple(sentence)]
    if rests:
        paragraphs.append((Run(clipped(rests, RESTS), SMALL, "quiet"),))
    paragraphs += [(Run(clipped(f"※ {mark}", MARK), SMALL, "mark"),) for mark in claim.marks[:MARKS]]
    highs = tuple(height(each, WIDTH - 2 * PAD) + BETWEEN for each in paragraphs)
    return Lines(tuple(paragraphs), highs, "card", (claim.sentence, *_told(claim, said)))


def _told(claim: Statement, said: Words) -> Iterator[str]:
    for name, text in (*(("", claim.badge),) * bool(claim.badge), *claim.rests_on):
        yield said.say("form.whole", name=name, text=text) if name else text
    yield from claim.marks
