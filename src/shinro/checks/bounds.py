"""Bounds of planning: whether each leaves any room at all, and says anything."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction
from math import floor

from shinro.checks.facts import Facts
from shinro.checks.levels import shown
from shinro.checks.promises import monthly
from shinro.checks.rule import Rule, rule
from shinro.definitions.meaning import meaning_of
from shinro.definitions.project import Project
from shinro.definitions.story import Bound
from shinro.problems import Problem, Severity, problem
from shinro.series import Meaning, Nature


@rule("M414", None)
def leave_room(facts: Facts) -> Iterator[Problem]:
    """A bound from below lies below the one from above, and neither beyond what the metric can be."""
    yield from without_room(facts.project, facts.meanings)


def without_room(project: Project, meanings: Mapping[str, Meaning]) -> Iterator[Problem]:
    """The bounds within which nothing lies (errors), and those that say nothing (warnings)."""
    for metric, bound in (project.planning.bounds if project.planning else {}).items():
        yield from _judged(bound, meaning_of(str(metric), meanings))


def _judged(bound: Bound, meaning: Meaning) -> Iterator[Problem]:
    low, high = (
        monthly(each.level.number.value, each.level.per) if each else None for each in (bound.at_least, bound.at_most)
    )
    said = {"metric": meaning.metric}
    if bound.at_least is None and bound.at_most is None:
        yield problem("M414", bound.place, Severity.WARNING, case="empty", **said)
    if bound.at_least and bound.at_most and low is not None and high is not None and low > high:
        levels = {"low": shown(low, meaning), "high": shown(high, meaning)}
        yield problem("M414", bound.at_most.place, Severity.ERROR, case="crossed", **said, **levels)
    elif bound.at_most and low is not None and high is not None and _is_between(low, high, meaning):
        levels = {"low": shown(low, meaning), "high": shown(high, meaning)}
        yield problem("M414", bound.at_most.place, Severity.ERROR, case="whole", **said, **levels)
    elif bound.at_most and high is not None and high < 0 and never_negative(meaning):
        yield problem("M414", bound.at_most.place, Severity.ERROR, case="below", **said, level=shown(high, meaning))


def _is_between(low: Fraction, high: Fraction, meaning: Meaning) -> bool:
    """Whether bounds lie between two whole things: there are no 3.7 people."""
    return meaning.nature is Nature.STOCK and never_negative(meaning) and floor(high) < low


def never_negative(meaning: Meaning) -> bool:
    """Whether it counts things, so that nothing lies below 0."""
    powers = meaning.unit.powers
    return len(powers) == 1 and powers[0][0].startswith("count:") and powers[0][1] == Fraction(1)


RULES: tuple[Rule, ...] = (leave_room,)
