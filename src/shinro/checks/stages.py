"""T: rates between stages, which take time."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from shinro.checks.facts import Facts, Lapse, Need
from shinro.checks.rule import Rule, rule
from shinro.checks.shares import is_subset
from shinro.definitions.ends import COUNTED, End, begins, comes_to
from shinro.definitions.expression import Binary, Name
from shinro.definitions.lags import lags_of, rates
from shinro.definitions.metric import Metric
from shinro.definitions.project import Project
from shinro.definitions.tree import explained_by, identities
from shinro.periods import DAYS_OF, Grain
from shinro.problems import Problem, Severity

ENOUGH = 10  # entities: of fewer, chance alone may put the middle one beyond the period


@dataclass(frozen=True, slots=True)
class Staged:
    """A period rate between two stages of one entity: what it counts below comes first, what it counts above later."""

    metric: str
    under: str
    over: str
    start: End
    end: End
    grain: Grain  # of the periods that it is read by


@rule("T210", Severity.WARNING, Need.LAPSES)
def stages_are_no_longer_than_the_period(facts: Facts) -> Iterator[Problem]:
    """A rate between stages of which one takes longer than the period puts this period's ends over others' starts."""
    lapses = facts.lapses or {}
    for staged in between_stages(facts.project):
        lapse = lapses.get(staged.metric)
        if lapse and lapse.entities >= ENOUGH and lapse.median > DAYS_OF[lapse.grain.value]:
            yield _told(facts.project, staged, lapse)


def _told(project: Project, staged: Staged, lapse: Lapse) -> Problem:
    metric = project.metric(staged.metric)
    place = metric.at("ratio") if metric else project.place
    longer = f"{float(lapse.longer * 100):.0f}"
    days = -(-lapse.median.numerator // lapse.median.denominator)
    args = {"metric": staged.metric, "under": staged.under, "over": staged.over, "length": DAYS_OF[lapse.grain.value]}
    return Problem(place, "T210", {**args, "days": days, "longer": longer, "entities": lapse.entities})


def between_stages(project: Project) -> Iterator[Staged]:
    """Ratios of counts of one entity's differently dated events that nothing follows as a cohort or with a lag yet."""
    for key, metric in project.metrics.items():
        sides = _sides(metric)
        if sides is None or metric.ways != ("ratio",):
            continue
        over, under = sides
        start, end = _counted(project, under), _counted(project, over)
        if start is None or end is None or start == end or is_subset(project, metric):
            continue
        if (start.name, start.moment) == (end.name, end.moment) and start.table.key == start.table.entity:
            continue
        if not _is_followed(project, start, end) and not _lags(project, under, over):
            yield Staged(str(key), under, over, start, end, _read_by(project, str(key)))


def _sides(metric: Metric) -> tuple[str, str] | None:
    node = metric.ratio.node if metric.ratio else None
    if isinstance(node, Binary) and isinstance(node.left, Name) and isinstance(node.right, Name):
        return node.left.path, node.right.path
    return None


def _counted(project: Project, name: str) -> End | None:
    """The rows of a metric that counts entities, or rows that say whose they are; dated, one of many stages of each."""
    metric = project.metric(name)
    table = project.table(metric.table) if metric and metric.ways and metric.way in COUNTED else None
    if metric is None or table is None or table.entity is None or "." in name:
        return None
    if metric.count_distinct and metric.count_distinct.column != table.entity:
        return None
    moment = table.moment(metric.at_)
    return End(str(metric.table), table, str(moment), metric.where) if moment else None


def _is_followed(project: Project, start: End, end: End) -> bool:
    """Whether a conversion says it as a cohort already."""
    names = [str(name) for name, metric in project.metrics.items() if metric.conversion]
    return any((begins(project, name), comes_to(project, name)) == (start, end) for name in names)


def _lags(project: Project, under: str, over: str) -> bool:
    """Whether an influence between them says how long it takes."""
    return any(one.lag is not None and {str(one.from_), str(one.to)} == {under, over} for one in project.influences)


def _read_by(project: Project, metric: str) -> Grain:
    """The shortest period that a rate is read by: its own, and those of the nodes that it is a driver of."""
    nodes = (node for node, names in explained_by(project).items() if metric in names)
    grains = [_grain(project, metric), *(_looked_at(project, node) for node in nodes)]
    return min(grains, key=lambda grain: DAYS_OF[grain.value])


def _grain(project: Project, metric: str) -> Grain:
    kpi = project.kpi(metric)
    return kpi.cadence.grain if kpi and kpi.cadence else Grain.MONTH


def _looked_at(project: Project, metric: str) -> Grain:
    """The period that a gap is taken apart by: like a rate's, but a week for the star."""
    is_star = project.star is not None and str(project.star.metric) == metric
    kpi = project.kpi(metric)
    return Grain.WEEK if is_star and not (kpi and kpi.cadence) else _grain(project, metric)


@rule("T211", Severity.WARNING)
def lags_are_whole_periods(facts: Facts) -> Iterator[Problem]:
    """A lag between stages of the tree counts where it is a whole number of the periods that its end is read by."""
    project = facts.project
    formulas, ratios = {node: formula.node for node, formula in identities(project).items()}, rates(project)
    for influence in project.influences:
        grain = _looked_at(project, str(influence.to))
        if influence.lag and influence in lags_of(project, formulas, ratios, grain).uneven:
            args = {"start": str(influence.from_), "end": str(influence.to), "lag": str(influence.lag.text)}
            yield Problem(influence.at("lag"), "T211", {**args, "case": grain.value})


RULES: tuple[Rule, ...] = (stages_are_no_longer_than_the_period, lags_are_whole_periods)
