"""What is published, once; what blocks it; milestones and targets as they were declared, and as they were moved."""

from __future__ import annotations

from datetime import UTC, date, datetime
from errno import ENOSPC
from fractions import Fraction
from pathlib import Path

import pytest

from publishing import (
    AS_OF,
    EDITED,
    GOALS,
    LATER,
    STORY,
    a_project,
    entries,
    later,
    offered,
    published,
    restated,
    values,
)
from recording import a_writer
from shinro.entries import Figure, Kind
from shinro.periods import Grain
from shinro.problems import CannotGoOn, Disk
from shinro.run.opening import open_project
from shinro.run.publishing import offer, publish, wanted
from shinro.series import Mark

HALF = Fraction(1, 2)


def test_every_complete_period_since_the_story_started_is_published_once(tmp_path: Path) -> None:
    made = a_project(tmp_path)
    first = published(made)
    assert [entry.draft.kind for entry in first.entries] == [Kind.MILESTONE, Kind.TARGET, *[Kind.REPORT] * 3]
    assert values(made) == {"won 2026-04": [1], "worth 2026-04": [100], "win_rate 2026-04": [HALF]}
    again = published(made)
    assert (again.entries, again.checkpoint) == ((), first.checkpoint)


def test_a_value_says_all_that_it_follows_from(tmp_path: Path) -> None:
    made = a_project(tmp_path)
    published(made)
    (won,) = [entry.draft for entry in entries(made) if entry.draft.subject == "won" and entry.draft.figure]
    origin = won.origin
    assert origin
    assert (origin.as_of, [each.table for each in origin.inputs], origin.inputs[0].rows) == (AS_OF, ["deals"], 4)
    (kept,) = (tmp_path / ".shinro" / "snapshots").glob(f"{origin.inputs[0].snapshots[0]}.csv")
    assert kept.read_bytes() == (tmp_path / "data" / "deals.csv").read_bytes()
    assert (tmp_path / ".shinro" / "snapshots" / f"{won.data['project']}.project.json").is_file()
    assert origin.engine.startswith("duckdb ")
    rate = next(entry.draft.figure for entry in entries(made) if entry.draft.subject == "win_rate")
    assert rate
    assert rate == Figure(HALF, "%", Mark.COMPLETE, Fraction(1), Fraction(2))


def test_an_offer_that_another_publisher_was_faster_with_writes_nothing_more(tmp_path: Path) -> None:
    made = a_project(tmp_path)
    stale = offered(made)
    first = published(made)
    late = publish(open_project(tmp_path), stale, a_writer(2, 1), made.now)
    assert (late.entries, late.checkpoint) == ((), first.checkpoint)
    assert (first.begun, first.meanwhile, late.begun, late.meanwhile) == (True, 0, False, len(stale.drafts))


def test_of_two_that_begin_a_record_at_once_only_the_faster_one_does(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Both find no record when they begin to write."""
    made = a_project(tmp_path)
    stale = offered(made)
    published(made)
    monkeypatch.setattr("shinro.run.publishing.head", lambda _: None)
    late = publish(open_project(tmp_path), stale, a_writer(2, 1), made.now)
    assert (late.entries, late.begun, late.meanwhile) == ((), False, len(stale.drafts))


def test_what_is_not_over_is_not_published(tmp_path: Path) -> None:
    made = a_project(tmp_path)
    assert offered(made, date(2026, 4, 30)).reports == ()
    assert [draft.subject for draft in offered(made, date(2026, 5, 1)).reports] == ["won", "worth", "win_rate"]
    assert offered(made, since=date(2026, 5, 1)).reports == ()


def test_a_day_to_begin_with_that_would_leave_a_hole_in_the_record_is_told(tmp_path: Path) -> None:
    made, summer = later(a_project(tmp_path, deals=LATER), datetime(2026, 7, 6, 3, tzinfo=UTC)), date(2026, 7, 5)
    assert offered(made, summer, since=date(2026, 6, 1)).left_out == ()
    published(made)
    found = offered(made, summer, since=date(2026, 6, 1), weekly=True)
    left = [(draft.subject, draft.grain, draft.period and draft.period.start) for draft in found.left_out]
    assert left == [(name, Grain.MONTH, date(2026, 5, 1)) for name in ("won", "worth", "win_rate")]
    assert {draft.period.start for draft in found.reports if draft.period} == {date(2026, 6, 1)}
    for day in (None, date(2026, 4, 1), date(2026, 5, 1)):
        whole = offered(made, summer, since=day)
        assert (len(whole.reports), whole.left_out) == (6, ())


def test_an_error_of_check_blocks_publishing_and_nothing_is_written(tmp_path: Path) -> None:
    made = a_project(tmp_path, STORY + GOALS + "kpi: {}\n")
    with pytest.raises(CannotGoOn) as stop:
        published(made)
    assert [problem.code for problem in stop.value.problems] == ["S111"]
    assert entries(made) == ()


def test_sources_that_have_ended_since_keep_nothing_from_the_day_of_the_data_from_being_published(
    tmp_path: Path,
) -> None:
    made = later(a_project(tmp_path), datetime(2026, 11, 27, 3, tzinfo=UTC))
    with made.gathered() as found:
        plain = offer(found)
    assert (plain.errors, plain.as_of) == ((), AS_OF)
    assert [draft.figure for draft in plain.reports] == [draft.figure for draft in offered(made).reports]
    assert [problem.code for problem in offered(made, date(2026, 11, 27)).errors] == ["N105"]


def test_a_star_whose_source_ends_before_the_others_is_not_published(tmp_path: Path) -> None:
    text = (
        STORY.replace("metrics:\n", "  leads: {from: crm.leads, time: at}\nmetrics:\n  leads: {count: leads}\n") + GOALS
    )
    leads = "at\n" + "".join(f"2026-0{month}-20\n" for month in range(1, 10))
    made = later(a_project(tmp_path, text, leads=leads), datetime(2026, 11, 27, 3, tzinfo=UTC))
    with made.gathered() as found:
        assert [problem.code for problem in offer(found).errors] == ["N105"]


def test_where_the_project_cannot_be_kept_nothing_is_recorded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(ENOSPC, "No space left on device")

    made = a_project(tmp_path)
    monkeypatch.setattr("shinro.run.origins.keep_text", full)
    with pytest.raises(CannotGoOn) as stop:
        published(made)
    assert [(problem.code, problem.args["reason"]) for problem in stop.value.problems] == [("B814", Disk.FULL)]
    assert entries(made) == ()


def test_a_value_that_is_another_now_is_told_and_not_written_over(tmp_path: Path) -> None:
    made = a_project(tmp_path)
    published(made)
    made.write("data/deals.csv", EDITED)
    found = offered(made)
    told = {each.now.subject: each.now.figure.value for each in found.differs if each.now.figure}
    assert told == {"won": 2, "worth": 150, "win_rate": 1}
    assert published(made).entries == ()


def test_a_restatement_keeps_the_old_value_in_sight(tmp_path: Path) -> None:
    made = a_project(tmp_path)
    published(made)
    made.write("data/deals.csv", EDITED)
    (entry,) = restated(made, "won", "2026-04").entries
    assert (entry.draft.kind, entry.draft.replaces, entry.words["reason"]) == (Kind.RESTATE, 3, "d2 was won")
    assert values(made)["won 2026-04"] == [1, 2]
    assert b"d2 was won" not in b"".join(str(dict(each.draft.data)).encode() for each in entries(made))


@pytest.mark.parametrize(
    ("metric", "period", "code"),
    [("won", "2026-05", "B831"), ("leads", "2026-04", "B831"), ("won", "2026-04", "B833"), ("won", "April", "B831")],
)
def test_what_cannot_be_restated(tmp_path: Path, metric: str, period: str, code: str) -> None:
    made = a_project(tmp_path)
    published(made)
    with pytest.raises(CannotGoOn) as stop:
        restated(made, metric, period)
    assert [problem.code for problem in stop.value.problems] == [code]


def test_a_period_without_a_final_value_any_more_cannot_be_restated(tmp_path: Path) -> None:
    made = a_project(tmp_path)
    published(made)
    with pytest.raises(CannotGoOn) as stop:
        restated(made, "won", "2026-04", as_of=date(2026, 4, 20))
    assert [problem.code for problem in stop.value.problems] == ["B832"]


@pytest.mark.parametrize(
    ("before", "after", "data"),
    [
        ("won >= 3", "won >= 2", {"due": "2026-06-30", "reach": ["won >= 2 per month"]}),
        ("2026-06-30", "2026-09-30", {"due": "2026-09-30", "reach": ["won >= 3 per month"]}),
        ("milestones: [{id: m3, by: 2026-06-30, reach: [won >= 3 per month]}]\n", "", {"given_up": True}),
        ("id: m3,", "id: m4, replaces: m3,", {"due": "2026-06-30", "reach": ["won >= 3 per month"]}),
    ],
)
def test_a_milestone_that_is_moved_or_given_up_stays_in_sight(
    tmp_path: Path, before: str, after: str, data: dict[str, object]
) -> None:
    made = a_project(tmp_path)
    published(made)
    made.write("shinro.yaml", STORY + GOALS.replace(before, after))
    with made.gathered() as gathered:
        assert offer(gathered).names == {1: "m3"}
    (entry,) = published(made).entries
    assert (dict(entry.draft.data), entry.draft.replaces) == (data, 1)
    assert published(made).entries == ()


def test_another_spelling_of_a_condition_is_no_other_promise(tmp_path: Path) -> None:
    made = a_project(tmp_path)
    published(made)
    made.write("shinro.yaml", STORY + GOALS.replace("won >= 3 per month", "won  ≥  ３ per month"))
    assert published(made).entries == ()


def test_the_day_that_a_file_says_is_said_and_not_proven(tmp_path: Path) -> None:
    made = a_project(tmp_path, STORY + GOALS.replace("by: 2026", "declared: 2026-02-01, by: 2026"))
    milestone = published(made).entries[0]
    assert milestone.draft.data["said"] == "2026-02-01"
    assert milestone.written_at.date() == made.now.date()


def test_levels_by_segment_stay_outside_the_log(tmp_path: Path) -> None:
    made = a_project(tmp_path, STORY + GOALS.replace("level: 2}", "level: 2, each: {rep: {Ann: 1}}}"))
    published(made)
    (target,) = [entry for entry in entries(made) if entry.draft.kind is Kind.TARGET]
    assert dict(target.draft.data) == {"level": "2", "per": "month"}
    assert target.words["each"] == '{"rep": {"Ann": "1"}}'
    assert published(made).entries == ()
    made.write("shinro.yaml", STORY + GOALS.replace("level: 2}", "level: 2, each: {rep: {Ann: 2}}}"))
    (moved,) = published(made).entries
    assert moved.draft.replaces == target.seq


def test_what_was_published_once_goes_on_being_published(tmp_path: Path) -> None:
    text = STORY.replace("cadence: monthly", "cadence: weekly")
    made = a_project(tmp_path, text + GOALS)
    weekly = offered(made, weekly=True)
    publish(open_project(tmp_path), weekly, a_writer(), made.now)
    made.write("shinro.yaml", text[: text.index("kpis:")] + GOALS)
    made.write("data/deals.csv", EDITED + "d5,Ann,Bob,2026-05-12,2026-05-29,won,5\nd6,Ann,Bob,2026-06-01,,open,5\n")
    later = {(draft.subject, draft.grain) for draft in offered(made, date(2026, 6, 1)).reports}
    assert {("win_rate", Grain.MONTH), ("win_rate", Grain.WEEK)} <= later


def test_weeks_are_published_where_they_are_asked_for_or_promised(tmp_path: Path) -> None:
    text = STORY.replace("cadence: monthly", "cadence: weekly") + GOALS.replace("3 per month", "1 per week")
    project = open_project(a_project(tmp_path, text).folder).project
    assert wanted(project) == (
        ("won", Grain.MONTH),
        ("worth", Grain.MONTH),
        ("win_rate", Grain.MONTH),
        ("won", Grain.WEEK),
    )
    assert ("win_rate", Grain.WEEK) in wanted(project, weekly=True)
