"""Pledging: milestones and targets as the project declares them -> what the record does not hold yet.

The day on which one was declared is the day of its entry: what the file says of an earlier day is kept as said.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date

from shinro.checks.declared import given_up, if_other, milestones_declared
from shinro.definitions.story import Target
from shinro.entries import Draft, Entry, Json, Kind, pledges
from shinro.run.opening import Opened

EACH = "each"  # the text that holds levels by segment: their names may be people's


def pledged(opened: Opened, entries: Iterable[Entry]) -> tuple[Draft, ...]:
    """The milestones and targets that are new, were changed or given up since they were recorded.

    Law: once they are written there are none. A changed one replaces its newest form, which stays in sight.
    """
    known = tuple(entries)
    milestones = tuple(milestones_declared(opened.project, pledges(known, Kind.MILESTONE)))
    return (*milestones, *_targets(opened, pledges(known, Kind.TARGET)))


def _targets(opened: Opened, known: Mapping[str, Sequence[Entry]]) -> Iterator[Draft]:
    project = opened.project
    starts = project.story.starts if project.story else None
    for metric, target in project.targets.items():
        each = _each(target)
        texts = {EACH: each} if each else {}
        draft = Draft(kind=Kind.TARGET, subject=str(metric), data=_target(opened, target, starts), texts=texts)
        yield from if_other(draft, known.get(str(metric), ()))
    yield from given_up(Kind.TARGET, known, set(map(str, project.targets)))


def _target(opened: Opened, target: Target, starts: date | None) -> Mapping[str, Json]:
    by = target.by.day(starts) if target.by else None
    levels = {"level": target.level, "from": target.from_, "to": target.to, "growth": target.growth}
    days = {"starts": target.starts, "by": by, "said": target.declared}
    found: dict[str, Json] = {name: str(amount.text) for name, amount in levels.items() if amount}
    found |= {name: day.isoformat() for name, day in days.items() if day}
    found |= {"per": target.per.value} if target.per else {}
    found |= {"shape": target.shape} if target.shape else {}
    found |= (
        {"steps": {day.isoformat(): str(amount.text) for day, amount in target.steps.items()}} if target.steps else {}
    )
    found |= (
        {"before": [[former.until.isoformat(), str(former.was)] for former in target.before]} if target.before else {}
    )
    return found | ({"file": _file(opened, str(target.file))} if target.file else {})


def _each(target: Target) -> str:
    """Levels by segment, in one order, as a text outside the log."""
    levels = {
        str(name): {value: str(amount.text) for value, amount in found.items()} for name, found in target.each.items()
    }
    return json.dumps(levels, ensure_ascii=False, sort_keys=True) if levels else ""


def _file(opened: Opened, path: str) -> str:
    """The sha256 of a target's file; empty where it cannot be read."""
    try:
        return hashlib.sha256((opened.folder / path).read_bytes()).hexdigest()
    except OSError:
        return ""
