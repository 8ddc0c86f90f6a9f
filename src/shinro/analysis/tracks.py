"""Tracks: the record's entries -> each metric's published path, what was restated in sight."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from itertools import pairwise

from shinro.definitions.meaning import meaning_of
from shinro.entries import Entry, Figure, Kind, days_written, histories
from shinro.findings.claims import Step, Track, Was
from shinro.periods import Grain, Period
from shinro.series import Mark, Meaning

Tracks = Mapping[tuple[str, Grain], Track]


def tracks(entries: Iterable[Entry], meanings: Mapping[str, Meaning], zone: str = "UTC") -> Tracks:
    """Metric and grain -> its path over the whole company.

    Law: a period's step is its newest entry; every final value that another stood in place of is in its `was`.
    The order in which the entries come does not matter. Cost: linear, and a sort of the periods.
    """
    held: dict[tuple[str, Grain], dict[Period, Sequence[Entry]]] = {}
    every = tuple(entries)
    days = days_written(every, zone)
    for (metric, grain, period, segment), found in histories(every).items():
        figured = [entry for entry in found if entry.draft.figure]
        if figured and not segment:
            held.setdefault((metric, grain), {})[period] = figured
    return {
        (metric, grain): Track(
            meaning_of(metric, meanings), grain, tuple(_step(period, path[period], days) for period in sorted(path))
        )
        for (metric, grain), path in held.items()
    }


def _step(period: Period, found: Sequence[Entry], days: Mapping[int, date]) -> Step:
    entry, figure = found[-1], _figure(found[-1])
    return Step(
        period=period,
        value=figure.value,
        seq=entry.seq,
        mark=figure.mark,
        over=figure.over,
        base=figure.base,
        published=days[entry.seq],
        late=days[found[0].seq] >= period.end + (period.end - period.start),
        definition=_definition(entry),
        was=tuple(_was(found, days)),
    )


def _was(found: Sequence[Entry], days: Mapping[int, date]) -> Iterator[Was]:
    """What stood in a period: a figure of a period that was not over yet is no promise of its value."""
    for old, new in pairwise(found):
        before, after = _figure(old), _figure(new)
        if before.mark is Mark.COMPLETE and (new.draft.kind is Kind.RESTATE or before.value != after.value):
            day, definition = days[old.seq], _definition(old)
            yield Was(
                before.value, old.seq, day, new.words.get("reason", ""), before.over, before.base, definition=definition
            )


def _figure(entry: Entry) -> Figure:
    assert entry.draft.figure is not None  # noqa: S101 - only such entries are on a path
    return entry.draft.figure


def _definition(entry: Entry) -> str:
    return entry.draft.origin.definition if entry.draft.origin else ""


def as_defined(track: Track) -> Track:
    """A path whose periods read what stood before another definition took their place; the same where none did."""
    return replace(track, steps=tuple(_as_defined(step) for step in track.steps))


def _as_defined(step: Step) -> Step:
    first = step.was[0].definition if step.was else ""
    if not is_another(first, step.definition):
        return step
    old = [was for was in step.was if was.definition == first][-1]
    return _as_it_was(step, old)


def as_first_published(track: Track) -> Track:
    """A path whose periods read what was published for them first; the same where nothing was restated."""
    return replace(track, steps=tuple(_as_it_was(step, step.was[0]) if step.was else step for step in track.steps))


def _as_it_was(step: Step, old: Was) -> Step:
    return replace(step, value=old.value, over=old.over, base=old.base, definition=old.definition)


def is_another(one: str, other: str) -> bool:
    """Whether two definitions are known, and are two."""
    return bool(one and other) and one != other


def redefined_at(track: Track) -> tuple[tuple[Step, Step], ...]:
    """Each two final periods in a row that were measured by two definitions."""
    return tuple(pair for pair in pairwise(track.complete) if is_another(pair[0].definition, pair[1].definition))


def within(track: Track, span: Period) -> Track:
    """The part of a path that lies in a span of days."""
    kept = tuple(each for each in track.steps if span.start <= each.period.start and each.period.end <= span.end)
    return replace(track, steps=kept)
