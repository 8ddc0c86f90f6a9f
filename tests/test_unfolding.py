from fractions import Fraction

from shinro.definitions.meaning import meanings
from shinro.definitions.printing import text
from shinro.definitions.project import Project, read_project
from shinro.definitions.unfolding import in_periods, unfold, unfolded
from shinro.periods import Grain

FUNNEL = """
story: {starts: 2026-04-01}
sources: {crm: {type: files, path: "data/*.csv"}}
tables:
  leads: {from: crm.leads, key: lead_id, time: created_at, entity: lead_id}
  contacts: {from: crm.contacts, key: contact_id, time: at, entity: lead_id}
  subscriptions: {from: crm.subs, entity: company_id, starts: s, ends: e, amount: amount}
metrics:
  leads: {count: leads}
  calls: {count: contacts, where: kind = 'call'}
  replies: {count: contacts, where: outcome = 'reached'}
  qualified: {count_distinct: contacts.lead_id, where: outcome = 'held'}
  calls_per_lead: {ratio: calls / leads}
  reply_rate: {ratio: replies / calls}
  appointment_rate: {ratio: qualified / replies}
  list_total: {cumulative: leads}
  revenue: {recurring: subscriptions}
north_star: {metric: qualified}
tree:
  qualified: leads * calls_per_lead * reply_rate * appointment_rate
influences:
  - {from: qualified, to: revenue.new_companies, lag: 8 weeks}
"""


def project(text_: str = FUNNEL) -> Project:
    return read_project(text_, "shinro.yaml")[0]


def test_the_equations_below_a_goal_reach_down_to_the_drivers() -> None:
    read = project()
    found = unfolded(read, meanings(read), ["revenue.mrr"], Grain.MONTH)
    assert {metric: text(node) for metric, node in found.equations.items()} == {
        "qualified": "leads * calls_per_lead * reply_rate * appointment_rate",
        "revenue.new_companies": "previous(qualified, 2) * `qualified → revenue.new_companies`",
        "revenue.churned_companies": "previous(revenue.companies) * revenue.churn_rate",
        "revenue.companies": "previous + revenue.new_companies + revenue.reactivated_companies"
        " - revenue.churned_companies",
        "revenue.mrr": "revenue.companies * revenue.arpa",
        "calls": "leads * calls_per_lead",
        "replies": "calls * reply_rate",
    }
    assert set(found.leaves) == {
        "leads", "calls_per_lead", "reply_rate", "appointment_rate", "qualified → revenue.new_companies",
        "revenue.reactivated_companies", "revenue.churn_rate", "revenue.arpa",
    }  # fmt: skip
    assert [(bridge.lag, bridge.rate) for bridge in found.bridges] == [(2, "qualified → revenue.new_companies")]
    assert found.remembered == {"qualified", "revenue.companies"}


def test_what_is_set_directly_turns_its_rate_into_what_follows() -> None:
    read = project()
    found = unfolded(read, meanings(read), ["qualified"], Grain.MONTH, frozenset({"calls"}))
    assert "calls" in found.leaves
    assert text(found.equations["calls_per_lead"]) == "calls / leads"
    lost = unfolded(read, meanings(read), ["revenue.companies"], Grain.MONTH, frozenset({"revenue.churned_companies"}))
    assert "revenue.churned_companies" in lost.leaves


def test_unfolding_holds_every_equation_in_every_period() -> None:
    read = project()
    found = unfolded(read, meanings(read), ["revenue.mrr"], Grain.MONTH)
    levels = {
        "leads": [Fraction(100)] * 3, "calls_per_lead": [Fraction(2)] * 3,
        "reply_rate": [Fraction(1, 10)] * 3,
        "appointment_rate": [Fraction(1, 2)] * 3,
        "qualified → revenue.new_companies": [Fraction(1, 5)] * 3,
        "revenue.reactivated_companies": [Fraction(0)] * 3,
        "revenue.churn_rate": [Fraction(1, 10)] * 3,
        "revenue.arpa": [Fraction(1000)] * 3,
    }  # fmt: skip
    values = unfold(found, levels, {"qualified": [Fraction(5), Fraction(20)], "revenue.companies": [Fraction(10)]}, 3)
    assert values["qualified"] == (Fraction(10),) * 3
    assert values["revenue.new_companies"] == (Fraction(1), Fraction(4), Fraction(2))
    assert values["revenue.companies"][0] == 10 + 1 - 1
    assert values["revenue.companies"][1] == 10 + 4 - 1
    assert values["revenue.mrr"][1] == 13_000
    assert values["replies"] == (Fraction(20),) * 3


def test_before_what_is_known_a_metric_stood_still_and_what_is_not_known_is_undefined() -> None:
    read = project()
    found = unfolded(read, meanings(read), ["list_total"], Grain.MONTH)
    assert unfold(found, {"leads": [Fraction(3)] * 2}, {"list_total": [Fraction(4)]}, 2)["list_total"] == (
        Fraction(7),
        Fraction(10),
    )
    assert unfold(found, {"leads": [Fraction(3)] * 2}, {}, 2)["list_total"] == (None, None)


def test_what_stands_in_a_circle_is_a_leaf() -> None:
    read = project(FUNNEL.replace("  qualified: leads *", "  leads: qualified / 2\n  qualified: leads *"))
    found = unfolded(read, meanings(read), ["qualified"], Grain.MONTH)
    assert "leads" in found.leaves or "qualified" in found.leaves


def test_days_are_whole_periods() -> None:
    assert [in_periods(56, Grain.MONTH), in_periods(56, Grain.WEEK), in_periods(10, Grain.MONTH)] == [2, 8, 0]
