"""Spans: a change over more than one period: every period's split added.

Chained and end to end both add up to the change, and differ: a chain gives each driver what it brought in the month
that it moved in, so one that rose and came back need not bring 0. Say which one is shown.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from shinro.analysis.forms import ZERO
from shinro.findings.gaps import Decomposition, Kind, Leaf, Off, Part, Way


def added(steps: Sequence[Decomposition]) -> Decomposition:
    """Splits of one root that follow one another, as one; what cannot be told in a step cannot be told in all."""
    root = _whole([step.root for step in steps])
    told = root.contribution is not None
    leaves = tuple(_leaves(steps)) if told else ()
    off = tuple(_off(steps)) if told else ()
    missing = tuple(dict.fromkeys(each for step in steps for each in step.missing))
    return Decomposition(root, leaves, off, missing, Way.CHAINED, len(steps))


def _off(steps: Sequence[Decomposition]) -> Iterator[Off]:
    """What does not add up, once a node: what one period says after, the next one says before."""
    found: dict[str, list[Off]] = {}
    for line in (line for step in steps for line in step.off):
        found.setdefault(line.name, []).append(line)
    for same in found.values():
        total = sum((line.contribution for line in same), ZERO)
        if total:
            yield replace(same[-1], contribution=total)


def _leaves(steps: Sequence[Decomposition]) -> Iterator[Leaf]:
    """Each driver once: from where it was first to where it is last."""
    found: dict[tuple[str, Kind], list[Leaf]] = {}
    for leaf in (leaf for step in steps for leaf in step.leaves):
        found.setdefault((leaf.name, leaf.kind), []).append(leaf)
    for same in found.values():
        total = sum((leaf.contribution for leaf in same), ZERO)
        why = next((leaf.why for leaf in same if leaf.why), None)
        yield replace(same[-1], before=same[0].before, contribution=total, why=why)


@dataclass(slots=True)
class _Place:
    """A place with its part in each step, None in those where it is not."""

    parts: list[Part | None]
    parent: int
    children: list[Part] = field(default_factory=list)


def _whole(roots: Sequence[Part]) -> Part:
    """The trees of all steps laid over one another."""
    places = [_Place(list(roots), -1)]
    for at, place in enumerate(places):
        places.extend(_Place(parts, at) for parts in _below(place.parts))
    for place in reversed(places):
        part = _joined(place.parts, tuple(reversed(place.children)))
        if place.parent >= 0:
            places[place.parent].children.append(part)
    return part


def _below(parts: Sequence[Part | None]) -> Iterator[list[Part | None]]:
    """The children of the same place in all steps, by name; of one name, by which comes first."""
    found: dict[tuple[str, Kind, int, int], list[Part | None]] = {}
    for step, part in enumerate(parts):
        seen: dict[tuple[str, Kind, int], int] = {}
        for child in part.children if part else ():
            key = (child.name, child.kind, child.back)
            seen[key] = seen.get(key, -1) + 1
            found.setdefault((*key, seen[key]), [None] * len(parts))[step] = child
    yield from found.values()


def _joined(parts: Sequence[Part | None], children: tuple[Part, ...]) -> Part:
    """One place over all steps. Where it is not in a step, it brings nothing in it."""
    known = [part for part in parts if part]
    brought = [part.contribution for part in known if part.contribution is not None]
    return replace(
        known[0],
        after=known[-1].after,
        contribution=sum(brought, ZERO) if len(brought) == len(known) else None,
        children=children,
        off_before=sum((part.off_before for part in known), ZERO),
        off_after=sum((part.off_after for part in known), ZERO),
        why=next((part.why for part in known if part.why), None),
    )
