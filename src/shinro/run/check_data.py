"""check --data: the static rules, and those that need loads and series."""

from __future__ import annotations

from pathlib import Path

from shinro.problems import CannotGoOn
from shinro.run.check import Checked
from shinro.run.effects import effects_of
from shinro.run.evidence import verdicts
from shinro.run.gathering import Moment, Progress, gathering, silent
from shinro.run.lapses import lapses, strangers
from shinro.run.opening import open_project
from shinro.run.status import judged_bearings


def check_data(path: Path, moment: Moment, progress: Progress = silent) -> Checked:
    """Every rule. Cost: a sync."""
    try:
        opened = open_project(path)
        with gathering(opened, moment, progress) as gathered:
            seen = {each.initiative: each.verdict for each in effects_of(gathered).effects}
            _, found = judged_bearings(
                gathered,
                lapses=lapses(gathered),
                strangers=strangers(gathered),
                evidence=verdicts(gathered),
                effects=seen,
            )
            return Checked(
                opened.project, tuple(found), gathered.unmeasured(gathered.meanings), tuple(gathered.loads.values())
            )
    except CannotGoOn as stop:
        return Checked(None, stop.problems)
