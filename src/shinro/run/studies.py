"""studies: what the story tells by statistics, kept for as long as project, data and day stay the same."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from contextlib import suppress
from hashlib import sha256
from importlib import import_module
from importlib.metadata import version
from pathlib import Path

from shinro.findings.readings import Months, Status
from shinro.reports.parts import Studies, plain
from shinro.reports.restored import restored
from shinro.run.gathering import Gathered
from shinro.warehouse.snapshots import whole_file

Told = Mapping[str, Studies]
FORMAT = 8
NEWEST = 4  # files that are kept: other days, other languages, a branch and back


def studies(gathered: Gathered, status: Status, shown: Sequence[Months], langs: tuple[str, ...]) -> Told:
    """By language. Cost: nothing but a file where they were kept, else some seconds of statistics."""
    file = _file(gathered, status, langs)
    found = _kept(file, langs)
    if found is not None:
        return found
    # Not at the top: statistics and the engine cost more than a whole story from what was kept.
    told: Told = import_module("shinro.run.studying").studied(gathered, status, shown, langs)
    with suppress(OSError, ValueError):  # what cannot be kept is made again
        _keep(file, told)
    return told


def _file(gathered: Gathered, status: Status, langs: tuple[str, ...]) -> Path:
    return gathered.opened.store / "studies" / f"{_digest(gathered, status, langs)}.json"


def _kept(file: Path, langs: tuple[str, ...]) -> Told | None:
    """What was kept in these languages; None where nothing was, it cannot be read, or its digest is not its own."""
    try:
        if not file.is_file():  # a pipe would be waited for
            return None
        found = json.loads(file.read_text("utf-8"))
        told = found["told"]
        if found["digest"] != _signed(told) or told.keys() != set(langs):
            return None
        return {lang: restored(Studies, told[lang]) for lang in langs}
    except (OSError, ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return None


def _keep(file: Path, told: Told) -> None:
    """Writes beside the file, then replaces it at once; the newest stay. Raises OSError, or ValueError for NaN."""
    written = plain(told)
    text = json.dumps({"digest": _signed(written), "told": written}, ensure_ascii=False, allow_nan=False)
    with whole_file(file) as target:
        target.write(text.encode())
    by_age = sorted(file.parent.glob("*.json"), key=lambda each: each.stat().st_mtime_ns, reverse=True)
    for old in by_age[NEWEST:]:
        old.unlink(missing_ok=True)


def _signed(told: object) -> str:
    """The digest of what was told. Raises ValueError or RecursionError where it could be no text of a page."""
    text = json.dumps(told, sort_keys=True, ensure_ascii=False, allow_nan=False)
    return sha256(text.encode()).hexdigest()


def _digest(gathered: Gathered, status: Status, langs: tuple[str, ...]) -> str:
    """Of everything that the studies depend on."""
    opened = gathered.opened
    data = {name: load.fingerprint for name, load in gathered.loads.items()}
    texts = dict(opened.texts)
    days = [gathered.as_of.isoformat(), gathered.today.isoformat()]
    parts = [FORMAT, version("shinro"), langs, days, data, texts, repr(status.why)]
    return sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()
