"""Scenes: a metric with its tree and all series that explaining it reads."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from shinro.analysis.decompose import Tree, tree_of
from shinro.analysis.explain import sought_by
from shinro.analysis.measured import Bearings
from shinro.analysis.readings import grain_of
from shinro.analysis.scene import Scene
from shinro.analysis.sought import measurable
from shinro.definitions.periodic import together
from shinro.periods import Grain
from shinro.queries.scans import Want
from shinro.run.gathering import Gathered


def scene_of(
    gathered: Gathered, bearings: Bearings, metric: str, grain: Grain | None = None, *, short: bool = False
) -> Scene:
    """A metric's tree with its series, at the grain that all of them have."""
    whole = common_grain(gathered, tree_of(bearings.project, metric), metric, grain)
    wants = scene_wants(gathered, metric, grain, short=short)
    return Scene(known(gathered, bearings, wants), tree_of(bearings.project, metric, whole), metric, whole)


def scene_wants(gathered: Gathered, metric: str, grain: Grain | None = None, *, short: bool = False) -> list[Want]:
    """What a scene is measured by; `short` leaves the quarters out, which only the worth of a driver reads."""
    project = gathered.opened.project
    tree = tree_of(project, metric)
    whole = common_grain(gathered, tree, metric, grain)
    found = (Want(*each) for each in sought_by(tree, metric, whole, measured_ones(gathered)))
    return [want for want in found if not short or want.grain is whole]


def common_grain(gathered: Gathered, tree: Tree, metric: str, grain: Grain | None) -> Grain:
    """The grain asked for, else the metric's own, or the one that the numbers of the tree are of."""
    project = gathered.opened.project
    asked = grain_of(project, metric, grain)
    return together(project, (name for name, _ in sought_by(tree, metric, asked, measured_ones(gathered))), asked)


def measured_ones(gathered: Gathered) -> frozenset[str]:
    """The metrics that are defined and can be measured."""
    return frozenset(name for name in gathered.meanings if measurable(gathered.opened.project, name))


def known(gathered: Gathered, bearings: Bearings, wants: Iterable[Want]) -> Bearings:
    """The bearings with more series, of what is defined and can be measured."""
    can = measured_ones(gathered)
    fresh = gathered.measure([want for want in wants if want.metric in can])
    series = {(want.metric, want.grain): found[0] for want, found in fresh.items() if found}
    return replace(bearings, measured=replace(bearings.measured, series={**bearings.measured.series, **series}))
