"""Laws of forecasts: bounds, seeds, scale, probabilities; on pasts of any shape.

`SHINRO_EXAMPLES=2000 pytest tests/laws/test_forecast.py` tries 2,000 pasts.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from fractions import Fraction

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from foretelling import ground_of, milestone
from shinro.analysis.forecast import Kind, paths
from shinro.analysis.forecast_joint import Stream, correlation, together
from shinro.analysis.forecast_past import drawn, past
from shinro.analysis.forecast_share import counted, shares
from shinro.analysis.forecast_tree import streams
from shinro.analysis.forecast_world import world
from shinro.analysis.probability import odds
from worlds import WORLDS

COUNTS = st.lists(st.integers(0, 500), min_size=8, max_size=40)
AMOUNTS = st.lists(st.floats(0, 1e6, width=32), min_size=8, max_size=40)
RATES = st.lists(st.floats(0, 1, width=32), min_size=8, max_size=40)
SEASONS = st.sampled_from([1, 4, 12])
DRAWS = 40


def rng(seed: int = 0) -> np.random.Generator:
    return np.random.default_rng(seed)


@WORLDS
@given(COUNTS, SEASONS)
def test_counts_stay_whole_and_never_fall_below_nothing(values: list[int], length: int) -> None:
    found = paths(np.array(values, float), 6, Kind.COUNT, rng(), DRAWS, length)
    assert found.shape == (DRAWS, 6)
    assert (found >= 0).all()
    assert (found == np.rint(found)).all()


@WORLDS
@given(RATES, SEASONS)
def test_shares_stay_between_none_and_all(values: list[float], length: int) -> None:
    found = paths(np.array(values), 6, Kind.SHARE, rng(), DRAWS, length)
    assert ((found >= 0) & (found <= 1)).all()


@WORLDS
@given(AMOUNTS, SEASONS)
def test_amounts_stay_finite_and_never_fall_below_nothing(values: list[float], length: int) -> None:
    found = paths(np.array(values), 6, Kind.AMOUNT, rng(), DRAWS, length)
    assert np.isfinite(found).all()
    assert (found >= 0).all()


@WORLDS
@given(AMOUNTS, SEASONS, st.integers(0, 99))
def test_a_seed_gives_the_same_bytes(values: list[float], length: int, seed: int) -> None:
    one, other = (paths(np.array(values), 6, Kind.AMOUNT, rng(seed), DRAWS, length).tobytes() for _ in range(2))
    assert one == other


@WORLDS
@given(st.lists(st.integers(1, 10**6), min_size=8, max_size=40), SEASONS, st.sampled_from([0.25, 4.0, 1024.0]))
def test_a_series_times_a_number_has_its_paths_times_that_number(values: list[int], length: int, by: float) -> None:
    plain = paths(np.array(values, float), 6, Kind.AMOUNT, rng(), DRAWS, length)
    scaled = paths(np.array(values) * by, 6, Kind.AMOUNT, rng(), DRAWS, length)
    assert np.allclose(scaled, plain * by, rtol=1e-6)


@WORLDS
@given(st.lists(st.one_of(st.none(), st.integers(0, 300)), min_size=8, max_size=30))
def test_any_past_with_eight_points_has_paths_and_a_shorter_one_has_none(values: list[int | None]) -> None:
    found = past(values, Kind.COUNT)
    assert (found is None) == (sum(value is not None for value in values) < 8)
    if found:
        onward = drawn(found, 5, rng(), DRAWS)
        assert np.isfinite(onward).all()


@WORLDS
@given(st.lists(st.tuples(st.integers(0, 40), st.integers(0, 200)), min_size=8, max_size=30))
def test_what_is_counted_of_a_base_is_never_more_than_the_base(parts: list[tuple[int, int]]) -> None:
    over = np.array([min(pair) for pair in parts], float)
    base = np.array([pair[1] for pair in parts], float)
    share = shares(over, base, 5, rng(), DRAWS)
    gone = counted(np.full(share.shape, 17.0), share, rng())
    assert ((share >= 0) & (share <= 1)).all()
    assert ((gone >= 0) & (gone <= 17) & (gone == np.rint(gone))).all()


@WORLDS
@given(st.lists(st.lists(st.integers(0, 99), min_size=12, max_size=12), min_size=2, max_size=4))
def test_paths_that_are_drawn_together_are_the_same_paths_of_each(series: list[list[int]]) -> None:
    pasts = {str(n): found for n, values in enumerate(series) if (found := past(values, Kind.COUNT))}
    alone = {name: Stream(drawn(found, 4, rng(n), DRAWS)) for n, (name, found) in enumerate(pasts.items())}
    joined = together(alone, pasts, rng())
    for name, stream in alone.items():
        assert sorted(map(tuple, joined[name].value)) == sorted(map(tuple, stream.value))
    assert np.linalg.eigvalsh(correlation(list(pasts.values())))[0] > 0


@WORLDS
@given(
    st.lists(st.integers(0, 30), min_size=14, max_size=14),
    st.lists(st.integers(0, 6), min_size=14, max_size=14),
    st.integers(1, 400),
    st.integers(0, 60),
)
def test_all_conditions_are_never_likelier_than_one_and_more_is_never_likelier(
    come: list[int], gone: list[int], level: int, more: int
) -> None:
    ground = ground_of({"come": come, "gone": gone}, stock=50)
    made = replace(world(ground, ["standing", "come"], 8), draws=60)
    drawings = streams(made, ["standing", "come"])
    due = date(2026, 12, 31)
    texts = (f"standing >= {level}", f"standing >= {level + more}", "come >= 5 per month")
    found = odds(ground, milestone(*texts), due, drawings, {})
    each = [condition.probability for condition in found.conditions]
    assert all(value is not None and 0 <= value <= 1 for value in each)
    assert found.probability is not None
    assert found.probability <= min(value for value in each if value is not None)
    assert (each[0] or 0) >= (each[1] or 0)


@WORLDS
@given(st.lists(st.integers(0, 30), min_size=14, max_size=14), st.lists(st.integers(0, 60), min_size=14, max_size=14))
def test_a_stock_moves_by_its_flows_on_every_path_and_never_loses_more_than_it_had(
    come: list[int], gone: list[int]
) -> None:
    ground = ground_of({"come": come, "gone": gone}, stock=50)
    made = replace(world(ground, ["standing"], 6), draws=DRAWS)
    found = streams(made, ["standing"])
    standing, came, went = (found[name].value for name in ("standing", "come", "gone"))
    before = np.column_stack([np.full(DRAWS, made.stocks["standing"]), standing[:, :-1]])
    assert np.allclose(standing, before + came - went)
    assert (went <= before).all()
    assert (standing >= 0).all()


def test_a_share_that_holds_still_is_centred_on_what_was_seen() -> None:
    share = shares(np.full(24, 30.0), np.full(24, 100.0), 3, rng(), 2000)
    assert abs(float(np.median(share)) - float(Fraction(3, 10))) < 0.01
