"""review: what a meeting is prepared with, from a project, its data and its record."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from shinro.analysis.measured import Bearings
from shinro.analysis.misses import metrics_read
from shinro.analysis.readings import grain_of
from shinro.analysis.review import review as assembled
from shinro.entries import Entry
from shinro.findings.reviews import Review
from shinro.periods import Grain
from shinro.queries.scans import Want
from shinro.run.effects import effects_of
from shinro.run.explain import with_where
from shinro.run.forecasts import prospects
from shinro.run.gathering import Gathered
from shinro.run.recorded import recorded
from shinro.run.scenes import known
from shinro.run.status import with_bearings


def review_with(gathered: Gathered, grain: Grain) -> tuple[Bearings, Review]:
    """What the meeting of a week or a month is prepared with, and the bearings that it was taken from.

    Cost: a status, the forecast of every milestone to come three times over, about 0.1 s an initiative.
    """
    entries: Sequence[Entry] = recorded(gathered.opened)[0] or ()
    done = effects_of(gathered)
    bearings, status = with_bearings(gathered, effects={each.initiative: each.verdict for each in done.effects})
    project = gathered.opened.project
    bearings = known(gathered, bearings, [Want(each, grain_of(project, each)) for each in metrics_read(project)])
    status = replace(status, why=with_where(gathered, status.why) if status.why else None)
    return bearings, assembled(bearings, status, prospects(gathered, weeks=0), done, entries, grain)
