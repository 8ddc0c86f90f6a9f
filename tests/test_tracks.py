from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from fractions import Fraction

from recounting import MEANINGS, month, plain, reports, restated, shuffled
from shinro.analysis.tracks import tracks, within
from shinro.entries import Figure, Kind, local_day
from shinro.periods import Grain, Period
from shinro.series import Mark

LATER = datetime(2026, 7, 1, tzinfo=UTC)


def test_a_path_is_a_step_a_published_period_in_the_order_of_time() -> None:
    path = tracks(reversed(reports("leads", [5, 6, 7])), MEANINGS)["leads", Grain.MONTH]
    assert [plain(step.period, step.value, step.seq) for step in path.steps] == [[month(n), 5 + n, n] for n in range(3)]
    assert path.steps[0].published == date(2026, 2, 5)
    assert path.meaning == MEANINGS["leads"]


def test_the_order_of_entries_changes_nothing() -> None:
    entries = [*reports("leads", [5, 6, 7]), *reports("rate", [(1, 2), (2, 3)], 10)]
    entries.append(restated(entries[1], 4, 20, LATER, "twice counted"))
    assert tracks(shuffled(entries, 1), MEANINGS) == tracks(entries, MEANINGS)


def test_what_was_restated_stays_in_sight_with_its_day_and_the_reason() -> None:
    entries = reports("leads", [5, 6])
    first = restated(entries[1], 4, 20, LATER, "twice counted")
    second = restated(first, 3, 21, datetime(2026, 8, 1, tzinfo=UTC), "again")
    step = tracks([*entries, first, second], MEANINGS)["leads", Grain.MONTH].steps[1]
    assert plain(step.value, step.seq, step.published) == [3, 21, date(2026, 8, 1)]
    assert [plain(was.value, was.seq, was.published, was.reason) for was in step.was] == [
        [6, 1, date(2026, 3, 5), "twice counted"],
        [4, 20, date(2026, 7, 1), "again"],
    ]


def test_a_second_report_of_another_value_is_in_sight_too_but_a_running_period_is_no_promise() -> None:
    entries = reports("leads", [5, 6])
    other = replace(entries[0], seq=9, draft=replace(entries[0].draft, figure=Figure(Fraction(8), "1", Mark.COMPLETE)))
    running = replace(entries[1], draft=replace(entries[1].draft, figure=Figure(Fraction(2), "1", Mark.INCOMPLETE)))
    final = replace(entries[1], seq=10)
    path = tracks([entries[0], other, running, final], MEANINGS)["leads", Grain.MONTH]
    assert [was.value for was in path.steps[0].was] == [5]
    assert path.steps[1].was == ()
    assert path.steps[1].value == 6


def test_segments_other_kinds_and_what_has_no_figure_are_no_part_of_a_path() -> None:
    (one,) = reports("leads", [5])
    by_channel = replace(one, seq=1, draft=replace(one.draft, segment=(("channel", "web"),)))
    told = replace(one, seq=2, draft=replace(one.draft, kind=Kind.TOLD))
    empty = replace(one, seq=3, draft=replace(one.draft, subject="rate", figure=None))
    assert list(tracks([by_channel, told, empty], MEANINGS)) == []


def test_what_was_published_long_after_its_period_is_late() -> None:
    (one,) = reports("leads", [5])
    assert not tracks([one], MEANINGS)["leads", Grain.MONTH].steps[0].late
    assert tracks([replace(one, written_at=LATER)], MEANINGS)["leads", Grain.MONTH].steps[0].late


def test_a_part_of_a_path_holds_the_periods_that_lie_in_it_whole() -> None:
    path = tracks(reports("leads", [5, 6, 7]), MEANINGS)["leads", Grain.MONTH]
    assert [step.value for step in within(path, Period(date(2026, 1, 2), date(2026, 4, 1))).steps] == [6, 7]


def test_days_are_those_of_the_companys_zone() -> None:
    moment = datetime(2026, 3, 31, 16, tzinfo=UTC)
    assert local_day(moment, "Asia/Tokyo") == date(2026, 4, 1)
    assert local_day(moment, "nowhere") == date(2026, 3, 31)


def test_what_stands_below_others_was_not_published_before_them() -> None:
    first, second = reports("leads", [5, 6])
    late = replace(first, written_at=datetime(2026, 9, 1, tzinfo=UTC))
    path = tracks([late, second], MEANINGS)["leads", Grain.MONTH]  # the clock of the second was set back
    assert [(step.published, step.late) for step in path.steps] == [(date(2026, 9, 1), True)] * 2
