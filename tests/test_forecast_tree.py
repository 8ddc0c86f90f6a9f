"""Trees path by path: products, stocks that empty and stocks that do not, running periods, what cannot be drawn."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from fractions import Fraction

import numpy as np
import pytest

from foretelling import TEXT, ground_of, milestone, month, project_of, series_of
from shinro.analysis.forecast import Kind
from shinro.analysis.forecast_formula import can_be_drawn, leavers
from shinro.analysis.forecast_ground import Ground, formula_of
from shinro.analysis.forecast_joint import Stream
from shinro.analysis.forecast_made import Running, World
from shinro.analysis.forecast_past import Past, drawn, past
from shinro.analysis.forecast_read import read
from shinro.analysis.forecast_season import season
from shinro.analysis.forecast_told import backtest, forecast
from shinro.analysis.forecast_tree import leaves, streams
from shinro.analysis.forecast_world import kind_of, world
from shinro.analysis.probability import odds
from shinro.definitions.expression import Compare, Name
from shinro.definitions.grammar import formula
from shinro.definitions.meaning import meanings
from shinro.definitions.unfolding import Unfolding, unfold
from shinro.findings.forecasts import How
from shinro.periods import Grain
from shinro.series import Meaning, Nature
from shinro.units import NUMBER, count, money, score

TEN = [10.0] * 12
FLOWS = {"come": [5, 7, 6, 8, 7, 9, 8, 10, 9, 11, 10, 12, 11, 12], "gone": [1, 0, 2, 1, 1, 2, 1, 2, 1, 2, 2, 1, 2, 2]}


def own(values: list[float], kind: Kind = Kind.AMOUNT) -> Past:
    found = past(values, kind)
    assert found
    return found


def small(**more: object) -> World:
    base = World({"a": own(TEN), "b": own([4.0] * 12)}, steps=3, draws=50)
    return replace(base, **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("a + b", 14),
        ("a - b", 6),
        ("a * b", 40),
        ("a / b", 2.5),
        ("-a + 3", -7),
        ("2 * (a / b)", 5),
        ("a / (b - b)", None),
    ],
)
def test_a_formula_is_computed_on_every_path(text: str, value: float | None) -> None:
    made = small(formulas={"x": formula(text)})
    found = streams(made, ["x", "a", "b"])
    a, b = found["a"].value, found["b"].value
    with np.errstate(divide="ignore", invalid="ignore"):
        meant = {
            "a + b": a + b,
            "a - b": a - b,
            "a * b": a * b,
            "a / b": a / b,
            "-a + 3": 3 - a,
            "2 * (a / b)": 2 * a / b,
        }.get(text)
    if value is None or meant is None:
        assert np.isnan(found["x"].value).all()
    else:
        assert np.allclose(found["x"].value, meant)
        assert abs(float(np.median(found["x"].value)) - value) < 0.1


def test_a_count_times_shares_is_counted_down() -> None:
    over, base = np.full(12, 20.0), np.full(12, 100.0)
    pasts = {"calls": own([100.0] * 12, Kind.COUNT), "rate": Past(over / base, Kind.SHARE, over, base)}
    made = World(pasts, {"won": formula("calls * rate")}, counts=frozenset({"won", "calls"}), steps=3, draws=400)
    found = streams(made, ["won"])["won"].value
    assert (found == np.rint(found)).all()
    assert abs(float(found.mean()) - 20) < 1.5
    assert 2 < float(found.std()) < 8


def test_a_stock_of_money_that_is_spent_may_fall_below_nothing() -> None:
    made = small(formulas={"cash": formula("previous + b - a")}, stocks={"cash": 5.0})
    found = streams(made, ["cash"])["cash"].value
    assert np.allclose(np.median(found, axis=0), [-1, -7, -13], atol=0.2)


def test_what_leaves_is_known_as_a_flow_or_not_at_all() -> None:
    over, base = np.full(12, 5.0), np.full(12, 50.0)
    pasts = {"come": own([4.0] * 12, Kind.COUNT), "gone": Past(over / base, Kind.SHARE, over, base)}
    made = World(
        pasts, {"s": formula("previous + come - gone")}, {"s": 100.0}, {"gone": "s"},
        shared={"rate": "gone"}, running={"gone": Running(3.0)}, left=0.5,
        counts=frozenset({"s", "come", "gone"}), steps=2, draws=300,
    )  # fmt: skip
    found = streams(made, ["gone", "rate"])
    assert abs(float(found["gone"].value[:, 0].mean()) - 8) < 1
    base_of = found["rate"].base
    assert base_of is not None
    assert np.allclose(found["rate"].value, found["gone"].value / base_of)
    assert "gone" not in streams(replace(made, pasts={"gone": pasts["gone"]}), ["gone"])
    assert "s" not in streams(replace(made, pasts={"come": pasts["come"]}), ["s"])


def test_what_a_driver_lacks_leaves_all_above_it_unknown() -> None:
    made = small(formulas={"x": formula("a * c"), "round": formula("round + a")})
    assert "x" not in streams(made, ["x"])
    assert "round" not in streams(made, ["round"])
    assert leaves(made, ["x"]) == ("a", "c")


def test_all_that_a_formula_may_say_can_be_drawn_and_what_leaves_a_stock_is_seen() -> None:
    assert can_be_drawn(formula("previous + a * 2 - least(b, previous(a), mean(a, 3))"))
    assert not can_be_drawn(Compare("=", Name("a"), Name("b")))
    assert list(leavers(formula("previous + a - b + c - d"))) == ["d", "b"]
    assert list(leavers(formula("a * b"))) == []


FORMULAS = (
    "previous(a)", "previous(a, 3)", "mean(a, 3)", "cmgr(a, 2)", "least(a, b, 11)", "greatest(a, -b)", "abs(b - a)",
    "positive(b - a)", "coalesce(positive(b - a), a / (a - a), 7)", "a / previous(a) - 1",
)  # fmt: skip


@pytest.mark.parametrize("text", FORMULAS)
def test_a_path_reads_what_working_back_reads(text: str) -> None:
    """Each path is one course of the drivers; `unfold` computes the same formula along it, exactly."""
    node = formula(text)
    known = {"a": (9.0, 10.0, 12.0)}
    made = small(formulas={"x": node}, earlier=known, steps=4, draws=3)
    found = streams(made, ["x", "a", "b"])
    for path in range(made.draws):
        levels = {name: [Fraction(value) for value in found[name].value[path]] for name in "ab"}
        past = {"a": [Fraction(value) for value in known["a"]]}
        meant = unfold(Unfolding({"x": node}, ("a", "b")), levels, past, 4)["x"]
        exact = [np.nan if each is None else float(each) for each in meant]
        assert np.allclose(found["x"].value[path], exact, atol=1e-6, equal_nan=True)


def test_stocks_that_follow_from_each_other_are_rolled_together() -> None:
    """Of open trials half are decided a month; who pays may bring others, who are lost by a share of who paid."""
    identities = {
        "trials": formula("previous * 0.5 + a + previous(paid) * 0.1"),
        "paid": formula("previous - lost + previous(trials) * 0.5 * 0.2"),
        "lost": formula("previous(paid) * 0.05"),
    }
    stocks = {"trials": 8.0, "paid": 30.0}
    made = small(formulas=identities, stocks=stocks, earlier={"trials": (8.0,), "paid": (30.0,)}, steps=5, draws=3)
    found = streams(made, ["paid"])
    for path in range(made.draws):
        levels = {"a": [Fraction(value) for value in found["a"].value[path]]}
        order = {name: identities[name] for name in ("lost", "trials", "paid")}
        past = {name: [Fraction(value)] for name, value in stocks.items()}
        meant = unfold(Unfolding(order, ("a",)), levels, past, 5)
        for name in order:
            assert np.allclose(found[name].value[path], [float(v or 0) for v in meant[name]])


YOUNG = """
sources: {sheet: {type: files, path: "*.csv"}}
metrics:
  new_trials: {reported: sheet.m, value: a, every: month, nature: flow, unit: companies}
  conversion: {reported: sheet.m, value: b, every: month, nature: ratio, unit: "%"}
  churn: {reported: sheet.m, value: c, every: month, nature: ratio, unit: "%"}
  trials: {reported: sheet.m, value: d, every: month, nature: stock, unit: companies}
  paid: {reported: sheet.m, value: e, every: month, nature: stock, unit: companies}
tree:
  trials: previous * 0.5 + new_trials
  paid: previous * (1 - churn) + previous(trials) * 0.5 * conversion
planning:
  bounds:
    new_trials: {at_least: 2 per month, at_most: 20 per month}
    conversion: {at_least: 20%, at_most: 45%}
    churn: {at_least: 1.5%, at_most: 6%}
"""


def young(rows: int) -> Ground:
    """The company of docs/methods/backplan.md after so many months."""
    project = project_of(YOUNG)
    known = meanings(project)
    own: dict[str, list[float | None]] = {
        "new_trials": [4 + n % 3 for n in range(rows)],
        "conversion": [0.2 + n % 4 / 100 for n in range(rows)],
        "churn": [0.02 + n % 5 / 1000 for n in range(rows)],
        "trials": [10.0] * rows,
        "paid": [12 + n / 2 for n in range(rows)],
    }
    series = {m: replace(series_of(m, values, known[m].nature), meaning=known[m]) for m, values in own.items()}
    return Ground(project, known, series if rows else {}, project.calendar, Grain.MONTH, date(2026, 4, 30))


@pytest.mark.parametrize("metric", ["paid", "trials"])
def test_a_stock_that_reads_anothers_past_is_forecast_by_its_drivers(metric: str) -> None:
    found = forecast(young(14), metric, 6)
    assert found
    assert found.how is How.TREE
    assert "forecast.alone" not in {remark.key for remark in found.remarks}
    assert set(found.drivers) == {"paid": {"churn", "conversion", "new_trials"}, "trials": {"new_trials"}}[metric]


def test_a_company_at_zero_has_a_scenario_through_its_tree() -> None:
    found = forecast(young(0), "paid", 6)
    assert found
    assert found.how is How.SCENARIO
    assert {remark.key for remark in found.remarks} == {"forecast.scenario"}
    assert (found.steps[0].quantiles, found.steps[-1].median > 5) == ((0.0,) * 7, True)


def test_a_stock_that_is_not_defined_on_a_path_stays_so_and_nothing_warns() -> None:
    """Where nothing was decided no share was, and what follows from it is not known."""
    node = formula("previous - previous * (b / (a - a))")
    made = small(formulas={"x": node}, stocks={"x": 5.0}, counts=frozenset({"x"}))
    assert np.isnan(streams(made, ["x"])["x"].value).all()


def test_what_leaves_a_company_at_zero_is_no_more_than_stands() -> None:
    bounds = (
        "planning: {bounds: {come: {at_least: 0 per month, at_most: 2 per month}, gone: {at_least: 1, at_most: 3}}}"
    )
    project = project_of(f"{TEXT}{bounds}\n")
    ground = Ground(project, meanings(project), {}, project.calendar, Grain.MONTH, date(2026, 4, 30))
    made = world(ground, ["standing"], 8)
    found = {name: stream.value for name, stream in streams(made, ["standing"]).items()}
    before = np.column_stack([np.zeros(made.draws), found["standing"][:, :-1]])
    assert (found["gone"] <= before).all()
    assert np.allclose(found["standing"], before + found["come"] - found["gone"])
    assert all((each == np.rint(each)).all() for each in found.values())


def test_what_stays_of_a_count_is_counted_and_its_mean_stays() -> None:
    over, base = np.full(12, 5.0), np.full(12, 50.0)
    pasts = {"churn": Past(over / base, Kind.SHARE, over, base)}
    made = World(
        pasts, {"paid": formula("previous * (1 - churn)")}, {"paid": 200.0}, counts=frozenset({"paid"}), steps=2,
        draws=400,
    )  # fmt: skip
    found = streams(made, ["paid"])["paid"].value
    assert (found == np.rint(found)).all()
    assert abs(float(found[:, 0].mean()) - 180) < 3
    assert 3 < float(found[:, 0].std()) < 15


def test_what_a_metric_is_bounded_by_follows_from_what_it_is() -> None:
    def kind(unit: object, *values: float, nature: Nature = Nature.FLOW, percent: bool = False) -> Kind:
        return kind_of(Meaning("m", nature, unit, percent=percent), values)  # type: ignore[arg-type]

    assert kind(count("calls"), 1, 2) is Kind.COUNT
    assert kind(count("calls"), 1.5, 2) is Kind.AMOUNT
    assert kind(money("JPY"), 1, 2) is Kind.AMOUNT
    assert kind(money("JPY"), 1, -2) is Kind.NUMBER
    assert kind(score("nps"), 1, 2) is Kind.NUMBER
    assert kind(NUMBER, 0.2, percent=True, nature=Nature.RATIO) is Kind.SHARE
    assert kind(NUMBER, 1.2, percent=True, nature=Nature.RATIO) is Kind.AMOUNT


def test_recurring_parts_are_made_of_what_they_are_by_definition() -> None:
    text = """
    sources: {b: {type: files, path: "*.csv"}}
    tables: {subs: {from: b.subs, entity: company, starts: s, ends: e, amount: a}}
    metrics: {revenue: {recurring: subs}, total: {cumulative: revenue.new_mrr}}
    """
    project = project_of(text)
    assert formula_of(project, "revenue.mrr") == formula("revenue.companies * revenue.arpa")
    assert formula_of(project, "revenue.arr") == formula("revenue.mrr * 12")
    assert formula_of(project, "revenue.trials") == formula("previous + revenue.trials_started - revenue.trials_ended")
    assert formula_of(project, "total") == formula("previous + revenue.new_mrr")
    assert formula_of(project, "revenue.nrr") is None


def test_trials_that_ended_are_those_that_came_and_did_not_stay() -> None:
    text = """
    sources: {b: {type: files, path: "*.csv"}}
    tables: {subs: {from: b.subs, entity: company, starts: s, ends: e, amount: a}}
    metrics: {revenue: {recurring: subs}}
    """
    project = project_of(text)
    standing, come, level = [], [], 10
    for n in range(14):
        come.append(5 + n % 3)
        level = level + come[-1] - level // 2
        standing.append(level)
    series = {
        "revenue.trials": series_of("revenue.trials", standing, Nature.STOCK),
        "revenue.trials_started": series_of("revenue.trials_started", come),
    }
    ground = Ground(project, meanings(project), series, project.calendar, Grain.MONTH, date(2026, 4, 30))
    made = world(ground, ["revenue.trials"], 4)
    assert made.leaving == {"revenue.trials_ended": "revenue.trials"}
    found = made.pasts["revenue.trials_ended"]
    assert found.over is not None
    assert np.allclose(found.values, 0.5, atol=0.06)
    assert abs(float(np.median(streams(made, ["revenue.trials"])["revenue.trials"].value[:, -1])) - 12) < 4


def test_a_flow_that_follows_working_days_is_forecast_by_them() -> None:
    calendar = project_of().calendar
    months = [month(2025 + (n + 2) // 12, (n + 2) % 12 + 1) for n in range(14)]
    worked = [10 * calendar.working_days(each.start, each.end) for each in months]
    ground = ground_of({"come": worked, "gone": [0] * 14}, stock=10)
    made = world(ground, ["come"], 2)
    assert "come" in made.working
    found = np.median(streams(made, ["come"])["come"].value, axis=0)
    ahead = [10 * calendar.working_days(each.start, each.end) for each in ground.ahead(2)]
    assert np.allclose(found, ahead, atol=5)


def test_a_flow_below_nothing_follows_no_working_days() -> None:
    ground = ground_of(FLOWS, 20)
    series = {**ground.series, "come": series_of("come", [5.0 - n % 12 for n in range(14)])}
    assert not world(replace(ground, series=series), ["come"], 2).working


def test_a_running_period_keeps_what_it_has_brought() -> None:
    ground = ground_of(FLOWS, 20, date(2026, 5, 29))
    running = {**ground.series, "come": series_of("come", FLOWS["come"], running=40)}
    made = world(replace(ground, series=running), ["standing"], 3)
    assert made.running["come"] == Running(40.0)
    assert made.left == 0
    assert (streams(made, ["standing"])["come"].value[:, 0] == 40).all()


def test_what_is_known_late_is_forecast_from_where_it_ended() -> None:
    ground = ground_of(FLOWS, 20)
    series = {**ground.series, "come": series_of("come", FLOWS["come"][:-2])}
    assert world(replace(ground, series=series), ["come"], 3).pasts["come"].behind == 2


def test_a_forecast_says_what_it_is_made_of_and_how_it_did_before() -> None:
    found = forecast(ground_of(FLOWS, 20), "standing", 5)
    assert found
    assert (found.metric, found.how, found.drivers) == ("standing", How.TREE, ("come", "gone"))
    assert [step.median for step in found.steps] == sorted(step.median for step in found.steps)
    assert found.backtest
    assert found.backtest.gain
    assert found.backtest.gain > 0.3
    assert forecast(ground_of({"come": [1] * 5, "gone": [0] * 5}, 3), "standing", 3) is None
    assert backtest(ground_of({"come": [3] * 8, "gone": [0] * 8}, 3), "come") is None


def test_a_gap_leaves_the_dates_out_that_end_in_it_and_no_others() -> None:
    """Thirty months of which the last but one has no number."""
    values = [20.0 + n % 5 for n in range(30)]
    whole, gap = series_of("come", values), series_of("come", [*values[:28], None, values[29]])
    gap = replace(gap, points=tuple(point for point in gap.points if point.value is not None))
    ground = replace(ground_of({"come": [0], "gone": [0]}), as_of=date(2027, 8, 31), series={"come": whole})
    every, some = backtest(ground, "come"), backtest(replace(ground, series={"come": gap}), "come")
    assert every
    assert some
    assert (every.tried, some.tried) == (21, 17)


def condition_read(text: str, values: list[float], due: date) -> tuple[list[float], float]:
    """A condition on a metric whose one path is told, after twelve known months of 2 (May 2025 to April 2026)."""
    ground = replace(ground_of({"come": [2] * 14, "gone": [0] * 14}, stock=0), so_far={"come": Fraction(8)})
    asked = milestone(text).reach[0].condition
    assert asked
    found = read(ground, asked, Stream(np.array([values])), due)
    return found.values[0].tolist(), float(found.due[0])


@pytest.mark.parametrize(
    ("text", "values", "due"),
    [
        ("come >= 1 per month", [3, 4, 5], 4),
        ("come >= 1", [3, 4, 5], 4),
        ("come >= 1 per quarter", [6, 9, 9], 9),  # January to March, then April to June
        ("come >= 1 over 2 months", [2.5, 3.5, 4.5], 3.5),
        ("come >= 1 since start", [11, 15, 20], 15),
        ("standing >= 1", [3, 4, 5], 4),
    ],
)
def test_a_condition_reads_along_a_path_what_it_reads_of_what_is_known(
    text: str, values: list[float], due: float
) -> None:
    assert condition_read(text, [3, 4, 5], date(2026, 6, 30)) == (values, due)


def test_a_shorter_period_is_its_part_of_a_longer_one() -> None:
    values, _ = condition_read("come >= 1 per week", [365, 730, 365], date(2026, 6, 30))
    assert values == pytest.approx([84, 168, 84])


def test_a_months_churn_is_read_from_weeks_as_a_months_and_a_typed_in_weeks_rate_as_its_own() -> None:
    """One of 100 a week leaves: 4.3 % a month, over three months too; a share of what came is the same by both."""
    more = """  lost: {ratio: gone / previous(standing), unit: "%"}
  share: {ratio: gone / come, unit: "%"}
  typed: {reported: crm.typed, value: n, every: week, nature: ratio}
tree:"""
    project = project_of(TEXT.replace("tree:", more))
    ground = Ground(project, meanings(project), {}, project.calendar, Grain.WEEK, date(2026, 4, 26))
    weeks = np.full((1, 20), 1.0)
    paths = Stream(weeks / 100, weeks, weeks * 100)
    month = 365 / 12 / 7
    wanted = {"lost <= 5%": month, "lost <= 5% over 3 months": month, "share <= 5%": 1, "typed <= 5%": 1}
    for text, times in wanted.items():
        asked = milestone(text).reach[0].condition
        assert asked
        assert read(ground, asked, paths, date(2026, 8, 30)).due[0] == pytest.approx(times / 100)


def test_a_stock_on_a_day_lies_between_the_ends_of_two_periods() -> None:
    assert condition_read("standing >= 1", [28 + 31, 59, 59], date(2026, 4, 30))[1] == 28
    assert condition_read("standing >= 1", [28 + 31, 59, 59], date(2026, 5, 10))[1] == 38


@pytest.mark.parametrize(
    ("chances", "reached", "ends"),
    [
        ([0, 1, 1, 1], 6, None),
        ([0, 0.6, 0.46, 0.55], 6, None),
        ([1, 0, 0, 0], 5, 6),
        ([1, 0, 1, 0], 7, 8),  # the spell of the day
        ([0, 0, 0, 0.2], None, None),
    ],
)
def test_what_does_not_last_is_told_with_its_end(chances: list[float], reached: int | None, ends: int | None) -> None:
    """Paths from May 2026 on, of which so many hold; due at the end of July."""
    ground = ground_of({"come": [2] * 14, "gone": [0] * 14}, stock=0)
    paths = np.array([[100.0 if n < chance * 100 else 0.0 for chance in chances] for n in range(100)])
    found = odds(ground, milestone("standing >= 50"), date(2026, 7, 31), {"standing": Stream(paths)}, {})
    for each in (found, found.conditions[0]):
        assert each.reached == (month(2026, reached).last if reached else None)
        assert each.ends == (month(2026, ends).last if ends else None)


def test_a_condition_that_is_due_before_the_first_period_ends_reads_what_is_known() -> None:
    assert condition_read("come >= 1 per month", [3, 4, 5], date(2026, 5, 10))[1] == 2


def test_a_stock_in_which_nothing_ever_stood_follows_from_what_comes() -> None:
    made = world(ground_of({"come": [0] * 14, "gone": [0] * 14}), ["standing"], 3)
    assert (tuple(made.formulas), made.leaving) == (("standing",), {"gone": "standing"})
    found = streams(made, ["standing", "come", "gone"])
    standing, come, gone = (found[name].value for name in ("standing", "come", "gone"))
    assert np.allclose(standing[:, 0], come[:, 0] - gone[:, 0])
    assert not gone[:, 0].any()


def test_a_stock_that_is_known_late_is_brought_forward_by_its_flows() -> None:
    ground = ground_of(FLOWS, 20)
    late = replace(ground.series["standing"], points=ground.series["standing"].points[:-2])
    made = world(replace(ground, series={**ground.series, "standing": late}), ["standing"], 3)
    assert made.stocks == world(ground, ["standing"], 3).stocks


def test_a_stock_without_drivers_is_told() -> None:
    ground = ground_of(FLOWS, 20)
    bare = project_of("\n".join(line for line in TEXT.splitlines() if not line.startswith("tree:")))
    found = forecast(replace(ground, project=bare), "standing", 2)
    assert found
    assert (found.how, [remark.key for remark in found.remarks]) == (How.OWN, ["forecast.alone"])


def test_a_season_is_added_to_what_has_no_bound_and_none_is_seen_where_nothing_moves() -> None:
    wave = [20 * np.sin(2 * np.pi * n / 12) - 3 for n in range(48)]
    found = own(wave, Kind.NUMBER)
    onward = drawn(replace(found, length=12), 12, np.random.default_rng(0), 400)
    assert np.allclose(np.median(onward, axis=0), wave[:12], atol=4)
    assert season(np.full(48, 2.0), 12) is None
    assert season(np.arange(20.0), 12) is None
