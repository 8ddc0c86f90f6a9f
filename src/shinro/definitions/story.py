"""The story in time: its picture, targets, milestones, planning and what will be told as traction."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from typing import Literal

from shinro.definitions.nodes import Text
from shinro.definitions.shapes import Block
from shinro.definitions.values import Amount, Due, Goal, Label, Name, Ref, Span, Stretch
from shinro.periods import Grain
from shinro.problems import Place
from shinro.series import Segment


@dataclass(frozen=True, slots=True, kw_only=True)
class Story(Block):
    """When the story starts and what a year from then looks like."""

    starts: date
    picture: Label | None = None


@dataclass(frozen=True, slots=True)
class FileLevel:
    """One row of a target's file: the level from a day on, for the whole or for one segment."""

    day: date
    level: Fraction
    segment: Segment = ()
    place: Place | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Former(Block):
    """A target that was set before, as it stood in the file, and the day until which it held.

    Days before `until` are judged by it (`definitions.formers`); `none` where there was no target yet.
    """

    until: date
    was: Text


@dataclass(frozen=True, slots=True, kw_only=True)
class Target(Block):
    """What a KPI should read between today and the milestones. A level alone holds always."""

    shorthand = "level"

    level: Amount | None = None
    per: Grain | None = None
    from_: Amount | None = None
    to: Amount | None = None
    starts: date | None = None
    by: Due | None = None
    shape: Literal["linear", "growth", "steps"] | None = None
    growth: Amount | None = None
    steps: Mapping[date, Amount] = field(default_factory=dict)
    file: Text | None = None
    each: Mapping[Name, Mapping[str, Amount]] = field(default_factory=dict)  # dimension -> value -> level
    declared: date | None = None
    planned: bool = False  # a plan wrote it: the next one that lets its driver be ends it
    before: tuple[Former, ...] = ()

    @property
    def is_blank(self) -> bool:
        """Whether it says no level: one that a plan ended, of which the targets before are kept."""
        return not (self.level or self.to or self.growth or self.steps or self.file or self.each or self.lost)


@dataclass(frozen=True, slots=True, kw_only=True)
class Milestone(Block):
    """By when which KPIs have reached which levels: a state, never an event."""

    shorthand = "name"

    id: Text | None = None
    name: Text | None = None
    label: Label | None = None
    by: Due | None = None
    on: date | None = None
    reach: tuple[Goal, ...] = ()
    declared: date | None = None
    replaces: Text | None = None

    @property
    def title(self) -> str:
        """What it is called."""
        return self.id or self.name or ""

    def day(self, starts: date | None) -> date | None:
        """Its day; None where none is told, or where it counts from a start that is not."""
        return self.on or (self.by.day(starts) if self.by else None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Influence(Block):
    """One metric is believed to move another: a hypothesis until the evidence says more."""

    from_: Ref
    to: Ref
    lag: Span | None = None
    expect: Literal["higher", "lower"] | None = None
    status: Literal["hypothesis", "supported", "refuted"] = "hypothesis"


@dataclass(frozen=True, slots=True, kw_only=True)
class Bound(Block):
    """How far a driver can be moved."""

    at_least: Amount | None = None
    at_most: Amount | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Planning(Block):
    """The limits within which a plan may move drivers."""

    bounds: Mapping[Ref, Bound] = field(default_factory=dict)
    weights: Mapping[Ref, Amount] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Said(Block):
    """A claim in the company's own words: of which KPI, over which days. The rules R judge it before it is told."""

    shorthand = "says"

    says: Label | None = None
    kpi: Ref | None = None
    starts: date | None = None
    ends: date | None = None
    milestone: Text | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Customers(Block):
    """Whose share of which money is told: a metric, and the dimension that tells its customers apart."""

    metric: Ref
    by: Name
    names: Literal["hidden", "shown"] = "hidden"


@dataclass(frozen=True, slots=True, kw_only=True)
class Traction(Block):
    """What will be told to whom."""

    audience: Text
    headline: Ref
    supports: tuple[Ref, ...] = ()
    period: Stretch | None = None
    cadence: Grain | None = None
    words: Label | None = None  # the founder's own
    asks: tuple[Label, ...] = ()
    claims: tuple[Said, ...] = ()
    cohorts: tuple[Ref, ...] = ()  # retention metrics, or recurring ones, whose cohorts are shown whole
    cash: tuple[Ref, ...] = ()  # cash, net burn, runway
    customers: Customers | None = None
