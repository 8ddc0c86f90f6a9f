"""Metrics: a name, a meaning, and one way to measure it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from shinro.definitions.nodes import Text
from shinro.definitions.shapes import Block
from shinro.definitions.values import Amount, Column, Formula, Label, Name, Ref, Span, Where
from shinro.periods import Grain
from shinro.series import Better, Nature

AGGREGATES = ("sum", "avg", "median", "min", "max")
WAYS = (
    "count",
    "count_distinct",
    *AGGREGATES,
    "stock",
    "ratio",
    "derived",
    "cumulative",
    "reported",
    "recurring",
    "active",
    "retention",
    "funnel",
    "conversion",
)

HARMLESS = frozenset({"label", "description", "better", "kind", "changed"})  # no number depends on them
Part = tuple[Nature, str, Better]  # nature, unit, better

# What a `recurring` metric's parts are.
PARTS: Mapping[str, Part] = {
    "mrr": (Nature.STOCK, "money", Better.HIGHER),
    "arr": (Nature.STOCK, "money", Better.HIGHER),
    "companies": (Nature.STOCK, "companies", Better.HIGHER),
    "trials": (Nature.STOCK, "companies", Better.HIGHER),
    "new_mrr": (Nature.FLOW, "money", Better.HIGHER),
    "expansion": (Nature.FLOW, "money", Better.HIGHER),
    "contraction": (Nature.FLOW, "money", Better.LOWER),
    "churned_mrr": (Nature.FLOW, "money", Better.LOWER),
    "reactivation": (Nature.FLOW, "money", Better.HIGHER),
    "moved_in": (Nature.FLOW, "money", Better.NONE),  # between segments, by companies that stay
    "moved_out": (Nature.FLOW, "money", Better.NONE),
    "fx": (Nature.FLOW, "money", Better.NONE),  # what rates of exchange made of that which was open
    "new_companies": (Nature.FLOW, "companies", Better.HIGHER),
    "churned_companies": (Nature.FLOW, "companies", Better.LOWER),
    "reactivated_companies": (Nature.FLOW, "companies", Better.HIGHER),
    "companies_moved_in": (Nature.FLOW, "companies", Better.NONE),
    "companies_moved_out": (Nature.FLOW, "companies", Better.NONE),
    "trials_started": (Nature.FLOW, "companies", Better.HIGHER),
    "trials_ended": (Nature.FLOW, "companies", Better.NONE),
    "trials_paid": (Nature.FLOW, "companies", Better.HIGHER),
    "arpa": (Nature.RATIO, "money per company", Better.HIGHER),
    "nrr": (Nature.RATIO, "share", Better.HIGHER),
    "grr": (Nature.RATIO, "share", Better.HIGHER),
    "quick_ratio": (Nature.RATIO, "number", Better.HIGHER),
    "churn_rate": (Nature.RATIO, "share", Better.LOWER),
    "mrr_churn_rate": (Nature.RATIO, "share", Better.LOWER),
    "trial_to_paid": (Nature.RATIO, "share", Better.HIGHER),
}


ACTIVE_PARTS: Mapping[str, Part] = {
    "new": (Nature.WINDOWED, "entities", Better.HIGHER),
    "returning": (Nature.WINDOWED, "entities", Better.HIGHER),
    "resurrected": (Nature.WINDOWED, "entities", Better.HIGHER),
    "dormant": (Nature.WINDOWED, "entities", Better.LOWER),
}
RETENTION_PARTS: Mapping[str, Part] = {
    "cohort": (Nature.WINDOWED, "entities", Better.HIGHER),
    "kept": (Nature.WINDOWED, "entities", Better.HIGHER),
}
CONVERSION_PARTS: Mapping[str, Part] = {
    "cohort": (Nature.WINDOWED, "entities", Better.HIGHER),
    "converted": (Nature.WINDOWED, "entities", Better.HIGHER),
    "days": (Nature.WINDOWED, "days", Better.LOWER),  # median time to convert, of those who did
}


WITH_PARTS: Mapping[str, Mapping[str, Part]] = {
    "recurring": PARTS,
    "active": ACTIVE_PARTS,
    "retention": RETENTION_PARTS,
    "conversion": CONVERSION_PARTS,
}  # a funnel's parts are named after its steps


@dataclass(frozen=True, slots=True, kw_only=True)
class Ending(Block):
    """What a conversion ends in: a metric or table, or a table at one of its times."""

    shorthand = "metric"

    metric: Ref | None = None
    table: Text | None = None
    at_: Text | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Metric(Block):
    """One metric. Exactly one of its `WAYS` is written; `way` names it."""

    label: Label | None = None
    description: Label | None = None
    where: Where | None = None
    at_: Text | None = None
    kind: Literal["activity"] | None = None
    better: Better | None = None
    unit: Text | None = None
    changed: tuple[Text, ...] = ()

    count: Text | None = None
    count_distinct: Column | None = None
    sum: Column | None = None
    avg: Column | None = None
    median: Column | None = None
    min: Column | None = None
    max: Column | None = None
    stock: Text | None = None
    ratio: Formula | None = None
    derived: Formula | None = None
    cumulative: Ref | None = None
    reported: Text | None = None
    active: Text | None = None
    retention: Text | None = None
    funnel: Text | None = None
    conversion: Text | None = None
    recurring: Text | None = None

    value: Text | None = None
    time: Text | None = None
    row: Text | None = None
    every: Grain | None = None
    nature: Nature | None = None
    to: Ending | None = None
    within: Span | None = None
    at_least: Amount | None = None
    steps: Mapping[Name, Where] = field(default_factory=dict)  # of a funnel, in order
    strict: bool = False  # no other step may come between two
    excludes: Where | None = None  # rows that end an attempt
    after: Span | None = None  # of retention: which bucket, counted from the cohort's own
    until: Span | None = None  # a bracket: in any bucket from `after` up to and without this one
    counted: Literal["on", "on or after"] = "on"
    cohort: Literal["first", "each"] = "first"  # the entity's first period, or each in which it is active
    options: Mapping[str, Text] = field(default_factory=dict)

    @property
    def ways(self) -> tuple[str, ...]:
        """The ways of measuring that are written."""
        return tuple(way for way in WAYS if getattr(self, way) is not None)

    @property
    def way(self) -> str:
        """How it is measured."""
        return self.ways[0]

    @property
    def events(self) -> str | None:
        """The table whose rows a growth or recurring metric follows by entity; None where it starts from a metric."""
        found = self.active or self.retention or self.funnel or self.recurring
        return str(found) if found else None

    @property
    def parts(self) -> Mapping[str, Part]:
        """What it has beside its own number, by name; a recurring metric has these alone."""
        if self.funnel is None:
            return next((parts for way, parts in WITH_PARTS.items() if getattr(self, way) is not None), {})
        found: dict[str, Part] = {}
        for n, step in enumerate(map(str, self.steps)):
            found[step] = (Nature.WINDOWED, "entities", Better.HIGHER)
            if n:
                found[f"{step}_rate"] = (Nature.WINDOWED, "share", Better.HIGHER)
                found[f"{step}_days"] = (Nature.WINDOWED, "days", Better.LOWER)  # the median time from the step before
                found[f"{step}_mean_days"] = (Nature.WINDOWED, "days", Better.LOWER)
        return found

    @property
    def column(self) -> Column | None:
        """The column that is counted or aggregated."""
        return self.count_distinct or self.sum or self.avg or self.median or self.min or self.max

    @property
    def table(self) -> str | None:
        """The fact table that it is measured from, None for what is measured from other metrics or typed in."""
        if self.column:
            return self.column.table
        return self.count or self.stock
