"""Files: which of them make a table, and which of those is the newest."""

from __future__ import annotations

import glob
import re
import unicodedata
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from shinro.loads import TablePlan
from shinro.problems import CannotGoOn, Listed, Place, Problem, problem

DATABASES = (("sqlite", 0, b"SQLite format 3\0"), ("duckdb", 8, b"DUCK"))  # the type, and the bytes that begin it
HEAD = 16  # bytes
ENDINGS = {
    ".csv": "text",
    ".tsv": "text",
    ".tab": "text",
    ".txt": "text",
    ".parquet": "parquet",
    ".json": "json",
    ".jsonl": "json",
    ".ndjson": "json",
    ".xlsx": "book",
    ".xlsm": "book",
    ".xls": "book",
    ".xlsb": "book",
    ".ods": "book",
}
LOGS = ("-wal", "-journal")
SHOWN = 8
_DATED = re.compile(r"(?P<stem>.*?)[-_. ]?(?P<y>\d{4})(?P<cut>[-_.]?)(?P<m>\d{2})(?P=cut)(?P<d>\d{2})")


@dataclass(frozen=True, slots=True)
class Found:
    """One file of a table: where it is, the date in its name, and the sheet in it, where that is what was named."""

    path: Path
    dated: date | None
    sheet: str | None = None

    @property
    def name(self) -> str:
        """As the user knows it."""
        return self.path.name

    @property
    def kind(self) -> str | None:
        """text, parquet, json or book by its ending; None for anything else."""
        return ENDINGS.get(self.path.suffix.lower())


def stem_and_date(name: str) -> tuple[str, date | None]:
    """`leads_2026-05-11`, `leads-20260511` -> (`leads`, that day); a name without a true date is all stem."""
    match = _DATED.fullmatch(name)
    if match is None:
        return name, None
    try:
        return match["stem"], date(int(match["y"]), int(match["m"]), int(match["d"]))
    except ValueError:
        return name, None


def folded(text: str) -> str:
    """A name as it is compared with others: full width is no difference."""
    return unicodedata.normalize("NFKC", text)


def candidates(pattern: str) -> list[Path]:
    """The files that a path names: a file, a folder's files, or all that a wildcard matches, by name."""
    path = Path(pattern)
    if path.is_file():
        return [path]
    if path.is_dir():
        return sorted(entry for entry in path.iterdir() if entry.is_file())
    there = next((parent for parent in path.parents if parent.is_dir()), Path())
    rest = str(path.relative_to(there))
    names = glob.glob(rest, root_dir=there, recursive=True)  # noqa: PTH207 - the folder in front is no pattern
    return sorted(there / name for name in names if (there / name).is_file())


def matching(paths: Iterable[Path], stem: str) -> list[Found]:
    """The files whose name is the stem, or the stem and a date."""
    found = []
    for path in paths:
        name, dated = stem_and_date(path.stem)
        if folded(path.stem) == folded(stem):
            found.append(Found(path, None))
        elif folded(name) == folded(stem):
            found.append(Found(path, dated))
    return found


def in_books(paths: Iterable[Path], stem: str) -> list[Found]:
    """Workbooks of which a sheet is meant: `book.Leads` names both; `Leads` alone, where there is one book's name."""
    books = [path for path in paths if ENDINGS.get(path.suffix.lower()) == "book"]
    name, dot, sheet = stem.rpartition(".")
    if dot and (found := matching(books, name)):
        return [Found(each.path, each.dated, sheet) for each in found]
    names = {folded(stem_and_date(path.stem)[0]) for path in books}
    if len(names) != 1:
        return []
    return [Found(path, stem_and_date(path.stem)[1], stem) for path in books]


def in_order(found: Iterable[Found]) -> list[Found]:
    """Oldest first: the undated, then by the date in the name, then by name."""
    return sorted(found, key=lambda file: (file.dated or date.min, file.name, str(file.path)))


def unreadable(path: Path, place: Place) -> Problem:
    """That a file is of a kind which is not read as one: a database by its first bytes, else by its ending."""
    kind = _database(path)
    if kind:
        return problem("L105", place, case="database", file=path.name, ending=path.suffix or "–", type=kind)
    return problem("L105", place, file=path.name, ending=path.suffix or "–")


def _database(path: Path) -> str | None:
    head = b""
    with suppress(OSError), path.open("rb") as file:
        head = file.read(HEAD)
    return next((kind for kind, at, mark in DATABASES if head[at:].startswith(mark)), None)


def files_of(plan: TablePlan) -> list[Found]:
    """The files that a table is read from, oldest first; the newest alone unless a union is asked for."""
    source = plan.source
    if not source.path:
        raise CannotGoOn([problem("L101", source.place, source=source.name)])
    paths = candidates(source.path)
    named = in_order(matching(paths, plan.stem) or in_books(paths, plan.stem))
    if not named:
        raise CannotGoOn([_nothing(plan, paths)])
    found = [file for file in named if file.kind]
    if not found:
        raise CannotGoOn([unreadable(named[-1].path, source.place)])
    if source.files != "union":
        return [_newest(plan, found)]
    if plan.key is None and len(found) > 1:
        raise CannotGoOn([problem("L104", plan.place, table=plan.name, files=listed(file.name for file in found))])
    return found


def passed_over(plan: TablePlan) -> TablePlan | None:
    """The days of the rows in the newest file without a date, where one with a date is read in its place."""
    source, days = plan.source, tuple(column for column in plan.columns if column.name == plan.time)
    if source.type != "files" or source.files == "union" or not (source.path and days) or plan.wide or plan.row:
        return None
    paths = candidates(source.path)
    found = [file for file in in_order(matching(paths, plan.stem) or in_books(paths, plan.stem)) if file.kind]
    undated = [file for file in found if file.dated is None]
    if not undated or found[-1].dated is None:
        return None
    alone = replace(source, path=str(undated[-1].path))
    return TablePlan(plan.name, alone, plan.stem, days, plan.place, time=plan.time, times=(days[0].name,))


def with_logs(path: Path) -> list[Path]:
    """A SQLite database, and the files beside it that hold what it does not hold yet."""
    return [path, *(other for ending in LOGS if (other := Path(f"{path}{ending}")).exists())]


def _newest(plan: TablePlan, found: list[Found]) -> Found:
    last = found[-1]
    rivals = [file for file in found if file.dated == last.dated or _is_elsewhere(file, last)]
    if len(rivals) > 1 or rivals != [last]:
        names = listed(dict.fromkeys(file.name for file in [*rivals, last]))
        raise CannotGoOn([problem("L103", plan.place, table=plan.name, files=names)])
    return last


def _is_elsewhere(file: Found, last: Found) -> bool:
    """Whether a file without a day lies in another folder than the newest with one, which may be an archive there."""
    return file.dated is None and file.path.parent != last.path.parent


def _nothing(plan: TablePlan, paths: list[Path]) -> Problem:
    there = sorted({stem_and_date(path.stem)[0] for path in paths if path.suffix.lower() in ENDINGS})
    return problem(
        "L102",
        plan.place,
        table=plan.name,
        stem=plan.stem,
        source=plan.source.name,
        path=plan.source.written or plan.source.path,
        there=listed(there) or Listed.NOTHING,
    )


def listed(names: Iterable[str]) -> str:
    """The first of some names, as one text."""
    every = list(names)
    return ", ".join(every[:SHOWN]) + (", …" if len(every) > SHOWN else "")
