"""Mix and rate on cases with known answers."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

import pytest

from shinro.analysis.mix import Cut, Whole, pooled, ratio_cell, split
from shinro.findings.segments import Presence, Reversal, Side, Split

Parts = tuple[int, int] | None


def cell(parts: Parts) -> Side | None:
    return ratio_cell(Fraction(parts[0]), Fraction(parts[1])) if parts else None


def rates(segments: Mapping[str, tuple[Parts, Parts]]) -> Split:
    """Segments of one dimension: (over, base) before and after."""
    cut: Cut = {(("size", name),): (cell(before), cell(after)) for name, (before, after) in segments.items()}
    before, after = pooled(cut, ())[()]
    assert before is not None
    assert after is not None
    found = split(("size",), Whole(before, after), [cut])
    assert found is not None
    return found


def test_both_treatments_are_better_and_the_whole_is_worse() -> None:
    """Charig et al. (1986), doi:10.1136/bmj.292.6524.879: kidney stones, treatment B against A."""
    found = rates({"small": ((234, 270), (81, 87)), "large": ((55, 80), (192, 263))})

    assert found.mix == Fraction(-42448741, 427112000)
    assert found.rate == Fraction(3274803, 61016000)
    assert found.mix + found.rate == found.gap == Fraction(39, 50) - Fraction(289, 350)
    assert found.reversal == Reversal("size", rising=True, segments=2)


def test_where_segments_enter_and_leave_all_the_change_is_mix() -> None:
    found = rates({"web": ((50, 500), (60, 600)), "events": ((30, 100), None), "partner": (None, (20, 400))})
    lines = {line.segment[0][1]: line for line in found.lines}

    assert found.rate == 0
    assert float(found.mix) == pytest.approx(-0.0533333, abs=1e-6)
    assert float(lines["events"].mix or 0) == pytest.approx(-0.0322222, abs=1e-6)
    assert float(lines["partner"].mix or 0) == pytest.approx(-0.0226667, abs=1e-6)
    assert [lines[name].presence for name in ("web", "events", "partner")] == [
        Presence.BOTH,
        Presence.LEFT,
        Presence.ENTERED,
    ]
    assert found.reversal is None


def test_an_entering_segment_of_five_percent_is_not_credited_with_a_better_rate() -> None:
    found = rates({"old": ((100, 1000), (95, 950)), "new": (None, (5, 50))})

    assert found.gap == 0
    assert all(line.change == 0 for line in found.lines)


def test_a_numerator_without_a_denominator_is_mix() -> None:
    found = rates({"a": ((10, 100), (10, 100)), "b": ((5, 0), (8, 0))})
    lines = {line.segment[0][1]: line for line in found.lines}

    assert lines["b"].rate == 0
    assert lines["b"].mix == Fraction(3, 100)
    assert found.gap == Fraction(3, 100)


def test_a_gap_that_is_undefined_is_not_cut() -> None:
    nothing = ratio_cell(Fraction(0), Fraction(0))

    assert split(("size",), Whole(nothing, ratio_cell(Fraction(1), Fraction(2))), [{}]) is None


def test_distinct_counts_lack_what_overlaps() -> None:
    cut: Cut = {
        (("device", "ios"),): (Side(Fraction(5)), Side(Fraction(9))),
        (("device", "web"),): (None, Side(Fraction(4))),
    }
    found = split(("device",), Whole(Side(Fraction(5)), Side(Fraction(10))), [cut])

    assert found is not None
    assert [line.change for line in found.lines] == [4, 4]
    assert found.overlap == -3
    assert found.reversal is None
    assert found.lines[1].presence is Presence.ENTERED


def test_small_bases_are_known() -> None:
    found = rates({"a": ((1, 29), (3, 100)), "b": ((1, 30), (3, 30))})

    assert {line.segment[0][1]: line.small for line in found.lines} == {"a": True, "b": False}
