"""Misses: which drivers are read, over which days, and what they propose; what the record says of earlier reviews."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planning import bearings_of
from reviewing import NOW
from shinro.analysis.misses import drivers, lagged_below, proposed
from shinro.analysis.review import moved
from shinro.analysis.review_entries import drafts
from shinro.analysis.reviewed import actions, causes, due_actions, held, running
from shinro.entries import Draft, Entry, Json, Kind
from shinro.findings.actions import Done
from shinro.findings.effects import Effects
from shinro.findings.forecasts import Prospects
from shinro.findings.readings import Reading, Status
from shinro.findings.reviews import Cause, Decision, Driven, Miss, NextAction, Onward, Reason, Review, Taken, Way
from shinro.periods import Grain, Period
from shinro.series import Better, Mark, Meaning, Nature, Point, State
from strategies import MANY, SOME

TEXT = """\
story: {starts: 2026-01-01}
sources: {sheet: {type: files, path: "data/*.csv"}}
metrics:
  calls: {reported: sheet.calls, value: value, every: month, nature: flow, better: higher}
  churn: {reported: sheet.churn, value: value, every: month, nature: ratio, unit: "%", better: lower}
  seats: {reported: sheet.seats, value: value, every: month, nature: stock, better: higher}
  leads: {reported: sheet.leads, value: value, every: month, nature: flow, better: higher}
  paid: {reported: sheet.paid, value: value, every: month, nature: stock, better: higher}
north_star: {metric: paid}
tree: {paid: previous * (1 - churn) + seats}
influences: [{from: calls, to: seats, lag: 2 months}, {from: leads, to: calls}]
targets: {calls: 100 per month, churn: 5%, seats: 10, leads: 50 per month}
"""
YEAR = Period(date(2026, 4, 1), date(2026, 7, 1))
AS_OF = date(2026, 7, 1)


def read(values: Mapping[str, Sequence[int | str]], days: Period = YEAR) -> tuple[Driven, ...]:
    return drivers(bearings_of(TEXT, values, AS_OF), ["paid"], days)


def test_each_driver_is_read_as_it_lives_and_the_worst_stands_first() -> None:
    found = read({"calls": [90, 95, 100, 95, 200, 200], "churn": ["1/20"] * 6, "seats": [10, 10, 10, 10, 10, 2]})
    assert [(each.metric, each.value, each.target, each.state) for each in found] == [
        ("seats", 2, 10, State.BEHIND),  # a stock by its last value
        ("calls", 290, 300, State.ON_COURSE),  # a flow by its sum, two months earlier
        ("churn", Fraction(1, 20), Fraction(1, 20), State.ON_COURSE),
    ]
    assert found[1].period == Period(date(2026, 2, 1), date(2026, 5, 1))


def test_the_days_are_earlier_by_every_lag_on_the_way() -> None:
    days = lagged_below(bearings_of(TEXT, {}, AS_OF).project, ["paid"], YEAR)
    early = Period(date(2026, 2, 1), date(2026, 5, 1))
    assert days == {"paid": YEAR, "churn": YEAR, "seats": YEAR, "calls": early, "leads": early}


def test_a_rate_that_is_better_low_is_below_its_target_when_it_is_high() -> None:
    (found,) = read({"churn": ["1/20", "1/20", "1/20", "1/20", "1/20", "1/10"]})
    assert (found.state, proposed([found])) == (State.BEHIND, Cause.EXECUTION)


def test_what_has_no_target_or_no_numbers_proposes_nothing() -> None:
    assert read({"paid": [1, 2]}) == ()
    assert read({"calls": [1, 2]}, Period(date(2020, 1, 1), date(2020, 4, 1))) == ()
    assert proposed(()) is None


@given(levels=st.lists(st.integers(1, 10**6), min_size=6, max_size=6))
@SOME
def test_a_driver_that_met_its_target_in_every_period_reads_its_target(levels: list[int]) -> None:
    steps = ", ".join(f"2026-{month:02}-01: {level} per month" for month, level in enumerate(levels, 1))
    text = TEXT.replace("calls: 100 per month", f"calls: {{steps: {{{steps}}}}}")
    found = drivers(bearings_of(text, {"calls": levels}, AS_OF), ["seats"], Period(date(2026, 1, 1), AS_OF))
    assert [(each.value == each.target, each.state) for each in found] == [(True, State.ON_COURSE)]


# What the record knows of earlier reviews.


def entry(seq: int, kind: Kind, subject: str, grain: Grain | None = None, **data: Json) -> Entry:
    return Entry(seq, NOW, "", Draft(kind=kind, subject=subject, grain=grain, data=data), words={"text": "Call"})


def test_an_entry_that_says_less_than_we_write_is_still_read() -> None:
    odd = entry(0, Kind.REVIEW, "not a day", Grain.WEEK)
    bare = entry(1, Kind.DECISION, "m3", cause="execution")
    action = entry(2, Kind.DECISION, "2026-05-04", what="action", due="soon", kpi=None)
    strange = entry(3, Kind.DECISION, "m6", cause="luck")
    assert held([odd]) == ()
    assert dict(causes([bare, strange], of="milestone")) == {"m3": ((NOW.date(), Cause.EXECUTION),)}
    assert [(each.seq, each.taken, each.due) for each in actions([action])] == [(2, NOW.date(), None)]


def test_a_kpi_runs_only_through_reviews_without_a_break() -> None:
    days = [("2026-05-04", "behind"), ("2026-05-11", "on course"), ("2026-05-18", "behind"), ("2026-05-25", "behind")]
    reviews = held(
        entry(n, Kind.REVIEW, day, Grain.WEEK, focus=[{"metric": "calls", "state": state}])
        for n, (day, state) in enumerate(days)
    )
    assert [each.day.day for each in running(reviews, "calls")] == [18, 25]
    assert running(reviews, "leads") == ()


@pytest.mark.parametrize(
    ("values", "better", "way"),
    [
        ((1, 2), Better.HIGHER, "better"),
        ((1, 2), Better.LOWER, "worse"),
        ((2, 2), Better.NONE, "same"),
        ((1, 2), Better.NONE, None),
        ((None, 2), Better.HIGHER, None),
    ],
)
def test_which_way_a_number_moved(values: tuple[int | None, int], better: Better, way: str | None) -> None:
    before, last = (Point(YEAR, None if value is None else Fraction(value), Mark.COMPLETE) for value in values)
    reading = Reading(Meaning("m", Nature.FLOW, better=better), Grain.MONTH, None, last, before, None)
    assert moved(reading) == way


WORDS = st.text(st.characters(exclude_categories=("C", "Z")), min_size=1, max_size=20)
REASON = Reason(
    "miss.m3",
    Miss("m3", is_kpi=False, proposed=Cause.HYPOTHESIS),
    Cause.EXECUTION,
    "note",
    Onward(Way.LEVER, metric="calls", expect="+1", name="Evening calls"),
)


def review_on(day: date) -> Review:
    status = Status("A", day, None, (), (), (), (), (), (), (), ())
    return Review(status, Grain.WEEK, Prospects(day, ()), Effects(day, ()), targets={"calls": "100 per week"})


def recorded(written: Sequence[Draft], before: Sequence[Entry] = ()) -> tuple[Entry, ...]:
    """Drafts as the record would hold them."""
    fresh = (
        Entry(n, NOW, "", draft, dict.fromkeys(draft.texts, "0"), dict(draft.texts))
        for n, draft in enumerate(written, start=len(before))
    )
    return (*before, *fresh)


@given(
    decided=st.lists(WORDS, max_size=4),
    acts=st.lists(st.tuples(WORDS, WORDS, st.dates(date(2026, 1, 1), date(2026, 12, 31)) | st.none()), max_size=4),
)
@MANY
def test_what_a_meeting_decided_is_in_the_record_once_and_the_next_one_knows_it(
    decided: list[str], acts: list[tuple[str, str, date | None]]
) -> None:
    found = review_on(date(2026, 5, 4))
    taken = Taken(
        tuple(Decision(f"d{n}", text) for n, text in enumerate(decided, 1)),
        tuple(NextAction(f"a{n}", text, owner, due, "calls") for n, (text, owner, due) in enumerate(acts, 1)),
        reasons=(REASON,),
    )
    entries = recorded(drafts(found, taken, ()))
    assert drafts(found, taken, entries) == ()
    known = [(each.text, each.owner, each.due, each.kpi) for each in actions(entries)]
    assert known == [(text, owner, due, "calls") for text, owner, due in acts]
    assert len(due_actions(entries)) == len(acts)
    later = replace(taken, actions=tuple(replace(each, due=date(2027, 1, 1)) for each in taken.actions))
    again = recorded(drafts(found, later, entries), entries)
    assert [each.draft.replaces for each in again[len(entries) :]] == [each.seq for each in actions(entries)]
    assert [(each.seq, each.due) for each in actions(again)] == [
        (each.seq, date(2027, 1, 1)) for each in actions(entries)
    ]
    assert [each.name for each in held(entries)] == [found.name]
    erased = tuple(replace(each, words={}) for each in entries)
    assert drafts(found, taken, erased) == ()  # an erased text is no other answer
    assert [each.done for each in actions(erased)] == [Done.OPEN] * len(acts)
