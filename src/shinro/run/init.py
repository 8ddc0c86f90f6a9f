"""init: files as they come -> a project of one's own, with what was guessed and what is asked."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from zoneinfo import available_timezones

from shinro.definitions.meaning import meanings
from shinro.definitions.project import read_project
from shinro.drafts.levels import Growth, growth_of, milestones
from shinro.drafts.parts import Note
from shinro.drafts.sighting import Sighted, sighted
from shinro.drafts.story import Outline, outlined
from shinro.drafts.tables import tabled
from shinro.drafts.text import Say, Settings, asked, drafted, notes_of
from shinro.drafts.undated import undated
from shinro.drafts.vendors import KNOWN
from shinro.periods import Grain
from shinro.problems import CannotGoOn, Place, Problem, problem
from shinro.queries.scans import Want
from shinro.run.check import check
from shinro.run.gathering import Moment, Progress, gathering, silent
from shinro.run.opening import FILE, Opened
from shinro.run.written import writing
from shinro.series import Meaning
from shinro.surveys import Surveyed
from shinro.warehouse.files import candidates
from shinro.warehouse.survey import survey

CURRENCIES = {"ja": "JPY", "en": "USD"}
ZONES = {"ja": "Asia/Tokyo", "en": "UTC"}
HOLIDAYS = {"Asia/Tokyo": "JP"}
STALE = 60  # days: older data is said to be so


@dataclass(frozen=True, slots=True)
class Drafted:
    """A project that was written: where, what was found and guessed, what it asks, what a check says of it."""

    file: Path
    text: str
    notes: tuple[Note, ...]
    asks: tuple[str, ...]
    problems: tuple[Problem, ...]


def init_from(
    files: Sequence[Path], folder: Path, moment: Moment, say: Say, language: str, progress: Progress = silent
) -> Drafted:
    """Writes `shinro.yaml` from exports. Raises CannotGoOn where one is there already, or nothing can be read.

    Cost: a look at every file, a load of those that are measured, and the scans of the star and what it leads to.
    """
    file = refuse_existing(folder)
    surveyed = _surveyed(_named(files), progress)
    seen = sighted(surveyed)
    outline = outlined(seen)
    if not outline.parts:
        raise CannotGoOn(undated(surveyed.files))
    today = moment.today(ZONES[language])
    settings = _settings(language, moment.environ or {}, today)
    tables = tabled(seen, outline.parts, _folders(seen, folder))
    settings = replace(settings, currency=tables.currency or settings.currency)
    with made(folder):
        growths, as_of = _growths(folder, drafted(outline, tables, settings, say), outline, moment, progress)
        settings = replace(settings, starts=(as_of or today).replace(day=1))
        text = drafted(outline, tables, settings, say, milestones(growths) if growths else ())
        write_new(file, text)
    notes = [*_of_files(surveyed, seen), *notes_of(outline, tables)]
    if as_of and (today - as_of).days > STALE:
        notes.append(Note("guess", "ended", {"day": as_of.isoformat()}))
    return Drafted(file, text, tuple(notes), asked(text), check(folder, today).problems)


def _of_files(surveyed: Surveyed, seen: Sequence[Sighted]) -> Iterator[Note]:
    """What is to be said of the files themselves: what was passed over, headers twice, keys of each other."""
    for file, other in surveyed.passed:
        yield Note("found", "passed", {"file": file, "other": other})
    for one in surveyed.files:
        if one.repeated:
            yield Note("found", "repeated", {"file": Path(one.path).name, "headers": one.repeated})
        if one.others:
            args = {"file": Path(one.path).name, "sheet": one.sheet, "others": one.others}
            yield Note("found", "sheets", {**args, "table": f"{one.stem}.{one.others[0]}"})
    used = {(each.survey.path, other): header for each in seen for other, header in each.joins.items()}
    for link in surveyed.links:
        if used.get((link.file, link.other)) != link.column:
            continue
        args = {"file": Path(link.file).name, "other": Path(link.other).name, "column": link.column}
        yield Note("found", "join", {**args, "found": link.found, "values": link.values, "lost": link.lost})


def refuse_existing(folder: Path) -> Path:
    """The project file to write; raises CannotGoOn where there is one: nothing is overwritten."""
    file = folder / FILE
    if file.exists() or file.is_symlink():
        raise CannotGoOn([problem("S136", Place(str(file)), case="init")])
    return file


def write_new(file: Path, text: str) -> None:
    """Writes a file that is not there yet, whole or not at all."""
    with writing(file):
        file.parent.mkdir(parents=True, exist_ok=True)
        try:
            with file.open("x", encoding="utf-8", newline="\n") as target:
                target.write(text)
        except FileExistsError:
            raise CannotGoOn([problem("S136", Place(str(file)), case="init")]) from None


@contextmanager
def made(folder: Path) -> Iterator[None]:
    """What is made in a folder by a draft that is broken off is taken away again."""
    new, store = not folder.exists(), folder / ".shinro"
    kept = store.exists()
    try:
        yield
    except BaseException:
        if not kept:
            shutil.rmtree(store, ignore_errors=True)
        if new and folder.is_dir() and not any(folder.iterdir()):
            folder.rmdir()
        raise


def _named(files: Sequence[Path]) -> list[Path]:
    """The files named, those of folders and wildcards among them."""
    found = [inner for file in files for inner in (candidates(str(file)) or [file])]
    return list({path.resolve(): path for path in found}.values())


def _surveyed(files: Sequence[Path], progress: Progress) -> Surveyed:
    progress("read", ", ".join(file.name for file in files[:3]))
    with tempfile.TemporaryDirectory() as scratch:
        surveyed, problems = survey(files, Path(scratch), KNOWN)
    if problems:
        raise CannotGoOn(problems)
    return surveyed


def _settings(language: str, environ: Mapping[str, str], today: date) -> Settings:
    other = "en" if language == "ja" else "ja"
    zone = environ.get("TZ", "")
    zone = zone if zone in available_timezones() else ZONES[language]
    return Settings((language, other), zone, CURRENCIES[language], today.replace(day=1), HOLIDAYS.get(zone))


def _folders(files: Sequence[Sighted], folder: Path) -> dict[str, str]:
    return {file.survey.path: _relative(Path(file.survey.path).parent, folder) for file in files}


def _relative(path: Path, folder: Path) -> str:
    """A folder as seen from the project, with forward slashes; absolute where another drive holds it."""
    try:
        return Path(os.path.relpath(path.resolve(), folder.resolve())).as_posix()
    except ValueError:
        return path.resolve().as_posix()


def _growths(
    folder: Path, text: str, outline: Outline, moment: Moment, progress: Progress
) -> tuple[dict[str, tuple[Growth, Meaning]], date | None]:
    """How the numbers that want levels grew, by their own data, and the day that it reaches to."""
    project, _ = read_project(text, FILE)
    opened = Opened(project, (), folder.resolve(), FILE, {FILE: text})
    known = meanings(project)
    wanted = [Want(metric, Grain.MONTH) for metric in outline.promised]
    with gathering(opened, moment, progress) as gathered:
        if not gathered.loads:
            return {}, None
        measured = gathered.measure(wanted)
        as_of = gathered.as_of
    found = {want.metric: growth_of(measured[want][0]) for want in wanted if measured.get(want)}
    return {metric: (growth, known[metric]) for metric, growth in found.items() if growth}, as_of
