"""Text of a project file -> nodes that know their places. YAML is read as text alone: no value is guessed.

Refused with a place: anchors, aliases, tags, duplicate keys, several documents, depth > 32, size > 256 KB.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any, Self

import yaml

from shinro.definitions.syntax import MAX_DEPTH, joined, quoted, slip
from shinro.problems import CannotGoOn, Place, Problem, problem

LOADER = yaml.CSafeLoader
MAX_BYTES = 256 * 1024
_CUT_DIGITS = re.compile(r"\d{3}(\D.*)?")
# Controls, halves of surrogates, and what is not seen but changes what is read: zero width, turned directions.
_HIDDEN = re.compile(
    r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\xad\u200b\u2028-\u202e\u2060-\u2069\ud800-\udfff\ufeff\ufffe\uffff]"
)


class Text(str):
    """A text that knows where it stands; equal to any text of the same characters."""

    __slots__ = ("place",)
    place: Place

    def __new__(cls, text: str, place: Place) -> Self:
        """A text at a place."""
        self = super().__new__(cls, text)
        self.place = place
        return self


@dataclass(frozen=True, slots=True)
class Scalar:
    """A leaf, as written. `place` is its first character, inside any quotes."""

    text: Text
    place: Place
    plain: bool
    cut: Problem | None = None  # YAML cut it at a comma: what is left of it means nothing


@dataclass(frozen=True, slots=True)
class Sequence:
    """A list."""

    items: tuple[Node, ...]
    place: Place
    flow: bool


@dataclass(frozen=True, slots=True)
class Mapping:
    """Keys and values in the order written."""

    entries: tuple[tuple[Scalar, Node], ...]
    place: Place
    flow: bool


Node = Scalar | Sequence | Mapping


def read_nodes(text: str, path: str) -> tuple[Mapping, tuple[Problem, ...]]:
    """The top mapping of a project file and what is wrong with it. Raises CannotGoOn where there is no tree to read.

    Cost: linear in the text, two passes of the C parser.
    """
    whole = Place(path)
    text = text.removeprefix("\ufeff")
    _refuse_hidden(text, path)
    size = len(text.encode())
    if size > MAX_BYTES:
        raise CannotGoOn([problem("S107", whole, size=size // 1024, limit=MAX_BYTES // 1024)])
    try:
        _scan(text, path)
        tree = yaml.compose(text, Loader=LOADER)
    except yaml.YAMLError as error:
        raise CannotGoOn([slip(error, text, path)]) from None
    if tree is None:
        raise CannotGoOn([problem("S109", whole)])
    if not isinstance(tree, yaml.MappingNode):
        raise CannotGoOn([_no_mapping(_node(tree, path, []))])
    problems: list[Problem] = []
    top = _mapping(tree, path, problems)
    return top, tuple(problems)


def _no_mapping(top: Node) -> Problem:
    return no_colon(top) or problem("S110", top.place)


def no_colon(node: Node) -> Problem | None:
    """What to say of a text that was meant as `name: value`, and has another sign between the two or none."""
    if not isinstance(node, Scalar) or not node.plain:
        return None
    found = joined(node.text)
    return problem("S138", node.place, text=str(node.text), fixed=found[1]) if found else None


def _refuse_hidden(text: str, path: str) -> None:
    found = _HIDDEN.search(text)
    if found:
        line = text.count("\n", 0, found.start()) + 1
        column = found.start() - text.rfind("\n", 0, found.start())
        raise CannotGoOn([problem("S108", Place(path, line, column), character=f"U+{ord(found[0]):04X}")])


def _scan(text: str, path: str) -> None:
    """Refuse what a tree should never be built from."""
    depth = documents = 0
    for event in yaml.parse(text, Loader=LOADER):
        place = _spot(event.start_mark, path)
        if isinstance(event, yaml.DocumentStartEvent):
            documents += 1
            if documents > 1:
                raise CannotGoOn([problem("S117", place)])
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            raise CannotGoOn([problem("S103", place, text=_rest_of_line(text, place))])
        if getattr(event, "tag", None):
            raise CannotGoOn([problem("S104", place, text=_rest_of_line(text, place))])
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if depth > MAX_DEPTH:
            raise CannotGoOn([problem("S106", place, limit=MAX_DEPTH)])


def _rest_of_line(text: str, place: Place) -> str:
    return text.splitlines()[place.line - 1][place.column - 1 :].rstrip()


def _place(node: yaml.Node, path: str) -> Place:
    return _spot(node.start_mark, path)


def _spot(mark: Any, path: str) -> Place:  # noqa: ANN401 - the C parser's marks are of a type of their own
    return Place(path, mark.line + 1, mark.column + 1)


def _node(node: yaml.Node, path: str, problems: list[Problem]) -> Node:
    if isinstance(node, yaml.MappingNode):
        return _mapping(node, path, problems)
    if isinstance(node, yaml.SequenceNode):
        return Sequence(tuple(_items(node, path, problems)), _place(node, path), bool(node.flow_style))
    return _scalar(node, path)


def _scalar(node: yaml.Node, path: str) -> Scalar:
    quoted = getattr(node, "style", None)
    place = _place(node, path)
    if quoted in ("'", '"'):
        place = place.shifted(1)
    elif quoted in ("|", ">"):
        place = Place(path, place.line + 1, 1)
    return Scalar(Text(node.value, place), place, not quoted)


def _items(node: yaml.SequenceNode, path: str, problems: list[Problem]) -> Iterator[Node]:
    before: Scalar | None = None
    for item in node.value:
        read = _node(item, path, problems)
        if node.flow_style and isinstance(read, Scalar) and read.plain:
            if before and before.text[-1:].isdigit() and _CUT_DIGITS.fullmatch(read.text):
                _report_cut(problems, before.place, before.text, read.text)
                continue
            before = read
        yield read


def _mapping(node: yaml.MappingNode, path: str, problems: list[Problem]) -> Mapping:
    entries: list[tuple[Scalar, Node]] = []
    seen: dict[str, Place] = {}
    for key, value in node.value:
        if not isinstance(key, yaml.ScalarNode):
            problems.append(problem("S113", _place(key, path)))
            continue
        name = _scalar(key, path)
        if node.flow_style and name.plain and entries and _is_tail(key, value):
            before = entries[-1][1]
            _report_cut(problems, before.place, _value(before), name.text)
            if isinstance(before, Scalar):
                entries[-1] = (entries[-1][0], replace(before, cut=problems[-1]))
            continue
        if name.text in seen:
            problems.append(problem("S105", name.place, key=name.text, first=str(seen[name.text])))
            continue
        seen[name.text] = name.place
        entries.append((name, _node(value, path, problems)))
    return Mapping(tuple(entries), _place(node, path), bool(node.flow_style))


def _report_cut(problems: list[Problem], place: Place, start: str, tail: str) -> None:
    """Say once that a value was cut at its commas, with all its pieces."""
    if problems and problems[-1].code == "S102" and problems[-1].place == place:
        start = str(problems.pop().args["text"])
    text = f"{start},{tail}"
    problems.append(problem("S102", place, text=text, quoted=quoted(text)))


def _is_tail(key: yaml.Node, value: yaml.Node) -> bool:
    """A key without a colon inside braces is the rest of a value that YAML cut at its comma."""
    return isinstance(value, yaml.ScalarNode) and bool(value.start_mark.index == key.end_mark.index)


def _value(node: Node) -> str:
    return node.text if isinstance(node, Scalar) else "..."
