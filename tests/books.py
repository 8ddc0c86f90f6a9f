"""Workbooks by hand: what a spreadsheet program writes, and what nobody should."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from html import escape
from pathlib import Path

SPREADSHEET = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
GENERAL, DATE, MOMENT, CLOCK, SPAN, PERCENT = range(6)
FORMATS = ("General", "yyyy/m/d", "yyyy-mm-dd hh:mm:ss", "h:mm:ss", "[h]:mm:ss", "0.0%")


@dataclass(frozen=True)
class Cell:
    """A cell as it stands in the file."""

    xml: str  # between <c ...> and </c>
    kind: str = ""
    style: int = GENERAL


@dataclass(frozen=True)
class Sheet:
    """A sheet: its rows from the top; None is no cell at all."""

    name: str
    rows: Sequence[Sequence[object]]
    hidden: bool = False
    merged: Sequence[str] = ()
    more: str = ""  # XML behind the rows


@dataclass(frozen=True)
class Book:
    """A workbook; `parts` are written beside or in place of its own."""

    sheets: Sequence[Sheet]
    from_1904: bool = False
    parts: Mapping[str, str | bytes] = field(default_factory=dict)

    def write(self, path: Path) -> Path:
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, content in {**self._parts(), **self.parts}.items():
                archive.writestr(name, content)
        return path

    def _parts(self) -> dict[str, str]:
        numbers = range(1, len(self.sheets) + 1)
        kinds = "".join(
            f'<Override PartName="/xl/worksheets/sheet{n}.xml" ContentType="application/vnd.openxmlformats-'
            'officedocument.spreadsheetml.worksheet+xml"/>'
            for n in numbers
        )
        sheets = "".join(
            f'<sheet name="{escape(one.name)}" sheetId="{n}" r:id="rId{n}"{_hidden(one)}/>'
            for n, one in zip(numbers, self.sheets, strict=True)
        )
        relations = "".join(
            f'<Relationship Id="rId{n}" Type="{OFFICE}/relationships/worksheet" Target="worksheets/sheet{n}.xml"/>'
            for n in numbers
        )
        styles = f'<Relationship Id="rId0" Type="{OFFICE}/relationships/styles" Target="styles.xml"/>'
        strings = f'<Relationship Id="rId00" Type="{OFFICE}/relationships/sharedStrings" Target="sharedStrings.xml"/>'
        moved = '<workbookPr date1904="1"/>' if self.from_1904 else ""
        main = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
        texts = [escape(cell) for one in self.sheets for row in one.rows for cell in row if isinstance(cell, str)]
        return {
            "[Content_Types].xml": f'{HEAD}<Types xmlns="{PACKAGE}/content-types"><Default Extension="rels" '
            f'ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" '
            f'ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="{main}"/>'
            f"{kinds}</Types>",
            "_rels/.rels": f'{HEAD}<Relationships xmlns="{PACKAGE}/relationships"><Relationship Id="rId1" '
            f'Type="{OFFICE}/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>',
            "xl/workbook.xml": f'{HEAD}<workbook xmlns="{SPREADSHEET}" xmlns:r="{OFFICE}/relationships">{moved}'
            f"<sheets>{sheets}</sheets></workbook>",
            "xl/_rels/workbook.xml.rels": f'{HEAD}<Relationships xmlns="{PACKAGE}/relationships">'
            f"{relations}{styles}{strings}</Relationships>",
            "xl/styles.xml": styles_xml(),
            "xl/sharedStrings.xml": f'{HEAD}<sst xmlns="{SPREADSHEET}">'
            + "".join(f'<si><t xml:space="preserve">{text}</t></si>' for text in dict.fromkeys(texts))
            + "</sst>",
            **{
                f"xl/worksheets/sheet{n}.xml": sheet_xml(one, list(dict.fromkeys(texts)), from_1904=self.from_1904)
                for n, one in zip(numbers, self.sheets, strict=True)
            },
        }


def _hidden(sheet: Sheet) -> str:
    return ' state="hidden"' if sheet.hidden else ""


def styles_xml() -> str:
    formats = "".join(f'<numFmt numFmtId="{164 + n}" formatCode="{code}"/>' for n, code in enumerate(FORMATS))
    styles = "".join(f'<xf numFmtId="{164 + n}" applyNumberFormat="1"/>' for n in range(len(FORMATS)))
    return (
        f'{HEAD}<styleSheet xmlns="{SPREADSHEET}"><numFmts count="{len(FORMATS)}">{formats}</numFmts>'
        f'<cellXfs count="{len(FORMATS)}">{styles}</cellXfs></styleSheet>'
    )


def sheet_xml(sheet: Sheet, texts: Sequence[str] = (), *, from_1904: bool = False) -> str:
    rows = []
    places = {text: n for n, text in enumerate(texts)}
    for n, row in enumerate(sheet.rows, start=1):
        cells = [
            _cell(f"{letters(c)}{n}", value, places, from_1904=from_1904)
            for c, value in enumerate(row)
            if value is not None
        ]
        if cells:
            rows.append(f'<row r="{n}">{"".join(cells)}</row>')
    merged = "".join(f'<mergeCell ref="{ref}"/>' for ref in sheet.merged)
    merges = f"<mergeCells>{merged}</mergeCells>" if merged else ""
    return (
        f'{HEAD}<worksheet xmlns="{SPREADSHEET}"><sheetData>{"".join(rows)}</sheetData>{merges}{sheet.more}</worksheet>'
    )


def letters(column: int) -> str:
    """0 -> A, 26 -> AA."""
    text, left = "", column + 1
    while left:
        left, digit = divmod(left - 1, 26)
        text = chr(65 + digit) + text
    return text


def serial(moment: datetime, *, from_1904: bool = False) -> Decimal:
    """Days since the system's first day, as a spreadsheet counts them from 1900-03-01 on."""
    passed = moment - (datetime(1904, 1, 1) if from_1904 else datetime(1899, 12, 30))  # noqa: DTZ001 - as in the sheet
    return Decimal(passed // timedelta(microseconds=1)) / 86_400_000_000


def _cell(ref: str, value: object, places: Mapping[str, int], *, from_1904: bool) -> str:
    made = value if isinstance(value, Cell) else _made(value, places, from_1904=from_1904)
    kind = f' t="{made.kind}"' if made.kind else ""
    style = f' s="{made.style}"' if made.style else ""
    return f'<c r="{ref}"{kind}{style}>{made.xml}</c>'


def _made(value: object, places: Mapping[str, int], *, from_1904: bool) -> Cell:
    if isinstance(value, bool):
        return Cell(f"<v>{int(value)}</v>", "b")
    if isinstance(value, datetime):
        return Cell(f"<v>{float(serial(value, from_1904=from_1904))!r}</v>", style=MOMENT)
    if isinstance(value, date):
        moment = datetime(value.year, value.month, value.day)  # noqa: DTZ001 - as in the sheet
        return Cell(f"<v>{int(serial(moment, from_1904=from_1904))}</v>", style=DATE)
    if isinstance(value, time):
        part = Decimal(value.hour * 3600 + value.minute * 60 + value.second) / 86_400
        return Cell(f"<v>{float(part)!r}</v>", style=CLOCK)
    if isinstance(value, str):
        return Cell(f"<v>{places[escape(value)]}</v>", "s")
    return Cell(f"<v>{value}</v>")


def error(text: str) -> Cell:
    """`#N/A` and its like."""
    return Cell(f"<v>{text}</v>", "e")


def formula(text: str, value: str | None, kind: str = "") -> Cell:
    """A formula and the value that was kept of it."""
    return Cell(f"<f>{escape(text)}</f>" + ("" if value is None else f"<v>{escape(value)}</v>"), kind)


def book(path: Path, rows: Sequence[Sequence[object]], name: str = "Sheet1", **more: object) -> Path:
    """One sheet of rows as a workbook."""
    return Book([Sheet(name, rows)], **more).write(path)  # type: ignore[arg-type]  # Book's own fields by name


def without(path: Path, pattern: str) -> Path:
    """The workbook again, less every part whose name matches."""
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist() if not re.search(pattern, name)}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return path
