"""Checks a record that shinro exported, offline, with nothing but Python's own library.

    python3 verify.py                  the files beside this one
    python3 verify.py held.txt ...     and whether they bear out the checkpoints that you hold
    python3 verify.py --lang ja ...    日本語で

Whoever sent you the record sent you this file as well. To trust nobody, take verify.py from shinro itself, or read it:
it is short. Sources: RFC 6962 (Merkle tree), RFC 9162 (checks of proofs), RFC 8032 (Ed25519), C2SP signed-note and
tlog-checkpoint.
"""

from __future__ import annotations

import base64
import hashlib
import json
import os
import re
import sys
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

WORDS = {
    "entries": ("{n} entries, each in its place", "{n} 件の項目が正しい位置にあります"),
    "part": ("{n} of {size} entries, each with its proof", "全 {size} 件のうち {n} 件を証明付きで確認しました"),
    "root": ("they are the entries of checkpoint {size}:{root}", "項目はチェックポイント {size}:{root} のものです"),
    "signed": ("the checkpoint is signed by the key {key}", "チェックポイントは鍵 {key} で署名されています"),
    "own": ("earlier checkpoints that hold as well: {n}", "以前のチェックポイント {n} 件とも合います"),
    "texts": ("texts that are as they were recorded: {n}", "文章 {n} 件は記録した時のものです"),
    "held": (
        "{name}: the checkpoint of size {size} that you hold is borne out: nothing before it was altered since",
        "{name}: お手元の {size} 件時点のチェックポイントと合います。それ以前の項目は、その後変えられていません",
    ),
    "rotated": ("at entry {seq} the old key signed a new one in", "項目 {seq} で、古い鍵が新しい鍵に署名しています"),
    "lost": (
        "at entry {seq} a new key took over without the old one's signature: ask the company",
        "項目 {seq} で、古い鍵の署名なしに鍵が替わっています。会社に確かめてください",
    ),
    "bad_entry": ("entry {seq} is none, or not in its place", "項目 {seq} が正しい位置にないか、項目ではありません"),
    "bad_proof": ("entry {seq} is not one of the record", "項目 {seq} はこの記録のものではありません"),
    "bad_root": (
        "the entries are not those of the checkpoint of size {size}",
        "項目が {size} 件時点のチェックポイントと合いません",
    ),
    "bad_signature": (
        "the checkpoint of size {size} is not signed by the record's key",
        "{size} 件時点のチェックポイントが記録の鍵で署名されていません",
    ),
    "bad_text": ("a text is not the one that was recorded: {seq}", "文章が記録した時のものと違います: {seq}"),
    "bad_held": (
        "{name}: the checkpoint of size {size} that you hold FAILS: something before it was altered or taken out since",
        "{name}: お手元の {size} 件時点のチェックポイントと合いません。以前の項目が変えられたか抜かれています",
    ),
    "bad_log": (
        "{name}: the checkpoint that you hold is of another log ({origin}), or the record was made anew",
        "{name}: お手元のチェックポイントは別のログ（{origin}）のものか、記録が作り直されています",
    ),
    "bad_forged": (
        "{name}: the checkpoint of size {size} that you hold is not signed by the record's key",
        "{name}: お手元の {size} 件時点のチェックポイントが記録の鍵で署名されていません",
    ),
    "bad_unproven": (
        "{name}: this part of the record is no proof for size {size}; ask for the whole",
        "{name}: この記録の一部は、{size} 件時点の証明になりません。全体を求めてください",
    ),
    "bad_none": ("{name}: there is no checkpoint in it", "{name}: チェックポイントが見つかりません"),
    "own_none": (
        "no earlier checkpoint is in the export: only one that you hold shows that nothing was altered since",
        "以前のチェックポイントは書き出しにありません。後から変えられていないことは、お手元のチェックポイントだけが示せます",
    ),
    "bad_missing": (
        "earlier checkpoints were taken out of checkpoints.txt: those of size {sizes}",
        "checkpoints.txt から以前のチェックポイントが抜かれています: {sizes} 件時点のもの",
    ),
    "bad_rotation": (
        "at entry {seq} the key changes, and the checkpoint that the old key signed is not there",
        "項目 {seq} で鍵が替わっていますが、古い鍵が署名したチェックポイントがありません",
    ),
    "bad_key": (
        "key.txt does not name the key {key} that signed the checkpoint",
        "key.txt が、チェックポイントに署名した鍵 {key} のものではありません",
    ),
    "bad_files": (
        "{file} cannot be read: it is missing or damaged; ask for the export again",
        "{file} を読めません。ないか、壊れています。書き出しをもう一度受け取ってください",
    ),
    "good": (
        """
What this proves: these are the entries that were signed. With a checkpoint that you held before, it proves that
nothing before it was altered since. It does not prove that what was entered was true.""",
        """
証明できること: 署名された項目そのものであること。以前から持つチェックポイントと合わせれば、それ以前が
その後変えられていないこと。入力された内容が真実だったことまでは証明しません。""",
    ),
}

# Ed25519 (RFC 8032, 5.1): points are (X, Y, Z, T) with x = X/Z, y = Y/Z, x·y = T/Z.

P = 2**255 - 19
ORDER = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, -1, P) % P
ROOT = pow(2, (P - 1) // 4, P)
NEUTRAL = (0, 1, 1, 0)


def point(text: bytes) -> tuple[int, int, int, int] | None:
    """The point of 32 bytes; None where they are none."""
    number = int.from_bytes(text, "little")
    y, odd = number % 2**255, number >> 255
    if y >= P:
        return None
    square = (y * y - 1) * pow(D * y * y + 1, -1, P) % P
    x = pow(square, (P + 3) // 8, P)
    if x * x % P != square:
        x = x * ROOT % P
    if x * x % P != square or (x == 0 and odd):
        return None
    x = P - x if x % 2 != odd else x
    return x, y, 1, x * y % P


def plus(one: tuple[int, int, int, int], two: tuple[int, int, int, int]) -> tuple[int, int, int, int]:
    """The sum of two points."""
    a, b = (one[1] - one[0]) * (two[1] - two[0]), (one[1] + one[0]) * (two[1] + two[0])
    c, d = 2 * one[3] * two[3] * D, 2 * one[2] * two[2]
    e, f, g, h = b - a, d - c, d + c, b + a
    return e * f % P, g * h % P, f * g % P, e * h % P


def times(number: int, one: tuple[int, int, int, int]) -> tuple[int, int, int, int]:
    """A point so many times."""
    found = NEUTRAL
    while number:
        found = plus(found, one) if number % 2 else found
        one, number = plus(one, one), number >> 1
    return found


BASE = point((4 * pow(5, -1, P) % P).to_bytes(32, "little")) or NEUTRAL


def is_signed(key: bytes, signature: bytes, message: bytes) -> bool:
    """Whether a signature of 64 bytes is a public key's own."""
    if (len(key), len(signature)) != (32, 64):
        return False
    a, r = point(key), point(signature[:32])
    s = int.from_bytes(signature[32:], "little")
    if a is None or r is None or s >= ORDER:
        return False
    k = int.from_bytes(hashlib.sha512(signature[:32] + key + message).digest(), "little") % ORDER
    left, right = times(s, BASE), plus(r, times(k, a))
    return all((left[n] * right[2] - right[n] * left[2]) % P == 0 for n in (0, 1))


# The Merkle tree (RFC 6962, 2.1; RFC 9162, 2.1.3 and 2.1.4).


def leaf(content: bytes) -> bytes:
    """The hash of an entry."""
    return hashlib.sha256(b"\0" + content).digest()


def node(left: bytes, right: bytes) -> bytes:
    """The hash over two others."""
    return hashlib.sha256(b"\1" + left + right).digest()


def root(leaves: Iterable[bytes]) -> bytes:
    """The root over leaves, a level at a time: the last one of an odd level goes up as it is."""
    level = list(leaves)
    while len(level) > 1:
        paired = [node(level[n], level[n + 1]) for n in range(0, len(level) - 1, 2)]
        level = paired + level[len(level) - len(level) % 2 :]
    return level[0] if level else hashlib.sha256().digest()


def included(found: bytes, index: int, size: int, proof: list[bytes]) -> bytes | None:
    """The root that a proof leads to from a leaf; None where it leads nowhere."""
    place, last = index, size - 1
    for step in proof:
        if last == 0:
            return None
        if place % 2 or place == last:
            found = node(step, found)
            while place % 2 == 0 and place:
                place, last = place >> 1, last >> 1
        else:
            found = node(found, step)
        place, last = place >> 1, last >> 1
    return found if last == 0 else None


def consistent(old: int, new: int, old_root: bytes, new_root: bytes, proof: list[bytes]) -> bool:
    """Whether a proof leads to both roots: the first `old` leaves are the first of `new`."""
    if old == new:
        return old_root == new_root
    steps = list(proof) if old & (old - 1) else [old_root, *proof]
    if not 0 < old < new or not steps:
        return False
    place, last = old - 1, new - 1
    while place % 2:
        place, last = place >> 1, last >> 1
    before = after = steps[0]
    for step in steps[1:]:
        if last == 0:
            return False
        if place % 2 or place == last:
            before, after = node(step, before), node(step, after)
            while place % 2 == 0 and place:
                place, last = place >> 1, last >> 1
        else:
            after = node(after, step)
        place, last = place >> 1, last >> 1
    return last == 0 and before == old_root and after == new_root


# Checkpoints: three lines, an empty one, signatures (68 bytes each). Mails quote them, pages break or join lines.


class Note(NamedTuple):
    """A checkpoint with its signatures: key ids of 4 bytes and signatures of 64."""

    origin: str
    size: int
    root: bytes
    signatures: list[tuple[bytes, bytes]]


SIGNED = r"(?:—|–|--?)\s+(\S+)\s+((?:[A-Za-z0-9+/]\s*){91}=)"
NOTE = rf"(?:^|[\s>])([^\s<>]+)\s+(0|[1-9]\d{{0,15}})\s+((?:[A-Za-z0-9+/]\s*){{43}}=)\s+((?:{SIGNED}\s*)+)"


def notes(text: str) -> list[Note]:
    """Every checkpoint in a text."""
    plain = re.sub(r"\r\n?", "\n", re.sub("[\ufeff\u200b]", "", text))
    plain = re.sub(r"^(?:[>|] ?)*[ \t]*|[ \t]+$", "", plain, flags=re.MULTILINE)
    found = []
    for origin, size, top, signed, *_ in re.findall(NOTE, plain, re.MULTILINE):
        lines = [decoded(signature) for name, signature in re.findall(SIGNED, signed) if name == origin]
        found.append(Note(origin, int(size), decoded(top), [(each[:4], each[4:]) for each in lines]))
    return found


def decoded(text: str) -> bytes:
    """The bytes of a base64 text; none where it is not one."""
    try:
        return base64.b64decode("".join(text.split()), validate=True)
    except ValueError:
        return b""


def verifier(name: str, key: bytes) -> str:
    """A public key as one line: name, key id and key."""
    sign = hashlib.sha256(name.encode() + b"\n\x01" + key).hexdigest()[:8]
    return f"{name}+{sign}+{base64.b64encode(bytes([1]) + key).decode()}"


def signed_by(note: Note, key: bytes) -> bool:
    """Whether one of the signatures is a key's own."""
    body = f"{note.origin}\n{note.size}\n{base64.b64encode(note.root).decode()}\n".encode()
    wanted = hashlib.sha256(note.origin.encode() + b"\n\x01" + key).digest()[:4]
    return any(sign == wanted and is_signed(key, text, body) for sign, text in note.signatures)


# The record.


def canonical(value: object) -> str:
    """The one form of a value (RFC 8785; there are no fractions in a record), so that no key can be there twice."""
    if isinstance(value, dict):
        keys = sorted(value, key=lambda key: key.encode("utf-16-be"))
        return "{" + ",".join(f"{canonical(key)}:{canonical(value[key])}" for key in keys) + "}"
    if isinstance(value, list):
        return "[" + ",".join(map(canonical, value)) + "]"
    return json.dumps(value, ensure_ascii=False)


class Finding(NamedTuple):
    """Which sentence says what was found, and its parts."""

    key: str
    parts: dict[str, Any]

    @property
    def good(self) -> bool:
        """Whether it is as it should be."""
        return not self.key.startswith("bad_")


BROKEN = (OSError, ValueError, KeyError, TypeError, IndexError, AttributeError, RecursionError)


class DamagedError(Exception):
    """A file of an export that is missing, or is not what it should be; its name."""


def read(folder: Path, name: str, made: Callable[[str], Any]) -> Any:  # noqa: ANN401 - what a file holds
    """What a file holds. Raises DamagedError."""
    try:
        return made((folder / name).read_bytes().decode("utf-8"))
    except BROKEN:
        raise DamagedError(name) from None


def entries_in(text: str) -> list[dict[str, Any]]:
    """The entries in lines of text, at least one. Raises ValueError, KeyError or TypeError."""
    found = [json.loads(line) for line in text.split("\n")[:-1]]
    for each in found:
        parts = (each["seq"], int), (each["kind"], str), (each["subject"], str), (each.get("data", {}), dict)
        if not all(isinstance(part, kind) for part, kind in parts) or (
            each["kind"] == "key" and not each["data"]["key"]
        ):
            raise ValueError
    if not found:
        raise ValueError
    return found


def proofs_in(text: str) -> tuple[dict[int, list[bytes]], dict[int, list[bytes]]]:
    """The proofs of entries by place, and of checkpoints by size."""
    facts = json.loads(text)
    places, sizes = (
        {int(n): list(map(decoded, steps)) for n, steps in facts[name].items()} for name in ("inclusion", "consistency")
    )
    return places, sizes


def texts_in(text: str) -> list[dict[str, str]]:
    """The texts in lines of text, with their salts and hashes."""
    found = [json.loads(line) for line in text.split("\n")[:-1]]
    return [{name: each[name] + "" for name in ("hash", "salt", "words")} for each in found]


class Record:
    """The files of an export. Raises DamagedError."""

    def __init__(self, folder: Path) -> None:
        self.entries = read(folder, "entries.jsonl", entries_in)
        self.lines = (folder / "entries.jsonl").read_bytes().split(b"\n")[:-1]
        self.note: Note = read(folder, "checkpoint.txt", lambda text: notes(text)[0])
        self.own: list[Note] = read(folder, "checkpoints.txt", notes)
        self.proofs, self.grew = read(folder, "proofs.json", proofs_in)
        self.key: str = read(folder, "key.txt", str.strip)
        self.texts = read(folder, "texts.jsonl", texts_in) if (folder / "texts.jsonl").exists() else []
        self.whole = not self.proofs
        # Whether the lines are those of the checkpoint. A proof that leads to it says nothing of others.
        self.sound = self.is_all() if self.whole else all(map(self.is_included, range(len(self.lines))))

    def is_all(self) -> bool:
        """Whether the lines are all that its checkpoint was signed over."""
        return len(self.lines) == self.note.size and root(map(leaf, self.lines)) == self.note.root

    def is_included(self, n: int) -> bool:
        """Whether a line's proof leads to the root."""
        seq = self.entries[n]["seq"]
        return included(leaf(self.lines[n]), seq, self.note.size, self.proofs.get(seq, [])) == self.note.root

    def keys(self, size: int) -> list[bytes]:
        """The keys that must have signed at a size: the one in force, and at a change the one before."""
        named = [each for each in self.entries if each["kind"] == "key" and each["seq"] < size]
        changed = len(named) > 1 and named[-1]["seq"] == size - 1 and not named[-1]["data"].get("lost")
        return [decoded(each["data"]["key"]) for each in named[-2 if changed else -1 :]]

    def is_signed(self, note: Note) -> bool:
        """Whether all who must have signed a checkpoint did."""
        keys = self.keys(note.size)
        return bool(keys) and all(signed_by(note, key) for key in keys)

    def bears_out(self, note: Note) -> bool | None:
        """Whether the lines bear out a checkpoint; None where those of a part do not show it."""
        size, proof = self.note.size, self.grew.get(note.size)
        if self.sound and note.size <= size and consistent(note.size, size, note.root, self.note.root, proof or []):
            return True
        if self.whole:
            return note.size <= len(self.lines) and root(map(leaf, self.lines[: note.size])) == note.root
        return None if not self.sound or (proof is None and note.size < size) else False


def entries(record: Record) -> Iterator[Finding]:
    """Whether every entry is one of the record, in its place."""
    size = record.note.size
    for n, line in enumerate(record.lines):
        seq = record.entries[n]["seq"]
        if (record.whole and seq != n) or canonical(record.entries[n]).encode() != line:
            yield Finding("bad_entry", {"seq": n})
            return
        if not record.whole and not record.is_included(n):
            yield Finding("bad_proof", {"seq": seq})
            return
    if not record.sound:
        yield Finding("bad_root", {"size": size})
        return
    yield Finding("entries" if record.whole else "part", {"n": len(record.lines), "size": size})
    yield Finding("root", {"size": size, "root": base64.b64encode(record.note.root).decode()[:16]})


def signatures(record: Record) -> Iterator[Finding]:
    """Whether the checkpoints are signed, and hold."""
    if record.note.origin != record.entries[0]["subject"] or not record.is_signed(record.note):
        yield Finding("bad_signature", {"size": record.note.size})
        return
    key = record.keys(record.note.size)[-1]
    yield Finding("signed", {"key": key.hex()[:16]})
    if record.key != verifier(record.note.origin, key):
        yield Finding("bad_key", {"key": key.hex()[:16]})
    own = record.own if record.whole or record.sound else []
    wrong = [Finding(how, {"size": note.size}) for note in own if (how := doubt(record, note))]
    yield from wrong
    sizes = {note.size for note in record.own}
    if gone := sorted(set(record.grew) - sizes):
        yield Finding("bad_missing", {"sizes": ", ".join(map(str, gone))})
    if len(own) > len(wrong):
        yield Finding("own", {"n": len(own) - len(wrong)})
    elif not sizes and not gone:
        yield Finding("own_none", {})
    for entry in record.entries[1:]:
        if entry["kind"] == "key":
            signed = entry["seq"] + 1 in {record.note.size, *sizes}
            how = "lost" if entry["data"].get("lost") else "rotated" if signed else "bad_rotation"
            yield Finding(how, {"seq": entry["seq"]})


def doubt(record: Record, note: Note) -> str:
    """What is wrong with a checkpoint of the export's own; nothing where it holds."""
    return ("" if record.is_signed(note) else "bad_signature") if record.bears_out(note) else "bad_root"


def texts(record: Record) -> Iterator[Finding]:
    """Whether texts are those that were hashed into the entries."""
    for each in record.texts:
        found = hashlib.sha256(decoded(each["salt"]) + each["words"].encode()).hexdigest()
        if found != each["hash"] or not any(found.encode() in line for line in record.lines):
            yield Finding("bad_text", {"seq": each["hash"][:16]})
            return
    if record.texts:
        yield Finding("texts", {"n": len(record.texts)})


def held(record: Record, name: str, text: str) -> Iterator[Finding]:
    """Whether the record bears out the checkpoints in a text."""
    found = notes(text)
    if not found:
        yield Finding("bad_none", {"name": name})
    for note in sorted(found, key=lambda each: each.size):
        yield Finding(judged(record, note), {"name": name, "size": note.size, "origin": note.origin})


def judged(record: Record, note: Note) -> str:
    """What a held checkpoint shows."""
    if note.origin != record.note.origin:
        return "bad_log"
    borne = record.bears_out(note)
    if not borne:
        return "bad_unproven" if borne is None else "bad_held"
    return "held" if record.is_signed(note) else "bad_forged"


def check(folder: Path, files: list[Path]) -> list[Finding]:
    """Everything that was found."""
    try:
        record = Record(folder)
        found = [*entries(record), *signatures(record), *texts(record)]
    except DamagedError as broken:
        return [Finding("bad_files", {"file": str(broken)})]
    except BROKEN:
        return [Finding("bad_files", {"file": "entries.jsonl"})]
    for file in files:
        found += held(record, file.name, file.read_text("utf-8", errors="replace") if file.is_file() else "")
    return found


def main(args: list[str]) -> int:
    """Prints what was found; 0 where all is well, else 1."""
    lang = args[args.index("--lang") + 1] if "--lang" in args[:-1] else os.environ.get("LANG", "")
    files = [Path(each) for n, each in enumerate(args) if each != "--lang" and args[n - 1 : n] != ["--lang"]]
    which = int(lang.startswith("ja"))
    found = check(Path(__file__).resolve().parent, files)
    for each in found:
        sys.stdout.write(("ok   " if each.good else "BAD  ") + WORDS[each.key][which].format(**each.parts) + "\n")
    well = all(each.good for each in found)
    if well:
        sys.stdout.write(WORDS["good"][which] + "\n")
    return 0 if well else 1


if __name__ == "__main__":
    if hasattr(sys.stdout, "reconfigure"):
        sys.stdout.reconfigure(encoding="utf-8")
    sys.exit(main(sys.argv[1:]))
