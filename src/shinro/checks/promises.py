"""Promises: what the milestones say, each condition with its day, in the order of time."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from operator import eq, ge, gt, le, lt

from shinro.definitions.phrases import SECONDS, Condition, Over, Per, Since
from shinro.definitions.project import Project
from shinro.definitions.story import Milestone
from shinro.periods import Grain
from shinro.problems import Place

PER_YEAR = {Grain.DAY: 365, Grain.WEEK: 52, Grain.MONTH: 12, Grain.QUARTER: 4, Grain.YEAR: 1}
COMPARE: Mapping[str, Callable[[Fraction, Fraction], bool]] = {">=": ge, "<=": le, ">": gt, "<": lt, "=": eq}


@dataclass(frozen=True, slots=True)
class Promise:
    """One condition of one milestone, where it stands, and the day by which it must hold, where one is told."""

    milestone: str
    day: date | None
    condition: Condition
    text: str
    place: Place

    @property
    def metric(self) -> str:
        """The metric or part that is promised."""
        return f"{self.condition.metric}.{self.condition.part}" if self.condition.part else self.condition.metric

    @property
    def level(self) -> Fraction:
        """The level as written: per its own period where it has one."""
        return self.condition.level.value

    @property
    def rises(self) -> bool:
        """Whether more than the level is fine."""
        return self.condition.op in (">", ">=")

    @property
    def falls(self) -> bool:
        """Whether less than the level is fine."""
        return self.condition.op in ("<", "<=")

    @property
    def since_start(self) -> bool:
        """Whether a flow is counted from the story's start on."""
        return isinstance(self.condition.reading, Since)

    @property
    def grain(self) -> Grain | None:
        """The period that a flow's level is per."""
        return self.condition.reading.grain if isinstance(self.condition.reading, Per) else None

    @property
    def months(self) -> Fraction:
        """Months of 30 days whose parts are pooled, 1 where none are."""
        if not isinstance(self.condition.reading, Over):
            return Fraction(1)
        length = self.condition.reading.duration
        return Fraction(length.amount * SECONDS[length.unit], SECONDS["month"])

    @property
    def monthly(self) -> Fraction:
        """The level, per month where it is per anything."""
        return monthly(self.level, self.grain)

    def by(self, grain: Grain) -> Fraction:
        """The level, per a period where it is per anything."""
        return of_a(grain, self.level, self.grain)

    def holds_at(self, value: Fraction) -> bool:
        """Whether a value fulfils the condition."""
        return COMPARE[self.condition.op](value, self.level)


def monthly(level: Fraction, per: Grain | None) -> Fraction:
    """A level per month, as it is where it is per nothing."""
    return of_a(Grain.MONTH, level, per)


def of_a(grain: Grain, level: Fraction, per: Grain | None) -> Fraction:
    """A level per a period, by 365 days, 52 weeks, 12 months, 4 quarters a year; as it is where it is per nothing."""
    return level * PER_YEAR[per] / PER_YEAR[grain] if per else level


def name_of(milestone: Milestone) -> str:
    """What a milestone is called, by its date where it has no name."""
    return milestone.title or str(milestone.by.text if milestone.by else milestone.on or "?")


def due(project: Project, milestone: Milestone) -> date | None:
    """The day of a milestone; None where none is told, or it counts from a start that is not."""
    return milestone.day(project.story.starts if project.story else None)


def dated(project: Project) -> list[tuple[date, Milestone]]:
    """The milestones that have a day and something to reach, in the order of time."""
    reaching = [milestone for milestone in project.milestones if milestone.reach]
    found = [(day, milestone) for milestone in reaching if (day := due(project, milestone))]
    return sorted(found, key=lambda each: each[0])


def promised(milestone: Milestone, day: date | None = None) -> list[Promise]:
    """The conditions of a milestone, in the order written."""
    return [
        Promise(name_of(milestone), day, goal.condition, str(goal.text), goal.place)
        for goal in milestone.reach
        if goal.condition
    ]


def promises(project: Project) -> list[Promise]:
    """All conditions that have a day, in the order of time."""
    return [promise for day, milestone in dated(project) for promise in promised(milestone, day)]
