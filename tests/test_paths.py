from __future__ import annotations

from datetime import date
from fractions import Fraction

import pytest

from shinro.definitions.paths import (
    growth_pace,
    linear_pace,
    progress,
    required_growth,
)

START = date(2026, 4, 1)


def part(*numbers: float) -> list[Fraction]:
    return [Fraction(str(number)) for number in numbers]


@pytest.mark.parametrize(
    ("start", "target", "periods", "percent"),
    [
        (100, 150, 10, "4.14"),
        (150, 100, 10, "-3.97"),
        (300_000, 1_000_000, 6, "22.22"),
        (100, 100, 3, "0.00"),
        (100, 400, 0.5, "1500.00"),
    ],
)
def test_required_growth(start: float, target: float, periods: float, percent: str) -> None:
    rate = required_growth(*part(start, target, periods))
    assert rate is not None
    assert f"{rate * 100:.2f}" == percent


@pytest.mark.parametrize(("start", "target", "periods"), [(0, 10, 3), (10, 0, 3), (-1, 10, 3), (10, 20, 0)])
def test_no_growth_leads_from_or_to_nothing_or_takes_no_time(start: int, target: int, periods: int) -> None:
    assert required_growth(*part(start, target, periods)) is None


def test_required_growth_compounds_to_the_target_to_26_digits() -> None:
    rate = required_growth(*part(7, 1234, 13))
    assert rate is not None
    assert abs(Fraction(rate + 1) ** 13 * 7 / 1234 - 1) < Fraction(1, 10**26)


@pytest.mark.parametrize(("elapsed", "there"), [(-1, 100), (0, 100), (5, 150), (10, 200), (12, 200)])
def test_linear_pace(elapsed: int, there: int) -> None:
    assert linear_pace(*part(100, 200, elapsed, 10)) == there


def test_a_path_without_length_is_at_its_end() -> None:
    assert linear_pace(*part(100, 200, 0, 0)) == 200


@pytest.mark.parametrize(("elapsed", "there"), [(0, 100), (1, 200), (2, 400), (3, 400)])
def test_growth_pace(elapsed: int, there: int) -> None:
    found = growth_pace(*part(100, 400, elapsed, 2))
    assert found is not None
    assert abs(found - there) < Fraction(1, 10**20)


@pytest.mark.parametrize(("start", "target"), [(0, 100), (100, 0)])
def test_no_growth_path_touches_zero(start: int, target: int) -> None:
    assert growth_pace(*part(start, target, 1, 2)) is None


@pytest.mark.parametrize(
    ("start", "target", "now", "percent"),
    [
        (0, 100, 150, 150),
        (20, 100, 20, 0),
        (20, 100, 0, -25),
        (100, 0, 80, 20),
        (100, 20, 80, 25),
        (100, 20, 0, 125),
    ],
)
def test_progress(start: int, target: int, now: int, percent: int) -> None:
    assert progress(*part(start, target, now)) == Fraction(percent, 100)


def test_progress_is_undefined_where_start_and_target_are_the_same() -> None:
    assert progress(*part(5, 5, 5)) is None
