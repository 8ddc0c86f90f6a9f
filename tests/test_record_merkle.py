"""The Merkle log against what others published, and against another implementation."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from pymerkle import InmemoryTree

from shinro.record.merkle import (
    EMPTY,
    consistency,
    grown,
    inclusion,
    is_consistent,
    is_included,
    leaf_hash,
    root,
    tree,
)

# Source: transparency-dev/merkle, testonly/constants.go, after google/certificate-transparency.
LEAVES = [
    bytes.fromhex(text)
    for text in ("", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f")
]
ROOTS = [
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]
PATHS = {
    (0, 8): "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7 "
    "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e "
    "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
    (5, 8): "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b "
    "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0 "
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
}
GROWTH = {
    (1, 1): "",
    (6, 8): "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a "
    "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0 "
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    (2, 5): "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e "
    "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
}


def at_of(leaves: list[bytes]) -> Callable[[int, int], bytes]:
    found = tree(leaf_hash(content) for content in leaves)
    return lambda level, place: found[level, place]


def hexes(proof: list[bytes]) -> str:
    return " ".join(step.hex() for step in proof)


@pytest.mark.parametrize("size", range(9))
def test_roots_are_those_that_certificate_transparency_published(size: int) -> None:
    assert root(size, at_of(LEAVES)).hex() == ROOTS[size]


def test_the_root_of_nothing_is_the_hash_of_nothing() -> None:
    assert EMPTY.hex() == ROOTS[0]


@pytest.mark.parametrize(("index", "size"), PATHS)
def test_paths_are_those_that_were_published(index: int, size: int) -> None:
    assert hexes(inclusion(index, size, at_of(LEAVES))) == PATHS[index, size]


@pytest.mark.parametrize(("old", "size"), GROWTH)
def test_proofs_of_growth_are_those_that_were_published(old: int, size: int) -> None:
    assert hexes(consistency(old, size, at_of(LEAVES))) == GROWTH[old, size]


def test_a_leaf_more_costs_as_many_hashes_as_its_number_ends_in_ones() -> None:
    at = at_of([bytes([n]) for n in range(64)])
    assert [len(list(grown(size, b"", at))) for size in (0, 1, 2, 3, 7, 63)] == [1, 2, 1, 3, 4, 7]


def test_another_implementation_finds_the_same_roots_and_takes_our_proofs() -> None:
    theirs = InmemoryTree(algorithm="sha256")
    leaves = [bytes([n, n * 7 % 251]) for n in range(70)]
    at = at_of(leaves)
    for size, content in enumerate(leaves, 1):
        theirs.append_entry(content)
        assert theirs.get_root(size) == root(size, at)
    for size in (1, 2, 3, 7, 8, 33, 70):
        for index in range(size):
            ours = inclusion(index, size, at)
            assert theirs.prove_inclusion(index + 1, size).path[1:] == ours
            assert is_included(leaf_hash(leaves[index]), index, size, ours, root(size, at))
        for old in range(1, size):
            assert is_consistent(old, size, root(old, at), root(size, at), consistency(old, size, at))


def test_proofs_that_lead_elsewhere_prove_nothing() -> None:
    at, size = at_of(LEAVES), 8
    top, leaf, proof = root(size, at), leaf_hash(LEAVES[5]), inclusion(5, size, at)
    assert not is_included(leaf, 4, size, proof, top)
    assert not is_included(leaf, 5, 6, proof, top)
    assert not is_included(leaf, -1, size, proof, top)
    assert not is_included(leaf, 8, size, proof, top)
    assert not is_included(leaf, 5, size, proof[:-1], top)
    assert not is_included(leaf, 5, size, [*proof, top], top)
    assert not is_included(leaf_hash(b"other"), 5, size, proof, top)
    grew, before = consistency(6, size, at), root(6, at)
    assert not is_consistent(5, size, before, top, grew)
    assert not is_consistent(6, size, top, top, grew)
    assert not is_consistent(6, size, before, before, grew)
    assert not is_consistent(6, size, before, top, grew[:-1])
    assert not is_consistent(6, size, before, top, [*grew, top])
    assert not is_consistent(6, size, before, top, [])
    assert not is_consistent(8, 6, top, before, grew)
    assert is_consistent(0, size, EMPTY, top, [])
    assert not is_consistent(0, size, top, top, [])
    assert is_consistent(size, size, top, top, [])
    assert not is_consistent(size, size, top, before, [])
