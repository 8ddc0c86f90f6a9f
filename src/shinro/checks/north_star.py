"""N: the North Star Metric: one, neither workload nor revenue alone, tied to growth, measurable, shared, acted on."""

from __future__ import annotations

from collections.abc import Iterator

from shinro.checks.facts import Facts, Need
from shinro.checks.freshness import loaded_from, stale, unread
from shinro.checks.references import spot
from shinro.checks.reviews import gamed
from shinro.checks.rule import rule
from shinro.checks.worth import has_predicate, is_cumulative, is_money, is_work
from shinro.definitions.expression import names
from shinro.definitions.people import Cadence, Confirmation, NorthStar
from shinro.definitions.project import Project
from shinro.definitions.tree import below, drivers, explained_by, identities, influenced_by, measured_from, tied
from shinro.definitions.values import Name
from shinro.periods import Grain, add_months
from shinro.problems import Place, Problem, Severity, problem

MEANING_LENGTH = 140
FEWEST, MOST = 2, 5
QUICK = (Cadence.DAILY, Cadence.WEEKLY)
ANSWERS = ("growth", "shared", "actionable")


@rule("N101", Severity.ERROR)
def one_star(facts: Facts) -> Iterator[Problem]:
    """Exactly one North Star."""
    stars = facts.project.north_star
    if not stars:
        yield problem("N101", facts.project.place, case="none")
    for extra in stars[1:]:
        yield problem(
            "N101",
            extra.place,
            case="many",
            count=len(stars),
            metric=str(extra.metric),
            first=str(stars[0].metric),
        )


@rule("N102", Severity.ERROR)
def no_workload(facts: Facts) -> Iterator[Problem]:
    """The star counts no work: no calls, no mails sent, no visits."""
    star = _defined(facts)
    if star and is_work(facts.project, str(star.metric)):
        yield problem("N102", star.metric.place, metric=str(star.metric))


@rule("N103", Severity.WARNING)
def no_revenue_alone(facts: Facts) -> Iterator[Problem]:
    """The star is no flow of money: it follows short waves, and tells nobody what to do."""
    star = _defined(facts)
    if star and is_money(facts.project, facts.meanings, str(star.metric)):
        yield problem("N103", star.metric.place, metric=str(star.metric))


@rule("N104", Severity.ERROR)
def tied_to_growth(facts: Facts) -> Iterator[Problem]:
    """The star leads to an outcome through the tree or an influence."""
    star = _defined(facts)
    if star is None:
        return
    graphs = (explained_by(facts.project), influenced_by(facts.project))
    outcomes = [str(outcome) for outcome in star.outcomes if outcome != star.metric]
    if not outcomes:
        yield problem("N104", star.at("outcomes"), case="none", metric=str(star.metric))
    elif not any(str(star.metric) in below([outcome], *graphs) for outcome in outcomes):
        yield problem("N104", star.at("outcomes"), case="apart", metric=str(star.metric), outcomes=", ".join(outcomes))


@rule("N105", Severity.ERROR, Need.LOADS, Need.SERIES)
def measurable_now(facts: Facts) -> Iterator[Problem]:
    """The star has rows, a reading, and a source that is fresh at its cadence."""
    star = _defined(facts)
    if star is None:
        return
    metric = str(star.metric)
    loads, place = facts.loads or {}, star.metric.place
    if unread(facts, metric):
        return
    empty = [name for name in loaded_from(facts.project, metric) if not loads[name].rows]
    if empty:
        yield problem("N105", place, case="rows", metric=metric, table=", ".join(empty))
        return
    if not _is_read(facts, metric):
        yield problem("N105", place, case="reading", metric=metric)
    for load in stale(facts, metric, cadence(facts.project, metric)):
        yield problem("N105", place, case="stale", metric=metric, table=load.table, until=str(load.known_until))


def _is_read(facts: Facts, metric: str) -> bool:
    series = [each for (name, _), each in (facts.series or {}).items() if name == metric]
    return any(point.value is not None for each in series for point in each.complete)


def cadence(project: Project, metric: str) -> Grain:
    """The period that a metric is looked at by: its KPI's, else a month."""
    kpi = project.kpi(metric)
    return kpi.cadence.grain if kpi and kpi.cadence else Grain.MONTH


@rule("N106", Severity.WARNING)
def everyone_can_say_it(facts: Facts) -> Iterator[Problem]:
    """The star's meaning is short, in each language; every department shares it and owns a KPI that is tied to it."""
    star = _defined(facts)
    if star is None:
        return
    yield from _meaning(facts.project, star)
    ties = tied(facts.project)
    for name, department in facts.project.departments.items():
        answer = star.confirmed.get(name)
        if answer is None:
            yield problem(
                "N106", star.at("confirmed"), case="unconfirmed", department=str(name), metric=str(star.metric)
            )
        elif answer.shared is False:
            yield problem("N106", answer.at("shared"), case="refused", department=str(name), metric=str(star.metric))
        if not any(str(owned) in ties for owned in department.owns):
            yield problem("N106", name.place, case="untied", department=str(name), metric=str(star.metric))


def _meaning(project: Project, star: NorthStar) -> Iterator[Problem]:
    if star.meaning is None:
        yield problem("N106", star.at("meaning"), case="meaning", metric=str(star.metric))
        return
    missing = [language for language in project.languages if language not in star.meaning.texts]
    if missing:
        yield problem(
            "N106", star.meaning.place, case="language", metric=str(star.metric), languages=", ".join(missing)
        )
    longest = max(map(len, star.meaning.texts.values()), default=0)
    if longest > MEANING_LENGTH:
        yield problem(
            "N106",
            star.meaning.place,
            case="length",
            metric=str(star.metric),
            length=longest,
            limit=MEANING_LENGTH,
        )


@rule("N107", Severity.WARNING)
def turns_into_action(facts: Facts) -> Iterator[Problem]:
    """Each level below the star has 2 to 5 drivers, each of its branches one owner, and something moves in a week."""
    star = _defined(facts)
    if star is None:
        return
    project, metric = facts.project, str(star.metric)
    branches = _branches(project, metric)
    if not branches:
        yield problem("N107", star.metric.place, case="none", metric=metric)
        return
    yield from _levels(project, metric)
    for branch, place in branches.items():
        if branch != metric and not _owned(project, branch):
            yield problem("N107", place, case="owner", metric=metric, branch=branch)
    lower = below([metric], explained_by(project), influenced_by(project)) - {metric}
    if not any(kpi.cadence in QUICK for name in lower if (kpi := project.kpi(name))):
        yield problem("N107", star.metric.place, case="slow", metric=metric)


def _branches(project: Project, metric: str) -> dict[str, Place]:
    """The star's drivers with where they stand: those of its identity, or else those believed to move it."""
    formula = identities(project).get(metric)
    if formula:
        known = drivers(formula.node)
        return {name.path: spot(formula.text, name.at) for name in reversed(names(formula.node)) if name.path in known}
    return {
        str(influence.from_): influence.from_.place for influence in project.influences if str(influence.to) == metric
    }


def _levels(project: Project, metric: str) -> Iterator[Problem]:
    """Levels that are too wide to steer by or too narrow to explain anything; a ratio's own two parts are no level."""
    lower = below([metric], explained_by(project))
    for node, formula in project.tree.items():
        count = len(drivers(formula.node))
        if str(node) in lower and not FEWEST <= count <= MOST:
            yield problem("N107", formula.text.place, case="width", metric=str(node), count=count)


def _owned(project: Project, branch: str) -> bool:
    """Whether exactly one person answers for a branch, or for each of the drivers that it is made of."""
    kpi = project.kpi(branch)
    if kpi:
        return len(kpi.owner) == 1
    made_of = {**measured_from(project), **explained_by(project)}
    inner = [driver for driver in made_of.get(branch, ()) if driver != branch]
    return bool(inner) and all((found := project.kpi(driver)) and len(found.owner) == 1 for driver in inner)


@rule("N108", Severity.WARNING)
def expresses_value(facts: Facts) -> Iterator[Problem]:
    """The star says who gets what: it counts only rows that pass a test."""
    star = _defined(facts)
    if star and not has_predicate(facts.project, str(star.metric)):
        yield problem("N108", star.metric.place, metric=str(star.metric))


@rule("N109", Severity.WARNING)
def can_go_down(facts: Facts) -> Iterator[Problem]:
    """The star is no running total."""
    star = _defined(facts)
    if star and is_cumulative(facts.project, str(star.metric)):
        yield problem("N109", star.metric.place, metric=str(star.metric))


@rule("N110", Severity.WARNING)
def hard_to_game(facts: Facts) -> Iterator[Problem]:
    """A guardrail, another metric than the star, shows when it is improved at a cost, and does not get worse."""
    star = _defined(facts)
    if star and star.guardrail in (None, star.metric):
        yield problem("N110", star.at("guardrail"), case="same" if star.guardrail else "none", metric=str(star.metric))
    elif star and (days := gamed(facts.entries or (), star)):
        metric, guardrail, (first, last) = str(star.metric), str(star.guardrail), days
        place = star.at("guardrail")
        yield problem("N110", place, case="falls", metric=metric, guardrail=guardrail, first=first, last=last)


@rule("N111", Severity.INFO)
def why_this_one(facts: Facts) -> Iterator[Problem]:
    """Only people can say why it is this one: `because`, and each department's answers, asked again after a year."""
    star = _defined(facts)
    if star is None:
        return
    if not star.because:
        yield problem("N111", star.at("because"), case="because", metric=str(star.metric))
    for name, answer in star.confirmed.items():
        yield from _answers(facts, name, answer)


def _answers(facts: Facts, name: Name, answer: Confirmation) -> Iterator[Problem]:
    missing = [key for key in ("by", "on", *ANSWERS) if getattr(answer, key) is None]
    refused = [key for key in ("growth", "actionable") if getattr(answer, key) is False]
    if missing:
        yield problem("N111", answer.place, case="missing", missing=", ".join(missing), department=str(name))
    if refused:
        yield problem("N111", answer.at(refused[0]), case="refused", refused=", ".join(refused), department=str(name))
    if facts.looked_on and answer.on and add_months(answer.on, 12) <= facts.looked_on:
        yield problem(
            "N111",
            answer.at("on"),
            case="again",
            by=str(answer.by or name),
            on=answer.on.isoformat(),
            department=str(name),
        )


def _defined(facts: Facts) -> NorthStar | None:
    """The star, where there is one and its metric is defined (T201 says where it is not)."""
    star = facts.project.star
    return star if star and str(star.metric) in facts.meanings else None


RULES = (
    one_star,
    no_workload,
    no_revenue_alone,
    tied_to_growth,
    measurable_now,
    everyone_can_say_it,
    turns_into_action,
    expresses_value,
    can_go_down,
    hard_to_game,
    why_this_one,
)
