"""Recurring: the movements that a scan found -> the points of each part of a recurring metric, exactly."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction

from shinro.definitions.metric import PARTS
from shinro.queries.terms import MONEY_MOVES, MOVES, SCALE
from shinro.series import Mark, Point
from shinro.warehouse.frame import Frame, Row, exact

ZERO = Fraction(0)
STOCKS = ("mrr", "companies", "trials")


@dataclass(frozen=True, slots=True)
class Bridge:
    """One period: what stood before it, and what moved in it."""

    opening: Mapping[str, Fraction]
    moved: Mapping[str, Fraction]
    fx: Fraction = Fraction(0)  # what rates of exchange made of what was open
    rated: bool = True  # whether there is a rate for all that it holds

    @property
    def base(self) -> Fraction:
        """What was open, at the rates of its end: what is lost of it can be no more."""
        return self.opening["mrr"] + self.fx

    def closing(self, stock: str) -> Fraction:
        """What stands at its end."""
        return self.opening[stock] + self.moved[stock] + (self.fx if stock == "mrr" else 0)

    @property
    def lost(self) -> Fraction:
        """MRR that was open and is not paid any more: gone with its company or cut."""
        return self.moved["contraction"] + self.moved["churned_mrr"]

    @property
    def won(self) -> Fraction:
        """MRR that was not paid before."""
        return self.moved["new_mrr"] + self.moved["reactivation"] + self.moved["expansion"]


Parts = Callable[[Bridge], tuple[Fraction, Fraction]]

# Rate -> its exact numerator and denominator.
RATES: Mapping[str, Parts] = {
    "arpa": lambda b: (b.closing("mrr"), b.closing("companies")),
    "nrr": lambda b: (b.base + b.moved["expansion"] - b.lost, b.base),
    "grr": lambda b: (b.base - b.lost, b.base),
    "quick_ratio": lambda b: (b.won, b.lost),
    "churn_rate": lambda b: (b.moved["churned_companies"], b.opening["companies"]),
    "mrr_churn_rate": lambda b: (b.lost, b.base),
    "trial_to_paid": lambda b: (b.moved["trials_paid"], b.moved["trials_ended"]),
}


def points_of(part: str, frame: Frame, found: Iterable[Bridge]) -> tuple[Point, ...]:
    """The points of a part, from what every period of a frame holds; a rate's with its exact parts."""
    return tuple(_point(part, point, bridge) for point, bridge in zip(_empty(frame), found, strict=True))


def _empty(frame: Frame) -> list[Point]:
    return [Point(period, None, mark) for period, mark, _ in frame.each]


def _point(part: str, at: Point, bridge: Bridge) -> Point:
    if at.mark is Mark.UNKNOWN or not (bridge.rated or PARTS[part][1] == "companies"):
        return at
    if part == "fx":
        return at._replace(value=bridge.fx)
    if part in RATES:
        over, base = RATES[part](bridge)
        return at._replace(value=over / base if base else None, over=over, base=base)
    if part == "arr":
        return at._replace(value=bridge.closing("mrr") * 12)
    return at._replace(value=bridge.closing(part) if part in STOCKS else bridge.moved[part])


def bridges(frame: Frame, found: Mapping[int, Row], minor: int) -> list[Bridge]:
    """Every period of a frame with what stood before it and what moved in it. Cost: linear in periods and rows.

    `minor` is the currency's number of decimal places.
    """
    moves = sorted(found.items())
    standing, at, made = dict.fromkeys(STOCKS, ZERO), 0, []
    for _, _, number in frame.each:
        while at < len(moves) and moves[at][0] < number:
            standing = _after(standing, _moved(moves[at][1], minor))
            at += 1
        made.append(Bridge(standing, _moved(found.get(number), minor)))
    return made


def _after(standing: Mapping[str, Fraction], moved: Mapping[str, Fraction]) -> dict[str, Fraction]:
    return {stock: standing[stock] + moved[stock] for stock in STOCKS}


def _moved(row: Row | None, minor: int) -> Mapping[str, Fraction]:
    if row is None:
        return NOTHING
    numbers = [exact(number) or ZERO for number in row[-len(MOVES) :]]
    unit = SCALE * 10**minor
    return {name: number / unit if name in MONEY_MOVES else number for name, number in zip(MOVES, numbers, strict=True)}


NOTHING: Mapping[str, Fraction] = dict.fromkeys(MOVES, ZERO)
