"""Undated: why nothing can be followed over time in files: which cells are no days, which headers are no months."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from pathlib import PurePath

from shinro.problems import Place, Problem, problem
from shinro.surveys import Survey

SHOWN = 3
DAY = re.compile(r"日$|日時|日付|年月|^月$|\bdate|date$|\bday$|_(?:at|on)$|[a-z]At$")
MONTH = re.compile(
    r"(?:r|令和) ?\d{1,2} ?[./年-] ?\d{1,2}月?|\d{1,2}月(?:度|分)?|'?\d{2}[/.-]\d{1,2}"
    r"|(?:fy ?\d{2,4} ?)?(?:q[1-4]|[1-4]q)"
    r"|(?:jan|feb|mar|apr|may|june?|july?|aug|sept?|oct|nov|dec)[a-z]*[ .'-]*(?:\d{2}|\d{4})?",
    re.IGNORECASE,
)
FEWEST = 2  # headers: one that is called so may be anything


def undated(files: Sequence[Survey]) -> tuple[Problem, ...]:
    """What stands where days are looked for, file by file; that there are none, where nothing looks like one."""
    found = [each for file in files for each in _of(file)]
    if found:
        return tuple(found)
    names = ", ".join(PurePath(file.path).name for file in files)
    return (problem("L113", Place(names), case="nowhere", file=names),)


def _of(file: Survey) -> Iterator[Problem]:
    name = PurePath(file.path).name
    for column in file.columns:
        cells = column.unread or (column.values if DAY.search(column.header) and column.kind != "empty" else ())
        if cells and column.kind in ("text", "number"):
            shown = tuple(cells[:SHOWN])
            yield problem("L113", Place(name), case="cells", file=name, header=column.header, value=shown)
    months = tuple(header for header in (*file.headers, *file.repeated) if MONTH.fullmatch(_plain(header)))
    if len(months) >= FEWEST:
        yield problem("L113", Place(name), case="heads", file=name, header=months[:SHOWN])


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKC", text).strip()
