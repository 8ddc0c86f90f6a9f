"""Money that comes or goes with a count: what says so, what is drawn, and how it is told."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from fractions import Fraction

import numpy as np
import pytest

from foretelling import series_of
from shinro.analysis.forecast import Kind
from shinro.analysis.forecast_average import averages, bring
from shinro.analysis.forecast_ground import Ground, formula_of
from shinro.analysis.forecast_made import Running, World
from shinro.analysis.forecast_models import Array
from shinro.analysis.forecast_paired import Paired, alike, in_average_ones
from shinro.analysis.forecast_partners import pairings, partners
from shinro.analysis.forecast_past import ODD, Past
from shinro.analysis.forecast_told import forecast
from shinro.analysis.forecast_tree import streams
from shinro.analysis.forecast_world import world
from shinro.definitions.expression import Binary, Name
from shinro.definitions.grammar import formula
from shinro.definitions.meaning import meanings
from shinro.definitions.project import Project, read_project
from shinro.findings.forecasts import Remark
from shinro.periods import Grain
from shinro.reports.forecasts import remark_texts
from shinro.reports.readings import Telling
from shinro.reports.words import words
from shinro.series import Nature

CAME = [3, 5, 2, 4, 6, 3, 5, 4, 6, 5, 4, 7, 5, 6]
WENT = [0, 1, 0, 2, 0, 1, 1, 0, 2, 1, 0, 1, 2, 1]
TEXT = """
company: A
currency: JPY
sources: {crm: {type: files, path: "*.csv"}}
tables:
  subs: {from: crm.subs, key: id, time: day}
  paid: {from: crm.paid, key: id, time: day}
  terms: {from: crm.terms, entity: company, starts: s, ends: e, amount: a}
metrics:
  come: {count: subs, label: Came}
  gone: {count: subs, where: left}
  new_money: {sum: %s.amount, unit: JPY}
  lost_money: {sum: paid.amount, unit: JPY, where: left}
  there: {reported: paid}
  worth: {reported: paid}
  price: {ratio: new_money / come}
  spread: {ratio: worth / there}
  net: {derived: come - gone}
  total: {cumulative: net}
  revenue: {recurring: terms}
tree:
  there: previous + come - gone
  worth: previous + new_money - lost_money
  revenue.mrr: previous + revenue.new_mrr + revenue.expansion - revenue.churned_mrr
"""


def project_of(table: str = "subs") -> Project:
    return read_project(TEXT % table, "shinro.yaml")[0]


def rng() -> np.random.Generator:
    return np.random.default_rng(1)


def ground(price: float = 10.0, table: str = "subs", **flows: list[float]) -> Ground:
    given: dict[str, Sequence[float]] = {"come": CAME, "gone": WENT, "new_money": [price * n for n in CAME], **flows}
    stood, worth = [20.0], [200.0]
    for n in range(len(CAME)):
        stood.append(stood[-1] + given["come"][n] - given["gone"][n])
        lost = flows.get("lost_money", [worth[-1] * g / stood[-2] for g in WENT])[n]
        worth.append(worth[-1] + given["new_money"][n] - lost)
    given |= {"lost_money": [worth[n] * given["gone"][n] / stood[n] for n in range(len(CAME))]} | flows
    series = {name: series_of(name, values) for name, values in given.items()}
    series |= {name: series_of(name, each[1:], Nature.STOCK) for name, each in (("there", stood), ("worth", worth))}
    project = project_of(table)
    return Ground(project, meanings(project), series, project.calendar, Grain.MONTH, date(2026, 4, 30))


def test_what_each_of_a_few_brings_is_told_by_all_of_them() -> None:
    base = np.array([1.0, 4, 2, 0, 5, 1, 3, 2, 4, 2])
    each = averages(base * np.array([12.0, 9, 11, 1, 10, 8, 10, 11, 9, 10]), base, 3, rng(), 4000)
    assert each
    assert np.median(each.level) == pytest.approx(9.9, rel=0.05)
    spent = bring(np.tile([0.0, 1.0, 100.0], (4000, 1)), each, rng())
    assert not spent[:, 0].any()
    assert (spent[:, 2] / 100).std() < spent[:, 1].std()
    again = averages(base * 3_000.0, base, 3, rng(), 50)
    once = averages(base * 1.0, base, 3, rng(), 50)
    assert again
    assert once
    assert again.level == pytest.approx(once.level * 3_000)
    assert averages(np.zeros(9), base[:9], 3, rng(), 5) is None


def test_an_average_with_a_course_of_its_own_goes_on_from_where_it_is() -> None:
    base = np.full(12, 50.0)
    each = averages(base * 1.2 ** np.arange(12), base, 3, rng(), 1000)
    assert each
    assert np.median(each.level[:, 0]) > 1.2**10
    assert not each.apart.all()


@pytest.mark.parametrize(
    ("money", "found"),
    [
        ([10.0 * n for n in WENT], "gone"),
        ([10.0 * n + (0 if n else 1) for n in WENT], None),
        ([0.0] * 14, None),
        ([0.0, 900, 0, 1, 0, 1, 900, 0, 1, 900, 0, 900, 1, 1], None),
        ([-10.0 * n for n in WENT], None),
        ([10.0 * n for n in WENT][:7], None),
    ],
    ids=["in step", "there when the count is not", "never", "all apart", "below nothing", "short"],
)
def test_money_goes_with_a_count_where_it_moves_as_it_does(money: list[float], found: str | None) -> None:
    counts = {"gone": np.array(WENT[: len(money)], float), "come": np.array(CAME[: len(money)], float)}
    pair = alike(np.array(money), counts)
    assert (pair.count if pair else None) == found


def test_what_never_was_and_never_was_counted_goes_together() -> None:
    assert alike(np.zeros(9), {"gone": np.zeros(9)})


def test_money_that_left_is_so_many_average_ones() -> None:
    found = in_average_ones(np.array([50.0, 0, 5]), np.array([1000.0, 900, 0]), np.array([20.0, 19, 3]))
    assert found.tolist() == [1, 0, 0]


def company(**more: object) -> World:
    over, base = np.array(WENT, float), np.full(14, 40.0)
    pasts = {
        "come": Past(np.array(CAME, float), Kind.COUNT),
        "new_money": Past(np.array(CAME, float) * 10, Kind.AMOUNT),
        "gone": Past(over / base, Kind.SHARE, over, base),
        "lost_money": Past(over / base, Kind.SHARE, over * 10, base * 10),
    }
    made = World(
        pasts,
        {"there": formula("previous + come - gone"), "worth": formula("previous + new_money - lost_money")},
        {"there": 40.0, "worth": 400.0},
        {"gone": "there", "lost_money": "worth"},
        counts=frozenset({"come", "gone", "there"}),
        paired={
            "new_money": Paired("come", np.array(CAME) * 10.0, np.array(CAME, float)),
            "lost_money": Paired("gone", over, over),
        },
        steps=4,
        draws=600,
    )
    return replace(made, **more)  # type: ignore[arg-type]


def test_companies_and_their_money_go_together_on_every_path() -> None:
    found = streams(company(), ["worth", "there"])
    there, worth = found["there"].value[:, -1], found["worth"].value[:, -1]
    assert np.corrcoef(there, worth)[0, 1] > 0.9
    assert np.median(worth / there) == pytest.approx(10, rel=0.05)
    assert ((found["lost_money"].value > 0) == (found["gone"].value > 0)).all()
    assert ((found["new_money"].value > 0) == (found["come"].value > 0)).all()
    assert np.array_equal(streams(company(), ["worth"])["worth"].value, found["worth"].value)


def test_a_running_period_has_its_money_once() -> None:
    running = {"come": Running(2.0), "new_money": Running(30.0), "gone": Running(1.0), "lost_money": Running(50.0)}
    found = streams(company(running=running, left=0.0), ["worth", "there"])
    assert found["there"].value[:, 0] == pytest.approx(41)
    assert found["worth"].value[:, 0] == pytest.approx(380)


def test_money_whose_count_cannot_be_drawn_is_not_known() -> None:
    lacking = company(pasts={name: past for name, past in company().pasts.items() if name != "gone"})
    assert "worth" not in streams(lacking, ["worth"])
    assert "new_money" not in streams(company(pasts={}), ["new_money"])


@pytest.mark.parametrize("table", ["subs", "paid"])
def test_the_same_rows_are_the_same_events_and_else_their_pasts_say_so(table: str) -> None:
    made = ground(table=table)
    assert {name: pair.count for name, pair in pairings(made, ["worth", "new_money", "lost_money"])} == {
        "new_money": "come",
        "lost_money": "gone",
    }
    noise: list[float] = [7.0 + 60 * (n % 3 == 0) for n in range(14)]
    unlike = dict(pairings(ground(table=table, new_money=noise), ["new_money"]))
    assert set(unlike) == ({"new_money"} if table == "subs" else set())


def test_what_money_goes_with_is_measured_with_it() -> None:
    project = project_of()
    known = meanings(project)
    assert partners(project, ["worth", "new_money", "lost_money"], known) == ("come", "there", "gone")
    assert partners(project, ["come", "there"], known) == ()
    assert "revenue.churned_companies" in partners(project, ["revenue.churned_mrr"], known)
    assert "revenue.new_companies" in partners(project, ["revenue.new_mrr"], known)


def test_money_that_goes_with_a_count_leaves_in_proportion_to_what_stands() -> None:
    made = world(ground(), ["worth"], 6, 500)
    assert set(made.paired) == {"new_money", "lost_money"}
    assert made.leaving == {"gone": "there", "lost_money": "worth"}
    together = streams(world(ground(), ["worth", "there"], 6, 500), ["worth", "there"])
    assert np.array_equal(streams(made, ["worth"])["worth"].value, together["worth"].value)
    alone = ground(lost_money=[3.0] * 14)
    assert "lost_money" not in world(alone, ["worth"], 6).paired
    assert "lost_money" not in world(alone, ["worth"], 6).leaving


def test_it_is_told_which_count_money_goes_with() -> None:
    found = forecast(ground(), "worth", 3)
    assert found
    telling = Telling(words("en"), ground().project)
    counted = [Remark("come", f"forecast.{word}", {"n": 2}) for word in sorted(ODD - {"burst_last"})]
    assert all("2" in text for text in remark_texts(counted, telling))
    assert "new_money: so much of each of Came, of which it is the money." in remark_texts(found.remarks, telling)


def test_an_average_of_flows_is_apart_and_one_of_stocks_is_not() -> None:
    made = ground()
    ratios = {}
    for name, over, base in (("price", "new_money", "come"), ("spread", "worth", "there")):
        points = zip(made.points(over), made.points(base), strict=True)
        series = series_of(name, [1.0] * 14)
        rows = tuple(
            p._replace(value=(o.value or Fraction(0)) / (b.value or 1), over=o.value, base=b.value)
            for p, (o, b) in zip(series.points, points, strict=True)
        )
        ratios[name] = replace(series, meaning=made.meanings[name], points=rows)
    found = world(replace(made, series={**made.series, **ratios}), ["price", "spread"], 3)
    assert found.pasts["price"].apart
    assert not found.pasts["spread"].apart
    value: Array = streams(found, ["price"])["price"].value
    assert np.nanmedian(value) == pytest.approx(10, rel=0.05)


def test_a_sum_over_time_of_a_difference_is_what_came_and_what_left() -> None:
    there = formula_of(project_of(), "total")
    assert there == Binary("-", Binary("+", Name("previous"), Name("come")), Name("gone"))


def test_the_parts_of_recurring_revenue_go_together_by_definition_and_expansion_comes_of_what_stands() -> None:
    made = ground()
    flows = {
        "new_companies": CAME, "reactivated_companies": [0] * 14, "churned_companies": WENT,
        "new_mrr": [10 * n for n in CAME], "expansion": [4 + n % 3 for n in range(14)],
        "churned_mrr": [8 * n + 1 for n in WENT],
    }  # fmt: skip
    stocks = {"companies": [60 + 3 * n for n in range(14)], "mrr": [600 + 30 * n for n in range(14)]}
    series = {f"revenue.{name}": series_of(f"revenue.{name}", values) for name, values in flows.items()}
    series |= {f"revenue.{name}": series_of(f"revenue.{name}", each, Nature.STOCK) for name, each in stocks.items()}
    found = world(replace(made, series=series), ["revenue.mrr"], 6, 400)
    assert {name: each.count for name, each in found.paired.items()} == {
        "revenue.new_mrr": "revenue.new_companies",
        "revenue.churned_mrr": "revenue.churned_companies",
    }
    assert found.leaving["revenue.expansion"] == "revenue.mrr"
    paths = streams(found, ["revenue.mrr"])
    expansion = paths["revenue.expansion"]
    assert expansion.base is not None
    assert np.median(expansion.value / expansion.base) == pytest.approx(0.006, rel=0.3)
