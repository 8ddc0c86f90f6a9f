"""Databases: what DuckDB files and PostgreSQL share: a table's columns, and the rows read, as one text file."""

from __future__ import annotations

import difflib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from shinro.loads import Role, TablePlan
from shinro.problems import CannotGoOn, Disk, Listed, Problem, problem
from shinro.warehouse.sheet import folded, missing, position
from shinro.warehouse.snapshots import hash_of, snapshot_path, whole_file

SHOWN = 8


@dataclass(frozen=True, slots=True)
class Table:
    """A table in a database: its schema and name, and each of its columns with the role that its type is made for."""

    schema: str
    name: str
    columns: Mapping[str, Role]
    types: Mapping[str, str] = field(default_factory=dict)  # as the database calls them; none of SQLite

    @property
    def full_name(self) -> str:
        """As the user knows it."""
        return f"{self.schema}.{self.name}"


def schema_and_name(plan: TablePlan, default: str) -> tuple[str, str]:
    """`sales.deals` names its schema; else the source does, else it is the database's usual one."""
    if "." in plan.stem:
        schema, name = plan.stem.split(".", 1)
        return schema, name
    return plan.source.schema or default, plan.stem


def chosen(plan: TablePlan, table: Table) -> tuple[str, ...]:
    """The table's columns that are read, in the table's order; raises CannotGoOn where a planned one is missing."""
    headers = tuple(table.columns)
    if problems := missing(plan, headers, table.full_name):
        raise CannotGoOn(problems)
    places = {position(headers, column.header) for column in plan.columns}
    return tuple(header for n, header in enumerate(headers) if n in places)


def order(plan: TablePlan, columns: Sequence[str]) -> str | None:
    """The column by which rows are read, so that the same rows give the same bytes: the key's, where there is one."""
    header = next((column.header for column in plan.columns if column.name == plan.key), None)
    return next((column for column in columns if header is not None and folded(column) == folded(header)), None)


def no_table(plan: TablePlan, schema: str, name: str, there: Sequence[tuple[str, str]]) -> Problem:
    """The table is not there: the nearest that is, or some that are."""
    names = [f"{one}.{other}" if one != schema else other for one, other in there]
    near = difflib.get_close_matches(name, names, n=1, cutoff=0.6)
    shown = near or sorted(names)[:SHOWN]
    full = f"{schema}.{name}"
    return problem(
        "L128",
        plan.place,
        table=plan.name,
        name=full,
        source=plan.source.name,
        there=", ".join(shown) or Listed.NOTHING,
    )


def keep_rows(rows: Path, folder: Path) -> tuple[str, Path]:
    """Moves the rows that were read into the snapshots; their hash and their place."""
    digest = hash_of(rows)
    target = snapshot_path(folder, digest, ".csv")
    with whole_file(target) as file, rows.open("rb") as source:
        while chunk := source.read(1 << 20):
            file.write(chunk)
    return digest, target


def absent(path: Path) -> Disk:
    """Why a path is no file that could be read."""
    return Disk.FOLDER if path.is_dir() else Disk.ODD if path.exists() else Disk.MISSING
