"""Promises: the record's milestones -> what became of each, condition by condition, by the record's dates alone.

A condition counts as promised from the day on which the record first held it, whatever the project file says. It was
reached on the last day of the period from which on it held; declared later than that, on its day, or while it held, it
is retrospective, and missed where it was not met on its day; where the record holds no reading before it in which it
did not hold, that is not shown either way. A stock that the data show unmet on its very day is missed, whatever the
period end before that day read. A milestone that was moved is judged by its earlier forms too: changing it never makes
a miss a success, nor takes it out of sight.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from fractions import Fraction
from functools import cached_property
from itertools import pairwise, takewhile

from shinro.analysis.compare import holds
from shinro.analysis.declared import Chain, Form, asked_in, chains, in_order, meant
from shinro.analysis.recorded import Read, read_condition
from shinro.analysis.targets import judged, metric_of
from shinro.analysis.tracks import Tracks, as_defined, as_first_published
from shinro.definitions.phrases import Condition, Since
from shinro.entries import Entry, Kind
from shinro.findings.claims import Former, Kept, Pledge, Promise
from shinro.periods import Calendar, Grain, Period

MILESTONE = "milestone"  # what a cause is said of
REACHED = (Kept.ON_TIME, Kept.EARLY, Kept.LATE, Kept.MOVED)
FAILED = (Kept.MISSED, Kept.UNKNOWN)
UNMET = (*FAILED, Kept.LATE)
OPEN = (Kept.AHEAD_OF_US, Kept.WAITING)
WORST = (
    Kept.MISSED,
    Kept.UNKNOWN,
    Kept.AHEAD_OF_US,
    Kept.WAITING,
    Kept.HOLDING,
    Kept.MOVED,
    Kept.LATE,
    Kept.ON_TIME,
    Kept.EARLY,
    Kept.UNDATED,
    Kept.RETROSPECTIVE,
)
UNSHOWN = (Kept.RETROSPECTIVE, Kept.UNDATED)  # what was no promise when it was made, or cannot be shown to have been


@dataclass(frozen=True)  # no slots: what follows from it is kept
class Scene:
    """What promises are judged by: the published paths, how the company cuts time, the story's start, the day.

    `matures`: days after a period's end until it is final, of metrics that wait for those who began in it.
    `adds`: whether a metric's months add up to what came since the start. `on_day`: what a stock read at the end of a
    day by the data, as the status reads it, of a day to come what it reads now; None where that is not known.
    """

    tracks: Tracks
    calendar: Calendar
    today: date
    starts: date | None = None
    matures: Callable[[str], int] = lambda _metric: 0
    adds: Callable[[str], bool] = lambda _metric: True
    on_day: Callable[[str, date], Fraction | None] = lambda _metric, _day: None

    @cached_property
    def defined(self) -> Tracks:
        """The paths before any definition took the place of another in what was published."""
        return {key: as_defined(track) for key, track in self.tracks.items()}

    @cached_property
    def unrestated(self) -> Tracks:
        """The paths as they were published first."""
        return {key: as_first_published(track) for key, track in self.tracks.items()}


def promises(entries: Sequence[Entry], scene: Scene) -> tuple[Promise, ...]:
    """Every milestone of the record, by its day. Law: moving a milestone's day back makes nothing better."""
    causes = {
        entry.draft.subject: str(entry.draft.data["cause"])
        for entry in in_order(entries)
        if entry.draft.kind is Kind.DECISION
        and "cause" in entry.draft.data
        and entry.draft.data.get("of", MILESTONE) == MILESTONE
    }
    found = [_promise(chain, scene, causes) for chain in chains(entries, scene.calendar.zone)]
    return tuple(sorted(found, key=lambda each: (each.due, each.title)))


def _promise(found: Chain, scene: Scene, causes: dict[str, str]) -> Promise:
    chain = found.forms
    now, earlier = chain[-1], chain[:-1]
    judged_before = [tuple(_pledges(form, chain[: n + 1], scene)) for n, form in enumerate(earlier)]
    ahead = now.due > scene.today
    pledges = tuple(replace(_as_moved(each, judged_before), ahead=ahead) for each in _pledges(now, chain, scene))
    dropped = _dropped(pledges, judged_before)
    formers = tuple(
        Former(
            form.due, form.declared, after.declared, worst(map(_kept, told)), form.texts, entry.seq, entry.draft.subject
        )
        for (form, after), told in zip(pairwise(chain), judged_before, strict=True)
        for entry in (form.entry,)
    )
    return Promise(
        title=now.entry.draft.subject,
        due=now.due,
        declared=chain[0].declared,
        kept=_together(pledges, dropped),
        conditions=pledges,
        dropped=dropped,
        restated=tuple({each.text: each for form in (*judged_before, pledges) for each in form if each.first}.values()),
        moved=formers,
        cause=causes.get(now.entry.draft.subject, ""),
        seq=now.entry.seq,
        given_up=found.given_up,
        ahead=ahead,
    )


def _kept(pledge: Pledge) -> Kept:
    return pledge.kept


def worst(found: Iterable[Kept]) -> Kept:
    """What a milestone is, by what its conditions are: one that held before it was declared decides nothing."""
    present = set(found)
    return next((each for each in WORST if each in present), Kept.UNKNOWN)


def _dropped(pledges: Iterable[Pledge], before: Sequence[Sequence[Pledge]]) -> tuple[Pledge, ...]:
    """What earlier forms promise of metrics that the last one promises nothing of, and what was not met on its day.

    A level that was put in its place afterwards promises nothing.
    """
    kept = {each.metric for each in pledges if each.kept not in UNSHOWN}
    unmet = (each for form in before for each in form if each.kept in UNMET and each.metric not in kept)
    return tuple({each.text: each for each in unmet}.values())


def _together(pledges: Sequence[Pledge], dropped: Sequence[Pledge]) -> Kept:
    """The worst of the conditions; a condition that was dropped unmet leaves it `moved` at best."""
    found = worst(map(_kept, pledges))
    if not dropped or found is Kept.MISSED:
        return found
    if found in (Kept.UNKNOWN, *OPEN):
        return Kept.UNKNOWN if all(each.kept is Kept.UNKNOWN for each in dropped) else Kept.MISSED
    return worst(map(_kept, dropped)) if found in UNSHOWN else Kept.MOVED


def _as_moved(pledge: Pledge, before: Sequence[Sequence[Pledge]]) -> Pledge:
    """A condition in the light of what was promised of the same metric before it was moved."""
    former = {each.kept for form in before for each in form if each.metric == pledge.metric}
    if pledge.kept is Kept.UNKNOWN and Kept.MISSED in former:
        return replace(pledge, kept=Kept.MISSED)
    if not former & set(UNMET) or pledge.kept in (*FAILED, *UNSHOWN):
        return pledge
    if pledge.kept in OPEN:
        return replace(pledge, kept=Kept.MISSED)
    return replace(pledge, kept=Kept.MOVED if former & set(FAILED) else Kept.LATE)


def _pledges(form: Form, chain: Sequence[Form], scene: Scene) -> Iterator[Pledge]:
    for text in form.texts:
        asked = asked_in(text)
        declared = _promised_on(asked or text, form, chain)
        pledge = Pledge(Kept.UNKNOWN, form.entry.draft.subject, text, form.due, declared, None, form.entry.seq)
        if asked is None:
            yield pledge
            continue
        found = _judged(asked, form.due, declared, scene)
        yield replace(
            pledge,
            kept=found.kept,
            reached=found.reached,
            metric=metric_of(asked),
            grain=found.grain,
            ended=found.ended,
            first=found.first,
            breaks=found.breaks,
            earlier=found.earlier,
            unseen=found.unseen,
            on_day=found.on_day,
        )


def _promised_on(asked: Condition | str, form: Form, chain: Sequence[Form]) -> date:
    """From when on a condition was promised; for a day that had passed when it was first named, that was afterwards."""
    held = [each for each in chain if asked in meant(each.texts)]
    dated = next(each for each in held if each.due <= form.due)
    return dated.declared if dated.declared >= form.due else held[0].declared


@dataclass(frozen=True, slots=True)
class Judged:
    """How one condition was kept, the last day of the period from which on it held, and whether it went on to."""

    kept: Kept
    reached: date | None
    grain: Grain
    ended: Period | None = None
    breaks: bool = False
    earlier: int = 0
    unseen: bool = False
    first: Kept | None = None  # by the figures first published, where that is worse
    on_day: Fraction | None = None  # what the data read on its very day, where the period end before it said otherwise


def _judged(asked: Condition, due: date, declared: date, scene: Scene) -> Judged:
    """How one condition was kept.

    Law: another definition that takes the place of a published value makes nothing better; the worse of both counts.
    """
    starts = scene.starts if scene.adds(metric_of(asked)) else None
    now, defined, first = (
        _as_read(read_condition(asked, tracks, starts), asked, due, declared, scene)
        for tracks in (scene.tracks, scene.defined, scene.unrestated)
    )
    found = min((now, defined), key=_by_kept)
    return replace(found, first=first.kept if _is_worse(first, found) else None)


def _is_worse(first: Judged, now: Judged) -> bool:
    """Whether what was kept is not by the figures first published, or what was reached at last was not."""
    before, after = _by_kept(first), _by_kept(now)
    return before[0] < after[0] or (first.kept in UNMET and before < after)


def _by_kept(found: Judged) -> tuple[int, int]:
    """Worst first; of two readings, one that shows no promise kept is worse than one that does."""
    better = found.kept in (Kept.HOLDING, Kept.ON_TIME, Kept.EARLY)
    return (1 if found.kept in UNSHOWN else 2 if better else 0), WORST.index(found.kept)


def _as_read(read: Read, asked: Condition, due: date, declared: date, scene: Scene) -> Judged:
    states = [(period, value is not None and holds(value, asked.op, asked.level.value)) for period, value in read.held]
    last = judged(scene.calendar, read.grain, due)
    on_day = _on_its_day(asked, last, due, scene)
    holds_then = on_day is None or holds(on_day, asked.op, asked.level.value)
    kept, reached = _by_its_day(states, last, due, scene, fails=not holds_then)
    if kept is Kept.UNKNOWN and not _can_be_known(asked, last, scene):
        kept = Kept.WAITING
    if kept is Kept.LATE and declared >= due:
        kept = Kept.MISSED  # what was first named when its day had passed was not promised to be late
    held = reached is not None and (declared > reached or _held_when(states, declared))
    if (declared >= due or held) and kept not in UNMET:  # a miss is one all the same
        kept = Kept.RETROSPECTIVE
    elif kept in (Kept.ON_TIME, Kept.EARLY) and not _begins_in_sight(asked, states, reached):
        kept = Kept.UNDATED
    since = [each for each in states if reached and each[0].last >= reached]
    found = Judged(kept, reached, read.grain, *_went_on(since), *_held_before(read, states, reached))
    told = due <= scene.today and dict(states).get(last, True) is not holds_then
    return replace(found, on_day=on_day) if told else found


def _on_its_day(asked: Condition, last: Period, due: date, scene: Scene) -> Fraction | None:
    """What the data read of a stock on its very day, where the last period by then ends before that day."""
    if asked.reading is not None or last.last == due <= scene.today:
        return None
    return scene.on_day(metric_of(asked), due)


def _held_when(states: Sequence[tuple[Period, bool]], declared: date) -> bool:
    """Whether a condition held in the last reading before it was declared: a dip after that makes it no promise."""
    before = [held for period, held in states if period.last < declared]
    return bool(before) and before[-1]


def _begins_in_sight(asked: Condition, states: Sequence[tuple[Period, bool]], reached: date | None) -> bool:
    """Whether a reading before is on record, in which it did not hold; a total since the start began at nothing."""
    if isinstance(asked.reading, Since) and not holds(Fraction(0), asked.op, asked.level.value):
        return True
    return any(not held for period, held in states if reached and period.last < reached)


def _went_on(since: Sequence[tuple[Period, bool]]) -> tuple[Period | None, bool]:
    """Of the periods from the one on in which it held: the last in which it did, if others follow; whether it broke."""
    if not since:
        return None, False
    last = max(n for n, (_, held) in enumerate(since) if held)
    run = since[: last + 1]
    breaks = not all(held for _, held in run) or any(one.end != next_.start for (one, _), (next_, _) in pairwise(run))
    return (run[-1][0] if last + 1 < len(since) else None), breaks


def _held_before(read: Read, states: Sequence[tuple[Period, bool]], reached: date | None) -> tuple[int, bool]:
    """In how many periods before that day it held too, and whether nothing known lies behind the last of these."""
    before = [(value, held) for (period, value), (_, held) in zip(read.held, states, strict=True)
              if reached and period.last < reached]  # fmt: skip
    count = sum(held for _, held in before)
    behind = takewhile(lambda each: not each[1], reversed(before))
    return count, bool(count) and all(value is None for value, _ in behind)


def _by_its_day(
    states: Sequence[tuple[Period, bool]], last: Period, due: date, scene: Scene, *, fails: bool
) -> tuple[Kept, date | None]:
    """`last` is the last period that is over by the day: what was published for it decides.

    Law: what by the data `fails` on the very day, or now, is not kept, whatever a period end before that read.
    """
    if due > scene.today:
        begun = None if fails else _since_when(states)
        return (Kept.HOLDING if begun else Kept.AHEAD_OF_US), begun.last if begun else None
    until = [(period, held) for period, held in states if period.last <= due]
    if not fails and (not until or until[-1][0] != last):
        return Kept.UNKNOWN, None
    begun = None if fails else _since_when(until)
    if begun:
        return (Kept.ON_TIME if begun == last else Kept.EARLY), begun.last
    later = next((period for period, held in states if period.last > due and held), None)
    return (Kept.LATE, later.last) if later else (Kept.MISSED, None)


def _can_be_known(asked: Condition, last: Period, scene: Scene) -> bool:
    """Whether the period that decides is final: a cohort of young ones is not, long after its own end."""
    return last.end + timedelta(days=scene.matures(metric_of(asked))) <= scene.today


def _since_when(states: Sequence[tuple[Period, bool]]) -> Period | None:
    """The first period of the unbroken run that holds to the end; None where the last one does not hold."""
    found = None
    for period, held in reversed(states):
        if not held or (found and period.end != found.start):
            break
        found = period
    return found
