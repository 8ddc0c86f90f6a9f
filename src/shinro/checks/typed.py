"""Typed: figures that people type in, one for each period."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from fractions import Fraction

from shinro.checks.facts import Facts, Need
from shinro.checks.rule import Rule, rule
from shinro.periods import Calendar, Grain
from shinro.problems import Problem, Severity
from shinro.series import Nature
from shinro.units import decimal_text

SHOWN = 3

Figures = Sequence[tuple[date, Fraction]]


@rule("D714", Severity.WARNING, Need.LOADS)
def a_period_has_one_figure(facts: Facts) -> Iterator[Problem]:
    """A figure that was typed in twice is added to itself, or one of the two is passed over."""
    for name, rows in facts.figures.items():
        metric, load = facts.project.metric(name), (facts.loads or {}).get(name)
        if metric is None or metric.every is None or load is None:
            continue
        several = _several(rows, metric.every, facts.project.calendar)
        if several:
            start, figures = several[0]
            shown = tuple(f"{day} {decimal_text(number)}" for day, number in figures[:SHOWN])
            args = {"metric": name, "file": ", ".join(load.files), "grain": metric.every, "start": start.isoformat()}
            found = facts.meanings.get(name)
            case = "flow" if found and found.nature is Nature.FLOW else "level"
            yield Problem(metric.at("reported"), "D714", {"case": case, **args, "figures": shown, "n": len(several)})


def _several(rows: Figures, every: Grain, calendar: Calendar) -> list[tuple[date, Figures]]:
    """The periods that have more than one figure; none where all have, as a sheet with a row for each shop does."""
    by_period: dict[date, list[tuple[date, Fraction]]] = {}
    for day, number in rows:
        by_period.setdefault(calendar.period(day, every).start, []).append((day, number))
    found: list[tuple[date, Figures]] = [
        (start, figures) for start, figures in sorted(by_period.items()) if len(figures) > 1
    ]
    return found if len(found) < len(by_period) or len(by_period) == 1 else []


RULES: tuple[Rule, ...] = (a_period_has_one_figure,)
