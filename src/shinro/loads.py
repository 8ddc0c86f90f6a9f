"""Loads: what a table is asked to be, and what a load of it saw. Values alone."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import Enum
from types import MappingProxyType

from shinro.problems import Place

# What a row of a sheet is called that sums up others: 合計, 小計, Aプラン 小計（税抜）, 7月計, Total, Grand total.
TOTAL = (
    r"(?i)[\s\x{3000}]*(?:.{0,20}[合小総][ \x{3000}]*計(?:金?額|件?数)?|計|[月年]計|[\d０-９]{1,4} *[年月][度分]? *計"
    r"|(?:(?:grand|sub)[ -]?)?totals?)[\s\x{3000}]*(?:[(（].*[)）])?[\s\x{3000}:：]*"
)
_TOTAL = re.compile(TOTAL.replace("\\x{3000}", "\u3000"))


class Role(Enum):
    """What a column is read as. Text files are cast by it; typed files keep a native type that already fits."""

    TEXT = "text"
    NUMBER = "number"
    TIME = "time"  # a moment (kept as UTC without zone, microseconds) or a plain date (kept as a date)
    TRUTH = "truth"
    ANY = "any"  # as it comes: text in text files


@dataclass(frozen=True, slots=True)
class ColumnPlan:
    """One column of a table: its name in the project, its header in the file, its role, and who asked for it."""

    name: str
    header: str
    role: Role
    place: Place
    metrics: tuple[str, ...] = ()  # that go without numbers where it is missing; none where the table itself needs it
    scale: int = 1  # what its numbers are multiplied by: 10000 where it holds 万円
    payer: bool = False  # who pays, in a list of who pays what: a row that is called a total is nobody's
    cut: bool = False  # where it is missing, no number is cut by it, and that is all, or all beside `metrics`
    word: bool = False  # it stands where a value does: `stage = won`, in which quotes may have been forgotten
    taken: Place | None = None  # where it is taken for its role, where that is not where it is asked for first


def is_total(cell: str) -> bool:
    """Whether a row is called as one that sums up others."""
    return _TOTAL.fullmatch(cell) is not None


@dataclass(frozen=True, slots=True)
class JoinPlan:
    """A many-to-one join: `column` here finds at most one row of `table` there, by that table's key."""

    table: str
    column: str
    key: str
    place: Place


@dataclass(frozen=True, slots=True)
class SourcePlan:
    """Where a source's tables are read from, and how its text is to be understood."""

    name: str
    type: str  # files, duckdb, sqlite, postgres
    place: Place
    path: str | None = None  # absolute, with the project's folder in front; may hold a wildcard
    url: str | None = None  # for postgres, with secrets filled in from the environment
    files: str = "newest"  # newest | union
    encoding: str = "utf-8"
    timezone: str = "UTC"  # of moments without an offset
    dates: str | None = None  # strftime format of the dates in it
    numbers: str | None = None  # "1.234,56" where commas are decimal
    late_by: int = 0  # days
    schema: str | None = None
    currency: str | None = None  # the project's: numbers with another one's sign are not read
    written: str | None = None  # the path as the project says it: what is told names no folder of this machine


@dataclass(frozen=True, slots=True)
class Priced:
    """The columns of a table that recurring revenue is read from: who pays, how much, in what state."""

    entity: str
    amount: str
    periods: bool  # rows have a start; else they are change events
    status: str | None = None
    listed: str | None = None  # the list price
    changes: str | None = None  # of change events: when
    stream: str | None = None  # of change events: the column that tells an entity's subscriptions apart


@dataclass(frozen=True, slots=True)
class Happened:
    """The rows in which a column's day is one on which something happened: those that have one of each column's values.

    In the others it may be a plan.
    """

    column: str
    told: tuple[tuple[str, tuple[str, ...]], ...]


@dataclass(frozen=True, slots=True)
class TablePlan:
    """What a load must produce for one table of the project."""

    name: str
    source: SourcePlan
    stem: str  # the part of `from: source.stem`
    columns: tuple[ColumnPlan, ...]
    place: Place
    key: str | None = None
    time: str | None = None
    times: tuple[str, ...] = ()  # every column that dates a row, `time` among them
    planned: tuple[str, ...] = ()  # of `times`, those that may be written ahead: ends of terms and trials
    happened: tuple[Happened, ...] = ()  # of `times`, those that are plans in some rows
    joins: tuple[JoinPlan, ...] = ()
    starts: str | None = None
    ends: str | None = None
    amount: str | None = None
    priced: Priced | None = None  # where recurring revenue is read from it
    row: str | None = None  # of a wide sheet: the row whose cells are the values, its headers the days
    wide: tuple[str, str] | None = None  # of a table as a wide sheet: what its headers (days) and its cells are called


@dataclass(frozen=True, slots=True)
class Reject:
    """One row that could not be read: its number, what and why.

    In a workbook the number is the sheet's own; in other files 1 is the first row after the header.
    """

    file: str
    row: int
    column: str
    value: str
    reason: str  # its words are in the catalog `loading`, under `reject.`


@dataclass(frozen=True, slots=True)
class Joined:
    """What a join saw: rows whose column is null, rows that find no partner, keys there that are not unique."""

    table: str
    nulls: int
    orphans: int
    samples: tuple[str, ...]
    repeated: int  # keys on the other side that stand more than once


@dataclass(frozen=True, slots=True)
class Strange:
    """Words in a column that no amount can be told from."""

    kind: str  # intervals, statuses, currencies; foreign: currencies among those that a sum adds up
    column: str
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Former:
    """What a table had when it was last whole: its rows, and the newest day of them."""

    rows: int
    newest: date | None


@dataclass(frozen=True, slots=True)
class Load:
    """What one load of one table saw."""

    table: str
    source: str
    files: tuple[str, ...]  # as the user knows them
    snapshot: tuple[str, ...]  # sha256 of each input's bytes
    fingerprint: str  # of the inputs and of what was asked of them: the same fingerprint, the same rows
    rows: int
    rejected: int = 0
    rejects: tuple[Reject, ...] = ()  # samples
    columns: tuple[str, ...] = ()  # every header that the input has
    types: Mapping[str, str] = field(default_factory=dict)  # kept columns: number, date, moment, text, truth
    oldest: date | None = None
    newest: date | None = None  # the newest day that shows how new its rows are, see `verify.days_of`
    latest: date | None = None  # the very last day of any of its times, be it past or to come
    known_until: date | None = None  # the newest day, or `named` where that is not much later
    named: date | None = None  # the date in the files' names, no later than the day of loading
    longest_gap: int = 0  # days: the longest silence between two days with rows
    future: int = 0  # rows dated after the day of loading
    undated: int = 0  # rows whose `time` is empty: they lie in no period
    repeated_keys: int = 0
    null_keys: int = 0
    key_samples: tuple[str, ...] = ()
    joined: tuple[Joined, ...] = ()
    ended: int | None = None  # rows whose `ends` is set
    negative: int = 0  # rows whose `amount` is below 0
    short: bool = False  # no `amount` has ten digits before its point
    whole: tuple[str, ...] = ()  # columns of whole numbers of 64 bits
    unpriced: int = 0  # rows that should have an `amount` and have none
    unlisted: int = 0  # of these, rows without a list price too
    repeated_amounts: int = 0  # of change events that look like a whole list each month: rows that repeat the last
    values: Mapping[str, tuple[str, ...]] = field(
        default_factory=dict
    )  # up to 50 distinct values of short text columns
    stated: str = ""  # what a row above the headers says that amounts are in, as it stands there: 単位：千円
    late_by: int = 0
    seconds: float = 0.0
    former: Former | None = None  # of a table that has lost rows since it was read before
    read_at: datetime | None = None  # of a server's table that was not read again now: when it was, UTC

    def __post_init__(self) -> None:
        object.__setattr__(self, "types", MappingProxyType(dict(self.types)))
        object.__setattr__(self, "values", MappingProxyType(dict(self.values)))
