"""Whole: what is wrong with a traction report as a whole, whatever its single claims say."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from shinro.checks.crowds import company, is_called, is_crowd, is_retention, is_revenue, is_running_total
from shinro.checks.marking import months_in
from shinro.checks.tall import GRR, NOT_REVENUE
from shinro.checks.windows import FEW, MONTH, SHORT
from shinro.definitions.meaning import meaning_of, meanings
from shinro.definitions.periodic import not_within
from shinro.definitions.project import Project
from shinro.definitions.story import Traction
from shinro.periods import Duration, Grain
from shinro.problems import Problem, Severity, problem
from shinro.series import Nature

if TYPE_CHECKING:  # a static check reads none, and its import would cost it
    from shinro.findings.claims import Tale


def whole(tale: Tale, traction: Traction, project: Project) -> Iterator[Problem]:
    """Every fault of a report, the rules in order."""
    told = metrics(tale)
    yield from _totals(traction, project)
    yield from _crowds(told, traction, project)
    yield from _headline(tale, traction)
    yield from untold(traction, project)
    yield from _cohorts(tale, told, traction, project)
    if tale.dropped:
        dropped = [track.metric for track in tale.dropped]
        yield problem("R608", traction.place, Severity.WARNING, case="dropped", metrics=dropped, audience=tale.audience)
    if not tale.lows:
        yield problem("R609", traction.place, Severity.WARNING, case="none")
    yield from _money(told, traction, project)


def metrics(tale: Tale) -> tuple[str, ...]:
    """Every metric whose numbers are told, each once."""
    tracks = [*([tale.headline] if tale.headline else []), *tale.supports, *tale.told, *(c.track for c in tale.claims)]
    return tuple(dict.fromkeys(track.metric for track in tracks))


def _totals(traction: Traction, project: Project) -> Iterator[Problem]:
    if is_running_total(project, str(traction.headline)):
        yield problem("R603", traction.headline.place, case="total", metric=str(traction.headline))


def _crowds(told: Sequence[str], traction: Traction, project: Project) -> Iterator[Problem]:
    beside = company(project, told)
    for metric in told if beside else ():
        if is_crowd(project, metric):
            yield Problem(traction.place, "R604", {"case": "beside", "metric": metric, **(beside or {})})


def _headline(tale: Tale, traction: Traction) -> Iterator[Problem]:
    """R605: three points and half a year at least, of the headline."""
    if tale.headline is None:
        return
    inside = [each for each in tale.headline.complete if tale.period.start <= each.period.start < tale.period.end]
    months = round((inside[-1].period.end - inside[0].period.start).days / MONTH) if inside else 0
    declared = traction.period and months_in(traction.period.duration) < SHORT
    if len(inside) < FEW or months < SHORT or declared:
        args = {"metric": tale.headline.metric, "points": len(inside), "months": Duration(months, "month")}
        yield Problem(traction.place, "R605", {"case": "headline", **args}, Severity.WARNING)


def untold(traction: Traction, project: Project) -> Iterator[Problem]:
    """R605: what a report is to tell, and cannot at its cadence, since its numbers are of another period."""
    cadence = traction.cadence or Grain.MONTH
    for ref in dict.fromkeys((traction.headline, *traction.supports, *traction.cash)):
        every = not_within(project, str(ref), cadence)
        if every is not cadence:
            args = {"case": "period", "metric": str(ref), "grain": every, "declared": cadence}
            yield Problem(ref.place, "R605", args, Severity.WARNING)


def _cohorts(tale: Tale, told: Sequence[str], traction: Traction, project: Project) -> Iterator[Problem]:
    """R607: who stays or leaves is told with every cohort beside it."""
    kept = [metric for metric in told if is_retention(project, metric)]
    if kept and not tale.cohorts:
        yield problem("R607", traction.place, Severity.WARNING, case="cohorts", metric=kept[0])


def _money(told: Sequence[str], traction: Traction, project: Project) -> Iterator[Problem]:
    """R610: NRR with GRR; orders and goods that changed hands with revenue."""
    net = [metric for metric in told if metric.endswith(".nrr")]
    if net and not any(is_called(project, metric, GRR) for metric in told):
        yield problem("R610", traction.place, Severity.WARNING, case="nrr", metric=net[0])
    orders = [metric for metric in told if is_called(project, metric, NOT_REVENUE)]
    promised = [metric for metric in orders if _is_amount(project, metric)]
    earned = [metric for metric in told if metric not in orders and is_revenue(project, metric)]
    if promised and not earned:
        yield problem("R610", traction.place, Severity.WARNING, case="alone", metrics=promised)


def _is_amount(project: Project, metric: str) -> bool:
    """Whether a metric may be an amount: no count, no share, nothing per something. A sum without a unit may be one."""
    meaning, found = meaning_of(metric, meanings(project)), project.metric(metric)
    counted = any(base.startswith("count:") for base, _ in meaning.unit.powers)
    summed = found is not None and found.sum is not None and not found.unit
    return not (meaning.percent or meaning.nature is Nature.RATIO) and (summed or not counted)
