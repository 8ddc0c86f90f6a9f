"""Reviews: what was missed has its cause, what is over has its verdict, and the star is not raised at a cost."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import TYPE_CHECKING

from shinro.checks.facts import Facts, Need
from shinro.checks.initiatives import is_over
from shinro.checks.rule import Rule, rule
from shinro.definitions.people import NorthStar
from shinro.problems import Problem, Severity, problem
from shinro.series import State

if TYPE_CHECKING:  # a static check reads none, and its import would cost it
    from shinro.entries import Entry

REVIEW, UNTOLD = "review", "cannot tell"  # of a kind of entry, of a verdict on an effect
RUNNING = 2  # reviews in which the guardrail got worse while the star got better


@rule("M411", Severity.WARNING, Need.ENTRIES)
def miss_has_cause(facts: Facts) -> Iterator[Problem]:
    """A milestone that was missed has a cause in the record: execution or hypothesis."""
    said = {each.draft.subject for each in facts.entries or () if "cause" in each.draft.data}
    missed = {each.title: each.due for each in facts.milestones if each.state is State.MISSED}
    for milestone in facts.project.milestones:
        if milestone.title in missed and milestone.title not in said:
            yield problem("M411", milestone.place, milestone=milestone.title, day=missed[milestone.title])


@rule("I503", Severity.WARNING, Need.EFFECTS)
def ended_with_verdict(facts: Facts) -> Iterator[Problem]:
    """An initiative that is over has an effect that can be told, or a verdict that somebody wrote."""
    for initiative in facts.project.initiatives:
        name = str(initiative.name)
        seen, day = (facts.effects or {}).get(name), facts.as_of
        if day and is_over(initiative, day) and not initiative.verdict and (not seen or seen.value == UNTOLD):
            yield problem("I503", initiative.place, initiative=name)


def gamed(entries: Iterable[Entry], star: NorthStar) -> tuple[date, date] | None:
    """The last reviews in which the star got better and its guardrail worse, the first and last day; None where not so.

    Two of one cycle running, each of another period of either: a month that two weekly reviews looked at is one.
    """
    reviews = [each for each in entries if each.draft.kind.value == REVIEW]
    for grain in dict.fromkeys(each.draft.grain for each in reviews):
        found: dict[tuple[object, object], tuple[date, bool]] = {}
        for each in reviews:
            rose, held = _part(each, "star", str(star.metric)), _part(each, "guardrail", str(star.guardrail))
            if each.draft.grain is grain and rose.get("moved") and held.get("moved"):
                falls = (rose["moved"], held["moved"]) == ("better", "worse")
                periods = (rose.get("period"), held.get("period"))
                _keep(found, periods, date.fromisoformat(each.draft.subject), falls=falls)
        last = list(found.values())[-RUNNING:]
        if len(last) == RUNNING and all(falls for _, falls in last):
            return last[0][0], last[-1][0]
    return None


def _keep(
    found: dict[tuple[object, object], tuple[date, bool]], periods: tuple[object, object], day: date, *, falls: bool
) -> None:
    """A review that shares a period with the one before stands in its place."""
    before = next(reversed(found), None)
    if before and (before[0] == periods[0] or before[1] == periods[1]):
        del found[before]
    found[periods] = (day, falls)


def _part(entry: Entry, key: str, metric: str) -> Mapping[str, object]:
    """What a review found of the star or the guardrail; nothing where it was another metric then."""
    found = entry.draft.data.get(key)
    return found if isinstance(found, Mapping) and found.get("metric") == metric else {}


RULES: tuple[Rule, ...] = (miss_has_cause, ended_with_verdict)
