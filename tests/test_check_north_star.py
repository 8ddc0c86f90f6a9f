from __future__ import annotations

from dataclasses import replace
from datetime import date
from fractions import Fraction

import pytest

from checking import TODAY, assert_said, check_text, facts_of, found
from shinro.checks import north_star
from shinro.checks.facts import Facts
from shinro.checks.rule import judge
from shinro.loads import Load
from shinro.periods import Grain, Period
from shinro.problems import Severity
from shinro.series import Meaning, Nature, Point, Series

HEAD = """\
currency: JPY
languages: [ja, en]
sources: {crm: {type: files, path: data/*.csv}}
tables:
  leads: {from: crm.leads, key: lead_id, time: created_at, entity: lead_id}
  contacts: {from: crm.contacts, key: contact_id, time: occurred_at, entity: lead_id}
  orders: {from: crm.orders, key: order_id, time: ordered_at, entity: customer_id}
  deals: {from: crm.deals, key: deal_id, time: created_at, times: {closed: closed_at}, where: test = false}
  seats: {from: crm.seats, starts: opened_on}
  rooms: {from: crm.rooms, starts: opened_on, ends: closed_on}
  subs: {from: crm.subs, entity: company_id, starts: starts, ends: ends, amount: amount}
metrics:
"""


def star(metrics: str, north: str = "{metric: x}", rest: str = "") -> str:
    """A project whose star is `x`; its metrics start on line 13."""
    return f"{HEAD}{metrics}north_star: {north}\n{rest}"


def codes(text: str, *wanted: str) -> list[str]:
    problems = [problem for problem in check_text(text) if problem.code in wanted]
    for problem in problems:
        assert_said(problem)
    return [problem.code for problem in problems]


# N101


def test_no_star_is_said_at_the_file_and_each_star_too_many_where_it_stands() -> None:
    assert found(HEAD + "  x: {count: leads}\n", "N101") == [(1, "none")]
    more = HEAD + "  x: {count: leads}\nnorth_star:\n  - {metric: x}\n  - {metric: x}\n  - {metric: x}\n"
    assert found(more, "N101") == [(16, "many"), (17, "many")]


# N102: the articles' trap, in both languages


@pytest.mark.parametrize(
    "metric",
    [
        "{label: コール数, count: contacts}",
        "{label: Calls, count: contacts}",
        "{label: {ja: 架電件数, en: Something}, count: contacts, where: kind = 'call'}",
        "{label: メール送信数, sum: contacts.mails}",
        "{label: Emails sent, count_distinct: contacts.contact_id}",
        "{label: 訪問数, reported: crm.visits, value: n, every: week}",
        "{label: anything, ratio: a / b, kind: activity}",
        "{label: 累計コール数, cumulative: a}",
        "{label: 活動合計, derived: a + b}",
    ],
)
def test_workload_is_no_star(metric: str) -> None:
    text = star(
        f"  x: {metric}\n  a: {{label: コール数, count: contacts}}\n  b: {{label: Emails sent, count: contacts}}\n"
    )
    assert codes(text, "N102") == ["N102"]


@pytest.mark.parametrize(
    "metric",
    [
        "{label: 商談化リード数, count_distinct: contacts.lead_id}",
        "{label: Calls, count_distinct: contacts.lead_id}",
        "{label: コール数, ratio: a / b}",
        "{label: コール数, reported: crm.visits, value: n, every: week, unit: '%'}",
        "{label: 差, derived: a - b}",
        "{label: 差, derived: -a + b}",
        "{label: 合計, derived: a + c}",
        "{label: calls, count_distinct: nowhere.id}",
        "{label: 合計, derived: a + nowhere}",
        "{label: 循環, derived: x + x}",
    ],
)
def test_what_is_no_plain_count_of_work_is_no_workload(metric: str) -> None:
    more = "  a: {label: コール数, count: contacts}\n  b: {label: Emails sent, count: contacts}\n  c: {count: leads}\n"
    assert codes(star(f"  x: {metric}\n{more}"), "N102") == []


def test_a_metric_without_a_way_is_judged_by_nobody() -> None:
    assert codes(star("  x: {label: コール数}\n"), "N102", "N103", "N108", "N109") == []
    assert codes(star("  x: {derived: a + a}\n  a: {label: 累計}\n"), "N102", "N109") == []


# N103: the articles' other trap


@pytest.mark.parametrize(
    "metric",
    [
        "{label: 売上, sum: orders.amount}",
        "{label: Sales, sum: orders.total}",
        "{label: 月間売上, reported: crm.sales, value: n, every: month, nature: flow}",
        "{label: 粗利, derived: a - b}",
        "{label: 累計売上, cumulative: a}",
        "{label: Something, sum: orders.price}",
    ],
)
def test_revenue_alone_is_asked_about(metric: str) -> None:
    text = star(f"  x: {metric}\n  a: {{sum: orders.amount}}\n  b: {{sum: orders.cost}}\n")
    assert codes(text, "N103") == ["N103"]


@pytest.mark.parametrize(
    "metric", ["{count: leads}", "{avg: orders.amount}", "{ratio: a / b}", "{label: 売上件数, count: orders}"]
)
def test_what_is_no_flow_of_money_is_no_revenue(metric: str) -> None:
    text = star(f"  x: {metric}\n  a: {{sum: orders.amount}}\n  b: {{count: orders}}\n")
    assert codes(text, "N103") == []


def test_new_recurring_revenue_is_a_flow_of_money_and_what_recurs_at_a_date_is_not() -> None:
    metrics = "  revenue: {recurring: subs}\n"
    assert codes(star(metrics, "{metric: revenue.new_mrr}"), "N103") == ["N103"]
    assert codes(star(metrics, "{metric: revenue.mrr}"), "N103") == []


# N104

TIED = "tree: {o: previous + y}\ninfluences: [{from: x, to: y}]\n"


@pytest.mark.parametrize(
    ("north", "rest", "case"),
    [
        ("{metric: x}", TIED, [(16, "none")]),
        ("{metric: x, outcomes: [x]}", TIED, [(16, "none")]),
        ("{metric: x, outcomes: [o, z]}", "", [(16, "apart")]),
        ("{metric: x, outcomes: [o]}", "influences: [{from: o, to: x}]\n", [(16, "apart")]),
        ("{metric: x, outcomes: [o, z]}", TIED, []),
    ],
)
def test_the_star_leads_to_an_outcome(north: str, rest: str, case: list[tuple[int, str]]) -> None:
    metrics = "  x: {count: leads}\n  y: {count: orders}\n  o: {sum: orders.amount}\n"
    assert found(star(metrics, north, rest), "N104") == case


# N105


def load(
    table: str, *, rows: int = 5, known_until: date | None = date(2026, 5, 8), longest_gap: int = 3, late_by: int = 0
) -> Load:
    return Load(
        table, "crm", ("f.csv",), ("0",), "0", rows, known_until=known_until, longest_gap=longest_gap, late_by=late_by
    )


def series(metric: str, *values: int | None) -> Series:
    months = [Period(date(2026, n, 1), date(2026, n + 1, 1)) for n in range(1, len(values) + 1)]
    known = [None if value is None else Fraction(value) for value in values]
    return Series(Meaning(metric, Nature.FLOW), Grain.MONTH, tuple(map(Point, months, known)), TODAY)


def measured(text: str, loads: dict[str, Load], *every: Series) -> list[tuple[str, str]]:
    facts = replace(facts_of(text), loads=loads, series={(each.metric, each.grain): each for each in every})
    return judged(facts)


def judged(facts: Facts) -> list[tuple[str, str]]:
    problems = judge(facts, [north_star.measurable_now])
    for problem in problems:
        assert_said(problem)
    return [(problem.code, str(problem.args["case"])) for problem in problems]


WEEKLY = "kpis: {x: {owner: a, cadence: weekly}}\n"


def test_the_star_has_rows_a_reading_and_a_fresh_source() -> None:
    text = star("  x: {count: leads}\n", rest=WEEKLY)
    fresh, stale = load("leads"), load("leads", known_until=date(2026, 4, 28))
    assert measured(text, {"leads": fresh}, series("x", 3, 4)) == []
    assert measured(text, {}, series("x", 3)) == []  # the L code says why
    assert measured(text, {"leads": load("leads", rows=0)}, series("x", 3)) == [("N105", "rows")]
    assert measured(text, {"leads": fresh}, series("x", None)) == [("N105", "reading")]
    assert measured(text, {"leads": stale}, series("x", 3)) == [("N105", "stale")]
    assert measured(star("  y: {count: leads}\n"), {}) == []


def test_a_silence_that_the_table_knows_is_no_end_and_neither_is_one_that_lateness_explains() -> None:
    text = star("  x: {count: leads}\n", rest=WEEKLY)
    ended = date(2026, 4, 28)
    assert measured(text, {"leads": load("leads", known_until=ended, longest_gap=12)}, series("x", 3)) == []
    assert measured(text, {"leads": load("leads", known_until=ended, late_by=14)}, series("x", 3)) == []
    assert measured(text, {"leads": load("leads", known_until=None)}, series("x", 3)) == []
    long_ago = load("leads", known_until=date(2026, 1, 5), longest_gap=300)
    assert measured(text, {"leads": long_ago}, series("x", 3)) == [("N105", "stale")]


def test_days_off_are_no_silence() -> None:
    golden_week = ", ".join(f"2026-05-0{day}" for day in range(4, 9))
    text = f"days_off: [{golden_week}]\n" + star("  x: {count: leads}\n", rest=WEEKLY)
    assert measured(text, {"leads": load("leads", known_until=date(2026, 5, 1))}, series("x", 3)) == []


def test_what_is_typed_in_each_month_is_fresh_until_the_next_is_due() -> None:
    text = star("  x: {reported: crm.x, value: n, every: month}\n", rest=WEEKLY)
    assert measured(text, {"x": load("x", known_until=date(2026, 4, 1))}, series("x", 3)) == []
    assert measured(text, {"x": load("x", known_until=date(2026, 2, 1))}, series("x", 3)) == [("N105", "stale")]


def test_without_a_day_nothing_is_stale() -> None:
    facts = facts_of(star("  x: {count: leads}\n"))
    loads = {"leads": load("leads", known_until=date(2020, 1, 1))}
    assert judged(replace(facts, today=None, loads=loads, series={("x", Grain.MONTH): series("x", 1)})) == []


# N106

SHARED = "{by: 田中, on: 2026-04-01, growth: yes, shared: yes, actionable: yes}"
MEANING = "meaning: {ja: リードの数, en: Leads}"


@pytest.mark.parametrize(
    ("north", "cases"),
    [
        (f"{{metric: x, {MEANING}, confirmed: {{sales: {SHARED}}}}}", []),
        (f"{{metric: x, confirmed: {{sales: {SHARED}}}}}", ["meaning"]),
        (f"{{metric: x, meaning: {{ja: リード}}, confirmed: {{sales: {SHARED}}}}}", ["language"]),
        (f"{{metric: x, meaning: {'あ' * 140}, confirmed: {{sales: {SHARED}}}}}", []),
        (f"{{metric: x, meaning: {'あ' * 141}, confirmed: {{sales: {SHARED}}}}}", ["length"]),
        (f"{{metric: x, meaning: {{}}, confirmed: {{sales: {SHARED}}}}}", ["language"]),
        (f"{{metric: x, {MEANING}}}", ["unconfirmed"]),
        (f"{{metric: x, {MEANING}, confirmed: {{sales: {{shared: no}}}}}}", ["refused"]),
    ],
)
def test_everyone_can_say_what_the_star_means(north: str, cases: list[str]) -> None:
    text = star("  x: {count: leads}\n", north, "departments: {sales: {owns: [x]}}\n")
    assert [case for _, case in found(text, "N106")] == cases


def test_a_department_without_a_tie_to_the_star_is_named() -> None:
    text = star(
        "  x: {count: leads}\n  y: {count: orders}\n", f"{{metric: x, {MEANING}, confirmed: {{sales: {SHARED}}}}}"
    )
    for owns in ("[y]", "[]"):
        assert found(f"{text}departments: {{sales: {{owns: {owns}}}}}\n", "N106") == [(16, "untied")]
    tied = "departments: {sales: {owns: [y]}}\ninfluences: [{from: y, to: x}]\n"
    assert found(text + tied, "N106") == []


# N107

DRIVERS = "  x: {count: leads}\n  a: {count: orders}\n  b: {count: contacts}\n  r: {ratio: a / b}\n"
OWNED = "kpis: {a: {owner: 田中, cadence: weekly}, b: {owner: 佐藤}}\n"


@pytest.mark.parametrize(
    ("rest", "cases"),
    [
        (OWNED, ["none"]),
        ("tree: {x: a + b}\n" + OWNED, []),
        ("influences: [{from: a, to: x}]\n" + OWNED, []),
        ("tree: {x: a + r}\n" + OWNED, []),
        ("tree: {x: a * 3}\n" + OWNED, ["width"]),
        ("tree: {x: previous + a - b}\n" + OWNED, []),
        ("tree: {x: a + b, b: x}\n" + OWNED, ["width"]),
        ("tree: {x: a + b}\nkpis: {a: {owner: 田中, cadence: weekly}}\n", ["owner"]),
        ("tree: {x: a + b}\nkpis: {a: {owner: 田中, cadence: daily}, b: {owner: [佐藤, 鈴木]}}\n", ["owner"]),
        ("tree: {x: a + b}\nkpis: {a: {owner: 田中, cadence: monthly}, b: {owner: 佐藤}}\n", ["slow"]),
        ("tree: {x: a + x}\n" + OWNED, []),
    ],
)
def test_the_star_turns_into_action(rest: str, cases: list[str]) -> None:
    assert [case for _, case in found(star(DRIVERS, rest=rest), "N107")] == cases


def test_a_level_of_six_is_too_wide_and_one_of_five_is_not() -> None:
    metrics = "  x: {count: leads}\n" + "".join(f"  {name}: {{count: orders}}\n" for name in "abcdef")
    kpis = "kpis:\n" + "".join(f"  {name}: {{owner: 田中, cadence: weekly}}\n" for name in "abcdef")
    assert found(star(metrics, rest="tree: {x: a + b + c + d + e}\n" + kpis), "N107") == []
    assert found(star(metrics, rest="tree: {x: a + b + c + d + e + f}\n" + kpis), "N107") == [(21, "width")]


# N108, N109, N110


@pytest.mark.parametrize(
    ("metric", "expresses"),
    [
        ("{count: leads}", False),
        ("{sum: orders.amount}", False),
        ("{cumulative: plain}", False),
        ("{count: leads, where: kind = 'a'}", True),
        ("{count_distinct: leads.lead_id}", True),
        ("{count: deals, at: closed}", True),
        ("{count: deals}", True),
        ("{active: leads, within: 28 days}", True),
        ("{conversion: leads, to: filtered, within: 30 days}", True),
        ("{ratio: filtered / plain}", True),
        ("{reported: crm.nps, value: n, every: month}", True),
    ],
)
def test_a_star_says_who_gets_what(metric: str, *, expresses: bool) -> None:
    more = "  plain: {count: leads}\n  filtered: {count: leads, where: kind = 'a'}\n"
    assert codes(star(f"  x: {metric}\n{more}"), "N108") == [] if expresses else ["N108"]


@pytest.mark.parametrize(
    ("metric", "rises"),
    [
        ("{cumulative: plain}", True),
        ("{derived: total + total}", True),
        ("{label: 累計登録者数, reported: crm.total, value: n, every: month}", True),
        ("{label: Sign-ups to date, count: leads}", True),
        ("{stock: seats}", True),
        ("{stock: rooms}", False),
        ("{count: leads}", False),
        ("{derived: total - plain}", False),
        ("{derived: total + plain}", False),
    ],
)
def test_a_star_can_go_down(metric: str, *, rises: bool) -> None:
    more = "  plain: {count: leads}\n  total: {label: 累計リード数, count: leads}\n"
    assert codes(star(f"  x: {metric}\n{more}"), "N109") == (["N109"] if rises else [])


@pytest.mark.parametrize(
    ("north", "cases"),
    [("{metric: x}", ["none"]), ("{metric: x, guardrail: x}", ["same"]), ("{metric: x, guardrail: y}", [])],
)
def test_a_star_has_another_metric_for_a_guardrail(north: str, cases: list[str]) -> None:
    text = star("  x: {count: leads}\n  y: {count: orders}\n", north)
    assert [case for _, case in found(text, "N110")] == cases


# N111


@pytest.mark.parametrize(
    ("answer", "cases"),
    [
        ("{by: 田中, on: 2026-04-01, growth: yes, shared: yes, actionable: yes}", []),
        ("{by: 田中, on: 2025-05-12, growth: yes, shared: yes, actionable: yes}", []),
        ("{by: 田中, on: 2025-05-11, growth: yes, shared: yes, actionable: yes}", ["again"]),
        ("{by: 田中, on: 2026-04-01, growth: no, shared: yes, actionable: no}", ["refused"]),
        ("{on: 2024-04-01}", ["again", "missing"]),
    ],
)
def test_people_are_asked_and_asked_again_after_a_year(answer: str, cases: list[str]) -> None:
    north = f"{{metric: x, because: 成長の核だから, confirmed: {{sales: {answer}}}}}"
    assert [case for _, case in found(star("  x: {count: leads}\n", north), "N111")] == cases


def test_without_a_reason_people_are_asked_for_it_and_it_is_no_warning() -> None:
    problems = [problem for problem in check_text(star("  x: {count: leads}\n")) if problem.code == "N111"]
    assert [(problem.args["case"], problem.severity) for problem in problems] == [("because", Severity.INFO)]


def test_without_a_star_that_is_defined_only_that_is_said() -> None:
    for north in ("{metric: nowhere}", "[{metric: x}, {metric: x}]"):
        said = {problem.code for problem in check_text(star("  x: {count: leads}\n", north)) if problem.code[0] == "N"}
        assert said <= {"N101"}
