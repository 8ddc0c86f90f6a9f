"""A course of numbers in one line of text."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

BARS = "▁▂▃▄▅▆▇█"
MIDDLE = "▄"
GAP = "·"


def sparkline(values: Sequence[Fraction | None]) -> str:
    """One bar a value, the least the lowest and the largest the highest; a dot where a value is undefined or not known.

    Values that are all the same stand in the middle. It shows a shape, not a size: the scale does not start at zero.
    """
    known = [value for value in values if value is not None]
    if not known:
        return GAP * len(values)
    low, height = min(known), max(known) - min(known)
    return "".join(GAP if value is None else _bar(value - low, height) for value in values)


def _bar(above: Fraction, height: Fraction) -> str:
    return BARS[min(int(above / height * len(BARS)), len(BARS) - 1)] if height else MIDDLE
