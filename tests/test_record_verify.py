"""verify: what was done to a book is found, and nothing is found where nothing was done."""

from __future__ import annotations

import random
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from checking import assert_said
from recording import NOW, a_book, a_key, a_report, a_writer, codes
from shinro.record.book import checkpoints, erase, read, rotate, write
from shinro.record.notes import notes
from shinro.record.shelf import FILE
from shinro.record.verify import verify
from tampering import (
    FILE_ALONE,
    HELD_ONLY,
    KINDS,
    NAMES_THE_ENTRY,
    Tampering,
    changed,
    edited,
    parts_of,
    put,
    rehashed,
    signed_again,
)  # fmt: skip


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return a_book(tmp_path_factory.mktemp("record"), (3, 1, 5, 2, 4))


@pytest.fixture(scope="module")
def held(book: Path) -> list[str]:
    return [each.text for each in checkpoints(book)]


def test_a_book_that_only_grew_holds_with_every_checkpoint_that_it_ever_gave(book: Path, held: list[str]) -> None:
    found = verify(book, held)
    assert found.ok
    assert found.problems == ()
    assert found.first_bad is None
    assert (found.size, found.own, [each.holds for each in found.held]) == (16, 5, [True] * 5)


def test_laying_the_same_parts_again_raises_no_alarm(book: Path, held: list[str], tmp_path: Path) -> None:
    put(parts_of(book), tmp_path)
    assert verify(tmp_path, held).problems == ()


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
@pytest.mark.parametrize("seed", range(2))
def test_every_kind_of_tampering_is_found(
    kind: Tampering, seed: int, book: Path, held: list[str], tmp_path: Path
) -> None:
    rng = random.Random(f"{kind.__name__} {seed}")  # noqa: S311 - the same draws every time
    parts = parts_of(book)
    at = rng.randrange(1, len(parts.contents))
    put(kind(parts, at, rng), tmp_path)
    found = verify(tmp_path, held)
    assert not found.ok
    for each in found.problems:
        assert_said(each)
    if kind in NAMES_THE_ENTRY:
        assert found.first_bad == at
    if kind in HELD_ONLY:
        assert verify(tmp_path).ok
        first = next(each for each in found.held if not each.holds)
        assert all(each.checkpoint.size <= max(at, 4) for each in found.held if each.holds)
        (told,) = [each for each in found.problems if each.code == "B807"]
        assert told.args["size"] == first.checkpoint.size
    else:
        assert not verify(tmp_path).ok


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("edit", "B802"), ("remove", "B803"), ("cut_the_end", "B803"), ("remove_and_number_rows", "B804"),
        ("add_without_a_checkpoint", "B804"), ("edit_and_rehash", "B805"), ("sign_with_another_key", "B806"),
        ("edit_a_signature", "B806"), ("change_a_text", "B809"),
    ],
)  # fmt: skip
def test_what_was_done_is_said(name: str, code: str, book: Path, tmp_path: Path) -> None:
    (kind,) = (kind for kind in KINDS if kind.__name__ == name)
    put(kind(parts_of(book), 6, random.Random(3)), tmp_path)  # noqa: S311 - the same draws every time
    assert codes(verify(tmp_path))[0] == code


def test_entries_that_changed_places_are_named_even_where_they_were_hashed_again(book: Path, tmp_path: Path) -> None:
    swap = next(kind for kind in KINDS if kind.__name__ == "swap")
    swapped = swap(parts_of(book), 6, random.Random(3))  # noqa: S311 - the same draws every time
    put(rehashed(swapped), tmp_path)
    found = verify(tmp_path)
    assert codes(found)[0] == "B804"
    assert found.first_bad is not None
    assert found.first_bad <= 6


def test_a_first_entry_that_names_no_key_signs_nothing(book: Path, tmp_path: Path) -> None:
    parts = parts_of(book)
    put(signed_again(edited(parts, 0, changed(parts.contents[0], data={"key": "?"}))), tmp_path)
    assert codes(verify(tmp_path)) == ["B806"]


def test_twenty_kinds_and_more_are_named() -> None:
    assert len({kind.__name__ for kind in KINDS}) == len(FILE_ALONE) + len(HELD_ONLY) >= 20


def test_a_rewritten_range_lies_between_the_last_held_checkpoint_that_holds_and_the_first_that_fails(
    book: Path, held: list[str], tmp_path: Path
) -> None:
    edit = next(kind for kind in KINDS if kind.__name__ == "edit_and_sign_again")
    put(edit(parts_of(book), 7, random.Random(1)), tmp_path)  # noqa: S311 - it draws nothing
    (told,) = verify(tmp_path, held).problems
    assert (told.code, told.args["first"], told.args["last"]) == ("B807", 5, 9)


def test_a_checkpoint_is_found_in_a_mail_that_quotes_it(book: Path, held: list[str]) -> None:
    body = held[2].replace("\n", "\r\n> ").replace("—", "--")
    mail = f"\ufeffFrom: sato\r\n\r\nこちらです。\r\n\r\n> {body}\r\n\r\nよろしく\r\n"
    found = verify(book, [mail, "\n\n".join(held[:2])], ["mail.txt"])
    assert found.ok
    assert [(each.name, each.checkpoint.size) for each in found.held] == [
        ("held 2", 4),
        ("held 2", 5),
        ("mail.txt", 10),
    ]


def test_a_checkpoint_is_found_where_a_page_broke_its_lines(book: Path, held: list[str]) -> None:
    origin, size, root, _, signed, _ = held[2].split("\n")
    dash, name, signature = signed.split(" ")
    broken = "\n".join(
        [origin, size, root[:20], root[20:], f"{dash} {name}", signature[:40], f"  {signature[40:]}", "以上"]
    )
    found = verify(book, [f"p. 12\n{broken}"])
    assert found.ok
    assert [each.checkpoint.text for each in found.held] == [held[2]]


def test_a_text_without_a_checkpoint_and_one_of_another_log_are_told(book: Path, tmp_path: Path) -> None:
    other = a_book(tmp_path / "other", (1,))
    found = verify(book, ["hello", checkpoints(other)[0].text], ["a.txt", "b.txt"])
    assert codes(found) == ["B808", "B807"]
    assert [each.place.path for each in found.problems] == ["a.txt", "b.txt"]
    assert found.problems[1].args["case"] == "other"


def test_a_checkpoint_that_the_key_never_signed_is_told(book: Path, held: list[str]) -> None:
    (note,) = notes(held[-1])
    forged = note.checkpoint.text[:-10] + ("B" if note.checkpoint.text[-10] == "A" else "A") + note.checkpoint.text[-9:]
    found = verify(book, [forged])
    assert codes(found) == ["B807"]
    assert found.problems[0].args["case"] == "signature"


def test_a_name_that_was_erased_leaves_the_book_whole_and_its_file_without_the_name(tmp_path: Path) -> None:
    store = a_book(tmp_path, (2,))
    secret = a_report("leads", 7, segment=(("rep", "髙﨑 𠮷子"),), texts={"note": "髙﨑さんの担当"})
    write(store, [secret], a_writer(), NOW)
    entry = read(store)[-1]
    assert all(erase(store, digest) for digest in entry.hashes.values())
    assert not erase(store, entry.hashes["note"])
    found = verify(store)
    assert found.ok
    assert found.erased == 2
    assert "髙﨑".encode() not in (store / FILE).read_bytes()
    last = read(store)[-1]
    assert last.words == {"actor": "田中"}
    assert last.draft.segment == (("rep", f"erased:{entry.hashes['segment.rep'][:8]}"),)
    assert not erase(tmp_path / "nowhere", "00")


def test_guards_that_were_taken_off_are_a_warning(tmp_path: Path) -> None:
    store = a_book(tmp_path, (2,))
    with closing(sqlite3.connect(store / FILE)) as db, db:
        db.execute("DROP TRIGGER entries_refuse_update")
    found = verify(store)
    assert codes(found) == ["B818"]
    assert found.ok
    assert_said(found.problems[0])


def test_a_new_key_is_signed_in_by_the_old_one(tmp_path: Path) -> None:
    store = a_book(tmp_path, (2,))
    before = checkpoints(store)[-1].text
    rotate(store, a_writer(1), a_key(2), NOW)
    (note,) = notes(checkpoints(store)[-1].text)
    assert len(note.signatures) == 2
    write(store, [a_report("won", 1)], a_writer(1, 2), NOW)
    assert verify(store, [before, note.checkpoint.text, checkpoints(store)[-1].text]).problems == ()


def test_a_key_that_was_lost_is_told_for_ever(tmp_path: Path) -> None:
    store = a_book(tmp_path, (2,))
    before = checkpoints(store)[-1].text
    rotate(store, a_writer(1), a_key(2), NOW, lost=True)
    write(store, [a_report("won", 1)], a_writer(2), NOW)
    found = verify(store, [before])
    assert codes(found) == ["B816"]
    assert found.ok
    assert_said(found.problems[0])


def test_a_change_of_key_that_the_old_one_did_not_sign_is_found(tmp_path: Path) -> None:
    store = a_book(tmp_path, (2,))
    rotate(store, a_writer(1), a_key(2), NOW)
    parts = parts_of(store)
    size, text = parts.notes[-1]
    lines = text.split("\n")
    alone = "\n".join([*lines[:4], lines[5], ""])
    put(
        parts.__class__(parts.contents, parts.numbers, parts.nodes, (*parts.notes[:-1], (size, alone)), parts.texts),
        store,
    )
    assert codes(verify(store)) == ["B806"]
    put(parts.__class__(parts.contents, parts.numbers, parts.nodes, parts.notes[:-1], parts.texts), store)
    assert not verify(store).ok
