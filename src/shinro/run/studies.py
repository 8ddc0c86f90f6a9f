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

Told = Mapping[str, Studies]
FORMAT = 2


def studies(gathered: Gathered, status: Status, shown: Sequence[Months], langs: tuple[str, ...]) -> Told:
    """By language. Cost: nothing but a file where they were kept, else some seconds of statistics."""
    file = _file(gathered, status, langs)
    found = _kept(file)
    if found is not None:
        return found
    # Not at the top: statistics and the engine cost more than a whole story from what was kept.
    told: Told = import_module("shinro.run.studying").studied(gathered, status, shown, langs)
    with suppress(OSError):  # what cannot be kept is made again
        file.parent.mkdir(parents=True, exist_ok=True)
        for old in file.parent.glob("*.json"):
            old.unlink(missing_ok=True)
        file.write_text(json.dumps({lang: plain(each) for lang, each in told.items()}, ensure_ascii=False), "utf-8")
    return told


def kept_odds(gathered: Gathered, status: Status, langs: tuple[str, ...]) -> Mapping[str, Mapping[str, str]]:
    """By language and milestone how likely it is to hold, where a story has been told since anything changed."""
    found = _kept(_file(gathered, status, langs)) or {}
    return {lang: {each.title: each.says for each in told.odds} for lang, told in found.items()}


def _file(gathered: Gathered, status: Status, langs: tuple[str, ...]) -> Path:
    return gathered.opened.store / "studies" / f"{_digest(gathered, status, langs)}.json"


def _kept(file: Path) -> Told | None:
    """What was kept; None where nothing was, or it cannot be read, as when somebody changed it."""
    try:
        return {str(lang): restored(Studies, each) for lang, each in json.loads(file.read_text("utf-8")).items()}
    except (OSError, ValueError, TypeError, KeyError, AttributeError):
        return None


def _digest(gathered: Gathered, status: Status, langs: tuple[str, ...]) -> str:
    """Of everything that the studies depend on."""
    opened = gathered.opened
    data = {name: load.fingerprint for name, load in gathered.loads.items()}
    texts = dict(opened.texts)
    days = [gathered.as_of.isoformat(), gathered.today.isoformat()]
    parts = [FORMAT, version("shinro"), langs, days, data, texts, repr(status.why)]
    return sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()
