"""Writing a project file back: one value set or added where it belongs, every other character kept as it was.

Places come from the reader's own parser, so comments, order, alignment and quotes stay by construction.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence

import yaml

from shinro.definitions.nodes import LOADER
from shinro.problems import ShinroError

Plain = str | Mapping[str, "Plain"] | Sequence["Plain"]
Step = str | int
Node = yaml.Node
INDENT = 2
COMMENT = re.compile(r"""^(?:[^'"#]|"(?:\\.|[^"])*"|'[^']*'|(?<=\S)#)*?(?:^|(?<=\s))(#.*)$""")


class NotThere(ShinroError):  # noqa: N818 - the words are the name
    """A path leads through something that is not a mapping or a list."""


def set_value(text: str, path: Sequence[Step], value: Plain) -> str:
    """The text with a value at a path of keys and indexes; keys that are missing on the way are made.

    Law: reading the result gives the same tree with that one value; all other characters are as they were.
    Raises NotThere where the path runs into a text or past the end of a list.
    """
    top = _top(text)
    node, rest = _follow(top, path)
    if not rest:
        return _replaced(text, node, value)
    if isinstance(rest[0], int):
        raise NotThere(str(path))
    for step in reversed(rest[1:]):
        value = {str(step): value}
    return _with_key(text, node, str(rest[0]), value)


def add_item(text: str, path: Sequence[Step], value: Plain) -> str:
    """The text with one more item at the end of the list at a path; the list is made where it is missing.

    Raises NotThere where the path does not lead to a list.
    """
    top = _top(text)
    node, rest = _follow(top, path)
    if rest:
        return set_value(text, path, [value])
    if not isinstance(node, yaml.SequenceNode):
        raise NotThere(str(path))
    if node.flow_style:
        return _into_flow(text, node, flow(value), is_empty=not node.value)
    column = node.value[0].start_mark.column - INDENT if node.value else node.start_mark.column
    column = node.start_mark.column if node.start_mark.line == node.value[0].start_mark.line else column
    return _after(text, node, f"{' ' * column}- {flow(value)}\n")


def _top(text: str) -> Node:
    top = yaml.compose(text, Loader=LOADER)
    return top if isinstance(top, yaml.MappingNode) else yaml.MappingNode("tag:yaml.org,2002:map", [], None, None)


def _follow(node: Node, path: Sequence[Step]) -> tuple[Node, Sequence[Step]]:
    """The deepest node on a path that is there, and what is left of the path."""
    for n, step in enumerate(path):
        inner = _step(node, step)
        if inner is None:
            return node, path[n:]
        node = inner
    return node, ()


def _step(node: Node, step: Step) -> Node | None:
    if isinstance(node, yaml.MappingNode) and isinstance(step, str):
        return next((value for key, value in node.value if key.value == step), None)
    if isinstance(node, yaml.SequenceNode) and isinstance(step, int) and step < len(node.value):
        found = node.value[step]
        return found if isinstance(found, yaml.Node) else None
    return None


def _replaced(text: str, node: Node, value: Plain) -> str:
    start, end = node.start_mark.index, _last(node).end_mark.index
    if isinstance(node, yaml.MappingNode) and not node.flow_style and isinstance(value, Mapping) and value:
        lines = [*comments(text[start:end]), *(line for key, part in value.items() for line in block(key, part))]
        return text[:start] + f"\n{' ' * node.start_mark.column}".join(lines) + text[end:]
    written = flow(value)
    gap = "" if start == 0 or text[start - 1] in " \n[{," else " "
    return text[:start] + gap + written + text[end:]


def comments(text: str) -> list[str]:
    """The comments in lines of YAML, in order; a `#` within quotes begins none."""
    found = (COMMENT.search(line) for line in text.splitlines())
    return [each[1] for each in found if each]


def _with_key(text: str, node: Node, key: str, value: Plain) -> str:
    if not isinstance(node, yaml.MappingNode):
        raise NotThere(key)
    if node.start_mark is None or not node.value:
        return _first_key(text, node, key, value)
    if node.flow_style:
        return _into_flow(text, node, f"{scalar(key)}: {flow(value)}", is_empty=False)
    column = node.value[0][0].start_mark.column
    return _after(text, node, "".join(f"{' ' * column}{line}\n" for line in block(key, value)))


def _first_key(text: str, node: Node, key: str, value: Plain) -> str:
    if node.start_mark is None:
        lines = "".join(f"{line}\n" for line in block(key, value))
        return f"{text.rstrip()}\n{lines}" if text.strip() else lines
    return _into_flow(text, node, f"{scalar(key)}: {flow(value)}", is_empty=True)


def _into_flow(text: str, node: Node, written: str, *, is_empty: bool) -> str:
    """Before the closing bracket, behind the last item."""
    close = node.end_mark.index - 1
    if is_empty:
        return text[:close] + written + text[close:]
    last = node.value[-1]
    end = (last[1] if isinstance(last, tuple) else last).end_mark.index
    return text[:end] + ", " + written + text[end:]


def _last(node: Node) -> Node:
    """The last leaf of a block, or the node itself where it ends with a bracket."""
    while isinstance(node, yaml.CollectionNode) and not node.flow_style and node.value:
        last = node.value[-1]
        node = last[1] if isinstance(last, tuple) else last
    return node


def _after(text: str, node: Node, lines: str) -> str:
    """On lines of their own, behind the last line of a block."""
    end = _last(node).end_mark
    at = end.index if end.column == 0 and end.index else text.find("\n", end.index) + 1
    if at == 0:
        return f"{text}\n{lines}"
    return text[:at] + lines + text[at:]


def block(key: str, value: Plain) -> list[str]:
    """A key and its value as block lines; lists one item a line, their contents within braces."""
    if isinstance(value, str) or not value:
        return [f"{scalar(key)}: {flow(value)}"]
    if isinstance(value, Mapping):
        inner = [line for name, part in value.items() for line in block(name, part)]
        return [f"{scalar(key)}:", *(" " * INDENT + line for line in inner)]
    return [f"{scalar(key)}:", *(f"{' ' * INDENT}- {flow(part)}" for part in value)]


def flow(value: Plain) -> str:
    """A value on one line."""
    if isinstance(value, str):
        return scalar(value)
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{scalar(key)}: {flow(part)}" for key, part in value.items()) + "}"
    return "[" + ", ".join(flow(part) for part in value) + "]"


def scalar(text: str) -> str:
    """A text as YAML: plain where it reads back as itself, else between double quotes."""
    return text if _is_plain(text) else json.dumps(text, ensure_ascii=False)


def _is_plain(text: str) -> bool:
    try:
        read = yaml.compose(f"{{k: [{text}, x]}}", Loader=LOADER)
    except yaml.YAMLError:
        return False
    items = read.value[0][1].value if isinstance(read, yaml.MappingNode) and len(read.value) == 1 else []
    same = len(items) == 2 and isinstance(items[0], yaml.ScalarNode) and items[0].value == text  # noqa: PLR2004 - it and x
    return same and not items[0].style and text != "" and "\n" not in text
