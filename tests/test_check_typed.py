"""Figures that are typed in twice for one period."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from fractions import Fraction

import pytest

from judging import problems, with_loads
from shinro.checks.typed import RULES
from shinro.loads import Load

TEXT = """\
week_starts: monday
sources: {numbers: {type: files, path: numbers/*.csv}}
metrics:
  orders: {reported: numbers.orders, value: value, every: week, nature: flow}
  rate: {reported: numbers.orders, value: value, every: week, nature: ratio}
"""


@pytest.mark.parametrize(
    ("days", "twice"),
    [
        ((1, 8, 8), ["2026-06-08"]),
        ((1, 8, 10), ["2026-06-08"]),
        ((1, 3, 8, 10), []),  # all have several: they are parts
        ((1, 3), ["2026-06-01"]),
        ((1, 8, 15), []),
    ],
)
@pytest.mark.parametrize(("metric", "case"), [("orders", "flow"), ("rate", "level")])
def test_a_week_that_was_typed_in_twice_is_told(
    metric: str, case: str, days: tuple[int, ...], twice: list[str]
) -> None:
    load = Load(metric, "numbers", ("orders.csv",), (), "", len(days))
    rows = tuple((date(2026, 6, day), Fraction(day)) for day in days)
    facts = replace(with_loads(TEXT, {metric: load}), figures={metric: rows})
    found = problems(RULES, facts, "D714")
    assert [(each.args["start"], each.args["case"]) for each in found] == [(start, case) for start in twice]
