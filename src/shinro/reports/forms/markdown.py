"""Document -> Markdown that a person pastes: headings, lists, tables; what users wrote is escaped and links nothing.

A link, a mention and the number of an issue are broken by a word joiner, which nobody sees: where Markdown is pasted,
they are found in the text after Markdown was read.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from shinro.reports.document import Bullets, Document, Grid, Para, Piece, Plot, Section, Statement
from shinro.reports.forms import drawn
from shinro.reports.inert import inert
from shinro.reports.words import Words, words

JOINER = "\u2060"
MARKS = re.compile(r"[\\`*\[\]|~]|<(?=[A-Za-z/!?])|&(?=[#A-Za-z])|(?<![^\W_])_|_(?![^\W_])")
MONEY = re.compile(r"(?<=[^\s(（])\$|\$(?!\d)|\$$")
LINKS = re.compile(r"(?<=:)(?=//)|(?<=\bwww)(?=\.)|(?<=@)(?=\w)|(?<=#)(?=\w)|(?<=\bGH)(?=-\d)", re.IGNORECASE)
FIRST = re.compile(r"^(?:>|[-+](?=[\s-]|$)|#(?=[\s#]|$)|=(?==*\s*$)|\d{1,9}(?=[.)](?:\s|$)))")
TONES = {"strong": "**{}**", "quiet": "{}", "good": "{}", "bad": "{}", "mark": "*{}*"}


def made(document: Document) -> bytes:
    """The text, UTF-8. Law: read as Markdown it holds no link, picture or element, and no block but those made here."""
    said = words(document.lang)
    byline = " · ".join(filter(None, (escaped(document.company), escaped(document.day))))
    parts = [f"# {escaped(document.title)}", byline, escaped(document.subtitle)]
    for section in document.sections:
        parts += _section(section, said)
    parts += ["---", escaped(document.foot)] if document.foot else []
    return ("\n\n".join(filter(None, parts)) + "\n").encode()


def escaped(text: str) -> str:
    """A text as Markdown that shows just it."""
    plain = " ".join(inert(text).split())
    safe = MONEY.sub(r"\\$", MARKS.sub(r"\\\g<0>", LINKS.sub(JOINER, plain)))
    return FIRST.sub(_lead, safe)


def _lead(found: re.Match[str]) -> str:
    first = found.group()
    return f"{first}\\" if first[0].isdigit() else f"\\{first}"


def _section(section: Section, said: Words) -> Iterator[str]:
    yield f"## {escaped(section.title)}"
    for piece in section.pieces:
        yield from _piece(piece, said)
    if section.evidence:
        yield f"{escaped(said.say('form.evidence'))}:"
        yield _list(map(escaped, section.evidence))


def _piece(piece: Piece, said: Words) -> Iterator[str]:
    match piece:
        case Para():
            yield _para(piece)
        case Bullets():
            yield _list(map(_para, piece.items))
        case Statement():
            yield _statement(piece, said)
        case Grid():
            yield f"**{escaped(piece.title)}**" if piece.title else ""
            yield _table(piece.columns, [[cell.text for cell in row] for row in piece.rows], _numbers(piece))
            yield escaped(piece.note)
        case Plot():
            yield f"**{escaped(piece.title)}**" if piece.title else ""
            yield escaped(piece.says)
            yield _table(drawn.columns(piece, said), drawn.rows(piece, said), range(1, len(piece.lines) + 1))
            yield escaped(piece.note)


def _para(para: Para) -> str:
    text = escaped(para.text)
    return TONES[para.tone].format(text) if text and para.tone else text


def _list(items: Iterable[str]) -> str:
    return "\n".join(f"- {item}" for item in items if item)


def _statement(claim: Statement, said: Words) -> str:
    """A list's item, with what it rests on and must be read with below it."""
    badge = f" ({escaped(claim.badge)})" if claim.badge else ""
    below = [said.say("form.whole", name=escaped(name), text=escaped(text)) for name, text in claim.rests_on]
    below += [
        said.say("form.whole", name=escaped(said.say("form.read_with")), text=escaped(mark)) for mark in claim.marks
    ]
    return "\n".join([f"- **{escaped(claim.sentence)}**{badge}", *(f"  - {line}" for line in below)])


def _numbers(grid: Grid) -> list[int]:
    return [n for n in range(1, len(grid.columns)) if any(row[n].number is not None for row in grid.rows)]


def _table(columns: Sequence[str], rows: Iterable[Sequence[str]], right: Iterable[int]) -> str:
    aligned = frozenset(right)
    rule = ["---:" if n in aligned else "---" for n in range(len(columns))]
    return "\n".join(_row(row) for row in (list(map(escaped, columns)), rule, *(map(escaped, row) for row in rows)))


def _row(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"
