"""traction: what is told of the path walked, from the record; and that it was told, into the record."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from difflib import get_close_matches
from fractions import Fraction
from hashlib import sha256
from importlib import import_module

from shinro.analysis.declared import read_as_they_stand
from shinro.analysis.measured import read_by
from shinro.analysis.sought import measurable
from shinro.analysis.tale import Ground, tale
from shinro.checks.rule import settled
from shinro.cohorts import Curve, Revenue
from shinro.definitions.meaning import meaning_of, meanings
from shinro.definitions.normal import digest_of, normal_form
from shinro.definitions.project import Project
from shinro.definitions.story import Customers, Traction
from shinro.entries import Draft, Entry, Kind, days_written
from shinro.findings.claims import Cohorts, Concentration, Low, Tale, Track
from shinro.findings.forecasts import MilestoneOdds, Prospects
from shinro.periods import Grain
from shinro.problems import CannotGoOn, Place, Problem, Severity, problem
from shinro.queries.scans import Want
from shinro.record.book import head, read, write
from shinro.record.keys import Writer
from shinro.record.verify import verify
from shinro.run.curve import Asked, curves
from shinro.run.gathering import Gathered
from shinro.run.opening import Opened
from shinro.run.origins import project_of_then
from shinro.run.publishing import TOLD, Published, book_of
from shinro.run.revenue import are_recurring, revenues
from shinro.run.status import calendar_of, judged_bearings
from shinro.run.values import known_dimensions, known_metric
from shinro.series import Better, Meaning, Nature, Series

TURNED = (Better.HIGHER, Better.LOWER)
LARGEST = 5  # customers whose shares are told


def audience_of(opened: Opened, audience: str) -> Traction:
    """The block of an audience; of the only one where none is named. Raises CannotGoOn (Q170) where there is none."""
    known = {str(each.audience): each for each in opened.project.traction}
    if not known:
        raise CannotGoOn([problem("Q170", Place(opened.name), case="none")])
    if not audience and len(known) == 1:
        return next(iter(known.values()))
    if audience not in known:
        near = get_close_matches(audience, known, 1, cutoff=0.5)
        args = {"audience": audience or "-", "near": near[0] if near else "", "known": ", ".join(known)}
        raise CannotGoOn([Problem(Place(opened.name), "Q170", {"case": "near" if near else "far", **args})])
    return known[audience]


def tale_of(gathered: Gathered, audience: str, lang: str, *, published: bool = False) -> Tale:
    """What is told to an audience.

    Raises CannotGoOn: Q170 for an audience that there is not, and where nothing of its cadence is published; B820 where
    there is no record; what `verify` finds of one that is not what it was. Cost: the record's hashes, the forecast of
    the milestones, and the scans that the cache does not have.
    """
    opened, project = gathered.opened, gathered.opened.project
    traction = audience_of(opened, audience)
    store = book_of(opened)
    checkpoint = head(store)
    if checkpoint is None:
        raise CannotGoOn([problem("B820", Place(str(store.relative_to(opened.folder))))])
    verdict = verify(store)
    if not verdict.ok:
        raise CannotGoOn(verdict.problems)
    entries = read(store)[: checkpoint.size]
    gone = _gone(gathered, entries)
    ground = Ground(
        project=project,
        traction=traction,
        meanings={**gone, **gathered.meanings},
        gone=frozenset(gone),
        entries=entries,
        checkpoint=checkpoint,
        calendar=calendar_of(gathered),
        as_of=gathered.as_of,
        today=gathered.today,
        published=published,
        lang=lang,
    )
    if tale(ground) is None:
        raise CannotGoOn([_nothing(ground, opened.name)])
    whole = replace(
        ground,
        stocks=_stocks(gathered, ground.entries),
        odds=_odds(gathered),
        cohorts=tuple(_cohorts(gathered, traction)),
        concentration=_concentration(gathered, traction.customers) if traction.customers else None,
    )
    found = tale(whole)
    assert found is not None  # noqa: S101 - the same entries as above
    return replace(found, lows=(*found.lows, *_otherwise(opened, ground.entries, found.told, lang)))


def _gone(gathered: Gathered, entries: Sequence[Entry]) -> Mapping[str, Meaning]:
    """What published metrics meant that the project has no more: by the text that their newest number came with."""
    known = gathered.meanings
    newest = {each.draft.subject: each for each in entries if each.draft.figure and each.draft.subject not in known}
    found: dict[str, Meaning] = {}
    for metric, entry in newest.items():
        digest = str(entry.draft.data.get("project", ""))
        then = project_of_then(gathered.opened, digest) if digest else None
        if then and metric in meanings(then):
            found[metric] = meanings(then)[metric]
    return found


def _nothing(ground: Ground, name: str) -> Problem:
    """Why there is nothing to tell: nothing of the cadence was published, or only after the day that we stand on."""
    days = sorted(set(days_written(ground.entries, ground.calendar.zone).values()))
    later = next((day for day in days if day > ground.today and tale(replace(ground, today=day))), None)
    case = {"case": "later", "day": ground.today, "written": later} if later else {"case": "empty"}
    return Problem(Place(name), "Q170", {"cadence": ground.grain.value, **case})


def forms_of(gathered: Gathered, found: Tale) -> Mapping[str, Mapping[str, str]]:
    """The normal form of each definition by which the last number that is told of a metric was measured.

    By the text of the project that its entry names; where that has gone, by today's if its hash is the entry's.
    """
    told: dict[str, Mapping[str, str]] = {}
    for path, then in _then(gathered.opened, read(book_of(gathered.opened)), found.told):
        form = _form(then, path.metric, path.grain) or _form(gathered.opened.project, path.metric, path.grain)
        if form and (then or digest_of(form) == path.steps[-1].definition):
            told[path.metric] = form
    return told


def _then(opened: Opened, entries: Sequence[Entry], paths: Sequence[Track]) -> Iterator[tuple[Track, Project | None]]:
    """Each path that has a number, with the definitions that its newest one was published with, where they are kept."""
    by_seq, kept = {each.seq: each for each in entries}, dict[str, Project | None]()
    for path in paths:
        if path.steps:
            digest = str(by_seq[path.steps[-1].seq].draft.data.get("project", ""))
            if digest not in kept:
                kept[digest] = project_of_then(opened, digest) if digest else None
            yield path, kept[digest]


def _otherwise(opened: Opened, entries: Sequence[Entry], paths: Sequence[Track], lang: str) -> Iterator[Low]:
    """Metrics that are called otherwise than when they were published, or whose good direction was another."""
    for path, then in _then(opened, entries, paths):
        metric = path.metric
        if then is None or metric not in meanings(then):
            continue
        was = meanings(then)[metric].better
        if (was, path.meaning.better) in (TURNED, TURNED[::-1]):
            yield Low("low.turned", metric, path)
        name = metric.partition(".")[0]
        if then.label(name, lang) != opened.project.label(name, lang):
            yield Low("low.renamed", metric, path, args={"was": then.label(name, lang)})


def _form(project: Project | None, metric: str, grain: Grain) -> Mapping[str, str] | None:
    return normal_form(project, metric, grain) if project and metric in meanings(project) else None


def _odds(gathered: Gathered) -> tuple[MilestoneOdds, ...]:
    # Not at the top: statistics cost more than all that is told from the record alone.
    found: Prospects = import_module("shinro.run.forecasts").prospects(gathered, back=False)
    return found.milestones


def _stocks(gathered: Gathered, entries: Sequence[Entry]) -> Mapping[str, Series]:
    """Every promised stock by the day, as the status reads it on the day of a milestone."""
    project, meanings = gathered.opened.project, gathered.meanings
    promised = [each for each in read_as_they_stand(entries) if each in meanings and measurable(project, each)]
    stocks = [each for each in promised if meanings[each].nature is Nature.STOCK]
    wants = {each: Want(each, Grain.DAY) for each in stocks if read_by(project, meanings[each]) is Grain.DAY}
    measured = gathered.measure(list(wants.values())) if wants else {}
    return {metric: found[0] for metric, want in wants.items() if (found := measured.get(want))}


def _cohorts(gathered: Gathered, traction: Traction) -> Iterator[Cohorts]:
    """All cohorts of each metric, as `values --curve` shows them. Raises CannotGoOn (Q153) where it has none."""
    for ref in traction.cohorts:
        metric = str(ref)
        if are_recurring(gathered.opened.project, (metric,)):
            for revenue in revenues(gathered, (metric,), Asked()).revenues:
                yield _paid(gathered, revenue)
        else:
            for curve in curves(gathered, (metric,), Asked()).curves:
                yield _kept(gathered, curve)


def _paid(gathered: Gathered, found: Revenue) -> Cohorts:
    rows = tuple(
        (
            each.period,
            each.amounts[0],
            tuple(each.rate(n) if n < each.complete else None for n in range(found.last + 1)),
        )
        for each in found.cohorts
    )
    return Cohorts(meaning_of(f"{found.metric}.mrr", gathered.meanings), found.unit, rows)


def _kept(gathered: Gathered, found: Curve) -> Cohorts:
    rows = tuple(
        (
            each.period,
            Fraction(each.size),
            tuple(each.rate(n) if n < each.complete else None for n in range(found.last + 1)),
        )
        for each in found.cohorts
    )
    part = meaning_of(f"{found.metric}.cohort", gathered.meanings)
    return Cohorts(replace(part, metric=found.metric), found.unit, rows)


def _concentration(gathered: Gathered, asked: Customers) -> Concentration | None:
    """The largest customers' shares in the last period that is over; None where nothing was paid in it.

    Raises CannotGoOn where the metric or the dimension is not known. Law: the shares are at most 1 together.
    """
    metric, by = str(asked.metric), str(asked.by)
    known_metric(gathered.opened.project, metric, gathered.opened.name)
    known_dimensions(gathered, metric, (by,), asked.by.place)
    whole, parts = Want(metric, Grain.MONTH), Want(metric, Grain.MONTH, (by,))
    measured = gathered.measure([whole, parts])
    final = [point.period for one in measured.get(whole, ()) for point in one.complete if point.value]
    if not final:
        return None
    amounts = [(_name(one), point.value) for one in measured.get(parts, ()) if (point := one.at(final[-1]))]
    return concentration(
        Concentration(meaning_of(metric, gathered.meanings), 0, (), final[-1], asked.names == "shown"),
        [(name, value) for name, value in amounts if value is not None],
    )


def _name(one: Series) -> str:
    return " ".join(str(value) for _, value in one.segment if value is not None)


def concentration(like: Concentration, amounts: list[tuple[str, Fraction]]) -> Concentration | None:
    """Shares of what customers bring; one that brings nothing, or less, is no customer of the period."""
    paying = sorted(((name, value) for name, value in amounts if value > 0), key=lambda each: (-each[1], each[0]))
    total = sum((value for _, value in paying), Fraction(0))
    if not total:
        return None
    shares = tuple((name if like.named else "", value / total) for name, value in paying[:LARGEST])
    return replace(like, customers=len(paying), shares=shares)


def blocking(found: Tale, gathered: Gathered) -> None:
    """Raises CannotGoOn with the faults of a report that may be looked at, but not be told, and of its project.

    A rule that the project silences or sets milder stops nothing; its fault stands in the report all the same. A
    written claim that a rule R refuses is not told, so it stops nothing either; nor do sources that ended, all of them,
    before today, which the report says. Cost: a status.
    """
    _, checked = judged_bearings(gathered, reach=gathered.as_of)
    every = (*settled(found.problems, gathered.opened.project), *(each for each in checked if each.code[:1] != TOLD))
    errors = tuple(dict.fromkeys(each for each in every if each.severity is Severity.ERROR))
    if errors:
        raise CannotGoOn(errors)


def told_draft(found: Tale, content: bytes, form: str) -> Draft:
    """That a report was told: to whom, which metrics over which days, and the file by its hash."""
    return Draft(
        kind=Kind.TOLD,
        subject=found.audience,
        data={
            "metrics": [path.metric for path in found.told],
            "starts": found.period.start.isoformat(),
            "ends": found.period.last.isoformat(),
            "claims": len(found.claims),
            "refused": len(found.refused),
            "form": form,
            "sha256": sha256(content).hexdigest(),
        },
    )


def record_told(opened: Opened, draft: Draft, writer: Writer, now: datetime) -> Published:
    """Writes that a report was told. Raises CannotGoOn as `record.book.write` does."""
    receipt = write(book_of(opened), [draft], writer, now)
    return Published(receipt.entries, receipt.checkpoint)
