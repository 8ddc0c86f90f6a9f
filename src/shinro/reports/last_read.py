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
    found: dict[str, datetime] = {}
    for load in loads:
        if load.read_at is not None:
            found[load.source] = min(load.read_at, found.get(load.source, load.read_at))
    return found


def read_texts(loads: Iterable[Load | Freshness], telling: Telling) -> Iterator[str]:
    """A sentence a source: when it was read, by the project's clock, and what reads it again."""
    for source, at in reads_of(loads).items():
        yield telling.say("data.read", source=source, at=moment_text(at, telling))


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
