"""The page of a document in a real Chromium: layout, print, axe-core, and what users wrote stays text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from io import BytesIO
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page
from pypdf import PdfReader

from documents import STRINGS, hostile, rendered, sample, texts
from shinro.reports.document import Plot
from shinro.reports.inert import inert


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("documents")
    found = {name: folder / f"{name}.html" for name in ("ja", "en", "hostile")}
    for name, path in found.items():
        path.write_bytes(rendered(name, "html"))
    return found


@pytest.fixture
def visit(browser: Browser, pages: dict[str, Path]) -> Iterator[Any]:
    contexts = []

    def opened(name: str, **settings: Any) -> Page:
        context = browser.new_context(**settings)
        contexts.append(context)
        page = context.new_page()
        page.goto(pages[name].as_uri())
        return page

    yield opened
    for context in contexts:
        context.close()


@pytest.mark.parametrize("name", ["ja", "hostile"])
@pytest.mark.parametrize("width", [390, 1280])
def test_nothing_is_wider_than_the_window(visit: Any, name: str, width: int) -> None:
    page = visit(name, viewport={"width": width, "height": 900})
    page.evaluate("document.querySelectorAll('details').forEach(e => { e.open = true })")
    assert page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize(("name", "scheme", "width"), [("ja", "light", 1280), ("en", "dark", 390)])
def test_axe_finds_no_violation(visit: Any, name: str, scheme: str, width: int) -> None:
    page = visit(name, color_scheme=scheme, viewport={"width": width, "height": 900})
    page.evaluate("document.querySelectorAll('details').forEach(e => { e.open = true })")
    found = Axe().run(page)
    assert [(each["id"], [node["html"] for node in each["nodes"]]) for each in found.response["violations"]] == []


def test_it_has_its_landmarks_its_headings_and_a_table_behind_every_chart(visit: Any) -> None:
    page = visit("en")
    assert [page.locator(each).count() for each in ("header", "main", "nav", "footer")] == [1, 1, 1, 1]
    levels = page.evaluate("[...document.querySelectorAll('h1, h2, h3')].map(e => +e.tagName[1])")
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))
    plots = [piece for section in sample("en").sections for piece in section.pieces if isinstance(piece, Plot)]
    charts = page.locator("figure svg[role=img]")
    assert [charts.nth(n).locator("desc").text_content() for n in range(charts.count())] == [p.says for p in plots]
    assert page.locator("figure table tbody tr").count() == sum(len(plot.places) for plot in plots)
    assert page.locator("thead th:not([scope=col]), tbody th:not([scope=row])").count() == 0


def test_a_tables_title_is_whole_on_a_phone_and_a_lines_key_is_a_line(visit: Any) -> None:
    page = visit("ja", viewport={"width": 390, "height": 900})
    page.evaluate("document.querySelectorAll('caption span').forEach(e => { e.textContent = '長い題名 '.repeat(20) })")
    ends = page.evaluate("[...document.querySelectorAll('caption span')].map(e => e.getBoundingClientRect().right)")
    assert ends
    assert max(ends) <= 390
    high = "[...document.querySelectorAll('.key.of-line, .key.of-bar')].map(e => [e.classList[1], e.offsetHeight])"
    assert set(map(tuple, page.evaluate(high))) == {("of-line", 3), ("of-bar", 10)}


def test_marks_stand_with_their_claim(visit: Any) -> None:
    claim = visit("en").locator(".statement", has_text="18.2%")
    assert "The base is 22" in (claim.locator(".marks").text_content() or "")


def test_a_print_has_the_foot_and_its_number_on_every_sheet_and_is_light(visit: Any) -> None:
    page = visit("en", color_scheme="dark")
    page.emulate_media(media="print", color_scheme="dark")
    assert page.locator("body").evaluate("e => getComputedStyle(e).backgroundColor") == "rgb(255, 255, 255)"
    sheets = PdfReader(BytesIO(page.pdf(prefer_css_page_size=True))).pages
    assert len(sheets) > 2
    assert ["4f2a9c8e17d0b63c" in sheet.extract_text() for sheet in sheets] == [True] * len(sheets)
    assert all(f"{n} / {len(sheets)}" in sheet.extract_text() for n, sheet in enumerate(sheets, start=1))


def test_nothing_is_loaded_no_script_is_there_and_all_that_users_wrote_is_text(
    browser: Browser, pages: dict[str, Path]
) -> None:
    text = pages["hostile"].read_text(encoding="utf-8")
    assert re.findall(r'<script|<[^>]*\s(?:on\w+|src|srcdoc|style)=|(?:href)="(?!#part-)', text) == []
    context = browser.new_context(viewport={"width": 390, "height": 900})
    page = context.new_page()
    asked: list[str] = []
    said: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: said.append(message.text))
    page.on("dialog", lambda dialog: said.append(dialog.message))
    page.goto(pages["hostile"].as_uri())
    assert asked == [pages["hostile"].as_uri()]
    assert said == []
    page.set_content(text.replace("Content-Security-Policy", "x"))  # escaping alone must hold
    page.evaluate("document.querySelectorAll('details').forEach(e => { e.open = true })")
    assert page.evaluate("window.ran") is None
    whole = squeezed(page.evaluate("document.documentElement.textContent"))
    assert [each for each in texts(hostile()) if squeezed(shown(each)) not in whole] == []
    context.close()


def shown(text: str) -> str:
    """A text without what is set as code: words between backquotes stand without them."""
    return inert(text).replace("`", "")


def squeezed(text: str) -> str:
    return "".join(text.replace("`", "").split())


def test_there_are_more_than_forty_hostile_texts_and_each_stands_in_several_places() -> None:
    assert len(set(STRINGS)) > 40
    every = texts(hostile())
    assert min(every.count(each) for each in STRINGS) > 2
