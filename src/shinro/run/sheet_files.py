"""Sheet files: where the numbers that people type in are kept, read as the load reads them."""

from __future__ import annotations

import codecs
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

from shinro.definitions.columns import plans
from shinro.definitions.project import Project
from shinro.drafts.typed import Layout, Sheet
from shinro.loads import TablePlan
from shinro.periods import Grain
from shinro.problems import CannotGoOn, Place, Problem, problem, refusal
from shinro.run.opening import Opened
from shinro.warehouse.files import candidates, in_order, matching
from shinro.warehouse.load import writing_of
from shinro.warehouse.sheet import ANY_DELIMITER, DELIMITERS, HEAD, laid_out, missing, position
from shinro.warehouse.text import canonical

MARKS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))


@dataclass(frozen=True, slots=True)
class SheetFile:
    """A sheet as it is to be: the bytes that stand there (None for no file), the mark in front, the text, its form."""

    path: Path
    seen: bytes | None
    mark: bytes
    encoding: str
    text: str

    @property
    def content(self) -> bytes:
        """The bytes that it is to have."""
        return self.mark + self.text.encode(self.encoding)


def plan_of(opened: Opened, metric: str) -> TablePlan:
    """How a metric's sheet is loaded. Raises CannotGoOn (L120) where it is read from anything else than files."""
    planned, problems = plans(opened.project, str(opened.folder), {})
    plan = planned.get(metric)
    if plan is None or plan.source.type != "files" or not plan.source.path:
        args = {"type": plan.source.type} if plan else {"case": "none", "metric": metric}
        raise CannotGoOn(problems or [Problem(Place(opened.name), "L120", args)])
    return plan


def path_of(plan: TablePlan) -> Path:
    """The file that a sheet is read from; where there is none yet, the one that its path would find."""
    pattern = plan.source.path or ""
    there = [file.path for file in in_order(matching(candidates(pattern), plan.stem)) if file.kind == "text"]
    if there:
        return there[-1]
    path = Path(pattern)
    if "*" in path.name:
        return path.with_name(path.name.replace("*", plan.stem))
    return path if path.suffix else path / f"{plan.stem}.csv"


def sheet_file(plan: TablePlan) -> SheetFile:
    """A sheet as it stands. Raises CannotGoOn (L108, L117, L121) where it cannot be read."""
    path, asked = path_of(plan), canonical(plan.source.encoding)
    if asked is None:
        raise CannotGoOn([problem("L108", plan.source.place, encoding=plan.source.encoding)])
    raw = read_bytes(path) if path.exists() else None
    mark, encoding = next(((mark, name) for mark, name in MARKS if raw and raw.startswith(mark)), (b"", asked))
    return SheetFile(path, raw, mark, encoding, decoded((raw or b"")[len(mark) :], path, encoding))


def read_bytes(path: Path) -> bytes:
    """A file's bytes. Raises CannotGoOn (L121) where it gives none."""
    try:
        return path.read_bytes()
    except OSError as error:
        raise CannotGoOn([problem("L121", Place(path.name), file=path.name, says=refusal(error))]) from None


def decoded(raw: bytes, path: Path, *encodings: str) -> str:
    """A sheet's text, in the first encoding that reads all of it. Raises CannotGoOn (L117) where none does."""
    for encoding in encodings:
        with suppress(UnicodeDecodeError):
            return raw.decode(encoding)
    raise CannotGoOn([Problem(Place(path.name), "L117", {"case": "binary", "file": path.name})])


def sheet_of(project: Project, plan: TablePlan, file: SheetFile, every: Grain) -> Sheet:
    """A sheet's form. Raises CannotGoOn (L109, L110, L111) where something stands in it, and not under its headers."""
    writing, columns = writing_of(plan), [column.header for column in plan.columns]
    ending = file.path.suffix.lower()
    sheet = Sheet(
        columns[0],
        columns[1],
        project.calendar,
        every,
        DELIMITERS.get(ending, ANY_DELIMITER)[0],
        name=file.path.name,
        dates=writing.dates,
        group=writing.group,
        point=writing.point,
    )
    if not file.text.strip():
        return sheet
    found = laid_out(file.text[:HEAD], ending, columns)
    if found is None:
        raise CannotGoOn([problem("L106", plan.place, file=file.path.name, table=plan.name)])
    if wrong := list(_wrong(plan, found.headers, file.path.name)):
        raise CannotGoOn(wrong)
    time, value = (position(found.headers, header) for header in columns[:2])
    table = Layout(found.skip, len(found.headers), time or 0, value or 0)
    return replace(sheet, delimiter=found.delimiter, table=table)


def _wrong(plan: TablePlan, headers: tuple[str, ...], file: str) -> Iterator[Problem]:
    for each in missing(plan, headers, file):
        yield replace(each, args={**each.args, "case": "enter"})
