"""What a cell is read as: numbers, times, truth values and texts, as exports and people write them."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from checking import assert_said
from loading import at, cells, loaded, loading, plan, rows
from shinro.periods import day_named


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("12", "12"),
        ("-12", "-12"),
        ("+5", "5"),
        ("007", "7"),
        ("0.1", "0.1"),
        (".5", "0.5"),
        ("1.", "1"),
        (" 12 ", "12"),
        ("　12　", "12"),
        ("１２", "12"),
        ("１，２００．５", "1200.5"),
        ("1,200,000", "1200000"),
        ("¥1,200,000", "1200000"),
        ("￥1,200", "1200"),
        ("1,200,000円", "1200000"),
        ("$1,200.50", "1200.5"),
        ("USD 1,200.50", "1200.5"),
        ("1,200 JPY", "1200"),
        ("▲1,200", "-1200"),
        ("△1,200", "-1200"),
        ("(1,200)", "-1200"),
        ("（1,200）", "-1200"),
        ("－1,200", "-1200"),
        ("−5", "-5"),
        ("¥-1,200", "-1200"),
        ("-¥1,200", "-1200"),
        ("12.5%", "0.125"),
        ("１２％", "0.12"),
        ("-3%", "-0.03"),
        ("100万円", "1000000"),
        ("1.2億", "120000000"),
        ("3千", "3000"),
        ("1e3", "1000"),
        ("1e-100", "0"),
        ("1.5E-3", "0.0015"),
        ("12345678901234567890", "12345678901234567890"),
        ("0.123456789", "0.123456789"),
        ("0.1234567896", "0.12345679"),
        ("9007199254740993", "9007199254740993"),
    ],
)
def test_numbers_as_people_write_them(tmp_path: Path, text: str, number: str) -> None:
    assert cells(tmp_path, "number", "0.5", text) == [Decimal("0.5"), Decimal(number)]


@pytest.mark.parametrize(
    "text",
    ["1,20", "1,2000", "12,00,000", "1_000", "0x1F", "nan", "inf", "Infinity", "-", "--5", "1 2", "1.2.3", "N/A",
     "NULL", "十二", "(1,200", "5)", "12件", "%", "9" * 40, "1e40", "1e100", "#REF!", "=1+1", "1.2e", "¥", "1/2"],
)  # fmt: skip
def test_what_is_no_number_is_rejected_never_guessed(tmp_path: Path, text: str) -> None:
    assert cells(tmp_path, "number", "1", text) == [1]


@pytest.mark.parametrize(
    ("currency", "read", "foreign"),
    [
        ("JPY", ["¥100", "100円", "JPY 100", "(¥100)", "100"], ["$100", "€5", "100 USD", "3万ドル", "(£1)", "＄100"]),
        ("USD", ["$100", "100ドル", "100 USD"], ["1,000円", "¥100", "EUR 5"]),
        ("AUD", ["$100", "AUD 100"], ["USD 100"]),
        ("CHF", ["CHF 100"], ["€100", "$100"]),
    ],
)
def test_money_of_another_currency_is_never_added(
    tmp_path: Path, currency: str, read: list[str], foreign: list[str]
) -> None:
    lines = "".join(f'1,"{text}"\n' for text in [*["1"] * 9, *read, *foreign, "12件"])
    (tmp_path / "leads.csv").write_text(f"n,x\n{lines}", encoding="utf-8")
    made, _ = loading(plan(tmp_path, "n:number", "x:number", currency=currency), tmp_path)
    assert made is not None
    assert (made.rows, made.rejected) == (9 + len(read), len(foreign) + 1)
    reasons = [one.reason for one in made.rejects]
    assert reasons == [*["currency"] * len(foreign), "number"][:5]


def test_whole_numbers_are_integers_and_others_exact_decimals(tmp_path: Path) -> None:
    assert [type(value) for value in cells(tmp_path / "a", "number", "1", "1,200円")] == [int, int]
    assert [type(value) for value in cells(tmp_path / "b", "number", "1", "0.5")] == [Decimal, Decimal]


@pytest.mark.parametrize(
    ("numbers", "text", "number"),
    [
        ("1.234,56", "1.234,56", "1234.56"),
        ("1.234,56", "1.234", "1234"),
        ("1.234,56", "-1.234.567,8", "-1234567.8"),
        ("1.234,56", "12", "12"),
        ("1.234,56", "0,5", "0.5"),
        ("1 234,56", "1 234,5", "1234.5"),
        ("1'234.56", "1'234.5", "1234.5"),
        ("1,234.56", "1,234.5", "1234.5"),
    ],
)
def test_a_stated_sample_says_which_sign_cuts_thousands(tmp_path: Path, numbers: str, text: str, number: str) -> None:
    zero = "0,25" if numbers.endswith(",56") else "0.25"
    assert cells(tmp_path, "number", zero, text, numbers=numbers) == [Decimal("0.25"), Decimal(number)]


def test_under_a_stated_sample_the_other_form_is_no_number(tmp_path: Path) -> None:
    assert cells(tmp_path, "number", "1", "2", "1,234.56", numbers="1.234,56") == [1, 2]


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2026-04-01 09:05", "2026-04-01 09:05"),
        ("2026-04-01T09:05:06", "2026-04-01 09:05:06"),
        ("2026-04-01 09:05:06.123456", "2026-04-01 09:05:06.123456"),
        ("2026-04-01T09:05:06.123456789", "2026-04-01 09:05:06.123456"),
        ("2026-04-01T09:05:06Z", "2026-04-01 09:05:06"),
        ("2026-04-01T09:05Z", "2026-04-01 09:05"),
        ("2026-04-01 09:05:06 UTC", "2026-04-01 09:05:06"),
        ("2026-04-01T09:05:06+09:00", "2026-04-01 00:05:06"),
        ("2026-04-01T09:05:06.5+0900", "2026-04-01 00:05:06.5"),
        ("2026-04-01 09:05:06-0930", "2026-04-01 18:35:06"),
        ("2026-04-01 09:05:06 +09:00", "2026-04-01 00:05:06"),
        ("2026-04-01 09:05+09", "2026-04-01 00:05"),
        ("2026/04/01 9:05", "2026-04-01 09:05"),
        ("2026/4/1 09:05:06", "2026-04-01 09:05:06"),
        ("2026/04/01 09:05:06 +09:00", "2026-04-01 00:05:06"),
        ("2026年4月1日 9時5分", "2026-04-01 09:05"),
        ("2026年4月1日9時5分6秒", "2026-04-01 09:05:06"),
        ("2026年4月1日 9時", "2026-04-01 09:00"),
        ("２０２６年４月１日　９：０５", "2026-04-01 09:05"),
        ("2026年4月1日(水) 9:05", "2026-04-01 09:05"),
        ("2026/04/01（水） 9:05", "2026-04-01 09:05"),
        ("令和8年4月1日 9時5分", "2026-04-01 09:05"),
        ("20260401090506", "2026-04-01 09:05:06"),
        ("2026-04-01", "2026-04-01 00:00"),
    ],
)
def test_moments_are_kept_in_utc(tmp_path: Path, text: str, moment: str) -> None:
    assert cells(tmp_path, "time", "2026-01-01 00:00", text)[1] == at(moment)


@pytest.mark.parametrize(
    "text",
    ["2026-04-01", "2026/4/1", "2026/04/01", "2026.4.1", "2026年4月1日", "2026年 4月 1日", "２０２６／０４／０１",
     "20260401", "2026-4-1", "令和8年4月1日", "R8.4.1", "r8/4/1", "2026年4月1日(水)", " 2026-04-01 "],
)  # fmt: skip
def test_plain_dates_stay_dates(tmp_path: Path, text: str) -> None:
    assert cells(tmp_path, "time", "2026-01-01", text) == [date(2026, 1, 1), date(2026, 4, 1)]


@pytest.mark.parametrize(
    ("text", "day"), [("平成31年4月30日", date(2019, 4, 30)), ("令和元年5月1日", date(2019, 5, 1))]
)
def test_eras_have_their_first_years(tmp_path: Path, text: str, day: date) -> None:
    assert cells(tmp_path, "time", "2026-01-01", text)[1] == day


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("01/02/2026", "ambiguous date"),
        ("1.2.2026", "ambiguous date"),
        ("13/02/2026", "ambiguous date"),
        ("01-02-26", "ambiguous date"),
        ("01/02/2026 10:30", "ambiguous date"),
        ("2026-02-30", "date"),
        ("2026-13-01", "date"),
        ("2026年2月30日", "date"),
        ("2026-04-01 25:00", "date"),
        ("2026-04-01 09:05:01 Asia/Tokyo", "date"),
        ("26-04-01x", "date"),
        ("epoch", "date"),
        ("infinity", "date"),
        ("today", "date"),
        ("45000", "date"),
        ("2026-04-01 (BC)", "date"),
        ("99999-01-01", "date"),
        ("2026.4", "date"),
        ("-", "date"),
        ("N/A", "date"),
        ("1 Apr 2026", "date"),
    ],
)
def test_what_is_no_date_is_rejected_with_its_reason(tmp_path: Path, text: str, reason: str) -> None:
    (tmp_path / "leads.csv").write_text(f"x\n2026-01-01\n2026-01-02\n{text}\n", encoding="utf-8")
    made = loaded(plan(tmp_path, "x:time"), tmp_path)
    assert [(one.row, one.column, one.value, one.reason) for one in made.rejects] == [(3, "x", text, reason)]


@pytest.mark.parametrize(
    ("dates", "text", "value"),
    [
        ("%d/%m/%Y", "01/02/2026", date(2026, 2, 1)),
        ("%m/%d/%Y", "01/02/2026", date(2026, 1, 2)),
        ("%d.%m.%Y", "1.2.2026", date(2026, 2, 1)),
        ("%d/%m/%Y", "2026-03-04", date(2026, 3, 4)),
        ("%Y/%d/%m", "2026/01/02", date(2026, 2, 1)),
        ("%b %d, %Y", "Feb 01, 2026", date(2026, 2, 1)),
        ("%d/%m/%Y", "０１/０２/２０２６", date(2026, 2, 1)),
    ],
)
def test_a_stated_format_settles_the_order(tmp_path: Path, dates: str, text: str, value: date) -> None:
    assert cells(tmp_path, "time", text, dates=dates) == [value]


@pytest.mark.parametrize(
    ("dates", "text", "value"),
    [
        ("%d/%m/%Y %H:%M", "01/02/2026 10:30", at("2026-02-01 10:30")),
        ("%d/%m/%Y", "01/02/2026 10:30", at("2026-02-01 10:30")),
        ("%d.%m.%Y %H.%M", "01.02.2026 10.30", at("2026-02-01 10:30")),
        ("%m/%d/%Y %I:%M %p", "01/02/2026 03:30 PM", at("2026-01-02 15:30")),
        ("%d/%m/%Y %H:%M %z", "01/02/2026 10:30 +0900", at("2026-02-01 01:30")),
    ],
)
def test_a_stated_format_may_hold_a_time_of_day(tmp_path: Path, dates: str, text: str, value: object) -> None:
    assert cells(tmp_path, "time", text, dates=dates) == [value]


def test_a_moment_among_dates_makes_all_of_them_moments(tmp_path: Path) -> None:
    values = cells(tmp_path, "time", "2026-04-01", "2026-04-02 12:00", timezone="Asia/Tokyo")
    assert values == [at("2026-03-31 15:00"), at("2026-04-02 03:00")]


@pytest.mark.parametrize(
    ("text", "utc"),
    [
        ("2026-03-08 01:59:59", at("2026-03-08 06:59:59")),
        ("2026-03-08 02:30:00", at("2026-03-08 07:30")),  # left out: moves on, as fold=0
        ("2026-03-08 03:00:00", at("2026-03-08 07:00")),
        ("2026-11-01 00:59:59", at("2026-11-01 04:59:59")),
        ("2026-11-01 01:30:00", at("2026-11-01 05:30")),  # comes twice: the first
        ("2026-11-01 02:00:00", at("2026-11-01 07:00")),
        ("2026-11-01T01:30:00-05:00", at("2026-11-01 06:30")),
    ],
)
def test_wall_times_of_a_zone_at_its_changes(tmp_path: Path, text: str, utc: object) -> None:
    values = cells(tmp_path, "time", "2026-01-01 00:00", text, timezone="America/New_York")
    assert values == [at("2026-01-01 05:00"), utc]


def test_days_that_mean_never_can_be_read_back(tmp_path: Path) -> None:
    texts = ("0001-01-01 00:00:00", "9999-12-31 23:59:59", "2026-04-01 00:00")
    values = cells(tmp_path, "time", *texts, timezone="America/New_York")
    assert values == [at("0001-01-01 05:00"), at("9999-12-31 23:59:59.999999"), at("2026-04-01 04:00")]
    assert cells(tmp_path / "days", "time", "0001-01-01", "9999-12-31") == [date(1, 1, 1), date(9999, 12, 31)]


@pytest.mark.parametrize("text", ["yes", "YES", "true", "TRUE", "t", "1", "はい", "○", "〇", "✓", " true ", "１"])
def test_what_says_yes(tmp_path: Path, text: str) -> None:
    assert cells(tmp_path, "truth", "no", text) == [False, True]


@pytest.mark.parametrize("text", ["no", "False", "f", "0", "いいえ", "×", "０"])
def test_what_says_no(tmp_path: Path, text: str) -> None:
    assert cells(tmp_path, "truth", "yes", text) == [True, False]


def test_what_says_neither_is_rejected(tmp_path: Path) -> None:
    assert cells(tmp_path, "truth", "yes", "maybe") == [True]


def test_only_emptiness_is_null(tmp_path: Path) -> None:
    texts = ("web", "", "   ", "　", "-", "NULL", "N/A", "null")
    assert cells(tmp_path, "text", *texts) == ["web", None, None, None, "-", "NULL", "N/A", "null"]
    assert cells(tmp_path / "n", "number", "1", "", " ") == [1, None, None]
    assert cells(tmp_path / "t", "time", "2026-04-01", "", "　") == [date(2026, 4, 1), None, None]


def test_texts_are_trimmed_and_otherwise_left_alone(tmp_path: Path) -> None:
    texts = (" web ", "　展示会　", "a\nb", 'say "hi"', "007", "１２", "=1+1", "2026-04-01")
    assert cells(tmp_path, "text", *texts) == ["web", "展示会", "a\nb", 'say "hi"', "007", "１２", "=1+1", "2026-04-01"]


def test_dates_in_an_order_that_nobody_can_tell_are_refused_with_the_formats_that_read_them(tmp_path: Path) -> None:
    (tmp_path / "leads.csv").write_text("x\n01/02/2026\n13/02/2026\n", encoding="utf-8")
    made, problems = loading(plan(tmp_path, "x:time"), tmp_path)
    assert made is None
    assert [(one.code, str(one.place), one.args["lines"]) for one in problems] == [
        ("L113", "shinro.yaml:20:7", '`dates: "%d/%m/%Y"`')
    ]


def test_both_orders_are_offered_where_both_read_every_value(tmp_path: Path) -> None:
    (tmp_path / "leads.csv").write_text("x\n01/02/2026 10:00\n03/02/2026 11:30\n", encoding="utf-8")
    _, problems = loading(plan(tmp_path, "x:time"), tmp_path)
    assert problems[0].args["lines"] == '`dates: "%d/%m/%Y %H:%M"` / `dates: "%m/%d/%Y %H:%M"`'
    assert "case" not in problems[0].args


@pytest.mark.parametrize(
    ("text", "lines"), [("Apr 30, 2026", '`dates: "%b %d, %Y"`'), ("sometime", '`dates: "%Y-%m-%d"`')]
)
def test_times_that_are_not_ambiguous_but_cannot_be_read_are_told_so(tmp_path: Path, text: str, lines: str) -> None:
    (tmp_path / "leads.csv").write_text(f'x\n"{text}"\n', encoding="utf-8")
    _, (problem,) = loading(plan(tmp_path, "x:time"), tmp_path)
    assert (problem.code, problem.args["case"], problem.args["value"]) == ("L113", "unread", text)
    assert str(problem.args["lines"]).startswith(lines)


MONTHS = [
    "2026-04", "2026/4", "2026年4月", "２０２６年４月", "令和8年4月", "2026 年 4 月", "2026年4月分", "2026年4月度",
    "令和8年4月分", "R8.4", "R8/4", "Ｒ８．４", "㋿8年4月", "平成38年4月",
]  # fmt: skip


def test_a_month_is_read_as_its_first_day(tmp_path: Path) -> None:
    assert cells(tmp_path, "time", *MONTHS) == [date(2026, 4, 1)] * len(MONTHS)
    assert {day_named(text) for text in MONTHS} == {date(2026, 4, 1)}


NO_MONTHS = [
    "2026-13", "2026.4", "2026年", "202604", "2026年4", "4月", "R8.13", "令和8年", "R0.4", "8.4", "2026年度",
    "第1四半期", "令和元年4月", "R1.4.30", "平成元年1月7日", "昭和元年12月24日", "大正10年4月",
]  # fmt: skip


def test_what_names_no_month_is_not_guessed(tmp_path: Path) -> None:
    assert cells(tmp_path, "time", "2026-04-01", *NO_MONTHS, *MONTHS, *MONTHS) == [date(2026, 4, 1)] * 29
    assert {text for text in NO_MONTHS if day_named(text)} == {"2026.4", "2026年4"}  # as a header they are no number


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("令和元年5月1日", date(2019, 5, 1)), ("R1.5", date(2019, 5, 1)), ("令和元年10月", date(2019, 10, 1)),
        ("平成31年5月1日", date(2019, 5, 1)), ("平成元年1月8日", date(1989, 1, 8)), ("平成元年1月", date(1989, 1, 1)),
        ("昭和64年1月7日", date(1989, 1, 7)), ("昭和元年12月25日", date(1926, 12, 25)),
        ("平成1.10.2", date(1989, 10, 2)),
    ],
)  # fmt: skip
def test_an_era_begins_on_its_first_day(tmp_path: Path, text: str, day: date) -> None:
    assert cells(tmp_path, "time", text) == [day]
    assert day_named(text) == day


@pytest.mark.parametrize(
    "text", ["2026年度", "令和8年度", "FY2026", "第1四半期", "2026年第1四半期", "FY2026 Q1", "2026年上期"]
)
def test_a_period_longer_than_a_month_is_told_as_that(tmp_path: Path, text: str) -> None:
    (tmp_path / "leads.csv").write_text(f"x\n{text}\n", encoding="utf-8")
    _, (problem,) = loading(plan(tmp_path, "x:time"), tmp_path)
    assert (problem.code, problem.args["case"], problem.args["value"]) == ("L113", "longer", text)
    assert_said(problem)


def test_a_row_without_a_readable_value_in_another_column_stays(tmp_path: Path) -> None:
    (tmp_path / "leads.csv").write_text("id,note\n1,01/02/2026\n2,x\n", encoding="utf-8")
    assert rows(plan(tmp_path, "id:number"), tmp_path) == [(1,), (2,)]
