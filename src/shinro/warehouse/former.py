"""Former: what a table had when it was read before, and whether it has lost a part of it since.

A part is a quarter of the rows, or a twentieth where the newest day went back too. What a table had when it was last
whole is remembered until it has that much again.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from fractions import Fraction

from shinro.loads import Former, Load

MANY = Fraction(1, 4)
SOME = Fraction(1, 20)  # where the newest day went back


def lost(load: Load, before: Former | None) -> Former | None:
    """What a table had before, where it has lost a part of it."""
    if before is None:
        return None
    back = before.newest is not None and (load.newest is None or load.newest < before.newest)
    gone = before.rows - load.rows
    return before if gone > 0 and gone >= before.rows * (SOME if back else MANY) else None


def whole(load: Load, before: Former | None) -> dict[str, object]:
    """What is remembered of a table: what it has, or had when it was last whole."""
    had = lost(load, before) or Former(load.rows, load.newest)
    return {"rows": had.rows, "newest": had.newest and had.newest.isoformat()}


def former(note: Mapping[str, object] | None) -> Former | None:
    """What was remembered; None where nothing was, or where it cannot be read."""
    kept = note.get("whole") if note else None
    if not isinstance(kept, dict) or not isinstance(kept.get("rows"), int):
        return None
    try:
        return Former(kept["rows"], date.fromisoformat(kept["newest"]) if kept.get("newest") else None)
    except (TypeError, ValueError):
        return None
