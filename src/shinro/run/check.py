"""check: a project file -> its problems, worst first. No data and no engine."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches
from pathlib import Path

from shinro.checks.catalog import CODES, RULES
from shinro.checks.facts import Facts
from shinro.checks.rule import judge, settled
from shinro.definitions.meaning import meanings
from shinro.definitions.project import Project
from shinro.definitions.refusals import refusals
from shinro.loads import Load
from shinro.problems import CannotGoOn, Problem, Severity, problem, worst_first
from shinro.run.opening import Opened, open_project


@dataclass(frozen=True, slots=True)
class Checked:
    """What a check found; `project` None where the file could not be read at all."""

    project: Project | None
    problems: tuple[Problem, ...]
    unmeasured: tuple[tuple[str, str], ...] = ()
    loads: tuple[Load, ...] = ()  # of a check on the data

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
    own = [*opened.problems, *refusals(opened.project, facts.meanings), *_unknown_codes(opened.project), *more]
    found = dict.fromkeys([*settled(own, opened.project), *judge(facts, RULES)])
    return worst_first(found)


def _unknown_codes(project: Project) -> Iterator[Problem]:
    """Settings of checks that do not exist."""
    known = [*(rule.code for rule in RULES), *CODES]
    for code in project.checks:
        if code not in known:
            near = get_close_matches(code, known, 1, cutoff=0.3)
            yield problem("S150", code.place, name=str(code), near=near[0] if near else known[0])
