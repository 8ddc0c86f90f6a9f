"""Plot -> a Vega-Lite spec, the marks that it has, and the table behind it.

Colours are custom properties, which a page defines and a print replaces. Whatever a user named (places, units) reaches
a spec as escaped letters alone.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from rich.cells import cell_len, set_cell_size

from shinro.reports.charts import BOTTOM, CHARACTER, CONFIG, GAP, RIGHT, Values, layer, lookup, ticks
from shinro.reports.document import Line, Plot
from shinro.reports.inert import inert
from shinro.reports.numbers import KANJI, LATIN, UNDEFINED, grouped, percent, scaled
from shinro.reports.words import Words

TOP, FLAT = 28, 10  # above the scale, with its unit there and without
PLACE = 16  # columns of a place's name along the bottom, at most
UNIT = 24  # columns of the unit above the scale, at most
SMALL = 10**4  # amounts below are written out
COLOURS = ("accent", "goal", "good", "calm", "still")


@dataclass(frozen=True, slots=True)
class Size:
    """How large a chart is drawn, in pixels of its own: letters are 11 high."""

    width: int
    height: int


SCREEN, PAPER, HALF = Size(440, 210), Size(620, 230), Size(320, 200)


@dataclass(frozen=True, slots=True)
class Scale:
    """Where a plot's numbers stand: evenly spaced round steps that hold zero."""

    ticks: tuple[Fraction, ...]

    @property
    def low(self) -> Fraction:
        """The lowest step."""
        return self.ticks[0]

    @property
    def high(self) -> Fraction:
        """The highest step."""
        return self.ticks[-1]

    @property
    def step(self) -> Fraction:
        """From one step to the next."""
        return self.ticks[1] - self.ticks[0]


def scale(plot: Plot) -> Scale:
    """The plot's scale. Law: zero is on it (R606)."""
    values = [value for line in plot.lines for value in line.values if value is not None]
    return Scale(ticks(values, whole=plot.form == "count"))


def shown(value: Fraction | None, plot: Plot, lang: str) -> str:
    """A number of a plot as it is written in its table."""
    if value is None:
        return UNDEFINED
    if plot.form == "percent":
        return f"{percent(value)}%"
    if plot.form == "money":
        return amount(value, lang)
    return grouped(value, 0 if value.denominator == 1 else 2 if abs(value) < 10 else 1)  # noqa: PLR2004 - three digits


def amount(value: Fraction, lang: str) -> str:
    """An amount without its currency, which is the plot's unit: `5,270万`, `52.7M`, `9,800`."""
    sign, size = "-" if value < 0 else "", abs(value)
    if size >= SMALL:
        return sign + scaled(size, KANJI if lang == "ja" else LATIN)
    return sign + grouped(size, 0 if size.denominator == 1 else 2)


def columns(plot: Plot, words: Words) -> tuple[str, ...]:
    """The titles of the table behind a plot."""
    unit = f" ({plot.unit})" if plot.unit and plot.unit != "%" else ""
    return (words.say("form.place"), *(f"{line.name}{unit}" for line in plot.lines))


def rows(plot: Plot, words: Words) -> tuple[tuple[str, ...], ...]:
    """A row a place, with the mark of what is not final; undefined and not published are told apart."""
    return tuple(
        (
            f"{place} ({words.say('form.unfinished')})" if n in plot.unfinished else place,
            *(_cell(line.values[n], n, plot, words) for line in plot.lines),
        )
        for n, place in enumerate(plot.places)
    )


def _cell(value: Fraction | None, place: int, plot: Plot, words: Words) -> str:
    absent = value is None and place in plot.unpublished
    return words.say("form.unpublished") if absent else shown(value, plot, words.lang)


def keys(plot: Plot, words: Words) -> tuple[tuple[str, str], ...]:
    """Each line's look and colour with its name, and what is pale."""
    found = [(_look(line, n), line.name) for n, line in enumerate(plot.lines)]
    return (*found, ("pale", words.say("form.unfinished"))) if plot.unfinished else tuple(found)


def _look(line: Line, n: int) -> str:
    if line.look == "target":
        return "target"
    return f"{'bar' if line.look == 'bars' else 'line'} of-{COLOURS[n % len(COLOURS)]}"


def spec(plot: Plot, lang: str, size: Size) -> Mapping[str, object]:
    """The Vega-Lite spec of a plot. Cost: linear in its points."""
    found = scale(plot)
    labels = [tick(each, found.step, plot, lang) for each in found.ticks]
    low = plain(found.low)
    left = round(max(map(cell_len, labels)) * CHARACTER) + GAP
    top = TOP if has_unit(plot) else FLAT
    y = {
        "type": "quantitative",
        "scale": {"domain": [low, plain(found.high)]},
        "axis": {
            "values": [plain(each) for each in found.ticks],
            "labelExpr": lookup(dict(enumerate(labels)), f"round((datum.value - ({low})) / {plain(found.step)})"),
            "grid": True,
            "title": None,
        },
    }  # fmt: skip
    x = {
        "field": "m",
        "type": "ordinal",
        "scale": {
            "domain": list(range(len(plot.places))),
            "paddingInner": 0.3,
            "paddingOuter": 0.15,
            "type": "band",
        },
        "axis": {
            "labelExpr": lookup(dict(enumerate(_places(plot, size.width - left))), "datum.value"),
            "title": None,
            "grid": False,
        },
    }
    return {
        "width": size.width - left - RIGHT,
        "height": size.height - top - BOTTOM,
        "padding": {"left": left, "right": RIGHT, "top": top, "bottom": BOTTOM},
        "autosize": {"type": "none"},
        "config": CONFIG,
        "encoding": {"x": x},
        "layer": [*_layers(plot, y), *_zero(found), *_unit(plot, left)],
    }


def tick(value: Fraction, step: Fraction, plot: Plot, lang: str) -> str:
    """A step of the scale, as short as it can be."""
    if not value:
        return "0%" if plot.form == "percent" else "0"
    if plot.form == "percent":
        return f"{grouped(value * 100, places(step * 100))}%"
    if plot.form == "money":
        return amount(value, lang)
    return grouped(value, places(step))


def places(step: Fraction) -> int:
    """Decimal places that show a step."""
    return next((found for found in range(4) if (step * 10**found).denominator == 1), 4)


def has_unit(plot: Plot) -> bool:
    """Whether a unit stands above the scale; a percentage says it at each step."""
    return bool(plot.unit) and plot.form != "percent"


def plain(value: Fraction) -> float:
    """A number to draw with."""
    return int(value) if value.denominator == 1 else float(value)


def _places(plot: Plot, width: int) -> Iterator[str]:
    """The names along the bottom, every so many, so that none runs into the next."""
    names = [
        set_cell_size(name, PLACE).rstrip() if cell_len(name) > PLACE else name for name in map(inert, plot.places)
    ]
    widest = max(map(cell_len, names), default=1) * CHARACTER + GAP
    every = max(1, -(-round(len(names) * widest) // width))
    return ("" if n % every else name for n, name in enumerate(names))


def _unit(plot: Plot, left: int) -> Iterator[Mapping[str, object]]:
    """The unit above the scale."""
    if has_unit(plot):
        unit = inert(plot.unit)
        name = set_cell_size(unit, UNIT).rstrip() if cell_len(unit) > UNIT else unit
        look = {"type": "text", "x": GAP - left, "y": -TOP + 10, "align": "left", "fontSize": 11}
        yield layer([{"t": name}], {**look, "color": "var(--muted)"}, {"x": None, "text": {"field": "t"}})


def _zero(found: Scale) -> Iterator[Mapping[str, object]]:
    """The line of zero, where something is below it."""
    if found.low < 0:
        at = {"y": {"field": "z", "type": "quantitative"}, "x": None}
        yield layer([{"z": 0}], {"type": "rule", "color": "var(--muted)", "strokeWidth": 1}, at)


def _layers(plot: Plot, y: Mapping[str, object]) -> Iterator[Mapping[str, object]]:
    bars = [n for n, line in enumerate(plot.lines) if line.look == "bars"]
    value = {"y": {**y, "field": "v"}}
    paler = {"opacity": {"field": "o", "type": "quantitative", "scale": None}}
    side = {"xOffset": {"field": "s", "type": "ordinal", "scale": {"domain": list(range(len(bars)))}}}
    for at, n in enumerate(bars):
        bar = {"type": "bar", "color": f"var(--{COLOURS[n % len(COLOURS)]})", "cornerRadiusEnd": 2}
        rows_ = [{**row, "s": at} for row in _rows(plot, n) if row["v"] is not None]
        yield layer(rows_, bar, {**value, **paler, **(side if len(bars) > 1 else {})})
    for n, line in enumerate(plot.lines):
        if line.look == "target":
            dashed = {"type": "line", "color": "var(--ink)", "strokeWidth": 1.5, "strokeDash": [4, 3]}
            yield layer(_rows(plot, n), dashed, value)
            yield layer(_lone(plot, n), {"type": "tick", "color": "var(--ink)", "thickness": 1.5}, value)
        elif line.look == "line":
            yield from _line(plot, n, value, paler)


def _line(
    plot: Plot, n: int, value: Mapping[str, object], paler: Mapping[str, object]
) -> Iterator[Mapping[str, object]]:
    """A line, dotted to and from what is not final, and its points."""
    colour = f"var(--{COLOURS[n % len(COLOURS)]})"
    look = {"type": "line", "color": colour, "strokeWidth": 2}
    every = _rows(plot, n)
    unsure = {at + step for at in plot.unfinished for step in (-1, 0, 1)}
    yield layer([{**row, "v": None} if row["m"] in plot.unfinished else row for row in every], look, value)
    if plot.unfinished:
        dotted = [row if row["m"] in unsure else {**row, "v": None} for row in every]
        yield layer(dotted, {**look, "strokeDash": [2, 3], "opacity": 0.5}, value)
    points = [row for row in every if row["v"] is not None]
    yield layer(points, {"type": "circle", "color": colour, "size": 36}, {**value, **paler})


def _rows(plot: Plot, n: int) -> Values:
    return [
        {"m": at, "v": None if value is None else plain(value), "o": 0.4 if at in plot.unfinished else 1}
        for at, value in enumerate(plot.lines[n].values)
    ]


def _lone(plot: Plot, n: int) -> Values:
    """The points of a line that have no neighbour, which a line alone does not show."""
    values: Sequence[Fraction | None] = (None, *plot.lines[n].values, None)
    return [
        row for at, row in enumerate(_rows(plot, n)) if row["v"] is not None and values[at] is values[at + 2] is None
    ]
