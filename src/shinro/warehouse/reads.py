"""Reads: the engine's side of asking. Imported only when the cache does not have an answer.

The engine costs more CPU to import than a whole status from the cache; the compiler costs three times as much, and is
imported only for a text that is not kept.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import duckdb

from shinro.loads import Joined, Load, TablePlan
from shinro.periods import Calendar, offsets
from shinro.problems import CannotGoOn, Problem
from shinro.queries.rollup import Rollup, rollups
from shinro.queries.scans import Scan
from shinro.queries.schema import Schema, over, schema
from shinro.warehouse.engine import Limits, literal, quoted
from shinro.warehouse.frame import Row
from shinro.warehouse.session import Session, session
from shinro.warehouse.texts import Texts
from shinro.warehouse.together import part, statement
from shinro.warehouse.verify import verify_joins

FEW_ROWS = 100_000  # below it reading a table again costs less than summing it up
MANY_ROWS = 2_500_000
WORTH = 2  # rows of the table that one of a roll-up must stand for, in a sample


@dataclass(frozen=True, slots=True)
class Reads:
    """An open engine over loaded tables."""

    session: Session
    plans: Mapping[str, TablePlan]
    calendar: Calendar
    limits: Limits
    texts: Texts
    held: dict[Scan, str] = field(default_factory=dict)  # texts of scans whose tables were read together

    def prepare(self, scans: Sequence[Scan], loads: Mapping[str, Load]) -> None:
        """Reads the tables of scans that come together, each once; summed up where that makes them much shorter.

        What fails together (memory is short, one of them overflows) is left to be read one by one, and told then.
        Cost: a look at the first rows of each table, then one scan of it, a hash of what it is summed up by, and the
        scans' own work at once.
        """
        try:
            self._read(scans, schema_of(self.plans, loads, self.calendar), loads)
        except duckdb.InterruptException as error:
            raise self._refused(scans, error) from None
        except duckdb.Error:
            return

    def _read(self, scans: Sequence[Scan], tables: Schema, loads: Mapping[str, Load]) -> None:
        """One statement where a table would be read again; else roll-ups alone are read, and their scans when asked."""
        rolled = self._rolled(scans, tables, loads)
        summed = {one.name: enumerated(self.texts.rollup(one, tables), one, loads[one.table].values) for one in rolled}
        sources = [shortest(scan, tables, rolled) for scan in scans]
        texts = [self._text(scan, tables, rollup) for scan, rollup in zip(scans, sources, strict=True)]
        read = Counter(rollup.table for rollup in rolled)
        for scan, rollup in zip(scans, sources, strict=True):
            read.update(name for name in scan.reads if rollup is None or name != rollup.table)
        if max(read.values()) == 1:
            for name, text in summed.items():
                self.session.keep(name, text)
            self.held.update(zip(scans, texts, strict=True))
            return
        kept = f"shinro together {len(self.held)}"
        self.session.keep(kept, statement(read, summed, texts))
        self.held.update((scan, part(kept, n)) for n, scan in enumerate(scans))

    def _rolled(self, scans: Sequence[Scan], tables: Schema, loads: Mapping[str, Load]) -> list[Rollup]:
        found: list[Rollup] = []
        for rollup in rollups(scans, tables.joins, tables.types):
            rows = loads[rollup.table].rows
            if rows >= FEW_ROWS and not any(known.contains(rollup) for known in found):
                first = f"{self.texts.kinds(rollup, tables)} LIMIT {sample_of(rows)}"
                ((many,),) = self.session.rows(f"SELECT count(*) FROM (SELECT DISTINCT * FROM ({first}))")
                found += [rollup] if int(str(many)) * WORTH <= sample_of(rows) else []
        return found

    def scan(self, scan: Scan, loads: Mapping[str, Load]) -> list[Row]:
        """A scan's rows. Raises CannotGoOn where the engine cannot give them."""
        try:
            return self.session.rows(self.held.get(scan) or self.sql(scan, loads))
        except duckdb.Error as error:
            raise self._refused([scan], error) from None

    def _refused(self, scans: Sequence[Scan], error: duckdb.Error) -> CannotGoOn:
        place, args = self.plans[scans[0].table].place, {"table": scans[0].table}
        if isinstance(error, duckdb.OutOfMemoryException):
            return CannotGoOn([Problem(place, "L119", {**args, "memory": self.limits.memory})])
        metrics = ", ".join(measure.metric for scan in scans for measure in scan.measures)
        says = str(error).partition("\n")[0]
        return CannotGoOn([Problem(place, "L143", {**args, "metrics": metrics, "says": says})])

    def sql(self, scan: Scan, loads: Mapping[str, Load]) -> str:
        """The text that the embedded engine runs for a scan alone."""
        return self._text(scan, schema_of(self.plans, loads, self.calendar), None)

    def _text(self, scan: Scan, tables: Schema, rollup: Rollup | None) -> str:
        return self.texts.scan(scan, over(rollup, tables) if rollup else tables)

    def sheet(self, metric: str) -> list[Row]:
        """The rows of a reported metric's sheet: a local day, as text, and a number."""
        plan = self.plans[metric]
        value = next(column.name for column in plan.columns if column.name != plan.time)
        rows = self.session.rows(
            f"SELECT {quoted(str(plan.time))}, {quoted(value)} FROM {quoted(metric)} ORDER BY 1, 2"
        )
        days = [(_day(found, self.calendar.zone), number) for found, number in rows]
        return [(day.isoformat(), number) for day, number in days if day is not None]

    def joins(self, table: str, loads: Mapping[str, Load]) -> tuple[Joined, ...]:
        """What a table's joins see."""
        return verify_joins(self.session.rows, self.plans[table], loads).joined


def shortest(scan: Scan, tables: Schema, rolled: Iterable[Rollup]) -> Rollup | None:
    """The shortest roll-up that a scan can be read from; None where it reads its table."""
    of_table = tables.joins.get(scan.table, {}), tables.types.get(scan.table, {})
    holding = [rollup for rollup in rolled if rollup.holds(scan, *of_table)]
    return min(holding, key=lambda rollup: len(rollup.keys), default=None)


def enumerated(text: str, rollup: Rollup, values: Mapping[str, Sequence[str]]) -> str:
    """A roll-up's text, its keys of few values as numbers in their order: they are sorted and grouped much faster.

    They are read, compared and told as the texts that they stand for. `values`: all that a column has.
    """
    known = {name: values[name] for name in rollup.keys if values.get(name) and name != rollup.entity}
    kinds = [f"{quoted(name)}::ENUM({', '.join(map(literal, each))}) AS {quoted(name)}" for name, each in known.items()]
    return f"SELECT * REPLACE ({', '.join(kinds)}) FROM ({text})" if kinds else text


def sample_of(rows: int) -> int:
    """How many of a table's first rows are looked at."""
    return 25_000 if rows < MANY_ROWS else 100_000


def schema_of(plans: Mapping[str, TablePlan], loads: Mapping[str, Load], calendar: Calendar) -> Schema:
    """What the compiler must know of the loaded tables."""
    known = {name: load.types for name, load in loads.items()}
    repeated = frozenset((name, join.table) for name, load in loads.items() for join in load.joined if join.repeated)
    short = frozenset(name for name, load in loads.items() if load.short)
    whole = frozenset((name, column) for name, load in loads.items() for column in load.whole)
    found = schema(plans, known, calendar, zone_offsets(loads, calendar))
    return replace(found, repeated=repeated, short=short, whole=whole)


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
def reads(
    plans: Mapping[str, TablePlan], loads: Mapping[str, Load], calendar: Calendar, folder: Path
) -> Iterator[Reads]:
    """The engine over the typed tables, closed at the end."""
    limits = Limits()
    with session(loads, folder, limits) as opened:
        yield Reads(opened, plans, calendar, limits, Texts(folder))
