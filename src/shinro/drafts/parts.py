"""Parts: what one kind of file tells of the story: metrics, an identity, a star that it could carry, what it asks."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from re import Pattern

from shinro.definitions.writing import Plain

Bodies = Mapping[str, Mapping[str, Plain]]


@dataclass(frozen=True, slots=True)
class Note:
    """One thing to say to the reader: found, guessed or asked; the sentence is in the catalog under `key`."""

    how: str  # found, guess, ask
    key: str
    args: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Star:
    """A metric that could be the North Star, what it leads to, and what shows that it is raised at a cost.

    A `weak` one counts what came in, not what anybody got: it is taken where there is no other.
    """

    metric: str
    outcomes: tuple[str, ...] = ()
    guardrail: str | None = None
    weak: bool = False


@dataclass(frozen=True, slots=True)
class Part:
    """What the story takes from one file. `kpis` are those that its department answers for, the first in focus."""

    department: str
    metrics: Bodies
    kpis: tuple[str, ...]
    tree: Mapping[str, str] = field(default_factory=dict)
    star: Star | None = None
    leads_to: str = ""  # the metric by which an earlier part moves this one
    moves: str = ""  # the metric by which it moves a later one
    outcome: str = ""
    lag: str = ""
    table: Mapping[str, Plain] = field(default_factory=dict)  # keys of its table beyond the plain ones
    notes: tuple[Note, ...] = ()
    work: bool = False  # its rows are work that was done: no star is among them


def literal(text: str) -> str:
    """A text of the expression language."""
    return "'" + text.replace("'", "''") + "'"


def one_of(column: str, values: Sequence[str]) -> str:
    """The condition that a column has one of some values."""
    name = column
    if len(values) == 1:
        return f"{name} = {literal(values[0])}"
    return f"{name} in ({', '.join(map(literal, values))})"


def matching(values: Iterable[str], yes: Pattern[str], no: Pattern[str] | None = None) -> tuple[str, ...]:
    """The values that say one thing and not another."""
    return tuple(value for value in values if yes.search(value) and not (no and no.search(value)))
