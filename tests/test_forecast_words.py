"""A forecast in words: one and several, counts whole beside large ones, errors of shares in points, ranges as read."""

from __future__ import annotations

from datetime import date

import pytest

from planning import STORY
from shinro.definitions.meaning import meaning_of, meanings
from shinro.definitions.project import read_project
from shinro.findings.forecasts import Backtest, Forecast, How, Remark, Step
from shinro.periods import Grain, Period
from shinro.reports.forecasts import backtest_text, forecast_report, held_texts, remark_texts
from shinro.reports.readings import Telling
from shinro.reports.terminal import render
from shinro.reports.words import words

PROJECT = read_project(STORY, "shinro.yaml")[0]
MONTH = Period(date(2026, 1, 1), date(2026, 2, 1))


def telling(lang: str = "en") -> Telling:
    return Telling(words(lang), PROJECT)


@pytest.mark.parametrize(
    ("key", "one", "many"),
    [
        ("forecast.gaps", "1 period without a number was", "2 periods without a number were"),
        ("forecast.shift", "1 period ago", "2 periods ago"),
        ("forecast.shift_late", "1 period ago", "2 periods ago"),
        ("forecast.bursts", "1 single period stands", "2 single periods stand"),
    ],
)
def test_one_period_is_one(key: str, one: str, many: str) -> None:
    for n, said in ((1, one), (2, many)):
        (text,) = remark_texts([Remark("paid", key, {"n": n})], telling())
        assert said in text
        (text,) = remark_texts([Remark("paid", key, {"n": n})], telling("ja"))
        assert str(n) in text


def test_the_range_of_a_scenario_is_written_in_its_unit() -> None:
    remarks = [Remark("churn", "forecast.scenario", {"low": 0.015, "high": 0.06})]
    remarks += [Remark("arpa", "forecast.scenario", {"low": 30000.0, "high": 40000.0})]
    share, money = remark_texts(remarks, telling())
    assert "between 1.5% and 6.0%" in share
    assert "between ¥30K and ¥40K" in money


def test_a_share_is_missed_by_points_and_a_count_by_its_number() -> None:
    known = meanings(PROJECT)
    found = Backtest(10, 8, 0.0061, 0.01)
    assert "0.61pt" in backtest_text(found, meaning_of("churn", known), telling())
    assert "pt" not in backtest_text(found, meaning_of("paid", known), telling())
    assert "that takes 9 periods" in backtest_text(None, meaning_of("paid", known), telling())


@pytest.mark.parametrize(
    ("inside", "error", "en", "ja"),
    [
        (17, 1.1, "Trust the range, not the median.", "中央値ではなく範囲を見てください。"),
        (8, 1.1, "Neither the median nor the range held", "中央値も範囲も当たっていません"),
        (8, 0.9, "The range was too narrow", "範囲が狭すぎました"),
        (17, 0.9, "", ""),
    ],
)
def test_what_did_not_hold_at_earlier_dates_is_not_to_be_trusted(inside: int, error: float, en: str, ja: str) -> None:
    found = Backtest(21, inside, error, 1.0)
    for lang, said in (("en", en), ("ja", ja)):
        text = "".join(held_texts(found, telling(lang)))
        assert text.startswith(said) if lang == "en" else said in text
        assert bool(text) is bool(said)
    assert not list(held_texts(None, telling()))


def test_numbers_enough_but_too_far_apart_are_not_told_as_too_few() -> None:
    meaning = meaning_of("paid", meanings(PROJECT))
    assert "too few of the last periods have a number" in backtest_text(None, meaning, telling(), 9)
    assert "that takes 9 periods" in backtest_text(None, meaning, telling(), 8)
    assert "直近の期間" in backtest_text(None, meaning, telling("ja"), 9)


@pytest.mark.parametrize(
    ("quantiles", "said"),
    [((1.0, 3.02, 4.0, 7.4, 9.0, 12.4, 1902.0), "3 to 12"), ((0.2, 1.02, 2.0, 2.4, 3.0, 3.6, 5.0), "1.0 to 3.6")],
)
def test_counts_are_whole_beside_large_ones(quantiles: tuple[float, ...], said: str) -> None:
    meaning = meaning_of("new_trials", meanings(PROJECT))
    step = Step(MONTH, quantiles)
    found = Forecast(meaning, Grain.MONTH, date(2026, 1, 1), How.OWN, (), (step,))
    text = render(forecast_report(found, (), telling()), 200, colour=False)
    assert said in text
    assert "that takes 9 periods" in text
