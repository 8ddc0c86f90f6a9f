"""The rate at which one follows another, as plans tell it: for an amount at which it has digits, by both names."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import pytest

from planning import bearings_of
from shinro.analysis.aims import wanted_of
from shinro.analysis.footing import footing
from shinro.analysis.plans import plan_of
from shinro.analysis.whatif import what_if
from shinro.definitions.supposing import supposed
from shinro.periods import Grain
from shinro.problems import Place
from shinro.reports.plan_notes import notes
from shinro.reports.plans_json import what_if_json
from shinro.reports.readings import Telling
from shinro.reports.whatif import what_if_report
from shinro.reports.words import words
from test_plan_reports import said

COMPANY = """\
currency: JPY
story: {starts: 2026-04-01}
sources: {crm: {type: files, path: "data/*.csv"}}
tables:
  subs: {from: crm.subs, entity: company, starts: s, ends: e, amount: amount}
  calls: {from: crm.calls, time: at}
metrics: {r: {label: Recurring, recurring: subs}, calls: {label: {en: Calls, ja: 架電}, count: calls}}
north_star: {metric: r.companies}
influences: [{from: FROM, to: TO}]
milestones: [{id: m6, by: 2026-12-31, reach: [REACH]}]
"""
AS_OF = date(2026, 7, 1)


def company(from_: str, to: str, rate: Fraction, base: int, reach: str) -> tuple[str, dict[str, list[Fraction | int]]]:
    values: dict[str, list[Fraction | int]] = {
        "r.companies": [20] * 6, "r.churn_rate": [Fraction(1, 20)] * 6, "r.reactivated_companies": [0] * 6,
        from_: [base] * 6, to: [rate * base] * 6,
    }  # fmt: skip
    return COMPANY.replace("FROM", from_).replace("TO", to).replace("REACH", reach), values


@pytest.mark.parametrize(
    ("from_", "to", "rate", "en", "ja"),
    [
        ("r.new_mrr", "r.new_companies", Fraction(1, 20_000), "5.00 for each ¥100K of", "10万円あたり"),
        ("r.new_mrr", "r.new_companies", Fraction(1, 3_000), "3.33 for each ¥10K of", "1万円あたり"),
        ("calls", "r.new_companies", Fraction(1, 5), "0.20 for each one of", "架電 1件あたり"),
        ("calls", "r.new_companies", Fraction(1, 300), "3.33 for each 1,000 of", "架電 1,000件あたり"),
        ("calls", "r.new_mrr", Fraction(14_000), "¥14K for each one of", "1.4万円続く"),
        ("r.new_mrr", "r.expansion", Fraction(3, 10), "¥300 for each ¥1,000 of", "1,000円あたり"),
    ],
)
def test_what_follows_is_told_for_an_amount_at_which_it_has_digits(
    from_: str, to: str, rate: Fraction, en: str, ja: str
) -> None:
    reach = "r.companies >= 22" if to == "r.new_companies" else f"{to} >= 1"
    bearings = bearings_of(*company(from_, to, rate, 20_000, reach), AS_OF)
    wanted = tuple(wanted_of(bearings.project.milestones, bearings.starts, AS_OF))
    plan = plan_of(bearings.project, bearings.meanings, footing(bearings, wanted, Grain.MONTH))
    for lang, told in (("en", en), ("ja", ja)):
        assert any(told in note for note in notes(plan, Telling(words(lang), bearings.project)))


@pytest.mark.parametrize(
    ("lang", "label"),
    [("en", "Recurring New MRR → Recurring New companies"), ("ja", "Recurring 新規MRR → Recurring 新規社数")],
)
def test_the_rate_between_two_is_called_by_both(lang: str, label: str) -> None:
    bearings = bearings_of(
        *company("r.new_mrr", "r.new_companies", Fraction(1, 20_000), 20_000, "r.companies >= 22"), AS_OF
    )
    wanted = tuple(wanted_of(bearings.project.milestones, bearings.starts, AS_OF))
    moves = supposed("r.new_mrr + 10%", Place("--what-if"))
    standing = footing(bearings, wanted, Grain.MONTH, ("r.companies", "r.new_mrr"))
    found = what_if(standing, moves, bearings.meanings, "r.companies")
    telling = Telling(words(lang), bearings.project)
    assert label in said(what_if_report(found, telling))
    assert label in str(what_if_json(found, telling))
