"""Opening a project: a folder or a file -> Project, its text, its problems of structure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from shinro.definitions.project import Project, read_project
from shinro.problems import CannotGoOn, Place, Problem, problem, refusal

FILE = "shinro.yaml"
ENDINGS = (".yaml", ".yml")


@dataclass(frozen=True, slots=True)
class Opened:
    """A project that could be read, and where it lives. `name` is its file as the user would write it."""

    project: Project
    problems: tuple[Problem, ...]
    folder: Path
    name: str
    texts: Mapping[str, str]

    @property
    def store(self) -> Path:
        """Where snapshots and caches live."""
        return self.folder / ".shinro"

    @property
    def record(self) -> Path:
        """The folder of the record. Raises CannotGoOn (B822) where the setting leads out of the project."""
        place = self.project.record
        if place is None:
            return self.store / "record"
        folder = (self.folder / place).resolve()
        if folder == self.folder or not folder.is_relative_to(self.folder):
            raise CannotGoOn([problem("B822", place.place, folder=str(place))])
        return folder


def open_project(path: Path) -> Opened:
    """The project at a folder or file. Raises CannotGoOn where there is none, or none that can be read."""
    file = path / FILE if path.is_dir() else path
    texts: dict[str, str] = {}

    def opener(name: str) -> str | None:
        return _included(file.parent, name, texts)

    if not path.exists() and path.suffix not in ENDINGS:
        raise CannotGoOn([problem("S133", Place(FILE), folder=str(path))])
    text = _text(file, file.name)
    texts[file.name] = text
    project, problems = read_project(text, file.name, opener)
    return Opened(project, problems, file.parent.resolve(), file.name, texts)


def _included(folder: Path, name: str, texts: dict[str, str]) -> str | None:
    """The text of an included file; None where it is not there or lies outside the project's folder."""
    target = (folder / name).resolve()
    if not target.is_relative_to(folder.resolve()) or not target.is_file():
        return None
    texts[name] = _text(target, name)
    return texts[name]


def _text(file: Path, name: str) -> str:
    try:
        return file.read_bytes().decode("utf-8-sig").replace("\r\n", "\n")
    except FileNotFoundError:
        raise CannotGoOn([problem("S133", Place(name), folder=str(file.parent))]) from None
    except UnicodeDecodeError as error:
        line = file.read_bytes()[: error.start].count(b"\n") + 1
        raise CannotGoOn([problem("S134", Place(name, line, 1))]) from None
    except OSError as error:
        raise CannotGoOn([problem("S135", Place(name), reason=refusal(error))]) from None
