"""Publishing: what is over and not in the record yet -> entries. Publishing twice writes once."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path

from shinro.checks.promises import promised
from shinro.definitions.periodic import not_within
from shinro.definitions.phrases import Over
from shinro.definitions.project import Project
from shinro.entries import Checkpoint, Draft, Entry, Key, histories
from shinro.periods import Grain
from shinro.problems import CannotGoOn, Problem, Severity
from shinro.queries.scans import Want
from shinro.record.book import head, read, write
from shinro.record.keys import Writer
from shinro.record.memory import same_company
from shinro.run.gathering import Gathered
from shinro.run.opening import Opened
from shinro.run.origins import keep_project, reports_of
from shinro.run.pledging import pledged
from shinro.run.status import judged_bearings
from shinro.series import Point, Series

TOLD = "R"  # rules on what is told keep nothing from the record: a claim may want the very values that are published
FIRST = 1  # a log's first entry after that of its key
GRR = {"nrr": "grr"}  # a rate that is never told without another: the record holds both


@dataclass(frozen=True, slots=True)
class Differs:
    """A published value that the data, read now, give otherwise."""

    entry: Entry
    now: Draft


@dataclass(frozen=True, slots=True)
class Offer:
    """What a publishing would write, and what there is to say before."""

    pledges: tuple[Draft, ...]
    reports: tuple[Draft, ...]  # oldest period first
    standing: int  # periods that are published already
    differs: tuple[Differs, ...]
    errors: tuple[Problem, ...]  # of `check`: with any of them nothing is published
    unmeasured: tuple[tuple[str, str], ...]
    as_of: date
    since: date | None
    candidates: tuple[Draft, ...] = ()  # every period that is over, published or not
    names: Mapping[int, str] = field(default_factory=dict)  # what is recorded and replaced by a pledge, by its entry
    left_out: tuple[Draft, ...] = ()  # holes that `since` would leave: with any of them nothing is to be published

    @property
    def drafts(self) -> tuple[Draft, ...]:
        """All that would be written, in order."""
        return (*self.pledges, *self.reports)


@dataclass(frozen=True, slots=True)
class Published:
    """What was written, and the head that stands now."""

    entries: tuple[Entry, ...]
    checkpoint: Checkpoint
    begun: bool = False  # whether a new log begins with it
    meanwhile: int = 0  # entries that were offered, and that another publisher wrote first


def book_of(opened: Opened) -> Path:
    """The folder of a project's record. Raises CannotGoOn (B822) where the setting leads out of the project."""
    return opened.record


def offer(gathered: Gathered, since: date | None = None, *, weekly: bool = False) -> Offer:
    """What is new since the last publishing. What was published once goes on while it is defined: nothing is dropped.

    Raises CannotGoOn (B823) where the record is of a company of another name.
    Cost: a status, and a series a metric that is published.
    """
    opened = gathered.opened
    entries = read(book_of(opened))
    same_company(book_of(opened), entries, str(opened.project.company or ""))
    begins = _first(opened.project, entries)
    first = since or begins
    known = histories(entries)
    before = [(metric, grain) for metric, grain, _, segment in known if not segment]
    pairs = tuple(dict.fromkeys([*wanted(opened.project, weekly=weekly), *before]))
    metrics = tuple(name for name, _ in pairs if name in gathered.meanings)
    over = tuple(_reports(gathered, pairs, min(first, begins) if first and begins else first))
    drafts = tuple(draft for draft in over if first is None or _days(draft)[0] > first)
    _, problems = judged_bearings(gathered, reach=gathered.as_of)
    promised_now = pledged(opened, entries)
    replaced = {each.replaces for each in promised_now}
    return Offer(
        promised_now,
        _fresh(drafts, known),
        sum(_key(draft) in known for draft in drafts),
        tuple(_differing(drafts, known)),
        tuple(each for each in problems if each.severity is Severity.ERROR and not each.code.startswith(TOLD)),
        gathered.unmeasured(dict.fromkeys(metrics)),
        gathered.as_of,
        first,
        drafts,
        {each.seq: each.draft.subject for each in entries if each.seq in replaced},
        tuple(_holes(over[: len(over) - len(drafts)], known)),
    )


def as_it_is(draft: Draft) -> Draft:
    """The draft."""
    return draft


def _first(project: Project, entries: Iterable[Entry]) -> date | None:
    """The day from which on periods are published: the story's start, or earlier, where the record begins earlier.

    A record has no holes: what is over in its first period's time and later is published once it is known.
    """
    starts = [project.story.starts] if project.story else []
    return min([*starts, *(period.start for _, _, period, _ in histories(entries))], default=None)


def publish(
    opened: Opened,
    offered: Offer,
    writer: Writer,
    now: datetime,
    marked: Callable[[Draft], Draft] = as_it_is,
) -> Published:
    """Writes what was offered and is still new when no other publisher can write any more.

    `marked` may say more of each entry: that its company is made up. Raises CannotGoOn with the errors of `check`, and
    as `record.book.write` does. Law: a second one writes nothing.
    """
    if offered.errors:
        raise CannotGoOn(offered.errors)
    store = book_of(opened)
    before = head(store)
    keep_project(opened)
    receipt = write(store, lambda known: [marked(each) for each in _new(opened, offered, known)], writer, now)
    written = tuple(each for each in receipt.entries if before is None or each.seq >= before.size)
    begins = before is None and bool(written) and written[0].seq == FIRST
    return Published(written, receipt.checkpoint, begins, max(len(offered.drafts) - len(written), 0))


def _new(opened: Opened, offered: Offer, entries: tuple[Entry, ...]) -> tuple[Draft, ...]:
    return (*pledged(opened, entries), *_fresh(offered.candidates, histories(entries)))


def wanted(project: Project, *, weekly: bool = False) -> tuple[tuple[str, Grain], ...]:
    """Every metric that is published, with its grain: what the story is told with, and what it promises.

    Months, or the longer period that a metric comes in; weeks of KPIs that are looked at weekly only where asked for. A
    milestone's condition adds the period that it is read by.
    """
    names = dict.fromkeys(_named(project))
    names |= dict.fromkeys(_beside(project, names))
    found = [(name, not_within(project, name, Grain.MONTH)) for name in names]
    if weekly:
        found += [
            (str(ref), Grain.WEEK) for ref, kpi in project.kpis.items() if kpi.cadence and _is_weekly(kpi.cadence.grain)
        ]
    found += [
        (promise.metric, promise.grain) for each in project.milestones for promise in promised(each) if promise.grain
    ]
    readings = [promise for each in project.milestones for promise in promised(each)]
    found += [
        (each.metric, each.condition.reading.grain) for each in readings if isinstance(each.condition.reading, Over)
    ]
    return tuple(dict.fromkeys(found))


def _is_weekly(grain: Grain) -> bool:
    return grain in (Grain.DAY, Grain.WEEK)


def _named(project: Project) -> Iterator[str]:
    star = project.star
    if star:
        yield from map(str, (star.metric, *star.outcomes, *((star.guardrail,) if star.guardrail else ())))
    yield from map(str, project.kpis)
    for each in project.traction:
        yield from map(str, (each.headline, *each.supports, *each.cash, *each.cohorts))
        yield from (str(said.kpi) for said in each.claims if said.kpi)
        yield from ((str(each.customers.metric),) if each.customers else ())
    for milestone in project.milestones:
        yield from (promise.metric for promise in promised(milestone))


def _beside(project: Project, names: Iterable[str]) -> Iterator[str]:
    for name in names:
        base, _, part = name.partition(".")
        metric = project.metric(base)
        if metric and metric.recurring and part in GRR:
            yield f"{base}.{GRR[part]}"


def _reports(gathered: Gathered, pairs: Sequence[tuple[str, Grain]], since: date | None) -> Iterator[Draft]:
    """The value of every period that is over, those that ended first first."""
    wants = [Want(name, grain) for name, grain in pairs if name in gathered.meanings]
    measured = gathered.measure(wants)
    found = [
        draft
        for want in wants
        for one in measured.get(want, ())
        for draft in reports_of(gathered, one, _over(one, since))
    ]
    order = {want.metric: n for n, want in reversed(list(enumerate(wants)))}
    yield from sorted(found, key=lambda each: (*_days(each), order[each.subject]))


def _days(draft: Draft) -> tuple[date, date]:
    assert draft.period is not None  # noqa: S101 - a report's
    return draft.period.end, draft.period.start


def _over(series: Series, since: date | None) -> Iterator[Point]:
    return (point for point in series.complete if since is None or point.period.end > since)


def _key(draft: Draft) -> Key:
    assert draft.grain is not None  # noqa: S101 - a report's
    assert draft.period is not None  # noqa: S101 - a report's
    return draft.subject, draft.grain, draft.period, draft.segment


def _fresh(drafts: Iterable[Draft], known: Mapping[Key, Sequence[Entry]]) -> tuple[Draft, ...]:
    return tuple(draft for draft in drafts if _key(draft) not in known)


def _holes(drafts: Iterable[Draft], known: Mapping[Key, Sequence[Entry]]) -> Iterator[Draft]:
    """Periods that are not published, after the first one of the same metric that is."""
    begins: dict[tuple[str, Grain], date] = {}
    for metric, grain, period, _ in known:
        begins[metric, grain] = min(period.start, begins.get((metric, grain), date.max))
    for draft in drafts:
        metric, grain, period, segment = key = _key(draft)
        if key not in known and not segment and period.start > begins.get((metric, grain), date.max):
            yield draft


def _differing(drafts: Iterable[Draft], known: Mapping[Key, Sequence[Entry]]) -> Iterator[Differs]:
    for draft in drafts:
        forms = known.get(_key(draft), ())
        if forms and forms[-1].draft.figure != draft.figure:
            yield Differs(forms[-1], draft)
