"""Whether a ratio is a share: of a part, or called so; else a plain number."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import pytest

from made_up import project_of
from shinro.checks.facts import Facts
from shinro.checks.shares import shares_stay_inside
from shinro.definitions.meaning import meanings
from shinro.definitions.project import Project
from shinro.periods import Calendar, Grain
from shinro.series import Point, Series

PROJECT = """
company: T
currency: USD
timezone: UTC
sources: {{crm: {{type: files, path: data/*.csv}}}}
tables:
  deals: {{from: crm.deals, key: deal, time: opened, times: {{closed: closed}}, entity: account}}
  events: {{from: crm.events, time: at, entity: user}}
  subs: {{from: crm.subs, entity: company, starts: starts, ends: ends, amount: amount}}
metrics:
  deals: {{count: deals}}
  won: {{count: deals, at: closed, where: stage = 'won'}}
  lost: {{count: deals, at: closed, where: stage = 'lost'}}
  closed: {{count: deals, at: closed, where: "stage in ('won', 'lost')"}}
  accounts: {{count_distinct: deals.account}}
  big_accounts: {{count_distinct: deals.account, where: size between 5 and 9}}
  fair_accounts: {{count_distinct: deals.account, where: size between 1 and 9}}
  sold: {{sum: deals.amount, where: stage = 'won'}}
  worth: {{sum: deals.amount}}
  typical: {{avg: deals.amount}}
  typical_won: {{avg: deals.amount, where: stage = 'won'}}
  customers: {{derived: accounts}}
  decided: {{derived: won + lost}}
  events: {{count: events}}
  paying: {{active: events, where: paid = true}}
  active: {{active: events}}
  often: {{active: events, at_least: 3}}
  dau: {{active: events, within: 1 day}}
  wau: {{active: events, within: 7 days}}
  funnel: {{funnel: events, steps: {{visit: "e = 'visit'", buy: "e = 'buy'"}}, within: 7 days}}
  kept: {{retention: events, after: 1 week}}
  total: {{recurring: subs}}
  gold: {{recurring: subs, where: plan = 'gold'}}
  {name}: {{ratio: {ratio}{more}}}
"""


def project(ratio: str, name: str = "asked", more: str = "") -> Project:
    return project_of(PROJECT.format(ratio=ratio, name=name, more=more))


def is_percent(ratio: str, name: str = "asked", more: str = "") -> bool:
    return meanings(project(ratio, name, more))[name].percent


@pytest.mark.parametrize("ratio", [
    "won / deals", "won / closed", "won / (won + lost)", "decided / closed", "(closed - lost) / closed",
    "big_accounts / accounts", "big_accounts / fair_accounts", "big_accounts / customers", "accounts / deals",
    "sold / worth", "paying / active", "often / active", "dau / wau", "active.new / active",
    "funnel.buy / funnel.visit", "kept.kept / kept.cohort", "gold.mrr / total.mrr", "gold.companies / total.companies",
])  # fmt: skip
def test_a_part_of_it_is_a_percentage(ratio: str) -> None:
    assert is_percent(ratio)


@pytest.mark.parametrize("ratio", [
    "deals / accounts", "deals / customers", "deals / won", "won / lost", "lost / (won + 1)",
    "fair_accounts / big_accounts", "typical_won / typical", "events / active", "active / often", "wau / dau",
    "active / dau", "active.dormant / active", "funnel.visit / funnel.buy",
    "gold.new_mrr / total.new_mrr", "total.mrr / gold.mrr", "won / previous(won)", "events / deals",
])  # fmt: skip
def test_what_is_no_part_is_a_plain_number(ratio: str) -> None:
    assert not is_percent(ratio)


@pytest.mark.parametrize(
    ("name", "percent"),
    [
        ("win_rate", True),
        ("勝率", True),
        ("貢献割合", True),
        ("倍率", False),
        ("separate", False),
        ("営業効率", False),
        ("在庫回転率", False),
        ("効率改善率", True),
        ("回答率", True),
    ],
)
def test_what_is_called_a_rate_is_one(name: str, percent: bool) -> None:
    assert is_percent("won / lost", name) is percent
    assert not is_percent("deals / accounts", name)
    assert not is_percent("events / deals", name)


def test_a_unit_that_is_written_has_the_last_word() -> None:
    assert is_percent("deals / accounts", more=', unit: "%"')
    assert not is_percent("won / deals", more=", unit: number")


@pytest.mark.parametrize("more", ["", ', unit: "%"'])
def test_how_many_each_has_is_no_share_that_left_its_range(more: str) -> None:
    """19 deals an account (T206 is for shares)."""
    found = project("deals / accounts", more=more)
    known, month = meanings(found), Calendar().period(date(2026, 4, 1), Grain.MONTH)
    series = Series(known["asked"], Grain.MONTH, (Point(month, Fraction(19)),), date(2026, 5, 1))
    facts = Facts(found, known, {}, {("asked", Grain.MONTH): series}, date(2026, 5, 1))
    assert list(shares_stay_inside.problems(facts)) == []
