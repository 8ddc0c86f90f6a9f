"""Snapshots: the bytes of every input that was ever read, under their own hash; and files that are whole or absent."""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

CHUNK = 1 << 20


def hash_of(path: Path) -> str:
    """The sha256 of a file's bytes, in hex. Cost: linear in its size, one chunk in memory."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


@contextmanager
def whole_file(target: Path, *, lasting: bool = True) -> Iterator[BinaryIO]:
    """Writes beside the target, then replaces it at once: after a crash the target is as before, or new and whole.

    What is not `lasting` may be torn after a loss of power: for what shows by itself whether it is whole, and can be
    had again.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=target.parent, prefix=".part-")
    try:
        with os.fdopen(handle, "wb") as file:
            yield file
            if lasting:
                file.flush()
                os.fsync(file.fileno())
        Path(name).replace(target)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def move_whole(written: Path, target: Path) -> None:
    """Moves a finished file of the same disk to its place, its bytes on the disk first."""
    with written.open("rb+") as file:
        os.fsync(file.fileno())
    target.parent.mkdir(parents=True, exist_ok=True)
    written.replace(target)


def open_folder(folder: Path) -> None:
    """Makes `.shinro` with a `.gitignore` that keeps it out of version control."""
    folder.mkdir(parents=True, exist_ok=True)
    ignore = folder / ".gitignore"
    if not ignore.exists():
        with whole_file(ignore) as file:
            file.write(b"*\n")


def snapshot_path(folder: Path, digest: str, ending: str) -> Path:
    """Where the bytes of that hash are kept."""
    return folder / "snapshots" / f"{digest}{ending}"


def keep_bytes(path: Path, folder: Path, ending: str) -> tuple[str, Path]:
    """Copies a file's bytes into the snapshots; their hash and their place.

    What is read later is the copy, so that nobody changes it between the hash and the reading.
    Cost: one pass over the file, one chunk in memory; one more over a copy that is there already.
    """
    digest = hashlib.sha256()
    copy = folder / "snapshots" / f".new-{os.getpid()}-{os.urandom(8).hex()}"
    with path.open("rb") as source, whole_file(copy) as file:
        while chunk := source.read(CHUNK):
            digest.update(chunk)
            file.write(chunk)
    target = snapshot_path(folder, digest.hexdigest(), ending)
    if is_whole(target, digest.hexdigest()):
        copy.unlink()
    else:
        copy.replace(target)
    return digest.hexdigest(), target


def is_whole(target: Path, digest: str) -> bool:
    """Whether a kept file still has the bytes that its name says."""
    return target.is_file() and hash_of(target) == digest
