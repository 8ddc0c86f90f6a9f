"""Planning: bearings from a project's text and monthly values made by hand, for plans."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from fractions import Fraction

from shinro.analysis.aims import wanted_of
from shinro.analysis.footing import Footing, footing
from shinro.analysis.measured import Bearings, Soundings
from shinro.definitions.meaning import meaning_of, meanings
from shinro.definitions.project import read_project
from shinro.periods import Grain
from shinro.series import Point, Series

Value = int | str | Fraction

# The growth-story article's milestones over the tree of a young company: trials, of which half are decided a month.
STORY = """\
currency: JPY
story: {starts: 2026-01-01}
sources: {sheet: {type: files, path: "data/*.csv"}}
metrics:
  new_trials: {reported: sheet.new_trials, value: value, every: month, nature: flow, unit: companies, better: higher}
  conversion: {reported: sheet.conversion, value: value, every: month, nature: ratio, unit: "%", better: higher}
  arpa: {reported: sheet.arpa, value: value, every: month, nature: ratio, unit: money, better: higher}
  churn: {reported: sheet.churn, value: value, every: month, nature: ratio, unit: "%", better: lower}
  trials: {reported: sheet.trials, value: value, every: month, nature: stock, unit: companies, better: higher}
  paid: {reported: sheet.paid, value: value, every: month, nature: stock, unit: companies, better: higher}
  mrr: {reported: sheet.mrr, value: value, every: month, nature: stock, unit: money, better: higher}
north_star: {metric: paid}
tree:
  trials: previous * 0.5 + new_trials
  paid: previous * (1 - churn) + previous(trials) * 0.5 * conversion
  mrr: paid * arpa
milestones:
  - {id: m3, by: +3 months, reach: [trials >= 10, paid >= 3]}
  - {id: m6, by: +6 months, reach: [paid >= 10, "mrr >= 300,000", churn <= 5%]}
  - {id: m12, by: +12 months, reach: [paid >= 30, "mrr >= 1,000,000", churn <= 3%]}
planning:
  bounds:
    new_trials: {at_most: 20 per month}
    conversion: {at_most: 45%}
    arpa: {at_most: 40000}
    churn: {at_least: 1.5%}
  weights: {new_trials: 1, conversion: 1.5, arpa: 2, churn: 1.5}
"""
NOW: Mapping[str, Sequence[Value]] = {
    "new_trials": [2], "conversion": ["1/5"], "arpa": [30_000], "churn": ["1/20"], "trials": [2],
    "paid": [0], "mrr": [0],
}  # fmt: skip
NARROW = STORY.replace("at_most: 20 per month", "at_most: 8 per month").replace("at_most: 45%", "at_most: 30%")


def bearings_of(text: str, values: Mapping[str, Sequence[Value]], as_of: date = date(2026, 1, 1)) -> Bearings:
    """Bearings where each metric's monthly values end with the month before as-of."""
    project, problems = read_project(text, "shinro.yaml")
    assert not [problem for problem in problems if problem.code.startswith(("S", "Q"))], problems
    known, calendar = meanings(project), project.calendar
    last = calendar.step(calendar.period(as_of, Grain.MONTH), Grain.MONTH, -1)
    series = {}
    for metric, each in values.items():
        points = tuple(
            Point(calendar.step(last, Grain.MONTH, n + 1 - len(each)), Fraction(value)) for n, value in enumerate(each)
        )
        series[metric, Grain.MONTH] = Series(meaning_of(metric, known), Grain.MONTH, points, as_of)
    return Bearings(project, known, Soundings(as_of, series), calendar)


def footing_of(
    text: str = STORY, values: Mapping[str, Sequence[Value]] = NOW, as_of: date = date(2026, 1, 1)
) -> Footing:
    """What the plan of a text's milestones stands on."""
    bearings = bearings_of(text, values, as_of)
    return footing(bearings, tuple(wanted_of(bearings.project.milestones, bearings.starts, as_of)), Grain.MONTH)
