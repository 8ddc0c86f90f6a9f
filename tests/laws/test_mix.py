"""Laws of mix and rate: at every level the segments add up to what they are cut from, to the last digit."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from hypothesis import assume, given
from hypothesis import strategies as st

from shinro.analysis.mix import Cut, Whole, pooled, split, together
from shinro.findings.segments import Presence, SegmentLine, Side, Split
from shinro.series import Segment
from strategies import SOME

DIMENSIONS = ("channel", "rep", "plan")
number = st.fractions(-3, 9, max_denominator=5) | st.sampled_from([Fraction(0), Fraction(1)])
amounts = st.none() | number.map(Side) | st.just(Side(None))


def ratio(over: Fraction | None, base: Fraction | None) -> Side:
    return Side(over / base if over is not None and base else None, over, base)


nulls = st.builds(ratio, st.none(), number) | st.builds(ratio, number, st.none())
ratios = st.none() | st.builds(ratio, number, number) | nulls


def leaves(cells: st.SearchStrategy[Side | None]) -> st.SearchStrategy[Cut]:
    values = [st.sampled_from(["x", "y", None]) for _ in DIMENSIONS]
    segments = st.tuples(*values).map(lambda found: tuple(zip(DIMENSIONS, found, strict=True)))
    return st.dictionaries(segments, st.tuples(cells, cells), min_size=1, max_size=8)


def whole_of(cut: Cut, more: Fraction = Fraction(0)) -> Whole:
    """The whole of all leaves; `more` of it is in no segment."""
    totals: list[Side] = []
    for side in (0, 1):
        cell: Side | None = None
        for sides in cut.values():
            cell = together(cell, sides[side])
        assume(cell is not None)
        assert cell is not None
        if not cell.is_ratio:
            totals.append(Side((cell.value or 0) + more))
        else:
            totals.append(ratio((cell.over or 0) + more, (cell.base or 0) + abs(more)))
    return Whole(*totals)


def cut_by(cut: Cut, whole: Whole, dimensions: Sequence[str] = DIMENSIONS) -> Split:
    levels = [pooled(cut, dimensions[: depth + 1]) for depth in range(len(dimensions))]
    found = split(tuple(dimensions), whole, levels)
    assume(found is not None)
    assert found is not None
    return found


def told(cut: Cut, *, turned: bool = False) -> Cut:
    return {segment: (sides[1], sides[0]) if turned else sides for segment, sides in cut.items()}


def all_lines(lines: Sequence[SegmentLine]) -> dict[Segment, SegmentLine]:
    found = {line.segment: line for line in lines}
    for line in lines:
        found |= all_lines(line.lines)
    return found


@SOME
@given(leaves(ratios) | leaves(amounts), number)
def test_segments_and_their_overlap_add_up_to_what_they_are_cut_from_at_every_level(cut: Cut, more: Fraction) -> None:
    found = cut_by(cut, whole_of(cut, more))

    assert sum((line.change for line in found.lines), found.overlap) == found.gap
    for line in all_lines(found.lines).values():
        if line.lines:
            assert sum((inner.change for inner in line.lines), line.overlap) == line.change
        if line.mix is not None and line.rate is not None:
            assert line.mix + line.rate == line.change


@SOME
@given(leaves(ratios) | leaves(amounts))
def test_what_adds_up_has_no_overlap(cut: Cut) -> None:
    found = cut_by(cut, whole_of(cut))

    assert found.overlap == 0
    assert all(line.overlap == 0 for line in all_lines(found.lines).values())


@SOME
@given(leaves(ratios) | leaves(amounts), number)
def test_exchanging_before_and_after_flips_every_sign(cut: Cut, more: Fraction) -> None:
    whole = whole_of(cut, more)
    forth, back = cut_by(cut, whole), cut_by(told(cut, turned=True), Whole(whole.after, whole.before))

    assert forth.gap == -back.gap
    assert forth.overlap == -back.overlap
    turned = all_lines(back.lines)
    for segment, line in all_lines(forth.lines).items():
        other = turned[segment]
        assert line.change == -other.change
        assert (line.mix or 0) == -(other.mix or 0)
        assert (line.rate or 0) == -(other.rate or 0)


@SOME
@given(leaves(ratios) | leaves(amounts))
def test_a_segment_that_did_not_move_in_a_whole_that_did_not_brings_nothing(cut: Cut) -> None:
    still = {segment: (before, before) for segment, (before, _) in cut.items()}
    found = cut_by(still, whole_of(still))

    assert found.gap == 0
    assert all(line.change == 0 and not line.mix and not line.rate for line in all_lines(found.lines).values())


@SOME
@given(leaves(amounts))
def test_an_amount_that_did_not_move_brings_nothing_whatever_the_others_did(cut: Cut) -> None:
    for line in all_lines(cut_by(cut, whole_of(cut)).lines).values():
        before, after = ((cell.value if cell else None) or 0 for cell in (line.before, line.after))
        assert (line.change == 0) == (before == after)


@SOME
@given(leaves(ratios), st.permutations(DIMENSIONS))
def test_a_segment_brings_the_same_however_the_others_are_nested(cut: Cut, order: list[str]) -> None:
    whole = whole_of(cut)
    alone, nested = cut_by(cut, whole, order[:1]), cut_by(cut, whole, order)

    assert [(line.segment, line.mix, line.rate) for line in alone.lines] == [
        (line.segment, line.mix, line.rate) for line in nested.lines
    ]


@SOME
@given(leaves(ratios))
def test_a_segment_without_a_rate_on_one_side_is_all_mix(cut: Cut) -> None:
    for line in all_lines(cut_by(cut, whole_of(cut)).lines).values():
        if line.presence is not Presence.BOTH:
            assert line.rate == 0
            assert line.mix == line.change
