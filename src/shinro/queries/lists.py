"""Lists: a table whose rows of each day or month are all that is paid, as periods up to the next list.

Law: it is what periods say that are written out, a row a customer and list. Cost: the days that there are, sorted; a
look-up a row.
"""

from __future__ import annotations

from typing import Any, Literal

import ibis

from shinro.queries.local_day import day_literal
from shinro.queries.scans import Scan

Table = Any


def until_the_next_list(rows: Table, scan: Scan, of: Literal["day", "month"]) -> Table:
    """Rows with `day`, the first of their list, and `to`, that of the next (null: it is the last).

    A list is there where any row of somebody is, whatever a metric's filter keeps of it; a day or month without rows
    has none. Rows after the scan's last day are of no list yet.
    """
    rows = rows.filter(rows.kept) if "kept" in rows.columns else rows
    if scan.last:
        rows = rows.filter(rows.day <= day_literal(scan.last))
    # Not truncated: that gives a moment where the engine has it so, and days between moments are no whole number.
    rows = rows.mutate(day=ibis.date(rows.day.year(), rows.day.month(), 1)) if of == "month" else rows
    days = rows.select(listed=rows.day).distinct()
    days = days.mutate(to=days.listed.lead().over(ibis.window(order_by=days.listed)))
    return rows.left_join(days, rows.day == days.listed).drop("listed")
