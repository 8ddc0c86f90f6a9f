"""Pages: what each code means, why, a bad example and a good one; one page a code and language."""

from __future__ import annotations

from importlib.resources import files
from importlib.resources.abc import Traversable

LANGUAGES = ("en", "ja")


def page(code: str, language: str) -> str:
    """The page of a code, Markdown. Raises FileNotFoundError where there is none."""
    return _folder(language).joinpath(f"{code}.md").read_text(encoding="utf-8")


def codes(language: str = "en") -> tuple[str, ...]:
    """Every code that has a page, in order."""
    return tuple(sorted(path.name.removesuffix(".md") for path in _folder(language).iterdir()))


def title(code: str, language: str) -> str:
    """What a code is called: the first line of its page, after the code."""
    return page(code, language).partition("\n")[0].partition(" · ")[2]


def _folder(language: str) -> Traversable:
    return files("shinro.checks").joinpath("pages").joinpath(language)
