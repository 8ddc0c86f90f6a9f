"""An export: the record, or a part of it, with all that somebody needs to check it offline.

Law: the same book and the same wish give the same bytes; a part's proofs lead to the head that the whole has.
"""

from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import Callable, Iterator, Mapping, Sequence
from hashlib import sha256
from importlib.resources import files
from io import BytesIO
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from shinro.entries import Checkpoint, Entry, Json, Kind
from shinro.problems import CannotGoOn, Place, problem
from shinro.record.book import key_in_force
from shinro.record.content import entry_of
from shinro.record.kept import Kept, kept
from shinro.record.merkle import consistency, inclusion
from shinro.record.notes import notes, verifier
from shinro.record.offline.page import page
from shinro.record.shelf import FILE
from shinro.record.verify import verify

FOLDER = "shinro-record"
MARK = b"shinro record export"  # the archive's comment: by it an export is known as ours
LONG_AGO = (1980, 1, 1, 0, 0, 0)  # of every file in it, so that the same export has the same bytes
PERSONAL = frozenset({"owner", "each"})  # roles of texts that are names, or hold some
OFFLINE = files("shinro.record.offline")
SCOPE = {
    "whole": ("記録の全体です。", "It is the whole record."),
    "part": (
        "記録の一部（全 {size} 件のうち {n} 件）です。書き出されていない項目があります。",
        "It is a part of it ({n} of {size} entries): others were left out.",
    ),
}


def bundle(
    store: Path, company: str = "", only: Callable[[Entry], bool] | None = None, *, texts: bool = False
) -> bytes:
    """The zip that an investor checks offline. `only` chooses entries; the keys are always with them.

    `texts` adds reasons and other words, no names: what was erased is not there. Raises CannotGoOn: B820 where
    nothing is recorded, and what `verify` finds wrong. Cost: linear in the entries.
    """
    verdict = verify(store)
    if not verdict.ok:
        raise CannotGoOn(verdict.problems)
    if verdict.checkpoint is None:
        raise CannotGoOn([problem("B820", Place(str(store / FILE)))])
    found, head = kept(store), verdict.checkpoint
    words = found.words
    entries = [entry_of(content, words) for _, content in found.rows[: head.size]]
    chosen = [entry for entry in entries if only is None or only(entry) or entry.draft.kind is Kind.KEY]
    proofs = _proofs(found, head.size, chosen if only else ())
    parts = dict(_files(found, head, entries, chosen, proofs, texts=texts))
    return _zipped({**parts, **_readers(parts, company, len(chosen), head.size, whole=only is None)})


def is_ours(content: bytes) -> bool:
    """Whether a file's bytes are an export of ours."""
    return content.startswith(b"PK") and content.endswith(MARK)


def _proofs(found: Kept, size: int, chosen: Sequence[Entry]) -> dict[str, Json]:
    def at(level: int, place: int) -> bytes:
        return found.nodes[level, place]

    sizes = [note_size for note_size, _ in found.notes if note_size < size]
    led = {str(entry.seq): _texts_of(inclusion(entry.seq, size, at)) for entry in chosen}
    grew = {str(old): _texts_of(consistency(old, size, at)) for old in sizes}
    return {"inclusion": led, "consistency": grew}


def _texts_of(hashes: Sequence[bytes]) -> list[Json]:
    return [b64encode(each).decode() for each in hashes]


def _files(
    found: Kept,
    head: Checkpoint,
    entries: Sequence[Entry],
    chosen: Sequence[Entry],
    proofs: Mapping[str, Json],
    *,
    texts: bool,
) -> Iterator[tuple[str, bytes]]:
    yield "entries.jsonl", b"".join(found.rows[entry.seq][1] + b"\n" for entry in chosen)
    yield "checkpoint.txt", head.text.encode()
    earlier = [note.checkpoint.text for size, text in found.notes if size < head.size for note in notes(text)]
    yield "checkpoints.txt", "\n".join(earlier).encode()
    yield "proofs.json", json.dumps(proofs, indent=1).encode() + b"\n"
    yield "key.txt", verifier(head.origin, key_in_force(entries)).encode() + b"\n"
    if texts:
        yield "texts.jsonl", b"".join(_words(found, chosen))


def _words(found: Kept, chosen: Sequence[Entry]) -> Iterator[bytes]:
    """Texts with their salts, and no names: who wrote it, and whom a segment may name, stays at home."""
    wanted = {entry.hashes[role] for entry in chosen for role in entry.draft.texts if role not in PERSONAL}
    for digest, salt, words in sorted(found.texts):
        if digest in wanted:
            said = {"hash": digest, "salt": b64encode(salt).decode(), "words": words}
            yield json.dumps(said, ensure_ascii=False).encode() + b"\n"


def _readers(parts: Mapping[str, bytes], company: str, n: int, size: int, *, whole: bool) -> Mapping[str, bytes]:
    """What people and machines check it with."""
    script = OFFLINE.joinpath("verify.py").read_bytes()
    scope = [text.format(n=n, size=size) for text in SCOPE["whole" if whole else "part"]]
    readme = OFFLINE.joinpath("README.txt").read_text("utf-8").format(
        company_line=f"{company} · shinro" if company else "shinro",
        company=company or "-",
        scope_ja=scope[0],
        scope_en=scope[1],
        script=sha256(script).hexdigest(),
    )  # fmt: skip
    return {"verify.py": script, "verify.html": page(parts, company).encode(), "README.txt": readme.encode()}


def _zipped(parts: Mapping[str, bytes]) -> bytes:
    target = BytesIO()
    with ZipFile(target, "w") as archive:
        archive.comment = MARK
        for name, content in sorted(parts.items()):
            told = ZipInfo(f"{FOLDER}/{name}", LONG_AGO)
            told.compress_type, told.external_attr, told.create_system = ZIP_DEFLATED, 0o644 << 16, 3
            archive.writestr(told, content)
    return target.getvalue()
