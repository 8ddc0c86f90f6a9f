"""Tables loaded, the day we stand on, what cannot be measured and why."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from checking import assert_said
from shinro.periods import Grain
from shinro.run.check_data import check_data
from shinro.run.gathering import Moment
from stories import DEALS, STORY, Story, story


def test_as_of_is_the_newest_day_of_the_data_where_that_is_before_today(tmp_path: Path) -> None:
    with story(tmp_path).gathered() as found:
        assert found.as_of == date(2026, 5, 11)


def test_as_of_is_today_where_the_data_is_dated_later(tmp_path: Path) -> None:
    made = replace(story(tmp_path), now=datetime(2026, 4, 30, 16, tzinfo=UTC))  # 1 May in Tokyo
    with made.gathered() as found:
        assert found.as_of == date(2026, 4, 20)
    rows = DEALS + "d5,Ann,Ann,2026-05-01,,open,1\nd6,Ann,Ann,2026-06-01,,open,1\n"
    with replace(story(tmp_path, deals=rows), now=made.now).gathered() as found:
        assert (found.as_of, found.loads["deals"].future) == (date(2026, 5, 1), 3)


def test_the_day_in_the_name_of_an_export_is_one_that_the_data_speaks_of(tmp_path: Path) -> None:
    """Nothing new in it for weeks is news as well: what has ended since is told."""
    made = story(tmp_path)
    (tmp_path / "data" / "deals.csv").rename(tmp_path / "data" / "deals_2026-05-13.csv")
    with made.gathered() as found:
        assert (found.loads["deals"].newest, found.as_of) == (date(2026, 5, 11), date(2026, 5, 13))
    with replace(made, now=datetime(2026, 5, 12, 3, tzinfo=UTC)).gathered() as found:
        assert found.as_of == date(2026, 5, 12)


def test_an_export_that_was_cut_short_has_no_zeros_behind_its_rows(tmp_path: Path) -> None:
    made = replace(story(tmp_path), now=datetime(2026, 9, 30, tzinfo=UTC))
    (tmp_path / "data" / "deals.csv").rename(tmp_path / "data" / "deals_2026-09-01.csv")
    assert made.values("deals", Grain.MONTH, as_of=date(2026, 9, 1))[""][-2:] == [None, None]
    with made.gathered() as found:
        assert (found.loads["deals"].newest, found.as_of) == (date(2026, 5, 11), date(2026, 9, 1))


def test_as_of_is_what_was_asked_for(tmp_path: Path) -> None:
    made = story(tmp_path)
    with made.gathered(date(2026, 4, 15)) as found:
        assert found.as_of == date(2026, 4, 15)
    assert made.values("deals", as_of=date(2026, 4, 14)) == {"": [1, 1]}
    assert made.values("open", as_of=date(2026, 4, 15)) == {"": [1, 2]}


def test_without_any_day_as_of_is_today(tmp_path: Path) -> None:
    with story(tmp_path, deals=DEALS.splitlines()[0] + "\n").gathered() as found:
        assert found.as_of == date(2026, 5, 15)
        assert [problem.code for problem in found.problems] == ["L115"]


@pytest.mark.parametrize(("day", "said"), [("2026-05-09", ["L103"]), ("2026-05-10", [])])
def test_a_file_without_a_day_that_is_newer_than_the_one_that_is_read_is_said(
    tmp_path: Path, day: str, said: list[str]
) -> None:
    made = story(
        tmp_path, **{f"deals_{day}": DEALS.replace("d4,,Ann,2026-05-10,,open,7\n", "").replace("05-11", "05-08")}
    )
    for _ in range(2):  # loaded, and as it was kept
        with made.gathered() as found:
            assert found.loads["deals"].files == (f"deals_{day}.csv",)
            assert [problem.code for problem in found.problems] == said
            for problem in found.problems:
                assert_said(problem)
                assert (problem.args["file"], problem.args["day"]) == ("deals.csv", "2026-05-10")


@pytest.mark.parametrize(("zone", "day"), [("Asia/Tokyo", 16), ("America/New_York", 15), ("Nowhere/At_All", 15)])
def test_today_is_the_zones(zone: str, day: int) -> None:
    moment = Moment(datetime(2026, 5, 15, 15, tzinfo=UTC))
    assert moment.today(zone) == date(2026, 5, day)


def test_a_table_that_is_not_there_leaves_its_metrics_without_numbers_and_the_others_alone(tmp_path: Path) -> None:
    text = STORY.replace(
        "metrics:\n",
        "  leads: {from: crm.leads, time: at}\nmetrics:\n  leads: {count: leads}\n  per_lead: {ratio: won / leads}\n",
    )
    with story(tmp_path, text).gathered() as found:
        assert set(found.loads) == {"deals", "agents"}
        assert dict(found.unmeasured(found.meanings)) == dict.fromkeys(("leads", "per_lead"), "unmeasured.no_data")
        assert found.tables("per_lead") == ("deals", "leads")


LACKING = (
    STORY.replace("metrics:\n", "metrics:\n  big: {count: deals, where: size > 10}\n  share: {ratio: big / won}\n")
    .replace("north_star: {metric: won", "north_star: {metric: share")
    .replace("kpis: {", "kpis: {share: {}, ")
)
LINE = next(n for n, line in enumerate(LACKING.splitlines(), 1) if "size >" in line)


def test_a_column_that_is_missing_takes_numbers_only_from_the_metrics_that_read_it(tmp_path: Path) -> None:
    made = story(tmp_path, LACKING)
    for _ in range(2):  # loaded, and recalled
        with made.gathered() as found:
            (problem,) = found.problems
            assert (problem.code, problem.args["metrics"], problem.place.line) == ("L111", "big, share", LINE)
            assert_said(problem)
            assert dict(found.unmeasured(found.meanings)) == dict.fromkeys(("big", "share"), "unmeasured.column")
    assert made.values("won") == {"": [0, 1, 1]}
    checked = check_data(tmp_path, Moment(made.now))
    assert [each.code for each in checked.problems if each.code in ("L111", "N105", "K306")] == ["L111"]


def test_a_table_that_names_nobody_who_could_be_active_is_told(tmp_path: Path) -> None:
    text = STORY.replace("metrics:\n", "metrics:\n  kept: {active: deals}\n")
    with story(tmp_path, text).gathered() as found:
        assert dict(found.unmeasured(["kept", "won"])) == {"kept": "unmeasured.growth"}


def test_joins_are_verified_on_the_data(tmp_path: Path) -> None:
    made = story(tmp_path, agents="name,office\nAnn,East\nAnn,North\n")
    with made.gathered() as found:
        (joined,) = found.loads["deals"].joined
    assert (joined.table, joined.nulls, joined.orphans, joined.samples, joined.repeated) == (
        "agents",
        1,
        1,
        ("Bob",),
        1,
    )
    assert made.values("deals", by=("office",)) == {"None": [1, 2, 1]}
    assert made.values("deals") == {"": [1, 2, 1]}


@pytest.mark.parametrize(
    "written",
    [
        "{active: deals, within: -1 days}",
        "{active: deals, within: 100000 days}",
        "{active: deals, at_least: 99999999999999999999999}",
        "{active: deals, witin: 7 days}",
        "{retention: deals, after: 1 week, counted: on_or_after}",
        "{retention: deals, after: 1 week, cohort: all}",
        "{retention: deals, after: 1 week, until: 9999999 weeks}",
        "{funnel: deals, steps: {a: stage = 'won', b: stage = 'lost'}, within: 1 mounth}",
        "{funnel: deals, steps: {a: stage = 'won', b: stage = 'lost'}, strict: maybe}",
        "{funnel: deals, steps: {a: stage = 'won', b: stage =, c: stage = 'lost'}}",
        "{conversion: deals, to: won}",
        "{conversion: deals, to: won, within: 100000 months}",
        "{count: deals, where: stage =}",
        "{count: deals, active: deals}",
        "{derived: deals, every: fortnight}",
    ],
)
def test_what_cannot_be_read_is_not_measured_as_something_else(tmp_path: Path, written: str) -> None:
    text = STORY.replace("    time: opened\n", "    time: opened\n    entity: id\n").replace(
        "metrics:\n", f"metrics:\n  odd: {written}\n"
    )
    with story(tmp_path, text).gathered() as found:
        assert dict(found.unmeasured(["odd", "won"])) == {"odd": "unmeasured.unread"}


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("languages: [en]", "languages: [en]\nweek_starts: mondy"),
        ("languages: [en]", "languages: [en]\nfiscal_year_start: april"),
        ("path: data/*.csv", "path: data/*.csv, late_by: 1 dya"),
        ("path: data/*.csv", "path: data/*.csv, timezon: UTC"),
        ("    time: opened", "    time: opened\n    whre: stage = 'won'"),
        ("    time: opened", "    time: opened\n    where: stage ="),
    ],
)
def test_what_a_table_a_source_or_the_calendar_does_not_say_is_not_guessed(tmp_path: Path, old: str, new: str) -> None:
    with story(tmp_path, STORY.replace(old, new, 1)).gathered() as found:
        assert dict(found.unmeasured(["won", "win_rate"])) == dict.fromkeys(("won", "win_rate"), "unmeasured.unread")


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("languages: [en]", "languages: [en]\nmilestons: []"),
        ("dimensions: [rep, owner, stage]", "dimensions: {rep: rep}"),
    ],
)
def test_what_no_number_depends_on_takes_none_away(tmp_path: Path, old: str, new: str) -> None:
    with story(tmp_path, STORY.replace(old, new, 1)).gathered() as found:
        assert found.unmeasured(["won"]) == ()


def test_a_label_that_cannot_be_read_takes_no_number_away(tmp_path: Path) -> None:
    text = STORY.replace("metrics:\n", "metrics:\n  odd: {count: deals, label: {fr: affaires}}\n")
    with story(tmp_path, text).gathered() as found:
        assert found.unmeasured(["odd"]) == ()


def test_a_reported_metric_is_read_from_its_sheet_by_local_days(tmp_path: Path) -> None:
    text = STORY.replace(
        "metrics:\n",
        "metrics:\n  nps: {reported: crm.nps, value: score, every: month}\n"
        "  visits: {reported: crm.visits, value: n, nature: flow}\n",
    )
    scores = "date,score\n2026-04-01 08:00,10\n2026-04-30 23:30,12.5\n2026-03-31 10:00,9\n"
    visits = "date,n\n2026-03-03,100\n2026-03-20,50\n2026-05-01,7\n2026-06-01,999\n"
    made = story(tmp_path, text, nps=scores, visits=visits)
    assert made.values("nps") == {"": [9, 12.5, None]}
    assert made.values("visits") == {"": [150, None, 7]}
    with made.gathered() as found:
        assert found.tables("nps") == ("nps",)


def test_a_circle_of_metrics_ends(tmp_path: Path) -> None:
    text = STORY.replace(
        "metrics:\n",
        "metrics:\n  a: {derived: b + won}\n  b: {derived: a + won}\n"
        "  c: {derived: won + previous(d)}\n  d: {derived: won + previous(c)}\n",
    )
    made = story(tmp_path, text)
    assert made.values("won") == {"": [0, 1, 1]}
    assert (made.values("a"), made.values("c")) == ({}, {})
    with made.gathered() as found:
        assert {why for _, why in found.unmeasured(("a", "b", "c", "d"))} == {"unmeasured.asked"}


@pytest.mark.parametrize("zone", ["Asia/Tokyo", "America/New_York", "UTC"])
def test_moments_at_the_ends_of_the_calendar_break_nothing_and_leave_empty_ones_empty(
    tmp_path: Path, zone: str
) -> None:
    """Systems write 0001-01-01 for no start and 9999-12-31 for no end."""
    rows = [
        "d1,Ann,Ann,0001-01-01 00:00:00,9999-12-31 23:59:59,open,1",
        "d2,Ann,Ann,2026-04-02 12:00:00,,open,1",
        "d3,Ann,Ann,2026-04-03 12:00:00,2026-04-05 12:00:00,won,1",
    ]
    text = STORY.replace("Asia/Tokyo", zone).replace(
        "currency", "week_starts: sunday\nfiscal_year_starts: april\ncurrency"
    )
    made = story(tmp_path, text, deals="\n".join([DEALS.splitlines()[0], *rows, ""]))
    for grain in Grain if zone == "UTC" else (Grain.MONTH, Grain.YEAR):  # there are 3.6 million days
        assert made.values("open", grain)[""][-1] == 2
        assert sum(filter(None, made.values("deals", grain)[""])) == 2


def test_a_sync_names_the_source_that_is_not_defined(tmp_path: Path) -> None:
    text = "sources: {crm: {type: files, path: data/*}}\ntables: {deals: {from: crn.deals, time: day}}\n"
    story = Story(tmp_path)
    story.write("shinro.yaml", text + "metrics: {nps: {reported: crm2.nps, value: score, every: month}}\n")
    synced = story.sync()
    assert [(each.code, each.args["reader"], each.args["name"]) for each in synced.problems] == [
        ("T201", "deals", "crn"),
        ("T201", "nps", "crm2"),
    ]
    assert synced.failed
