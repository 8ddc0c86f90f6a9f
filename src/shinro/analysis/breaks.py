"""Breaks: the fewest combinations of dimension values that explain an unexpected change."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

import numpy as np

from shinro.analysis.cubes import Cube, Floats, Mask, cube
from shinro.analysis.mix import Cut, ratio_cell
from shinro.analysis.searching import Candidate, best, enough, moved_together, weighed
from shinro.analysis.strains import Kind, Strains, Sums, strains, usual
from shinro.findings.segments import Against, Break, Breaks, Side
from shinro.series import Segment

MOST = 5  # combinations that are named
MATERIAL = 0.1  # of the whole's difference: what explains less is another story
FINE = 10**12  # denominators of what is expected of a ratio


@dataclass(frozen=True, slots=True)
class Rules:
    """How to look."""

    against: Against = Against.LAST
    sampled: bool = True  # what is expected was counted in a period like this one; False for a forecast
    one_way: bool = True  # only what moved the way of the whole explains it
    way: int = 0  # that way, where it is not what the cells did together: up (1) or down (-1) to a target
    everywhere: bool = True  # that all moved alike is an answer too
    material: float = MATERIAL


@dataclass(frozen=True, slots=True)
class Scene:
    """All cells: exact and as arrays, with what was expected of each."""

    cube: Cube
    segments: tuple[Segment, ...]
    after: tuple[Side, ...]
    kind: Kind
    sums: Sums
    wide: float  # the whole's denominator now; 1 for an amount

    @property
    def change(self) -> Floats:
        """What each cell brought to the whole's difference (cells,), in the whole's unit."""
        return (self.sums.observed - self.sums.expected) / self.wide


def breaks(leaves: Cut, kind: Kind, rules: Rules = Rules(), earlier: Sequence[Cut] = ()) -> Breaks | None:
    """Where a metric broke, from its cells before and after by all dimensions at once.

    Expected of a count or an amount is the cell before, not scaled to the new whole (that all moved alike is an answer
    of its own); of a ratio its rate before at its denominator now, so that a new mix breaks nothing. One combination
    is taken after the other: the best, then the best of the cells that it leaves, while it is no chance find among all
    that were weighed and explains a tenth of the difference. None where there are fewer than two cells. What moved
    against the whole, which only a way of its own asks for, has no share in the difference.

    `earlier`: the same cells between periods before, which tell how far cells move anyway. Without them it is read off
    the cells themselves, and from few cells not at all.

    Cost: a pass over the cells for every set of up to four dimensions and every combination that is named.
    Source: Kulldorff (1997), doi:10.1080/03610929708831995, with the variance of DerSimonian and Laird (1986).
    """
    told = {segment: sides for segment, sides in leaves.items() if any(sides)}
    if len(told) < 2:  # noqa: PLR2004 - one cell is the whole
        return None
    scene = _scene(told, kind, rules)
    past = [_scene(cut, kind, replace(rules, sampled=True)) for cut in earlier if cut]
    counted = Kind.COUNTS if any(one.kind is not scene.kind for one in past) else scene.kind
    strain = strains(counted, scene.sums, usual(counted, [one.sums for one in past]))
    direction = (rules.way or _sign(float(scene.change.sum()))) if rules.one_way else 0
    found, others = _found(scene, strain, direction, rules)
    every = np.arange(scene.cube.cells, dtype=np.int64)
    whole = _told(scene, Candidate(0.0, (), every))
    near = [_told(scene, one) for one in others]
    if float(whole.change) * direction < 0:
        found, near = ([replace(one, share=None) for one in each] for each in (found, near))
    return Breaks(
        rules.against,
        tuple(found),
        tuple(near),
        whole.observed,
        whole.expected,
        scene.cube.cells,
        weighed(scene.cube),
        way=direction,
    )


def _found(scene: Scene, strain: Strains, direction: int, rules: Rules) -> tuple[list[Break], tuple[Candidate, ...]]:
    """What is named, one after the other, and what else could have been named first."""
    threshold = enough(scene.cube)
    left = np.ones(scene.cube.cells, dtype=np.bool_)
    others, found = best(scene.cube, strain, left, direction), list[Break]()
    top, everywhere = others, rules.everywhere
    while len(found) < MOST:
        alike = _alike(strain, left, direction)
        if everywhere and alike.net >= max([threshold, *(one.net for one in top)]):
            found.append(_told(scene, alike))
            strain, everywhere = _beyond(strain, left), False
        elif top and top[0].net >= threshold:
            named = _told(scene, top[0])
            found += [named] if named.share is None or abs(named.share) >= rules.material else []
            left[top[0].cells] = False
            direction = direction or _sign(float(named.change))
        else:
            break
        top = best(scene.cube, strain, left, direction)
    first = found[0].segment if found else None
    return found, tuple(one for one in others if one.segment != first)


def _alike(strain: Strains, left: Mask, direction: int) -> Candidate:
    """All cells that are left, as one."""
    cells = np.flatnonzero(left).astype(np.int64)
    return Candidate(moved_together(strain, cells, direction), (), cells)


def _beyond(strain: Strains, left: Mask) -> Strains:
    """Strains less what all cells that are left have in common."""
    weight = strain.weight * left
    common = float(weight @ strain.strain) / float(weight.sum())
    return replace(strain, strain=np.where(weight > 0, strain.strain - common, 0.0))


def _scene(leaves: Cut, kind: Kind, rules: Rules) -> Scene:
    """The cells as arrays, with what was expected of each."""
    segments = tuple(leaves)
    before, after = ([sides[side] or Side(None) for sides in leaves.values()] for side in (0, 1))
    one = np.ones(len(segments))
    if not any(cell.is_ratio for cell in (*before, *after)):
        kind = Kind.COUNTS if kind is Kind.ODDS else kind
        expected = _floats(cell.value for cell in before)
        sums = Sums(_floats(cell.value for cell in after), expected, one, one, rules.sampled)
        return Scene(cube(segments), segments, tuple(after), kind, sums, 1.0)
    over, base = _floats(cell.over for cell in after), _floats(cell.base for cell in after)
    over0, base0 = _floats(cell.over for cell in before), _floats(cell.base for cell in before)
    rate = over0.sum() / base0.sum() if base0.sum() else 0.0
    rates = np.divide(over0, base0, out=np.full_like(base0, rate), where=base0 > 0)
    kind = _kind(kind, over, base, over0, base0)
    sums = Sums(over, base * rates, base, base0, rules.sampled)
    return Scene(cube(segments), segments, tuple(after), kind, sums, float(base.sum()) or 1.0)


def _kind(kind: Kind, over: Floats, base: Floats, over0: Floats, base0: Floats) -> Kind:
    """Odds only where nothing succeeds more often than it was tried; else what is above the line is counted."""
    within = bool(((over >= 0) & (over <= base)).all() and ((over0 >= 0) & (over0 <= base0)).all())
    return Kind.COUNTS if kind is Kind.ODDS and not within else kind


def _told(scene: Scene, one: Candidate) -> Break:
    """A combination with its numbers, all its cells together."""
    cells = [scene.after[place] for place in one.cells]
    expected = _fraction(float(scene.sums.expected[one.cells].sum()))
    change = float(scene.change[one.cells].sum())
    whole = float(scene.change.sum())
    size = float((scene.change * np.sign(scene.change)).sum())
    share = _fraction(change / whole) if abs(whole) > size / 1000 else None
    if not any(cell.is_ratio for cell in scene.after):
        observed = Side(sum((cell.value or Fraction(0) for cell in cells), Fraction(0)))
        return Break(one.segment, observed, Side(expected), _fraction(change), one.net, share)
    over, base = (sum((part or Fraction(0) for part in parts), Fraction(0)) for parts in _parts(cells))
    return Break(one.segment, ratio_cell(over, base), ratio_cell(expected, base), _fraction(change), one.net, share)


def _sign(value: float) -> int:
    return (value > 0) - (value < 0)


def _parts(cells: Sequence[Side]) -> tuple[list[Fraction | None], list[Fraction | None]]:
    return [cell.over for cell in cells], [cell.base for cell in cells]


def _floats(values: Iterable[Fraction | None]) -> Floats:
    return np.array([float(value or 0) for value in values], dtype=np.float64)


def _fraction(value: float) -> Fraction:
    return Fraction(value).limit_denominator(FINE)
