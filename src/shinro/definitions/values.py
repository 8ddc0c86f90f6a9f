"""Values that read themselves from one text: labels, references, formulas, conditions, levels, changes, dates."""

from __future__ import annotations

import re
from collections.abc import Mapping as Map
from dataclasses import dataclass, field
from datetime import date
from types import MappingProxyType
from typing import Any, Self

from shinro.definitions import grammar, phrases
from shinro.definitions.expression import Node as Expression
from shinro.definitions.nodes import Mapping, Node, Text
from shinro.definitions.shapes import scalar
from shinro.definitions.tokens import Mistake
from shinro.periods import Duration
from shinro.problems import Place, problem

LANGUAGES = ("ja", "en")
_NAME = re.compile(r"[^\W\d][\w・]*")
_DOTTED = re.compile(r"[^\W\d][\w・]*\.[^\W\d][\w・]*")
_COMPARES = re.compile(r"[<>=≤≥≦≧＜＞＝]")
TEXT = {"type": "string"}


@dataclass(frozen=True, slots=True)
class Label:
    """A text in one or more languages; a plain text is the same in all."""

    texts: Map[str, str]
    place: Place = field(compare=False)

    @classmethod
    def from_node(cls, node: Node) -> Self:
        """`ナーチャリング` or `{ja: 育成, en: Nurturing}`."""
        if not isinstance(node, Mapping):
            found = scalar(node)
            return cls(MappingProxyType(dict.fromkeys(LANGUAGES, found.text)), found.place)
        unknown = [name for name, _ in node.entries if name.text not in LANGUAGES]
        if unknown:
            raise Mistake(problem("S121", unknown[0].place, key=unknown[0].text, known=", ".join(LANGUAGES)))
        return cls(MappingProxyType({name.text: scalar(text).text for name, text in node.entries}), node.place)

    @classmethod
    def schema(cls) -> dict[str, Any]:
        """Text, or one text a language."""
        texts = {"type": "object", "properties": dict.fromkeys(LANGUAGES, TEXT), "additionalProperties": False}
        return {"anyOf": [TEXT, texts]}

    def in_(self, language: str) -> str:
        """The text in a language, else in whichever it has."""
        return self.texts.get(language) or next(iter(self.texts.values()), "")


@dataclass(frozen=True, slots=True)
class Ref:
    """A reference to a metric, or to a part of one (`revenue.mrr`)."""

    name: str
    part: str | None = None
    place: Place = field(default=Place(""), compare=False)

    @classmethod
    def from_node(cls, node: Node) -> Self:
        """A name, or a name and a part with a dot between."""
        found = scalar(node)
        if _NAME.fullmatch(found.text):
            return cls(found.text, None, found.place)
        if _DOTTED.fullmatch(found.text):
            name, part = found.text.split(".")
            return cls(name, part, found.place)
        raise Mistake(problem("S122", found.place, found=found.text))

    @classmethod
    def schema(cls) -> dict[str, Any]:
        """Text."""
        return TEXT

    def __str__(self) -> str:
        return f"{self.name}.{self.part}" if self.part else self.name


@dataclass(frozen=True, slots=True)
class Name:
    """A name that the user gives: a letter of any script first, then letters, digits, `_`."""

    text: str
    place: Place = field(default=Place(""), compare=False)

    @classmethod
    def from_node(cls, node: Node) -> Self:
        """One plain name."""
        found = scalar(node)
        if not _NAME.fullmatch(found.text) or found.text.lower() in RESERVED:
            raise Mistake(problem("S122", found.place, found=found.text))
        return cls(found.text, found.place)

    @classmethod
    def schema(cls) -> dict[str, Any]:
        """Text."""
        return TEXT

    def __str__(self) -> str:
        return self.text


RESERVED = frozenset({"and", "or", "not", "in", "between", "is", "null", "true", "false", "previous"})


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table, `contacts.lead_id`."""

    table: str
    column: str
    place: Place = field(compare=False)

    @classmethod
    def from_node(cls, node: Node) -> Self:
        """A table and a column with a dot between."""
        found = scalar(node)
        table, dot, column = found.text.partition(".")
        if not (dot and table and column):
            raise Mistake(problem("S123", found.place, found=found.text))
        return cls(table.strip(), column.strip().strip("`"), found.place)

    @classmethod
    def schema(cls) -> dict[str, Any]:
        """Text with a dot."""
        return {"type": "string", "pattern": r"^[^.]+\..+$"}

    def __str__(self) -> str:
        return f"{self.table}.{self.column}"


@dataclass(frozen=True, slots=True)
class Formula:
    """Arithmetic over metrics."""

    node: Expression
    text: Text = field(compare=False)

    @classmethod
    def from_node(cls, node: Node) -> Self:
        """`leads * reply_rate`."""
        found = scalar(node)
        return cls(grammar.formula(found.text, found.place), found.text)

    @classmethod
    def schema(cls) -> dict[str, Any]:
        """Text."""
        return TEXT


@dataclass(frozen=True, slots=True)
class Where:
    """Which rows of a table count."""

    node: Expression
    text: Text = field(compare=False)

    @classmethod
    def from_node(cls, node: Node) -> Self:
        """`kind = 'call' and outcome in ('reached', 'meeting')`."""
        found = scalar(node)
        return cls(grammar.where(found.text, found.place), found.text)

    @classmethod
    def schema(cls) -> dict[str, Any]:
        """Text."""
        return TEXT


@dataclass(frozen=True, slots=True)
class Goal:
    """What a milestone reaches: a condition; or words that are none, kept so that a check can say what is wrong."""

    text: Text
    condition: phrases.Condition | None

    @classmethod
    def from_node(cls, node: Node) -> Self:
        """`revenue.mrr >= 30万円`."""
        found = scalar(node)
        if not _COMPARES.search(found.text):
            return cls(found.text, None)
        return cls(found.text, phrases.condition(found.text, found.place))

    @classmethod
    def schema(cls) -> dict[str, Any]:
        """Text."""
        return TEXT

    @property
    def place(self) -> Place:
        """Where it stands."""
        return self.text.place


@dataclass(frozen=True, slots=True)
class Amount:
    """A level to be read or spent: `8%`, `20万円`, `4000 per month`."""

    level: phrases.Level
    text: Text = field(compare=False)

    @classmethod
    def from_node(cls, node: Node) -> Self:
        """A number with its unit, perhaps per a period."""
        found = scalar(node)
        return cls(phrases.level(found.text, found.place), found.text)

    @classmethod
    def schema(cls) -> dict[str, Any]:
        """Text or a number."""
        return {"type": ["string", "number"]}

    @property
    def place(self) -> Place:
        """Where it stands."""
        return self.text.place


@dataclass(frozen=True, slots=True)
class Expect:
    """What an initiative should change: `+2pt`, `+80 in 1 month`."""

    change: phrases.Change
    text: Text = field(compare=False)

    @classmethod
    def from_node(cls, node: Node) -> Self:
        """A change, perhaps within a time."""
        found = scalar(node)
        return cls(phrases.change(found.text, found.place), found.text)

    @classmethod
    def schema(cls) -> dict[str, Any]:
        """Text or a number."""
        return {"type": ["string", "number"]}


@dataclass(frozen=True, slots=True)
class Span:
    """A length of time, `6 weeks`."""

    duration: Duration
    text: Text = field(compare=False)

    @classmethod
    def from_node(cls, node: Node) -> Self:
        """A number and a unit of time."""
        found = scalar(node)
        return cls(phrases.duration(found.text, found.place), found.text)

    @classmethod
    def schema(cls) -> dict[str, Any]:
        """Text."""
        return TEXT


@dataclass(frozen=True, slots=True)
class Due:
    """When: a date, or so long after the story starts."""

    when: date | Duration
    text: Text = field(compare=False)

    @classmethod
    def from_node(cls, node: Node) -> Self:
        """`2026-09-30` or `+3 months`."""
        found = scalar(node)
        return cls(phrases.due(found.text, found.place), found.text)

    @classmethod
    def schema(cls) -> dict[str, Any]:
        """Text."""
        return TEXT

    def day(self, starts: date | None) -> date | None:
        """The day; None where it counts from a start that is not told."""
        if isinstance(self.when, date):
            return self.when
        return self.when.after(starts) if starts else None
