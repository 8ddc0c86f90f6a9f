"""Times: how many times the root is what it was, as a product of its drivers' factors (LMDI-I).

A factor is exp(w ln(after / before)), added over a driver's places. The weight w is 1 at the root; a factor of a
product keeps its parent's, a divisor turns its sign, a term of a sum gets its parent's times L(term) / L(sum), L being
the logarithmic mean (after - before) / (ln after - ln before), the value itself where it rests. Amounts are the root's
L times the logarithm of the factor.

It tells "three times, of which 1.5 by calls"; where amounts are told, `decompose` is the one to use. There is nothing
to tell in times where a number is 0 or below, or the tree holds more than sums, products and quotients.

Units: factors are plain numbers, amounts in the root's unit, both Decimals that come out the same on every machine.
Laws: the factors' product is the ratio, the amounts' sum the change, up to the 28th digit. Cost: linear in the tree.
Source: B. W. Ang, Energy Policy 33 (2005) P867-871, doi:10.1016/j.enpol.2003.10.010 (formulas 4 and 5 there).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Context, Decimal
from fractions import Fraction
from typing import cast

from shinro.analysis.decompose import Reader, Tree, opened_below
from shinro.analysis.forms import Apply, Form, Product, Read, Total
from shinro.analysis.opening import Opened
from shinro.analysis.passing import Value, computed
from shinro.definitions import printing
from shinro.findings.gaps import Factor, Hurdle, Kind, NotTimes, Times, Why

EXACT = Context(prec=40)
TOLD = Context(prec=28)
NOTHING = Decimal(0)


class _NoTimes(Exception):  # noqa: N818 - internal signal: it becomes an answer
    """It cannot be told in times; it holds why."""

    def __init__(self, why: NotTimes) -> None:
        self.why = why


def times(tree: Tree, root: str, before: Reader, after: Reader) -> Times | NotTimes:
    """The root's ratio as a product of its drivers' factors; or what is not above 0, or cannot be opened."""
    nodes, _ = opened_below(tree, root, before, after)
    try:
        logs = dict(_logs(nodes))
        first, last = _both(nodes[-1])
    except _NoTimes as found:
        return found.why
    whole = _mean(first, last)
    factors = tuple(
        Factor(name, kind, TOLD.plus(EXACT.exp(log)), TOLD.plus(EXACT.multiply(whole, log)), back)
        for (name, kind, back), log in logs.items()
    )
    return Times(last / first, factors)


def _logs(nodes: Sequence[Opened]) -> Iterator[tuple[tuple[str, Kind, int], Decimal]]:
    """The logarithm of each driver's factor, in order. A node that is not what its parts give is a driver itself."""
    weights: list[Decimal | None] = [None] * len(nodes)
    weights[-1] = Decimal(1)
    found: dict[tuple[str, Kind, int], Decimal] = {}
    for at in range(len(nodes) - 1, -1, -1):
        node, weight = nodes[at], weights[at]
        if weight is None:
            continue
        moved = _log(*_both(node))
        if node.brings is None or node.given != node.own:
            key = (node.key.name, node.key.kind, node.key.back if node.key.kind is Kind.PREVIOUS else 0)
            found[key] = EXACT.fma(weight, moved, found.get(key, NOTHING))
            continue
        for part, share in _passed(node, nodes, weight):
            weights[part] = EXACT.add(weights[part] or NOTHING, share)
    return iter([(key, found[key]) for key in reversed(found)])


def _both(node: Opened) -> tuple[Fraction, Fraction]:
    for after, side in enumerate(node.own):
        if isinstance(side, Why):
            raise _NoTimes(NotTimes(node.key.name, None, bool(after), Hurdle.UNKNOWN))
        if side <= 0:
            raise _NoTimes(NotTimes(node.key.name, side, bool(after)))
    return node.known or (Fraction(0), Fraction(0))


def _passed(node: Opened, nodes: Sequence[Opened], weight: Decimal) -> Iterator[tuple[int, Decimal]]:
    """Weights of what a node reads, by place; each of those must be above 0 itself."""
    for part in node.below:
        _both(nodes[part])
    first = computed(node.steps, [nodes[each].own.before for each in node.below])
    last = computed(node.steps, [nodes[each].own.after for each in node.below])
    weights = _down(node.key.name, node.steps, first, last, weight)
    reads = [at for at, step in enumerate(node.steps) if isinstance(step, Read)]
    for at, part in zip(reads, node.below, strict=True):
        yield part, weights.get(at, NOTHING)


def _down(name: str, steps: Form, first: Sequence[Value], last: Sequence[Value], weight: Decimal) -> dict[int, Decimal]:
    weights = {len(steps) - 1: weight}
    for at in range(len(steps) - 1, -1, -1):
        step, own = steps[at], weights.get(at, NOTHING)
        match step:
            case Total(terms):
                whole = _level(name, first[at], last[at])
                for part, sign in terms:
                    share = EXACT.divide(_level(name, first[part], last[part]), whole)
                    weights[part] = EXACT.multiply(own, share if sign == 1 else -share)
            case Product(_, factors):
                weights.update((part, own if power == 1 else -own) for part, power in factors)
            case Apply(_, _, call):
                raise _NoTimes(NotTimes(printing.text(call), None, after=False, why=Hurdle.CALL))
    return weights


def _level(name: str, first: Value, last: Value) -> Decimal:
    """The logarithmic mean of two numbers, known where they are reached; they must be on one side of 0."""
    before, after = cast(Fraction, first), cast(Fraction, last)
    if before * after <= 0:
        raise _NoTimes(NotTimes(name, after if after <= 0 else before, after <= 0, Hurdle.TERM))
    return _mean(before, after)


def _mean(first: Fraction, last: Fraction) -> Decimal:
    return _decimal(first) if first == last else EXACT.divide(_decimal(last - first), _log(first, last))


def _log(first: Fraction, last: Fraction) -> Decimal:
    return EXACT.ln(_decimal(last / first))


def _decimal(number: Fraction) -> Decimal:
    return EXACT.divide(Decimal(number.numerator), Decimal(number.denominator))
