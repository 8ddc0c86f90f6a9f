"""Period ends: what the record read of a stock at the last one by a milestone's day, where the day says otherwise."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, timedelta

from shinro.analysis.compare import holds
from shinro.analysis.recorded import read_condition
from shinro.analysis.targets import judged
from shinro.analysis.tracks import Tracks
from shinro.definitions.phrases import condition
from shinro.findings.readings import ConditionReading, MilestoneReading
from shinro.periods import Calendar, Period

ONE_DAY = timedelta(days=1)


def beside_the_record(
    milestones: Iterable[MilestoneReading], tracks: Tracks, calendar: Calendar, today: date
) -> tuple[MilestoneReading, ...]:
    """The milestones, each stock that was read on its day with the record's reading where that decides otherwise.

    Law: a condition gets one only where one of the two holds and the other does not.
    """
    return tuple(_milestone(each, tracks, calendar, today) for each in milestones)


def _milestone(milestone: MilestoneReading, tracks: Tracks, calendar: Calendar, today: date) -> MilestoneReading:
    due = milestone.due
    if due is None or due > today:
        return milestone
    read = tuple(_condition(each, due, tracks, calendar) for each in milestone.conditions)
    return replace(milestone, conditions=read)


def _condition(found: ConditionReading, due: date, tracks: Tracks, calendar: Calendar) -> ConditionReading:
    asked = condition(found.text)
    if asked.reading is not None or found.holds is None or found.period != Period(due, due + ONE_DAY):
        return found
    read = read_condition(asked, tracks, None)
    last = judged(calendar, read.grain, due)
    value = dict(read.held).get(last)
    if value is None or last.last == due or holds(value, found.op, found.level) is found.holds:
        return found
    return replace(found, recorded=(last.last, value))
