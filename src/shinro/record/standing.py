"""What stands in the book: nothing is published twice, and nothing is replaced twice."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeAlias

import rfc8785

from shinro.entries import Draft, Entry, Kind
from shinro.problems import CannotGoOn, Place, problem

Key: TypeAlias = tuple[object, ...]

FIGURES = (Kind.REPORT, Kind.RESTATE)
EACH_TIME = (Kind.TOLD, Kind.KEY)  # what is said again is another event


class Standing:
    """The entries so far, and the newest about each thing. Only one writing holds it, and only that grows it."""

    def __init__(self, entries: Iterable[Entry]) -> None:
        self.entries: list[Entry] = []
        self._newest: dict[Key, Entry] = {}
        self._replaced: dict[int, Entry] = {}
        self._same: dict[Key, Entry] = {}
        for entry in entries:
            self.add(entry)

    def add(self, entry: Entry) -> None:
        """Takes in an entry; one that is there already changes nothing."""
        if entry.seq < len(self.entries):
            return
        self.entries.append(entry)
        self._newest[about(entry.draft)] = entry
        self._same[content(entry.draft)] = entry
        if entry.draft.replaces is not None:
            self._replaced[entry.draft.replaces] = entry

    def same(self, draft: Draft) -> Entry | None:
        """The entry that says what a draft says, so that a publishing which was cut off can be done again.

        Raises CannotGoOn: B812 where a period has another published value, B813 where what is to be replaced is not
        there, or another entry has replaced it.
        """
        if draft.kind in EACH_TIME:
            return None
        newest = self._newest.get(about(draft))
        if draft.kind is Kind.REPORT and newest is not None:
            return self._published(draft, newest)
        found = self._same.get(content(draft))
        if found is not None and found.seq not in self._replaced:
            return found
        if draft.replaces is not None:
            self._replaceable(draft)
        return None

    def _published(self, draft: Draft, newest: Entry) -> Entry:
        """A value that was published, restated or not, is published only as itself."""
        if newest.draft.figure != draft.figure:
            raise CannotGoOn([problem("B812", Place(draft.subject), seq=newest.seq, period=_days(draft))])
        return newest

    def _replaceable(self, draft: Draft) -> None:
        seq = draft.replaces
        old = self.entries[seq] if seq is not None and 0 <= seq < len(self.entries) else None
        if old is None or old.seq in self._replaced or not _same_thing(old.draft, draft):
            by = self._replaced[old.seq].seq if old and old.seq in self._replaced else None
            raise CannotGoOn([problem("B813", Place(draft.subject), seq=seq, by=by, case="twice" if by else "none")])


def _same_thing(old: Draft, new: Draft) -> bool:
    """A milestone may go on under another name."""
    return about(old) == about(new) or old.kind is new.kind is Kind.MILESTONE


def about(draft: Draft) -> Key:
    """What a draft is about: a report and its restatement share it."""
    family = "figure" if draft.kind in FIGURES else draft.kind.value
    return family, draft.subject, draft.grain, draft.period, draft.segment


def content(draft: Draft) -> Key:
    """What a draft says, whenever it is written: not from which code or load it came."""
    words = tuple(sorted(draft.texts.items()))
    return *about(draft), draft.kind, draft.figure, draft.replaces, rfc8785.dumps(dict(draft.data)), words


def _days(draft: Draft) -> str:
    return f"{draft.period.start}–{draft.period.last}" if draft.period else "-"
