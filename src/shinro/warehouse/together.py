"""Together: scans of the same tables in one statement, so that each table is read once.

The engine hands every chunk of a table that is named in front of a statement to all parts that read it, and stores none
(decision 0026). The parts are the texts of the scans as they are; each of their rows comes back as one value, in the
column of its scan.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from shinro.warehouse.engine import quoted
from shinro.warehouse.frame import Row


def statement(tables: Iterable[str], rolled: Mapping[str, str], texts: Sequence[str]) -> str:
    """One statement of all texts over tables, and over roll-ups of them (names with their own texts)."""
    named = [f'{quoted(name)} AS MATERIALIZED (FROM "main".{quoted(name)})' for name in tables]
    named += [f"{quoted(name)} AS MATERIALIZED ({text})" for name, text in rolled.items()]
    parts = (f'SELECT found AS "{n}" FROM ({text}) AS found' for n, text in enumerate(texts))
    return f"WITH {', '.join(named)} {' UNION ALL BY NAME '.join(parts)}"


def parted(rows: Iterable[Row], many: int) -> list[list[Row]]:
    """The rows of each text of a statement, as it gives them alone."""
    found: list[list[Row]] = [[] for _ in range(many)]
    for row in rows:
        n, values = next((n, values) for n, values in enumerate(row) if isinstance(values, dict))
        found[n].append(tuple(values.values()))
    return found
