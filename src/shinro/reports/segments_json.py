"""Segments -> plain values for JSON: exact numbers as text, beside each how a reader would write it."""

from __future__ import annotations

from fractions import Fraction

from shinro.findings.segments import Break, Breaks, SegmentFindings, SegmentLine, Side, Split
from shinro.periods import Period
from shinro.reports.numbers import gap, number, rounded
from shinro.reports.readings import Telling
from shinro.reports.report import Plain
from shinro.reports.segments import break_text, expected_text, remarks, weighed_text
from shinro.units import decimal_text


def segments_json(found: SegmentFindings, telling: Telling) -> Plain:
    """A gap by segment. What adds up is exact; numbers of `breaks` are rounded to nine places."""
    return {
        "metric": found.meaning.metric,
        "label": telling.label(found.meaning.metric),
        "against": found.against.value,
        "before": _days(found.before),
        "after": _days(found.after),
        "dimensions": list(found.dimensions),
        "cells": found.cells,
        "unsplit": found.unsplit,
        "by_definition": list(found.by_definition),
        "breaks": _breaks(found.breaks, found, telling) if found.breaks else None,
        "splits": [_split(split, found, telling) for split in found.splits],
        "nested": _split(found.nested, found, telling) if found.nested else None,
    }


def _days(period: Period) -> Plain:
    return {"first_day": period.start.isoformat(), "last_day": period.last.isoformat()}


def _breaks(broke: Breaks, found: SegmentFindings, telling: Telling) -> Plain:
    return {
        "expected": expected_text(found, telling),
        "before": _days(broke.before or found.before),
        "after": _days(broke.after or found.after),
        "whole": {
            "observed": _cell(broke.observed, found, telling, places=9),
            "expected": _cell(broke.expected, found, telling, places=9),
        },
        "weighed": broke.weighed,
        "named": [
            _break(one, break_text(one, found, telling, first=place == 0), found, telling)
            for place, one in enumerate(broke.breaks)
        ],
        "others": [_break(one, weighed_text(one, found, telling), found, telling) for one in broke.others],
    }


def _break(one: Break, says: str, found: SegmentFindings, telling: Telling) -> Plain:
    return {
        "segment": dict(one.segment),
        "observed": _cell(one.observed, found, telling, places=9),
        "expected": _cell(one.expected, found, telling, places=9),
        "change": _gap(rounded(one.change, 9), found, telling),
        "share": None if one.share is None else decimal_text(rounded(one.share, 4)),
        "score": round(one.score, 2),
        "since": _days(one.since) if one.since else None,
        "says": says,
    }


def _split(split: Split, found: SegmentFindings, telling: Telling) -> Plain:
    return {
        "dimensions": list(split.dimensions),
        "before": _cell(split.before, found, telling),
        "after": _cell(split.after, found, telling),
        "gap": _gap(split.gap, found, telling),
        "mix": _gap(split.mix, found, telling) if split.after.is_ratio else None,
        "rate": _gap(split.rate, found, telling) if split.after.is_ratio else None,
        "overlap": _gap(split.overlap, found, telling),
        "overlap_moved": _moved(split, found, telling),
        "simpson": {"rising": split.reversal.rising, "segments": split.reversal.segments} if split.reversal else None,
        "remarks": list(remarks(split, found, telling)),
        "lines": [_line(line, found, telling) for line in split.lines],
    }


def _moved(of: Split | SegmentLine, found: SegmentFindings, telling: Telling) -> Plain | None:
    return None if of.overlap_moved is None else _gap(of.overlap_moved, found, telling)


def _line(line: SegmentLine, found: SegmentFindings, telling: Telling) -> Plain:
    parts = {"change": line.change, "mix": line.mix, "rate": line.rate, "moved": line.moved}
    return {
        "segment": dict(line.segment),
        "before": _cell(line.before, found, telling) if line.before else None,
        "after": _cell(line.after, found, telling) if line.after else None,
        **{name: None if part is None else _gap(part, found, telling) for name, part in parts.items()},
        "presence": line.presence.value,
        "small": line.small,
        "overlap": _gap(line.overlap, found, telling),
        "overlap_moved": _moved(line, found, telling),
        "lines": [_line(one, found, telling) for one in line.lines],
    }


def _cell(cell: Side, found: SegmentFindings, telling: Telling, places: int | None = None) -> Plain:
    exact = {"value": cell.value, "over": cell.over, "base": cell.base}
    told = {name: _exact(part, places) for name, part in exact.items()}
    return {**told, "shown": number(cell.value, found.meaning, telling.lang)}


def _exact(value: Fraction | None, places: int | None) -> str | None:
    if value is None:
        return None
    return decimal_text(value if places is None else rounded(value, places))


def _gap(amount: Fraction, found: SegmentFindings, telling: Telling) -> Plain:
    return {"value": decimal_text(amount), "shown": gap(amount, found.meaning, telling.lang)}
