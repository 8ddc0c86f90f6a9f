"""Tracks: the record's entries -> each metric's published path, what was restated in sight."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from itertools import pairwise
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from shinro.definitions.meaning import meaning_of
from shinro.entries import Entry, Figure, Kind
from shinro.findings.claims import Step, Track, Was
from shinro.periods import Grain, Period
from shinro.series import Mark, Meaning

Tracks = Mapping[tuple[str, Grain], Track]
FIGURES = (Kind.REPORT, Kind.RESTATE)


def tracks(entries: Iterable[Entry], meanings: Mapping[str, Meaning], zone: str = "UTC") -> Tracks:
    """Metric and grain -> its path over the whole company.

    Law: a period's step is its newest entry; every final value that another stood in place of is in its `was`.
    The order in which the entries come does not matter. Cost: one sort.
    """
    held: dict[tuple[str, Grain], dict[Period, list[tuple[Entry, Figure]]]] = {}
    for entry in sorted(entries, key=lambda each: each.seq):
        draft = entry.draft
        if draft.kind in FIGURES and draft.grain and draft.period and draft.figure and not draft.segment:
            path = held.setdefault((draft.subject, draft.grain), {})
            path.setdefault(draft.period, []).append((entry, draft.figure))
    return {
        (metric, grain): Track(
            meaning_of(metric, meanings), grain, tuple(_step(path[period], zone) for period in sorted(path))
        )
        for (metric, grain), path in held.items()
    }


def _step(found: Sequence[tuple[Entry, Figure]], zone: str) -> Step:
    entry, figure = found[-1]
    assert entry.draft.period is not None  # noqa: S101 - only such entries are held
    return Step(
        period=entry.draft.period,
        value=figure.value,
        seq=entry.seq,
        mark=figure.mark,
        over=figure.over,
        base=figure.base,
        published=local_day(entry.written_at, zone),
        late=found[0][0].late,
        definition=entry.draft.origin.definition if entry.draft.origin else "",
        was=tuple(_was(found, zone)),
    )


def _was(found: Sequence[tuple[Entry, Figure]], zone: str) -> Iterator[Was]:
    """What stood in a period: a figure of a period that was not over yet is no promise of its value."""
    for (old, figure), (new, after) in pairwise(found):
        if figure.mark is Mark.COMPLETE and (new.draft.kind is Kind.RESTATE or figure.value != after.value):
            reason = new.words.get("reason", "")
            yield Was(figure.value, old.seq, local_day(old.written_at, zone), reason)


def local_day(moment: datetime, zone: str) -> date:
    """The day of a moment in a time zone; UTC's where there is no such zone."""
    try:
        return moment.astimezone(ZoneInfo(zone)).date()
    except (ZoneInfoNotFoundError, ValueError):
        return moment.astimezone(UTC).date()


def within(track: Track, span: Period) -> Track:
    """The part of a path that lies in a span of days."""
    kept = tuple(each for each in track.steps if span.start <= each.period.start and each.period.end <= span.end)
    return replace(track, steps=kept)
