"""Origins: what a published number follows from, so that it can be computed again: definition, inputs, day, code."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from importlib.metadata import version
from pathlib import Path

from shinro.definitions.normal import digest_of, normal_form, tables_of
from shinro.definitions.project import Project, read_project
from shinro.entries import Draft, Figure, Input, Json, Kind, Origin
from shinro.loads import Load
from shinro.periods import Grain
from shinro.problems import CannotGoOn, Place, problem, refusal
from shinro.run.commits import commit_of
from shinro.run.gathering import Gathered
from shinro.run.opening import FILE, Opened
from shinro.series import Meaning, Point, Series
from shinro.warehouse.again import keep_text, kept_text
from shinro.warehouse.files import stem_and_date

TEXTS = ".project.json"
ENGINE = "duckdb"


def origin_of(gathered: Gathered, metric: str, grain: Grain) -> Origin:
    """Where the numbers of a metric come from, as it is gathered."""
    opened = gathered.opened
    tables = [name for name in tables_of(opened.project, metric) if name in gathered.loads]
    return Origin(
        digest_of(normal_form(opened.project, metric, grain)),
        tuple(_input(gathered.loads[name]) for name in tables),
        gathered.as_of,
        version("shinro"),
        f"{ENGINE} {version(ENGINE)}",
        commit_of(opened.folder),
    )


def _input(load: Load) -> Input:
    return Input(load.table, load.snapshot, load.fingerprint, load.rows)


def reports_of(
    gathered: Gathered, series: Series, points: Iterable[Point], kind: Kind = Kind.REPORT
) -> Iterator[Draft]:
    """Periods' values with all that they follow from."""
    origin = origin_of(gathered, series.metric, series.grain)
    data = _seen(gathered, origin)
    for point in points:
        yield Draft(
            kind=kind,
            subject=series.metric,
            grain=series.grain,
            period=point.period,
            segment=series.segment,
            figure=figure_of(series.meaning, point),
            origin=origin,
            data=data,
        )


def figure_of(meaning: Meaning, point: Point) -> Figure:
    """A point as a published number."""
    unit = "%" if meaning.percent else str(meaning.unit)
    return Figure(point.value, unit, point.mark, point.over, point.base)


def _seen(gathered: Gathered, origin: Origin) -> Mapping[str, Json]:
    """What the loads do not say of themselves: the day on which we looked, dates in files' names, the definitions."""
    dated: dict[str, Json] = {}
    for each in origin.inputs:
        days = [day for file in gathered.loads[each.table].files if (day := stem_and_date(Path(file).stem)[1])]
        if days:
            dated[each.table] = max(days).isoformat()
    looked = gathered.today.isoformat()
    project, _ = _project_text(gathered.opened)
    return {"project": project, "looked_on": looked, **({"dated": dated} if dated else {})}


def keep_project(opened: Opened) -> None:
    """Keeps the project's own text, with what it includes, among the snapshots, so that its definitions stay known.

    Raises CannotGoOn (B814) where it cannot be kept. Cost: nothing where the same text is kept already.
    """
    digest, text = _project_text(opened)
    try:
        keep_text(opened.store, digest, TEXTS, text)
    except OSError as broken:
        raise CannotGoOn([problem("B814", Place(str(opened.store)), reason=refusal(broken))]) from None


def _project_text(opened: Opened) -> tuple[str, bytes]:
    text = json.dumps(dict(sorted(opened.texts.items())), ensure_ascii=False, separators=(",", ":")).encode()
    return hashlib.sha256(text).hexdigest(), text


def project_of_then(opened: Opened, digest: str) -> Project | None:
    """The project as it was when a number was published; None where its text has gone or cannot be read any more."""
    text = kept_text(opened.store, digest, TEXTS)
    if text is None:
        return None
    texts: dict[str, str] = json.loads(text)
    name = opened.name if opened.name in texts else FILE if FILE in texts else next(iter(texts), "")
    try:
        return read_project(texts[name], name, texts.get)[0]
    except (CannotGoOn, KeyError):
        return None


def looked_on(draft: Draft) -> date:
    """The day on which a published number's data were looked at."""
    said = draft.data.get("looked_on")
    known = draft.origin.as_of if draft.origin else date.min
    return date.fromisoformat(said) if isinstance(said, str) else known


def dates_in_names(draft: Draft) -> Mapping[str, date]:
    """The newest date in the names of each table's files, where they had one."""
    said = draft.data.get("dated")
    found = said if isinstance(said, Mapping) else {}
    return {table: date.fromisoformat(str(day)) for table, day in found.items()}
