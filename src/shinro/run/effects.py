"""effects: what initiatives did to their KPIs, from a project and its data."""

from __future__ import annotations

from collections.abc import Iterator
from difflib import get_close_matches

from shinro.analysis.effect_sought import SoughtEffect, sought_effect
from shinro.analysis.effect_sounding import Scene, Sounded
from shinro.analysis.effects import judged, ranked, unsaid
from shinro.definitions.columns import dimension_owner
from shinro.definitions.ends import cut_from
from shinro.definitions.people import Initiative
from shinro.findings.effects import Effect, Effects
from shinro.problems import CannotGoOn, Place, Problem, problem
from shinro.queries.scans import Want
from shinro.run.gathering import Gathered, Moment, Progress, gathering, silent
from shinro.run.opening import Opened
from shinro.run.status import calendar_of
from shinro.series import Series
from shinro.warehouse.measure import Measured


def effects(opened: Opened, moment: Moment, name: str | None = None, progress: Progress = silent) -> Effects:
    """What one initiative did, or all of them, ranked.

    Raises CannotGoOn where the project cannot be read or has no initiative of that name. Cost: the scans that the cache
    does not have, and about 0.1 s an initiative.
    """
    asked = named(opened, name)
    with gathering(opened, moment, progress) as gathered:
        return effects_of(gathered, asked)


def effects_of(gathered: Gathered, initiatives: tuple[Initiative, ...] | None = None) -> Effects:
    """The effects of gathered tables: of some initiatives, or of all."""
    project = gathered.opened.project
    asked = project.initiatives if initiatives is None else initiatives
    scene = Scene(project, gathered.meanings, calendar_of(gathered))
    sought = [(each, sought_effect(project, each)) for each in asked]
    wants = dict.fromkeys(want for _, found in sought if found for want in _wants(gathered, found))
    measured = gathered.measure(wants)
    found = [_effect(each, needs, scene, gathered, measured) for each, needs in sought]
    return Effects(gathered.as_of, ranked(found))


def _effect(
    initiative: Initiative, sought: SoughtEffect | None, scene: Scene, gathered: Gathered, measured: Measured
) -> Effect:
    if sought is None:
        return unsaid(initiative, scene)
    return judged(_sounded(gathered, sought, measured), scene)


def named(opened: Opened, name: str | None) -> tuple[Initiative, ...]:
    """The initiative of a name, or all. Raises CannotGoOn with the nearest name where there is none."""
    every = opened.project.initiatives
    found = tuple(each for each in every if name is None or str(each.name) == name)
    if name is not None and not every:
        raise CannotGoOn([problem("Q159", Place(opened.name), case="none", name=name)])
    if name is not None and not found:
        known = [str(each.name) for each in every]
        near = get_close_matches(name, known, 1, cutoff=0.5)
        case, nearest = ("near", near[0]) if near else ("far", "")
        args = {"case": case, "name": name, "near": nearest, "known": ", ".join(known)}
        raise CannotGoOn([Problem(Place(opened.name), "Q159", args)])
    return found


def _names(gathered: Gathered, sought: SoughtEffect) -> Iterator[str]:
    """Every whole metric that an effect needs and that can be measured."""
    names = dict.fromkeys((sought.metric, *sought.controls, *sought.drivers))
    lost = {metric for metric, _ in gathered.unmeasured(names)}
    yield from (name for name in names if name in gathered.meanings and name not in lost)


def _wants(gathered: Gathered, sought: SoughtEffect) -> Iterator[Want]:
    names = tuple(_names(gathered, sought))
    yield from (Want(name, sought.grain) for name in names)
    if sought.metric in names and _cut(gathered, sought):
        yield Want(sought.metric, sought.grain, sought.dimensions)


def _cut(gathered: Gathered, sought: SoughtEffect) -> bool:
    """Whether the KPI has the dimensions that the initiative names; where it has not, `check` says so (T201)."""
    project = gathered.opened.project
    tables = cut_from(project, sought.metric)
    known = all(dimension_owner(project, table, name) for table in tables for name in sought.dimensions)
    return bool(sought.dimensions) and known


def _sounded(gathered: Gathered, sought: SoughtEffect, measured: Measured) -> Sounded:
    whole: dict[str, Series] = {}
    for name in _names(gathered, sought):
        series = measured.get(Want(name, sought.grain), ())
        whole.update({name: series[0]} if series else {})
    cut = Want(sought.metric, sought.grain, sought.dimensions)
    segments = measured.get(cut, ()) if sought.dimensions else ()
    return Sounded(sought, whole.get(sought.metric), tuple(segments), whole)
