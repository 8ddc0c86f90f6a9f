"""Shares: how much of a change each argument of a function brings, exactly, whatever the order they come in.

All are Shapley values: the mean, over every order in which the arguments could have moved one by one, of what each
brings when it moves. A coefficient is what an argument brings for each unit that it moved itself.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from functools import lru_cache
from itertools import pairwise
from math import factorial, prod
from operator import mul

ZERO = Fraction(0)
ONE = Fraction(1)
HALF = Fraction(1, 2)
Move = tuple[Fraction, Fraction]  # before, after


def product(moves: Sequence[Move]) -> list[Fraction]:
    """Each factor's coefficient in a product: the integral over t in 0..1 of the others at (1 - t) before + t after.

    Law: the sum of coefficient * (after - before) is the product's change. Cost: quadratic in the factors, in integers.
    Source: the multilinear extension, G. Owen, Management Science 18 (1972) P64-79, doi:10.1287/mnsc.18.5.64.2.
    """
    count = len(moves)
    if count == 1:
        return [ONE]
    lines, bases = zip(*map(_line, moves), strict=True)
    if count == 2:  # noqa: PLR2004 - what is usual, without polynomials
        return [Fraction(sum(lines[1 - n]), 2 * bases[1 - n]) for n in range(count)]
    base = prod(bases)
    still = [n for n, line in enumerate(lines) if line == (0, 0)]
    if len(still) > 1:
        return [ZERO] * count
    whole = _multiplied([line for line in lines if line != (0, 0)])
    if still:
        return [_integral(whole, base // bases[n]) if n == still[0] else ZERO for n in range(count)]
    return [_integral(_divided(whole, line), base // bases[n]) for n, line in enumerate(lines)]


def _line(move: Move) -> tuple[tuple[int, int], int]:
    """Both sides in whole numbers, and what they are to be divided by."""
    (before, under), (after, base) = (side.as_integer_ratio() for side in move)
    return (before * base, after * under), under * base


def _multiplied(lines: Sequence[tuple[int, int]]) -> list[int]:
    """The product of u s + v t over all lines: coefficients of s**(n-k) t**k for k = 0..n."""
    found = [1]
    for u, v in lines:
        found = [
            u * (found[k] if k < len(found) else 0) + v * (found[k - 1] if k else 0) for k in range(len(found) + 1)
        ]
    return found


def _divided(whole: Sequence[int], line: tuple[int, int]) -> list[int]:
    """The polynomial without one of its lines; it divides evenly, since the rest has whole coefficients."""
    u, v = line
    if not u:
        return [each // v for each in whole[1:]]
    found: list[int] = []
    for each in whole[:-1]:
        found.append((each - (v * found[-1] if found else 0)) // u)
    return found


def _integral(polynomial: Sequence[int], base: int) -> Fraction:
    """Over t in 0..1 with s = 1 - t: s**(m-k) t**k is k! (m-k)! / (m+1)!."""
    weights, whole = _weights(len(polynomial) - 1)
    return Fraction(sum(map(mul, polynomial, weights)), whole * base)


@lru_cache(maxsize=64)
def _weights(degree: int) -> tuple[tuple[int, ...], int]:
    return tuple(factorial(k) * factorial(degree - k) for k in range(degree + 1)), factorial(degree + 1)


def greatest(moves: Sequence[Move]) -> list[Fraction]:
    """Each argument's coefficient in `greatest`.

    Between two neighbouring levels the greatest is either above or not, so who moves it is counted level by level. One
    that did not move has the mean of what it would bring a little above and a little below. Cost: quadratic.
    """
    levels = sorted({level for move in moves for level in move})
    found = [ZERO] * len(moves)
    for low, high in pairwise(levels):
        for n, part in _moving([(before >= high) - (after >= high) for before, after in moves], moves, high):
            found[n] += part * (high - low)
    return [
        brought / (after - before) if before != after else _resting(n, moves)
        for n, ((before, after), brought) in enumerate(zip(moves, found, strict=True))
    ]


def _moving(falls: list[int], moves: Sequence[Move], level: Fraction) -> list[tuple[int, Fraction]]:
    """Who lifts the greatest above a level, and who drops it: 1 falls below it, -1 rises above it."""
    if any(before >= level and after >= level for before, after in moves):
        return []
    down, up = falls.count(1), falls.count(-1)
    return [(n, -_last(down, up) if fall == 1 else _last(up, down)) for n, fall in enumerate(falls) if fall]


def _last(own: int, others: int) -> Fraction:
    """The share of orders in which one of `own` decides: a riser after all that fall, a faller before all risers."""
    return Fraction(factorial(others) * factorial(own - 1), factorial(own + others))


def _resting(at: int, moves: Sequence[Move]) -> Fraction:
    here = moves[at][0]
    others = [move for n, move in enumerate(moves) if n != at]
    above = [(before > here, after > here) for before, after in others]
    below = [(before >= here, after >= here) for before, after in others]
    return (_alone(above) + _alone(below)) / 2


def _alone(sides: list[tuple[bool, bool]]) -> Fraction:
    """The share of orders in which none of the others is above when one comes."""
    if (True, True) in sides:
        return ZERO
    return _last(1 + sides.count((False, True)), sides.count((True, False)))


def secant(before: Fraction, after: Fraction, at_before: Fraction, at_after: Fraction, resting: Fraction) -> Fraction:
    """The coefficient of a function of one argument."""
    return (at_after - at_before) / (after - before) if after != before else resting


def of_two(corners: Sequence[Fraction], moves: Sequence[Move]) -> list[Fraction]:
    """Coefficients of a function of two arguments by its value at (before, before), (after, b), (b, after), (a, a)."""
    both_before, first, second, both_after = corners
    brought = ((first - both_before + both_after - second) / 2, (second - both_before + both_after - first) / 2)
    return [
        part / (after - before) if after != before else ZERO
        for part, (before, after) in zip(brought, moves, strict=True)
    ]
