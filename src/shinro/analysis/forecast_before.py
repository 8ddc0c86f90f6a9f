"""Before: what stood, and what is known of earlier periods, when the first period to be drawn begins."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction

from shinro.analysis.forecast_formula import looked_back_at
from shinro.analysis.forecast_ground import Ground, formula_of, known_values
from shinro.definitions.evaluate import value
from shinro.definitions.expression import Node, names
from shinro.definitions.meaning import meaning_of
from shinro.periods import Period
from shinro.series import Nature


def stands(ground: Ground, metric: str, known: Sequence[str]) -> float | None:
    """A stock's value at the end of the last period that is over, by its formula where it is known up to earlier ones.

    Where nothing is measured of a company at all, all that it has is 0: a scenario.
    """
    values = known_values(ground, metric)
    if not values:
        return 0.0 if at_zero(ground, known) else None
    last, before = max(values), ground.calendar.step(ground.first, ground.grain, -1)
    found = values[last]
    while last < before:
        last = ground.calendar.step(last, ground.grain)
        found = _from_formula(ground, metric, last, found)
    return found


def at_zero(ground: Ground, known: Sequence[str]) -> bool:
    """Whether nothing is measured of any of these."""
    return not any(known_values(ground, metric) for metric in known)


def _from_formula(ground: Ground, metric: str, period: Period, before: float) -> float:
    """A stock after a period that it is not known of, by its formula; as it stood where that reads the unknown."""
    node = formula_of(ground.project, metric)
    if node is None:
        return before

    def at(name: str, back: int) -> Fraction | None:
        found = known_values(ground, name).get(ground.calendar.step(period, ground.grain, -back))
        return None if found is None else Fraction(found)

    row: dict[str, object] = {name.path: at(name.path, 0) for name in names(node)}
    row["previous"] = Fraction(before)
    found = value(node, row, lambda name, back: at(name.path, back))
    return float(found) if isinstance(found, Fraction) else before


def earlier(
    ground: Ground, formulas: Mapping[str, Node], known: Sequence[str]
) -> Iterator[tuple[str, tuple[float, ...]]]:
    """The values of what formulas look back at, period by period up to the last that is over, holes as what was before.

    Of a company at zero flows and stocks were 0 before.
    """
    seen = dict.fromkeys(name for node in formulas.values() for name in looked_back_at(node))
    for metric in seen:
        values = known_values(ground, metric)
        if values:
            yield metric, tuple(_held(ground, values))
        elif at_zero(ground, known) and meaning_of(metric, ground.meanings).nature in (Nature.FLOW, Nature.STOCK):
            yield metric, (0.0,)


def _held(ground: Ground, values: Mapping[Period, float]) -> Iterator[float]:
    period = min(values)
    found = values[period]
    while period < ground.first:
        found = values.get(period, found)
        yield found
        period = ground.calendar.step(period, ground.grain)
