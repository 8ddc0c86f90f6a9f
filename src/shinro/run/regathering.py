"""Gathering again: the tables that a published number was measured from, read from their snapshots."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from shinro.definitions.columns import plans
from shinro.definitions.meaning import meanings
from shinro.definitions.project import Project
from shinro.entries import Draft, Input
from shinro.loads import Load, TablePlan
from shinro.problems import Problem
from shinro.run.gathering import Gathered
from shinro.run.opening import Opened
from shinro.run.origins import dates_in_names, looked_on
from shinro.warehouse.again import inputs_again, lend
from shinro.warehouse.asking import asking, joined
from shinro.warehouse.load import load_again


@dataclass(frozen=True, slots=True)
class Then:
    """What numbers that were published together were measured from: inputs, days, and dates in files' names."""

    inputs: tuple[Input, ...]
    as_of: date
    looked_on: date
    dated: tuple[tuple[str, date], ...] = ()


def then_of(draft: Draft) -> Then | None:
    """What a published number was measured from; None where its entry does not say."""
    origin = draft.origin
    if origin is None:
        return None
    return Then(origin.inputs, origin.as_of, looked_on(draft), tuple(sorted(dates_in_names(draft).items())))


@dataclass(frozen=True, slots=True)
class Regathered:
    """Tables as they were then; `gone` are those whose snapshots are missing, `problems` why others cannot be read."""

    gathered: Gathered
    gone: frozenset[str]
    problems: tuple[Problem, ...]


@contextmanager
def regathering(opened: Opened, project: Project, then: Then, store: Path) -> Iterator[Regathered]:
    """The tables of then by a project's definitions, loaded into `store`, a folder of its own: no cache is believed.

    Cost: a load of every table, and what is measured then.
    """
    planned, _ = plans(project, str(opened.folder), {})
    loads: dict[str, Load] = {}
    gone: set[str] = set()
    problems: list[Problem] = []
    for each in then.inputs:
        plan = planned.get(each.table)
        if plan is None:
            continue
        kept = inputs_again(plan, opened.store, each.snapshots, each.fingerprint, dict(then.dated).get(each.table))
        if kept is None:
            gone.add(each.table)
            continue
        load, found = load_again(plan, store, then.looked_on, lend(kept, store), zone=project.zone)
        problems += found
        if load is not None:
            loads[each.table] = replace(load, table=each.table)
    held = {name: _as_loaded(planned[name], load) for name, load in loads.items()}
    with asking(held, loads, project.calendar, store) as asked:
        asked.loads = loads = joined(asked)
        again = replace(opened, project=project)
        known = meanings(project)
        base = Gathered(again, held, loads, known, tuple(problems), then.looked_on, then.as_of, asked)
        yield Regathered(base, frozenset(gone), tuple(problems))


def _as_loaded(plan: TablePlan, load: Load) -> TablePlan:
    return replace(plan, columns=tuple(column for column in plan.columns if column.name in load.types))
