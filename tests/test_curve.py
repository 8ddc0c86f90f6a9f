"""Curves from files to what is printed: the triangle, all cohorts together, the verdict; CSV, JSON, both languages."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from checking import assert_said
from shinro.cli import main
from shinro.cohorts import Curve
from shinro.periods import Grain
from shinro.problems import CannotGoOn
from shinro.reports.curve import buckets_shown, curve_report
from shinro.reports.curve_data import curve_csv, curve_json
from shinro.reports.readings import Telling
from shinro.reports.terminal import render
from shinro.reports.words import LANGUAGES, words
from shinro.run.curve import Asked, Curves, curves
from shinro.run.opening import open_project
from stories import Story

TEXT = """\
company: Sora
timezone: UTC
languages: [en, ja]
sources: {app: {type: files, path: data/*.csv}}
tables:
  events: {from: app.events, time: at, entity: who, dimensions: [plan]}
metrics:
  week_1: {label: {en: Active a week later, ja: 翌週の継続率}, retention: events, after: 1 week}
  far: {retention: events, after: 20 weeks}
  later: {retention: events, after: 1 week, counted: on or after}
  every: {retention: events, after: 1 month, cohort: each, where: kind = 'open'}
  no_time: {retention: others, after: 1 week}
  no_bucket: {retention: events, after: 1 quarter}
  events: {count: events}
"""
MONDAY = date(2026, 1, 5)
WEEKS = {"A": (0, 1, 2, 4), "B": (0, 2), "C": (1, 2, 3, 4), "D": (4,)}  # who -> weeks in which they are active
ROWS = "who,at,plan,kind\n" + "".join(
    f"{who},{MONDAY + timedelta(7 * week)},{'pro' if who < 'C' else ''},open\n"
    for who, weeks in WEEKS.items()
    for week in weeks
)


@pytest.fixture
def made(tmp_path: Path) -> Story:
    found = Story(tmp_path, datetime(2026, 2, 4, tzinfo=UTC))
    found.write("shinro.yaml", TEXT)
    found.write("data/events.csv", ROWS)
    return found


def asked(story: Story, *metrics: str, as_of: date | None = date(2026, 2, 3), **how: Any) -> Curves:
    with story.gathered(as_of) as gathered:
        return curves(gathered, metrics, Asked(**how))


def curve_of(story: Story, metric: str = "week_1", **how: Any) -> Curve:
    (found,) = asked(story, metric, **how).curves
    return found


def telling(story: Story, lang: str = "en") -> Telling:
    return Telling(words(lang), open_project(story.folder).project)


def test_the_triangle_by_hand(made: Story) -> None:
    """Five weeks, as of Tuesday of the fifth: it runs, and what begins later is not there."""
    found = curve_of(made)
    assert [(each.period.start, each.kept, each.complete, each.unknown) for each in found.cohorts] == [
        (MONDAY, (2, 1, 2, 0, 1), 4, 0),
        (MONDAY + timedelta(7), (1, 1, 1, 1), 3, 0),
        (MONDAY + timedelta(14), (0, 0, 0), 2, 0),
        (MONDAY + timedelta(21), (0, 0), 1, 0),
        (MONDAY + timedelta(28), (1,), 0, 0),
    ]
    pooled = [(each.bucket, each.cohorts, each.size, each.kept) for each in found.pooled if each.cohorts]
    assert pooled == [(0, 4, 3, 3), (1, 3, 3, 2), (2, 2, 3, 3), (3, 1, 2, 0)]
    assert (found.last, found.unit) == (12, Grain.WEEK)


def test_on_or_after_counts_those_who_come_back_later_too(made: Story) -> None:
    assert [each.kept for each in curve_of(made, "later").cohorts[:2]] == [(2, 2, 2, 1, 1), (1, 1, 1, 1)]
    assert [each.kept for each in curve_of(made, "later", last=2).shown[:2]] == [(2, 2, 2), (1, 1, 1)]


def test_buckets_behind_the_last_day_of_the_data_are_unknown_never_zero(made: Story) -> None:
    found = curve_of(made, as_of=date(2026, 2, 25))
    assert [(each.complete, each.unknown) for each in found.cohorts] == [(5, 3), (4, 3), (3, 3), (2, 3), (1, 3)]
    text = render(curve_report([found], telling(made)), 120)
    assert text.count("?") > 15
    assert {row["mark"] for row in csv.DictReader(io.StringIO(curve_csv([found])))} == {"complete", "unknown"}


def test_another_unit_and_length_may_be_asked_for(made: Story) -> None:
    assert (curve_of(made, unit=Grain.DAY).last, curve_of(made, unit=Grain.DAY, last=3).last) == (30, 3)
    assert [each.kept for each in curve_of(made, unit=Grain.MONTH).cohorts] == [(3, 2), (1,)]
    assert curve_of(made, "far").last == 20
    assert [curve_of(made, each, last=3).judged for each in ("week_1", "far")] == [12, 20]  # whatever is shown
    assert curve_of(made, "far", unit=Grain.DAY).last == 30


def test_by_a_dimension_every_segment_has_its_curve_and_they_add_up(made: Story) -> None:
    found = asked(made, "week_1", by=("plan",)).curves
    assert [each.segment for each in found] == [(("plan", "pro"),), (("plan", None),)]
    assert [each.cohorts[0].kept for each in found] == [(2, 1, 2, 0, 1), (1, 1, 1, 1)]
    assert "Active a week later: (none)" in render(curve_report(found, telling(made)), 120)


def test_a_filter_narrows_the_rows(made: Story) -> None:
    assert curve_of(made, where="who = 'C'").cohorts[0].kept == (1, 1, 1, 1)


def test_curves_of_one_table_are_scanned_once_and_kept(made: Story) -> None:
    """`week_1` and `far` differ by their buckets alone."""
    with made.gathered(date(2026, 2, 3)) as gathered:
        curves(gathered, ("week_1", "far"), Asked(last=4))
        assert len(gathered.asked.scanned) == 1


def test_what_cannot_be_measured_says_why(made: Story) -> None:
    found = asked(made, "no_time")
    assert (found.curves, found.unmeasured) == ((), (("no_time", "unmeasured.growth"),))
    found = asked(made, "no_bucket")
    assert (found.curves, found.unmeasured) == ((), (("no_bucket", "unmeasured.asked"),))


@pytest.mark.parametrize(
    ("metric", "how", "case"),
    [
        ("events", {}, "way"),
        ("week_1.kept", {}, "way"),
        ("week_1", {"unit": Grain.QUARTER}, "unit"),
        ("week_1", {"last": 0}, "length"),
        ("week_1", {"last": 1001}, "length"),
    ],
)
def test_a_curve_that_there_is_not_is_refused(made: Story, metric: str, how: dict[str, Any], case: str) -> None:
    with pytest.raises(CannotGoOn) as stop:
        asked(made, metric, **how)
    (problem,) = stop.value.problems
    assert (problem.code, problem.args["case"]) == ("Q153", case)
    assert_said(problem)


def test_a_project_without_retention_is_told_how_to_define_one(made: Story) -> None:
    made.write("shinro.yaml", TEXT.partition("  week_1")[0] + "  events: {count: events}\n")
    with pytest.raises(CannotGoOn) as stop:
        asked(made, "events")
    assert stop.value.problems[0].args["case"] == "none"
    assert_said(stop.value.problems[0])


def test_a_table_without_rows_has_a_curve_without_cohorts(made: Story) -> None:
    made.write("data/events.csv", "who,at,plan,kind\n")
    found = curve_of(made)
    assert found.cohorts == ()
    assert "Nothing was measured" in render(curve_report([found], telling(made)), 120)


def test_no_curve_at_all_is_told(made: Story) -> None:
    assert "Nothing was measured" in render(curve_report([], telling(made)), 120)


def test_the_report_shows_shares_counts_marks_and_the_verdict(made: Story) -> None:
    lines = render(curve_report([curve_of(made)], telling(made)), 120).splitlines()
    rows = [line.split() for line in lines]
    assert ["wk", "Jan", "5", "2*", "50.0%", "100.0%", "0.0%", "50.0%…"] in rows
    assert ["wk", "Jan", "5", "2", "1", "2", "0", "1…"] in rows
    assert ["wk", "Jan", "19", "0", "–", "–…"] in rows
    assert ["2", "2", "3", "3", "100.0%", "43.9–100.0%", "+50.0%"] in rows
    assert "… is not complete yet." in lines
    assert lines[-1] == "Not enough data to say whether the curve flattens: 30 entities must have reached week 4."


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("metric", ["week_1", "later", "every"])
@pytest.mark.parametrize("width", [40, 120])
def test_no_line_is_wider_than_the_terminal_and_no_word_is_missing(
    made: Story, lang: str, metric: str, width: int
) -> None:
    text = render(curve_report([curve_of(made, metric)], telling(made, lang)), width)
    assert "{" not in text
    assert "curve." not in text


def test_only_the_newest_cohorts_and_a_choice_of_many_buckets_stand_in_the_table(made: Story) -> None:
    found = curve_of(made, unit=Grain.DAY)
    assert buckets_shown(found) == (0, 1, 2, 3, 4, 5, 6, 7, 14, 21, 28, 29)
    assert "17 older cohorts are left out here" in render(curve_report([found], telling(made)), 120)
    long = replace(found, last=90, cohorts=(replace(found.cohorts[0], kept=(1,) * 91, complete=91),))
    assert buckets_shown(long) == (0, 1, 2, 3, 4, 5, 6, 7, 28, 49, 70, 90)
    assert buckets_shown(replace(long, unit=Grain.MONTH)) == (0, 1, 2, 3, 4, 5, 6, 7, 24, 41, 58, 75, 90)
    text = render(curve_report([long], telling(made)), 120)
    assert sum(line.split()[:1] == ["28"] for line in text.splitlines()) == 1


def test_csv_and_json_have_every_cohort_with_every_bucket_that_has_begun(made: Story) -> None:
    found = curve_of(made)
    rows = list(csv.DictReader(io.StringIO(curve_csv([found]))))
    assert len(rows) == 5 + 4 + 3 + 2 + 1
    first = {"metric": "week_1", "unit": "week", "first_day": "2026-01-05", "last_day": "2026-01-11"}
    assert rows[1] == first | {"bucket": "1", "size": "2", "kept": "1", "rate": "0.5", "mark": "complete"}
    (told,) = json.loads(json.dumps(curve_json([found], telling(made))))
    assert told["cohorts"][1]["buckets"][3] == {"bucket": 3, "kept": 1, "rate": "1", "mark": "incomplete"}
    assert told["pooled"][1] == {"bucket": 1, "cohorts": 3, "size": 3, "kept": 2, "rate": "2/3"}
    assert (told["counted"], told["cohort"], told["flattening"]["shape"]) == ("on", "first", "few")


def run(capsys: pytest.CaptureFixture[str], *args: str) -> tuple[int, str, str]:
    with pytest.raises(SystemExit) as ended:
        main(args)
    out, err = capsys.readouterr()
    return int(ended.value.code or 0), out, err


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_command_shows_curves(capsys: pytest.CaptureFixture[str], made: Story, lang: str) -> None:
    args = ("values", "week_1", "--curve", "-p", str(made.folder), "--as-of", "2026-02-03", "--lang", lang)
    code, out, err = run(capsys, *args)
    assert (code, err) == (0, "")
    assert ("Active a week later" if lang == "en" else "翌週の継続率") in out
    assert run(capsys, *args, "--csv")[1].startswith("metric,unit,first_day,last_day,bucket,size,kept,rate,mark\n")
    assert json.loads(run(capsys, *args, "--json")[1])["curves"][0]["cohorts"][0]["size"] == 2
    assert run(capsys, *args, "--buckets", "0")[0] == 1


def test_the_command_fails_for_what_cannot_be_measured(capsys: pytest.CaptureFixture[str], made: Story) -> None:
    code, _, err = run(capsys, "values", "no_time", "--curve", "-p", str(made.folder))
    assert code == 1
    assert "no_time" in err
