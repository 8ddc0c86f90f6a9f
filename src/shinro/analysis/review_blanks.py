"""Blanks: what a review asks, each under a name that stays the same, however the question is put.

```
blank = "s" SEQ | "miss." KEY [part] | "kpi." KEY [part] | "d" NUMBER | "a" NUMBER
part  = ".why" | ".way" | ".write"
```
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import Enum
from hashlib import sha256

from shinro.findings.actions import Action
from shinro.findings.reviews import Miss, Review

DECISIONS, ACTIONS = 3, 3  # blanks that are offered; a form may hold more, under the next numbers
MORE = re.compile(r"([da])([1-9]\d{0,2})", re.ASCII)
PLAIN = re.compile(r"[\w.\-]+")


class Asks(Enum):
    """What a blank asks for."""

    STATUS = "status"  # of an action of the last review
    CAUSE = "cause"
    NOTE = "note"
    WAY = "way"
    WRITE = "write"  # whether the way on is written into the project file
    DECISION = "decision"
    ACTION = "action"


@dataclass(frozen=True, slots=True)
class Blank:
    """One question: its name, what it asks for, and of which action or miss."""

    name: str
    asks: Asks
    action: Action | None = None
    miss: Miss | None = None


def blanks(found: Review, more: Iterable[str] = ()) -> tuple[Blank, ...]:
    """Every blank of a review in the order of a meeting: what was to be done, what was missed, what is decided now.

    `more` are names that a form holds beyond what is offered: another decision, another action.
    """
    offered = (
        *(Blank(f"s{each.seq}", Asks.STATUS, action=each) for each in found.actions if each.is_open),
        *(blank for miss in found.asked for blank in _of_miss(miss)),
    )
    names = dict.fromkeys([*_numbered("d", DECISIONS), *(each for each in more if MORE.fullmatch(each))])
    decided = sorted((each for each in names if each[0] == "d"), key=_number)
    acts = sorted({*_numbered("a", ACTIONS), *(each for each in names if each[0] == "a")}, key=_number)
    return (
        *offered,
        *(Blank(each, Asks.DECISION) for each in decided),
        *(Blank(each, Asks.ACTION) for each in acts),
    )


def _of_miss(miss: Miss) -> Iterator[Blank]:
    name = f"{'kpi' if miss.is_kpi else 'miss'}.{key_of(miss.subject)}"
    yield Blank(name, Asks.CAUSE, miss=miss)
    yield Blank(f"{name}.why", Asks.NOTE, miss=miss)
    yield Blank(f"{name}.way", Asks.WAY, miss=miss)
    yield Blank(f"{name}.write", Asks.WRITE, miss=miss)


def key_of(subject: str) -> str:
    """A milestone's title or a metric as part of a name; one with blanks or signs by its digest."""
    return subject if PLAIN.fullmatch(subject) else f"x{sha256(subject.encode()).hexdigest()[:8]}"


def _numbered(letter: str, count: int) -> list[str]:
    return [f"{letter}{n}" for n in range(1, count + 1)]


def _number(name: str) -> int:
    return int(name[1:])
