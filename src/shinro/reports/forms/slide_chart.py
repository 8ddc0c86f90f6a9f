"""Plot -> a native chart of a slide, that its owner can edit: bars and lines on one scale that holds zero."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from io import BytesIO
from typing import Any

from pptx.chart.chart import Chart
from pptx.chart.data import CategoryChartData
from pptx.dml.color import RGBColor
from pptx.enum.chart import XL_CHART_TYPE, XL_LEGEND_POSITION, XL_MARKER_STYLE, XL_TICK_LABEL_POSITION, XL_TICK_MARK
from pptx.enum.dml import MSO_LINE
from pptx.oxml import parse_xml
from pptx.oxml.ns import qn
from pptx.util import Pt
from rich.cells import cell_len
from xlsxwriter import Workbook

from shinro.reports.document import Plot
from shinro.reports.forms import cells, drawn
from shinro.reports.forms.cut import clipped
from shinro.reports.forms.slide_blocks import LETTER
from shinro.reports.inert import inert
from shinro.reports.numbers import KANJI, LATIN
from shinro.reports.words import Words

COLOURS = ("2B6D8F", "B06A00", "176639", "1F5F80", "545E67")
PALE = ("AAC5D2", "E2C69B", "A3C6B1", "A5BFCC", "BBBFC3")
INK, MUTED, GRID = "1B2228", "58636D", "E2E0DB"
CHART = "http://schemas.openxmlformats.org/drawingml/2006/chart"
SIZE = 11
ASIDE = "*"
PLACE, NAME = 20, 48  # columns of a name along the bottom, of a series


def data(plot: Plot, scale: int) -> CategoryChartData:
    """The chart's numbers, in units of the scale."""
    found = CategoryChartData(number_format=_format(plot, scale))
    found.categories = places(plot)
    for line in plot.lines:
        values = [None if value is None else float(value / scale) for value in line.values]
        found.add_series(clipped(line.name, NAME), values)
    return found


def places(plot: Plot) -> list[str]:
    """The names along the bottom, those that are not final marked."""
    return [f"{clipped(place, PLACE)}{ASIDE if n in plot.unfinished else ''}" for n, place in enumerate(plot.places)]


def scale_of(plot: Plot, said: Words) -> tuple[int, str]:
    """What a plot's numbers are divided by, and its unit then: `(10000, "万円")`."""
    if plot.form != "money":
        return 1, inert(plot.unit)
    found = drawn.scale(plot)
    size = max(abs(found.low), abs(found.high))
    for scale, word in KANJI if said.lang == "ja" else LATIN:
        if size >= 10 * scale:
            return scale, said.say("form.scaled", scale=word, unit=inert(plot.unit))
    return 1, inert(plot.unit)


def _format(plot: Plot, scale: int) -> str:
    return cells.axis_format(plot, drawn.scale(plot).step / scale)


def kind(plot: Plot) -> XL_CHART_TYPE:
    """The kind that a chart is made as; its lines are set apart from its bars afterwards."""
    bars = any(line.look == "bars" for line in plot.lines)
    return XL_CHART_TYPE.COLUMN_CLUSTERED if bars else XL_CHART_TYPE.LINE_MARKERS


def dress(chart: Chart, plot: Plot, said: Words, wide: float) -> None:
    """Looks, scale and the numbers behind: text as text in the workbook that is in the chart, `wide` points wide."""
    scale, unit = scale_of(plot, said)
    bars = [n for n, line in enumerate(plot.lines) if line.look == "bars"]
    lines = [n for n, line in enumerate(plot.lines) if line.look != "bars"]
    if bars and lines:
        _apart(chart, lines)
    for plotted, which in zip(chart.plots, filter(None, (bars, lines)), strict=True):
        plotted.vary_by_categories = False
        for series, n in zip(plotted.series, which, strict=True):
            (_bars if n in bars else _line)(series, plot, n)
    if bars:
        chart.plots[0].gap_width = 60
        chart.plots[0].overlap = 0
    chart.font.size = Pt(SIZE)
    chart.font.color.rgb = RGBColor.from_string(MUTED)
    _axes(chart, plot, scale, unit)
    _thin(chart, plot, wide)
    chart.has_title = False
    chart.has_legend = len(plot.lines) > 1
    if chart.has_legend:
        chart.legend.position = XL_LEGEND_POSITION.TOP
        chart.legend.include_in_layout = False
    chart.part.chart_workbook.update_from_xlsx_blob(_workbook(plot, scale))


def _apart(chart: Chart, lines: Sequence[int]) -> None:
    """Moves the series of lines out of the bars into a chart of lines on the same axes."""
    bars = chart.plots[0]._element  # noqa: SLF001 - python-pptx makes no mixed charts
    series = [each for each in bars if each.tag == qn("c:ser")]
    axes = "".join(f'<c:axId val="{each.get("val")}"/>' for each in bars if each.tag == qn("c:axId"))
    made = parse_xml(
        f'<c:lineChart xmlns:c="{CHART}"><c:grouping val="standard"/><c:varyColors val="0"/>'
        f'<c:marker val="1"/>{axes}</c:lineChart>'
    )
    for n in lines:
        moved = series[n]
        for each in [child for child in moved if child.tag == qn("c:invertIfNegative")]:
            moved.remove(each)
        made.insert(len(made) - axes.count("<") - 1, moved)
    bars.addnext(made)


def _bars(series: Any, plot: Plot, n: int) -> None:  # noqa: ANN401 - bars or lines
    series.invert_if_negative = False
    _fill(series.format.fill, COLOURS[n % len(COLOURS)])
    for at in plot.unfinished:
        _fill(series.points[at].format.fill, PALE[n % len(PALE)])
    for each in series._element.iter(qn("c:dPt")):  # noqa: SLF001 - a point says for itself that it is not inverted
        each.find(qn("c:idx")).addnext(parse_xml(f'<c:invertIfNegative xmlns:c="{CHART}" val="0"/>'))


def _fill(fill: Any, colour: str) -> None:  # noqa: ANN401 - python-pptx's own
    fill.solid()
    fill.fore_color.rgb = RGBColor.from_string(colour)


def _line(series: Any, plot: Plot, n: int) -> None:  # noqa: ANN401 - bars or lines
    target = plot.lines[n].look == "target"
    colour = INK if target else COLOURS[n % len(COLOURS)]
    series.smooth = False
    series.format.line.color.rgb = RGBColor.from_string(colour)
    series.format.line.width = Pt(1.5 if target else 2.25)
    series.marker.style = XL_MARKER_STYLE.NONE if target else XL_MARKER_STYLE.CIRCLE
    if target:
        series.format.line.dash_style = MSO_LINE.DASH
        return
    series.marker.size = 6
    _fill(series.marker.format.fill, colour)
    series.marker.format.line.color.rgb = RGBColor.from_string(colour)
    for at in plot.unfinished:
        hollow = series.points[at].marker
        hollow.style, hollow.size = XL_MARKER_STYLE.CIRCLE, 6
        _fill(hollow.format.fill, "FFFFFF")
        hollow.format.line.color.rgb = RGBColor.from_string(colour)
        line = series.points[at].format.line
        line.color.rgb = RGBColor.from_string(colour)
        line.width = Pt(2.25)
        line.dash_style = MSO_LINE.ROUND_DOT


def _axes(chart: Chart, plot: Plot, scale: int, unit: str) -> None:
    found = drawn.scale(plot)
    value, place = chart.value_axis, chart.category_axis
    value.minimum_scale, value.maximum_scale = float(found.low / scale), float(found.high / scale)
    value.major_unit = float(found.step / scale)
    value.tick_labels.number_format = _format(plot, scale)
    value.tick_labels.number_format_is_linked = False
    value.major_tick_mark = place.major_tick_mark = XL_TICK_MARK.NONE
    value.format.line.fill.background()
    value.major_gridlines.format.line.color.rgb = RGBColor.from_string(GRID)
    place.tick_label_position = XL_TICK_LABEL_POSITION.LOW
    place.format.line.color.rgb = RGBColor.from_string(MUTED)
    if unit:
        value.has_title = True
        frame = value.axis_title.text_frame
        frame.text = unit
        font = frame.paragraphs[0].runs[0].font
        font.size, font.bold = Pt(SIZE), False


def _thin(chart: Chart, plot: Plot, wide: float) -> None:
    """So many names along the bottom that each has room on one line."""
    axis = chart.category_axis._element  # noqa: SLF001 - python-pptx has no door to it
    room = max(map(cell_len, places(plot)), default=1) * SIZE * LETTER + SIZE
    skip = max(1, -(-round(len(plot.places) * room) // round(wide - 70)))
    axis.find(qn("c:noMultiLvlLbl")).addprevious(parse_xml(f'<c:tickLblSkip xmlns:c="{CHART}" val="{skip}"/>'))


def _workbook(plot: Plot, scale: int) -> bytes:
    """The numbers behind the chart, where `c:f` says that they stand."""
    target = BytesIO()
    book = Workbook(target, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    book.set_properties({"created": datetime(1980, 1, 1)})  # noqa: DTZ001 - a day, the same everywhere
    page = book.add_worksheet("Sheet1")
    how = book.add_format({"num_format": _format(plot, scale)})
    for n, place in enumerate(places(plot), start=1):
        page.write_string(n, 0, place)
    for n, line in enumerate(plot.lines, start=1):
        page.write_string(0, n, clipped(line.name, NAME))
        for at, value in enumerate(line.values, start=1):
            if value is not None:
                page.write_number(at, n, float(value / scale), how)
    book.close()
    return target.getvalue()
