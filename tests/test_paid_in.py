"""Which currency recurring revenue is told in, by what its filters keep."""

from __future__ import annotations

from datetime import date

import pytest

from measuring import project_of
from oracle import World
from shinro.definitions.meaning import meanings
from shinro.definitions.metric import Metric
from shinro.definitions.paid_in import paid_in
from shinro.definitions.project import Project
from shinro.loads import Strange
from shinro.queries.terms import terms_of, unknown_words
from subscribing import PROJECT, TYPES, parts, rows_of

WORDS = {"plan": ("EUR", "JPY", "usd")}


def told(where: str, more: str = "") -> tuple[Project, Metric]:
    """A recurring metric whose currencies stand in `plan`, with a filter."""
    text = PROJECT.format(currency="USD", ends_are="exclusive", more=f", currency: plan{more}")
    project = project_of(
        text.replace("recurring: subs", f'recurring: subs, where: "{where}"' if where else "recurring: subs")
    )
    metric = project.metric("revenue")
    assert metric is not None
    return project, metric


@pytest.mark.parametrize(
    ("where", "currency", "strange"),
    [
        ("", "USD", ("EUR", "JPY")),
        ("plan = 'EUR'", "EUR", ()),
        ("plan in ('eur', '€')", "EUR", ()),
        ("plan in ('eur', 'EUR')", "EUR", ()),
        ("'JPY' = subs.plan and amount > 0", "JPY", ()),
        ("amount > 0 and (plan = '円' and seats = 1)", "JPY", ()),
        ("plan = 'usd'", "USD", ()),
        ("plan != 'EUR'", "USD", ("JPY",)),
        ("plan in ('EUR', 'JPY')", "USD", ("EUR", "JPY")),
        ("plan = 'EUR' or seats = 1", "USD", ("EUR", "JPY")),
        ("plan = 'Taler'", "USD", ()),
        ("plan = 'EUR' and plan = 'JPY'", "USD", ()),
        ("plan is not null and status = 'EUR'", "USD", ("EUR", "JPY")),
        ("not plan in ('EUR', 'JPY')", "USD", ()),
    ],
)
def test_a_filter_that_keeps_one_currency_says_what_money_is_in(
    where: str, currency: str, strange: tuple[str, ...]
) -> None:
    project, metric = told(where)
    assert paid_in(project, metric) == currency
    terms = terms_of(project, metric)
    assert terms is not None
    assert terms.minor == (0 if currency == "JPY" else 2)
    known = meanings(project)
    assert (known["revenue.mrr"].currency, known["revenue.arpa"].currency) == (currency, currency)
    assert known["revenue.companies"].currency is None
    assert unknown_words(project, metric, WORDS) == (Strange("currencies", "plan", strange) if strange else None)


def test_the_tables_filter_says_it_too_and_rates_convert_what_is_kept() -> None:
    assert paid_in(*told("", ", where: plan = 'EUR'")) == "EUR"
    text = PROJECT.format(currency="USD", ends_are="exclusive", more=", currency: plan, rates: {EUR: eur}")
    text = text.replace("recurring: subs", "recurring: subs, where: plan = 'EUR'")
    project = project_of(text + "  eur: {reported: billing.rates, value: rate, every: month}\n")
    assert paid_in(project, project.metrics[next(iter(project.metrics))]) == "USD"


def test_money_of_the_currency_that_is_kept_is_counted() -> None:
    project, _ = told("plan = 'EUR'")
    rows = rows_of("company plan starts amount\nA EUR 2026-01-05 100\nB usd 2026-01-05 7\nC - 2026-02-01 9")
    found = parts(World(project, TYPES, {"subs": rows}, date(2026, 2, 28), date(2026, 2, 28)))[()]
    assert [found["mrr"][month] for month in ("2026-01-01", "2026-02-01")] == [100, 100]


@pytest.mark.parametrize(
    ("metric", "strange"),
    [
        ("sum: subs.amount", ("EUR", "JPY")),
        ("sum: subs.amount, where: plan = 'usd'", ()),
        ("sum: subs.amount, where: plan = 'EUR'", ("EUR",)),
        ("sum: subs.amount, where: plan = 'EUR', unit: EUR", ()),
        ("avg: subs.amount, where: plan != 'JPY', unit: €", ("usd",)),
        ("sum: subs.seats", ()),
        ("count: subs", ()),
    ],
)
def test_a_sum_adds_no_amounts_of_several_currencies(metric: str, strange: tuple[str, ...]) -> None:
    text = PROJECT.format(currency="USD", ends_are="exclusive", more=", currency: plan, rates: {EUR: eur}")
    project = project_of(f"{text}  eur: {{reported: b.rates, value: rate, every: month}}\n  taken: {{{metric}}}\n")
    found = project.metric("taken")
    assert found is not None
    assert unknown_words(project, found, WORDS) == (Strange("foreign", "plan", strange) if strange else None)
