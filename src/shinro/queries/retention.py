"""Retention: what a scan of cohorts must know. No engine is needed to plan."""

from __future__ import annotations

from dataclasses import dataclass, replace

from shinro.definitions.buckets import Buckets, buckets_of
from shinro.definitions.expression import Node
from shinro.definitions.metric import Metric
from shinro.definitions.project import Project
from shinro.periods import Grain

WEEK = 7


@dataclass(frozen=True, slots=True)
class Retention:
    """Cohorts of a table's entities. With `curve` all buckets up to it are wanted, else those of the metric alone."""

    entity: str
    buckets: Buckets
    curve: int | None = None
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
        """The same meaning, the same text; curves of metrics that differ by their buckets alone are the same."""
        if self.curve is None:
            return f"retention of {self.entity} {self.buckets.normal}"
        return f"retention curve of {self.entity} to {self.curve} {replace(self.buckets, after=0, end=1).normal}"


def retention(project: Project, name: str, metric: Metric, grain: Grain) -> Retention | None:
    """What a retention metric asks of its table; None where the table has no entity, or the buckets mean nothing."""
    del name, grain
    table, buckets = project.table(metric.retention), buckets_of(metric)
    if table is None or not table.entity or not table.time or buckets is None:
        return None
    return Retention(str(table.entity), buckets)
