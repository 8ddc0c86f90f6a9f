"""Planned stocks: the gap of a stock from its plan, by what was to flow in and out since both began, and what did.

Of `companies: previous + new - churned` that are 35 behind, the month before is no cause: 23 of them were missing then
already. So `previous` is opened period by period, for as long as both sides are known and the plan adds up: to within a
tenth of what is planned to flow, since a level that is aimed at is no plan of the way there.

Units and laws: those of `decompose`. Cost: twice that of `decompose`, opened so far.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from fractions import Fraction
from itertools import takewhile

from shinro.analysis.decompose import Reader, Tree, decompose
from shinro.analysis.forms import PREVIOUS, ZERO
from shinro.analysis.movement import flows_of
from shinro.analysis.spans import laid_over
from shinro.definitions.expression import Name
from shinro.findings.gaps import Decomposition, Kind, Off, Part, Way

TENTH = Fraction(1, 10)


def from_plan(tree: Tree, root: str, meant: Reader, actual: Reader) -> Decomposition:
    """The gap of a root from its target, split, its stocks opened down to where they and their plans began."""
    whole = decompose(tree, root, meant, actual)
    stocks = {part.name for part in whole.parts() if _earlier(part)}
    if not stocks or not all(_is_plain(tree, name) for name in stocks):
        return whole
    periods = _known(tree, root, meant, actual)
    deep = decompose(tree, root, meant, actual, unroll=periods - 1) if periods > 1 else whole
    if deep is whole or _held(deep) != periods:
        return whole
    lines = tuple(_lines(deep.off, periods))
    return replace(deep, root=_folded(deep.root), off=lines, way=Way.MOVEMENT, steps=periods)


def _is_plain(tree: Tree, stock: str) -> bool:
    """Whether its formula is `previous` plus and minus metrics."""
    terms = [node for node, _ in flows_of(tree, stock) or ()]
    return bool(terms) and all(isinstance(node, Name) and node.path != PREVIOUS for node in terms)


def _known(tree: Tree, root: str, meant: Reader, actual: Reader) -> int:
    """How many periods back all stocks of the tree can be opened."""
    reach = 1
    while (held := _held(decompose(tree, root, meant, actual, unroll=reach))) > reach:
        reach *= 2
    return held


def _held(split: Decomposition) -> int:
    """The periods in which every stock is opened, and its plan adds up, from the explained one back."""
    apart = {
        (line.name, line.back): line.stated - line.computed
        for line in split.off
        if not line.after and line.stated is not None and line.computed is not None
    }
    parts = list(split.parts())
    below = {id(earlier) for part in parts if (earlier := _earlier(part))}
    chains = [_chain(part) for part in parts if _earlier(part) and id(part) not in below]
    return min((len(list(takewhile(lambda each: _adds_up(each, apart), chain))) for chain in chains), default=0)


def _adds_up(part: Part, apart: dict[tuple[str, int], Fraction]) -> bool:
    planned = sum((abs(flow.before or ZERO) for flow in _flows(part)), ZERO)
    return part.opened and abs(apart.get((part.name, part.back), ZERO)) <= planned * TENTH


def _earlier(part: Part) -> Part | None:
    """What the same metric was one period earlier, where its formula reads that."""
    return next((each for each in part.children if each.name == part.name and each.back == part.back + 1), None)


def _flows(part: Part) -> Sequence[Part]:
    earlier = _earlier(part)
    return [each for each in part.children if each is not earlier]


def _chain(part: Part) -> list[Part]:
    """A stock, and what it was period by period before, as far as it is opened."""
    found = [part]
    while (earlier := _earlier(found[-1])) and earlier.kind is Kind.METRIC:
        found.append(earlier)
    return found


def _folded(part: Part) -> Part:
    """The tree with a stock's periods laid over one another: its opening level, then each flow over all of them."""
    chain = _chain(part)
    opening = _earlier(chain[-1])
    if opening is None:
        return replace(part, children=tuple(map(_folded, part.children)))
    laid = laid_over([replace(each, children=tuple(_flows(each))) for each in chain])
    same = zip(*map(_flows, chain), strict=True)
    flows = map(_summed, laid.children, same)
    return replace(part, children=(opening, *flows), off_before=laid.off_before, off_after=laid.off_after)


def _summed(flow: Part, same: Sequence[Part]) -> Part:
    """A flow over all periods; its own drivers have no one level in them."""
    before, after = _sum(each.before for each in same), _sum(each.after for each in same)
    return replace(flow, before=before, after=after, over=len(same), children=tuple(map(_levelless, flow.children)))


def _levelless(part: Part) -> Part:
    return replace(part, before=None, after=None, children=tuple(map(_levelless, part.children)))


def _sum(values: Iterable[Fraction | None]) -> Fraction | None:
    found = list(values)
    known = [value for value in found if value is not None]
    return sum(known, ZERO) if len(known) == len(found) else None


def _lines(off: Sequence[Off], periods: int) -> Iterator[Off]:
    """What does not add up, once a node and side."""
    found: dict[tuple[str, bool], list[Off]] = {}
    for line in off:
        found.setdefault((line.name, line.after), []).append(line)
    for same in found.values():
        total = sum((line.contribution for line in same), ZERO)
        if len(same) == 1 and not same[0].back:
            yield same[0]
        elif total:
            yield replace(same[0], stated=None, computed=None, contribution=total, back=0, over=periods)
