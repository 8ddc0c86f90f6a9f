"""Forms: a formula flattened into sums and products, in the order in which they are computed.

Nested sums become one sum and nested products and quotients one product, so that `a * b * c` has three factors that
come in together, whatever its parentheses; numbers are gathered into a product's coefficient. A form is a list of
steps, each of which reads earlier ones: it is computed from its first step to its last, and a change is passed down
from its last to its first, without recursion. Cost: linear in the formula.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import NamedTuple, TypeAlias

from shinro.definitions.expression import Binary, Call, Name, Negative, Node, Number, children
from shinro.findings.gaps import Kind

ONE = Fraction(1)
ZERO = Fraction(0)
PREVIOUS = "previous"


class Read(NamedTuple):
    """A metric is read, `back` periods earlier than the node whose formula this is.

    A rate between stages that take time is read from its two parts, each in a period of its own.
    """

    name: str
    kind: Kind = Kind.METRIC
    back: int = 0
    parts: tuple[str, str] | None = None
    base_back: int = 0


class Constant(NamedTuple):
    """A number."""

    value: Fraction


class Total(NamedTuple):
    """Terms that are added, each with its sign."""

    terms: tuple[tuple[int, int], ...]


class Product(NamedTuple):
    """A number times factors, each with its power, 1 or -1."""

    coefficient: Fraction
    factors: tuple[tuple[int, int], ...]


class Apply(NamedTuple):
    """A function of steps; `node` is what it was written as, `periods` the n of cmgr(x, n)."""

    function: str
    args: tuple[int, ...]
    node: Call
    periods: int = 0


Step: TypeAlias = Read | Constant | Total | Product | Apply
Form: TypeAlias = tuple[Step, ...]


@dataclass(slots=True)
class _Loose:
    """What is not written down yet, so that more can join it: terms, or a coefficient and factors."""

    terms: list[tuple[int, int]] | None = None
    factors: list[tuple[int, int]] = field(default_factory=list)
    coefficient: Fraction = ONE


def form(node: Node, own: str) -> Form:
    """The steps of a formula of the metric `own`; the last one is its value. Raises TypeError where it is none."""
    steps: list[Step] = []
    done: list[_Loose] = []
    waiting: list[tuple[Node, bool]] = [(node, False)]
    while waiting:
        part, ready = waiting.pop()
        if ready or not isinstance(part, Binary | Negative | Call) or _looks_back(part):
            done.append(_joined(part, own, done, steps))
            continue
        waiting.append((part, True))
        waiting.extend((inner, False) for inner in reversed(children(part)))
    last = _written(done.pop(), steps)
    return tuple(steps) if last == len(steps) - 1 else (*steps, Product(ONE, ((last, 1),)))


def _looks_back(node: Node) -> bool:
    return isinstance(node, Call) and node.function in (PREVIOUS, "mean", "cmgr")


def _joined(node: Node, own: str, done: list[_Loose], steps: list[Step]) -> _Loose:
    match node:
        case Number(value):
            return _Loose(coefficient=value)
        case Name():
            return _read(Read(own, Kind.PREVIOUS, 1) if node.path == PREVIOUS else Read(node.path), steps)
        case Negative():
            return _turned(done.pop())
        case Binary(op):
            right, left = done.pop(), done.pop()
            return _product(left, right, op, steps) if op in "*/" else _total(left, right, op, steps)
        case Call(function, (Name() as name, *periods)) if _looks_back(node):
            return _earlier(node, function, name.path, _count(periods), steps)
        case Call(function, args):
            read = [_written(each, steps) for each in done[len(done) - len(args) :]]
            del done[len(done) - len(args) :]
            return _step(Apply(function, tuple(read), node), steps)
        case _:
            raise TypeError(node)


def _count(periods: Sequence[Node]) -> int:
    return int(periods[0].value) if periods and isinstance(periods[0], Number) else 1


def _earlier(node: Call, function: str, name: str, periods: int, steps: list[Step]) -> _Loose:
    """`previous`, `mean` and `cmgr` as what they read."""
    if function == PREVIOUS:
        return _read(Read(name, Kind.PREVIOUS, periods), steps)
    if function == "cmgr":
        read = (_put(Read(name), steps), _put(Read(name, Kind.PREVIOUS, periods), steps))
        return _step(Apply(function, read, node, periods), steps)
    now = _put(Read(name), steps)
    past = [_put(Read(name, Kind.PREVIOUS, back), steps) for back in range(1, periods)]
    total = _put(Total(tuple((each, 1) for each in (now, *past))), steps)
    return _Loose(factors=[(total, 1)], coefficient=Fraction(1, periods))


def _put(step: Step, steps: list[Step]) -> int:
    steps.append(step)
    return len(steps) - 1


def _step(step: Step, steps: list[Step]) -> _Loose:
    return _Loose(factors=[(_put(step, steps), 1)])


def _read(read: Read, steps: list[Step]) -> _Loose:
    return _step(read, steps)


def _written(loose: _Loose, steps: list[Step]) -> int:
    """Where it stands among the steps."""
    if loose.terms is not None:
        return _put(Total(tuple(loose.terms)), steps)
    if not loose.factors:
        return _put(Constant(loose.coefficient), steps)
    if loose.coefficient == 1 and len(loose.factors) == 1 and loose.factors[0][1] == 1:
        return loose.factors[0][0]
    return _put(Product(loose.coefficient, tuple(loose.factors)), steps)


def _turned(loose: _Loose) -> _Loose:
    if loose.terms is None:
        loose.coefficient = -loose.coefficient
    else:
        loose.terms = [(each, -sign) for each, sign in loose.terms]
    return loose


def _total(left: _Loose, right: _Loose, op: str, steps: list[Step]) -> _Loose:
    terms, more = (each.terms if each.terms is not None else [(_written(each, steps), 1)] for each in (left, right))
    terms.extend(more if op == "+" else [(each, -sign) for each, sign in more])
    return _Loose(terms)


def _product(left: _Loose, right: _Loose, op: str, steps: list[Step]) -> _Loose:
    left, right = (
        each if each.terms is None else _Loose(factors=[(_written(each, steps), 1)]) for each in (left, right)
    )
    if op == "*":
        if right.coefficient is not ONE:
            left.coefficient *= right.coefficient
        left.factors.extend(right.factors)
        return left
    left.factors.extend((each, -power) for each, power in right.factors)
    if right.coefficient:
        left.coefficient = left.coefficient if right.coefficient is ONE else left.coefficient / right.coefficient
    else:
        left.factors.append((_put(Constant(ZERO), steps), -1))
    return left


def reads(steps: Form) -> list[Read]:
    """What a form reads, as often as it stands there, from left to right."""
    return [step for step in steps if isinstance(step, Read)]


def lagged(steps: Form, lags: Mapping[str, int], rates: Mapping[str, tuple[str, str]]) -> Form:
    """The form with drivers read so many periods earlier, and rates of one product read so that they still cancel.

    Along `calls * reply_rate * appointment_rate` with calls and reply_rate two weeks earlier, the appointment rate is
    made of today's meetings and the replies of two weeks ago: its denominator is read when the product brings it.
    """
    if not lags:
        return steps
    moved = {
        at: step._replace(back=step.back + lags.get(step.name, 0))
        for at, step in enumerate(steps)
        if isinstance(step, Read) and step.kind is Kind.METRIC
    }
    for step in steps:
        if isinstance(step, Product):
            factors = [(at, moved[at]) for at, power in step.factors if power == 1 and at in moved]
            moved.update(_cancelling(factors, lags, rates))
    return tuple(moved.get(at, step) for at, step in enumerate(steps))


def _cancelling(
    factors: list[tuple[int, Read]], lags: Mapping[str, int], rates: Mapping[str, tuple[str, str]]
) -> dict[int, Read]:
    """Rates whose denominator is read in another period than they: in that of the factor that brings it."""
    brought = {rates[read.name][0] if read.name in rates else read.name: read.back for _, read in factors}
    found = {}
    for at, read in factors:
        if read.name in rates:
            base_back = brought.get(rates[read.name][1], lags.get(rates[read.name][1], read.back))
            if base_back != read.back:
                found[at] = read._replace(parts=rates[read.name], base_back=base_back)
    return found
