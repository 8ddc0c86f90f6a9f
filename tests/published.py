"""Published: a record written as a table, as entries and as facts with them."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from fractions import Fraction
from io import StringIO

from checking import facts_of
from shinro.analysis.tracks import tracks
from shinro.checks.facts import Facts
from shinro.entries import Draft, Entry, Figure, Kind
from shinro.periods import Calendar, Grain, Period, day_named
from shinro.series import Mark


def entries_of(table: str) -> tuple[Entry, ...]:
    """Entries of rows `written,kind,subject,period,value,base,mark,text`; empty cells may be left out.

    A value with a base is how many of so many; a report to an audience has its metrics as value. The period is a month.
    """
    return tuple(_entries(table))


def _entries(table: str) -> Iterator[Entry]:
    for seq, row in enumerate(csv.DictReader(StringIO(table))):
        kind = Kind(row["kind"])
        at = datetime.combine(date.fromisoformat(row["written"]), datetime.min.time(), UTC)
        if kind is Kind.TOLD:
            draft = Draft(kind=kind, subject=row["subject"], data={"metrics": row["value"].split()})
        else:
            draft = Draft(
                kind=kind, subject=row["subject"], grain=Grain.MONTH, period=_month(row["period"]), figure=_figure(row)
            )
        words = {"reason": row["text"]} if row.get("text") else {}
        yield Entry(seq, at, "", draft, words=words)


def _month(text: str) -> Period:
    day = day_named(text)
    assert day is not None
    return Calendar().period(day, Grain.MONTH)


def _figure(row: dict[str, str]) -> Figure:
    value, base = Fraction(row["value"]), row.get("base")
    mark = Mark(row.get("mark") or "complete")
    if base:
        return Figure(value / Fraction(base), "", mark, value, Fraction(base))
    return Figure(value, "", mark)


def with_record(text: str, table: str) -> Facts:
    """What rules judge: a project, and what it published."""
    facts = facts_of(text)
    entries = entries_of(table)
    return replace(facts, entries=entries, paths=tracks(entries, facts.meanings))
