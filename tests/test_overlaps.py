"""What segments lack to add up to the whole: computed, shown, and written for programs."""

from __future__ import annotations

import csv
import io
from datetime import UTC, date, datetime
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from made_up import STORY, project_of
from shinro.analysis.overlaps import overlap
from shinro.definitions.meaning import meanings
from shinro.periods import Calendar, Grain
from shinro.reports.readings import Telling
from shinro.reports.terminal import render
from shinro.reports.values import values_csv, values_json, values_report
from shinro.reports.words import words
from shinro.run.values import Values, values
from shinro.series import Better, Mark, Point, Series
from stories import Story

PROJECT = """\
company: A
timezone: Asia/Tokyo
sources: {app: {type: files, path: data/*.csv}}
tables: {events: {from: app.events, time: at, entity: user, dimensions: [device, plan]}}
metrics:
  mau: {active: events, within: 30 days}
  dau: {active: events, within: 1 day}
  users: {count_distinct: events.user}
  rows: {count: events}
"""
ROWS = """\
user,at,device,plan
a,2026-04-01,ios,free
a,2026-04-02,web,free
b,2026-04-02,web,pro
b,2026-05-01,ios,pro
"""
MEANING = meanings(project_of(STORY))["calls"]
EN = Telling(words("en"), project_of(STORY))


def line(*numbers: int | None, segment: str | None = None) -> Series:
    first = date(2026, 1, 5)
    points = tuple(
        Point(
            Calendar().step(Calendar().period(first, Grain.WEEK), Grain.WEEK, n), None if at is None else Fraction(at)
        )
        for n, at in enumerate(numbers)
    )
    return Series(MEANING, Grain.WEEK, points, first, segment=(("device", segment),) if segment else ())


NUMBERS = st.lists(st.integers(0, 9) | st.none(), min_size=3, max_size=3)


@given(NUMBERS, st.lists(NUMBERS, max_size=4))
def test_segments_and_their_overlap_are_the_whole(whole: list[int | None], segments: list[list[int | None]]) -> None:
    found = overlap(line(*whole), [line(*each, segment=f"s{n}") for n, each in enumerate(segments)])
    for n, point in enumerate(found.points):
        total = sum(each[n] or 0 for each in segments)
        assert point.value == (None if whole[n] is None else whole[n] - total)  # type: ignore[operator]  # not None here
    assert found.meaning.better is Better.NONE


def test_a_segment_that_begins_later_has_nothing_before() -> None:
    late = line(0, 3, segment="web")
    found = overlap(line(2, 4), [line(2, 2, segment="ios"), Series(MEANING, Grain.WEEK, late.points[1:], late.as_of)])
    assert [point.value for point in found.points] == [0, -1]


def test_a_column_of_its_own_and_a_line_that_says_what_it_is() -> None:
    segments = [line(2, 3, segment="ios"), line(2, 1, segment="web")]
    shown = render(values_report(segments, EN, [overlap(line(3, 4), segments)]), 120).splitlines()
    assert [row.split()[-3:] for row in shown[1:4]] == [["ios", "web", "Overlap"], ["2", "2", "-1"], ["3", "1", "0"]]
    assert shown[4].startswith("Overlap: what is in several segments")


def test_where_nothing_overlaps_no_column_is_shown() -> None:
    segments = [line(2, 3, segment="ios"), line(2, 1, segment="web")]
    nothing = overlap(line(4, 4), segments)
    assert render(values_report(segments, EN, [nothing]), 120) == render(values_report(segments, EN), 120)


@pytest.fixture
def found(tmp_path: Path) -> Values:
    story = Story(tmp_path, datetime(2026, 5, 1, 3, tzinfo=UTC))
    story.write("shinro.yaml", PROJECT)
    story.write("data/events.csv", ROWS)
    with story.gathered() as gathered:
        return values(gathered, ("mau", "mau.new", "dau", "users", "rows"), Grain.MONTH, ("device",))


def test_what_counts_entities_has_an_overlap_and_what_adds_up_has_none(found: Values) -> None:
    lines = {each.metric: [point.value for point in each.points] for each in found.overlaps}
    assert list(lines) == ["mau", "mau.new", "dau", "users"]
    assert lines["mau"] == [-1, -1]
    assert lines["users"] == [-1, 0]
    assert [point.mark for point in found.overlaps[0].points] == [Mark.COMPLETE, Mark.INCOMPLETE]
    for each in found.overlaps:
        segments = [one for one in found.series if one.metric == each.metric]
        whole = each.points[0].value, *(one.points[0].value for one in segments)
        assert (
            sum(number or 0 for number in whole)
            == {"mau": 2, "mau.new": 2, "dau": Fraction(3, 30), "users": 2}[each.metric]
        )


def test_programs_read_which_lines_are_overlaps(found: Values) -> None:
    rows = list(csv.DictReader(io.StringIO(values_csv(found.series, found.overlaps))))
    april = [
        (row["device"], row["value"], row["line"])
        for row in rows
        if (row["metric"], row["first_day"]) == ("mau", "2026-04-01")
    ]
    assert april == [("ios", "1", "segment"), ("web", "2", "segment"), ("", "-1", "overlap")]
    assert "line" not in values_csv(found.series).splitlines()[0].split(",")
    assert [each["segment"] for each in values_json(found.overlaps, EN)] == [{}] * 4
