"""What only a command brings about: the path stops, and says why."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from checking import assert_said
from shinro.periods import Grain
from shinro.problems import CannotGoOn, Place, Problem
from shinro.queries.scans import Want, scans
from shinro.run.demo import demo
from shinro.run.gathering import Moment, silent
from shinro.run.opening import open_project
from shinro.run.sql import sql

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
        demo(tmp_path, Moment(datetime(2026, 5, 11, tzinfo=UTC)), silent)
    assert stop(caught).code == "S136"
    assert mine.read_text(encoding="utf-8") == "mine"
