"""Parts that were written as plain values, read back."""

from __future__ import annotations

import re
import types
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from fractions import Fraction
from functools import cache
from typing import Any, TypeVar, Union, get_args, get_origin, get_type_hints

Part = TypeVar("Part")
EXACT = re.compile(r"-?[0-9]{1,40}(/[0-9]{1,40})?")  # no exponent: a short text of one is a number without end


def restored(part: type[Part], value: object) -> Part:
    """A part from the plain value that was made of it. Law: what is restored of `plain(x)` is x.

    A fraction has at most 40 digits above and below.
    Raises TypeError, ValueError or KeyError where it was made of none, RecursionError where it is nested too deeply.
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
        return _mapping(value)
    if kind is Fraction:
        return _exact(value)
    if not isinstance(value, kind):
        raise TypeError(value)
    return value


def _exact(value: object) -> Fraction:
    if not isinstance(value, str) or not EXACT.fullmatch(value):
        raise TypeError(value)
    over, _, under = value.partition("/")
    if under and not int(under):
        raise ValueError(value)
    return Fraction(int(over), int(under or 1))


def _mapping(value: object) -> dict[str, object]:
    if not isinstance(value, dict):
        raise TypeError(value)
    return dict(value)


def _tuple(kinds: tuple[Any, ...], value: Any) -> tuple[Any, ...]:  # noqa: ANN401 - as in `_made`
    if not isinstance(value, list):
        raise TypeError(value)
    if kinds[-1] is Ellipsis:
        return tuple(_made(kinds[0], each) for each in value)
    return tuple(_made(kind, each) for kind, each in zip(kinds, value, strict=True))


@cache
def _hints(kind: type) -> Mapping[str, Any]:
    return get_type_hints(kind)
