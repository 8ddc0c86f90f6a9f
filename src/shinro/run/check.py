"""check: a project file -> its problems, worst first. No data and no engine."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from shinro.checks.catalog import RULES
from shinro.checks.facts import Facts
from shinro.checks.rule import judge, settled
from shinro.definitions.meaning import meanings
from shinro.definitions.project import Project
from shinro.definitions.refusals import refusals
from shinro.problems import CannotGoOn, Problem, Severity, worst_first
from shinro.run.opening import Opened, open_project


@dataclass(frozen=True, slots=True)
class Checked:
    """What a check found; `project` None where the file could not be read at all."""

    project: Project | None
    problems: tuple[Problem, ...]
    unmeasured: tuple[tuple[str, str], ...] = ()

    @property
    def failed(self) -> bool:
        """Whether there is an error."""
        return any(problem.severity is Severity.ERROR for problem in self.problems)


def check(path: Path, today: date | None = None) -> Checked:
    """The static check, as on a day. Cost: linear in the text; no engine is imported."""
    try:
        opened = open_project(path)
    except CannotGoOn as stop:
        return Checked(None, stop.problems)
    facts = Facts(opened.project, meanings(opened.project), texts=opened.texts, today=today)
    return Checked(opened.project, tuple(judged(opened, facts)))


def judged(opened: Opened, facts: Facts, more: tuple[Problem, ...] = ()) -> list[Problem]:
    """Problems of structure, of the language, and of the rules, as the project sets them, each once."""
    own = [*opened.problems, *refusals(opened.project, facts.meanings), *more]
    found = dict.fromkeys([*settled(own, opened.project), *judge(facts, RULES)])
    return worst_first(found)
