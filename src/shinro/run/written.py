"""written: files that we wrote, known again by their content, so that nobody else's work is overwritten."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from errno import EFBIG, EINVAL, EISDIR, ENOENT
from hashlib import sha256
from pathlib import Path

from shinro.problems import CannotGoOn, Place, problem, refusal
from shinro.warehouse.snapshots import whole_file

NAME = "written"
MOST = 200  # files that are remembered, the newest
READ = 1 << 24  # bytes: a mail that holds a checkpoint, a filled form


@contextmanager
def writing(path: Path) -> Iterator[None]:
    """A refusal of the disk on the way to a file as a problem of that file (S142)."""
    try:
        yield
    except OSError as refused:
        raise CannotGoOn([problem("S142", Place(str(path)), reason=refusal(refused))]) from None


def check_place(path: Path) -> None:
    """Raises OSError where no file can come to stand: its folder is not there, or something else than a file is."""
    if not path.parent.is_dir():
        raise FileNotFoundError(ENOENT, os.strerror(ENOENT))
    if path.is_dir():
        raise IsADirectoryError(EISDIR, os.strerror(EISDIR))
    if path.exists() and not path.is_file():  # a device has no end that could be read up to
        raise OSError(EINVAL, os.strerror(EINVAL))


def text_of(path: Path, errors: str = "strict") -> str:
    """The text of a file, or of a pipe, that somebody hands in.

    Raises OSError where it has more bytes than `READ`, UnicodeDecodeError where it is no UTF-8 and `errors` is strict.
    """
    with path.open("rb") as file:
        content = file.read(READ + 1)
    if len(content) > READ:
        raise OSError(EFBIG, os.strerror(EFBIG))
    return content.decode("utf-8-sig", errors)


def is_ours(path: Path, store: Path) -> bool:
    """Whether a file is one that we wrote, and as we wrote it. Raises OSError where it cannot be read."""
    return sha256(path.read_bytes()).hexdigest() in _known(store)


def write_file(path: Path, content: bytes, store: Path, before: Callable[[], None] = lambda: None) -> None:
    """Writes a file in one step: a reader sees the old bytes or the new ones.

    `before` runs when the new bytes are on the disk and nothing can fail any more but the last step: where it raises,
    the old file stays. Raises CannotGoOn (S142) where the file cannot be written.
    """
    with writing(path):
        check_place(path)
        with whole_file(path) as target:
            target.write(content)
            target.flush()
            os.fsync(target.fileno())
            before()
        path.chmod(0o644)
    with suppress(OSError):  # what is not remembered is asked for with --force
        _remember(store, sha256(content).hexdigest())


def _known(store: Path) -> list[str]:
    try:
        return (store / NAME).read_text("ascii").split()
    except (OSError, UnicodeDecodeError):
        return []


def _remember(store: Path, digest: str) -> None:
    known = [each for each in _known(store) if each != digest]
    store.mkdir(parents=True, exist_ok=True)
    (store / NAME).write_text("\n".join([*known, digest][-MOST:]) + "\n", encoding="ascii")
