from __future__ import annotations

from dataclasses import replace

import pytest

from checking import check_text, facts_of, found
from shinro.checks import tree
from shinro.checks.rule import judge

HEAD = """\
sources: {crm: {type: files, path: data/*.csv}}
tables:
  leads: {from: crm.leads, key: lead_id, time: created_at, dimensions: [channel]}
  contacts: {from: crm.contacts, key: contact_id, time: occurred_at, joins: {leads: lead_id}, dimensions: [rep]}
  deals: {from: crm.deals, key: deal_id, time: created_at, times: {closed: closed_at}}
  subs: {from: crm.subs, entity: company_id, starts: starts, ends: ends, amount: amount}
metrics:
  leads: {count: leads}
  calls: {count: contacts}
  won: {count: deals, at: closed}
  revenue: {recurring: subs}
"""
TOLD = "traction: [{audience: a, headline: leads, customers:"


def named(text: str) -> list[tuple[str, str, str]]:
    """Case, name and nearest name of each name that is not defined, with its place tried."""
    found(text, "T201")
    problems = [problem for problem in check_text(text) if problem.code == "T201"]
    for problem in problems:
        line = text.split("\n")[problem.place.line - 1]
        assert line[problem.place.column - 1 :].startswith(str(problem.args["name"]).partition(".")[0])
    return [(str(p.args["case"]), str(p.args["name"]), str(p.args["near"])) for p in problems]


@pytest.mark.parametrize(
    ("more", "case"),
    [
        ("  x: {count: lead}", ("table", "lead", "leads")),
        ("  x: {count: zzz}", ("table_alone", "zzz", "")),
        ("  x: {count_distinct: contact.lead_id}", ("table", "contact", "contacts")),
        ("  x: {active: lead, within: 7 days}", ("table", "lead", "leads")),
        ("  x: {recurring: sub}", ("table", "sub", "subs")),
        ("  x: {stock: sub}", ("table", "sub", "subs")),
        ("  x: {ratio: won / lead}", ("metric", "lead", "leads")),
        ("  x: {ratio: won / revenue.mr}", ("metric", "revenue.mr", "revenue.mrr")),
        ("  x: {ratio: won / revenue}", ("metric", "revenue", "revenue.mrr")),
        ("  x: {ratio: won / leads.count}", ("metric", "leads.count", "leads")),
        ("  x: {derived: leads + callz}", ("metric", "callz", "calls")),
        ("  x: {cumulative: lead}", ("metric", "lead", "leads")),
        ("  x: {reported: crn.nps, value: v, every: month}", ("source", "crn", "crm")),
        ("  x: {count: deals, at: close}", ("time", "close", "closed")),
        ("  x: {count: contacts, where: lead.channel = 'a'}", ("table", "lead", "leads")),
        ("  x: {conversion: lead, to: won, within: 9 days}", ("metric", "lead", "leads")),
        ("  x: {conversion: leads, to: wonn, within: 9 days}", ("metric", "wonn", "won")),
        ("  x: {conversion: leads, to: {table: deal, at: closed}, within: 9 days}", ("table", "deal", "deals")),
        ("  x: {conversion: leads, to: {table: deals, at: close}, within: 9 days}", ("time", "close", "closed")),
        ("  LEADS2: {ratio: won / Leads}", ("metric", "Leads", "leads")),
    ],
)
def test_every_name_that_a_metric_reads_is_defined(more: str, case: tuple[str, str, str]) -> None:
    assert named(f"{HEAD}{more}\n") == [case]


@pytest.mark.parametrize(
    ("rest", "case"),
    [
        ("north_star: {metric: lead}", ("metric", "lead", "leads")),
        ("north_star: {metric: leads, guardrail: wonn}", ("metric", "wonn", "won")),
        ("north_star: {metric: leads, outcomes: [wonn]}", ("metric", "wonn", "won")),
        ("tree: {lead: won + calls}", ("metric", "lead", "leads")),
        ("tree: {leads: won + call}", ("metric", "call", "calls")),
        ("tree: {leads: previous + previous(wonn)}", ("metric", "wonn", "won")),
        ("influences: [{from: wonn, to: leads}]", ("metric", "wonn", "won")),
        ("influences: [{from: won, to: lead}]", ("metric", "lead", "leads")),
        ("departments: {sales: {owns: [lead]}}", ("metric", "lead", "leads")),
        ("kpis: {lead: {owner: a}}", ("metric", "lead", "leads")),
        ("targets: {lead: 5}", ("metric", "lead", "leads")),
        ("targets: {leads: {each: {chanel: {web: 5}}}}", ("dimension", "chanel", "channel")),
        ("milestones: [{id: m, by: 2026-09-30, reach: [lead >= 5 per month]}]", ("metric", "lead", "leads")),
        ("initiatives: [{name: a, on: 2026-05-01, moves: lead}]", ("metric", "lead", "leads")),
        ("planning: {bounds: {lead: {at_most: 5}}}", ("metric", "lead", "leads")),
        ("planning: {weights: {lead: 5}}", ("metric", "lead", "leads")),
        ("traction: [{audience: a, headline: lead}]", ("metric", "lead", "leads")),
        ("traction: [{audience: a, headline: leads, supports: [wonn]}]", ("metric", "wonn", "won")),
        (f"{TOLD} {{metric: lead, by: channel}}}}]", ("metric", "lead", "leads")),
        (f"{TOLD} {{metric: leads, by: chanel}}}}]", ("dimension", "chanel", "channel")),
        (f"{TOLD} {{metric: leads, by: lead_id}}}}]", ("dimension_alone", "lead_id", "")),
    ],
)
def test_every_name_that_the_story_reads_is_defined(rest: str, case: tuple[str, str, str]) -> None:
    assert named(f"{HEAD}{rest}\n") == [case]


def test_departments_that_confirm_are_defined() -> None:
    text = HEAD + "departments: {sales: {}}\nnorth_star: {metric: leads, confirmed: {sale: {growth: yes}}}\n"
    assert named(text) == [("department", "sale", "sales")]


def test_tables_name_their_sources_their_joins_and_the_tables_of_their_filters() -> None:
    """
    sources: {crm: {type: files, path: data/*.csv}}
    tables:
      a: {from: crn.a, joins: {bb: x}, where: c.kind = 'x'}
      b: {from: crm.b}
    """
    text = test_tables_name_their_sources_their_joins_and_the_tables_of_their_filters.__doc__ or ""
    assert named(text) == [("source", "crn", "crm"), ("table", "bb", "b"), ("table_alone", "c", "")]


def test_what_is_defined_resolves_and_a_name_is_said_once() -> None:
    fine = """\
  a: {ratio: won / leads}
  b: {conversion: leads, to: {table: deals, at: closed}, within: 9 days}
  c: {conversion: contacts, to: won, within: 9 days}
  f: {conversion: contacts, to: {table: deals}, within: 9 days}
  d: {count: contacts, where: "leads.channel = 'web' and contacts.kind = 'call'"}
  e: {reported: crm.nps, value: v, every: month}
tree: {leads: previous + won - previous(won)}
targets: {calls: {each: {leads.channel: {web: 5}}}, leads: {each: {channel: {web: 5}}}, e: {each: {anything: {a: 1}}}}
milestones: [{id: m, by: 2026-09-30, reach: [revenue.mrr >= 5, 展示会]}]
initiatives: [{name: a, on: 2026-05-01}]
"""
    text = (HEAD + fine).replace("leads.channel: {web", "channel: {web")
    assert named(text) == []
    assert named(HEAD + "  x: {count: zzz, at: closed, where: q.z = 1}\n") == [("table_alone", "zzz", "")]
    assert named(HEAD + "targets: {zzz: {each: {channel: {web: 5}}}}\n") == [("metric_alone", "zzz", "")]


# T202


@pytest.mark.parametrize(
    ("text", "cases"),
    [
        ("  a: {derived: b + leads}\n  b: {derived: a + won}\n", [(12, "measured")]),
        ("  a: {cumulative: a}\n", [(12, "measured")]),
        ("  a: {derived: 'mean(a, 2) + won'}\n", [(12, "measured")]),
        ("  a: {derived: previous(b) + won}\n  b: {derived: a - leads}\n", [(12, "earlier")]),
        ("  a: {derived: 'coalesce(previous(b), 0) + won'}\n  b: {derived: previous(a)}\n", [(12, "earlier")]),
        ("  a: {derived: 'coalesce(previous, 0) + won'}\n  b: {derived: previous(a)}\n", []),
        ("tree: {leads: won + calls, won: leads - calls}\n", [(12, "explained")]),
        ("tree: {leads: previous + won, won: previous(leads) + calls}\n", []),
        ("  rate: {ratio: won / leads}\ntree: {won: leads * rate}\n", []),
        ("tree: {leads: zzz + calls, zzz: leads + calls}\n", [(12, "explained")]),
        ("  a: {derived: b + leads}\n  b: {count: leads}\ntree: {b: a - leads}\n", []),
    ],
)
def test_a_circle_is_a_mistake_within_one_of_the_two_graphs(text: str, cases: list[tuple[int, str]]) -> None:
    assert found(HEAD + text, "T202") == cases


def test_a_circle_of_names_that_no_metric_has_stands_at_the_tree() -> None:
    text = HEAD + "  a: {derived: b + leads}\n  b: {derived: a + won}\ntree: {a: b + won}\n"
    assert found(text, "T202") == [(12, "measured")]


# T207


def test_an_orphan_is_named_and_what_is_tied_is_not() -> None:
    text = HEAD + "  rate: {ratio: won / leads}\n  nps: {reported: crm.nps, value: v, every: month}\n"
    kpis = "kpis: {leads: {}, won: {}, calls: {}, rate: {}, zzz: {}}\n"
    star = "north_star: {metric: won}\ntree: {won: leads * rate}\n"
    assert found(f"{text}{star}{kpis}", "T207") == [(16, "")]
    assert found(f"{text}{star}{kpis}influences: [{{from: calls, to: leads}}]\n", "T207") == []
    assert found(f"{text}{kpis}", "T207") == []


def test_a_kpi_may_meet_the_star_at_a_shared_outcome() -> None:
    text = HEAD + "kpis: {calls: {}}\ninfluences: [{from: calls, to: revenue.churn_rate}]\n"
    assert found(text + "north_star: {metric: won, outcomes: [revenue.churn_rate]}\n", "T207") == []
    assert found(text + "north_star: {metric: won}\n", "T207") == [(12, "")]


# T209


@pytest.mark.parametrize(
    ("metric", "cases"),
    [
        ("{count: leads, changed: 2026-04-01}", []),
        ("{count: leads, changed: 2026-04-01 基準を変更}", []),
        ("{count: leads, changed: [２０２６-０４-０１, last spring]}", ["day"]),
        ("{count: leads, changed: 2026-05-12}", ["future"]),
        ("{count: leads, where: created_at >= 2026-04-01}", []),
        ("{count: leads, where: created_at < 2026-04-01 or kind = 'a'}", []),
        ("{count: leads, where: a < 2026-04-01 and k = 1 or a >= 2026-04-01 and k = 2}", []),
        ("{count: leads, where: created_at < 2026-04-01 and k = 1 or created_at >= 2026-04-01 and k = 2}", ["undated"]),
        (
            "{count: deals, changed: 2026-04-01, where: closed_at < 2026-04-01 and k = 1 or closed_at >= 2026-04-01}",
            [],
        ),
        ("{ratio: won / leads}", []),
    ],
)
def test_a_change_of_definition_is_dated(metric: str, cases: list[str]) -> None:
    assert [case for _, case in found(f"{HEAD}  x: {metric}\n", "T209")] == cases


def test_without_a_day_no_change_is_to_come() -> None:
    facts = facts_of(HEAD + "  x: {count: leads, changed: 2199-01-01}\n")
    assert [problem.args["case"] for problem in judge(facts, [tree.changes_are_dated])] == ["future"]
    assert judge(replace(facts, today=None), [tree.changes_are_dated]) == []
