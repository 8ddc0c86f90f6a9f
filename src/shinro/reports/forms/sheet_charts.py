"""Plot -> a native chart of a sheet, that reads its numbers from the cells beside it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from rich.cells import cell_len
from xlsxwriter import Workbook

from shinro.reports.document import Line, Plot
from shinro.reports.forms import cells, drawn
from shinro.reports.inert import inert

HIGH = 17  # rows that a chart covers
WIDTH, HEIGHT = 640, 330  # pixels
LABELS = 84  # columns of names along the bottom
COLOURS = ("#2B6D8F", "#B06A00", "#176639", "#1F5F80", "#545E67")
INK, GRID, PALER = "#1B2228", "#E2E0DB", 60


def chart(book: Workbook, plot: Plot, sheet: str, top: int) -> Any:  # noqa: ANN401 - xlsxwriter ships no types
    """The chart of a table whose head is in row `top`, its places in the first column. Its scale holds zero."""
    bars = book.add_chart({"type": "column"})
    lines = book.add_chart({"type": "line"})
    for n, line in enumerate(plot.lines):
        (bars if line.look == "bars" else lines).add_series(dict(_series(plot, n, line, sheet, top)))
    looks = {line.look == "bars" for line in plot.lines}
    whole = bars if True in looks else lines
    if looks == {True, False}:
        bars.combine(lines)
    found = drawn.scale(plot)
    whole.set_y_axis({
        "min": float(found.low),
        "max": float(found.high),
        "major_unit": float(found.step),
        "num_format": cells.axis_format(plot, found.step),
        "name": _named(plot.unit) if plot.unit else None,
        "name_font": {"bold": False},
        "major_gridlines": {"visible": True, "line": {"color": GRID}},
        "line": {"none": True},
    })  # fmt: skip
    widest = max(map(cell_len, map(inert, plot.places)), default=1)
    every = max(1, -(-len(plot.places) * (widest + 2) // LABELS))
    whole.set_x_axis({"text_axis": True, "label_position": "low", "interval_unit": every})
    whole.set_title({"none": True})
    whole.set_legend({"position": "top"} if len(plot.lines) > 1 else {"none": True})
    whole.set_size({"width": WIDTH, "height": HEIGHT})
    whole.show_blanks_as("gap")
    return whole


def _named(unit: str) -> str:
    """A unit as an axis's name. With an exclamation mark in it, xlsxwriter may take it for the place of a cell."""
    return f"({inert(unit).replace('!', '！')})"


def _series(plot: Plot, n: int, line: Line, sheet: str, top: int) -> Iterator[tuple[str, object]]:
    last = top + len(plot.places)
    colour = COLOURS[n % len(COLOURS)]
    yield "name", [sheet, top, n + 1]
    yield "categories", [sheet, top + 1, 0, last, 0]
    yield "values", [sheet, top + 1, n + 1, last, n + 1]
    if line.look == "target":
        yield "line", {"color": INK, "width": 1.5, "dash_type": "dash"}
        return
    if line.look == "bars":
        yield "fill", {"color": colour}
        yield "gap", 60
        paler: dict[str, object] = {"fill": {"color": colour, "transparency": PALER}}
    else:
        yield "line", {"color": colour, "width": 2.25}
        yield "marker", {"type": "circle", "size": 5, "fill": {"color": colour}, "border": {"color": colour}}
        paler = {"line": {"color": colour, "width": 2.25, "dash_type": "round_dot"}}
    if plot.unfinished:
        yield "points", [paler if at in plot.unfinished else None for at in range(len(plot.places))]
