"""status: where we are, from a project and its data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction

from shinro.analysis.explain import explained
from shinro.analysis.measured import Bearings, Soundings
from shinro.analysis.milestones import milestone_readings
from shinro.analysis.period_ends import beside_the_record
from shinro.analysis.readings import read_metric
from shinro.analysis.reviewed import due_actions
from shinro.analysis.sought import Sought, needed
from shinro.analysis.status import status as assembled
from shinro.analysis.tracks import tracks
from shinro.checks.facts import Facts, Lapse
from shinro.findings.effects import Verdict
from shinro.findings.evidence import Pair
from shinro.findings.explanations import Explanation
from shinro.findings.readings import Status
from shinro.periods import Calendar, Grain
from shinro.problems import Problem
from shinro.queries.scans import Want
from shinro.run.check import judged
from shinro.run.gathering import Gathered, Moment, Progress, gathering, silent
from shinro.run.odds import kept_odds
from shinro.run.opening import Opened
from shinro.run.recorded import recorded
from shinro.run.scenes import scene_of, scene_wants
from shinro.run.target_files import target_files
from shinro.series import Series
from shinro.warehouse.measure import Measured
from shinro.workdays import with_holidays

MARGIN = timedelta(days=400)


def status(
    opened: Opened, moment: Moment, grain: Grain | None = None, progress: Progress = silent, *, everything: bool = False
) -> Status:
    """Where we are: loads what changed, measures what the status reads, judges it.

    Raises CannotGoOn where the project cannot be read. Cost: the scans that the cache does not have.
    """
    with gathering(opened, moment, progress) as gathered:
        found = status_of(gathered, grain, everything=everything)
        return replace(found, odds=kept_odds(gathered))


def status_of(gathered: Gathered, grain: Grain | None = None, *, everything: bool = False) -> Status:
    """The status of gathered tables."""
    return with_bearings(gathered, grain, everything=everything)[1]


def with_bearings(
    gathered: Gathered,
    grain: Grain | None = None,
    *,
    everything: bool = False,
    effects: Mapping[str, Verdict] | None = None,
) -> tuple[Bearings, Status]:
    """The status of gathered tables, and the bearings that it was taken from."""
    bearings, problems = judged_bearings(gathered, grain, everything=everything, effects=effects)
    found = assembled(bearings, problems, grain, everything=everything)
    found = replace(found, why=_why(gathered, bearings))
    entries, _ = recorded(gathered.opened)
    if not entries:
        return bearings, found
    paths = tracks(entries, gathered.meanings, gathered.opened.project.zone)
    read = beside_the_record(found.milestones, paths, bearings.calendar, bearings.as_of)
    return bearings, replace(found, milestones=read, actions=due_actions(entries))


def _why(gathered: Gathered, bearings: Bearings) -> Explanation | None:
    """Why the star stands where it does, for its last complete period; None without a star that is measured."""
    star = gathered.opened.project.star
    if star is None or str(star.metric) not in gathered.meanings:
        return None
    scene = scene_of(gathered, bearings, str(star.metric), short=True)
    last = scene.last
    return explained(scene, last.period) if last else None


def judged_bearings(
    gathered: Gathered,
    grain: Grain | None = None,
    *,
    everything: bool = False,
    lapses: Mapping[str, Lapse] | None = None,
    strangers: Mapping[str, int] | None = None,
    evidence: Mapping[tuple[str, str], Pair] | None = None,
    effects: Mapping[str, Verdict] | None = None,
    reach: date | None = None,
) -> tuple[Bearings, list[Problem]]:
    """The bearings of gathered tables, and every problem that the rules find by them; sources must reach `reach`."""
    opened = gathered.opened
    asked = needed(opened.project, gathered.meanings, gathered.as_of, grain, everything=everything)
    measured = gathered.measure(dict.fromkeys([*map(want_of, asked), *rule_wants(gathered), *_star_wants(gathered)]))
    files, wrong = target_files(opened)
    bearings = Bearings(
        opened.project, gathered.meanings, soundings_of(gathered, asked, measured), calendar_of(gathered), files
    )
    entries, broken = recorded(opened)
    found = facts_of(gathered, measured, bearings)
    facts = replace(found, lapses=lapses, strangers=strangers or {}, evidence=evidence, effects=effects, reach=reach)
    if entries is not None:
        paths = tracks(entries, gathered.meanings, opened.project.zone)
        facts = replace(facts, entries=entries, paths=paths, milestones=milestone_readings(bearings))
    return bearings, judged(opened, facts, (*gathered.problems, *wrong, *broken))


def wants_of(gathered: Gathered, grain: Grain | None, *, everything: bool) -> tuple[Want, ...]:
    """Everything that a status and the rules read."""
    asked = needed(gathered.opened.project, gathered.meanings, gathered.as_of, grain, everything=everything)
    return tuple(dict.fromkeys([*map(want_of, asked), *rule_wants(gathered), *_star_wants(gathered)]))


def _star_wants(gathered: Gathered) -> list[Want]:
    """What is read to say why the star stands where it does, measured in the same passes as all else."""
    star = gathered.opened.project.star
    known = star is not None and str(star.metric) in gathered.meanings
    return scene_wants(gathered, str(star.metric), short=True) if star and known else []


def rule_wants(gathered: Gathered) -> tuple[Want, ...]:
    """What the rules read: every metric by month, every KPI at its cadence, the tree's nodes with their drivers."""
    project = gathered.opened.project
    wants = [Want(metric, Grain.MONTH) for metric in gathered.meanings]
    wants += [Want(str(metric), kpi.cadence.grain) for metric, kpi in project.kpis.items() if kpi.cadence]
    return tuple(dict.fromkeys(wants))


def facts_of(gathered: Gathered, measured: Measured, bearings: Bearings) -> Facts:
    """What the rules judge: the project with its loads, whole-company series and the readings of its KPIs."""
    series = {
        (want.metric, want.grain): found[0] for want, found in measured.items() if not want.dimensions and not want.span
    }
    opened = gathered.opened
    as_of, today = gathered.as_of, gathered.today
    known = replace(bearings.measured, series={**series, **bearings.measured.series})
    kpis = [str(metric) for metric in opened.project.kpis if str(metric) in gathered.meanings]
    readings = {metric: read_metric(replace(bearings, measured=known), metric) for metric in kpis}
    plain = (opened.project, gathered.meanings, gathered.loads, series, as_of, opened.texts, today)
    return replace(Facts(*plain, readings, bearings.files, gathered.strange), figures=_figures(gathered))


def _figures(gathered: Gathered) -> dict[str, tuple[tuple[date, Fraction], ...]]:
    """The typed-in rows of every reported metric that says for what periods it is typed in."""
    metrics = gathered.opened.project.metrics.items()
    names = [str(name) for name, metric in metrics if metric.reported and metric.every and str(name) in gathered.loads]
    rows = {name: gathered.asked.sheet(name) for name in names}
    return {name: tuple((day, number) for day, number in found if number is not None) for name, found in rows.items()}


def calendar_of(gathered: Gathered) -> Calendar:
    """The project's calendar with its public holidays, from the first day of the data to two years after as-of."""
    project = gathered.opened.project
    days = [load.oldest for load in gathered.loads.values() if load.oldest]
    first = max(min([*days, gathered.as_of]), date(1950, 1, 1)) - MARGIN
    return with_holidays(project.calendar, project.holidays, first, gathered.as_of + 2 * MARGIN)


def want_of(sought: Sought) -> Want:
    """What is to be measured for a series that is sought."""
    by = (sought.dimension,) if sought.dimension else ()
    return Want(sought.metric, sought.grain, by, sought.span, parted=sought.parted)


def soundings_of(gathered: Gathered, asked: tuple[Sought, ...], measured: Measured) -> Soundings:
    """What was measured of all that is sought."""
    series: dict[tuple[str, Grain], Series] = {}
    segments: dict[tuple[str, Grain, str], tuple[Series, ...]] = {}
    totals = {}
    for sought in asked:
        found = measured.get(want_of(sought), ())
        if sought.span and found:
            totals[sought.metric, sought.span] = found[0].points
        elif sought.dimension:
            segments[sought.metric, sought.grain, sought.dimension] = found
        elif found:
            series[sought.metric, sought.grain] = found[0]
    unmeasured = dict(gathered.unmeasured(dict.fromkeys(sought.metric for sought in asked)))
    known = {metric: day for metric in {sought.metric for sought in asked} if (day := _known_until(gathered, metric))}
    return Soundings(gathered.as_of, series, segments, totals, gathered.loads, known, unmeasured)


def _known_until(gathered: Gathered, metric: str) -> date | None:
    """The last day that all of a metric's tables tell about, where that is before as-of."""
    tables = gathered.tables(metric)
    days = [day for table in tables if table in gathered.loads and (day := gathered.loads[table].known_until)]
    return min(days) if days and min(days) < gathered.as_of else None
