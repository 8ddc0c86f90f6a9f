"""Pricing: what the rows of a table that recurring revenue is read from say of their amounts."""

from __future__ import annotations

from collections.abc import Mapping

from shinro.loads import Priced
from shinro.queries.terms import ENDED, PAUSED, TRIALS, UNPAID, squeezed
from shinro.warehouse.days import Ask
from shinro.warehouse.engine import quoted

FREE = frozenset((*TRIALS, *PAUSED, *UNPAID))


def unpriced(ask: Ask, table: str, priced: Priced | None, types: Mapping[str, str]) -> tuple[int, int]:
    """Rows that should say what is paid and do not, and those of them without a list price too.

    A row in a state in which nothing is paid need not say it, nor a change event that ends what was paid. Cost: a scan.
    """
    if priced is None or types.get(priced.amount) != "number":
        return 0, 0
    free = FREE if priced.periods else FREE | frozenset(ENDED)
    state = f"CAST({quoted(priced.status)} AS VARCHAR)" if priced.status and priced.status in types else "NULL"
    listed = f"count({quoted(priced.listed)})" if priced.listed and priced.listed in types else "0"
    rows = ask(
        f"SELECT {state} AS state, count(*), {listed} FROM {table}"
        f" WHERE {quoted(priced.amount)} IS NULL AND {quoted(priced.entity)} IS NOT NULL GROUP BY 1"
    )
    found = [(int(str(n)), int(str(at))) for word, n, at in rows if word is None or squeezed(str(word)) not in free]
    return sum(n for n, _ in found), sum(n - at for n, at in found)


def repeated_amounts(ask: Ask, table: str, priced: Priced | None, types: Mapping[str, str]) -> int:
    """Change events that only repeat the amount of the month before; 0 unless the table looks like a list each month.

    It does where all rows are of the first days of months, or all of their last, nothing ever ends, and half of the
    rows or more that could repeat an amount do. Cost: a scan, and a sort where they are.
    """
    if priced is None or priced.changes is None or types.get(priced.amount) != "number":
        return 0
    if types.get(priced.changes) != "date" or _ends(ask, table, priced, types):
        return 0
    day, amount = quoted(priced.changes), quoted(priced.amount)
    whole = ask(
        f"SELECT bool_and(day({day}) = 1) OR bool_and(day({day} + 1) = 1), count(*) FILTER ({amount} = 0) FROM {table}"
    )
    if not whole[0][0] or whole[0][1]:
        return 0
    stream = ", ".join(quoted(name) for name in (priced.entity, priced.stream) if name)
    told = (
        f"(SELECT {amount} = lag({amount}) OVER line AS same, date_diff('month', lag({day}) OVER line, {day}) AS months"
        f" FROM {table} WHERE {quoted(priced.entity)} IS NOT NULL"
        f" WINDOW line AS (PARTITION BY {stream} ORDER BY {day}, {amount}))"
    )
    later, repeats = ask(f"SELECT count(months), count(*) FILTER (same AND months = 1) FROM {told}")[0]
    found = int(str(repeats))
    return found if found * 2 >= int(str(later)) else 0


def _ends(ask: Ask, table: str, priced: Priced, types: Mapping[str, str]) -> bool:
    """Whether some row says by its state that what was paid is over."""
    if not priced.status or priced.status not in types:
        return False
    states = ask(f"SELECT DISTINCT CAST({quoted(priced.status)} AS VARCHAR) FROM {table}")
    return any(squeezed(str(word)) in ENDED for (word,) in states)
