"""Series read on two sides: one period, several, a stock, what is not known."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

from made_up import STORY, project_of
from shinro.analysis.sides import Spans, doubles, earlier_cuts, mean_of, sides_of, tiled
from shinro.definitions.meaning import meanings
from shinro.findings.segments import Side
from shinro.periods import Calendar, Grain, Period
from shinro.series import Mark, Point, Series

MEANING = meanings(project_of(STORY))["calls"]
MONTHS = tuple(Calendar().periods(date(2026, 1, 1), date(2026, 6, 1), Grain.MONTH))


def series(*values: int | None, base: int | None = None) -> Series:
    points = tuple(
        Point(
            month,
            None if value is None else Fraction(value),
            Mark.UNKNOWN if value is None else Mark.COMPLETE,
            None if value is None or base is None else Fraction(value * base),
            None if value is None or base is None else Fraction(base),
        )
        for month, value in zip(MONTHS, values, strict=True)
    )
    return Series(MEANING, Grain.MONTH, points, MONTHS[-1].last)


def months(first: int, last: int) -> Period:
    return Period(MONTHS[first - 1].start, MONTHS[last - 1].end)


COUNTS = series(1, 2, 3, 4, 5, None)


def test_a_span_of_a_flow_is_its_sum_and_of_a_stock_its_end() -> None:
    assert sides_of(COUNTS, Spans(months(1, 3), months(4, 4))) == (Side(Fraction(6)), Side(Fraction(4)))
    assert sides_of(COUNTS, Spans(months(1, 3), months(4, 4), stock=True)) == (Side(Fraction(3)), Side(Fraction(4)))


def test_a_span_of_a_ratio_is_pooled() -> None:
    assert sides_of(series(1, 2, 3, 4, 5, 6, base=10), Spans(months(1, 2), months(3, 3)))[0] == Side(
        Fraction(3, 2), Fraction(30), Fraction(20)
    )


def test_what_is_not_known_is_nothing() -> None:
    assert sides_of(COUNTS, Spans(Period(date(2020, 1, 1), date(2020, 2, 1)), months(5, 6))) == (None, None)
    assert not tiled(COUNTS, Period(date(2025, 12, 1), date(2026, 2, 1)))
    assert tiled(COUNTS, months(1, 6))


def test_a_long_span_is_made_as_short_as_the_other() -> None:
    assert mean_of(COUNTS, Spans(months(1, 4), months(5, 5))) == Fraction(1, 4)
    assert mean_of(COUNTS, Spans(months(1, 4), months(5, 5), stock=True)) == 1
    assert mean_of(series(1, 2, 3, 4, 5, 6, base=10), Spans(months(1, 4), months(5, 5))) == 1


def test_earlier_moves_end_with_the_span_before() -> None:
    found = earlier_cuts([COUNTS], Spans(months(1, 3), months(4, 4)))

    assert found == [{(): (Side(Fraction(1)), Side(Fraction(2)))}, {(): (Side(Fraction(2)), Side(Fraction(3)))}]


def test_dimensions_that_cut_alike_are_doubles_of_the_first() -> None:
    cells = [
        (("a", "x"), ("b", "1"), ("c", "1")),
        (("a", "y"), ("b", "2"), ("c", "1")),
        (("a", None), ("b", "3"), ("c", "2")),
    ]

    assert doubles(cells) == {"b"}
