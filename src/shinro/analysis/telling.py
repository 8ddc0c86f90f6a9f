"""Telling: opened nodes as what is found: the tree with its contributions, sums by leaf, and what does not add up."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction

from shinro.analysis.forms import ONE, ZERO, Read
from shinro.analysis.opening import Opened, Sides
from shinro.findings.gaps import Decomposition, Kind, Leaf, Missing, Off, Part, Why

MOST = 100_000  # places that are shown: a bound of our own

Nodes = dict[Read, Opened]  # what is below comes first


def told(root: Read, nodes: Nodes, circular: frozenset[str]) -> Decomposition:
    """What is found. Cost: linear in the nodes, and in the places up to `MOST`."""
    multipliers = _multipliers(root, nodes)
    return Decomposition(
        _part(root, nodes, circular),
        tuple(_leaves(nodes, multipliers, circular)),
        tuple(_off(nodes, multipliers)),
        tuple(_missing(root, nodes)),
    )


def _multipliers(root: Read, nodes: Nodes) -> dict[Read, Fraction]:
    """What each node brings the root for each unit that it moves, over all its places; only what is reached."""
    found = {root: ONE} if nodes[root].own.known else {}
    for key in reversed(nodes):
        m = found.get(key)
        if m is None:
            continue
        for brings in nodes[key].brings or ():
            if brings.sides is None:
                found[brings.part] = found.get(brings.part, ZERO) + m * brings.coefficient
    return found


def _leaves(nodes: Nodes, multipliers: Mapping[Read, Fraction], circular: frozenset[str]) -> Iterator[Leaf]:
    """Each driver once, its places added."""
    found: dict[tuple[str, Kind], Leaf] = {}
    for leaf in _places(nodes, multipliers, circular):
        same = found.get((leaf.name, leaf.kind))
        found[leaf.name, leaf.kind] = leaf if same is None else _added(same, leaf)
    return iter(found.values())


def _places(nodes: Nodes, multipliers: Mapping[Read, Fraction], circular: frozenset[str]) -> Iterator[Leaf]:
    for key, node in nodes.items():
        m = multipliers.get(key)
        if m is None:
            continue
        if node.brings is None:
            why = _why(key, node, circular)
            yield Leaf(key.name, key.kind, m * node.change, *_sides(node.own), why=why)
        for brings in node.brings or ():
            if brings.sides and (known := brings.sides.known):
                moved = m * brings.coefficient * (known[1] - known[0])
                yield Leaf(brings.part.name, Kind.FORMULA, moved, *known)


def _added(one: Leaf, other: Leaf) -> Leaf:
    """One driver in two places; it has no value of its own where those were read in different periods."""
    same = (one.before, one.after) == (other.before, other.after)
    sides = (one.before, one.after) if same else (None, None)
    total = one.contribution + other.contribution
    return Leaf(one.name, one.kind, total, *sides, one.places + other.places, one.why or other.why)


def _why(key: Read, node: Opened, circular: frozenset[str]) -> Why | None:
    """Why a node that is reached is not opened; None for a leaf."""
    if node.own.known is None:
        return Why.HELD
    if node.given:
        return Why.BELOW
    return Why.CIRCLE if key.kind is Kind.METRIC and key.name in circular else None


def _sides(sides: Sides) -> tuple[Fraction | None, Fraction | None]:
    before, after = sides
    return None if isinstance(before, Why) else before, None if isinstance(after, Why) else after


def _off(nodes: Nodes, multipliers: Mapping[Read, Fraction]) -> Iterator[Off]:
    """Nodes that say something else than their parts give, from the root down."""
    for key in reversed(nodes):
        node, m = nodes[key], multipliers.get(key)
        if m is None or node.brings is None:
            continue
        for after, part in enumerate(_apart(node)):
            if part:
                stated, computed = (_sides(sides)[after] for sides in (node.own, node.given or node.own))
                yield Off(key.name, stated or ZERO, computed or ZERO, m * part, bool(after), key.back)


def _apart(node: Opened) -> tuple[Fraction, Fraction]:
    """How far a node's change is from that of its parts: before (parts less own) and after (own less parts)."""
    own, given = node.own.known, node.given.known if node.given else None
    return (given[0] - own[0], own[1] - given[1]) if own and given else (ZERO, ZERO)


def _missing(root: Read, nodes: Nodes) -> Iterator[Missing]:
    """What is not known, and the nearest known node above it."""
    stops: dict[Read, str | None] = {root: None}
    for key in reversed(nodes):
        node, stop = nodes[key], stops.get(key)
        for after, side in enumerate(node.own):
            if isinstance(side, Why) and not any(nodes[each].own[after] is side for each in node.below):
                yield Missing(key.name, side, bool(after), key.back, stop)
        for each in node.below if node.brings is None else [each.part for each in node.brings if each.sides is None]:
            if node.brings is None or nodes[each].own.known:
                stops.setdefault(each, key.name if node.own.known else stop)


@dataclass(slots=True)
class _Place:
    """A place in the tree, before its children are known."""

    key: Read
    parent: int
    m: Fraction | None
    call: Sides | None
    children: list[Part]
    folded: bool = False


def _part(root: Read, nodes: Nodes, circular: frozenset[str]) -> Part:
    """The tree from the root down, one part a place."""
    places = [_Place(root, -1, ONE if nodes[root].own.known else None, None, [])]
    for at, place in enumerate(places):
        if place.call is None:
            below = _below(nodes[place.key], place.m, at)
            place.folded = len(places) + len(below) > MOST
            places.extend([] if place.folded else below)
    for place in reversed(places):
        part = _made(place, nodes, circular)
        if place.parent < 0:
            break
        places[place.parent].children.append(part)
    return part


def _below(node: Opened, m: Fraction | None, at: int) -> list[_Place]:
    if m is None or node.brings is None:
        return [_Place(key, at, None, None, []) for key in node.below]
    return [_Place(brings.part, at, m * brings.coefficient, brings.sides, []) for brings in node.brings]


def _made(place: _Place, nodes: Nodes, circular: frozenset[str]) -> Part:
    key, m = place.key, place.m
    node = Opened(place.call) if place.call else nodes[key]
    before, after = _sides(node.own)
    first, last = _apart(node) if m is not None and node.brings is not None else (ZERO, ZERO)
    if m is not None:
        why = (_why(key, node, circular) if node.brings is None else None) or (Why.FOLDED if place.folded else None)
    else:
        why = next((side for side in node.own if isinstance(side, Why)), Why.ABOVE)
    return Part(
        key.name,
        key.kind,
        before,
        after,
        None if m is None else m * node.change,
        key.back,
        key.base_back if key.parts else None,
        tuple(reversed(place.children)),
        ZERO if m is None else m * first,
        ZERO if m is None else m * last,
        why,
    )
