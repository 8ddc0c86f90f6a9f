"""Undated: why nothing can be followed over time in files: which cells are no days, which headers are no months."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import PurePath

from shinro.periods import is_half_named, is_longer
from shinro.problems import Place, Problem, problem
from shinro.surveys import Survey

SHOWN = 3
DAY = re.compile(r"日$|日時|日付|年月|^月$|\bdate|date$|\bday$|_(?:at|on)$|[a-z]At$")
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
        if cells and (column.kind in ("text", "number")):
            case = "longer" if all(map(is_longer, cells)) else "cells"
            shown = tuple(cells[:SHOWN])
            yield problem("L113", Place(name), case=case, file=name, header=column.header, value=shown)
    headers = (*file.headers, *file.repeated)
    for case, called in (("heads", is_half_named), ("long_heads", is_longer)):
        found = tuple(header for header in headers if called(header))
        if len(found) >= FEWEST:
            yield problem("L113", Place(name), case=case, file=name, header=found[:SHOWN])
