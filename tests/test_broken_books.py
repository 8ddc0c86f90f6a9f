"""Broken workbooks and databases: each is answered by a problem or by counted rows, in little time and memory."""

from __future__ import annotations

from pathlib import Path

from books import Book, Sheet, book
from loading import codes, loading, plan

COLUMNS = ("id:text", "at:time", "amount:number", "paid:truth")
HEAD = ["id", "at", "amount", "paid"]


def answered(folder: Path, path: str | None = None) -> list[str]:
    made, problems = loading(plan(folder, *COLUMNS, key="id", time="at", path=path), folder)
    return [*([f"{made.rows}/{made.rejected}"] if made else []), *codes(problems)]


def test_a_workbook_that_unpacks_to_too_much(tmp_path: Path) -> None:
    book(tmp_path / "leads.xlsx", [HEAD], parts={"xl/more.xml": b" " * (20 << 20)})
    assert answered(tmp_path) == ["L131"]


def test_a_file_that_only_calls_itself_a_workbook(tmp_path: Path) -> None:
    (tmp_path / "leads.xls").write_text("<html><table><tr><td>id</td></tr></table></html>", encoding="utf-8")
    assert answered(tmp_path) == ["L132"]


def test_a_workbook_with_a_password(tmp_path: Path) -> None:
    encrypted = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le")
    (tmp_path / "leads.xlsx").write_bytes(encrypted)
    assert answered(tmp_path) == ["L133"]


def test_a_sheet_that_is_not_there(tmp_path: Path) -> None:
    path = Book([Sheet("Leads", [HEAD]), Sheet("Deals", [HEAD])]).write(tmp_path / "book.xlsx")
    assert answered(tmp_path, str(path)) == ["0/0", "L115"]
    Book([Sheet("Lead", [HEAD])]).write(path)
    assert answered(tmp_path, str(path)) == ["L134"]
