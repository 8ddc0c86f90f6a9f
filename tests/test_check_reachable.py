from __future__ import annotations

from dataclasses import replace

import pytest

from checking import facts_of
from judging import problems, with_series
from planning import NARROW, NOW, STORY
from shinro.checks.reachable import RULES
from shinro.problems import Problem
from shinro.reports.problems import spoken
from shinro.reports.words import words
from test_emptying import CONTRACTS
from test_emptying import PAST as STANDS

FUNNEL = """\
story: {starts: 2026-04-01}
sources: {crm: {type: files, path: data/*.csv}}
tables: {contacts: {from: crm.contacts, key: id, time: at, entity: lead_id}}
metrics:
  calls: {count: contacts, where: kind = 'call'}
  replies: {count: contacts, where: outcome = 'reached'}
  qualified: {count_distinct: contacts.lead_id, where: outcome = 'held'}
  reply_rate: {ratio: replies / calls}
  appointment_rate: {ratio: qualified / replies}
tree: {qualified: calls * reply_rate * appointment_rate}
milestones:
  - {id: m12, by: +12 months, reach: ["qualified >= 160 per month"]}
planning:
  bounds:
    calls: {at_most: 1000 per week}
    reply_rate: {at_most: 10%}
    appointment_rate: {at_most: 30%}
"""
SCORE = """\
story: {starts: 2026-01-01}
sources: {sheet: {type: files, path: data/*.csv}}
metrics: {nps: {reported: sheet.nps, value: value, every: month, unit: points, better: BETTER}}
milestones: [{id: m3, by: +3 months, reach: [PROMISE]}]
planning: {bounds: {nps: {BOUND}}}
"""
VALUES = {name: [str(value) for value in each] for name, each in NOW.items()}
PAID = "  - {id: m3, by: +3 months, reach: [paid >= 5]}\n"


def said(problem: Problem) -> dict[str, object]:
    """What a problem tells, in English."""
    return spoken(problem, words("en"))


def story(text: str, goals: str = PAID) -> str:
    before, _, after = text.partition("milestones:\n")
    return f"{before}milestones:\n{goals}planning:{after.partition('planning:')[2]}"


def test_a_product_at_all_its_bounds_is_judged_without_data() -> None:
    """1,000 calls a week are 4,333 a month: 130 at 10 % and 30 %."""
    (found,) = problems(RULES, facts_of(FUNNEL), "M409")
    assert (found.args["case"], said(found)["best"]) == ("bound", "130 per month")
    assert said(found)["alone"] == "appointment_rate 36.9%, calls 5,334 per month, reply_rate 12.3%"


def test_what_follows_from_the_drivers_is_counted_on_up_to_its_own_bound_and_that_bound_is_told() -> None:
    text = FUNNEL.replace("    calls:", "    qualified: {at_most: 100 per month}\n    calls:")
    (found,) = problems(RULES, facts_of(text), "M409")
    assert (said(found)["best"], said(found)["alone"]) == ("100 per month", "")
    enough = text.replace("1000 per week", "2000 per week")
    (found,) = problems(RULES, facts_of(enough), "M409")
    assert (said(found)["best"], said(found)["alone"]) == ("100 per month", "qualified 160 per month")


def test_a_driver_without_a_bound_can_be_anything_that_it_can_be() -> None:
    assert problems(RULES, facts_of(FUNNEL.replace("    calls: {at_most: 1000 per week}\n", "")), "M409") == []
    assert problems(RULES, facts_of(FUNNEL.replace("    appointment_rate: {at_most: 30%}\n", "")), "M409") == []
    low = FUNNEL.replace("    appointment_rate: {at_most: 30%}\n", "").replace("10%", "3%")
    assert said(problems(RULES, facts_of(low), "M409")[0])["best"] == "130 per month"


def test_without_bounds_or_milestones_nothing_is_said() -> None:
    assert problems(RULES, facts_of(FUNNEL.partition("planning:")[0]), "M409") == []
    assert problems(RULES, facts_of(FUNNEL.replace(">= 160", "= 160")), "M409") == []


def test_a_level_that_its_own_bound_rules_out() -> None:
    text = FUNNEL.replace("qualified >= 160 per month", "reply_rate >= 12%")
    (found,) = problems(RULES, facts_of(text), "M409")
    assert (said(found)["best"], said(found)["alone"]) == ("10%", "reply_rate 12%")


@pytest.mark.parametrize(
    ("better", "promise", "bound", "alone"),
    [("higher", "nps >= 20", "at_most: -5", "nps 20"), ("lower", "nps <= -20", "at_least: -5", "nps -20")],
)
def test_the_bound_that_alone_would_do_is_found_on_the_other_side_of_nothing(
    better: str, promise: str, bound: str, alone: str
) -> None:
    text = SCORE.replace("BETTER", better).replace("PROMISE", promise).replace("BOUND", bound)
    (found,) = problems(RULES, with_series(text, nps=["-15"]), "M409")
    assert (found.args["case"], said(found)["best"], said(found)["alone"]) == ("bound", "-5", alone)


def test_a_stock_is_judged_from_where_it_stands() -> None:
    """The young company at its narrow bounds at once, without the time that a plan gives: still too few."""
    facts = with_series(story(NARROW.replace("2026-01-01", "2026-02-01")), **VALUES)
    (found,) = problems(RULES, facts, "M409")
    assert found.args["case"] == "both"
    assert found.args["when"] == "2026-05"
    assert "new_trials" in str(said(found)["alone"])
    assert problems(RULES, with_series(story(STORY.replace("2026-01-01", "2026-02-01")), **VALUES), "M409") == []


def test_without_its_series_a_stock_is_not_judged() -> None:
    assert problems(RULES, facts_of(story(NARROW)), "M409") == []
    facts = with_series(story(NARROW.replace("2026-01-01", "2025-08-01")), **VALUES)
    assert problems(RULES, replace(facts, as_of=None), "M409") == []


def test_a_promise_that_less_is_kept_from_above() -> None:
    text = story(NARROW, "  - {id: m3, by: +3 months, reach: [churn <= 1%]}\n")
    (found,) = problems(RULES, with_series(text, **VALUES), "M409")
    assert said(found)["best"] == "1.5%"
    assert said(found)["alone"] == "churn 1%"


COMPANY = FUNNEL.replace(
    "tables: {", "tables: {subs: {from: crm.subs, entity: company, starts: s, ends: e, amount: amount}, "
).replace(
    "tree:",
    "  revenue: {recurring: subs}\ninfluences: [{from: qualified, to: revenue.new_companies, lag: 1 month}]\ntree:",
)


def test_what_follows_after_a_lag_is_judged_with_its_series() -> None:
    """130 qualified a month at most, of which a tenth pay: 13 a month, and no more than 100 + 11 * 13 by March."""
    text = COMPANY.replace("qualified >= 160 per month", "revenue.companies >= 300")
    series = {
        "qualified": [100, 100, 100],
        "revenue__new_companies": [10, 10, 10],
        "revenue__companies": [100, 100, 100],
        "revenue__reactivated_companies": [0, 0, 0],
    }
    bounds = text + "    revenue.churn_rate: {at_least: 0%}\n    revenue.reactivated_companies: {at_most: 0}\n"
    (found,) = problems(RULES, with_series(bounds, **series), "M409")
    assert said(found)["best"] == "253"
    assert "calls" in str(said(found)["alone"])
    assert problems(RULES, facts_of(bounds), "M409") == []
    never = bounds.replace(">= 300", ">= 100000")
    (far,) = problems(RULES, with_series(never, **series), "M409")
    assert far.args["case"] in {"none", "bound"}
    assert far.args["when"] == ""


def test_what_leaves_an_empty_stock_is_counted_as_a_plan_counts_it() -> None:
    """Of four no more than four leave: with eight that come, eight are reached, and not 4 + 8 - 19 a month."""
    text = (
        CONTRACTS.replace("[GOAL]", '["active >= LEVEL"]').replace("2026-01-01", "2026-02-01")
        + "planning:\n  bounds:\n    begun: {at_most: 8 per month}\n    ended: {at_least: 19 per month}\n"
    )
    known = {name: [str(value) for value in each] for name, each in STANDS.items()}
    assert problems(RULES, with_series(text.replace("LEVEL", "8"), **known), "M409") == []
    (found,) = problems(RULES, with_series(text.replace("LEVEL", "9"), **known), "M409")
    assert said(found)["best"] == "8"


def test_an_equation_of_weeks_is_not_judged_by_the_month() -> None:
    """At most 4 orders a seller and week, and 10 sellers: a month's 40 would be nonsense, and nothing is said."""
    text = """\
story: {starts: 2026-04-01}
sources: {sheet: {type: files, path: data/*.csv}}
metrics:
  orders: {reported: sheet.orders, value: n, every: week, nature: flow}
  sellers: {reported: sheet.sellers, value: n, every: week, nature: stock}
  each: {ratio: orders / sellers, every: week}
tree: {orders: sellers * each}
milestones: [{id: m12, by: +12 months, reach: [orders >= 30 per week]}]
planning: {bounds: {each: {at_most: 4}, sellers: {at_most: 10}}}
"""
    assert not problems(RULES, facts_of(text), "M409")
    assert problems(RULES, facts_of(text.replace("sellers, every: week}", "sellers}")), "M409")
