"""Written claims: how many inflated ones the rules catch, how many honest ones they hurt, and each case."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest

from checking import assert_said, check_folder, found
from claiming import company, judged, paths, precision, recall, said_of
from shinro.checks.telling import refusals
from shinro.problems import Problem

YEAR = (date(2025, 11, 1), date(2026, 10, 31))
HALF = (date(2026, 4, 1), date(2026, 9, 30))
SINCE_A_LOW = (date(2026, 2, 1), date(2026, 10, 31))
TO_A_HIGH = (date(2025, 11, 1), date(2026, 7, 31))
QUARTER = (date(2026, 8, 1), date(2026, 10, 31))
TO_JUNE = (date(2025, 11, 1), date(2026, 6, 30))
TO_NOVEMBER = (date(2025, 11, 1), date(2026, 11, 30))
NOBODY_HAS = (date(2020, 1, 1), date(2026, 10, 31))
Window = tuple[date, date]


def refused(kpi: str, window: Window, says: str) -> list[Problem]:
    (traction,) = company().traction
    problems = refusals(said_of(says, kpi, *window, milestone="m6"), traction, paths(), company())
    for problem in problems:
        assert_said(problem)
    return list(problems)


def cases(kpi: str, window: Window, says: str) -> list[str]:
    return [f"{problem.code} {problem.args.get('case', '')}" for problem in refused(kpi, window, says)]


@pytest.mark.parametrize("name", ["first.yaml", "second.yaml"])
def test_nine_of_ten_inflated_claims_are_refused_and_of_those_refused_nine_of_ten_are_inflated(name: str) -> None:
    every = judged(name)
    assert len(every) == 60
    assert sum(claim.honest for claim in every) == 30
    for some in (every, [claim for claim in every if claim.ja], [claim for claim in every if not claim.ja]):
        assert recall(some) >= Fraction(9, 10)
        assert precision(some) >= Fraction(9, 10)


@pytest.mark.parametrize("name", ["first.yaml", "second.yaml"])
def test_a_claim_is_refused_by_its_own_rule_and_both_languages_say_why(name: str) -> None:
    inflated = [claim for claim in judged(name) if not claim.honest]
    assert sum(bool(set(claim.codes) & set(claim.rules)) for claim in inflated) >= 27
    for claim in inflated:
        for problem in claim.problems:
            assert_said(problem)


@pytest.mark.parametrize(
    ("kpi", "window", "says", "case"),
    [
        ("revenue.mrr", YEAR, "MRR 4倍", "R601 number"),
        ("revenue.mrr", YEAR, "MRR ¥3.2M, from ¥0.96M", "R601 number"),
        ("revenue.mrr", YEAR, "MRR $2.99M", "R601 currency"),
        ("revenue.mrr", YEAR, "MRRは約350万円", "R601 rounded"),
        ("revenue.mrr", YEAR, "MRRは7月に299万円", "R601 misdated"),
        ("revenue.mrr", NOBODY_HAS, "MRR ¥2.99M", "R601 unrecorded"),
        ("revenue.mrr", YEAR, "年商3,586万円の会社です", "R610 year"),
        ("revenue.companies", HALF, "3か月で34社から66社に", "R601 span"),
        ("revenue.companies", HALF, "契約社数は66社から34社に", "R601 reversed"),
        ("revenue.companies", HALF, "In 2024 we had 66 paying companies", "R601 date"),
        ("revenue.companies", YEAR, "契約社数は12か月連続で増加し72社", "R601 span"),
        ("revenue.companies", YEAR, "契約社数は80社近く", "R601 rounded"),
        ("revenue.companies", QUARTER, "From 60 to 72 paying companies", "R605 window"),
        ("revenue.companies", YEAR, "急成長しています", "R601 wordless"),
        ("revenue.companies", YEAR, "24社から72社に、" * 50, "R601 long"),
        ("revenue.companies", YEAR, "国内最大級。72社が契約", "R601 superlative"),
        ("revenue.companies", YEAR, "24社から72社に(5倍)", "R601 arithmetic"),
        ("revenue.companies", YEAR, "累計契約社数は72社", "R603 said"),
        ("members_total", YEAR, "会員4万4千人", "R603 counted"),
        ("gmv", HALF, "GMV of ¥101M in half a year", "R603 sum"),
        ("signups", YEAR, "新規会員が44%増", "R604 said"),
        ("leads", TO_A_HIGH, "Leads: 400 to 900", "R605 peak"),
        ("leads", YEAR, "リード数は900件に到達", "R605 picked"),
        ("leads", YEAR, "リード数は過去最高の640件", "R601 superlative"),
        ("leads", (date(2026, 8, 1), date(2026, 10, 31)), "リード数は640件に増加", "R601 direction"),
        ("revenue.churn_rate", SINCE_A_LOW, "解約率は10.7%から3.0%に", "R605 trough"),
        ("revenue.churn_rate", YEAR, "解約率は33%改善", "R606 relative"),
        ("revenue.churn_rate", YEAR, "解約率を3分の2に", "R606 relative"),
        ("revenue.churn_rate", YEAR, "解約率を1.5%改善", "R606 points"),
        ("revenue.churn_rate", YEAR, "Excluding cancelled accounts, churn is 3.0%", "R607 kept"),
        ("revenue.mrr", YEAR, "MRR指数311", "R606 index"),
        ("gmv", YEAR, "Revenue (GMV) of ¥20.4M", "R610 named"),
        ("bookings", YEAR, "売上は受注ベースで610万円", "R610 counted"),
        ("revenue.arr", YEAR, "ARR ¥35.9M", "R610 arr"),
        ("revenue.nrr", YEAR, "NRR 108.2%", "R610 nrr"),
        ("enterprise", YEAR, "Enterprise customers up 300%", "R611 growth"),
        ("satisfied", YEAR, "満足と答えた割合は100%", "R611 share"),
        ("revenue.mrr", TO_NOVEMBER, "MRR ¥3.41M", "R612 said"),
        ("revenue.mrr", YEAR, "MRR has reached ¥3.41M", "R612 said"),
        ("sales", TO_JUNE, "6月の売上は240万円", "R613 old"),
        ("sales", TO_JUNE, "6月の売上は215万円", "R613 unnamed"),
        ("active_users", (date(2026, 9, 1), date(2026, 10, 31)), "MAU 8,700人から9,200人", "R605 few"),
    ],
)
def test_what_inflates_is_refused(kpi: str, window: Window, says: str, case: str) -> None:
    assert case in cases(kpi, window, says)


@pytest.mark.parametrize(
    ("kpi", "window", "says"),
    [
        ("revenue.companies", HALF, "契約社数が倍増(34社→66社)"),
        ("revenue.companies", HALF, "2026年度上期、契約社数は34社から66社へ"),
        ("revenue.companies", HALF, "Q2に46社、Q3に66社"),
        ("revenue.companies", HALF, "契約社数+32社(34→66)"),
        ("revenue.companies", HALF, "4/1〜9/30で契約社数は34社から66社に"),
        ("revenue.companies", HALF, "マイルストーン(60社)を1か月前倒しで達成し66社に"),
        ("revenue.companies", YEAR, "72社←24社"),
        ("revenue.companies", YEAR, "月平均4.4社のペースで純増し72社に"),
        ("revenue.companies", YEAR, "Paying companies by a factor of three, to 72"),
        ("revenue.companies", YEAR, "8 straight months of net growth, to 72 paying companies"),
        ("revenue.companies", YEAR, "累計ではなく、いまの契約社数が72社"),
        ("revenue.mrr", YEAR, "MRRは300万円弱"),
        ("revenue.mrr", YEAR, "MRR 2.99 million yen, from 0.96 million"),
        ("revenue.mrr", YEAR, "¥2.99M MRR (+211% YoY)"),
        ("revenue.mrr", YEAR, "MRR299万円(目標250万円を達成)"),
        ("revenue.mrr", HALF, "9月のMRRは目標の108%"),
        ("revenue.churn_rate", YEAR, "解約率3.0%(66社中2社)"),
        ("revenue.churn_rate", YEAR, "We cut churn by 1.5 points"),
        ("revenue.churn_rate", YEAR, "解約率は直近12か月で3分の2に(4.5%→3.0%)"),
        ("paid_rate", YEAR, "30日以内の有料転換率は21.0%から28.1%へ"),
        ("lead_time", YEAR, "受注までの日数が62日→41日(34%短縮)"),
        ("leads", YEAR, "リード数は400件から640件に。ただし7月の900件をピークに減少しています"),
        ("active_users", YEAR, "MAUは過去最高の9,200人"),
        ("nps", YEAR, "NPSは18→34(+16pt)"),
        ("satisfied", YEAR, "3人中3人が満足と回答(1年前は3人中2人)"),
        ("gmv", HALF, "流通総額は半年で合計1億円に届いた(計101,000,000円)"),
        ("sales", TO_JUNE, "6月の売上は215万円(訂正後)"),
        ("revenue.mrr", TO_NOVEMBER, "11月途中の速報でMRRは341万円"),
    ],
)
def test_what_is_honest_is_told_however_it_is_written(kpi: str, window: Window, says: str) -> None:
    assert cases(kpi, window, says) == []


def test_a_number_of_another_metric_is_held_against_that_metric() -> None:
    assert cases("revenue.churn_rate", YEAR, "解約率は3.0%、LTVは33.6万円") == []
    (problem,) = refused("revenue.churn_rate", YEAR, "解約率は3.0%、サイト訪問数は5万")
    assert (problem.args["case"], problem.args["metric"]) == ("unrecorded", "visits")


def test_every_language_of_a_claim_is_judged() -> None:
    (traction,) = company().traction
    said = said_of("MRRは299万円", "revenue.mrr", *YEAR)
    assert said.says is not None
    both = replace(said, says=replace(said.says, texts={"ja": "MRRは299万円", "en": "MRR is ¥3.5M"}))
    assert [problem.args["case"] for problem in refusals(both, traction, paths(), company())] == ["number"]


def test_a_claim_that_starts_where_the_story_starts_was_not_picked() -> None:
    low = cases("paid_rate", HALF, "18.2% to 27.5%")
    assert low == []
    assert cases("paid_rate", SINCE_A_LOW, "16.0% to 28.1%") == ["R605 trough"]


STORY = """\
company: Hoshizora
sources: {{app: {{type: files, path: data/*.csv}}}}
tables:
  subscriptions: {{from: app.subscriptions, entity: company_id, starts: start_date, ends: end_date, amount: amount}}
metrics:
  revenue: {{recurring: subscriptions}}
milestones: [{{id: m6, by: 2026-09-30, reach: [revenue.mrr >= 1]}}]
traction:
  - audience: investors
    headline: revenue.companies
    supports: [revenue.churn_rate]
    period: {period}
    cadence: {cadence}
    claims:
      - {claim}
"""


@pytest.mark.parametrize(
    ("claim", "code", "case"),
    [
        ("MRR went from ¥1M to ¥2M", "R601", "missing"),
        ("{kpi: revenue.mrr, starts: 2026-04-01, ends: 2026-09-30}", "R601", "missing"),
        ("{says: MRR is 2, kpi: revenue.mrr, starts: 2026-04-01, ends: 2026-04-01}", "R601", "backwards"),
        ("{says: We grow, kpi: revenue.mrr, starts: 2026-04-01, ends: 2026-09-30}", "R601", "wordless"),
        ("{says: 3 to 12 is 5x, kpi: revenue.companies, starts: 2026-04-01, ends: 2026-09-30}", "R601", "arithmetic"),
        ("{says: MRR is 2, kpi: revenue.mrr}", "R602", "unplanned"),
        ("{kpi: revenue.mrr, milestone: [m6]}", "R601", "missing"),
        ("{says: MRR is 2, kpi: revenue.mrr, milestone: m7}", "R602", "unknown"),
        ("{says: 3 companies, kpi: revenue.companies, milestone: m6}", "R602", "elsewhere"),
    ],
)
def test_what_needs_no_record_is_found_without_it(claim: str, code: str, case: str) -> None:
    text = STORY.format(claim=claim, period="12 months", cadence="month")
    assert [each for _, each in found(text, code)] == [case]


@pytest.mark.parametrize(
    ("period", "cadence", "cases"),
    [
        ("12 months", "month", []),
        ("6 months", "month", []),
        ("5 months", "month", ["short"]),
        ("12 months", "year", ["coarse"]),
    ],
)
def test_the_report_has_half_a_year_and_three_points(period: str, cadence: str, cases: list[str]) -> None:
    claim = "{says: MRR is 2, kpi: revenue.mrr, starts: 2026-04-01, ends: 2026-09-30, milestone: m6}"
    text = STORY.format(claim=claim, period=period, cadence=cadence)
    assert [each for _, each in found(text, "R605")] == cases


def test_a_claim_of_a_metric_that_is_not_defined_is_left_to_the_rule_on_names() -> None:
    text = STORY.format(claim="{says: x is 2, kpi: nowhere}", period="12 months", cadence="month")
    assert [each for _, each in found(text, "R601")] == ["missing"]


def test_check_with_data_judges_by_the_record(tmp_path: Path) -> None:
    told = {"kind": "told", "subject": "investors", "data": {"metrics": ["revenue.companies", "revenue.mrr"]}}
    claim = "{says: MRR is 2, kpi: revenue.mrr, starts: 2026-04-01, ends: 2026-09-30, milestone: m6}"
    files = {
        "data/subscriptions.csv": "company_id,start_date,end_date,amount\nc1,2026-01-01,,1000\n",
        "record.json": json.dumps([told]),
    }
    text = "currency: JPY\n" + STORY.format(claim=claim, period="12 months", cadence="month")
    problems = [problem for problem in check_folder(tmp_path, text, files) if problem.code[0] == "R"]
    assert sorted((problem.code, problem.args["case"]) for problem in problems) == [
        ("R601", "unrecorded"),
        ("R608", "dropped"),
    ]
