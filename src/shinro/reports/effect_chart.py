"""What an initiative did as a chart: what was, what would have been, with its interval, from before the start on."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction

from rich.cells import cell_len

from shinro.findings.effects import Effect, Sight
from shinro.periods import Grain
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
    Values,
    layer,
    lookup,
    tick_text,
    ticks,
)
from shinro.reports.dates import MONTHS, short_period
from shinro.reports.effects import sentence, touched
from shinro.reports.numbers import number
from shinro.reports.parts import Chart
from shinro.reports.readings import Telling
from shinro.series import Meaning

BEFORE = 26  # periods before the start that are shown


def effect_chart(effect: Effect, telling: Telling) -> Chart | None:
    """The counterfactual beside what was; None where nothing was estimated. Cost: linear in periods."""
    if effect.meaning is None or effect.estimate is None:
        return None
    sights = _shown(effect.sights)
    if not any(sight.without for sight in sights):
        return None
    title = f"{effect.initiative} → {touched(effect, telling)}"
    keys = (
        ("line", telling.say("effect.chart.actual")),
        ("target", telling.say("effect.chart.without")),
        ("band", telling.say("effect.chart.interval")),
    )
    columns = tuple(telling.say(f"effect.chart.{key}") for key in ("period", "actual", "without", "interval"))
    rows = tuple(_row(sight, effect.meaning, effect.grain, telling) for sight in sights)
    says = f"{title}: {sentence(effect, telling)}"
    return Chart(title, says, _spec(sights, effect.meaning, telling), columns, rows, keys)


def _shown(sights: Sequence[Sight]) -> Sequence[Sight]:
    start = next((n for n, sight in enumerate(sights) if sight.after), len(sights))
    return sights[max(0, start - BEFORE) :]


def _row(sight: Sight, meaning: Meaning, grain: Grain, telling: Telling) -> tuple[str, ...]:
    without = sight.without
    return (
        short_period(sight.period, grain, telling.calendar, telling.words),
        _text(sight.actual, meaning, telling) if sight.actual is not None else "",
        _text(without.value, meaning, telling) if without else "",
        f"{_text(without.low, meaning, telling)} – {_text(without.high, meaning, telling)}" if without else "",
    )


def _text(value: float, meaning: Meaning, telling: Telling) -> str:
    return number(Fraction(value).limit_denominator(10**6), meaning, telling.lang)


def _spec(sights: Sequence[Sight], meaning: Meaning, telling: Telling) -> Mapping[str, object]:
    ends = [sight.without for sight in sights if sight.without]
    values = [sight.actual for sight in sights if sight.actual is not None]
    values += [bound for each in ends for bound in (each.low, each.high)]
    marks = ticks([Fraction(value).limit_denominator(10**6) for value in values])
    step = marks[1] - marks[0]
    labels = [tick_text(tick, step, meaning, telling.lang) for tick in marks]
    left = round(max(map(cell_len, labels)) * CHARACTER) + GAP
    low = float(marks[0])
    axis = {
        "values": [float(tick) for tick in marks],
        "labelExpr": lookup(dict(enumerate(labels)), f"round((datum.value - ({low})) / {float(step)})"),
        "grid": True,
        "title": None,
    }
    y = {"type": "quantitative", "scale": {"domain": [low, float(marks[-1])]}, "axis": axis}
    months = dict(_months(sights, telling.lang))
    x = {
        "field": "m",
        "type": "quantitative",
        "scale": {"domain": [0, max(len(sights) - 1, 1)], "nice": False},
        "axis": {"values": list(months), "labelExpr": lookup(months, "datum.value"), "title": None, "grid": False},
    }
    return {
        "width": WIDTH - left - RIGHT,
        "height": HEIGHT - TOP - BOTTOM,
        "padding": {"left": left, "right": RIGHT, "top": TOP, "bottom": BOTTOM},
        "autosize": {"type": "none"},
        "config": CONFIG,
        "encoding": {"x": x},
        "layer": list(_layers(sights, y)),
    }


def _layers(sights: Sequence[Sight], y: Mapping[str, object]) -> Iterator[Mapping[str, object]]:
    ends = [(n, sight.without) for n, sight in enumerate(sights) if sight.without]
    band: Values = [{"m": n, "low": each.low, "high": each.high} for n, each in ends]
    area = {"type": "area", "color": "var(--goal)", "opacity": 0.2}
    yield layer(band, area, {"y": {**y, "field": "low"}, "y2": {"field": "high"}})
    start = next((n for n, sight in enumerate(sights) if sight.after), None)
    if start is not None:
        yield layer([{"m": start - 0.5}], {"type": "rule", "color": "var(--muted)", "strokeWidth": 1}, {})
    value = {"y": {**y, "field": "v"}}
    without: Values = [{"m": n, "v": each.value} for n, each in ends]
    dashed = {"type": "line", "color": "var(--goal)", "strokeWidth": 1.5, "strokeDash": [4, 3]}
    yield layer(without, dashed, value)
    actual: Values = [{"m": n, "v": sight.actual} for n, sight in enumerate(sights) if sight.actual is not None]
    yield layer(actual, {"type": "line", "color": "var(--accent)", "strokeWidth": 2}, value)


def _months(sights: Sequence[Sight], lang: str) -> Iterator[tuple[int, str]]:
    """The first period of each month, as many as there is room for."""
    months = [sight.period.start.month for sight in sights]
    firsts = [n for n, month in enumerate(months) if not n or month != months[n - 1]]
    for n in firsts[:: -(-len(firsts) // LABELS)]:
        yield n, f"{months[n]}月" if lang == "ja" else MONTHS[months[n] - 1]
