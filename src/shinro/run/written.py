"""written: files that we wrote, known again by their content, so that nobody else's work is overwritten."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable
from contextlib import suppress
from errno import EISDIR, ENOENT
from hashlib import sha256
from pathlib import Path

NAME = "written"
MOST = 200  # files that are remembered, the newest


def check_place(path: Path) -> None:
    """Raises OSError where no file can come to stand: its folder is not there, or it is a folder itself."""
    if not path.parent.is_dir():
        raise FileNotFoundError(ENOENT, os.strerror(ENOENT))
    if path.is_dir():
        raise IsADirectoryError(EISDIR, os.strerror(EISDIR))


def is_ours(path: Path, store: Path) -> bool:
    """Whether a file is one that we wrote, and as we wrote it. Raises OSError where it cannot be read."""
    return sha256(path.read_bytes()).hexdigest() in _known(store)


def write_file(path: Path, content: bytes, store: Path, before: Callable[[], None] = lambda: None) -> None:
    """Writes a file in one step: a reader sees the old bytes or the new ones.

    `before` runs when the new bytes are on the disk and nothing can fail any more but the last step: where it raises,
    the old file stays. Raises OSError where the file cannot be written.
    """
    check_place(path)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    temporary = Path(name)
    try:
        with os.fdopen(handle, "wb") as target:
            target.write(content)
            target.flush()
            os.fsync(target.fileno())
        temporary.chmod(0o644)
        before()
        temporary.replace(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
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
