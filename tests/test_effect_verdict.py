"""Verdicts: intervals, expectations and what stands in the way."""

from __future__ import annotations

import pytest

from shinro.analysis.effect_verdict import against, direction, expected, verdict
from shinro.definitions.nodes import Text
from shinro.definitions.people import Initiative
from shinro.definitions.phrases import change
from shinro.definitions.values import Expect
from shinro.findings.effects import Estimate, Expected, Interval, Placed, Verdict
from shinro.periods import Grain
from shinro.problems import Place
from shinro.series import Better, Meaning, Nature

FLOW, STOCK = Meaning("calls", Nature.FLOW), Meaning("open", Nature.STOCK)
SHARE, PLAIN = Meaning("rate", Nature.RATIO, percent=True), Meaning("meetings_of_replies", Nature.RATIO)


def estimate(low: float, high: float, detectable: float = 1.0, without: float = 100.0) -> Estimate:
    mean = Interval((low + high) / 2, low, high)
    return Estimate(mean, mean.times(4), without, detectable, 0.5)


def initiative(text: str | None) -> Initiative:
    place = Place("a")
    found = Expect(change(text), Text(text, place)) if text else None
    return Initiative(name=Text("A", place), expect=found)


@pytest.mark.parametrize(
    ("text", "better", "way"),
    [
        ("+2pt", Better.LOWER, 1),
        ("-2pt", Better.HIGHER, -1),
        ("x1.5", Better.NONE, 1),
        ("x0.5", Better.NONE, -1),
        (None, Better.HIGHER, 1),
        (None, Better.LOWER, -1),
        (None, Better.NONE, 0),
    ],
)
def test_the_way_that_is_wanted(text: str | None, better: Better, way: int) -> None:
    assert direction(initiative(text), better) == way


@pytest.mark.parametrize(
    ("text", "meaning", "value"),
    [
        ("+2pt", SHARE, 0.02),
        ("+5pt", PLAIN, 0.05),
        ("+0.05", PLAIN, 0.05),
        ("+10%", FLOW, 20.0),
        ("x1.5", FLOW, 100.0),
        ("+80 in 1 month", FLOW, 80 * 7 / 30),
        ("+30", FLOW, 7.0),
        ("+80 in 3 days", FLOW, 80.0),
        ("+80", STOCK, 80.0),
    ],
)
def test_what_is_expected_of_a_week(text: str, meaning: Meaning, value: float) -> None:
    accrues = meaning.nature is Nature.FLOW
    assert expected(change(text), 200.0, Grain.WEEK, accrues=accrues) == pytest.approx(value)


def test_a_share_of_a_loss_is_expected_in_the_direction_that_is_wanted() -> None:
    assert expected(change("+10%"), -200.0, Grain.WEEK, accrues=True) == pytest.approx(20)
    assert expected(change("x1.5"), -200.0, Grain.WEEK, accrues=True) == pytest.approx(100)


@pytest.mark.parametrize(
    ("value", "low", "high", "placed"),
    [
        (5, 1, 9, Placed.INSIDE),
        (10, 1, 9, Placed.MORE),
        (0.5, 1, 9, Placed.LESS),
        (-5, -9, -1, Placed.INSIDE),
        (-10, -9, -1, Placed.MORE),
        (-0.5, -9, -1, Placed.LESS),
        (-5, 1, 9, Placed.MORE),
    ],
)
def test_where_an_expectation_lies_in_its_own_direction(value: float, low: float, high: float, placed: Placed) -> None:
    assert against(value, estimate(low, high)) == Expected(value, placed)


@pytest.mark.parametrize(
    ("seen", "wanted", "placed", "over", "said"),
    [
        (estimate(1, 9), 1, Placed.INSIDE, True, Verdict.WORKED),
        (estimate(1, 9), 1, None, False, Verdict.WORKED),
        (estimate(1, 9), -1, None, True, Verdict.OPPOSITE),
        (estimate(-9, -1), -1, None, True, Verdict.WORKED),
        (estimate(-1, 9), 1, Placed.INSIDE, True, Verdict.CANNOT_TELL),
        (estimate(-1, 9), 1, Placed.MORE, True, Verdict.NO_EFFECT),
        (estimate(-1, 9), 1, Placed.MORE, False, Verdict.CANNOT_TELL),
        (estimate(-1, 9, detectable=9), 1, None, True, Verdict.NO_EFFECT),
        (estimate(-1, 9, detectable=11), 1, None, True, Verdict.CANNOT_TELL),
        (estimate(1, 9), 0, None, True, Verdict.CANNOT_TELL),
    ],
)
def test_verdicts(seen: Estimate, wanted: int, placed: Placed | None, *, over: bool, said: Verdict) -> None:
    held = Expected(5.0, placed) if placed else None
    assert verdict(seen, wanted, held, (), over=over) is said


@pytest.mark.parametrize("key", ["effect.overlap", "effect.rest_moved", "effect.no_direction"])
def test_what_stands_in_the_way_of_a_verdict(key: str) -> None:
    assert verdict(estimate(1, 9), 1, None, (key,), over=True) is Verdict.CANNOT_TELL
    assert verdict(estimate(1, 9), 1, None, ("effect.weak",), over=True) is Verdict.WORKED
