"""Which passes over which tables are planned."""

from __future__ import annotations

from datetime import date

import pytest

from checking import assert_said
from measuring import project_of
from shinro.definitions.grammar import where
from shinro.periods import Calendar, Grain, Period
from shinro.problems import CannotGoOn
from shinro.queries.scans import Scan, Want, cut, dimensions, scans, simple_wants

STORY = """
sources: {crm: {type: files, path: "*.csv"}}
tables:
  agents: {from: crm.agents, key: agent, dimensions: [office, rep]}
  deals:
    from: crm.deals
    key: id
    time: opened
    times: {closed: closed}
    starts: opened
    ends: closed
    dimensions: [rep]
    joins: {agents: agent}
    where: test is null
  leads: {from: crm.leads, key: id, time: at, dimensions: [rep]}
metrics:
  deals: {count: deals}
  big: {count: deals, where: amount > 100}
  worth: {sum: deals.amount}
  least: {min: deals.amount}
  clients: {count_distinct: deals.client}
  big_clients: {count_distinct: deals.client, where: amount > 100}
  sellers: {count_distinct: deals.agent}
  middle: {median: deals.amount}
  middle_big: {median: deals.amount, where: amount > 100}
  won: {count: deals, at: closed}
  open: {stock: deals}
  eastern: {count: deals, where: agents.office = 'East'}
  leads: {count: leads}
  rate: {ratio: won / deals}
  late: {derived: deals / previous(leads)}
  ever: {cumulative: won}
  monthly: {derived: "mean(won, 3)", every: month}
"""
PROJECT = project_of(STORY)
TABLES: dict[str, date | None] = dict.fromkeys(("agents", "deals", "leads"))
TODAY = date(2026, 5, 15)


def planned(*metrics: str, by: tuple[str, ...] = (), grain: Grain = Grain.MONTH) -> tuple[Scan, ...]:
    return scans(PROJECT, [Want(metric, grain, by) for metric in metrics], TABLES, TODAY)


def measured(found: tuple[Scan, ...]) -> list[list[str]]:
    return [[one.metric for one in scan.measures] for scan in found]


def test_metrics_of_one_table_time_grain_and_cut_share_one_scan() -> None:
    assert measured(planned("deals", "big", "worth", "clients")) == [["deals", "big", "worth", "clients"]]


def test_a_distinct_count_beside_many_others_has_a_scan_of_its_own() -> None:
    found = planned("deals", "big", "worth", "least", "eastern", "clients")
    assert sorted(measured(found)) == [["clients"], ["deals", "big", "worth", "least", "eastern"]]


def test_distinct_counts_of_one_column_share_a_scan_and_of_another_have_their_own() -> None:
    found = planned("sellers", "clients", "deals", "big_clients")
    assert sorted(map(sorted, measured(found))) == [["big_clients", "clients"], ["deals", "sellers"]] or sorted(
        map(sorted, measured(found))
    ) == [["big_clients", "clients", "deals"], ["sellers"]]


def test_every_median_has_a_scan_of_its_own() -> None:
    assert sorted(measured(planned("middle", "deals", "middle_big"))) == [["deals"], ["middle"], ["middle_big"]]


@pytest.mark.parametrize("other", ["won", "open", "leads"])
def test_another_time_another_nature_or_another_table_is_another_scan(other: str) -> None:
    assert sorted(measured(planned("deals", other))) == sorted([["deals"], [other]])


def test_another_grain_or_another_cut_is_another_scan() -> None:
    wants = [Want("deals", Grain.MONTH), Want("deals", Grain.WEEK), Want("deals", Grain.MONTH, ("rep",))]
    assert len(scans(PROJECT, [*wants, *wants], TABLES, TODAY)) == 3


def test_what_is_made_of_metrics_scans_what_these_are_measured_from_each_once() -> None:
    wants = [Want(name, Grain.WEEK) for name in ("rate", "ever", "late", "rate")]
    assert [want.metric for want in simple_wants(PROJECT, wants)] == ["won", "deals", "leads"]


def test_a_formula_with_a_grain_of_its_own_is_scanned_at_that_one() -> None:
    (scan,) = planned("monthly", grain=Grain.YEAR)
    assert (scan.grain, [one.metric for one in scan.measures]) == (Grain.MONTH, ["won"])
    assert sorted(measured(planned("rate", "ever", "won"))) == [["deals"], ["won"]]


def test_a_filter_of_the_table_holds_for_all_its_metrics() -> None:
    plain, big = planned("deals", "big")[0].measures
    assert plain.normal == "count() where test is null"
    assert big.normal == "count() where test is null and amount > 100"


def test_a_filter_that_is_asked_for_is_part_of_every_measure_and_of_the_scan() -> None:
    asked = where("rep = 'Ann'")
    found = scans(PROJECT, [Want("deals", Grain.MONTH, where=asked), Want("deals", Grain.MONTH)], TABLES, TODAY)
    assert sorted(one.measures[0].normal for one in found) == [
        "count() where test is null", "count() where test is null and rep = 'Ann'",
    ]  # fmt: skip
    assert len({one.normal for one in found}) == 2


def test_a_stock_is_cut_at_the_day_we_stand_on_and_a_flow_where_its_table_says() -> None:
    tables = {**TABLES, "deals": date(2026, 5, 1)}
    wants = [Want("open", Grain.DAY), Want("deals", Grain.DAY), Want("leads", Grain.DAY)]
    found = {one.measures[0].metric: one for one in scans(PROJECT, wants, tables, TODAY)}
    assert {name: one.last for name, one in found.items()} == {"open": TODAY, "deals": date(2026, 5, 1), "leads": None}
    assert (found["open"].moment, found["open"].ends, found["deals"].ends) == ("opened", "closed", None)


def test_a_span_is_one_scan_that_a_stock_does_not_have() -> None:
    span = Period(date(2026, 4, 1), date(2026, 5, 16))
    found = scans(PROJECT, [Want("rate", Grain.DAY, span=span), Want("open", Grain.DAY, span=span)], TABLES, TODAY)
    assert {one.measures[0].metric: one.span for one in found} == {"won": span, "deals": span, "open": None}


def test_a_scan_names_the_tables_that_its_cuts_and_filters_read() -> None:
    assert planned("deals", by=("rep",))[0].joins == ()
    assert planned("deals", by=("office",))[0].joins == ("agents",)
    assert planned("eastern")[0].joins == ("agents",)


def test_a_table_that_is_not_loaded_is_not_scanned_nor_what_joins_it() -> None:
    wants = [Want("leads", Grain.DAY), Want("deals", Grain.DAY, ("office",)), Want("eastern", Grain.DAY)]
    assert measured(scans(PROJECT, wants, {"deals": None}, TODAY)) == []


def test_the_dimensions_of_a_table_are_its_own_and_those_of_its_joins_told_apart() -> None:
    assert dimensions(PROJECT, "deals") == ("rep", "office", "agents.rep")
    assert dimensions(PROJECT, "leads") == ("rep",)
    assert dimensions(PROJECT, "nothing") == ()
    assert [one.table for one in planned("deals", by=("rep", "agents.rep"))[0].dimensions] == ["deals", "agents"]


def test_a_dimension_that_a_table_does_not_have_is_a_problem_with_those_it_has() -> None:
    with pytest.raises(CannotGoOn) as stop:
        planned("leads", by=("office",))
    (found,) = stop.value.problems
    assert (found.code, found.args["dimension"], found.args["known"]) == ("Q133", "office", "rep")


def test_where_a_table_has_no_dimension_the_table_is_named() -> None:
    project = project_of(STORY.replace("time: at, dimensions: [rep]", "time: at"))
    with pytest.raises(CannotGoOn) as stop:
        scans(project, [Want("leads", Grain.MONTH, ("rep",))], TABLES, TODAY)
    (found,) = stop.value.problems
    assert (found.code, found.args["case"], found.args["table"]) == ("Q133", "none", "leads")
    assert_said(found)


def test_the_normal_form_tells_apart_what_gives_other_numbers_and_nothing_else() -> None:
    forms = {
        planned("deals")[0].normal,
        planned("deals", grain=Grain.WEEK)[0].normal,
        planned("deals", by=("rep",))[0].normal,
        planned("deals", by=("agents.rep",))[0].normal,
        planned("won")[0].normal,
        planned("open")[0].normal,
    }
    assert len(forms) == 6
    assert planned("deals")[0].normal == planned("worth")[0].normal
    assert cut(Calendar("Asia/Tokyo")) != cut(Calendar("UTC"))
    assert cut(Calendar()) != cut(Calendar(week_starts=6))
    assert cut(Calendar()) != cut(Calendar(fiscal_starts=4))
