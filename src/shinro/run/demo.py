"""demo: the made-up company written to a folder of its own, and where it is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from shinro.demo.exports import exports
from shinro.findings.readings import Status
from shinro.problems import CannotGoOn, Place, problem
from shinro.run.gathering import Moment, Progress
from shinro.run.opening import FILE, Opened, open_project
from shinro.run.status import status
from shinro.run.tell import Written, gist, story_page, write_page
from shinro.run.written import writing
from shinro.warehouse.snapshots import whole_file

ZONE = "Asia/Tokyo"
FRIDAY = 4
PAGE = "story.html"


@dataclass(frozen=True, slots=True)
class Shown:
    """The demo's project, its status, and where its story page is (None where it could not be written)."""

    opened: Opened
    status: Status
    page: Path | None = None


def demo(folder: Path, moment: Moment, progress: Progress, lang: str = "en", size: float = 1.0) -> Shown:
    """Writes the demo where there is nothing yet, and reads it. Raises CannotGoOn rather than overwrite a file.

    A demo that is already there is kept as it is, with whatever was changed in it. The project file comes last, so that
    a demo that was broken off is none.
    """
    if not (folder / FILE).exists():
        progress("make", str(folder))
        with writing(folder):
            folder.mkdir(parents=True, exist_ok=True)  # before seconds are spent on what has no place
        write_files(folder, exports(last_working_day(moment.today(ZONE)), size=size))
    opened = open_project(folder)
    told = gist(opened, moment, progress)
    found = status(opened, moment, progress=progress)  # behind the story, whose probabilities it shows
    progress("draw", "")
    page = story_page(told, lang, opened.store)
    done = write_page(folder / PAGE, page)
    return Shown(opened, found, folder / PAGE if done is Written.DONE else None)


def last_working_day(today: date) -> date:
    """The last weekday before today: the export of last night."""
    day = today - timedelta(days=1)
    return day - timedelta(days=max(day.weekday() - FRIDAY, 0))


def write_files(folder: Path, texts: Mapping[str, str]) -> None:
    """Writes a demo's files, the project last. Raises CannotGoOn (S136) where another file is in the way."""
    there = [folder / name for name, text in texts.items() if _differs(folder / name, text)]
    if there:
        raise CannotGoOn([problem("S136", Place(str(there[0])))])
    for name in sorted(texts, key=lambda name: name == FILE):
        with writing(folder / name), whole_file(folder / name) as target:
            target.write(texts[name].encode())


def _differs(file: Path, text: str) -> bool:
    return file.exists() and file.read_bytes() != text.encode()
