"""The page in a real Chromium: layout, languages, themes, print, axe-core, and what users wrote stays text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import combinations, pairwise
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from hostile import HOSTILE
from shinro.reports.inert import inert
from shinro.reports.page import is_ours
from shinro.reports.story import Gist, story
from shinro.reports.words import words
from telling import TEXTS, gist, page_of

WIDTHS = (390, 768, 1100, 1280)
LANGS = ("ja", "en")
THEMES = ("light", "dark")
# Each language with each theme and each width, and these with each other.
PAIRED = (("ja", "light", 390), ("ja", "dark", 1280), ("en", "light", 1280), ("en", "dark", 390))
BOX = "const r = e.getBoundingClientRect(); return [r.left, r.top, r.right, r.bottom]"
BOXES = f"""
[...document.querySelectorAll('.card, figure, .stage, .rows > li, .replies > li')]
  .filter(e => e.checkVisibility()).map(e => {{ {BOX} }})
"""


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("page") / "story.html"
    path.write_text(page_of(gist()), encoding="utf-8")
    return path


@pytest.fixture
def visit(browser: Browser, file: Path) -> Iterator[Any]:
    """Opens the page, or one of another text, in a window of its own."""
    contexts = []

    def opened(text: str | None = None, **settings: Any) -> Page:
        context = browser.new_context(**settings)
        contexts.append(context)
        if text is not None:
            (file.parent / "other.html").write_text(text, encoding="utf-8")
        found = context.new_page()
        found.goto((file if text is None else file.parent / "other.html").as_uri())
        return found

    yield opened
    for context in contexts:
        context.close()


def speak(page: Page, lang: str) -> None:
    page.click(f"label[for=lang-{lang}]")


def size(width: int) -> dict[str, int]:
    return {"width": width, "height": 900}


@pytest.mark.parametrize("width", WIDTHS)
def test_nothing_is_wider_than_the_window_and_no_two_boxes_overlap(visit: Any, width: int) -> None:
    page = visit(viewport=size(width))
    for lang in LANGS:
        speak(page, lang)
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        boxes = page.evaluate(BOXES)
        assert len(boxes) > 20
        assert [(a, b) for a, b in combinations(boxes, 2) if overlap(a, b)] == []


def overlap(a: list[float], b: list[float]) -> bool:
    """More than a pixel, neither within the other."""
    within = all(x <= y for x, y in zip(a[:2], b[:2], strict=True)) and all(
        x >= y for x, y in zip(a[2:], b[2:], strict=True)
    )
    wide, high = min(a[2], b[2]) - max(a[0], b[0]), min(a[3], b[3]) - max(a[1], b[1])
    return wide > 1 and high > 1 and not within


MORE = """
for (const line of document.querySelectorAll('.line')) {
  const stages = [...line.querySelectorAll('.stage')]
  for (const stage of stages) line.append(stage.cloneNode(true))
}
"""
OUT = """
[...document.querySelectorAll('.line *, .card *, .rules *')]
  .filter(e => e.checkVisibility() && !e.closest('svg, .sr') && e.clientWidth && e.scrollWidth > e.clientWidth + 1)
  .map(e => e.textContent)
"""


@pytest.mark.parametrize("width", WIDTHS)
def test_no_text_runs_out_of_its_column_however_many_milestones_there_are(visit: Any, width: int) -> None:
    page = visit(viewport=size(width))
    page.evaluate(MORE)
    for lang in LANGS:
        speak(page, lang)
        assert page.locator("article:visible .stage .odds").count() >= 4
        assert page.evaluate(OUT) == []


def test_no_two_levels_of_a_chart_are_written_on_each_other(visit: Any) -> None:
    page = visit(page_of(crowded()), viewport=size(1100))
    for lang in LANGS:
        speak(page, lang)
        charts = page.evaluate(LEVELS)
        assert max(map(len, charts)) >= 2
        assert [(a, b) for each in charts for a, b in combinations(each, 2) if overlap(a[1:], b[1:])] == []


LEVELS = """
[...document.querySelectorAll('article figure svg')].filter(e => e.checkVisibility()).map(svg =>
  [...svg.querySelectorAll('text[font-weight]')].map(e => {
    const r = e.getBoundingClientRect(); return [e.textContent, r.left, r.top, r.right, r.bottom]
  }))
"""


def crowded() -> Gist:
    """A story of which each milestone has another one nearby that asks for a little less."""
    found = gist()
    close = [
        replace(
            each, goals=tuple(more for goal in each.goals for more in (goal, replace(goal, level=goal.level * 9 / 10)))
        )
        for each in found.months
    ]
    return replace(found, months=tuple(close))


def test_the_tree_goes_from_left_to_right_and_is_an_outline_on_a_phone(visit: Any) -> None:
    places = f"[...document.querySelector('.only-ja .tree').querySelectorAll('.node')].map(e => {{ {BOX} }})"
    wide = visit(viewport=size(1280)).evaluate(places)
    assert wide[1][0] > wide[0][2]
    narrow = visit(viewport=size(390)).evaluate(places)
    assert narrow[0][0] < narrow[1][0] < narrow[0][0] + 60


@pytest.mark.parametrize("scripts", [True, False])
def test_both_languages_and_all_themes_are_a_click_away_with_or_without_scripts(visit: Any, scripts: bool) -> None:
    page = visit(java_script_enabled=scripts, color_scheme="light")
    assert page.locator("article:visible").get_attribute("lang") == "ja"
    speak(page, "en")
    assert page.locator("article:visible").get_attribute("lang") == "en"
    assert page.locator("h1:visible").text_content() == "青空クラウド: the growth story"
    light = background(page)
    page.click("label[for=theme-dark]")
    dark = background(page)
    page.click("label[for=theme-light]")
    assert (light, dark, background(page)) == (PAPER["light"], PAPER["dark"], PAPER["light"])


PAPER = {"light": "rgb(250, 249, 247)", "dark": "rgb(18, 23, 27)"}


def background(page: Page) -> str:
    found: str = page.locator("body").evaluate("e => getComputedStyle(e).backgroundColor")
    return found


@pytest.mark.parametrize("theme", THEMES)
def test_the_theme_is_the_systems_until_another_is_chosen(visit: Any, theme: str) -> None:
    assert background(visit(color_scheme=theme)) == PAPER[theme]


def test_the_keyboard_alone_switches_the_language_and_shows_where_it_is(visit: Any) -> None:
    page = visit()
    page.keyboard.press("Tab")
    page.keyboard.press("ArrowRight")
    assert page.locator("article:visible").get_attribute("lang") == "en"
    outline = page.locator("label[for=lang-en]").evaluate("e => getComputedStyle(e).outlineStyle")
    assert outline == "solid"


def test_printing_is_light_and_leaves_out_what_only_a_screen_needs(visit: Any) -> None:
    page = visit(color_scheme="dark")
    page.emulate_media(media="print", color_scheme="dark")
    assert background(page) == "rgb(255, 255, 255)"
    assert page.locator("header fieldset:visible, nav:visible, figure details:visible").count() == 0
    pdf = page.pdf(prefer_css_page_size=True)
    assert pdf.startswith(b"%PDF")
    assert 3 <= len(re.findall(rb"/Type\s*/Page\b", pdf)) <= 9


WIDE = (
    'document.querySelectorAll(".scroll").forEach(each => { each.querySelectorAll("tr > :first-child").forEach(name)})'
)
LONG = "const name = e => { e.textContent = '区域・株式会社 Enterprise & Mid-Market '.repeat(4) }; "
CUT = "[...document.querySelectorAll('.scroll')].filter(e => e.checkVisibility() && e.scrollWidth > e.clientWidth)"


@pytest.mark.parametrize(("width", "media"), [(1280, "screen"), (688, "print")])
def test_a_table_of_long_names_is_not_cut_on_paper_and_needs_no_scrolling_on_a_desk(
    visit: Any, width: int, media: str
) -> None:
    """688 pixels is A4 without its margins."""
    page = visit(viewport=size(width))
    page.emulate_media(media=media)
    page.evaluate(LONG + WIDE)
    assert page.locator(".scroll:visible").count() >= 3
    assert page.evaluate(CUT + ".length") == 0


@pytest.mark.parametrize(("lang", "theme", "width"), PAIRED)
def test_axe_finds_no_violation(visit: Any, lang: str, theme: str, width: int) -> None:
    page = visit(viewport=size(width), color_scheme=theme)
    speak(page, lang)
    page.evaluate("document.querySelectorAll('details').forEach(e => { e.open = true })")
    found = Axe().run(page)
    assert [(each["id"], [node["html"] for node in each["nodes"]]) for each in found.response["violations"]] == []


def test_headings_go_down_one_level_at_a_time_and_charts_are_named_and_described(visit: Any) -> None:
    page = visit()
    levels = page.evaluate("[...document.querySelectorAll('.only-ja :is(h1, h2, h3)')].map(e => +e.tagName[1])")
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))
    charts = page.locator("article:visible figure svg[role=img]")
    assert charts.count() == len(story(gist(), words("ja")).drawn)
    for n in range(charts.count()):
        name, says = (charts.nth(n).locator(part).text_content() for part in ("title", "desc"))
        assert name
        assert name in says
    assert page.locator("article:visible figure table").count() == charts.count()


def test_nothing_is_loaded_and_no_script_is_there(browser: Browser, file: Path) -> None:
    text = file.read_text(encoding="utf-8")
    assert "<script" not in text
    assert re.findall(r'(?:src|href)="(?!#)', text) == []
    assert re.findall(r"url\(|@import", text) == []
    context = browser.new_context()
    page = context.new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.goto(file.as_uri())
    assert asked == [file.as_uri()]
    assert said == []  # the policy lets our own style pass
    context.close()


def test_the_policy_stops_a_script_and_a_style_that_got_in_all_the_same(visit: Any) -> None:
    planted = "<script>window.ran = 1</script><style>body { color: red }</style><img src=x onerror='window.ran = 2'>"
    page = visit(page_of(gist()).replace("<main>", f"<main>{planted}"))
    assert page.evaluate("window.ran") is None
    assert page.locator("body").evaluate("e => getComputedStyle(e).color") != "rgb(255, 0, 0)"


@pytest.fixture(scope="module")
def blank(browser: Browser) -> Iterator[Page]:
    """One window for all hostile texts, that writes down whatever opens a dialog."""
    context = browser.new_context(viewport={"width": 390, "height": 900})
    page = context.new_page()
    page.on("dialog", lambda _: page.evaluate("window.ran = 'dialog'"))
    yield page
    context.close()


def test_there_are_forty_hostile_texts() -> None:
    assert len(set(HOSTILE)) >= 40


@pytest.mark.parametrize("text", HOSTILE, ids=lambda text: ascii(text[:24]))
def test_what_users_wrote_stays_text(blank: Page, text: str) -> None:
    page = page_of(gist(dict.fromkeys(TEXTS, text)))
    blank.set_content(page.replace("Content-Security-Policy", "x"))  # escaping alone must hold
    blank.evaluate("document.querySelectorAll('details').forEach(e => { e.open = true })")
    assert blank.evaluate("window.ran") is None
    elements, attributes, links = blank.evaluate(INSIDE)
    assert set(elements) <= OURS
    assert [name for name in attributes if name.startswith("on") or name in ("src", "style", "srcdoc")] == []
    assert all(link.startswith("#") for link in links)
    said = [
        " ".join((blank.locator(place).text_content() or "").split()) for place in (".company", ".only-ja .picture")
    ]
    assert said == [" ".join(inert(text).split())] * 2
    assert blank.evaluate("document.documentElement.scrollWidth") <= 390


INSIDE = """
(() => {
  const all = [...document.querySelectorAll('*')]
  return [
    [...new Set(all.map(e => e.tagName.toLowerCase()))],
    [...new Set(all.flatMap(e => e.getAttributeNames()))],
    all.filter(e => e.hasAttribute('href')).map(e => e.getAttribute('href')),
  ]
})()
"""
OURS = {
    *("html", "head", "meta", "title", "style", "body", "header", "main", "footer", "article", "section", "nav"),
    *(
        "h1",
        "h2",
        "h3",
        "p",
        "span",
        "code",
        "div",
        "strong",
        "ul",
        "ol",
        "li",
        "a",
        "dl",
        "dt",
        "dd",
        "fieldset",
        "legend",
    ),
    *(
        "input",
        "label",
        "caption",
        "figure",
        "figcaption",
        "details",
        "summary",
        "table",
        "thead",
        "tbody",
        "tr",
        "th",
        "td",
    ),
    *("svg", "g", "path", "line", "rect", "text", "tspan", "circle", "polyline", "desc"),
}


def test_a_page_of_ours_is_known_by_its_beginning(file: Path) -> None:
    assert is_ours(file.read_text(encoding="utf-8")[:4096])
    assert not is_ours("<!doctype html><html><head><title>another</title>")
