"""Links: columns whose values are the keys of another file, verified on all rows."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import permutations

import duckdb

from shinro.surveys import Column, Link, Survey

ID = re.compile(r"(?:^|[^a-z])ids?$|番号$|コード$", re.IGNORECASE)
FEW_KEYS = 2  # a column of one value finds partners by chance
ENOUGH = 0.8  # of a column's values are keys over there


@dataclass(frozen=True, slots=True)
class Looked:
    """A file within the engine: its survey, and SQL behind FROM with its columns as texts, `v0`, `v1`, ..."""

    survey: Survey
    rows: str


def links(connection: duckdb.DuckDBPyConnection, looked: Sequence[Looked]) -> list[Link]:
    """The links between files. Cost: a look at the samples of every pair of columns, one scan a likely pair."""
    found = []
    for here, there in permutations(looked, 2):
        for k, key in enumerate(there.survey.columns):
            if not key.unique or key.kind not in ("text", "number"):
                continue
            for c, column in enumerate(here.survey.columns):
                if _may_hold(column, key):
                    found += _link(connection, (here, c), (there, k))
    return found


def _may_hold(column: Column, key: Column) -> bool:
    """Whether to look at all rows: both are ids, or the samples share values; numbers must be called alike too."""
    if column.kind != key.kind or (column.kind == "number" and not _alike(column.header, key.header)):
        return False
    values = set(column.counts)
    if ID.search(column.header) and ID.search(key.header):
        return len(values) >= FEW_KEYS
    return len(values) >= FEW_KEYS and len(values & set(key.counts)) * 2 >= min(len(values), len(key.counts))


def _alike(one: str, other: str) -> bool:
    """Whether two headers speak of the same: one holds the other."""
    a, b = ("".join(filter(str.isalnum, header.lower())) for header in (one, other))
    return a in b or b in a


def _link(connection: duckdb.DuckDBPyConnection, here: tuple[Looked, int], there: tuple[Looked, int]) -> list[Link]:
    (mine, c), (other, k) = here, there
    keys = f"(SELECT v{k} FROM {other.rows})"
    values = f"(SELECT DISTINCT v{c} AS value FROM {mine.rows} WHERE v{c} IS NOT NULL)"
    total, found, *lost = connection.execute(
        f"SELECT count(*), count(*) FILTER (value IN {keys}),"
        f" min(value) FILTER (value NOT IN {keys}), max(value) FILTER (value NOT IN {keys}) FROM {values}"
    ).fetchall()[0]
    if total < FEW_KEYS or found < ENOUGH * total:
        return []
    column, key = mine.survey.columns[c].header, other.survey.columns[k].header
    samples = tuple(dict.fromkeys(str(value) for value in lost if value is not None))
    return [Link(mine.survey.path, column, other.survey.path, key, int(total), int(found), samples)]
