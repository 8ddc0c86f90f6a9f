"""Exchange: money that moved in several currencies -> a bridge in the company's own, with a line for the rates.

Law: in every period, opening + movements + fx = closing. Movements are at the rate of the period's end, what was open
at that of the end before; fx is what the change of rate made of what was open.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, timedelta
from fractions import Fraction

from shinro.queries.terms import MONEY_MOVES, MOVES, SCALE, Terms
from shinro.units import minor_digits
from shinro.warehouse.frame import Frame, Row, exact
from shinro.warehouse.recurring import NOTHING, STOCKS, Bridge

ZERO = Fraction(0)
Rate = Callable[[str, date], Fraction | None]  # a currency, a day -> what one of it is worth
Moved = dict[str, Fraction]


def rate_of(own: str, told: Mapping[str, Sequence[tuple[date, Fraction | None]]]) -> Rate:
    """The rate of a day: the last that was told up to it; none before the first. Cost: a search by halves."""
    known = {code: sorted((day, rate) for day, rate in rows if rate is not None) for code, rows in told.items()}
    days = {code: [day for day, _ in rows] for code, rows in known.items()}

    def rate(code: str, day: date) -> Fraction | None:
        if code == own:
            return Fraction(1)
        at = bisect_right(days.get(code, []), day)
        return known[code][at - 1][1] if at else None

    return rate


def exchanged(frame: Frame, rows: Iterable[Row], terms: Terms, rate: Rate, as_of: date) -> list[Bridge]:
    """Every period of a frame with what stood before it, what moved in it, and what the rates made of it.

    A row is the period's ordinal, dimensions, the currency (none for companies), then `MOVES`.
    """
    waiting = sorted(((int(row[0]), row) for row in rows), key=lambda each: each[0])  # type: ignore[call-overload]
    standing: dict[str | None, Moved] = {}
    at, made = 0, []
    for period, _, number in frame.each:
        while at < len(waiting) and waiting[at][0] < number:
            _add(standing, *_read(waiting[at][1], terms))
            at += 1
        moved: dict[str | None, Moved] = {}
        for n in range(at, len(waiting)):
            if waiting[n][0] != number:
                break
            _add(moved, *_read(waiting[n][1], terms))
        made.append(_bridge(standing, moved, rate, period.start - timedelta(days=1), min(period.last, as_of)))
    return made


def _read(row: Row, terms: Terms) -> tuple[str | None, Moved]:
    code = row[-len(MOVES) - 1]
    known = None if code is None else str(code)
    places = minor_digits(known) if known and terms.in_minor else terms.places
    numbers = [exact(number) or ZERO for number in row[-len(MOVES) :]]
    unit = SCALE * 10**places
    return known, {
        name: number / unit if name in MONEY_MOVES else number for name, number in zip(MOVES, numbers, strict=True)
    }


def _add(into: dict[str | None, Moved], code: str | None, moved: Moved) -> None:
    known = into.setdefault(code, dict(NOTHING))
    for name, number in moved.items():
        known[name] += number


def _bridge(
    standing: Mapping[str | None, Moved], moved: Mapping[str | None, Moved], rate: Rate, before: date, end: date
) -> Bridge:
    counts = standing.get(None, NOTHING)
    opening, found = {stock: counts[stock] for stock in STOCKS}, dict(moved.get(None, NOTHING))
    fx, rated = ZERO, True
    for code in dict.fromkeys([*standing, *moved]):
        if code is None:
            continue
        was, moves = standing.get(code, NOTHING)["mrr"], moved.get(code, NOTHING)
        first, last = rate(code, before), rate(code, end)
        if (was and first is None) or (last is None and (was or any(moves.values()))):
            rated = False
            continue
        opening["mrr"] += was * (first or 0)
        fx += was * ((last or 0) - (first or 0)) if was else ZERO
        for name in MONEY_MOVES:
            found[name] += moves[name] * (last or 0)
    return Bridge(opening, found, fx, rated)
