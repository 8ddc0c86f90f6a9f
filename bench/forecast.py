"""Scores forecasts with a harness kept elsewhere: `python bench/forecast.py HARNESS [calibrate|joint|speed] [NUMBER]`.

HARNESS is a folder with calibrate.py, joint.py and their data; nothing of it is kept here. Prints its line for every
set at 12, 24 and 36 points (Brier, ECE, coverage, ...), the joint milestones of its simulated firms through two trees
of ours and its own recipe, and the seconds of 1,000 series. NUMBER: windows a cell (150), or firms (300).
`prob` is the interface that calibrate.py asks for (`--mod forecast:prob`).

An ECE is never 0: beside each stand what a perfect forecaster with the same probabilities and bins would have (the
mean, and what 1 in 20 would exceed), and the bootstrap interval of ours.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import lru_cache, partial
from importlib import import_module
from importlib.util import find_spec
from itertools import count
from types import ModuleType

os.environ.setdefault("OMP_NUM_THREADS", "1")
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import zlib

import numpy as np

from shinro.analysis.forecast import Kind, paths
from shinro.analysis.forecast_made import World
from shinro.analysis.forecast_models import Array
from shinro.analysis.forecast_paired import Paired, alike, in_average_ones
from shinro.analysis.forecast_past import Past, drawn, past
from shinro.analysis.forecast_share import LEAVING, NEUTRAL
from shinro.analysis.forecast_tree import streams
from shinro.definitions.expression import Node
from shinro.definitions.grammar import formula

DRAWS = 1000
FURTHEST = 26
REPEATS = 300
SETS = (("pypim", (3, 6, 12)), ("m4w", (4, 13, 26)))
COMPANIES = "previous + new_companies - churned"


@lru_cache(maxsize=4)
def _drawn(history: bytes, season: int, steps: int) -> Array:
    values = np.frombuffer(history)
    found = past(values.tolist(), Kind.AMOUNT if values.min() >= 0 else Kind.NUMBER, length=season)
    rng = np.random.default_rng(zlib.crc32(history))
    onward = drawn(found, steps, rng, DRAWS) if found else paths(values, steps, Kind.AMOUNT, rng, DRAWS)
    return np.sort(onward, axis=0)


def prob(history: Array, horizon: int, threshold: float, direction: str, season: int = 1) -> float:
    """The probability that the value so many steps ahead is at least, or at most, the threshold."""
    steps = FURTHEST if horizon > FURTHEST // 2 else FURTHEST // 2
    found = _drawn(np.asarray(history, float).tobytes(), season, steps)[:, horizon - 1]
    below = (np.searchsorted(found, threshold) + 0.5) / (len(found) + 1)
    return float(1 - below if direction == ">=" else below)


def _ratio(over: Array, base: Array, kind: Kind) -> Past:
    values = np.divide(over, base, out=np.full(over.shape, np.nan), where=base > 0)
    holes = [None if np.isnan(value) else float(value) for value in values]
    found = past(holes, kind, list(zip(over.tolist(), base.tolist(), strict=True)))
    return found or Past(np.nan_to_num(values), kind, over, base)


def firm(
    rng: np.random.Generator,
    h: dict[str, Array],
    st: dict[str, float],
    ahead: int,
    draws: int,
    *,
    flows: bool,
) -> dict[str, Array]:
    """A simulated firm through our tree: MRR from companies and their average, or from flows of money."""
    trials = float(st["T"]) + np.cumsum((h["res"] - h["new"])[::-1])[::-1]  # before each month
    before = h["M"] + 0.0
    opening = np.concatenate([[np.nan], before[:-1]])
    lost = np.nan_to_num(opening + h["nm"] - h["M"])
    pasts = {
        "started": past(h["new"].tolist(), Kind.COUNT),
        "resolved": _ratio(h["res"], trials, Kind.SHARE),
        "conversion": _ratio(h["conv"], h["res"], Kind.SHARE),
        "churned": _ratio(h["lost"], h["start"], Kind.SHARE),
        "arpa": _ratio(h["M"], h["P"], Kind.AMOUNT),
        "price": _ratio(h["nm"], h["conv"], Kind.AMOUNT),
        "lost_money": _ratio(np.maximum(lost[1:], 0), opening[1:], Kind.SHARE),
    }
    texts = {
        "trials": "previous + started - resolved",
        "new_companies": "resolved * conversion",
        "companies": COMPANIES,
    }
    texts |= {"new_money": "new_companies * price", "mrr": "previous + new_money - lost_money"} if flows else {}
    texts |= {} if flows else {"mrr": "companies * arpa"}
    for name, prior in (("resolved", NEUTRAL), ("churned", LEAVING), ("lost_money", NEUTRAL)):
        found = pasts[name]
        pasts[name] = replace(found, prior=prior) if found else None
    pasts["price"] = replace(found, apart=True) if (found := pasts["price"]) else None
    formulas: dict[str, Node] = {name: formula(text) for name, text in texts.items()}
    world = World(
        {name: found for name, found in pasts.items() if found is not None},
        formulas,
        {"trials": float(st["T"]), "companies": float(st["P"]), "mrr": float(st["M"])},
        {"resolved": "trials", "churned": "companies", "lost_money": "mrr"},
        counts=frozenset({"started", "resolved", "new_companies", "churned", "trials", "companies"}),
        steps=ahead,
        paired=_pairs(h, lost, opening) if flows else {},
        draws=draws,
        seed=int(rng.integers(2**31)),
    )
    made = streams(world, ["trials", "companies", "mrr"])
    gone = made["churned"]
    return {"P": made["companies"].value, "M": made["mrr"].value, "lost": gone.value, "start": gone.base}


def _pairs(h: dict[str, Array], lost: Array, opening: Array) -> dict[str, Paired]:
    """Which count the money that leaves goes with, by their pasts alone."""
    gone = alike(in_average_ones(lost[1:], opening[1:], h["start"][1:]), {"churned": h["lost"][1:]})
    return {"lost_money": gone} if gone else {}


def _joint(joint: ModuleType, firms: int) -> None:
    """Its own recipe, and ours on the very same firms and milestones: the recipe draws from its stream all the same."""
    recipe = joint.structural
    print("joint: its own recipe", flush=True)
    _asked(joint, firms)
    for title, flows in (("MRR from companies and their average", False), ("MRR from flows of money", True)):
        joint.structural = partial(_beside, recipe, count(1), flows)
        print("joint: ours,", title, flush=True)
        _asked(joint, firms)


def _beside(
    recipe: Callable[..., object],
    seeds: Iterator[int],
    flows: bool,  # noqa: FBT001 - bound by `partial`
    rng: np.random.Generator,
    h: dict[str, Array],
    st: dict[str, float],
    ahead: int,
    draws: int,
) -> dict[str, Array]:
    recipe(rng, h, st, ahead, draws)
    return firm(np.random.default_rng([1, next(seeds)]), h, st, ahead, draws, flows=flows)


def _asked(joint: ModuleType, firms: int) -> None:
    for points in (12, 24):
        joint.part_a(points, firms)


def _speed() -> None:
    rng = np.random.default_rng(1)
    series = [100 * np.exp(np.cumsum(rng.normal(0, 0.1, 36))) for _ in range(1000)]
    start = time.process_time()
    for each in series:
        paths(each, 12, Kind.AMOUNT, rng, DRAWS, 12)
    print(f"1,000 series of 36 points, 12 steps, 1,000 paths: {time.process_time() - start:.2f} s of CPU")


def _worse(ours: Array, theirs: Array, events: int) -> tuple[float, float]:
    """The 95 % bootstrap interval of how much larger our Brier score is, over windows of so many events."""
    gap = (ours - theirs).reshape(-1, events).mean(1)
    rng = np.random.default_rng(0)
    means = gap[rng.integers(gap.size, size=(4000, gap.size))].mean(1)
    low, high = np.quantile(means, [0.025, 0.975])
    return float(low), float(high)


def _sure(harness: ModuleType, scored: dict[str, Array], events: int) -> str:
    """What noise alone makes of an ECE, and the 95 % bootstrap interval of ours, over windows of so many events.

    A perfect forecaster's values lie anywhere in its own distribution, the same one for all thresholds of a horizon.
    """
    rng, ahead = np.random.default_rng(0), events // len(harness.KS)
    chances, happened = scored["P"].reshape(-1, events), scored["O"].reshape(-1, events)
    _, _, below, up = scored["CL"].T
    perfect = []
    for _ in range(REPEATS):
        place = np.repeat(rng.random((chances.shape[0], ahead)), len(harness.KS), axis=1).ravel()
        perfect.append(harness.rel(scored["P"], np.where(up > 0, place >= below, place < below).astype(float))[0])
    again = [rng.integers(len(chances), size=len(chances)) for _ in range(REPEATS)]
    ours = [harness.rel(chances[rows].ravel(), happened[rows].ravel())[0] for rows in again]
    low, high = np.quantile(ours, [0.025, 0.975])
    most = np.quantile(perfect, 0.95)
    return f"    ours, ECE {low:.3f} to {high:.3f}; a perfect one's {np.mean(perfect):.3f}, seldom above {most:.3f}"


def _calibrate(harness: ModuleType, most: int) -> None:
    names = ["naive_normal", "drift_normal", "mix4"]
    names += ["ets", "theta", "arima"] if find_spec("statsforecast") else []
    for name, ahead in SETS:
        for points in (12, 24, 36):
            print(name, points)
            harness.F["ours"] = lambda y, _h, season, _rng: harness.FromProb(prob, y, season)
            found = harness.score(name, points, [*names, "ours"], most, ahead)
            square = {each: (scored["P"] - scored["O"]) ** 2 for each, scored in found.items()}
            for each, scored in found.items():
                low, high = _worse(square["ours"], square[each], len(ahead) * len(harness.KS))
                print(harness.line(each, scored), f"| ours worse by {low:+.4f} to {high:+.4f}", flush=True)
            print(_sure(harness, found["ours"], len(ahead) * len(harness.KS)), flush=True)


def main() -> None:
    """Everything, or `calibrate`, `joint`, `speed` alone."""
    sys.dont_write_bytecode = True
    sys.path.insert(0, sys.argv[1])
    what, number = (sys.argv[2:3] or ["all"])[0], int((sys.argv[3:4] or ["0"])[0])
    if what in ("all", "speed"):
        _speed()
    if what in ("all", "joint"):
        _joint(import_module("joint"), number or 300)
    if what in ("all", "calibrate"):
        _calibrate(import_module("calibrate"), number or 150)


if __name__ == "__main__":
    main()
