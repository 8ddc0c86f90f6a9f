"""A definition's normal form follows from its meaning alone."""

from __future__ import annotations

import pytest

from checking import project_of
from shinro.definitions.normal import changed, digest_of, normal_form, tables_of
from shinro.definitions.project import read_project
from shinro.demo.exports import project as demo
from shinro.demo.truths import Truths
from shinro.periods import Grain
from stories import NOW, STORY

TOLD = demo(Truths(NOW.date()))


def digest(text: str, metric: str, grain: Grain = Grain.MONTH) -> str:
    return digest_of(normal_form(project_of(text), metric, grain))


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("label: {ja: 受注数, en: Won deals}, ", ""),
        ("path: data/*.csv", "path: elsewhere/*.csv"),
        ("dimensions: [rep, plan]", "dimensions: [rep]"),
        ("where: stage = 'won'", "where: (stage='won')"),
        ("timezone: Asia/Tokyo}", "}"),
        ("times: {proposed: proposed_on, closed: closed_on}", "times: {closed: closed_on}"),
        ("at: closed, where", "where"),
        ("leads: {label: {ja: リード数, en: Leads}, count: leads}", "leads: {count: leads, where: lead_id != 'x'}"),
        ("holidays: JP\n", ""),
        ("crm: {type: files,", "crm: {type: files, late_by: 2 days,"),
        ("week_starts: monday", "week_starts: sunday"),
    ],
)
def test_what_only_shows_or_is_not_read_changes_nothing(before: str, after: str) -> None:
    assert before in TOLD
    text = TOLD.replace(before, after)
    if before == "at: closed, where":
        text = text.replace("time: opened_on", "time: closed_on")
    assert digest(text, "won") == digest(TOLD, "won")


@pytest.mark.parametrize(
    ("metric", "before", "after"),
    [
        ("won", "where: stage = 'won'", "where: stage = 'signed'"),
        ("won", "closed: closed_on}", "closed: proposed_on}"),
        ("won", "timezone: Asia/Tokyo\n", "timezone: UTC\n"),
        ("win_rate", "where: stage = 'won'", "where: stage != 'lost'"),
        ("won", "crm: {type: files,", "crm: {type: files, encoding: cp932,"),
        ("won", "key: deal_id", "key: deal_id\n    rename: {状態: stage}"),
        ("won", "key: deal_id", "key: deal_id\n    where: plan != 'test'"),
        ("lead_to_won", "within: 90 days", "within: 60 days"),
        ("lead_to_won", "where: stage = 'won'", "where: stage != 'lost'"),
        ("open_deals", "ends: closed_on", "ends: closed_on\n    ends_are: inclusive"),
        ("revenue.mrr", "recurring: subscriptions", "recurring: subscriptions, options: {trials: count}"),
        ("list_total", "count: registrations", "count: registrations, where: channel = 'web'"),
    ],
)
def test_what_decides_the_number_changes_it(metric: str, before: str, after: str) -> None:
    assert before in TOLD
    assert digest(TOLD.replace(before, after), metric) != digest(TOLD, metric)


def test_weeks_start_where_weeks_are_counted() -> None:
    text = TOLD.replace("week_starts: monday", "week_starts: sunday")
    assert digest(text, "won", Grain.WEEK) != digest(TOLD, "won", Grain.WEEK)


def test_what_changed_is_told_by_its_name() -> None:
    before, after = (normal_form(project_of(text), "worth") for text in (STORY, STORY.replace("sum:", "max:")))
    assert changed(before, after) == (
        ("metric worth max", None, "deals.amount"),
        ("metric worth sum", "deals.amount", None),
    )


def test_tables_that_a_filter_joins_are_read_too() -> None:
    text = STORY.replace("where: stage = 'won'}", "where: agents.office = 'East'}", 1)
    assert tables_of(project_of(text), "won") == ("deals", "agents")
    assert normal_form(project_of(text), "won")["table deals join agents"] == "rep"
    assert tables_of(project_of(STORY), "won") == ("deals",)


GROWTH = """\
currency: JPY
sources:
  crm: {type: files, path: data/*.csv}
  sheets: {type: files, path: sheets/*.csv}
tables:
  events: {from: crm.events, time: at, entity: who, where: real = 'yes', dimensions: [kind]}
  terms: {from: crm.terms, entity: who, starts: a, ends: b, amount: paid, currency: code, rates: {USD: dollar}}
  plan: {from: sheets.plan, wide: true, time: month, amount: yen, key: name}
metrics:
  dollar: {reported: sheets.rates, value: rate, every: month}
  live: {active: events, within: 28 days, at_least: 3}
  way: {funnel: events, within: 14 days, steps: {seen: kind = 'a', paid: kind = 'b'}}
  revenue: {recurring: terms}
  planned: {sum: plan.yen}
  per_live: {ratio: revenue.mrr / live}
"""


@pytest.mark.parametrize(
    ("metric", "line", "said"),
    [
        ("dollar", "metric dollar every", "month"),
        ("dollar", "source sheets type", "files"),
        ("live", "metric live at_least", "3"),
        ("live", "table events where", "real = 'yes'"),
        ("live", "project week_starts", "monday"),
        ("way.paid_rate", "metric way step 2", "paid: kind = 'b'"),
        ("revenue.mrr", "table terms rates", "USD: dollar"),
        ("revenue.mrr", "metric dollar value", "rate"),
        ("planned", "table plan time", "month"),
        ("per_live", "metric per_live ratio", "revenue.mrr / live"),
        ("per_live", "metric revenue recurring", "terms"),
    ],
)
def test_a_form_says_everything_that_is_measured_from(metric: str, line: str, said: str) -> None:
    assert normal_form(project_of(GROWTH), metric)[line] == said


def test_rates_of_exchange_are_sheets_that_revenue_is_measured_from() -> None:
    assert tables_of(project_of(GROWTH), "revenue.mrr") == ("terms", "dollar")
    assert "project fiscal_year_starts" in normal_form(project_of(GROWTH), "revenue.mrr", Grain.QUARTER)


def test_what_is_not_defined_leaves_a_form_of_what_is() -> None:
    text = (
        "tables: {deals: {from: nowhere.deals, time: at}}\n"
        "metrics:\n  share: {ratio: won / lost}\n  won: {label: Won}\n"
        "  won_too: {count: deals, where: deals.stage = 'a'}\n"
    )
    project, _ = read_project(text, "shinro.yaml")
    assert normal_form(project, "share")["metric share ratio"] == "won / lost"
    assert tables_of(project, "share") == ()
    assert tables_of(project, "won_too") == ("deals",)
    assert normal_form(project, "nothing") == normal_form(project, "no_more")
    assert normal_form(project, "won_too")["metric won_too count"] == "deals"
