"""How often `explain --drivers` says what, on simulated pairs of weekly series whose truth is known.

`python bench/evidence.py [WEEKS ...] [--each N] [--seed S] [--kind KIND ...]` prints the shares of verdicts a kind.
`python bench/evidence.py --pairs PAIRS.csv LABELS.json` judges labelled pairs (case, week, kpi, north_star).

The processes have unit normal shocks and a burn-in of 60 weeks; AR(a) is y(t) = a y(t-1) + shock.
"""

from __future__ import annotations

import argparse
import csv
import json
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from shinro.analysis.evidence import evidence
from shinro.findings.evidence import Verdict

BURN = 60
Floats = NDArray[np.float64]
Pair = tuple[Floats, Floats]
Chance = np.random.Generator


def ar(chance: Chance, weeks: int, own: float, more: Floats | None = None) -> Floats:
    """An autoregression with unit shocks and something added to each week."""
    shocks = chance.standard_normal(weeks) + (0 if more is None else more)
    found = np.zeros(weeks)
    for week in range(1, weeks):
        found[week] = own * found[week - 1] + shocks[week]
    return found


def late(values: Floats, weeks: int) -> Floats:
    """The series so many weeks later."""
    return np.concatenate([np.zeros(weeks), values[:-weeks]])


def driver(chance: Chance, weeks: int, lag: int = 2) -> Pair:
    x = ar(chance, weeks, 0.5)
    return x, ar(chance, weeks, 0.5, 0.5 * late(x, lag))


def follows(chance: Chance, weeks: int) -> Pair:
    y = ar(chance, weeks, 0.5)
    return ar(chance, weeks, 0.3, 0.6 * late(y, 2)), y


def hidden(chance: Chance, weeks: int) -> Pair:
    z = ar(chance, weeks, 0.5)
    return ar(chance, weeks, 0.3, 0.7 * late(z, 1)), ar(chance, weeks, 0.3, 0.7 * late(z, 2))


def seasonal(chance: Chance, weeks: int, period: float = 13, height: float = 1.5) -> Pair:
    angle = 2 * np.pi * np.arange(weeks) / period
    x = ar(chance, weeks, 0.3) + height * np.sin(angle)
    return x, ar(chance, weeks, 0.3) + height * np.sin(angle - 4 * np.pi / period)


def trending(chance: Chance, weeks: int) -> Pair:
    return tuple(np.cumsum(0.1 + chance.standard_normal(weeks)) for _ in range(2))  # type: ignore[return-value]


def independent(chance: Chance, weeks: int) -> Pair:
    return ar(chance, weeks, 0.5), ar(chance, weeks, 0.5)


def same_week(chance: Chance, weeks: int) -> Pair:
    shared = chance.standard_normal(weeks)
    return ar(chance, weeks, 0.5) + shared, ar(chance, weeks, 0.5) + shared


def step(chance: Chance, weeks: int) -> Pair:
    """Unrelated but for one step up, two weeks later in the outcome."""
    x, y = ar(chance, weeks, 0.3), ar(chance, weeks, 0.3)
    at = int(chance.integers(BURN + (weeks - BURN) // 3, weeks - (weeks - BURN) // 5))
    x[at:] += 4
    y[at + 2 :] += 4
    return x, y


def burst(chance: Chance, weeks: int) -> Pair:
    """Unrelated but for one burst of two weeks, two weeks later in the outcome."""
    x, y = ar(chance, weeks, 0.3), ar(chance, weeks, 0.3)
    at = int(chance.integers(BURN + (weeks - BURN) // 3, weeks - (weeks - BURN) // 5))
    x[at : at + 2] += 6
    y[at + 2 : at + 4] += 6
    return x, y


KINDS: dict[str, Callable[[Chance, int], Pair]] = {
    "driver": driver,
    "season": seasonal,
    "follows": follows,
    "trend": trending,
    "independent": independent,
    "same week": same_week,
    "hidden cause": hidden,
    "driver 1 week": lambda chance, weeks: driver(chance, weeks, 1),
    "driver 4 weeks": lambda chance, weeks: driver(chance, weeks, 4),
    "season of a year": lambda chance, weeks: seasonal(chance, weeks, 365.2425 / 7),
    "season of a month": lambda chance, weeks: seasonal(chance, weeks, 365.2425 / 84),
    "one step": step,
    "one burst": burst,
}


def simulated(kind: str, weeks: int, seed: int, number: int) -> Pair:
    """One pair; the same for the same arguments."""
    x, y = KINDS[kind](np.random.default_rng([seed, list(KINDS).index(kind), number]), weeks + BURN)
    return x[BURN:], y[BURN:]


def shares(kind: str, weeks: int, seed: int, each: int) -> Counter[Verdict]:
    """Verdict -> how many of `each` simulations end in it."""
    pairs = (simulated(kind, weeks, seed, number) for number in range(each))
    return Counter(evidence(x.tolist(), y.tolist()).verdict for x, y in pairs)


def tell(asked: argparse.Namespace) -> None:
    print(f"{'weeks':>5} {'kind':18}" + "".join(f"{word.value:>13}" for word in Verdict) + f"{'ms':>8}")
    for weeks in asked.weeks:
        for kind in asked.kind or KINDS:
            begun = time.process_time()
            found = shares(kind, weeks, asked.seed, asked.each)
            spent = (time.process_time() - begun) / asked.each * 1000
            told = "".join(f"{found[word] / asked.each:13.3f}" for word in Verdict)
            print(f"{weeks:5} {kind:18}{told}{spent:8.1f}", flush=True)


def labelled(pairs: Path, labels: Path) -> None:
    truths = json.loads(labels.read_text())
    series: dict[str, list[tuple[float, float]]] = {}
    with pairs.open() as lines:
        for row in csv.DictReader(lines):
            series.setdefault(row["case"], []).append((float(row["kpi"]), float(row["north_star"])))
    found: Counter[tuple[str, str]] = Counter()
    for case, rows in series.items():
        said = evidence([kpi for kpi, _ in rows], [star for _, star in rows]).verdict
        found[truths[case]["kind"], said.value] += 1
    for (kind, verdict), number in sorted(found.items()):
        print(f"{kind:14} {verdict:14} {number}")


def main() -> None:
    asking = argparse.ArgumentParser()
    asking.add_argument("weeks", nargs="*", type=int, default=[104, 52, 26])
    asking.add_argument("--each", type=int, default=200)
    asking.add_argument("--seed", type=int, default=0)
    asking.add_argument("--kind", action="append")
    asking.add_argument("--pairs", nargs=2, type=Path)
    asked = asking.parse_args()
    if asked.pairs:
        labelled(*asked.pairs)
    else:
        tell(asked)


if __name__ == "__main__":
    main()
