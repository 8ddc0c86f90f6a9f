"""Together: scans of the same tables in one statement, so that each table is read once.

The engine hands every chunk of a table that is named in front of a statement to all parts that read it, and stores none
(decision 0026). The parts are the texts of the scans as they are. What they find is kept in one table, each row of a
scan as one value in the column of the scan, and taken apart from there: so every number keeps its type and its place.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from shinro.warehouse.engine import quoted


def statement(tables: Iterable[str], rolled: Mapping[str, str], texts: Sequence[str]) -> str:
    """One statement of all texts over tables, and over roll-ups of them (names with their own texts)."""
    named = [f'{quoted(name)} AS MATERIALIZED (FROM "main".{quoted(name)})' for name in tables]
    named += [f"{quoted(name)} AS MATERIALIZED ({text})" for name, text in rolled.items()]
    parts = (f'SELECT found AS "{n}" FROM ({text}) AS found' for n, text in enumerate(texts))
    return f"WITH {', '.join(named)} {' UNION ALL BY NAME '.join(parts)}"


def part(kept: str, n: int) -> str:
    """The rows of the text at a place in a statement, whose rows are kept under a name: as the text gives them."""
    return f'SELECT unnest("{n}") FROM {quoted(kept)} WHERE "{n}" IS NOT NULL'
