"""An entry's content: the canonical JSON that is hashed into the log, and back.

Numbers are decimal text (`1/3` where no decimal is exact), since JSON's own are floats. Texts, names and the values of
segments are salted hashes: the words themselves stay outside and can be erased. Source: RFC 8785.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from fractions import Fraction
from hashlib import sha256
from typing import Any

import rfc8785

from shinro.entries import Draft, Entry, Figure, Input, Json, Kind, Origin
from shinro.periods import Grain, Period
from shinro.problems import CannotGoOn, Place, problem
from shinro.series import Mark, Segment
from shinro.units import decimal_text

VERSION = 1
SALT = 16  # bytes
ACTOR, SEGMENT = "actor", "segment."
NUMBER = re.compile(r"-?\d+(?:\.\d+)?(?:/\d+)?", re.ASCII)
LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)
MOMENT = "%Y-%m-%dT%H:%M:%SZ"


@dataclass(frozen=True, slots=True)
class Text:
    """A text outside the log: its hash stands in an entry."""

    salt: bytes
    words: str

    @property
    def hash(self) -> str:
        """The sha256 over salt and text, in hex: without the salt nobody can try names until one fits."""
        return sha256(self.salt + self.words.encode()).hexdigest()


def salted(words: str) -> Text:
    """A text with a salt of its own."""
    return Text(os.urandom(SALT), words)


def made(seq: int, draft: Draft, actor: str, now: datetime) -> tuple[Entry, dict[str, Text]]:
    """The entry that a draft becomes, and its texts by role."""
    words = {ACTOR: actor, **_segment_words(draft), **draft.texts}
    texts = {role: salted(text) for role, text in words.items()}
    hashes = {role: text.hash for role, text in texts.items()}
    return Entry(seq, _second(now), hashes.pop(ACTOR), draft, hashes, words), texts


def plain(draft: Draft) -> Draft:
    """The draft as it will be read again: lists for tuples.

    Raises CannotGoOn (B819) where it holds a float, a number that JSON cannot hold, or what is no text.
    """
    try:
        _no_floats(dict(draft.data))
        bare = replace(draft, data=json.loads(rfc8785.dumps(dict(draft.data))))
        written(made(0, bare, "", LONG_AGO)[0])
    except (rfc8785.CanonicalizationError, UnicodeEncodeError, TypeError, AttributeError) as broken:
        raise CannotGoOn([problem("B819", Place(draft.subject), reason=str(broken))]) from None
    return bare


def _second(now: datetime) -> datetime:
    return now.astimezone(UTC).replace(microsecond=0)


def _segment_words(draft: Draft) -> dict[str, str]:
    return {SEGMENT + dimension: value for dimension, value in draft.segment if value is not None}


def _no_floats(value: object) -> None:
    if isinstance(value, float):
        raise TypeError(value)
    for each in value.values() if isinstance(value, Mapping) else value if isinstance(value, list | tuple) else ():
        _no_floats(each)


def written(entry: Entry) -> bytes:
    """The bytes of an entry that the log holds. Law: what is read from them is written as the same bytes."""
    return rfc8785.dumps(dict(_parts(entry)))


def _parts(entry: Entry) -> Iterator[tuple[str, Any]]:
    draft = entry.draft
    yield "v", VERSION
    yield "seq", entry.seq
    yield "kind", draft.kind.value
    yield "at", entry.written_at.strftime(MOMENT)
    yield "actor", entry.actor
    yield "subject", draft.subject
    if draft.grain:
        yield "grain", draft.grain.value
    if draft.period:
        yield "period", [draft.period.start.isoformat(), draft.period.end.isoformat()]
    if draft.segment:
        yield "segment", [[name, entry.hashes.get(SEGMENT + name)] for name, _ in draft.segment]
    if draft.figure:
        yield "figure", _figure(draft.figure)
    if draft.origin:
        yield "origin", _origin(draft.origin)
    if draft.replaces is not None:
        yield "replaces", draft.replaces
    if draft.data:
        yield "data", draft.data
    texts = {role: digest for role, digest in entry.hashes.items() if not role.startswith(SEGMENT)}
    if texts:
        yield "texts", texts


def _figure(figure: Figure) -> dict[str, Json]:
    parts = {"over": figure.over, "base": figure.base}
    return {
        "value": None if figure.value is None else decimal_text(figure.value),
        "unit": figure.unit,
        "mark": figure.mark.value,
        **{name: decimal_text(part) for name, part in parts.items() if part is not None},
    }


def _origin(origin: Origin) -> dict[str, Json]:
    inputs: list[Json] = [
        {"table": each.table, "snapshots": each.snapshots, "fingerprint": each.fingerprint, "rows": each.rows}
        for each in origin.inputs
    ]
    return {
        "definition": origin.definition,
        "inputs": inputs,
        "as_of": origin.as_of.isoformat(),
        "shinro": origin.shinro,
        "engine": origin.engine,
        **({"commit": origin.commit} if origin.commit is not None else {}),
    }


def is_its_own_form(entry: Entry, content: bytes) -> bool:
    """Whether a content is the one form of its entry."""
    try:
        return written(entry) == content
    except (ValueError, TypeError, AttributeError, RecursionError):
        return False


def entry_of(content: bytes, words: Mapping[str, str]) -> Entry:
    """The entry that a content says; `words` are the texts that are kept, by hash.

    A segment's value that was erased reads `erased:` and the hash's first characters. Raises ValueError where the
    bytes are not those of an entry; that they are its only ones, `written` says.
    """
    try:
        found = json.loads(content.decode())
        if found["v"] != VERSION or type(found["seq"]) is not int or not isinstance(found["subject"], str):
            raise ValueError(found["v"])
        return _entry(found, words)
    except (KeyError, TypeError, AttributeError, RecursionError, ZeroDivisionError) as broken:
        raise ValueError(type(broken).__name__) from None


def _entry(found: Mapping[str, Any], words: Mapping[str, str]) -> Entry:
    cut = {SEGMENT + name: digest for name, digest in found.get("segment", ()) if digest is not None}
    hashes = {**found.get("texts", {}), **cut}
    known = {role: words[digest] for role, digest in hashes.items() if digest in words}
    actor = {ACTOR: words[found["actor"]]} if found["actor"] in words else {}
    moment = datetime.fromisoformat(found["at"])
    texts = {role: text for role, text in known.items() if role not in cut}
    segment = tuple((name, _cut(digest, words)) for name, digest in found.get("segment", ()))
    return Entry(found["seq"], moment, found["actor"], _draft(found, segment, texts), hashes, known | actor)


def _cut(digest: str | None, words: Mapping[str, str]) -> str | None:
    return None if digest is None else words.get(digest, f"erased:{digest[:8]}")


def _draft(found: Mapping[str, Any], segment: Segment, texts: Mapping[str, str]) -> Draft:
    return Draft(
        kind=Kind(found["kind"]),
        subject=found["subject"],
        grain=Grain(found["grain"]) if "grain" in found else None,
        period=Period(*map(date.fromisoformat, found["period"])) if "period" in found else None,
        segment=segment,
        figure=_figure_of(found["figure"]) if "figure" in found else None,
        origin=_origin_of(found["origin"]) if "origin" in found else None,
        replaces=found.get("replaces"),
        data=found.get("data", {}),
        texts=texts,
    )


def _figure_of(found: Mapping[str, Any]) -> Figure:
    value, over, base = (_number(found.get(name)) for name in ("value", "over", "base"))
    return Figure(value, found["unit"], Mark(found["mark"]), over, base)


def _number(text: str | None) -> Fraction | None:
    if text is None:
        return None
    if not NUMBER.fullmatch(text):  # an exponent could ask for a number as large as the machine
        raise ValueError(text)
    return Fraction(text)


def _origin_of(found: Mapping[str, Any]) -> Origin:
    inputs = tuple(
        Input(each["table"], tuple(each["snapshots"]), each["fingerprint"], each["rows"]) for each in found["inputs"]
    )
    as_of = date.fromisoformat(found["as_of"])
    return Origin(found["definition"], inputs, as_of, found["shinro"], found["engine"], found.get("commit"))
