"""T210: rates between stages that take longer than the period, by the times that were measured."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from pathlib import Path

import pytest

from checking import facts_of
from judging import problems
from shinro.checks.facts import Lapse
from shinro.checks.stages import RULES, between_stages
from shinro.periods import Grain
from shinro.problems import Severity
from shinro.reports.problems import says
from shinro.reports.words import words
from shinro.run.check_data import check_data
from shinro.run.lapses import lapses
from stories import Story

TEXT = """\
company: A
timezone: UTC
sources: {{crm: {{type: files, path: data/*.csv}}}}
tables:
  leads: {{from: crm.leads, key: lead, time: created, entity: lead}}
  calls: {{from: crm.calls, key: call, time: at, entity: lead}}
  deals: {{from: crm.deals, key: deal, time: opened, times: {{closed: closed}}, entity: lead}}
  visits: {{from: crm.visits, time: at}}
metrics:
  leads: {{count: leads}}
  inbound: {{count: leads, where: channel = 'inbound'}}
  large: {{count: leads, where: seats > 100}}
  calls: {{count: calls}}
  reached: {{count: calls, where: outcome = 'reached'}}
  called: {{count_distinct: calls.lead}}
  callers: {{count_distinct: calls.rep}}
  visits: {{count: visits}}
  closed: {{count: deals, at: closed}}
  won: {{count: deals, at: closed, where: stage = 'won'}}
{rate}
"""


def staged(rate: str) -> list[tuple[str, str]]:
    return [(one.under, one.over) for one in between_stages(facts_of(TEXT.format(rate=rate)).project)]


@pytest.mark.parametrize(
    ("ratio", "found"),
    [
        ("won / leads", [("leads", "won")]),
        ("won / called", [("called", "won")]),
        ("reached / leads", [("leads", "reached")]),
        ("won / closed", []),  # a part of what it is divided by
        ("reached / calls", []),
        ("inbound / large", []),  # a lead is one row: no time lies between
        ("won / visits", []),  # nobody says whose they are
        ("won / callers", []),  # reps are no leads
        ("won / (leads + calls)", []),
    ],
)
def test_a_rate_between_stages_counts_one_entity_at_two_times(ratio: str, found: list[tuple[str, str]]) -> None:
    assert staged(f"  rate: {{ratio: {ratio}}}") == found


@pytest.mark.parametrize(
    "more",
    [
        "  cohort: {conversion: leads, to: won, within: 90 days}",
        "influences: [{from: leads, to: won, lag: 6 weeks}]",
    ],
)
def test_what_is_followed_or_has_its_lag_is_told_already(more: str) -> None:
    assert staged(f"  rate: {{ratio: won / leads}}\n{more}") == []


@pytest.mark.parametrize(
    ("lapse", "told"),
    [
        (Lapse(10, Fraction(31), Fraction(6, 10), Grain.MONTH), True),
        (Lapse(9, Fraction(31), Fraction(6, 9), Grain.MONTH), False),
        (Lapse(10, Fraction(30), Fraction(4, 10), Grain.MONTH), False),
        (Lapse(10, Fraction(15, 2), Fraction(6, 10), Grain.WEEK), True),
    ],
)
def test_half_of_enough_entities_must_take_longer_than_the_period(lapse: Lapse, told: bool) -> None:
    facts = replace(facts_of(TEXT.format(rate="  rate: {ratio: won / leads}")), lapses={"rate": lapse})
    found = problems(RULES, facts, "T210")
    assert [(each.args["metric"], each.args["entities"]) for each in found] == [("rate", 10)] * told


def test_without_measured_times_nothing_is_told() -> None:
    assert problems(RULES, facts_of(TEXT.format(rate="  rate: {ratio: won / leads}")), "T210") == []


def test_the_fastest_way_of_each_is_measured_whenever_it_began(tmp_path: Path) -> None:
    """Lead n is won 2n + 30 days after it came; it came again 5 days before its end."""
    text = TEXT.format(
        rate="  rate: {ratio: won / leads}\n  fast: {ratio: won / calls}\nkpis: {rate: {owner: A, cadence: weekly}}\n"
    )
    first = date(2026, 1, 5)
    leads, calls, deals = ["lead,created"], ["call,lead,at,outcome,rep"], ["deal,lead,opened,closed,stage"]
    for n in range(11):
        came, won = first + timedelta(days=n), first + timedelta(days=3 * n + 30)
        leads.append(f"{n},{came}")
        calls += [f"{n},{n},{came},reached,x", f"{n}b,{n},{won - timedelta(days=5)},reached,x"]
        deals.append(f"{n},{n},{came},{won},won")
    story = Story(tmp_path, datetime(2026, 5, 1, tzinfo=UTC))
    story.write("shinro.yaml", text)
    for name, rows in {"leads": leads, "calls": calls, "deals": deals, "visits": ["at", "2026-04-30"]}.items():
        story.write(f"data/{name}.csv", "\n".join(rows) + "\n")
    with story.gathered() as gathered:
        assert lapses(gathered) == {
            "rate": Lapse(11, Fraction(40), Fraction(1), Grain.WEEK),
            "fast": Lapse(11, Fraction(5), Fraction(0), Grain.MONTH),
        }
    told = [each for each in check_data(tmp_path, story.moment()).problems if each.code == "T210"]
    assert [each.args for each in told] == [
        {"metric": "rate", "under": "leads", "over": "won", "length": 7, "days": 40, "longer": "100", "entities": 11}
    ]


COHORT = TEXT.format(rate="  cohort: {conversion: leads, to: won, within: 90 days}")


@pytest.mark.parametrize(
    ("deals", "told"),
    [
        ("1,1.0,2026-01-20,2026-02-01,won\n2,2.0,2026-01-20,,open\n", True),
        ("1,1.0,2026-01-20,2026-02-01,won\n2,2,2026-01-20,,open\n", False),  # there, and not won
        ("1,1.0,2026-01-20,2026-02-01,won\n2,2,2026-01-02,2026-01-03,won\n", False),  # came before
        ("", False),  # there is nobody yet
    ],
)
def test_a_conversion_to_a_table_that_knows_nobody_of_the_first_is_told(tmp_path: Path, deals: str, told: bool) -> None:
    story = Story(tmp_path, datetime(2026, 5, 1, tzinfo=UTC))
    story.write("shinro.yaml", COHORT)
    story.write("data/leads.csv", "lead,created,channel,seats\n1,2026-01-05,x,1\n2,2026-01-06,x,1\n3,2026-04-30,x,1\n")
    story.write("data/deals.csv", f"deal,lead,opened,closed,stage\n{deals}")
    story.write("data/calls.csv", "call,lead,at,outcome,rep\n1,1,2026-04-30,reached,x\n")
    story.write("data/visits.csv", "at\n2026-04-30\n")
    found = [each for each in check_data(tmp_path, story.moment()).problems if each.code == "D702"]
    whom = {"case": "strangers", "metric": "cohort", "count": 3}
    where = {"table": "leads", "column": "lead", "other": "deals", "key": "lead"}
    assert [(each.severity, dict(each.args)) for each in found] == [(Severity.WARNING, whom | where)] * told
    assert all("`lead` of `leads`" in says(each, words("en")) for each in found)


LAGGED = TEXT.format(
    rate="  rate: {ratio: won / leads}\n"
    "tree: {won: leads * rate}\n"
    "influences: [{from: leads, to: won, lag: LAG}, {from: calls, to: won, lag: 10 days}, {from: leads, to: won}]\n"
    "kpis: {won: {owner: A, cadence: CADENCE}}\n"
)


@pytest.mark.parametrize(
    ("lag", "cadence", "case"),
    [
        ("2 weeks", "monthly", "month"),
        ("10 days", "weekly", "week"),
        ("1 month", "weekly", "week"),
        ("2 weeks", "weekly", None),
        ("2 months", "monthly", None),
        ("2 weeks", "", "month"),
    ],
)
def test_a_lag_of_the_tree_is_a_whole_number_of_periods(lag: str, cadence: str, case: str | None) -> None:
    text = LAGGED.replace("LAG", lag)
    text = text.replace("CADENCE", cadence) if cadence else text.replace(", cadence: CADENCE", "")
    found = problems(RULES, facts_of(text), "T211")
    assert [each.args for each in found] == (
        [{"start": "leads", "end": "won", "lag": lag, "case": case}] if case else []
    )


@pytest.mark.parametrize(("lag", "told"), [("2 weeks", 0), ("1 month", 1)])
def test_a_gap_of_the_star_is_taken_apart_by_week(lag: str, told: int) -> None:
    text = LAGGED.replace("LAG", lag).replace(", cadence: CADENCE", "") + "north_star: {metric: won}\n"
    assert len(problems(RULES, facts_of(text), "T211")) == told
