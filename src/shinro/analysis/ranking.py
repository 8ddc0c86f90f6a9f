"""Ranking: which drivers cost most, by amount and never by share.

Where the whole is about nothing, because drivers offset one another, a share of it says nothing (1/0 at the end), and
its sign turns with the whole's: what helped would rank above what fell.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from shinro.findings.gaps import Leaf
from shinro.series import Better


def costs(leaf: Leaf, better: Better) -> Fraction:
    """What a driver costs in the root's unit: above 0 where it harmed, below 0 where it helped."""
    return leaf.contribution if better is Better.LOWER else -leaf.contribution


def costliest(leaves: Sequence[Leaf], better: Better) -> tuple[Leaf, ...]:
    """The driver that costs most first, those that helped last. Law: what helped never stands above what harmed."""
    return tuple(sorted(leaves, key=lambda leaf: costs(leaf, better), reverse=True))
