"""Which pairs evidence is asked of: what the project believes, what it steers by, and whatever else is measured."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from shinro.definitions.project import Project
from shinro.definitions.story import Influence
from shinro.definitions.tree import below, explained_by, identities, measured_from, reads
from shinro.findings.evidence import Role
from shinro.series import Meaning

SIGNS = {"higher": 1, "lower": -1}
DAYS = 7  # of a week


@dataclass(frozen=True, slots=True)
class Asked:
    """A candidate driver beside an outcome. `expect`: the sign, `lag`: the weeks that the project believes in."""

    driver: str
    outcome: str
    role: Role
    expect: int | None = None
    lag: int | None = None


def pairs_asked(project: Project, meanings: Mapping[str, Meaning]) -> tuple[Asked, ...]:
    """Every influence; KPIs, traction, and every other metric, against the star and its outcomes. Each pair once.

    Parts of a metric are candidates where the project names them: nobody wants all fifteen of its subscriptions.
    Law: no metric is asked of itself. Cost: linear in metrics times outcomes.
    """
    found: dict[tuple[str, str], Asked] = {}
    for asked in (*_influences(project), *_others(project, meanings)):
        ends = (asked.driver, asked.outcome)
        if asked.driver != asked.outcome and all(end in meanings for end in ends):
            found.setdefault(ends, asked)
    return tuple(found.values())


def apart(project: Project, asked: Iterable[Asked]) -> tuple[tuple[Asked, ...], tuple[tuple[str, str], ...]]:
    """The pairs to test, and those that arithmetic ties: one is computed from the other, or both are of one metric."""
    tested: list[Asked] = []
    tied: list[tuple[str, str]] = []
    parts: dict[str, frozenset[str]] = {}
    for pair in asked:
        for end in (pair.driver, pair.outcome):
            if end not in parts:
                parts[end] = below([end], explained_by(project), measured_from(project))
        whole = pair.driver.partition(".")[0] == pair.outcome.partition(".")[0]
        if whole or pair.driver in parts[pair.outcome] or pair.outcome in parts[pair.driver]:
            tied.append((pair.driver, pair.outcome))
        else:
            tested.append(pair)
    return tuple(tested), tuple(tied)


def outcomes(project: Project) -> tuple[str, ...]:
    """The star and its outcomes, each once."""
    star = project.star
    return tuple(dict.fromkeys(map(str, (star.metric, *star.outcomes)))) if star else ()


def _influences(project: Project) -> Iterator[Asked]:
    for influence in project.influences:
        yield Asked(
            str(influence.from_),
            str(influence.to),
            Role.INFLUENCE,
            SIGNS.get(influence.expect or ""),
            weeks_of(influence),
        )


def weeks_of(influence: Influence) -> int | None:
    """The lag that an influence states, in whole weeks; None where it states none."""
    return round(influence.lag.duration.days / DAYS) if influence.lag else None


def _others(project: Project, meanings: Mapping[str, Meaning]) -> Iterator[Asked]:
    ends = outcomes(project)
    told = [ref for told in project.traction for ref in (told.headline, *told.supports)]
    for outcome in ends:
        yield from (Asked(metric, outcome, Role.KPI) for metric in map(str, (*project.kpis, *told)))
    named = _named(project)
    for outcome in ends:
        for metric in meanings:
            if "." not in metric or metric in named:
                yield Asked(metric, outcome, Role.CANDIDATE)


def _named(project: Project) -> frozenset[str]:
    """The metrics and parts that the tree, the star and influences speak of."""
    found = {name for node, formula in identities(project).items() for name in (node, *reads(formula.node))}
    found |= {str(end) for influence in project.influences for end in (influence.from_, influence.to)}
    return frozenset(found | set(outcomes(project)))
