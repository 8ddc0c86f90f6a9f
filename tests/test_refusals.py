"""Questions that have no answer, each on a small company."""

from __future__ import annotations

import pytest

from checking import assert_said
from shinro.definitions.meaning import meanings
from shinro.definitions.pooling import pools
from shinro.definitions.project import read_project
from shinro.definitions.refusals import refusals

COMPANY = """\
sources:
  crm: {type: files, path: x}
tables:
  leads: {from: crm.leads, key: id, time: at, entity: id}
  deals: {from: crm.deals, key: id, time: at, starts: opened, entity: lead}
  subs: {from: crm.subs, starts: s, amount: a, entity: company}
metrics:
  leads: {count: leads}
  won: {count: deals}
  people: {count_distinct: deals.lead}
  amount: {sum: deals.amount}
  average: {avg: deals.amount}
  companies: {stock: deals}
  win_rate: {ratio: won / leads, unit: "%"}
  loss_rate: {ratio: people / won, unit: "%"}
  lead_to_won: {conversion: leads, to: won, within: 30 days}
  both: {derived: leads + won}
  revenue: {recurring: subs}
  nps: {reported: crm.nps, value: score, every: month}
  typed: {reported: crm.typed, value: x, every: month, nature: flow}
"""


def codes(*lines: str) -> list[tuple[str, str]]:
    project, problems = read_project(COMPANY + "\n".join(lines) + "\n", "shinro.yaml")
    assert problems == ()
    found = list(refusals(project, meanings(project)))
    for problem in found:
        assert_said(problem)
    return [(problem.code, str(problem.place)) for problem in found]


def texts(line: str) -> list[tuple[str, str]]:
    project, _ = read_project(COMPANY + line + "\n", "shinro.yaml")
    found = list(refusals(project, meanings(project)))
    for problem in found:
        assert_said(problem)
    return [(problem.code, str(problem.args["text"])) for problem in found]


def goal(condition: str) -> list[str]:
    return [code for code, _ in codes("milestones:", f"  - {{id: m, by: 2026-10-01, reach: {condition}}}")]


def test_a_company_that_asks_for_nothing_impossible() -> None:
    assert codes() == []


@pytest.mark.parametrize(
    ("condition", "told"),
    [
        ("leads >= 80", ["Q131"]),
        ("leads >= 240 over 3 months", ["Q131"]),
        ("revenue.new_mrr >= 10", ["Q131"]),
        ("leads >= 80 per month", []),
        ("leads >= 80 since start", []),
        ("typed >= 80 per month", []),
        ("typed >= 80 per quarter", []),
        ("typed >= 80 per week", ["Q137"]),
        ("companies >= 30 since start", ["Q136"]),
        ("companies >= 30 per month", ["Q137"]),
        ("companies >= 30 over 3 months", ["Q138"]),
        ("companies >= 30", []),
        ("revenue.mrr >= 100", []),
        ("win_rate >= 5% per month", ["Q137"]),
        ("win_rate >= 5% over 3 months", []),
        ("win_rate >= 5% since start", []),
        ("revenue.arpa >= 100 over 3 months", []),
        ("lead_to_won >= 5% over 3 months", []),
        ("lead_to_won.days <= 5 over 3 months", ["Q150"]),
        ("lead_to_won >= 5%", []),
        ("unknown >= 5", []),
        ("展示会", []),
    ],
)
def test_a_condition_reads_a_metric_as_it_lives_in_time(condition: str, told: list[str]) -> None:
    assert goal(condition) == told


def test_a_rate_of_what_is_typed_in_by_month_has_no_weeks() -> None:
    asked = ("typed_each >= 2 over 3 weeks", "typed_each >= 2 over 3 months")
    made = [
        codes("  typed_each: {ratio: typed / leads}", "milestones:", f"  - {{id: m, by: 2026-10-01, reach: {one}}}")
        for one in asked
    ]
    assert [[code for code, _ in each] for each in made] == [["Q137"], []]


@pytest.mark.parametrize(
    ("metric", "rate"),
    [
        ("{ratio: won / leads}", None),
        ("{ratio: 100 * (won - people) / companies}", None),
        ("{ratio: 1 / leads}", None),
        ("{ratio: leads * win_rate / won}", None),
        ("{ratio: amount / win_rate / leads}", None),
        ("{ratio: 'companies / positive(mean(left, 3))'}", None),
        ("{ratio: win_rate / loss_rate}", "win_rate"),
        ("{ratio: revenue.arpa * win_rate / won}", "revenue.arpa"),
        ("{ratio: won / positive(2 * win_rate)}", "win_rate"),
        ("{ratio: average / won}", "average"),
        ("{ratio: typed_rate / won}", "typed_rate"),
        ("{ratio: worth / won}", "worth"),
        ("{ratio: won / leads / people}", "won / leads"),
        ("{ratio: 'cmgr(won, 3) / won'}", "cmgr(won, 3)"),
        ("{derived: won / leads}", ""),
        ("{active: leads, within: 28 days}", ""),
        ("{active: leads, within: 1 day}", None),
    ],
)
def test_several_periods_are_one_where_all_that_is_added_adds_up(metric: str, rate: str | None) -> None:
    """A count, a sum, a stock and what is made of them add up; a rate, a mean and what is made of rates do not."""
    lines = (
        "  left: {derived: leads - won}",
        "  worth: {derived: average * win_rate}",
        '  typed_rate: {reported: crm.rate, value: x, every: month, unit: "%"}',
        f"  asked: {metric}",
        "milestones: [{id: m, by: 2026-10-01, reach: [asked >= 2 over 3 months]}]",
    )
    project, problems = read_project(COMPANY + "\n".join(lines) + "\n", "shinro.yaml")
    assert problems == ()
    found = list(refusals(project, meanings(project)))
    for problem in found:
        assert_said(problem)
    assert [problem.code for problem in found] == ([] if rate is None else ["Q150"])
    assert [problem.args.get("rate", "") for problem in found] == ([] if rate is None else [rate])
    assert pools(project, "asked") is (rate is None)


def test_who_is_active_in_a_month_is_no_rate() -> None:
    text = "milestones: [{id: m, by: 2026-10-01, reach: [people_active >= 2 over 3 months]}]"
    assert [code for code, _ in codes("  people_active: {active: leads}", text)] == ["Q138"]


@pytest.mark.parametrize(
    ("inner", "told"),
    [
        ("leads", []),
        ("amount", []),
        ("both", []),
        ("typed", []),
        ("revenue.new_mrr", []),
        ("people", ["Q135"]),
        ("average", ["Q135"]),
        ("companies", ["Q135"]),
        ("win_rate", ["Q135"]),
        ("nps", ["Q135"]),
        ("revenue.mrr", ["Q135"]),
        ("unknown", []),
    ],
)
def test_only_what_adds_up_is_accumulated(inner: str, told: list[str]) -> None:
    text = COMPANY + f"  total: {{cumulative: {inner}}}\n"
    project, problems = read_project(text, "shinro.yaml")
    assert problems == ()
    assert [problem.code for problem in refusals(project, meanings(project))] == told


@pytest.mark.parametrize(
    ("formula", "told"),
    [
        ("win_rate + loss_rate", [("Q134", "shinro.yaml:22:19")]),
        ("won * (win_rate - -loss_rate + lead_to_won)", [("Q134", "shinro.yaml:22:39")]),
        ("win_rate * loss_rate", []),
        ("previous + win_rate", []),
        ("win_rate + won", []),
        ("win_rate + unknown", []),
        ("win_rate + 5%", []),
        ("win_rate + previous(win_rate)", []),
    ],
)
def test_rates_of_different_bases_are_not_added(formula: str, told: list[tuple[str, str]]) -> None:
    assert codes("tree:", f"  leads: {formula}") == told


def test_a_metric_that_adds_rates_is_told_once_at_its_sign() -> None:
    text = COMPANY + "  sum: {derived: win_rate + loss_rate + lead_to_won}\n"
    project, _ = read_project(text, "shinro.yaml")
    (problem,) = refusals(project, meanings(project))
    assert (problem.code, problem.args["rates"]) == ("Q134", "win_rate, loss_rate, lead_to_won")
    assert (problem.args["over"], problem.args["base"]) == ("won", "leads")


@pytest.mark.parametrize(
    ("metric", "told"),
    [
        ('{derived: "won * mean(win_rate, 3)"}', [("Q134", "shinro.yaml:21:23")]),
        ('{ratio: "won / mean(lead_to_won, 3)"}', [("Q134", "shinro.yaml:21:21")]),
        ('{ratio: "mean(won, 3) / mean(leads, 3)"}', []),
        ('{derived: "mean(unknown, 3)"}', []),
    ],
)
def test_rates_of_several_periods_are_not_averaged(metric: str, told: list[tuple[str, str]]) -> None:
    assert codes(f"  x: {metric}") == told


@pytest.mark.parametrize(
    ("target", "told"),
    [
        ("leads: 80", ["Q139"]),
        ("leads: {from: 80, to: 100, by: 2026-10-01}", ["Q139"]),
        ("leads: {steps: {2026-04-01: 80}}", ["Q139"]),
        ("leads: {per: week, from: 80, to: 100, by: 2026-10-01}", []),
        ("leads: 80 per week", []),
        ("leads: {steps: {2026-04-01: 80 per week}}", []),
        ("leads: {file: targets.csv}", []),
        ("companies: 30", []),
        ("win_rate: 5%", []),
        ("unknown: 80", []),
    ],
)
def test_a_target_of_a_flow_says_its_period(target: str, told: list[str]) -> None:
    assert [code for code, _ in codes("targets:", f"  {target}")] == told


@pytest.mark.parametrize(
    ("target", "told"),
    [
        ("{per: week, level: 10 per week}", []),
        ("{per: month, level: 75 per week}", ["75 per week"]),
        ("{per: week, level: 10, each: {rep: {A: 40 per month, B: 3}}}", ["40 per month"]),
        ("{level: 10 per week, each: {rep: {A: 40 per month}}}", []),
    ],
)
def test_a_level_says_the_period_of_its_target_or_none(target: str, told: list[str]) -> None:
    assert texts(f"targets: {{leads: {target}}}") == [("Q145", each) for each in told]


@pytest.mark.parametrize(
    ("target", "case"),
    [
        ("leads: {per: week, from: 75, to: 400}", "by"),
        ("leads: {per: week, to: 400}", "by"),
        ("leads: {per: week, to: 400, by: +3 months}", None),
        ("leads: {per: week, to: 400, by: 2026-04-01}", "past"),
        ("leads: {per: week, to: 400, by: 2026-04-02}", None),
        ("leads: {per: week, to: 400, by: 2026-04-20, starts: 2026-05-01}", "past"),
        ("leads: {per: week, from: 75}", "level"),
        ("leads: {per: week}", "level"),
        ("leads: {per: week, each: {rep: {A: 4}}}", None),
        ("leads: {per: week, file: targets.csv}", None),
        ("leads: {per: week, growth: 5}", "growth"),
        ("leads: {per: week, growth: 500%}", "growth"),
        ("leads: {per: week, growth: 5%}", None),
        ("leads: {per: week, level: -5}", "negative"),
        ("leads: {per: week, level: 0}", None),
        ("nps: -5", None),
    ],
)
def test_a_target_leads_somewhere(target: str, case: str | None) -> None:
    project, _ = read_project(f"{COMPANY}story: {{starts: 2026-04-01}}\ntargets:\n  {target}\n", "shinro.yaml")
    found = list(refusals(project, meanings(project)))
    for problem in found:
        assert_said(problem)
    assert [(problem.code, problem.args["case"]) for problem in found] == ([("Q146", case)] if case else [])


def test_a_day_that_counts_from_no_start_is_not_too_early() -> None:
    assert codes("targets: {leads: {per: week, to: 400, by: +3 months}}") == []


def test_too_much_growth_is_told_with_what_was_likely_meant() -> None:
    project, _ = read_project(COMPANY + "targets: {leads: {per: week, growth: 5}}\n", "shinro.yaml")
    (problem,) = refusals(project, meanings(project))
    assert (problem.args["found"], problem.args["share"]) == ("500%", "5%")


@pytest.mark.parametrize(
    ("metric", "told"),
    [
        ("{derived: previous + leads}", ["shinro.yaml:21:18"]),
        ("{derived: leads + abs(previous)}", ["shinro.yaml:21:30"]),
        ("{ratio: leads / previous}", ["shinro.yaml:21:24"]),
        ("{derived: 'coalesce(previous, 100) + leads'}", []),
        ("{derived: leads - previous(leads)}", []),
        ("{derived: previous(own) + leads}", ["shinro.yaml:21:18"]),
        ("{derived: 'coalesce(previous(own, 2), 0) + leads'}", ["shinro.yaml:21:28"]),
        ("{derived: 'mean(own, 2) + leads'}", []),
    ],
)
def test_what_reads_its_own_past_has_a_first_value(metric: str, told: list[str]) -> None:
    assert codes(f"  own: {metric}") == [("Q147", place) for place in told]


@pytest.mark.parametrize(
    ("metric", "told"),
    [
        ("{derived: 12}", ["Q149"]),
        ("{derived: 300円 + 2}", ["Q149"]),
        ("{ratio: 1 / 2}", ["Q149"]),
        ("{derived: 12 + leads}", []),
        ("{derived: previous + 12}", ["Q147"]),
    ],
)
def test_a_number_alone_has_no_periods(metric: str, told: list[str]) -> None:
    assert [code for code, _ in codes(f"  own: {metric}")] == told


def test_a_formula_of_the_tree_may_read_the_past_of_its_node() -> None:
    assert codes("tree:", "  companies: previous + won") == []


@pytest.mark.parametrize("within", ["6 hours", "90 minutes", "0 days"])
def test_who_is_active_is_told_by_the_day(within: str) -> None:
    assert codes(f"  active: {{active: leads, within: {within}}}") == [("Q148", "shinro.yaml:21:35")]


@pytest.mark.parametrize("rows", ["0", "2.5", "-1", "50%", "3 per week", "3円"])
def test_a_number_of_rows_is_whole(rows: str) -> None:
    assert codes(f"  active: {{active: leads, within: 7 days, at_least: {rows}}}") == [("Q148", "shinro.yaml:21:53")]


@pytest.mark.parametrize("rows", ["1", "3", "1,000", "３"])
def test_a_whole_number_of_rows_is_one(rows: str) -> None:
    assert codes(f'  active: {{active: leads, at_least: "{rows}"}}', "  mau: {active: leads, within: 1ヶ月}") == []


@pytest.mark.parametrize(
    ("lines", "told"),
    [
        (["targets: {cost: {level: 9, each: {rep: {Ann: 8}}}}"], ["shinro.yaml:22:35"]),
        (["targets: {typed: {level: 9, per: month, each: {rep: {Ann: 8}}}}"], ["shinro.yaml:22:48"]),
        (["targets: {won: {level: 9, per: month, each: {rep: {Ann: 8}}}}"], []),
        (
            ["initiatives: [{name: a, moves: cost, in: {rep: Ann}}, {name: b, moves: won, in: {rep: Ann}}]"],
            ["shinro.yaml:22:43"],
        ),
        (["initiatives: [{name: a, moves: cost}]", "targets: {cost: 9}"], []),
        (["traction: [{audience: all, headline: won, customers: {metric: cost, by: rep}}]"], ["shinro.yaml:22:73"]),
    ],
)
def test_what_a_number_for_the_whole_is_part_of_has_no_levels_by_segment(lines: list[str], told: list[str]) -> None:
    assert codes("  cost: {ratio: typed / won}", *lines) == [("Q133", place) for place in told]
