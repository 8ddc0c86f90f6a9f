"""Restating: another value for a published period, with its reason; the old one stays in sight."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from shinro.definitions.project import Project
from shinro.entries import Draft, Entry, Kind, histories
from shinro.periods import Grain, Period, day_named, names_month
from shinro.problems import CannotGoOn, Place, Problem, Severity, problem
from shinro.queries.scans import Want
from shinro.record.book import head, read, write
from shinro.record.keys import Writer
from shinro.run.gathering import Gathered, Progress, silent
from shinro.run.opening import Opened
from shinro.run.origins import keep_project, reports_of
from shinro.run.publishing import Published, as_it_is, book_of
from shinro.run.rechecking import key_of, recheck
from shinro.series import Mark

REASON = "reason"
SHOWN = 6


@dataclass(frozen=True, slots=True)
class Restated:
    """A published entry, and what takes its place."""

    old: Entry
    new: Draft


def asked_for(gathered: Gathered, metric: str, period: str, progress: Progress = silent) -> tuple[Restated, ...]:
    """What is restated: a metric's period, or, without any, all that drifted and has a final value.

    Raises as `restatable`, and where nothing is found, with why tables of what is published could not be read.
    Cost: a recheck of the whole record where nothing is named.
    """
    entries = read(book_of(gathered.opened))
    if metric:
        return restatable(gathered, entries, metric, period)
    drifted = recheck(gathered, entries, progress=progress).drifted
    made = tuple(each for each in renewed(gathered, [each.entry for each in drifted]) if is_other(each))
    if not made and (wrong := _unread(gathered, (metric for metric, *_ in histories(entries)))):
        raise CannotGoOn(wrong)
    return made


def _unread(gathered: Gathered, metrics: Iterable[str]) -> tuple[Problem, ...]:
    """Why tables of metrics could not be read."""
    known = [metric for metric in metrics if metric in gathered.meanings]
    tables = {table for metric in known for table in gathered.tables(metric) if table not in gathered.loads}
    return tuple(each for each in gathered.problems_of(tables) if each.severity is Severity.ERROR)


def restatable(gathered: Gathered, entries: Iterable[Entry], metric: str, period: str) -> tuple[Restated, ...]:
    """What takes the place of a metric's published value in a period, at every length that it was published by.

    Raises CannotGoOn: B831 nothing is published for it, B832 the data give no final value of it any more (or why its
    tables cannot be read), B833 the value and its definition are still what was published.
    """
    day = day_named(period)
    project = gathered.opened.project
    found = [forms[-1] for forms in histories(entries).values() if forms[-1].draft.subject == metric]
    asked = [each for each in found if day and _named(each, period, project)]
    if not asked:
        known = ", ".join(dict.fromkeys(_label(each, project) for each in found[-SHOWN:])) or "-"
        case = "period" if found else "metric"
        raise CannotGoOn([problem("B831", Place("--period"), metric=metric, period=period, known=known, case=case)])
    made = renewed(gathered, asked)
    if not made:
        unread = _unread(gathered, [metric])
        raise CannotGoOn(unread or [problem("B832", Place("--period"), metric=metric, period=period)])
    others = tuple(each for each in made if is_other(each))
    if not others:
        raise CannotGoOn([problem("B833", Place("--period"), metric=metric, period=period)])
    return others


def _named(entry: Entry, text: str, project: Project) -> bool:
    """Whether a period is meant: by its label, by the month, or by its first day."""
    grain, period = _cut(entry)
    if names_month(text):
        return grain is Grain.MONTH and period.start == day_named(text)
    return text.strip() == project.calendar.label(period, grain) or (
        grain is not Grain.MONTH and period.start == day_named(text)
    )


def _cut(entry: Entry) -> tuple[Grain, Period]:
    _, grain, period, _ = key_of(entry)
    return grain, period


def _label(entry: Entry, project: Project) -> str:
    grain, period = _cut(entry)
    return project.calendar.label(period, grain)


def renewed(gathered: Gathered, entries: Sequence[Entry]) -> tuple[Restated, ...]:
    """What the data and the definitions of now give in place of published entries, where that is final."""
    wants = dict.fromkeys(Want(each.draft.subject, _cut(each)[0]) for each in entries)
    measured = gathered.measure(want for want in wants if want.metric in gathered.meanings)
    by_key = {key_of(each): each for each in entries}
    found: list[Restated] = []
    for series in (one for each in measured.values() for one in each):
        final = [point for point in series.points if point.mark is Mark.COMPLETE]
        for draft in reports_of(gathered, series, final, Kind.RESTATE):
            assert draft.period is not None  # noqa: S101 - a report's
            old = by_key.get((series.metric, series.grain, draft.period, series.segment))
            found += [Restated(old, replace(draft, replaces=old.seq))] if old else []
    order = {each.seq: n for n, each in enumerate(entries)}
    return tuple(sorted(found, key=lambda each: order[each.old.seq]))


def is_other(restated: Restated) -> bool:
    """Whether it says anything else than what stands: another value, or another definition."""
    old, new = restated.old.draft, restated.new
    same = old.origin and new.origin and old.origin.definition == new.origin.definition
    return old.figure != new.figure or not same


def restate(
    opened: Opened,
    found: Sequence[Restated],
    reason: str,
    writer: Writer,
    now: datetime,
    marked: Callable[[Draft], Draft] = as_it_is,
) -> Published:
    """Writes the new values with their reason, which stays outside the log. Raises as `record.book.write` does."""
    store = book_of(opened)
    before = head(store)
    keep_project(opened)
    drafts = [marked(replace(each.new, texts={REASON: reason})) for each in found]
    receipt = write(store, drafts, writer, now)
    written = tuple(each for each in receipt.entries if before is None or each.seq >= before.size)
    return Published(written, receipt.checkpoint)
