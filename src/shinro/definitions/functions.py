"""The functions of the language: how many arguments each takes, and where it may stand."""

from __future__ import annotations

from dataclasses import dataclass
from difflib import get_close_matches

MANY = 64  # arguments: a bound of our own
FARTHEST = 120  # periods: ten years of months


@dataclass(frozen=True, slots=True)
class Function:
    """One function: the fewest and the most arguments; whether a formula, and whether a `where`, may call it.

    One that looks back reads earlier periods of one metric: its name, then how many.
    """

    fewest: int
    most: int
    formula: bool = False
    where: bool = True
    looks_back: bool = False


FUNCTIONS = {
    "abs": Function(1, 1, formula=True),
    "least": Function(2, MANY, formula=True),
    "greatest": Function(2, MANY, formula=True),
    "coalesce": Function(2, MANY, formula=True),
    "lower": Function(1, 1),
    "upper": Function(1, 1),
    "trim": Function(1, 1),
    "length": Function(1, 1),
    "contains": Function(2, 2),
    "starts_with": Function(2, 2),
    "ends_with": Function(2, 2),
    "days_between": Function(2, 2),
    "positive": Function(1, 1, formula=True, where=False),
    "previous": Function(1, 2, formula=True, where=False, looks_back=True),
    "mean": Function(2, 2, formula=True, where=False, looks_back=True),
    "cmgr": Function(2, 2, formula=True, where=False, looks_back=True),
}


def nearest(name: str) -> str:
    """The function that was likely meant, or all of them."""
    return ", ".join(get_close_matches(name.lower(), FUNCTIONS, n=1) or FUNCTIONS)
