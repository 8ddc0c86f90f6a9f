"""Checkpoints as signed notes: the log's name, its size and its root, with the signatures below.

Sources: C2SP signed-note (form of a note, key id, signature line), C2SP tlog-checkpoint (its three lines).
"""

from __future__ import annotations

import re
from base64 import b64decode, b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from shinro.entries import Checkpoint

ED25519 = b"\x01"
# Mails quote and end lines in their own way, pages and reports break or join them: what was signed is put together
# again. A signature of Ed25519 with its key id is 68 bytes.
SIGNED = r"(?:—|–|--?)\s+(\S+)\s+((?:[A-Za-z0-9+/]\s*){91}=)"
NOTE = re.compile(
    r"(?:^|[\s>])(?P<origin>[^\s<>]+)\s+(?P<size>0|[1-9]\d{0,15})\s+(?P<root>(?:[A-Za-z0-9+/]\s*){43}=)\s+"
    rf"(?P<signed>(?:{SIGNED}\s*)+)",
    re.MULTILINE,
)
QUOTED = re.compile(r"^(?:[>|] ?)*[ \t]*|[ \t]+$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Note:
    """A checkpoint with its signatures: key ids of 4 bytes and signatures of 64."""

    checkpoint: Checkpoint
    signatures: tuple[tuple[bytes, bytes], ...]

    def signed_by(self, key: bytes) -> bool:
        """Whether one of the signatures is a public key's (32 bytes) own."""
        name, body = self.checkpoint.origin, _body(self.checkpoint).encode()
        return any(sign == key_id(name, key) and _is_valid(key, text, body) for sign, text in self.signatures)


def _is_valid(key: bytes, signature: bytes, body: bytes) -> bool:
    try:
        Ed25519PublicKey.from_public_bytes(key).verify(signature, body)
    except (InvalidSignature, ValueError):
        return False
    return True


def public(key: Ed25519PrivateKey) -> bytes:
    """The public half of a key, 32 bytes."""
    return key.public_key().public_bytes_raw()


def key_id(name: str, key: bytes) -> bytes:
    """The first 4 bytes by which a signature says whose it is."""
    return sha256(name.encode() + b"\n" + ED25519 + key).digest()[:4]


def verifier(name: str, key: bytes) -> str:
    """A public key as one line to hand on: name, key id and key."""
    return f"{name}+{key_id(name, key).hex()}+{b64encode(ED25519 + key).decode()}"


def checkpoint(origin: str, size: int, root: bytes, keys: Sequence[Ed25519PrivateKey]) -> Checkpoint:
    """The head of a log at one size, signed by every key."""
    bare = Checkpoint(origin, size, b64encode(root).decode(), "")
    body = _body(bare)
    lines = "".join(f"— {origin} {_signature(origin, body, key)}\n" for key in keys)
    return Checkpoint(origin, size, bare.root, f"{body}\n{lines}")


def _body(bare: Checkpoint) -> str:
    return f"{bare.origin}\n{bare.size}\n{bare.root}\n"


def _signature(origin: str, body: str, key: Ed25519PrivateKey) -> str:
    return b64encode(key_id(origin, public(key)) + key.sign(body.encode())).decode()


def notes(text: str) -> tuple[Note, ...]:
    """Every checkpoint in a text: a note alone, a mail that quotes it, several below one another."""
    plain = QUOTED.sub("", text.replace("\r\n", "\n").replace("\r", "\n").replace("\ufeff", "").replace("\u200b", ""))
    return tuple(_note(found) for found in NOTE.finditer(plain))


def _note(found: re.Match[str]) -> Note:
    origin, size, root = found["origin"], int(found["size"]), _joined(found["root"])
    bare = Checkpoint(origin, size, root, "")
    lines = [(name, _joined(signature)) for name, signature in re.findall(SIGNED, found["signed"])]
    text = f"{_body(bare)}\n" + "".join(f"— {name} {signature}\n" for name, signature in lines)
    signatures = (b64decode(signature) for name, signature in lines if name == origin)
    return Note(Checkpoint(origin, size, root, text), tuple((each[:4], each[4:]) for each in signatures))


def _joined(text: str) -> str:
    return "".join(text.split())
