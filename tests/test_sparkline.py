from __future__ import annotations

from fractions import Fraction

import pytest

from shinro.reports.sparkline import sparkline


@pytest.mark.parametrize(
    ("values", "line"),
    [
        ([1, 2, 3, 4, 5, 6, 7, 8], "▁▂▃▄▅▆▇█"),
        ([0, 100], "▁█"),
        ([5, 5, 5], "▄▄▄"),
        ([-3, None, -1], "▁·█"),
        ([None, None], "··"),
        ([], ""),
    ],
)
def test_the_least_is_lowest_and_the_largest_highest(values: list[int | None], line: str) -> None:
    assert sparkline([None if value is None else Fraction(value) for value in values]) == line
