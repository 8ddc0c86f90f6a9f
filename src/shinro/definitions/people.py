"""The North Star, departments, KPIs and initiatives: who drives what, and why."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import Enum

from shinro.definitions.nodes import Text
from shinro.definitions.shapes import Block
from shinro.definitions.values import Amount, Expect, Label, Name, Ref
from shinro.periods import Grain
from shinro.series import Better


@dataclass(frozen=True, slots=True, kw_only=True)
class Confirmation(Block):
    """What one department answered of the star, by whom and when."""

    by: Text | None = None
    on: date | None = None
    growth: bool | None = None
    shared: bool | None = None
    actionable: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NorthStar(Block):
    """The one metric that the company steers by."""

    shorthand = "metric"

    metric: Ref
    meaning: Label | None = None
    because: Text | None = None
    guardrail: Ref | None = None
    confirmed: Mapping[Name, Confirmation] = field(default_factory=dict)
    outcomes: tuple[Ref, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Department(Block):
    """Who owns which metrics."""

    label: Label | None = None
    owns: tuple[Ref, ...] = ()


class Cadence(Enum):
    """How often a KPI is looked at."""

    DAILY = "daily"
    WEEKLY = "weekly"
    MONTHLY = "monthly"
    QUARTERLY = "quarterly"

    @property
    def grain(self) -> Grain:
        """The period that it is read over."""
        return GRAINS[self]


GRAINS = {
    Cadence.DAILY: Grain.DAY,
    Cadence.WEEKLY: Grain.WEEK,
    Cadence.MONTHLY: Grain.MONTH,
    Cadence.QUARTERLY: Grain.QUARTER,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Kpi(Block):
    """A metric that somebody answers for."""

    owner: tuple[Text, ...] = ()
    better: Better | None = None
    cadence: Cadence | None = None
    focus: bool = False
    decides: Text | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Initiative(Block):
    """What we do about a KPI: an event or a spell of work."""

    name: Text
    on: date | None = None
    starts: date | None = None
    ends: date | None = None
    moves: Ref | None = None
    in_: Mapping[Name, tuple[Text, ...]] = field(default_factory=dict)  # dimension -> the values that it touches
    expect: Expect | None = None
    owner: Text | None = None
    cost: Amount | None = None
    verdict: Text | None = None

    @property
    def first(self) -> date | None:
        """Its first day."""
        return self.starts or self.on
