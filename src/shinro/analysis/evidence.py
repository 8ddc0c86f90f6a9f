"""Evidence: does one weekly series lead another, by how long, how sure. It never says that it causes it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from shinro.analysis.evidence_controls import controls, per_working_day, without_events
from shinro.analysis.evidence_fits import Floats
from shinro.analysis.evidence_lead import Ahead, ahead, together
from shinro.findings.evidence import Because, Evidence, Verdict

LEVEL = 0.05  # share of wrong ones among the claims of a kind, and of true ones that the way back may cost
LEAST_WEEKS = 26  # below them hardly any true driver shows
FEWEST_CHANGES = 12  # weeks in which a series must change, to be more than a few events
LONGEST = 8  # weeks by which a driver is looked for ahead
WEEKS_PER_LAG = 13  # of data, for each week that is looked ahead
ENOUGH = 0.5  # share of true drivers that would show from which silence is told as "no sign"
SAME = 1 - 1e-9  # correlation from which two series are one
ROUNDING = 1e-9  # of the largest value: a change below it is rounding
POWER = ((26, 0.09), (39, 0.28), (52, 0.41), (78, 0.7), (104, 0.87), (156, 0.93), (208, 0.94))  # bench/evidence.py

Level = float | None


@dataclass(frozen=True, slots=True)
class Tried:
    """What the tests say of a pair, before it is asked how many were tried."""

    weeks: int
    there: Ahead | None = None  # the driver ahead of the outcome
    back: Ahead | None = None
    same_week: tuple[float, float] = (0.0, 1.0)  # correlation of what is new, its p
    because: Because | None = None


def evidence(
    driver: Sequence[Level], outcome: Sequence[Level], working: Sequence[int] | None = None, lag: int | None = None
) -> Evidence:
    """What one pair says, where nothing else was asked. See `tried` and `judged`."""
    return judged([tried(driver, outcome, working, lag)])[0]


def tried(
    driver: Sequence[Level], outcome: Sequence[Level], working: Sequence[int] | None = None, lag: int | None = None
) -> Tried:
    """The tests of a pair of weekly series, the same weeks in both, None where unknown.

    `working`: working days of each week. `lag`: weeks by which the driver is believed to be ahead; one more is tried.
    Law: scaling or shifting either series changes nothing, and neither does the order in which pairs are asked.
    Cost: about 20 ms at 104 weeks. Sources: see docs/methods/evidence.md.
    """
    x, y = _floats(driver), _floats(outcome)
    known = np.flatnonzero(np.isfinite(x) & np.isfinite(y))
    weeks = len(known)
    if weeks < LEAST_WEEKS:
        return Tried(weeks, because=Because.SHORT)
    span = slice(known[0], known[-1] + 1)
    x, y = _sized(x[span]), _sized(y[span])
    if working is not None:
        days = np.asarray(working, dtype=float)[span]
        x, y = per_working_day(x, days), per_working_day(y, days)
    if _is_still(x) or _is_still(y):
        return Tried(weeks, because=Because.STILL)
    x, y = _scaled(x), _scaled(y)
    both = np.isfinite(x) & np.isfinite(y)
    same = float(x[both] @ y[both]) / float(np.sqrt((x[both] @ x[both]) * (y[both] @ y[both])))
    if abs(same) >= SAME:
        return Tried(weeks, same_week=(same, 0.0), because=Because.SAME)
    x, y = without_events(x), without_events(y)
    held = controls(x, y)
    longest = longest_lag(weeks, lag)
    there, back = ahead(x, y, held, longest), ahead(y, x, held, longest)
    if there is None or back is None:
        return Tried(weeks, because=Because.SHORT)
    return Tried(weeks, there, back, together(x, y, held))


def judged(tries: Sequence[Tried], level: float = LEVEL) -> tuple[Evidence, ...]:
    """The verdicts on pairs that were asked together.

    Each claim (leads, follows, moves with) is held to a false discovery rate over all pairs: Benjamini and Hochberg
    (1995), doi:10.1111/j.2517-6161.1995.tb02031.x. What leads is to be tried, so the share of wrong ones among those
    named matters, not that there be none among all.
    """
    leads = corrected([one.there.both if one.there else 1.0 for one in tries])
    follows = corrected([one.back.both if one.back else 1.0 for one in tries])
    moves = corrected([_beside(one) for one in tries])
    return tuple(_judged(*each, level) for each in zip(tries, leads, follows, moves, strict=True))


def corrected(ps: Sequence[float]) -> list[float]:
    """The q of each p: the least false discovery rate at which it would count. Law: q >= p, in the order of p."""
    number, running = len(ps), 1.0
    found = [1.0] * number
    for rank, index in sorted(enumerate(sorted(range(number), key=lambda i: ps[i]), start=1), reverse=True):
        running = min(running, ps[index] * max(number / rank, 1.0))
        found[index] = running
    return found


def power(weeks: int) -> float:
    """The share of true drivers that so many weeks show, as measured for one that explains a fifth of its outcome."""
    lengths, shares = zip(*POWER, strict=True)
    return float(np.interp(weeks, (0, *lengths), (0.0, *shares)))


def longest_lag(weeks: int, lag: int | None = None) -> int:
    """How many weeks ahead a driver is looked for: a thirteenth of the weeks, or one more than is believed."""
    usual = min(LONGEST, weeks // WEEKS_PER_LAG)
    return max(1, usual, min((lag or 0) + 1, weeks // (WEEKS_PER_LAG // 2)))


def _judged(one: Tried, leads: float, follows: float, moves: float, level: float) -> Evidence:
    strength = power(one.weeks)
    if one.because is Because.SAME:
        sign = 1 if one.same_week[0] > 0 else -1
        return Evidence(Verdict.MOVES_WITH, one.weeks, 0, sign, because=one.because)
    if one.there is None or one.back is None:
        return Evidence(Verdict.CANNOT_TELL, one.weeks, power=strength, because=one.because)
    there, back = one.there, one.back
    if leads <= level < back.p:
        return Evidence(
            Verdict.LEADS, one.weeks, there.lag, there.sign, there.both, leads, back.p, there.gain, strength
        )
    if follows <= level < there.p:
        return Evidence(
            Verdict.FOLLOWS, one.weeks, back.lag, back.sign, back.both, follows, there.p, back.gain, strength
        )
    if moves <= level:
        sign = 1 if one.same_week[0] > 0 else -1
        return Evidence(Verdict.MOVES_WITH, one.weeks, 0, sign, _beside(one), moves, back.p, there.gain, strength)
    silent = Verdict.NO_SIGN if strength >= ENOUGH else Verdict.CANNOT_TELL
    because = None if silent is Verdict.NO_SIGN else Because.SHORT
    return Evidence(silent, one.weeks, None, None, there.both, leads, back.p, there.gain, strength, because)


def _beside(one: Tried) -> float:
    """The p of moving together: in the same week, or each ahead of the other, so that none is the first.

    Two ways to say so, hence twice the smaller p.
    """
    mutual = max(one.there.p, one.back.p) if one.there and one.back else 1.0
    return min(1.0, 2 * min(mutual, one.same_week[1]))


def _floats(values: Sequence[Level]) -> Floats:
    """An array, unknown weeks not a number; so are the zeros before a series first was anything else."""
    found = np.array([np.nan if value is None else float(value) for value in values], dtype=float)
    found[~np.isfinite(found)] = np.nan
    begun = np.flatnonzero(np.nan_to_num(found))
    found[: begun[0] if len(begun) else 0] = np.nan
    return found


def _sized(values: Floats) -> Floats:
    """The series over its largest value: nothing that is squared later is beyond what a float holds."""
    size = float(np.nanmax(np.abs(values)))
    return values / size if size else values


def _is_still(values: Floats) -> bool:
    known = values[np.isfinite(values)]
    return int((np.abs(np.diff(known)) > ROUNDING).sum()) < FEWEST_CHANGES


def _scaled(values: Floats) -> Floats:
    """The series with mean 0 and spread 1."""
    scaled: Floats = (values - np.nanmean(values)) / np.nanstd(values)
    return scaled
