"""Entries: what was recorded, as values. An entry never changes; a later one may replace it in sight of both."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from enum import Enum
from fractions import Fraction
from typing import TypeAlias
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from shinro.periods import Grain, Period
from shinro.series import Mark, Segment

Json: TypeAlias = str | int | bool | Sequence["Json"] | Mapping[str, "Json"] | None


class Kind(Enum):
    """What an entry is about. In brackets: what its `data` holds, and its texts by role."""

    REPORT = "report"  # a metric's value in one period, as it was published
    RESTATE = "restate"  # another value for a period that was published; text `reason`
    MILESTONE = "milestone"  # as it was declared, or as it was moved [due: ISO day, reach: conditions as written]
    TARGET = "target"  # a target as it was set, or as it was moved
    REVIEW = "review"  # a review that was held
    DECISION = "decision"  # taken in a review; of a miss: subject its milestone [cause: execution or hypothesis]
    TOLD = "told"  # what was told to whom [metrics: names, the headline first; starts, ends: ISO days; claims: so many]
    KEY = "key"  # the key that signs from here on: a log's first entry, and one for every change of key


@dataclass(frozen=True, slots=True)
class Figure:
    """A published number, exact: `value` None where it is undefined (0/0). `over` and `base` are a rate's parts."""

    value: Fraction | None
    unit: str
    mark: Mark
    over: Fraction | None = None
    base: Fraction | None = None


@dataclass(frozen=True, slots=True)
class Input:
    """One table that a number was measured from: its snapshots by sha256, the load's fingerprint, its rows."""

    table: str
    snapshots: tuple[str, ...]
    fingerprint: str
    rows: int


@dataclass(frozen=True, slots=True)
class Origin:
    """What a number follows from: the normal form of its definition by sha256, its inputs, the code that read them."""

    definition: str
    inputs: tuple[Input, ...]
    as_of: date
    shinro: str
    engine: str
    commit: str | None = None  # of the project's git, where it has one


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """What is to be written. `texts` are free words and names, by role: they stay outside the log, by salted hash.

    `subject` is the metric, the milestone's id, the target's metric, the review's day or the audience. `data` holds
    what only this kind has, free of anybody's words.
    """

    kind: Kind
    subject: str
    grain: Grain | None = None
    period: Period | None = None
    segment: Segment = ()
    figure: Figure | None = None
    origin: Origin | None = None
    replaces: int | None = None  # the `seq` of the entry that it stands instead of
    data: Mapping[str, Json] = field(default_factory=dict)
    texts: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Entry:
    """What was written: a draft with its place in the log, when and by whom. `texts` holds hashes by role."""

    seq: int  # 0 is the first
    written_at: datetime  # UTC, whole seconds
    actor: str  # the hash of a name that is kept outside
    draft: Draft
    hashes: Mapping[str, str] = field(default_factory=dict)  # role -> salted sha256 of a text
    words: Mapping[str, str] = field(
        default_factory=dict
    )  # role -> text, as far as it is not erased; no part of the log

    @property
    def late(self) -> bool:
        """Whether it was written after another period of the same length had ended: both dates are then shown."""
        period = self.draft.period
        return period is not None and self.written_at.date() >= period.end + (period.end - period.start)


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """The log's head at one size, signed: `text` is the signed note that somebody else can hold."""

    origin: str
    size: int
    root: str  # base64 of the Merkle tree's root
    text: str

    @property
    def short(self) -> str:
        """What stands at the foot of a page: size and the root's first characters."""
        return f"{self.size}:{self.root[:16]}"


Key = tuple[str, Grain, Period, Segment]  # what a published value is of


def histories(entries: Iterable[Entry]) -> Mapping[Key, tuple[Entry, ...]]:
    """Every published period with all that ever stood there, oldest first.

    Law: the last entry is the value that stands; none that was written is missing. Cost: linear in the entries.
    """
    found: dict[Key, list[Entry]] = {}
    for entry in entries:
        draft = entry.draft
        if draft.kind in (Kind.REPORT, Kind.RESTATE) and draft.grain and draft.period:
            found.setdefault((draft.subject, draft.grain, draft.period, draft.segment), []).append(entry)
    return {key: tuple(sorted(each, key=lambda entry: entry.seq)) for key, each in found.items()}


def pledges(entries: Iterable[Entry], kind: Kind) -> Mapping[str, tuple[Entry, ...]]:
    """Every milestone, or target, with all its forms, oldest first; one that was given up is there too."""
    found: dict[str, list[Entry]] = {}
    for entry in entries:
        if entry.draft.kind is kind:
            found.setdefault(entry.draft.subject, []).append(entry)
    return {subject: tuple(sorted(each, key=lambda entry: entry.seq)) for subject, each in found.items()}


def local_day(moment: datetime, zone: str) -> date:
    """The day of a moment in a time zone; UTC's where there is no such zone."""
    try:
        return moment.astimezone(ZoneInfo(zone)).date()
    except (ZoneInfoNotFoundError, ValueError):
        return moment.astimezone(UTC).date()


def days_written(entries: Iterable[Entry], zone: str) -> Mapping[int, date]:
    """The day on which each entry was written, by its seq: its own, or the latest before it in the log.

    Law: they never fall as seq rises, whatever a clock said: what stands below others was not written before them.
    """
    found, latest = dict[int, date](), date.min
    for entry in sorted(entries, key=lambda each: each.seq):
        latest = max(latest, local_day(entry.written_at, zone))
        found[entry.seq] = latest
    return found
