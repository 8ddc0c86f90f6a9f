"""The JSON Schema of a project file, from the same types that read it, so that editors complete it."""

from __future__ import annotations

import collections.abc
import types
from datetime import date
from enum import Enum
from typing import Any, Literal, Union, get_args, get_origin

from shinro.definitions.metric import WAYS, Metric
from shinro.definitions.nodes import Text
from shinro.definitions.project import Project
from shinro.definitions.shapes import Block, Readable, keys

DIALECT = "https://json-schema.org/draft/2020-12/schema"
Schema = dict[str, Any]
LEAVES: dict[Any, Schema] = {
    str: {"type": ["string", "number"]},
    Text: {"type": ["string", "number"]},
    bool: {"anyOf": [{"type": "boolean"}, {"enum": ["yes", "no", "on", "off"]}]},
    date: {"type": "string", "pattern": r"^\d{4}-\d{2}-\d{2}$"},
}


def schema() -> Schema:
    """The schema of a whole project file; blocks are definitions of their own."""
    known: dict[str, Schema] = {}
    top = _of(Project, known)
    return {"$schema": DIALECT, "title": "shinro.yaml", **top, "$defs": dict(sorted(known.items()))}


def _of(shape: Any, known: dict[str, Schema]) -> Schema:  # noqa: ANN401 - types at run time are our input
    origin = get_origin(shape)
    if origin in (Union, types.UnionType):
        return _of(next(arm for arm in get_args(shape) if arm is not type(None)), known)
    if origin is tuple:
        item = _of(get_args(shape)[0], known)
        return {"anyOf": [{"type": "array", "items": item}, item]}
    if origin is collections.abc.Mapping:
        return {"type": "object", "additionalProperties": _of(get_args(shape)[1], known)}
    if origin is Literal:
        return {"enum": list(get_args(shape))}
    if issubclass(shape, Enum):
        return {"enum": [member.value for member in shape]}
    if issubclass(shape, Block):
        return _block(shape, known)
    return shape.schema() if issubclass(shape, Readable) else LEAVES[shape]


def _block(shape: type[Block], known: dict[str, Schema]) -> Schema:
    name = f"{shape.__module__.rpartition('.')[2]}.{shape.__name__}"
    reference = {"$ref": f"#/$defs/{name}"}
    known[name] = _described(shape, known)
    if shape.shorthand is None:
        return reference
    short = _of(next(key.shape for key in keys(shape).values() if key.name == shape.shorthand), known)
    return {"anyOf": [reference, short]}


def _described(shape: type[Block], known: dict[str, Schema]) -> Schema:
    found: Schema = {
        "type": "object",
        "description": (shape.__doc__ or "").strip().split("\n")[0],
        "properties": {key.name: _of(key.shape, known) for key in keys(shape).values()},
        "additionalProperties": False,
    }
    required = [key.name for key in keys(shape).values() if key.required]
    if required:
        found["required"] = required
    if shape is Metric:
        found["oneOf"] = [{"required": [way]} for way in WAYS]
    return found
