"""Cells: a value that a workbook or a database holds, as the text that a CSV of the same rows would have."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from types import NoneType
from typing import Any

from shinro.warehouse.text import BROKEN

FAULT = "\ufdd1"  # a code point that no text has: it stands before a formula that has no value
SECONDS = "%s"  # `dates:` of times that are written as seconds since 1970, UTC
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def cell_text(value: Any, point: str = ".") -> str:  # noqa: ANN401 - a cell holds anything
    """A value as text: all digits of a number, no exponent; ISO 8601; bytes as the mark of what is no text.

    A float is the shortest decimal that reads back as it (0.1 is 0.1); a whole one is a whole number (123.0 is 123).
    """
    if value.__class__ is float:
        return number_text(value, point)
    return TEXTS.get(value.__class__, str)(value)


def number_text(value: float, point: str = ".") -> str:
    """A float with all the digits that it has."""
    if value.is_integer():
        return str(int(value))
    text = repr(value)
    if "e" in text:
        text = format(Decimal(text), "f")
    return text if point == "." else text.replace(".", point)


def _span(span: timedelta) -> str:
    """A length of time in hours, as `[h]:mm:ss` shows it."""
    seconds = int(span.total_seconds())
    return f"{seconds // 3600}:{seconds % 3600 // 60:02}:{seconds % 60:02}"


def _lines(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text


TEXTS: Mapping[type, Callable[[Any], str]] = {
    NoneType: lambda _: "",
    str: _lines,
    bool: lambda value: "true" if value else "false",
    date: date.isoformat,
    datetime: lambda value: value.isoformat(" "),
    timedelta: _span,
    bytes: lambda _: BROKEN,
}


def epoch_text(value: object) -> str | None:
    """Seconds since 1970 as a moment in UTC; None where it is no such number."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    try:
        moment = EPOCH + timedelta(microseconds=round(Decimal(repr(value)) * 1_000_000))
    except (OverflowError, ArithmeticError):
        return None
    return moment.replace(tzinfo=None).isoformat(" ") + "Z"
