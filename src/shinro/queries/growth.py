"""Growth metrics: what a scan of entities' events must know, one kind of value a way. No engine is needed to plan."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Protocol

from shinro.definitions.expression import Node
from shinro.definitions.metric import Metric
from shinro.definitions.project import Project
from shinro.periods import Grain, Period
from shinro.queries.activity import active, active_over
from shinro.queries.funnel import conversion_of, funnel_of
from shinro.queries.retention import retention


class Growth(Protocol):
    """What a scan of a growth metric is told beside its table, its dimensions and its days."""

    @property
    def entity(self) -> str:
        """The column that says who is followed."""

    @property
    def conditions(self) -> tuple[tuple[str, Node], ...]:
        """Further conditions on a row, by the names that the form of its rows knows."""

    @property
    def tables(self) -> tuple[str, ...]:
        """Other tables that it reads rows of."""

    @property
    def normal(self) -> str:
        """Its normal form: the same meaning, the same text."""

    @property
    def daily(self) -> bool:
        """Whether rows of one entity on one day that agree in all that is asked for count once."""

    @property
    def by_first(self) -> bool:
        """Whether an entity belongs to the segment of its first row, so that dimensions ask for moments."""

    @property
    def grain(self) -> Grain | None:
        """The grain that it is scanned at, whatever is asked for; None where it is the asked one."""


Maker = Callable[[Project, str, Metric, Grain], Growth | None]

# Way -> what makes a metric's growth (project, name, metric, asked grain); None where its table does not say enough.
MAKERS: Mapping[str, Maker] = {
    "active": active,
    "retention": retention,
    "funnel": funnel_of,
    "conversion": conversion_of,
}
# Way -> what makes it over one span of days, where that is another.
SPANNED: Mapping[str, Maker] = {"active": active_over}
# Ways whose rows are the same for any span: they are only read for other days.
UNSPANNED = frozenset({"retention"})


def growth_of(project: Project, name: str, grain: Grain, span: Period | None = None) -> Growth | None:
    """The growth of a metric, or of the metric that a part belongs to; None where it has none."""
    metric = project.metric(name)
    if metric is None or not metric.ways or metric.way not in MAKERS:
        return None
    maker = SPANNED.get(metric.way) if span else None
    return (maker or MAKERS[metric.way])(project, name.partition(".")[0], metric, grain)


def span_scanned(project: Project, name: str, span: Period | None) -> Period | None:
    """The span that a metric is scanned for where it is asked for over one."""
    metric = project.metric(name)
    return None if metric and metric.ways and metric.way in UNSPANNED else span
