"""A made-up record for the tests of traction: entries from short lines, paths from lists of numbers."""

from __future__ import annotations

import random
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from fractions import Fraction

from shinro.analysis.promises import Scene
from shinro.analysis.tracks import Tracks, tracks
from shinro.entries import Draft, Entry, Figure, Json, Kind, Origin
from shinro.periods import Calendar, Grain, Period, add_months
from shinro.series import Better, Mark, Meaning, Nature
from shinro.units import count, money

CALENDAR = Calendar()
FIRST = date(2026, 1, 1)
MEANINGS: Mapping[str, Meaning] = {
    "leads": Meaning("leads", Nature.FLOW, count("leads"), Better.HIGHER),
    "companies": Meaning("companies", Nature.STOCK, count("companies"), Better.HIGHER),
    "mrr": Meaning("mrr", Nature.STOCK, money("JPY"), Better.HIGHER, currency="JPY"),
    "rate": Meaning("rate", Nature.RATIO, better=Better.HIGHER, percent=True),
    "churn": Meaning("churn", Nature.RATIO, better=Better.LOWER, percent=True),
    "ltv": Meaning("ltv", Nature.RATIO, money("JPY"), Better.HIGHER, currency="JPY"),
    "r.nrr": Meaning("r.nrr", Nature.RATIO, better=Better.HIGHER, percent=True),
    "r.grr": Meaning("r.grr", Nature.RATIO, better=Better.HIGHER, percent=True),
    "cost": Meaning("cost", Nature.FLOW, money("JPY"), Better.LOWER, currency="JPY"),
    "plain": Meaning("plain", Nature.FLOW, count("things")),
}
Number = int | Fraction | tuple[int, int] | None  # a tuple is a rate's parts


def month(n: int, first: date = FIRST) -> Period:
    return Period(add_months(first, n), add_months(first, n + 1))


def figure(number: Number, mark: Mark = Mark.COMPLETE) -> Figure:
    if isinstance(number, tuple):
        over, base = map(Fraction, number)
        return Figure(over / base if base else None, "1", mark, over, base)
    return Figure(None if number is None else Fraction(number), "1", mark)


def written(period: Period) -> datetime:
    """Five days after a period's end."""
    end = period.end
    return datetime(end.year, end.month, 5, 1, tzinfo=UTC)


def entry(seq: int, draft: Draft, at: datetime, words: Mapping[str, str] | None = None) -> Entry:
    return Entry(seq, at, "actor", draft, {}, words or {})


def reports(metric: str, numbers: Sequence[Number], seq: int = 0, first: date = FIRST) -> list[Entry]:
    """One report a month, five days after it; the next seq follows the last one's."""
    found = []
    for n, number in enumerate(numbers):
        period = month(n, first)
        draft = Draft(
            kind=Kind.REPORT,
            subject=metric,
            grain=Grain.MONTH,
            period=period,
            figure=figure(number),
            origin=Origin("form", (), period.end, "0", "engine"),
        )
        found.append(entry(seq + n, draft, written(period)))
    return found


def restated(old: Entry, number: Number, seq: int, at: datetime, reason: str) -> Entry:
    draft = replace(old.draft, kind=Kind.RESTATE, figure=figure(number), replaces=old.seq)
    return entry(seq, draft, at, {"reason": reason})


def milestone(
    title: str, due: str, reach: Iterable[str], on: date, seq: int = 1000, replaces: int | None = None
) -> Entry:
    data: dict[str, Json] = {"due": due, "reach": list(reach)}
    draft = Draft(kind=Kind.MILESTONE, subject=title, data=data, replaces=replaces)
    return entry(seq, draft, datetime(on.year, on.month, on.day, 3, tzinfo=UTC))


def paths(*found: tuple[str, Sequence[Number]]) -> Tracks:
    every = [each for n, (metric, numbers) in enumerate(found) for each in reports(metric, numbers, 100 * n)]
    return tracks(every, MEANINGS)


def scene(known: Tracks, today: date, starts: date | None = FIRST) -> Scene:
    return Scene(known, CALENDAR, today, starts)


def plain(*values: object) -> list[object]:
    """Values of any kind side by side, to be compared with others."""
    return list(values)


def shuffled(entries: Sequence[Entry], seed: int) -> list[Entry]:
    mixed = list(entries)
    random.Random(seed).shuffle(mixed)  # noqa: S311 - an order, no secret
    return mixed
