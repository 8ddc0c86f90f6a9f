"""A rule, and the judging of facts by rules under a project's own settings."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace

from shinro.checks.facts import Facts, Need
from shinro.definitions.project import Project
from shinro.problems import Problem, Severity, worst_first

Judge = Callable[[Facts], Iterator[Problem]]


@dataclass(frozen=True, slots=True)
class Rule:
    """One code and its function. `severity` None: the function says it with each problem."""

    code: str
    severity: Severity | None
    needs: frozenset[Need]
    judge: Judge

    def problems(self, facts: Facts) -> Iterator[Problem]:
        """What the rule finds; nothing while what it needs is not there."""
        if not all(facts.has(need) for need in self.needs):
            return
        for found in self.judge(facts):
            yield replace(found, severity=self.severity) if self.severity else found


def rule(code: str, severity: Severity | None, *needs: Need) -> Callable[[Judge], Rule]:
    """Make a function `(Facts) -> Problems` the rule of a code."""
    return lambda judge: Rule(code, severity, frozenset(needs), judge)


def judge(facts: Facts, rules: Iterable[Rule]) -> list[Problem]:
    """All problems that the rules find, as the project sets them, worst first."""
    found = [problem for rule in rules for problem in rule.problems(facts)]
    return worst_first(settled(found, facts.project))


def settled(problems: Iterable[Problem], project: Project) -> Iterator[Problem]:
    """Problems with the severities that the project gives its codes; those that it silences left out."""
    settings = {str(code): setting.severity for code, setting in project.checks.items()}
    for problem in problems:
        severity = settings.get(problem.code, problem.severity)
        if severity is not Severity.OFF:
            yield replace(problem, severity=severity)
