"""demo: the made-up company written to a folder of its own, and where it is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from shinro.demo.company import exports
from shinro.findings import Status
from shinro.problems import CannotGoOn, Place, problem
from shinro.run.gathering import Moment, Progress
from shinro.run.opening import Opened, open_project
from shinro.run.status import status

ZONE = "Asia/Tokyo"
FRIDAY = 4


@dataclass(frozen=True, slots=True)
class Shown:
    """The demo's project and its status."""

    opened: Opened
    status: Status


def demo(folder: Path, moment: Moment, progress: Progress) -> Shown:
    """Writes the demo where there is nothing yet, and reads it. Raises CannotGoOn rather than overwrite a file.

    A demo that is already there is kept as it is, with whatever was changed in it.
    """
    project = folder / "shinro.yaml"
    if not project.exists():
        for name, text in exports(_last_working_day(moment.today(ZONE))).items():
            _write(folder / name, text)
    opened = open_project(folder)
    return Shown(opened, status(opened, moment, progress=progress))


def _last_working_day(today: date) -> date:
    """The last weekday before today: the export of last night."""
    day = today - timedelta(days=1)
    return day - timedelta(days=max(day.weekday() - FRIDAY, 0))


def _write(file: Path, text: str) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    try:
        with file.open("x", encoding="utf-8", newline="\n") as target:
            target.write(text)
    except FileExistsError:
        raise CannotGoOn([problem("S136", Place(str(file)))]) from None
