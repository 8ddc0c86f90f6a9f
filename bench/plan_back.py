"""Figures of working back: the worked example, its infeasible variant, random starts, CPU seconds a plan.

python bench/plan_back.py
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path
from time import process_time

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # as the command has it

import numpy as np

sys.path.insert(0, str(Path(__file__).parent.parent / "tests"))
from planning import NARROW, NOW, STORY, bearings_of, footing_of
from shinro.analysis.backplan import least_effort, search_of, zeros
from shinro.analysis.planned import drafted
from shinro.analysis.plans import plan_of
from shinro.definitions.meaning import meanings
from shinro.findings.plans import Plan

STARTS, TURNS, SAME = 20, 10, 1e-4


def planned(text: str) -> Plan:
    project = bearings_of(text, NOW).project
    return plan_of(project, meanings(project), footing_of(text), rounded=False)


def seconds(work: Callable[[], object]) -> float:
    work()
    start = process_time()
    for _ in range(TURNS):
        work()
    return (process_time() - start) / TURNS


def main() -> None:
    for name, text in (("worked example", STORY), ("infeasible variant", NARROW)):
        found = planned(text)
        print(f"{name}: effort {found.effort:.4f}")
        for each in found.levers:
            print("  ", each.lever.metric, [f"{float(level):.5g}" for level in each.knots])
        for condition in found.conditions:
            print("  ", condition.milestone, condition.text, f"{float(condition.planned or 0):.6g}", condition.holds)
        for short in found.shortfalls:
            alone = [(one.lever.metric, one.needed and f"{float(one.needed):.5g}") for one in short.alone]
            when = short.month and f"{short.month.start:%Y-%m}"
            print("   out of reach:", short.condition.text, f"best {float(short.best or 0):.6g}", alone, when)
        for easing in found.easings:
            what = easing.condition.text if easing.condition else easing.lever and easing.lever.metric
            print("   easier:", what, f"{easing.effort:.3f}")
        footing = footing_of(text)
        whole = seconds(lambda footing=footing: drafted(search_of(footing)))  # type: ignore[misc]
        told = seconds(lambda text=text: planned(text))  # type: ignore[misc]
        print(f"  CPU seconds: {whole:.3f} a plan, {told:.3f} with reading, reasons, worth and chances")
    search, rng = search_of(footing_of()), np.random.default_rng(6)
    efforts = [
        least_effort(search, zeros(search), start=rng.uniform(0, 0.34, search.shape)).effort for _ in range(STARTS)
    ]
    print(
        f"{sum(abs(effort - min(efforts)) < SAME for effort in efforts)} of {STARTS} random starts: {min(efforts):.4f}"
    )


if __name__ == "__main__":
    main()
