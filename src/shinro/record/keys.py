"""Signing keys: made on first use, outside every project, where nobody else can read them."""

from __future__ import annotations

import os
import stat
import sys
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)

from shinro.problems import CannotGoOn, Place, problem, refusal
from shinro.record.disk import on_disk

SETTING = "SHINRO_CONFIG"
OTHERS = stat.S_IRWXG | stat.S_IRWXO


@dataclass(frozen=True, slots=True)
class Writer:
    """Who writes: a name, which stays outside the log, and the keys at hand, the company's newest first.

    A log that is there takes the key that is in force in it, a new one the first. `company` is whose log it is; None
    asks nobody. `config` remembers the logs of this machine; `anew`: another one may begin where one was.
    """

    actor: str
    keys: tuple[Ed25519PrivateKey, ...]
    company: str | None = None
    config: Path | None = None
    project: Path | None = None
    anew: bool = False


def config_folder(environ: Mapping[str, str], home: Path, platform: str = sys.platform) -> Path:
    """The user's folder for what belongs to no project: `SHINRO_CONFIG`, else the platform's own."""
    if environ.get(SETTING):
        return Path(environ[SETTING])
    if platform == "win32":
        return Path(environ.get("APPDATA") or home / "AppData" / "Roaming") / "shinro"
    if platform == "darwin":
        return home / "Library" / "Application Support" / "shinro"
    return Path(environ.get("XDG_CONFIG_HOME") or home / ".config") / "shinro"


def writer(config: Path, actor: str, company: str, project: Path | None = None) -> Writer:
    """Who writes for a company; its key is made where there is none yet.

    Raises CannotGoOn: B810 where others can read the keys, B817 where one cannot be read or made.
    """
    if not key_files(config, company):
        with suppress(FileExistsError):  # another process made it just now
            keep(config, company, Ed25519PrivateKey.generate(), 1)
    return Writer(actor, tuple(read_key(file) for file in _every(config, company)), company, config, project)


def key_files(config: Path, company: str) -> tuple[Path, ...]:
    """A company's keys, newest first. Raises CannotGoOn where others can read them (B810)."""
    folder = config / "keys"
    if not folder.is_dir():
        return ()
    files = sorted(folder.glob(f"{_name(company)}-*.pem"), reverse=True)
    for place in (folder, *files):
        _private(place)
    return tuple(files)


def _every(config: Path, company: str) -> Iterator[Path]:
    """A company's keys, then all others: a company that took another name signs on with the key of its log."""
    own = key_files(config, company)
    yield from own
    yield from (file for file in sorted((config / "keys").glob("*.pem")) if file not in own and _is_private(file))


def _name(company: str) -> str:
    return sha256(company.encode()).hexdigest()[:12]


def _private(place: Path) -> None:
    if not _is_private(place):
        mode = "700" if place.is_dir() else "600"
        raise CannotGoOn([problem("B810", Place(str(place)), mode=mode, file=str(place))])


def _is_private(place: Path) -> bool:
    return os.name == "nt" or not place.stat().st_mode & OTHERS


def read_key(file: Path) -> Ed25519PrivateKey:
    """The key in a file. Raises CannotGoOn (B817) where there is none."""
    try:
        key = load_pem_private_key(file.read_bytes(), None)
    except (OSError, ValueError, TypeError) as broken:
        said = refusal(broken) if isinstance(broken, OSError) else type(broken).__name__
        raise CannotGoOn([problem("B817", Place(str(file)), reason=said)]) from None
    if not isinstance(key, Ed25519PrivateKey):
        raise CannotGoOn([problem("B817", Place(str(file)), reason=type(key).__name__)])
    return key


def pem(key: Ed25519PrivateKey) -> bytes:
    """A key as the text of its file, and of its backup."""
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


def keep(config: Path, company: str, key: Ed25519PrivateKey, number: int | None = None) -> Path:
    """Writes a key as the company's newest, or as that number of it: for nobody else to read, on the disk before use.

    Raises FileExistsError where another process took its place, CannotGoOn (B817) where it cannot be written.
    """
    folder = config / "keys"
    target = folder / f"{_name(company)}-{number or len(key_files(config, company)) + 1:03}.pem"
    part = folder / f".part-{os.getpid()}-{os.urandom(8).hex()}"
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        try:
            _write(part, pem(key))
            os.link(part, target)  # refuses where it exists, unlike a rename
        finally:
            part.unlink(missing_ok=True)
        on_disk(folder)
    except FileExistsError:
        raise
    except OSError as broken:
        raise CannotGoOn([problem("B817", Place(str(target)), reason=refusal(broken))]) from None
    return target


def _write(part: Path, content: bytes) -> None:
    handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
