"""What users wrote, made inert: no escape, no control character, no change of direction; it shows as text."""

from __future__ import annotations

import re
import unicodedata

KEPT = "\u200c\u200d\u3000"  # joiners within words and emoji; the wide blank
ESCAPE = re.compile(r"\x1b(?:\[[0-?]*[ -/]*[@-~]|[\]PX^_].*?(?:\x1b\\|\x07|$)|[ -~]?)|\x9b[0-?]*[ -/]*[@-~]", re.DOTALL)


def inert(text: str) -> str:
    """A text without escapes, control and direction characters; each white space is a blank, a wide one stays wide."""
    if text.isprintable():
        return text
    plain = ESCAPE.sub("", text)
    return "".join(map(_shown, plain))


def _shown(character: str) -> str:
    if character in KEPT:
        return character
    if character.isspace():
        return " "
    return "" if unicodedata.category(character) in ("Cc", "Cf", "Cs", "Co") else character
