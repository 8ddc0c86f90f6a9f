from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from fractions import Fraction

import pytest

from recounting import MEANINGS, Number, entry, milestone, month, paths, reports, restated, scene
from shinro.analysis.claims import pledge_of
from shinro.analysis.lows import lows
from shinro.analysis.promises import promises, worst
from shinro.analysis.tracks import tracks
from shinro.entries import Draft, Entry, Kind
from shinro.findings.claims import Kept, Promise, Was
from shinro.periods import Grain, Period

TODAY = date(2026, 8, 10)
BEFORE = date(2025, 12, 20)
MILESTONE = milestone("m", "2026-07-01", ["companies >= 10"], BEFORE)


def promise(
    reach: Sequence[str],
    due: str,
    numbers: Sequence[Number],
    metric: str = "companies",
    declared: date = BEFORE,
    today: date = TODAY,
) -> Promise:
    (found,) = promises([milestone("m", due, reach, declared)], scene(paths((metric, numbers)), today))
    return found


@pytest.mark.parametrize(
    ("numbers", "kept", "reached"),
    [
        ([1, 2, 3, 4, 5, 10], Kept.ON_TIME, date(2026, 6, 30)),
        ([1, 2, 3, 10, 11, 12], Kept.EARLY, date(2026, 4, 30)),
        ([1, 2, 3, 4, 5, 6, 10], Kept.LATE, date(2026, 7, 31)),
        ([1, 2, 3, 4, 5, 6, 7], Kept.MISSED, None),
        ([1, 10, 11, 4, 5, 6, 7], Kept.MISSED, None),
        ([1, 2, 3, 10], Kept.UNKNOWN, None),
        ([1, 2, 3, 4, 5, None], Kept.MISSED, None),
    ],
)
def test_a_condition_is_kept_by_what_was_published_for_its_day(
    numbers: Sequence[Number], kept: Kept, reached: date | None
) -> None:
    found = promise(["companies >= 10"], "2026-07-01", numbers)
    assert (found.kept, found.conditions[0].reached) == (kept, reached)
    assert (found.due, found.declared) == (date(2026, 7, 1), BEFORE)


def test_one_to_come_is_to_come_until_it_holds() -> None:
    assert promise(["companies >= 10"], "2026-12-01", [1, 2, 3]).kept is Kept.AHEAD_OF_US
    found = promise(["companies >= 10"], "2026-12-01", [1, 10, 11])
    assert (found.kept, found.conditions[0].reached) == (Kept.HOLDING, date(2026, 2, 28))
    assert promise(["companies >= 10"], "2026-12-01", [1, 10, 9]).kept is Kept.AHEAD_OF_US


@pytest.mark.parametrize(
    ("numbers", "left_out", "earlier", "unseen"),
    [
        ([10, 11, 12, 10, 11, 12], (), 0, False),
        ([10, 11, 12, 10, 11, 12], (2,), 2, True),
        ([10, 11, None, 10, 11, 12], (), 2, True),
        ([10, 11, 5, 10, 11, 12], (), 2, False),
        ([10, 5, None, 10, 11, 12], (), 1, False),
        ([1, 5, 6, 10, 11, 12], (2,), 0, False),
    ],
)
def test_what_held_before_a_gap_or_a_break_is_not_lost(
    numbers: Sequence[Number], left_out: Sequence[int], earlier: int, *, unseen: bool
) -> None:
    """A month that is not published, or undefined, ends the run; what held before it, held all the same."""
    told = reports("companies", numbers)
    kept = [each for n, each in enumerate(told) if n not in left_out]
    (found,) = promises([MILESTONE], scene(tracks(kept, MEANINGS), TODAY))
    (pledge,) = found.conditions
    assert (pledge.reached is not None, pledge.earlier, pledge.unseen) == (True, earlier, unseen)


@pytest.mark.parametrize("declared", [date(2026, 7, 1), date(2026, 7, 20), date(2026, 5, 1)])
def test_what_was_declared_after_it_was_reached_or_after_its_day_is_retrospective(declared: date) -> None:
    numbers = [1, 2, 3, 10, 11, 12]
    assert promise(["companies >= 10"], "2026-07-01", numbers, declared=declared).kept is Kept.RETROSPECTIVE


@pytest.mark.parametrize(
    ("reach", "numbers", "kept"),
    [
        ("companies >= 10", [14, 15, 16], Kept.UNDATED),
        ("companies >= 10", [9, 15, 16], Kept.EARLY),
        ("companies >= 10", [14, 9, 16], Kept.ON_TIME),
        ("companies >= 10", [14, 15, 9], Kept.MISSED),
        ("companies >= 10", [14, 15, 9, 12], Kept.LATE),
        ("leads >= 10 per month", [14, 15, 16], Kept.UNDATED),
        ("rate >= 30% over 3 months", [(1, 2), (1, 2), (1, 2)], Kept.UNDATED),
        ("leads >= 10 since start", [14, 15, 16], Kept.EARLY),
        ("leads <= 90 since start", [14, 15, 16], Kept.UNDATED),
    ],
)
def test_what_holds_from_the_first_reading_on_is_not_shown_to_have_been_a_promise(
    reach: str, numbers: Sequence[Number], kept: Kept
) -> None:
    """Declared with the start, of what may have held already: the record begins later, and does not say."""
    found = promise([reach], "2026-04-01", numbers, reach.split(maxsplit=1)[0])
    assert found.kept is kept
    assert [low.key for low in lows((), [found], [], month(0))] == [
        f"low.{kept.value}" for kept in (kept,) if kept in (Kept.MISSED, Kept.LATE)
    ]


def test_what_was_before_the_start_shows_whether_it_held_then() -> None:
    """Once the record begins earlier, a level that held before it was declared is retrospective, another one early."""
    december = month(-1).start
    for before, kept in ((12, Kept.RETROSPECTIVE), (3, Kept.EARLY)):
        known = scene(tracks(reports("companies", [before, 14, 15], first=december), MEANINGS), TODAY)
        (found,) = promises([milestone("m", "2026-03-01", ["companies >= 10"], date(2026, 1, 2))], known)
        assert found.kept is kept


def test_a_floor_from_the_first_reading_on_decides_nothing_beside_what_was_reached() -> None:
    known = paths(("companies", [1, 2, 3, 4, 5, 10]), ("churn", [(1, 100)] * 6))
    (found,) = promises([milestone("m", "2026-07-01", ["companies >= 10", "churn <= 3%"], BEFORE)], scene(known, TODAY))
    assert [each.kept for each in found.conditions] == [Kept.ON_TIME, Kept.UNDATED]
    assert found.kept is Kept.ON_TIME


def test_another_definition_of_the_first_reading_shows_no_promise() -> None:
    """Two definitions, one by which it held from the first reading on: what is not shown by both is not shown."""
    known = paths(("companies", [14, 15, 16]))
    (key,) = known
    old = Was(Fraction(14), 0, date(2026, 2, 2), definition="a" * 64)
    stricter = replace(known[key].steps[0], value=Fraction(9), definition="b" * 64, was=(old,))
    path = replace(known[key], steps=(stricter, *known[key].steps[1:]))
    (found,) = promises([milestone("m", "2026-04-01", ["companies >= 10"], BEFORE)], scene({key: path}, TODAY))
    assert found.kept is Kept.UNDATED


def test_the_record_s_date_counts_and_not_the_file_s() -> None:
    on_the_day = promise(["companies >= 10"], "2026-07-01", [1, 2, 3, 4, 5, 10], declared=date(2026, 6, 30))
    assert on_the_day.kept is Kept.ON_TIME
    assert on_the_day.declared == date(2026, 6, 30)


def test_a_floor_that_held_before_it_was_declared_decides_nothing_beside_what_was_reached() -> None:
    known = paths(("companies", [1, 2, 3, 4, 5, 10]), ("churn", [(1, 100)] * 6))
    declared = milestone("m", "2026-07-01", ["companies >= 10", "churn <= 3%"], date(2026, 2, 10))
    (found,) = promises([declared], scene(known, TODAY))
    assert [each.kept for each in found.conditions] == [Kept.ON_TIME, Kept.RETROSPECTIVE]
    assert found.kept is Kept.ON_TIME


def test_readings_over_months_per_month_and_since_the_start() -> None:
    rates = [(1, 10), (1, 10), (1, 10), (9, 10), (0, 0), (0, 10)]
    assert promise(["rate >= 30% over 3 months"], "2026-05-01", rates, "rate").kept is Kept.ON_TIME
    assert promise(["rate >= 30% over 3 months"], "2026-03-01", rates, "rate").kept is Kept.UNKNOWN
    assert promise(["leads >= 5 per month"], "2026-04-01", [1, 2, 5], "leads").kept is Kept.ON_TIME
    assert promise(["leads >= 8 since start"], "2026-04-01", [1, 2, 5], "leads").kept is Kept.ON_TIME
    assert promise(["leads >= 9 since start"], "2026-04-01", [1, 2, 5], "leads").kept is Kept.MISSED
    assert promise(["leads >= 5 per week"], "2026-04-01", [1, 2, 5], "leads").kept is Kept.UNKNOWN


def test_a_conversion_is_not_final_until_its_young_are_grown() -> None:
    declared = [milestone("m", "2026-05-01", ["rate >= 30%"], BEFORE)]
    known = scene(paths(("rate", [(1, 10), (4, 10)])), date(2026, 6, 10))
    assert [each.kept for each in promises(declared, known)] == [Kept.UNKNOWN]
    assert [each.kept for each in promises(declared, replace(known, matures=lambda _: 90))] == [Kept.WAITING]


def test_a_total_with_a_hole_in_it_is_not_told() -> None:
    entries = [each for each in reports("leads", [1, 2, 5]) if each.seq != 1]
    known = scene(tracks(entries, MEANINGS), TODAY)
    (found,) = promises([milestone("m", "2026-04-01", ["leads >= 6 since start"], BEFORE)], known)
    assert found.kept is Kept.UNKNOWN
    whole = scene(paths(("leads", [1, 2, 5])), TODAY)
    (distinct,) = promises(
        [milestone("m", "2026-04-01", ["leads >= 6 since start"], BEFORE)], replace(whole, adds=lambda _: False)
    )
    assert distinct.kept is Kept.UNKNOWN
    (early,) = promises([milestone("m", "2026-04-01", ["leads >= 6 since start"], BEFORE)], replace(known, starts=None))
    assert early.kept is Kept.UNKNOWN


def test_words_that_are_no_condition_and_days_that_are_none() -> None:
    assert promise(["展示会に出る"], "2026-07-01", [1]).kept is Kept.UNKNOWN
    bad = milestone("m", "soon", ["companies >= 1"], BEFORE)
    bare = replace(bad, draft=replace(bad.draft, data={}))
    assert promises([bad, bare], scene(paths(("companies", [1])), TODAY)) == ()


def moved(
    reach: Sequence[str], due: str, on: date, numbers: Sequence[Number], title: str = "m", today: date = TODAY
) -> Promise:
    entries = [
        milestone("m", "2026-05-01", ["companies >= 10"], BEFORE, 500),
        milestone(title, due, reach, on, 501, replaces=500),
    ]
    (found,) = promises(entries, scene(paths(("companies", numbers)), today))
    return found


def test_a_day_that_was_moved_back_makes_no_miss_a_success() -> None:
    reached = moved(["companies >= 10"], "2026-08-01", date(2026, 4, 20), [1, 2, 3, 4, 5, 10, 11])
    assert reached.kept is Kept.LATE
    assert reached.declared == BEFORE
    assert [(each.due, each.kept) for each in reached.moved] == [(date(2026, 5, 1), Kept.LATE)]
    assert moved(["companies >= 10"], "2026-12-01", date(2026, 4, 20), [1, 2, 3, 4, 5, 6]).kept is Kept.MISSED
    ahead = moved(["companies >= 10"], "2026-12-01", date(2026, 2, 20), [1, 2], today=date(2026, 3, 10))
    assert ahead.kept is Kept.AHEAD_OF_US


def test_a_level_that_was_lowered_is_reached_as_it_was_moved() -> None:
    lowered = moved(["companies >= 4"], "2026-05-01", date(2026, 4, 20), [1, 2, 3, 4, 5])
    assert (lowered.kept, lowered.conditions[0].declared) == (Kept.MOVED, date(2026, 4, 20))
    assert lowered.moved[0].texts == ("companies >= 10",)
    assert lowered.moved[0].kept is Kept.MISSED


def test_a_condition_that_was_dropped_unmet_is_not_forgotten() -> None:
    entries = [
        milestone("m", "2026-05-01", ["companies >= 10", "leads >= 2 per month"], BEFORE, 500),
        milestone("m", "2026-05-01", ["leads >= 2 per month"], date(2026, 4, 20), 501),
    ]
    (found,) = promises(entries, scene(paths(("companies", [1, 2, 3, 4]), ("leads", [1, 1, 1, 2])), TODAY))
    assert found.kept is Kept.MOVED
    assert [each.kept for each in found.conditions] == [Kept.ON_TIME]


MISSED_IN_JUNE = [12, 8, 9, 12, 8, 7, 7, 7]  # ten were promised, of companies; leads came as they were promised
AFTER = date(2026, 7, 2)


@pytest.mark.parametrize(
    ("reach", "due", "kept"),
    [
        (["companies >= 5", "leads >= 1 per month"], "2026-07-01", [Kept.RETROSPECTIVE, Kept.EARLY]),
        (["companies >= 5"], "2026-07-01", [Kept.RETROSPECTIVE]),
        (["companies >= 5"], "2026-08-01", [Kept.RETROSPECTIVE]),
        (["companies >= 10"], "2026-05-01", [Kept.RETROSPECTIVE]),
        (["leads >= 1 per month"], "2026-07-01", [Kept.EARLY]),
        (["leads >= 1 per month"], "2026-12-31", [Kept.HOLDING]),
        (["mrr >= 1"], "2026-07-01", [Kept.RETROSPECTIVE]),
        (["companies >= 20"], "2026-12-31", [Kept.MISSED]),
        (["leads >= 90 per month"], "2026-12-31", [Kept.AHEAD_OF_US]),
    ],
)
@pytest.mark.parametrize("later", [[], [15]])
def test_no_edit_after_a_miss_takes_it_out_of_sight(
    reach: Sequence[str], due: str, kept: Sequence[Kept], later: Sequence[Number]
) -> None:
    """Lowered, moved, dropped, or another one in its place: missed, or reached as moved, and always a lowlight."""
    known = paths(("companies", [*MISSED_IN_JUNE, *later]), ("leads", [0, *[3] * 8]), ("mrr", [5] * 9))
    first = milestone("m", "2026-07-01", ["companies >= 10", "leads >= 1 per month"], BEFORE, 500)
    for second in (milestone("m", due, reach, AFTER, 501), milestone("n", due, reach, AFTER, 501, replaces=500)):
        (found,) = promises([first, second], scene(known, date(2026, 10, 10)))
        missed = {Kept.MISSED, Kept.AHEAD_OF_US} & set(kept)
        was = Kept.LATE if later else Kept.MISSED  # a level set afterwards alone: what was promised is what counts
        alone = set(kept) == {Kept.RETROSPECTIVE}
        assert found.kept is (Kept.MISSED if missed else was if alone else Kept.MOVED)
        assert [each.kept for each in found.conditions] == kept
        dropped = [] if reach == ["companies >= 20"] else ["companies >= 10"]  # a level set afterwards takes no place
        assert [each.text for each in found.dropped] == dropped
        assert [low.key for low in lows((), [found], [], month(0))] == [f"low.{found.kept.value}"]


def test_a_condition_that_was_dropped_before_its_day_and_unmet_on_it_is_not_forgotten() -> None:
    first = milestone("m", "2026-07-01", ["companies >= 10", "leads >= 1 per month"], BEFORE, 500)
    second = milestone("m", "2026-07-01", ["leads >= 1 per month"], date(2026, 5, 2), 501)
    for numbers, kept in (([*MISSED_IN_JUNE, 15], Kept.MOVED), ([1, 2, 3, 4, 5, 10], Kept.EARLY)):
        known = scene(paths(("companies", numbers), ("leads", [0, *[3] * 8])), date(2026, 10, 10))
        (found,) = promises([first, second], known)
        assert found.kept is kept


def test_a_day_that_had_passed_when_it_was_named_is_named_afterwards() -> None:
    """Promised by the end of the year, held in May alone: on 2 July "by May" is no promise."""
    first = milestone("m", "2026-12-31", ["companies >= 10"], BEFORE, 500)
    second = milestone("m", "2026-06-01", ["companies >= 10"], AFTER, 501)
    (found,) = promises([first, second], scene(paths(("companies", [1, 2, 3, 4, 10, 5])), TODAY))
    assert (found.kept, found.conditions[0].declared) == (Kept.RETROSPECTIVE, AFTER)
    ahead = milestone("m", "2026-08-01", ["companies >= 10"], date(2026, 5, 2), 501)
    (found,) = promises([first, ahead], scene(paths(("companies", [1, 2, 3, 10, 10, 10, 10])), TODAY))
    assert (found.kept, found.conditions[0].declared) == (Kept.EARLY, BEFORE)


def test_a_claim_stands_with_the_level_that_was_dropped_unmet() -> None:
    old = milestone("a", "2026-03-01", ["companies >= 2"], BEFORE, 499)
    first = milestone("m", "2026-07-01", ["companies >= 10", "leads >= 1 per month"], BEFORE, 500)
    second = milestone("m", "2026-07-01", ["leads >= 1 per month"], AFTER, 501)
    known = paths(("companies", [1, 2, 3, 4, 5, 6]), ("leads", [0, *[3] * 5]))
    made = promises([old, first, second], scene(known, TODAY))
    assert [each.kept for each in made] == [Kept.ON_TIME, Kept.MOVED]
    pledge = pledge_of(known["companies", Grain.MONTH], made)
    assert (pledge.kept, pledge.title) == (Kept.MISSED, "m")
    lowered = milestone("m", "2026-07-01", ["companies >= 5"], AFTER, 501)
    pledge = pledge_of(known["companies", Grain.MONTH], promises([old, first, lowered], scene(known, TODAY)))
    assert (pledge.kept, pledge.text) == (Kept.MISSED, "companies >= 10")


def test_a_new_title_follows_what_it_replaces_and_the_same_form_twice_is_one() -> None:
    found = moved(["companies >= 10"], "2026-05-01", date(2026, 4, 20), [1, 2, 3, 10], title="n")
    assert (found.title, found.kept, found.moved) == ("m", Kept.ON_TIME, ())
    other = moved(["companies >= 9"], "2026-05-01", date(2026, 4, 20), [1, 2, 3, 10], title="n")
    assert (other.title, len(other.moved)) == ("n", 1)


def test_a_milestone_that_was_given_up_stays_a_promise_until_it_is_declared_again() -> None:
    first = milestone("m", "2026-07-01", ["companies >= 10"], BEFORE, 500)
    gone = milestone("m", "", [], date(2026, 5, 2), 501, replaces=500)
    gone = replace(gone, draft=replace(gone.draft, data={"given_up": True}))
    known = scene(paths(("companies", [1, 2, 3, 4, 5, 6])), TODAY)
    (found,) = promises([first, gone], known)
    assert (found.kept, found.given_up, found.due) == (Kept.MISSED, date(2026, 5, 2), date(2026, 7, 1))
    again = milestone("m", "2026-07-01", ["companies  >=  10"], date(2026, 6, 2), 502)
    (back,) = promises([first, gone, again], known)
    assert (back.kept, back.given_up, back.moved, back.declared) == (Kept.MISSED, None, (), BEFORE)


def test_a_review_says_whether_a_miss_was_execution_or_hypothesis() -> None:
    draft = Draft(kind=Kind.DECISION, subject="m", data={"cause": "execution", "of": "milestone"})
    other = Draft(kind=Kind.DECISION, subject="m", data={"cause": "hypothesis", "of": "kpi"})
    entries: list[Entry] = [
        milestone("m", "2026-05-01", ["companies >= 10"], BEFORE),
        entry(1001, draft, datetime(2026, 5, 8, tzinfo=UTC)),
        entry(1002, other, datetime(2026, 5, 8, tzinfo=UTC)),
    ]
    (found,) = promises(entries, scene(paths(("companies", [1, 2, 3, 4])), TODAY))
    assert (found.kept, found.cause) == (Kept.MISSED, "execution")


def test_promises_stand_by_their_days_and_nothing_makes_unknown() -> None:
    entries = [
        milestone(title, due, ["companies >= 10"], BEFORE, n)
        for n, (title, due) in enumerate([("b", "2026-09-01"), ("a", "2026-06-01"), ("c", "2026-06-01")], 500)
    ]
    found = promises(entries, scene(paths(("companies", [1])), TODAY))
    assert [each.title for each in found] == ["a", "c", "b"]
    assert worst(()) is Kept.UNKNOWN


def test_another_definition_makes_nothing_better() -> None:
    """A miss stays one when the period is restated by a looser definition; a stricter one may show a miss."""
    known = paths(("companies", [1, 2, 3, 4, 5, 6, 7]))
    (key,) = known
    june, old = known[key].steps[5], Was(Fraction(6), 5, date(2026, 7, 2), definition="a" * 64)
    looser = replace(june, value=Fraction(50), definition="b" * 64, was=(old,))
    steps = (*known[key].steps[:5], looser, *known[key].steps[6:])
    (found,) = promises([MILESTONE], scene({key: replace(known[key], steps=steps)}, TODAY))
    assert found.kept is Kept.MISSED
    corrected = replace(looser, was=(replace(old, definition="b" * 64),))
    steps = (*known[key].steps[:5], corrected, *known[key].steps[6:])
    (found,) = promises([MILESTONE], scene({key: replace(known[key], steps=steps)}, TODAY))
    assert found.kept is Kept.ON_TIME


@pytest.mark.parametrize(
    ("numbers", "restatement", "kept", "first"),
    [
        ([1, 2, 3, 4, 5, 6], (5, 12), Kept.ON_TIME, Kept.MISSED),
        ([1, 2, 3, 4, 12, 6, 12], (5, 12), Kept.EARLY, Kept.LATE),
        ([14, 15, 12, 12, 12, 12], (0, 6), Kept.EARLY, Kept.UNDATED),
        ([1, 2, 3, 4, 5, 6, 7], (6, 12), Kept.LATE, Kept.MISSED),
        ([1, 2, 3, 4, 12, 11], (4, 6), Kept.ON_TIME, None),
        ([1, 2, 3, 4, 5, 12], (5, 6), Kept.MISSED, None),
        ([1, 2, 3, 4, 5, 12], (5, 13), Kept.ON_TIME, None),
    ],
)
def test_what_holds_by_a_restated_figure_says_so(
    numbers: Sequence[Number], restatement: tuple[int, int], kept: Kept, first: Kept | None
) -> None:
    """The newest value counts; where the one first published says worse, that stands beside it and falls short."""
    reported, (n, value) = reports("companies", numbers), restatement
    again = restated(reported[n], value, 50, datetime(2026, 8, 3, tzinfo=UTC), "typed in twice")
    (found,) = promises([MILESTONE], scene(tracks([*reported, again], MEANINGS), TODAY))
    assert (found.kept, found.conditions[0].first) == (kept, first)
    assert [each.text for each in found.restated] == (["companies >= 10"] if first else [])
    keys = [low.key for low in lows((), [found], [], month(0))]
    assert keys == ["low.restated"] * bool(first) + [f"low.{kept.value}"] * (kept in (Kept.MISSED, Kept.LATE))


def test_a_dropped_condition_that_was_unmet_until_it_was_restated_falls_short() -> None:
    reported = [*reports("companies", [1, 2, 3, 4, 5, 6]), *reports("leads", [0, 1, 1, 1, 1, 1], 20)]
    again = restated(reported[5], 12, 50, datetime(2026, 8, 3, tzinfo=UTC), "typed in twice")
    first = milestone("m", "2026-07-01", ["companies >= 10", "leads >= 1 per month"], BEFORE, 500)
    second = milestone("m", "2026-07-01", ["leads >= 1 per month"], AFTER, 501)
    (found,) = promises([first, second], scene(tracks([*reported, again], MEANINGS), TODAY))
    assert (found.kept, found.dropped) == (Kept.EARLY, ())
    assert [(each.text, each.first) for each in found.restated] == [("companies >= 10", Kept.MISSED)]


def test_a_clock_that_was_set_back_declares_nothing_earlier() -> None:
    """An entry was not written before those that it stands upon, whatever its date says."""
    reported = reports("companies", [1, 2, 3, 4, 5, 10], 0)
    after = milestone("m", "2026-07-01", ["companies >= 10"], BEFORE, 50)
    known = scene(tracks(reported, MEANINGS), TODAY)
    (found,) = promises([*reported, after], known)
    assert found.kept is Kept.RETROSPECTIVE
    assert found.declared is not None
    assert found.declared > date(2026, 6, 30)
    (found,) = promises([replace(after, seq=-1), *reported], known)
    assert (found.kept, found.declared) == (Kept.ON_TIME, BEFORE)


def test_what_was_declared_afterwards_and_never_reached_is_missed() -> None:
    """Declaring late is no way to hide a miss."""
    found = promise(["companies >= 10"], "2026-07-01", [1, 2, 3, 4, 5, 6, 7], declared=date(2026, 7, 20))
    assert found.kept is Kept.MISSED
    known = paths(("companies", [1, 2, 3, 4, 5, 6]), ("churn", [(1, 100)] * 6))
    declared = milestone("m", "2026-07-01", ["companies >= 10", "churn <= 3%"], date(2026, 7, 20))
    (found,) = promises([declared], scene(known, TODAY))
    assert [each.kept for each in found.conditions] == [Kept.MISSED, Kept.RETROSPECTIVE]
    assert found.kept is Kept.MISSED


@pytest.mark.parametrize("declared", [date(2026, 7, 1), date(2026, 7, 20), date(2026, 8, 5)])
def test_what_was_missed_on_its_day_and_first_declared_afterwards_falls_short(declared: date) -> None:
    """Reached since then: that is no promise kept late, and the miss does not go out of sight."""
    numbers = [1, 2, 3, 4, 5, 6, 10]
    found = promise(["companies >= 10"], "2026-07-01", numbers, declared=declared)
    assert (found.kept, found.conditions[0].reached) == (Kept.MISSED, date(2026, 7, 31))
    assert [low.key for low in lows((), [found], [], month(0))] == ["low.missed"]
    assert pledge_of(paths(("companies", numbers))["companies", Grain.MONTH], [found]).kept is Kept.MISSED
    known = scene(paths(("companies", numbers), ("churn", [(1, 100)] * 7)), TODAY)
    (both,) = promises([milestone("m", "2026-07-01", ["companies >= 10", "churn <= 3%"], declared)], known)
    assert [each.kept for each in both.conditions] == [Kept.MISSED, Kept.RETROSPECTIVE]
    assert both.kept is Kept.MISSED


def test_a_level_that_held_when_it_was_promised_is_no_promise_for_a_dip_that_came_between() -> None:
    """12 in March, declared on 10 April, 5 in May, 14 in June: beside one that held without a dip, both held."""
    for numbers, kept in (
        ([3, 4, 12, 12, 5, 14], Kept.RETROSPECTIVE),
        ([3, 4, 12, 12, 12, 14], Kept.RETROSPECTIVE),
        ([3, 4, 5, 12, 5, 14], Kept.ON_TIME),
        ([3, 12, 5, 6, 7, 14], Kept.ON_TIME),
        ([3, 4, 12, 12, 5, 6, 14], Kept.LATE),
        ([3, 4, 12, 12, 5, 6], Kept.MISSED),
    ):
        found = promise(["companies >= 10"], "2026-07-01", numbers, declared=date(2026, 4, 10))
        assert found.kept is kept
    ahead = promise(["companies >= 10"], "2026-12-01", [3, 4, 12, 5, 14], declared=date(2026, 4, 10))
    assert ahead.kept is Kept.RETROSPECTIVE
    lost = promise(["companies >= 10"], "2026-12-01", [3, 4, 12, 5], declared=date(2026, 4, 10))
    assert lost.kept is Kept.AHEAD_OF_US


@pytest.mark.parametrize(
    ("due", "declared", "numbers", "on_day", "kept", "told"),
    [
        ("2026-07-01", BEFORE, [1, 2, 3, 4, 10, 12, 11], 9, Kept.LATE, 9),
        ("2026-07-01", BEFORE, [1, 2, 3, 4, 10, 12], 9, Kept.MISSED, 9),
        ("2026-07-01", BEFORE, [1, 2, 3, 4, 10, 12], 10, Kept.EARLY, None),
        ("2026-07-01", BEFORE, [1, 2, 3, 4, 10, 12], None, Kept.EARLY, None),
        ("2026-07-01", BEFORE, [1, 2, 3, 4, 10, 9], 11, Kept.MISSED, 11),
        ("2026-07-01", BEFORE, [1, 2, 3, 4, 10], 9, Kept.MISSED, 9),
        ("2026-07-01", BEFORE, [1, 2, 3, 4, 10], 11, Kept.UNKNOWN, None),
        ("2026-07-01", date(2026, 7, 20), [1, 2, 3, 4, 10, 12], 9, Kept.MISSED, 9),
        ("2026-06-30", BEFORE, [1, 2, 3, 4, 10, 12], 9, Kept.EARLY, None),
        ("2026-07-01", date(2026, 7, 20), [1, 2, 3, 4, 10], None, Kept.UNKNOWN, None),
        ("2026-12-01", BEFORE, [1, 2, 3, 4, 10, 12], 10, Kept.HOLDING, None),
        ("2026-12-01", BEFORE, [1, 2, 3, 4, 10, 12], 9, Kept.AHEAD_OF_US, None),
        ("2026-12-31", BEFORE, [1, 2, 3, 4, 10, 12], 9, Kept.AHEAD_OF_US, None),
    ],
)
def test_of_a_period_end_and_the_very_day_the_weaker_one_is_told(
    due: str, declared: date, numbers: Sequence[Number], on_day: int | None, kept: Kept, told: int | None
) -> None:
    """A stock by the first of July: the record ends a month on the day before it, the data know the day itself."""
    known = replace(
        scene(paths(("companies", numbers)), TODAY),
        on_day=lambda metric, day: (
            None if on_day is None or (metric, day) != ("companies", date.fromisoformat(due)) else Fraction(on_day)
        ),
    )
    (found,) = promises([milestone("m", due, ["companies >= 10"], declared)], known)
    assert (found.kept, found.conditions[0].on_day) == (kept, told)


@pytest.mark.parametrize(
    ("numbers", "ended", "breaks"),
    [
        ([1, 2, 3, 4, 5, 6, 10], None, False),
        ([1, 2, 3, 4, 5, 6, 10, 4, 4], month(6), False),
        ([1, 2, 3, 4, 5, 6, 10, 11, 4], month(7), False),
        ([1, 2, 3, 4, 5, 6, 10, 4, 11], None, True),
        ([1, 2, 3, 4, 5, 6, 10, 4, 11, 4], month(8), True),
        ([1, 2, 3, 10, 11, 12, 4], month(5), False),
    ],
)
def test_what_held_for_a_time_only_does_not_read_as_holding(
    numbers: Sequence[Number], ended: Period | None, *, breaks: bool
) -> None:
    (found,) = promise(["companies >= 10"], "2026-07-01", numbers, today=date(2026, 12, 1)).conditions
    assert (found.ended, found.breaks) == (ended, breaks)
