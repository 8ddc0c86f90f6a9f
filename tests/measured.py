"""Series made by hand, for rules that judge data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from fractions import Fraction

from checking import TODAY, assert_said, facts_of
from shinro.checks.facts import Facts
from shinro.checks.rule import Rule, judge
from shinro.periods import Calendar, Grain
from shinro.problems import Problem
from shinro.series import Mark, Point, Series

Value = int | str | Fraction | None


def series(facts: Facts, metric: str, *values: Value, grain: Grain = Grain.MONTH, open_end: bool = False) -> Series:
    """A metric's values from January 2025 on; the last may be of a period that is not over."""
    calendar = Calendar()
    first = calendar.period(date(2025, 1, 1), grain)
    marks = [Mark.COMPLETE] * (len(values) - open_end) + [Mark.INCOMPLETE] * open_end
    points = tuple(
        Point(calendar.step(first, grain, n), None if value is None else Fraction(value), mark)
        for n, (value, mark) in enumerate(zip(values, marks, strict=True))
    )
    return Series(facts.meanings[metric], grain, points, TODAY)


def with_series(text: str, values: Mapping[str, tuple[Value, ...]], grain: Grain = Grain.MONTH) -> Facts:
    """The facts of a text with series measured."""
    facts = facts_of(text)
    known = {(name, grain): series(facts, name, *each, grain=grain) for name, each in values.items()}
    return replace(facts, series=known)


def judged(rule: Rule, facts: Facts) -> list[Problem]:
    """What a rule finds; everything that it finds can be said."""
    found = judge(facts, [rule])
    for problem in found:
        assert_said(problem)
    return found
