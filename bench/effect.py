"""How often `effect` is right: false alarms, power, coverage, published cases.

    python bench/effect.py FOLDER [SIMULATIONS] [SEED]

FOLDER holds `effect.json` and `effect/`, the labelled series and published cases. Each process is simulated over 72
weeks with the start at 60; an effect of one standard deviation of the past is then added for the power. About 25 ms a
simulation.
"""

from __future__ import annotations

import csv
import json
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from shinro.analysis.effect import Case, Outcome, effect
from shinro.analysis.effect_panel import (
    difference_in_differences,
    placebo_chance,
    synthetic_control,
    synthetic_differences,
)
from shinro.findings.effects import Estimate

Array = NDArray[np.float64]
Random = np.random.Generator
WEEKS, START, YEAR, BURN = 72, 60, 52, 100
AIMS = {"iid": 0.07, "ar(.6)": 0.07, "random walk": 0.09, "trend": 0.09, "season": 0.07, "control": 0.07}


def autoregressive(chance: Random, phi: float) -> Array:
    shocks, found = chance.normal(size=WEEKS + BURN), np.zeros(WEEKS + BURN)
    for at in range(1, found.size):
        found[at] = phi * found[at - 1] + shocks[at]
    return found[BURN:]


def season(chance: Random) -> Array:
    weeks = np.arange(WEEKS)
    return 1.2 * np.sin(2 * np.pi * (weeks / YEAR + chance.random())) + autoregressive(chance, 0.3)


PROCESSES: dict[str, Callable[[Random], Array]] = {
    "iid": lambda chance: chance.normal(size=WEEKS),
    "ar(.6)": lambda chance: autoregressive(chance, 0.6),
    "random walk": lambda chance: np.cumsum(chance.normal(0, 0.3, WEEKS)) + chance.normal(size=WEEKS),
    "trend": lambda chance: 0.03 * np.arange(WEEKS) + autoregressive(chance, 0.3),
    "season": season,
}


def controlled(chance: Random) -> tuple[Array, Array]:
    walk = np.cumsum(chance.normal(0, 0.5, WEEKS))
    return 0.8 * walk + chance.normal(0, 0.5, WEEKS), walk + chance.normal(0, 0.3, WEEKS)


def told(found: Outcome | None) -> Estimate:
    if found is None:
        raise SystemExit("nothing could be estimated")
    return found.estimate


def estimated(actual: Sequence[float | None], controls: Sequence[Sequence[float | None]] = ()) -> Estimate:
    return told(effect(Case(actual, START, controls, year=YEAR), by_period=False))


def simulated(count: int, seed: int) -> None:
    print(f"{count} simulations a process, seed {seed}")
    print("process       alarms  aim   power (+1 sd)  mean width of the interval")
    for number, name in enumerate((*PROCESSES, "control")):
        alarms = seen = width = 0.0
        for each in range(count):
            chance = np.random.default_rng([seed, number, each])
            actual, other = (PROCESSES[name](chance), None) if name in PROCESSES else controlled(chance)
            controls = () if other is None else (tuple(other),)
            found = estimated(tuple(actual), controls)
            more = actual + np.where(np.arange(WEEKS) >= START, actual[:START].std(ddof=1), 0.0)
            alarms += found.mean.excludes_zero
            seen += estimated(tuple(more), controls).mean.low > 0
            width += found.mean.high - found.mean.low
        print(f"{name:12}  {alarms / count:6.3f}  {AIMS[name]:.2f}  {seen / count:13.3f}  {width / count:6.2f}")


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


def numbers(found: list[dict[str, str]], name: str) -> list[float | None]:
    return [float(row[name]) if row[name] else None for row in found]


def labelled(folder: Path) -> None:
    labels = json.loads((folder / "effect" / "synthetic_labels.json").read_text("utf-8"))
    every = rows(folder / "effect" / "synthetic.csv")
    inside = 0
    for name, label in labels.items():
        own = [row for row in every if row["case"] == name]
        controls = (numbers(own, "control"),) if label["has_control"] else ()
        found = estimated(numbers(own, "y"), controls).mean
        inside += found.low <= label["true_average_post"] <= found.high
    print(f"labelled series whose interval holds the truth: {inside} of {len(labels)}")


def published(folder: Path) -> None:
    for case in json.loads((folder / "effect.json").read_text("utf-8"))["cases"]:
        if "outcome" in case:
            _with_controls(folder, case)
        else:
            _panel(folder, case)


def _with_controls(folder: Path, case: Any) -> None:  # noqa: ANN401 - as JSON holds it
    (first, last), outcome = case["post_rows"], case["outcome"]
    known = rows(folder / case["csv"])[:last]
    seen = effect(Case(numbers(known, outcome), first, [numbers(known, name) for name in case["controls"]]))
    mean, theirs = told(seen).mean, case["R_CausalImpact"]
    print(f"{case['id']}: {mean.value:.3f} ({mean.low:.3f} to {mean.high:.3f}); CausalImpact {theirs}")


def _panel(folder: Path, case: Any) -> None:  # noqa: ANN401 - as JSON holds it
    with (folder / case["csv"]).open(encoding="utf-8") as file:
        head, *body = list(csv.reader(file))
    table = np.array([[float(cell) for cell in row[1:]] for row in body]).T
    at = head.index(str(case["treated"])) - 1
    start = [row[0] for row in body].index(str(case["first_post_year"]))
    table = np.vstack([table[at : at + 1], np.delete(table, at, 0)])
    shown = {way.__name__: round(way(table, start), 3) for way in WAYS}
    print(f"{case['id']}: {shown}, expected {case['expected']}")


WAYS = (difference_in_differences, synthetic_control, synthetic_differences, placebo_chance)

if __name__ == "__main__":
    FOLDER = Path(sys.argv[1])
    published(FOLDER)
    labelled(FOLDER)
    COUNT, SEED = (int(text) for text in (*sys.argv[2:], *("200", "11")[len(sys.argv) - 2 :]))
    simulated(COUNT, SEED)
