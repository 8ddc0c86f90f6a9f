"""Cells: a value that a workbook or a database holds, as the text that a CSV of the same rows would have."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from math import isfinite

from shinro.warehouse.text import BROKEN

FAULT = "\ufdd1"  # a code point that no text has: it stands before a formula that has no value
SECONDS = "%s"  # `dates:` of times that are written as seconds since 1970, UTC
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def cell_text(value: object, point: str = ".") -> str:
    """A value as text: all digits of a number, no exponent; ISO 8601; bytes as the mark of what is no text.

    A float is the shortest decimal that reads back as it (0.1 is 0.1); a whole one is a whole number (123.0 is 123).
    """
    if value is None:
        return ""
    if isinstance(value, str):
        return value.replace("\r\n", "\n").replace("\r", "\n")
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, float):
        return number_text(value, point)
    if isinstance(value, datetime):
        return value.isoformat(" ")
    return str(value) if isinstance(value, timedelta) else _day_text(value)


def _day_text(value: object) -> str:
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, bytes):
        return BROKEN
    return str(value)


def number_text(value: float, point: str = ".") -> str:
    """A float with all the digits that it has."""
    if not isfinite(value):
        return str(value)
    if value.is_integer():
        return str(int(value))
    return format(Decimal(repr(value)), "f").replace(".", point)


def epoch_text(value: object) -> str | None:
    """Seconds since 1970 as a moment in UTC; None where it is no such number."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    try:
        moment = EPOCH + timedelta(microseconds=round(Decimal(repr(value)) * 1_000_000))
    except (OverflowError, ArithmeticError):
        return None
    return moment.replace(tzinfo=None).isoformat(" ") + "Z"
