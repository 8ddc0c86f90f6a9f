"""What is made of metrics: ratios, formulas, running totals."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import pytest

from measuring import project_of
from shinro.definitions.metric import Metric
from shinro.periods import Calendar, Grain
from shinro.series import Mark, Meaning, Nature, Point, Segment, Series
from shinro.warehouse.combine import accumulated, combined, lasts, made_of

PERIODS = tuple(Calendar().periods(date(2026, 1, 1), date(2026, 4, 1), Grain.MONTH))
Given = tuple[int | None, ...]


STORY = """
sources: {{crm: {{type: files, path: "*.csv"}}}}
tables: {{t: {{from: crm.t, time: at}}}}
metrics: {{won: {{count: t}}, leads: {{count: t}}, x: {{{definition}}}}}
"""


def metric(definition: str) -> Metric:
    found = project_of(STORY.format(definition=definition)).metric("x")
    assert found is not None
    return found


def column(values: Given, first: int = 0, last: Mark = Mark.COMPLETE) -> tuple[Point, ...]:
    made = [Point(PERIODS[first + n], None if value is None else Fraction(value)) for n, value in enumerate(values)]
    return (*made[:-1], made[-1]._replace(mark=last))


def values(found: tuple[Point, ...]) -> list[Fraction | None]:
    return [point.value for point in found]


def test_a_ratio_divides_its_parts_exactly_keeps_them_and_nothing_by_nothing_is_undefined() -> None:
    found = made_of(metric("ratio: won / leads"), {"won": column((1, 0, 2)), "leads": column((3, 0, 0))})
    assert values(found) == [Fraction(1, 3), None, None]
    assert [point.over for point in found] == [1, 0, 2]
    assert [point.base for point in found] == [3, 0, 0]


def test_an_undefined_part_leaves_a_formula_undefined() -> None:
    inputs = {"won": column((1, None, 2)), "leads": column((3, 4, 5))}
    assert values(made_of(metric("derived: won + leads"), inputs)) == [4, None, 7]
    assert values(made_of(metric('derived: "coalesce(won, 0) + leads"'), inputs)) == [4, 4, 7]


def test_previous_is_its_own_last_value_and_of_a_name_that_ones_and_the_first_has_none() -> None:
    inputs = {"won": column((1, 2, 4)), "leads": column((10, 20, 30))}
    own = metric('derived: "coalesce(previous, 100) + won"')
    assert values(made_of(own, {"won": inputs["won"]})) == [101, 103, 107]
    assert values(made_of(metric("derived: won - previous(won)"), {"won": inputs["won"]})) == [None, 1, 2]
    assert values(made_of(metric("derived: won / previous(leads)"), inputs)) == [None, Fraction(1, 5), Fraction(1, 5)]
    assert values(made_of(metric("derived: previous(leads)"), {"leads": inputs["leads"]})) == [None, 10, 20]


@pytest.mark.parametrize("mark", Mark)
def test_a_period_is_as_final_as_the_least_final_of_what_is_read_in_it(mark: Mark) -> None:
    found = made_of(metric("ratio: won / leads"), {"won": column((1, 1)), "leads": column((2, 2), last=mark)})
    assert found[-1].mark is mark
    assert found[-1].value == (None if mark is Mark.UNKNOWN else Fraction(1, 2))


def test_an_earlier_value_that_is_read_does_not_count_for_how_final_a_period_is() -> None:
    inputs = {"won": column((1, 1)), "leads": column((2, 2), last=Mark.INCOMPLETE)}
    assert made_of(metric("derived: won / previous(leads)"), inputs)[-1].mark is Mark.COMPLETE


@pytest.mark.parametrize(
    ("definition", "marks"),
    [
        ("derived: previous(won) - won", "cu ucc"),
        ("derived: previous(won)", "cc ucc"),  # it reads nothing of the month that is missing
        ("ratio: won / previous(won)", "cu ucc"),
        ('derived: "coalesce(previous(won), 0) + won"', "cu ucc"),
        ('derived: "coalesce(previous, 0) + won"', "cu uuu"),  # never the same again, as a running total
        ('derived: "mean(won, 3)"', "cu uuc"),
        ('derived: "cmgr(won, 2)"', "cu cuc"),
    ],
)
def test_what_is_read_of_a_period_that_is_missing_is_unknown_and_not_undefined(definition: str, marks: str) -> None:
    """A month before the first one is none that is missing: there a formula is undefined."""
    months = tuple(Calendar().periods(date(2026, 1, 1), date(2026, 5, 1), Grain.MONTH))
    won = tuple(Point(month, Fraction(10 - n)) for n, month in enumerate(months))
    hole = Point(months[1], None, Mark.UNKNOWN)
    found = made_of(metric(definition), {"won": (won[0], hole, *won[2:])})
    told = {Mark.COMPLETE: "c", Mark.UNKNOWN: "u"}
    assert "".join(told[point.mark] for point in found) == marks.replace(" ", "")
    assert all(point.value is None for point in found if point.mark is Mark.UNKNOWN)
    young = made_of(metric(definition), {"won": (Point(months[0], None, Mark.UNKNOWN), *won[1:])})
    assert {point.mark for point in young[1:]} == {Mark.COMPLETE}
    assert young[0].mark is Mark.UNKNOWN
    ended = made_of(
        metric(definition), {"won": (*won[:3], *(Point(month, None, Mark.UNKNOWN) for month in months[3:]))}
    )
    assert {point.mark for point in ended[3:]} == {Mark.UNKNOWN}


def test_a_period_that_one_of_the_parts_does_not_reach_is_unknown() -> None:
    found = made_of(metric("ratio: won / leads"), {"won": column((1, 1, 1, 1)), "leads": column((2, 2), first=1)})
    assert [point.mark for point in found] == [Mark.UNKNOWN, Mark.COMPLETE, Mark.COMPLETE, Mark.UNKNOWN]
    assert values(found) == [None, Fraction(1, 2), Fraction(1, 2), None]


def test_a_segment_that_a_part_does_not_have_gets_what_nothing_is() -> None:
    ann, bob, cid = (named(name) for name in ("Ann", "Bob", "Cid"))
    inputs = {"won": {ann: series((1,)), cid: series((2,))}, "leads": {ann: series((4,)), bob: series((5,))}}
    nothing = {"won": column((0,)), "leads": column((0,))}
    found = combined(metric("ratio: won / leads"), inputs, nothing.__getitem__, build)
    assert {segment: values(one.points) for segment, one in found.items()} == {
        ann: [Fraction(1, 4)], cid: [None], bob: [Fraction(0)],
    }  # fmt: skip


def test_a_number_of_months_is_by_quarter_that_of_its_last_month() -> None:
    calendar = Calendar("UTC", fiscal_starts=4)
    months = tuple(calendar.periods(date(2026, 3, 1), date(2026, 8, 15), Grain.MONTH))
    points = tuple(Point(month, Fraction(n)) for n, month in enumerate(months))
    found = lasts(points, Grain.MONTH, Grain.QUARTER, calendar)
    assert [(point.period.start.month, int(point.value or 0), point.mark) for point in found] == [
        (1, 0, Mark.COMPLETE), (4, 3, Mark.COMPLETE), (7, 5, Mark.INCOMPLETE),
    ]  # fmt: skip
    assert lasts(points, Grain.MONTH, Grain.WEEK, calendar) == ()


def test_weeks_of_a_month_end_with_the_one_that_ends_last_in_it() -> None:
    calendar = Calendar("UTC")
    weeks = tuple(calendar.periods(date(2026, 3, 2), date(2026, 4, 3), Grain.WEEK))
    found = lasts(tuple(Point(week, Fraction(week.last.day)) for week in weeks), Grain.WEEK, Grain.MONTH, calendar)
    assert [(int(point.value or 0), point.mark) for point in found] == [(29, Mark.COMPLETE), (5, Mark.INCOMPLETE)]


def named(rep: str) -> Segment:
    return (("rep", rep),)


def series(numbers: Given) -> Series:
    return build((), column(numbers))


def build(segment: Segment, points: tuple[Point, ...]) -> Series:
    return Series(Meaning("x", Nature.RATIO), Grain.MONTH, points, date(2026, 5, 1), segment=segment)


def test_a_running_total_does_not_come_back_after_a_gap() -> None:
    first, gap, last = (
        Point(period, value, mark)
        for period, value, mark in zip(
            PERIODS, (Fraction(300), None, Fraction(50)), (Mark.COMPLETE, Mark.UNKNOWN, Mark.COMPLETE), strict=False
        )
    )
    found = accumulated((first, gap, last))
    assert values(found) == [300, None, None]
    assert [point.mark for point in found] == [Mark.COMPLETE, Mark.UNKNOWN, Mark.UNKNOWN]


def test_a_running_total_passes_over_what_is_undefined_and_ends_where_the_data_ends() -> None:
    found = accumulated((*column((1, None, 2)), Point(PERIODS[3], None, Mark.UNKNOWN)))
    assert values(found) == [1, 1, 3, None]
    assert [point.mark for point in found][2:] == [Mark.COMPLETE, Mark.UNKNOWN]
