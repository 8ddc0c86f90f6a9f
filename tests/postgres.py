"""A real PostgreSQL server for the tests: found, or installed where we may, started on loopback, stopped by its pid."""

from __future__ import annotations

import os
import pwd
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.parse import quote

import psycopg
from psycopg import sql

OLDEST = 13
HOST = "127.0.0.1"
INSTALL = (
    f"the tests need a PostgreSQL server (>= {OLDEST}): sudo apt-get install postgresql (Debian), "
    "brew install postgresql (macOS), or put the folder of its initdb on PATH"
)
# The server is thrown away: nothing needs to reach the disk.
QUICK = ("fsync=off", "synchronous_commit=off", "full_page_writes=off", "shared_buffers=16MB", "max_connections=40")


class NoPostgres(Exception):  # noqa: N818 - the sentence is the name
    """There is no server to start; the message says how to get one."""


@dataclass(frozen=True, slots=True)
class Postgres:
    """One database on a running server, as its superuser."""

    host: str
    port: int
    user: str
    password: str
    dbname: str = "postgres"

    @property
    def url(self) -> str:
        """The address that a project's `url` takes."""
        return f"postgresql://{self.user}:{quote(self.password)}@{self.host}:{self.port}/{self.dbname}"

    def run(self, *statements: str) -> None:
        """Run statements, each committed by itself."""
        with psycopg.connect(self.url, autocommit=True) as connection:
            for statement in statements:
                connection.execute(statement.encode())

    def database(self, settings: Mapping[str, str] | None = None) -> Postgres:
        """A new empty database, whose every session starts with these settings, however hostile."""
        name = f"test_{secrets.token_hex(4)}"
        with psycopg.connect(self.url, autocommit=True) as connection:
            connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
            for setting, value in (settings or {}).items():
                connection.execute(
                    sql.SQL("ALTER DATABASE {} SET {} TO {}").format(*map(sql.Identifier, (name, setting)), value)
                )
        return replace(self, dbname=name)


@contextmanager
def serving() -> Iterator[Postgres]:
    """A server of our own for as long as the block lasts. Raises NoPostgres where none is installed."""
    programs, owner = found(), _owner()
    folder = Path(tempfile.mkdtemp(prefix="shinro-postgres-"))
    try:
        server = Postgres(HOST, _free_port(), "shinro", secrets.token_urlsafe(12))
        _initialise(programs, folder, server, owner)
        with _started(programs, folder, server, owner):
            yield server
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def found() -> Path:
    """The folder of the server's programs: PATH, then what pg_config says, then Debian's folders, the newest first."""
    for folder in _folders():
        if (folder / "initdb").exists() and (folder / "postgres").exists() and _version(folder) >= OLDEST:
            return folder
    raise NoPostgres(INSTALL)


def _folders() -> Iterator[Path]:
    on_path = shutil.which("initdb")
    if on_path:
        yield Path(on_path).resolve().parent
    config = shutil.which("pg_config")
    if config:
        yield Path(_output(config, "--bindir"))
    debian = Path("/usr/lib/postgresql").glob("*/bin")
    yield from sorted(debian, key=lambda folder: int(folder.parent.name), reverse=True)


def _version(folder: Path) -> int:
    words = _output(folder / "postgres", "--version").split()
    return int("".join(c for c in words[2].split(".")[0] if c.isdigit()))


def _output(*command: str | Path) -> str:
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()


def _owner() -> pwd.struct_passwd | None:
    """Whom the server runs as where we are root, which it refuses to run as; None is ourselves."""
    if os.geteuid() != 0:
        return None
    users = {user.pw_name: user for user in pwd.getpwall()}
    return users.get("postgres") or users["nobody"]


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])


def _spawn(command: list[str], folder: Path, owner: pwd.struct_passwd | None) -> subprocess.Popen[bytes]:
    """Start a program as the owner, with what it says in the folder's `log`."""
    with (folder / "log").open("ab") as log:
        return subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            cwd=folder,
            user=owner.pw_uid if owner else None,
            group=owner.pw_gid if owner else None,
            extra_groups=[] if owner else None,
            env={"PATH": os.environ["PATH"], "LC_ALL": "C", "TZ": "UTC"},
        )


def _initialise(programs: Path, folder: Path, server: Postgres, owner: pwd.struct_passwd | None) -> None:
    secret = folder / "password"
    secret.write_text(server.password)
    if owner:
        for path in (folder, secret):
            os.chown(path, owner.pw_uid, owner.pw_gid)
    command = [
        *(str(programs / "initdb"), "--pgdata", str(folder / "data"), "--username", server.user),
        *("--pwfile", str(secret), "--auth", "scram-sha-256", "--encoding", "UTF8", "--locale", "C", "--no-sync"),
    ]
    if _spawn(command, folder, owner).wait() != 0:
        raise NoPostgres(f"initdb failed: {(folder / 'log').read_text()}")


@contextmanager
def _started(programs: Path, folder: Path, server: Postgres, owner: pwd.struct_passwd | None) -> Iterator[None]:
    settings = (*QUICK, f"listen_addresses={server.host}", f"port={server.port}", "unix_socket_directories=")
    command = [str(programs / "postgres"), "-D", str(folder / "data"), *(f"--{setting}" for setting in settings)]
    process = _spawn(command, folder, owner)
    try:
        _wait(process, folder, server)
        yield
    finally:
        process.send_signal(signal.SIGINT)  # its fast shutdown
        process.wait()


def _wait(process: subprocess.Popen[bytes], folder: Path, server: Postgres, seconds: float = 30) -> None:
    """Until the server answers."""
    deadline = time.monotonic() + seconds
    while True:
        try:
            return psycopg.connect(server.url, connect_timeout=2).close()
        except psycopg.OperationalError as error:
            if process.poll() is not None or time.monotonic() > deadline:
                said = (folder / "log").read_text()
                raise NoPostgres(f"the PostgreSQL server did not start: {said}") from error
            time.sleep(0.02)


def install() -> None:
    """Let apt-get install a server, where we are root on Debian and have none. Raises NoPostgres elsewhere."""
    apt = shutil.which("apt-get")
    if apt is None or os.geteuid() != 0:
        raise NoPostgres(INSTALL)
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    subprocess.run((apt, "update", "-qq"), check=False, env=quiet)
    subprocess.run((apt, "install", "-y", "-qq", "--no-install-recommends", "postgresql"), check=True, env=quiet)


def main() -> int:
    """Make sure that there is a server: 0, or 1 with one line that says what to do."""
    try:
        found()
    except NoPostgres:
        try:
            install()
            found()
        except (NoPostgres, subprocess.CalledProcessError) as error:
            sys.stderr.write(f"{error if isinstance(error, NoPostgres) else INSTALL}\n")
            return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
