"""Declared: a milestone's forms as the record holds them, one after another, and the day on which it was given up."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from shinro.analysis.targets import metric_of
from shinro.definitions.phrases import Condition, condition
from shinro.definitions.tokens import Mistake
from shinro.entries import Entry, Kind, days_written


@dataclass(frozen=True, slots=True)
class Form:
    """A milestone as one entry declares it."""

    entry: Entry
    declared: date
    due: date
    texts: tuple[str, ...]


@dataclass(slots=True)
class Chain:
    """A milestone's forms, oldest first, and the day on which it was given up, if it was."""

    forms: list[Form]
    given_up: date | None = None


def in_order(entries: Iterable[Entry]) -> list[Entry]:
    """The entries as they were written."""
    return sorted(entries, key=lambda each: each.seq)


def chains(entries: Iterable[Entry], zone: str) -> Iterator[Chain]:
    """Each milestone's forms: what names the entry that it replaces, or has the same title."""
    chains: list[Chain] = []
    by_title: dict[str, Chain] = {}
    by_seq: dict[int, Chain] = {}
    every = in_order(entries)
    days = days_written(every, zone)
    for entry in every:
        if entry.draft.kind is not Kind.MILESTONE:
            continue
        replaced = by_seq.get(entry.draft.replaces) if entry.draft.replaces is not None else None
        chain = replaced or by_title.get(entry.draft.subject)
        if chain is None:
            chain = Chain([])
            chains.append(chain)
        _declare(chain, entry, days[entry.seq])
        by_title[entry.draft.subject] = by_seq[entry.seq] = chain
    yield from (chain for chain in chains if chain.forms)


def _declare(chain: Chain, entry: Entry, on: date) -> None:
    """One more form of a milestone; the same one again is none, and giving it up takes nothing back."""
    form, forms = _form(entry, on), chain.forms
    if form is None:
        chain.given_up = on
        return
    chain.given_up = None
    if not forms or (forms[-1].due, meant(forms[-1].texts)) != (form.due, meant(form.texts)):
        forms.append(form)


def meant(texts: Iterable[str]) -> list[Condition | str]:
    """Conditions by what they mean: another spelling is no other promise."""
    return [asked_in(text) or text for text in texts]


def asked_in(text: str) -> Condition | None:
    """What a text asks for; None where it can no longer be read."""
    try:
        return condition(text)
    except Mistake:
        return None


def read_as_they_stand(entries: Iterable[Entry]) -> tuple[str, ...]:
    """The metrics of every condition that names no period of its own: a stock's is read on the day itself."""
    forms = (_form(each, date.min) for each in entries if each.draft.kind is Kind.MILESTONE)
    asked = (asked_in(text) for form in forms if form for text in form.texts)
    return tuple(dict.fromkeys(metric_of(each) for each in asked if each and each.reading is None))


def _form(entry: Entry, on: date) -> Form | None:
    """An entry's declaration; None where it holds no day: then nothing was promised."""
    due, reach = entry.draft.data.get("due"), entry.draft.data.get("reach")
    if not isinstance(due, str) or not isinstance(reach, Sequence) or isinstance(reach, str):
        return None
    try:
        day = date.fromisoformat(due)
    except ValueError:
        return None
    return Form(entry, on, day, tuple(map(str, reach)))
