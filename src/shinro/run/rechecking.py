"""Rechecking: every published period computed again from its own snapshots, and what has drifted since by its name."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from shinro.definitions.normal import changed, digest_of, normal_form
from shinro.definitions.project import Project
from shinro.entries import Entry, Figure, Key, Kind, histories
from shinro.findings.drift import Drift, Recheck, Rechecked, Rows
from shinro.loads import Load
from shinro.problems import Problem
from shinro.queries.scans import Want
from shinro.run.gathering import Gathered, Progress, silent
from shinro.run.origins import figure_of, project_of_then
from shinro.run.regathering import Then, regathering, then_of
from shinro.series import Mark
from shinro.warehouse.differences import Side, differences
from shinro.warehouse.engine import scratch_folder

Changes = tuple[tuple[str, str | None, str | None], ...]


@dataclass(frozen=True, slots=True)
class Again:
    """What was measured from the inputs of then, and what stood in the way."""

    figures: Mapping[Key, Figure]
    loads: Mapping[str, Load]
    gone: frozenset[str]
    problems: tuple[Problem, ...]


NOTHING = Again({}, {}, frozenset(), ())


@dataclass
class Bench:
    """The work on one recheck: definitions of then, and what was measured again, each once."""

    gathered: Gathered
    store: Path
    projects: dict[str, Project | None] = field(default_factory=dict)
    rows: dict[tuple[Then, str], Rows | None] = field(default_factory=dict)

    def project_of(self, entry: Entry) -> Project | None:
        """The definitions that a number was published with; None where their text has gone."""
        digest = str(entry.draft.data.get("project", ""))
        if digest not in self.projects:
            self.projects[digest] = project_of_then(self.gathered.opened, digest) if digest else None
        return self.projects[digest]


def recheck(
    gathered: Gathered, entries: Iterable[Entry], metrics: Sequence[str] = (), progress: Progress = silent
) -> Recheck:
    """Every period that stands published, of some metrics or all, recomputed.

    Law: nothing drifts while definition, sources and code are what they were. No cache is believed: the bytes of the
    snapshots are loaded anew. Cost: a load of every table for every publishing, and a scan a metric.
    """
    standing = [forms[-1] for forms in histories(entries).values()]
    asked = sorted((each for each in standing if not metrics or each.draft.subject in metrics), key=_order)
    with scratch_folder(gathered.opened.store) as store:
        bench = Bench(gathered, store)
        found = tuple(_rechecked(bench, asked, progress))
    restated = sum(each.draft.kind is Kind.RESTATE for each in asked)
    return Recheck(found, gathered.as_of, restated)


def _order(entry: Entry) -> tuple[object, ...]:
    period = entry.draft.period
    return entry.draft.subject, entry.draft.grain and entry.draft.grain.value, period and period.start


def _rechecked(bench: Bench, asked: Sequence[Entry], progress: Progress) -> Iterator[Rechecked]:
    now = figures(bench.gathered, asked)
    definitions = {each.seq: _definition(bench, each) for each in asked}
    again = _measured(bench, [(each, bench.gathered.opened.project) for each in asked], progress)
    others = [(each, old) for each in asked if definitions[each.seq] and (old := bench.project_of(each))]
    before = _measured(bench, others, progress)
    for each in asked:
        ways = again.get(each.seq, NOTHING), before.get(each.seq, NOTHING)
        yield _judged(bench, each, definitions[each.seq], ways, now.get(key_of(each)))


def key_of(entry: Entry) -> Key:
    """What a published entry is of."""
    draft = entry.draft
    assert draft.grain is not None  # noqa: S101 - a published one's
    assert draft.period is not None  # noqa: S101 - a published one's
    return draft.subject, draft.grain, draft.period, draft.segment


def figures(gathered: Gathered, entries: Iterable[Entry]) -> dict[Key, Figure]:
    """The final values of the periods that entries are of, as the gathered tables give them."""
    wants: dict[Want, None] = {}
    for subject, grain, _, segment in map(key_of, entries):
        if subject in gathered.meanings:
            wants[Want(subject, grain, tuple(name for name, _ in segment))] = None
    return {
        (series.metric, series.grain, point.period, series.segment): figure_of(series.meaning, point)
        for found in gathered.measure(wants).values()
        for series in found
        for point in series.points
        if point.mark is Mark.COMPLETE
    }


def _definition(bench: Bench, entry: Entry) -> Changes | None:
    """What a metric's normal form says differently; None where it says the same, () where the old one has gone."""
    metric, grain, _, _ = key_of(entry)
    known = metric in bench.gathered.meanings
    now = normal_form(bench.gathered.opened.project, metric, grain) if known else {}
    if entry.draft.origin and known and digest_of(now) == entry.draft.origin.definition:
        return None
    old = bench.project_of(entry)
    if old is None:
        return ()
    return changed(normal_form(old, metric, grain), now) or None


def _measured(bench: Bench, asked: Sequence[tuple[Entry, Project]], progress: Progress) -> dict[int, Again]:
    """What each entry's metric gives from the inputs of then; those of the same inputs and definitions in one go."""
    groups: dict[tuple[Then, Project], list[Entry]] = {}
    for entry, project in asked:
        then = then_of(entry.draft)
        if then is not None:
            groups.setdefault((then, project), []).append(entry)
    found: dict[int, Again] = {}
    for (then, project), entries in groups.items():
        progress("recheck", then.as_of.isoformat())
        with regathering(bench.gathered.opened, project, then, bench.store) as made:
            measured = figures(made.gathered, entries)
            again = Again(measured, made.gathered.loads, made.gone, made.problems)
        found |= {entry.seq: again for entry in entries}
    return found


def _judged(
    bench: Bench, entry: Entry, definition: Changes | None, ways: tuple[Again, Again], now: Figure | None
) -> Rechecked:
    again, before = (way.figures.get(key_of(entry)) for way in ways)
    published, same = entry.draft.figure, definition is None
    gone = bool(ways[0].gone | ways[1].gone)
    own = again if same else before
    drifts = [Drift.DEFINITION] if not same else []
    if gone:
        drifts.append(Drift.GONE)
    elif own is None and (same or bench.project_of(entry)):
        drifts.append(Drift.UNREADABLE)
    elif own is not None and own != published:
        drifts.append(Drift.CODE)
    known = again or (published if same else None)
    moved = now is not None and known is not None and now != known
    drifts += [Drift.DATA] if moved else []
    tables = _tables(bench, entry, ways[0]) if moved else ()
    problems = () if own or gone else (*ways[0].problems, *ways[1].problems)
    return Rechecked(entry, tuple(drifts), again, before, now, definition or (), tables, problems)


def _tables(bench: Bench, entry: Entry, again: Again) -> tuple[Rows, ...]:
    """How the tables differ whose rows are others now."""
    then = then_of(entry.draft)
    gathered = bench.gathered
    found: list[Rows] = []
    for each in then.inputs if then else ():
        old, new, plan = again.loads.get(each.table), gathered.loads.get(each.table), gathered.plans.get(each.table)
        if then is None or old is None or new is None or plan is None or old.fingerprint == new.fingerprint:
            continue
        if (then, each.table) not in bench.rows:
            sides = Side(old, bench.store), Side(new, gathered.opened.store)
            bench.rows[then, each.table] = differences(*sides, plan.key, plan.time or plan.starts, then.as_of)
        rows = bench.rows[then, each.table]
        found += [rows] if rows and (rows.added or rows.removed or rows.changed) else []
    return tuple(found)
