from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest

from checking import found
from measured import Value, judged, series, with_series
from shinro.checks import identities, shares, sums
from shinro.periods import Grain
from shinro.problems import Severity

HEAD = """\
currency: JPY
sources: {crm: {type: files, path: data/*.csv}}
tables:
  leads: {from: crm.leads, key: lead_id, time: created_at, entity: lead_id}
  contacts: {from: crm.contacts, key: contact_id, time: occurred_at}
  orders: {from: crm.orders, key: order_id, time: ordered_at, times: {paid: paid_at}, entity: customer_id}
  subs: {from: crm.subs, entity: company_id, starts: starts, ends: ends, amount: amount}
metrics:
  total: {count: leads}
  a: {count: leads, where: kind = 'a'}
  b: {count: leads, where: kind = 'b'}
  typed: {reported: crm.typed, value: v, every: month, nature: flow, unit: 件}
  calls: {label: コール数, count: contacts}
  replies: {count: contacts, where: outcome = 'reached'}
  meetings: {count: contacts, where: outcome = 'meeting'}
  reply_rate: {ratio: replies / calls}
  meeting_rate: {ratio: meetings / replies}
  lead_rate: {ratio: replies / total}
  typed_rate: {reported: crm.rate, value: v, every: month, unit: '%'}
  sales: {sum: orders.amount}
  orders: {count: orders}
  price: {avg: orders.amount}
  unit_price: {ratio: sales / orders}
  score: {reported: crm.nps, value: v, every: month}
  revenue: {recurring: subs}
  won: {conversion: total, to: orders, within: 30 days}
"""
SPLIT = HEAD + "tree: {total: a + b}\n"


def gap(text: str, **values: tuple[Value, ...]) -> list[tuple[object, ...]]:
    problems = judged(identities.identities_hold, with_series(text, values))
    keys = ("case", "period", "value", "made", "gap", "failed", "count")
    return [tuple(problem.args[key] for key in keys if key in problem.args) for problem in problems]


# T203


def test_a_gap_is_told_with_its_period_and_size() -> None:
    told = gap(SPLIT, total=(10, 12, 20), a=(4, 5, 6), b=(6, 6, 9))
    assert told == [("gap", "2025-03", "20", "15", "-5", 2, 3)]


def test_an_identity_that_holds_says_nothing_and_neither_does_one_without_its_series() -> None:
    assert gap(SPLIT, total=(10, 12), a=(4, 5), b=(6, 7)) == []
    assert gap(SPLIT, total=(10, 12), a=(4, 5)) == []


def test_undefined_is_no_error_and_a_period_that_is_not_over_is_not_judged() -> None:
    assert gap(SPLIT, total=(10, None, 7), a=(4, 5, None), b=(6, 6, 7)) == []
    facts = with_series(SPLIT, {"total": (10, 99), "a": (4, 5), "b": (6, 7)})
    young = series(facts, "total", 10, 99, open_end=True)
    known = dict(facts.series or {}) | {("total", Grain.MONTH): young}
    assert judged(identities.identities_hold, replace(facts, series=known)) == []


def test_measured_is_exact_and_typed_in_has_a_thousandth() -> None:
    assert len(gap(SPLIT, total=(10000,), a=(4000,), b=(5999,))) == 1
    typed = HEAD + "tree: {typed: a + b}\n"
    assert gap(typed, typed=(10000,), a=(4000,), b=(5990,)) == []
    assert len(gap(typed, typed=(10000,), a=(4000,), b=(5989,))) == 1
    assert len(gap(HEAD + "tree: {total: a + typed}\n", total=(1000,), a=(400,), typed=(500,))) == 1


def test_a_stock_is_recomputed_from_the_period_before_and_the_first_has_none() -> None:
    text = HEAD + "tree: {revenue.companies: previous + revenue.new_companies - revenue.churned_companies}\n"
    flows: dict[str, tuple[Value, ...]] = {"revenue.new_companies": (5, 2, 3), "revenue.churned_companies": (0, 1, 1)}
    assert gap(text, **{"revenue.companies": (3, 4, 6)}, **flows) == []
    told = gap(text, **{"revenue.companies": (3, 4, 7)}, **flows)
    assert told == [("gap", "2025-03", "7", "6", "-1", 1, 2)]


def test_another_metric_is_looked_back_at() -> None:
    text = HEAD + "tree: {total: previous(a) + b}\n"
    assert gap(text, total=(1, 9, 11), a=(4, 5, 6), b=(1, 5, 6)) == []
    assert len(gap(text, total=(1, 9, 12), a=(4, 5, 6), b=(1, 5, 6))) == 1


def test_a_value_without_an_exact_decimal_is_shown_to_four_places() -> None:
    told = gap(HEAD + "tree: {total: a / b}\n", total=(1,), a=(1,), b=(3,))
    assert told == [("gap", "2025-01", "1", "0.3333", "-0.6667", 1, 1)]


def test_a_gap_is_told_once_at_its_finest_grain() -> None:
    facts = with_series(SPLIT, {"total": (10,), "a": (4,), "b": (5,)})
    weekly = with_series(SPLIT, {"total": (3,), "a": (1,), "b": (1,)}, Grain.WEEK)
    both = replace(facts, series={**(facts.series or {}), **(weekly.series or {})})
    assert [problem.args["period"] for problem in judged(identities.identities_hold, both)] == ["2024-12-30"]


def test_what_holds_by_definition_is_labelled_once_and_never_verified() -> None:
    text = HEAD + "tree: {meetings: calls * reply_rate * meeting_rate}\n"
    facts = with_series(text, {"meetings": (4, 5)})
    (label,) = judged(identities.identities_hold, facts)
    assert (label.args["case"], label.severity) == ("definition", Severity.INFO)


# T204


@pytest.mark.parametrize(
    ("identity", "cases"),
    [
        ("meetings: calls * reply_rate * meeting_rate", []),
        ("meetings: meeting_rate * reply_rate * calls", []),
        ("meetings: total * reply_rate * meeting_rate", ["broken"]),
        ("meetings: total * lead_rate * meeting_rate", []),
        ("meetings: calls * meeting_rate", ["broken"]),
        ("meetings: calls * reply_rate", ["end"]),
        ("meetings: calls * typed_rate * meeting_rate", ["typed"]),
        ("sales: calls * reply_rate * price", []),
        ("sales: total * reply_rate * price", ["broken"]),
        ("sales: orders * unit_price", []),
        ("unit_price: sales / orders", []),
        ("won: lead_rate * meeting_rate", ["end"]),
        ("orders: total * won", []),
        ("price: reply_rate * meeting_rate", []),
        ("price: lead_rate * reply_rate", ["broken"]),
        ("revenue.mrr: revenue.companies * revenue.arpa", []),
        ("calls: replies / reply_rate", []),
        ("calls: meetings / reply_rate", ["broken"]),
        ("total: a + b", []),
        ("total: calls * 2", []),
        ("total: calls * nowhere * reply_rate", []),
        ("total: a", []),
    ],
)
def test_the_numerator_of_one_rate_is_the_denominator_of_the_next(identity: str, cases: list[str]) -> None:
    assert [case for _, case in found(f"{HEAD}tree: {{{identity}}}\n", "T204")] == cases


def test_a_ratio_of_sums_and_an_ending_at_a_table_have_parts_too() -> None:
    more = "  r: {ratio: a / (a + b)}\n  c: {conversion: total, to: {table: orders, at: paid}, within: 9 days}\n"
    assert found(f"{HEAD}{more}tree: {{a: total * r}}\n", "T204") == [(29, "broken")]
    assert found(f"{HEAD}{more}tree: {{orders: total * c}}\n", "T204") == []


def test_active_users_stand_in_a_product_like_any_count() -> None:
    more = "  mau: {active: orders}\n  payers: {active: orders, where: paid}\n  share: {ratio: payers / mau}\n"
    assert found(f"{HEAD}{more}tree: {{payers: mau * share}}\n", "T204") == []
    assert found(f"{HEAD}{more}tree: {{payers: total * share}}\n", "T204") == [(30, "broken")]


def test_the_rates_of_a_funnel_lead_from_step_to_step() -> None:
    more = "  f: {funnel: leads, steps: {x: kind = 'x', y: kind = 'y', z: kind = 'z'}}\n"
    assert found(f"{HEAD}{more}tree: {{f.z: f.x * f.y_rate * f.z_rate}}\n", "T204") == []
    assert found(f"{HEAD}{more}tree: {{f.z: f.x * f}}\n", "T204") == []
    assert [case for _, case in found(f"{HEAD}{more}tree: {{f.z: f.x * f.z_rate}}\n", "T204")] == ["broken"]


def test_a_conversion_leads_from_those_who_could_to_those_who_did() -> None:
    more = "  c: {conversion: total, to: a, within: 9 days}\n"
    assert found(f"{HEAD}{more}tree: {{a: total * c}}\n", "T204") == []


def test_a_metric_that_is_another_one_by_another_name_is_that_one() -> None:
    """Here and in a ratio, on either side; not where it is made of something more."""
    more = "  f: {funnel: leads, steps: {x: kind = 'x', y: kind = 'y', z: kind = 'z'}}\n  buyers: {derived: f.z}\n"
    more += "  payers: {derived: buyers}\n  half: {derived: f.y_rate}\n  twice: {derived: 2 * f.z}\n"
    more += "  share: {ratio: payers / f.x}\n  round: {derived: ring}\n  ring: {derived: round}\n"
    for identity in ("buyers: f.x * f.y_rate * f.z_rate", "payers: f.x * half * f.z_rate", "f.z: f.x * share"):
        assert found(f"{HEAD}{more}tree: {{{identity}}}\n", "T204") == []
    for identity in ("buyers: f.x * half", "twice: f.x * f.y_rate * f.z_rate"):
        assert [case for _, case in found(f"{HEAD}{more}tree: {{{identity}}}\n", "T204")] == ["end"]
    assert found(f"{HEAD}{more}tree: {{ring: round * f.y_rate}}\n", "T204") != []


# T205


@pytest.mark.parametrize(
    ("text", "cases"),
    [
        ("  x: {derived: sales + total}\n", ["sum"]),
        ("  x: {derived: sales - 100円}\n", []),
        ("  x: {derived: sales + 100}\n", []),
        ("  x: {derived: 'mean(sales, 3) - previous(sales, 2)'}\n", []),
        ("  x: {derived: 'positive(sales) + mean(total, 3)'}\n", ["sum"]),
        ("  x: {derived: 'cmgr(sales, 12) + reply_rate'}\n", []),
        ("  x: {derived: total + 5%}\n", ["sum"]),
        ("  x: {derived: total + calls}\n", []),
        ("  x: {derived: score + total}\n", []),
        ("  x: {derived: typed + sales}\n", ["sum"]),
        ("  x: {derived: score * total + sales}\n", []),
        ("  x: {derived: price + sales}\n", ["sum"]),
        ("  x: {derived: price + unit_price}\n", []),
        ("  x: {derived: 'greatest(sales, total)'}\n", ["sum"]),
        ("  x: {derived: abs(sales) + -orders}\n", ["sum"]),
        ("  x: {derived: 1 - reply_rate}\n", []),
        ("  x: {derived: nowhere + sales}\n", []),
        ("  x: {ratio: (sales + total) / total}\n", ["sum"]),
        ("  x: {derived: y + sales}\n  y: {derived: x + total}\n", []),
        ("tree: {sales: orders * price}\n", []),
        ("tree: {sales: orders * unit_price}\n", []),
        ("tree: {sales: 2 * sales}\n", []),
        ("tree: {sales: total + orders}\n", ["node"]),
        ("tree: {sales: previous + orders}\n", ["sum"]),
        ("tree: {sales: total * typed}\n", []),
        ("tree: {revenue.mrr: revenue.companies * revenue.arpa}\n", []),
        ("tree: {total: previous(total) + a}\n", []),
    ],
)
def test_units_agree(text: str, cases: list[str]) -> None:
    assert [case for _, case in found(HEAD + text, "T205")] == cases


def test_a_clash_stands_at_its_sign() -> None:
    text = HEAD + "  x: {derived: sales + total}\n"
    facts = with_series(text, {})
    (clash,) = judged(sums.units_agree, facts)
    assert text.split("\n")[clash.place.line - 1][clash.place.column - 1] == "+"
    assert (clash.args["left_unit"], clash.args["right_unit"]) == ("JPY", "lead_id")


# T206

SHARES = (
    HEAD
    + """\
  paid: {count: orders, at: paid}
  paid_rate: {ratio: paid / orders}
  one: {count: orders, where: stage = 'won'}
  two: {count: orders, where: "stage in ('won', 'lost')"}
  inner: {ratio: one / two}
  outer: {ratio: two / one}
  buyers: {count_distinct: orders.customer_id}
  per_buyer: {ratio: orders / buyers}
  odd: {ratio: (a + b) / total}
  strict: {ratio: strict_one / two}
  strict_one: {count: orders, where: "stage = 'won' and size > 5"}
  not_in: {count: orders, where: "stage not in ('won', 'lost')"}
  excluded: {ratio: not_in / two}
  same: {ratio: two / two}
  everything: {ratio: two / orders}
  amounts: {ratio: sales / sales}
  stated: {ratio: calls / total, unit: '%'}
"""
)


@pytest.mark.parametrize(
    ("metric", "severity"),
    [
        ("inner", Severity.ERROR),
        ("strict", Severity.ERROR),
        ("same", Severity.ERROR),
        ("everything", Severity.ERROR),
        ("won", Severity.ERROR),
        ("paid_rate", Severity.WARNING),
        ("odd", Severity.WARNING),
        ("amounts", Severity.WARNING),
        ("stated", Severity.WARNING),
        ("outer", None),  # no part of it, and so no share
        ("excluded", None),
        ("per_buyer", None),
        ("unit_price", None),
        ("total", None),
    ],
)
def test_a_share_stays_inside(metric: str, severity: Severity | None) -> None:
    facts = with_series(SHARES, {metric: (Fraction(1, 2), None, Fraction(422, 100), Fraction(3, 2))})
    told = [
        (p.severity, p.args["value"], p.args["period"], p.args["count"])
        for p in judged(shares.shares_stay_inside, facts)
    ]
    assert told == ([] if severity is None else [(severity, "422.0", "2025-03", 2)])


def test_a_share_inside_says_nothing_and_one_below_zero_does() -> None:
    assert judged(shares.shares_stay_inside, with_series(SHARES, {"inner": (0, 1, None)})) == []
    assert len(judged(shares.shares_stay_inside, with_series(SHARES, {"inner": (Fraction(-1, 9),)}))) == 1
