"""The engine: an in-memory DuckDB that reaches the files it was given, its own scratch folder, and nothing else."""

from __future__ import annotations

import os
import shutil
import tempfile
import threading
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import duckdb

STALE = 86_400  # seconds after which a scratch folder that somebody left behind is swept


@dataclass(frozen=True, slots=True)
class Limits:
    """How much one load, or one question, may take."""

    memory: str = "2GB"
    threads: int = min(os.cpu_count() or 1, 8)
    seconds: float = 900.0


def quoted(name: str) -> str:
    """A name as SQL, in double quotes, its own doubled."""
    return '"' + name.replace('"', '""') + '"'


def literal(text: str) -> str:
    """A text as SQL, in single quotes, its own doubled."""
    return "'" + text.replace("'", "''") + "'"


def file_literal(path: Path) -> str:
    """A file's path as SQL, with forward slashes on every system."""
    return literal(path.as_posix())


@contextmanager
def scratch_folder(folder: Path) -> Iterator[Path]:
    """A folder of our own under `.shinro/tmp`, gone afterwards; what a crash left there a day ago goes with it."""
    parent = folder / "tmp"
    parent.mkdir(parents=True, exist_ok=True)
    for old in parent.iterdir():
        if _age(old) > STALE:
            shutil.rmtree(old, ignore_errors=True)
    scratch = Path(tempfile.mkdtemp(dir=parent))
    try:
        yield scratch
    finally:
        shutil.rmtree(scratch, ignore_errors=True)


def _age(path: Path) -> float:
    try:
        return time.time() - path.stat().st_mtime
    except OSError:
        return 0.0


def settings(scratch: Path, readable: Iterable[Path], limits: Limits) -> list[str]:
    """The statements that close the engine, in their order: the lock is last."""
    paths = ", ".join(file_literal(path) for path in readable)
    return [
        "SET autoinstall_known_extensions = false",
        "SET autoload_known_extensions = false",
        "SET allow_community_extensions = false",
        "SET TimeZone = 'UTC'",
        f"SET temp_directory = {file_literal(scratch / 'spill')}",
        f"SET memory_limit = {literal(limits.memory)}",
        f"SET threads = {limits.threads}",
        f"SET allowed_paths = [{paths}]",
        f"SET allowed_directories = [{file_literal(scratch)}]",
        "SET enable_external_access = false",
        "SET lock_configuration = true",
    ]


def open_engine(
    scratch: Path, readable: Iterable[Path] = (), limits: Limits | None = None
) -> duckdb.DuckDBPyConnection:
    """A closed engine: reads `readable`, reads and writes `scratch`, and nothing else; no extension is ever fetched."""
    connection = duckdb.connect(":memory:")
    for statement in settings(scratch, readable, limits or Limits()):
        connection.execute(statement)
    return connection


@contextmanager
def interrupted_after(connection: duckdb.DuckDBPyConnection, seconds: float) -> Iterator[None]:
    """What runs inside raises `duckdb.InterruptException` when the time is over."""
    alarm = threading.Timer(seconds, connection.interrupt)
    alarm.daemon = True
    alarm.start()
    try:
        yield
    finally:
        alarm.cancel()


@contextmanager
def engine(scratch: Path, readable: Iterable[Path], limits: Limits) -> Iterator[duckdb.DuckDBPyConnection]:
    """A closed engine under limits of memory and time, closed at the end."""
    connection = open_engine(scratch, readable, limits)
    try:
        with interrupted_after(connection, limits.seconds):
            yield connection
    finally:
        connection.close()
