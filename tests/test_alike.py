"""Names that are one to the engine: told by `check` without any data, and never read as one another."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from checking import assert_said
from loading import loaded, plan, problem_of, rows
from shinro.definitions.columns import disagreements, plans
from shinro.definitions.project import read_project
from shinro.reports.problems import says
from shinro.reports.words import words
from shinro.warehouse.survey import survey

SOURCES = "sources:\n  crm: {type: files, path: data/*.csv}\n"
TABLE = SOURCES + "tables:\n  d: {from: crm.d, key: id, time: at}\nmetrics:\n"
COLUMNS = ("id:text", "Amount:number", "amount_2=amount:number")


@pytest.mark.parametrize(
    ("text", "place", "case", "kept"),
    [
        (SOURCES + "tables:\n  Ev: {from: crm.a}\n  ev: {from: crm.b}\n", "5:3", None, ["Ev"]),
        (TABLE + "  D: {reported: crm.x, value: v, every: month}\n", "6:3", None, ["d"]),
        (TABLE + "  d: {reported: crm.x, value: v, every: month}\n", "6:3", "same", []),
        (TABLE + "  x: {reported: crm.x, value: Date, every: month}\n", "6:31", "sheet", ["d"]),
        (TABLE + "  a: {sum: d.Amount}\n  b: {sum: d.amount}\n", "7:12", "columns", []),
        (
            TABLE + "  a: {count: d, where: Status = 'won'}\n  b: {count: d, where: status = 'x'}\n",
            "7:24",
            "columns",
            [],
        ),
    ],
)
def test_of_two_names_that_differ_in_case_only_one_is_read(
    text: str, place: str, case: str | None, kept: list[str]
) -> None:
    project, problems = read_project(text, "shinro.yaml")
    assert problems == ()
    (problem,) = disagreements(project)
    assert (problem.code, str(problem.place), problem.args.get("case")) == ("S143", f"shinro.yaml:{place}", case)
    assert_said(problem)
    found, told = plans(project, "", {})
    assert (list(found), told) == (kept, (problem,))


@pytest.mark.parametrize(
    ("metric", "column"),
    [
        ("  a: {count_distinct: d.user.id}\n", 23),
        ("  a: {sum: d.amount.usd}\n", 12),
        ("  a: {count: d, where: \"`plan.name` = 'p'\"}\n", 25),
    ],
)
def test_a_column_with_a_dot_in_its_name_is_refused(metric: str, column: int) -> None:
    """It would be a column of another table."""
    project, problems = read_project(TABLE + metric, "shinro.yaml")
    assert problems == ()
    (problem,) = disagreements(project)
    assert (problem.code, str(problem.place), problem.args["case"]) == ("S122", f"shinro.yaml:6:{column}", "column")
    assert_said(problem)
    assert plans(project, "", {}) == ({}, (problem,))


def test_a_column_of_a_joined_table_is_no_dimension_of_the_one_that_joins_it() -> None:
    tables = (
        "  acc: {from: crm.a, key: id, dimensions: [reg]}\n  d: {from: crm.d, joins: {acc: u}, dimensions: [acc.reg]}\n"
    )
    project, _ = read_project(f"{SOURCES}tables:\n{tables}", "shinro.yaml")
    (problem,) = disagreements(project)
    assert (problem.code, problem.args["case"], problem.args["other"]) == ("S122", "joined", "acc")
    assert_said(problem)
    assert list(plans(project, "", {})[0]) == ["acc"]


def test_a_column_with_a_dot_in_its_name_is_read_by_another(tmp_path: Path) -> None:
    (tmp_path / "leads.csv").write_text("user.id\nu\nv\n", encoding="utf-8")
    assert rows(plan(tmp_path, "user_id=user.id:text"), tmp_path) == [("u",), ("v",)]


@pytest.mark.parametrize(
    "metrics",
    [
        "  a: {sum: d.Straße}\n  b: {sum: d.STRASSE}\n",
        "  a: {sum: d.é}\n  b: {sum: d.É}\n",
        "  a: {sum: d.amount}\n  A: {sum: d.amount}\n",
    ],
)
def test_what_the_engine_tells_apart_is_two_names(metrics: str) -> None:
    project, _ = read_project(TABLE + metrics, "shinro.yaml")
    assert disagreements(project) == ()


def test_a_column_with_a_name_of_its_own_is_read_beside_the_other(tmp_path: Path) -> None:
    (tmp_path / "leads.csv").write_text("id,Amount,amount\na,1,10\nb,2,20\n", encoding="utf-8")
    assert rows(plan(tmp_path, *COLUMNS, key="id"), tmp_path) == [("a", 1, 10), ("b", 2, 20)]


def test_of_json_one_of_two_such_keys_is_read_and_both_are_refused(tmp_path: Path) -> None:
    (tmp_path / "leads.json").write_text('[{"id": "a", "Amount": 1, "amount": 10}]', encoding="utf-8")
    assert rows(plan(tmp_path, "id:text", "amount:number", key="id"), tmp_path) == [("a", 10)]
    problem = problem_of(plan(tmp_path, *COLUMNS, key="id"), tmp_path)
    assert (problem.code, problem.place.line) == ("L110", 22)
    told = says(problem, words("en"))
    assert told.startswith("leads.json has the columns amount and Amount, which differ only in case")
    assert_said(problem)


@pytest.mark.parametrize("name", ["leads.csv", "leads.json"])
def test_a_draft_uses_the_first_of_two(tmp_path: Path, name: str) -> None:
    csv, json = "id,Amount,amount\na,1,10\nb,2,20\n", '[{"id": "a", "Amount": 1, "amount": 10}]'
    (tmp_path / name).write_text(csv if name.endswith(".csv") else json, encoding="utf-8")
    found, problems = survey([tmp_path / name], tmp_path / ".shinro")
    assert problems == ()
    (seen,) = found.files
    assert ({*seen.headers}, seen.repeated) == ({"id", "Amount"}, ("amount",))


def test_a_row_is_told_by_its_number_where_a_column_is_called_number(tmp_path: Path) -> None:
    lines = "".join(f'{{"Number": "{text}"}}\n' for text in ("7", "8", "x", "9.5"))
    (tmp_path / "leads.jsonl").write_text(lines, encoding="utf-8")
    made = loaded(plan(tmp_path, "Number:number"), tmp_path)
    assert [(each.row, each.value) for each in made.rejects] == [(3, "x")]
    assert rows(plan(tmp_path, "Number:number"), tmp_path) == [(7,), (8,), (Decimal("9.5"),)]
