"""A table whose rows of each month, or each day, are all that is paid: who is in no later list pays no more."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from measuring import Duck, Engine, Server, project_of
from oracle import Row, World
from shinro.definitions.following import unfollowed
from shinro.definitions.project import read_project
from shinro.periods import Grain
from strategies import SOME
from subscribing import PROJECT, TYPES, parts, rows_of

DAY = date(2026, 4, 30)
PERIODS = PROJECT.format(currency="USD", ends_are="exclusive", more="")
ENDLESS = PERIODS.replace("ends: ends, ends_are: exclusive, ", "")
MONTHLY = ENDLESS.replace("starts: starts", "full_list: month, time: starts")
DAILY = ENDLESS.replace("starts: starts", "full_list: day, time: starts")
SHEET = """
    company plan starts     amount
    A       p    2026-01-01 100
    A       p    2026-02-01 100
    B       p    2026-01-15 50
    B       p    2026-02-03 50
    B       p    2026-03-31 50
    B       p    2026-04-01 50
    C       q    2026-02-28 30
    C       q    2026-04-10 30
    -       p    2026-03-05 999
"""


def world(text: str, rows: list[Row]) -> World:
    return World(project_of(text), TYPES, {"subs": rows}, DAY, DAY)


@pytest.mark.parametrize("dialect", ["duckdb", "postgres"])
def test_who_is_missing_from_a_months_lines_pays_nothing_in_it(dialect: str, server: Server) -> None:
    engine: Engine = server if dialect == "postgres" else Duck()
    found = parts(world(MONTHLY, rows_of(SHEET)), engine=engine)[()]
    server.connection.rollback()
    assert list(found["mrr"].values()) == [150, 180, 50, 80]
    assert list(found["churned_companies"].values()) == [0, 0, 2, 0]
    assert list(found["reactivated_companies"].values()) == [0, 0, 0, 1]


@pytest.mark.parametrize("dialect", ["duckdb", "postgres"])
@pytest.mark.parametrize("text", [MONTHLY, DAILY])
def test_lists_are_measured_by_day_and_by_week(dialect: str, text: str, server: Server) -> None:
    engine: Engine = server if dialect == "postgres" else Duck()
    days = parts(world(text, rows_of(SHEET)), Grain.DAY, engine=engine)[()]["mrr"]
    server.connection.rollback()
    weeks = parts(world(text, rows_of(SHEET)), Grain.WEEK)[()]["mrr"]
    assert [days["2026-01-31"], days["2026-02-01"], days["2026-04-10"]] == (
        [150, 180, 80] if text == MONTHLY else [50, 100, 30]
    )
    assert [weeks["2026-01-26"], weeks["2026-02-02"]] == [days["2026-02-01"], days["2026-02-08"]]


@pytest.mark.parametrize("grain", [Grain.DAY, Grain.WEEK])
def test_a_list_that_is_dated_on_the_last_day_of_its_month_is_paid_from_the_first(grain: Grain) -> None:
    rows = rows_of("company starts amount\nA 2026-01-31 100\nB 2026-01-31 50\nA 2026-02-28 100\nB 2026-03-31 60")
    found = parts(world(MONTHLY, rows), grain)[()]
    months = parts(world(MONTHLY, rows))[()]
    assert min(found["mrr"]) == ("2026-01-01" if grain is Grain.DAY else "2025-12-29")
    for part in ("new_mrr", "churned_mrr", "reactivation"):
        assert sum(filter(None, found[part].values())) == sum(filter(None, months[part].values()))


def test_a_month_in_which_nobody_has_a_line_is_not_there() -> None:
    found = parts(world(MONTHLY, rows_of("company starts amount\nA 2026-01-31 100\nA 2026-04-01 70")))[()]
    assert list(found["mrr"].values()) == [100, 100, 100, 70]


def test_a_filter_leaves_a_month_there() -> None:
    """Nobody of plan q has a line in March: they pay nothing in it."""
    text = MONTHLY.replace("recurring: subs", "recurring: subs, where: plan = 'q'")
    assert list(parts(world(text, rows_of(SHEET)))[()]["mrr"].values()) == [0, 30, 0, 30]
    text = MONTHLY.replace("dimensions: [plan]", "dimensions: [plan], where: plan = 'q'")
    assert list(parts(world(text, rows_of(SHEET)))[()]["mrr"].values()) == [0, 30, 30, 30]


def test_two_lines_of_one_customer_in_a_month_are_two_things_that_are_paid() -> None:
    lines = "company plan starts amount\nA p 2026-01-01 100\nA q 2026-01-01 50\nA p 2026-02-01 100"
    found = parts(world(MONTHLY, rows_of(lines)))[()]
    assert [found["mrr"][month] for month in ("2026-01-01", "2026-02-01")] == [150, 100]
    assert [found["companies"]["2026-01-01"], found["contraction"]["2026-02-01"]] == [1, 50]


def test_a_state_says_whether_a_line_is_paid() -> None:
    lines = "company starts amount status\nA 2026-01-01 9 canceled\nB 2026-01-01 4 trialing\nC 2026-01-01 1 active"
    found = parts(world(MONTHLY, rows_of(f"{lines}\nC 2026-02-01 1 active")))[()]
    assert [found[part]["2026-01-01"] for part in ("mrr", "trials", "companies")] == [1, 1, 1]
    assert found["trials"]["2026-02-01"] == 0


def test_lists_of_days_hold_until_the_next() -> None:
    lines = "company starts amount\nA 2026-01-10 9\nB 2026-01-10 4\nA 2026-01-20 9"
    assert parts(world(DAILY, rows_of(lines)))[()]["mrr"]["2026-01-01"] == 9
    assert parts(world(MONTHLY, rows_of(lines)))[()]["mrr"]["2026-01-01"] == 22


def lines() -> st.SearchStrategy[list[Row]]:
    line = st.fixed_dictionaries(
        {
            "company": st.sampled_from(("A", "B", "C", None)),
            "plan": st.sampled_from(("p", "q", None)),
            "starts": st.integers(0, 150).map(lambda n: date.fromordinal(date(2025, 12, 20).toordinal() + n)),
            "amount": st.sampled_from((None, 0, 10, 25)).map(lambda n: None if n is None else Decimal(n)),
        }
    )
    return st.lists(line.map(lambda row: dict.fromkeys(TYPES["subs"]) | row), max_size=12)


def written_out(rows: Iterable[Row], *, monthly: bool) -> list[Row]:
    """Lists as periods, each to the next list."""
    there = [(row, _listed(row["starts"], monthly=monthly)) for row in rows if row["company"] and row["starts"] <= DAY]  # type: ignore[operator]  # dates
    known = sorted({day for _, day in there})
    return [{**row, "starts": day, "ends": next((each for each in known if each > day), None)} for row, day in there]


def _listed(day: object, *, monthly: bool) -> date:
    assert isinstance(day, date)
    return day.replace(day=1) if monthly else day


@SOME
@given(lines(), st.booleans(), st.sampled_from(((), ("plan",))), st.sampled_from((Grain.MONTH, Grain.WEEK)))
def test_lists_are_the_periods_that_they_mean(
    rows: list[Row], monthly: bool, by: tuple[str, ...], grain: Grain
) -> None:
    listed = parts(world(MONTHLY if monthly else DAILY, rows), grain, by)
    meant = parts(world(PERIODS, written_out(rows, monthly=monthly)), grain, by)
    for segment, values in meant.items():
        for part, told in values.items():
            for month, value in told.items():
                found = listed[segment][part].get(month)
                assert None in (found, value) or found == value  # their data end on different days


@pytest.mark.parametrize(
    ("table", "codes"),
    [
        ("full_list: month, time: at", []),
        ("full_list: month", ["S112"]),
        ("full_list: month, time: at, ends: until", ["list"]),
        ("full_list: day, time: at, starts: at, ends: until", ["list", "list"]),
        ("full_list: year, time: at", ["S114"]),
        ("wide: true, time: at, ends: until", ["list"]),
    ],
)
def test_a_list_says_its_time_and_no_terms(table: str, codes: list[str]) -> None:
    text = (
        "sources: {b: {type: files, path: x.csv}}\n"
        f"tables:\n  t: {{from: b.t, entity: who, amount: paid, {table}}}\nmetrics:\n  mrr: {{recurring: t}}\n"
    )
    project, problems = read_project(text, "shinro.yaml")
    told = [str(each.args.get("case")) for each in unfollowed(project)]
    assert [each.code for each in problems if each.code[0] == "S"] + [each for each in told if each == "list"] == codes
