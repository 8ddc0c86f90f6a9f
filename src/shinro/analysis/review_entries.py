"""Entries of a review: what goes into the record of what a meeting found and decided; each once.

A review is written once: where it is there already, only what was answered otherwise is written, as an entry that
replaces the earlier one. Free words and people's names are texts, which the log holds as hashes only.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from shinro.analysis.review import TARGET, found_data
from shinro.analysis.reviewed import decisions, held
from shinro.entries import Draft, Entry, Json, Kind
from shinro.findings.reviews import NextAction, Onward, Reason, Review, Settled, Taken


def drafts(found: Review, taken: Taken, entries: Sequence[Entry]) -> tuple[Draft, ...]:
    """What is to be written. Law: written once, nothing of it is to be written again."""
    there = any(each.name == found.name for each in held(entries))
    known: dict[tuple[object, object], Entry] = {
        (each.draft.data.get("review"), each.draft.data.get("blank")): each for each in decisions(entries)
    }
    own = [] if there else [_review(found)]
    return (*own, *(each for draft in _decided(found, taken) if (each := _new(draft, known))))


def _new(draft: Draft, known: Mapping[tuple[object, object], Entry]) -> Draft | None:
    """A draft that is not in the record yet; one that says otherwise what is there replaces it."""
    entry = known.get((draft.data["review"], draft.data["blank"]))
    if entry is None:
        return draft
    return None if _same(draft, entry) else replace(draft, replaces=entry.seq)


def _same(draft: Draft, entry: Entry) -> bool:
    """Whether an entry says a draft; a text that was erased is taken for the same."""
    if (draft.subject, _plain(draft.data)) != (entry.draft.subject, _plain(entry.draft.data)):
        return False
    roles = set(draft.texts) == {role for role in (*entry.hashes, *entry.words) if role != "actor"}
    return roles and all(entry.words.get(role, text) == text for role, text in draft.texts.items())


def _plain(data: Mapping[str, Json]) -> str:
    return json.dumps(data, sort_keys=True)


def _review(found: Review) -> Draft:
    texts = {TARGET + metric: text for metric, text in found.targets.items()}
    last = found.last
    data = {**found_data(found), **({"last": last.day.isoformat()} if last else {})}
    return Draft(kind=Kind.REVIEW, subject=found.day.isoformat(), grain=found.grain, data=data, texts=texts)


def _decided(found: Review, taken: Taken) -> Iterator[Draft]:
    for each in taken.settled:
        yield _draft(found, each.blank, _settled(each), {})
    for reason in taken.reasons:
        yield _reason(found, reason)
    for decision in taken.decisions:
        yield _draft(found, decision.blank, {"what": "decision"}, {"text": decision.text})
    for action in taken.actions:
        yield _draft(found, action.blank, _action(action), {"text": action.text, "owner": action.owner})


def _draft(found: Review, blank: str, data: Mapping[str, Json], texts: Mapping[str, str], subject: str = "") -> Draft:
    said = {role: text for role, text in texts.items() if text}
    every = {"review": found.name, "blank": blank, **data}
    return Draft(kind=Kind.DECISION, subject=subject or found.day.isoformat(), data=every, texts=said)


def _settled(each: Settled) -> dict[str, Json]:
    data: dict[str, Json] = {"what": "status", "action": each.action.seq, "status": each.done.value}
    return {**data, "due": each.due.isoformat()} if each.due else data


def _action(each: NextAction) -> dict[str, Json]:
    data: dict[str, Json] = {"what": "action"}
    if each.due:
        data["due"] = each.due.isoformat()
    return {**data, "kpi": each.kpi} if each.kpi else data


def _reason(found: Review, reason: Reason) -> Draft:
    miss, onward = reason.miss, reason.onward
    data: dict[str, Json] = {"what": "cause", "of": "kpi" if miss.is_kpi else "milestone", "cause": reason.cause.value}
    data["proposed"] = miss.proposed.value if miss.proposed else None
    texts = {"note": reason.note}
    if onward:
        data["way"] = onward.way.value
        data |= _details(onward)
        texts["initiative"] = onward.name
    return _draft(found, reason.blank, data, texts, miss.subject)


def _details(onward: Onward) -> dict[str, Json]:
    found: dict[str, Json] = {"date": onward.date.isoformat()} if onward.date else {}
    texts = {"level": onward.condition, "metric": onward.metric, "expect": onward.expect}
    return found | {key: text for key, text in texts.items() if text}
