"""Values that read themselves from one text: labels, references, formulas, conditions, levels, changes, dates."""

from __future__ import annotations

import re
from collections.abc import Callable
from collections.abc import Mapping as Map
from dataclasses import dataclass, field
from datetime import date
from types import MappingProxyType
from typing import Any, ClassVar, Self
from unicodedata import normalize

from shinro.definitions import expression, grammar, phrases
from shinro.definitions.nodes import Mapping, Node, Scalar, Text
from shinro.definitions.shapes import scalar
from shinro.definitions.tokens import Mistake
from shinro.periods import Duration
from shinro.problems import Place, Problem, problem

LANGUAGES = ("ja", "en")
_NAME = re.compile(r"[^\W\d][\w・]*")
_DOTTED = re.compile(r"[^\W\d][\w・]*\.[^\W\d][\w・]*")
_COMPARES = re.compile(r"[<>=≤≥≦≧＜＞＝]")
TEXT: dict[str, Any] = {"type": "string"}
OR_NUMBER: dict[str, Any] = {"type": ["string", "number"]}


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
        raise _no_name(found)

    @classmethod
    def schema(cls) -> dict[str, Any]:
        """Text."""
        return TEXT

    def __str__(self) -> str:
        return f"{self.name}.{self.part}" if self.part else self.name


def _no_name(found: Scalar) -> Mistake:
    """Why a text is no name: with its marks as letters of their own (`カ` and `゙`) it only looks like one."""
    whole = normalize("NFC", found.text)
    parted = whole != found.text and (_NAME.fullmatch(whole) or _DOTTED.fullmatch(whole))
    args = {"case": "parted", "found": whole} if parted else {"found": found.text}
    return Mistake(Problem(found.place, "S122", args))


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
            raise _no_name(found)
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


class Phrase:
    """A value that one text is read into by one function of the language; it keeps the text, and so its place.

    A subclass is a frozen value of what was read and `text`, and names its `reader`.
    """

    __slots__ = ()
    reader: ClassVar[Callable[[str, Place], object]]
    described: ClassVar[dict[str, Any]] = TEXT
    text: Text

    @classmethod
    def from_node(cls, node: Node) -> Self:
        """The value, or a Mistake with its problem."""
        found = scalar(node)
        make: Callable[[object, Text], Self] = cls
        return make(cls.reader(found.text, found.place), found.text)

    @classmethod
    def schema(cls) -> dict[str, Any]:
        """Its JSON Schema: a text, and for numbers a number as well."""
        return cls.described

    @property
    def place(self) -> Place:
        """Where it stands."""
        return self.text.place


@dataclass(frozen=True, slots=True)
class Formula(Phrase):
    """Arithmetic over metrics: `leads * reply_rate`."""

    reader = grammar.formula

    node: expression.Node
    text: Text = field(compare=False)


@dataclass(frozen=True, slots=True)
class Where(Phrase):
    """Which rows of a table count: `kind = 'call' and outcome in ('reached', 'meeting')`."""

    reader = grammar.where

    node: expression.Node
    text: Text = field(compare=False)


def _goal(text: str, place: Place) -> phrases.Condition | None:
    return phrases.condition(text, place) if _COMPARES.search(text) else None


@dataclass(frozen=True, slots=True)
class Goal(Phrase):
    """What a milestone reaches: a condition; or words that are none, kept so that a check can say what is wrong."""

    reader = _goal

    condition: phrases.Condition | None
    text: Text


@dataclass(frozen=True, slots=True)
class Amount(Phrase):
    """A level to be read or spent: `8%`, `20万円`, `4000 per month`."""

    reader = phrases.level
    described = OR_NUMBER

    level: phrases.Level
    text: Text = field(compare=False)


@dataclass(frozen=True, slots=True)
class Expect(Phrase):
    """What an initiative should change: `+2pt`, `+80 in 1 month`."""

    reader = phrases.change
    described = OR_NUMBER

    change: phrases.Change
    text: Text = field(compare=False)


@dataclass(frozen=True, slots=True)
class Span(Phrase):
    """A length of time, `6 weeks`."""

    reader = phrases.duration

    duration: Duration
    text: Text = field(compare=False)


@dataclass(frozen=True, slots=True)
class Stretch(Span):
    """A length of time of a day or more, `12 months`."""

    reader = phrases.stretch


@dataclass(frozen=True, slots=True)
class Due(Phrase):
    """When: a date, or so long after the story starts: `2026-09-30`, `+3 months`."""

    reader = phrases.due

    when: date | Duration
    text: Text = field(compare=False)

    def day(self, starts: date | None) -> date | None:
        """The day; None where it counts from a start that is not told."""
        if isinstance(self.when, date):
            return self.when
        return self.when.after(starts) if starts else None
