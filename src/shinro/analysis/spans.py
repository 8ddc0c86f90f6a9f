"""Spans: a change over more than one period: every period's split added.

Chained and end to end both add up to the change, and differ: a chain gives each driver what it brought in the month
that it moved in, so one that rose and came back need not bring 0. Say which one is shown.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction

from shinro.analysis.forms import ZERO
from shinro.findings.gaps import Decomposition, Kind, Leaf, Off, Part, Way


def added(steps: Sequence[Decomposition]) -> Decomposition:
    """Splits of one root that follow one another, as one; what cannot be told in a step cannot be told in all."""
    root = laid_over([step.root for step in steps])
    told = root.contribution is not None
    leaves = tuple(_leaves(steps)) if told else ()
    off = tuple(_off(steps)) if told else ()
    missing = tuple(dict.fromkeys(each for step in steps for each in step.missing))
    return Decomposition(root, leaves, off, missing, Way.CHAINED, len(steps))


def _off(steps: Sequence[Decomposition]) -> Iterator[Off]:
    """What does not add up, once a node: what one period says after, the next one says before.

    Numbers are told where all of it lies at one of the ends; else it is a sum over the periods.
    """
    found: dict[str, dict[int, list[Off]]] = {}
    for at, step in enumerate(steps):
        for line in step.off:
            found.setdefault(line.name, {}).setdefault(at + line.after, []).append(line)
    for ends in found.values():
        sums = {at: sum((line.contribution for line in lines), ZERO) for at, lines in ends.items()}
        apart = [at for at, amount in sums.items() if amount]
        total = sum(sums.values(), ZERO)
        if apart in ([0], [len(steps)]) and len(ends[apart[0]]) == 1:
            yield ends[apart[0]][0]
        elif total:
            line = next(iter(ends.values()))[0]
            yield replace(line, stated=None, computed=None, contribution=total, after=True, over=len(steps))


def _leaves(steps: Sequence[Decomposition]) -> Iterator[Leaf]:
    """Each driver once: from where it was first to where it is last."""
    found: dict[tuple[str, Kind, int], list[Leaf]] = {}
    for leaf in (leaf for step in steps for leaf in step.leaves):
        found.setdefault((leaf.name, leaf.kind, leaf.back), []).append(leaf)
    for same in found.values():
        total = sum((leaf.contribution for leaf in same), ZERO)
        why = next((leaf.why for leaf in same if leaf.why), None)
        yield replace(same[-1], before=same[0].before, after=_last(same), contribution=total, why=why)


@dataclass(slots=True)
class _Place:
    """A place with its part in each step, None in those where it is not."""

    parts: list[Part | None]
    parent: int
    children: list[Part] = field(default_factory=list)


def laid_over(roots: Sequence[Part]) -> Part:
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
            key = (child.name, child.kind, child.back - part.back if part else 0)
            seen[key] = seen.get(key, -1) + 1
            found.setdefault((*key, seen[key]), [None] * len(parts))[step] = child
    yield from found.values()


def _joined(parts: Sequence[Part | None], children: tuple[Part, ...]) -> Part:
    """One place over all steps. Where it is not in a step, it brings nothing in it."""
    known = [part for part in parts if part]
    brought = [part.contribution for part in known if part.contribution is not None]
    return replace(
        known[0],
        after=_last(known),
        contribution=sum(brought, ZERO) if len(brought) == len(known) else None,
        children=children,
        off_before=sum((part.off_before for part in known), ZERO),
        off_after=sum((part.off_after for part in known), ZERO),
        why=next((part.why for part in known if part.why), None),
    )


def _last(same: Sequence[Part] | Sequence[Leaf]) -> Fraction | None:
    """Where it stands at the end; of a stock's flow, which is held against nothing, what flowed in all steps."""
    flows = [each.after for each in same if each.before is None and each.after is not None and each.why is None]
    return sum(flows, ZERO) if len(flows) == len(same) else same[-1].after
