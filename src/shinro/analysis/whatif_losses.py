"""A change of what recurring revenue loses, or keeps: the rate that it follows from is what changes.

Law: mrr_churn_rate × opening = contraction + churned_mrr, and GRR = 1 - mrr_churn_rate, before and after.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction

from shinro.analysis.footing import Footing
from shinro.definitions.expression import Binary, Name
from shinro.definitions.losses import MONEY, lost_of
from shinro.definitions.unfolding import Unfolding, unfold

Levels = Mapping[str, Sequence[Fraction]]
Changed = Callable[[Fraction, int], Fraction]  # a value and its period's number -> what it is changed to
NOTHING = Fraction(0)
RATES = ("mrr_churn_rate", "grr")
SHARE = "÷"  # before the name of what is lost so: what share it is of all that is lost


def with_loss(
    footing: Footing, unfolding: Unfolding, levels: Levels, metric: str, changed: Changed
) -> tuple[Unfolding, dict[str, Sequence[Fraction]]] | None:
    """The equations and levels with a loss, or its rate, changed; None where no rate is behind it.

    The rate's driver is the rate, or GRR where that is bounded. Cost: the periods squared.
    """
    driver = _driver(unfolding, metric)
    if driver is None:
        return None
    if metric.partition(".")[2] not in MONEY:
        path = [min(max(changed(1 - level, n), NOTHING), Fraction(1)) for n, level in enumerate(levels[driver])]
        return unfolding, {**levels, driver: [1 - level for level in path]}
    return _with_part(footing, unfolding, levels, driver, metric, changed)


def is_lost(footing: Footing, metric: str) -> bool:
    """Whether a metric is what recurring revenue loses or keeps, and follows from a rate."""
    return _driver(footing.unfolding, metric) is not None


def _driver(unfolding: Unfolding, metric: str) -> str | None:
    name, _, part = metric.partition(".")
    if part not in (*MONEY, *RATES) or metric not in unfolding.equations:
        return None
    return next((each for each in (f"{name}.{one}" for one in RATES) if each in unfolding.leaves), None)


def _with_part(
    footing: Footing, unfolding: Unfolding, levels: Levels, driver: str, metric: str, changed: Changed
) -> tuple[Unfolding, dict[str, Sequence[Fraction]]]:
    """One period after another, as what is lost in one may be what the next opens without."""
    name, _, part = metric.partition(".")
    gone, less = (f"{name}.{one}" for one in MONEY)
    share, steps = f"{SHARE}{less}", range(footing.horizon)
    known = unfold(unfolding, levels, footing.past, footing.horizon)
    path, shares = list(levels[driver]), [_share(known[less][n], known[gone][n]) for n in steps]
    split = Binary("*", lost_of(name), Name(share))
    made = replace(unfolding, equations={**unfolding.equations, less: split}, leaves=(*unfolding.leaves, share))
    for n in steps:
        found = unfold(made, {**levels, driver: path, share: shares}, footing.past, n + 1)
        opening = found[f"{name}.mrr"][n - 1] if n else footing.past[f"{name}.mrr"][-1]
        parts = {one: found[f"{name}.{one}"][n] or NOTHING for one in MONEY}
        parts[part] = max(changed(parts[part], n), NOTHING)
        if opening:
            rate = sum(parts.values(), NOTHING) / opening
            path[n] = 1 - rate if driver.endswith(".grr") else rate
            shares[n] = _share(parts["contraction"], parts["churned_mrr"])
    return made, {**levels, driver: path, share: shares}


def _share(less: Fraction | None, gone: Fraction | None) -> Fraction:
    lost = (less or NOTHING) + (gone or NOTHING)
    return (less or NOTHING) / lost if lost else NOTHING
