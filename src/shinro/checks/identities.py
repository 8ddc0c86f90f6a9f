"""T: identities that hold: recomputed on the data, every period."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from shinro.checks.facts import Facts, Need
from shinro.checks.rule import rule
from shinro.definitions.evaluate import Past, value
from shinro.definitions.expression import Name, names
from shinro.definitions.project import Project
from shinro.definitions.tree import below, drivers, measured_from, telescopes
from shinro.definitions.values import Formula
from shinro.periods import Grain, Period
from shinro.problems import Problem, Severity, problem
from shinro.series import Mark, Series
from shinro.units import decimal_text

Values = Mapping[Period, Fraction | None]

REPORTED_TOLERANCE = Fraction(1, 1000)


@dataclass(frozen=True, slots=True)
class Gap:
    """A period in which an identity does not hold: what the node is, and what its drivers make of it."""

    period: Period
    value: Fraction
    made: Fraction

    @property
    def size(self) -> Fraction:
        """How far the drivers are off, in the node's unit."""
        return self.made - self.value


@rule("T203", None, Need.SERIES)
def identities_hold(facts: Facts) -> Iterator[Problem]:
    """A written identity gives the node's own value in every complete period; one by definition is labelled so."""
    for node, formula in facts.project.tree.items():
        metric = str(node)
        if telescopes(facts.project, metric):
            yield problem("T203", node.place, Severity.INFO, case="definition", metric=metric)
            continue
        for grain in Grain:
            gaps, count = gaps_of(facts, metric, formula, grain)
            if gaps:
                yield _told(facts.project, formula, metric, grain, gaps, count)
                break


def gaps_of(facts: Facts, metric: str, formula: Formula, grain: Grain) -> tuple[list[Gap], int]:
    """The complete periods of a grain in which an identity fails, and how many it was tried in.

    Exact for measured metrics, within 0.1 % of the node where anything is typed in; undefined is no failure.
    Cost: linear in periods times drivers.
    """
    known = _series_of(facts, [metric, *drivers(formula.node), *_looked_back(formula)], grain)
    if known is None:
        return [], 0
    slack = REPORTED_TOLERANCE if _is_typed(facts.project, metric, *known) else Fraction(0)
    tried = list(_recomputed(known, metric, formula))
    return [gap for gap in tried if abs(gap.size) > slack * abs(gap.value)], len(tried)


def _recomputed(known: dict[str, Series], metric: str, formula: Formula) -> Iterator[Gap]:
    values = {name: {point.period: point.value for point in each.complete} for name, each in known.items()}
    past: list[Period] = []
    for point in known[metric].points:
        row: dict[str, object] = {name: each.get(point.period) for name, each in values.items()}
        made = value(formula.node, row | {"previous": _at(values[metric], past, 1)}, _looking_back(values, past))
        if point.mark is Mark.COMPLETE and point.value is not None and isinstance(made, Fraction):
            yield Gap(point.period, point.value, made)
        past.append(point.period)


def _at(values: Values, past: Sequence[Period], periods: int) -> Fraction | None:
    return values.get(past[-periods]) if periods <= len(past) else None


def _looking_back(values: Mapping[str, Values], past: Sequence[Period]) -> Past:
    return lambda name, periods: _at(values[name.path], past, periods)


def _looked_back(formula: Formula) -> list[str]:
    """The metrics whose earlier values it reads."""
    return [name.path for name in names(formula.node) if name != Name("previous")]


def _series_of(facts: Facts, metrics: list[str], grain: Grain) -> dict[str, Series] | None:
    found = {name: (facts.series or {}).get((name, grain)) for name in metrics}
    known = {name: each for name, each in found.items() if each}
    return known if len(known) == len(found) else None


def _is_typed(project: Project, *metrics: str) -> bool:
    """Whether anything that the metrics are measured from was typed in."""
    reached = [project.metric(name) for name in below(metrics, measured_from(project))]
    return any(found.reported for found in reached if found)


def _told(project: Project, formula: Formula, metric: str, grain: Grain, gaps: list[Gap], count: int) -> Problem:
    worst = max(gaps, key=lambda gap: abs(gap.size))
    return problem(
        "T203",
        formula.text.place,
        case="gap",
        metric=metric,
        period=project.calendar.label(worst.period, grain),
        value=_shown(worst.value),
        made=_shown(worst.made),
        gap=_shown(worst.size),
        failed=len(gaps),
        count=count,
    )


def _shown(number: Fraction) -> str:
    """Exact where it is a decimal, else to four places."""
    text = decimal_text(number)
    return f"{float(number):.4f}" if "/" in text else text


RULES = (identities_hold,)
