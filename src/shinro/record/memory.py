"""What a machine remembers of the logs that it wrote: whose they are and where they lay, beside the keys.

A log that is gone leaves no trace in its own folder; what is remembered here is why a second one does not begin in
silence. It is no proof: it stays on the machine, and who owns the machine can take it away.
"""

from __future__ import annotations

import json
import sqlite3
import unicodedata
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from shinro.entries import Entry, Kind
from shinro.problems import CannotGoOn, Place, problem
from shinro.record.keys import Writer
from shinro.record.shelf import FILE

FOLDER = "logs"


@dataclass(frozen=True, slots=True)
class Known:
    """A log that this machine wrote: its name, its company's digest, the folders of its project and of its book."""

    origin: str
    company: str
    project: str
    store: str


def company_digest(origin: str, company: str) -> str:
    """A company's name as a log keeps it: hashed with the log's own name; none where there is no name."""
    name = " ".join(unicodedata.normalize("NFKC", company).split())
    return sha256(f"{origin}\n{name}".encode()).hexdigest() if name else ""


def same_company(store: Path, entries: Sequence[Entry], company: str) -> None:
    """Raises CannotGoOn (B823) where the entries are of a company of another name; one may name none."""
    named = [each.draft.data["company"] for each in entries if "company" in each.draft.data and _is_key(each)]
    if named and named[-1] != company_digest(entries[0].draft.subject, company):
        raise CannotGoOn([problem("B823", Place(str(store)), company=company or "-")])


def _is_key(entry: Entry) -> bool:
    return entry.draft.kind is Kind.KEY


def earlier(writer: Writer, store: Path) -> Known | None:
    """A log that this machine wrote for the same project, or for the same company where its book is gone."""
    every = tuple(_every(writer))
    there = {known.origin for known in every if _is_there(Path(known.store) / FILE)}
    for known in every:
        same = known.company == company_digest(known.origin, writer.company or "") != ""
        here = known.store == str(store.resolve()) or known.project == str(writer.project or "-")
        if here or (same and known.origin not in there):
            return known
    return None


def begin(writer: Writer, store: Path) -> str:
    """The name of the log that a new one here comes after; none where it is the first.

    Raises CannotGoOn (B824) where there was one, and nobody said that another is to begin.
    """
    before = earlier(writer, store)
    if before is None:
        return ""
    if not writer.anew:
        raise CannotGoOn([problem("B824", Place(str(store / FILE)), origin=before.origin, folder=before.store)])
    return before.origin


def remember(writer: Writer, store: Path, origin: str) -> None:
    """Keeps where a log lies, and whose it is. What cannot be kept stops no publishing: it stands in the book."""
    if writer.config is None:
        return
    place = sha256(str(store.resolve()).encode()).hexdigest()[:12]  # a copy of a log does not take the place of another
    file = writer.config / FOLDER / f"{origin.rsplit('/', 1)[-1]}-{place}.json"
    said = {
        "origin": origin,
        "company": company_digest(origin, writer.company or ""),
        "project": str(writer.project or ""),
        "store": str(store.resolve()),
    }
    content = json.dumps(said, ensure_ascii=False, indent=1) + "\n"
    with suppress(OSError):
        if file.is_file() and file.read_text("utf-8") == content:
            return
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        file.write_text(content, "utf-8")


def _every(writer: Writer) -> Iterator[Known]:
    """Every log that is remembered, the newest first; a file that says nothing is passed over."""
    files = (writer.config / FOLDER).glob("*.json") if writer.config else ()
    for file in sorted(files, key=lambda each: each.stat().st_mtime_ns, reverse=True):
        with suppress(OSError, ValueError, TypeError, KeyError):
            said = json.loads(file.read_text("utf-8"))
            yield Known(*(str(said[name]) for name in ("origin", "company", "project", "store")))


def _is_there(book: Path) -> bool:
    """Whether a book with anything in it still lies where it was written."""
    if not (book.is_file() and book.stat().st_size):
        return False
    with suppress(sqlite3.Error):
        db = sqlite3.connect(f"{book.resolve().as_uri()}?mode=ro", uri=True)
        try:
            return bool(db.execute("SELECT 1 FROM entries LIMIT 1").fetchone())
        finally:
            db.close()
    return True
