"""V: vanity: signs that a number is shown because it looks good. Three or more, and it decides nothing."""

from __future__ import annotations

from collections.abc import Iterator
from enum import Enum
from itertools import pairwise

from shinro.checks.facts import Facts
from shinro.checks.rule import rule
from shinro.checks.words import called, is_spend
from shinro.checks.worth import has_predicate, is_cumulative
from shinro.definitions.project import Project
from shinro.definitions.tree import below, explained_by, influenced_by
from shinro.definitions.values import Ref
from shinro.periods import Grain, Period
from shinro.problems import Problem, Severity, problem
from shinro.series import Nature


class Sign(Enum):
    """One sign that a number is shown because it looks good."""

    ONLY_RISES = "only_rises"
    RUNNING_SUM = "running_sum"
    NO_DENOMINATOR = "no_denominator"
    NO_THRESHOLD = "no_threshold"
    DECIDES_NOTHING = "decides_nothing"
    OUTSIDE_TREE = "outside_tree"
    UNRELATED = "unrelated"
    BOUGHT = "bought"


VANITY = 3
LEAST_POINTS, LEAST_SHARED, LEAST_RISES = 6, 12, 3  # points, points, rises of spend
SURE = 0.8  # share of true drivers that would show, from which "no sign" counts as one
RELATED = 0.3  # |r| of the changes; where the thresholds come from is in docs/decisions/0017

Levels = dict[Period, float]


@rule("V001", Severity.WARNING)
def no_vanity(facts: Facts) -> Iterator[Problem]:
    """What we steer by and what we show outside has fewer than three signs of vanity."""
    for metric in dict.fromkeys(_shown(facts.project)):
        found = signs(facts, str(metric))
        if len(found) >= VANITY:
            yield problem("V001", metric.place, metric=str(metric), score=len(found), signs=found)


def _shown(project: Project) -> Iterator[Ref]:
    """The star, the KPIs in focus, and what is told as traction."""
    if project.star:
        yield project.star.metric
    yield from (metric for metric, kpi in project.kpis.items() if kpi.focus)
    for told in project.traction:
        yield from (told.headline, *told.supports)


def signs(facts: Facts, metric: str) -> tuple[Sign, ...]:
    """The signs of vanity that a metric shows, in the order of `Sign`; those that need data only where there is some.

    Three or more are vanity, one or two a question. Cost: linear in the project and in the series.
    """
    meaning = facts.meanings.get(metric)
    if meaning is None:
        return ()
    project = facts.project
    kpi = project.kpi(metric)
    levels = _levels(facts, metric)
    truths = {
        Sign.ONLY_RISES: _only_rises(levels),
        Sign.RUNNING_SUM: is_cumulative(project, metric),
        Sign.NO_DENOMINATOR: meaning.nature in (Nature.FLOW, Nature.STOCK),
        Sign.NO_THRESHOLD: not has_predicate(project, metric),
        Sign.DECIDES_NOTHING: not (kpi and kpi.owner and kpi.decides),
        Sign.OUTSIDE_TREE: _stands_alone(project, metric),
        Sign.UNRELATED: _is_unrelated(facts, metric, levels),
        Sign.BOUGHT: _is_bought(facts, metric, levels),
    }
    return tuple(sign for sign in Sign if truths[sign])


def _stands_alone(project: Project, metric: str) -> bool:
    graphs = (explained_by(project), influenced_by(project))
    parents = {driver for graph in graphs for drivers in graph.values() for driver in drivers}
    return metric not in parents and not any(graph.get(metric) for graph in graphs)


def _levels(facts: Facts, metric: str) -> Levels:
    """Monthly values of the complete periods; a score may be told by floats."""
    series = (facts.series or {}).get((metric, Grain.MONTH))
    points = series.complete if series else ()
    return {point.period: float(point.value) for point in points if point.value is not None}


def _only_rises(levels: Levels) -> bool:
    known = list(levels.values())
    return len(known) >= LEAST_POINTS and known[-1] > known[0] and all(a <= b for a, b in pairwise(known))


def _is_unrelated(facts: Facts, metric: str, levels: Levels) -> bool:
    star = str(facts.project.star.metric) if facts.project.star else metric
    if metric in below([star], explained_by(facts.project)):
        return False  # arithmetic ties it
    if (seen := _seen(facts, metric, star)) is not None:
        return not seen
    pairs = _both(levels, _levels(facts, star)) if star != metric else []
    if len(pairs) + 1 < LEAST_SHARED:
        return False
    related = correlation([mine for mine, _ in pairs], [theirs for _, theirs in pairs])
    return related is not None and abs(related) < RELATED


def _seen(facts: Facts, metric: str, star: str) -> bool | None:
    """Whether the evidence ties a metric to the star in time; None where it is silent, or too short to be sure."""
    pair = (facts.evidence or {}).get((metric, star))
    if pair is None or pair.evidence.verdict.value == "cannot tell":
        return None
    if pair.evidence.verdict.value != "no sign":
        return True
    return False if (pair.evidence.power or 0) >= SURE else None


def _is_bought(facts: Facts, metric: str, levels: Levels) -> bool:
    """Whether it rose every time that a declared spend rose."""
    for name in facts.project.metrics:
        spend = str(name)
        if spend != metric and any(map(is_spend, called(facts.project, spend))):
            rises = [mine > 0 for mine, theirs in _both(levels, _levels(facts, spend)) if theirs > 0]
            if len(levels) >= LEAST_POINTS and len(rises) >= LEAST_RISES and all(rises):
                return True
    return False


def _both(mine: Levels, theirs: Levels) -> list[tuple[float, float]]:
    """The changes of two series from month to month, where both are known."""
    shared = [period for period in mine if period in theirs]
    return [(mine[new] - mine[old], theirs[new] - theirs[old]) for old, new in pairwise(shared) if old.end == new.start]


def correlation(xs: list[float], ys: list[float]) -> float | None:
    """Pearson's r; None where one of the two never varies."""
    mean_x, mean_y = sum(xs) / len(xs), sum(ys) / len(ys)
    spread_x = sum((x - mean_x) ** 2 for x in xs)
    spread_y = sum((y - mean_y) ** 2 for y in ys)
    if not spread_x or not spread_y:
        return None
    return float(sum((x - mean_x) * (y - mean_y) for x, y in zip(xs, ys, strict=True)) / (spread_x * spread_y) ** 0.5)


RULES = (no_vanity,)
