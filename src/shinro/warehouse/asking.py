"""Asking: a scan -> its cells, from the cache or from the engine; joins verified; a reported metric's rows."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from importlib import import_module
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import duckdb

from shinro.loads import Load, TablePlan
from shinro.periods import Calendar, offsets
from shinro.problems import CannotGoOn, Problem
from shinro.queries.scans import Scan
from shinro.warehouse.answers import keep_joins, keep_rows, key_of, known_joins, known_rows
from shinro.warehouse.engine import Limits, quoted
from shinro.warehouse.fingerprint import digest
from shinro.warehouse.frame import Cells, Row, cells, exact
from shinro.warehouse.session import Session, session
from shinro.warehouse.verify import verify_joins

Progress = Callable[[str, str], None]


@dataclass
class Asking:
    """An open question to the warehouse; the engine is opened at the first thing that is not kept."""

    plans: Mapping[str, TablePlan]
    loads: Mapping[str, Load]
    calendar: Calendar
    folder: Path
    stack: ExitStack
    limits: Limits
    progress: Progress
    scanned: list[str] = field(default_factory=list)
    opened: Session | None = None

    @property
    def engine(self) -> Session:
        """The session over the typed tables."""
        if self.opened is None:
            self.opened = self.stack.enter_context(session(self.loads, self.folder, self.limits))
        return self.opened

    def read(self, scan: Scan) -> Cells:
        """A scan's rows by segment and period, kept ones where there are."""
        key = key_of(scan, self.plans[scan.table], self.loads, self.calendar)
        rows = known_rows(self.folder, key)
        if rows is None:
            self.progress("measure", scan.table)
            rows = self._asked(scan)
            self.scanned.append(scan.normal)
            keep_rows(self.folder, key, rows)
        return cells(scan, rows)

    def _asked(self, scan: Scan) -> list[Row]:
        place, args = self.plans[scan.table].place, {"table": scan.table}
        try:
            return self.engine.rows(self.sql(scan))
        except duckdb.OutOfMemoryException:
            raise CannotGoOn([Problem(place, "L119", {**args, "memory": self.limits.memory})]) from None
        except duckdb.Error as error:
            metrics = ", ".join(measure.metric for measure in scan.measures)
            says = str(error).partition("\n")[0]
            raise CannotGoOn([Problem(place, "L143", {**args, "metrics": metrics, "says": says})]) from None

    def sql(self, scan: Scan) -> str:
        """The text that the embedded engine runs for a scan."""
        # Importing the compiler costs more CPU than a whole status from the cache, so it waits for the first miss.
        compiler: Any = import_module("shinro.queries.compile")
        known = {name: load.types for name, load in self.loads.items()}
        repeated = frozenset(
            (name, join.table) for name, load in self.loads.items() for join in load.joined if join.repeated
        )
        schema = compiler.schema(self.plans, known, self.calendar, zone_offsets(self.loads, self.calendar), repeated)
        return str(compiler.sql(scan, schema, "duckdb"))

    def sheet(self, metric: str) -> tuple[tuple[date, Fraction | None], ...]:
        """The typed-in rows of a reported metric: a day and a number each."""
        plan = self.plans[metric]
        value = next(column.name for column in plan.columns if column.name != plan.time)
        sql = f"SELECT {quoted(str(plan.time))}, {quoted(value)} FROM {quoted(metric)} ORDER BY 1, 2"
        rows = [(_day(day, self.calendar.zone), exact(number)) for day, number in self.engine.rows(sql)]
        return tuple((day, number) for day, number in rows if day is not None)


def _day(found: object, zone: str) -> date | None:
    """The local day of a moment in UTC without zone; a day is its own."""
    if isinstance(found, datetime):
        return found.replace(tzinfo=UTC).astimezone(ZoneInfo(zone)).date()
    return found if isinstance(found, date) else None


def zone_offsets(loads: Mapping[str, Load], calendar: Calendar) -> tuple[tuple[datetime | None, int], ...]:
    """The offsets of the project's zone over all days of the loads, with two years around them for ends to come."""
    days = [day for load in loads.values() for day in (load.oldest, load.newest) if day]
    if not days:
        return offsets(calendar.zone, date(2000, 1, 1), date(2000, 1, 2))
    around = timedelta(days=2 * 366)
    first = max(min(days), date(1902, 1, 1))
    return offsets(calendar.zone, first, min(max(days), date(9990, 1, 1)) + around)


@contextmanager
def asking(
    plans: Mapping[str, TablePlan],
    loads: Mapping[str, Load],
    calendar: Calendar,
    folder: Path,
    progress: Progress = lambda _step, _name: None,
    limits: Limits | None = None,
) -> Iterator[Asking]:
    """An `Asking` over loaded tables, its engine closed at the end."""
    with ExitStack() as stack:
        yield Asking(plans, loads, calendar, folder, stack, limits or Limits(), progress)


def joined(asked: Asking) -> dict[str, Load]:
    """The loads with what their joins saw, kept by the fingerprints of both sides."""
    found: dict[str, Load] = {}
    for name, load in asked.loads.items():
        joins = [join for join in asked.plans[name].joins if join.table in asked.loads]
        if not joins:
            found[name] = load
            continue
        sides = [[join.table, join.column, join.key, asked.loads[join.table].fingerprint] for join in joins]
        key = digest("joins", load.fingerprint, sides)
        kept = known_joins(asked.folder, key)
        if kept is None:
            asked.progress("verify", name)
            kept = verify_joins(asked.engine.rows, asked.plans[name], asked.loads).joined
            keep_joins(asked.folder, key, kept)
        found[name] = replace(load, joined=kept)
    return found
