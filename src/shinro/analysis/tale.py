"""The tale: everything that a traction report tells, put together from the record's entries."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from fractions import Fraction
from functools import partial

from shinro.analysis.claims import Role, claims, span_of, written
from shinro.analysis.lows import lows, past, stale
from shinro.analysis.promises import Scene, promises
from shinro.analysis.totals import adds_up
from shinro.analysis.tracks import Tracks, tracks, within
from shinro.checks.declared import by_title, milestones_declared
from shinro.checks.promises import name_of
from shinro.checks.telling import faults, marks, refusals
from shinro.checks.told import always_told, with_gross
from shinro.definitions.project import Project
from shinro.definitions.story import Said, Traction
from shinro.entries import Checkpoint, Entry, Kind, days_written, pledges
from shinro.findings.claims import Claim, Cohorts, Concentration, Low, Promise, Refused, Tale, Told, Track
from shinro.findings.forecasts import MilestoneOdds
from shinro.periods import DAYS_OF, Calendar, Grain, Period
from shinro.series import Mark, Meaning, Nature, Series


@dataclass(frozen=True, slots=True)
class Ground:
    """What is told from: the project, its record as of a day, and what only its data know."""

    project: Project
    traction: Traction
    meanings: Mapping[str, Meaning]
    entries: Sequence[Entry]
    checkpoint: Checkpoint | None
    calendar: Calendar
    as_of: date  # of the data
    today: date
    odds: tuple[MilestoneOdds, ...] = ()
    cohorts: tuple[Cohorts, ...] = ()
    concentration: Concentration | None = None
    gone: frozenset[str] = frozenset()  # metrics of `meanings` that the project has no more: nothing is claimed of them
    stocks: Mapping[str, Series] = field(default_factory=dict)  # by the day, of those that are promised
    published: bool = False
    lang: str = field(default="en")  # of the words that have no other place

    @property
    def grain(self) -> Grain:
        """The declared cadence; a month where none is."""
        return self.traction.cadence or Grain.MONTH

    @property
    def known(self) -> tuple[Entry, ...]:
        """The entries that were written by the day that we stand on."""
        days = days_written(self.entries, self.calendar.zone)
        return tuple(each for each in self.entries if days[each.seq] <= self.today)


def tale(ground: Ground) -> Tale | None:
    """The tale; None where no period of the declared cadence was published yet.

    Law: every number of a claim, a promise and a path is an entry's, but what a stock read on a promise's very day.
    Cost: linear in the entries.
    """
    project, traction, entries = ground.project, ground.traction, ground.known
    every = tracks(entries, ground.meanings, ground.calendar.zone)
    starts = project.story.starts if project.story else None
    knows = partial(matures, project), partial(adds_up, project), partial(_on_day, ground)
    kept = promises(entries, Scene(every, ground.calendar, ground.today, starts, *knows))
    order = told_metrics(project, traction, kept, every, ground.grain)
    paths = [every[metric, ground.grain] for metric in order if (metric, ground.grain) in every]
    span = span_of(paths, traction.period.duration if traction.period else None)
    if span is None:
        return None
    other = unlike(project, entries)
    odds = tuple(each for each in ground.odds if each.title not in other)  # of what stands as it was promised
    found = claims([each for each in paths if each.metric not in ground.gone], roles(project, traction), kept, span)
    said, refused = _said(ground, every, kept, span)
    cash = [every[key] for ref in traction.cash if (key := (str(ref), ground.grain)) in every]
    last = last_told(entries, str(traction.audience), ground.calendar.zone)
    told = (*paths, *(path for path in cash if path.metric not in order))
    supports = [every[key] for ref in traction.supports if (key := (str(ref), ground.grain)) in every]
    headline = every.get((str(traction.headline), ground.grain))
    made = Tale(
        company=str(project.company or ""),
        audience=str(traction.audience),
        as_of=ground.as_of,
        period=span,
        grain=ground.grain,
        headline=within(headline, span) if headline else None,
        supports=tuple(within(path, span) for path in supports),
        claims=tuple(_marked(each, ground) for each in _joined(found, said)),
        refused=refused,
        promises=kept,
        lows=(
            *lows(paths, kept, odds, span, {name: matures(project, name) for name in order}),
            *stale(span, timedelta(days=DAYS_OF[ground.grain.value]), ground.today),
            *(Low("low.unlike", None, args={"title": each}) for each in other),
            *past(len(ground.entries) - len(entries), ground.today),
        ),
        cohorts=ground.cohorts,
        cash=tuple(within(path, span) for path in cash),
        concentration=ground.concentration,
        words=traction.words.in_(ground.lang) if traction.words else "",
        asks=tuple(each.in_(ground.lang) for each in traction.asks),
        odds=odds,
        last_told=last,
        told_others=_told_others(entries, str(traction.audience)),
        dropped=tuple(_dropped(last, told, every, ground.grain)),
        told=tuple(within(path, span) for path in told),
        unrecorded=unrecorded(project, entries),
        checkpoint=ground.checkpoint,
        published=ground.published,
    )
    return replace(made, problems=faults(made, traction, project))


def _on_day(ground: Ground, metric: str, day: date) -> Fraction | None:
    """What a stock read at the end of a day by the data, of a day to come what it reads now; None where not known."""
    series, day = ground.stocks.get(metric), day if day <= ground.today else ground.as_of
    point = series.at(Period(day, day + timedelta(days=1))) if series else None
    return point.value if point and point.mark is Mark.COMPLETE else None


def told_metrics(
    project: Project, traction: Traction, kept: Iterable[Promise], every: Tracks, grain: Grain
) -> tuple[str, ...]:
    """Every metric that is told of: what is always told, and what milestones promise."""
    first = always_told(project, traction)
    first += [each.metric for promise in kept for each in (*promise.conditions, *promise.dropped) if each.metric]
    return tuple(each for each in with_gross(first) if (each, grain) in every)


def matures(project: Project, metric: str) -> int:
    """Days after a period until a conversion's or a retention's cohort of it is judged; none for anything else."""
    found = project.metric(metric)
    waits = (found.within if found.conversion else found.after if found.retention else None) if found else None
    return waits.duration.days if waits else 0


def roles(project: Project, traction: Traction) -> Mapping[str, Role]:
    """What each metric is in the story."""
    star = project.star
    beside = [*traction.supports, *(star.outcomes if star else ()), *([star.guardrail] if star else [])]
    beside += [ref for ref, kpi in project.kpis.items() if kpi.focus]
    top = [traction.headline, *([star.metric] if star else [])]
    return {str(ref): Role.BESIDE for ref in beside if ref} | {str(ref): Role.TOP for ref in top}


def _said(
    ground: Ground, every: Tracks, kept: Sequence[Promise], span: Period
) -> tuple[tuple[Claim, ...], tuple[Refused, ...]]:
    """The company's own sentences: those that the record bears out, and those that are not told."""
    paths = {metric: path for (metric, grain), path in every.items() if grain is ground.grain}
    found: list[Claim] = []
    refused: list[Refused] = []
    for said in ground.traction.claims:
        text = said.says.in_(ground.lang) if said.says else ""
        metric = str(said.kpi) if said.kpi else ""
        problems = refusals(said, ground.traction, paths, ground.project)
        if problems:  # every language is judged; the report's own sentence is told with what is wrong with it
            problems = refusals(_in(said, text), ground.traction, paths, ground.project) or problems
        path = paths.get(metric)
        days = _days_of(said, span)
        claim = written(path, days, text, roles(ground.project, ground.traction), kept) if path else None
        if problems or claim is None:
            refused.append(Refused(text, metric, problems))
        else:
            found.append(claim)
    return tuple(found), tuple(refused)


def _in(said: Said, text: str) -> Said:
    """A claim with the words of one language alone."""
    return replace(said, says=replace(said.says, texts={"": text})) if said.says else said


def _days_of(said: Said, span: Period) -> Period:
    """The days that a sentence is about, its last day one of them; where it names none, those of the report."""
    return Period(said.starts or span.start, said.ends + timedelta(days=1) if said.ends else span.end)


def _joined(found: Sequence[Claim], said: Sequence[Claim]) -> tuple[Claim, ...]:
    """Found claims with the company's own words on the same numbers; then its own of other days, by strength."""
    words = {(each.track.metric, each.first.seq, each.last.seq): each.written for each in said}
    with_words = [
        replace(each, written=words.get((each.track.metric, each.first.seq, each.last.seq), "")) for each in found
    ]
    known = {(each.track.metric, each.first.seq, each.last.seq) for each in found}
    own = [each for each in said if (each.track.metric, each.first.seq, each.last.seq) not in known]
    ranked = sorted(enumerate([*with_words, *own]), key=lambda pair: (-pair[1].strength, pair[0]))
    return tuple(each for _, each in ranked)


def _marked(claim: Claim, ground: Ground) -> Claim:
    return replace(claim, marks=marks(claim, ground.traction, ground.project))


def last_told(entries: Iterable[Entry], audience: str, zone: str) -> Told | None:
    """What this audience was told the last time."""
    entries = tuple(entries)
    found = [each for each in entries if each.draft.kind is Kind.TOLD and each.draft.subject == audience]
    if not found:
        return None
    last = max(found, key=lambda each: each.seq)
    metrics = last.draft.data.get("metrics")
    names = tuple(map(str, metrics)) if isinstance(metrics, Sequence) and not isinstance(metrics, str) else ()
    return Told(days_written(entries, zone)[last.seq], last.seq, names, _told_days(last))


def _told_others(entries: Iterable[Entry], audience: str) -> tuple[str, ...]:
    told = [each.draft.subject for each in entries if each.draft.kind is Kind.TOLD]
    return tuple(dict.fromkeys(each for each in told if each != audience))


def _told_days(entry: Entry) -> Period | None:
    try:
        starts, ends = (date.fromisoformat(str(entry.draft.data[name])) for name in ("starts", "ends"))
    except (KeyError, ValueError):
        return None
    return Period(starts, ends + timedelta(days=1))


def _dropped(last: Told | None, told: Sequence[Track], every: Tracks, grain: Grain) -> Iterator[Track]:
    """What was told last time and is not this time, with what the record says of it now."""
    now = {path.metric for path in told}
    for metric in last.metrics if last else ():
        if metric not in now:
            yield every.get((metric, grain)) or Track(Meaning(metric, Nature.FLOW), grain, ())


def unrecorded(project: Project, entries: Iterable[Entry]) -> tuple[str, ...]:
    """Milestones of the project that the record does not hold: of those nothing counts as promised.

    One that another has replaced is in the record under its own name.
    """
    held = pledges(entries, Kind.MILESTONE)
    titles = {id(each): title for title, each in by_title(project).items()}
    return tuple(name_of(each) for each in project.milestones if titles.get(id(each), name_of(each)) not in held)


def unlike(project: Project, entries: Sequence[Entry]) -> tuple[str, ...]:
    """Milestones of the record that the project says otherwise by now, or not at all, and that is not recorded."""
    known = pledges(entries, Kind.MILESTONE)
    found = [each for each in milestones_declared(project, known) if each.replaces is not None]
    old = {each.seq: title for title, forms in known.items() for each in forms}
    return tuple(dict.fromkeys(old[each.replaces] for each in found if each.replaces in old))
