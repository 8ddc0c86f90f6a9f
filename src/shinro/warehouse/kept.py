"""Kept: the loads that were made, beside their typed tables; nothing that is not whole is trusted."""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass, fields, replace
from datetime import date
from pathlib import Path
from typing import Any

from shinro.loads import Joined, Load, Reject
from shinro.warehouse.snapshots import hash_of, whole_file

RACY = 2_000_000_000  # nanoseconds: a file changed so shortly before we looked may change again within one tick


@dataclass(frozen=True, slots=True)
class Stamp:
    """A file as it was seen: if size and time are the same, so are its bytes, unless the time was too fresh to tell."""

    size: int
    time: int
    looked: int
    sha256: str

    def holds(self, path: Path) -> bool:
        """Whether the file surely has the bytes that it had."""
        try:
            now = path.stat()
        except OSError:
            return False
        return (now.st_size, now.st_mtime_ns) == (self.size, self.time) and self.time + RACY < self.looked


def stamp(path: Path, sha256: str) -> Stamp:
    """A file as it is now."""
    seen = path.stat()
    return Stamp(seen.st_size, seen.st_mtime_ns, time.time_ns(), sha256)


@dataclass(frozen=True, slots=True)
class Kept:
    """A load and its typed table: a file below `.shinro`, and where in it each column stands."""

    load: Load
    question: str
    table: str
    columns: Mapping[str, str]
    stamp: Stamp
    day: str = ""  # on which it was asked

    def path(self, folder: Path) -> Path:
        """Where the typed table is."""
        return folder / self.table


def table_name(fingerprint: str) -> str:
    """The typed table's file below `.shinro`."""
    return f"cache/tables/{fingerprint}.parquet"


def _note(folder: Path, fingerprint: str, question: str = "") -> Path:
    name = f"{fingerprint}-{question[:16]}" if question else fingerprint
    return folder / "cache" / "tables" / f"{name}.json"


def keep(folder: Path, kept: Kept) -> None:
    """Writes the load beside its table, and under its question: tables of the same bytes are asked apart."""
    body = {
        "load": _raw(kept.load),
        "question": kept.question,
        "table": kept.table,
        "columns": dict(kept.columns),
        "stamp": asdict(kept.stamp),
        "day": kept.day,
    }
    for asked in dict.fromkeys((kept.question, "")):
        write_note(_note(folder, kept.load.fingerprint, asked), body)


def _raw(load: Load) -> dict[str, object]:
    raw = {each.name: getattr(load, each.name) for each in fields(load)}
    raw |= {"rejects": [asdict(each) for each in load.rejects], "joined": [asdict(each) for each in load.joined]}
    return raw | {"types": dict(load.types), "values": dict(load.values)}


def find(folder: Path, fingerprint: str, question: str = "") -> Kept | None:
    """The kept load of a fingerprint, the last one or that of a question, where it and its table are whole."""
    note = read_note(_note(folder, fingerprint, question))
    if note is None:
        return None
    try:
        kept = _kept(note)
    except (KeyError, TypeError, ValueError):
        return None
    path = kept.path(folder)
    if kept.stamp.holds(path):
        return kept
    if not path.is_file() or hash_of(path) != kept.stamp.sha256:
        return None
    with suppress(OSError):
        kept = replace(kept, stamp=stamp(path, kept.stamp.sha256))
        keep(folder, kept)
    return kept


def _kept(note: Mapping[str, Any]) -> Kept:
    stamped, day = Stamp(**note["stamp"]), note.get("day", "")
    return Kept(_load(note["load"]), note["question"], note["table"], note["columns"], stamped, day)


def _load(raw: Mapping[str, Any]) -> Load:
    named = ("oldest", "newest", "latest", "known_until", "named")
    days = {name: raw[name] and date.fromisoformat(raw[name]) for name in named}
    lists = {name: tuple(raw[name]) for name in ("files", "snapshot", "columns", "key_samples", "whole")}
    return Load(
        **{
            **raw,
            **days,
            **lists,
            "rejects": tuple(Reject(**reject) for reject in raw["rejects"]),
            "joined": tuple(Joined(**{**joined, "samples": tuple(joined["samples"])}) for joined in raw["joined"]),
            "values": {name: tuple(values) for name, values in raw["values"].items()},
        }
    )


def write_note(path: Path, body: Mapping[str, object]) -> None:
    """Writes a note with its own hash, whole or not at all."""
    text = json.dumps(body, ensure_ascii=False, default=str)
    with whole_file(path) as file:
        file.write(json.dumps({"sha256": hashlib.sha256(text.encode()).hexdigest(), "body": text}).encode())


def read_note(path: Path) -> Mapping[str, Any] | None:
    """A note that was written whole and not changed since; None for anything else."""
    try:
        note = json.loads(path.read_bytes())
        text = note["body"]
        if hashlib.sha256(text.encode()).hexdigest() != note["sha256"]:
            return None
        body = json.loads(text)
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return None
    return body if isinstance(body, dict) else None
