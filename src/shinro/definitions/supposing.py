"""Supposing: what a reader asks "what if" of: changes of metrics, from when on.

supposition = move {("," | "、" | ";" | "and") move}
move        = NAME change ["from" when | when "から"]
change      = "+2pt" | "-10%" | "+80" | "x2", each perhaps "in 3 months", or "to" level
when        = DAY | month ("2026-09", "2026年9月")
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from shinro.definitions.phrases import Change, Level, change, level
from shinro.definitions.tokens import Source
from shinro.periods import day_named
from shinro.problems import Place
from shinro.units import narrow

_AND = re.compile(r"\s*(?:[;、]|,(?!\d{3}(?!\d))|\band\b)\s*", re.IGNORECASE)
_MOVE = re.compile(
    r"\s*(?P<name>[^\W\d][\w・]*(?:\.[^\W\d][\w・]*)?)\s*(?P<change>(?:to\b|[=+\-×*xX]).+?)\s*"
    r"(?:\bfrom\s+(?P<first>\S.*?)|(?<=\s)(?P<kara>\S+?)\s*から)?\s*",
    re.IGNORECASE,
)
_TO = re.compile(r"(?:to\b|=)\s*", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Supposed:
    """One change that is supposed: by how much, or to what level; from a day on, else from the next period."""

    text: str
    metric: str
    change: Change | Level
    first: date | None = None


def supposed(text: str, place: Place) -> tuple[Supposed, ...]:
    """The changes of a text. Raises Mistake: Q111 where one is none, Q129 where its day is none."""
    plain = narrow(text)
    parts = [part for part in _AND.split(plain) if part.strip()]
    if not parts:
        raise Source(text, place).mistake("Q111", 0, text=text)
    return tuple(_supposed(part.strip(), place) for part in parts)


def _supposed(text: str, place: Place) -> Supposed:
    found = _MOVE.fullmatch(text)
    if found is None:
        raise Source(text, place).mistake("Q111", 0, text=text)
    when = found["first"] or found["kara"]
    first = day_named(when) if when else None
    if when and first is None:
        raise Source(text, place).mistake("Q129", text.index(when), case="from", text=when)
    return Supposed(text, found["name"], _change(found["change"], place), first)


def _change(text: str, place: Place) -> Change | Level:
    to = _TO.match(text)
    return level(text[to.end() :], place) if to else change(text, place)
