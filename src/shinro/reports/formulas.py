"""Formulas in the reader's words, and the sign that stands before each of their drivers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from shinro.definitions.expression import Binary, Call, Name, Negative, Node, Number
from shinro.definitions.printing import text as printed
from shinro.definitions.tree import factors
from shinro.reports.readings import Telling

SIGNS = {"*": "×", "/": "÷", "+": "+", "-": "−"}
LOOSER = {"*": "+-", "/": "+-*/", "-": "+-", "+": ""}  # what needs brackets on the right of a sign


def signs_of(node: Node) -> Mapping[str, str]:
    """Metric -> the sign before it, where the formula is one product or one sum; the first has none."""
    product = factors(node)
    if product is not None:
        found = [(part, "×" if power > 0 else "÷") for part, power in product]
    else:
        found = list(_terms(node, "+"))
    named = [(part.path, sign) for part, sign in found if isinstance(part, Name)]
    first = found[0][0] if found else None
    return {name: "" if isinstance(first, Name) and first.path == name else sign for name, sign in reversed(named)}


def _terms(node: Node, sign: str) -> Iterator[tuple[Node, str]]:
    if isinstance(node, Binary) and node.op in "+-":
        yield from _terms(node.left, sign)
        yield from _terms(node.right, SIGNS[node.op])
    else:
        yield node, sign


def labelled(node: Node, telling: Telling) -> str:
    """A formula in the reader's words: `リード数 × 返信率`."""
    match node:
        case Binary(op, left, right):
            first = _within(left, "+-" if op in "*/" else "", telling)
            return f"{first} {SIGNS[op]} {_within(right, LOOSER[op], telling)}"
        case Negative(of):
            return f"−{_within(of, '+-', telling)}"
        case Call("previous" | "mean" | "cmgr" as function, (name, Number(value=periods))):
            key = "story.previous_many" if function == "previous" else f"story.{function}"
            return telling.say(key, metric=labelled(name, telling), n=periods)
        case Call("previous" | "positive" as function, (inner,)):
            return telling.say(f"story.{function}", metric=labelled(inner, telling))
        case Name(path="previous"):
            return telling.say("story.previous_own")
        case Name():
            return telling.label(node.path)
    return printed(node)


def _within(node: Node, looser: str, telling: Telling) -> str:
    """A part of a formula, in brackets where its sign is one of the looser ones."""
    text = labelled(node, telling)
    return f"({text})" if isinstance(node, Binary) and node.op in looser else text
