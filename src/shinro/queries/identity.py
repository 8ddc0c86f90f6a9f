"""Identity: two values have the same one where they are the same; and what the compiler itself is made of.

What is compiled is kept under the identity of all that it is compiled from. Nothing is left out because it looks as if
it did not matter: a needless part costs a compilation, a missing one would keep a text that is wrong.
"""

from __future__ import annotations

import hashlib
import json
import sys
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import date
from decimal import Decimal
from enum import Enum
from fractions import Fraction
from functools import lru_cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

ROOT = Path(__file__).parents[1]
COMPILER = ("queries/*.py", "definitions/*.py", "*.py")  # below the package: all that may decide a text
BUILT_ON = ("shinro", "ibis-framework", "sqlglot", "duckdb")


def identity(*values: object) -> str:
    """Values as one text. Raises TypeError for a value that is not wholly told by its parts.

    Law: the same text in every process for equal values; another one where a type, a field or an element differs.
    """
    return json.dumps([_parts(value) for value in values], ensure_ascii=False, separators=(",", ":"))


def _parts(value: object) -> object:
    if value is None or value.__class__ in (bool, int, str):
        return value
    kind = type(value).__qualname__
    if isinstance(value, Enum):
        return [kind, value.name]
    if is_dataclass(value):
        return [kind, *(_parts(getattr(value, field.name)) for field in fields(value))]
    if isinstance(value, Mapping):
        return ["map", *sorted(([_parts(key), _parts(found)] for key, found in value.items()), key=json.dumps)]
    if isinstance(value, tuple | list):
        return ["list", *map(_parts, value)]
    if isinstance(value, frozenset | set):
        return ["set", *sorted(map(_parts, value), key=json.dumps)]
    if isinstance(value, date | Fraction | Decimal | str):
        return [kind, str(value)]
    raise TypeError(kind)


@lru_cache(maxsize=1)
def compiler() -> str | None:
    """A hash of the code that compiles and of the versions that it builds on; None where they cannot be known.

    Cost: 2 ms, once a process.
    """
    files = sorted(path for pattern in COMPILER for path in ROOT.glob(pattern))
    if ROOT / "queries" / "compile.py" not in files:
        return None
    told = hashlib.sha256()
    try:
        for path in files:
            told.update(hashlib.sha256(path.read_bytes()).digest() + str(path.relative_to(ROOT)).encode())
        told.update(repr([sys.version_info[:2], *map(version, BUILT_ON)]).encode())
    except (OSError, PackageNotFoundError):
        return None
    return told.hexdigest()
