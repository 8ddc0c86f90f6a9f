"""A definition's normal form follows from its meaning alone."""

from __future__ import annotations

import pytest

from checking import project_of
from shinro.definitions.normal import changed, digest_of, normal_form, tables_of
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
