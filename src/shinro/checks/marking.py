"""Marking: what a claim must be read with, whether shinro found it or the company wrote it."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import TYPE_CHECKING

from shinro.checks.cases import named, valued
from shinro.checks.crowds import is_called
from shinro.checks.recorded import redefined
from shinro.checks.tall import GRR
from shinro.checks.windows import FEW, SHORT
from shinro.definitions.meaning import meanings
from shinro.definitions.periodic import own_period
from shinro.definitions.project import Project
from shinro.definitions.story import Traction
from shinro.periods import DAYS_OF, MONTHS_OF, Duration, Grain
from shinro.problems import Problem, Severity, problem
from shinro.series import SMALL, Mark, Meaning, Nature

if TYPE_CHECKING:  # a static check reads none, and its import would cost it
    from shinro.findings.claims import Claim, Step

UNPLANNED, UNSHOWN = "unplanned", ("retrospective", "undated")  # of findings.claims.Kept


def marked(claim: Claim, traction: Traction, project: Project) -> Iterator[Problem]:
    """Every mark of a claim, the rules in order."""
    yield from _pledge(claim, traction)
    yield from _length(claim, traction)
    yield from _parts(claim, traction, project)
    yield from _money(claim, traction, project)
    yield from _base(claim, traction, project)
    for step in (claim.first, claim.last):
        yield from _step(step, claim, traction, project)
    if redefined(claim.first, claim.last):
        args = {"starts": named(claim.first, claim.track, project), "ends": named(claim.last, claim.track, project)}
        found = {"case": "redefined", "metric": claim.track.metric, **args}
        yield Problem(traction.place, "R613", found, Severity.WARNING)


def _pledge(claim: Claim, traction: Traction) -> Iterator[Problem]:
    """R602: whether it was promised before."""
    place, pledge = traction.place, claim.pledge
    if pledge.kept.value == UNPLANNED:
        yield problem("R602", place, Severity.WARNING, case="marked", metric=claim.track.metric)
    if pledge.kept.value in UNSHOWN:
        text = pledge.text or pledge.title or ""
        yield problem("R602", place, Severity.WARNING, case=pledge.kept.value, metric=claim.track.metric, text=text)


def _length(claim: Claim, traction: Traction) -> Iterator[Problem]:
    """R605: points, months, the declared window and cadence."""
    place, grain = traction.place, claim.track.grain
    within = [each for each in claim.track.complete if claim.first.period <= each.period <= claim.last.period]
    length = traction.period.duration if traction.period else None
    if len(within) < FEW:
        yield problem("R605", place, Severity.WARNING, case="few_points", points=len(within))
    elif claim.months < SHORT:
        yield problem("R605", place, Severity.WARNING, case="short_path", months=_months(claim))
    elif length and abs(claim.months - months_in(length)) > 1:
        args = {"months": _months(claim), "declared": length}
        yield Problem(place, "R605", {"case": "other_window", **args}, Severity.WARNING)
    if traction.cadence and grain is not traction.cadence:
        yield problem("R605", place, Severity.WARNING, case="other_cadence", grain=grain, declared=traction.cadence)


def _parts(claim: Claim, traction: Traction, project: Project) -> Iterator[Problem]:
    """R605: whether a longer period shows its last shorter one, or so many weeks as end in it."""
    track, place = claim.track, traction.place
    every = own_period(project, track.metric)
    if every and DAYS_OF[every.value] < DAYS_OF[track.grain.value]:
        yield problem("R605", place, Severity.WARNING, case="last", grain=every, declared=track.grain)
    found = project.metric(track.metric)
    if found and found.reported and found.every is Grain.WEEK and track.meaning.nature is Nature.FLOW:
        first, last = (_weeks(project, step) for step in (claim.first, claim.last))
        if first != last:
            args = {"starts": named(claim.first, track, project), "ends": named(claim.last, track, project)}
            yield Problem(place, "R605", {"case": "weeks", "first": first, "last": last, **args}, Severity.WARNING)


def _weeks(project: Project, step: Step) -> int:
    found = project.calendar.periods(step.period.start, step.period.last, Grain.WEEK)
    return sum(week.end <= step.period.end for week in found)


def _months(claim: Claim) -> Duration:
    return Duration(claim.months, "month")


def months_in(length: Duration) -> Fraction:
    """A length of time in months; days and weeks at 30 days each month."""
    grain = Grain(length.unit) if length.unit in {grain.value for grain in MONTHS_OF} else None
    return Fraction(length.amount * MONTHS_OF[grain]) if grain else Fraction(length.days, DAYS_OF["month"])


def _money(claim: Claim, traction: Traction, project: Project) -> Iterator[Problem]:
    """R610: NRR stands with GRR; ARR says that it is a run rate."""
    part = claim.track.metric.partition(".")[2]
    told = [str(ref) for ref in (traction.headline, *traction.supports)]
    beside = [*(each.track.metric for each in claim.beside), *told]
    if part == "nrr" and not any(is_called(project, metric, GRR) for metric in beside):
        yield problem("R610", traction.place, Severity.WARNING, case="nrr_marked", metric=claim.track.metric)
    if part == "arr":
        yield problem("R610", traction.place, Severity.WARNING, case="arr_marked", metric=claim.track.metric)


def _base(claim: Claim, traction: Traction, project: Project) -> Iterator[Problem]:
    """R611: a share or an average of fewer than 30, with how many; a share with its interval too."""
    meaning, last, first = claim.meaning, claim.last, claim.first
    if not meaning.percent:
        yield from _average(claim, traction, project)
        return
    if claim.interval and last.base is not None:
        low, high = (valued(each, meaning) for each in claim.interval)
        args = {"over": last.over or Fraction(0), "n": last.base, "low": low, "high": high}
        yield Problem(traction.place, "R611", {"case": "marked", **args}, Severity.WARNING)
    elif first.base is not None and first.base < SMALL:
        yield problem("R611", traction.place, Severity.WARNING, case="start", over=first.over or 0, n=first.base)


def _average(claim: Claim, traction: Traction, project: Project) -> Iterator[Problem]:
    first, last = claim.first.base, claim.last.base
    if first is not None and last is not None and min(first, last) < SMALL and _is_average(claim.meaning, project):
        yield problem("R611", traction.place, Severity.WARNING, case="average", first=first, last=last)


def _is_average(meaning: Meaning, project: Project) -> bool:
    """Whether a ratio is so much a thing: what it divides by counts things."""
    below = meanings(project).get(meaning.denominator or "")
    powers = below.unit.powers if below else ()
    return len(powers) == 1 and powers[0][0].startswith("count:") and powers[0][1] == 1


def _step(step: Step, claim: Claim, traction: Traction, project: Project) -> Iterator[Problem]:
    """R612 and R613: whether an end is final, and whether another value stood there before."""
    track, place = claim.track, traction.place
    on = named(step, track, project)
    if step.mark is not Mark.COMPLETE:
        yield problem("R612", place, case="marked", on=on)
    for was in step.was:
        if was.value != step.value:
            yield problem(
                "R613",
                place,
                Severity.WARNING,
                case="marked",
                on=on,
                old=valued(was.value, track.meaning),
                new=valued(step.value, track.meaning),
                published=was.published,
                restated=step.published or was.published,
                reason=was.reason,
            )
