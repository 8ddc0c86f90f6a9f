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
