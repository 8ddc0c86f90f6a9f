from __future__ import annotations

import pytest

from judging import problems, with_loads
from shinro.checks.prices import RULES
from shinro.problems import Severity
from test_check_data import load

CRM = """\
sources: {crm: {type: files, path: data/*.csv}}
tables:
  subscriptions:
    {from: crm.subscriptions, entity: company_id, starts: start_date, ends: end_date, amount: amount,
     list_amount: list}
  changes: {from: crm.changes, entity: company_id, time: at, amount: paid}
  sheet: {from: crm.sheet, entity: company_id, time: at, amount: paid, full_list: month}
metrics:
  rows: {count: changes}
"""


@pytest.mark.parametrize(
    ("metrics", "told"),
    [
        ("  mrr: {recurring: changes}\n", [("event", "mrr")]),
        ("  mrr: {recurring: subscriptions}\n", [("period", "mrr")]),
        ("  a: {recurring: subscriptions}\n  b: {recurring: subscriptions}\n", [("period", "a, b")]),
        ("  mrr: {recurring: changes, where: paid >= 0}\n", []),
        ("  mrr: {recurring: subscriptions, options: {proration: daily}}\n", []),
        ("  mrr: {recurring: changes, options: {proration: daily}}\n", [("event", "mrr")]),
        ("", []),  # nothing reads the amounts as prices
    ],
)
def test_prices_below_zero(metrics: str, told: list[tuple[str, str]]) -> None:
    loads = {name: load(name, negative=3) for name in ("changes", "subscriptions")}
    found = problems(RULES, with_loads(CRM + metrics, loads), "D709")
    assert [(each.args["case"], each.args["metrics"]) for each in found] == told
    assert problems(RULES, with_loads(CRM + metrics, {"changes": load("changes")}), "D709") == []


@pytest.mark.parametrize(
    ("metrics", "told"),
    [
        ("  mrr: {recurring: changes}\n", [("event", "mrr", 3)]),
        ("  mrr: {recurring: subscriptions}\n", [("period", "mrr", 3)]),
        ("  mrr: {recurring: subscriptions, options: {annual_discounts: list}}\n", [("period", "mrr", 1)]),
        ("  mrr: {recurring: changes, where: paid is not null}\n", []),
        ("", []),
    ],
)
def test_amounts_that_are_not_there(metrics: str, told: list[tuple[str, str, int]]) -> None:
    loads = {name: load(name, unpriced=3, unlisted=1) for name in ("changes", "subscriptions")}
    found = problems(RULES, with_loads(CRM + metrics, loads), "D711")
    assert [(each.args["case"], each.args["metrics"], each.args["count"]) for each in found] == told
    assert {each.severity for each in found} <= {Severity.WARNING}
    assert problems(RULES, with_loads(CRM + metrics, {"changes": load("changes")}), "D711") == []


def test_a_list_of_each_month_that_is_read_as_changes() -> None:
    metrics = "  mrr: {recurring: changes}\n  of_sheet: {recurring: sheet}\n"
    loads = {name: load(name, repeated_amounts=4) for name in ("changes", "sheet", "subscriptions")}
    found = problems(RULES, with_loads(CRM + metrics, loads), "D712")
    assert [(each.args["table"], each.args["metrics"], each.args["repeats"]) for each in found] == [
        ("changes", "mrr", 4)
    ]
