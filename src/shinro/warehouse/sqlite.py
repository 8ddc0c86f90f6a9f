"""SQLite: a database copied whole, with what stands in its log, and one table of the copy as a text file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from shinro.loads import Role, TablePlan
from shinro.problems import CannotGoOn, Listed, Problem, problem
from shinro.warehouse.apart import read_apart, text_of
from shinro.warehouse.casting import grouping
from shinro.warehouse.databases import SHOWN, Table, absent
from shinro.warehouse.engine import Limits
from shinro.warehouse.sheet import missing

MODULE = "shinro.warehouse.sqlite_file"
DAMAGED = ("malformed", "not a database", "corrupt")
LOCKED = "database is locked"
KINDS = (
    (("BOOL",), Role.TRUTH),
    (("DATE", "TIME"), Role.TIME),
    (("INT", "REAL", "FLOA", "DOUB", "NUM", "DEC"), Role.NUMBER),
)


@dataclass(frozen=True, slots=True)
class Rows:
    """A table's planned columns as a text file without headers."""

    path: Path
    table: Table
    columns: tuple[str, ...]


def copy(plan: TablePlan, target: Path, limits: Limits) -> None:
    """Copies the database of a source as it is at one moment. Raises CannotGoOn. Cost: one pass over its pages."""
    path = Path(plan.source.path or "")
    if not path.is_file():
        raise CannotGoOn([problem("L121", plan.source.place, file=path.name or plan.source.name, says=absent(path))])
    if path.stat().st_size == 0:
        raise CannotGoOn([problem("L106", plan.place, file=path.name, table=plan.name)])
    request = {"do": "copy", "path": text_of(path), "target": text_of(target)}
    made = read_apart(MODULE, plan, path.name, limits, request)
    if made["case"] != "copied":
        raise CannotGoOn([_refused(plan, made)])


def rows_of_table(kept: Path, plan: TablePlan, scratch: Path, limits: Limits) -> Rows:
    """One table of a copied database; raises CannotGoOn. Cost: one scan, nothing kept in memory."""
    target = scratch / f"{kept.stem}.rows.csv"
    request = {
        "do": "rows",
        "path": text_of(kept),
        "target": text_of(target),
        "table": plan.stem,
        "needed": [column.header for column in plan.columns],
        "times": [column.header for column in plan.columns if column.role is Role.TIME],
        "dates": plan.source.dates,
        "point": (grouping(plan.source.numbers) or (",", "."))[1],
    }
    made = read_apart(MODULE, plan, plan.source.name, limits, request)
    if made["case"] != "read":
        raise CannotGoOn([_refused(plan, made)])
    kinds: Mapping[str, str] = made["kinds"]
    if problems := missing(plan, tuple(kinds), str(made["table"])):
        raise CannotGoOn(problems)
    roles = {column: role_of(kind) for column, kind in kinds.items()}
    return Rows(target, Table("main", str(made["table"]), roles), tuple(made["columns"]))


def role_of(kind: str) -> Role:
    """What a declared type is made for; SQLite itself keeps anything in any column."""
    return next((role for words, role in KINDS if any(word in kind for word in words)), Role.TEXT)


def _refused(plan: TablePlan, made: Mapping[str, Any]) -> Problem:
    if made["case"] == "table":
        there = ", ".join(made["there"][:SHOWN]) or Listed.NOTHING
        return problem("L128", plan.place, table=plan.name, name=plan.stem, source=plan.source.name, there=there)
    name, says = Path(plan.source.path or "").name, str(made["says"])[:160]
    if "out of memory" in says:
        return problem("L119", plan.place, table=plan.name, memory="512MB")
    if any(word in says for word in DAMAGED):
        return problem("L117", plan.place, file=name, table=plan.name, says=says)
    case = {"case": "busy"} if says == LOCKED else {}
    return Problem(plan.source.place, "L121", {**case, "file": name, "says": says})
