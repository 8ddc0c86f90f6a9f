"""Series -> a table, CSV or JSON: every period with its value, and how final it is."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence

from shinro.reports.as_json import point_json
from shinro.reports.dates import day, period
from shinro.reports.numbers import number
from shinro.reports.readings import Telling
from shinro.reports.report import Block, Cell, Column, Heading, Line, Plain, Report, Table, lines
from shinro.reports.states import mark
from shinro.series import Mark, Point, Series
from shinro.units import sheet_text

FORMULA = ("=", "+", "-", "@", "\t", "\r")


def values_report(series: Sequence[Series], telling: Telling, overlaps: Sequence[Series] = ()) -> Report:
    """A table for each metric, a row a period, a column a segment; the running period and unknown ones are marked.

    Where segments do overlap, one more column is what they lack to add up to the whole.
    """
    blocks: list[Block] = []
    for metric, found in _tables(series).items():
        blocks.append(Heading(telling.label(metric)))
        twice = [each for each in overlaps if each.metric == metric and any(point.value for point in each.points)]
        blocks.append(_table(found, twice, telling) if any(each.points for each in found) else _nothing(telling))
        blocks += [lines(Line(telling.say("values.overlap_says"), "quiet"))] if twice else []
    return Report(telling.lang, (*blocks, *_marked(series, telling)) or (_nothing(telling),))


def _marked(series: Sequence[Series], telling: Telling) -> Iterator[Block]:
    """What the mark of an incomplete period says: it is running, or over with not all of it known."""
    marked = [(point.period, each) for each in series for point in each.points if point.mark is Mark.INCOMPLETE]
    sign = mark(Mark.INCOMPLETE)
    if any(when.end > each.as_of for when, each in marked):
        yield lines(Line(telling.say("values.running", mark=sign, day=day(marked[0][1].as_of, telling.lang)), "quiet"))
    over = [when for when, each in marked if when.end <= each.as_of]
    if over:
        first = period(min(over), series[0].grain, telling.calendar, telling.words)
        yield lines(Line(telling.say("values.over", mark=sign, period=first), "quiet"))


def _nothing(telling: Telling) -> Block:
    return lines(Line(telling.say("values.none"), "quiet"))


def _table(series: Sequence[Series], overlaps: Sequence[Series], telling: Telling) -> Table:
    columns = [Column(telling.say("status.period"), main=True)]
    columns += [Column(_title(each, series, telling), "right") for each in series]
    columns += [Column(telling.say("values.overlap"), "right") for _ in overlaps]
    series = (*series, *overlaps)
    periods = sorted({point.period for each in series for point in each.points})
    rows = []
    for when in periods:
        found = [each.at(when) for each in series]
        label = period(when, series[0].grain, telling.calendar, telling.words)
        rows.append((Cell(label), *(_cell(each, point, telling) for each, point in zip(series, found, strict=True))))
    return Table(tuple(columns), tuple(rows))


def _tables(series: Sequence[Series]) -> dict[str, list[Series]]:
    """What stands in one table by its heading: a metric's segments, or the parts of a metric that were asked for."""
    parts: dict[str, set[str]] = {}
    for each in series:
        parts.setdefault(each.metric.partition(".")[0], set()).add(each.metric)
    found: dict[str, list[Series]] = {}
    for each in series:
        whole = each.metric.partition(".")[0]
        together = len(parts[whole]) > 1 and not each.segment
        found.setdefault(whole if together else each.metric, []).append(each)
    return found


def _title(series: Series, beside: Sequence[Series], telling: Telling) -> str:
    """What stands above a column: a segment; where parts of one metric stand side by side, which part it is."""
    if series.segment or len(beside) == 1:
        return segment_name(series, telling) or telling.say("status.value")
    found = telling.project.metric(series.metric)
    part, steps = series.metric.partition(".")[2], tuple(map(str, found.steps)) if found else ()
    if not part:
        return f"{steps[0]} → {steps[-1]}" if steps else telling.say("status.value")
    if part in steps or not steps:
        return part if steps else telling.say(f"part.{part}")
    return f"→ {part.removesuffix('_rate')}" if part.endswith("_rate") else telling.label(series.metric)


def segment_name(series: Series, telling: Telling) -> str:
    """A segment in words; nothing for the whole."""
    return " / ".join(value or telling.say("status.no_value") for _, value in series.segment)


def _cell(series: Series, point: Point | None, telling: Telling) -> Cell:
    if point is None:
        return Cell("")
    if point.mark is Mark.UNKNOWN:
        return Cell(telling.say("state.unknown"), "quiet")
    text = number(point.value, series.meaning, telling.lang)
    return Cell(text) if point.mark is Mark.COMPLETE else Cell(f"{text} {mark(point.mark)}", "quiet")


def values_csv(series: Sequence[Series], overlaps: Sequence[Series] = ()) -> str:
    """One row a point, empty where undefined or unknown (`mark` tells); a third has 15 digits, JSON has it exactly.

    Where segments overlap, a last column tells the lines of segments from those of overlaps.
    A segment's text that a spreadsheet would take for a formula is led by an apostrophe.
    """
    names = list(dict.fromkeys(name for each in series for name, _ in each.segment))
    target = io.StringIO()
    writer = csv.writer(target, lineterminator="\n")
    head = ["metric", "grain", "first_day", "last_day", *map(spelled, names), "value", "over", "base", "mark"]
    writer.writerow([*head, "line"] if overlaps else head)
    for line, some in (("segment", series), ("overlap", overlaps)):
        told = [line] if overlaps else []
        writer.writerows([*row, *told] for each in some for row in _rows(each, names))
    return target.getvalue()


def _rows(series: Series, names: Iterable[str]) -> Iterator[list[str]]:
    segment = dict(series.segment)
    values = [spelled(segment.get(name) or "") for name in names]
    for point in series.points:
        numbers = ["" if part is None else sheet_text(part) for part in (point.value, point.over, point.base)]
        days = [point.period.start.isoformat(), point.period.last.isoformat()]
        yield [series.metric, series.grain.value, *days, *values, *numbers, point.mark.value]


def spelled(text: str) -> str:
    """A text as a CSV holds it: what a spreadsheet would take for a formula is led by an apostrophe."""
    return f"'{text}" if text.startswith(FORMULA) else text


def values_json(series: Sequence[Series], telling: Telling) -> list[Plain]:
    """Each series with what its numbers mean and all its points."""
    return [
        {
            "metric": each.metric,
            "label": telling.label(each.metric),
            "grain": each.grain.value,
            "segment": dict(each.segment),
            "unit": str(each.meaning.unit),
            "nature": each.meaning.nature.value,
            "better": each.meaning.better.value,
            "population": each.meaning.population,
            "policy": each.meaning.policy,
            "numerator": each.meaning.numerator,
            "denominator": each.meaning.denominator,
            "sources": list(each.meaning.sources),
            "as_of": each.as_of.isoformat(),
            "timezone": each.zone,
            "points": [point_json(point, each.meaning, telling.lang) for point in each.points],
        }
        for each in series
    ]
