"""Traction: the rules R on what will be told, and on every claim that the company wrote, as far as they can be judged.

Without the record a claim is judged by its words and its own arithmetic; with it, by what was published.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import TYPE_CHECKING

from shinro.checks.crowds import company, is_crowd, is_retention, is_running_total
from shinro.checks.facts import Facts, Need
from shinro.checks.rule import Rule, rule
from shinro.checks.telling import judged_words, refusals, unplanned
from shinro.checks.told import always_told, promised_in, with_gross
from shinro.checks.whole import untold
from shinro.checks.windows import FEW, SHORT
from shinro.definitions.meaning import meaning_of
from shinro.definitions.story import Said, Traction
from shinro.periods import DAYS_OF, Grain
from shinro.problems import Problem, Severity, problem
from shinro.series import Better
from shinro.units import decimal_text

if TYPE_CHECKING:  # a static check reads none, and its import would cost it
    from shinro.entries import Entry

TOLD = "told"  # the kind of entry that says what was told
STRETCH = 3  # increments that are compared with as many before them


@rule("R603", Severity.ERROR)
def no_running_total(facts: Facts) -> Iterator[Problem]:
    """A headline can fall: a total since ever rises whatever happens."""
    for traction in facts.project.traction:
        metric = str(traction.headline)
        if is_running_total(facts.project, metric):
            before, last = _increments(facts, metric)
            yield problem(
                "R603",
                traction.headline.place,
                case="slows" if last < before else "total",
                metric=metric,
                before=decimal_text(before),
                last=decimal_text(last),
            )
    yield from _written(facts, "R603")


def _increments(facts: Facts, metric: str) -> tuple[Fraction, Fraction]:
    """What the last three final months added, and the three before them; 0 and 0 where there are too few."""
    series = (facts.series or {}).get((metric, Grain.MONTH))
    values = [point.value for point in series.complete if point.value is not None] if series else []
    if len(values) <= 2 * STRETCH:
        return Fraction(0), Fraction(0)
    return values[-1 - STRETCH] - values[-1 - 2 * STRETCH], values[-1] - values[-1 - STRETCH]


@rule("R604", Severity.ERROR)
def crowd_in_company(facts: Facts) -> Iterator[Problem]:
    """Users or registrations stand beside who is active, who stays, and what they pay."""
    for traction in facts.project.traction:
        beside = company(facts.project, map(str, (traction.headline, *traction.supports)))
        for ref in (traction.headline, *traction.supports) if beside else ():
            if is_crowd(facts.project, str(ref)):
                yield Problem(ref.place, "R604", {"metric": str(ref), **(beside or {})})
    yield from _written(facts, "R604")


def _written(facts: Facts, code: str) -> Iterator[Problem]:
    """What one rule finds in the claims that the company wrote, by the record where there is one."""
    for traction in facts.project.traction:
        for said in traction.claims:
            yield from (each for each in _judged(said, traction, facts) if each.code == code)


def _judged(said: Said, traction: Traction, facts: Facts) -> Iterator[Problem]:
    if facts.entries is None:
        return judged_words(said, traction, facts.project)
    grain = traction.cadence or Grain.MONTH
    paths = {metric: path for (metric, each), path in facts.paths.items() if each is grain}
    return iter(refusals(said, traction, paths, facts.project))


@rule("R601", Severity.ERROR)
def whole_claim(facts: Facts) -> Iterator[Problem]:
    """A claim has its KPI, its start and its end, and only numbers that the record has there."""
    yield from _written(facts, "R601")


@rule("R602", Severity.WARNING)
def planned_claim(facts: Facts) -> Iterator[Problem]:
    """A claim fulfils a milestone that was declared, or is told as unplanned."""
    for traction in facts.project.traction:
        for said in traction.claims:
            yield from unplanned(said, facts.project)


@rule("R605", Severity.WARNING)
def declared_window(facts: Facts) -> Iterator[Problem]:
    """Half a year or more, three points or more, the declared window and no better one."""
    for traction in facts.project.traction:
        length = traction.period.duration if traction.period else None
        if length is None:
            continue
        grain = traction.cadence or Grain.MONTH
        points = length.days // DAYS_OF[grain.value]
        if length.days < SHORT * DAYS_OF["month"]:
            yield problem("R605", traction.at("period"), case="short", length=length)
        elif points < FEW:
            yield problem("R605", traction.at("cadence"), case="coarse", points=points, length=length, grain=grain)
    for traction in facts.project.traction:
        yield from untold(traction, facts.project)
    yield from _written(facts, "R605")


@rule("R606", Severity.ERROR)
def absolute_beside_relative(facts: Facts) -> Iterator[Problem]:
    """No index without what it stands for; points of a share are points."""
    yield from _written(facts, "R606")


@rule("R607", Severity.ERROR)
def all_cohorts(facts: Facts) -> Iterator[Problem]:
    """Who left is counted, too."""
    yield from _written(facts, "R607")


@rule("R608", Severity.WARNING, Need.ENTRIES)
def same_as_last_time(facts: Facts) -> Iterator[Problem]:
    """The metrics that this audience was shown the last time are shown again."""
    for traction in facts.project.traction:
        last = _last_told(facts.entries or (), str(traction.audience))
        told = [*always_told(facts.project, traction), *promised_in(facts.entries or ()), *map(str, traction.cash)]
        dropped = [metric for metric in last if metric not in with_gross(told)]
        if dropped:
            yield problem("R608", traction.place, case="dropped", metrics=dropped, audience=str(traction.audience))


def _last_told(entries: tuple[Entry, ...], audience: str) -> list[str]:
    """All that the last report to an audience told."""
    found = [entry for entry in entries if entry.draft.kind.value == TOLD and entry.draft.subject == audience]
    metrics = max(found, key=lambda entry: entry.seq).draft.data.get("metrics") if found else None
    return [str(metric) for metric in metrics] if isinstance(metrics, list | tuple) else []


@rule("R609", Severity.WARNING)
def bad_news_has_a_place(facts: Facts) -> Iterator[Problem]:
    """Something that is told can be bad news: churn, burn, who stays, the star's guardrail."""
    star = facts.project.star
    guardrail = str(star.guardrail) if star and star.guardrail else None
    for traction in facts.project.traction:
        told = [str(ref) for ref in (traction.headline, *traction.supports, *traction.cash, *traction.cohorts)]
        if not any(_can_hurt(facts, metric, guardrail) for metric in told):
            yield problem("R609", traction.place, case="nowhere", audience=str(traction.audience))


def _can_hurt(facts: Facts, metric: str, guardrail: str | None) -> bool:
    better = meaning_of(metric, facts.meanings).better
    return better is Better.LOWER or metric == guardrail or is_retention(facts.project, metric)


@rule("R610", Severity.ERROR)
def one_kind_of_money(facts: Facts) -> Iterator[Problem]:
    """Orders, revenue, MRR, goods that changed hands and letters of intent are told as what they are."""
    yield from _written(facts, "R610")


@rule("R611", Severity.WARNING, Need.ENTRIES)
def small_base(facts: Facts) -> Iterator[Problem]:
    """What grew from next to nothing, and a share of a few, is told with the few."""
    yield from _written(facts, "R611")


@rule("R612", Severity.ERROR, Need.ENTRIES)
def final_periods(facts: Facts) -> Iterator[Problem]:
    """A period that is not over is no result."""
    yield from _written(facts, "R612")


@rule("R613", Severity.ERROR, Need.ENTRIES)
def restated_in_sight(facts: Facts) -> Iterator[Problem]:
    """What was restated is told by its new value, and as restated."""
    yield from _written(facts, "R613")


RULES: tuple[Rule, ...] = (
    whole_claim,
    planned_claim,
    no_running_total,
    crowd_in_company,
    declared_window,
    absolute_beside_relative,
    all_cohorts,
    same_as_last_time,
    bad_news_has_a_place,
    one_kind_of_money,
    small_base,
    final_periods,
    restated_in_sight,
)
