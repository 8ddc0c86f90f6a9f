"""Subscriptions that a test writes down as a table of text, measured by the real path."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction

from measuring import Duck, Engine, Reading, Types, measured, project_of
from oracle import Row, World
from shinro.definitions.metric import PARTS
from shinro.periods import Grain
from shinro.queries.compile import sql
from shinro.queries.scans import Scan, Want
from shinro.series import Segment
from shinro.warehouse.frame import Cells, cells

COLUMNS = {
    "company": "text", "plan": "text", "starts": "date", "ends": "date", "amount": "number", "every": "text",
    "seats": "number", "status": "text", "trial": "date",
}  # fmt: skip
TYPES: Types = {"subs": COLUMNS}
PROJECT = """
currency: {currency}
timezone: Asia/Tokyo
fiscal_year_starts: april
sources: {{billing: {{type: files, path: "*.csv"}}}}
tables:
  subs:
    {{from: billing.subs, entity: company, starts: starts, ends: ends, ends_are: {ends_are}, amount: amount,
     every: every, quantity: seats, status: status, trial_ends: trial, dimensions: [plan]{more}}}
metrics:
  revenue: {{recurring: subs}}
"""
Values = dict[str, dict[str, Fraction | None]]  # part -> the period's first day -> value


def rows_of(text: str) -> list[Row]:
    """A header and rows of words, `-` for nothing."""
    header, *lines = [line.split() for line in text.strip().splitlines()]
    return [_row(dict(zip(header, line, strict=True))) for line in lines]


def _row(words: dict[str, str]) -> Row:
    row: dict[str, object] = dict.fromkeys(COLUMNS)
    for name, word in words.items():
        kind = COLUMNS[name]
        told = date.fromisoformat(word) if kind == "date" and word != "-" else word
        row[name] = None if word == "-" else Decimal(word) if kind == "number" else told
    return row


def world_of(rows: list[Row], as_of: date, currency: str = "USD", ends_are: str = "exclusive", more: str = "") -> World:
    """A world in which these subscriptions are all there is."""
    project = project_of(PROJECT.format(currency=currency, ends_are=ends_are, more=more))
    return World(project, TYPES, {"subs": rows}, as_of, as_of)


class Remembering(Reading):
    """A reading that compiles the same scan once."""

    def read(self, scan: Scan) -> Cells:
        key = (self.engine.dialect, scan.normal, scan.measures, self.schema.calendar, self.schema.whole)
        text = COMPILED.get(key) or sql(scan, self.schema, self.engine.dialect)
        COMPILED[key] = text
        self.raw.append(self.engine.rows(text))
        self.scans[scan] = cells(scan, self.raw[-1])
        return self.scans[scan]


COMPILED: dict[tuple[object, ...], str] = {}


def parts(
    world: World, grain: Grain = Grain.MONTH, by: tuple[str, ...] = (), engine: Engine | None = None
) -> dict[Segment, Values]:
    """Every part of `revenue` in every period, by segment."""
    wants = {part: Want(f"revenue.{part}", grain, by) for part in PARTS}
    found = measured(world, TYPES, Remembering(world, TYPES, engine or Duck()), wants.values())
    made: dict[Segment, Values] = {}
    for part, want in wants.items():
        for series in found.get(want, ()):
            values = {point.period.start.isoformat(): point.value for point in series.points}
            made.setdefault(series.segment, {})[part] = values
    return made


def whole(text: str, as_of: date, grain: Grain = Grain.MONTH, **how: str) -> Values:
    """Every part of the whole, of subscriptions written down."""
    return parts(world_of(rows_of(text), as_of, **how), grain)[()]


def moved(values: Values, period: str) -> dict[str, Fraction]:
    """What moved in a period."""
    names = ("new_mrr", "expansion", "contraction", "churned_mrr", "reactivation")
    return {name: value for name in names if (value := values[name][period])}
