"""Laws of what is told: the newest value with the old ones in sight, final periods alone, one order, no miss undone."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction

from hypothesis import assume, given
from hypothesis import strategies as st

from recounting import MEANINGS, milestone, month, paths, reports, restated, scene
from shinro.analysis.claims import Role, claims, movement, span_of, strength
from shinro.analysis.promises import WORST, promises
from shinro.analysis.tracks import tracks
from shinro.entries import Entry
from shinro.findings.claims import Concentration, Kept
from shinro.periods import Duration
from shinro.run.traction import concentration
from shinro.series import Better, Mark
from strategies import SOME

METRICS = ("companies", "leads", "mrr", "cost")
numbers = st.lists(st.integers(0, 40), min_size=1, max_size=9)
marks = st.sampled_from((Mark.COMPLETE, Mark.COMPLETE, Mark.INCOMPLETE, Mark.UNKNOWN))


@st.composite
def records(draw: st.DrawFn) -> list[Entry]:
    """Some metrics, month by month, some of them running or unknown, some restated."""
    found: list[Entry] = []
    for n, metric in enumerate(draw(st.lists(st.sampled_from(METRICS), min_size=1, unique=True))):
        for entry in reports(metric, draw(numbers), 100 * n):
            figure = entry.draft.figure
            assert figure
            found.append(replace(entry, draft=replace(entry.draft, figure=replace(figure, mark=draw(marks)))))
    again = draw(st.lists(st.sampled_from(found), max_size=4))
    later = [
        restated(old, draw(st.integers(0, 40)), 1000 + n, datetime(2027, 1, 1, tzinfo=UTC) + timedelta(days=n), "why")
        for n, old in enumerate(again)
    ]
    return [*found, *later]


@SOME
@given(records(), st.randoms(use_true_random=False), st.none() | st.integers(1, 12))
def test_claims_use_final_periods_of_the_span_and_their_order_is_stable(
    entries: list[Entry], shuffle: random.Random, length: int | None
) -> None:
    known = tracks(entries, MEANINGS)
    every = [known[key] for key in sorted(known, key=str)]
    span = span_of(every, Duration(length, "month") if length else None)
    ranked = claims(every, {}, (), span) if span else ()
    for claim in ranked:
        assert span
        assert claim.first.mark is claim.last.mark is Mark.COMPLETE
        assert span.start <= claim.first.period.start < claim.last.period.end <= span.end
        assert all(step.period >= claim.first.period for step in claim.track.complete)
        assert (claim.change > 0) is (claim.meaning.better is Better.HIGHER)
        assert claim.factor is None or claim.factor * (claim.first.value or 0) == claim.last.value
        assert 0 <= claim.strength <= 1
    assert [claim.strength for claim in ranked] == sorted((claim.strength for claim in ranked), reverse=True)
    mixed = list(entries)
    shuffle.shuffle(mixed)
    again = tracks(mixed, MEANINGS)
    assert again == known
    assert (claims([again[key] for key in sorted(again, key=str)], {}, (), span) if span else ()) == ranked


@SOME
@given(records())
def test_the_newest_entry_stands_and_every_final_value_before_it_is_in_sight(entries: list[Entry]) -> None:
    for (metric, grain), path in tracks(entries, MEANINGS).items():
        for step in path.steps:
            mine = [
                e for e in entries if (e.draft.subject, e.draft.grain, e.draft.period) == (metric, grain, step.period)
            ]
            newest = max(mine, key=lambda each: each.seq)
            assert newest.draft.figure
            assert (step.seq, step.value) == (newest.seq, newest.draft.figure.value)
            held = [e.seq for e in mine if e.draft.figure and e.draft.figure.mark is Mark.COMPLETE and e is not newest]
            assert [was.seq for was in step.was] == sorted(held)


@SOME
@given(numbers, st.integers(0, 40), st.integers(1, 9), st.integers(1, 6), st.integers(0, 8))
def test_moving_a_day_back_makes_nothing_better(
    values: list[int], level: int, due: int, later: int, moved: int
) -> None:
    known, today = paths(("companies", values)), date(2026, 12, 31)
    first = milestone("m", month(due).start.isoformat(), [f"companies >= {level}"], date(2025, 12, 1), 500)
    day = month(due + later).start.isoformat()
    second = milestone("m", day, [f"companies >= {level}"], month(moved).start, 501, replaces=500)
    (before,), (after,) = (promises(found, scene(known, today)) for found in ([first], [first, second]))
    assume(before.kept is not Kept.UNKNOWN)  # what was never published may be known by a later day
    same = {Kept.EARLY: Kept.ON_TIME}  # both were kept by their day; what holds before its day is judged then
    ranks = [WORST.index(same.get(each.kept, each.kept)) for each in (after, before)]
    assert ranks[0] <= ranks[1]


@SOME
@given(numbers, st.integers(0, 40), st.integers(1, 9), st.integers(-1, 11), st.integers(0, 11))
def test_declaring_it_later_keeps_nothing_and_hides_no_miss(
    values: list[int], level: int, due: int, declared: int, later: int
) -> None:
    """Whenever it is declared first: missed on its day stays so, and what held when it was named is no promise."""
    known, day = scene(paths(("companies", values)), date(2026, 12, 31)), month(due).start.isoformat()
    every = [
        milestone("m", day, [f"companies >= {level}"], month(n).start + timedelta(days=9), 500)
        for n in (declared, declared + later)
    ]
    (before,), (after,) = (promises([each], known) for each in every)
    broken, kept = (Kept.MISSED, Kept.LATE), (Kept.ON_TIME, Kept.EARLY)
    assert (before.kept in broken) is (after.kept in broken)
    assert after.kept not in kept or before.kept in (*kept, Kept.RETROSPECTIVE)
    assert before.kept not in kept or not 0 < declared <= len(values) or values[declared - 1] < level


@SOME
@given(numbers, st.integers(0, 40), st.integers(1, 9), st.integers(0, 9), st.integers(0, 40))
def test_what_the_very_day_read_makes_nothing_better(
    values: list[int], level: int, due: int, declared: int, on_day: int
) -> None:
    known = scene(paths(("companies", values)), date(2026, 12, 31))
    asked = milestone("m", month(due).start.isoformat(), [f"companies >= {level}"], month(declared).start, 500)
    by_both = replace(known, on_day=lambda _metric, _day: Fraction(on_day))
    (before,), (after,) = (promises([asked], each) for each in (known, by_both))
    assert WORST.index(after.kept) <= WORST.index(before.kept)
    assert after.kept in (Kept.MISSED, Kept.LATE) or on_day >= level
    assert after.kept is before.kept or on_day < level


@st.composite
def missing(draw: st.DrawFn) -> tuple[list[int], int, int]:
    """A path, the month by whose start a level is due, and a level that the month before it did not reach."""
    values = draw(numbers)
    due = draw(st.integers(1, len(values)))
    return values, due, values[due - 1] + draw(st.integers(1, 9))


@SOME
@given(missing(), st.integers(0, 40), st.integers(-5, 6), st.integers(0, 9))
def test_no_edit_after_or_before_a_miss_makes_it_kept(
    found: tuple[list[int], int, int], other: int, later: int, moved: int
) -> None:
    values, due, level = found
    known, today = paths(("companies", values), ("leads", values)), date(2026, 12, 31)
    first = milestone("m", month(due).start.isoformat(), [f"companies >= {level}"], date(2025, 12, 1), 500)
    day = month(due + later).start.isoformat()
    for metric in ("companies", "leads"):
        second = milestone("m", day, [f"{metric} >= {other}"], month(moved).start, 501)
        (before,), (after,) = (promises(each, scene(known, today)) for each in ([first], [first, second]))
        assert before.kept in (Kept.MISSED, Kept.LATE)
        assert after.kept in (Kept.MISSED, Kept.UNKNOWN, Kept.MOVED, before.kept)


@SOME
@given(st.sampled_from(list(Kept)), st.fractions(0, 1), st.integers(0, 40))
def test_strength_lies_between_nothing_and_one(kept: Kept, clarity: Fraction, length: int) -> None:
    for role in Role:
        assert 0 <= strength(kept, role, clarity, length) <= 1


@SOME
@given(st.integers(0, 40), st.integers(-3, 3), st.integers(3, 12))
def test_a_straight_line_stands_out_whole(start: int, step: int, n: int) -> None:
    (path,) = paths(("companies", [start + step * k for k in range(n)])).values()
    moved = movement(path)
    assert moved
    assert moved.noise == 0
    assert moved.clarity == (1 if step else 0)


@SOME
@given(st.lists(st.tuples(st.text(max_size=3), st.fractions(-5, 50)), max_size=9), st.booleans(), st.randoms())
def test_shares_are_at_most_all_and_names_stay_hidden(
    amounts: list[tuple[str, Fraction]], named: bool, shuffle: random.Random
) -> None:
    like = Concentration(MEANINGS["mrr"], 0, (), month(0), named)
    found = concentration(like, amounts)
    paying = [value for _, value in amounts if value > 0]
    assert (found is None) is (not paying)
    if found is None:
        return
    shares = [share for _, share in found.shares]
    assert found.top == sum(shares) <= 1
    assert (found.top == 1) is (len(paying) <= len(shares))
    assert shares == sorted(shares, reverse=True)
    assert found.customers == len(paying)
    assert named or {name for name, _ in found.shares} == {""}
    mixed = list(amounts)
    shuffle.shuffle(mixed)
    assert concentration(like, mixed) == found
