"""Roles: what a `where` takes each of its columns for, inferred from how the columns are used."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import TypeAlias

from shinro.definitions.expression import (
    And,
    Between,
    Binary,
    Call,
    Compare,
    Day,
    In,
    IsNull,
    Name,
    Negative,
    Node,
    Not,
    Number,
    Or,
    Text,
)
from shinro.definitions.tokens import Source
from shinro.loads import Role

# The type of a value: known, or that of a column, which its other uses may tell.
Type: TypeAlias = Role | Name

LITERALS: Mapping[type, Role] = {Number: Role.NUMBER, Text: Role.TEXT, Day: Role.TIME}
SAMPLES = {Role.TEXT: "'text'", Role.NUMBER: "123", Role.TIME: "2026-04-01", Role.TRUTH: "true"}
SIGNATURES = {
    "abs": (Role.NUMBER, Role.NUMBER),
    "lower": (Role.TEXT, Role.TEXT),
    "upper": (Role.TEXT, Role.TEXT),
    "trim": (Role.TEXT, Role.TEXT),
    "length": (Role.TEXT, Role.NUMBER),
    "contains": (Role.TEXT, Role.TRUTH),
    "starts_with": (Role.TEXT, Role.TRUTH),
    "ends_with": (Role.TEXT, Role.TRUTH),
    "days_between": (Role.TIME, Role.NUMBER),
}
ORDERED = ("<", "<=", ">", ">=")


def types(node: Node, source: Source | None = None) -> Mapping[Name, Role]:
    """Each column that a `where` reads, in order, and what it takes it for; ANY where nothing tells.

    Raises Mistake: Q114 where a value is used as two things, Q128 where these are a day and a number, Q127 where texts
    or truths are ordered; never for a node that `where` has read.
    """
    found = _Inference(source or Source(""))
    found.need(node, Role.TRUTH)
    return found.settled()


class _Inference:
    """Unification: columns that are compared with each other share one type, which any of their uses may tell."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.columns: dict[Name, None] = {}
        self.same: dict[Type, Type] = {}
        self.ordered: list[tuple[Type, int]] = []

    def settled(self) -> Mapping[Name, Role]:
        for kind, at in self.ordered:
            if self.ends(kind) in (Role.TEXT, Role.TRUTH):
                raise self.source.mistake("Q127", at)
        ends = {column: self.ends(column) for column in self.columns}
        return MappingProxyType({name: end if isinstance(end, Role) else Role.ANY for name, end in ends.items()})

    def ends(self, kind: Type) -> Type:
        """The role that is known of a type, or the column that stands for all of its kind."""
        while (known := self.same.get(kind, kind)) != kind:
            kind = known
        return kind

    def need(self, node: Node, role: Role) -> Role:
        """The node must be of the role."""
        self.join(self.of(node), role, node.at)
        return role

    def alike(self, nodes: Iterable[Node]) -> Type:
        """All nodes must be of one type: it."""
        first, *others = nodes
        kind = self.of(first)
        for other in others:
            self.join(self.of(other), kind, other.at)
        return kind

    def join(self, one: Type, other: Type, at: int) -> None:
        one, other = self.ends(one), self.ends(other)
        if one == other:
            return
        if isinstance(one, Name):
            self.same[one] = other
        elif isinstance(other, Name):
            self.same[other] = one
        else:
            code = "Q128" if {one, other} == {Role.TIME, Role.NUMBER} else "Q114"
            raise self.source.mistake(code, at, found=SAMPLES[one], wanted=SAMPLES[other])

    def of(self, node: Node) -> Type:
        """The type of a node, its parts checked."""
        match node:
            case Name():
                self.columns.setdefault(node)
                return self.ends(node)
            case Negative(of):
                return self.need(of, Role.NUMBER)
            case Binary(_, left, right):
                self.need(left, Role.NUMBER)
                return self.need(right, Role.NUMBER)
            case Call(function, args):
                return self.call(function, args, node.at)
            case _:
                return LITERALS.get(type(node)) or self.truth(node)

    def truth(self, node: Node) -> Role:
        """A condition; its parts checked."""
        match node:
            case And(parts) | Or(parts):
                for part in parts:
                    self.need(part, Role.TRUTH)
            case Not(of):
                self.need(of, Role.TRUTH)
            case IsNull(of):
                self.of(of)
            case In(of, choices):
                self.alike((of, *choices))
            case Compare(op, left, right):
                kind = self.alike((left, right))
                self.ordered += [(kind, node.at)] if op in ORDERED else []
            case Between(of, low, high):
                self.ordered.append((self.alike((of, low, high)), node.at))
        return Role.TRUTH

    def call(self, function: str, args: tuple[Node, ...], at: int) -> Type:
        if function in SIGNATURES:
            takes, gives = SIGNATURES[function]
            for arg in args:
                self.need(arg, takes)
            return gives
        kind = self.alike(args)
        if function != "coalesce":
            self.ordered.append((kind, at))
        return kind
