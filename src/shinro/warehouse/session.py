"""Sessions: an engine over the typed tables of some loads, one view each, for measuring."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import duckdb

from shinro.loads import Load
from shinro.problems import CannotGoOn, Place, problem
from shinro.warehouse.engine import Limits, engine, file_literal, quoted, scratch_folder
from shinro.warehouse.kept import Kept, find
from shinro.warehouse.reading import named


@dataclass(frozen=True, slots=True)
class Session:
    """Reads the typed tables by their names; cannot write, and cannot reach anything else."""

    connection: duckdb.DuckDBPyConnection

    def keep(self, name: str, sql: str) -> None:
        """Keeps the rows of a query under a name until the session is closed; in memory, or spilled to its folder."""
        self.connection.execute(f"CREATE OR REPLACE TEMP TABLE {quoted(name)} AS {sql}")

    def rows(self, sql: str) -> list[tuple[object, ...]]:
        """The rows of a query: integers, decimals, dates and texts, exact."""
        return self.connection.execute(sql).fetchall()


def view_sql(table: str, kept: Kept, folder: Path) -> str:
    """A view of a typed table under the table's own name."""
    return (
        f"CREATE VIEW {quoted(table)} AS SELECT {columns_of(kept)} FROM read_parquet({file_literal(kept.path(folder))})"
    )


def columns_of(kept: Kept) -> str:
    """The columns of a typed table by the names of the project."""
    columns = [named(quoted(stored), name) for name, stored in kept.columns.items()]
    return ", ".join(columns) or "1 AS one"


def _kept(name: str, load: Load, folder: Path) -> Kept:
    kept = find(folder, load.fingerprint)
    if kept is None:
        raise CannotGoOn([problem("L127", Place(str(folder)), table=name)])
    return kept


@contextmanager
def session(loads: Mapping[str, Load], folder: Path, limits: Limits | None = None) -> Iterator[Session]:
    """An engine with a view per loaded table, closed at the end. Raises CannotGoOn where a typed table has gone.

    Cost: opening, about 20 ms; the tables themselves are read by the queries.
    """
    tables = {name: _kept(name, load, folder) for name, load in loads.items()}
    paths = {kept.path(folder) for kept in tables.values()}
    with scratch_folder(folder) as scratch, engine(scratch, sorted(paths), limits or Limits()) as connection:
        for name, kept in tables.items():
            connection.execute(view_sql(name, kept, folder))
        yield Session(connection)
