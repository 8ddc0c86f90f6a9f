"""Mix and rate: a gap cut by segments, so that at every level they add up to it, exactly."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from shinro.findings.segments import Presence, Reversal, SegmentLine, Side, Split
from shinro.series import Segment

NOTHING = Fraction(0)
Sides = tuple[Side | None, Side | None]  # before, after; None: no rows
Cut = Mapping[Segment, Sides]
Level = Mapping[Segment, Sequence[tuple[Segment, Sides]]]  # by the segment above


@dataclass(frozen=True, slots=True)
class Whole:
    """The metric before and after, and for a ratio the rate that a share is held against."""

    before: Side
    after: Side

    @property
    def is_ratio(self) -> bool:
        """Whether it has parts."""
        return self.before.is_ratio or self.after.is_ratio

    @property
    def gap(self) -> Fraction | None:
        """After less before; None where either is undefined."""
        if self.before.value is None or self.after.value is None:
            return None
        return self.after.value - self.before.value

    @property
    def middle(self) -> Fraction:
        """The mean of the rates before and after."""
        return ((self.before.value or NOTHING) + (self.after.value or NOTHING)) / 2


def split(dimensions: tuple[str, ...], whole: Whole, levels: Sequence[Cut]) -> Split | None:
    """A gap by segments, nested: `levels` holds one cut a dimension, each by all the dimensions up to its own.

    With N and D a segment's parts, B the whole's denominator, w = D / B, r = N / D, and R the mean of the whole's
    rates: rate = mean(w) change(r), mix = change(w) (mean(r) - R). A segment that has no D on one side has no rate
    there: the other is held, and all is mix. Together change(N / B) - R change(w), which adds over segments, so that
    segments add up to what they are cut from. Of an amount it is the difference. Parts that are null count as 0.

    What the segments of a level lack to the level above (distinct counts that overlap, who moved) is `overlap`.
    None where the gap is undefined. Cost: linear in the cells.
    Law: lines + overlap = the gap, at every level; exchanging before and after flips every sign; unmoved is 0.
    Source: Kitagawa (1955), doi:10.1080/01621459.1955.10501299, with R in the middle, so that both ways agree.
    """
    gap = whole.gap
    if gap is None:
        return None
    lines = _lines(whole, [_by_parent(cut) for cut in levels], ())
    overlap = gap - _sum(lines)
    return Split(dimensions, whole.before, whole.after, gap, lines, overlap, _reversal(dimensions[0], gap, lines))


def _by_parent(cut: Cut) -> Level:
    """A level's segments by the one that each is cut from."""
    found: dict[Segment, list[tuple[Segment, Sides]]] = {}
    for segment, sides in cut.items():
        found.setdefault(segment[:-1], []).append((segment, sides))
    return found


def _lines(whole: Whole, levels: Sequence[Level], above: Segment) -> tuple[SegmentLine, ...]:
    """The lines of one level below a segment, each with its own below it, the largest change first."""
    if not levels:
        return ()
    made = [_line(whole, segment, sides, levels[1:]) for segment, sides in levels[0].get(above, ())]
    return tuple(sorted(made, key=lambda line: (-abs(line.change), str(line.segment))))


def _line(whole: Whole, segment: Segment, sides: Sides, deeper: Sequence[Level]) -> SegmentLine:
    """One segment with those below it."""
    lines = _lines(whole, deeper, segment)
    change, rate = _brought(whole, *sides)
    overlap = change - _sum(lines) if lines else NOTHING
    mix = None if rate is None else change - rate
    return SegmentLine(segment, *sides, change, mix, rate, _presence(whole, sides), lines, overlap)


def _brought(whole: Whole, before: Side | None, after: Side | None) -> tuple[Fraction, Fraction | None]:
    """What a segment brought to the gap, and how much of it by its rate; None for an amount."""
    if not whole.is_ratio:
        return _value(after) - _value(before), None
    (over0, base0), (over1, base1) = _parts(before), _parts(after)
    all0, all1 = whole.before.base or Fraction(1), whole.after.base or Fraction(1)
    share0, share1 = base0 / all0, base1 / all1
    change = over1 / all1 - over0 / all0 - whole.middle * (share1 - share0)
    if not base0 or not base1:
        return change, NOTHING
    return change, (share0 + share1) / 2 * (over1 / base1 - over0 / base0)


def _value(cell: Side | None) -> Fraction:
    return (cell.value if cell else None) or NOTHING


def _parts(cell: Side | None) -> tuple[Fraction, Fraction]:
    return ((cell.over or NOTHING), (cell.base or NOTHING)) if cell else (NOTHING, NOTHING)


def _presence(whole: Whole, sides: Sides) -> Presence:
    before, after = (bool(_parts(cell)[1] if whole.is_ratio else _value(cell)) for cell in sides)
    if before == after:
        return Presence.BOTH
    return Presence.LEFT if before else Presence.ENTERED


def _sum(lines: Iterable[SegmentLine]) -> Fraction:
    return sum((line.change for line in lines), NOTHING)


def _reversal(dimension: str, gap: Fraction, lines: Sequence[SegmentLine]) -> Reversal | None:
    """Whether the rates of all segments moved one way and the whole the other (Simpson's paradox)."""
    rates = [line.rate for line in lines if line.rate is not None and line.presence is Presence.BOTH]
    rising, falling = all(rate > 0 for rate in rates), all(rate < 0 for rate in rates)
    if len(rates) < 2 or not ((rising and gap < 0) or (falling and gap > 0)):  # noqa: PLR2004 - one is no paradox
        return None
    return Reversal(dimension, rising, len(rates))


def pooled(leaves: Cut, keep: Sequence[str]) -> dict[Segment, Sides]:
    """Cells summed over all dimensions but those kept, in their order. Only of what adds up. Cost: linear."""
    made: dict[Segment, list[Side | None]] = {}
    for segment, sides in leaves.items():
        told = dict(segment)
        row = made.setdefault(tuple((name, told[name]) for name in keep), [None, None])
        for side, cell in enumerate(sides):
            row[side] = together(row[side], cell)
    return {segment: (row[0], row[1]) for segment, row in made.items()}


def together(one: Side | None, other: Side | None) -> Side | None:
    """Two cells as one: parts are added, a rate is that of the sums."""
    if one is None or other is None:
        return one or other
    if not one.is_ratio and not other.is_ratio:
        return Side(_value(one) + _value(other))
    (over, base), (more, wider) = _parts(one), _parts(other)
    return ratio_cell(over + more, base + wider)


def ratio_cell(over: Fraction, base: Fraction) -> Side:
    """A rate of its parts; undefined over 0."""
    return Side(over / base if base else None, over, base)
