"""Pasts: a series made ready to be forecast, with every oddity that was met told."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from math import sqrt

import numpy as np

from shinro.analysis.bursts import ENOUGH, FAR, MAD, RARE, around_of, bursts
from shinro.analysis.forecast import DRAWS, LEAST, Kind, paths
from shinro.analysis.forecast_models import Array
from shinro.analysis.forecast_share import NEUTRAL

STAYED = 5.0  # of them between the levels before and after a shift
NEAR = 4  # points that a level is told by
LASTING = 0.4  # of the paths take a last period far out for a level that stays
KEPT = (0.5, 1.5)  # of how far it went is what such a level keeps
FEW = 3  # values that are no more than this apart are told as such
ODD = frozenset({"gaps", "leading", "shift", "shift_late", "bursts", "burst_last"})


@dataclass(frozen=True, slots=True)
class Past:
    """A past without holes, oldest first.

    `over` and `base`: the parts of a ratio, 0 where they are not known; `below`: its base by itself, without holes.
    `behind`: periods that passed since. `prior`: what is usual of a share.

    `apart`: each period has a base of its own, as of a flow, and not one that stands.
    `bursts`: how many times the usual level each odd period had, and `often` the share of periods that are such.
    `widen`: how many times the noise is that the values show: what was filled has none.
    `late`: how far out the last period is, where that may be a burst or a level that has just shifted; else 0.
    """

    values: Array
    kind: Kind
    over: Array | None = None
    base: Array | None = None
    below: Past | None = None
    behind: int = 0
    length: int = 1
    prior: tuple[float, float] = NEUTRAL
    bursts: Array = field(default_factory=lambda: np.zeros(0))
    often: float = 0.0
    widen: float = 1.0
    late: float = 0.0
    apart: bool = False
    told: tuple[tuple[str, Mapping[str, object]], ...] = ()


def past(
    values: Sequence[float | None],
    kind: Kind,
    parts: Sequence[tuple[float, float] | None] | None = None,
    length: int = 1,
) -> Past | None:
    """The past of a series, None where fewer than 8 points are left of it.

    Law: a past that has no oddity is left as it is.
    """
    known = [n for n, value in enumerate(values) if value is not None]
    if len(known) < LEAST:
        return None
    first = _begun(values, known, kind)
    inner = values[first : known[-1] + 1]
    filled = _filled(inner)
    told: list[tuple[str, Mapping[str, object]]] = []
    gaps = sum(value is None for value in inner)
    told += [("gaps", {"n": gaps})] if gaps else []
    told += [("leading", {"n": first - known[0]})] if first > known[0] else []
    held = parts[first : known[-1] + 1] if parts else ()
    over, base = _parts(held)
    behind = len(values) - 1 - known[-1]
    found = _shifted(Past(filled, kind, over, base, behind=behind, length=length, told=tuple(told)))
    size = found.values.size
    return _calmed(replace(found, widen=_widen(inner[-size:]), below=_below(held[-size:])))


def _begun(values: Sequence[float | None], known: list[int], kind: Kind) -> int:
    """Where the past begins: zeros before the first that was ever counted are no past, where enough follows.

    Of a share a zero is a value like others.
    """
    if kind in (Kind.NUMBER, Kind.SHARE):
        return known[0]
    busy = next((n for n in known if values[n]), known[0])
    later = [n for n in known if n >= busy]
    return busy if len(later) >= LEAST else known[0]


def _filled(values: Sequence[float | None]) -> Array:
    """Holes lie on the line between their neighbours."""
    at = [n for n, value in enumerate(values) if value is not None]
    return np.asarray(np.interp(np.arange(len(values)), at, [value for value in values if value is not None]))


def _widen(values: Sequence[float | None]) -> float:
    """How many times the noise is that a filled past shows: a hole on a line halves the square of a step.

    Law: 1 where nothing is filled.
    """
    seen = sum(value is not None for value in values)
    return sqrt((len(values) - 1) / max(seen - 1, 1))


def _parts(parts: Sequence[tuple[float, float] | None]) -> tuple[Array | None, Array | None]:
    found = np.array([part or (0.0, 0.0) for part in parts], dtype=np.float64)
    return (found[:, 0], found[:, 1]) if found.size else (None, None)


def _below(parts: Sequence[tuple[float, float] | None]) -> Past | None:
    """The base of a ratio by itself: one that is not known lies between its neighbours, one of 0 is 0."""
    bases = [part and part[1] for part in parts]
    known = [base for base in bases if base is not None]
    kind = Kind.COUNT if all(base.is_integer() for base in known) else Kind.AMOUNT
    return Past(_filled(bases), kind, widen=_widen(bases)) if known else None


def _scaled(found: Past) -> Array:
    return np.sqrt(found.values) if found.values.min() >= 0 else found.values


def _usual(moves: Array) -> float:
    return float(MAD * np.median(np.abs(moves - np.median(moves))))


def _shifted(found: Past) -> Past:
    """What came before a level was left for good is forgotten, where enough came after it."""
    if found.values.size < ENOUGH:
        return found
    x = _scaled(found)
    moves = np.diff(x)
    usual = _usual(moves)
    drifts = (float(np.median(moves)), float(moves.mean()))  # a past that repeats has a usual move that is no trend
    away = np.minimum(*(np.abs(moves - drift) for drift in drifts))
    far = [int(n) + 1 for n in np.flatnonzero(away > FAR * usual)] if usual else []
    far = far if len(far) <= 2 * RARE * x.size else []  # more are how the series is; a burst has two
    stayed = [n for n in far if all(_left(x, n, usual, drift) for drift in drifts)]
    if not stayed:
        return found
    last = stayed[-1]
    ago = x.size - last
    if ago < LEAST:
        return replace(found, told=(*found.told, ("shift_late", {"n": ago})))
    parts = {"over": None, "base": None} if found.over is None or found.base is None else {
        "over": found.over[last:], "base": found.base[last:]
    }  # fmt: skip
    return replace(found, values=found.values[last:], told=(*found.told, ("shift", {"n": ago})), **parts)


def _left(x: Array, at: int, usual: float, drift: float) -> bool:
    """Whether the level after a step is another one than before it, by more than the trend brings."""
    before, after = x[max(0, at - NEAR) : at], x[at : at + NEAR]
    if min(before.size, after.size) < NEAR:
        return False
    return bool(abs(np.median(after) - np.median(before) - NEAR * drift) > STAYED * usual)


def _calmed(found: Past) -> Past:
    """Single periods that no noise explains stand at their neighbours' level, and are drawn apart."""
    if found.base is not None:
        return found
    odd = bursts(found.values.tolist(), found.length)
    if not odd:
        return found
    count = found.values.size
    calm = found.values.copy()
    for n in odd:
        calm[n] = np.median(found.values[list(around_of(n, count))])
    sizes = np.array([found.values[n] / calm[n] for n in odd if calm[n] > 0])
    often = len(odd) / (count + 1)
    late = float(found.values[-1] - calm[-1]) if odd[-1] == count - 1 else 0.0
    known = len(odd) - bool(late)
    told = [
        *found.told,
        *([("bursts", {"n": known})] if known else []),
        *([("burst_last", {})] if late else []),
    ]
    return replace(found, values=calm, bursts=sizes, often=often if sizes.size else 0.0, told=tuple(told), late=late)


def drawn(found: Past, steps: int, rng: np.random.Generator, draws: int = DRAWS) -> Array:
    """Sample paths of a past's values from its end on, odd periods as often as they came, (draws, steps)."""
    onward = paths(found.values, steps, found.kind, rng, draws, found.length, widen=found.widen)
    calm = onward
    if found.often:
        hit = rng.random(onward.shape) < found.often
        onward = np.asarray(np.where(hit, onward * rng.choice(found.bursts, onward.shape), onward))
    return (
        np.where(
            rng.random((draws, 1)) < LASTING, _lasting(found, calm, found.late * rng.uniform(*KEPT, (draws, 1))), onward
        )
        if found.late
        else onward
    )


def _lasting(found: Past, onward: Array, late: Array) -> Array:
    """Paths from the level that the last period may have shifted to: so many times as high where nothing is below 0."""
    level = float(found.values[-1])
    shifted = onward + late if found.kind is Kind.NUMBER or level <= 0 else onward * (1 + late / level)
    return np.rint(shifted) if found.kind is Kind.COUNT else shifted


def oddities(pasts: Mapping[str, Past]) -> Iterator[tuple[str, str, Mapping[str, object]]]:
    """Metric, what was met (a word of `ODD`), and its arguments."""
    for metric, found in pasts.items():
        for word, args in found.told:
            yield metric, word, args
