"""Laws of the record: what is written is read, the log only grows, and what was altered shows."""

from __future__ import annotations

import json
import os
import random
import tempfile
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st
from pymerkle import InmemoryTree

from recording import NOW, a_report, a_writer
from shinro.entries import Draft, Entry, Figure, Input, Kind, Origin
from shinro.periods import Grain, Period
from shinro.record.book import checkpoints, erase, read, write
from shinro.record.content import entry_of, made, plain, written
from shinro.record.merkle import (
    consistency,
    inclusion,
    is_consistent,
    is_included,
    leaf_hash,
    root,
    tree,
)
from shinro.record.notes import checkpoint, notes, public
from shinro.record.verify import verify
from shinro.series import Mark
from strategies import SOME
from tampering import KINDS, Tampering, edited, parts_of, put, rehashed

FEW = settings(max_examples=int(os.environ.get("SHINRO_EXAMPLES", "12")), deadline=None)  # a file on a disk each
TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
DAYS = st.dates(date(1990, 1, 1), date(2100, 1, 1))
PLAIN = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | TEXTS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3),
    max_leaves=6,
)
NUMBERS = st.none() | st.fractions()
FIGURES = st.builds(Figure, NUMBERS, TEXTS, st.sampled_from(Mark), NUMBERS, NUMBERS)
INPUTS = st.builds(Input, TEXTS, st.lists(TEXTS, max_size=2).map(tuple), TEXTS, st.integers(0, 2**50))
ORIGINS = st.builds(
    Origin, TEXTS, st.lists(INPUTS, max_size=2).map(tuple), DAYS, TEXTS, TEXTS, st.none() | TEXTS
)  # fmt: skip
DRAFTS = st.builds(
    Draft,
    kind=st.sampled_from([kind for kind in Kind if kind is not Kind.KEY]),
    subject=TEXTS,
    grain=st.none() | st.sampled_from(Grain),
    period=st.none() | st.builds(lambda day, n: Period(day, day + timedelta(days=n)), DAYS, st.integers(1, 400)),
    segment=st.dictionaries(TEXTS, st.none() | TEXTS, max_size=2).map(lambda found: tuple(found.items())),
    figure=st.none() | FIGURES,
    origin=st.none() | ORIGINS,
    data=st.dictionaries(TEXTS, PLAIN, max_size=3),
    texts=st.dictionaries(TEXTS.filter(lambda role: role != "actor" and "." not in role), TEXTS, max_size=2),
)
ORIGIN = st.binary(min_size=16, max_size=16).map(lambda found: f"shinro/record/{found.hex()}")
MOMENTS = st.datetimes(datetime(1990, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 - its zone follows


@SOME
@given(DRAFTS, st.integers(0, 2**40), TEXTS, MOMENTS)
def test_an_entry_reads_as_it_was_written_and_is_written_as_the_same_bytes(
    draft: Draft, seq: int, actor: str, now: datetime
) -> None:
    entry, texts = made(seq, plain(draft), actor, now)
    content = written(entry)
    again = entry_of(content, {text.hash: text.words for text in texts.values()})
    assert again == entry
    assert written(again) == content
    assert written(entry_of(content, {})) == content


@SOME
@given(st.lists(st.binary(max_size=4), min_size=1, max_size=40), st.data())
def test_every_proof_of_every_size_is_taken_and_agrees_with_another_implementation(
    leaves: list[bytes], data: st.DataObject
) -> None:
    found = tree(map(leaf_hash, leaves))
    theirs = InmemoryTree(algorithm="sha256")
    for leaf in leaves:
        theirs.append_entry(leaf)
    size = data.draw(st.integers(1, len(leaves)))
    index, old = data.draw(st.integers(0, size - 1)), data.draw(st.integers(1, size))

    def at(level: int, place: int) -> bytes:
        return found[level, place]

    top = root(size, at)
    assert top == theirs.get_root(size)
    proof, growth = inclusion(index, size, at), consistency(old, size, at)
    assert is_included(leaf_hash(leaves[index]), index, size, proof, top)
    assert is_consistent(old, size, root(old, at), top, growth)
    assert proof == theirs.prove_inclusion(index + 1, size).path[1:]
    wrong = leaf_hash(b"another leaf altogether")
    assert not is_included(wrong, index, size, proof, top)
    assert old == size or not is_consistent(old, size, wrong, top, growth)


@SOME
@given(ORIGIN, st.integers(0, 10**15), st.binary(min_size=32, max_size=32))
def test_a_checkpoint_reads_as_it_was_signed(origin: str, size: int, top: bytes) -> None:
    key, other = a_writer(1).keys[0], a_writer(2).keys[0]
    made_one = checkpoint(origin, size, top, (key,))
    quoted = "".join(f"> {line}\r\n" for line in made_one.text.split("\n"))
    for text in (made_one.text, quoted):
        (note,) = notes(text)
        assert note.checkpoint == made_one
        assert note.signed_by(public(key))
        assert not note.signed_by(public(other))


@FEW
@given(st.lists(st.integers(1, 4), min_size=2, max_size=5), st.sampled_from(KINDS), st.integers(0, 2**32), st.data())
def test_what_was_altered_before_a_held_checkpoint_shows(
    sizes: Sequence[int], kind: Tampering, seed: int, data: st.DataObject
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        store = Path(folder, "record")
        for n, size in enumerate(sizes):
            drafts = [a_report(f"m{n}", month, seed % 97, texts={"t": "x"}) for month in range(1, size + 1)]
            write(store, drafts, a_writer(), NOW)
        held = [each.text for each in checkpoints(store)]
        assert verify(store, held).problems == ()
        parts = parts_of(store)
        at = data.draw(st.integers(1, len(parts.contents) - 1))
        put(kind(parts, at, random.Random(seed)), Path(folder, "other"))  # noqa: S311 - drawn by the law
        assert not verify(Path(folder, "other"), held[-1:]).ok


@FEW
@given(
    st.lists(st.lists(st.integers(1, 12), min_size=1, max_size=4, unique=True), min_size=1, max_size=4), st.randoms()
)
def test_a_log_only_grows_whatever_is_published_erased_or_published_again(
    writings: list[list[int]], rng: random.Random
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        store = Path(folder)
        before: tuple[Entry, ...] = ()
        held: list[str] = []
        for months in writings:
            write(
                store,
                [a_report("leads", month, Fraction(month, 3), texts={"t": "x"}) for month in months],
                a_writer(),
                NOW,
            )
            found = read(store)
            assert [entry.seq for entry in found] == list(range(len(found)))
            assert [written(entry) for entry in found[: len(before)]] == [written(entry) for entry in before]
            assert len({entry.draft.period for entry in found}) == len(found)
            held.append(checkpoints(store)[-1].text)
            erase(store, rng.choice(found).hashes.get("t", ""))
            assert verify(store, held).problems == ()
            before = found


@FEW
@given(st.data())
def test_whatever_an_entry_is_made_into_verify_has_an_answer(data: st.DataObject) -> None:
    weird = st.one_of(
        PLAIN, st.floats(), st.sampled_from(["1e999999999", "1/0", "9999-99-99", [[]], [["a", ["b"]]], {"x": {}}])
    )
    with tempfile.TemporaryDirectory() as folder:
        store = Path(folder, "record")
        write(store, [a_report("m", 1, 3, segment=(("rep", "x"),), texts={"t": "x"})], a_writer(), NOW)
        parts = parts_of(store)
        for _ in range(10):
            at = data.draw(st.integers(0, 1))
            found = json.loads(parts.contents[at])
            key = data.draw(st.sampled_from(sorted(found)))
            inner = found[key] if isinstance(found[key], dict) and found[key] and data.draw(st.booleans()) else found
            inner[data.draw(st.sampled_from(sorted(inner)))] = data.draw(weird)
            put(rehashed(edited(parts, at, json.dumps(found).encode())), Path(folder, "other"))
            assert not verify(Path(folder, "other")).ok
