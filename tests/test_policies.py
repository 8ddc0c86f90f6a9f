"""What counts as recurring revenue by option, what an amount is of, and how a subscription system writes it."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from measuring import Duck, Server, project_of
from oracle import Row, World
from shinro.definitions.meaning import meanings
from shinro.definitions.policies import POLICIES, misruled
from shinro.loads import Strange
from shinro.queries.terms import INTERVALS, SCALE, terms_of, unknown_words
from strategies import SOME
from subscribing import PROJECT, TYPES, Values, parts, rows_of

DAY = date(2026, 4, 30)


def whole(text: str, options: str = "", more: str = "", currency: str = "USD", table: str = "") -> Values:
    """Every part of the whole on 2026-03-31."""
    written = PROJECT.format(currency=currency, ends_are="exclusive", more=more)
    written = written.replace("{recurring: subs}", f"{{recurring: subs{options}}}")
    written = written.replace("every: every, quantity: seats", table or "every: every, quantity: seats")
    day = date(2026, 3, 31)
    return parts(World(project_of(written), TYPES, {"subs": rows_of(text)}, day, day))[()]


STATES = """
    company starts     amount status   trial
    A       2026-01-01 1000   active   -
    B       2026-01-01 200    paused   -
    C       2026-01-01 30     past_due -
    D       2026-01-01 4      trialing -
    E       2026-01-01 5      active   2026-03-20
    F       2026-03-31 0      active   -
"""


@pytest.mark.parametrize(
    ("options", "february", "march"),
    [
        ("", 1030, 1035),
        (", options: {pauses: count}", 1230, 1235),
        (", options: {past_due: 0}", 1000, 1005),
        (", options: {trials: count}", 1039, 1039),
        (", options: {pauses: 0, past_due: count, trials: 0}", 1030, 1035),
        (", options: {pauses: count, past_due: 0, trials: count}", 1209, 1209),
    ],
)
def test_each_option_counts_what_it_is_about(options: str, february: int, march: int) -> None:
    found = whole(STATES, options)
    assert [found["mrr"]["2026-02-01"], found["mrr"]["2026-03-01"]] == [february, march]
    assert [found["trials"]["2026-02-01"], found["trials"]["2026-03-01"]] == [2, 1]


def test_a_discounted_year_counts_at_what_is_paid_or_at_its_list_price() -> None:
    text = "company starts amount every seats\nA 2026-01-01 1000 year 1200"
    more, table = ", list_amount: seats", "every: every"
    assert whole(text, more=more, table=table)["arr"]["2026-01-01"] == 1000
    assert whole(text, ", options: {annual_discounts: list}", more, table=table)["arr"]["2026-01-01"] == 1200


@pytest.mark.parametrize("dialect", ["duckdb", "postgres"])
def test_a_row_without_a_list_price_counts_at_what_is_paid(dialect: str, server: Server) -> None:
    text = """
        company starts     ends amount every seats
        A       2026-01-01 -    960    year  1200
        B       2026-01-01 -    100    month -
        C       2026-02-01 -    -      month 70
    """
    written = PROJECT.format(currency="USD", ends_are="exclusive", more=", list_amount: seats")
    written = written.replace("quantity: seats, ", "").replace("subs}", "subs, options: {annual_discounts: list}}")
    events = written.replace("starts: starts", "time: starts").replace(
        ", list_amount", ", subscription: plan, list_amount"
    )
    day = date(2026, 3, 31)
    for project in (written, events):
        world = World(project_of(project), TYPES, {"subs": rows_of(text)}, day, day)
        found = parts(world, engine=server if dialect == "postgres" else Duck())[()]
        assert [found["mrr"][f"2026-0{month}-01"] for month in (1, 2, 3)] == [200, 270, 270]
        assert found["companies"]["2026-03-01"] == 3
    server.connection.rollback()


@pytest.mark.parametrize(("currency", "mrr"), [("USD", 20), ("JPY", 2000)])
def test_an_amount_can_be_of_the_smallest_unit(currency: str, mrr: int) -> None:
    text = "company starts amount\nA 2026-01-01 2000"
    assert whole(text, more=", amounts_in: minor", currency=currency)["mrr"]["2026-01-01"] == mrr


def test_tax_is_rounded_to_the_unit_that_amounts_are_in() -> None:
    text = "company starts amount\nA 2026-01-01 1999"
    found = whole(text, more=", amounts_in: minor, tax_included: 10%")
    assert found["mrr"]["2026-01-01"] == Fraction(1999 - 181, 100)


@pytest.mark.parametrize(
    ("every", "count", "mrr"),
    [("month", "3", 40), ("month", "1", 120), ("month", "-", 120), ("year", "2", 5), ("week", "1", 520),
     ("day", "73", 50), ("Month", "12", 10), ("day", "2", 1825), ("week", "20", 26), ("quarter", "10", 4),
     ("6_months", "-", 20), ("6_months", "1", 20), ("6_months", "2", 10), ("1_month", "2", 60), ("月", "2", 60),
     ("monthly", "1", 120), ("yearly", "2", 5), ("annual", "1", 10), ("3ヶ月", "２", 20), ("weekly", "1", 520),
     ("半年", "3", Fraction(20, 3)), ("daily", "-", 3650), ("1_year", "3", Fraction(10, 3)), ("-", "3", 120)],
)  # fmt: skip
def test_a_number_of_intervals_stands_in_a_column_of_its_own(every: str, count: str, mrr: int) -> None:
    text = f"company starts amount every plan\nA 2026-01-01 120 {every} {count}"
    assert whole(text, table="every: every, every_count: plan")["mrr"]["2026-01-01"] == mrr


def test_numbers_of_intervals_are_the_same_on_a_server(server: Server) -> None:
    rows = "company starts amount every plan\nA 2026-01-01 120 6_months 2\nB 2026-01-01 120 day 2\nC 2026-01-01 120 - 2"
    text = PROJECT.format(currency="USD", ends_are="exclusive", more="").replace(
        "every: every", "every: every, every_count: plan"
    )
    made = World(project_of(text), TYPES, {"subs": rows_of(rows)}, date(2026, 1, 31), date(2026, 1, 31))
    found = parts(made, engine=server)[()]["mrr"]
    server.connection.rollback()
    assert list(found.values()) == [10 + 1825 + 120]


MEANT = {
    "month": (1, "months"), "6 months": (6, "months"), "月": (1, "months"), "半年": (6, "months"),
    "1ヶ月": (1, "months"), "yearly": (12, "months"), "2 years": (2, "years"), "四半期": (1, "quarters"),
    "Weekly": (1, "weeks"), "day": (1, "days"),
}  # fmt: skip
BILLS = st.lists(
    st.fixed_dictionaries(
        {
            "company": st.sampled_from(("A", "B", "C")),
            "every": st.sampled_from((*MEANT, None)),
            "plan": st.sampled_from((None, "1", "2", "3", "4", "６")),
            "starts": st.integers(0, 80).map(lambda n: date(2026, 1, 1) + timedelta(days=n)),
            "ends": st.none() | st.integers(81, 120).map(lambda n: date(2026, 1, 1) + timedelta(days=n)),
            "amount": st.integers(0, 5000).map(Decimal),
        }
    ),
    max_size=6,
)


@SOME
@given(BILLS, st.sampled_from(("", ", options: {proration: daily}")))
def test_a_number_of_intervals_is_the_interval_written_out(bills: list[Row], options: str) -> None:
    blank: Row = dict.fromkeys(TYPES["subs"])
    counted: list[Row] = [{**blank, **bill} for bill in bills]
    written: list[Row] = [{**row, "every": _written(row["every"], row["plan"]), "plan": None} for row in counted]
    text = PROJECT.format(currency="USD", ends_are="exclusive", more="").replace(", dimensions: [plan]", "")
    text = text.replace("{recurring: subs}", f"{{recurring: subs{options}}}")
    plain = parts(World(project_of(text), TYPES, {"subs": written}, DAY, DAY))
    text = text.replace("every: every", "every: every, every_count: plan")
    assert parts(World(project_of(text), TYPES, {"subs": counted}, DAY, DAY)) == plain


def _written(every: object, count: object) -> str | None:
    if every is None:
        return None
    n, unit = MEANT[str(every)]
    return f"{n * int(str(count or 1))} {unit}"


def test_policies_travel_with_the_number_and_set_scans_apart() -> None:
    text = PROJECT.format(currency="USD", ends_are="exclusive", more="")
    text += "  other: {recurring: subs, options: {trials: count}}\n"
    project = project_of(text)
    known = meanings(project)
    assert known["revenue.mrr"].policy == (
        "annual_discounts: paid, proration: full, pauses: 0, past_due: count, trials: 0"
    )
    assert known["other.nrr"].policy == str(known["revenue.mrr"].policy).replace("trials: 0", "trials: count")
    found = [terms_of(project, metric) for metric in project.metrics.values()]
    assert len({each.normal for each in found if each}) == 2
    assert {name: choices[0] for name, choices in POLICIES.items()} == dict(found[0].policies if found[0] else ())


@pytest.mark.parametrize(
    ("rates", "currency", "cases"),
    [
        ("EUR: eur", ", currency: plan", []),
        ("eur: eur, XXX: eur", ", currency: plan", ["currency"]),
        ("EUR: revenue", ", currency: plan", ["rate"]),
        ("EUR: nothing, JPY: revenue.mrr", ", currency: plan", ["rate", "rate"]),
        ("EUR: eur", "", ["column"]),
    ],
)
def test_rates_that_mean_nothing_are_told(rates: str, currency: str, cases: list[str]) -> None:
    text = PROJECT.format(currency="USD", ends_are="exclusive", more=f"{currency}, rates: {{{rates}}}")
    project = project_of(text + "  eur: {reported: billing.rates, value: rate, every: month}\n")
    assert [(each.code, each.args["case"]) for each in misruled(project)] == [("Q155", case) for case in cases]


def test_every_interval_is_a_whole_number_of_parts() -> None:
    assert min(INTERVALS.values()) > 0
    assert [INTERVALS[word] for word in ("7months", "90days", "14days", "6years", "30日")] == [
        SCALE // 7, SCALE * 365 // (12 * 90), SCALE * 365 // (12 * 14), SCALE // 72, SCALE * 365 // 360,
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("values", "strange"),
    [
        ({"every": ("Month", "3 ヶ月", ""), "status": ("Past Due", "解約"), "cur": ("USD", "$", "")}, None),
        ({"every": ("month", "fortnight", "17 days")}, Strange("intervals", "every", ("fortnight", "17 days"))),
        ({"status": ("active", "Zombie")}, Strange("statuses", "status", ("Zombie",))),
        ({"cur": ("USD", "円")}, Strange("currencies", "cur", ("円",))),
    ],
)
def test_words_that_no_amount_can_be_told_from(values: dict[str, tuple[str, ...]], strange: Strange | None) -> None:
    project = project_of(PROJECT.format(currency="USD", ends_are="exclusive", more=", currency: cur"))
    metric = project.metric("revenue")
    assert metric is not None
    assert unknown_words(project, metric, values) == strange
    filtered = project_of(
        PROJECT.format(currency="USD", ends_are="exclusive", more=", currency: cur").replace(
            "{recurring: subs}", "{recurring: subs, where: every = 'a' or status = 'b' or cur = 'c'}"
        )
    )
    left = strange if strange and strange.kind == "currencies" else None  # some of it may be left
    assert unknown_words(filtered, filtered.metrics[next(iter(filtered.metrics))], values) == left


def test_a_number_of_intervals_that_makes_none_is_told() -> None:
    project = project_of(PROJECT.format(currency="USD", ends_are="exclusive", more=", every_count: n"))
    metric = project.metric("revenue")
    assert metric is not None
    for words, counts, unknown in (
        (("month",), ("3", "37", ""), ("37",)),
        (("6 months",), ("2", "7", "11", "1.5", "x"), ("11", "1.5", "x")),
        (("month", "week"), ("13", "12"), ("13",)),  # 13 weeks are told, 13 months are not
        (("day", "year"), ("365", "1"), ()),  # nobody means 365 years
        ((), ("3",), ()),
    ):
        strange = Strange("intervals", "n", unknown) if unknown else None
        assert unknown_words(project, metric, {"every": words, "n": counts}) == strange
