"""Drafts, writers and books for the tests of the record."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from fractions import Fraction
from functools import cache
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from checking import assert_said
from shinro.entries import Draft, Figure, Input, Kind, Origin
from shinro.periods import Calendar, Grain
from shinro.problems import CannotGoOn
from shinro.record.book import write
from shinro.record.keys import Writer
from shinro.record.verify import Verdict
from shinro.series import Mark, Segment

NOW = datetime(2026, 10, 2, 9, 30, 0, tzinfo=UTC)
TABLE = Input("leads", ("a" * 64, "b" * 64), "c" * 64, 1234)
ORIGIN = Origin("d" * 64, (TABLE,), date(2026, 10, 1), "0.1.0", "duckdb 2.0.1", "e" * 40)


@cache
def a_key(number: int = 1) -> Ed25519PrivateKey:
    return Ed25519PrivateKey.from_private_bytes(bytes([number]) * 32)


def a_writer(*numbers: int, actor: str = "田中") -> Writer:
    return Writer(actor, tuple(a_key(number) for number in numbers or (1,)))


def a_report(
    metric: str,
    month: int,
    value: Fraction | int | None = 12,
    *,
    segment: Segment = (),
    texts: dict[str, str] | None = None,
) -> Draft:
    period = Calendar().period(date(2026, month, 1), Grain.MONTH)
    number = None if value is None else Fraction(value)
    figure = Figure(number, "count:leads", Mark.COMPLETE)
    return Draft(
        kind=Kind.REPORT, subject=metric, grain=Grain.MONTH, period=period, segment=segment, figure=figure,
        origin=ORIGIN, texts=texts or {},
    )  # fmt: skip


def a_restatement(of: Draft, seq: int, value: Fraction | int, reason: str = "重複した行を除いた") -> Draft:
    assert of.figure
    figure = replace(of.figure, value=Fraction(value))
    return replace(of, kind=Kind.RESTATE, figure=figure, replaces=seq, texts={"reason": reason})


def a_book(folder: Path, sizes: Sequence[int], *, metric: str = "leads") -> Path:
    """A book with as many writings as sizes, each of so many months of another metric."""
    store = folder / "record"
    for n, size in enumerate(sizes):
        drafts = [
            a_report(f"{metric}{n}", month, 10 * n + month, texts={"note": f"メモ{n}"}) for month in range(1, size + 1)
        ]
        write(store, drafts, a_writer(), NOW)
    return store


def codes(found: Verdict) -> list[str]:
    return [each.code for each in found.problems]


def stopped(stop: pytest.ExceptionInfo[CannotGoOn]) -> str:
    """The codes of a stop, each with its sentences in both languages."""
    for each in stop.value.problems:
        assert_said(each)
    return " ".join(each.code for each in stop.value.problems)
