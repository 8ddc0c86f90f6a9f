"""The book: what was recorded, in order, with a signed head after every writing."""

from __future__ import annotations

import os
import sqlite3
from base64 import b64decode, b64encode
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from shinro.entries import Checkpoint, Draft, Entry, Json, Kind
from shinro.problems import CannotGoOn, Place, problem
from shinro.record.content import made, plain, written
from shinro.record.keys import Writer
from shinro.record.memory import begin, company_digest, remember, same_company
from shinro.record.merkle import grown, leaf_hash, root
from shinro.record.notes import Note, checkpoint, notes, public
from shinro.record.reading import entries, entries_in
from shinro.record.shelf import FILE, reading, writing
from shinro.record.standing import Standing

NAME = "shinro/record/"


@dataclass(frozen=True, slots=True)
class Receipt:
    """What a writing came to: the entry of every draft, in order, and the head that now stands.

    A draft that stood in the book already, word for word, is not written again: its old entry is here.
    """

    entries: tuple[Entry, ...]
    checkpoint: Checkpoint


@dataclass(frozen=True, slots=True)
class _Log:
    """The book as a writer finds it: its entries, its head, the key that signs."""

    db: sqlite3.Connection
    origin: str
    key: Ed25519PrivateKey

    def at(self, level: int, place: int) -> bytes:
        return _node(self.db, level, place)


def write(
    store: Path,
    drafts: Sequence[Draft] | Callable[[tuple[Entry, ...]], Sequence[Draft]],
    writer: Writer,
    now: datetime,
) -> Receipt:
    """Writes drafts with their texts and a new signed head, in one transaction: all or nothing.

    `drafts` may be a function of the entries that stand: it is asked when no other publisher can write any more.
    Raises CannotGoOn: B805 the book denies its own head, B811 the log's key is not here, B812 another value is
    published for that period, B813 what is replaced is not there or was replaced, B814 no room or an error of the
    disk, B815 another publisher is not done, B819 a draft that cannot be written down, B823 the
    record is another company's, B824 there was another log here.
    Cost: linear in the entries to read them, O(log n) hashes an entry.
    """
    with writing(store) as db:
        log, entries = _begun(db, store, writer, now)
        wanted = drafts(entries) if callable(drafts) else drafts
        standing, found = Standing(entries), []
        for draft in map(plain, wanted):
            entry = standing.same(draft) or _append(log, len(standing.entries), draft, writer.actor, now)
            standing.add(entry)
            found.append(entry)
        receipt = Receipt(tuple(found), _sealed(log, len(standing.entries), (log.key,)))
    remember(writer, store, log.origin)
    return receipt


def read(store: Path) -> tuple[Entry, ...]:
    """Every entry in order; none where there is no book. Raises CannotGoOn (B801, B802). Cost: linear."""
    return entries(store)


def head(store: Path) -> Checkpoint | None:
    """The newest checkpoint; None where there is no book."""
    return next(reversed(checkpoints(store)), None)


def checkpoints(store: Path) -> tuple[Checkpoint, ...]:
    """Every checkpoint that the book gave, oldest first."""
    with reading(store) as db:
        return tuple(note.checkpoint for note in _notes(db)) if db else ()


def erase(store: Path, hash_: str) -> bool:
    """Erases the text of a hash from the file's bytes as well; the log stays valid. False where there is none."""
    with reading(store) as there:
        if there is None:
            return False
    with writing(store) as db:
        return bool(db.execute("DELETE FROM texts WHERE hash = ?", (hash_,)).rowcount)


def rotate(
    store: Path, writer: Writer, new: Ed25519PrivateKey, now: datetime, *, lost: bool = False, renamed: bool = False
) -> Receipt:
    """Takes up another key: an entry that names it, under a head that the old key and the new one both sign.

    `lost`: the old key is gone, and the new one signs alone; `verify` says so from then on. `renamed`: the
    company took another name, which the entry names by its digest. Raises as `write`.
    """
    with writing(store) as db:
        signing = replace(writer, keys=(new,)) if lost else writer
        log, entries = _begun(db, store, replace(signing, company=None) if renamed else signing, now, lost=lost)
        size = len(entries)
        entry = _append(log, size, _key_draft(log.origin, new, writer.company, lost=lost), writer.actor, now)
        receipt = Receipt((entry,), _sealed(log, size + 1, (new,) if lost else (log.key, new)))
    remember(writer, store, log.origin)
    return receipt


def key_in_force(entries: Sequence[Entry]) -> bytes:
    """The public key that signs after these entries. Raises ValueError where none names one."""
    named = [entry for entry in entries if entry.draft.kind is Kind.KEY]
    if not named:
        raise ValueError("key")
    return public_key(named[-1])


def public_key(entry: Entry) -> bytes:
    """The key that an entry takes up, 32 bytes."""
    return b64decode(str(entry.draft.data["key"]))


def _begun(
    db: sqlite3.Connection, store: Path, writer: Writer, now: datetime, *, lost: bool = False
) -> tuple[_Log, tuple[Entry, ...]]:
    """The log and its entries; its first one, with its name and its key, is written where it has none."""
    newest = next(reversed(_notes(db)), None)
    if newest is None:
        after = begin(writer, store)
        log = _Log(db, NAME + os.urandom(16).hex(), writer.keys[0])
        return log, (_append(log, 0, _key_draft(log.origin, log.key, writer.company, after), writer.actor, now),)
    entries = entries_in(db, store)
    if writer.company is not None:
        same_company(store, entries, writer.company)
    force = key_in_force(entries)
    key = next((key for key in writer.keys if public(key) == force), writer.keys[0] if lost else None)
    if key is None:
        raise CannotGoOn([problem("B811", Place(str(store / FILE)), key=force.hex()[:16])])
    log = _Log(db, newest.checkpoint.origin, key)
    _agree(log, newest, entries, store)
    return log, entries


def _agree(log: _Log, newest: Note, entries: Sequence[Entry], store: Path) -> None:
    """Nothing is signed on top of a book that does not bear out its own head."""
    size = newest.checkpoint.size
    known = b64encode(root(size, log.at)).decode() if size == len(entries) else ""
    if known != newest.checkpoint.root or not newest.signed_by(key_in_force(entries)):
        raise CannotGoOn([problem("B805", Place(str(store / FILE)), size=size)])


def _key_draft(
    origin: str, key: Ed25519PrivateKey, company: str | None, after: str = "", *, lost: bool = False
) -> Draft:
    """The entry that takes up a key, with its company's digest, and the name of the log that a new one comes after."""
    said: dict[str, Json] = {"company": company_digest(origin, company or ""), "after": after, "lost": lost}
    data = {"key": b64encode(public(key)).decode(), **{name: each for name, each in said.items() if each}}
    return Draft(kind=Kind.KEY, subject=origin, data=data)


def _append(log: _Log, seq: int, draft: Draft, actor: str, now: datetime) -> Entry:
    entry, texts = made(seq, draft, actor, now)
    content = written(entry)
    log.db.execute("INSERT INTO entries VALUES (?, ?)", (seq, content))
    log.db.executemany("INSERT INTO nodes VALUES (?, ?, ?)", list(grown(seq, leaf_hash(content), log.at)))
    rows = [(text.hash, text.salt, text.words) for text in texts.values()]
    log.db.executemany("INSERT INTO texts VALUES (?, ?, ?)", rows)
    return entry


def _sealed(log: _Log, size: int, keys: Sequence[Ed25519PrivateKey]) -> Checkpoint:
    """The head at a size: the one that stands, or a new one, signed and kept."""
    newest = next(reversed(_notes(log.db)), None)
    if newest and newest.checkpoint.size == size:
        return newest.checkpoint
    made_now = checkpoint(log.origin, size, root(size, log.at), keys)
    log.db.execute("INSERT INTO checkpoints VALUES (?, ?)", (size, made_now.text))
    return made_now


def _node(db: sqlite3.Connection, level: int, place: int) -> bytes:
    found = db.execute("SELECT hash FROM nodes WHERE level = ? AND place = ?", (level, place)).fetchone()
    return bytes(found[0]) if found else b""


def _notes(db: sqlite3.Connection) -> list[Note]:
    return list(_kept(db))


def _kept(db: sqlite3.Connection) -> Iterator[Note]:
    for (text,) in db.execute("SELECT note FROM checkpoints ORDER BY size"):
        yield from notes(str(text))
