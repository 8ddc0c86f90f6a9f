"""The book: what is written is read again, at once or not at all, and never twice."""

from __future__ import annotations

from pathlib import Path

from recording import NOW, a_report, a_writer
from shinro.entries import Kind
from shinro.record.book import head, read, write


def test_what_is_written_is_read_again_after_the_entry_that_names_the_key(tmp_path: Path) -> None:
    store, drafts = tmp_path / "record", [a_report("leads", 1), a_report("won", 1, segment=(("rep", "佐藤"),))]
    receipt = write(store, drafts, a_writer(), NOW)
    first, *rest = read(store)
    assert first.draft.kind is Kind.KEY
    assert [entry.draft for entry in rest] == drafts
    assert receipt.entries == tuple(rest)
    assert head(store) == receipt.checkpoint
    assert receipt.checkpoint.size == 3
    assert receipt.checkpoint.text.startswith(f"shinro/record/{receipt.checkpoint.origin[-32:]}\n3\n")


def test_where_there_is_no_book_nothing_is_read(tmp_path: Path) -> None:
    assert read(tmp_path) == ()
    assert head(tmp_path) is None
    assert list(tmp_path.iterdir()) == []
