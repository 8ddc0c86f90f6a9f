"""Running periods: the days left bring as independent days do, and the parts of a tree agree on them."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import poisson

from shinro.analysis.forecast import Kind
from shinro.analysis.forecast_joint import Stream
from shinro.analysis.forecast_made import Running, World
from shinro.analysis.forecast_models import Array
from shinro.analysis.forecast_paired import Paired
from shinro.analysis.forecast_past import Past, past
from shinro.analysis.forecast_running import proportional, rest
from shinro.analysis.forecast_tree import streams
from shinro.definitions.grammar import formula
from worlds import WORLDS

DAYS = 22
FIRMS = 60
STEADY = [50.0, 47, 53, 55, 44, 49, 51, 58, 46, 50, 52, 45, 54, 48]
FOUND = np.array([5.0, 4, 6, 5, 7, 3, 5, 6, 4, 5, 5, 6, 4, 5])


def rng(seed: int = 0) -> np.random.Generator:
    return np.random.default_rng(seed)


def own(values: list[float], kind: Kind = Kind.COUNT) -> Past:
    found = past(values, kind)
    assert found
    return found


def company(**more: object) -> World:
    """Calls, of which so many are won; each won brings money. Nine days in ten of the month are over."""
    base = np.array(STEADY)
    share = Past(FOUND / base, Kind.SHARE, FOUND, base)
    made = World(
        {"calls": own(STEADY), "visits": own(STEADY), "rate": share, "money": own((FOUND * 10).tolist(), Kind.AMOUNT)},
        {"won": formula("calls * rate"), "both": formula("calls + visits"), "worth": formula("won * 10")},
        counts=frozenset({"calls", "visits", "won", "both"}),
        running={
            "calls": Running(45.0),
            "visits": Running(40.0),
            "won": Running(4.0),
            "both": Running(85.0),
            "worth": Running(40.0),
            "money": Running(38.0),
        },
        paired={"money": Paired("won", FOUND * 10, FOUND)},
        left=0.1,
        steps=2,
        draws=2000,
    )
    return replace(made, **more)  # type: ignore[arg-type]


def to_come(found: dict[str, Stream], made: World, metric: str) -> Array:
    return np.asarray(found[metric].value[:, 0] - made.running[metric].value)


@pytest.mark.parametrize("rate", [2, 10])
def test_the_bands_of_a_running_period_cover_what_they_say(rate: int) -> None:
    """So many deals a working day, independently: 18 months are known, and so much of a month of 22 working days."""
    covered: dict[int, list[tuple[float, float]]] = {15: [], 7: [], 3: [], 1: []}
    for firm in range(FIRMS):
        chance = rng(firm)
        known = own(chance.poisson(DAYS * rate, 18).astype(float).tolist())
        for left, found in covered.items():
            so_far = float(chance.poisson(rate * (DAYS - left)))
            made = World(
                {"deals": known}, running={"deals": Running(so_far)}, left=left / DAYS, counts=frozenset({"deals"}),
                steps=1, draws=500, seed=firm,
            )  # fmt: skip
            value = streams(made, ["deals"])["deals"].value[:, 0] - so_far
            assert (value >= 0).all()
            assert (value == np.rint(value)).all()
            low, less, more, high = np.quantile(value, [0.025, 0.1, 0.9, 0.975])
            found.append((_within(less, more, rate * left), _within(low, high, rate * left)))
    for left, found in covered.items():
        eight, nineteen = np.mean(found, axis=0)
        assert 0.77 <= eight <= (0.96 if rate * left < 10 else 0.90), (left, eight)  # few whole numbers cover more
        assert 0.93 <= nineteen <= 0.995, (left, nineteen)


def _within(low: float, high: float, mean: float) -> float:
    """How likely independent counts lie within a band."""
    return float(poisson.cdf(np.floor(high), mean) - poisson.cdf(np.ceil(low) - 1, mean))


@WORLDS
@given(st.lists(st.integers(0, 300), min_size=8, max_size=20), st.floats(0, 1))
def test_of_a_count_no_more_is_left_than_a_whole_period_brings(whole: list[int], left: float) -> None:
    drawn = np.array(whole, float)
    for known in (None, drawn[::-1]):
        found = rest(drawn, left, rng(), past=known, count=True)
        assert ((found >= 0) & (found <= drawn) & (found == np.rint(found))).all()
    assert (rest(drawn, 1.0, rng(), count=True) == drawn).all()
    assert not rest(drawn, 0.0, rng(), count=True).any()


@pytest.mark.parametrize(("level", "kind"), [(1000.0, "amount"), (1000.0, "count"), (0.0, "number")])
def test_the_noise_of_the_days_shrinks_with_the_root_of_what_is_left(level: float, kind: str) -> None:
    known = level + rng(1).normal(0, 100, 400)
    whole = level + rng(2).normal(0, 100, 20000)
    known, whole = (np.rint(known), np.rint(whole)) if kind == "count" else (known, whole)
    found = rest(whole, 0.04, rng(3), past=known, count=kind == "count")
    assert float(found.mean()) == pytest.approx(0.04 * level, abs=1)
    assert float(found.std()) == pytest.approx(20, rel=0.1)


def test_the_doubt_of_a_level_shrinks_with_what_is_left() -> None:
    """A steady past of days that hardly vary, whose level may be anything from 500 to 1,500."""
    whole = rng(2).uniform(500, 1500, 20000)
    known = 1000 + rng(1).normal(0, 1, 400)
    assert float(rest(whole, 0.04, rng(3), past=known, count=False).std()) == pytest.approx(
        0.04 * whole.std(), rel=0.05
    )


def test_what_is_not_defined_stays_so() -> None:
    found = rest(np.array([np.nan, 4.0, 0.0]), 0.5, rng(), count=True)
    assert np.isnan(found[0])
    assert found[2] == 0
    assert np.isnan(rest(np.array([np.nan]), 0.0, rng(), count=True)).all()


def test_what_is_left_of_a_sum_is_what_is_left_of_its_parts() -> None:
    made = company()
    found = streams(made, ["both", "calls", "visits"])
    assert (to_come(found, made, "both") == to_come(found, made, "calls") + to_come(found, made, "visits")).all()


def test_what_is_left_of_a_product_is_drawn_of_what_is_left() -> None:
    made = company()
    found = streams(made, ["worth", "won", "calls"])
    won, calls = to_come(found, made, "won"), to_come(found, made, "calls")
    assert (won <= calls).all()
    assert float(won.mean()) == pytest.approx(0.5, abs=0.1)
    assert float(won.std()) == pytest.approx(np.sqrt(0.5), rel=0.15)
    assert np.allclose(to_come(found, made, "worth"), 10 * won)


def test_money_that_is_left_to_come_comes_with_its_count() -> None:
    made = company()
    found = streams(made, ["money", "won"])
    money, won = to_come(found, made, "money"), to_come(found, made, "won")
    assert ((money > 0) == (won > 0)).all()
    assert float(money.mean()) == pytest.approx(5, abs=1)


def test_a_product_is_the_same_whichever_way_round_it_is_written() -> None:
    for text in ("calls * rate", "rate * calls"):
        found = streams(company(formulas={"won": formula(text)}), ["won"])["won"].value
        assert float(found[:, 0].mean()) == pytest.approx(4.5, abs=0.1)
        assert float(found[:, 1].mean()) == pytest.approx(5, abs=0.2)


def test_what_leaves_a_stock_in_the_days_left_is_drawn_as_a_share_of_it() -> None:
    gone, stood = np.array([4.0, 5, 6, 5, 4, 6, 5, 5]), np.full(8, 100.0)
    made = World(
        {"gone": Past(gone / stood, Kind.SHARE, gone, stood), "come": own([5.0, 4, 6, 5, 7, 3, 5, 6])},
        {"there": formula("previous + come - gone"), "net": formula("come - gone")},
        {"there": 100.0},
        {"gone": "there"},
        counts=frozenset({"there", "gone", "come", "net"}),
        running={"gone": Running(4.0), "come": Running(4.0), "net": Running(0.0)},
        left=0.1,
        steps=2,
        draws=4000,
    )
    found = streams(made, ["there", "net"])
    left = to_come(found, made, "gone")
    assert float(left.mean()) == pytest.approx(0.5, abs=0.1)
    assert float(left.std()) == pytest.approx(np.sqrt(0.5), rel=0.15)
    assert np.array_equal(to_come(found, made, "net"), to_come(found, made, "come") - left)


def test_a_rate_that_its_own_past_is_read_from_is_none_that_adds_up() -> None:
    """The price reads its own earlier value: what the running month had of it is no part of it."""
    made = World(
        {"sales": own([10.0] * 12)},
        {"price": formula("previous * 1"), "worth": formula("previous(price) * sales")},
        {"price": 30.0},
        counts=frozenset({"sales"}),
        running={"price": Running(30.0, 300.0, 10.0), "sales": Running(5.0), "worth": Running(150.0)},
        earlier={"price": (30.0,)},
        left=0.5,
        steps=2,
        draws=400,
    )
    found = streams(made, ["price", "worth"])
    assert np.allclose(found["price"].value, 30)
    assert float(found["worth"].value[:, 0].mean()) == pytest.approx(300, rel=0.1)


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("a + b", True),
        ("a - b * 2", True),
        ("-a * c", True),
        ("a * b", False),
        ("a + c", False),
        ("a / b", False),
        ("a * b / a", True),
        ("previous + a", False),
        ("mean(a, 2)", False),
    ],
)
def test_a_formula_is_cut_where_it_does_not_follow_its_flows_in_proportion(text: str, meant: bool) -> None:
    assert proportional(formula(text), {"a", "b"}) is meant
