"""Former targets: what a target said before it was moved, read back from how it was written."""

from __future__ import annotations

from functools import cache

from shinro.definitions.nodes import Node, Scalar, Text, read_nodes
from shinro.definitions.shapes import Unreadable, read
from shinro.definitions.story import Target
from shinro.problems import CannotGoOn, Place, Problem

NO_TARGET = "none"  # how a former target is written where there was none: the path through the milestones was meant


@cache
def former(was: str) -> Target | None:
    """The target that was written so; one without levels for `none`; None where the words are no target.

    Law: `former(was(target))` says what the target says. Cost: each text is read once.
    """
    if was.strip() == NO_TARGET:
        return Target()
    problems: list[Problem] = []
    try:
        found = read(Target, _node(was, problems), problems)
    except (CannotGoOn, Unreadable):
        return None
    return None if problems else found


def _node(was: str, problems: list[Problem]) -> Node:
    place = Place("")
    if not was.startswith("{"):  # a level alone: `5%`, `100万円`
        return Scalar(Text(was, place), place, plain=True)
    top, found = read_nodes(f"was: {was}", "")
    problems.extend(found)
    return top.entries[0][1]
