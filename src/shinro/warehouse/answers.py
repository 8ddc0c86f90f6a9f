"""Answers: what scans found, kept by definition and fingerprint, so that nothing is measured twice.

An answer is a file named by the hash of all that it depends on; a missing or broken one costs a recompute. Its lines:
a hash of what follows, the measures, the columns, and behind them the bytes of those that are whole numbers.
"""

from __future__ import annotations

import hashlib
import json
import os
import struct
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from itertools import accumulate
from pathlib import Path

from shinro.loads import Joined, Load, TablePlan
from shinro.periods import Calendar
from shinro.queries.scans import Scan, cut
from shinro.warehouse.fingerprint import digest
from shinro.warehouse.frame import WIDE, Row, label
from shinro.warehouse.kept import read_note, write_note
from shinro.warehouse.snapshots import whole_file

FORMAT = 10  # raise it when the same scan comes to give other numbers, or they are written otherwise
WIDTHS = "hiq"  # whole numbers of 2, 4 and 8 bytes, as `struct` names them
Kept = tuple[dict[str, int], list[Row]]  # measures with their widths, rows


@dataclass(frozen=True, slots=True)
class Key:
    """What an answer depends on: its scan without the measures, hashed; and the measures, by their normal forms."""

    family: str
    measures: tuple[str, ...]
    widths: tuple[int, ...]  # numbers a row that each measure has
    lead: int  # columns before them: the period and the dimensions

    @property
    def name(self) -> str:
        """The answer's own name."""
        return f"{self.family}.{digest(self.measures)[:16]}"


def key_of(scan: Scan, plan: TablePlan, loads: Mapping[str, Load], calendar: Calendar) -> Key:
    """The key of a scan: tables' contents, how they are joined, cut, dimensions, span, measures."""
    tables = {name: loads[name].fingerprint for name in scan.reads}
    tables |= {join.table: loads[join.table].fingerprint for join in plan.joins if join.table in loads}
    joins = [[join.table, join.column, join.key] for join in plan.joins]
    family = digest(FORMAT, scan.normal, tables, joins, cut(calendar))
    measures = scan.measures[:1] if scan.growth else scan.measures  # metrics that share a growth's rows are all of one
    widths = tuple(2 if measure.way in WIDE else 1 for measure in measures)
    return Key(family, tuple(measure.normal for measure in measures), widths, 1 + len(scan.dimensions))


def _path(folder: Path, key: str) -> Path:
    return folder / "cache" / "answers" / f"{key}.rows"


def is_kept(folder: Path, key: Key) -> bool:
    """Whether there is an answer of a scan's own; it may still turn out to be broken."""
    return _path(folder, key.name).is_file()


def known_cells(folder: Path, key: Key) -> list[Row] | None:
    """The rows that a scan gave: its own answer, else the columns of one that holds more measures of the same scan."""
    own = _read(_path(folder, key.name))
    if own is not None:
        return own[1]
    answers = _path(folder, key.name).parent
    family = f"{key.family}."
    with suppress(OSError), os.scandir(answers) as entries:  # a pattern takes longer to compile than all else here
        for name in sorted(entry.name for entry in entries if entry.name.startswith(family)):
            kept = _read(answers / name, key.measures)
            if kept is not None:
                return _columns(kept, key)
    return None


def _columns(kept: Kept, key: Key) -> list[Row]:
    """The asked measures' columns, of every row: who assembles series knows which rows are a measure's own."""
    measures, rows = kept
    starts = dict(zip(measures, accumulate(measures.values(), initial=key.lead), strict=False))
    at = [starts[name] + n for name, width in zip(key.measures, key.widths, strict=True) for n in range(width)]
    return [row[: key.lead] + tuple(row[n] for n in at) for row in rows]


def keep_cells(folder: Path, key: Key, rows: list[Row]) -> None:
    """Keeps the rows of a scan with the names of its measures."""
    _write(_path(folder, key.name), dict(zip(key.measures, key.widths, strict=True)), rows)


def known_rows(folder: Path, key: str) -> list[Row] | None:
    """Plain rows, or None where they are not kept whole."""
    kept = _read(_path(folder, key))
    return None if kept is None else kept[1]


def keep_rows(folder: Path, key: str, rows: list[Row]) -> None:
    """Keeps plain rows."""
    _write(_path(folder, key), {}, rows)


def _read(path: Path, asked: Iterable[str] = ()) -> Kept | None:
    """An answer that is whole and has all measures that are asked for. Cost: linear in it where it has them."""
    try:
        mark, _, text = path.read_bytes().partition(b"\n")
    except OSError:
        return None
    line, _, rest = text.partition(b"\n")
    if any(json.dumps(name, ensure_ascii=False).encode() not in line for name in asked) or _mark(text) != mark:
        return None
    measures = json.loads(line)
    if not measures.keys() >= set(asked):
        return None
    told, _, numbers = rest.partition(b"\n")
    many, columns = json.loads(told)
    return measures, list(zip(*_unpacked(many, columns, numbers), strict=True))


def _write(path: Path, measures: Mapping[str, int], rows: list[Row]) -> None:
    """Rows by columns, which are read faster. Decimals are texts, exactly; whole numbers are bytes.

    Of 21,345 rows of nine columns: .012 s of CPU to write and .008 to read.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    columns = list(zip(*rows, strict=True))
    packed = [_packed(column) for column in columns]
    told = [width or column for (width, _), column in zip(packed, columns, strict=True)]
    written = partial(json.dumps, ensure_ascii=False, default=label, separators=(",", ":"))
    lines = f"{written(measures)}\n{written([len(rows), told])}\n".encode()
    text = b"".join((lines, *(numbers for _, numbers in packed)))
    with whole_file(path, lasting=False) as file:
        file.write(_mark(text) + b"\n" + text)


def _packed(column: Sequence[object]) -> tuple[str, bytes]:
    """A column of whole numbers as the least width that holds them, and their bytes; without one where it is others."""
    if type(column[0]) is int:
        for width in WIDTHS:
            with suppress(struct.error):  # one of them is wider, or none
                return width, struct.pack(f"<{len(column)}{width}", *column)
    return "", b""


def _unpacked(many: int, told: Iterable[str | Sequence[object]], numbers: bytes) -> Iterator[Sequence[object]]:
    """Law: the columns that were packed."""
    at = 0
    for column in told:
        if isinstance(column, str):
            form = f"<{many}{column}"
            yield struct.unpack_from(form, numbers, at)
            at += struct.calcsize(form)
        else:
            yield column


def _mark(text: bytes) -> bytes:
    """What shows that a text is whole, and written in this format."""
    return hashlib.sha256(b"%d %s" % (FORMAT, text)).hexdigest().encode()


def known_joins(folder: Path, key: str) -> tuple[Joined, ...] | None:
    """What verifying a table's joins saw, if it is kept."""
    note = read_note(_path(folder, key))
    if note is None:
        return None
    return tuple(
        Joined(table, nulls, orphans, tuple(samples), repeated)
        for table, nulls, orphans, samples, repeated in note.get("joined", [])
    )


def keep_joins(folder: Path, key: str, joined: Iterable[Joined]) -> None:
    """Keeps what verifying joins saw."""
    path = _path(folder, key)
    path.parent.mkdir(parents=True, exist_ok=True)
    rows = [[one.table, one.nulls, one.orphans, list(one.samples), one.repeated] for one in joined]
    write_note(path, {"joined": rows})
