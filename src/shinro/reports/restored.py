"""Parts that were written as plain values, read back."""

from __future__ import annotations

import types
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from fractions import Fraction
from functools import cache
from typing import Any, TypeVar, Union, get_args, get_origin, get_type_hints

Part = TypeVar("Part")


def restored(part: type[Part], value: object) -> Part:
    """A part from the plain value that was made of it. Law: what is restored of `plain(x)` is x.

    Raises TypeError, ValueError or KeyError where it was made of none.
    """
    found = _made(part, value)
    if not isinstance(found, part):
        raise TypeError(value)
    return found


def _made(kind: Any, value: Any) -> Any:  # noqa: ANN401 - values of any field's type
    if get_origin(kind) in (Union, types.UnionType):
        (inner,) = (each for each in get_args(kind) if each is not type(None))
        return None if value is None else _made(inner, value)
    if is_dataclass(kind) and isinstance(kind, type):
        return kind(**{each.name: _made(_hints(kind)[each.name], value[each.name]) for each in fields(kind)})
    if get_origin(kind) is tuple:
        return _tuple(get_args(kind), value)
    if get_origin(kind) is Mapping:
        return dict(value)
    if kind is Fraction:
        return Fraction(value)
    if not isinstance(value, kind):
        raise TypeError(value)
    return value


def _tuple(kinds: tuple[Any, ...], value: Any) -> tuple[Any, ...]:  # noqa: ANN401 - as in `_made`
    if not isinstance(value, list):
        raise TypeError(value)
    if kinds[-1] is Ellipsis:
        return tuple(_made(kinds[0], each) for each in value)
    return tuple(_made(kind, each) for kind, each in zip(kinds, value, strict=True))


@cache
def _hints(kind: type) -> Mapping[str, Any]:
    return get_type_hints(kind)
