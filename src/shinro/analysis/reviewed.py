"""Reviewed: what the record knows of the reviews that were held: their findings, their actions, the causes they said.

An entry that says the same blank of the same review again replaces the earlier one: the last one counts.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import date

from shinro.entries import Entry, Kind
from shinro.findings.actions import Action, Done
from shinro.findings.reviews import Cause, Held
from shinro.periods import Grain


def held(entries: Iterable[Entry]) -> tuple[Held, ...]:
    """The reviews in the order of their days, the last entry of each."""
    found: dict[tuple[date, Grain], Held] = {}
    for entry in entries:
        day = _day(entry.draft.subject)
        if entry.draft.kind is Kind.REVIEW and day and entry.draft.grain:
            found[day, entry.draft.grain] = Held(entry.seq, day, entry.draft.grain, entry.draft.data, entry.words)
    return tuple(sorted(found.values(), key=lambda each: (each.day, each.seq)))


def until(entries: Iterable[Entry], day: date) -> tuple[Entry, ...]:
    """The entries without the reviews of a day and later ones, and without what was decided in them."""
    return tuple(each for each in entries if (of := _review_day(each)) is None or of < day)


def _review_day(entry: Entry) -> date | None:
    """The day of the review that an entry is, or belongs to; None for all others."""
    if entry.draft.kind is Kind.REVIEW:
        return _day(entry.draft.subject)
    return _taken(entry.draft.data) if entry.draft.kind is Kind.DECISION else None


def decisions(entries: Iterable[Entry]) -> tuple[Entry, ...]:
    """What was decided, in the order written, of each blank the last entry."""
    found: dict[tuple[object, object], Entry] = {}
    for entry in entries:
        if entry.draft.kind is Kind.DECISION:
            data = entry.draft.data
            found[(data.get("review"), data.get("blank")) if "blank" in data else (entry.seq, None)] = entry
    return tuple(sorted(found.values(), key=lambda each: each.seq))


def actions(entries: Sequence[Entry]) -> tuple[Action, ...]:
    """Every next action with what became of it, in the order taken. An action is known by its first entry."""
    found: dict[int, Action] = {}
    firsts, decided = _firsts(entries), decisions(entries)
    for entry in decided:
        data = entry.draft.data
        if data.get("what") == "action":
            seq = firsts.get((data.get("review"), data.get("blank")), entry.seq)
            found[seq] = _action(entry, seq)
    for entry in decided:
        data = entry.draft.data
        action = found.get(_int(data.get("action")))
        if data.get("what") == "status" and action:
            found[action.seq] = _settled(action, data)
    return tuple(sorted(found.values(), key=lambda each: each.seq))


def due_actions(entries: Sequence[Entry]) -> tuple[Action, ...]:
    """The actions that are open, by the day that they are due; those without a day last."""
    found = [each for each in actions(entries) if each.is_open]
    return tuple(sorted(found, key=lambda each: (each.due or date.max, each.seq)))


def _firsts(entries: Iterable[Entry]) -> Mapping[tuple[object, object], int]:
    found: dict[tuple[object, object], int] = {}
    for entry in entries:
        if entry.draft.kind is Kind.DECISION and "blank" in entry.draft.data:
            found.setdefault((entry.draft.data.get("review"), entry.draft.data.get("blank")), entry.seq)
    return found


def _action(entry: Entry, seq: int) -> Action:
    data, words = entry.draft.data, entry.words
    return Action(
        seq=seq,
        taken=_taken(data) or entry.written_at.date(),
        text=words.get("text", ""),
        owner=words.get("owner", ""),
        due=_day(data.get("due")),
        kpi=str(data.get("kpi") or ""),
    )


def _settled(action: Action, data: Mapping[str, object]) -> Action:
    due, done = _day(data.get("due")), action.done
    with suppress(ValueError):
        done = Done(data.get("status"))
    if done is Done.OPEN and due and due != action.due:
        moved = (*action.moved, action.due) if action.due else action.moved
        return replace(action, done=done, due=due, moved=moved)
    return replace(action, done=done)


def causes(entries: Iterable[Entry], *, of: str) -> Mapping[str, tuple[tuple[date, Cause], ...]]:
    """What was said of the misses of milestones (`of="milestone"`) or KPIs (`of="kpi"`), by subject, oldest first.

    An entry that does not say what it is of speaks of a milestone.
    """
    found: dict[str, tuple[tuple[date, Cause], ...]] = {}
    for entry in decisions(entries):
        data = entry.draft.data
        if "cause" not in data or data.get("of", "milestone") != of:
            continue
        with suppress(ValueError):
            said = (_taken(data) or entry.written_at.date(), Cause(data["cause"]))
            found[entry.draft.subject] = (*found.get(entry.draft.subject, ()), said)
    return found


def running(reviews: Sequence[Held], metric: str) -> tuple[Held, ...]:
    """The last reviews without a break in which a KPI in focus was behind, the oldest first."""
    found: list[Held] = []
    for each in reversed(reviews):
        if not any(one.get("metric") == metric and one.get("state") == "behind" for one in _focus(each.data)):
            break
        found.append(each)
    return tuple(reversed(found))


def _focus(data: Mapping[str, object]) -> Iterator[Mapping[str, object]]:
    """What an entry says of each KPI that was in focus."""
    focus = data.get("focus")
    yield from (each for each in focus if isinstance(each, Mapping)) if isinstance(focus, list | tuple) else ()


def _taken(data: Mapping[str, object]) -> date | None:
    """The day of the review that an entry belongs to."""
    return _day(str(data.get("review") or "").partition(" ")[0])


def _day(text: object) -> date | None:
    try:
        return date.fromisoformat(text) if isinstance(text, str) else None
    except ValueError:
        return None


def _int(value: object) -> int:
    return value if isinstance(value, int) and not isinstance(value, bool) else -1
