"""Sources and tables: where rows come from and what their columns mean."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from shinro.definitions.nodes import Text
from shinro.definitions.shapes import Block
from shinro.definitions.values import Amount, Name, Span, Where

SCALES = {"thousand": 10**3, "ten thousand": 10**4, "million": 10**6, "hundred million": 10**8, "billion": 10**9}


@dataclass(frozen=True, slots=True, kw_only=True)
class Source(Block):
    """Where tables come from, and how their text is to be understood."""

    type: Literal["files", "duckdb", "sqlite", "postgres"]
    path: Text | None = None
    url: Text | None = None
    schema: Text | None = None
    late_by: Span | None = None
    files: Literal["newest", "union"] = "newest"
    encoding: Text | None = None
    timezone: Text | None = None
    dates: Text | None = None
    numbers: Text | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Table(Block):
    """Rows of one kind, and which of their columns is what."""

    from_: Text
    key: Text | None = None
    wide: bool = False  # a sheet with a column a period: `time` and `amount` are what its headers and cells are called
    full_list: Literal["day", "month"] | None = None  # the rows of each day or month are all that is paid in it
    time: Text | None = None
    times: Mapping[Name, Text] = field(default_factory=dict)
    entity: Text | None = None
    dimensions: tuple[Text, ...] = ()
    rename: Mapping[str, Text] = field(default_factory=dict)
    joins: Mapping[Name, Text] = field(default_factory=dict)
    where: Where | None = None
    starts: Text | None = None
    ends: Text | None = None
    ends_are: Literal["exclusive", "inclusive"] = "exclusive"
    amount: Text | None = None
    amounts_in: Literal["major", "minor", "thousand", "ten thousand", "million", "hundred million", "billion"] = "major"
    list_amount: Text | None = None  # the price before a discount for paying ahead
    every: Text | None = None
    every_count: Text | None = None  # how many of `every`: 3 of month
    quantity: Text | None = None
    status: Text | None = None
    trial_ends: Text | None = None
    subscription: Text | None = None  # of change events: a row is worth its amount until the next of the same one
    currency: Text | None = None
    rates: Mapping[str, Text] = field(default_factory=dict)  # a currency -> the reported metric that says its worth
    tax_included: Amount | None = None

    def moment(self, at: str | None) -> str | None:
        """The column that dates a row: the table's time, or another by its name among `times`."""
        if at is None:
            return self.time
        return next((str(column) for name, column in self.times.items() if str(name) == at), None)

    @property
    def lists(self) -> Literal["day", "month"] | None:
        """How its rows come as whole lists of what is paid, one a day or a month; None where they are no lists."""
        return None if self.starts else self.full_list or ("day" if self.wide else None)

    @property
    def scale(self) -> int:
        """What its amounts are multiplied by as they are read; `minor`, the currency's smallest unit, is told later."""
        return SCALES.get(self.amounts_in, 1)

    @property
    def dates(self) -> tuple[str, ...]:
        """Every column that holds a day or a moment, in the order written."""
        found = [self.time, *self.times.values(), self.starts, self.ends, self.trial_ends]
        return tuple(dict.fromkeys(str(column) for column in found if column))
