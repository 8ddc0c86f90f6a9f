"""Curves -> CSV and JSON: every cohort with all of its buckets, exactly."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import repeat

from shinro.analysis.flattening import Shape, flattening
from shinro.cohorts import Cohort, Curve, Pooled
from shinro.reports.curve import verdict
from shinro.reports.readings import Telling
from shinro.reports.report import Plain
from shinro.reports.values import spelled
from shinro.series import Mark
from shinro.units import decimal_text, sheet_text


def curve_csv(curves: Sequence[Curve]) -> str:
    """One row a cohort and bucket; buckets that have not begun have none."""
    names = list(dict.fromkeys(name for each in curves for name, _ in each.segment))
    target = io.StringIO()
    writer = csv.writer(target, lineterminator="\n")
    head = ["metric", "unit", "first_day", "last_day", *map(spelled, names), "bucket", "size", "kept", "rate", "mark"]
    writer.writerow(head)
    writer.writerows(row for curve in curves for row in _rows(curve, names))
    return target.getvalue()


def _rows(curve: Curve, names: Sequence[str]) -> Iterator[list[str]]:
    segment = dict(curve.segment)
    values = [spelled(segment.get(name) or "") for name in names]
    for cohort in curve.shown:
        days = [cohort.period.start.isoformat(), cohort.period.last.isoformat()]
        for bucket, (kept, how) in enumerate(_buckets(cohort)):
            numbers = [str(bucket), str(cohort.size), "" if kept is None else str(kept)]
            yield [
                curve.metric,
                curve.unit.value,
                *days,
                *values,
                *numbers,
                _cell(cohort.rate(bucket)),
                how.value,
            ]


def _buckets(cohort: Cohort) -> Iterator[tuple[int | None, Mark]]:
    """Every bucket that has begun, with how final it is."""
    for bucket, kept in enumerate(cohort.kept):
        yield kept, Mark.COMPLETE if bucket < cohort.complete else Mark.INCOMPLETE
    yield from repeat((None, Mark.UNKNOWN), cohort.unknown)


def _cell(rate: Fraction | None) -> str:
    return "" if rate is None else sheet_text(rate)


def _exact(rate: Fraction | None) -> str | None:
    return None if rate is None else decimal_text(rate)


def curve_json(curves: Sequence[Curve], telling: Telling) -> list[Plain]:
    """Every curve with all of its cohorts, the pooled ones, and the verdict."""
    return [
        {
            "metric": curve.metric,
            "label": telling.label(curve.metric),
            "unit": curve.unit.value,
            "segment": dict(curve.segment),
            "counted": "on or after" if curve.ever else "on",
            "cohort": "each" if curve.each else "first",
            "population": curve.population,
            "as_of": curve.as_of.isoformat(),
            "cohorts": [_cohort(each) for each in curve.shown],
            "pooled": [_plain(each) for each in curve.pooled],
            "flattening": _flattening(curve, telling),
        }
        for curve in curves
    ]


def _cohort(cohort: Cohort) -> Plain:
    return {
        "first_day": cohort.period.start.isoformat(),
        "last_day": cohort.period.last.isoformat(),
        "size": cohort.size,
        "buckets": [
            {"bucket": n, "kept": kept, "rate": _exact(cohort.rate(n)), "mark": how.value}
            for n, (kept, how) in enumerate(_buckets(cohort))
        ],
    }


def _plain(pool: Pooled) -> Plain:
    return {
        "bucket": pool.bucket,
        "cohorts": pool.cohorts,
        "size": pool.size,
        "kept": pool.kept,
        "rate": _exact(pool.rate),
    }


def _flattening(curve: Curve, telling: Telling) -> Plain:
    found = flattening(curve)
    bounded = found.shape in (Shape.FLATTENS, Shape.FALLS, Shape.UNSURE)
    seen = bounded or found.shape is Shape.GONE
    return {
        "shape": found.shape.value,
        "says": verdict(curve, found, telling),
        "from": found.start if seen else None,
        "to": found.end if seen else None,
        "level": _exact(found.level),
        "loses": [decimal_text(round(bound, 4)) for bound in found.loses] if bounded else None,
        "limit": decimal_text(found.limit),
        "entities": found.size if seen else None,
    }
