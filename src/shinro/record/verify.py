"""verify: whether the book is what it was, by its own checkpoints and by those that somebody else holds.

Law: after any change to an entry before a held checkpoint, that checkpoint fails; a book that only grew passes.
What it proves is that nothing was altered since a checkpoint that somebody else holds, not that the input was true.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from shinro.entries import Checkpoint, Entry, Kind
from shinro.problems import Place, Problem, Severity, problem
from shinro.record.book import public_key
from shinro.record.content import entry_of, is_its_own_form
from shinro.record.kept import Kept, kept
from shinro.record.merkle import leaf_hash, root, tree
from shinro.record.notes import Note, notes
from shinro.record.shelf import FILE


@dataclass(frozen=True, slots=True)
class Held:
    """A checkpoint that somebody else holds: where it came from, and whether the book bears it out."""

    name: str
    checkpoint: Checkpoint
    holds: bool


@dataclass(frozen=True, slots=True)
class Verdict:
    """What was found. `first_bad` is the `seq` of the first entry that is not what it was, as far as that shows."""

    size: int
    checkpoint: Checkpoint | None
    own: int  # checkpoints of the book's own that hold
    held: tuple[Held, ...]  # smallest first
    erased: int  # texts that were erased, which breaks nothing
    first_bad: int | None
    problems: tuple[Problem, ...]

    @property
    def ok(self) -> bool:
        """Whether nothing is wrong; a remark or a warning is not wrong."""
        return all(each.severity is not Severity.ERROR for each in self.problems)


@dataclass(frozen=True, slots=True)
class _Book:
    """What is in the file, read as far as it can be read."""

    place: Place
    kept: Kept
    entries: Mapping[int, Entry]
    nodes: Mapping[tuple[int, int], bytes]

    @property
    def size(self) -> int:
        return len(self.kept.rows)

    def root(self, size: int) -> str:
        return b64encode(root(size, lambda level, index: self.nodes[level, index])).decode()


def verify(store: Path, held: Sequence[str] = (), names: Sequence[str] = ()) -> Verdict:
    """What the book says of itself, and what checkpoints held elsewhere say of it: texts with notes in them.

    `names` says where each text came from. Raises CannotGoOn where the file is no book (B801) or busy (B815).
    Cost: linear in the entries; O(log n) hashes a checkpoint.
    """
    place, found = Place(str(store / FILE)), kept(store)
    book = _read(place, found)
    own = _own_notes(book)
    named = [names[n] if n < len(names) else f"held {n + 1}" for n in range(len(held))]
    told, wrong_held = _held(book, own, [(name, text) for name, text in zip(named, held, strict=True)])
    bad = next(_entries(book, own), None)
    good, wrong_own = _own(book, own)
    problems = [*([bad[1]] if bad else []), *wrong_own, *wrong_held, *_texts(book), *_keys(book, own), *_guards(book)]
    newest = own[-1].checkpoint if own else None
    return Verdict(book.size, newest, good, told, _erased(book), bad[0] if bad else None, tuple(problems))


def _read(place: Place, found: Kept) -> _Book:
    entries: dict[int, Entry] = {}
    words = found.words
    for n, (_, content) in enumerate(found.rows):
        try:
            entries[n] = entry_of(content, words)
        except ValueError:
            continue
    return _Book(place, found, entries, tree(leaf_hash(content) for _, content in found.rows))


def _own_notes(book: _Book) -> list[Note]:
    return [note for _, text in book.kept.notes for note in notes(text)]


def _entries(book: _Book, own: Sequence[Note]) -> Iterator[tuple[int, Problem]]:
    """What is wrong with entries, the first one first."""
    for n, (seq, content) in enumerate(book.kept.rows):
        if seq != n:
            yield n, problem("B803", book.place, seq=n, case="one")
        entry = book.entries.get(n)
        is_known = book.kept.nodes.get((0, n)) == leaf_hash(content)
        if entry is None or not is_known or not is_its_own_form(entry, content):
            moved = entry is not None and entry.seq != n
            yield n, problem("B804" if moved else "B802", book.place, seq=n, says=entry.seq if entry else None)
        elif entry.seq != n:
            yield n, problem("B804", book.place, seq=n, says=entry.seq)
    sealed = max((note.checkpoint.size for note in own), default=0)
    if sealed > book.size:
        yield book.size, problem("B803", book.place, seq=book.size, last=sealed - 1, case="end")
    if sealed < book.size:
        yield sealed, problem("B804", book.place, seq=sealed, case="loose")


def _own(book: _Book, own: Sequence[Note]) -> tuple[int, list[Problem]]:
    """How many of the book's own checkpoints hold, and the first that does not."""
    good: list[int] = [0]
    wrong: list[Problem] = []
    for note in own:
        found = _wrong(book, note, good[-1])
        if found:
            wrong.append(found)
        else:
            good.append(note.checkpoint.size)
    torn = [size for size, text in book.kept.notes if [note.checkpoint.size for note in notes(text)] != [size]]
    wrong += [problem("B806", book.place, size=size) for size in torn]
    if not wrong and book.kept.nodes != book.nodes:
        wrong = [problem("B805", book.place, case="tree")]
    return len(good) - 1, wrong[:1]


def _wrong(book: _Book, note: Note, good: int) -> Problem | None:
    """What is wrong with a checkpoint of the book's own; `good` is the size of the one before it that holds."""
    head = note.checkpoint
    if head.size > book.size or book.root(head.size) != head.root:
        return problem("B805", book.place, size=head.size, first=good, last=head.size - 1, case="range")
    if head.origin != _origin(book) or not _is_signed(book, note):
        return problem("B806", book.place, size=head.size)
    return None


def _origin(book: _Book) -> str | None:
    first = book.entries.get(0)
    return first.draft.subject if first and first.draft.kind is Kind.KEY else None


def _is_signed(book: _Book, note: Note) -> bool:
    """Whether the key in force at its size signed it, and also the one before where that size took up another."""
    size = note.checkpoint.size
    named = [(n, entry) for n, entry in sorted(book.entries.items()) if n < size and entry.draft.kind is Kind.KEY]
    takes_up = len(named) > 1 and named[-1][0] == size - 1 and not named[-1][1].draft.data.get("lost")
    return bool(named) and all(note.signed_by(_key(entry)) for _, entry in named[-2 if takes_up else -1 :])


def _key(entry: Entry) -> bytes:
    try:
        return public_key(entry)
    except (KeyError, ValueError):
        return b""


def _held(book: _Book, own: Sequence[Note], texts: Sequence[tuple[str, str]]) -> tuple[tuple[Held, ...], list[Problem]]:
    """Every held checkpoint, smallest first, and what is wrong: of those that the book denies, the first."""
    problems = [problem("B808", Place(name)) for name, text in texts if not notes(text)]
    found = sorted(
        ((name, note) for name, text in texts for note in notes(text)), key=lambda each: each[1].checkpoint.size
    )
    told = tuple(Held(name, note.checkpoint, _denied(book, own, name, note, 0) is None) for name, note in found)
    last_good = 0
    for held, (name, note) in zip(told, found, strict=True):
        denied = _denied(book, own, name, note, last_good)
        if denied:
            return told, [*problems, denied]
        last_good = held.checkpoint.size
    return told, problems


def _denied(book: _Book, own: Sequence[Note], name: str, note: Note, good: int) -> Problem | None:
    """What a held checkpoint shows; `good` is the size of one before it that holds."""
    head = note.checkpoint
    origin = _origin(book) or (own[0].checkpoint.origin if own else None)
    if origin is not None and head.origin != origin:
        return problem("B807", Place(name), size=head.size, case="other", origin=head.origin)
    if head.size > book.size:
        return problem("B807", Place(name), size=head.size, found=book.size, case="short")
    if book.root(head.size) != head.root:
        return problem("B807", Place(name), size=head.size, first=good, last=head.size - 1)
    if not _is_signed(book, note):
        return problem("B807", Place(name), size=head.size, case="signature")
    return None


def _texts(book: _Book) -> Iterator[Problem]:
    """A text outside the log that is not the one that was hashed into it; the first."""
    said = {digest for entry in book.entries.values() for digest in (*entry.hashes.values(), entry.actor)}
    for digest, salt, words in book.kept.texts:
        if sha256(salt + words.encode()).hexdigest() != digest or digest not in said:
            yield problem("B809", book.place, hash=digest[:16])
            return


def _erased(book: _Book) -> int:
    said = [digest for entry in book.entries.values() for digest in (*entry.hashes.values(), entry.actor)]
    words = book.kept.words
    return sum(digest not in words for digest in said)


def _keys(book: _Book, own: Sequence[Note]) -> Iterator[Problem]:
    """Changes of key: one that the old key did not sign, and one after the old key was lost."""
    named = [(n, entry) for n, entry in sorted(book.entries.items()) if entry.draft.kind is Kind.KEY]
    sizes = {note.checkpoint.size for note in own}
    for n, entry in named[1:]:
        if entry.draft.data.get("lost"):
            yield problem("B816", book.place, Severity.WARNING, seq=n)
        elif n + 1 not in sizes:
            yield problem("B806", book.place, size=n + 1)


def _guards(book: _Book) -> Iterator[Problem]:
    if not book.kept.guarded:
        yield problem("B818", book.place, Severity.WARNING)
