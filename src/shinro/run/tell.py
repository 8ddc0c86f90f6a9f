"""tell: a project's story as a page that can be shown, and where it is kept."""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from enum import Enum
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path

from shinro.analysis.measured import Bearings, read_by
from shinro.analysis.months import months
from shinro.analysis.readings import grain_of, read_metric
from shinro.definitions.meaning import meanings
from shinro.periods import Grain
from shinro.queries.scans import Want
from shinro.reports.cards import every_reading, in_tree
from shinro.reports.drawing import draw, is_whole
from shinro.reports.page import Told, is_ours, page
from shinro.reports.story import Gist, charted, story
from shinro.reports.words import LANGUAGES, words
from shinro.run.gathering import Moment, Progress, gathering, silent
from shinro.run.opening import Opened
from shinro.run.scenes import known
from shinro.run.status import with_bearings
from shinro.run.studies import studies
from shinro.run.written import writing
from shinro.series import Nature

BEGINNING = 4096  # characters of a file that say whose it is


class Written(Enum):
    """What became of a page."""

    DONE = "done"
    NOT_OURS = "not ours"


def gist(opened: Opened, moment: Moment, progress: Progress = silent) -> Gist:
    """All that the story is told from: the status, the tree's other metrics, and the months of the charted ones.

    Raises CannotGoOn where the project cannot be read. Cost: the scans that the cache does not have.
    """
    project = opened.project
    with gathering(opened, moment, progress) as gathered:
        bearings, status = with_bearings(gathered)
        rest = [metric for metric in in_tree(project) if metric not in every_reading(status)]
        bearings = known(gathered, bearings, [want for metric in rest for want in _wants(bearings, metric)])
        status = replace(status, others=(*status.others, *(read_metric(bearings, metric) for metric in rest)))
        charts = [Want(metric, Grain.MONTH) for metric in charted(project)]
        series = known(gathered, bearings, charts).measured.series
        found = [series[want.metric, want.grain] for want in charts if (want.metric, want.grain) in series]
        shown = tuple(months(bearings, each) for each in found)
        return Gist(status, project, meanings(project), shown, studies(gathered, status, shown, LANGUAGES))


def _wants(bearings: Bearings, metric: str) -> Iterator[Want]:
    """What the reading of a metric without a target is taken from."""
    yield Want(metric, grain_of(bearings.project, metric))
    meaning = bearings.meaning(metric)
    if meaning.nature is Nature.STOCK:
        yield Want(metric, read_by(bearings.project, meaning))


def story_page(found: Gist, first: str, store: Path) -> str:
    """The page in every language, the first one shown first.

    Cost: a drawing that was kept costs nothing; see `draw` for the others.
    """
    langs = sorted(LANGUAGES, key=lambda lang: lang != first)
    stories = [story(found, words(lang)) for lang in langs]
    drawings = iter(drawn([chart.spec for each in stories for chart in each.drawn], store / "charts"))
    return page([Told(each, tuple(next(drawings) for _ in each.drawn)) for each in stories])


def drawn(specs: Sequence[Mapping[str, object]], folder: Path) -> list[str]:
    """The drawings of specs, kept by what they show; those that no spec asks for any more are dropped."""
    names = [f"{_digest(spec)}.svg" for spec in specs]
    kept = {name: svg for name in names if (svg := _kept(folder / name))}
    missing = {name: spec for name, spec in zip(names, specs, strict=True) if name not in kept}
    if missing:
        fresh = dict(zip(missing, draw(missing.values()), strict=True))
        with suppress(OSError):  # what cannot be kept is drawn again
            folder.mkdir(parents=True, exist_ok=True)
            for name, svg in fresh.items():
                _write(folder / name, svg)
            _drop(folder, names)
        kept |= fresh
    return [kept[name] for name in names]


def _kept(file: Path) -> str:
    """A drawing that was kept whole; nothing where there is none."""
    try:
        svg = file.read_text("utf-8")
    except (OSError, UnicodeDecodeError):
        return ""
    return svg if is_whole(svg) else ""


def _digest(spec: Mapping[str, object]) -> str:
    return sha256(f"{version('vl-convert-python')} {json.dumps(spec, sort_keys=True)}".encode()).hexdigest()


def _drop(folder: Path, names: Iterable[str]) -> None:
    kept = set(names)
    for file in folder.glob("*.svg"):
        if file.name not in kept:
            file.unlink(missing_ok=True)


def write_page(path: Path, text: str, *, force: bool = False) -> Written:
    """Writes a page in one step, unless the file that is there is no page of ours.

    Raises CannotGoOn (S142) where it cannot be written.
    """
    with writing(path):
        if not force and path.exists() and not is_ours(_beginning(path)):
            return Written.NOT_OURS
        _write(path, text)
    return Written.DONE


def _beginning(path: Path) -> str:
    with path.open(encoding="utf-8", errors="replace") as file:
        return file.read(BEGINNING)


def _write(path: Path, text: str) -> None:
    """Writes a file so that a reader sees the old text or the new one, never a part."""
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    temporary = Path(name)
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as target:
            target.write(text)
        temporary.chmod(0o644)
        temporary.replace(path)
    except OSError:
        temporary.unlink(missing_ok=True)
        raise
