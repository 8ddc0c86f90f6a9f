"""Numbers beside the unit of their metric, each on a small company."""

from __future__ import annotations

import pytest

from checking import assert_said
from shinro.definitions.literals import misfits
from shinro.definitions.meaning import meanings
from shinro.definitions.project import read_project

COMPANY = """\
currency: JPY
sources:
  crm: {type: files, path: x}
tables:
  leads: {from: crm.leads, key: id, time: at}
  deals: {from: crm.deals, key: id, time: at, amount: amount}
  abroad: {from: crm.abroad, key: id, time: at, amount: amount, currency: iso}
  subs: {from: crm.subs, starts: s, amount: a, entity: company}
metrics:
  calls: {count: leads}
  won: {count: deals}
  rev: {sum: deals.amount}
  dollars: {sum: deals.foreign, unit: USD}
  points: {sum: deals.points}
  share: {ratio: won / rev, unit: "%"}
  per_deal: {ratio: rev / won}
  calls_per_deal: {ratio: calls / won}
  half: {derived: 1 - share}
  revenue: {recurring: subs}
  nps: {reported: crm.nps, value: score, every: month}
  index: {reported: crm.index, value: score, every: month, unit: number}
  mood: {ratio: 100 * (won - calls) / calls}
  moods: {derived: won / calls * 100}
"""


def cases(text: str, company: str = COMPANY) -> list[tuple[str, str]]:
    """Each misfit's case and the number that it is about."""
    project, problems = read_project(company + text + "\n", "shinro.yaml")
    assert problems == ()
    found = list(misfits(project, meanings(project)))
    for problem in found:
        assert problem.code == "Q143"
        assert_said(problem)
    return [(str(problem.args["case"]), str(problem.args["found"])) for problem in found]


@pytest.mark.parametrize(
    ("target", "told"),
    [
        ("rev: {level: $80, per: month}", [("currency", "80 USD")]),
        ("rev: {level: 5%, per: month}", [("percent", "5%")]),
        ("rev: {level: 80万円, per: month}", []),
        ("rev: {level: 5000, per: month}", []),
        ("dollars: {level: $80, per: month}", []),
        ("dollars: {level: 80円, per: month}", [("currency", "80 JPY")]),
        ("points: {level: 80円, per: month}", [("money", "80 JPY")]),
        ("per_deal: 3000円", []),
        ("per_deal: 3000", []),
        ("revenue.arpa: 3万円", []),
        ("share: 100円", [("money", "100 JPY")]),
        ("share: 75", [("share", "75")]),
        ("share: 75%", []),
        ("share: 0.75", []),
        ("share: 1", []),
        ("revenue.nrr: 120%", []),
        ("share: {from: 8%, to: 75, by: 2027-01-01}", [("share", "75")]),
        ("share: {steps: {2026-04-01: 8%, 2026-07-01: 12}}", [("share", "12")]),
        ("calls: {level: 5%, per: month}", [("percent", "5%")]),
        ("calls: {level: 50, per: month, each: {rep: {A: 20, B: 30円}}}", [("money", "30 JPY")]),
        ("calls_per_deal: 12", []),
        ("calls_per_deal: 120%", []),
        ("half: 95%", []),
        ("nps: 25", []),
        ("nps: 25%", [("percent", "25%")]),
        ("unknown: 25%", []),
    ],
)
def test_a_level_is_in_the_unit_of_its_metric(target: str, told: list[tuple[str, str]]) -> None:
    assert cases(f"targets:\n  {target}") == told


@pytest.mark.parametrize(
    ("condition", "told"),
    [
        ("calls >= 50円 per month", [("money", "50 JPY")]),
        ("calls >= 4000 per month", []),
        ("rev >= $5000 per month", [("currency", "5000 USD")]),
        ("share >= 75", [("share", "75")]),
        ("share >= 6%", []),
        ("share >= 175%", []),
        ("revenue.mrr >= 30万円", []),
        ("revenue.mrr >= 30万", []),
        ("revenue.churn_rate <= 5", [("share", "5")]),
        ("nps >= -10", []),
        ("unknown >= 5円", []),
        ("展示会", []),
    ],
)
def test_a_condition_is_in_the_unit_of_its_metric(condition: str, told: list[tuple[str, str]]) -> None:
    assert cases(f"milestones:\n  - {{id: m, by: 2026-10-01, reach: {condition}}}") == told


@pytest.mark.parametrize(
    ("moves", "expect", "told"),
    [
        ("share", "+2pt", []),
        ("half", "+2pt", []),
        ("calls", "+2pt", [("points", "2pt")]),
        ("nps", "+5pt", [("points", "5pt")]),
        ("index", "+5pt", [("points", "5pt")]),
        ("index", "+5", []),
        ("mood", "+5pt", [("points", "5pt")]),
        ("moods", "+5pt", [("points", "5pt")]),
        ("mood", "+5", []),
        ("calls_per_deal", "+5pt", []),
        ("calls", "+80 in 1 month", []),
        ("calls", "-80円", [("money", "-80 JPY")]),
        ("share", "+2", [("step", "2")]),
        ("share", "+10%", []),
        ("share", "x2", []),
        ("rev", "+10%", []),
        ("rev", "+10万円", []),
        ("rev", "+$10", [("currency", "10 USD")]),
        ("unknown", "+2pt", []),
    ],
)
def test_a_change_is_in_the_unit_of_its_metric(moves: str, expect: str, told: list[tuple[str, str]]) -> None:
    text = f"initiatives:\n  - {{name: a, moves: {moves}, expect: {expect}}}\n  - {{name: nothing}}"
    assert cases(text) == told


def test_a_bound_is_in_the_unit_of_its_metric() -> None:
    bounds = "planning: {bounds: {share: {at_least: 5%, at_most: 12}, calls: {at_most: 100}, none: {at_most: 9円}}}"
    assert cases(bounds) == [("share", "12")]


@pytest.mark.parametrize(
    ("metric", "told"),
    [
        ("{count: deals, where: amount >= 100円}", []),
        ("{count: deals, where: amount >= 100}", []),
        ("{count: deals, where: amount >= $100}", [("currency", "100 USD")]),
        ("{sum: deals.foreign, where: foreign >= $100, unit: USD}", []),
        ("{count: abroad, where: amount >= $100}", []),
    ],
)
def test_a_filter_compares_amounts_of_one_currency(metric: str, told: list[tuple[str, str]]) -> None:
    assert cases(f"  large: {metric}") == told


def test_a_table_keeps_amounts_of_one_currency_and_a_project_without_one_says_nothing() -> None:
    """The filter of a table, once with a currency and once without; the second table has its own column for it."""
    tables = COMPANY.replace("amount: amount}", "amount: amount, where: amount >= $5}", 1).replace(
        "currency: iso}", "currency: iso, where: amount >= $5}"
    )
    assert cases("", tables) == [("currency", "5 USD")]
    assert cases("", tables.replace("currency: JPY\n", "")) == []


def test_what_to_write_is_told() -> None:
    project, _ = read_project(COMPANY + "targets: {share: 75}\n", "shinro.yaml")
    (problem,) = misfits(project, meanings(project))
    assert str(problem.place) == "shinro.yaml:24:18"
    assert (problem.args["share"], problem.args["whole"]) == ("75%", "7500%")
