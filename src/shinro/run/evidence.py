"""explain --drivers: which metrics lead the star and its outcomes, from a project and its data."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from shinro.analysis.evidence import Level, judged, tried
from shinro.analysis.evidence_sought import Asked, apart, pairs_asked
from shinro.findings.evidence import Drivers, Evidence, Pair, Role
from shinro.periods import Calendar, Grain, Period
from shinro.queries.scans import Want
from shinro.run.gathering import Gathered
from shinro.run.status import calendar_of
from shinro.series import Mark, Series


@dataclass(frozen=True, slots=True)
class Weeks:
    """Weekly levels of metrics over the same weeks, None where unknown or not complete; working days of each week."""

    levels: Mapping[str, tuple[Level, ...]]
    working: tuple[int, ...]


def drivers(gathered: Gathered, metric: str = "") -> Drivers:
    """The evidence on every pair of gathered tables; of one metric where it is named, as driver or as outcome.

    All series are measured at once, so that metrics of a table share its scan. Only complete weeks are read. Who asks
    of one metric gets the answer that is given of all: a q does not shrink by asking one at a time.
    Cost: the scans that the cache does not have, and about 15 ms a pair.
    """
    project = gathered.opened.project
    found = _found(gathered, pairs_asked(project, gathered.meanings))
    if not metric:
        return found
    return replace(
        found,
        pairs=tuple(pair for pair in found.pairs if metric in (pair.driver, pair.outcome)),
        arithmetic=tuple(ends for ends in found.arithmetic if metric in ends),
        unmeasured=tuple(each for each in found.unmeasured if each[0] == metric),
    )


def verdicts(gathered: Gathered) -> Mapping[tuple[str, str], Pair]:
    """By driver and outcome what the rules may know: of all that the project states, as `explain --drivers` says it."""
    asked = pairs_asked(gathered.opened.project, gathered.meanings)
    found = _found(gathered, [each for each in asked if each.role is not Role.CANDIDATE])
    return {(pair.driver, pair.outcome): pair for pair in found.pairs}


def on_pairs(gathered: Gathered, asked: Sequence[Asked]) -> Mapping[tuple[str, str], Pair]:
    """The evidence on the pairs that are asked of, corrected for all of them together."""
    return {(pair.driver, pair.outcome): pair for pair in _found(gathered, asked).pairs}


def _found(gathered: Gathered, asked: Sequence[Asked]) -> Drivers:
    """The evidence on pairs. What the project states and what was only found are corrected apart."""
    tested, tied = apart(gathered.opened.project, asked)
    metrics = tuple(dict.fromkeys(end for each in tested for end in (each.driver, each.outcome)))
    weeks = weeks_of(gathered, metrics)
    able = [each for each in tested if {each.driver, each.outcome} <= set(weeks.levels)]
    stated = [each for each in able if each.role is not Role.CANDIDATE]
    hunted = [each for each in able if each.role is Role.CANDIDATE]
    pairs = (*_pairs(stated, weeks), *_pairs(hunted, weeks))
    return Drivers(gathered.as_of, pairs, tied, gathered.unmeasured(metrics, Grain.WEEK))


def weeks_of(gathered: Gathered, metrics: Sequence[str]) -> Weeks:
    """The weekly levels of metrics that can be measured by week."""
    measured = gathered.measure(Want(metric, Grain.WEEK) for metric in metrics)
    series = {want.metric: found[0] for want, found in measured.items() if found}
    return aligned(series, calendar_of(gathered))


def aligned(series: Mapping[str, Series], calendar: Calendar) -> Weeks:
    """Series over the same weeks, from the first that any of them has to the last complete one."""
    known = {metric: _complete(each) for metric, each in series.items()}
    periods = sorted({period for levels in known.values() for period in levels})
    if not periods:
        return Weeks({}, ())
    weeks = list(calendar.periods(periods[0].start, periods[-1].start, Grain.WEEK))
    levels = {metric: tuple(found.get(week) for week in weeks) for metric, found in known.items()}
    return Weeks(levels, tuple(calendar.working_days(week.start, week.end) for week in weeks))


def _complete(series: Series) -> dict[Period, Level]:
    points = (point for point in series.points if point.mark is Mark.COMPLETE)
    return {point.period: None if point.value is None else float(point.value) for point in points}


def _pairs(asked: Sequence[Asked], weeks: Weeks) -> tuple[Pair, ...]:
    """The verdicts on pairs that are corrected together."""
    found: tuple[Evidence, ...] = judged(
        [tried(weeks.levels[each.driver], weeks.levels[each.outcome], weeks.working, each.lag) for each in asked]
    )
    return tuple(
        Pair(each.driver, each.outcome, each.role, evidence, each.expect, each.lag)
        for each, evidence in zip(asked, found, strict=True)
    )
