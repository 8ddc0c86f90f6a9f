from __future__ import annotations

from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st

from shinro.reports.labels import HIGH, WIDE, Box, Spot, placed

INSIDE = Box(-40, -20, 400, 134)
PLACES = st.tuples(st.integers(0, 390), st.integers(0, 134))


def boxes(*spots: Spot) -> list[Box]:
    """What each text covers."""
    found = []
    for spot, (right, down) in zip(spots, placed(spots, INSIDE), strict=True):
        x, y, half = spot.x + right, spot.y + down, len(spot.text) * WIDE / 2
        found.append(Box(x - half, y - HIGH / 2, x + half, y + HIGH / 2))
    return found


def test_a_text_stands_above_its_point_and_below_where_there_is_no_room() -> None:
    assert placed([Spot(100, 60, "30.0%")], INSIDE) == ((0, -12),)
    assert placed([Spot(100, -10, "30.0%")], INSIDE) == ((0, 12),)


def test_of_two_that_are_close_the_upper_stands_above_and_the_lower_below() -> None:
    """In whatever order they come; a text does not cover the other point either."""
    upper, lower = Spot(380, 94, "30.0%"), Spot(380, 100, "25.4%")
    assert placed([lower, upper], INSIDE) == ((0, 12), (0, -12))
    assert placed([upper, lower], INSIDE) == ((0, -12), (0, 12))


def test_a_text_at_the_edge_is_moved_until_it_is_whole() -> None:
    assert placed([Spot(395, 60, "1,234万円")], INSIDE) == ((5 - 9 * WIDE / 2, -12),)  # two columns for each of 万円
    assert placed([Spot(-35, 60, "30.0%")], INSIDE) == ((5 * WIDE / 2 - 5, -12),)


@given(PLACES, st.lists(st.integers(-6, 6), min_size=1, max_size=3))
def test_four_on_one_heap_stay_apart_and_inside(place: tuple[int, int], steps: list[int]) -> None:
    x, y = place
    spots = [Spot(x, y, "30.0%"), *(Spot(x, max(0, min(134, y + step)), "25.4%") for step in steps)]
    found = boxes(*dict.fromkeys(spots))
    assert [(a, b) for a, b in combinations(found, 2) if a.over(b) > 0] == []
    assert all(INSIDE.left <= box.left and box.right <= INSIDE.right for box in found)
