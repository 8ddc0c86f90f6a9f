"""What is not known is a gap in every picture, at its place in time; lines hold zero, bands the bounds of a number."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from fractions import Fraction
from itertools import pairwise
from typing import Any

import pytest

from made_up import STORY, bearings_of, daily
from shinro.analysis.forecast import Kind
from shinro.analysis.readings import read_metric
from shinro.findings.effects import Interval
from shinro.findings.readings import Months
from shinro.periods import Grain
from shinro.reports.cards import card
from shinro.reports.charts import chart
from shinro.reports.drawing import draw, tidied
from shinro.reports.effect_chart import effect_chart
from shinro.reports.fan import fan
from shinro.reports.pictures import course, spark
from shinro.reports.readings import Telling
from shinro.reports.words import words
from shinro.series import Mark, Point
from telling import effect, forecast, gist, look

HOLE = date(2026, 2, 1)


def telling(lang: str = "en") -> Telling:
    return Telling(words(lang), look().project)


def without(points: tuple[Point, ...], *days: date) -> tuple[Point, ...]:
    return tuple(
        point._replace(value=None, mark=Mark.UNKNOWN) if point.period.start in days else point for point in points
    )


def months(metric: str, *days: date) -> Months:
    found = next(each for each in gist().months if each.metric == metric)
    return replace(found, points=without(found.points, *days))


def lines(spec: Any) -> list[Any]:
    layers = [each for each in spec["layer"] if each["mark"]["type"] == "line"]
    return [layer["data"]["values"] for layer in layers]


def test_a_line_of_months_breaks_where_a_month_is_not_known() -> None:
    found = chart(months("reply_rate", HOLE), (), telling())
    solid = lines(found.spec)[0]
    hole = next(n for n, row in enumerate(found.rows) if row[1] == "unknown")
    assert [row["m"] for row in solid if row["v"] is None] == [hole]
    paths = re.findall(r'd="([^"]+)" stroke="var\(--accent\)"', tidied(draw([found.spec])[0])[1])
    assert paths[0].count("M") == 2


def test_a_fan_keeps_the_months_that_are_not_known_at_their_place() -> None:
    """A forecast's past holds what is final alone."""
    known = forecast(look())
    past = tuple(point for point in known.past if point.mark is Mark.COMPLETE and point.period.start != HOLE)
    found = fan(replace(known, past=past), (), telling())
    at = next(n for n, row in enumerate(found.rows) if row[1] == "unknown")
    assert found.rows[at][0] == "Feb 2026"
    (value,) = [row["v"] for line in lines(found.spec) for row in line if row["m"] == at]
    assert value is None


def test_a_fan_begins_after_what_is_not_known_and_a_value_alone_is_a_dot() -> None:
    known = forecast(look())
    past = tuple(point for point in known.past if point.period.start in (date(2026, 1, 1), date(2026, 3, 1)))
    found = fan(replace(known, past=past), (), telling())
    dots = [each for each in found.spec["layer"] if each["mark"]["type"] == "circle"]  # type: ignore[attr-defined]
    assert [row["m"] for row in dots[0]["data"]["values"]] == [0, 2]
    assert [row[1] for row in found.rows[1:4]] == ["unknown", found.rows[2][1], "unknown"]


def test_an_effects_chart_has_a_place_for_a_week_of_which_nothing_is_known() -> None:
    known = effect(look(), "トークスクリプト改訂")
    found = effect_chart(replace(known, sights=known.sights[:5] + known.sights[6:]), telling())
    assert found
    assert [row["v"] for row in lines(found.spec)[1]][4:7] == [0.2, None, 0.2]


def test_a_target_stands_beside_a_gap_where_its_month_is_not_known() -> None:
    drawn = course((Fraction(2), None, Fraction(3)), (Fraction(2), Fraction(2), Fraction(2)))
    assert drawn.count("<polyline") == 3
    assert 'points="4.0,22.7 4.0,22.7"' in drawn


def test_a_small_course_starts_at_zero_and_draws_it() -> None:
    drawn = course((Fraction(34, 1000), Fraction(46, 1000)), (None, None))
    assert '<line x2="240" y1="60.0" y2="60.0"/>' in drawn
    heights = [Fraction(place.split(",")[1]) for place in drawn.split('points="')[1].split('"')[0].split()]
    assert [60 - height for height in heights] == [Fraction("41.4"), 56]
    below = course((Fraction(-1), Fraction(1)), (None, None))
    assert 'y1="32.0"' in below


def test_a_course_in_a_line_keeps_the_periods_that_are_not_known() -> None:
    bearings = bearings_of(STORY, date(2026, 4, 22), {"calls": daily(50)})
    key = ("calls", Grain.WEEK)
    series = bearings.measured.series[key]
    holed = replace(series, points=without(series.points, date(2026, 3, 23), date(2026, 3, 30)))
    measured = replace(bearings.measured, series={**bearings.measured.series, key: holed})
    found = read_metric(replace(bearings, measured=measured), "calls")
    assert [point.final for point in found.trend[-4:]] == [None, None, Fraction(250), Fraction(250)]
    assert len(found.trend) == 12
    assert all(before.period.end == after.period.start for before, after in pairwise(found.trend))
    assert spark(card(found, Telling(words("en"), bearings.project)).spark).count("<polyline") == 2


@pytest.mark.parametrize(
    ("kind", "shown"),
    [(Kind.SHARE, (0.5, 0.0, 1.0)), (Kind.COUNT, (0.5, 0.0, 1.2)), (Kind.NUMBER, (0.5, -0.1, 1.2))],
)
def test_what_would_have_been_ends_where_the_number_must(kind: Kind, shown: tuple[float, ...]) -> None:
    found = Interval(0.5, -0.1, 1.2).within(*kind.ends)
    assert (found.value, found.low, found.high) == shown
