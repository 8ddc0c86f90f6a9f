"""Lowlights: what fell short, found by the same rules as the claims and told beside them, whoever likes it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from itertools import pairwise

from shinro.analysis.claims import improved, movement, stands_out, worsened
from shinro.analysis.tracks import within
from shinro.findings.claims import Kept, Low, Promise, Track
from shinro.findings.forecasts import MilestoneOdds
from shinro.periods import Period

UNLIKELY = 0.5  # a milestone to come that is less likely than this is told as a lowlight
HALF = 2
BROKEN = (Kept.MISSED, Kept.LATE, Kept.MOVED, Kept.UNKNOWN)


def lows(
    paths: Sequence[Track],
    promises: Sequence[Promise],
    odds: Iterable[MilestoneOdds],
    span: Period,
    matures: Mapping[str, int] | None = None,
) -> tuple[Low, ...]:
    """Milestones that were not kept, metrics that got worse, growth that slows, holes in the record, poor prospects.

    `matures`: days after a period's end until it is final, of metrics that wait for those who began in it.
    """
    return (
        *_broken(promises),
        *(low for path in paths for low in _worse(path, span)),
        *(low for path in paths[:1] for low in _slower(path, span)),
        *(low for path in paths for low in _holes(path, span, (matures or {}).get(path.metric, 0))),
        *_unlikely(odds),
    )


def _broken(promises: Iterable[Promise]) -> Iterator[Low]:
    """Missed, late, reached only as it was moved, not to be told; given up or moved on the way."""
    for promise in promises:
        if promise.restated:
            yield Low("low.restated", None, promise=promise)
        if promise.kept in BROKEN:
            yield Low(f"low.{promise.kept.value}", None, promise=promise)
        elif any(each.kept in BROKEN for each in promise.conditions):
            yield Low("low.partly", None, promise=promise)
        elif promise.given_up:
            yield Low("low.given_up", None, promise=promise)
        elif promise.moved:
            yield Low("low.replaced", None, promise=promise)


def _worse(path: Track, span: Period) -> Iterator[Low]:
    """A path that went the wrong way over the whole period; or whose change is no more than its noise."""
    inside = within(path, span)
    moved = movement(inside)
    if moved is None or not moved.change:
        return
    args = {"first": moved.first, "last": moved.last, "change": moved.change}
    if not moved.is_of_one_thing:
        yield Low("low.redefined", path.metric, inside, args=args)
        return
    if worsened(inside, moved):
        yield Low("low.fell" if stands_out(inside, moved) else "low.dipped", path.metric, inside, args=args)
    elif improved(inside, moved) and not stands_out(inside, moved):
        yield Low("low.unclear", path.metric, inside, args=args)


def _slower(path: Track, span: Period) -> Iterator[Low]:
    """The headline where it rose, and its second half brought less than half of what its first did."""
    inside = within(path, span)
    moved = movement(inside)
    steps = inside.complete
    if moved is None or len(steps) < 2 * HALF + 1 or not (improved(inside, moved) and stands_out(inside, moved)):
        return
    values = [step.value for step in steps if step.value is not None]
    middle = (len(values) - 1) // HALF
    early, late = values[middle] - values[0], values[2 * middle] - values[middle]
    if abs(late) < abs(early) / HALF or late * early < 0:
        yield Low("low.slower", path.metric, inside, args={"early": early, "late": late, "middle": steps[middle]})


def _holes(path: Track, span: Period, matures: int) -> Iterator[Low]:
    """Periods within the path that were never published, and a path that ends before it must."""
    inside = within(path, span)
    missing = sum(before.period.end < after.period.start for before, after in pairwise(inside.steps))
    if missing:
        yield Low("low.holes", path.metric, inside, args={"n": missing})
    last = inside.steps[-1].period if inside.steps else None
    if last and last.end + (last.end - last.start) + timedelta(days=matures) <= span.end:
        yield Low("low.stopped", path.metric, inside, args={"last": inside.steps[-1]})


def stale(span: Period, grain_days: timedelta, today: date) -> Iterator[Low]:
    """A record that ends more than a whole period before today: what came since is not told."""
    if span.end + 2 * grain_days <= today:
        yield Low("low.stale", None, args={"until": span.last, "today": today})


def past(n: int, today: date) -> Iterator[Low]:
    """A report of a day in the past: how many entries of the record are later, and not told."""
    if n:
        yield Low("low.past", None, args={"until": today, "n": n})


def _unlikely(odds: Iterable[MilestoneOdds]) -> Iterator[Low]:
    for each in odds:
        if each.probability is not None and each.probability < UNLIKELY:
            yield Low("low.unlikely", None, args={"title": each.title, "due": each.due, "odds": each.probability})
