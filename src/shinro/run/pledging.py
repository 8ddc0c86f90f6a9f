"""Pledging: milestones and targets as the project declares them -> what the record does not hold yet.

The day on which one was declared is the day of its entry: what the file says of an earlier day is kept as said.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date

from shinro.definitions.phrases import Condition, condition
from shinro.definitions.project import Project
from shinro.definitions.story import Milestone, Target
from shinro.definitions.tokens import Mistake
from shinro.entries import Draft, Entry, Json, Kind, pledges
from shinro.run.opening import Opened

GIVEN_UP: Mapping[str, Json] = {"given_up": True}
EACH = "each"  # the text that holds levels by segment: their names may be people's


def pledged(opened: Opened, entries: Iterable[Entry]) -> tuple[Draft, ...]:
    """The milestones and targets that are new, were changed or given up since they were recorded.

    Law: once they are written there are none. A changed one replaces its newest form, which stays in sight.
    """
    known = tuple(entries)
    milestones = tuple(_milestones(opened.project, pledges(known, Kind.MILESTONE)))
    return (*milestones, *_targets(opened, pledges(known, Kind.TARGET)))


def _milestones(project: Project, known: Mapping[str, Sequence[Entry]]) -> Iterator[Draft]:
    starts = project.story.starts if project.story else None
    declared = {title: each for each in project.milestones if (title := _title(each, starts)) and each.reach}
    for title, milestone in declared.items():
        draft = Draft(kind=Kind.MILESTONE, subject=title, data=_milestone(milestone, starts))
        yield from _if_other(draft, known.get(title) or known.get(str(milestone.replaces), ()))
    replaced = {str(each.replaces) for each in declared.values() if each.replaces}
    yield from _given_up(Kind.MILESTONE, known, {*declared, *replaced})


def _title(milestone: Milestone, starts: date | None) -> str:
    day = milestone.day(starts)
    return milestone.title or (day.isoformat() if day else "")


def _milestone(milestone: Milestone, starts: date | None) -> Mapping[str, Json]:
    day = milestone.day(starts)
    reach = [str(goal.text) for goal in milestone.reach if goal.condition]
    said = {"said": milestone.declared.isoformat()} if milestone.declared else {}
    return {**({"due": day.isoformat()} if day else {}), "reach": reach, **said}


def _targets(opened: Opened, known: Mapping[str, Sequence[Entry]]) -> Iterator[Draft]:
    project = opened.project
    starts = project.story.starts if project.story else None
    for metric, target in project.targets.items():
        each = _each(target)
        texts = {EACH: each} if each else {}
        draft = Draft(kind=Kind.TARGET, subject=str(metric), data=_target(opened, target, starts), texts=texts)
        yield from _if_other(draft, known.get(str(metric), ()))
    yield from _given_up(Kind.TARGET, known, set(map(str, project.targets)))


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


def _if_other(draft: Draft, forms: Sequence[Entry]) -> Iterator[Draft]:
    """The draft where its newest form says something else, as what replaces that."""
    if not forms:
        yield draft
    elif not _same(draft, forms[-1]):
        yield Draft(kind=draft.kind, subject=draft.subject, replaces=forms[-1].seq, data=draft.data, texts=draft.texts)


def _given_up(kind: Kind, known: Mapping[str, Sequence[Entry]], there: set[str]) -> Iterator[Draft]:
    for subject, forms in known.items():
        if subject not in there and dict(forms[-1].draft.data) != GIVEN_UP:
            yield Draft(kind=kind, subject=subject, replaces=forms[-1].seq, data=GIVEN_UP)


def _same(draft: Draft, entry: Entry) -> bool:
    """Whether an entry says what a draft says; a text that was erased since is taken to be the same."""
    old, new = dict(entry.draft.data), dict(draft.data)
    if draft.subject != entry.draft.subject or _conditions(old.pop("reach", ())) != _conditions(new.pop("reach", ())):
        return False
    texts = all(entry.words.get(role, text) == text for role, text in draft.texts.items())
    return old == new and texts and draft.texts.keys() == entry.hashes.keys()


def _conditions(texts: Json) -> list[Condition | str]:
    """Conditions by what they mean: another spelling is no other promise."""
    return [_meant(str(text)) for text in texts] if isinstance(texts, list | tuple) else []


def _meant(text: str) -> Condition | str:
    try:
        return condition(text)
    except Mistake:
        return text
