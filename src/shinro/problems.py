"""Problems: what is wrong, where, as values; and the exceptions that mean we cannot go on.

ShinroError
└─ CannotGoOn   carries the problems that stop us
"""

from __future__ import annotations

import errno
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from enum import Enum
from types import MappingProxyType


class Severity(Enum):
    """How much a problem matters; declared worst first."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"
    OFF = "off"

    @property
    def rank(self) -> int:
        """0 for the worst."""
        return list(Severity).index(self)


class Listed(Enum):
    """What a sentence says where it would list something and there is none."""

    NOTHING = "nothing"


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """Where something stands: line and column count from 1, columns in characters; line 0 is the whole file."""

    path: str
    line: int = 0
    column: int = 0

    def __str__(self) -> str:
        if not self.line:
            return self.path
        return f"{self.path}:{self.line}:{self.column}"

    def shifted(self, columns: int) -> Place:
        """The place so many characters further on the same line."""
        return replace(self, column=self.column + columns)


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong. Sentences are not here: `code` and `args` are rendered late, from the catalogs.

    `hint` is the source line with a caret's column, where a caret helps (the expression language).
    """

    place: Place
    code: str
    args: Mapping[str, object] = field(default_factory=dict)
    severity: Severity = Severity.ERROR
    hint: tuple[str, int] | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "args", MappingProxyType(dict(self.args)))

    def __hash__(self) -> int:
        return hash((self.place, self.code, self.severity, tuple(sorted((k, str(v)) for k, v in self.args.items()))))


def problem(code: str, place: Place, severity: Severity = Severity.ERROR, **args: object) -> Problem:
    """A problem with its arguments by name."""
    return Problem(place, code, args, severity)


def worst_first(problems: Iterable[Problem]) -> list[Problem]:
    """Errors, then warnings, then remarks; within one severity by place and code."""
    return sorted(problems, key=lambda p: (p.severity.rank, p.place, p.code))


class Disk(Enum):
    """What a system says of a file that it does not give, or does not take; each has a sentence in the catalogs."""

    MISSING = "missing"
    DENIED = "denied"
    FOLDER = "folder"
    NO_FOLDER = "no_folder"
    THERE = "there"
    FULL = "full"
    READ_ONLY = "read_only"
    LONG = "long"
    BIG = "big"
    ODD = "odd"
    BROKEN = "broken"


NUMBERS: Mapping[int, Disk] = {
    errno.ENOENT: Disk.MISSING,
    errno.EACCES: Disk.DENIED,
    errno.EPERM: Disk.DENIED,
    errno.EISDIR: Disk.FOLDER,
    errno.ENOTDIR: Disk.NO_FOLDER,
    errno.EEXIST: Disk.THERE,
    errno.ENOSPC: Disk.FULL,
    errno.EDQUOT: Disk.FULL,
    errno.EROFS: Disk.READ_ONLY,
    errno.ENAMETOOLONG: Disk.LONG,
    errno.EFBIG: Disk.BIG,
    errno.EINVAL: Disk.ODD,
    errno.EIO: Disk.BROKEN,
}


def refusal(error: Exception) -> Disk | str:
    """Why a file could not be read or written: what every system says, else this one's own words."""
    if not isinstance(error, OSError):
        return str(error) or type(error).__name__
    return NUMBERS.get(error.errno or 0) or error.strerror or str(error)


class ShinroError(Exception):
    """Something that a user can be told; never a traceback."""


class CannotGoOn(ShinroError):  # noqa: N818 - the sentence is the name
    """The path stops here; `problems` say why."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__(", ".join(f"{p.place} {p.code}" for p in self.problems))
