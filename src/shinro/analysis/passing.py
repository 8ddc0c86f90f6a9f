"""Passing: a form is computed on both sides, then what a change of it brings is passed down to what it reads."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import NamedTuple, TypeAlias, cast

from shinro.analysis import shares
from shinro.analysis.forms import ONE, ZERO, Apply, Constant, Form, Product, Read, Total
from shinro.definitions.roots import compound
from shinro.findings.gaps import Why

Value: TypeAlias = Fraction | Why
PICKS = {"least": min, "greatest": max}


class Passed(NamedTuple):
    """What one step of a form brings for each unit that it moves; steps that are not reached are not named."""

    step: int
    coefficient: Fraction


def computed(steps: Form, read: Sequence[Value]) -> list[Value]:
    """The value of each step; `read` holds what its reads give, in their order. x/0 is undefined."""
    given = iter(read)
    values: list[Value] = []
    for step in steps:
        match step:
            case Read():
                values.append(next(given))
            case Constant(value):
                values.append(value)
            case Total(terms):
                values.append(_sum(terms, values))
            case Product(coefficient, factors):
                values.append(_times(coefficient, factors, values))
            case _:
                values.append(_applied(step.function, [values[at] for at in step.args], step.periods))
    return values


def _sum(terms: Sequence[tuple[int, int]], values: Sequence[Value]) -> Value:
    total = ZERO
    for at, sign in terms:
        value = values[at]
        if isinstance(value, Why):
            return _worst([values[other] for other, _ in terms])
        total = total + value if sign == 1 else total - value
    return total


def _times(coefficient: Fraction, factors: Sequence[tuple[int, int]], values: Sequence[Value]) -> Value:
    top, bottom = coefficient.numerator, coefficient.denominator
    for at, power in factors:
        value = values[at]
        if isinstance(value, Why):
            return _worst([values[other] for other, _ in factors])
        over, under = (value.numerator, value.denominator)[::power]
        top, bottom = top * over, bottom * under
    return Fraction(top, bottom) if bottom else Why.UNDEFINED


def _worst(values: Sequence[Value]) -> Why:
    """What is missing could be anything, so it hides what is undefined."""
    return Why.MISSING if Why.MISSING in values else Why.UNDEFINED


def _applied(function: str, args: Sequence[Value], periods: int) -> Value:
    known = [value for value in args if not isinstance(value, Why)]
    if function == "coalesce":
        return next((value for value in args if value is not Why.UNDEFINED), Why.UNDEFINED)
    if Why.MISSING in args:
        return Why.MISSING
    if function in PICKS:
        return PICKS[function](known) if known else Why.UNDEFINED
    if len(known) < len(args):
        return Why.UNDEFINED
    if function == "abs":
        return abs(known[0])
    if function == "positive":
        return known[0] if known[0] > 0 else Why.UNDEFINED
    found = compound(known[1], known[0], periods)
    return Why.UNDEFINED if found is None else found


def passed(steps: Form, before: Sequence[Value], after: Sequence[Value]) -> list[Passed]:
    """What each read brings to the last step, in order; a call that cannot be opened stands in place of its reads.

    `before` and `after` are the values of all steps, the last of them known.
    Law: the sum of coefficient * (after - before) is the last step's change. Cost: linear, quadratic in factors.
    """
    brings: dict[int, Fraction] = {len(steps) - 1: ONE}
    found: list[Passed] = []
    for at in range(len(steps) - 1, -1, -1):
        coefficient = brings.pop(at, None)
        if coefficient is None:
            continue
        match steps[at]:
            case Read():
                found.append(Passed(at, coefficient))
            case Constant():
                continue
            case Total(terms):
                brings.update((each, coefficient if sign == 1 else -coefficient) for each, sign in terms)
            case Product() as product:
                brings.update(_down_product(product, coefficient, before, after))
            case call:
                opened = _opened(call, before, after)
                if opened is None:
                    found.append(Passed(at, coefficient))
                else:
                    brings.update((each, coefficient * share) for each, share in opened)
    return found[::-1]


def _known(at: int, before: Sequence[Value], after: Sequence[Value]) -> tuple[Fraction, Fraction]:
    """Both sides of a step that is reached, and so known."""
    return cast(Fraction, before[at]), cast(Fraction, after[at])


def _down_product(
    product: Product, coefficient: Fraction, before: Sequence[Value], after: Sequence[Value]
) -> list[tuple[int, Fraction]]:
    """To a factor m k, to a divisor -m k / (before after), k the share of the others."""
    own = [_known(at, before, after) for at, _ in product.factors]
    moves = [
        move if power == 1 else (1 / move[0], 1 / move[1])
        for move, (_, power) in zip(own, product.factors, strict=True)
    ]
    m = product.coefficient if coefficient is ONE else coefficient * product.coefficient
    return [
        (at, (share if m is ONE else m * share) if power == 1 else -m * share / (move[0] * move[1]))
        for (at, power), move, share in zip(product.factors, own, shares.product(moves), strict=True)
    ]


def _opened(call: Apply, before: Sequence[Value], after: Sequence[Value]) -> list[tuple[int, Fraction]] | None:
    """Arguments that a call reads, with their coefficients; None where it cannot be opened exactly."""
    if call.function == "coalesce":
        first, last = (_chosen(call.args, values) for values in (before, after))
        return [(first, ONE)] if first == last else None
    if any(isinstance(values[at], Why) for at in call.args for values in (before, after)):
        return None
    found = _coefficients(call, [_known(at, before, after) for at in call.args])
    return None if found is None else list(zip(call.args, found, strict=True))


def _coefficients(call: Apply, moves: Sequence[tuple[Fraction, Fraction]]) -> list[Fraction] | None:
    match call.function:
        case "greatest":
            return shares.greatest(moves)
        case "least":
            return shares.greatest([(-first, -last) for first, last in moves])
        case "positive":
            return [ONE]
        case "abs":
            ((first, last),) = moves
            return [shares.secant(first, last, abs(first), abs(last), Fraction((first > 0) - (first < 0)))]
        case _:
            return _grown(moves, call.periods)


def _chosen(args: Sequence[int], values: Sequence[Value]) -> int:
    """The argument that `coalesce` takes."""
    return next(at for at in args if values[at] is not Why.UNDEFINED)


def _grown(moves: Sequence[tuple[Fraction, Fraction]], periods: int) -> list[Fraction] | None:
    """Of cmgr(now, then): its value with neither, the first, the second and both of them moved."""
    now, then = moves
    corners = [compound(then[second], now[first], periods) for first, second in ((0, 0), (1, 0), (0, 1), (1, 1))]
    known = [corner for corner in corners if corner is not None]
    return shares.of_two(known, moves) if len(known) == len(corners) else None
