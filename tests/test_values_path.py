"""values: what is asked for, by name; and the SQL of it."""

from __future__ import annotations

import os
import re
from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction
from pathlib import Path

import pytest

from checking import assert_said
from measuring import Duck
from shinro.periods import Grain
from shinro.problems import CannotGoOn, Problem
from shinro.run.opening import open_project
from shinro.run.segments import dimensions_of
from shinro.run.sql import sql
from shinro.run.values import bridged, known_dimensions, known_metric, names, values
from shinro.warehouse.session import session
from stories import AGENTS, DEALS, STORY, story

TRUTHS = """\
timezone: Asia/Tokyo
sources: {crm: {type: files, path: data/trials.csv}}
tables: {trials: {from: crm.trials, time: day, dimensions: [paid]}}
metrics: {all: {count: trials}, won: {count: trials, where: paid = true}}
"""


def refused(folder: Path, metric: str, *by: str, where: str = "") -> Problem:
    with story(folder).gathered() as found, pytest.raises(CannotGoOn) as stop:
        values(found, (metric,), Grain.MONTH, by, where)
    (problem,) = stop.value.problems
    return problem


def test_values_at_every_grain_by_hand(tmp_path: Path) -> None:
    made = story(tmp_path)
    assert made.values("won", Grain.WEEK) == {"": [1, 0, 0, 0, 0, 0, 1]}
    assert made.values("won", Grain.MONTH) == {"": [0, 1, 1]}
    assert made.values("won", Grain.QUARTER) == {"": [0, 2]}
    assert made.values("won", Grain.YEAR) == {"": [2]}
    assert sum(filter(None, made.values("won", Grain.DAY)[""])) == 2


def test_values_by_dimensions_of_its_own_and_of_a_join(tmp_path: Path) -> None:
    made = story(tmp_path)
    assert made.values("deals", by=("office", "rep")) == {
        "East, Ann": [1, 1, 0], "West, Bob": [0, 1, 0], "None, None": [0, 0, 1],
    }  # fmt: skip
    assert made.values("win_rate", by=("agents.office",)) == {
        "East": [None, Fraction(1, 2), None], "West": [None, None, 1],
    }  # fmt: skip
    assert made.values("sellers", Grain.QUARTER, ("owner",)) == {"Bob": [1, 1], "Ann": [0, 1]}


def test_a_segment_of_a_truth_is_called_as_a_condition_writes_it_fresh_and_kept(tmp_path: Path) -> None:
    trials = "day,paid\n2026-03-02,true\n2026-03-31,true\n2026-03-04,false\n2026-05-14,true\n2026-05-15,false\n"
    made = story(tmp_path, TRUTHS, trials=trials)
    for _ in ("fresh", "kept"):
        assert made.values("all", Grain.QUARTER, by=("paid",)) == {"false": [1, 1], "true": [2, 1]}
    with made.gathered() as found:
        (where,) = values(found, ("all",), Grain.QUARTER, (), "paid = true").series
    assert [point.value for point in where.points] == [2, 1]


def test_several_metrics_come_in_the_order_asked_for(tmp_path: Path) -> None:
    with story(tmp_path).gathered() as found:
        series = values(found, ("open", "won", "deals"), Grain.MONTH).series
    assert [one.metric for one in series] == ["open", "won", "deals"]


@pytest.mark.parametrize(("asked", "near"), [("wonn", "won"), ("winrate", "win_rate"), ("Deals", "deals")])
def test_a_metric_that_is_not_defined_gets_the_nearest_name(tmp_path: Path, asked: str, near: str) -> None:
    problem = refused(tmp_path, asked)
    assert (problem.code, problem.args["near"], problem.args["case"]) == ("Q140", near, "near")


def test_a_metric_that_nothing_is_near_gets_all_names(tmp_path: Path) -> None:
    problem = refused(tmp_path, "zzzz")
    assert (problem.code, problem.args["case"]) == ("Q140", "far")
    assert str(problem.args["known"]).split(", ")[:2] == ["deals", "won"]


def test_the_name_of_recurring_revenue_asks_for_its_bridge_and_a_part_that_is_not_gets_the_parts(
    tmp_path: Path,
) -> None:
    story(tmp_path, STORY.replace("metrics:\n", "metrics:\n  revenue: {recurring: deals}\n"))
    project = open_project(tmp_path).project
    bridge = ["new_mrr", "expansion", "contraction", "churned_mrr", "reactivation", "mrr", "companies"]
    assert bridged(project, ["won", "revenue"]) == ("won", *(f"revenue.{part}" for part in bridge))
    said = []
    for asked in ("revenue.foo", "revenue.churn"):
        with pytest.raises(CannotGoOn) as stop:
            known_metric(project, asked, "shinro.yaml")
        said.append(stop.value.problems[0].args)
    assert [each["near"] for each in said] == ["", "revenue.churn_rate"]
    parts = {name for name in names(project) if name.startswith("revenue.")}
    assert set(str(said[0]["known"]).split(", ")) == parts


@pytest.mark.parametrize("by", ["offices", "agents.rep", "leads.rep", "amount", ""])
def test_a_dimension_that_is_not_defined_gets_those_that_are(tmp_path: Path, by: str) -> None:
    problem = refused(tmp_path, "win_rate", by)
    assert (problem.code, problem.args["known"]) == ("Q133", "rep, owner, stage, office")


def test_what_is_made_of_a_number_for_the_whole_is_not_cut(tmp_path: Path) -> None:
    text = STORY.replace("metrics:\n", "metrics:\n  spent: {reported: crm.books, row: spent, every: month}\n")
    text = text.replace("metrics:\n", "metrics:\n  cost: {ratio: spent / won}\n  all: {cumulative: cost}\n")
    made = story(tmp_path, text)
    for metric, by, where in (("cost", ("rep",), ""), ("spent", ("rep",), ""), ("all", (), "rep = 'Ann'")):
        with made.gathered() as found, pytest.raises(CannotGoOn) as stop:
            values(found, (metric,), Grain.MONTH, by, where)
        (problem,) = stop.value.problems
        assert (problem.code, problem.args["whole"], problem.args["dimension"]) == ("Q133", "spent", "rep")
        assert_said(problem)
    with made.gathered() as found:
        assert dimensions_of(found, "cost") == ()


def test_a_week_of_a_typed_in_rate_is_no_month_and_the_month_says_why(tmp_path: Path) -> None:
    text = STORY.replace("metrics:\n", "metrics:\n  late: {reported: crm.late, value: n, every: week, nature: ratio}\n")
    made = story(tmp_path, text)
    (tmp_path / "data" / "late.csv").write_text("date,n\n2026-05-04,10%\n2026-05-11,50%\n", encoding="utf-8")
    with made.gathered() as found:
        weeks, months = (values(found, ("late",), grain) for grain in (Grain.WEEK, Grain.MONTH))
    assert [str(point.value) for series in weeks.series for point in series.complete] == ["1/10"]
    assert (months.series, months.unmeasured) == ((), (("late", "unmeasured.longer"),))


def test_a_table_without_dimensions_is_named_when_one_is_asked_for(tmp_path: Path) -> None:
    text = STORY.replace("metrics:\n", "metrics:\n  staff: {count: agents}\n", 1)
    text = re.sub(r"(  agents: .*?), dimensions: \[.*?\]", r"\1", text)
    with story(tmp_path, text).gathered() as found, pytest.raises(CannotGoOn) as stop:
        known_dimensions(found, "staff", ("office",))
    (problem,) = stop.value.problems
    assert (problem.code, problem.args["case"], problem.args["table"]) == ("Q133", "none", "agents")
    assert_said(problem)


def test_the_parts_of_a_recurring_metric_can_be_asked_for_and_say_what_its_table_does_not(tmp_path: Path) -> None:
    text = STORY.replace("metrics:\n", "metrics:\n  revenue: {recurring: deals}\n")
    made = story(tmp_path, text)
    assert {"revenue.mrr", "revenue.churn_rate"} <= set(names(open_project(tmp_path).project))
    with made.gathered() as found:
        asked = values(found, ("revenue.mrr",), Grain.MONTH)
    assert (asked.series, asked.unmeasured) == ((), (("revenue.mrr", "unmeasured.terms"),))


@pytest.mark.parametrize("metric", ["won", "win_rate", "sellers", "open"])
def test_the_sql_that_is_shown_is_the_sql_that_measures(tmp_path: Path, metric: str) -> None:
    """Run over tables that a hand typed, it finds the whole's numbers; nothing is loaded to show it."""
    made = story(tmp_path)
    texts = sql(open_project(tmp_path), metric, Grain.MONTH, (), "duckdb")
    assert not (tmp_path / ".shinro").exists()
    duck = Duck()
    duck.connection.execute(
        "CREATE TABLE deals AS SELECT * REPLACE (nullif(rep, '') AS rep, opened::TIMESTAMP AS opened, "
        f"closed::TIMESTAMP AS closed) FROM read_csv('{made.folder}/data/deals.csv')"
    )
    (rows,) = [duck.rows(text) for text in texts]
    found = {row[0]: row[1:] for row in rows}
    months = [24314, 24315, 24316]
    if metric == "win_rate":
        assert [found.get(month, (0, 0)) for month in months] == [(0, 0), (1, 2), (1, 1)]
    elif metric == "open":
        assert [found[month] for month in months] == [(1,), (0,), (0,)]
    else:
        assert [*map(Fraction, (found.get(month, (0,))[0] for month in months))] == made.values(metric)[""]  # type: ignore[arg-type]  # whole numbers


@pytest.mark.parametrize(("metric", "by"), [("won", ()), ("won", ("office",)), ("deals", ("office",))])
def test_after_a_load_the_sql_that_is_shown_gives_what_values_show(
    tmp_path: Path, metric: str, by: tuple[str, ...]
) -> None:
    """Days without a clock stay days west of Greenwich, a key that repeats finds nothing, as-of cuts the days after."""
    late = "d5,Bob,Ann,2026-05-01,2026-05-01,won,1\nd6,Bob,Ann,2026-05-15,2026-05-15,won,1\n"
    text = STORY.replace("Asia/Tokyo", "America/New_York")
    made = story(tmp_path, text, deals=DEALS + late, agents=AGENTS + "Bob,North\n")
    for file in (tmp_path / "data").iterdir():
        os.utime(file, (0, 0))  # a file that changed this very second is read again, not recalled
    day = date(2026, 5, 14)
    with made.gathered(day) as found:
        series = values(found, (metric,), Grain.MONTH, by).series
        (shown,) = sql(open_project(tmp_path), metric, Grain.MONTH, by, "duckdb", made.moment(day))
        with session(found.loads, tmp_path / ".shinro") as opened:
            rows = opened.rows(shown)
    assert shown.startswith("-- as of 2026-05-14\n")
    assert "assumed" not in shown
    assert {row[:-1]: row[-1] for row in rows if row[-1]} == {
        (point.period.start.year * 12 + point.period.start.month - 1, *(part for _, part in one.segment)): point.value
        for one in series
        for point in one.points
        if point.value
    }


def test_a_load_of_another_day_is_known_to_the_sql_until_its_files_change(tmp_path: Path) -> None:
    made = story(tmp_path)
    files = [*(tmp_path / "data").iterdir()]
    for file in files:
        os.utime(file, (0, 0))
    with made.gathered():
        pass
    later = replace(made.moment(), now=made.now + timedelta(days=400))
    texts = [sql(open_project(tmp_path), "won", Grain.MONTH, (), "duckdb", moment) for moment in (made.moment(), later)]
    assert texts[0] == texts[1]
    assert "assumed" not in texts[1][0]
    os.utime(files[0], (5, 5))
    os.utime(files[1], (5, 5))
    assert "assumed" in sql(open_project(tmp_path), "won", Grain.MONTH, (), "duckdb", later)[0]


def test_without_a_load_the_sql_names_what_it_takes_for_granted(tmp_path: Path) -> None:
    made = story(tmp_path)
    (text,) = sql(open_project(tmp_path), "won", Grain.MONTH, ("office",), "duckdb", made.moment())
    assumed = [line for line in text.splitlines() if line.startswith("-- assumed")]
    assert [line.removesuffix(", amount number") for line in assumed] == [
        "-- assumed of deals: id text, rep text, owner text, stage text, opened moment in UTC, closed moment in UTC",
        "-- assumed of agents: name text, office text",
    ]


def test_sql_of_what_is_typed_in_is_refused(tmp_path: Path) -> None:
    story(tmp_path, STORY.replace("metrics:\n", "metrics:\n  nps: {reported: crm.nps, value: score}\n"))
    with pytest.raises(CannotGoOn) as stop:
        sql(open_project(tmp_path), "nps", Grain.MONTH, (), "postgres")
    assert [problem.code for problem in stop.value.problems] == ["Q141"]
