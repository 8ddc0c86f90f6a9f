"""Books: workbooks as sources: told from what only calls itself one, and read apart, one sheet as a text file."""

from __future__ import annotations

import codecs
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from shinro.loads import TablePlan
from shinro.problems import CannotGoOn, Listed, Problem, problem
from shinro.warehouse.apart import read_apart, text_of
from shinro.warehouse.casting import grouping
from shinro.warehouse.engine import Limits

SIGNS = ((b"PK\x03\x04", "zip"), (b"PK\x05\x06", "zip"), (b"%PDF-", "pdf"))
COMPOUND = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # what .xls, and an .xlsx with a password, are kept in
ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
HEAD = 4096
PAGE = (b"<html", b"<!doctype html", b"<table", b"<meta", b"<head", b"<body", b"<div", b"<style", b"<script")
OLD_XML = b"urn:schemas-microsoft-com:office:spreadsheet"
CONTROLS = bytes({*range(32)} - {*b"\t\n\v\f\r"})
FEW = 50  # one control character in so many: then it is no text
SHOWN = 8
SENTENCES = {"parts": "L131", "size": "L131", "ratio": "L131", "entities": "L131", "cell": "L131", "password": "L133"}


@dataclass(frozen=True, slots=True)
class Page:
    """One sheet as a text file without headers: the row above the first one there has the number `first`."""

    path: Path
    columns: tuple[str, ...]  # as they stand in the text
    headers: tuple[str, ...]  # all of the sheet's
    first: int
    sheet: str
    stated: str = ""  # what a row above the headers says that amounts are in
    others: tuple[str, ...] = ()  # the other sheets that people see and that hold anything; where it is looked over


def page_of(
    kept: Path,
    name: str,
    sheet: str | None,
    plan: TablePlan,
    scratch: Path,
    limits: Limits,
    *,
    narrow: bool,
    whole: bool,
) -> Page:
    """The sheet of a workbook that a table is read from; raises CannotGoOn.

    `narrow`: the planned columns alone, where all are there; `whole`: all rows, headers among them.
    Cost: linear; the sheet's cells in the memory of another process.
    """
    like = kind_of(kept)
    if like != "zip":
        raise CannotGoOn([_no_book(plan, name, like)])
    target = scratch / f"{kept.stem}.sheet.csv"
    request = {
        "path": text_of(kept),
        "target": text_of(target),
        "sheet": sheet,
        "stem": plan.stem,
        "needed": [column.header for column in plan.columns],
        "narrow": narrow,
        "whole": whole,
        "others": not (narrow or whole),
        "point": (grouping(plan.source.numbers) or (",", "."))[1],
    }
    made = read_apart("shinro.warehouse.workbook", plan, name, limits, request)
    if made["case"] != "read":
        raise CannotGoOn([_refused(made, plan, name, sheet)])
    others = tuple(made.get("others", ()))
    written, headers = tuple(made["written"]), tuple(made["headers"])
    return Page(target, written, headers, int(made["first"]), str(made["sheet"]), str(made["stated"]), others)


def refuse_books(kept: Path, name: str, plan: TablePlan) -> None:
    """Raises CannotGoOn where a file that calls itself text is a workbook, or a PDF."""
    like = kind_of(kept)
    if like in ("zip", "xls", "password", "pdf"):
        raise CannotGoOn([_no_book(plan, name, "pdf" if like == "pdf" else "book")])


def kind_of(path: Path) -> str:
    """What a file is by its first bytes: zip, xls, password, page, xml, text, pdf, nothing or unknown."""
    with path.open("rb") as file:
        head = file.read(HEAD)
        if not head:
            return "nothing"
        if head.startswith(COMPOUND):
            return "password" if _holds(head + file.read(1 << 20), ENCRYPTED) else "xls"
    for sign, kind in SIGNS:
        if head.startswith(sign):
            return kind
    return _kind_of_text(head)


def _holds(head: bytes, sign: bytes) -> bool:
    return sign in head


def _kind_of_text(head: bytes) -> str:
    wide = head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    if b"\0" in head and not wide:
        return "unknown"
    plain = head.replace(b"\0", b"").lstrip(codecs.BOM_UTF8 + codecs.BOM_UTF16_LE).lstrip().lower()
    if OLD_XML in plain:
        return "xml"
    if any(sign in plain[:1024] for sign in PAGE):
        return "page"
    odd = len(plain) - len(plain.translate(None, CONTROLS))
    return "unknown" if odd * FEW > len(plain) else "text"


def _no_book(plan: TablePlan, name: str, like: str) -> Problem:
    if like == "nothing":
        return problem("L106", plan.place, file=name, table=plan.name)
    if like == "password":
        return problem("L133", plan.source.place, file=name)
    return problem("L132", plan.source.place, case=like, file=name, ending=Path(name).suffix)


def _refused(made: Mapping[str, Any], plan: TablePlan, name: str, sheet: str | None) -> Problem:
    case = str(made["case"])
    if case == "kind":
        return _no_book(plan, name, str(made["like"]))
    if case == "sheet":
        hidden = {"case": "hidden"} if sheet is None else {}
        there = _names(made["there"])
        return Problem(plan.place, "L134", {**hidden, "file": name, "sheet": sheet, "table": plan.name, "there": there})
    if case == "empty":
        return problem("L106", plan.place, file=name, table=plan.name)
    if case in SENTENCES:
        return problem(SENTENCES[case], plan.source.place, case=case, file=name, limit=made.get("limit", ""))
    return problem("L117", plan.place, file=name, table=plan.name, says=str(made["says"])[:160])


def _names(names: Sequence[str]) -> str | Listed:
    return ", ".join(names[:SHOWN]) + (", …" if len(names) > SHOWN else "") or Listed.NOTHING
