"""A small company whose stock moves by two flows, as the ground that forecasts are made from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from fractions import Fraction

from shinro.analysis.forecast_ground import Ground
from shinro.definitions.meaning import meanings
from shinro.definitions.project import Project, read_project
from shinro.definitions.story import Milestone
from shinro.periods import Grain, Period
from shinro.series import Mark, Meaning, Nature, Point, Series
from shinro.units import count

TEXT = """
company: A
story: {starts: 2026-01-01}
sources: {crm: {type: files, path: "*.csv"}}
tables:
  come: {from: crm.come, key: id, time: day}
  gone: {from: crm.gone, key: id, time: day}
  standing: {from: crm.standing, key: id, starts: day, ends: until}
metrics:
  come: {count: come}
  gone: {count: gone}
  standing: {stock: standing}
  pace: {derived: come - gone}
tree: {standing: previous + come - gone}
"""


def project_of(text: str = TEXT) -> Project:
    return read_project(text, "shinro.yaml")[0]


def series_of(
    metric: str,
    values: Sequence[float | None],
    nature: Nature = Nature.FLOW,
    *,
    first: tuple[int, int] = (2025, 3),
    running: float | None = None,
) -> Series:
    """A series by the month from a first one on; `running` is what the month after the last has brought so far."""
    project = project_of()
    period = project.calendar.period(date(*first, 1), Grain.MONTH)
    points = []
    for value in values:
        points.append(Point(period, None if value is None else Fraction(value)))
        period = project.calendar.step(period, Grain.MONTH)
    if running is not None:
        points.append(Point(period, Fraction(running), Mark.INCOMPLETE))
    meaning = meanings(project).get(metric, Meaning(metric, nature, count(metric)))
    return Series(meaning, Grain.MONTH, tuple(points), period.last)


def ground_of(flows: Mapping[str, Sequence[int]], stock: int = 0, as_of: date = date(2026, 4, 30)) -> Ground:
    """Flows by the month from March 2025 on, and the stock that they make; nothing leaves that was not there."""
    series = {metric: series_of(metric, values) for metric, values in flows.items()}
    standing, level = [], stock
    for came, went in zip(flows["come"], flows["gone"], strict=True):
        level = max(level + came - min(went, level), 0)
        standing.append(level)
    series["standing"] = series_of("standing", standing, Nature.STOCK)
    project = project_of()
    return Ground(project, meanings(project), series, project.calendar, Grain.MONTH, as_of)


def milestone(*conditions: str, by: str = "2026-12-31") -> Milestone:
    goals = "".join(f"\n      - {text}" for text in conditions)
    found, _ = read_project(f"{TEXT}milestones:\n  - id: m\n    by: {by}\n    reach:{goals}\n", "shinro.yaml")
    return found.milestones[0]


def month(year: int, number: int) -> Period:
    return project_of().calendar.period(date(year, number, 1), Grain.MONTH)
