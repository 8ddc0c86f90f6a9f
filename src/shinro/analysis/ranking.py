"""Ranking: which drivers cost most, by amount; shares only where there is a whole to share.

Where the whole is about nothing, because drivers offset one another, a share of it says nothing (1/0 at the end), and
its sign turns with the whole's: what helped would rank above what fell.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from shinro.analysis.forms import ZERO
from shinro.findings.gaps import Decomposition, Leaf
from shinro.series import Better

SMALL = Fraction(1, 10)  # of all that moved, either way: a whole below it is about nothing; a bound of ours


def costs(leaf: Leaf, better: Better) -> Fraction:
    """What a driver costs in the root's unit: above 0 where it harmed, below 0 where it helped."""
    return leaf.contribution if better is Better.LOWER else -leaf.contribution


def costliest(leaves: Sequence[Leaf], better: Better) -> tuple[Leaf, ...]:
    """The driver that costs most first, those that helped last. Law: what helped never stands above what harmed."""
    return tuple(sorted(leaves, key=lambda leaf: costs(leaf, better), reverse=True))


def largest(leaves: Sequence[Leaf]) -> tuple[Leaf, ...]:
    """What moved the root most first, whichever way."""
    return tuple(sorted(leaves, key=lambda leaf: abs(leaf.contribution), reverse=True))


def share(contribution: Fraction, found: Decomposition) -> Fraction | None:
    """A contribution's share of the change; None where the change is unknown, or about nothing beside what moved."""
    brought = [*(leaf.contribution for leaf in found.leaves), *(line.contribution for line in found.off)]
    moved = sum(map(abs, brought), ZERO)
    if found.change is None or not found.change or abs(found.change) < SMALL * moved:
        return None
    return contribution / found.change
