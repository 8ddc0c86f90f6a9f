"""Questions that have no answer, each on a small company."""

from __future__ import annotations

import pytest

from checking import assert_said
from shinro.definitions.meaning import meanings
from shinro.definitions.project import read_project
from shinro.definitions.refusals import refusals

COMPANY = """\
sources:
  crm: {type: files, path: x}
tables:
  leads: {from: crm.leads, key: id, time: at, entity: id}
  deals: {from: crm.deals, key: id, time: at, starts: opened, entity: lead}
  subs: {from: crm.subs, starts: s, amount: a, entity: company}
metrics:
  leads: {count: leads}
  won: {count: deals}
  people: {count_distinct: deals.lead}
  amount: {sum: deals.amount}
  average: {avg: deals.amount}
  companies: {stock: deals}
  win_rate: {ratio: won / leads, unit: "%"}
  loss_rate: {ratio: people / won, unit: "%"}
  lead_to_won: {conversion: leads, to: won, within: 30 days}
  both: {derived: leads + won}
  revenue: {recurring: subs}
  nps: {reported: crm.nps, value: score, every: month}
  typed: {reported: crm.typed, value: x, every: month, nature: flow}
"""


def codes(*lines: str) -> list[tuple[str, str]]:
    project, problems = read_project(COMPANY + "\n".join(lines) + "\n", "shinro.yaml")
    assert problems == ()
    found = list(refusals(project, meanings(project)))
    for problem in found:
        assert_said(problem)
    return [(problem.code, str(problem.place)) for problem in found]


def goal(condition: str) -> list[str]:
    return [code for code, _ in codes("milestones:", f"  - {{id: m, by: 2026-10-01, reach: {condition}}}")]


def test_a_company_that_asks_for_nothing_impossible() -> None:
    assert codes() == []


@pytest.mark.parametrize(
    ("condition", "told"),
    [
        ("leads >= 80", ["Q131"]),
        ("leads >= 240 over 3 months", ["Q131"]),
        ("revenue.new_mrr >= 10", ["Q131"]),
        ("leads >= 80 per month", []),
        ("leads >= 80 since start", []),
        ("companies >= 30 since start", ["Q136"]),
        ("companies >= 30 per month", ["Q137"]),
        ("companies >= 30 over 3 months", ["Q138"]),
        ("companies >= 30", []),
        ("revenue.mrr >= 100", []),
        ("win_rate >= 5% per month", ["Q137"]),
        ("win_rate >= 5% over 3 months", []),
        ("win_rate >= 5% since start", []),
        ("lead_to_won >= 5%", []),
        ("unknown >= 5", []),
        ("展示会", []),
    ],
)
def test_a_condition_reads_a_metric_as_it_lives_in_time(condition: str, told: list[str]) -> None:
    assert goal(condition) == told


@pytest.mark.parametrize(
    ("inner", "told"),
    [
        ("leads", []),
        ("amount", []),
        ("both", []),
        ("typed", []),
        ("revenue.new_mrr", []),
        ("people", ["Q135"]),
        ("average", ["Q135"]),
        ("companies", ["Q135"]),
        ("win_rate", ["Q135"]),
        ("nps", ["Q135"]),
        ("revenue.mrr", ["Q135"]),
        ("unknown", []),
    ],
)
def test_only_what_adds_up_is_accumulated(inner: str, told: list[str]) -> None:
    text = COMPANY + f"  total: {{cumulative: {inner}}}\n"
    project, problems = read_project(text, "shinro.yaml")
    assert problems == ()
    assert [problem.code for problem in refusals(project, meanings(project))] == told


@pytest.mark.parametrize(
    ("formula", "told"),
    [
        ("win_rate + loss_rate", [("Q134", "shinro.yaml:22:19")]),
        ("won * (win_rate - -loss_rate + lead_to_won)", [("Q134", "shinro.yaml:22:39")]),
        ("win_rate * loss_rate", []),
        ("previous + win_rate", []),
        ("win_rate + won", []),
        ("win_rate + unknown", []),
        ("win_rate + 5%", []),
        ("win_rate + previous(win_rate)", []),
    ],
)
def test_rates_of_different_bases_are_not_added(formula: str, told: list[tuple[str, str]]) -> None:
    assert codes("tree:", f"  leads: {formula}") == told


def test_a_metric_that_adds_rates_is_told_once_at_its_sign() -> None:
    text = COMPANY + "  sum: {derived: win_rate + loss_rate + lead_to_won}\n"
    project, _ = read_project(text, "shinro.yaml")
    (problem,) = refusals(project, meanings(project))
    assert (problem.code, problem.args["rates"]) == ("Q134", "win_rate, loss_rate, lead_to_won")
    assert (problem.args["over"], problem.args["base"]) == ("won", "leads")


@pytest.mark.parametrize(
    ("target", "told"),
    [
        ("leads: 80", ["Q139"]),
        ("leads: {from: 80, to: 100}", ["Q139"]),
        ("leads: {steps: {2026-04-01: 80}}", ["Q139"]),
        ("leads: {per: week, from: 80}", []),
        ("leads: 80 per week", []),
        ("leads: {steps: {2026-04-01: 80 per week}}", []),
        ("leads: {file: targets.csv}", []),
        ("companies: 30", []),
        ("win_rate: 5%", []),
        ("unknown: 80", []),
    ],
)
def test_a_target_of_a_flow_says_its_period(target: str, told: list[str]) -> None:
    assert [code for code, _ in codes("targets:", f"  {target}")] == told
