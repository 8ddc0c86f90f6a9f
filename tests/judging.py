"""Judging: what the rules of one module find, on a text alone or with series and loads made by hand."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date
from fractions import Fraction

from checking import assert_said, facts_of
from shinro.analysis.measured import Bearings, Soundings
from shinro.analysis.readings import read_metric
from shinro.checks.facts import Facts
from shinro.checks.rule import Rule, judge
from shinro.definitions.meaning import meaning_of
from shinro.loads import Load
from shinro.periods import Grain
from shinro.problems import Problem
from shinro.series import Point, Series
from shinro.workdays import with_holidays

BILLING = """\
currency: JPY
story: {starts: 2026-04-01}
sources:
  billing: {type: files, path: data/*.csv}
tables:
  leads: {from: billing.leads, key: lead_id, time: created_at}
  subscriptions: {from: billing.subscriptions, entity: company_id, starts: start_date, ends: end_date, amount: amount}
metrics:
  leads: {count: leads}
  revenue: {recurring: subscriptions}
"""


def problems(rules: Iterable[Rule], facts: Facts, code: str) -> list[Problem]:
    """The problems of a code by place, each of which can be said in both languages."""
    found = [problem for problem in judge(facts, rules) if problem.code == code]
    for problem in found:
        assert_said(problem)
    return sorted(found, key=lambda problem: problem.place)


def with_series(text: str, **values: Iterable[int | str | None]) -> Facts:
    """Facts with monthly series from January 2026 on, each final: metric (`revenue__mrr` for a part) -> values."""
    facts = facts_of(text)
    series = {}
    for name, numbers in values.items():
        metric = name.replace("__", ".")
        points = [
            Point(
                facts.project.calendar.period(date(2026, month, 1), Grain.MONTH),
                None if value is None else Fraction(value),
            )
            for month, value in enumerate(numbers, 1)
        ]
        meaning = meaning_of(metric, facts.meanings)
        series[metric, Grain.MONTH] = Series(meaning, Grain.MONTH, tuple(points), date(2026, 12, 31))
    return replace(facts, series=series)


def with_readings(facts: Facts, as_of: date = date(2026, 12, 31)) -> Facts:
    """Facts with the readings of the KPIs, taken from the series as a status takes them."""
    calendar = with_holidays(facts.project.calendar, facts.project.holidays, date(2025, 1, 1), date(2027, 12, 31))
    bearings = Bearings(facts.project, facts.meanings, Soundings(as_of, facts.series or {}), calendar)
    readings = {str(metric): read_metric(bearings, str(metric)) for metric in facts.project.kpis}
    return replace(facts, readings=readings, as_of=as_of)


def with_loads(text: str, loads: Mapping[str, Load], as_of: date | None = None) -> Facts:
    """Facts with what loads saw."""
    return replace(facts_of(text), loads=loads, as_of=as_of)
