"""Published: values that are others now than as reported, and milestones that are others than as declared."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction

from shinro.checks.declared import by_title, milestones_declared
from shinro.checks.facts import Facts, Need
from shinro.checks.rule import Rule, rule
from shinro.definitions.meaning import meaning_of
from shinro.definitions.project import Project
from shinro.entries import Draft, Entry, Figure, Kind, histories, local_day, pledges
from shinro.periods import Grain
from shinro.problems import Place, Problem, Severity, problem
from shinro.series import Mark, Meaning, Point
from shinro.units import decimal_text

PLACES = 4  # decimals of a value that no short text holds


@rule("D704", Severity.WARNING, Need.SERIES, Need.ENTRIES)
def still_what_was_reported(facts: Facts) -> Iterator[Problem]:
    """A published value is what the data give now. `record check` says whether definition, data or code changed."""
    found: dict[tuple[str, Grain], list[tuple[Entry, Point]]] = {}
    for (metric, grain, period, segment), forms in histories(facts.entries or ()).items():
        series = (facts.series or {}).get((metric, grain))
        point = series.at(period) if series and not segment else None
        if point and point.mark is Mark.COMPLETE and _other(forms[-1].draft.figure, point):
            found.setdefault((metric, grain), []).append((forms[-1], point))
    for (metric, grain), differing in found.items():
        yield _drifted(facts, metric, grain, sorted(differing, key=lambda each: each[1].period))


def _other(figure: Figure | None, point: Point) -> bool:
    parts = (figure.value, figure.over, figure.base) if figure else None
    return parts != (point.value, point.over, point.base)


def _drifted(facts: Facts, metric: str, grain: Grain, differing: Sequence[tuple[Entry, Point]]) -> Problem:
    entry, point = differing[-1]
    meaning = meaning_of(metric, facts.meanings)
    label = facts.project.calendar.label(point.period, grain)
    published = entry.draft.figure.value if entry.draft.figure else None
    args = {"metric": metric, "period": label, "periods": len(differing)}
    args |= {"now": _text(point.value, meaning), "was": _text(published, meaning)}
    return Problem(_place(facts.project, metric), "D704", args)


def _text(value: Fraction | None, meaning: Meaning) -> str:
    if value is None:
        return "–"
    if meaning.percent:
        return f"{decimal_text(round(value * 100, PLACES))}%"
    return decimal_text(round(value, PLACES))


def _place(project: Project, metric: str) -> Place:
    kpi, found = project.kpi(metric), project.metric(metric)
    return kpi.place if kpi else found.place if found else project.place


@rule("M410", None, Need.ENTRIES)
def as_it_was_declared(facts: Facts) -> Iterator[Problem]:
    """A milestone that is changed after the story's start is kept in its earlier form, and both are shown."""
    project = facts.project
    starts = project.story.starts if project.story else None
    if facts.looked_on is None or (starts and facts.looked_on < starts):
        return
    known = pledges(facts.entries or (), Kind.MILESTONE)
    for draft in milestones_declared(project, known):
        if draft.replaces is not None:
            yield _edited(project, draft, facts.entries or ())
    for title, milestone in by_title(project).items():
        days = [local_day(each.written_at, project.zone) for each in known.get(title, ())]
        if days[1:] and (starts is None or days[-1] >= starts):
            args = {"milestone": title, "first": days[0], "last": days[-1], "was": _said(known[title][0].draft)}
            yield problem("M410", milestone.place, Severity.INFO, case="moved", **args)


def _edited(project: Project, draft: Draft, entries: Sequence[Entry]) -> Problem:
    """What the record does not hold yet: it is kept with the next publishing."""
    old = next(each for each in entries if each.seq == draft.replaces)
    milestone = by_title(project).get(draft.subject)
    place = milestone.place if milestone else project.at("milestones")
    case = "edited" if milestone else "given_up"
    case = "instead" if milestone and old.draft.subject != draft.subject else case
    args = {
        "milestone": draft.subject,
        "old": old.draft.subject,
        "first": local_day(old.written_at, project.zone),
        "was": _said(old.draft),
        "now": _said(draft),
    }
    return problem("M410", place, Severity.WARNING, case=case, **args)


def _said(draft: Draft) -> str:
    """A milestone in one line: its day and its conditions."""
    reach = draft.data.get("reach")
    conditions = ", ".join(map(str, reach)) if isinstance(reach, list | tuple) else "–"
    return f"{draft.data.get('due', '–')}: {conditions}"


RULES: tuple[Rule, ...] = (still_what_was_reported, as_it_was_declared)
