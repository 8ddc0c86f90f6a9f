"""Periodic: the periods of a metric: which it comes in, whether each brings an amount or counts everybody once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from types import MappingProxyType

from shinro.definitions.expression import Binary, Call, Name, Node, names, walk
from shinro.definitions.literals import amounts
from shinro.definitions.meaning import meaning_of, meanings
from shinro.definitions.metric import AGGREGATES, Metric
from shinro.definitions.phrases import Condition, Over, Per, Since
from shinro.definitions.pooling import pools
from shinro.definitions.project import Project
from shinro.definitions.story import Target
from shinro.definitions.tree import KEPT, below, degree, is_previous, read_from
from shinro.periods import DAYS_OF, Grain
from shinro.series import Nature

LOSSES = ("churn_rate", "mrr_churn_rate")
KEEPING = ("nrr", "grr")  # what a period leaves of what stood before it
EXTREMES = ("min", "max")
EARLIER = ("previous", "cmgr")  # functions that tell what grew
BEGUN = ("cohort", "converted", "kept")  # who begins in a period, and who of them went on


def comes_by(project: Project, metric: str) -> Grain:
    """The longest period that numbers come in (`every`) that a metric is made of in the end; a day where none says."""
    said = _said_every(project)
    names = below([metric], read_from(project)) & said.keys() if said else ()
    return max((said[name] for name in names), key=_days, default=Grain.DAY)


def not_within(project: Project, metric: str, grain: Grain) -> Grain:
    """A grain, or the one that a metric's numbers are of where they say nothing of that one."""
    return common(project, [metric], grain)


def is_shorter(project: Project, metric: str, grain: Grain) -> bool:
    """Whether a grain is shorter than the periods that a metric's numbers come in."""
    return _days(grain) < _days(comes_by(project, metric))


def common(project: Project, metrics: Iterable[str], grain: Grain) -> Grain:
    """A grain, or the one that the numbers of all of some metrics are of, where they say nothing of that one.

    Between two numbers that come in longer periods nothing is known. A rate that is typed in is of its own period
    alone: what stood behind each of its weeks is not known, so that neither their mean nor the last is a month's.
    """
    asked = list(metrics)
    rates = _rates_said(project)
    own = [rates[name] for metric in asked for name in _typed_rates(project, metric, frozenset())] if rates else []
    least = min(own, default=grain, key=_days)
    return max((least, *(comes_by(project, metric) for metric in asked)), key=_days)


def own_period(project: Project, metric: str) -> Grain | None:
    """The period that a formula says its numbers are of, or that a typed-in rate is of; None of other numbers."""
    found = project.metric(metric)
    return _rates_said(project).get(metric) if found is None or found.reported else found.every


def holds_by(project: Project, metrics: Iterable[str], grain: Grain) -> bool:
    """Whether an equation of metrics can hold at a grain: not where one of them is of a shorter period."""
    own = (own_period(project, metric) for metric in metrics)
    return all(each is None or _days(each) >= _days(grain) for each in own)


def together(project: Project, metrics: Iterable[str], grain: Grain) -> Grain:
    """A grain, or the one at which metrics can be reckoned with one another: that of a formula that says its period."""
    asked = list(metrics)
    own = [each for metric in asked if (each := own_period(project, metric))]
    return max(
        (min((common(project, asked, grain), *own), key=_days), *(comes_by(project, metric) for metric in asked)),
        key=_days,
    )


def _typed_rates(project: Project, metric: str, seen: frozenset[str]) -> Iterator[str]:
    """The typed-in rates that a metric is made of in the end, but for those of a formula that says `every` itself."""
    if metric in _rates_said(project):
        yield metric
    elif metric not in _said_every(project) and metric not in seen:
        for name in read_from(project).get(metric, ()):
            yield from _typed_rates(project, name, seen | {metric})


@lru_cache(maxsize=KEPT)
def _rates_said(project: Project) -> Mapping[str, Grain]:
    rates = {str(name): each for name, each in project.metrics.items() if each.reported and each.nature is Nature.RATIO}
    return MappingProxyType({name: each.every for name, each in rates.items() if each.every})


@lru_cache(maxsize=KEPT)
def _said_every(project: Project) -> Mapping[str, Grain]:
    return MappingProxyType({str(name): metric.every for name, metric in project.metrics.items() if metric.every})


def _days(grain: Grain) -> int:
    return DAYS_OF[grain.value]


def accrues(project: Project, metric: str, seen: frozenset[str] = frozenset()) -> bool:
    """Whether a metric's periods bring an amount each (calls), so that a level a month is a part of it a week.

    So do those who begin a funnel or a conversion in a period, or come for the first time. A flow's average, median,
    least and largest do not, nor do stocks and ratios: they are read, not brought; nor does what counts everybody once.
    """
    found, nature = project.metric(metric), meaning_of(metric, meanings(project)).nature
    if nature is Nature.FLOW:
        return not (found and found.ways and found.way in AGGREGATES[1:])
    if nature is not Nature.WINDOWED or found is None or metric in seen:
        return False
    if found.derived:
        return _degree(project, found.derived.node, seen | {metric}) == 1
    return _begins(found, metric.partition(".")[2])


def counts_once(project: Project, metric: str, seen: frozenset[str] = frozenset()) -> bool:
    """Whether a metric counts who was there in a period: its number is of that period's length, and of no other.

    The users of a month are not those of its weeks added up, and not those of one week either.
    """
    found = project.metric(metric)
    if found is None or metric in seen or meaning_of(metric, meanings(project)).nature is not Nature.WINDOWED:
        return False
    if found.derived:
        return any(counts_once(project, name.path, seen | {metric}) for name in names(found.derived.node))
    part = metric.partition(".")[2]
    if found.retention:
        return part in BEGUN and found.cohort == "each"
    return bool(found.active) and found.within is None and not _begins(found, part)


def _begins(found: Metric, part: str) -> bool:
    """Whether a part of a growth metric counts who begins something in a period."""
    if found.active:
        return part == "new" and found.within is None and found.at_least is None
    if found.retention:
        return part in BEGUN and found.cohort == "first"
    return part in BEGUN if found.conversion else part in map(str, found.steps)


def _degree(project: Project, node: Node, seen: frozenset[str]) -> int | None:
    """How many factors of a formula accrue; None where it divides, or where it cannot be told."""

    def of(name: Name) -> int | None:
        return None if counts_once(project, name.path) else int(accrues(project, name.path, seen))

    return None if any(isinstance(part, Binary) and part.op == "/" for part in walk(node)) else degree(node, of)


def grows_with_length(project: Project, metric: str) -> bool:
    """Whether a rate is what a period brings or takes of what stands (churn): a month's is more than a week's."""
    found = project.metric(metric)
    if found and found.recurring:
        return metric.partition(".")[2] in LOSSES
    if found is None or found.ratio is None or found.every or not isinstance(found.ratio.node, Binary):
        return False
    over, base = found.ratio.node.left, found.ratio.node.right
    stands = all(meaning_of(name.path, meanings(project)).nature is Nature.STOCK for name in names(base))
    return found.ratio.node.op == "/" and _degree(project, over, frozenset([metric])) == 1 and stands


def is_of_its_length(project: Project, metric: str, seen: frozenset[str] = frozenset()) -> bool:
    """Whether a metric's number is of its period's length and tells nothing of another one (churn, NRR, growth, users).

    An amount that periods bring is not: a week's is a part of a month's. Nor is what stands, nor two amounts' ratio.
    """
    found, nature = project.metric(metric), meaning_of(metric, meanings(project)).nature
    if found is None or metric in seen or nature is Nature.STOCK:
        return False
    formula = found.ratio or found.derived
    if formula and (goes_on := _goes_on(formula.node)) is not None:
        return not goes_on
    if accrues(project, metric):
        return False
    if counts_once(project, metric) or grows_with_length(project, metric) or found.way in EXTREMES:
        return True
    if found.recurring:
        return metric.partition(".")[2] in KEEPING
    if formula is None:
        return bool(found.retention) and found.cohort == "each"
    read = {name.path for name in names(formula.node)}
    if any(is_of_its_length(project, name, seen | {metric}) for name in read):
        return True
    return bool(degree(formula.node, lambda name: int(accrues(project, name.path))))


def _goes_on(node: Node) -> bool | None:
    """Whether a formula goes on from its own period before, as what stands does, or holds others' against now's.

    None where it reads no earlier period, or only their mean.
    """
    parts = list(walk(node))
    if any(isinstance(part, Name) and is_previous(part) for part in parts):
        return True
    return False if any(isinstance(part, Call) and part.function in EARLIER for part in parts) else None


def per_said(target: Target) -> Grain | None:
    """The period that a target's levels are said for; None where it says none."""
    said = (amount.level.per for amount in amounts(target) if amount.level.per)
    return target.per or next(said, None)


def reads_from(project: Project, condition: Condition, grain: Grain) -> bool:
    """Whether a condition can be read from periods of a grain: of what counts everybody once only from its own.

    Several periods as one only of what pools.
    """
    metric = f"{condition.metric}.{condition.part}" if condition.part else condition.metric
    if isinstance(condition.reading, Over):
        return pools(project, metric)
    if not counts_once(project, metric):
        return True
    match condition.reading:
        case Since():
            return False
        case Per(asked):
            return asked is grain
    return grain is Grain.MONTH
