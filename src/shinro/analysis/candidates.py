"""Candidates for the North Star, each tried by the four questions: on its structure, the data, people's answers."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from fractions import Fraction

from shinro.checks.facts import Facts
from shinro.checks.freshness import loaded_from, stale, unread
from shinro.checks.north_star import FEWEST, MEANING_LENGTH, MOST, QUICK, cadence
from shinro.checks.vanity import LEAST_POINTS, SURE
from shinro.checks.worth import has_predicate, is_cumulative, is_middle, is_money, is_work
from shinro.definitions.project import Project
from shinro.definitions.tree import below, explained_by, influenced_by, measured_from
from shinro.findings.evidence import Verdict
from shinro.findings.inventory import Answer, Candidate, Question, Trial
from shinro.periods import Grain
from shinro.series import Better

Trials = Iterator[Trial]


def candidates(facts: Facts, metrics: Sequence[str]) -> tuple[Candidate, ...]:
    """Candidates, the best first: those that are not barred, by the share of tests passed, then by how many.

    Law: the order does not depend on the order asked in, but for equals. Cost: metrics times the project.
    """
    found = [candidate(facts, metric) for metric in dict.fromkeys(metrics)]
    return tuple(sorted(found, key=_worth))


def _worth(each: Candidate) -> tuple[bool, Fraction, int]:
    return bool(each.barred), -each.share, -each.total[0]


def candidate(facts: Facts, metric: str) -> Candidate:
    """One candidate with all its tests."""
    star = facts.project.star
    trials = tuple(trial for question, tests in TESTS.items() for trial in tests(facts, metric))
    return Candidate(metric, trials, star is not None and metric == str(star.metric), tuple(_barred(facts, metric)))


def in_question(facts: Facts) -> tuple[str, ...]:
    """The metrics worth trying where none is named: the star, and what is neither an outcome nor a plain input.

    Whatever counts work or money alone is tried as well, so that the reason against it can be read. In a project
    without a star, a tree and KPIs every metric is tried.
    """
    project, star = facts.project, facts.project.star
    own = [str(star.metric)] if star else []
    outcomes = {str(outcome) for outcome in star.outcomes} if star else set()
    nodes = [name for name, drivers in explained_by(project).items() if drivers]
    people = [str(kpi) for kpi in project.kpis]
    given = [metric for metric in (*own, *nodes, *people) if metric in facts.meanings and metric not in outcomes]
    return tuple(dict.fromkeys(given)) or tuple(metric for metric in facts.meanings if "." not in metric)


def _barred(facts: Facts, metric: str) -> Iterator[str]:
    """What no North Star can be: work, money alone, a running total."""
    if is_work(facts.project, metric):
        yield "work"
    if is_money(facts.project, facts.meanings, metric):
        yield "money"
    if is_cumulative(facts.project, metric):
        yield "cumulative"


def _said(question: Question, key: str, truth: bool | None, **args: object) -> Trial:  # noqa: FBT001 - the test's answer
    answer = Answer.ASK if truth is None else Answer.YES if truth else Answer.NO
    return Trial(question, key, answer, args)


def _growth(facts: Facts, metric: str) -> Trials:
    """Does it lead to growth: by what the project says, by what the data show, by what people answered."""
    project = facts.project
    graphs = (explained_by(project), influenced_by(project))
    outcomes = _outcomes(project, metric)
    reached = [outcome for outcome in outcomes if metric in below([outcome], *graphs)]
    yield _said(Question.GROWTH, "tied", bool(reached) if outcomes else None, top=reached[0] if reached else "")
    yield _got(facts, metric)
    yield _said(Question.GROWTH, "falls", not is_cumulative(project, metric))
    yield _led(facts, metric, outcomes)
    yield from _people(project, metric, Question.GROWTH)


def _got(facts: Facts, metric: str) -> Trial:
    """Whether it says that somebody got something: it counts only what passes a test, and neither loss nor mean."""
    meaning = facts.meanings.get(metric)
    if meaning and meaning.better is Better.LOWER:
        return _said(Question.GROWTH, "loss", False)  # noqa: FBT003 - the test's answer
    if is_middle(facts.project, metric):
        return _said(Question.GROWTH, "middle", False)  # noqa: FBT003 - the same
    return _said(Question.GROWTH, "value", has_predicate(facts.project, metric))


def _outcomes(project: Project, metric: str) -> tuple[str, ...]:
    star = project.star
    return tuple(str(outcome) for outcome in star.outcomes if str(outcome) != metric) if star else ()


def _led(facts: Facts, metric: str, outcomes: Sequence[str]) -> Trial:
    """Whether the data show that it leads an outcome; where arithmetic ties them, nothing has to be shown."""
    project = facts.project
    ties = [top for top in outcomes if metric in below([top], explained_by(project), measured_from(project))]
    if ties:
        return _said(Question.GROWTH, "arithmetic", True, top=ties[0])  # noqa: FBT003 - the test's answer
    pairs = [(top, pair.evidence) for top in outcomes if (pair := (facts.evidence or {}).get((metric, top)))]
    leads = [top for top, seen in pairs if seen.verdict is Verdict.LEADS]
    if leads:
        return _said(Question.GROWTH, "leads", True, top=leads[0])  # noqa: FBT003 - the same
    told = [top for top, seen in pairs if seen.verdict in (Verdict.FOLLOWS, Verdict.NO_SIGN) and _is_sure(seen.power)]
    return _said(Question.GROWTH, "leads", False if told else None, top=told[0] if told else "")


def _is_sure(power: float | None) -> bool:
    """Whether most true drivers would have shown: only then is silence an answer (docs/methods/evidence.md)."""
    return power is not None and power >= SURE


def _measurable(facts: Facts, metric: str) -> Trials:
    """Can it be measured now: a source that is loaded and fresh, a reading, a path long enough to see."""
    if facts.loads is None or facts.series is None:
        yield _said(Question.MEASURABLE, "source", None)
        return
    sources = loaded_from(facts.project, metric)
    there = bool(sources) and not unread(facts, metric)
    yield _said(Question.MEASURABLE, "source", there, tables=", ".join(sources))
    if not there:
        return
    series = facts.series.get((metric, Grain.MONTH))
    known = [point for point in (series.complete if series else ()) if point.value is not None]
    yield _said(Question.MEASURABLE, "reading", bool(known))
    yield _said(Question.MEASURABLE, "path", len(known) >= LEAST_POINTS, n=len(known), least=LEAST_POINTS)
    late = [load.table for load in stale(facts, metric, cadence(facts.project, metric))]
    yield _said(Question.MEASURABLE, "fresh", not late, tables=", ".join(late))


def _shared(facts: Facts, metric: str) -> Trials:
    """Can all departments say it and stand behind it: a short meaning, a KPI of each that is tied to it, their word."""
    project, star = facts.project, facts.project.star
    if star and str(star.metric) == metric:
        texts = star.meaning.texts if star.meaning else {}
        short = bool(texts) and max(map(len, texts.values())) <= MEANING_LENGTH
        yield _said(Question.SHARED, "meaning", short and all(lang in texts for lang in project.languages))
    else:
        yield _said(Question.SHARED, "meaning", None)
    apart = [str(name) for name, each in project.departments.items() if not _meets(facts, metric, map(str, each.owns))]
    several = len(project.departments) > 1
    yield _said(Question.SHARED, "departments", not apart if several else None, departments=", ".join(apart))
    yield from _people(project, metric, Question.SHARED)


def _meets(facts: Facts, metric: str, owned: Iterator[str]) -> bool:
    """Whether a department owns something that drives the metric, or that drives an outcome beside it."""
    project = facts.project
    graphs = (explained_by(project), influenced_by(project))
    tops = [metric, *(top for top in _outcomes(project, metric) if metric in below([top], *graphs))]
    reach = below(tops, *graphs, measured_from(project))
    return any(each in reach for each in owned)


def _actionable(facts: Facts, metric: str) -> Trials:
    """Does it turn into action: two to five drivers, one owner each, something that moves in a week."""
    project = facts.project
    graphs = (explained_by(project), influenced_by(project))
    drivers = list(dict.fromkeys(driver for graph in graphs for driver in graph.get(metric, ()) if driver != metric))
    yield _said(Question.ACTIONABLE, "drivers", FEWEST <= len(drivers) <= MOST, n=len(drivers))
    lower = below([metric], *graphs, measured_from(project)) - {metric}
    kpis = [kpi for each in lower if (kpi := project.kpi(each))]
    yield _said(Question.ACTIONABLE, "owned", any(len(kpi.owner) == 1 for kpi in kpis))
    yield _said(Question.ACTIONABLE, "quick", any(kpi.cadence in QUICK for kpi in kpis))
    yield from _people(project, metric, Question.ACTIONABLE)


def _people(project: Project, metric: str, question: Question) -> Trials:
    """What each department answered; only of the star was anybody asked."""
    star = project.star
    if star is None or str(star.metric) != metric:
        yield _said(question, "asked", None)
        return
    for name in project.departments:
        answer = star.confirmed.get(name)
        truth = getattr(answer, question.value) if answer else None
        yield _said(question, "confirmed", truth, department=str(name), by=str((answer and answer.by) or ""))


TESTS: dict[Question, Callable[[Facts, str], Trials]] = {
    Question.GROWTH: _growth,
    Question.MEASURABLE: _measurable,
    Question.SHARED: _shared,
    Question.ACTIONABLE: _actionable,
}
