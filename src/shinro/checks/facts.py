"""Facts: what rules judge. A rule declares what it needs and never fetches."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import Enum
from fractions import Fraction
from typing import TYPE_CHECKING

from shinro.definitions.project import Project
from shinro.definitions.story import FileLevel
from shinro.loads import Load, Strange
from shinro.periods import Grain
from shinro.series import Meaning, Series

if TYPE_CHECKING:  # a static check reads none, and its import would cost it
    from shinro.entries import Entry
    from shinro.findings.claims import Track
    from shinro.findings.effects import Verdict
    from shinro.findings.evidence import Pair
    from shinro.findings.readings import MilestoneReading, Reading


class Need(Enum):
    """What a rule may need beside the project."""

    LOADS = "loads"
    SERIES = "series"
    LAPSES = "lapses"
    EVIDENCE = "evidence"
    ENTRIES = "entries"
    EFFECTS = "effects"


@dataclass(frozen=True, slots=True)
class Lapse:
    """How long entities take from what a rate counts below to what it counts above."""

    entities: int  # that did both
    median: Fraction  # days
    longer: Fraction  # the share of them that takes longer than the period
    grain: Grain  # of that period


@dataclass(frozen=True, slots=True)
class Facts:
    """The project with its meanings; with `--data` also what the loads saw and the whole company's measured series.

    `series` holds every measurable metric by (metric or part, grain): at its KPI's cadence and by month. The data
    reach up to `as_of`; we look at them on `today`. Sources must reach up to `reach`: today, or the day on
    which what is published stands.
    """

    project: Project
    meanings: Mapping[str, Meaning]
    loads: Mapping[str, Load] | None = None
    series: Mapping[tuple[str, Grain], Series] | None = None
    as_of: date | None = None
    texts: Mapping[str, str] = field(default_factory=dict)  # path -> text of the project's files
    today: date | None = None
    readings: Mapping[str, Reading] = field(default_factory=dict)  # of the KPIs, as the status reads them
    files: Mapping[str, tuple[FileLevel, ...]] = field(default_factory=dict)  # the targets' files, by path as written
    strange: Mapping[str, Strange] = field(default_factory=dict)  # by metric that is not measured for it
    lapses: Mapping[str, Lapse] | None = None  # by rate between stages; measured for `check --data` alone
    strangers: Mapping[str, int] = field(default_factory=dict)  # by conversion of whose two tables nobody is in both
    evidence: Mapping[tuple[str, str], Pair] | None = None  # by driver and outcome; the same
    effects: Mapping[str, Verdict] | None = None  # of the initiatives, by name; the same
    milestones: tuple[MilestoneReading, ...] = ()  # as the status reads them
    entries: tuple[Entry, ...] | None = None  # of the record, oldest first; None where it was not read
    paths: Mapping[tuple[str, Grain], Track] = field(default_factory=dict)  # those entries' published paths
    reach: date | None = None
    figures: Mapping[str, tuple[tuple[date, Fraction], ...]] = field(default_factory=dict)  # typed in, by metric

    @property
    def looked_on(self) -> date | None:
        """The day on which we look; the newest day of the data where that is all that is known."""
        return self.today or self.as_of

    def has(self, need: Need) -> bool:
        """Whether a need is met."""
        held = {
            Need.LOADS: self.loads,
            Need.SERIES: self.series,
            Need.LAPSES: self.lapses,
            Need.EVIDENCE: self.evidence,
            Need.ENTRIES: self.entries,
            Need.EFFECTS: self.effects,
        }
        return held[need] is not None
