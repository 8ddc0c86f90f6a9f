from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from checking import facts_of
from judging import problems, with_series
from shinro.checks.traction import RULES
from shinro.definitions.project import read_project
from shinro.entries import Draft, Entry, Kind
from shinro.periods import Duration
from shinro.problems import Place, problem
from shinro.reports.problems import next_move, says
from shinro.reports.words import words

APP = """\
currency: JPY
sources: {app: {type: files, path: data/*.csv}}
tables:
  members: {from: app.members, key: id, time: joined_at}
  open: {from: app.open, key: id, starts: since, ends: until}
  logins: {from: app.logins, key: id, time: at, entity: member_id}
  plans: {from: app.plans, entity: company_id, starts: since, ends: until, amount: amount}
metrics:
  signups: {label: {ja: 会員登録数}, count: members}
  total: {cumulative: signups}
  everyone: {stock: members}
  open_deals: {stock: open}
  all_time_leads: {count: members}
  reach: {label: {ja: 累計リーチ}, reported: app.reach, value: n, every: month}
  both: {derived: total + everyone}
  doubled: {derived: everyone * 2}
  growth: {derived: total - previous(total)}
  share: {derived: total / everyone}
  a: {derived: b + 1}
  b: {derived: a + 1}
  users: {stock: open}
  paying_users: {stock: open}
  active_users: {active: logins, within: 28 days}
  weekly: {active: logins, within: 7 days}
  registration_rate: {ratio: signups / open_deals}
  kept: {retention: logins, after: 30 days}
  revenue: {recurring: plans}
  sales: {reported: app.sales, value: n, every: month}
  app_downloads: {count: members}
"""


def told(headline: str, *supports: str) -> str:
    return f"{APP}traction: [{{audience: investors, headline: {headline}, supports: {list(supports)}}}]\n"


@pytest.mark.parametrize(
    ("headline", "total"),
    [
        ("total", True),
        ("everyone", True),
        ("all_time_leads", True),
        ("reach", True),
        ("both", True),
        ("doubled", True),
        ("signups", False),
        ("open_deals", False),
        ("growth", False),
        ("share", False),
        ("a", False),
        ("revenue.mrr", False),
        ("nowhere", False),
    ],
)
def test_a_total_since_ever_is_no_headline(headline: str, total: bool) -> None:
    found = problems(RULES, facts_of(told(headline)), "R603")
    assert [each.args["case"] for each in found] == ["total"] * total


@pytest.mark.parametrize(
    ("values", "case"),
    [
        ([10, 20, 30, 40, 45, 50, 52], "slows"),  # 30, then 12
        ([10, 20, 30, 40, 50, 60, 70], "total"),
        ([10, 20, 30, 40, 45, 50], "total"),  # five increments are too few to say
        ([], "total"),
    ],
)
def test_increments_that_fall_while_the_total_rises_are_told(values: list[int], case: str) -> None:
    (found,) = problems(RULES, with_series(told("total"), total=values), "R603")
    assert found.args["case"] == case
    assert case == "total" or (found.args["before"], found.args["last"]) == ("30", "12")


@pytest.mark.parametrize(
    ("told_metrics", "crowds"),
    [
        (["signups"], ["signups"]),
        (["users", "app_downloads"], ["users", "app_downloads"]),
        (["revenue.mrr", "users"], ["users"]),
        (["users", "active_users", "revenue.churn_rate"], ["users"]),
        (["users", "active_users", "revenue.mrr"], ["users"]),
        (["users", "revenue.mrr", "revenue.nrr"], ["users"]),
        (["users", "active_users", "revenue.churn_rate", "revenue.mrr"], []),
        (["users", "weekly", "kept", "sales"], []),
        (["users", "weekly", "kept", "revenue.mrr_churn_rate"], ["users"]),
        (["active_users"], []),
        (["paying_users"], []),
        (["registration_rate"], []),
        (["revenue.companies"], []),
        (["nowhere"], []),
    ],
)
def test_a_crowd_stands_beside_activity_retention_and_revenue(told_metrics: list[str], crowds: list[str]) -> None:
    found = problems(RULES, facts_of(told(*told_metrics)), "R604")
    assert [each.args["metric"] for each in found] == crowds


def test_what_stands_beside_it_and_what_is_missing_is_named() -> None:
    (found,) = problems(RULES, facts_of(told("users", "active_users", "revenue.mrr")), "R604")
    assert {name: found.args[name] for name in ("activity", "retention", "revenue")} == {
        "activity": "active_users",
        "retention": "–",
        "revenue": "revenue.mrr",
    }
    assert says(found, words("en")).endswith("Missing: retention. There is: active_users, revenue.mrr.")
    assert next_move(found, words("ja")).startswith("足りないもの（継続）の指標を")


def test_a_crowd_alone_is_told_that_nothing_stands_beside_it() -> None:
    (found,) = problems(RULES, facts_of(told("users")), "R604")
    assert says(found, words("en")).endswith("Missing: activity, retention, revenue. There is: nothing.")


@pytest.mark.parametrize("period", ["0 months", "0日", "3 hours"])
def test_a_period_of_no_days_is_refused_at_its_place(period: str) -> None:
    text = f"metrics: {{}}\ntraction: [{{audience: investors, headline: leads, period: {period}}}]\n"
    _, problems = read_project(text, "shinro.yaml")
    (found,) = [each for each in problems if each.code == "Q112"]
    assert (found.place.line, found.args["case"]) == (2, "nothing")
    assert says(found, words("ja")) == f"「{period}」は長さがありません。"
    assert says(found, words("en")) == f"“{period}” is no time at all."


def test_a_length_of_time_is_told_in_the_reader_s_language() -> None:
    found = problem("R605", Place("x"), case="other_window", months=7, declared=Duration(12, "month"))
    assert "12か月" in says(found, words("ja"))
    assert "12 months" in says(found, words("en"))


def test_one_month_is_no_months() -> None:
    found = problem(
        "R605", Place("x"), case="headline", metric="leads", points=1, months=Duration(1, "month"), declared="x"
    )
    assert says(found, words("en")).startswith("Final points of the headline `leads`: 1, over 1 month;")
    assert "1か月で確定した点が 1 点" in says(found, words("ja"))


SALES = """\
sources: {crm: {type: files, path: data/*.csv}}
tables:
  deals: {from: crm.deals, key: id, time: at, amount: amount}
  plans: {from: crm.plans, entity: company_id, starts: since, ends: until, amount: amount}
metrics:
  won: {count: deals}
  closed: {count: deals}
  rate: {ratio: won / closed}
  worth: {sum: deals.amount}
  calls: {count: deals}
  revenue: {recurring: plans}
  visits: {count: deals}
north_star: {metric: won, guardrail: rate, outcomes: [worth]}
kpis: {closed: {focus: true, cadence: monthly}}
traction: [{audience: investors, headline: won, supports: [revenue.nrr], cash: [worth]}]
"""


def test_what_the_report_tells_of_itself_was_not_dropped() -> None:
    """The star and what stands beside it, what is in focus, GRR beside NRR, what a milestone of the record promises."""
    told = Draft(kind=Kind.TOLD, subject="investors", data={"metrics": [
        "won", "rate", "worth", "closed", "revenue.nrr", "revenue.grr", "calls", "revenue.mrr", "visits",
    ]})  # fmt: skip
    data = {"due": "2026-12-31", "reach": ["calls >= 7 per month", "revenue.mrr >= 1", "of no sense"]}
    promised = Draft(kind=Kind.MILESTONE, subject="m3", data=data)
    at = datetime(2026, 11, 27, tzinfo=UTC)
    entries = tuple(Entry(seq, at, "", draft) for seq, draft in enumerate((promised, told)))
    (found,) = problems(RULES, replace(facts_of(SALES), entries=entries), "R608")
    assert found.args["metrics"] == ["visits"]


def test_what_comes_in_another_period_than_the_report_tells_is_named() -> None:
    """A week's rate is no month's, a quarter's number neither: at the cadence of its numbers it is told."""
    rate = '  late: {reported: app.late, value: n, every: week, nature: ratio, unit: "%"}\n'
    text = told("signups", "late").replace("metrics:\n", f"metrics:\n{rate}", 1)
    (found,) = problems(RULES, facts_of(text), "R605")
    assert (found.args["case"], found.args["metric"]) == ("period", "late")
    assert not problems(RULES, facts_of(text.replace("headline:", "cadence: week, headline:")), "R605")
