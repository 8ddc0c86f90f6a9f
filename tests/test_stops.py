"""What only a command brings about: the path stops, and says why."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest

from checking import assert_said
from shinro.periods import Grain
from shinro.problems import CannotGoOn, Place, Problem
from shinro.queries.scans import Want, scans
from shinro.run.demo import demo
from shinro.run.filters import filter_of
from shinro.run.gathering import Moment, gathering, silent
from shinro.run.opening import open_project
from shinro.run.sql import sql
from shinro.run.target_files import target_files
from shinro.warehouse import load

STORY = """
sources:
  crm: {type: files, path: data/*.csv}
tables:
  contacts: {from: crm.contacts, key: id, time: occurred_at, dimensions: [rep]}
metrics:
  calls: {count: contacts}
  nps: {reported: crm.nps, value: score, every: month}
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "shinro.yaml").write_text(STORY, encoding="utf-8")
    return tmp_path


def stop(caught: pytest.ExceptionInfo[CannotGoOn]) -> Problem:
    (problem,) = caught.value.problems
    assert_said(problem)
    return problem


def test_a_metric_that_is_not_defined_is_answered_with_the_nearest(folder: Path) -> None:
    with pytest.raises(CannotGoOn) as caught:
        sql(open_project(folder), "callz", Grain.WEEK, (), "duckdb")
    problem = stop(caught)
    assert (problem.code, problem.args["near"]) == ("Q140", "calls")


def test_a_metric_far_from_all_is_answered_with_all(folder: Path) -> None:
    with pytest.raises(CannotGoOn) as caught:
        sql(open_project(folder), "売上", Grain.WEEK, (), "duckdb")
    problem = stop(caught)
    assert (problem.code, problem.args["known"]) == ("Q140", "calls, nps")


def test_what_is_typed_in_has_no_sql(folder: Path) -> None:
    with pytest.raises(CannotGoOn) as caught:
        sql(open_project(folder), "nps", Grain.MONTH, (), "duckdb")
    assert stop(caught).code == "Q141"


def test_a_text_for_what_is_made_of_a_number_for_the_whole_is_not_cut(folder: Path) -> None:
    with pytest.raises(CannotGoOn) as caught:
        sql(open_project(folder), "nps", Grain.MONTH, ("rep",), "duckdb")
    problem = stop(caught)
    assert (problem.code, problem.args["case"], problem.args["whole"]) == ("Q133", "whole", "nps")


def test_a_dimension_that_the_rows_do_not_have_is_refused_at_the_table(folder: Path) -> None:
    project = open_project(folder).project
    with pytest.raises(CannotGoOn) as caught:
        scans(project, [Want("calls", Grain.WEEK, ("region",))], {"contacts": None}, None)
    problem = stop(caught)
    assert (problem.code, problem.place, problem.args["known"]) == ("Q133", Place("shinro.yaml", 5, 74), "rep")


def test_the_demo_does_not_write_over_a_file(tmp_path: Path) -> None:
    mine = tmp_path / "data" / "leads.csv"
    mine.parent.mkdir()
    mine.write_text("mine", encoding="utf-8")
    with pytest.raises(CannotGoOn) as caught:
        demo(tmp_path, Moment(datetime(2026, 5, 11, tzinfo=UTC)), silent, size=0.01)
    assert stop(caught).code == "S136"
    assert mine.read_text(encoding="utf-8") == "mine"


def with_targets(folder: Path, rows: str) -> list[Problem]:
    (folder / "targets.csv").write_text(rows, encoding="utf-8")
    story = STORY + "targets:\n  calls: {per: week, file: targets.csv}\n"
    (folder / "shinro.yaml").write_text(story, encoding="utf-8")
    levels, problems = target_files(open_project(folder))
    assert set(levels) <= {"targets.csv"}
    for problem in problems:
        assert_said(problem)
    return list(problems)


def test_a_file_of_targets_without_its_columns_is_told_at_its_first_line(folder: Path) -> None:
    (problem,) = with_targets(folder, "date,goal\n2026-04-01,80\n")
    assert (problem.code, problem.place, problem.args["missing"]) == ("L141", Place("targets.csv", 1, 1), "level")


def test_a_target_from_a_day_that_does_not_exist_is_told_at_its_row(folder: Path) -> None:
    (problem,) = with_targets(folder, "date,level\n2026-04-01,80\n2026-06-31,100\n")
    assert (problem.code, problem.place, problem.args["found"]) == ("L142", Place("targets.csv", 3, 1), "2026-06-31")


def test_what_the_engine_cannot_add_up_is_told_at_its_table(tmp_path: Path) -> None:
    """thirty amounts of 29 digits"""
    (tmp_path / "data").mkdir()
    rows = "".join(f"{n},2026-05-01,{'9' * 29}\n" for n in range(30))
    (tmp_path / "data" / "deals.csv").write_text("id,day,amount\n" + rows, encoding="utf-8")
    story = (
        "sources:\n  crm: {type: files, path: data/*.csv}\ntables:\n  deals: {from: crm.deals, key: id, time: day}\n"
    )
    (tmp_path / "shinro.yaml").write_text(story + "metrics:\n  total: {sum: deals.amount}\n", encoding="utf-8")
    moment = Moment(datetime(2026, 5, 11, tzinfo=UTC))
    with pytest.raises(CannotGoOn) as caught, gathering(open_project(tmp_path), moment) as gathered:
        gathered.measure([Want("total", Grain.MONTH)])
    assert stop(caught).code == "L143"


def test_a_filter_on_a_column_that_is_not_loaded_is_refused_with_a_caret(folder: Path) -> None:
    (folder / "data").mkdir()
    (folder / "data" / "contacts.csv").write_text("id,occurred_at,rep\n1,2026-05-01,佐藤\n", encoding="utf-8")
    moment = Moment(datetime(2026, 5, 11, tzinfo=UTC))
    with pytest.raises(CannotGoOn) as caught, gathering(open_project(folder), moment) as gathered:
        filter_of(gathered, ("calls",), "rep = '佐藤' and region = '東京'")
    problem = stop(caught)
    assert (problem.code, problem.place) == ("Q142", Place("--where", 1, 16))
    assert problem.args["known"] == "id, rep, occurred_at"


def test_a_filter_that_takes_a_column_for_something_else_says_where_that_is_told(folder: Path) -> None:
    (folder / "data").mkdir()
    (folder / "data" / "contacts.csv").write_text("id,occurred_at,rep\n1,2026-05-01,佐藤\n", encoding="utf-8")
    moment = Moment(datetime(2026, 5, 11, tzinfo=UTC))
    with pytest.raises(CannotGoOn) as caught, gathering(open_project(folder), moment) as gathered:
        filter_of(gathered, ("calls",), "occurred_at > 3")
    problem = stop(caught)
    first = str(next(one.place for one in gathered.plans["contacts"].columns if one.name == "occurred_at"))
    assert (problem.code, problem.args["first"]) == ("Q130", first)
    assert re.fullmatch(r"shinro\.yaml:\d+:\d+", first)


def test_quotes_that_mending_cannot_untangle_stop_the_table(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (folder / "data").mkdir()
    rows = 'id,occurred_at,rep\n1,2026-05-01,佐藤\n2,2026-05-02,"佐"藤\n3,2026-05-03,田中\n'
    (folder / "data" / "contacts.csv").write_text(rows, encoding="utf-8")
    monkeypatch.setattr(
        load, "mend", lambda _path, _sheet, target: [target.write_text(rows[19:], encoding="utf-8")][:0]
    )
    with gathering(open_project(folder), Moment(datetime(2026, 5, 11, tzinfo=UTC))) as gathered:
        problem = next(one for one in gathered.problems if one.code == "L116")
    assert (problem.place, problem.args["row"]) == (Place("shinro.yaml", 5, 3), 2)
    assert_said(problem)
