"""plan over a small company: trees, running periods, weeks for months, scenarios, and how it is told."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from shinro.cli import main
from shinro.definitions.meaning import meanings
from shinro.definitions.project import read_project
from shinro.findings.forecasts import Forecast, How, Prospects
from shinro.periods import Grain
from shinro.problems import CannotGoOn
from shinro.reports.forecasts import (
    forecast_json,
    forecast_report,
    odds_text,
    prospects_json,
    prospects_report,
    trend_text,
)
from shinro.reports.readings import Telling
from shinro.reports.terminal import render
from shinro.reports.words import words
from shinro.run.forecasts import forecasts, prospects
from stories import Story

NOW = datetime(2026, 4, 16, 3, tzinfo=UTC)
TEXT = """\
company: A
currency: JPY
languages: [en, ja]
story: {starts: 2026-01-01}
sources: {crm: {type: files, path: data/*.csv}}
tables:
  calls: {from: crm.calls, key: id, time: day}
  subs: {from: crm.subs, entity: company, starts: starts, ends: ends, amount: amount}
metrics:
  calls: {count: calls}
  meetings: {count: calls, where: outcome = 'meeting'}
  meeting_rate: {ratio: meetings / calls}
  total: {cumulative: calls}
  revenue: {recurring: subs}
tree: {meetings: calls * meeting_rate}
milestones:
  - id: m9
    by: 2026-09-30
    reach:
      - revenue.companies >= 30
      - revenue.mrr >= 2500
      - revenue.churn_rate <= 20% over 3 months
      - meetings >= 5 per month
  - id: past
    by: 2026-02-01
    reach: [revenue.companies >= 3]
  - id: sum
    by: 2026-12-31
    reach: [calls >= 300 since start, revenue.arr >= 1]
"""


def calls(first: date, last: date) -> str:
    days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    lines = [
        f"{n}-{k},{day},{'meeting' if (n + k) % 5 == 0 else 'none'}"
        for n, day in enumerate(days)
        if day.weekday() < 5
        for k in range(1 + n % 2)
    ]
    return "\n".join(["id,day,outcome", *lines, ""])


def subs() -> str:
    lines = []
    for n in range(30):
        start = date(2025, 1, 6) + timedelta(days=15 * n)
        end = start + timedelta(days=150) if n % 4 == 0 else None
        lines.append(f"c{n},{start},{end if end and end < date(2026, 4, 10) else ''},{100 + n}")
    return "\n".join(["company,starts,ends,amount", *lines, ""])


def made(folder: Path, text: str = TEXT, first: date = date(2025, 1, 1)) -> Story:
    found = Story(folder, NOW)
    found.write("shinro.yaml", text)
    found.write("data/calls.csv", calls(first, date(2026, 4, 15)))
    found.write("data/subs.csv", subs())
    return found


def test_a_stock_is_forecast_through_what_comes_and_what_leaves(tmp_path: Path) -> None:
    with made(tmp_path).gathered(date(2026, 4, 15)) as gathered:
        found, why = forecasts(gathered, "revenue.companies", steps=6)
    assert found
    assert (found.how, why, len(found.steps)) == (How.TREE, (), 6)
    assert set(found.drivers) == {f"revenue.{flow}_companies" for flow in ("new", "reactivated", "churned")}
    assert found.steps[0].period.start == date(2026, 4, 1)
    assert list(found.steps[0].quantiles) == sorted(found.steps[0].quantiles)
    assert found.backtest
    assert found.backtest.tried > 3


def test_the_running_month_is_never_below_what_it_has_brought(tmp_path: Path) -> None:
    """From the 1st to the 15th of April eleven days were worked, with one or two calls each."""
    with made(tmp_path).gathered(date(2026, 4, 15)) as gathered:
        meetings, calls = (forecasts(gathered, metric, steps=2)[0] for metric in ("meetings", "calls"))
    assert meetings
    assert calls
    assert [remark.key for remark in calls.remarks] == ["forecast.working", "forecast.running"]
    assert calls.steps[0].quantiles[0] >= 11
    assert meetings.how is How.TREE


def test_a_company_of_a_few_months_is_forecast_by_the_week(tmp_path: Path) -> None:
    with made(tmp_path, first=date(2026, 1, 12)).gathered(date(2026, 4, 15)) as gathered:
        found, _ = forecasts(gathered, "calls")
        asked, why = forecasts(gathered, "calls", Grain.MONTH)
    assert found
    assert found.grain is Grain.WEEK
    assert asked is None
    assert why == (("calls", "forecast.short"),)


def test_a_company_without_a_past_has_a_labelled_scenario_from_its_ranges(tmp_path: Path) -> None:
    text = TEXT + "planning: {bounds: {calls: {at_least: 10 per month, at_most: 20 per month}}}\n"
    with made(tmp_path, text, date(2026, 4, 1)).gathered(date(2026, 4, 15)) as gathered:
        found, _ = forecasts(gathered, "total", Grain.MONTH, 3)
        alone, why = forecasts(gathered, "calls", Grain.MONTH, 3)
    assert alone
    assert why == ()
    assert alone.how is How.SCENARIO
    assert alone.backtest is None
    assert all(10 <= each <= 20 for each in alone.steps[-1].quantiles)
    assert found is None or found.how is How.SCENARIO


def test_a_metric_that_is_not_defined_stops(tmp_path: Path) -> None:
    with made(tmp_path).gathered(date(2026, 4, 15)) as gathered, pytest.raises(CannotGoOn):
        forecasts(gathered, "call")


def test_milestones_to_come_have_probabilities_now_a_week_and_a_month_ago(tmp_path: Path) -> None:
    with made(tmp_path).gathered(date(2026, 4, 15)) as gathered:
        found = prospects(gathered)
        again = prospects(gathered)
    assert found == again
    assert [each.title for each in found.milestones] == ["m9", "sum"]
    for each in found.milestones:
        assert each.probability is not None
        assert each.weakest
        assert each.probability <= (each.weakest.probability or 0)
        assert [when for when, _ in each.earlier] == [date(2026, 4, 8), date(2026, 3, 15)]
        assert all(odds is not None for _, odds in each.earlier)
        assert [once.as_of for once in each.trend] == [date(2026, 4, 15) - timedelta(weeks=n) for n in range(8, 0, -1)]
        assert all(len(once.conditions) == len(each.conditions) for once in each.trend)
        assert each.trend[-1].probability == each.earlier[0][1]
    (m9, total) = found.milestones
    assert [condition.how for condition in m9.conditions] == [How.TREE] * 4
    assert total.conditions[0].reached
    assert total.conditions[0].probability == 1


def test_a_condition_that_cannot_be_forecast_leaves_its_milestone_open(tmp_path: Path) -> None:
    text = TEXT.replace("[calls >= 300 since start, revenue.arr >= 1]", "[revenue.nrr >= 1, nothing >= 3]")
    text = text.replace("  total:", "  nothing: {count: calls, where: outcome = 'gone'}\n  total:")
    with made(tmp_path, text, date(2026, 3, 1)).gathered(date(2026, 4, 15)) as gathered:
        found = prospects(gathered, Grain.MONTH)
    last = found.milestones[-1]
    assert last.probability is None
    assert ("nothing", "forecast.short") in found.unmeasured


def test_without_milestones_to_come_there_is_nothing_to_say(tmp_path: Path) -> None:
    text = TEXT[: TEXT.index("milestones:")]
    with made(tmp_path, text).gathered(date(2026, 4, 15)) as gathered:
        assert prospects(gathered).milestones == ()
    with made(tmp_path, f"{text}milestones: [{{id: open, by: 2026-12-31}}]\n").gathered(date(2026, 4, 15)) as gathered:
        (found,) = prospects(gathered).milestones
    assert (found.probability, found.conditions, found.weakest) == (None, (), None)


@pytest.mark.parametrize("lang", ["en", "ja"])
def test_it_is_told_in_both_languages_and_as_json(tmp_path: Path, lang: str) -> None:
    with made(tmp_path).gathered(date(2026, 4, 15)) as gathered:
        found, why = forecasts(gathered, "revenue.mrr")
        odds = prospects(gathered)
        telling = Telling(words(lang), gathered.opened.project)
    text = render(forecast_report(found, why, telling), 200, colour=False)
    text += render(prospects_report(odds, telling), 200, colour=False)
    text += render(forecast_report(None, (("calls", "forecast.short"),), telling), 200, colour=False)
    assert "forecast." not in text
    assert "{" not in text
    assert json.loads(json.dumps(forecast_json(found, why, telling)))["how"] == "tree"
    m9 = json.loads(json.dumps(prospects_json(odds, telling)))["milestones"][0]
    assert m9["title"] == "m9"
    assert {len(once["conditions"]) for once in m9["trend"]} == {4}
    assert text.count("→") == 8
    assert forecast_json(None, why, telling)["forecast"] is None


def test_a_probability_is_told_in_whole_hundredths_and_never_as_certain() -> None:
    assert [odds_text(each) for each in (None, 0.0, 0.004, 0.55, 0.999)] == ["–", "<1%", "<1%", "55%", ">99%"]


def test_a_trend_is_shown_in_bars_with_its_first_and_last() -> None:
    telling = Telling(words("en"), read_project("company: A\n", "shinro.yaml")[0])
    assert trend_text([None, 0.0, 0.3, 0.99], 1.0, telling) == "·▁▃██ <1% → >99%"
    assert trend_text([None], 0.5, telling) == trend_text([0.5], None, telling) == ""


def test_the_same_data_give_the_same_forecast(tmp_path: Path) -> None:
    found: list[Forecast | None] = []
    for folder in ("a", "b"):
        with made(tmp_path / folder).gathered(date(2026, 4, 15)) as gathered:
            found.append(forecasts(gathered, "revenue.mrr")[0])
            assert "revenue.mrr" in meanings(gathered.opened.project)
    assert found[0] == found[1]


def said(capsys: pytest.CaptureFixture[str], *args: str) -> tuple[int, str]:
    with pytest.raises(SystemExit) as ended:
        main(args)
    return int(ended.value.code or 0), capsys.readouterr().out


def test_the_command_shows_milestones_or_a_metric(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    asked = ("-p", str(made(tmp_path).folder), "--as-of", "2026-04-15", "--lang", "en")
    code, text = said(capsys, "plan", *asked)
    assert (code, "m9 by Sep 30, 2026" in text, "As of earlier days, worked out today: " in text) == (0, True, True)
    code, text = said(capsys, "plan", *asked, "--json")
    assert [each["title"] for each in json.loads(text)["milestones"]] == ["m9", "sum"]
    code, text = said(capsys, "plan", *asked, "--forecast", "calls", "--ahead", "2")
    assert (code, "What may come: calls" in text, "Jun 2026" in text) == (0, True, False)
    code, text = said(capsys, "plan", *asked, "--forecast", "calls", "--ahead", "2", "--json")
    assert len(json.loads(text)["steps"]) == 2
    code, text = said(capsys, "plan", *asked, "--forecast", "calls", "--grain", "year")
    assert (code, "Cannot be forecast: calls" in text) == (1, True)


def test_milestones_beyond_what_can_be_seen_and_none_at_all_are_told(tmp_path: Path) -> None:
    text = TEXT.replace("by: 2026-12-31", "by: 2036-12-31")
    with made(tmp_path, text).gathered(date(2026, 4, 15)) as gathered:
        far = prospects(gathered).milestones[-1]
        telling = Telling(words("en"), gathered.opened.project)
    assert far.probability is None
    assert "no probability can be given" in render(
        prospects_report(Prospects(far.due, (far,)), telling), 200, colour=False
    )
    assert "No milestone is still to come" in render(
        prospects_report(Prospects(far.due, ()), telling), 200, colour=False
    )
    assert render(forecast_report(None, (), telling), 200, colour=False).strip() == "Nothing can be forecast yet."
