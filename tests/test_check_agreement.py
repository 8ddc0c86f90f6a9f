from __future__ import annotations

import pytest

from checking import facts_of
from judging import BILLING, problems
from shinro.checks.agreement import RULES
from shinro.problems import Place, Problem, problem
from shinro.reports.problems import spoken
from shinro.reports.words import words
from shinro.units import Amount

CRM = """\
sources: {crm: {type: files, path: data/*.csv}}
tables:
  contacts: {from: crm.contacts, key: id, time: at}
  deals: {from: crm.deals, key: deal_id, time: created_at, times: {closed: closed_at}}
metrics:
  leads: {count: deals}
  calls: {count: contacts, where: kind = 'call'}
  replies: {count: contacts, where: kind = 'call' and answered = 'yes'}
  meetings: {count: contacts, where: kind = 'meeting'}
  reply_rate: {ratio: replies / calls}
  meeting_rate: {ratio: meetings / replies}
  calls_per_lead: {ratio: calls / leads}
  new: {count: deals, at: closed}
  lost: {count: deals, at: closed}
  net: {derived: new - lost}
  stock: {stock: deals}
  square: {derived: new * new}
tree:
  meetings: leads * calls_per_lead * reply_rate * meeting_rate
  stock: previous + new - lost
"""


def told(*conditions: str, before: str = CRM, more: str = "") -> list[Problem]:
    text = f"{before}{more}milestones: [{{id: m, by: 2026-12-31, reach: {list(conditions)}}}]\n"
    return problems(RULES, facts_of(text), "M404")


def summary(*conditions: str, before: str = CRM, more: str = "") -> list[tuple[object, ...]]:
    found = told(*conditions, before=before, more=more)
    return [(each.severity.value, each.args["case"], each.args["metric"], str(each.args["level"])) for each in found]


BOUNDS = "planning: {{bounds: {{{}}}}}\n"


def test_30_companies_and_an_mrr_of_a_million_imply_33333_a_company() -> None:
    (found,) = told("revenue.companies >= 30", "revenue.mrr >= 100万円", before=BILLING)
    assert spoken(found, words("en")) == {
        "case": "implied",
        "milestone": "m",
        "metric": "revenue.arpa",
        "level": "33,333 JPY",
        "allowed": "≥ 0 JPY",
        "given": "revenue.companies >= 30, revenue.mrr >= 100万円",
        "formula": "revenue.arpa = revenue.mrr / revenue.companies",
    }


def test_the_written_identity_comes_before_the_known_one_and_speaks_once() -> None:
    tree = "tree: {revenue.mrr: revenue.companies * revenue.arpa}\n"
    (found,) = told("revenue.companies >= 30", "revenue.mrr >= 100万円", before=BILLING, more=tree)
    assert found.args["formula"] == "revenue.mrr = revenue.companies * revenue.arpa"


@pytest.mark.parametrize(
    ("conditions", "more", "found"),
    [
        # a ratio's own formula, forwards and backwards
        (["calls >= 1000 per month", "replies >= 100 per month"], "", [("info", "implied", "reply_rate", "10%")]),
        (["calls >= 1000 per month", "reply_rate >= 10%"], "", [("info", "implied", "replies", "100 per month")]),
        (["replies >= 25 per week", "calls >= 1000 per month"], "", [("info", "implied", "reply_rate", "10.8%")]),
        # a share of its own denominator cannot pass 100 %; another rate should not
        (["calls >= 100 per month", "replies >= 125 per month"], "", [("error", "outside", "reply_rate", "125%")]),
        (
            ["replies >= 100 per month", "meetings >= 125 per month"],
            "",
            [("warning", "outside", "meeting_rate", "125%")],
        ),
        # planning bounds, per month
        (
            ["calls >= 1000 per month", "replies >= 150 per month"],
            BOUNDS.format("reply_rate: {at_most: 12%}"),
            [("error", "outside", "reply_rate", "15%")],
        ),
        (
            ["replies >= 100 per month", "reply_rate >= 10%"],
            BOUNDS.format("calls: {at_least: 10 per week, at_most: 200 per week}"),
            [("error", "outside", "calls", "1,000 per month")],
        ),
        (
            ["replies >= 100 per month", "reply_rate >= 10%"],
            BOUNDS.format("calls: {at_most: 250 per week}"),
            [("info", "implied", "calls", "1,000 per month")],
        ),
        # sums; a count is never below 0, a difference may be
        (["new >= 10 per month", "net >= 15 per month"], "", [("error", "outside", "lost", "-5 per month")]),
        (["new >= 10 per month", "net >= 6 per month"], "", [("info", "implied", "lost", "4 per month")]),
        (["new >= 10 per month", "lost <= 15 per month"], "", [("info", "implied", "net", "-5 per month")]),
        # everything promised
        (["new >= 10 per month", "lost <= 4 per month", "net >= 6 per month"], "", []),
        (
            ["new >= 10 per month", "lost <= 4 per month", "net >= 8 per month"],
            "",
            [("info", "short", "net", "6 per month")],
        ),
        (
            ["new <= 10 per month", "lost >= 4 per month", "net >= 8 per month"],
            "",
            [("error", "outside", "net", "≤ 6 per month")],
        ),
        (
            ["new = 10 per month", "lost = 4 per month", "net = 8 per month"],
            "",
            [("error", "outside", "net", "6 per month")],
        ),
        # more than one left: only what can never be is told
        (["meetings >= 100 per month", "reply_rate >= 10%"], "", []),
        (
            ["meetings >= 100 per month", "reply_rate >= 10%"],
            BOUNDS.format(
                "leads: {at_least: 10 per month, at_most: 100 per month}, calls_per_lead: {at_most: 3},"
                " reply_rate: {at_most: 20%}, meeting_rate: {at_most: 50%}"
            ),
            [("error", "outside", "meetings", "0 … 30 per month")],
        ),
        # what cannot be put into one month's equation
        (["calls >= 1000 since start", "replies >= 100 per month"], "", []),
        (["calls >= 1000", "replies >= 100 per month"], "", []),
        (["stock >= 100", "new >= 10 per month"], "", []),
        (["new >= 10 per month", "square <= 50 per month"], "", [("error", "outside", "square", "≥ 100 per month")]),
        (["calls >= 1000 per month"], "", []),
        # a zero hides what would be left
        (["calls >= 0 per month", "replies >= 0 per month"], "", []),
    ],
)
def test_what_levels_imply(conditions: list[str], more: str, found: list[tuple[str, str, str, str]]) -> None:
    assert summary(*conditions, more=more) == found


def test_what_a_level_is_in_is_told_in_the_readers_language() -> None:
    japanese = spoken(problem("M404", Place("x"), level=Amount("≥ 33,333", "JPY", "month")), words("ja"))
    assert japanese["level"] == "≥ 33,333円（1か月あたり）"
    english = spoken(problem("M404", Place("x"), level=Amount("30", "", "week", "calls")), words("en"))
    assert english["level"] == "calls 30 per week"


SHOP = """\
sources: {sheet: {type: files, path: data/*.csv}}
metrics:
  orders: {reported: sheet.orders, value: n, every: week, nature: flow}
  sellers: {reported: sheet.sellers, value: n, every: week, nature: stock}
  each: {ratio: orders / sellers, every: week}
  each_month: {ratio: orders / sellers}
"""


def test_a_formula_that_says_its_period_is_reckoned_in_it_and_another_by_the_month_and_both_say_so() -> None:
    """30 orders a week by 8 sellers are 3.75 each a week, and 16.25 a month."""
    found = summary("orders >= 30 per week", "sellers >= 8", before=SHOP)
    assert found == [("info", "implied", "each", "3.75 per week"), ("info", "implied", "each_month", "16.25 per month")]
    found = summary("each >= 3", "sellers >= 8", before=SHOP)
    assert found == [("info", "implied", "orders", "24 per week")]


def test_a_rate_that_is_typed_in_by_week_is_reckoned_by_week() -> None:
    rate = "  each_typed: {reported: sheet.each, value: n, every: week, nature: ratio}\n"
    rate += "tree: {orders: sellers * each_typed}\n"
    found = summary("each_typed >= 3", "sellers >= 8", "orders >= 30 per week", before=SHOP + rate)
    assert ("info", "short", "orders", "24 per week") in found
    bounds = BOUNDS.format("each_typed: {at_most: 4}")
    found = summary("sellers >= 8", "orders >= 30 per week", before=SHOP + rate, more=bounds)
    assert found[0] == ("info", "implied", "each_typed", "3.75 per week")
