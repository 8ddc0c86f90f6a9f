"""Faults: what a workbook's values do not tell, read from the XML of its sheet: errors, formulas never worked out.

The reader of workbooks gives both as empty cells, and whole numbers of 16 digits or more only nearly.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator, Mapping
from html import unescape
from pathlib import Path, PurePosixPath
from xml.etree import ElementTree as ET

from shinro.warehouse.cells import FAULT

CHUNK = 1 << 20
LONGEST = 8 << 20  # bytes of one cell's XML
DOCTYPE = b"<!DOCTYPE"
SUSPECT = (b't="e"', b"t='e'", b"<f", b":f>", b":f ", b":f/")  # sought one by one: far faster than one pattern
ROW_OR_CELL = re.compile(
    rb"<(?:\w+:)?(?:row\b(?P<row>[^>]*)>|c\b(?P<cell>[^>]*?)(?:/>|(?<!/)>(?P<body>.*?)</(?:\w+:)?c>))", re.DOTALL
)
FORMULA = re.compile(rb"<(?:\w+:)?f\b[^>]*?(?:/>|>(.*?)</(?:\w+:)?f>)", re.DOTALL)
VALUE = re.compile(rb"<(?:\w+:)?v\b[^>]*?(?:/>|>(.*?)</(?:\w+:)?v>)", re.DOTALL)
PLACE = re.compile(rb"""\br=["']([A-Z]*)(\d+)["']""")
KIND = re.compile(rb"""\bt=["'](\w+)["']""")
END = re.compile(rb"</(?:\w+:)?sheetData>")
LONG = re.compile(rb">-?\d{16}")
WHOLE = re.compile(rb"-?\d{16,}")

Place = tuple[int, int]  # row and column, both from 0


class TooLongError(Exception):
    """A cell that no spreadsheet program would write."""


class EntitiesError(Exception):
    """XML that defines its own entities."""


def part_of(path: Path, number: int) -> str | None:
    """The part that holds the number-th sheet (from 0); None where the workbook does not say."""
    with zipfile.ZipFile(path) as archive:
        book, relations = _tree(archive, "xl/workbook.xml"), _tree(archive, "xl/_rels/workbook.xml.rels")
        names = set(archive.namelist())
    if book is None or relations is None:
        return None
    targets = {one.get("Id"): one.get("Target", "") for one in relations}
    sheets = [one for one in book.iter() if _local(one.tag) == "sheet"]
    if number >= len(sheets):
        return None
    key = next((value for name, value in sheets[number].attrib.items() if _local(name) == "id"), None)
    target = targets.get(key, "")
    part = target[1:] if target.startswith("/") else str(PurePosixPath("xl") / target)
    return part if part in names else None


def _tree(archive: zipfile.ZipFile, part: str) -> ET.Element | None:
    try:
        text = archive.read(part)
    except KeyError:
        return None
    if DOCTYPE in text:
        raise EntitiesError
    return ET.fromstring(text)  # noqa: S314 - no entities of its own, see above


def _local(name: str) -> str:
    return name.rpartition("}")[2]


def refuse_entities(path: Path) -> None:
    """Raises EntitiesError where any XML of the workbook defines entities: no spreadsheet program writes those."""
    with zipfile.ZipFile(path) as archive:
        for part in archive.infolist():
            if part.filename.endswith((".xml", ".rels")):
                with archive.open(part) as file:
                    if DOCTYPE in file.read(4096):
                        raise EntitiesError


def faults(path: Path, part: str) -> Mapping[Place, str]:
    """The cells whose value is not what the reader gives, each with what stands there; a fault begins with FAULT.

    Cost: one pass that only searches; one more, cell by cell, where there may be any.
    """
    with zipfile.ZipFile(path) as archive:
        if not _suspect(archive, part):
            return {}
        return dict(_faults(archive, part))


def _suspect(archive: zipfile.ZipFile, part: str) -> bool:
    with archive.open(part) as file:
        tail = b""
        while chunk := file.read(CHUNK):
            seen = tail + chunk
            if any(sign in seen for sign in SUSPECT) or LONG.search(seen):
                return True
            tail = chunk[-32:]
    return False


def _faults(archive: zipfile.ZipFile, part: str) -> Iterator[tuple[Place, str]]:
    row, column = -1, -1
    for found in _pieces(archive, part):
        cell = found["cell"]
        place = PLACE.search(found["row"] if cell is None else cell)
        if cell is None:
            row, column = int(place[2]) - 1 if place else row + 1, -1
            continue
        row, column = (int(place[2]) - 1, _column(place[1])) if place else (row, column + 1)
        if found["body"] and (text := _fault(cell, found["body"])) is not None:
            yield (row, column), text


def _pieces(archive: zipfile.ZipFile, part: str) -> Iterator[re.Match[bytes]]:
    with archive.open(part) as file:
        left = b""
        while chunk := file.read(CHUNK):
            left += chunk
            done = 0
            for found in ROW_OR_CELL.finditer(left):
                yield found
                done = found.end()
            left = left[done:]
            if END.search(left):
                return
            if len(left) > LONGEST:
                raise TooLongError


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number - 1


def _fault(attributes: bytes, body: bytes) -> str | None:
    kind = KIND.search(attributes)
    value, formula = VALUE.search(body), FORMULA.search(body)
    text = (value[1] or b"") if value else b""
    if kind and kind[1] == b"e":
        return FAULT + _said(text or b"#")
    if formula and not text and not (value and kind and kind[1] == b"str"):
        return FAULT + "=" + _said(formula[1] or b"")
    if not kind or kind[1] == b"n":
        return text.decode() if WHOLE.fullmatch(text) else None
    return None


def _said(text: bytes) -> str:
    return unescape(text.decode("utf-8", "replace"))
