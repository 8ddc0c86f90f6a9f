"""When servers were read -> lines and plain values: a server does not tell that it changed; its numbers are of then."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from zoneinfo import ZoneInfo

from shinro.findings.readings import Freshness
from shinro.loads import Load
from shinro.reports.dates import day
from shinro.reports.readings import Telling
from shinro.reports.report import Line, Lines, Plain, Report


def reads_of(loads: Iterable[Load | Freshness]) -> Mapping[str, datetime]:
    """By source, when it was read: its oldest table's time. Nothing of files, nor of what was read just now."""
    return {source: tables[0][0] for source, tables in _read_before(loads).items()}


def _read_before(loads: Iterable[Load | Freshness]) -> dict[str, list[tuple[datetime, str]]]:
    """By source, its tables that were not read just now, with their times, oldest first."""
    found: dict[str, list[tuple[datetime, str]]] = {}
    for load in loads:
        if load.read_at is not None:
            found.setdefault(load.source, []).append((load.read_at, load.table))
    return {source: sorted(tables) for source, tables in found.items()}


def read_texts(loads: Iterable[Load | Freshness], telling: Telling) -> Iterator[str]:
    """A sentence a source: when it was read, by the project's clock, and what reads it again.

    Where its tables were read at several times (one of them could not be read since), the first and the last.
    """
    for source, tables in _read_before(loads).items():
        at, last = (moment_text(tables[n][0], telling) for n in (0, -1))
        if at == last:
            yield telling.say("data.read", source=source, at=at)
        else:
            yield telling.say("data.read_apart", source=source, at=at, last=last, table=tables[0][1])


def moment_text(at: datetime, telling: Telling) -> str:
    """`Nov 27, 2026 10:20` by the project's clock."""
    local = at.astimezone(ZoneInfo(telling.calendar.zone))
    return f"{day(local.date(), telling.lang)} {local:%H:%M}"


def with_reads(report: Report, loads: Iterable[Load | Freshness], telling: Telling) -> Report:
    """A report with a quiet line at its end for every server that was not read just now."""
    told = tuple(Line(text, "quiet") for text in read_texts(loads, telling))
    return Report(report.lang, (*report.blocks, Lines(told))) if told else report


def read_json(loads: Iterable[Load | Freshness]) -> Plain:
    """`read`: by source, when it was read; nothing at all where none of it is a server that was read before."""
    found = {source: at.isoformat() for source, at in reads_of(loads).items()}
    return {"read": found} if found else {}
