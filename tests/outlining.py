"""Files made of a few cells, and the stories that they are drafted as: without an engine."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from shinro.checks.facts import Facts
from shinro.definitions.meaning import meanings
from shinro.definitions.project import Project, read_project
from shinro.drafts.sighting import sighted
from shinro.drafts.story import Outline, outlined
from shinro.drafts.tables import tabled
from shinro.drafts.text import Settings, drafted, notes_of
from shinro.run.check import judged
from shinro.run.opening import Opened
from shinro.surveys import Column, Kind, Survey, Surveyed

TIMES = ("at", "on", "date", "日", "starts", "ends")


def column(header: str, cells: list[str], n: int) -> Column:
    values = [cell or None for cell in cells]
    kind: Kind = "text"
    if header.endswith(TIMES):
        kind = "date"
    elif all(cell.replace(".", "").isdigit() for cell in cells if cell):
        kind = "number"
    unique = None not in values and len(set(values)) == len(values) and n == 0
    return Column(header, kind, tuple(values), unique)


def survey(stem: str, header: str, *lines: str) -> Survey:
    """`survey("logins", "id,user_id,at", "1,u1,2026-04-01")`."""
    cells = [line.split(",") for line in lines]
    columns = [column(name, [row[n] for row in cells], n) for n, name in enumerate(header.split(","))]
    return Survey(f"/data/{stem}.csv", stem, "utf-8", len(cells), tuple(columns))


def story(*files: Survey) -> tuple[Outline, str, Project, set[str]]:
    """The outline, its text, the project that it is read as, and the keys of what was said of it."""
    seen = sighted(Surveyed(files))
    outline = outlined(seen)
    tables = tabled(seen, outline.parts, {file.path: "data" for file in files})
    settings = Settings(("en", "ja"), "UTC", "JPY", date(2026, 6, 1))
    text = drafted(outline, tables, settings, lambda key, **_: key)
    project, problems = read_project(text, "shinro.yaml")
    assert problems == ()
    return outline, text, project, {note.key for note in notes_of(outline, tables)}


def errors(text: str, project: Project) -> set[tuple[str, bool]]:
    """The codes of errors, and whether their line asks."""
    opened = Opened(project, (), Path(), "shinro.yaml", {"shinro.yaml": text})
    found = judged(opened, Facts(project, meanings(project), texts=opened.texts))
    lines = text.splitlines()
    return {(each.code, "# ask:" in lines[each.place.line - 1]) for each in found if each.severity.rank == 0}
