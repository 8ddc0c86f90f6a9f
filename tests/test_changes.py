"""Change events: from this moment this account pays this much, until its next row."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest

from measuring import Duck, Reading, columns_of, measured, project_of
from oracle import Row, World
from shinro.definitions.metric import PARTS
from shinro.periods import Grain
from shinro.queries.scans import Want
from stories import Story
from subscribing import Values

COLUMNS = {"account": "text", "plan": "text", "at": "moment", "cents": "number", "change": "text", "line": "text"}
TYPES = {"changes": COLUMNS}
PROJECT = """
currency: USD
timezone: UTC
sources: {{billing: {{type: files, path: "*.csv"}}}}
tables:
  changes: {{from: billing.changes, entity: account, time: at, amount: cents, dimensions: [plan]{more}}}
metrics:
  revenue: {{recurring: changes{where}}}
"""


def world_of(text: str, more: str = "", where: str = "") -> World:
    """A world of these changes on 2026-06-30; `-` is nothing."""
    header, *lines = [line.split() for line in text.strip().splitlines()]
    told = [dict(zip(header, line, strict=True)) for line in lines]
    rows: list[Row] = [dict.fromkeys(COLUMNS) | {name: _cell(name, word) for name, word in row.items()} for row in told]
    day = date(2026, 6, 30)
    return World(project_of(PROJECT.format(more=more, where=where)), TYPES, {"changes": rows}, day, day)


def _cell(name: str, word: str) -> object:
    kinds: dict[str, Callable[[str], object]] = {"moment": datetime.fromisoformat, "number": Decimal}
    return None if word == "-" else kinds.get(COLUMNS[name], str)(word)


def parts(world: World, by: tuple[str, ...] = ()) -> dict[tuple[object, ...], Values]:
    """Every part in every month, by segment's labels."""
    wants = {part: Want(f"revenue.{part}", Grain.MONTH, by) for part in PARTS}
    found = measured(world, TYPES, Reading(world, TYPES, Duck()), wants.values())
    made: dict[tuple[object, ...], Values] = {}
    for part, want in wants.items():
        for segment, column in columns_of(found, want).items():
            values = {period.start.isoformat()[:7]: value for period, (value, _) in column.items()}
            made.setdefault(tuple(label for _, label in segment), {})[part] = values
    return made


def test_each_row_is_worth_its_amount_until_the_next() -> None:
    found = parts(world_of("""
        account plan at         cents
        A       pro  2026-01-10 100
        A       pro  2026-03-05 150
        A       pro  2026-03-20 120
        A       pro  2026-04-01 0
        A       pro  2026-06-02 90
        B       pro  2026-03-02 10
        B       pro  2026-03-09 0
    """))[()]  # fmt: skip
    assert list(found["mrr"].values()) == [100, 100, 120, 0, 0, 90]
    assert [found["new_mrr"]["2026-01"], found["expansion"]["2026-03"], found["churned_mrr"]["2026-04"]] == [
        100,
        20,
        120,
    ]
    assert [found["reactivation"]["2026-06"], found["contraction"]["2026-03"]] == [90, 0]
    assert sum(value or 0 for value in found["new_companies"].values()) == 1


@pytest.mark.parametrize("rows", ["A 2026-01-10 0\nA 2026-01-10 70", "A 2026-01-10 70\nA 2026-01-10 0"])
def test_of_two_rows_at_one_instant_the_larger_is_the_later(rows: str) -> None:
    found = parts(world_of(f"account at cents\n{rows}"))[()]
    assert found["mrr"]["2026-01"] == 70


def test_rows_of_several_subscriptions_add_up_where_a_column_names_them() -> None:
    text = "account line at cents\nA 1 2026-01-10 70\nA 2 2026-02-10 30\nA 1 2026-03-10 0\nA 2 2026-06-10 30"
    apart, alike = parts(world_of(text, ", subscription: line"))[()], parts(world_of(text))[()]
    assert list(apart["mrr"].values()) == [70, 100, 30, 30, 30, 30]
    assert list(alike["mrr"].values()) == [70, 30, 0, 0, 0, 30]


def test_words_of_a_change_end_it_or_are_a_trial() -> None:
    text = """
        account at         cents change
        A       2026-01-05 50    trial_start
        A       2026-02-03 50    start
        A       2026-04-03 80    upgrade
        A       2026-05-03 80    cancel
        B       2026-02-01 50    trial_start
        B       2026-02-20 50    cancel
    """
    found = parts(world_of(text, ", status: change"))[()]
    assert list(found["mrr"].values()) == [0, 50, 50, 80, 0, 0]
    assert list(found["trials"].values()) == [1, 0, 0, 0, 0, 0]
    assert [found["trials_started"]["2026-02"], str(found["trial_to_paid"]["2026-02"])] == [1, "1/2"]


def test_a_row_that_a_metric_leaves_out_ends_what_was_before_it_while_one_that_a_table_leaves_out_is_not_there() -> (
    None
):
    text = "account plan at cents\nA pro 2026-01-10 70\nA free 2026-03-10 5\nA pro 2026-05-10 80"
    metric = parts(world_of(text, where=", where: plan = 'pro'"))[()]
    table = parts(world_of(text, ", where: plan = 'pro'"))[()]
    assert list(metric["mrr"].values()) == [70, 70, 0, 0, 80, 80]
    assert list(table["mrr"].values()) == [70, 70, 70, 70, 80, 80]


def test_a_change_of_plan_moves_between_segments() -> None:
    found = parts(world_of("account plan at cents\nA basic 2026-01-10 50\nA pro 2026-03-10 75"), ("plan",))
    assert [found["basic",]["moved_out"]["2026-03"], found["pro",]["moved_in"]["2026-03"]] == [50, 50]
    assert found["pro",]["expansion"]["2026-03"] == 25


@pytest.mark.parametrize("accounts", [("a", "b"), ("7", "99999999999")])
@pytest.mark.parametrize("most", ["999999999.99", "1000000000", "90000000000000000000.5"])
def test_amounts_of_any_size_move_as_they_are(tmp_path: Path, accounts: tuple[str, str], most: str) -> None:
    """Short amounts and numbers are sorted otherwise than long ones and texts; of one moment the larger comes last."""
    small, large = accounts
    made = Story(tmp_path)
    made.write("shinro.yaml", LARGE)
    made.write(
        "data/changes.csv",
        f"account,at,amount\n{large},2026-01-05 10:00:00,{most}\n{large},2026-01-05 10:00:00,1\n"
        f"{small},2026-01-06 10:00:00,2.5\n{small},2026-02-06 10:00:00,0\n{large},2026-03-01 00:00:00,3\n"
        f"{small},2026-04-01 00:00:00,4\n,2026-04-02 00:00:00,5\n",
    )
    high = Fraction(most)
    assert made.values("revenue.mrr") == {"": [high + Fraction("2.5"), high, 3, 7]}
    assert made.values("revenue.contraction") == {"": [0, 0, high - 3, 0]}
    assert made.values("revenue.reactivation") == {"": [0, 0, 0, 4]}


LARGE = """
timezone: UTC
company: A
currency: USD
sources: {b: {type: files, path: data/*.csv, timezone: UTC}}
tables: {changes: {from: b.changes, time: at, entity: account, amount: amount}}
metrics: {revenue: {recurring: changes}}
"""
