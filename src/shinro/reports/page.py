"""Stories in several languages -> one self-contained page: nothing is loaded, no script is in it, none can run."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from importlib.metadata import version
from importlib.resources import files

from shinro.reports.markup import Markup, joined, tag
from shinro.reports.parts import Story
from shinro.reports.sections import article
from shinro.reports.words import words

NAMES = {"ja": "日本語", "en": "English"}
THEMES = ("auto", "light", "dark")
GENERATOR = "shinro"


@dataclass(frozen=True, slots=True)
class Told:
    """A story in one language, and a drawing for each of its charts."""

    story: Story
    drawings: tuple[str, ...]


def page(told: Sequence[Told]) -> str:
    """The page, the first language shown first. Law: the same stories, the same bytes."""
    first = told[0].story
    langs = [each.story.lang for each in told]
    body = tag(
        "body",
        tag("header", tag("p", first.company, class_="company"), _languages(langs), _themes(langs)),
        tag("main", *(article(each.story, each.drawings, words(each.story.lang)) for each in told)),
        tag("footer", *(_footer(lang) for lang in langs)),
    )
    top = head(first.title, _style())
    return f"<!doctype html>\n{tag('html', top, body, lang=first.lang, class_=f'first-{first.lang}')}\n"


def is_ours(beginning: str) -> bool:
    """Whether a file that begins so is a page that we wrote."""
    return f'<meta name="generator" content="{GENERATOR} ' in beginning


def head(title: str, style: str, *more: Markup) -> Markup:
    """The head of a page of ours: its title, its one style, a policy under which nothing is loaded or run."""
    digest = b64encode(sha256(style.encode()).digest()).decode()
    policy = f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
    return tag(
        "head",
        tag("meta", charset="utf-8"),
        tag("meta", name="generator", content=f"{GENERATOR} {version('shinro')}"),
        Markup(f'<meta http-equiv="Content-Security-Policy" content="{policy}">'),
        tag("meta", name="viewport", content="width=device-width, initial-scale=1"),
        tag("meta", name="color-scheme", content="light dark"),
        *more,
        tag("title", title),
        tag("style", Markup(style)),
    )


@cache
def _style() -> str:
    return files("shinro.reports").joinpath("style.css").read_text("utf-8")


def _languages(langs: Sequence[str]) -> Markup:
    choices = [
        _choice("lang", lang, tag("span", NAMES[lang], lang=lang), chosen=n == 0) for n, lang in enumerate(langs)
    ]
    return _switch("story.language", langs, choices)


def _themes(langs: Sequence[str]) -> Markup:
    choices = [
        _choice("theme", theme, _said(f"story.theme_{theme}", langs), chosen=theme == "auto") for theme in THEMES
    ]
    return _switch("story.theme", langs, choices)


def _switch(key: str, langs: Sequence[str], choices: Sequence[Markup]) -> Markup:
    return tag("fieldset", tag("legend", _said(key, langs)), *choices)


def _choice(group: str, name: str, label: Markup, *, chosen: bool) -> Markup:
    at = f"{group}-{name}"
    return joined(tag("input", type="radio", name=group, id=at, checked=chosen), tag("label", label, for_=at))


def _said(key: str, langs: Sequence[str]) -> Markup:
    """A sentence in each language, of which one is shown."""
    return joined(*(tag("span", words(lang).say(key), lang=lang, class_=f"only-{lang}") for lang in langs))


def _footer(lang: str) -> Markup:
    return tag("p", words(lang).say("story.made_by", version=version("shinro")), lang=lang, class_=f"only-{lang}")
