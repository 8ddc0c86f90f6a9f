"""Windows: how long a metric of active entities looks back, and how many rows make an entity active."""

from __future__ import annotations

from collections.abc import Iterator

from shinro.definitions.metric import Metric
from shinro.definitions.project import Project
from shinro.periods import Duration, Grain
from shinro.problems import Problem, problem

WHOLE = frozenset(grain.value for grain in Grain)  # units that are made of whole days


def window(metric: Metric) -> Duration | None:
    """The window that ends on a day; None where it is the period itself, or is no window of whole days."""
    found = metric.within.duration if metric.within else None
    return found if found and found.unit in WHOLE and found.amount > 0 else None


def at_least(metric: Metric) -> int | None:
    """How many rows make an entity active; None where what is written is no whole number from 1 on."""
    if metric.at_least is None:
        return 1
    level = metric.at_least.level
    number = level.number.value
    if level.per or level.number.unit or number.denominator != 1 or number < 1:
        return None
    return int(number)


def windows(project: Project) -> Iterator[Problem]:
    """Windows that end within a day, and numbers of rows that are none (code Q148)."""
    for name, metric in project.metrics.items():
        if metric.active is None:
            continue
        if metric.within and window(metric) is None:
            text = metric.within.text
            yield problem("Q148", text.place, metric=str(name), case="window", found=str(text))
        if metric.at_least and at_least(metric) is None:
            text = metric.at_least.text
            yield problem("Q148", text.place, metric=str(name), case="rows", found=str(text))
