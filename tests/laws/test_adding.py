"""How numbers add up: days to months, segments to the whole, parts to ratios, flows to stocks; what changes nothing."""

from __future__ import annotations

import random
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, time
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from measuring import Duck, Reading, measured
from oracle import Row, local_day
from shinro.periods import Grain, Period
from shinro.queries.scans import Want
from shinro.series import Mark, Point, Series
from worlds import DEALS, FEWER, TYPES, Asked, asked

EVERYTHING = ("opened", "won", "value", "companies", "open", "win_rate", "size")


def series(duck: Duck, asked: Asked, *wants: Want) -> list[tuple[Series, ...]]:
    world = asked.world
    found = measured(world, TYPES, Reading(world, TYPES, duck), wants)
    return [found.get(want, ()) for want in wants]


def whole(found: tuple[Series, ...]) -> tuple[Point, ...]:
    return found[0].points if found else ()


def inside(points: Iterable[Point], period: Period) -> list[Point]:
    return [point for point in points if point.period.start in period]


def total(numbers: Iterable[Fraction | None]) -> Fraction:
    return sum((number for number in numbers if number is not None), Fraction(0))


@FEWER
@given(asked())
def test_days_add_up_to_the_month_and_parts_to_the_ratio(duck: Duck, asked: Asked) -> None:
    wants = [
        Want(metric, grain) for metric in ("won", "value", "win_rate", "size") for grain in (Grain.DAY, Grain.MONTH)
    ]
    won, won_months, value, value_months, rate, rates, size, sizes = map(whole, series(duck, asked, *wants))
    for days, months in ((won, won_months), (value, value_months)):
        for month in months:
            if month.mark is not Mark.UNKNOWN:
                assert month.value == total(day.value for day in inside(days, month.period))
    for days, months in ((rate, rates), (size, sizes)):
        for month in months:
            over, base = (total(getattr(day, part) for day in inside(days, month.period)) for part in ("over", "base"))
            if month.mark is not Mark.UNKNOWN:
                assert month.value == (over / base if base else None)


@FEWER
@given(asked(), st.sampled_from(("kind", "rep", "office")))
def test_segments_add_up_to_the_whole_and_distinct_counts_to_no_less(duck: Duck, asked: Asked, by: str) -> None:
    pairs = [(Want(metric, asked.grain), Want(metric, asked.grain, (by,))) for metric in EVERYTHING]
    found = series(duck, asked, *(want for pair in pairs for want in pair))
    for n, metric in enumerate(EVERYTHING[:5]):
        one, cut = whole(found[2 * n]), found[2 * n + 1]
        for at, point in enumerate(one):
            parts = [each.points[at].value for each in cut]
            if point.mark is Mark.UNKNOWN:
                assert set(parts) <= {None}
            elif metric == "companies":
                assert max((part or 0 for part in parts), default=0) <= (point.value or 0) <= total(parts)
            else:
                assert point.value == total(parts)


def lasts(row: Row, zone: str) -> bool:
    """Whether a row does not end by the day that it starts on."""
    start, end = local_day(row["opened"], zone), local_day(row["closed"], zone)
    return end is None or (start is not None and end > start)


@FEWER
@given(asked())
def test_a_stock_moves_by_what_starts_and_what_ends(duck: Duck, asked: Asked) -> None:
    asked = replace(asked, defined={**asked.defined, "ends": "closed", "ends_are": "exclusive", "table_where": "true"})
    zone = asked.defined["zone"]
    deals = asked.rows["deals"]
    lasting = [row for row in deals if lasts(row, zone)]
    asked = replace(asked, rows={**asked.rows, "deals": lasting})
    (found,) = series(duck, asked, Want("open", asked.grain))
    before = Fraction(0)
    for point in whole(found):
        starts = [local_day(row["opened"], zone) for row in lasting]
        ends = [local_day(row["closed"], zone) for row in lasting if row["opened"]]
        moved = sum((day is not None and day in point.period and day <= asked.as_of) for day in starts)
        moved -= sum((day is not None and day in point.period and day <= asked.as_of) for day in ends)
        if point.mark is not Mark.UNKNOWN:
            assert point.value == before + moved
        before += moved


@FEWER
@given(asked(), st.randoms(use_true_random=False))
def test_the_order_of_rows_changes_nothing_not_even_the_order_of_answers(
    duck: Duck, asked: Asked, chance: random.Random
) -> None:
    world = asked.world
    shuffled = {table: chance.sample(rows, len(rows)) for table, rows in asked.rows.items()}
    one, other = (Reading(each, TYPES, duck) for each in (world, replace(asked, rows=shuffled).world))
    assert measured(world, TYPES, one, asked.wants) == measured(world, TYPES, other, asked.wants)
    assert one.raw == other.raw


@FEWER
@given(asked(), DEALS)
def test_to_look_as_of_an_earlier_day_is_to_have_known_only_what_had_happened(
    duck: Duck, asked: Asked, more: list[Row]
) -> None:
    """Rows that start after as-of change nothing, where the data reaches the day anyway."""
    zone = asked.defined["zone"]
    later = [row for row in more if (day := local_day(row["opened"], zone)) and day > asked.as_of]
    later = [{**row, "closed": None, "ended": None} for row in later]
    asked = replace(asked, after=60, defined={**asked.defined, "ends": "closed"})
    wants = [want for want in asked.wants if want.metric not in ("per_call", "calls", "seats", "late")]
    noon = datetime.combine(asked.as_of, time(12))  # in UTC: the same day in every zone that worlds have
    anchor = {**dict.fromkeys(TYPES["deals"]), "opened": noon}
    with_anchor = {**asked.rows, "deals": [*asked.rows["deals"], anchor]}
    known = replace(asked, rows=with_anchor)
    then = replace(asked, rows={**with_anchor, "deals": [*with_anchor["deals"], *later]})
    for one, other in zip(series(duck, known, *wants), series(duck, then, *wants), strict=True):
        assert values(one) == values(other)


def values(found: tuple[Series, ...]) -> dict[object, list[object]]:
    """Values alone: how long silences are wont to be, and so a mark, may be told by later days."""
    return {
        each.segment: [(point.period, point.value) for point in each.points if point.mark is not Mark.UNKNOWN]
        for each in found
    }
