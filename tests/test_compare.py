from __future__ import annotations

from datetime import date
from fractions import Fraction

import pytest

from shinro.analysis.compare import compare, holds, interval, small_interval
from shinro.analysis.courses import Course, Knot, Shape
from shinro.periods import Calendar, Grain
from shinro.series import Better, Meaning, Nature, Point, State

LOWER, HIGHER, NONE = Better.LOWER, Better.HIGHER, Better.NONE
WEEK = Calendar().period(date(2026, 5, 11), Grain.WEEK)


def share(percents: str) -> Fraction:
    return Fraction(percents) / 100


@pytest.mark.parametrize(
    ("value", "target", "better", "state"),
    [
        ("8", "5", LOWER, State.BEHIND),  # churn of 8 % against at most 5 %
        ("2", "5", LOWER, State.AHEAD),
        ("5.25", "5", LOWER, State.ON_COURSE),
        ("5.26", "5", LOWER, State.BEHIND),
        ("4.75", "5", LOWER, State.ON_COURSE),
        ("190", "200", HIGHER, State.ON_COURSE),
        ("189", "200", HIGHER, State.BEHIND),
        ("210", "200", HIGHER, State.ON_COURSE),
        ("211", "200", HIGHER, State.AHEAD),
        ("-94", "-100", HIGHER, State.AHEAD),
        ("-106", "-100", HIGHER, State.BEHIND),
        ("0", "0", HIGHER, State.ON_COURSE),
        ("1", "0", HIGHER, State.AHEAD),
        ("100", "101", NONE, State.ON_COURSE),
        ("100", "200", NONE, State.UNKNOWN),
    ],
)
def test_a_state_knows_which_way_is_good(value: str, target: str, better: Better, state: State) -> None:
    assert compare(share(value), share(target), better) is state


@pytest.mark.parametrize(("op", "meets"), [(">=", True), ("<=", True), ("=", True), (">", False), ("<", False)])
def test_a_condition_is_read_strictly(op: str, meets: bool) -> None:
    assert holds(Fraction(1, 20), op, Fraction(1, 20)) is meets


def test_the_wilson_interval_of_a_known_case() -> None:
    """1 of 8: 2.24 % to 47.09 % (binom.test of other packages agrees)."""
    low, high = interval(Fraction(1), Fraction(8))
    assert (f"{float(low):.4f}", f"{float(high):.4f}") == ("0.0224", "0.4709")


def test_the_interval_of_none_begins_at_zero() -> None:
    low, high = interval(Fraction(0), Fraction(12))
    assert low == 0
    assert f"{float(high):.4f}" == "0.2425"
    assert interval(Fraction(12), Fraction(12))[1] == 1


RATE = Meaning("reply_rate", Nature.RATIO, percent=True)


@pytest.mark.parametrize(
    ("over", "base", "is_small"), [(1, 8, True), (1, 29, True), (1, 30, False), (0, 0, False), (9, 8, False)]
)
def test_only_a_small_share_has_an_interval(over: int, base: int, is_small: bool) -> None:
    point = Point(WEEK, Fraction(1, 8), over=Fraction(over), base=Fraction(base))
    assert (small_interval(point, RATE) is not None) is is_small


def test_what_is_no_share_has_no_interval() -> None:
    point = Point(WEEK, Fraction(4), over=Fraction(8), base=Fraction(2))
    assert small_interval(point, Meaning("calls_per_lead", Nature.RATIO)) is None
    assert small_interval(Point(WEEK, Fraction(1, 2)), RATE) is None
    assert small_interval(None, RATE) is None
    assert small_interval(Point(WEEK, Fraction(1, 6), over=Fraction(1, 2), base=Fraction(3)), RATE) is None


def test_the_linear_pace_halfway() -> None:
    """100 to 200, after 5 of 10 days: 150."""
    line = Course(
        (Knot(date(2026, 5, 1), Fraction(100)), Knot(date(2026, 5, 11), Fraction(200))), Calendar(), Shape.LINEAR
    )
    assert line.level(date(2026, 5, 6)) == 150
