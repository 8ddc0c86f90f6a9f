"""An effect passed up the tree: the star with the KPI as it was, less the star with the KPI as it would have been.

Both are worked out by the identities from the mean of each driver over the periods after the start; nothing is said
where no identity leads from the KPI to the star. Influences carry nothing: they are beliefs.

Law: along a product it is the effect times the other factors; the star's own effect is itself.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from shinro.definitions.evaluate import value
from shinro.definitions.expression import Name, Node
from shinro.definitions.project import Project
from shinro.definitions.tree import below, explained_by, identities, reads
from shinro.findings.effects import Gain, Interval
from shinro.series import Meaning

Means = Mapping[str, Fraction]


def drivers_to_star(project: Project, metric: str) -> tuple[str, ...]:
    """Every metric that passes an effect of one up to the star; none where no identity leads there."""
    if not project.star:
        return ()
    star = str(project.star.metric)
    reached = below([star], explained_by(project))
    if metric not in reached:
        return ()
    formulas = [formula.node for node, formula in identities(project).items() if node in reached]
    read = {name for node in formulas for name in reads(node)}
    return tuple(sorted({metric, *reached, *read}))


def gained(
    project: Project, meaning: Meaning, metric: str, effect: Interval, share: Fraction, means: Means
) -> Gain | None:
    """The star's gain a period, where an effect on a part of a KPI is `share` as large on all of it.

    `means` are the drivers' mean values over the periods after the start, `meaning` is the star's. None where it is
    undefined.
    """
    if not project.star or metric not in means:
        return None
    star, here = str(project.star.metric), means[metric]
    levels = [here, *(here - Fraction(moved) * share for moved in (effect.value, effect.low, effect.high))]
    now, *without = (_worked_out(project, star, {metric: level}, means) for level in levels)
    if now is None or None in without:
        return None
    ends = [float(now - found) for found in without if found is not None]
    return Gain(star, meaning, Interval(ends[0], min(ends), max(ends)))


def _worked_out(project: Project, node: str, given: Means, means: Means) -> Fraction | None:
    """A node's value, by its identity where it stands above a given one. A node that is met again is as measured."""
    if node in given:
        return given[node]
    formula = identities(project).get(node)
    if formula is None or not given.keys() & below([node], explained_by(project)):
        return means.get(node)
    known = {**given, node: means.get(node, Fraction(0))}
    row = {name: _worked_out(project, name, known, means) for name in reads(formula.node)}
    return _evaluated(formula.node, {**row, "previous": means.get(node)}, means)


def _evaluated(node: Node, row: Mapping[str, Fraction | None], means: Means) -> Fraction | None:
    def past(name: Name, _: int) -> Fraction | None:
        return means.get(name.path)

    found = value(node, row, past)
    return found if isinstance(found, Fraction) else None
