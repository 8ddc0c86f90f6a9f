"""What a sync did -> a report."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from shinro.loads import Load
from shinro.problems import Problem
from shinro.reports.problems import as_json as problems_json
from shinro.reports.problems import problems_report
from shinro.reports.report import Block, Cell, Column, Heading, Report, Table, lines
from shinro.reports.words import Words

Row = tuple[Cell, ...]


def sync_report(
    loads: Iterable[Load], problems: tuple[Problem, ...], as_of: date, series: int, scans: int, words: Words
) -> Report:
    """Every table that was loaded, how far it is known, what was measured, and what went wrong."""
    found = tuple(loads)
    failed = problems and not found
    title = words.say("sync.failed") if failed else words.say("sync.title", day=as_of.isoformat())
    blocks: list[Block] = [Heading(title, 1)]
    if found:
        blocks += [_table(found, words), lines(words.say("sync.measured", series=series, scans=scans))]
    else:
        blocks.append(lines(words.say("sync.unread" if failed else "sync.nothing")))
    if problems:
        blocks += problems_report(problems, words).blocks
    return Report(words.lang, tuple(blocks))


def _table(loads: tuple[Load, ...], words: Words) -> Table:
    columns = (
        Column(words.say("sync.table"), main=True),
        Column(words.say("sync.rows"), "right"),
        Column(words.say("sync.rejected"), "right"),
        Column(words.say("sync.newest")),
        Column(words.say("sync.seconds"), "right"),
        Column(words.say("sync.files")),
    )
    return Table(columns, tuple(_row(load) for load in loads))


def _row(load: Load) -> Row:
    newest = load.newest.isoformat() if load.newest else "–"
    texts = (load.table, f"{load.rows:,}", f"{load.rejected:,}", newest, f"{load.seconds:.2f}", ", ".join(load.files))
    return tuple(map(Cell, texts))


def sync_json(
    loads: Iterable[Load], problems: tuple[Problem, ...], as_of: date, series: int, scans: tuple[str, ...], words: Words
) -> dict[str, object]:
    """The same as plain values; `as_of` is null where nothing was read."""
    found = tuple(loads)
    return {
        "as_of": as_of.isoformat() if found else None,
        "tables": [
            {
                "table": load.table,
                "rows": load.rows,
                "rejected": load.rejected,
                "newest": load.newest.isoformat() if load.newest else None,
                "fingerprint": load.fingerprint,
                "snapshot": list(load.snapshot),
                "files": list(load.files),
                "seconds": round(load.seconds, 3),
            }
            for load in found
        ],
        "series": series,
        "scans": list(scans),
        "problems": problems_json(problems, words),
    }
