"""Which scans are read together: those that are linked by the tables that they read."""

from __future__ import annotations

from collections.abc import Iterable

from shinro.queries.scans import Scan


def sharing(scans: Iterable[Scan]) -> tuple[tuple[Scan, ...], ...]:
    """Scans that read a table in common, or are linked by others that do, in the order of their first ones."""
    groups: list[tuple[list[Scan], set[str]]] = []
    for scan in scans:
        linked = [group for group in groups if group[1].intersection(scan.reads)]
        first, tables = linked[0] if linked else ([], set())
        if not linked:
            groups.append((first, tables))
        for other in linked[1:]:
            first += other[0]
            tables |= other[1]
            groups.remove(other)
        first.append(scan)
        tables.update(scan.reads)
    return tuple(tuple(group) for group, _ in groups)
