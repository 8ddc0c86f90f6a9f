"""Answers: what was written into a review's blanks, as values; what cannot be understood, with its place.

A word is understood in both languages, whichever the form was written in; full-width digits and signs too.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from shinro.analysis.review_blanks import Asks, Blank
from shinro.analysis.review_ways import onward
from shinro.analysis.review_words import (
    WORDS,
    Asked,
    NotUnderstood,
    Raw,
    day_of,
    metric_of,
    names_metric,
    near,
    not_past,
    owners_of,
    plain,
    word_of,
    wrong,
)
from shinro.findings.actions import Action, Done
from shinro.findings.reviews import Cause, Decision, NextAction, Onward, Reason, Settled, Taken, Way
from shinro.problems import Place, Problem

LAST = 3  # the part of an action that is its KPI, counted from 0
BARS = re.compile(r"[|｜]")


@dataclass(slots=True)
class _Read:
    decisions: list[Decision] = field(default_factory=list)
    actions: list[NextAction] = field(default_factory=list)
    settled: list[Settled] = field(default_factory=list)
    reasons: dict[str, Reason] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    lost: set[str] = field(default_factory=set)  # blanks whose answer was not understood


def understood(blanks: Sequence[Blank], raws: Mapping[str, Raw], asked: Asked) -> tuple[Taken, tuple[Problem, ...]]:
    """What the answers say, and what of them cannot be understood. An empty answer says nothing.

    A note or a way on without a cause is a problem: why something was missed comes first.
    """
    read = _Read()
    for blank in blanks:
        raw = raws.get(blank.name)
        if raw is None or not raw.text.strip():
            continue
        try:
            _one(blank, raw, asked, read)
        except NotUnderstood as stop:
            read.problems.append(stop.problem)
            read.lost.add(blank.name)
    reasons = tuple(each for each in read.reasons.values())
    taken = Taken(tuple(read.decisions), tuple(read.actions), tuple(read.settled), reasons)
    return taken, tuple(read.problems)


def _one(blank: Blank, raw: Raw, asked: Asked, read: _Read) -> None:
    match blank.asks:
        case Asks.DECISION:
            read.decisions.append(Decision(blank.name, raw.text.strip()))
        case Asks.ACTION:
            read.actions.append(_action(blank, raw, asked))
        case Asks.STATUS if blank.action:
            read.settled += _status(blank.name, blank.action, raw, asked)
        case Asks.CAUSE if blank.miss:
            cause = Cause(word_of(raw, "cause", "execution", "hypothesis"))
            read.reasons[blank.name] = Reason(blank.name, blank.miss, cause)
        case _:
            _of_reason(blank, raw, asked, read)


def _of_reason(blank: Blank, raw: Raw, asked: Asked, read: _Read) -> None:
    """A note, a way on, or whether to write it: with the cause that it belongs to."""
    name = blank.name.rpartition(".")[0]
    reason = read.reasons.get(name)
    if read.lost & {name, f"{name}.way"}:
        return
    if blank.asks is Asks.WRITE and word_of(raw, "write", "yes", "no") == "no":
        return
    if reason is None:
        raise NotUnderstood(wrong(raw.place, "no_cause", blank=name))
    if blank.asks is Asks.NOTE:
        read.reasons[name] = replace(reason, note=raw.text.strip())
    elif blank.asks is Asks.WAY:
        read.reasons[name] = replace(reason, onward=onward(raw, reason.miss, asked))
    elif reason.onward is None or reason.onward.way is Way.STAY:
        raise NotUnderstood(wrong(raw.place, "no_way", blank=f"{name}.way"))
    else:
        read.reasons[name] = replace(reason, onward=replace(reason.onward, write=True))


def understands(blank: Blank, raw: Raw, asked: Asked) -> Problem | None:
    """What is wrong with one answer by itself; None where it can be understood."""
    before = {blank.name.rpartition(".")[0]: Reason("", blank.miss, Cause.EXECUTION)} if blank.miss else {}
    read = _Read(reasons=before)
    for name, reason in before.items():
        read.reasons[name] = replace(reason, onward=Onward(Way.DATE))
    try:
        if raw.text.strip():
            _one(blank, raw, asked, read)
    except NotUnderstood as stop:
        return stop.problem
    return None


def _action(blank: Blank, raw: Raw, asked: Asked) -> NextAction:
    """`what | who | until when | for which KPI`, those behind the first in any order."""
    found = NextAction(blank.name, "")
    at = 0
    for n, part in enumerate(BARS.split(raw.text)):
        place, at = raw.place.shifted(at + len(part) - len(part.lstrip())), at + len(part) + 1
        text = part.strip()
        if not n:
            found = replace(found, text=text)
        elif text:
            found = _with_part(found, text, place, asked, last=n == LAST)
    if not found.text:
        raise NotUnderstood(wrong(raw.place, "action"))
    return found


def _with_part(found: NextAction, text: str, place: Place, asked: Asked, *, last: bool) -> NextAction:
    """One more part. In the last, the KPI's place, stands one, or an owner whom the project names."""
    due, kpi = day_of(text, asked.day), metric_of(text, asked)
    if due and not found.due:
        not_past(due, asked, place, text)
        return replace(found, due=due)
    if kpi and not found.kpi:
        return replace(found, kpi=kpi)
    misplaced = last and plain(text) not in owners_of(asked.project)
    if not found.kpi and not _looks_dated(text) and (misplaced or names_metric(text, asked)):
        raise NotUnderstood(wrong(place, "metric", found=text, near=near(text, asked)))
    if found.owner or _looks_dated(text):
        case = "due" if _looks_dated(text) else "part"
        raise NotUnderstood(wrong(place, case, found=text, near=near(text, asked)))
    return replace(found, owner=text)


def _looks_dated(text: str) -> bool:
    return bool(re.match(r"\d", unicodedata.normalize("NFKC", text)))


def _status(blank: str, action: Action, raw: Raw, asked: Asked) -> list[Settled]:
    """What became of an action; nothing where it is only said to be open."""
    text = plain(raw.text)
    word = next((each for each in WORDS["moved"] if text.startswith(each)), None)
    if word:
        rest = text[len(word) :].strip(" 　:：→")
        due = day_of(rest, asked.day)
        if due is None:
            raise NotUnderstood(wrong(raw.place, "moved", found=raw.text.strip()))
        not_past(due, asked, raw.place, rest)
        return [Settled(blank, action, Done.OPEN, due)]
    found = word_of(raw, "status", "done", "dropped", "open")
    return [] if found == "open" else [Settled(blank, action, Done(found))]
