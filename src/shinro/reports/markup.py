"""Markup: elements as text, where everything that is not markup already is made inert and escaped."""

from __future__ import annotations

from html import escape
from typing import TypeAlias

from shinro.reports.inert import inert

VOID = frozenset({"meta", "input", "br", "circle", "path", "line", "rect", "polyline", "link"})


class Markup(str):
    """Text that is markup already, made by `tag` alone or drawn by ourselves."""

    __slots__ = ()


Child: TypeAlias = str | None
Value: TypeAlias = str | int | bool | None


def tag(name: str, /, *children: Child, **attributes: Value) -> Markup:
    """An element. Children that are no markup are texts; an empty attribute or child is left out.

    `class_` is `class`, `aria_label` is `aria-label`. Law: no text can open an element or leave an attribute.
    """
    looks = "".join(_attribute(key, value) for key, value in attributes.items() if value not in (None, False))
    if name in VOID:
        return Markup(f"<{name}{looks}>") if name in ("meta", "input", "br", "link") else Markup(f"<{name}{looks}/>")
    return Markup(f"<{name}{looks}>{joined(*children)}</{name}>")


def joined(*children: Child) -> Markup:
    """Children side by side, texts escaped."""
    return Markup("".join(child if isinstance(child, Markup) else text(child) for child in children if child))


def text(words: str) -> Markup:
    """What a user wrote, as text."""
    return Markup(escape(inert(words)))


def sentence(words: str) -> Markup:
    """A sentence of ours, whose words between backquotes are what one types."""
    parts = words.split("`")
    if len(parts) % 2 == 0:
        return text(words)
    return joined(*(tag("code", part) if n % 2 else text(part) for n, part in enumerate(parts)))


def _attribute(key: str, value: Value) -> str:
    name = key.rstrip("_").replace("_", "-")
    return f" {name}" if value is True else f' {name}="{escape(inert(str(value)))}"'
