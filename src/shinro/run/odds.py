"""odds: how likely the milestones were found to be, kept for as long as project, data and the day of the data stay.

Working them out takes seconds of statistics, which a status does not: it shows what `plan` or a story found.
"""

from __future__ import annotations

import json
from contextlib import suppress
from datetime import date
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path

from shinro.findings.forecasts import KeptOdds, Prospects
from shinro.run.gathering import Gathered
from shinro.warehouse.snapshots import whole_file

FORMAT = 2
NEWEST = 4  # files that are kept: other days, a branch and back


def keep_odds(gathered: Gathered, found: Prospects) -> None:
    """Keeps what was found of the milestones; where the folder refuses, nothing is kept."""
    told = {"as_of": gathered.as_of.isoformat(), "odds": {each.title: each.probability for each in found.milestones}}
    file = _file(gathered)
    with suppress(OSError, ValueError):
        with whole_file(file) as target:
            target.write(json.dumps({"digest": _signed(told), "told": told}, allow_nan=False).encode())
        for old in _by_age(file.parent)[NEWEST:]:
            old.unlink(missing_ok=True)


def kept_odds(gathered: Gathered) -> KeptOdds | None:
    """What was kept for just this project, data and day; else the day of what was kept last, without its numbers."""
    found = _kept(_file(gathered))
    if found:
        return found
    others = filter(None, map(_kept, _by_age(_file(gathered).parent)))
    last = next(others, None)
    return KeptOdds(last.as_of, None) if last else None


def _file(gathered: Gathered) -> Path:
    return gathered.opened.store / "odds" / f"{_digest(gathered)}.json"


def _by_age(folder: Path) -> list[Path]:
    """The files of a folder, the newest first."""
    with suppress(OSError):
        return sorted(folder.glob("*.json"), key=lambda each: each.stat().st_mtime_ns, reverse=True)
    return []


def _kept(file: Path) -> KeptOdds | None:
    """What stands in a file; None where nothing does, it cannot be read, or its digest is not its own."""
    try:
        if not file.is_file():  # a pipe would be waited for
            return None
        found = json.loads(file.read_text("utf-8"))
        told = found["told"]
        if found["digest"] != _signed(told):
            return None
        chances = {str(title): None if odds is None else _share(odds) for title, odds in told["odds"].items()}
        return KeptOdds(date.fromisoformat(told["as_of"]), chances)
    except (OSError, ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return None


def _share(odds: object) -> float:
    """A probability. Raises ValueError where it is none."""
    if not isinstance(odds, int | float) or not 0 <= odds <= 1:
        raise ValueError(odds)
    return float(odds)


def _signed(told: object) -> str:
    return sha256(json.dumps(told, sort_keys=True, allow_nan=False).encode()).hexdigest()


def _digest(gathered: Gathered) -> str:
    """Of everything that they depend on."""
    data = {name: load.fingerprint for name, load in gathered.loads.items()}
    parts = [FORMAT, version("shinro"), gathered.as_of.isoformat(), data, dict(gathered.opened.texts)]
    return sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()
