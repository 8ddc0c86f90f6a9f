"""Asking: a scan -> its cells, from the cache or from the engine; joins verified; a reported metric's rows."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from datetime import date
from fractions import Fraction
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

from shinro.loads import Load, TablePlan
from shinro.periods import Calendar
from shinro.queries.scans import Scan
from shinro.queries.sharing import sharing
from shinro.warehouse.answers import (
    FORMAT,
    is_kept,
    keep_cells,
    keep_joins,
    keep_rows,
    key_of,
    known_cells,
    known_joins,
    known_rows,
)
from shinro.warehouse.coarser import Days, Whole, asked_by_day, coarser, daily, sums_of
from shinro.warehouse.fingerprint import digest
from shinro.warehouse.frame import Cells, Row, cells, exact

if TYPE_CHECKING:
    from shinro.warehouse.reads import Reads

Progress = Callable[[str, str], None]


@dataclass
class Asking:
    """An open question to the warehouse; the engine is opened at the first thing that is not kept."""

    plans: Mapping[str, TablePlan]
    loads: Mapping[str, Load]
    calendar: Calendar
    folder: Path
    stack: ExitStack
    progress: Progress
    scanned: list[str] = field(default_factory=list)
    opened: Reads | None = None
    by_day: frozenset[Scan] = frozenset()  # scans by day whose numbers coarser ones are added up from
    held: dict[Scan, Cells] = field(default_factory=dict)  # what they found
    summed: dict[Scan, tuple[Days, ...]] = field(default_factory=dict)  # the same, added up

    @property
    def engine(self) -> Reads:
        """The engine over the typed tables."""
        if self.opened is None:
            # Not at the top: importing it costs more than a whole status from the cache.
            room = import_module("shinro.warehouse.reads")
            self.opened = self.stack.enter_context(room.reads(self.plans, self.loads, self.calendar, self.folder))
        return self.opened

    def prepare(self, scans: Iterable[Scan]) -> None:
        """Readies the engine for scans that come together, those of them that are not kept."""
        scans = tuple(scans)
        self.by_day = asked_by_day(scans, self._whole)
        keys = {key_of(scan, self.plans[scan.table], self.loads, self.calendar): scan for scan in scans}
        unknown = [scan for key, scan in keys.items() if not is_kept(self.folder, key) and self._kept(scan) is None]
        for group in sharing(scan for scan in unknown if daily(scan, self._whole(scan)) not in self.by_day):
            self.progress("measure", group[0].table)
            self.engine.prepare(group, self.loads)

    def _whole(self, scan: Scan) -> Whole:
        return self.loads[scan.table].whole

    def _kept(self, scan: Scan) -> list[Row] | None:
        return known_cells(self.folder, key_of(scan, self.plans[scan.table], self.loads, self.calendar))

    def read(self, scan: Scan) -> Cells:
        """A scan's rows by segment and period, kept ones where there are."""
        if scan in self.held:
            return self.held[scan]
        found = cells(scan, self._rows(scan))
        if scan in self.by_day:
            self.held[scan] = found
        return found

    def _rows(self, scan: Scan) -> list[Row]:
        key = key_of(scan, self.plans[scan.table], self.loads, self.calendar)
        rows = known_cells(self.folder, key)
        if rows is None:
            summed = self._added_up(scan)
            rows = self._scanned(scan) if summed is None else summed
            keep_cells(self.folder, key, rows)
        return rows

    def _added_up(self, scan: Scan) -> list[Row] | None:
        """A scan's rows from the numbers of its days, where these are asked for as well."""
        days = daily(scan, self._whole(scan))
        if days is None or days not in self.by_day:
            return None
        if days not in self.summed:
            self.summed[days] = sums_of(days, self.read(days))
        return coarser(scan, self.summed[days], self.calendar)

    def _scanned(self, scan: Scan) -> list[Row]:
        self.progress("measure", scan.table)
        self.scanned.append(scan.normal)
        return self.engine.scan(scan, self.loads)

    def sheet(self, metric: str) -> tuple[tuple[date, Fraction | None], ...]:
        """The typed-in rows of a reported metric: a day and a number each."""
        key = digest("sheet", self.loads[metric].fingerprint, self.calendar.zone)
        rows = known_rows(self.folder, key)
        if rows is None:
            rows = self.engine.sheet(metric)
            keep_rows(self.folder, key, rows)
        return tuple((date.fromisoformat(str(day)), exact(number)) for day, number in rows)


@contextmanager
def asking(
    plans: Mapping[str, TablePlan],
    loads: Mapping[str, Load],
    calendar: Calendar,
    folder: Path,
    progress: Progress = lambda _step, _name: None,
) -> Iterator[Asking]:
    """An `Asking` over loaded tables, its engine closed at the end."""
    with ExitStack() as stack:
        yield Asking(plans, loads, calendar, folder, stack, progress)


def joined(asked: Asking) -> dict[str, Load]:
    """The loads with what their joins saw, kept by the fingerprints of both sides."""
    found: dict[str, Load] = {}
    for name, load in asked.loads.items():
        joins = [join for join in asked.plans[name].joins if join.table in asked.loads]
        if not joins:
            found[name] = load
            continue
        sides = [[join.table, join.column, join.key, asked.loads[join.table].fingerprint] for join in joins]
        key = digest("joins", FORMAT, load.fingerprint, sides)
        kept = known_joins(asked.folder, key)
        if kept is None:
            asked.progress("verify", name)
            kept = asked.engine.joins(name, asked.loads)
            keep_joins(asked.folder, key, kept)
        found[name] = replace(load, joined=kept)
    return found
