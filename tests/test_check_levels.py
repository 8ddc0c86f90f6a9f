from __future__ import annotations

from dataclasses import replace
from datetime import date
from fractions import Fraction

import pytest

from checking import facts_of
from judging import BILLING, problems, with_series
from shinro.checks.levels import RULES, shown
from shinro.periods import Calendar, Grain
from shinro.series import Mark, Meaning, Nature, Point
from shinro.units import count, money

CRM = """\
story: {starts: 2026-04-01}
sources: {crm: {type: files, path: data/*.csv}}
tables:
  leads: {from: crm.leads, key: lead_id, time: created_at}
  deals: {from: crm.deals, key: deal_id, time: created_at, times: {closed: closed_at}}
metrics:
  leads: {count: leads}
  won: {count: deals, at: closed, where: stage = 'won'}
  closed: {count: deals, at: closed}
  win_rate: {ratio: won / closed}
  lead_to_won: {conversion: leads, to: won, within: 90 days}
  sales: {sum: deals.amount}
  margin: {ratio: (sales - sales) / sales, unit: "%"}
"""


def goals(*conditions: str, by: str = "2026-12-31", before: str = BILLING) -> str:
    return f"{before}milestones: [{{id: m, by: {by}, reach: {list(conditions)}}}]\n"


def test_the_growth_asked_for_stands_beside_the_best_over_as_many_months() -> None:
    text = goals("revenue.mrr >= 100万円")
    facts = with_series(text, revenue__mrr=[150_000, 150_000, 200_000, 210_000, 260_000, 300_000])
    (found,) = problems(RULES, facts, "M406")
    assert {**{name: found.args[name] for name in ("periods", "needed", "best")}, "now": str(found.args["now"])} == {
        "now": "300,000 JPY",
        "periods": 6,
        "needed": "+22.2%",
        "best": "+14.9%",
    }


@pytest.mark.parametrize(
    ("condition", "by", "values", "told"),
    [
        ("leads >= 14 per month", "2026-08-31", [10, 12, 11, 12, 10, 10], True),  # 18 % asked, 4.9 % ever over two
        ("leads >= 12 per month", "2026-08-31", [10, 12, 12, 12, 10, 10], False),  # as much as ever
        ("leads >= 10 per month", "2026-08-31", [30, 20, 10], False),  # holds already
        ("leads >= 14 per month", "2026-08-30", [10, 10, 10, 12, 10, 10], True),  # July alone is whole by then
        ("leads >= 14 per month", "2026-06-30", [10, 10, 10, 12, 10, 10], False),  # no whole month is left
        ("leads >= 14 per month", "2026-08-31", [10], False),  # no growth to compare with
        ("leads >= 14 per month", "2026-08-31", [10, 10, 10, None], False),  # nothing is known after a gap
        ("leads >= 14 per month", "2026-12-31", [10, None, 10, 10], True),  # what came before a gap is another story
        ("leads >= 14 per month", "2026-08-31", [0, 0, 0], False),  # no rate leads out of nothing
        ("leads >= 99 since start", "2026-08-31", [10, 10, 10], False),
        ("leads >= 99 per week", "2026-08-31", [10, 10, 10], False),  # is not measured by week
        ("revenue.mrr >= 99", "2026-08-31", [], False),
        ("leads = 14 per month", "2026-08-31", [10, 10, 10], False),
    ],
)
def test_growth_beyond_the_best(condition: str, by: str, values: list[int | None], told: bool) -> None:
    facts = with_series(goals(condition, by=by), leads=values, revenue__mrr=[])
    assert bool(problems(RULES, facts, "M406")) is told


@pytest.mark.parametrize(("level", "told"), [("1%", True), ("4%", False)])
def test_a_rate_that_is_to_fall_is_measured_by_the_best_fall(level: str, told: bool) -> None:
    values = ["0.08", "0.08", "0.06", "0.06", "0.05"]
    facts = with_series(goals(f"revenue.churn_rate <= {level}", by="2026-07-31"), revenue__churn_rate=values)
    assert bool(problems(RULES, facts, "M406")) is told


def test_a_rate_over_three_months_grows_from_what_they_read() -> None:
    """50, 50, 80, 80, 20 %: 60 % over the last three months, 70 and 60 % before, so 5.3 % a month is asked of 0 %."""
    facts = with_series(goals("win_rate >= 70% over 3 months", by="2026-09-30", before=CRM), win_rate=[])
    series = facts.series["win_rate", Grain.MONTH] if facts.series else None
    assert series
    months = [*Calendar().periods(date(2026, 2, 1), date(2026, 6, 30), Grain.MONTH)]
    points = (
        Point(month, Fraction(won, 10), Mark.COMPLETE, Fraction(won), Fraction(10))
        for month, won in zip(months, (5, 5, 8, 8, 2), strict=True)
    )
    pooled = replace(facts, series={("win_rate", Grain.MONTH): replace(series, points=tuple(points))})
    (found,) = problems(RULES, pooled, "M406")
    assert {**{name: found.args[name] for name in ("periods", "needed", "best")}, "now": str(found.args["now"])} == {
        "now": "60%",
        "periods": 3,
        "needed": "+5.3%",
        "best": "+0.0%",
    }
    assert problems(RULES, facts, "M406") == []


def test_a_milestone_at_the_end_of_all_calendars_has_its_periods_counted_up_to_a_limit() -> None:
    facts = with_series(goals("leads >= 1 per month", by="9999-12-31"), leads=[3, 2, "0.9"])
    (found,) = problems(RULES, facts, "M406")
    assert found.args["periods"] == 10_000


def test_without_a_day_or_data_nothing_is_said_of_growth() -> None:
    assert problems(RULES, facts_of(goals("leads >= 99 per month")), "M406") == []


@pytest.mark.parametrize(
    ("conditions", "case"),
    [
        (["revenue.companies >= 33", "revenue.churn_rate <= 3%"], "none"),
        (["revenue.companies >= 34", "revenue.churn_rate <= 3%"], None),
        (["revenue.companies >= 30", "revenue.churn_rate <= 3% over 3 months"], None),
        (["revenue.companies >= 10", "revenue.churn_rate <= 3% over 3 months"], "none"),
        (["revenue.companies >= 30", "revenue.churn_rate <= 3% over 90 days"], None),
        (["revenue.companies >= 30", "revenue.churn_rate <= 0%"], None),
        (["revenue.churn_rate <= 3%"], None),
        (["revenue.companies >= 30", "revenue.mrr_churn_rate <= 3%"], None),
        (["revenue.trials >= 10", "revenue.trial_to_paid >= 95%"], "all"),
        (["revenue.trials >= 10", "revenue.trial_to_paid >= 90%"], None),
        (["revenue.trials >= 10", "revenue.trial_to_paid >= 100%"], None),
        (["revenue.companies >= 30", "revenue.mrr >= 3%"], None),
    ],
)
def test_a_rate_leaves_room_for_one_case(conditions: list[str], case: str | None) -> None:
    assert [each.args["case"] for each in problems(RULES, facts_of(goals(*conditions)), "M412")] == [case] * bool(case)


@pytest.mark.parametrize(
    ("conditions", "base"),
    [
        (["closed >= 10 per month", "win_rate >= 95%"], "closed"),
        (["closed >= 2 per week", "win_rate >= 95%"], "closed"),
        (["closed >= 10 since start", "win_rate >= 95%"], None),
        (["leads >= 10 per month", "lead_to_won >= 95%"], "leads"),
        (["sales >= 10", "margin >= 95%"], None),
        (["unknown >= 10", "nowhere.churn_rate <= 3%"], None),
    ],
)
def test_the_base_is_the_denominator_or_where_a_cohort_begins(conditions: list[str], base: str | None) -> None:
    found = problems(RULES, facts_of(goals(*conditions, before=CRM)), "M412")
    assert [each.args["base"] for each in found] == [base] * bool(base)


def test_where_the_base_is_not_promised_it_is_measured() -> None:
    facts = with_series(goals("revenue.churn_rate <= 3%"), revenue__companies=[10, 20, 30])
    (found,) = problems(RULES, facts, "M412")
    assert (str(found.args["count"]), found.args["months"]) == ("30", 3)
    assert problems(RULES, with_series(goals("revenue.churn_rate <= 3%"), revenue__companies=[None]), "M412") == []


def test_the_months_that_are_offered_are_enough_for_one_case() -> None:
    (found,) = problems(RULES, facts_of(goals("revenue.companies >= 4", "revenue.churn_rate <= 2%")), "M412")
    assert found.args["months"] == 13


@pytest.mark.parametrize(
    ("value", "meaning", "text"),
    [
        ("100000/3", Meaning("m", Nature.STOCK, money("JPY"), currency="JPY"), "33,333 JPY"),
        ("100000/3", Meaning("m", Nature.STOCK, money("USD"), currency="USD"), "33,333.33 USD"),
        ("1/3", Meaning("m", Nature.RATIO, percent=True), "33.3%"),
        ("-5/4", Meaning("m", Nature.RATIO), "-1.25"),
        ("160", Meaning("m", Nature.FLOW, count("leads")), "160 per month"),
        ("160", Meaning("m", Nature.FLOW, money("JPY"), currency="JPY"), "160 JPY per month"),
    ],
)
def test_levels_are_shown_as_in_the_file(value: str, meaning: Meaning, text: str) -> None:
    assert str(shown(Fraction(value), meaning)) == text


def test_a_flow_is_shown_per_the_period_that_it_was_read_over() -> None:
    assert str(shown(Fraction(40), Meaning("m", Nature.FLOW, count("leads")), Grain.WEEK)) == "40 per week"
