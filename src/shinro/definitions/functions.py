"""The functions of the language: how many arguments each takes, and where it may stand."""

from __future__ import annotations

from dataclasses import dataclass
from difflib import get_close_matches

MANY = 64


@dataclass(frozen=True, slots=True)
class Function:
    """One function: the fewest and the most arguments; whether a formula, and whether a `where`, may call it."""

    fewest: int
    most: int
    formula: bool = False
    where: bool = True


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
    "previous": Function(1, 1, formula=True, where=False),
}


def nearest(name: str) -> str:
    """The function that was likely meant, or all of them."""
    return ", ".join(get_close_matches(name.lower(), FUNCTIONS, n=1) or FUNCTIONS)
