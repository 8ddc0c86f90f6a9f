"""Conditions, changes, levels, lengths of time, due dates."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import pytest

from shinro.definitions import phrases
from shinro.definitions.expression import Number
from shinro.definitions.phrases import Change, Condition, Level, Over, Per, Since
from shinro.definitions.tokens import Mistake
from shinro.periods import Duration, Grain
from shinro.problems import Place

READERS = {
    "condition": phrases.condition,
    "change": phrases.change,
    "level": phrases.level,
    "duration": phrases.duration,
    "due": phrases.due,
}
MONTHS = Duration(3, "month")


def number(value: float | Fraction, unit: str = "") -> Number:
    return Number(Fraction(value), unit)


@pytest.mark.parametrize(
    ("text", "found", "printed"),
    [
        (
            "revenue.churn_rate <= 5% over 3 months",
            Condition("revenue", "churn_rate", "<=", number(Fraction(1, 20), "%"), Over(MONTHS)),
            "revenue.churn_rate <= 5% over 3 months",
        ),
        (
            "qualified_leads >= 80 per month",
            Condition("qualified_leads", None, ">=", number(80), Per(Grain.MONTH)),
            "qualified_leads >= 80 per month",
        ),
        (
            "signups>=1000 Since Start",
            Condition("signups", None, ">=", number(1000), Since()),
            "signups >= 1000 since start",
        ),
        (
            "revenue.mrr ≧ ３０万円",
            Condition("revenue", "mrr", ">=", number(300_000, "JPY")),
            "revenue.mrr >= 300000 JPY",
        ),
        ("nrr > -5%", Condition("nrr", None, ">", number(Fraction(-1, 20), "%")), "nrr > -5%"),
        ("`売上 合計` < +3", Condition("売上 合計", None, "<", number(3)), "`売上 合計` < 3"),
        (
            "解約率 = 0% over 2四半期",
            Condition("解約率", None, "=", number(0, "%"), Over(Duration(2, "quarter"))),
            "解約率 = 0% over 2 quarters",
        ),
    ],
)
def test_a_condition_is_a_metric_a_sign_and_a_level(text: str, found: Condition, printed: str) -> None:
    assert phrases.is_condition(text)
    assert phrases.condition(text) == found
    assert phrases.text(found) == printed


@pytest.mark.parametrize(
    "text", ["展示会出展", "Launch the app", "採用「3名」", "", "Q2 => 資金調達", "beta -> GA", "30社"]
)
def test_an_event_is_no_condition(text: str) -> None:
    assert not phrases.is_condition(text)
    with pytest.raises(Mistake) as caught:
        phrases.condition(text)
    assert (caught.value.problem.code, caught.value.problem.args["text"]) == ("Q110", text)


@pytest.mark.parametrize(
    ("text", "found", "printed"),
    [
        ("+2pt", Change("points", number(Fraction(1, 50), "pt")), "+2pt"),
        ("＋２ポイント", Change("points", number(Fraction(1, 50), "pt")), "+2pt"),
        ("-10%", Change("relative", number(Fraction(-1, 10), "%")), "-10%"),
        ("+80 in 1 month", Change("absolute", number(80), Duration(1, "month")), "+80 in 1 month"),
        ("+30万円 in 3か月", Change("absolute", number(300_000, "JPY"), MONTHS), "+300000 JPY in 3 months"),
        ("x1.5", Change("times", number(Fraction(3, 2))), "x1.5"),
        ("× 2 IN 3 months", Change("times", number(2), MONTHS), "x2 in 3 months"),
    ],
)
def test_a_change_says_how_far_and_which_way(text: str, found: Change, printed: str) -> None:
    assert phrases.change(text) == found
    assert phrases.text(found) == printed


@pytest.mark.parametrize(
    ("text", "found", "printed"),
    [
        ("8%", Level(number(Fraction(2, 25), "%")), "8%"),
        ("1,200,000円", Level(number(1_200_000, "JPY")), "1200000 JPY"),
        ("-3", Level(number(-3)), "-3"),
        ("4000 per month", Level(number(4000), Grain.MONTH), "4000 per month"),
    ],
)
def test_a_level_is_a_number_perhaps_per_a_period(text: str, found: Level, printed: str) -> None:
    assert phrases.level(text) == found
    assert phrases.text(found) == printed


@pytest.mark.parametrize(
    ("texts", "found"),
    [
        ("90 days|90日|90日間|+90 Days", Duration(90, "day")),
        ("1 day|１日", Duration(1, "day")),
        ("3 months|+3 months|3か月|3ヶ月|3カ月|3ケ月|3ヵ月|3ｶ月|3箇月|3か月間", MONTHS),
        ("6 weeks|6週|6週間", Duration(6, "week")),
        ("1 year|1年|1年間", Duration(1, "year")),
        ("2 quarters|2四半期", Duration(2, "quarter")),
        ("5 minutes|5 min|5分|5分間", Duration(5, "minute")),
        ("24 hours|24時間", Duration(24, "hour")),
        ("0 days", Duration(0, "day")),
    ],
)
def test_a_length_of_time_is_read_in_both_languages(texts: str, found: Duration) -> None:
    assert [phrases.duration(text) for text in texts.split("|")] == [found] * len(texts.split("|"))
    assert phrases.duration(phrases.text(found)) == found


def test_something_is_due_on_a_day_or_so_long_after() -> None:
    for written in ("2026-09-30", "2026年9月30日", "2026/9/30", "２０２６/09/30"):
        assert phrases.due(written) == date(2026, 9, 30)
    assert phrases.due("+3 months") == phrases.due("3か月") == MONTHS
    assert phrases.text(date(2026, 9, 30)) == "2026-09-30"


@pytest.mark.parametrize(
    ("written", "code"),
    [("2026年12月末", "Q129"), ("2026-12", "Q129"), ("12/31/2026", "Q129"), ("2026/02/30", "Q104"), ("3", "Q112")],
)
def test_what_is_like_a_day_and_is_none_is_told_as_no_day(written: str, code: str) -> None:
    with pytest.raises(Mistake) as told:
        phrases.due(written)
    assert told.value.problem.code == code


@pytest.mark.parametrize(
    ("reader", "text", "code", "column"),
    [
        ("condition", "Launch the app >= 3", "Q101", 7),
        ("condition", ">= 3", "Q124", 0),
        ("condition", "5% >= churn", "Q124", 0),
        ("condition", "a != 3", "Q101", 2),
        ("condition", "a >= b", "Q109", 5),
        ("condition", "a >= -b", "Q109", 6),
        ("condition", "a >= 'x'", "Q120", 5),
        ("condition", "a >=", "Q122", 4),
        ("condition", "a >= 2pt", "Q119", 5),
        ("condition", "a >= 80件", "Q115", 5),
        ("condition", "a >= 1,20", "Q104", 5),
        ("condition", "a >= 80 per fortnight", "Q101", 12),
        ("condition", "a >= 80 per", "Q121", 11),
        ("condition", "a >= 80 over x", "Q112", 13),
        ("condition", "a >= 80 over 2 hours", "Q144", 13),
        ("condition", "a >= 80 over 30分", "Q144", 13),
        ("condition", "a >= 80 since April", "Q101", 14),
        ("condition", "a >= 3 per month over 3 months", "Q123", 17),
        ("condition", "a >= 80 /月", "Q123", 8),
        ("change", "80", "Q111", 0),
        ("change", "up", "Q111", 0),
        ("change", "+x", "Q111", 1),
        ("change", "x0", "Q111", 1),
        ("change", "x5%", "Q111", 1),
        ("change", "x", "Q111", 0),
        ("change", "+80 in", "Q112", 6),
        ("change", "+80 within a month", "Q123", 4),
        ("level", "abc", "Q109", 0),
        ("level", "", "Q122", 0),
        ("level", "3 4", "Q123", 2),
        ("duration", "", "Q112", 0),
        ("duration", "3", "Q112", 0),
        ("duration", "days", "Q112", 0),
        ("duration", "1.5 months", "Q112", 0),
        ("duration", "-3 days", "Q112", 0),
        ("duration", "5% days", "Q112", 0),
        ("duration", "3 moons", "Q112", 0),
        ("duration", "101 years", "Q112", 0),
        ("duration", "90 days later", "Q123", 8),
        ("due", "soon", "Q129", 0),
        ("due", "", "Q129", 0),
        ("due", "2026-02-30", "Q104", 0),
        ("due", "2026-09-30 noon", "Q123", 11),
        ("due", "+3 moons", "Q112", 1),
    ],
)
def test_what_is_no_phrase_is_refused_under_a_caret(reader: str, text: str, code: str, column: int) -> None:
    with pytest.raises(Mistake) as caught:
        READERS[reader](text, Place("shinro.yaml", 3, 7))
    problem = caught.value.problem
    assert (problem.code, problem.hint) == (code, (text, column))
    assert problem.place == Place("shinro.yaml", 3, 7 + column)


@pytest.mark.parametrize(
    ("time", "grain", "periods"),
    [
        ("10 days", Grain.DAY, 10),
        ("2 weeks", Grain.WEEK, 2),
        ("3 months", Grain.MONTH, 3),
        ("2 quarters", Grain.MONTH, 6),
        ("1 year", Grain.MONTH, 12),
    ],
)
def test_parts_over_a_time_come_by_its_unit_but_by_month_at_most(time: str, grain: Grain, periods: int) -> None:
    over = Over(phrases.duration(time))
    assert (over.grain, over.periods) == (grain, periods)
