"""Texts cut to the room that there is for them, in columns: a wide letter takes two."""

from __future__ import annotations

from collections.abc import Iterator

from rich.cells import cell_len

from shinro.reports.inert import inert

FOOT = 480  # columns of a foot


def chopped(text: str, most: int) -> Iterator[str]:
    """A text in parts of so many columns at most."""
    start, wide = 0, 0
    for n, letter in enumerate(text):
        wide += cell_len(letter)
        if wide > most:
            yield text[start:n]
            start, wide = n, cell_len(letter)
    if start < len(text) or not text:
        yield text[start:]


def clipped(text: str, most: int) -> str:
    """A text of so many columns at most, its end left out if need be."""
    plain = inert(text)
    if cell_len(plain) <= most:
        return plain
    return next(chopped(plain, most - 1)) + "…"
