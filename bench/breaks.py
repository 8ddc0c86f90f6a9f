"""Where did it break, simulated: how often a combination is named where none broke, and found where one did.

    python bench/breaks.py [--tries 100]

Cells of one dimension of four values, or of two of four and ten; a year of months before, which tell what is usual.
"""

from __future__ import annotations

import argparse
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise, product

import numpy as np

from shinro.analysis.breaks import breaks
from shinro.analysis.mix import Cut, ratio_cell
from shinro.analysis.strains import Kind
from shinro.findings.segments import Side
from shinro.series import Segment

MONTHS = 12
RATE = 0.1
BROKEN = ("d0", "1")


@dataclass(frozen=True, slots=True)
class World:
    """What is counted, by which dimensions, how many of it in a cell, and by how much cells vary beyond chance."""

    kind: Kind
    sizes: tuple[int, ...]
    mean: int
    noise: float
    factor: float  # of the broken value, in the last month

    def cuts(self, chance: np.random.Generator) -> list[Cut]:
        """Every month against the one before."""
        cells = [tuple((f"d{n}", str(at)) for n, at in enumerate(each)) for each in product(*map(range, self.sizes))]
        means = dict(zip(cells, self.mean * chance.lognormal(0, 0.7, len(cells)), strict=True))
        months = [{at: self.cell(chance, means[at], 1.0) for at in cells} for _ in range(MONTHS)]
        months.append({at: self.cell(chance, means[at], self.factor if BROKEN in at else 1.0) for at in cells})
        return [{at: (before[at], after[at]) for at in cells} for before, after in pairwise(months)]

    def cell(self, chance: np.random.Generator, mean: float, factor: float) -> Side:
        """One cell in one month."""
        much = factor * chance.lognormal(0, self.noise)
        if self.kind is Kind.ODDS:
            base = int(chance.poisson(mean))
            return ratio_cell(Fraction(int(chance.binomial(base, min(RATE * much, 1)))), Fraction(base))
        number = int(chance.poisson(mean * much))
        if self.kind is Kind.AMOUNTS:
            return Side(Fraction(int(chance.lognormal(8, 0.8, number).sum())))
        return Side(Fraction(number))


def named(cuts: list[Cut], kind: Kind) -> list[Segment]:
    """What is named of the last month, all alike left out."""
    found = breaks(cuts[-1], kind, earlier=cuts[:-1])
    return [one.segment for one in found.breaks if one.segment] if found else []


def main() -> None:
    """A line a world."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--tries", type=int, default=100)
    tries = options.parse_args().tries
    print(f"{'':10}{'cells':>6}{'mean':>6}{'noise':>7}{'broke':>7}{'found':>8}{'wrongly':>9}")
    for kind, sizes, mean, noise, factor in product(Kind, [(4,), (4, 10)], (40, 400), (0.0, 0.2), (1.0, 0.5)):
        world, chance = World(kind, sizes, mean, noise, factor), np.random.default_rng(5)
        answers = [named(world.cuts(chance), kind) for _ in range(tries)]
        broke = (BROKEN,)
        found = sum(broke in each for each in answers) / tries if factor < 1 else float("nan")
        wrong = sum(any(one != broke or factor == 1 for one in each) for each in answers) / tries
        cells = int(np.prod(sizes))
        print(f"{kind.value:10}{cells:>6}{mean:>6}{noise:>7}{1 - factor:>7.0%}{found:>8.2f}{wrong:>9.2f}")


if __name__ == "__main__":
    main()
