"""sync: load what changed, keep a snapshot, measure all that a status reads."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from shinro.checks.facts import Facts
from shinro.checks.rule import settled
from shinro.checks.tree import names_are_defined
from shinro.definitions.project import Project
from shinro.loads import Load
from shinro.problems import Problem, Severity
from shinro.run.gathering import Moment, Progress, gathering
from shinro.run.opening import Opened
from shinro.run.status import wants_of


@dataclass(frozen=True, slots=True)
class Synced:
    """What a sync did."""

    loads: tuple[Load, ...]
    problems: tuple[Problem, ...]
    as_of: date
    measured: int  # series
    scans: tuple[str, ...]  # what was read from tables, not from the cache

    @property
    def failed(self) -> bool:
        """Whether a table could not be loaded."""
        return any(problem.severity is Severity.ERROR for problem in self.problems)


def sync(opened: Opened, moment: Moment, progress: Progress) -> Synced:
    """Loads and measures, databases anew. Law: a second sync of unchanged files scans nothing."""
    with gathering(opened, replace(moment, fresh=True), progress) as gathered:
        measured = gathered.measure(wants_of(gathered, None, everything=True))
        loads = tuple(gathered.loads.values())
        problems = (*_nowhere(opened.project), *gathered.problems)
        return Synced(loads, problems, gathered.as_of, len(measured), tuple(gathered.asked.scanned))


def _nowhere(project: Project) -> tuple[Problem, ...]:
    """Tables and metrics whose source is not defined: nothing was tried for them."""
    found = names_are_defined.problems(Facts(project, {}))
    return tuple(settled((each for each in found if str(each.args["case"]).startswith("source")), project))
