"""The Merkle log: hashes of entries as leaves of one tree, and the proofs that it only ever grew.

Units: hashes are 32 bytes; `at(level, index)` gives the hash of the complete subtree over the leaves
`index * 2**level` up to `(index + 1) * 2**level`. Source: RFC 6962, section 2.1; the checks of proofs RFC 9162, 2.1.3
and 2.1.4.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from hashlib import sha256
from typing import TypeAlias

At: TypeAlias = Callable[[int, int], bytes]

EMPTY = sha256().digest()


def leaf_hash(content: bytes) -> bytes:
    """The hash of a leaf; its prefix keeps it apart from that of a node."""
    return sha256(b"\x00" + content).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """The hash of a node over two others."""
    return sha256(b"\x01" + left + right).digest()


def grown(size: int, leaf: bytes, at: At) -> Iterator[tuple[int, int, bytes]]:
    """The complete subtrees that one more leaf makes, smallest first, as (level, index, hash). Cost: O(log size)."""
    level, index, found = 0, size, leaf
    yield level, index, found
    while index % 2:
        found = node_hash(at(level, index - 1), found)
        level, index = level + 1, index // 2
        yield level, index, found


def tree(leaves: Iterable[bytes]) -> dict[tuple[int, int], bytes]:
    """Every complete subtree over leaves, by (level, index). Cost: linear."""
    found: dict[tuple[int, int], bytes] = {}
    for size, leaf in enumerate(leaves):
        for level, index, made in grown(size, leaf, lambda level, index: found[level, index]):
            found[level, index] = made
    return found


def root(size: int, at: At) -> bytes:
    """The root over the first `size` leaves. Cost: O(log size)."""
    return _over(0, size, at) if size else EMPTY


def inclusion(index: int, size: int, at: At) -> list[bytes]:
    """The proof that a leaf stands at `index` among the first `size`, from the leaf up. Cost: O(log² size)."""
    return _path(index, 0, size, at)


def consistency(old: int, size: int, at: At) -> list[bytes]:
    """The proof that the first `old` leaves are the first of `size`; empty where old is 0 or size."""
    return _grew(old, 0, size, at, whole=True) if 0 < old < size else []


def is_included(leaf: bytes, index: int, size: int, proof: Sequence[bytes], claimed: bytes) -> bool:
    """Whether a proof leads from a leaf to the root."""
    if not 0 <= index < size:
        return False
    place, last, found = index, size - 1, leaf
    for step in proof:
        if last == 0:
            return False
        if place % 2 or place == last:
            found = node_hash(step, found)
            while place % 2 == 0 and place:
                place, last = place >> 1, last >> 1
        else:
            found = node_hash(found, step)
        place, last = place >> 1, last >> 1
    return last == 0 and found == claimed


def is_consistent(old: int, new: int, old_root: bytes, new_root: bytes, proof: Sequence[bytes]) -> bool:
    """Whether a proof leads from one part to both roots: nothing before `old` was changed."""
    if old == new:
        return not proof and old_root == new_root
    if old == 0:
        return not proof and old_root == EMPTY
    steps = [old_root, *proof] if old & (old - 1) == 0 else list(proof)
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
            before, after = node_hash(step, before), node_hash(step, after)
            while place % 2 == 0 and place:
                place, last = place >> 1, last >> 1
        else:
            after = node_hash(after, step)
        place, last = place >> 1, last >> 1
    return last == 0 and before == old_root and after == new_root


def _over(start: int, end: int, at: At) -> bytes:
    """The hash over the leaves from `start` (which a subtree of that size can begin at) up to `end`."""
    length = end - start
    if length & (length - 1) == 0:
        level = length.bit_length() - 1
        return at(level, start >> level)
    middle = start + _split(length)
    return node_hash(_over(start, middle, at), _over(middle, end, at))


def _split(length: int) -> int:
    """The largest power of two below a length of 2 or more."""
    return 1 << (length - 1).bit_length() - 1


def _path(index: int, start: int, end: int, at: At) -> list[bytes]:
    if end - start == 1:
        return []
    middle = start + _split(end - start)
    if index < middle:
        return [*_path(index, start, middle, at), _over(middle, end, at)]
    return [*_path(index, middle, end, at), _over(start, middle, at)]


def _grew(old: int, start: int, end: int, at: At, *, whole: bool) -> list[bytes]:
    """`whole`: whether the part before `old` is the old tree itself, whose root the reader has."""
    if old == end:
        return [] if whole else [_over(start, end, at)]
    middle = start + _split(end - start)
    if old <= middle:
        return [*_grew(old, start, middle, at, whole=whole), _over(middle, end, at)]
    return [*_grew(old, middle, end, at, whole=False), _over(start, middle, at)]
