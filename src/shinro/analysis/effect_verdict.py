"""The verdict on an initiative: what its interval, what was expected of it, and what stands in the way, say together.

- The interval lies on one side of nothing: it worked, or went the other way.
- It holds nothing, and not what was expected: no effect was seen where that one would have been. Where nothing was
  expected, a tenth of the KPI would have been.
- It holds both, or it cannot be told whose effect it is: cannot tell.
"""

from __future__ import annotations

from collections.abc import Collection

from shinro.definitions.people import Initiative
from shinro.definitions.phrases import Change
from shinro.findings.effects import Estimate, Expected, Placed, Verdict
from shinro.periods import DAYS_OF, Grain
from shinro.series import Better

NOTABLE = 0.1  # of a KPI: an effect that would have been worth seeing, where none was expected
BLOCKING = frozenset({"effect.overlap", "effect.rest_moved", "effect.no_direction"})
MONTH = 30


def direction(initiative: Initiative, better: Better) -> int:
    """1 where the KPI should rise, -1 where it should fall, 0 where nobody says."""
    if initiative.expect:
        change = initiative.expect.change
        rises = change.value.value > 1 if change.kind == "times" else change.value.value > 0
        return 1 if rises else -1
    return {Better.HIGHER: 1, Better.LOWER: -1, Better.NONE: 0}[better]


def expected(change: Change, without: float, grain: Grain, *, accrues: bool) -> float:
    """What a change means for the mean of a period: as it stands, but of what accrues an amount is one over its time.

    A point is a hundredth, whether a rate is shown in % or not. An amount without a time is a month's. A share of what
    is below 0 is one of its size: a loss that is to rise by 10 % is to be smaller.
    """
    value = float(change.value.value)
    match change.kind:
        case "points":
            return value
        case "relative":
            return value * abs(without)
        case "times":
            return (value - 1) * abs(without)
    if not accrues:
        return value
    days = change.within.days if change.within and change.within.days else MONTH
    return value * min(1.0, DAYS_OF[grain.value] / days)


def against(value: float, estimate: Estimate) -> Expected:
    """Whether more or less was expected than the interval holds, seen in the direction that was expected."""
    low, high = sorted((estimate.mean.low * (1 if value >= 0 else -1), estimate.mean.high * (1 if value >= 0 else -1)))
    size = abs(value)
    return Expected(value, Placed.MORE if size > high else Placed.LESS if size < low else Placed.INSIDE)


def verdict(estimate: Estimate, wanted: int, held: Expected | None, said: Collection[str], *, over: bool) -> Verdict:
    """The verdict; `said` are the keys of the remarks, `over` whether the time of the judgement has passed."""
    if BLOCKING & set(said) or not wanted:
        return Verdict.CANNOT_TELL
    if estimate.mean.excludes_zero:
        return Verdict.WORKED if estimate.mean.value * wanted > 0 else Verdict.OPPOSITE
    if not over:
        return Verdict.CANNOT_TELL
    if held:
        return Verdict.NO_EFFECT if held.placed is Placed.MORE else Verdict.CANNOT_TELL
    return Verdict.NO_EFFECT if estimate.detectable <= NOTABLE * abs(estimate.without) else Verdict.CANNOT_TELL
