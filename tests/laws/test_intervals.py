"""Laws of what formulas can be."""

from __future__ import annotations

from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from shinro.definitions.evaluate import value
from shinro.definitions.expression import Binary, Name, Negative, Node, Number
from shinro.definitions.intervals import INFINITE, Interval, remaining, span

NUMBERS = st.fractions(-1000, 1000, max_denominator=50)
LEAVES = st.one_of(st.sampled_from("abc").map(Name), NUMBERS.filter(lambda number: number >= 0).map(Number))
FORMULAS = st.recursive(
    LEAVES,
    lambda inner: st.one_of(st.builds(Binary, st.sampled_from("+-*/"), inner, inner), st.builds(Negative, inner)),
    max_leaves=8,
)


@st.composite
def insides(draw: st.DrawFn) -> tuple[Fraction, Interval]:
    """A level and an interval that it lies in."""
    level, below, above = draw(NUMBERS), draw(NUMBERS), draw(NUMBERS)
    low, high = draw(st.booleans()), draw(st.booleans())
    return level, Interval(level - abs(below) if low else -INFINITE, level + abs(above) if high else INFINITE)


@given(FORMULAS, st.fixed_dictionaries({name: insides() for name in "abc"}))
def test_a_formula_lies_within_the_span_of_its_parts(node: Node, parts: dict[str, tuple[Fraction, Interval]]) -> None:
    found = value(node, {name: level for name, (level, _) in parts.items()})
    limits = span(node, {name: limit for name, (_, limit) in parts.items()})
    assert found is None or (isinstance(found, Fraction) and found in limits)


@given(FORMULAS, st.fixed_dictionaries(dict.fromkeys("abc", NUMBERS)), NUMBERS)
def test_the_level_that_is_left_brings_the_formula_to_the_whole(
    node: Node, levels: dict[str, Fraction], whole: Fraction
) -> None:
    level = remaining(node, "a", whole, levels)
    assert level is None or value(node, {**levels, "a": level}) == whole
