"""A chart of lines and bands over periods: what was, what is expected or would have been, and how sure that is."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from rich.cells import cell_len

from shinro.periods import Period
from shinro.reports.charts import (
    BOTTOM,
    CHARACTER,
    CONFIG,
    GAP,
    HEIGHT,
    LABELS,
    RIGHT,
    TOP,
    WIDTH,
    Size,
    Values,
    goal_layers,
    is_counted,
    layer,
    lookup,
    tick_text,
    ticks,
    with_gaps,
)
from shinro.reports.dates import MONTHS
from shinro.series import Meaning

Ends = Sequence[tuple[float, float] | None]
Levels = Sequence[float | None]


@dataclass(frozen=True, slots=True)
class Course:
    """One number a period in each of its lists, None where there is none. `bands` stand behind, the widest first.

    `goals` are a place, a level and what is written at it; `starts` the place of the first period that is judged.
    """

    periods: Sequence[Period]
    actual: Levels
    dashed: Levels
    bands: Sequence[Ends]
    starts: int | None = None
    goals: Sequence[tuple[int, float, str]] = ()


def course_spec(course: Course, meaning: Meaning, lang: str) -> Mapping[str, object]:
    """The Vega-Lite spec, the scale from zero. Cost: linear in periods."""
    values = [value for value in (*course.actual, *course.dashed) if value is not None]
    values += [bound for band in course.bands for ends in band if ends for bound in ends]
    values += [value for _, value, _ in course.goals]
    marks = ticks([exact(value) for value in values], whole=is_counted(meaning))
    step = marks[1] - marks[0]
    labels = [tick_text(tick, step, meaning, lang) for tick in marks]
    left = round(max(map(cell_len, labels)) * CHARACTER) + GAP
    low = float(marks[0])
    size = Size(WIDTH - left - RIGHT, low, float(marks[-1]), left)
    axis = {
        "values": [float(tick) for tick in marks],
        "labelExpr": lookup(dict(enumerate(labels)), f"round((datum.value - ({low})) / {float(step)})"),
        "grid": True,
        "title": None,
    }
    y = {"type": "quantitative", "scale": {"domain": [low, float(marks[-1])]}, "axis": axis}
    months = dict(_months(course.periods, lang))
    x = {
        "field": "m",
        "type": "quantitative",
        "scale": {"domain": [0, _last(course)], "nice": False},
        "axis": {"values": list(months), "labelExpr": lookup(months, "datum.value"), "title": None, "grid": False},
    }
    return {
        "width": size.wide,
        "height": HEIGHT - TOP - BOTTOM,
        "padding": {"left": left, "right": RIGHT, "top": TOP, "bottom": BOTTOM},
        "autosize": {"type": "none"},
        "config": CONFIG,
        "encoding": {"x": x},
        "layer": list(_layers(course, y, size)),
    }


def exact(value: float) -> Fraction:
    """An estimate as a fraction to be written: no more digits than it is worth."""
    return Fraction(value).limit_denominator(10**6)


def _layers(course: Course, y: Mapping[str, object], size: Size) -> Iterator[Mapping[str, object]]:
    for band in course.bands:
        area = {"type": "area", "color": "var(--goal)", "opacity": 0.2}
        yield layer(_band(band), area, {"y": {**y, "field": "low"}, "y2": {"field": "high"}})
    if course.starts is not None:
        rule = {"type": "rule", "color": "var(--muted)", "strokeWidth": 1}
        yield layer([{"m": course.starts - 0.5}], rule, {})
    value = {"y": {**y, "field": "v"}}
    dashed = {"type": "line", "color": "var(--goal)", "strokeWidth": 1.5, "strokeDash": [4, 3]}
    yield layer(_points(course.dashed), dashed, value)
    yield layer(_points(course.actual), {"type": "line", "color": "var(--accent)", "strokeWidth": 2}, value)
    if alone := _alone(course.actual):
        yield layer(alone, {"type": "circle", "color": "var(--accent)", "opacity": 1, "size": 14}, value)
    if course.goals:
        middles = {n: size.wide * n / _last(course) for n, _, _ in course.goals}
        yield from goal_layers(course.goals, middles, size, value)


def _last(course: Course) -> int:
    return max(len(course.periods) - 1, 1)


def _band(band: Ends) -> Values:
    pairs = [pair or (None, None) for pair in band]
    return with_gaps([{"m": n, "low": low, "high": high} for n, (low, high) in enumerate(pairs)], "low")


def _points(levels: Levels) -> Values:
    return with_gaps([{"m": n, "v": value} for n, value in enumerate(levels)])


def _alone(levels: Levels) -> Values:
    """Values with a gap on either side, of which a line shows nothing."""
    around = [None, *levels, None]
    return [
        {"m": n, "v": value}
        for n, value in enumerate(levels)
        if value is not None and around[n] is None and around[n + 2] is None
    ]


def _months(periods: Sequence[Period], lang: str) -> Iterator[tuple[int, str]]:
    """The first period of each month, as many as there is room for."""
    months = [period.start.month for period in periods]
    firsts = [n for n, month in enumerate(months) if not n or month != months[n - 1]]
    for n in firsts[:: -(-len(firsts) // LABELS)]:
        yield n, f"{months[n]}月" if lang == "ja" else MONTHS[months[n] - 1]
