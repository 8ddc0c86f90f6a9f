"""Nodes -> frozen values by their types, every value with its place; all that is wrong is told, not only the first.

A `Block` is a mapping of known keys. Its fields say what is read: `str`, `bool`, `date`, enums, `Literal`,
`X | None`, `tuple[X, ...]` (one alone may stand without brackets), `Mapping[K, V]`, other blocks, and values that read
themselves (`Readable`). A field's trailing underscore is not part of its key (`from_` is `from`).
"""

from __future__ import annotations

import collections.abc
import types
from collections.abc import Mapping as Map
from contextlib import suppress
from dataclasses import MISSING, dataclass, field, fields
from datetime import date
from difflib import get_close_matches
from enum import Enum
from functools import cache
from typing import (
    Any,
    ClassVar,
    Literal,
    Protocol,
    Self,
    Union,
    get_args,
    get_origin,
    get_type_hints,
    runtime_checkable,
)

from shinro.definitions.nodes import Mapping, Node, Scalar, Sequence, Text, no_colon
from shinro.definitions.syntax import WIDE_BLANKS
from shinro.definitions.tokens import Mistake
from shinro.periods import Grain, day_named, grain_named
from shinro.problems import Place, Problem, problem

NOWHERE = Place("")
YES = frozenset({"yes", "true", "on", "はい"})
NO = frozenset({"no", "false", "off", "いいえ"})


class Unreadable(Exception):  # noqa: N818 - internal signal: the problem is already told
    """The value could not be read; its problem is in the list."""


@runtime_checkable
class Readable(Protocol):
    """A value that reads itself from one node; it raises Mistake."""

    @classmethod
    def from_node(cls, node: Node) -> Self:
        """The value, or a Mistake with its problem."""

    @classmethod
    def schema(cls) -> dict[str, Any]:
        """Its JSON Schema."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """A mapping with known keys; it knows where it stands and where each of its keys' values stands."""

    place: Place = field(default=NOWHERE, repr=False, compare=False)
    places: Map[str, Place] = field(default_factory=dict, repr=False, compare=False)
    lost: frozenset[str] = field(default=frozenset(), repr=False, compare=False)  # keys not read whole, or misspelt

    shorthand: ClassVar[str | None] = None  # the key that a value without braces is for

    def at(self, key: str) -> Place:
        """Where the value of a key stands, or the block itself where the key is not written."""
        return self.places.get(key.rstrip("_"), self.place)


def read(shape: Any, node: Node, problems: list[Problem]) -> Any:  # noqa: ANN401 - types at run time are our input
    """The value of a shape. Raises Unreadable, its problems told in the list."""
    if isinstance(node, Scalar) and node.cut:
        problems.append(node.cut)
        raise Unreadable
    origin = get_origin(shape)
    if origin in (Union, types.UnionType):
        return read(next(arm for arm in get_args(shape) if arm is not type(None)), node, problems)
    if origin is tuple:
        return _read_tuple(get_args(shape)[0], node, problems)
    if origin is collections.abc.Mapping:
        key, value = get_args(shape)
        return _read_map(key, value, node, problems)
    if isinstance(shape, type) and issubclass(shape, Block):
        return _read_block(shape, node, problems)
    try:
        return _read_leaf(shape, node)
    except Mistake as mistake:
        problems.append(mistake.problem)
        raise Unreadable from None


def _read_leaf(shape: Any, node: Node) -> Any:  # noqa: ANN401 - types at run time are our input
    if isinstance(shape, type) and issubclass(shape, Enum):
        return shape(_choice(node, [str(member.value) for member in shape]))
    if get_origin(shape) is Literal:
        return _choice(node, [str(choice) for choice in get_args(shape)])
    if isinstance(shape, type) and issubclass(shape, Readable):
        return shape.from_node(node)
    return LEAVES[shape](scalar(node))


def scalar(node: Node) -> Scalar:
    """The node as a leaf with something in it; a Mistake where it is a list, a mapping or empty."""
    if not isinstance(node, Scalar):
        raise Mistake(problem("S113", node.place))
    if not node.text and node.plain:
        raise Mistake(problem("S115", node.place))
    return node


def _choice(node: Node, choices: list[str]) -> str:
    found = scalar(node)
    if found.text.lower() not in choices:
        near = get_close_matches(found.text.lower(), choices, 1)
        args = {"found": str(found.text), "choices": ", ".join(choices), "near": near[0] if near else ""}
        raise Mistake(Problem(found.place, "S114", args | {"case": "near" if near else "far"}))
    return found.text.lower()


def _truth(node: Scalar) -> bool:
    if node.text.lower() not in YES | NO:
        raise Mistake(problem("S114", node.place, found=str(node.text), choices="yes, no", near="", case="far"))
    return node.text.lower() in YES


def _day(node: Scalar) -> date:
    western = node.text.strip()[:1].isdecimal()  # as the schema says; eras are read in sheets and tables
    day = day_named(node.text) if western and grain_named(node.text) is Grain.DAY else None
    if day is None:
        raise Mistake(problem("S120", node.place, found=node.text))
    return day


LEAVES: Map[Any, Any] = {
    str: lambda node: node.text,
    Text: lambda node: node.text,
    bool: _truth,
    date: _day,
}


def _read_tuple(item: Any, node: Node, problems: list[Problem]) -> tuple[Any, ...]:  # noqa: ANN401 - as above
    if not isinstance(node, Sequence):
        return (read(item, node, problems),)
    found = []
    for part in node.items:
        try:
            found.append(read(item, part, problems))
        except Unreadable:
            continue
    return tuple(found)


def _read_map(key: Any, value: Any, node: Node, problems: list[Problem]) -> Map[Any, Any]:  # noqa: ANN401 - as above
    if not isinstance(node, Mapping):
        problems.append(_no_mapping(node))
        raise Unreadable
    found: dict[Any, Any] = {}
    for name, part in node.entries:
        try:
            found[read(key, name, problems)] = _placed(read(value, part, problems), name)
        except Unreadable:
            continue
    return types.MappingProxyType(found)


def _placed(value: Any, name: Scalar) -> Any:  # noqa: ANN401 - as above
    """A named block stands where its name stands."""
    if isinstance(value, Block):
        object.__setattr__(value, "place", name.place)
    return value


def _read_block(shape: type[Block], node: Node, problems: list[Problem]) -> Block:
    if not isinstance(node, Mapping):
        if shape.shorthand is None or (isinstance(node, Scalar) and not node.text):
            problems.append(_no_mapping(node))
            raise Unreadable
        node = Mapping(
            ((Scalar(Text(shape.shorthand, node.place), node.place, plain=True), node),), node.place, flow=False
        )
    known = keys(shape)
    values: dict[str, Any] = {}
    places: dict[str, Place] = {}
    lost: set[str] = set()
    for name, part in node.entries:
        before = len(problems)
        if name.text not in known:
            problems.append(unknown_key(name, known))
        else:
            places[name.text] = part.place
            with suppress(Unreadable):
                values[known[name.text].attribute] = read(known[name.text].shape, part, problems)
        if len(problems) > before:
            lost.add(name.text if name.text in known else nearest(name.text, known) or name.text)
    needed = [key for key in known.values() if key.required]
    problems.extend(problem("S112", node.place, key=key.name) for key in needed if key.name not in places)
    if any(key.attribute not in values for key in needed):
        raise Unreadable
    return shape(**values, place=node.place, places=types.MappingProxyType(places), lost=frozenset(lost))


def _no_mapping(node: Node) -> Problem:
    if isinstance(node, Scalar) and not node.text:
        return problem("S115", node.place)
    return no_colon(node) or problem("S137", node.place)


def nearest(name: str, known: Map[str, Any]) -> str:
    """The known key that an unknown one is likely meant for; empty where none is like it."""
    return next(iter(get_close_matches(name.lower(), known, 1, cutoff=0.5)), "")


def unknown_key(name: Scalar, known: Map[str, Any]) -> Problem:
    """A key that is not known here, with the nearest that is."""
    if name.text.startswith(tuple(WIDE_BLANKS)):
        return problem("S116", name.place)
    near = nearest(name.text, known)
    args = {"key": str(name.text), "near": near, "known": ", ".join(sorted(known))}
    return Problem(name.place, "S111", args | {"case": "near" if near else "far"})


@dataclass(frozen=True, slots=True)
class Key:
    """One key that a block knows."""

    name: str
    attribute: str
    shape: Any
    required: bool


def keys(shape: type[Block]) -> Map[str, Key]:
    """The keys of a block, by name. Cost: its type hints are read once a process."""
    plain: Any = shape  # mypy takes a frozen class for unhashable
    found: Map[str, Key] = _keys(plain)
    return found


@cache
def _keys(shape: type[Any]) -> Map[str, Key]:
    hints = get_type_hints(shape)
    return {
        part.name.rstrip("_"): Key(
            part.name.rstrip("_"),
            part.name,
            hints[part.name],
            required=part.default is MISSING and part.default_factory is MISSING,
        )
        for part in fields(shape)
        if part.name not in ("place", "places", "lost")
    }
