"""K: KPIs: few, each with one owner, a decision, a direction, a cadence and a source."""

from __future__ import annotations

from collections.abc import Iterator

from shinro.checks.facts import Facts, Need
from shinro.checks.freshness import loaded_from, stale
from shinro.checks.rule import rule
from shinro.checks.words import is_group, persons
from shinro.definitions.people import Kpi
from shinro.definitions.project import Project
from shinro.definitions.values import Ref
from shinro.problems import Problem, Severity, problem
from shinro.series import Better

MOST_IN_FOCUS = 3


@rule("K301", Severity.ERROR)
def few_in_focus(facts: Facts) -> Iterator[Problem]:
    """At most three KPIs in focus for the whole company."""
    focused = [metric for metric, kpi in facts.project.kpis.items() if kpi.focus]
    if len(focused) > MOST_IN_FOCUS:
        kept = ", ".join(map(str, focused[:MOST_IN_FOCUS]))
        place = focused[MOST_IN_FOCUS].place
        yield problem("K301", place, count=len(focused), limit=MOST_IN_FOCUS, kept=kept)


@rule("K302", Severity.WARNING)
def decides_something(facts: Facts) -> Iterator[Problem]:
    """Each KPI names the decision that it changes."""
    for metric, kpi in facts.project.kpis.items():
        if not (kpi.decides and kpi.decides.strip()):
            yield problem("K302", metric.place, metric=str(metric))


@rule("K303", Severity.ERROR)
def one_owner(facts: Facts) -> Iterator[Problem]:
    """Each KPI, and each metric that a department owns, has one person and one department."""
    project = facts.project
    for metric, kpi in project.kpis.items():
        yield from _owner(project, metric, kpi)
    owned: dict[Ref, str] = {}
    for name, department in project.departments.items():
        for ref in department.owns:
            first = owned.setdefault(ref, str(name))
            if first != str(name):
                yield problem("K303", ref.place, case="departments", metric=str(ref), first=first, second=str(name))
            elif ref not in project.kpis:
                yield problem("K303", ref.place, case="missing", metric=str(ref), department=str(name))


def _owner(project: Project, metric: Ref, kpi: Kpi) -> Iterator[Problem]:
    named = [person for owner in kpi.owner for person in persons(owner)]
    if not named:
        yield problem("K303", metric.place, case="none", metric=str(metric))
    elif len(named) > 1:
        yield problem("K303", kpi.at("owner"), case="many", metric=str(metric), owners=", ".join(named))
    elif is_group(named[0]) or named[0] in _groups(project):
        yield problem("K303", kpi.at("owner"), case="group", metric=str(metric), owner=named[0])


def _groups(project: Project) -> frozenset[str]:
    """What the departments are called."""
    labels = [text for each in project.departments.values() if each.label for text in each.label.texts.values()]
    return frozenset([*map(str, project.departments), *labels])


@rule("K304", Severity.ERROR)
def has_a_direction(facts: Facts) -> Iterator[Problem]:
    """Which way is good is stated, or follows from what the KPI is made of."""
    for metric in facts.project.kpis:
        meaning = facts.meanings.get(str(metric))
        if meaning and meaning.better is Better.NONE:
            yield problem("K304", metric.place, metric=str(metric))


@rule("K305", Severity.WARNING)
def is_fresh_at_its_cadence(facts: Facts) -> Iterator[Problem]:
    """Each KPI has a cadence, and its source reaches up to the last whole period of it."""
    for metric, kpi in facts.project.kpis.items():
        if kpi.cadence is None:
            yield problem("K305", metric.place, case="none", metric=str(metric))
            continue
        for load in stale(facts, str(metric), kpi.cadence.grain):
            until = str(load.known_until)
            yield problem("K305", kpi.at("cadence"), case="stale", metric=str(metric), table=load.table, until=until)


@rule("K306", Severity.ERROR, Need.LOADS)
def has_a_source(facts: Facts) -> Iterator[Problem]:
    """Everything that a KPI is measured from has rows; where it could not be loaded, the L code speaks alone."""
    loads = facts.loads or {}
    for metric in facts.project.kpis:
        for name in loaded_from(facts.project, str(metric)):
            if name in loads and not loads[name].rows:
                yield problem("K306", metric.place, metric=str(metric), table=name)


RULES = (few_in_focus, decides_something, one_owner, has_a_direction, is_fresh_at_its_cadence, has_a_source)
