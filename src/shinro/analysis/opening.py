"""Opening: one node of the tree on both sides: what it says itself, what its parts give, and what each part brings."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import NamedTuple

from shinro.analysis.forms import ZERO, Apply, Form, Product, Read
from shinro.analysis.passing import Value, computed, passed
from shinro.definitions import printing
from shinro.findings.gaps import Kind, Why


class Sides(NamedTuple):
    """A value before and after."""

    before: Value
    after: Value


class Brings(NamedTuple):
    """A part in one place, and what it brings for each unit that it moves: a node by its place, or a call."""

    coefficient: Fraction
    part: int
    call: Opened | None = None


class Opened(NamedTuple):
    """One node: what it says (else what its parts give), what they give, and what they bring where all is known.

    `known` are both sides, where both are known. Nodes stand in a list, what is below first; `below` are places there.
    """

    key: Read
    own: Sides
    known: tuple[Fraction, Fraction] | None
    given: Sides | None = None  # None: it has no formula
    below: tuple[int, ...] = ()
    brings: tuple[Brings, ...] | None = None
    steps: Form = ()


def opened(key: Read, own: Sides, steps: Form | None, below: tuple[int, ...], nodes: Sequence[Opened]) -> Opened:
    """A node of which all that it reads is opened already."""
    if steps is None:
        return Opened(key, own, known(own))
    first = computed(steps, [nodes[each].own.before for each in below])
    last = computed(steps, [nodes[each].own.after for each in below])
    held_first, held_last = _held(steps, own.before, first, last), _held(steps, own.after, last, first)
    first, last = held_first or first, held_last or last
    given = Sides(first[-1], last[-1])
    sides = Sides(_said(own.before, given.before), _said(own.after, given.after))
    both = known(sides)
    if both is None or known(given) is None:
        return Opened(key, sides, both, given, below)
    return Opened(key, sides, both, given, below, tuple(_brings(key, steps, below, first, last)), steps)


def known(sides: Sides) -> tuple[Fraction, Fraction] | None:
    """Both sides, where both are known."""
    before, after = sides
    return None if isinstance(before, Why) or isinstance(after, Why) else (before, after)


def _said(own: Value, given: Value) -> Value:
    """A node's own number, else what its parts give."""
    return own if isinstance(own, Fraction) or (own is Why.UNDEFINED and isinstance(given, Why)) else given


def _held(steps: Form, own: Value, here: Sequence[Value], there: Sequence[Value]) -> list[Value] | None:
    """The values of one side with undefined factors held, where the product is 0 by another factor; else None.

    Without calls there is no reply rate, and no meetings either: the rate is taken as it is on the other side, so that
    it brings nothing. Only what is known to be 0 is: the node must say so itself.
    """
    product = steps[-1]
    if own != 0 or not isinstance(product, Product) or here[-1] is not Why.UNDEFINED:
        return None
    lacking = {at for at, _ in product.factors if here[at] is Why.UNDEFINED}
    plain = all(isinstance(steps[at], Read) and power == 1 for at, power in product.factors if at in lacking)
    if not lacking or not plain or not any(here[at] == 0 and power == 1 for at, power in product.factors):
        return None
    read: list[Value] = []
    for at, step in enumerate(steps):
        if isinstance(step, Read):
            other = there[at] if isinstance(there[at], Fraction) else ZERO
            read.append(other if at in lacking else here[at])
    return computed(steps, read)


def _brings(
    key: Read, steps: Form, below: tuple[int, ...], first: Sequence[Value], last: Sequence[Value]
) -> Iterator[Brings]:
    parts = iter(below)
    places = [next(parts) if isinstance(step, Read) else -1 for step in steps]
    for at, coefficient in passed(steps, first, last):
        step = steps[at]
        if isinstance(step, Apply):
            call = Read(printing.text(step.node), Kind.FORMULA, key.back)
            sides = Sides(first[at], last[at])
            yield Brings(coefficient, -1, Opened(call, sides, known(sides)))
        else:
            yield Brings(coefficient, places[at])
