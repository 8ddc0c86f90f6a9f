"""Ways to tamper with a book, by those who have its file, and by the one who also has its key.

Each takes the book's parts, a place in it and a random number's source, and gives other parts. What is hashed,
numbered or signed again is said in its name; the checkpoints that somebody else holds were made before.
"""

from __future__ import annotations

import json
import random
import sqlite3
from base64 import b64encode
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, TypeAlias

import rfc8785
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from recording import a_key
from shinro.record.merkle import leaf_hash, root, tree
from shinro.record.notes import checkpoint, public
from shinro.record.shelf import FILE, SCHEMA


@dataclass(frozen=True)
class Parts:
    """What is in a book's file."""

    contents: tuple[bytes, ...]
    numbers: tuple[int, ...]
    nodes: tuple[tuple[int, int, bytes], ...]
    notes: tuple[tuple[int, str], ...]
    texts: tuple[tuple[str, bytes, str], ...]

    @property
    def origin(self) -> str:
        return self.notes[0][1].partition("\n")[0]


Tampering: TypeAlias = Callable[[Parts, int, random.Random], Parts]


def parts_of(store: Path) -> Parts:
    with closing(sqlite3.connect(store / FILE)) as db:
        rows = list(db.execute("SELECT seq, content FROM entries ORDER BY seq"))
        return Parts(
            tuple(content for _, content in rows),
            tuple(seq for seq, _ in rows),
            tuple(db.execute("SELECT level, place, hash FROM nodes")),
            tuple(db.execute("SELECT size, note FROM checkpoints ORDER BY size")),
            tuple(db.execute("SELECT hash, salt, words FROM texts")),
        )


def put(parts: Parts, store: Path) -> None:
    """Lays a file with these parts, guards and all: whoever has it can take them off and put them back."""
    store.mkdir(parents=True, exist_ok=True)
    (store / FILE).unlink(missing_ok=True)
    with closing(sqlite3.connect(store / FILE, isolation_level=None)) as db:
        db.execute("PRAGMA synchronous = OFF")
        db.execute("BEGIN")
        for statement in SCHEMA:
            db.execute(statement)
        db.execute("PRAGMA application_id = 1397247570")
        db.execute("PRAGMA user_version = 1")
        db.execute("DROP TRIGGER entries_in_order")
        db.executemany("INSERT INTO entries VALUES (?, ?)", zip(parts.numbers, parts.contents, strict=True))
        db.execute(next(statement for statement in SCHEMA if "entries_in_order" in statement))
        db.executemany("INSERT INTO nodes VALUES (?, ?, ?)", parts.nodes)
        db.executemany("INSERT INTO checkpoints VALUES (?, ?)", parts.notes)
        db.executemany("INSERT INTO texts VALUES (?, ?, ?)", parts.texts)
        db.execute("COMMIT")


def changed(content: bytes, **values: Any) -> bytes:
    return rfc8785.dumps({**json.loads(content), **values})


def another_value(content: bytes) -> bytes:
    found = json.loads(content)
    if "figure" not in found:
        return changed(content, at="2020-01-01T00:00:00Z")
    figure = {**found["figure"], "value": str(int(found["figure"]["value"] or 0) + 1)}
    return changed(content, figure=figure)


def edited(parts: Parts, at: int, content: bytes) -> Parts:
    return replace(parts, contents=(*parts.contents[:at], content, *parts.contents[at + 1 :]))


def without_strays(parts: Parts) -> Parts:
    """Without the texts that no entry names any more."""
    log = b"".join(parts.contents)
    return replace(parts, texts=tuple(text for text in parts.texts if text[0].encode() in log))


def numbered(parts: Parts) -> Parts:
    """Rows one after the other, whatever their contents say."""
    return replace(parts, numbers=tuple(range(len(parts.contents))))


def renumbered(parts: Parts) -> Parts:
    """Rows and contents one after the other."""
    contents = tuple(changed(content, seq=n) for n, content in enumerate(parts.contents))
    return numbered(replace(parts, contents=contents))


def rehashed(parts: Parts) -> Parts:
    found = tree(leaf_hash(content) for content in parts.contents)
    return replace(parts, nodes=tuple((level, place, digest) for (level, place), digest in found.items()))


def signed_again(parts: Parts, key: Ed25519PrivateKey | None = None, origin: str = "") -> Parts:
    """Hashed again, with a checkpoint of every size that had one, and of the last."""
    parts = without_strays(rehashed(parts))
    nodes = {(level, place): digest for level, place, digest in parts.nodes}
    last = len(parts.contents)
    sizes = sorted({size for size, _ in parts.notes if size <= last} | {last})
    made = (
        checkpoint(origin or parts.origin, size, root(size, lambda *at: nodes[at]), (key or a_key(),)) for size in sizes
    )
    return replace(parts, notes=tuple((each.size, each.text) for each in made))


def edit(parts: Parts, at: int, _: random.Random) -> Parts:
    return edited(parts, at, another_value(parts.contents[at]))


def edit_one_byte(parts: Parts, at: int, rng: random.Random) -> Parts:
    content = bytearray(parts.contents[at])
    content[rng.randrange(len(content))] ^= 1 << rng.randrange(8)
    return edited(parts, at, bytes(content))


def edit_and_hash_its_leaf(parts: Parts, at: int, rng: random.Random) -> Parts:
    found = edit(parts, at, rng)
    leaf = (0, at, leaf_hash(found.contents[at]))
    return replace(found, nodes=tuple(leaf if node[:2] == (0, at) else node for node in found.nodes))


def edit_and_rehash(parts: Parts, at: int, rng: random.Random) -> Parts:
    return rehashed(edit(parts, at, rng))


def edit_and_sign_again(parts: Parts, at: int, rng: random.Random) -> Parts:
    return signed_again(edit(parts, at, rng))


def backdate_and_sign_again(parts: Parts, at: int, _: random.Random) -> Parts:
    return signed_again(edited(parts, at, changed(parts.contents[at], at="2020-01-01T00:00:00Z")))


def other_definition_and_sign_again(parts: Parts, at: int, _: random.Random) -> Parts:
    origin = {**json.loads(parts.contents[at]).get("origin", {}), "definition": "f" * 64}
    return signed_again(edited(parts, at, changed(parts.contents[at], origin=origin)))


def write_it_in_another_form(parts: Parts, at: int, _: random.Random) -> Parts:
    return edited(parts, at, json.dumps(json.loads(parts.contents[at]), indent=1).encode())


def remove(parts: Parts, at: int, _: random.Random) -> Parts:
    cut = replace(parts, contents=parts.contents[:at] + parts.contents[at + 1 :])
    return replace(cut, numbers=parts.numbers[:at] + parts.numbers[at + 1 :])


def remove_and_number_rows(parts: Parts, at: int, rng: random.Random) -> Parts:
    return numbered(remove(parts, at, rng))


def remove_and_sign_again(parts: Parts, at: int, rng: random.Random) -> Parts:
    return signed_again(renumbered(remove(parts, at, rng)))


def cut_the_end(parts: Parts, at: int, _: random.Random) -> Parts:
    return replace(parts, contents=parts.contents[:at], numbers=parts.numbers[:at])


def go_back_to_an_older_copy(parts: Parts, at: int, rng: random.Random) -> Parts:
    """The file as it was after the last writing before the place; after the first where there was none."""
    size = max((size for size, _ in parts.notes if size <= at), default=parts.notes[0][0])
    older = cut_the_end(parts, size, rng)
    return without_strays(rehashed(replace(older, notes=tuple(note for note in parts.notes if note[0] <= size))))


def cut_the_end_and_sign_again(parts: Parts, at: int, rng: random.Random) -> Parts:
    return signed_again(cut_the_end(parts, at, rng))


def go_back_and_go_on_otherwise(parts: Parts, at: int, rng: random.Random) -> Parts:
    others = tuple(another_value(content) for content in parts.contents[at:])
    return signed_again(numbered(replace(cut_the_end(parts, at, rng), contents=parts.contents[:at] + others)))


def swap(parts: Parts, at: int, rng: random.Random) -> Parts:
    other = rng.choice([n for n in range(len(parts.contents)) if n != at])
    contents = list(parts.contents)
    contents[at], contents[other] = contents[other], contents[at]
    return replace(parts, contents=tuple(contents))


def swap_and_sign_again(parts: Parts, at: int, rng: random.Random) -> Parts:
    return signed_again(renumbered(swap(parts, at, rng)))


def write_twice(parts: Parts, at: int, _: random.Random) -> Parts:
    contents = (*parts.contents, parts.contents[at])
    return numbered(replace(parts, contents=contents))


def write_twice_in_between_and_sign_again(parts: Parts, at: int, _: random.Random) -> Parts:
    contents = (*parts.contents[:at], parts.contents[max(at - 1, 1)], *parts.contents[at:])
    return signed_again(renumbered(replace(parts, contents=contents)))


def put_in_a_forged_entry_and_sign_again(parts: Parts, at: int, _: random.Random) -> Parts:
    contents = (*parts.contents[:at], another_value(parts.contents[at]), *parts.contents[at:])
    return signed_again(renumbered(replace(parts, contents=contents)))


def add_without_a_checkpoint(parts: Parts, at: int, _: random.Random) -> Parts:
    forged = changed(another_value(parts.contents[at]), seq=len(parts.contents))
    return rehashed(numbered(replace(parts, contents=(*parts.contents, forged))))


def sign_with_another_key(parts: Parts, at: int, rng: random.Random) -> Parts:
    return signed_again(edit(parts, at, rng), a_key(9))


def make_it_anew_with_another_key(parts: Parts, at: int, rng: random.Random) -> Parts:
    named = changed(parts.contents[0], data={"key": b64encode(public(a_key(9))).decode()})
    return signed_again(edited(edit(parts, at, rng), 0, named), a_key(9))


def make_it_anew_under_another_name(parts: Parts, at: int, rng: random.Random) -> Parts:
    origin = "shinro/record/" + "0" * 32
    named = changed(parts.contents[0], subject=origin)
    return signed_again(edited(edit(parts, at, rng) if at else parts, 0, named), None, origin)


def edit_a_checkpoint(parts: Parts, _: int, rng: random.Random) -> Parts:
    n = rng.randrange(len(parts.notes))
    size, text = parts.notes[n]
    lines = text.split("\n")
    lines[2] = ("B" if lines[2][0] == "A" else "A") + lines[2][1:]
    return replace(parts, notes=(*parts.notes[:n], (size, "\n".join(lines)), *parts.notes[n + 1 :]))


def edit_a_signature(parts: Parts, _: int, rng: random.Random) -> Parts:
    n = rng.randrange(len(parts.notes))
    size, text = parts.notes[n]
    changed_text = text[:-20] + ("B" if text[-20] == "A" else "A") + text[-19:]
    return replace(parts, notes=(*parts.notes[:n], (size, changed_text), *parts.notes[n + 1 :]))


def change_a_text(parts: Parts, _: int, rng: random.Random) -> Parts:
    n = rng.randrange(len(parts.texts))
    digest, salt, words = parts.texts[n]
    return replace(parts, texts=(*parts.texts[:n], (digest, salt, words + "。"), *parts.texts[n + 1 :]))


FILE_ALONE: Sequence[Tampering] = (
    edit, edit_one_byte, edit_and_hash_its_leaf, edit_and_rehash, write_it_in_another_form, remove,
    remove_and_number_rows, cut_the_end, swap, write_twice, add_without_a_checkpoint, sign_with_another_key,
    edit_a_checkpoint, edit_a_signature, change_a_text,
)  # fmt: skip
HELD_ONLY: Sequence[Tampering] = (
    edit_and_sign_again, backdate_and_sign_again, other_definition_and_sign_again, remove_and_sign_again,
    go_back_to_an_older_copy, cut_the_end_and_sign_again, go_back_and_go_on_otherwise, swap_and_sign_again,
    write_twice_in_between_and_sign_again, put_in_a_forged_entry_and_sign_again, make_it_anew_with_another_key,
    make_it_anew_under_another_name,
)  # fmt: skip
KINDS: Sequence[Tampering] = (*FILE_ALONE, *HELD_ONLY)
NAMES_THE_ENTRY: Sequence[Tampering] = (
    edit, edit_one_byte, write_it_in_another_form, remove, remove_and_number_rows, cut_the_end,
)  # fmt: skip
