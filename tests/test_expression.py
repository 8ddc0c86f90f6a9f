"""The tree itself."""

from __future__ import annotations

from fractions import Fraction

import pytest

from shinro.definitions.expression import Name, Node, Number, Text, children, height, names, walk
from shinro.definitions.grammar import expression
from shinro.definitions.tokens import Source


def read(text: str) -> Node:
    return expression(Source(text))


def test_where_a_node_stood_does_not_matter() -> None:
    assert read("a+1") == read("  a  +  1 ")
    assert hash(read("a+1")) == hash(read(" a + 1"))
    assert Number(Fraction(1, 20), "%") != Number(Fraction(1, 20))


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("a", 0),
        ("-a", 1),
        ("not a", 1),
        ("a is null", 1),
        ("a + b", 2),
        ("a < b", 2),
        ("a in (b, c)", 3),
        ("a between b and c", 3),
        ("a and b and c", 3),
        ("a or b", 2),
        ("least(a, b)", 2),
    ],
)
def test_children_are_what_stands_directly_below(text: str, count: int) -> None:
    assert len(children(read(text))) == count


def test_a_walk_goes_from_left_to_right() -> None:
    found = list(walk(read("kind = 'call' and amount > 3")))
    assert [type(node).__name__ for node in found] == ["And", "Compare", "Name", "Text", "Compare", "Name", "Number"]
    assert found[3] == Text("call")


def test_names_are_listed_as_often_as_they_stand() -> None:
    assert names(read("a.b / (a + a.b)")) == [Name("a", "b"), Name("a"), Name("a", "b")]
    assert [name.path for name in names(read("a.b + c"))] == ["a.b", "c"]


@pytest.mark.parametrize(("text", "levels"), [("a", 1), ("a + b + c", 3), ("a and b and c", 2), ("-(-a)", 3)])
def test_height_counts_levels(text: str, levels: int) -> None:
    assert height(read(text)) == levels


def test_a_node_stands_at_its_own_sign() -> None:
    """price * 件数 >= 3 and kind in ('a')"""
    found = {type(node).__name__: node.at for node in walk(read("price * 件数 >= 3 and kind in ('a')"))}
    assert found == {"And": 16, "Compare": 11, "Binary": 6, "Name": 20, "Number": 14, "In": 25, "Text": 29}
