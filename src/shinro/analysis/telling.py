"""Telling: opened nodes as what is found: the tree with its contributions, sums by leaf, and what does not add up."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import NamedTuple

from shinro.analysis.forms import ONE, ZERO, Read
from shinro.analysis.opening import Opened, Sides, known
from shinro.findings.gaps import Decomposition, Kind, Leaf, Missing, Off, Part, Why

MOST = 100_000  # places that are shown: a bound of our own

Nodes = Sequence[Opened]  # what is below comes first, the root last


class Weight(NamedTuple):
    """What a node brings the root for each unit that it moves, over all its places, and in all; how many places."""

    m: Fraction
    moved: Fraction
    places: int


def told(nodes: Nodes, circular: frozenset[str]) -> Decomposition:
    """What is found. Cost: linear in the nodes, and in the places up to `MOST`."""
    weights = _weights(nodes)
    return Decomposition(
        _part(nodes, weights, circular),
        tuple(_leaves(nodes, weights, circular)),
        tuple(_off(nodes, weights)),
        tuple(_missing(nodes)),
    )


def _weights(nodes: Nodes) -> list[Weight | None]:
    """Each node's weight; None where a contribution of it cannot be told."""
    top = len(nodes) - 1
    sums: list[Fraction | None] = [None] * len(nodes)
    places = [0] * len(nodes)
    if nodes[top].known:
        sums[top], places[top] = ONE, 1
    found: list[Weight | None] = [None] * len(nodes)
    for at in range(top, -1, -1):
        m, node = sums[at], nodes[at]
        if m is None:
            continue
        found[at] = Weight(m, moved(m, node), places[at])
        for coefficient, part, call in node.brings or ():
            if call is None:
                brought, already = passed_on(m, coefficient), sums[part]
                sums[part] = brought if already is None else already + brought
                places[part] += places[at]
    return found


def passed_on(m: Fraction, coefficient: Fraction) -> Fraction:
    """A multiplier one level down; what is 1 is not multiplied."""
    return coefficient if m is ONE else m if coefficient is ONE else m * coefficient


def moved(m: Fraction, node: Opened) -> Fraction:
    """What a node's own change brings; nothing where it is held."""
    if node.known is None:
        return ZERO
    (first, base), (last, last_base) = (side.as_integer_ratio() for side in node.known)
    rise = last * base - first * last_base
    return Fraction(m.numerator * rise, m.denominator * base * last_base) if rise else ZERO


def _leaves(nodes: Nodes, weights: Sequence[Weight | None], circular: frozenset[str]) -> Iterator[Leaf]:
    """Each driver once, its places added."""
    found: dict[tuple[str, Kind, int], Leaf] = {}
    for leaf in _places(nodes, weights, circular):
        key = (leaf.name, leaf.kind, leaf.back)
        found[key] = _added(found[key], leaf) if key in found else leaf
    return iter(found.values())


def _places(nodes: Nodes, weights: Sequence[Weight | None], circular: frozenset[str]) -> Iterator[Leaf]:
    for node, weight in zip(nodes, weights, strict=True):
        if weight is None:
            continue
        if node.brings is None:
            key, why = node.key, _why(node, circular)
            back = key.back if key.kind is Kind.PREVIOUS else 0
            yield Leaf(key.name, key.kind, weight.moved, *_sides(node.own), weight.places, why, back)
        for coefficient, _, call in node.brings or ():
            if call:
                brought = moved(passed_on(weight.m, coefficient), call)
                yield Leaf(call.key.name, call.key.kind, brought, *_sides(call.own), places=weight.places)


def _added(one: Leaf, other: Leaf) -> Leaf:
    """One driver in two places; it has no value of its own where those were read in different periods."""
    same = (one.before, one.after) == (other.before, other.after)
    sides = (one.before, one.after) if same else (None, None)
    total = one.contribution + other.contribution
    return Leaf(one.name, one.kind, total, *sides, one.places + other.places, one.why or other.why, one.back)


def _why(node: Opened, circular: frozenset[str]) -> Why | None:
    """Why a node that is reached is not opened; None for a leaf."""
    if node.known is None:
        return Why.HELD
    if node.given:
        return Why.BELOW
    return Why.CIRCLE if node.key.kind is Kind.METRIC and node.key.name in circular else None


def _sides(sides: Sides) -> tuple[Fraction | None, Fraction | None]:
    before, after = sides
    return None if isinstance(before, Why) else before, None if isinstance(after, Why) else after


def _off(nodes: Nodes, weights: Sequence[Weight | None]) -> Iterator[Off]:
    """Nodes that say something else than their parts give, from the root down."""
    for node, weight in zip(reversed(nodes), reversed(weights), strict=True):
        if weight is None or node.brings is None:
            continue
        for after, part in enumerate(_apart(node)):
            if part:
                stated, computed = (_sides(sides)[after] for sides in (node.own, node.given or node.own))
                brought = weight.m * part
                yield Off(node.key.name, stated or ZERO, computed or ZERO, brought, bool(after), node.key.back)


def _apart(node: Opened) -> tuple[Fraction, Fraction]:
    """How far a node's change is from that of its parts: before (parts less own) and after (own less parts)."""
    given, own = known(node.given or node.own), node.known
    return (given[0] - own[0], own[1] - given[1]) if given and own and node.given != node.own else (ZERO, ZERO)


def _missing(nodes: Nodes) -> Iterator[Missing]:
    """What is not known and kept a node above it closed, with the nearest known node above."""
    stops: list[str | None] = [None] * len(nodes)
    asked = [False] * (len(nodes) - 1) + [True]
    for at in range(len(nodes) - 1, -1, -1):
        node = nodes[at]
        if node.brings is not None or not (asked[at] or node.known):
            continue
        for after, side in enumerate(node.own):
            if isinstance(side, Why) and not any(nodes[each].own[after] is side for each in node.below):
                yield Missing(node.key.name, side, bool(after), node.key.back, stops[at])
        for each in node.below:
            asked[each] = True
            stops[each] = stops[each] or (node.key.name if node.known else stops[at])


@dataclass(slots=True)
class _Place:
    """A place in the tree, before its children are known. `sole`: its node has no other, so it weighs the same."""

    node: Opened
    parent: int
    m: Fraction | None
    weight: Weight | None = None
    children: list[Part] = field(default_factory=list)
    folded: bool = False


def _part(nodes: Nodes, weights: Sequence[Weight | None], circular: frozenset[str]) -> Part:
    """The tree from the root down, one part a place."""
    places = [_Place(nodes[-1], -1, ONE if weights[-1] else None, weights[-1])]
    for at, place in enumerate(places):
        below = list(_below(place, at, nodes, weights))
        place.folded = len(places) + len(below) > MOST
        places.extend([] if place.folded else below)
    for place in reversed(places):
        part = _made(place, circular)
        if place.parent >= 0:
            places[place.parent].children.append(part)
    return part


def _below(place: _Place, at: int, nodes: Nodes, weights: Sequence[Weight | None]) -> Iterator[_Place]:
    m = place.m
    if m is None or place.node.brings is None:
        for part in place.node.below:
            yield _Place(nodes[part], at, None)
        return
    for coefficient, part, call in place.node.brings:
        weight = None if call else weights[part]
        if weight and weight.places == 1:
            yield _Place(nodes[part], at, weight.m, weight)
        else:
            yield _Place(call or nodes[part], at, passed_on(m, coefficient))


def _made(place: _Place, circular: frozenset[str]) -> Part:
    node, m = place.node, place.m
    key = node.key
    before, after = _sides(node.own)
    if m is None:
        unknown = next((side for side in node.own if isinstance(side, Why)), Why.ABOVE)
        children = tuple(reversed(place.children))
        return Part(key.name, key.kind, before, after, None, key.back, _base_back(key), children, why=unknown)
    first, last = _apart(node) if node.brings is not None else (ZERO, ZERO)
    why = _why(node, circular) if node.brings is None else Why.FOLDED if place.folded else None
    return Part(
        key.name,
        key.kind,
        before,
        after,
        place.weight.moved if place.weight else moved(m, node),
        key.back,
        _base_back(key),
        tuple(reversed(place.children)),
        m * first if first else ZERO,
        m * last if last else ZERO,
        why,
    )


def _base_back(key: Read) -> int | None:
    return key.base_back if key.parts else None
