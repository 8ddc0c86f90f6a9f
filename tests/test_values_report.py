from __future__ import annotations

import csv
import io
from dataclasses import replace
from datetime import date

from made_up import STORY, daily, project_of, series
from shinro.definitions.meaning import meanings
from shinro.periods import Calendar, Grain, Period
from shinro.reports.readings import Telling
from shinro.reports.terminal import render
from shinro.reports.values import values_csv, values_json, values_report
from shinro.reports.words import words
from shinro.series import Mark, Point, Series

PROJECT = project_of(STORY)
KNOWN = meanings(PROJECT)
JA = Telling(words("ja"), PROJECT)
AS_OF = date(2026, 4, 22)
STEPS = ("visit", "pay")
CALLS = series(KNOWN["calls"], Grain.MONTH, AS_OF, daily(10), first=date(2026, 2, 1))
RATE = series(KNOWN["reply_rate"], Grain.MONTH, AS_OF, daily(1), daily(3), first=date(2026, 3, 1))


def by_rep(name: str | None) -> Series:
    return series(KNOWN["calls"], Grain.MONTH, AS_OF, daily(5), first=date(2026, 3, 1), segment=(("rep", name),))


def test_a_row_a_period_the_running_one_marked() -> None:
    assert render(values_report([CALLS], JA), 60).splitlines() == [
        "コール数",
        "期間        実績",
        "2026年2月    200",
        "2026年3月    220",
        "2026年4月  160 …",
        "… は2026年4月22日時点で途中の期間です。",
    ]


def test_a_month_that_is_over_is_not_told_as_a_running_one_where_its_data_is_not_all_there() -> None:
    points = (CALLS.points[0], CALLS.points[1]._replace(mark=Mark.INCOMPLETE))
    told = render(values_report([replace(CALLS, points=points)], JA), 200).splitlines()
    assert told[2:4] == ["2026年2月    200", "2026年3月  220 …"]
    assert told[4].startswith("2026年3月以降の … は、期間は終わっていますが未確定です（反映の遅れ、")
    assert len(told) == 5


def test_parts_of_one_metric_stand_side_by_side_and_one_part_alone_keeps_its_name() -> None:
    project = project_of("""
company: App
timezone: UTC
sources: {app: {type: files, path: "data/*.csv"}}
tables: {events: {from: app.events, time: at, entity: user}}
metrics: {f: {label: To pay, funnel: events, within: 7 days, steps: {visit: kind = 'v', pay: kind = 'p'}}}
""")
    known, telling = meanings(project), Telling(words("en"), project)
    visit, pay = (series(known[f"f.{step}"], Grain.MONTH, AS_OF, daily(1), first=date(2026, 2, 1)) for step in STEPS)
    assert render(values_report([visit], telling), 60).splitlines()[:2] == ["To pay: visit", "Period    Value"]
    assert render(values_report([visit, pay], telling), 60).splitlines()[:2] == ["To pay", "Period    visit   pay"]


def test_of_two_recurring_metrics_without_labels_each_part_names_its_own() -> None:
    """A lone one leaves its name out: MRR says what it is."""
    lone, two = (
        "a: {recurring: s}",
        "a: {recurring: s}, b: {recurring: s}, c: {recurring: s, label: {ja: 契約, en: Plans}}",
    )
    for lang, plans in (("en", "Plans"), ("ja", "契約")):
        said = words(lang)
        assert Telling(said, project_of(f"metrics: {{{lone}}}")).label("a.mrr") == "MRR"
        telling = Telling(said, project_of(f"metrics: {{{two}}}"))
        assert [telling.label(f"{name}.mrr") for name in "abc"] == ["a MRR", "b MRR", f"{plans} MRR"]


def test_a_column_a_segment() -> None:
    lines = render(values_report([by_rep("佐藤"), by_rep(None)], JA), 60).splitlines()
    assert lines[1].split() == ["期間", "佐藤", "（空欄）"]
    assert lines[2].split() == ["2026年3月", "110", "110"]


def test_a_segment_that_begins_later_is_blank_before() -> None:
    early = by_rep("佐藤")
    late = replace(by_rep("伊藤"), points=by_rep("伊藤").points[1:])
    lines = render(values_report([early, late], JA), 60).splitlines()
    assert [len(line.split()) for line in lines[2:4]] == [2, 5]


def test_undefined_and_unknown_read_differently() -> None:
    months = [Calendar().period(date(2026, month, 1), Grain.MONTH) for month in (2, 3)]
    points = (Point(months[0], None), Point(months[1], None, Mark.UNKNOWN))
    found = Series(KNOWN["reply_rate"], Grain.MONTH, points, AS_OF)
    assert [line.split()[-1] for line in render(values_report([found], JA), 60).splitlines()[2:]] == ["–", "不明"]


def test_nothing_measured_is_said() -> None:
    assert "まだ計測された値がありません。" in render(values_report([], JA), 60)
    empty = Series(KNOWN["calls"], Grain.MONTH, (), AS_OF)
    assert render(values_report([empty], JA), 60) == "コール数\nまだ計測された値がありません。\n"


def test_csv_has_what_a_spreadsheet_reads_as_a_number_with_the_exact_parts_of_a_ratio() -> None:
    rows = list(csv.DictReader(io.StringIO(values_csv([RATE]))))
    assert rows[0] == {
        "metric": "reply_rate",
        "grain": "month",
        "first_day": "2026-03-01",
        "last_day": "2026-03-31",
        "value": "0.333333333333333",
        "over": "22",
        "base": "66",
        "mark": "complete",
    }
    assert rows[1]["mark"] == "incomplete"


def test_a_segment_is_no_formula_in_a_spreadsheet() -> None:
    rows = list(csv.DictReader(io.StringIO(values_csv([by_rep("=HYPERLINK(1)"), by_rep("佐藤"), by_rep(None)]))))
    assert [row["rep"] for row in rows[::2]] == ["'=HYPERLINK(1)", "佐藤", ""]


def test_json_says_what_the_numbers_mean() -> None:
    (found,) = values_json([by_rep("佐藤")], JA)
    assert (found["metric"], found["label"], found["segment"]) == ("calls", "コール数", {"rep": "佐藤"})
    assert (found["population"], found["better"], found["sources"]) == ("kind = 'call'", "higher", ["crm"])
    points = found["points"]
    assert isinstance(points, list)
    assert points[0]["last_day"] == Period(date(2026, 3, 1), date(2026, 4, 1)).last.isoformat()
