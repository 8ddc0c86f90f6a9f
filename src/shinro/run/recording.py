"""record: the book of a project is shown, proved, handed on and erased from; its keys are kept."""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from getpass import getuser
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from shinro.entries import Checkpoint, Entry, Kind
from shinro.problems import CannotGoOn, Place, problem, refusal
from shinro.record import book, keys
from shinro.record.bundle import bundle, is_ours
from shinro.record.content import ACTOR
from shinro.record.keys import Writer, config_folder
from shinro.record.memory import same_company
from shinro.record.notes import public
from shinro.record.shelf import FILE
from shinro.record.verify import Verdict
from shinro.record.verify import verify as verify_book
from shinro.run.opening import Opened
from shinro.run.publishing import book_of
from shinro.run.written import check_place, text_of
from shinro.warehouse.snapshots import whole_file

ENOUGH = 8  # characters of a hash that name a text


@dataclass(frozen=True, slots=True)
class Log:
    """The book as it stands."""

    entries: tuple[Entry, ...]
    checkpoint: Checkpoint


@dataclass(frozen=True, slots=True)
class Keyring:
    """A company's keys, newest first, as public halves with their files; which of them signs the project's record."""

    folder: Path
    keys: tuple[tuple[Path, bytes], ...]
    in_force: bytes | None


def writer_of(opened: Opened, environ: Mapping[str, str], home: Path, actor: str = "") -> Writer:
    """Who writes into a project's record: `actor`, else the user of the machine; the key is made on first use.

    Raises CannotGoOn (B810, B817).
    """
    config = _config(opened, environ, home)
    return keys.writer(config, actor or getuser(), str(opened.project.company or ""), opened.folder)


def _config(opened: Opened, environ: Mapping[str, str], home: Path) -> Path:
    """The folder of the keys. Raises CannotGoOn (B810) where it lies in the project: keys go not where data go."""
    config = config_folder(environ, home).absolute()
    if config.resolve().is_relative_to(opened.folder):
        raise CannotGoOn([problem("B810", Place(str(config)), case="inside")])
    return config


def log(opened: Opened) -> Log:
    """Every entry, and the head. Raises CannotGoOn (B820) where nothing is recorded, and as `book.read` does."""
    store = book_of(opened)
    head = book.head(store)
    if head is None:
        raise CannotGoOn([problem("B820", Place(str(_shown(opened))))])
    return Log(book.read(store)[: head.size], head)


def verify(opened: Opened, held: Sequence[Path]) -> Verdict:
    """What the book, and the checkpoints in files, say. Raises CannotGoOn: B808 no such file, B820 no book."""
    nothing = CannotGoOn([problem("B820", Place(str(_shown(opened))))])
    if not (book_of(opened) / FILE).exists():
        raise nothing
    found = verify_book(book_of(opened), [_text(file) for file in held], [str(file) for file in held])
    if not (found.size or found.problems):
        raise nothing  # an empty file bears out nothing
    return found


def _text(file: Path) -> str:
    try:
        return text_of(file, "replace")
    except OSError as broken:
        raise CannotGoOn([problem("B808", Place(str(file)), case="file", reason=refusal(broken))]) from None


def export(
    opened: Opened, target: Path, metrics: Collection[str] = (), *, texts: bool = False, force: bool = False
) -> int:
    """Writes the bundle in one step; its size in bytes. `metrics`: only what is about them.

    Raises CannotGoOn: B820, B831 nothing is recorded of one of them, B821 another file is there, B814 it cannot be
    written, and what `verify` finds wrong.
    """
    known = {each.draft.subject for each in book.read(book_of(opened))} if metrics else set()
    if known and (unknown := [each for each in metrics if each not in known]):
        raise CannotGoOn(
            [problem("B831", Place("METRICS"), metric=each, period="", known="", case="metric") for each in unknown]
        )
    only: Callable[[Entry], bool] | None = (lambda entry: entry.draft.subject in metrics) if metrics else None
    content = bundle(book_of(opened), str(opened.project.company or ""), only, texts=texts)
    try:
        check_place(target)
        if target.exists() and not force and not is_ours(target.read_bytes()):
            raise CannotGoOn([problem("B821", Place(str(target)))])
        with whole_file(target) as file:
            file.write(content)
        target.chmod(0o644)
    except OSError as broken:
        raise _unwritten(target, broken) from None
    return len(content)


def _unwritten(target: Path, broken: OSError) -> CannotGoOn:
    """A file beside the record that could not be written: the record itself is as it was."""
    return CannotGoOn([problem("B814", Place(str(target)), case="output", reason=refusal(broken))])


def texts_of(opened: Opened, hashes: Collection[str], containing: str = "") -> Mapping[str, str]:
    """The texts of (the beginnings of) hashes, and all in which words stand: hash -> text.

    Raises CannotGoOn (B820) where nothing is recorded.
    """
    found = {
        (entry.actor if role == ACTOR else entry.hashes[role]): text
        for entry in log(opened).entries
        for role, text in entry.words.items()
    }
    return {digest: text for digest, text in found.items() if _is_wanted(digest, text, hashes, containing)}


def _is_wanted(digest: str, text: str, hashes: Collection[str], containing: str) -> bool:
    named = any(len(each) >= ENOUGH and digest.startswith(each) for each in hashes)
    return named or bool(containing and containing in text)


def erase(opened: Opened, hashes: Collection[str]) -> tuple[str, ...]:
    """Erases texts by their hashes; the hashes of those that were there."""
    return tuple(digest for digest in hashes if book.erase(book_of(opened), digest))


def keyring(opened: Opened, environ: Mapping[str, str], home: Path) -> Keyring:
    """The company's keys. Raises CannotGoOn (B810, B817)."""
    config = _config(opened, environ, home)
    files = keys.key_files(config, str(opened.project.company or ""))
    entries = book.read(book_of(opened))
    found = tuple((file, public(keys.read_key(file))) for file in files)
    return Keyring(config / "keys", found, book.key_in_force(entries) if entries else None)


def backup(opened: Opened, environ: Mapping[str, str], home: Path, target: Path) -> Path:
    """Copies the key that signs, for nobody else to read; where it was. Raises CannotGoOn (B811, B814, B821)."""
    ring = keyring(opened, environ, home)
    file = next((file for file, key in ring.keys if ring.in_force in (None, key)), None)
    if file is None:
        raise CannotGoOn([problem("B811", Place(str(ring.folder)), key=(ring.in_force or b"").hex()[:16])])
    if target.exists():
        raise CannotGoOn([problem("B821", Place(str(target)))])
    try:
        check_place(target)
        with whole_file(target) as copy:  # made for its owner alone
            copy.write(file.read_bytes())
    except OSError as broken:
        raise _unwritten(target, broken) from None
    return file


def restore(opened: Opened, environ: Mapping[str, str], home: Path, source: Path) -> Path:
    """Takes a key from its backup into the keys; where it is now. Raises CannotGoOn (B817)."""
    key = keys.read_key(source)
    ring = keyring(opened, environ, home)
    there = next((file for file, known in ring.keys if known == public(key)), None)
    return there or keys.keep(_config(opened, environ, home), str(opened.project.company or ""), key)


def rotate(
    opened: Opened,
    environ: Mapping[str, str],
    home: Path,
    now: datetime,
    *,
    lost: bool = False,
    renamed: bool = False,
) -> Checkpoint:
    """Takes up a new key: one that was made and never taken up, where a rotation was cut off, else a fresh one.

    Raises CannotGoOn: B811 the old key is not here (`lost` goes on without it), B823 the record is of a company
    of another name (`renamed` says that it is the same one), and as `book.write` does.
    """
    known = log(opened).entries
    config, company = _config(opened, environ, home), str(opened.project.company or "")
    if not renamed:
        same_company(book_of(opened), known, company)
    writer = writer_of(opened, environ, home)
    used = {book.public_key(entry) for entry in known if entry.draft.kind is Kind.KEY}
    fresh = next((key for key in writer.keys[: len(keys.key_files(config, company))] if public(key) not in used), None)
    if fresh is None:
        fresh = Ed25519PrivateKey.generate()
        keys.keep(config, company, fresh)
    return book.rotate(book_of(opened), writer, fresh, now, lost=lost, renamed=renamed).checkpoint


def _shown(opened: Opened) -> Path:
    """The book's file as the user would write it."""
    return Path(os.path.relpath(book_of(opened) / FILE, opened.folder))
