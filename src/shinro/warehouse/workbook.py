"""Workbook: run as a process of its own, it writes one sheet of a workbook as a text file, cell by cell."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import ParseError
from zlib import error as ZlibError  # noqa: N812 - named as the other errors are

import python_calamine as calamine

from shinro.warehouse.archives import looks_like, refusal
from shinro.warehouse.cells import cell_text
from shinro.warehouse.confined import answer
from shinro.warehouse.faults import EntitiesError, Place, TooLongError, faults, part_of, refuse_entities
from shinro.warehouse.sheet import SEARCHED, folded, stated_of

Answer = dict[str, object]
Row = list[str]
OTHERWISE = "+"  # no sheet has this column: the row is not blank
CELL = re.compile(rb"<(?:\w+:)?(?:v|t)[ >]")
HEAD = 1 << 20  # bytes of a sheet, unpacked
WRITTEN = 1 << 30  # characters of a sheet's texts in all
DAMAGE = (zipfile.BadZipFile, calamine.CalamineError, ParseError, ZlibError, NotImplementedError, EOFError, ValueError)


@dataclass(frozen=True, slots=True)
class Laid:
    """A sheet whose header row was found: `first` is the row below it, `columns` where the headers stand, from 0."""

    index: int
    score: tuple[int, int]
    first: int
    columns: tuple[int, ...]
    headers: tuple[str, ...]
    stated: str = ""  # what a row above them says that amounts are in


def sheet_as_text(request: Mapping[str, Any]) -> Answer:
    """Writes the sheet that was asked for to `target`; its headers and the row that they stand in, or a `case`.

    `path`, `target`; `sheet`: its name, where it was named; `stem`: a name that goes before others; `needed`: headers;
    `narrow`: no others are written; `whole`: the rows as they are, headers and all; `point`: the text's decimal sign;
    `others`: whether to name the sheets that people see, and that are not read.
    """
    path = Path(request["path"])
    try:
        refused = refusal(path)
        if refused is not None:
            return dict(refused)
        like = looks_like(path)
        if like != "xlsx":
            return {"case": "kind", "like": like}
        refuse_entities(path)
        with _opened(path) as book:
            return _written(book, path, request)
    except calamine.PasswordError:
        return {"case": "password"}
    except EntitiesError:
        return {"case": "entities"}
    except TooLongError:
        return {"case": "cell"}
    except DAMAGE as error:
        return {"case": "damaged", "says": str(error)}


def _opened(path: Path) -> calamine.CalamineWorkbook:
    """A workbook by what it is: the reader would go by its ending."""
    if path.suffix.lower() in (".xlsx", ".xlsm"):
        return calamine.CalamineWorkbook.from_path(path)
    return calamine.CalamineWorkbook.from_filelike(io.BytesIO(path.read_bytes()))


def _written(book: calamine.CalamineWorkbook, path: Path, request: Mapping[str, Any]) -> Answer:
    sheets = _candidates(book, request["sheet"])
    if not book.sheet_names:
        return {"case": "damaged", "says": "no sheets"}
    if not sheets:
        return {"case": "sheet", "there": book.sheet_names}
    needed = [folded(header) for header in request["needed"]]
    best: tuple[Laid, calamine.CalamineSheet] | None = None
    for index in sorted(sheets, key=lambda index: not _alike(book.sheet_names[index], request["stem"])):
        sheet = book.get_sheet_by_index(index)
        laid = lay(index, sheet, needed)
        if laid is not None and (best is None or laid.score > best[0].score):
            best = (laid, sheet)
        if best is not None and best[0].score[0] == len(set(needed)):
            break
    if best is None:
        return {"case": "empty"}
    laid, sheet = best
    target = Path(request["target"])
    found = {"case": "read", "sheet": sheet.name, "first": laid.first, "headers": laid.headers, "stated": laid.stated}
    if request["others"]:
        found["others"] = [book.sheet_names[n] for n in sheets if n != laid.index and _has_cells(path, n)]
    if request["whole"]:
        _write_whole(target, sheet)
        return {**found, "written": laid.headers}
    part = part_of(path, laid.index)
    taken = _taken(laid, set(needed)) if request["narrow"] and laid.score[0] == len(set(needed)) else laid
    _write(target, sheet, laid, taken, faults(path, part) if part else {}, request["point"])
    return {**found, "written": (*taken.headers, "")}


def _has_cells(path: Path, index: int) -> bool:
    """Whether a sheet holds any value, by the head of its part: it is not unpacked whole; where none is found, yes."""
    part = part_of(path, index)
    if part is None:
        return True
    with zipfile.ZipFile(path) as book, book.open(part) as file:
        return CELL.search(file.read(HEAD)) is not None


def _taken(laid: Laid, needed: set[str]) -> Laid:
    """The needed columns of a sheet alone."""
    kept = [n for n, header in enumerate(laid.headers) if folded(header) in needed]
    return replace(laid, columns=tuple(laid.columns[n] for n in kept), headers=tuple(laid.headers[n] for n in kept))


def _candidates(book: calamine.CalamineWorkbook, named: str | None) -> list[int]:
    """The sheets that may be meant: the one that was named, hidden or not; else those that people see."""
    sheets = list(enumerate(book.sheets_metadata))
    tables = [(n, one) for n, one in sheets if one.typ == calamine.SheetTypeEnum.WorkSheet]
    if named is not None:
        return [n for n, one in tables if _alike(one.name, named)]
    return [n for n, one in tables if one.visible == calamine.SheetVisibleEnum.Visible]


def _alike(one: str, other: str) -> bool:
    """Names of sheets are the same in capitals, as they are to a spreadsheet program."""
    return folded(one).casefold() == folded(other).casefold()


def lay(index: int, sheet: calamine.CalamineSheet, needed: Sequence[str]) -> Laid | None:
    """Where a sheet's table begins: the row, of the first that are not blank, with most of the needed headers.

    A header that is merged over several rows stands in each of them. None for a sheet without any cell.
    """
    merged = [(a, b) for a, b in sheet.merged_cell_ranges or () if a[0] < b[0]]
    top = dict(islice(((number, row) for number, row in _rows(sheet) if any(row)), SEARCHED))
    if not top:
        return None
    for (start, left), (end, _) in merged:
        for number in range(start + 1, end + 1):
            if start in top and number in top and left < len(top[number]):
                top[number][left] = top[start][left]
    wanted = set(needed)
    scores = {n: (len(wanted & set(map(folded, row))), min(sum(map(bool, row)), 2)) for n, row in top.items()}
    header = max(scores, key=lambda number: (scores[number], -number))
    columns = tuple(n for n, cell in enumerate(top[header]) if cell.strip())
    headers = tuple(top[header][n].strip() for n in columns)
    last = max((end for (start, left), (end, _) in merged if start <= header and left in columns), default=header)
    stated = stated_of([cell for number, row in top.items() if number < header for cell in row], headers)
    return Laid(index, scores[header], max(last, header) + 1, columns, headers, stated)


def _rows(sheet: calamine.CalamineSheet) -> Iterator[tuple[int, Row]]:
    """Each row of a sheet with its number, its cells as texts from column A on."""
    left = sheet.start[1] if sheet.start else 0
    for number, row in enumerate(sheet.iter_rows()):
        yield number, [""] * left + [cell_text(value) for value in row]


def _write(
    target: Path, sheet: calamine.CalamineSheet, laid: Laid, taken: Laid, known: Mapping[Place, str], point: str
) -> None:
    """Writes the taken columns below the headers, blank rows too: the n-th is the n-th of the sheet.

    One column more tells a row that is blank in these and not in others.
    """
    left = sheet.start[1] if sheet.start else 0
    columns = [column - left for column in taken.columns]
    others = [column - left for column in laid.columns if column not in taken.columns]
    marks = _by_row(known, taken.columns)
    size = 0
    with target.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        for number, values in islice(enumerate(sheet.iter_rows()), laid.first, None):
            cells = [cell_text(values[column], point) for column in columns]
            for at, text in marks.get(number, ()):
                cells[at] = text
            elsewhere = not any(cells) and any(values[column] != "" for column in others)
            writer.writerow([*cells, OTHERWISE if elsewhere else ""])
            size += sum(map(len, cells))
            if size > WRITTEN:
                raise TooLongError


def _by_row(known: Mapping[Place, str], columns: Sequence[int]) -> Mapping[int, list[tuple[int, str]]]:
    """What stands in the columns instead of the reader's values, row by row, each with its place among them."""
    places = {column: n for n, column in enumerate(columns)}
    rows: dict[int, list[tuple[int, str]]] = {}
    for (row, column), text in known.items():
        if column in places:
            rows.setdefault(row, []).append((places[column], text))
    return rows


def _write_whole(target: Path, sheet: calamine.CalamineSheet) -> None:
    """Writes every row as it is, for those who look for more than one row of headers."""
    with target.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows(row for _, row in _rows(sheet))


if __name__ == "__main__":
    answer(sheet_as_text)
