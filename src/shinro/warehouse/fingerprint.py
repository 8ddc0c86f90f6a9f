"""Fingerprints: the same inputs, asked the same, have the same; so what was made of them need not be made again."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import astuple

from shinro.loads import ColumnPlan, TablePlan

FORMAT = 7  # raise it when the same inputs become other rows


def digest(*parts: object) -> str:
    """The sha256, in hex, of values as canonical JSON."""
    text = json.dumps(parts, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def normal_form(plan: TablePlan) -> list[object]:
    """All in the plan that decides what its rows are; places, names of files and the order of columns do not count."""
    source = plan.source
    columns = sorted((column.name, column.header, column.role.value, *_more(column)) for column in plan.columns)
    return [
        columns,
        source.encoding,
        source.timezone,
        source.dates,
        source.numbers,
        source.currency,
        plan.key,
        plan.row,
        *([list(plan.wide)] if plan.wide else []),
    ]


def _more(column: ColumnPlan) -> Iterator[str]:
    if column.payer:
        yield "payer"
    if column.scale != 1:
        yield f"times {column.scale} but for own units"


def fingerprint(plan: TablePlan, inputs: Sequence[Sequence[str]], form: int = FORMAT) -> str:
    """Of the inputs (kind, sha256 and shape of each, oldest first) and of the plan's normal form."""
    return digest(form, [list(one) for one in inputs], normal_form(plan))


def question(plan: TablePlan, names: Sequence[str], zone: str) -> str:
    """Of what is asked about the rows, on whatever day, beside the rows themselves."""
    times = [plan.key, plan.time, list(plan.times), list(plan.planned), plan.starts, plan.ends]
    times += [plan.amount] if plan.amount else []
    priced = [list(astuple(plan.priced))] if plan.priced else []
    happened = [[list(astuple(each)) for each in plan.happened]] if plan.happened else []
    return digest(FORMAT, times, *priced, *happened, list(names), zone)
