"""Retention: what a scan of cohorts must know. No engine is needed to plan."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from shinro.definitions.buckets import Buckets, buckets_of
from shinro.definitions.expression import Node
from shinro.definitions.metric import Metric
from shinro.definitions.project import Project
from shinro.periods import Grain

WEEK = 7
# Buckets that metrics are scanned for together, so that a table's retention after 1, 7 and 30 days is one scan.
TOGETHER: Mapping[Grain, tuple[int, ...]] = {
    Grain.DAY: (0, 1, 2, 3, 7, 14, 21, 28, 30),
    Grain.WEEK: tuple(range(13)),
    Grain.MONTH: tuple(range(13)),
}


@dataclass(frozen=True, slots=True)
class Retention:
    """Cohorts of a table's entities. `looked` are the buckets that are counted one by one, whoever asks for them.

    Without any, it is only counted who is kept in the metric's own buckets, and who is not.
    """

    entity: str
    buckets: Buckets
    looked: tuple[int, ...] = ()
    conditions: tuple[tuple[str, Node], ...] = ()
    tables: tuple[str, ...] = ()
    daily: bool = True
    by_first: bool = True

    @property
    def grain(self) -> Grain:
        """The unit of its buckets, whatever is asked for."""
        return self.buckets.unit

    @property
    def step(self) -> int:
        """How far apart two neighbouring periods are numbered: weeks by their first days."""
        return WEEK if self.buckets.unit is Grain.WEEK else 1

    @property
    def normal(self) -> str:
        """The same meaning, the same text; metrics whose buckets are counted one by one are the same."""
        if not self.looked:
            return f"retention of {self.entity} {self.buckets.normal}"
        each = ",".join(map(str, self.looked))
        return f"cohorts of {self.entity} {replace(self.buckets, after=0, end=1).normal} buckets {each}"


def retention(project: Project, name: str, metric: Metric, grain: Grain) -> Retention | None:
    """What a retention metric asks of its table; None where the table has no entity, or the buckets mean nothing."""
    del name, grain
    table, buckets = project.table(metric.retention), buckets_of(metric)
    if table is None or not table.entity or not table.time or buckets is None:
        return None
    return Retention(str(table.entity), buckets, _together(buckets))


def _together(buckets: Buckets) -> tuple[int, ...]:
    known = TOGETHER[buckets.unit]
    return known if buckets.after == buckets.last and buckets.after in known else ()
