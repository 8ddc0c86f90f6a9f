"""Document -> one self-contained page: nothing is loaded, no script is in it, none can run."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from itertools import groupby

from rich.cells import cell_len

from shinro.reports.document import Bullets, Document, Grid, Para, Piece, Plot, Section, Statement, Value
from shinro.reports.drawing import draw
from shinro.reports.figures import figure
from shinro.reports.forms import drawn
from shinro.reports.markup import Markup, joined, sentence, tag
from shinro.reports.page import THEMES, head
from shinro.reports.parts import Chart
from shinro.reports.words import Words, words

SHORT = 24  # columns of a text that stays on one line


def made(document: Document) -> bytes:
    """The page. Law: the same document, the same bytes."""
    said = words(document.lang)
    body = tag(
        "body",
        tag("header", tag("p", document.company, class_="company"), _themes(said)),
        tag("main", _article(document, said)),
        tag("footer", tag("p", sentence(document.foot)), class_="foot") if document.foot else None,
        class_="document",
    )
    keywords = tag("meta", name="keywords", content=", ".join(document.keywords)) if document.keywords else Markup()
    html = tag("html", head(document.title, _style(), keywords), body, lang=document.lang)
    return f"<!doctype html>\n{html}\n".encode()


@cache
def _style() -> str:
    reports = files("shinro.reports")
    return "".join(reports.joinpath(name).read_text("utf-8") for name in ("style.css", "forms/document.css"))


def _themes(said: Words) -> Markup:
    choices = (
        joined(
            tag("input", type="radio", name="theme", id=f"theme-{theme}", checked=theme == "auto"),
            tag("label", said.say(f"story.theme_{theme}"), for_=f"theme-{theme}"),
        )
        for theme in THEMES
    )
    return tag("fieldset", tag("legend", said.say("story.theme")), *choices)


def _article(document: Document, said: Words) -> Markup:
    links = [
        tag("li", tag("a", section.title, href=f"#part-{n}")) for n, section in enumerate(document.sections, start=1)
    ]
    drawings = iter(draw(drawn.spec(plot, document.lang, drawn.SCREEN) for plot in _plots(document)))
    return tag(
        "article",
        tag("p", document.day, class_="over"),
        tag("h1", document.title, class_="picture"),
        tag("p", sentence(document.subtitle), class_="lead") if document.subtitle else None,
        tag("nav", tag("ul", *links), aria_label=said.say("form.contents")) if len(links) > 1 else None,
        *(_section(section, n, drawings, said) for n, section in enumerate(document.sections, start=1)),
    )


def _plots(document: Document) -> Iterator[Plot]:
    return (piece for section in document.sections for piece in section.pieces if isinstance(piece, Plot))


def _section(section: Section, n: int, drawings: Iterator[str], said: Words) -> Markup:
    over = tag("p", said.say("form.appendix"), class_="over") if section.appendix else None
    pieces = list(_pieces(section, n, drawings, said))
    return tag(
        "section",
        over,
        tag("h2", section.title, id=f"part-{n}"),
        *pieces,
        _evidence(section, said) if section.evidence else None,
        aria_labelledby=f"part-{n}",
    )


def _evidence(section: Section, said: Words) -> Markup:
    items = [tag("li", sentence(line)) for line in section.evidence]
    return tag("details", tag("summary", said.say("form.evidence")), tag("ul", *items, class_="bullets"))


def _pieces(section: Section, n: int, drawings: Iterator[str], said: Words) -> Iterator[Markup]:
    """The pieces, charts that follow each other side by side."""
    numbered = enumerate(section.pieces, start=1)
    for plots, group in groupby(numbered, key=lambda each: isinstance(each[1], Plot)):
        made_of = [_piece(piece, f"part-{n}-{at}", drawings, said) for at, piece in group]
        if plots:
            yield tag("div", *made_of, class_="charts")
        else:
            yield from made_of


def _piece(piece: Piece, at: str, drawings: Iterator[str], said: Words) -> Markup:
    match piece:
        case Para():
            return _para(piece, "p")
        case Bullets():
            return tag("ul", *(_para(item, "li") for item in piece.items), class_="bullets")
        case Statement():
            return _statement(piece, said)
        case Grid():
            return _grid(piece, at)
        case Plot():
            return _plot(piece, next(drawings), at, said)


def _para(para: Para, name: str) -> Markup:
    return tag(name, sentence(para.text), class_=f"para {_tone(para.tone)}".rstrip())


def _tone(tone: str) -> str:
    return f"is-{tone}" if tone else ""


def _statement(claim: Statement, said: Words) -> Markup:
    facts = [joined(tag("dt", name), tag("dd", text)) for name, text in claim.rests_on]
    marks = [tag("li", sentence(mark)) for mark in claim.marks]
    return tag(
        "div",
        tag("p", tag("strong", claim.sentence), tag("span", claim.badge, class_="badge") if claim.badge else None),
        tag("dl", *facts) if facts else None,
        tag("p", said.say("form.read_with"), class_="read-with") if marks else None,
        tag("ul", *marks, class_="marks") if marks else None,
        class_="card statement",
    )


def _grid(grid: Grid, at: str) -> Markup:
    """The table under its title, in a box that scrolls where it is too wide."""
    looks = [_column(grid, n) for n in range(len(grid.columns))]
    head = (
        tag("th" if title else "td", title, scope="col" if title else None, class_=look)
        for title, look in zip(grid.columns, looks, strict=True)
    )
    body = (tag("tr", *(_cell(cell, n, looks[n]) for n, cell in enumerate(row))) for row in grid.rows)
    table = tag(
        "table",
        tag("caption", tag("span", grid.title), id=at) if grid.title else None,
        tag("thead", tag("tr", *head)),
        tag("tbody", *body),
    )
    named = {"aria_labelledby": at} if grid.title else {"aria_label": " / ".join(filter(None, grid.columns))}
    return joined(
        tag("div", table, class_="scroll grid-of", tabindex="0", role="region", **named),
        tag("p", sentence(grid.note), class_="note") if grid.note else None,
    )


def _column(grid: Grid, n: int) -> str:
    """How a column is set: numbers at the right, short texts on one line, longer ones wrapped."""
    if n and any(row[n].number is not None for row in grid.rows):
        return "right"
    texts = (grid.columns[n], *(row[n].text for row in grid.rows))
    return "short" if max(map(cell_len, texts)) <= SHORT else "long"


def _cell(cell: Value, n: int, look: str) -> Markup:
    looks = f"{look} {_tone(cell.tone)}".rstrip()
    return tag("th", cell.text, scope="row", class_=looks) if n == 0 else tag("td", cell.text, class_=looks)


def _plot(plot: Plot, drawing: str, at: str, said: Words) -> Markup:
    chart = Chart(plot.title, plot.says, {}, drawn.columns(plot, said), drawn.rows(plot, said), drawn.keys(plot, said))
    note = tag("p", sentence(plot.note), class_="note") if plot.note else None
    return tag("div", figure(chart, drawing, at, said), note)
