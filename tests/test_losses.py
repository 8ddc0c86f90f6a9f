"""What recurring revenue loses, in plans: its parts are of each other what docs/methods/recurring.md says."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planning import Value, bearings_of
from shinro.analysis.aims import wanted_of
from shinro.analysis.footing import Footing, footing
from shinro.analysis.measured import Bearings
from shinro.analysis.plans import plan_of
from shinro.analysis.whatif import what_if
from shinro.definitions.printing import text
from shinro.definitions.supposing import supposed
from shinro.definitions.unfolding import unfold, unfolded
from shinro.findings.plans import PlannedCondition
from shinro.periods import Grain
from shinro.problems import Place

COMPANY = """\
currency: JPY
story: {starts: 2026-04-01}
sources: {crm: {type: files, path: "data/*.csv"}}
tables: {subs: {from: crm.subs, entity: company, starts: s, ends: e, amount: amount}}
metrics: {r: {recurring: subs}}
north_star: {metric: r.companies}
milestones:
  - {id: m6, by: 2026-12-31, reach: [r.churned_mrr <= 1, r.contraction <= 1, r.mrr_churn_rate <= 1%, r.grr >= 99%]}
"""
BOUNDED = COMPANY + "planning: {bounds: {BOUND}}\n"
AS_OF = date(2026, 7, 1)
ASKED = ("r.churned_mrr", "r.contraction", "r.mrr_churn_rate", "r.grr", "r.mrr")
SHARES = st.fractions(Fraction(0), Fraction(1), max_denominator=20)


def past(rate: Fraction, less: Fraction, new: int = 1) -> dict[str, Sequence[Value]]:
    """Six months at constant rates: of what is lost, so much is contraction."""
    companies = [20 + new * n for n in range(7)]
    openings, mrr = [[15_000 * each for each in some] for some in (companies[:-1], companies[1:])]
    return {
        "r.companies": companies[1:], "r.mrr": mrr, "r.arpa": [15_000] * 6, "r.churn_rate": ["1/20"] * 6,
        "r.new_companies": [1 + new] * 6, "r.reactivated_companies": [0] * 6, "r.mrr_churn_rate": [rate] * 6,
        "r.grr": [1 - rate] * 6, "r.contraction": [each * rate * less for each in openings],
        "r.churned_mrr": [each * rate * (1 - less) for each in openings],
    }  # fmt: skip


CONSTANT = past(Fraction(1, 15), Fraction(1, 2), new=0)  # 20,000 a month, half of it contraction


def standing(values: Mapping[str, Sequence[Value]], written: str = COMPANY) -> tuple[Bearings, Footing]:
    bearings = bearings_of(written, values, AS_OF)
    wanted = tuple(wanted_of(bearings.project.milestones, bearings.starts, AS_OF))
    return bearings, footing(bearings, wanted, Grain.MONTH, ("r.companies",))


def equations(*direct: str) -> dict[str, str]:
    bearings = bearings_of(COMPANY, CONSTANT, AS_OF)
    found = unfolded(bearings.project, bearings.meanings, ASKED, Grain.MONTH, frozenset(direct))
    return {name.removeprefix("r."): text(node) for name, node in found.equations.items()}


def by_metric(conditions: Sequence[PlannedCondition], *, planned: bool) -> dict[str, Fraction]:
    return {
        each.metric.removeprefix("r."): (each.planned if planned else each.unchanged) or Fraction(0)
        for each in conditions
    }


def test_the_losses_follow_from_their_rate_and_where_one_is_set_the_rate_follows() -> None:
    free = equations()
    assert free["churned_mrr"] == "previous(r.mrr) * r.mrr_churn_rate - r.contraction"
    assert free["grr"] == "1 - r.mrr_churn_rate"
    assert "mrr_churn_rate" not in free
    for loss in ("r.churned_mrr", "r.contraction"):
        set_so = equations(loss, "r.grr")
        assert set_so["mrr_churn_rate"] == "(r.churned_mrr + r.contraction) / previous(r.mrr)"
        assert set_so["grr"] == "1 - r.mrr_churn_rate"
        assert not {"churned_mrr", "contraction"} & set(set_so)
    assert equations("r.grr")["mrr_churn_rate"] == "1 - r.grr"


def test_what_is_churned_is_not_what_is_contracted() -> None:
    """Losses of 20,000 a month, half of them contraction: 10,000 are churned; neither is a driver beside the rate."""
    bearings, found = standing(CONSTANT)
    plan = plan_of(bearings.project, bearings.meanings, found)
    before = by_metric(plan.conditions, planned=False)
    assert before == {
        "churned_mrr": 10_000, "contraction": 10_000, "mrr_churn_rate": Fraction(1, 15), "grr": Fraction(14, 15),
    }  # fmt: skip
    moved = {each.lever.metric for each in plan.levers if each.lever.direction}
    assert "r.mrr_churn_rate" in moved
    assert not {"r.contraction", "r.churned_mrr", "r.grr"} & moved


def test_what_is_lost_is_split_as_in_the_last_three_months_together() -> None:
    one_left = {**CONSTANT, "r.churned_mrr": [0, 0, 0, 30_000, 0, 0], "r.contraction": [0, 0, 0, 0, 10_000, 20_000]}
    _, found = standing(one_left)
    values = unfold(found.unfolding, found.steady(3), found.past, 3)
    halves = (Fraction(10_000),) * 3
    assert (values["r.churned_mrr"], values["r.contraction"]) == (halves, halves)
    _, none = standing({**CONSTANT, "r.churned_mrr": [0] * 6, "r.contraction": [0] * 6})
    assert unfold(none.unfolding, none.steady(1), none.past, 1)["r.contraction"] == (Fraction(0),)


@given(st.fractions(Fraction(1, 100), Fraction(1, 2), max_denominator=100), SHARES, st.integers(0, 3), SHARES)
@settings(max_examples=60, deadline=None)
def test_identities_hold_between_all_parts_whatever_the_drivers_bring(
    rate: Fraction, less: Fraction, new: int, moved: Fraction
) -> None:
    _, found = standing(past(rate, less, new))
    levels = {**found.steady(6), "r.mrr_churn_rate": [rate + (moved - rate) * Fraction(n, 5) for n in range(6)]}
    values = unfold(found.unfolding, levels, found.past, 6)
    opening = found.past["r.mrr"][-1]
    for n in range(6):
        gone, down, share, grr, mrr = (values[name][n] or Fraction(0) for name in ASKED)
        assert gone + down == opening * share
        assert grr == 1 - share
        assert down == opening * share * less
        opening = mrr


@pytest.mark.parametrize(
    ("change", "churned", "contracted"),
    [
        ("r.mrr_churn_rate - 3pt", 5_500, 5_500),
        ("r.grr + 3pt", 5_500, 5_500),
        ("r.churned_mrr - 50%", 5_000, 10_000),
        ("r.contraction - 50%", 10_000, 5_000),
        ("r.contraction to 0", 10_000, 0),
        ("r.churned_mrr - 20000", 0, 10_000),
    ],
)
@pytest.mark.parametrize("bound", ["", "r.churned_mrr: {at_most: 90000 per month}", "r.grr: {at_most: 100%}"])
def test_a_loss_that_changes_takes_its_rates_with_it_and_no_other_loss(
    change: str, churned: int, contracted: int, bound: str
) -> None:
    if bound.startswith("r.churned") and not change.startswith(("r.churned", "r.contraction")):
        return  # there a rate follows from the losses, and is changed on top of them
    written = BOUNDED.replace("BOUND", bound) if bound else COMPANY
    bearings, found = standing(CONSTANT, written)
    moves = supposed(f"{change} from 2026-09", Place("--what-if"))
    made = what_if(found, moves, bearings.meanings, None)
    lost = Fraction(churned + contracted, 300_000)
    assert by_metric(made.conditions, planned=False)["grr"] == Fraction(14, 15)
    assert by_metric(made.conditions, planned=True) == {
        "churned_mrr": churned, "contraction": contracted, "mrr_churn_rate": lost, "grr": 1 - lost,
    }  # fmt: skip
