"""Plans in a few words, for the tests of loading: `plan(folder, "id:text", "at:time")`."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

from shinro.loads import ColumnPlan, Load, Role, SourcePlan, TablePlan
from shinro.problems import Place, Problem
from shinro.warehouse.engine import Limits
from shinro.warehouse.load import load
from shinro.warehouse.session import session

TODAY = date(2026, 5, 15)
SOURCE = Place("shinro.yaml", 3, 5)
TABLE = Place("shinro.yaml", 9, 3)


def column(text: str, line: int = 0) -> ColumnPlan:
    """`amount=金額:number`: a name, its header where it is another, a role."""
    name, role = text.rsplit(":", 1)
    name, _, header = name.partition("=")
    return ColumnPlan(name, header or name, Role(role), Place("shinro.yaml", 20 + line, 7))


def plan(
    folder: Path,
    *columns: str,
    stem: str = "leads",
    key: str | None = None,
    time: str | None = None,
    path: str | None = None,
    **settings: str,
) -> TablePlan:
    """A table read from the files of a folder; settings of its source by their names."""
    source = SourcePlan("crm", "files", SOURCE, path or str(folder / "*"), written="data/*")
    source = replace(source, **settings)  # type: ignore[arg-type]  # each setting that a test names is a text
    planned = tuple(column(text, n) for n, text in enumerate(columns))
    return TablePlan(stem, source, stem, planned, TABLE, key=key, time=time, times=(time,) if time else ())


def loading(
    planned: TablePlan, folder: Path, today: date = TODAY, zone: str | None = None, limits: Limits | None = None
) -> tuple[Load | None, list[Problem]]:
    """What loading gives, kept below the folder."""
    made, problems = load(planned, folder / ".shinro", today, zone=zone, limits=limits)
    return made, list(problems)


def loaded(planned: TablePlan, folder: Path, today: date = TODAY, zone: str | None = None) -> Load:
    """A load that must go through."""
    made, problems = loading(planned, folder, today, zone)
    assert made is not None, problems
    return made


def rows(planned: TablePlan, folder: Path) -> list[tuple[object, ...]]:
    """The typed rows, in the order of the planned columns."""
    made = loaded(planned, folder)
    names = ", ".join(f'"{one.name}"' for one in planned.columns)
    with session({made.table: made}, folder / ".shinro") as opened:
        return opened.rows(f'SELECT {names} FROM "{made.table}"')


def cells(folder: Path, role: str, *texts: str, **settings: str) -> list[object]:
    """What each text is read as under a role, by way of a CSV file; rejected ones are left out."""
    folder.mkdir(parents=True, exist_ok=True)
    quoted = ['"' + text.replace('"', '""') + '"' for text in texts]
    lines = [f"{n},{text}" for n, text in enumerate(quoted)]
    (folder / "leads.csv").write_text("\n".join(["n,x", *lines, ""]), encoding="utf-8")
    return [row[1] for row in rows(plan(folder, "n:number", f"x:{role}", **settings), folder)]


def problem_of(planned: TablePlan, folder: Path) -> Problem:
    """The one problem of a load that must not go through."""
    made, problems = loading(planned, folder)
    assert made is None, made
    assert len(problems) == 1, problems
    return problems[0]


def fingerprint_of(planned: TablePlan, folder: Path) -> str:
    """What another process found."""
    return loaded(planned, folder).fingerprint


def at(text: str) -> datetime:
    """A moment as the tables keep it: without a zone."""
    return datetime.fromisoformat(text)


def codes(problems: list[Problem]) -> list[str]:
    """Their codes."""
    return [one.code for one in problems]
