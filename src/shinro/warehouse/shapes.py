"""Shapes: what the bytes of a snapshot alone do not say of how they are read, kept beside them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from shinro.loads import Role
from shinro.warehouse.databases import Table
from shinro.warehouse.fingerprint import digest
from shinro.warehouse.kept import read_note, write_note
from shinro.warehouse.relations import Input


def keep_shape(read: Input) -> None:
    """Keeps which table of a database its rows were, each column's type, and the role that it is made for."""
    if read.table is None:
        return
    roles = {name: role.value for name, role in read.table.columns.items()}
    body: dict[str, object] = {"schema": read.table.schema, "name": read.table.name, "roles": roles}
    body |= {"columns": list(read.columns), "types": dict(read.table.types)}
    which = digest(read.shape, read.table.schema, read.table.name)
    target = read.kept.with_name(f"{read.digest}.{which[:16]}.shape")
    if read_note(target) != body:
        write_note(target, body)


def shaped(sha256: str, kept: Path) -> Iterator[Input]:
    """Every input of a database that has these rows: its bytes may be those of several."""
    for path in sorted(kept.parent.glob(f"{sha256}.*.shape")):
        note = read_note(path)
        if note is not None:
            roles = {str(name): Role(role) for name, role in note["roles"].items()}
            table = Table(str(note["schema"]), str(note["name"]), roles, note.get("types", {}))
            yield Input(table.full_name, kept, sha256, "rows", table, tuple(note["columns"]))
